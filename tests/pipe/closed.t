#!/bin/sh
# A standard stream that is closed or full: never a harm to the database, never
# a success that is none.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

shop
cat >orders.ndjson <<'END'
{"type":"order","order_no":"A-1","source":"s","status":"new","placed_at":"2026-03-01T10:00:00Z","phone":"+375291112233","items":[{"name":"x","quantity":1,"price":5}]}
{"type":"order","order_no":"A-2","source":"s","status":"complete","placed_at":"2026-02-01T10:00:00Z","phone":"+375291112233","items":[{"name":"x","quantity":1,"price":5}]}
END
expect 0 order-import orders.ndjson
dump >before

# Each command that reads, as it is typed.
while read -r line; do
	sh -c "$line" >/dev/full 2>err </dev/null
	[ $? -eq 1 ]
	ok "on a full disk $line fails" $?
	contains "and says why: $line" err 'No space left on device'
	sh -c "$line" >&- 2>err </dev/null
	ok "with nobody to listen it is no trouble: $line" $?
	same "and nothing is said: $line" err </dev/null
	sh -c "$line" >/dev/null 2>&- <&-
	ok "nor without the other streams: $line" $?
done <<'END'
order-list
order-list --json
order-list --tsv --columns order_no,total
order-list --sum
order-list --count-by status
order-show A-1
order-show --json A-1 A-2
order-status A-1
order-status --json A-1
order-status --counts
crm-config
crm-reference status
crm-undo --list
crm-undo --list --json
crm-status
crm-status --json
history-follow
history-follow --json
rfm
rfm --json
order-import --dry-run --report --json orders.ndjson
order-status --dry-run --json --set client-confirmed A-1
END
dump | diff before - >difference
ok 'the database has not changed by a byte' $?
note difference

# What was changed stays changed, and a report that got lost is a failure.
order-status --set client-confirmed --json A-1 >/dev/full 2>err
[ $? -eq 1 ]
ok 'a move that cannot be told of fails' $?
contains 'says why' err 'No space left on device'
order-list status=client-confirmed --columns order_no --tsv --no-header >out
same 'and stands' out <<'END'
A-1
END
cat >more.ndjson <<'END'
{"type":"order","order_no":"A-3","source":"s","placed_at":"2026-03-01T10:00:00Z","items":[]}
{"type":"order","order_no":"A-4","source":"s","status":"nonsense","placed_at":"2026-03-01T10:00:00Z","items":[]}
{"type":"order","order_no":"A-5","source":"s","placed_at":"2026-03-01T10:00:00Z","items":[]}
END
awk '{ for (i = 0; i < 50; i++) { s = $0; sub(/A-[0-9]/, "&" i, s); print s } }' \
    more.ndjson >many.ndjson
order-import -q --report --json many.ndjson >/dev/full 2>err
[ $? -eq 1 ]
ok 'an import that cannot be told of fails' $?
tail -n 1 err >why
contains 'says why' why 'No space left on device'
[ "$(sqlite3 "$CRM_DB" 'SELECT count(*) FROM orders')" -eq 102 ]
ok 'and all of it stands' $?
awk 'BEGIN { print "sku,name,price"
    for (i = 1; i <= 300; i++) print "S-" i ",Soap " i "," (i % 3 ? i : "free") }' >prices.csv
catalog-import -q --report --json prices.csv >/dev/full 2>err
[ $? -eq 1 ]
ok 'so does a catalogue' $?
tail -n 1 err >why
contains 'and says why' why 'No space left on device'
sqlite3 "$CRM_DB" "SELECT count(*) FROM offer WHERE sku LIKE 'S-%';
    SELECT count(*) FROM reject WHERE entity = 'offer';
    SELECT summary FROM run ORDER BY id DESC LIMIT 1" >out
same 'all of it is taken or refused' out <<'END'
200
100
200 new, 0 changed, 0 same, 100 rejected
END
order-status --set assembling A-1 <&- >&- 2>&-
ok 'a move needs no streams' $?
order-import <&- >&- 2>&-
ok 'an import without any has nothing to do' $?
sqlite3 "$CRM_DB" 'PRAGMA integrity_check' >out
same 'the file is sound' out <<'END'
ok
END

# What would take the place of a device is refused.
expect 1 order-import --rejects /dev/full orders.ndjson
contains 'a device is no file of rejects' err '/dev/full: not a regular file'
done_testing
