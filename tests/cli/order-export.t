#!/bin/sh
# order-export: whoever is told of orders hears of each change once, never of
# his own, and nothing is lost by a crash.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

shop
cat >crm.conf <<'EOF'
receiver "1c" { kind = commerceml encoding = "windows-1251" }
receiver "1c-utf8" { kind = commerceml source = "1c" }
receiver site { kind = woocommerce }
receiver shopify { kind = shopify source = "site" }
receiver insales { kind = insales source = "site" }
receiver retail { kind = retailcrm source = "site" }
receiver ms { kind = moysklad codes = "ms.codes"
    organization = "https://ms/o/1" agent = "https://ms/a/2"
    delivery = "https://ms/s/3" }
receiver bare { kind = moysklad }
EOF
cat >ms.codes <<'EOF'
codes "status" { values = { "new=https://ms/state/1", "complete=" } }
EOF
export CRM_CONFIG="$work/crm.conf"
cat >orders.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","external_id":"17","status":"new","placed_at":"2026-03-01T10:00:00Z","phone":"+375291112233","email":"i@example.org","customer_name":"Иван ₽ <b>\u0001","customer_external_id":"38","customer_comment":"к обеду","delivery_type":"courier","delivery_city":"Минск","delivery_address":"Минск, Лесная 1","items":[{"name":"Мыло & К","sku":"S-1","quantity":2.5,"price":5.55,"discount":1},{"name":"Шампунь","quantity":1,"price":0.3333}],"charges":[{"kind":"delivery","amount":7,"name":"Доставка"},{"kind":"discount","amount":-2.5},{"kind":"tax","name":"НДС","amount":1.2,"included":true}],"payments":[{"type":"cash","status":"paid","amount":17.71,"paid_at":"2026-03-01T11:00:00Z"}]}
{"type":"order","order_no":"A-2","source":"phone","status":"new","placed_at":"2026-03-01T10:00:00Z","phone":"+375291112234","items":[{"name":"x","quantity":1,"price":5}],"charges":[{"kind":"tax","amount":1}]}
EOF
expect 0 order-import orders.ndjson

# CommerceML: the document, and that it comes back as the same orders.
dump >before
expect 0 order-export --dry-run 1c
same 'what would be told' out <<'EOF'
order_no  external_id  status  changed  refused
A-1                    new     status
A-2                    new     status
EOF
expect 0 order-export -n --json 1c
contains 'for programs too' out '{"type":"cursor","source":"1c","value":"'
dump | diff before - >difference
ok 'a dry run changes nothing' $?
expect 0 order-export 1c
mv out 1c.xml
xmllint --noout 1c.xml
ok 'it is well formed' $?
head -n 1 1c.xml >first
same 'and declared' first <<'EOF'
<?xml version="1.0" encoding="windows-1251"?>
EOF
xmllint --xpath 'string(//Контрагент/Наименование)' 1c.xml >out
same 'nothing is lost of a letter that windows-1251 lacks' out <<'EOF'
Иван ₽ <b>
EOF
xmllint --xpath '//Документ[1]/*[name()="Сумма" or name()="Время" or
    name()="Дата"]/text()' 1c.xml >out
same 'sum and local time' out <<'EOF'
2026-03-01
17.71
13:00:00
EOF
expect 0 order-export 1c-utf8 -o utf8.xml
same 'a file says nothing' out </dev/null
iconv -f windows-1251 -t utf-8 1c.xml |
    sed 's/windows-1251/utf-8/; s/&#8381;/₽/g' >recoded
cmp recoded utf8.xml
ok 'UTF-8 is the same document' $?

figures='SELECT order_no, status, total, paid, currency, customer_name, phone,
	email, customer_comment, delivery_type, delivery_city, placed_at
	FROM v_orders ORDER BY order_no;
    SELECT order_no, sku, name, quantity, price, discount, sum FROM v_items
	ORDER BY order_no, line;
    SELECT order_no, kind, amount, included FROM v_charges
	ORDER BY order_no, kind'
# What 1C's documents have no place for: a control character, an article that
# is none (the name stands for it), a nameless buyer (the telephone does).
sql "$figures" | tr -d '\001' | sed 's/^A-1  Шампунь/A-1 Шампунь Шампунь/
    s/^A-2  x/A-2 x x/; s/BYN  +375291112234/BYN +375291112234 +375291112234/' \
    >ours
