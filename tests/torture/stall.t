#!/bin/sh
# A reader that stalls, and a writer that does, stand in nobody's way; and the
# log of the database is gone when they are.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
changes=15
[ -z "$long" ] || changes=150
wal() { stat -c %s t.db-wal 2>/dev/null || echo 0; }

shop
orders 2000 >orders.ndjson
orders 2000 source=w >others.ndjson
expect 3 order-import -q orders.ndjson

# Who reads nothing of a long list.
mkfifo pipe
order-list --json >pipe 2>list.err &
list=$!
exec 3<pipe
read -r first <&3
[ -n "$first" ]
ok 'a list is being read' $?
numbers=$(sql 'SELECT order_no FROM orders ORDER BY id LIMIT 5')
before=$(wal)
for i in $(seq "$changes"); do
	# shellcheck disable=SC2086	# a list of numbers
	timeout 10 order-status -q --force --set client-confirmed $numbers &&
	    timeout 10 order-status -q --force --set new $numbers
	must "change $i beside a reader that stalls" $?
done
all 'changes beside a reader that stalls'
echo "# the log grew by $((($(wal) - before) / changes / 2)) bytes a change"
before=$(wal)
timeout 60 order-import -q others.ndjson >out 2>err
[ $? -eq 3 ]
ok 'an import beside it' $?
echo "# the log grew by $((($(wal) - before) / 1024)) KiB by 2,000 orders"
kill -0 "$list"
ok 'the list has still not ended' $?
cat <&3 >rest
exec 3<&-
wait "$list"
ok 'when its reader goes on it ends well' $?
{ printf '%s\n' "$first"; cat rest; } | awk '!/^\{"type":"order",.*\}$/ { bad = 1 } END { exit bad }'
ok 'with whole records' $?
order-status -q --force --set client-confirmed k-1 >out 2>err
[ "$(wal)" -eq 0 ]
ok 'the next change leaves no log' $?

# Who writes nothing more.
{ head -n 10 others.ndjson; head -c 100 orders.ndjson; } >start
order-import -q <pipe >out 2>import.err &
import=$!
exec 3>pipe
cat start >&3
sleep 0.3
for i in $(seq "$changes"); do
	# shellcheck disable=SC2086	# a list of numbers
	timeout 10 order-status -q --force --set client-confirmed $numbers &&
	    timeout 10 order-status -q --force --set new $numbers
	must "change $i beside a writer that stalls" $?
done
all 'changes beside a writer that stalls'
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
same 'the log can be emptied meanwhile' out <<'END'
0 0 0
END
exec 3>&-
wait "$import"
[ $? -eq 3 ]
ok 'the import ends, and refuses the piece' $?
whole 'after the stalls'
all 'the database is whole'
done_testing
