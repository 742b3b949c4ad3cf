#!/bin/sh
# crm-check: whatever is broken in a good database is found and named, by the
# check that promises it and no other; what can be mended is; what lives is whole.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

export CRM_DB="$work/t.db"

# A shop with a bit of everything that can happen to an order.
printf 'entity\tcode\tname\ttype\tdictionary\norder\tgift\tGift\tboolean\t\norder\tcard\tCard\tdictionary\tcards\norder\tboxes\tBoxes\tinteger\t\n' >custom_field.tsv
printf 'dictionary\tcode\tname\ncards\tred\tRed\n' >custom_dictionary.tsv
cat >first.ndjson <<'END'
{"type":"order","order_no":"A-1","source":"site","placed_at":"2026-03-01T09:00:00Z","customer_name":"Анна Ёлкина","phone":"+375291111111","email":"Anna@Example.com","delivery_type":"courier","delivery_from":"9:00","items":[{"sku":"S","name":"Soap","quantity":1,"price":10,"purchase_price":4},{"sku":"T","name":"Tea","quantity":2.5,"price":3.5,"discount":1}],"charges":[{"kind":"delivery","amount":5},{"kind":"discount","amount":-2}],"payments":[{"type":"cash","status":"paid","amount":20}],"refunds":[{"amount":1,"refunded_at":"2026-03-01T12:00:00Z"}],"custom":{"gift":"yes","card":"red","boxes":3},"notes":[{"at":"2026-03-01T09:10:00Z","text":"call back"}]}
{"type":"order","order_no":"A-2","source":"site","placed_at":"2026-03-01T10:00:00Z","source_updated_at":"2026-03-01T10:00:00Z","status":"new","customer_external_id":"c2","customer_name":"Boris","phone":"+375292222222","items":[{"sku":"S","name":"Soap","quantity":1,"price":10}]}
{"type":"order","order_no":"A-3","source":"site","placed_at":"2026-03-01T10:10:00Z","status":"nonsense","items":[]}
{"type":"order","order_no":"A-4","source":"site","placed_at":"2026-03-01T11:00:00Z","items":[{"name":"By hand","quantity":1,"price":7}]}
END
cat >phone.ndjson <<'END'
{"type":"order","order_no":"T-1","source":"phone","placed_at":"2026-03-01T10:05:00Z","phone":"+375292222222","items":[{"sku":"S","name":"Soap","quantity":1,"price":10}]}
END
cat >again.ndjson <<'END'
{"type":"order","order_no":"A-1","source":"site","delivery_type":null,"phone":"+375293333333","items":[{"sku":"S","name":"Soap","quantity":3,"price":11},{"sku":"C","name":"Cup","quantity":1,"price":8}],"charges":[],"custom":{"gift":null}}
{"type":"order","order_no":"A-2","source":"site","source_updated_at":"2026-03-01T12:00:00Z","status":"complete"}
{"type":"order","order_no":"B-1","source":"site","placed_at":"2026-03-02T08:00:00Z","items":[{"sku":"C","name":"Cup","quantity":1,"price":8}]}
END
cat >past.ndjson <<'END'
{"type":"order","order_no":"O-1","source":"old","placed_at":"2025-01-01T10:00:00Z","status":"complete","items":[{"sku":"S","name":"Soap","quantity":1,"price":9}],"history":[{"at":"2025-01-01T10:00:00Z","field":"status","new":"new"},{"at":"2025-01-01T11:00:00Z","field":"manager","new":"zoe"},{"at":"2025-01-02T10:00:00Z","field":"status","old":"new","new":"assembling"},{"at":"2025-01-03T10:00:00Z","field":"status","old":"assembling","new":"complete"}]}
{"type":"order","order_no":"O-2","source":"old","placed_at":"2025-01-01T10:00:00Z","status":"complete","items":[]}
END
live() {
	crm-reference -q --load custom_field.tsv custom_dictionary.tsv
	order-import -q first.ndjson
	order-import -q phone.ndjson
	order-status --set assembling --force A-2
	order-import -q again.ndjson
	crm-undo "$(sql 'SELECT max(id) FROM run')"
	order-import -q --backfill past.ndjson
	order-status --set cancel-other --reason 'changed the mind' A-1 A-4
	crm-undo "$(sql 'SELECT max(id) FROM run')"
	order-status --set complete --force A-1
	order-add '80291111111' 'S*2'
	crm-config cutoff=15:00
	order-import -q --retry
}
shop
live >out 2>&1
expect 0 crm-check
same 'what lives is whole: silence' out </dev/null
same 'on both sides' err </dev/null
sql 'SELECT count(*), count(double_of) FROM orders' >counts
same 'and there was something to look at' counts <<'END'
7 1
END
expect 0 crm-check -v
grep -qE '^crm-check: orders: 7, broken rows: 0, mended: 0, in [0-9.]+ s$' err
ok 'with -v it says what it looked at' $?
dump >before
expect 0 crm-check --mend -v
dump >after
same 'nothing to mend leaves no trace' after <before
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
cp t.db good.db

