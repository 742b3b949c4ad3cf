#!/bin/sh
# Input that does not end, nests or spreads without bounds takes no memory to
# speak of, is refused in a line, and what follows it is taken.
# shellcheck disable=SC2317	# fed() calls
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
limit=102400	# KiB
bytes=$((1 << 28))
[ -z "$long" ] || bytes=$((3 << 30))

good='{"type":"order","order_no":"G-%s","source":"g","placed_at":"2026-03-01T10:00:00Z","items":[]}\n'
# shellcheck disable=SC2059	# the order is a format
good() { printf "$good" "$1"; }
shop

# fed TITLE GENERATOR OPTION... - what a generator writes, by a pipe; leaves
# err and $status.
fed() {
	title=$1 generator=$2
	shift 2
	rm -f pipe
	mkfifo pipe
	order-import -q "$@" <pipe >out 2>err &
	import=$!
	exec 3>pipe
	"$generator" >&3
	sleep 0.1	# it has read, and waits for the rest
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$import/status" >peak
	exec 3>&-
	wait "$import"
	status=$?
	[ "$(cat peak)" -gt 0 ] && [ "$(cat peak)" -le "$limit" ]
	ok "$title: $(cat peak) KiB at most" $?
	[ "$status" -eq 3 ]
	ok "$title: exit $status" $?
	[ "$(wc -l <err)" -le 3 ]
	ok "$title: in a line or two" $?
	[ "$(wc -c <err)" -le 2000 ]
	ok "$title: short ones" $?
	whole "$title"
}
taken() {	# taken NUMBER
	[ "$(sql "SELECT count(*) FROM orders WHERE order_no = 'G-$1'")" -eq 1 ]
	ok "$title: what follows is taken" $?
}

zeros() { head -c "$bytes" /dev/zero | tr '\0' x; }
line() { good 1; zeros; echo; good 2; }
text() { good 3; printf '{"type":"order","order_no":"'; zeros; echo '"}'; good 4; }
nest() {
	good 5
	for bracket in '[' '{"a":'; do
		printf '{"type":"order","order_no":"N","items":'
		yes "$bracket" | head -n 2000000 | tr -d '\n'
		echo
	done
	good 6
}
members() {	# each new, in one object of a line that is not too long
	good 7
	awk 'BEGIN {
		printf "{\"type\":\"order\",\"order_no\":\"M\""
		for (i = 0; i < 700000; i++)
			printf ",\"a%d\":1", i
		print "}"
	}'
	good 8
}
head_line='order_no,placed_at,item_name,item_quantity,item_price'
cell() {
	echo "$head_line"
	echo 'G-9,2026-03-01,x,1,1'
	printf 'G-10,2026-03-01,"'
	zeros
	printf '",1,1\n'
	echo 'G-11,2026-03-01,x,1,1'
}
row() {
	echo "$head_line"
	printf 'G-12,2026-03-01,x,1,1'
	head -c "$bytes" /dev/zero | tr '\0' ,
	echo
	echo 'G-13,2026-03-01,x,1,1'
}
columns() {
	printf %s "$head_line"
	head -c "$bytes" /dev/zero | tr '\0' ,
	echo
}
lines() { good 14; head -c "$bytes" /dev/zero | tr '\0' '\n'; good 15; printf '{'; }

fed 'a line without end' line
taken 2
fed 'a text without end' text
taken 4
fed 'nesting without end' nest
taken 6
fed 'members without end' members
taken 8
fed 'a cell without end' cell
[ "$(sql "SELECT count(*) FROM orders WHERE order_no = 'G-9'")" -eq 1 ]
ok "$title: what came before is taken" $?
fed 'a row without end' row
taken 13
fed 'columns without end' columns
fed 'empty lines without end' lines
taken 15
all 'the database is whole after each'

# Into a command that acts on orders.
line | order-status --set client-confirmed --force >out 2>err
[ $? -eq 3 ]
ok 'a line without end is no order number' $?
[ "$(wc -c <err)" -le 3000 ]
ok 'said in few words' $?
done_testing
