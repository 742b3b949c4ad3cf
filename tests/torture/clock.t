#!/bin/sh
# A clock that jumps, between runs and during one: nothing fails or waits, the
# history keeps the order in which things were done, and the state is what was
# done last.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
jumps=10
[ -z "$long" ] || jumps=200

cat >order.ndjson <<'END'
{"type":"order","order_no":"C-1","source":"c","placed_at":"2026-01-01T10:00:00Z","items":[{"name":"x","quantity":1,"price":1}]}
END
shop
expect 0 order-import order.ndjson

# Between runs: to moments of 2026 to 2029, in no order. What happens to an
# order happens after what happened to it before, and is learned at the clock's
# time.
awk -v seed="$seed" -v n="$jumps" 'BEGIN {
	srand(seed % 1000000007)
	for (i = 0; i < n; i++)
		print 1767225600 + int(rand() * 1e8)
}' >moments
status=new latest=0
while read -r moment; do
	CRM_NOW=$moment
	case $status in
	new)	status=client-confirmed ;;
	*)	status=new ;;
	esac
	to=$status
	run order-status -q --force --set "$to" C-1
	[ "$status" -eq 0 ]
	must "at $moment: moved" $?
	status=$to
	sql "SELECT h.new, o.status, o.status_at, h.at, h.recorded_at
	    FROM orders o JOIN history h ON h.id = (SELECT max(id) FROM history
	    WHERE entity = 'order' AND field = 'status')" >out
	[ "$moment" -lt "$latest" ] || latest=$moment
	echo "$to $to $latest $latest $moment" >expected
	cmp -s expected out
	must "at $moment: it is the last thing that happened" $?
	for reader in 'order-show C-1' 'order-show --json C-1' \
	    'order-list --json status_at=..now' 'order-status --counts' \
	    "order-list --as-of 2027-06-01" 'rfm --json' 'crm-undo --list'; do
		# shellcheck disable=SC2086	# a command and its operands
		run $reader
		[ "$status" -eq 0 ]
		must "at $moment: $reader" $?
		[ "$status" -eq 0 ] || note err
	done
	status=$to
	whole "at $moment"
done <moments
CRM_NOW=2026-03-02T09:00:00Z
all "$jumps jumps"
sql "SELECT count(*) FROM history h JOIN history g ON g.id = (SELECT max(id)
    FROM history WHERE id < h.id AND field = 'status') WHERE h.field = 'status'
    AND h.old IS NOT g.new" >out
same 'each change begins where the one before it ended' out <<'END'
0
END

# Undone in the order in which it was done, whatever the clock said.
while read -r run; do
	run crm-undo -q "$run"
	[ "$status" -eq 0 ]
	must "run $run is taken back" $?
	[ "$status" -eq 0 ] || note err
done <<END
$(sql "SELECT id FROM run WHERE command = 'order-status' ORDER BY id DESC")
END
all 'all is taken back, the last first'
[ "$(sql 'SELECT status FROM orders')" = new ]
ok 'and the order stands as it came' $?

# During a run: a day back, ten years on.
if ! command -v faketime >/dev/null; then
	skip 'jumps during a run' 'faketime is not installed'
	done_testing
fi
orders 50 source=f >orders.ndjson
mkfifo pipe
echo '2026-03-05 10:00:00' >clock
unset CRM_NOW
FAKETIME_TIMESTAMP_FILE=$work/clock FAKETIME_NO_CACHE=1 \
    FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD=$(faketime -f '+0' \
    printenv LD_PRELOAD) order-import -q <pipe >out 2>err &
import=$!
exec 3>pipe
for moment in '2026-03-04 10:00:00' '2036-03-05 10:00:00' '2026-03-05 10:00:01'; do
	head -n 20 orders.ndjson >&3
	sed -i 1,20d orders.ndjson
	sleep 0.1
	echo "$moment" >clock
done
exec 3>&-
wait "$import"
status=$?
[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
ok 'an import goes on whatever the clock does' $?
sql "SELECT ended_at IS NOT NULL, date(started_at, 'unixepoch') FROM run
    WHERE command = 'order-import' ORDER BY id DESC LIMIT 1" >out
same 'it began when it began, and has an end' out <<'END'
1 2026-03-05
END
sql "SELECT count(DISTINCT recorded_at) FROM history WHERE run_id = (SELECT
    max(id) FROM run)" >out
same 'and is one moment in the history' out <<'END'
1
END
whole 'after the jumps'
all 'the database is whole'
done_testing