# broken CHECK SQL - break it in a fresh copy; standard input is what is found:
# check, entity, id, order_no, state, detail.
broken() {
	rm -f t.db*
	cp good.db t.db
	sqlite3 t.db "$2" >sqlite.out 2>&1
	run crm-check --tsv --no-header
	tr '\t' '|' <out >found
	same "$1: $2" found
	[ "$status" -eq 3 ]
	ok "$1: exit 3" $?
}

# mends - as it was left by broken.
mends() {
	dump >before
	expect 0 crm-check --mend -n -q
	dump >after
	same 'a dry run changes nothing' after <before
	expect 0 crm-check --mend --tsv --no-header
	cut -f 5 out | sort -u >state
	same 'it says what it mended' state <<-END
	mended
	END
	expect 0 crm-check
	same 'then all is well' out </dev/null
}

one() { sql "SELECT id FROM orders WHERE order_no = '$1'"; }
a1=$(one A-1) a2=$(one A-2) a4=$(one A-4) o1=$(one O-1)

broken schema 'DROP TRIGGER history_no_delete; DROP INDEX orders_placed;
    DROP VIEW v_orders; CREATE VIEW v_orders AS SELECT 1 AS x' <<'END'
schema|index|||mendable|orders_placed is missing
schema|trigger|||mendable|history_no_delete is missing
schema|view|||mendable|v_orders is not as it should be
END
mends
broken journal 'PRAGMA journal_mode = DELETE' <<'END'
journal|file|||mendable|journal_mode is delete, not wal
END
mends
broken references "PRAGMA foreign_keys = OFF;
    UPDATE order_item SET offer_id = 99 WHERE order_id = $a4;
    UPDATE orders SET manager = 'nobody' WHERE id = $a1" <<END
references|order|$a4||broken|offer_id=99 of order_item (order_id=$a4, line=1) is not in offer
references|order|$a1||broken|manager=nobody of orders (id=$a1) is not in user
orders|order|$a1|A-1|broken|unknown user 'nobody'; crm-reference --load adds new ones
END
broken references "PRAGMA foreign_keys = OFF;
    DELETE FROM custom_field WHERE code = 'boxes'" <<END
references|custom_value|||broken|entity=order, field=boxes of custom_value (entity=order, entity_id=$a1, field=boxes) is not in custom_field
custom|order|$a1|A-1|broken|unknown custom field 'boxes'; crm-reference --load custom_field.tsv adds new ones
END
broken settings "INSERT INTO setting VALUES ('colour', 'red')" <<'END'
settings|setting|||broken|unknown setting 'colour'
END
broken settings "INSERT OR REPLACE INTO setting VALUES ('site', 'moon')" <<'END'
settings|setting|||broken|setting 'site' is 'moon'; there is no such site
END
broken reference "INSERT INTO field_owner VALUES ('colour', 'shop');
    INSERT INTO shared_contact VALUES ('phone', '12-34', NULL)" <<'END'
