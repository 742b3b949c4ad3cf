#!/bin/sh
# order-import: records and tables into the shop, the bad ones kept.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"


# Nothing to read, nothing done.
shop
: >empty.ndjson
expect 0 order-import empty.ndjson
same 'an empty file: silence' err </dev/null
expect 0 order-import
same 'empty standard input: silence' err </dev/null
expect 1 order-import gone.ndjson
expect 1 order-import --map gone.map empty.ndjson
expect 1 order-import -n gone.ndjson
sql "SELECT detail, exit_status, summary FROM run
    WHERE command = 'order-import' ORDER BY id" >out
same 'each is on record for who watches the job, why it failed too' out <<'EOF'
empty.ndjson 0 0 new, 0 changed, 0 same, 0 conflicts, 0 rejected
stdin 0 0 new, 0 changed, 0 same, 0 conflicts, 0 rejected
gone.ndjson 1 gone.ndjson: No such file or directory
empty.ndjson 1 gone.map: No such file or directory
EOF

# A good record, all of it.
cat >good.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","status":"new","placed_at":"2026-03-01T13:00:00+03:00","customer_name":"Алеся Кравец","phone":"8 029 111-22-33","email":"Alesya@Example.BY","call_wanted":true,"delivery_type":"courier","delivery_on":"2026-03-03","delivery_from":"9:00","items":[{"sku":"BR-01","name":"Щётка","quantity":2,"price":16.20,"discount":1.40},{"name":"Мыло","quantity":1.5,"price":"3.333","sum":5.00}],"charges":[{"kind":"delivery","amount":5},{"kind":"tax","amount":6,"included":true}],"total":41.00,"payments":[{"type":"cash","status":"paid","amount":41,"paid_at":"2026-03-01T11:00:00Z"}],"notes":[{"at":"2026-03-01T10:05:00Z","actor":"anna","text":"ring twice"}]}
EOF
expect 0 order-import good.ndjson
same 'success is silent' err </dev/null
sql "SELECT order_no, status, placed_at, phone, email, items, total, source_total, paid, ship_on, delivery_from FROM v_orders" >out
same 'every figure is where it belongs' out <<'EOF'
A-1 new 2026-03-01T10:00:00Z +375291112233 alesya@example.by 36.0 41.0 41.0 41.0 2026-03-01 09:00
EOF
sql "SELECT line, ifnull(sku, '-'), quantity, price, discount, sum FROM v_items ORDER BY line" >out
same 'lines are rounded once, half away from zero' out <<'EOF'
1 BR-01 2.0 16.2 1.4 31.0
2 - 1.5 3.333 0.0 5.0
EOF
sql "SELECT field, ifnull(old, '-'), new FROM history WHERE entity = 'order'" >out
same 'the history says how it began' out <<'EOF'
status - new
EOF
sql "SELECT name, phones, emails FROM v_customers" >out
same 'who ordered' out <<'EOF'
Алеся Кравец +375291112233 alesya@example.by
EOF