(
	export CRM_DB="$work/other.db"
	crm-init -q --timezone Europe/Minsk --currency BYN --country BY
	order-import -q --source site 1c.xml && sql "$figures"
) >theirs 2>err
diff ours theirs >difference
ok 'read again it is the same orders' $?
note difference

# Nothing is confirmed: all of it again; then nothing, and each change once.
expect 0 order-export 1c
cmp out 1c.xml
ok 'what was not confirmed is told again' $?
expect 1 order-export bare --confirm written
contains 'nothing was written' err "nothing was written for 'bare'"
dump >before
expect 0 order-export 1c -n --confirm written
dump | diff before - >difference
ok 'a dry confirmation changes nothing' $?
expect 0 order-export 1c --confirm written
expect 0 order-export 1c -n --tsv --no-header
same 'what was confirmed is not' out </dev/null
expect 0 order-status --set client-confirmed A-1
expect 0 order-status --set assembling A-1
expect 0 order-export 1c -o one.xml --tsv --no-header
printf 'A-1\tA-1\tassembling\tstatus\t\n' >want
cmp out want
ok 'then only what changed, once' $?
expect 0 order-status --set assembling-complete A-1
expect 0 order-export 1c --confirm written
expect 0 order-export 1c -n --tsv --no-header
printf 'A-1\tA-1\tassembling-complete\tstatus\t\n' >want
cmp out want
ok 'what came after the file was written is still to be told' $?
expect 0 order-export 1c --confirm last
expect 0 order-export 1c -n --tsv --no-header
same 'a new receiver may begin now' out </dev/null
expect 0 order-export 1c --confirm 0
expect 0 order-export 1c -n --tsv --no-header
[ "$(wc -l <out)" -eq 2 ]
ok 'and another with all' $?
expect 1 order-export 1c --confirm 99999999
contains 'not with what is yet to come' err 'there is no change 99999999 yet'

# 1C has an order of ours by our number: what it says of it then is no new one.
sql "DELETE FROM order_source WHERE source = '1c'"
expect 0 order-export 1c -o all.xml
expect 0 order-status --set send-to-assembling A-2
expect 0 order-export 1c --confirm written
sql "SELECT order_no FROM order_source JOIN orders o ON o.id = order_id
    WHERE order_source.source = '1c'" >out
same 'what was told is known there by our numbers' out <<'EOF'
A-1
A-2
EOF
expect 0 order-export 1c -o one.xml --tsv --no-header
printf 'A-2\tA-2\tsend-to-assembling\tstatus\t\n' >want
cmp out want
ok 'and what changed since is told' $?
expect 0 order-export 1c --confirm written
expect 0 order-import -q --source 1c all.xml
sql 'SELECT count(*) FROM orders' >out
same 'orders that come back are no new ones' out <<'EOF'
2
EOF
expect 0 order-export 1c --confirm last
expect 0 order-status --set no-product --reason none A-2
expect 0 order-export 1c -n --tsv --no-header
contains 'but of what we change then it is told' out 'A-2	A-2	no-product'

# The site hears of its own orders alone, and not what it said itself.
expect 0 order-export site
same 'news in its words' out <<'EOF'
{"order_no":"A-1","method":"PUT","path":"/wp-json/wc/v3/orders/17","body":{"status":"processing"}}
EOF
expect 0 order-export site --confirm written
expect 0 order-status --set send-to-delivery A-1
expect 0 order-export site
expect 0 order-export shopify --confirm last
expect 0 order-export insales --confirm last
expect 0 order-export retail --confirm last
sed -n '1s/"status":"new"/"status":"send-to-delivery","manager_comment":"ours"/p' \
    orders.ndjson >echo.ndjson
sed -i 's/"customer_comment":"к обеду"/"customer_comment":"к ужину"/' echo.ndjson
expect 0 order-import echo.ndjson
for r in site shopify insales retail; do
	expect 0 order-export $r --confirm last
	expect 0 order-export $r
	same "$r is not told" out </dev/null
