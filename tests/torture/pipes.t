#!/bin/sh
# Pipes that break at either end, at any byte: what is cut is refused and never
# taken by half, and what was done is done though nobody hears of it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cuts=20
[ -z "$long" ] || cuts=400

orders 100 >orders.ndjson
shop
base
expect 3 order-import -q orders.ndjson
sql 'SELECT * FROM v_orders; SELECT * FROM v_items; SELECT * FROM note' >want

# The writer dies: a whole line is taken, a piece of one is kept as a reject.
size=$(wc -c <orders.ndjson)
for cut in $(draw cuts "$cuts" "$size"); do
	restore
	head -c "$cut" orders.ndjson >cut.ndjson
	order-import -q --report --json <cut.ndjson >out 2>err
	status=$?
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	must "cut at $cut: exit $status" $?
	whole "cut at $cut"
	tail -n 1 cut.ndjson >last
	if ! grep -qxFf last orders.ndjson; then	# not the end of a line
		tail -n 1 out >last
		grep -q '"outcome":"rejected"' last
		must "cut at $cut: the piece is refused" $?
	fi
	run order-import -q orders.ndjson
	sql 'SELECT * FROM v_orders; SELECT * FROM v_items;
	    SELECT * FROM note' | cmp -s - want
	must "cut at $cut: the whole file completes it" $?
done
all "$cuts cuts"

# The reader dies after so many lines: all is committed.
for after in 0 1 $(draw readers 5 100); do
	restore
	{ order-import -q --report --json orders.ndjson 2>err; echo $? >status; } |
	    head -n "$after" >/dev/null
	status=$(cat status)
	case $status in
	1|3)	;;
	*)	must "the reader left after $after: exit $status" 1 ;;
	esac
	sql 'SELECT * FROM v_orders; SELECT * FROM v_items;
	    SELECT * FROM note' | cmp -s - want
	must "the reader left after $after: all is committed" $?
	whole "the reader left after $after"
	order-list --tsv --no-header --columns order_no >numbers
	{ order-status --set client-confirmed --force --json <numbers 2>err
		echo $? >status; } | head -n "$after" >/dev/null
	[ "$(sql "SELECT count(*) FROM orders
	    WHERE status <> 'client-confirmed'")" -eq 0 ]
	must "the reader left after $after: all are moved" $?
done
all 'readers that leave'

# A reader that only looks dies quietly.
for command in 'order-list --json' 'order-list --tsv' 'order-list' \
    'order-show --json' 'crm-undo --list --json' 'rfm --json'; do
	case $command in
	*show*)	set -- k-1 ;;
	*)	set -- ;;
	esac
	# shellcheck disable=SC2086	# a command and its options
	{ $command "$@" 2>err; echo $? >status; } | :
	status=$(cat status)
	[ "$status" -eq 141 ] || [ "$status" -eq 0 ]
	must "$command with nobody to read: exit $status" $?
	[ ! -s err ]
	must "$command with nobody to read: silence" $?
done
all 'they are quiet'
done_testing
