#!/bin/sh
# A letter means the same option in every command, an option takes the same
# kind of argument, and crm-options(7) lists just the letters in use.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

for source in "$top"/cmd/*.c; do
	[ -e "$source" ] || continue
	cmd=$(basename "$source" .c)
	"$cmd" --crm-options | sed "s/^/$cmd	/"
done >all	# command, letter, name, argument, completion, help

empty 'one letter, one name' "$(awk -F'\t' '
	$2 == "" { next }
	!($2 in name) { name[$2] = $3; first[$2] = $1 }
	name[$2] != $3 { print "-" $2 ": --" name[$2], "in", first[$2] ", --" $3, "in", $1 }
	' all)"
empty 'one name, one letter' "$(awk -F'\t' '
	!($3 in letter) { letter[$3] = $2; first[$3] = $1 }
	letter[$3] != $2 { print "--" $3 ": -" letter[$3], "in", first[$3] ", -" $2, "in", $1 }
	' all)"
empty 'no option twice in a command' "$(awk -F'\t' '
	seen[$1, $3]++ { print $1 ": --" $3 }
	$2 != "" && seen[$1, "-" $2]++ { print $1 ": -" $2 }' all)"
empty 'an option takes an argument everywhere or nowhere' "$(awk -F'\t' '
	!($3 in arg) { arg[$3] = ($4 != ""); first[$3] = $1 }
	arg[$3] != ($4 != "") { print "--" $3, "in", first[$3], "and", $1 }' all)"
empty 'names in lower case, explanations without capital and full stop' "$(awk -F'\t' '
	$3 !~ /^[a-z0-9][a-z0-9-]*$/ || $6 ~ /^[A-Z][a-z]|\.$/ || $6 == "" {
		print $1 ": --" $3 ": " $6 }' all)"
for letter in h:help q:quiet v:verbose V:version c:config d:db; do
	empty "every command has -${letter%%:*}, --${letter##*:}" "$(
	    awk -F'\t' -v l="${letter%%:*}" -v n="${letter##*:}" '
		{ all[$1] }
		$2 == l && $3 == n { has[$1] }
		END { for (c in all) if (!(c in has)) print c }' all)"
done

if [ -s all ]; then
	awk -F'\t' '$2 != "" { print $2, $3 }' all | LC_ALL=C sort -u >used
	listed_options "$top/man/crm-options.7" | awk '{ print $1, $2 }' |
	    LC_ALL=C sort >listed
	same 'crm-options(7) lists the letters in use' listed <used
fi
done_testing
