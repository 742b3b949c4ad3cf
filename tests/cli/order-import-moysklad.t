#!/bin/sh
# order-import of MoySklad's customer orders: kopecks, Moscow time, metadata.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders/moysklad.json
export BETWEEN='|'

shop_in Asia/Yekaterinburg RUB RU
expect 0 order-import "$in"
sed "s|$in|moysklad.json|" err >err2
same 'what has to be said' err2 <<'EOF'
order-import: warning: moysklad.json: order 2: the source's status '1234-5678' has no counterpart here; a map can name one, see crm-map(5)
order-import: warning: moysklad.json: order 3: the export has no positions: orders become one line with their total; ask for expand=positions.assortment
EOF
sql "SELECT order_no, source, status, placed_at, currency, customer_name, phone, email, customer_comment,
    manager_comment, total, source_total, paid, source_codes FROM v_orders;
    SELECT delivery_on, delivery_city, delivery_postcode, delivery_street, delivery_building, delivery_flat,
    delivery_address, store FROM v_orders LIMIT 1;
    SELECT order_no, sku, name, quantity, price, discount, sum FROM v_items ORDER BY order_id, line;
    SELECT order_no, kind, amount, included FROM v_charges;
    SELECT order_id, status, amount_minor FROM payment;
    SELECT external_id, customer_external_id FROM orders;
    SELECT source_updated_at FROM order_source LIMIT 1" >out
same 'every figure and text' out <<'EOF'
00042|moysklad|client-confirmed|2026-01-31T21:30:00Z|RUB|Иванова Мария|+79161234567|maria@example.ru|домофон 2|Позвонить за час|1543.5|1543.5|500.0|
00043|moysklad|new|2026-02-02T06:00:00Z|RUB||||||1200.0|1200.0|0.0|status=1234-5678
00044|moysklad|new|2026-02-03T06:00:00Z|RUB||||||7.77|7.77|7.77|
2026-02-05|Москва|101000|ул Мясницкая|1|2|101000, г Москва, ул Мясницкая, д 1, кв 2|main
00042|OB-1|Обои «Лён»|3.0|333.0|99.9|899.1
00042|00002|Клей|1.0|644.4|0.0|644.4
00043||abcd-ef01|1.0|1000.0|0.0|1000.0
00044||total|1.0|7.77|0.0|7.77
00042|tax|257.25|1
00043|tax|200.0|0
1|paid|50000
3|paid|777
aaaa0001-0000-11ee-0a80-000000000001|ffff0001
aaaa0002-0000-11ee-0a80-000000000001|aaaa-bbbb
aaaa0003-0000-11ee-0a80-000000000001|aaaa-bbbb
1770021015
EOF
expect 0 order-import -v "$in"
contains 'twice changes nothing' err '0 new, 0 changed, 3 same'

# The state's id and an attribute by a map; then the status is known.
cat >my.map <<'EOF'
codes "status" { values = {"1234-5678=complete"} }
column "attributes.Источник" { field = "utm_source" }
EOF
expect 0 order-import -q --map my.map "$in"
sql 'SELECT order_no, status, utm_source, source_codes FROM v_orders LIMIT 2' >out
same 'what a map adds' out <<'EOF'
00042|client-confirmed|instagram|
00043|complete||
EOF

echo '{"errors":[{"error":"Ошибка аутентификации","code":1056}]}' >error.json
expect 3 order-import --format moysklad error.json
contains 'an error of the API' err "an answer that says 'Ошибка аутентификации' and no order"
done_testing
