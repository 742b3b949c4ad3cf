#!/bin/sh
# order-import of OpenCart: what share/opencart/orders.sql makes of its tables.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders/opencart.tsv
export BETWEEN='|'

shop
expect 0 sh -c "order-import - <'$in'"
same 'what has no counterpart' err <<'EOF'
order-import: warning: stdin:5: the source's status 'Сборка на складе' has no counterpart here; a map can name one, see crm-map(5)
order-import: warning: stdin:5: the source's delivery_type 'Голубиная почта' has no counterpart here; a map can name one, see crm-map(5)
EOF
sql "SELECT order_no, source, status, placed_at, currency, customer_name, phone, email, coupon, total,
    source_total, delivery_type, source_codes FROM v_orders;
    SELECT delivery_country, delivery_region, delivery_city, delivery_postcode, delivery_street, delivery_flat FROM v_orders;
    SELECT customer_comment FROM v_orders LIMIT 1;
    SELECT order_no, sku, name, quantity, price, sum FROM v_items ORDER BY order_id, line;
    SELECT order_no, kind, amount FROM v_charges;
    SELECT order_id, type, amount_minor FROM payment;
    SELECT customer_external_id FROM orders; SELECT source_updated_at FROM order_source" >out
tab=$(printf '\t')
same 'every figure and text' out <<EOF
101|opencart|client-confirmed|2026-02-01T07:15:00Z|BYN|Анна Ковальчук|+375291112233|anna@example.by|Coupon (SPRING)|45.5|45.5|courier|
102|opencart|complete|2026-02-02T20:59:59Z|USD|John Doe|+442079460000|john@example.com||10.95|10.95|self-delivery|
104|opencart|new|2026-02-03T06:00:00Z|BYN|Пётр "Петя" Иванов|+375441111111|petr@example.by||95.0|95.0||status=Сборка на складе; delivery_type=Голубиная почта
Беларусь|Минск|Минск|220030|ул. Немига, 12|кв. 40
United Kingdom|Greater London|London|N1 9GU|1 High St|
Беларусь|Брест|Брест|224000|back\\slash 1|
Позвоните за час
и ещё раз${tab}после
101|SOAP-1|Мыло, 100 г|2.0|10.5|21.0
101|BRUSH|"Щётка" бамбуковая|1.0|20.0|20.0
102|BRUSH|Brush|3.0|3.0407|9.12
104|L"42|Лампа 42"|1.0|100.0|100.0
101|delivery|5.0
101|discount|-2.5
101|fee|2.0
102|tax|1.82
102|rounding|0.01
104|discount|-5.0
1|cash|4550
2|bank-transfer|1095
3|cash|9500
7

9
1769932800
1770094800
1770098400
EOF
expect 0 order-import -v "$in"
contains 'twice changes nothing' err '0 new, 0 changed, 3 same'

# A server in another zone; other words for a status.
cat >msk.map <<'EOF'
timezone = "Asia/Vladivostok"
codes "status" { values = {"Сборка на складе=assembling"} }
EOF
rm t.db*
shop
expect 0 order-import -q --map msk.map "$in"
sql "SELECT placed_at, status FROM v_orders WHERE order_no = '104'" >out
same 'the map of the user goes before' out <<'EOF'
2026-02-02T23:00:00Z|assembling
EOF

# A rejected row is read again alone, escapes and all.
rm t.db*
shop
sed 's/\t2\t10.5000\t/\tx\t10.5000\t/' "$in" >bad.tsv
expect 3 order-import bad.tsv
contains 'the row' err "bad.tsv:2: column 22: quantity: 'x' is not a number"
sqlite3 "$CRM_DB" "UPDATE reject SET record = replace(record, char(9) || 'x' || char(9), char(9) || '2' || char(9))"
expect 0 order-import --retry
sql "SELECT total, customer_comment FROM v_orders WHERE order_no = '101'" >out
same 'taken when mended' out <<EOF
45.5|Позвоните за час
и ещё раз${tab}после
EOF
done_testing
