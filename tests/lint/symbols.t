#!/bin/sh
# Every external symbol of lib/LAYER/NAME.o begins with NAME_ (or is NAME). The
# parts of a module, NAME_part.o, may use NAME_ too.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
for o in "$build"/lib/*/*.o; do
	m=$(basename "$o" .o)
	case $o in
	*/cli/main.o|*/cli/say.o) m=cli_$m ;;	# what cli.h declares
	esac
	bad=$(nm -g --defined-only "$o" | awk -v m="$m" '
		BEGIN { short = m; sub(/_.*/, "", short); own = m; sub(/^cli_/, "", own) }
		$3 ~ /^__/ || $3 == "main" { next }	# the sanitizers; main.o
		index($3, m "_") != 1 && index($3, short "_") != 1 &&
		    index($3, own "_") != 1 && $3 != m { print $3 }')
	empty "${o#"$build"/} defines only its own names" "$bad"
done
# What no header declares is static.
cd "$top" || exit 1
bad=$(nm -g --defined-only "$build"/lib/*/*.o | awk '
	NF == 3 && $3 !~ /^__/ && $3 != "main" { print $3 }' | sort -u |
    while read -r symbol; do
	grep -qw "$symbol" lib/*/*.h || echo "$symbol"
    done)
empty 'every external name stands in a header' "$bad"
done_testing
