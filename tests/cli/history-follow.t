#!/bin/sh
# history-follow: every change, in order, from where the reader has come to.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

cat >first.ndjson <<'EOF2'
{"type":"order","order_no":"A-1","source":"site","placed_at":"2026-03-01T09:00:00Z","customer_name":"Алеся","phone":"+375291111111","items":[{"sku":"S","name":"Soap \"fine\"","quantity":1,"price":10}]}
EOF2
cat >second.ndjson <<'EOF2'
{"type":"order","order_no":"A-1","source":"site","items":[{"sku":"S","name":"Soap \"fine\"","quantity":2,"price":10}]}
{"type":"order","order_no":"A-2","source":"site","placed_at":"2026-03-01T10:00:00Z","items":[]}
EOF2

shop
# What a new shop begins with grows; here changes are numbered from 101.
sql "DROP TRIGGER history_no_delete; DELETE FROM history;
    INSERT INTO history (id, at, recorded_at, run_id, actor, entity, entity_id,
    field) VALUES (100, 0, 0, 1, 'x', 'setting', 0, 'f')"
expect 0 order-import --as anna first.ndjson
sql 'DELETE FROM history WHERE id = 100'
expect 0 order-import --backfill --as site second.ndjson
expect 0 order-status --as anna --set client-confirmed A-1
dump >before

# The forms.
expect 0 history-follow --after 100 --entity order
same 'a table for people' out <<'EOF2'
 id  at                command       actor  entity  order_no  item_id  field   old                                                           new
101  2026-03-01 12:00  order-import  anna   order   A-1                status                                                                new
102  2026-03-02 12:00  order-import  site   order   A-1             1  item    sku=S; name=Soap "fine"; quantity=1; price=10; discount=0.00  sku=S; name=Soap "fine"; quantity=2; price=10; discount=0.00
103  2026-03-01 13:00  order-import  site   order   A-2                status                                                                new
104  2026-03-02 12:00  order-status  anna   order   A-1                status  new                                                           client-confirmed
EOF2
expect 0 history-follow --json --after 101
same 'records, and a cursor behind them' out <<'EOF2'
{"type":"change","id":102,"at":"2026-03-02T09:00:00Z","recorded_at":"2026-03-02T09:00:00Z","run_id":3,"command":"order-import","backfill":true,"actor":"site","entity":"order","entity_id":1,"order_no":"A-1","item_id":1,"field":"item","old":"sku=S; name=Soap \"fine\"; quantity=1; price=10; discount=0.00","new":"sku=S; name=Soap \"fine\"; quantity=2; price=10; discount=0.00"}
{"type":"change","id":103,"at":"2026-03-01T10:00:00Z","recorded_at":"2026-03-02T09:00:00Z","run_id":3,"command":"order-import","backfill":true,"actor":"site","entity":"order","entity_id":2,"order_no":"A-2","item_id":null,"field":"status","old":null,"new":"new"}
{"type":"change","id":104,"at":"2026-03-02T09:00:00Z","recorded_at":"2026-03-02T09:00:00Z","run_id":4,"command":"order-status","backfill":false,"actor":"anna","entity":"order","entity_id":1,"order_no":"A-1","item_id":null,"field":"status","old":"new","new":"client-confirmed"}
{"type":"cursor","source":"history","value":"104"}
EOF2
expect 0 history-follow --tsv --after 103
same 'tab-separated values' out <<'EOF2'
id	at	recorded_at	run_id	command	backfill	actor	entity	entity_id	order_no	item_id	field	old	new
104	2026-03-02T09:00:00Z	2026-03-02T09:00:00Z	4	order-status	false	anna	order	1	A-1		status	new	client-confirmed
EOF2
expect 0 history-follow --json --after last
same 'the end' out <<'EOF2'
{"type":"cursor","source":"history","value":"104"}
EOF2
expect 0 history-follow --json
sql "SELECT json_object('type', 'change', 'id', h.id,
	'at', strftime('%Y-%m-%dT%H:%M:%SZ', h.at, 'unixepoch'),
	'recorded_at', strftime('%Y-%m-%dT%H:%M:%SZ', h.recorded_at, 'unixepoch'),
	'run_id', run_id, 'command', command,
	'backfill', json(iif(backfill, 'true', 'false')), 'actor', h.actor,
	'entity', entity, 'entity_id', entity_id, 'order_no', order_no,
	'item_id', item_id, 'field', field, 'old', old, 'new', new)
    FROM history h JOIN run r ON r.id = h.run_id
    LEFT JOIN orders o ON o.id = h.entity_id AND entity = 'order'
    ORDER BY h.id" >want
printf '{"type":"cursor","source":"history","value":"104"}\n' >>want
same 'the whole history as sqlite3 tells it' out <want

