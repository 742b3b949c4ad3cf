#!/bin/sh
# order-import of retailCRM's orders: an answer with one, a list, NDJSON.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders
export BETWEEN='|'
totals() { sql 'SELECT count(*) FROM orders WHERE total_minor IS NOT source_total_minor'; }
twice() {	# twice FILE - again: nothing changes, not even the database
	dump | grep -v '^INSERT INTO \(run\|sqlite_sequence\)' >before
	expect 0 order-import -v "$1"
	contains 'twice changes nothing' err '0 new, 0 changed,'
	dump | grep -v '^INSERT INTO \(run\|sqlite_sequence\)' >after
	same 'nor the database' after <before
}

# The codes of the account that the shop does not have are said, and kept.
shop
expect 0 order-import "$in/retailcrm-order.json"
sed "s|$in/||" err >err2
same 'what has no counterpart is said once' err2 <<'EOF'
order-import: warning: retailcrm-order.json: order 1: the source's site 'eco' has no counterpart here; a map can name one, see crm-map(5)
order-import: warning: retailcrm-order.json: order 1: the source's manager '4' has no counterpart here; a map can name one, see crm-map(5)
order-import: warning: retailcrm-order.json: order 1: custom field 'coupon' is unknown and left out; crm-reference --load custom_field.tsv adds it
EOF
sql "SELECT order_no, source, external_id, status, order_method, placed_at,
    customer_name, phone, email, total, source_total, source_codes, call_wanted,
    customer_comment, manager_comment FROM v_orders;
    SELECT utm_source, utm_medium, utm_campaign, delivery_type, delivery_on,
    delivery_from, delivery_to, ship_on, store, delivery_net, delivery_country,
    delivery_region, delivery_city, delivery_postcode, delivery_street,
    delivery_building, delivery_flat, delivery_address FROM v_orders;
    SELECT line, sku, name, quantity, price, discount, sum, purchase_price FROM v_items;
    SELECT kind, amount, included FROM v_charges;
    SELECT external_id, type, status, amount_minor FROM payment;
    SELECT source_updated_at FROM order_source" >out
same 'every figure and text' out <<'EOF'
1042A|retailcrm|1042|client-confirmed|shopping-cart|2025-03-14T07:22:05Z|Кравец Алеся Игоревна|+375291112233|alesya@example.by|63.1|63.1|site=eco; manager=4|1|Позвоните за час|Постоянный клиент
instagram|social|spring|courier|2025-03-15|18:00|21:00|2025-03-15|main|4.0|BY|Минская область|Минск|220030|Немига|12|40|ул. Немига, д. 12, кв./офис 40
1|BR-01|Щётка бамбуковая, мягкая|2.0|16.2|0.0|32.4|8.1
2|80|Шампунь твёрдый|1.0|28.0|2.8|25.2|15.0
delivery|5.5|0
873-67d3f1|cash|not-paid|6310
1741941631
EOF
twice "$in/retailcrm-order.json"
expect 0 order-list source_codes~site=eco
contains 'orders whose codes mean nothing are found' out 1042A

# Once the shop has them, importing again brings them in.
cat >custom_field.tsv <<'EOF'
entity	code	name	name_ru	type	dictionary	ordering
order	coupon	Coupon	Купон	string		10
EOF
expect 0 crm-reference --load custom_field.tsv
printf '%s\n' 'codes "site" { values = {"eco=main"} }' \
    'codes "manager" { values = {"4="} }' >eco.map
expect 0 order-import -v --map eco.map "$in/retailcrm-order.json"
same 'nothing is left to say' err <<'EOF'
order-import: 0 new, 1 changed, 0 same, 0 conflicts, 0 rejected; run 5
EOF
sql 'SELECT site, source_codes FROM v_orders; SELECT field, value FROM custom_value' >out
same 'and the codes are gone' out <<'EOF'
main|
coupon|SPRING10
EOF

# Answers of a live account, and the same as a list and a line each.
for f in retailcrm-answer retailcrm-list; do
	expect 0 order-import -q "$in/$f.json"
	twice "$in/$f.json"
done
[ "$(totals)" = 0 ]
ok 'every total is the source'\''s own' $?
rm t.db*
shop
for f in retailcrm-order retailcrm-answer; do
	tr -d '\n' <"$in/$f.json"
	echo
done >lines.json
expect 0 order-import -q --format retailcrm lines.json
sql 'SELECT group_concat(order_no) FROM orders' >out
same 'documents one behind the other' out <<'EOF'
1042A,8123522898559160
EOF

# Floats of PHP, a cancelled item, a discount on the order, no totals.
cat >odd.json <<'EOF'
{"success":true,"orders":[
{"id":1,"number":"O 1","createdAt":"2026-02-01 10:00:00","status":"new","currency":"RUR","totalSumm":57.599999999999994,
 "items":[{"id":1,"initialPrice":16.200000000000003,"quantity":2,"prices":[{"price":16.2,"quantity":1},{"price":16.199999999999999,"quantity":1}],"offer":{"name":"A"}},
  {"id":2,"initialPrice":28,"discountTotal":2.8,"quantity":1,"offer":{"name":"B"}},
  {"id":3,"initialPrice":100,"quantity":1,"isCanceled":true,"offer":{"name":"C"}}]},
{"id":2,"createdAt":"2026-02-01 10:00:00","status":"new","discountManualAmount":5,
 "items":[{"initialPrice":10,"discountManualAmount":1,"quantity":3,"productName":"D","offer":{"externalId":"77"}}],"payments":[{"type":"cash"}]}]}
EOF
expect 0 order-import -v --format retailcrm odd.json
sql "SELECT order_no, currency, total, source_total FROM v_orders WHERE external_id IN ('1', '2')" >out
same 'as the shop of the source would count' out <<'EOF'
O_1|RUB|57.6|57.6
2|BYN|22.0|
EOF

# An answer without orders says why; an empty list is none.
echo '{"success":false,"errorMsg":"Wrong \"apiKey\" value."}' >no.json
expect 3 order-import --format retailcrm no.json
same 'an answer that is an error' err <<'EOF'
order-import: no.json: order 1: an answer that says 'Wrong "apiKey" value.' and no order
order-import: 1 of 1 records rejected
EOF
echo '{"success":true,"pagination":{"totalCount":0},"orders":[]}' >empty.json
expect 0 order-import -v --format retailcrm empty.json
contains 'an empty list' err '0 new, 0 changed, 0 same'
done_testing
