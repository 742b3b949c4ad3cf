#!/bin/sh
# order-import of Shopify: the Admin API's JSON, and the CSV of its list.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders
export BETWEEN='|'

# The API's example contradicts itself: three lines of 199 and a sum of 398. The
# order counts, and the difference is said.
shop
expect 0 order-import "$in/shopify.json"
sed "s|$in/||" err >err2
same 'what has to be said' err2 <<'EOF'
order-import: warning: shopify.json: order 1: its lines make 597.00 USD, it says 398.00 USD; the difference is kept as a charge
order-import: warning: shopify.json: order 1: the source's delivery_type 'Free Shipping' has no counterpart here; a map can name one, see crm-map(5)
EOF
sql "SELECT order_no, source, external_id, status, order_method, placed_at, currency, customer_name,
    phone, email, total, source_total, paid, coupon, tracking_no, source_codes FROM v_orders;
    SELECT delivery_country, delivery_region, delivery_city, delivery_postcode, delivery_street FROM v_orders;
    SELECT line, sku, name, quantity, price, discount, sum FROM v_items;
    SELECT kind, name, amount, included FROM v_charges;
    SELECT type, status, amount_minor, comment FROM payment;
    SELECT customer_external_id FROM orders; SELECT source_updated_at FROM order_source" >out
same 'every figure and text' out <<'EOF'
1001|shopify|450789469|new|shopping-cart|2008-01-10T16:00:00Z|USD|Bob Norman|555-625-1199|bob.norman@hostmail.com|409.94|409.94|0.0|TENOFF|1Z2345|delivery_type=Free Shipping
US|Kentucky|Louisville|40202|Chestnut Street 92
1|IPOD2008GREEN|IPod Nano - 8gb - green|1.0|199.0|0.0|199.0
2|IPOD2008RED|IPod Nano - 8gb - red|1.0|199.0|0.0|199.0
3|IPOD2008BLACK|IPod Nano - 8gb - black|1.0|199.0|0.0|199.0
rounding|the source's lines make another sum|-199.0|0
tax|State Tax|11.94|0
bank-card|payment-start|40994|authorize_net
207119551
1199980800
EOF
expect 0 order-import -v "$in/shopify.json"
contains 'twice changes nothing' err '0 new, 0 changed, 1 same'

# Discounts by line and by order, on delivery, tax included, a tip, part paid,
# part sent back, an address with a campaign, a cancelled one.
cat >more.json <<'EOF'
{"orders":[{"id":5003,"name":"#1103","created_at":"2026-02-03T10:00:00+03:00","updated_at":"2026-02-04T10:00:00+03:00","currency":"EUR",
"financial_status":"partially_paid","fulfillment_status":"partial","taxes_included":true,"total_tax":"5.00","total_discounts":"7.00",
"subtotal_price":"38.00","total_price":"43.90","total_outstanding":"20.00","total_tip_received":"2.00","gateway":"cash",
"landing_site":"/?utm_source=fb&utm_campaign=%D0%B2%D0%B5%D1%81%D0%BD%D0%B0+26&utm_medium=&x=%zz",
"customer":{"id":1,"first_name":"Anna","last_name":null},"email":"","phone":"+49 30 1234567",
"line_items":[{"id":1,"sku":"","title":"Soap","quantity":3,"price":"15.00","discount_allocations":[{"amount":"5.00"},{"amount":"2.00"}]},
{"id":2,"title":"Gone","quantity":0,"price":"9.00"}],
"shipping_lines":[{"title":"DHL","code":"dhl","price":"4.90","discount_allocations":[{"amount":"1.00"}]}],
"discount_codes":[{"code":"A"},{"code":"B"}],
"fulfillments":[{"status":"success","tracking_number":"TN1"},{"status":"cancelled","tracking_number":"TN2"}],
"refunds":[{"id":9,"created_at":"2026-02-05T09:00:00Z","note":"broken","transactions":[{"kind":"refund","status":"success","amount":"3.50"},{"kind":"refund","status":"failure","amount":"99"}]},{"id":10,"created_at":"2026-02-05T09:00:00Z","transactions":[]}]},
{"id":5004,"name":"#1104","created_at":"2026-02-03T11:00:00+03:00","currency":"EUR","financial_status":"voided","cancelled_at":"2026-02-03T12:00:00+03:00","cancel_reason":"customer",
"total_discounts":"2.00","subtotal_price":"8.00","total_price":"8.00","line_items":[{"id":3,"title":"Soap","quantity":1,"price":"10.00"}]}]}
EOF
expect 0 order-import -v more.json
contains 'taken' err '2 new'
sql "SELECT order_no, status, status_reason, total, source_total, paid, refunded, coupon, tracking_no, utm_source,
    utm_campaign, utm_medium, source_codes FROM v_orders WHERE order_no > '1100';
    SELECT order_no, kind, amount, included FROM v_charges WHERE order_no > '1100';
    SELECT quantity, price, discount, sum FROM v_items WHERE order_no > '1100';
    SELECT type, status, amount_minor FROM payment WHERE order_id = 2;
    SELECT external_id, amount_minor, reason FROM refund" >out
same 'totals are the source'\''s' out <<'EOF'
1103|assembling||43.9|43.9|23.9|3.5|A, B|TN1|fb|весна 26||delivery_type=dhl
1104|cancel-other|customer|8.0|8.0|0.0|0.0||||||
1103|delivery|3.9|0
1103|tax|5.0|1
1103|tip|2.0|0
1104|discount|-2.0|0
3.0|15.0|7.0|38.0
1.0|10.0|0.0|10.0
cash|not-paid|2000
cash|paid|2390
9|350|broken
EOF