reference|reference|||broken|field_owner colour: field: 'colour' is no field of an order
reference|reference|||broken|shared_contact phone 12-34: value: '12-34' is neither a phone number as +79161234567 nor an e-mail address in lower case
END
broken currencies "UPDATE currency SET places = 3, unit = 1000 WHERE code = 'BYN'" <<'END'
currencies|reference|||broken|currency BYN: places 3 and unit 1000, not 2 and 100
END
broken folds "UPDATE customer SET name_fold = 'анна елкина' WHERE name LIKE 'Анна%';
    UPDATE offer SET name_fold = 'SOAP' WHERE sku = 'S'" <<'END'
folds|customer|1||mendable|name_fold is 'анна елкина', of the name 'Анна Ёлкина'
folds|offer|1||mendable|name_fold is 'SOAP', of the name 'Soap'
END
mends
broken customers "INSERT INTO customer (id, created_at, updated_at) VALUES (50, 0, 0);
    UPDATE customer SET merged_into = 2 WHERE id = 1;
    UPDATE customer SET merged_into = 1, rev = 0 WHERE id = 2" <<'END'
customers|customer|2||broken|merged into customer 1, who is merged too
customers|customer|1||broken|merged into customer 2, who is merged too
customers|customer|50||broken|the history does not tell how the customer came
customers|customer|2||broken|rev is 0
END
broken contacts "UPDATE contact SET value = '80292222222' WHERE value = '+375292222222';
    UPDATE contact SET value = 'Anna@Example.com' WHERE kind = 'email'" <<'END'
contacts|customer|1||broken|email is 'Anna@Example.com'
contacts|customer|2||broken|phone is '80292222222'
END

# Orders.
broken orders "UPDATE orders SET order_no = 'A 1', rev = 0, delivery_on = '31.12',
    delivery_from = '9:00', email = 'Anna@x.by', updated_at = 1 WHERE id = $a1" <<END
orders|order|$a1|A 1|broken|'A 1' cannot be an order number: no blanks, commas or '..', and no '-' or '{' in front
orders|order|$a1|A 1|broken|rev is 0
orders|order|$a1|A 1|broken|updated_at is before created_at
orders|order|$a1|A 1|broken|email is 'Anna@x.by'
orders|order|$a1|A 1|broken|delivery_on: '31.12' is not a date
orders|order|$a1|A 1|broken|delivery_from is '9:00'
END
broken orders "UPDATE orders SET currency = 'USD' WHERE id = $a2;
    UPDATE orders SET placed_at = 99999999999 WHERE id = $a4;
    UPDATE order_item SET line = 0 WHERE order_id = $o1" <<END
orders|order|$a2|A-2|broken|currency is USD, but site 'main' sells in BYN
orders|order|$a4|A-4|broken|placed_at 5138-11-16T09:46:39Z cannot be
orders|order|$o1|O-1|broken|item: the line has number 0
END
broken sums "UPDATE order_item SET sum_minor = 1 WHERE order_id = $a1 AND line = 2;
    UPDATE orders SET items_minor = 2, total_minor = 3, paid_minor = 4,
    refunded_minor = 5, cost_minor = 6 WHERE id = $a1;
    UPDATE orders SET cost_minor = 7 WHERE id = $a4" <<END
sums|order|$a1|A-1|mendable|item 2: sum is 0.01, 7.75 follows
sums|order|$a1|A-1|mendable|items_total is 0.02, 17.75 follows
sums|order|$a1|A-1|mendable|total is 0.03, 20.75 follows
sums|order|$a1|A-1|mendable|paid is 0.04, 20.00 follows
sums|order|$a1|A-1|mendable|refunded is 0.05, 1.00 follows
sums|order|$a1|A-1|mendable|cost is 0.06, that it is not known follows
sums|order|$a4|A-4|mendable|cost is 0.07, that it is not known follows
END
mends
sql "SELECT field, old, ifnull(new, '-') FROM history
    WHERE run_id = (SELECT max(id) FROM run) AND entity_id = $a1" >out