done
expect 0 order-export 1c --confirm 0
sed 's/"source":"site","external_id":"17"/"source":"1c","external_id":"u-17"/
    s/"order_no":"A-1"/"order_no":"C-1"/' orders.ndjson | head -1 >1c.ndjson
expect 0 order-export 1c --confirm last
expect 0 order-import 1c.ndjson
expect 0 order-export 1c -n --tsv --no-header
same "1C is not told of the order that it brought" out </dev/null
sed -i 's/к обеду/к утру/' 1c.ndjson
expect 0 order-import 1c.ndjson
expect 0 order-export 1c -n --tsv --no-header
same 'nor of the change that it brought' out </dev/null
expect 0 order-status --set client-confirmed C-1
expect 0 order-export 1c -o c.xml
xmllint --xpath '//Документ/Ид/text() | //Статуса/text() |
    //ЗначениеРеквизита[Наименование="Статус заказа"]/Значение/text()' c.xml >out
same 'but of ours, by its own name of the order' out <<'EOF'
u-17
Согласовано с клиентом
EOF
expect 0 order-status --set new --force C-1
expect 0 order-export 1c -n --tsv --no-header
same 'a change that was taken back is none' out </dev/null

# Payment and tracking number, in the words of each.
sed -n '1s/.*/{"type":"order","order_no":"S-1","source":"site","external_id":"a\/9","status":"new","placed_at":"2026-03-01T10:00:00Z","items":[{"name":"x","quantity":1,"price":5}]}/p' \
    orders.ndjson >s.ndjson
expect 0 order-import s.ndjson
for r in site shopify insales retail; do
	expect 0 order-export $r --confirm last
done
cat >ours.ndjson <<'EOF'
{"type":"order","order_no":"S-1","source":"desk","external_id":"S-1","tracking_no":"PC1\"BY","payments":[{"type":"cash","status":"paid","amount":5,"paid_at":"2026-03-02T08:00:00Z"}]}
EOF
sql "INSERT INTO order_source (order_id, source, external_id, base, record_hash)
    SELECT id, 'desk', 'S-1', '', '00000000000000ff' FROM orders WHERE order_no = 'S-1'"
expect 0 order-import ours.ndjson
expect 0 order-status --set cancel-other --reason lost S-1
: >told
for r in site shopify insales retail; do
	expect 0 order-export $r
	cat out >>told
done
same 'status, payment and tracking number' told <<'EOF'
{"order_no":"S-1","method":"PUT","path":"/wp-json/wc/v3/orders/a%2F9","body":{"status":"cancelled","set_paid":true,"meta_data":[{"key":"_tracking_number","value":"PC1\"BY"}]}}
{"order_no":"S-1","method":"PUT","path":"/admin/api/2025-01/orders/a%2F9.json","body":{"order":{"id":"a/9","metafields":[{"namespace":"crm","key":"status","type":"single_line_text_field","value":"cancelled"},{"namespace":"crm","key":"tracking_number","type":"single_line_text_field","value":"PC1\"BY"},{"namespace":"crm","key":"payment","type":"single_line_text_field","value":"paid"}]}}}
{"order_no":"S-1","method":"POST","path":"/admin/api/2025-01/orders/a%2F9/cancel.json","body":{}}
{"order_no":"S-1","method":"PUT","path":"/admin/orders/a%2F9.json","body":{"order":{"fulfillment_status":"declined","financial_status":"paid","fields_values_attributes":[{"handle":"tracking_number","value":"PC1\"BY"}]}}}
{"order_no":"S-1","method":"POST","path":"/api/v5/orders/a%2F9/edit","form":{"by":"id","order":{"status":"cancel-other","delivery":{"data":{"trackNumber":"PC1\"BY"}}}}}
{"order_no":"S-1","method":"POST","path":"/api/v5/orders/payments/create","form":{"payment":{"externalId":"S-1-1","order":{"id":"a/9"},"type":"cash","status":"paid","amount":5.00,"paidAt":"2026-03-02 11:00:00"}}}
EOF

# MoySklad: goods by its ids; an order that cannot be told is not passed over.
expect 3 order-export ms
same 'nothing could be told' out </dev/null
contains 'and why' err "MoySklad's id of 'Мыло & К' is not known"
expect 0 order-export ms --confirm written
expect 0 order-export ms -n --tsv --no-header
same 'and, as the others would be made twice for it, it is not tried again' \
    out </dev/null