# Again: nothing changes but the book of runs.
state() { sqlite3 "$CRM_DB" 'SELECT * FROM orders; SELECT * FROM order_item;
	SELECT * FROM history; SELECT * FROM reject; SELECT * FROM customer;
	SELECT * FROM order_source; SELECT * FROM offer; SELECT * FROM note'; }
state >before
expect 0 order-import -v good.ndjson
contains 'said: the same' err '0 new, 0 changed, 1 same, 0 conflicts, 0 rejected'
state >after
same 'importing twice changes nothing' after <before

# What nobody takes, and what is only written, is no change; all else is read.
sed 's/}$/,"exported_at":"today","rev":7,"paid":1}/' good.ndjson >more.ndjson
expect 0 order-import -v more.ndjson
contains 'with more to it: the same' err '0 new, 0 changed, 1 same'
contains 'which is said all the same' err "unknown member 'exported_at' is left out"
state >after
same 'that nobody takes changes nothing' after <before
sed 's/"quantity":2,/"quantity": 2.0,/' good.ndjson >blanks.ndjson
expect 0 order-import -v blanks.ndjson
contains 'written otherwise: the same' err '0 new, 0 changed, 1 same'
sed 's/"sum":5.00/"sum":5.01/' good.ndjson >sum.ndjson
expect 3 order-import sum.ndjson
contains 'a sum that cannot be: not the same' err 'item 2: sum 5.01 is not price 3.333 times'
sed 's/},{"kind":"tax"/},7,{"kind":"tax"/' good.ndjson >seven.ndjson
expect 3 order-import seven.ndjson
contains 'a line that is none: not the same' err 'charge 2: it is not an object'
sql 'DELETE FROM reject'
sed 's/+03:00//' good.ndjson >local.ndjson
expect 0 order-import -v local.ndjson
contains 'a time of the shop: the same' err '0 new, 0 changed, 1 same'
expect 0 crm-config timezone=Asia/Almaty
expect 0 order-import -v local.ndjson
contains 'which is another elsewhere' err '0 new, 1 changed, 0 same'
expect 0 crm-config timezone=Europe/Minsk
expect 0 order-import good.ndjson

# One bad record among good ones: each of these is one line, kept, exit 3.
bad() {	# bad TITLE RECORD MESSAGE
	printf '%s\n' '{"type":"order","order_no":"G-1","source":"g","placed_at":"2026-03-01T10:00:00Z","items":[]}' \
	    "$2" '{"type":"order","order_no":"G-2","source":"g","placed_at":"2026-03-01T10:00:00Z","items":[]}' >bad.ndjson
	shop
	expect 3 order-import bad.ndjson
	same "$1" err <<-EOF2
	order-import: bad.ndjson:2: $3
	order-import: 1 of 3 records rejected
	EOF2
	sql "SELECT count(*), (SELECT count(*) FROM reject WHERE place = 'bad.ndjson:2') FROM orders" >out
	same "$1: the others are stored, it is kept" out <<-'EOF2'
	2 1
	EOF2
	rm -f t.db*
}
o='{"type":"order","order_no":"B","source":"g","placed_at":"2026-03-01T10:00:00Z"'
rm -f t.db*
bad 'truncated JSON' '{"type":"order","order_no":' 'JSON cut short at byte 28'
bad 'not an object' '[1]' 'it is not a JSON object'
bad 'no type' '{"order_no":"B"}' "'type' is missing"
bad 'another type' '{"type":"parcel"}' \
    "records of type 'parcel' are not taken here, only order and cursor"
bad 'a wrong type' "$o,\"items\":{}}" "'items' is not an array"
bad 'a number where text belongs' "$o,\"phone\":375291112233}" "'phone' is not a string"
bad 'surplus decimals' "$o,\"total\":10.005}" "source_total: '10.005' has too many decimals"
bad 'an escaped NUL' "$o,\"coupon\":\"a\\u0000b\"}" 'NUL character at byte 91'
bad 'bad UTF-8' "$(printf '%s,"coupon":"a\377"}' "$o")" 'bad UTF-8 at byte 91'
bad 'a key twice' "$o,\"coupon\":\"a\",\"coupon\":\"b\"}" "key 'coupon' twice at byte 105"
bad 'an unknown status' "$o,\"status\":\"compleet\"}" \
    "unknown status 'compleet', did you mean 'complete'; crm-reference --load adds new ones"
bad 'an impossible date' '{"type":"order","order_no":"B","placed_at":"2026-02-30T10:00:00Z"}' \
    "placed_at: '2026-02-30T10:00:00Z' is not a time"
bad 'the far future' '{"type":"order","order_no":"B","placed_at":"2226-02-20T10:00:00Z"}' \
    'placed_at 2226-02-20T10:00:00Z cannot be'
bad 'a past that is to come' "$o,\"history\":[{\"at\":\"2026-03-01T10:00:00Z\",\"field\":\"status\",\"old\":null,\"new\":\"new\"},{\"at\":\"9999-01-01T00:00:00Z\",\"field\":\"status\",\"old\":\"new\",\"new\":\"complete\"}]}" \
    'history 2: at 9999-01-01T00:00:00Z cannot be'
bad 'a line whose sum does not add up' "$o,\"items\":[{\"name\":\"x\",\"quantity\":3,\"price\":5,\"sum\":10}]}" \
    'item 1: sum 10 is not price 5 times quantity 3'
bad 'a line without a price' "$o,\"items\":[{\"name\":\"x\",\"quantity\":3}]}" "item 1: 'price' is missing"
bad 'a line number twice' "$o,\"items\":[{\"line\":2,\"name\":\"x\",\"quantity\":1,\"price\":1},{\"line\":2,\"name\":\"y\",\"quantity\":1,\"price\":1}]}" \
    'item 2: line 2 cannot be, or is there twice'
bad 'a sum too large' "$o,\"items\":[{\"name\":\"x\",\"quantity\":900000000,\"price\":\"900000000\"}]}" \
    'item 1: number is too large'
bad 'a charge of no kind' "$o,\"charges\":[{\"kind\":\"gift\",\"amount\":1}]}" \
    "charge 1: kind 'gift' is none of delivery, tax, fee, tip, discount, rounding"
bad 'an unknown custom field' "$o,\"custom\":{\"nps\":5}}" \
    "custom 1: unknown custom field 'nps'; crm-reference --load custom_field.tsv adds new ones"
bad 'neither number nor id' '{"type":"order"}' "it has neither 'order_no' nor 'external_id'"
bad 'the same number with other content' \
    '{"type":"order","order_no":"G-1","source":"g","status":"complete","placed_at":"2026-03-01T10:00:00Z"}' \
    "order 'G-1' came in this input before, with other content"

# One that was refused is not what came before.
rm -f t.db*
shop
twice() { printf '{"type":"order","order_no":"%s","source":"t","status":"%s","placed_at":"%s"}\n' "$@"; }
{
	twice T-1 nonsense 2026-03-01T10:00:00Z
	twice T-1 new 2026-03-01T10:00:00Z
	twice T-1 complete 2026-03-01T10:00:00Z
	twice T-2 new yesterday
	twice T-2 new 2026-03-01T10:00:00Z
} >twice.ndjson
expect 3 order-import -v twice.ndjson
contains 'the mended ones are taken' err '2 new, 0 changed, 0 same, 0 conflicts, 3 rejected'
contains 'another one is not' err "order 'T-1' came in this input before"

# A total that differs is said and kept beside ours.
shop
printf '%s\n' "$o,\"items\":[{\"name\":\"x\",\"quantity\":1,\"price\":5}],\"total\":7}" >total.ndjson
expect 0 order-import total.ndjson
same 'the difference is said' err <<'EOF'
order-import: warning: total.ndjson:1: order B: the source's total is 7.00 BYN, its lines and charges make 5.00 BYN
EOF

# A gigantic line is passed over in bounded memory.
rm -f t.db*
shop
{ printf '{"type":"order","coupon":"'; head -c 20000000 /dev/zero | tr '\0' x; printf '"}\n'; cat good.ndjson; } >long.ndjson
expect 3 order-import long.ndjson
same 'a gigantic line' err <<'EOF'
order-import: long.ndjson:1: line longer than 16 MiB
order-import: 1 of 2 records rejected
EOF

# --rejects copies the lines unchanged; mended, they can be fed again.
rm -f t.db*
shop
{ cat good.ndjson; printf '%s,"status":"shipped"}\n' "$o"; } >two.ndjson
expect 3 order-import --rejects bad.out two.ndjson
tail -n 1 two.ndjson >line
same 'the rejected line, unchanged' bad.out <line
expect 3 order-import two.ndjson
sql "SELECT count(*), max(id), seq FROM reject, sqlite_sequence
    WHERE sqlite_sequence.name = 'reject'" >out
same 'a reject that is known takes no room, nor a number' out <<'EOF'
1 1 1
EOF
expect 0 sh -c 'sed s/shipped/complete/ bad.out | order-import'
sql "SELECT count(*) FROM reject WHERE resolved_at IS NULL" >out
same 'and its reject is settled' out <<'EOF'
0
EOF

# --retry after the cause is mended.
rm -f t.db*
shop
expect 3 order-import two.ndjson
expect 3 order-import --retry
contains 'still refused' err "two.ndjson:2: unknown status 'shipped'"
sql "INSERT INTO status (code, name, status_group) VALUES ('shipped', 'Shipped', 'delivery')"
expect 0 order-import --retry
sql "SELECT order_no, status FROM orders ORDER BY 1; SELECT count(*) FROM reject WHERE resolved_at IS NULL" >out
same 'taken now' out <<'EOF'
A-1 new
B shipped
0
EOF

# --dry-run leaves no trace, --atomic and --max-errors none but the run.
rm -f t.db*
shop
dump >before
expect 3 order-import -n two.ndjson
dump >after
same '--dry-run changes nothing' after <before
expect 1 order-import --atomic two.ndjson
contains '--atomic says why' err 'more than 0 records were rejected'
sql "SELECT exit_status, summary FROM run ORDER BY id DESC LIMIT 1" >out
same 'the run is on record as one that failed' out <<'EOF'
1 more than 0 records were rejected; the last batch was taken back
EOF
sql "DELETE FROM run WHERE id > 1; UPDATE sqlite_sequence SET seq = 1
    WHERE name = 'run'"
dump >after
same 'and --atomic takes all else back' after <before
expect 3 order-import --max-errors 1 two.ndjson
expect 1 order-import --max-errors 0 two.ndjson
expect 0 order-import -n --report --tsv good.ndjson
sed -i 's/same	$/same	-/' out
same '--dry-run --report shows what would be' out <<EOF
type	place	order_no	source	external_id	outcome	reason
import	good.ndjson:1	A-1	site	A-1	same	-
EOF

# The merge: only what the source itself changed is applied.
rm -f t.db*
shop
expect 0 order-import good.ndjson
order-status --set client-confirmed A-1 >out 2>err || { ok 'order-status' 1; note err; }
expect 0 order-import -v good.ndjson
contains 'a stale export is the same' err '1 same'
sed 's/"call_wanted":true/"call_wanted":false/' good.ndjson >changed.ndjson
expect 0 order-import -v changed.ndjson
contains 'a change of the source is taken' err '1 changed, 0 same, 0 conflicts'
sed 's/"status":"new"/"status":"no-call"/' changed.ndjson >conflict.ndjson
expect 0 order-import conflict.ndjson
same 'both changed: the shop owns the status' err <<'EOF'
order-import: warning: conflict.ndjson:1: order A-1: status: the source says 'no-call', we have 'client-confirmed'; kept ours
EOF
sql 'SELECT status, call_wanted FROM orders' >out
same "the manager's work stands" out <<'EOF'
client-confirmed 0
EOF
sql 'SELECT base FROM order_source' >out
same 'kept of what the source said: only where we differ' out <<'EOF'
status=no-call
EOF
order-status --set no-call A-1 >out 2>err
sql "SELECT base = '' FROM order_source" >out
same 'and nothing once we agree' out <<'EOF'
1
EOF
expect 0 crm-undo -q "$(sql 'SELECT max(id) FROM run')"
sql 'SELECT base FROM order_source' >out
same 'until we change our mind' out <<'EOF'
status=no-call
EOF
sed 's/"quantity":2/"quantity":3/' conflict.ndjson >more.ndjson
expect 0 order-import -q more.ndjson
sql 'SELECT quantity, sum FROM v_items WHERE line = 1; SELECT total FROM v_orders' >out
same 'a changed line, the total with it' out <<'EOF'
3.0 47.2
57.2
EOF
order-status --set assembling A-1 >out 2>err
sed 's/"quantity":3/"quantity":9/' more.ndjson >late.ndjson
expect 0 order-import late.ndjson
contains 'assembling has begun: the items are ours' err 'kept ours'
printf '%s\n' '{"type":"order","order_no":"A-1","source":"site","coupon":"X","source_updated_at":"2026-03-01T12:00:00Z"}' \
    '{"type":"order","order_no":"A-1","source":"site","coupon":"Y","source_updated_at":"2026-03-01T11:00:00Z"}' >older.ndjson
expect 0 order-import -v older.ndjson
contains 'an older word is not heard' err '1 older than what we have'
printf '%s\n' '{"type":"order","order_no":"A-1","source":"site","coupon":null,"items":null}' >clear.ndjson
expect 0 order-import -q clear.ndjson
sql "SELECT coupon IS NULL, customer_name, (SELECT count(*) FROM order_item) FROM orders" >out
same 'null clears, what is not mentioned stays, locked items stay' out <<'EOF'
1 Алеся Кравец 2
EOF

# A number another source's order has gets the source's name in front.
sed 's/"source":"site"/"source":"phone"/; s/13:00:00/13:10:00/' good.ndjson >phone.ndjson
expect 0 order-import phone.ndjson
same 'a likely double is flagged' err <<'EOF'
EOF
sql 'SELECT order_no FROM orders ORDER BY id' >out
same 'two orders are never merged because their numbers agree' out <<'EOF'
A-1
phone-A-1
EOF
rm -f t.db*
shop
expect 0 order-import good.ndjson
expect 0 order-import phone.ndjson
same 'a likely double is flagged' err <<'EOF'
order-import: warning: phone.ndjson:1: order phone-A-1 looks like A-1: the same customer and goods through another door
EOF

# Unknown members are said once.
printf '%s,"zz":1,"items":[{"name":"x","quantity":1,"price":1,"yy":1}]}\n' "$o" "$o" >unknown.ndjson
expect 0 order-import unknown.ndjson
same 'unknown members are said once each' err <<'EOF'
order-import: warning: unknown.ndjson:1: unknown member 'zz' is left out
order-import: warning: unknown.ndjson:1: unknown member 'items.yy' is left out
EOF

# A cursor is stored with the records before it.
printf '%s\n' '{"type":"cursor","source":"woo","value":"page 7"}' >cursor.ndjson
expect 0 order-import cursor.ndjson
sql 'SELECT source, value FROM cursor' >out
same 'the cursor' out <<'EOF'
woo page 7
EOF

# The past: dates, statuses and who did it, as told.
rm -f t.db*
shop
cat >past.ndjson <<'EOF'
{"type":"order","order_no":"P","source":"old","status":"complete","placed_at":"2025-01-01T10:00:00Z","delivery_type":"courier","items":[],"history":[{"at":"2025-01-01T10:00:00Z","actor":"site","field":"status","old":null,"new":"new"},{"at":"2025-01-02T10:00:00Z","actor":"anna","field":"status","old":"new","new":"complete"}]}
EOF
expect 0 order-import --backfill past.ndjson
sql "SELECT h.at, h.actor, ifnull(h.old, '-'), h.new, r.backfill FROM v_history h JOIN run r ON r.id = run_id WHERE entity = 'order'; SELECT status_at, ship_on IS NULL FROM v_orders" >out
same 'the past as it was, and nothing planned for it' out <<'EOF'
2025-01-01T10:00:00Z site - new 1
2025-01-02T10:00:00Z anna new complete 1
2025-01-02T10:00:00Z 1
EOF

# The shipping day: the cut-off hour, the carrier's days, holidays.
rm -f t.db*
shop
sql "INSERT INTO holiday (on_date, name) VALUES ('2026-03-02', 'a day off')"
placed() { printf '{"type":"order","order_no":"%s","placed_at":"%s+03:00","delivery_type":"%s","items":[]}\n' "$@"; }
{
	placed 1 2026-02-27T15:59:59 belpochta
	placed 2 2026-02-27T16:00:00 belpochta
	placed 3 2026-02-28T16:00:00 belpochta
	placed 4 2026-02-28T16:00:00 courier
	placed 5 2026-02-28T10:00:00 self-delivery
} >ship.ndjson
expect 0 order-import ship.ndjson
sql "SELECT order_no, ifnull(ship_on, '-') FROM orders ORDER BY 1" >out
same 'shipped before 16:00 the same day, never on a day off' out <<'EOF'
1 2026-02-27
2 2026-02-28
3 2026-03-03
4 2026-03-01
5 -
EOF

# Shared contacts identify nobody; a key of two customers merges nobody.
rm -f t.db*
shop
cat >who.ndjson <<'EOF'
{"type":"order","order_no":"1","source":"s","placed_at":"2026-01-01T10:00:00Z","phone":"+70000000000","items":[]}
{"type":"order","order_no":"2","source":"s","placed_at":"2026-01-01T10:00:00Z","phone":"+375291112233","items":[]}
{"type":"order","order_no":"3","source":"s","placed_at":"2026-01-01T10:00:00Z","email":"a@example.by","items":[]}
{"type":"order","order_no":"4","source":"s","placed_at":"2026-01-01T10:00:00Z","email":"a@example.by","phone":"8 029 111 22 33","items":[]}
{"type":"order","order_no":"5","source":"s","placed_at":"2026-01-01T10:00:00Z","phone":"12","items":[]}
EOF
expect 0 order-import who.ndjson
sql "SELECT order_no, ifnull(customer_id, '-') FROM orders ORDER BY order_no; SELECT customer_id, other_id, reason FROM customer_double" >out
same 'who is who' out <<'EOF'
1 -
2 1
3 2
4 1
5 -
1 2 email
EOF

# What is learned of a customer later is in the history.
rm -f t.db*
shop
cat >later.ndjson <<'EOF'
{"type":"order","order_no":"1","source":"s","placed_at":"2026-01-01T10:00:00Z","phone":"+375291112233","items":[]}
{"type":"order","order_no":"2","source":"s","placed_at":"2026-01-02T10:00:00Z","phone":"+375291112233","email":"a@example.by","customer_name":"Анна","items":[]}
EOF
expect 0 order-import later.ndjson
sql "SELECT field, ifnull(new, '-') FROM history WHERE entity = 'customer'; SELECT name, phones, emails FROM v_customers" >out
same 'a name and an address of a customer known by phone' out <<'EOF'
name -
name Анна
email a@example.by
Анна +375291112233 a@example.by
EOF
echo '{"type":"order","order_no":"1","source":"s","placed_at":"2026-01-01T10:00:00Z","phone":"+375294445566","items":[]}' >moved.ndjson
expect 0 order-import moved.ndjson
sql "SELECT field, old, new FROM history WHERE entity = 'order' AND old IS NOT NULL" >out
same 'another phone is another customer, and that is told' out <<'EOF'
phone +375291112233 +375294445566
customer_id 1 2
EOF

# Two lines with one name in their source are two lines.
rm -f t.db*
shop
twins() { printf '{"type":"order","order_no":"1","source":"s","placed_at":"2026-01-01T10:00:00Z","items":[{"external_id":"7","name":"x","quantity":1,"price":1},{"external_id":"7","name":"x","quantity":2,"price":%s}]}\n' "$1"; }
twins 2 >twins.ndjson
expect 0 order-import twins.ndjson
twins 3 >twins.ndjson
expect 0 order-import twins.ndjson
sql 'SELECT line, quantity, price FROM v_items; SELECT total FROM v_orders' >out
same 'the one that changed is changed' out <<'EOF'
1 1.0 1.0
2 2.0 3.0
7.0
EOF

# A record that changes very many pages of the file, and its neighbours. The
# times of its history lie between those of the others.
rm -f t.db*
shop
long_past() {	# long_past NUMBER ENTRIES STEP
	awk -v no="$1" -v n="$2" -v step="$3" 'BEGIN {
		printf "{\"type\":\"order\",\"order_no\":\"%s\",\"source\":\"s\"," \
		    "\"placed_at\":\"2020-01-01T00:00:00Z\",\"history\":[", no
		for (i = 0; i < n; i++)
			printf "%s{\"at\":\"%s\",\"field\":\"flat\",\"new\":\"%d\"}",
			    i ? "," : "", strftime("%Y-%m-%dT%H:%M:%SZ",
			    1577836800 + i * step + no, 1), i
		print "]}"
	}'
}
{
	for no in 1 2 3 4 5 6 7; do long_past $no 4000 10000; done
	long_past 8 400 100000
	long_past 9 1 1
} >long.ndjson
expect 0 order-import long.ndjson
sql 'SELECT count(*) FROM history WHERE entity_id = 8; SELECT count(*) FROM orders' >out
same 'a record that changes many pages is no full disk' out <<'EOF'
401
9
EOF

# A long value is cut in the message, never in a character.
printf '{"type":"order","order_no":"1","source":"s","placed_at":"%s"}\n' \
    "a$(printf 'я%.0s' $(seq 600))" >cut.ndjson
expect 3 order-import cut.ndjson
iconv -f utf-8 -t utf-8 err >/dev/null
ok 'the message is text' $?

# Failures of the surroundings.
expect 1 order-import missing.ndjson
contains 'a missing file' err 'missing.ndjson: No such file'
expect 2 order-import --format xml good.ndjson
run order-import --report --json good.ndjson
order-import --report --json good.ndjson >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?
contains 'and said' err 'standard output'
whole
done_testing