# Delivery for nothing, by a code; duties in the total and beside it; yen.
cat >free.json <<'EOF'
{"orders":[
{"id":6001,"name":"#1201","created_at":"2026-02-03T10:00:00+03:00","currency":"USD","presentment_currency":"EUR","financial_status":"paid","total_tax":"2.00","total_discounts":"4.90","subtotal_price":"20.00","total_price":"22.00",
 "line_items":[{"id":1,"sku":"A","title":"A","quantity":2,"price":"10.00","total_discount":"0.00","discount_allocations":[]}],
 "shipping_lines":[{"title":"DHL","price":"4.90","discount_allocations":[{"amount":"4.90"}]}]},
{"id":6002,"name":"#1202","created_at":"2026-02-03T10:00:00+03:00","currency":"USD","financial_status":"paid","total_discounts":"5.90","subtotal_price":"19.00","total_price":"22.00","original_total_duties_set":{"shop_money":{"amount":"3.00"},"presentment_money":{"amount":"2.70"}},
 "line_items":[{"id":1,"title":"A","quantity":2,"price":"10.00","discount_allocations":[{"amount":"1.00"}]}],
 "shipping_lines":[{"title":"DHL","price":"4.90","discount_allocations":[{"amount":"4.90"}]}]},
{"id":6003,"name":"#1203","created_at":"2026-02-03T10:00:00+03:00","currency":"USD","financial_status":"paid","subtotal_price":"10.00","total_price":"10.00","original_total_duties_set":{"shop_money":{"amount":"3.00"}},
 "line_items":[{"id":1,"title":"A","quantity":1,"price":"10.00"}]},
{"id":6004,"name":"#1204","created_at":"2026-02-03T10:00:00+03:00","currency":"JPY","financial_status":"paid","taxes_included":true,"total_tax":"100","total_discounts":"110","subtotal_price":"990","total_price":"990",
 "line_items":[{"id":1,"title":"J","quantity":1,"price":"1100","total_discount":"110"}]}]}
EOF
expect 0 order-import -v free.json
same 'nothing has to be said' err <<'EOF'
order-import: 4 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run 5
EOF
sql "SELECT order_no, total, source_total, paid FROM v_orders WHERE order_no > '1200';
    SELECT order_no, kind, amount, included FROM v_charges WHERE order_no > '1200'" >out
same 'every total is the source'\''s' out <<'EOF'
1201|22.0|22.0|22.0
1202|22.0|22.0|22.0
1203|10.0|10.0|10.0
1204|990.0|990.0|990.0
1201|tax|2.0|0
1202|fee|3.0|0
1203|fee|3.0|1
1204|tax|100.0|1
EOF

# The CSV: known by its header; what concerns the order stands on its first row.
rm t.db*
shop
expect 0 order-import "$in/shopify.csv"
sed "s|$in/||" err >err2
same 'one code has no counterpart' err2 <<'EOF'
order-import: warning: shopify.csv:2: the source's delivery_type 'Standard' has no counterpart here; a map can name one, see crm-map(5)
EOF
sql "SELECT order_no, source, external_id, status, order_method, placed_at, currency, customer_name, phone,
    email, total, source_total, paid, refunded, coupon, source_codes FROM v_orders;
    SELECT delivery_country, delivery_region, delivery_city, delivery_postcode, delivery_street FROM v_orders;
    SELECT customer_comment FROM v_orders LIMIT 1;
    SELECT order_no, sku, name, quantity, price, discount, sum FROM v_items;
    SELECT order_no, kind, amount, included FROM v_charges;
    SELECT type, status, amount_minor, paid_at, comment FROM payment;
    SELECT amount_minor, refunded_at FROM refund" >out
same 'every figure and text of the CSV' out <<'EOF'
1101|shopify|5001|complete|shopping-cart|2026-02-01T07:15:00Z|EUR|Anna Berg|+49301234567|anna@example.com|59.38|59.38|59.38|12.5|WELCOME5|delivery_type=Standard
1102|shopify|5002|cancel-other|phone|2026-02-02T08:00:00Z|EUR|Bob Ross|+4930111|bob@example.com|23.8|23.8|0.0|0.0||
DE|BE|Berlin|01067|Hauptstr. 1, 2. OG
||||
Please ring
twice, "back door"
1101|SOAP-L|Soap - Lavender|2.0|12.5|0.0|25.0
1101|BR-1|Brush|1.0|25.0|0.0|25.0
1102|SH-1|Shampoo bar, 75 g|2.0|12.9|2.0|23.8
1101|delivery|4.9|0
1101|tax|9.48|0
1101|discount|-5.0|0
1102|tax|3.8|1
bank-card|paid|5938|1769930160|c123.1
bank-transfer|canceled|2380||
1250|1769930160
EOF
expect 0 order-import -v "$in/shopify.csv"
contains 'the CSV twice changes nothing' err '0 new, 0 changed, 2 same'
expect 0 sh -c "order-import -v <'$in/shopify.csv'"
contains 'from a pipe' err '2 same'

# A row that cannot be read refuses its order, under the name the API gives it.
sed 's/,23.80,,2.00/,a lot,,2.00/' "$in/shopify.csv" >bad.csv
rm t.db*
shop
expect 3 order-import --rejects bad.out bad.csv
contains 'the line and the column' err "bad.csv:5: column 12: source_total: 'alot' is not a number"
sql 'SELECT external_id, format FROM reject' >out
same 'kept under its name' out <<'EOF'
5002|shopify-csv
EOF
expect 0 order-import -v "$in/shopify.csv"
sql 'SELECT count(*) FROM reject WHERE resolved_at IS NULL' >out
same 'and settled when it comes' out <<'EOF'
0
EOF
done_testing