# Choosing; the cursor goes past what is left out.
expect 0 history-follow --json --field status --entity order --after 101
cut -d , -f 1,2 out >shown
same 'a field' shown <<'EOF2'
{"type":"change","id":103
{"type":"change","id":104
{"type":"cursor","source":"history"
EOF2
expect 0 history-follow --json --field item --field nothing --after 100
cut -d , -f 1,2 out >shown
same 'one of two' shown <<'EOF2'
{"type":"change","id":102
{"type":"cursor","source":"history"
EOF2
tail -n 1 out >shown
same 'as far as there is anything' shown <<'EOF2'
{"type":"cursor","source":"history","value":"104"}
EOF2
dump | diff before - >difference
ok 'reading changes nothing' $?

# A named cursor moves when the reader says so, and only then.
expect 0 history-follow --json --cursor index
[ "$(wc -l <out)" -eq 5 ]
ok 'a new name begins at the beginning' $?
expect 0 history-follow --json --cursor index
[ "$(wc -l <out)" -eq 5 ]
ok 'reading does not move it' $?
expect 0 history-follow -n --cursor index --ack 102
same 'a dry run says what would be' err <<'EOF2'
history-follow: 'index' would be after change 102, is after 0
EOF2
dump | diff before - >difference
ok 'and changes nothing' $?
expect 0 history-follow --cursor index --ack 102
same 'an acknowledgement is silent' err </dev/null
expect 0 history-follow --cursor index --ack 102
expect 0 history-follow --json --cursor index
cut -d , -f 1-3 out | cut -c 1-50 >shown
same 'and reading goes on there' shown <<'EOF2'
{"type":"change","id":103,"at":"2026-03-01T10:00:0
{"type":"change","id":104,"at":"2026-03-02T09:00:0
{"type":"cursor","source":"index","value":"104"}
EOF2
expect 1 history-follow --cursor index --ack 101
same 'it does not go back' err <<'EOF2'
history-follow: 'index' has dealt with change 102 already; --after reads again
EOF2
expect 1 history-follow --cursor index --ack 105
same 'nor ahead of what there is' err <<'EOF2'
history-follow: option '--ack': there is no change 105 yet, the last one is 104
EOF2
expect 0 history-follow --cursor other --ack last
sql 'SELECT name, history_id, at FROM follower' >out
same 'names do not disturb each other' out <<'EOF2'
index 102 1772442000
other 104 1772442000
EOF2
expect 0 history-follow -n --cursor other --forget
same 'forgetting, dry' err <<'EOF2'
history-follow: 'other' would be forgotten
EOF2
expect 0 history-follow --cursor other --forget
expect 1 history-follow --cursor other --forget
contains 'there is none any more' err "there is no cursor 'other'"
sql 'SELECT count(*) FROM follower' >out
same 'the other one stays' out <<'EOF2'
1
EOF2

# What has gone or was erased.
expect 0 crm-undo 3
sql "UPDATE history SET old = '(erased)' WHERE id = 102"
expect 0 history-follow --json --after 101 --entity order
sed -n 's/.*"id":\([0-9]*\),.*"order_no":\([^,]*\),.*"field":"\([a-z]*\)","old":\([^,]*\),.*/\1 \2 \3 \4/p' out >shown
same 'an order that has gone has no number, an erased value none' shown <<'EOF2'
102 "A-1" item "(erased)"
103 null status null
104 "A-1" status "new"
105 "A-1" item "sku=S; name=Soap \"fine\"; quantity=2; price=10; discount=0.00"
106 null removed "A-2"
EOF2

# An older copy of the database was put back.
expect 0 history-follow --cursor index --ack last
sql 'DELETE FROM history WHERE id > 104'
expect 1 history-follow --json --cursor index
same 'a reader that knows more than the shop' err <<'EOF2'
history-follow: change 106 is no more, the last one is 104; was an older copy of the database put back?
EOF2
same 'is told nothing' out </dev/null

# Pages are bounded: one of large values is shorter, and nothing is lost.
sql "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
    INSERT INTO history (at, recorded_at, run_id, actor, entity, entity_id, field, new)
    SELECT i, i, 1, 'x', 'setting', 0, 'f', printf('%.*c', iif(i % 100, 10, 300000), 'x') FROM n"
expect 0 history-follow --json --after 104
[ "$(wc -l <out)" -eq 2501 ] && [ "$(sort -u out | wc -l)" -eq 2501 ]
ok 'two and a half thousand changes, some large' $?

# Wrong usage.
expect 2 history-follow 1
expect 2 history-follow --ack 1
expect 2 history-follow --forget
expect 2 history-follow --cursor x --ack 1 --forget
expect 2 history-follow --cursor x --after 1
expect 2 history-follow --cursor x --ack 1 --follow
expect 2 history-follow --cursor x --ack one
expect 2 history-follow --cursor x --ack -1
expect 2 history-follow --after ''
expect 2 history-follow --after 99999999999999999999
expect 2 history-follow --entity parcle
expect 2 history-follow -n
for name in '' a/b ../x 'a b' "$(printf %041d 0)"; do
	expect 2 history-follow --cursor "$name"
	contains "no name: $name" err 'is no name of a cursor'
done
expect 1 history-follow --db missing.db
history-follow >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?
contains 'and says so' err 'No space left on device'
done_testing