same 'an order that is mended has it in its history' out <<'END'
items_total 0.02 17.75
total 0.03 20.75
paid 0.04 20.00
refunded 0.05 1.00
cost 0.06 -
END
sql "SELECT command, detail, exit_status, summary FROM run ORDER BY id DESC LIMIT 1" >out
same 'on a run' out <<'END'
crm-check --mend 0 7 mended
END
broken sums "UPDATE order_item SET quantity = 9223372036854775807, price = 900000000000 WHERE order_id = $a4" <<END
orders|order|$a4|A-4|broken|item 1: number is too large
sums|order|$a4|A-4|broken|item 1: number is too large
END
broken status "UPDATE orders SET status = 'complete' WHERE id = $a4;
    UPDATE orders SET status_at = status_at - 1 WHERE id = $a1" <<END
status|order|$a1|A-1|broken|how it came to complete is not in its history
status|order|$a4|A-4|broken|how it came to complete is not in its history
history|order|$a4|A-4|broken|history $(sql "SELECT max(id) FROM history WHERE entity = 'order' AND entity_id = $a4 AND field = 'status'") made status 'new'; the order knows another value
END
broken status "UPDATE orders SET status = 'new', status_at = placed_at WHERE id = $a2" <<END
status|order|$a2|A-2|broken|its history moved it on from new, it did not go
history|order|$a2|A-2|broken|history $(sql "SELECT max(id) FROM history WHERE entity = 'order' AND entity_id = $a2 AND field = 'status' AND new = 'assembling'") made status 'assembling'; the order knows another value
END
broken status "DROP TRIGGER history_no_delete;
    DELETE FROM history WHERE entity = 'order' AND entity_id = $o1" <<END
schema|trigger|||mendable|history_no_delete is missing
status|order|$o1|O-1|broken|no first status in its history
status|order|$o1|O-1|broken|how it came to complete is not in its history
END
reason=$(sql "SELECT min(id) FROM history WHERE entity_id = $a1 AND field = 'status_reason'")
broken history "DROP TRIGGER history_no_delete;
    DELETE FROM history WHERE entity_id = $a1 AND field = 'status_reason' AND id > $reason" <<END
schema|trigger|||mendable|history_no_delete is missing
history|order|$a1|A-1|broken|history $reason made status_reason 'changed the mind'; the order knows another value
END
mends_not() { expect 3 crm-check --mend -q --tsv; }
mends_not
contains 'what can be mended is, the rest stays broken' out 'broken	history'
cup=$(sql "SELECT max(id) FROM history WHERE entity_id = $a1 AND field = 'item' AND item_id = 1")
broken history "UPDATE order_item SET price = price + 1 WHERE order_id = $a1 AND line = 1;
    INSERT OR REPLACE INTO custom_value VALUES ('order', $a1, 'gift', 'false')" <<END
history|order|$a1|A-1|broken|history $cup made item '$(sql "SELECT new FROM history WHERE id = $cup")'; the order knows another value
history|order|$a1|A-1|broken|history $(sql "SELECT max(id) FROM history WHERE entity_id = $a1 AND field = 'custom.gift'") made custom.gift 'true'; the order knows another value
END
broken history "PRAGMA foreign_keys = ON; DELETE FROM note WHERE entity_id = $a4; DELETE FROM orders WHERE id = $a4" <<END
history|order|$a4||broken|it has a history, but is not there and was not removed
END
broken offers "UPDATE order_item SET offer_id = 2 WHERE order_id IN ($a2, $o1)" <<END
offers|order|$a2|A-2|mendable|item 1: sku is 'S', that of its offer 'T'
offers|order|$o1|O-1|mendable|item 1: sku is 'S', that of its offer 'T'
END
mends
cp good.db t.db
sql "UPDATE offer SET sku = 'S2' WHERE sku = 'S';
    INSERT INTO offer_source (source, external_id, offer_id) VALUES ('1c', 'S', 1)"
