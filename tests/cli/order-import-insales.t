#!/bin/sh
# order-import of InSales' API.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders/insales.json
export BETWEEN='|'

shop
expect 0 order-import "$in"
sed "s|$in|insales.json|" err >err2
same 'the store has no counterpart' err2 <<'EOF'
order-import: warning: insales.json: order 1: the source's store '1' has no counterpart here; a map can name one, see crm-map(5)
EOF
sql "SELECT order_no, source, external_id, status, placed_at, currency, customer_name, phone, email,
    customer_comment, total, source_total, paid, source_codes, utm_source FROM v_orders;
    SELECT delivery_type, delivery_region, delivery_city, delivery_postcode, delivery_street, delivery_address FROM v_orders;
    SELECT sku, name, quantity, price, discount, sum FROM v_items;
    SELECT kind, name, amount, included FROM v_charges;
    SELECT type, status, amount_minor, comment FROM payment;
    SELECT customer_external_id FROM orders; SELECT source_updated_at FROM order_source" >out
same 'every figure and text' out <<'EOF'
1023|insales|2363810|new|2013-12-31T09:55:23Z|RUB|Имя|+79990000001|a@example.org|comments|2200.0|2200.0|0.0|store=1|Прямой заход
courier|Москва|Москва|567887|ул. 1|567887, Москва, ул. 1
A-1|Товар|2.0|1000.0|0.0|2000.0
delivery|Курьером|200.0|0
cash|not-paid|220000|Наличными курьеру
7
1388485607
EOF
expect 0 order-import -v "$in"
contains 'twice changes nothing' err '0 new, 0 changed, 1 same'

# A discount on the order, told once or twice; a status of the shop's own; a
# field of the shop's own that a map names.
cat >more.json <<'EOF'
[{"id":1,"number":1,"created_at":"2026-02-01T10:00:00+03:00","updated_at":"2026-02-01T10:00:00+03:00","fulfillment_status":"accepted","financial_status":"paid","paid_at":"2026-02-01T11:00:00+03:00",
"custom_status":{"permalink":"sobran","title":"Собран"},"currency_code":"RUB","total_price":"950.0","full_delivery_price":"150.0",
"discounts":[{"amount":200.0,"description":"Скидка"}],"delivery_date":"2026-02-05","delivery_from_hour":9,"delivery_to_hour":12,
"fields_values":[{"handle":"gift","name":"Подарок","value":"открытка"}],
"client":{"id":7,"surname":"Иванов","name":"Пётр","middlename":"Ильич","phone":"+79990000001"},
"order_lines":[{"id":1,"sku":"A","title":"Товар","quantity":2,"sale_price":500.0,"full_sale_price":500.0,"total_price":1000.0}]},
{"id":2,"number":2,"created_at":"2026-02-01T10:00:00+03:00","fulfillment_status":"unheard-of","currency_code":"RUB","total_price":800,
"discounts":[{"amount":200.0}],"order_lines":[{"id":2,"sku":"A","title":"Товар","quantity":2,"sale_price":400,"full_sale_price":500,"total_price":800.0,"discounts_amount":200}]}]
EOF
cat >shop.map <<'EOF'
codes "status" { values = {"sobran=assembling-complete"} }
column "fields_values.gift" { field = "manager_comment" }
EOF
expect 0 order-import --map shop.map more.json
contains 'a status that nobody knows' err "the source's status 'unheard-of' has no counterpart"
sql "SELECT order_no, status, total, source_total, paid, delivery_on, delivery_from, delivery_to, customer_name,
    manager_comment, source_codes FROM v_orders WHERE order_no < '3' AND length(order_no) = 1;
    SELECT order_no, kind, amount FROM v_charges WHERE length(order_no) = 1;
    SELECT order_no, price, discount, sum FROM v_items WHERE length(order_no) = 1" >out
same 'the discount counts once' out <<'EOF'
1|assembling-complete|950.0|950.0|950.0|2026-02-05|09:00|12:00|Иванов Пётр Ильич|открытка|
2|new|800.0|800.0|0.0||||||status=unheard-of
1|delivery|150.0
1|discount|-200.0
1|500.0|0.0|1000.0
2|500.0|200.0|800.0
EOF

# A known order keeps its status when the source's means nothing here.
expect 0 order-status --set client-confirmed 2
sed 's/unheard-of/unheard-of-2/; s/"id":2,"number":2/&,"updated_at":"2026-02-02T10:00:00+03:00"/' more.json >newer.json
expect 0 order-import -q --map shop.map newer.json
sql "SELECT status, source_codes FROM v_orders WHERE order_no = '2'" >out
same 'it keeps ours' out <<'EOF'
client-confirmed|status=unheard-of-2
EOF
done_testing