cat >m.ndjson <<'EOF'
{"type":"order","order_no":"M-1","source":"phone","status":"new","placed_at":"2026-03-01T21:30:00Z","items":[{"name":"x","sku":"x","quantity":3,"price":3.3333,"discount":1}],"charges":[{"kind":"delivery","amount":4.5}]}
EOF
expect 0 order-import m.ndjson
sql "INSERT INTO offer_source SELECT 'ms', 'g-1', offer_id, NULL
    FROM order_item JOIN orders o ON o.id = order_id WHERE order_no = 'M-1'"
expect 0 order-export ms
cp out told
same 'an order with all it needs is' told <<'EOF'
{"order_no":"M-1","method":"POST","path":"/entity/customerorder","body":{"name":"M-1","externalCode":"M-1","moment":"2026-03-02 00:30:00.000","organization":{"meta":{"href":"https://ms/o/1","type":"organization","mediaType":"application/json"}},"agent":{"meta":{"href":"https://ms/a/2","type":"counterparty","mediaType":"application/json"}},"state":{"meta":{"href":"https://ms/state/1","type":"state","mediaType":"application/json"}},"positions":[{"quantity":3,"price":300,"assortment":{"meta":{"href":"https://api.moysklad.ru/api/remap/1.2/entity/product/g-1","type":"product","mediaType":"application/json"}}},{"quantity":1,"price":450,"assortment":{"meta":{"href":"https://ms/s/3","type":"service","mediaType":"application/json"}}}]}}
EOF
expect 3 order-export bare
contains 'without its links nothing is' err "needs 'organization' and 'agent'"
expect 0 order-export ms --confirm last
expect 0 order-status --set send-to-assembling M-1
expect 0 order-status --set assembling M-1
expect 3 order-export ms
contains 'its id must be known then' err "MoySklad's id of it is not known"
echo '{"id":"m-1","name":"M-1","externalCode":"M-1","moment":"2026-03-02 00:30:00.000","sum":1350,"positions":{"rows":[{"id":"p1","quantity":3,"price":300,"assortment":{"name":"x","article":"x"}},{"id":"p2","quantity":1,"price":450,"assortment":{"meta":{"type":"service"},"name":"Доставка"}}]}}' >m.json
expect 0 order-import --source ms --format moysklad m.json
sql "SELECT external_id, base FROM order_source WHERE source = 'ms'" >out
same 'its order is found by our number' out <<'EOF'
m-1 status=new
EOF
expect 0 order-export ms
grep -o '"method":.*"body":{"' out >told
same 'by which it is put in place' told <<'EOF'
"method":"PUT","path":"/entity/customerorder/m-1","body":{"
EOF
contains 'a status without a word is said' err \
    'order-export: warning: ms has no word for status assembling; it is left out'

# Mistakes and faults.
expect 2 order-export
expect 2 order-export 1c site
expect 2 order-export --json 1c
expect 2 order-export --confirm x 1c
expect 2 order-export --confirm last -o f 1c
expect 1 order-export nobody
contains 'tells who is there' err "no receiver 'nobody'; choose from 1c, 1c-utf8"
expect 1 order-export -d none.db 1c
expect 1 order-export 1c -o none/file
dump | grep "export.1c" >before
order-export 1c >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is a failure' $?
dump | grep "export.1c" | diff before - >difference
ok 'and nothing counts as written' $?
flock .t.db.order-export-1c.lock sh -c 'order-export 1c; [ $? -eq 75 ]' 2>err
ok 'one at a time for each receiver' $?
echo 'receiver x { kind = fax }' >bad.conf
expect 1 order-export -c bad.conf x
contains 'says where' err "bad.conf:1: unknown kind 'fax'; choose from"
echo 'receiver x { encoding = "utf-8" }' >bad.conf
expect 1 order-export -c bad.conf x
contains 'a receiver has a kind' err "receiver 'x' needs a line as kind = "
echo 'codes "sum" { values = { "a=b" } }' >ms.codes
expect 1 order-export ms
contains 'so with codes' err "ms.codes:1: unknown codes 'sum'"
whole
done_testing