expect 0 crm-check
broken offers "UPDATE offer SET sku = 'S2' WHERE sku = 'S'" <<END
offers|order|$a1|A-1|broken|item 1: sku is 'S', that of its offer 'S2'
offers|order|$a2|A-2|broken|item 1: sku is 'S', that of its offer 'S2'
offers|order|$(one T-1)|T-1|broken|item 1: sku is 'S', that of its offer 'S2'
offers|order|$o1|O-1|broken|item 1: sku is 'S', that of its offer 'S2'
offers|order|$(sql 'SELECT max(id) FROM orders')|$(sql 'SELECT order_no FROM orders ORDER BY id DESC LIMIT 1')|broken|item 1: sku is 'S', that of its offer 'S2'
END
broken sources "DELETE FROM order_source WHERE external_id = 'A-4';
    UPDATE order_source SET order_id = $a1 WHERE external_id = 'O-1'" <<END
sources|order|$a4|A-4|broken|what site calls 'A-4' is not known
sources|order|$o1|O-1|broken|what old calls 'O-1' is the order with the id $a1
END
broken bases "UPDATE order_source SET base = 'a=b;c' WHERE external_id = 'A-4';
    UPDATE order_source SET record_hash = 'xyz' WHERE external_id = 'A-2'" <<END
bases|order|$a2|A-2|broken|record_hash of source site cannot be read
bases|order|$a4|A-4|broken|base of source site cannot be read
END
broken doubles "UPDATE orders SET double_of = 'A-99' WHERE id = $a1;
    UPDATE orders SET double_of = order_no WHERE id = $a4;
    UPDATE orders SET double_of = 'B-1' WHERE id = $o1" <<END
doubles|order|$a1|A-1|broken|double_of is 'A-99'
doubles|order|$a4|A-4|broken|double_of is 'A-4'
END
broken carts "INSERT INTO cart (source, external_id, created_at, changed_at,
    record_hash, currency, order_external_id) SELECT source, 'k', 1, 1, '',
    'BYN', external_id FROM orders WHERE id = $a1" <<END
carts|cart|1||broken|it has no items and was not cleared
carts|cart|1|A-1|mendable|its source says that it became this order
END
broken custom "UPDATE custom_value SET value = 'many' WHERE field = 'boxes';
    UPDATE custom_value SET value = 'blue' WHERE field = 'card';
    UPDATE custom_value SET value = 'yes' WHERE field = 'gift'" <<END
history|order|$a1|A-1|broken|history $(sql "SELECT max(id) FROM history WHERE entity_id = $a1 AND field = 'custom.gift'") made custom.gift 'true'; the order knows another value
custom|order|$a1|A-1|broken|custom.boxes: 'many' is not a number
custom|order|$a1|A-1|broken|custom.card: unknown dictionary cards 'blue'; crm-reference --load adds new ones
custom|order|$a1|A-1|broken|custom.gift is 'yes', not 'true'
END
broken left-over "INSERT INTO custom_value VALUES ('order', 999, 'boxes', '1');
    INSERT INTO note (id, entity, entity_id, at, actor, text)
    VALUES (70, 'order', 999, 0, 'x', 'y')" <<'END'
left-over|order|999||broken|custom.boxes is left over: there is no such order
left-over|order|999||broken|note 70 is left over: there is no such order
END
broken runs "UPDATE run SET started_at = started_at + 9 WHERE id = (SELECT max(run_id) - 1 FROM history)" <<END
runs|history|$(sql 'SELECT min(id) FROM history WHERE run_id = (SELECT max(run_id) - 1 FROM history)')||broken|recorded 2026-03-02 09:00:00 UTC, before its run $(sql 'SELECT max(run_id) - 1 FROM history') began
END
broken runs "UPDATE run SET history_upto = history_upto - 1
    WHERE id = (SELECT max(run_id) FROM history)" <<END
runs|history|$(sql 'SELECT max(id) FROM history')||broken|outside the span of run $(sql 'SELECT max(run_id) FROM history'), which began after $(sql 'SELECT history_after FROM run WHERE id = (SELECT max(run_id) FROM history)') and ended with $(sql 'SELECT max(id) - 1 FROM history')
END
broken rejects "UPDATE reject SET record_hash = '0'" <<END
rejects|reject|1||mendable|record_hash is '0', not '$(sqlite3 good.db 'SELECT record_hash FROM reject')'
END
mends

