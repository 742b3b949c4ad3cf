#!/bin/sh
# The manual page, --help and the option table say the same.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
command -v mandoc >/dev/null || { echo '1..0 # SKIP mandoc not installed'; exit 0; }

for page in "$top"/man/*.[1-8]; do
	[ -e "$page" ] || continue
	mandoc -T lint -W warning "$page" >messages
	ok "$(basename "$page") is clean mdoc" $?
	note messages
done
bad=$(sed -n 's/^\.Xr \([^ ]*\) \([1-8]\).*/\1.\2/p' "$top"/man/*.[1-8] | sort -u |
    while read -r page; do
	case $page in
	crm*|*-*) [ -e "$top/man/$page" ] || echo "$page" ;;
	esac
    done)
empty 'pages of ours that are referred to exist' "$bad"

for source in "$top"/cmd/*.c; do
	[ -e "$source" ] || continue
	cmd=$(basename "$source" .c)
	page=$top/man/$cmd.1
	[ -e "$page" ]
	ok "$cmd has a manual page" $?
	[ -e "$page" ] || continue

	"$cmd" --crm-options | awk -F'\t' '{ print $1, $2, $3 }' | sort >table
	listed_options "$page" | sort >listed
	same "$cmd.1 lists the options of the table" listed <table

	"$cmd" --help | awk '
		/^usage: / { on = 1; sub(/^usage: /, "") }
		/^$/ { exit }
		on' | tr -s ' \n' '  ' | sed 's/ $//' >help
	mandoc -T ascii -O width=200 "$page" | sed "s/.$(printf '\b')//g" | awk '
		/^SYNOPSIS/ { on = 1; next }
		/^[A-Z]/ { on = 0 }
		on' | tr -s ' \n' '  ' | sed 's/^ //; s/ $//' >synopsis
	same "$cmd.1 SYNOPSIS is the usage lines" synopsis <help

	"$cmd" --help | grep -qxF "$(sed -n 's/^\.Nd //p' "$page")"
	ok "$cmd.1 describes $cmd by its summary" $?
	awk '{ if (length($0) > 80) print }' <<-TEXT >long
	$("$cmd" --help)
	TEXT
	empty "$cmd --help fits 80 columns" "$(cat long)"
done
done_testing