# What is worth knowing, but no fault.
cp good.db t.db
sqlite3 t.db "UPDATE run SET ended_at = NULL, started_at = 5 WHERE id = 1;
    UPDATE run SET ended_at = NULL WHERE id = (SELECT max(id) FROM run);
    CREATE TABLE mine (x)"
expect 0 crm-check
same 'it is not told' err </dev/null
expect 0 crm-check -v killed foreign
sed '$d' err >notes
same 'but with -v' notes <<'END'
crm-check: killed: crm-init of 1970-01-01 00:00:05 UTC has no end: it was killed
crm-check: foreign: table mine is none of ours
END

# The file itself.
page_size=$(sqlite3 good.db 'PRAGMA page_size')
damage() {	# damage OBJECT - overwrite its first page
	rm -f t.db*
	cp good.db t.db
	root=$(sqlite3 good.db "SELECT rootpage FROM sqlite_schema WHERE name = '$1'")
	printf '\377\377\377\377\377\377\377\377' |
	    dd of=t.db bs=1 seek=$(((root - 1) * page_size)) conv=notrunc 2>dd.out
}
damage orders
expect 1 crm-check --tsv --no-header
grep -q '^file	file			broken	Page ' out
ok 'a damaged page is found' $?
contains 'and it is said what to do' err 'crm-check: '"$work"'/t.db: that is damage which nothing here mends, and the other checks were not made; crm-restore puts a good copy in its place'
expect 1 order-list
contains 'other commands point here' err 't.db: the file is damaged or the disk cannot read it; crm-check says where, and crm-restore puts a good copy in its place'
expect 1 crm-check --quick
expect 1 crm-check sums
contains 'a check that runs into it says so' err 'the file is damaged'
cp t.db before.db
expect 1 crm-check --mend
cmp t.db before.db
ok 'nothing of it is touched' $?
rm -f t.db*
cp good.db t.db
printf 'x' | dd of=t.db bs=1 conv=notrunc 2>dd.out
expect 1 crm-check
contains 'not even a database' err 'not a crm database'
rm -f t.db*
head -c $((page_size * 20)) good.db >t.db
expect 1 crm-check
contains 'a file cut short' err 't.db: '

# An index that knows nothing of some rows: it was away when they came.
without_index() {
	sqlite3 t.db "PRAGMA writable_schema = ON;
	    DELETE FROM sqlite_schema WHERE name = 'note_entity'"
	sqlite3 t.db "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 25)
	    INSERT INTO note (entity, entity_id, at, actor, text)
	    SELECT 'order', $a1, i, 'x', 'y' FROM n"
	sqlite3 t.db "PRAGMA writable_schema = ON;
	    INSERT INTO sqlite_schema $(sqlite3 good.db "SELECT 'VALUES (' ||
		quote(type) || ',' || quote(name) || ',' || quote(tbl_name) ||
		',' || rootpage || ',' || quote(sql) || ')'
		FROM sqlite_schema WHERE name = 'note_entity'")"
}
rm -f t.db*
cp good.db t.db
without_index
expect 3 crm-check --tsv --no-header
head -n 1 out | tr '\t' '|' >found
same 'an index that is not in step is found' found <<'END'
file|index|||mendable|row 2 missing from index note_entity
END
[ "$(wc -l <out)" -eq 20 ]
ok 'twenty rows of it are shown' $?
contains 'and the others counted' err 'crm-check: file: and 6 more like it; --all shows them'
expect 3 crm-check --all -q --tsv --no-header
[ "$(grep -c 'missing from index' out)" -gt 20 ]
ok '--all shows all' $?
expect 0 crm-check --quick
mends
broken file "PRAGMA ignore_check_constraints = ON; UPDATE customer SET vip = 7 WHERE id = 1" <<'END'
file|table|||broken|CHECK constraint failed in customer
END

# A part of the shop that is missing ends it; so does a shop that cannot open.
rm -f t.db*
cp good.db t.db
sqlite3 t.db 'PRAGMA foreign_keys = OFF; DROP TABLE refund'
expect 1 crm-check --tsv --no-header
contains 'a missing table is found' out 'schema	table			broken	refund is missing'
contains 'and the rest not looked at' err 'the other checks were not made'
broken_zone="UPDATE setting SET value = 'Asia/Atlantis' WHERE name = 'timezone'"
cp good.db t.db
sqlite3 t.db "$broken_zone; UPDATE offer SET name_fold = 'x' WHERE id = 1"
expect 1 crm-check --tsv --no-header
contains 'a time zone that does not exist is found' out "settings	setting			broken	setting 'timezone' cannot be 'Asia/Atlantis'"
contains 'and what can be checked without it is' out 'folds	offer	1		mendable'
contains 'it is said what was not' err 'crm-check: orders and custom fields were not checked'
cp good.db t.db
sqlite3 t.db "INSERT OR REPLACE INTO setting VALUES ('cutoff', '99:00'),
    ('double_minutes', 'x')"
expect 1 crm-check --tsv --no-header
tr '\t' '|' <out >found
same 'other settings that cannot be are found too' found <<'END'
settings|setting|||broken|setting 'cutoff' cannot be '99:00'; it is a time of day, as 16:00
settings|setting|||broken|setting 'double_minutes' cannot be 'x'; it is minutes, at most a week of them
END

# Forms, operands, usage.
rm -f t.db*
cp good.db t.db
sqlite3 t.db "UPDATE orders SET total_minor = 1 WHERE id = $a4; UPDATE run SET undoes = NULL"
expect 3 crm-check --json sums
same 'as records' out <<END
{"type":"finding","check":"sums","entity":"order","id":$a4,"order_no":"A-4","state":"mendable","detail":"total is 0.01, 7.00 follows"}
END
same 'what it comes to' err <<END
crm-check: $work/t.db: 1 row is broken, by 1 check; see crm-check(1)
END
expect 3 crm-check sums
same 'as a table' out <<END
check  entity  id  order_no  state     detail
sums   order    $a4  A-4       mendable  total is 0.01, 7.00 follows
END
expect 0 crm-check folds status
expect 0 crm-check --mend -v --as keeper sums
contains 'mended' err 'crm-check: orders: 7, broken rows: 1, mended: 1, in '
sql 'SELECT actor FROM run ORDER BY id DESC LIMIT 1' >out
same 'by whom' out <<'END'
keeper
END
expect 2 crm-check sum
contains 'the nearest one' err "there is no check 'sum', did you mean 'sums'; --list shows them"
expect 2 crm-check --list sums
expect 0 crm-check --list --json
head -n 1 out >first
same 'the list' first <<'END'
{"type":"check","check":"file","mends":true,"promise":"SQLite can read every page and row, and each index has what its table has"}
END
crm-check --list -t --no-header | cut -f 1 >checks
sed -n '/^\.Sh CHECKS/,/^\.Sh /s/^\.It Cm //p' "$top/man/crm-check.1" >described
same 'crm-check(1) describes every check' described <checks
empty 'each is tested here' "$(while read -r c; do
	grep -qE "^(broken|expect 0 crm-check -v.*) $c|^broken $c|killed $c" "$top/tests/cli/crm-check.t" ||
	    echo "$c"
    done <checks)"
sqlite3 t.db 'UPDATE orders SET total_minor = 1'
crm-check sums >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is no success' $?

# An empty shop is whole, and one whose clock was set back.
rm -f t.db*
shop
expect 0 crm-check
cp good.db t.db
CRM_NOW=2025-01-01T00:00:00Z order-status --set new --force A-1 >out 2>&1
CRM_NOW=2025-01-01T00:00:00Z
expect 0 crm-check
same 'whole after the clock was set back' out </dev/null
done_testing
