#!/bin/sh
# order-import of WooCommerce's REST API, version 3.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders/woocommerce.json
export BETWEEN='|'

shop
expect 0 order-import "$in"
sed "s|$in|woo.json|" err >err2
same 'one code has no counterpart, and is said once' err2 <<'EOF'
order-import: warning: woo.json: order 1: the source's delivery_type 'flat_rate' has no counterpart here; a map can name one, see crm-map(5)
EOF
sql "SELECT order_no, source, external_id, status, placed_at, currency,
    customer_name, phone, email, total, source_total, paid, refunded, source_codes FROM v_orders;
    SELECT delivery_country, delivery_region, delivery_city, delivery_postcode, delivery_street FROM v_orders;
    SELECT order_no, line, sku, name, quantity, price, discount, sum FROM v_items ORDER BY order_id, line;
    SELECT order_no, kind, name, amount, included FROM v_charges;
    SELECT order_id, type, status, amount_minor, paid_at, comment FROM payment;
    SELECT order_id, external_id, amount_minor, refunded_at FROM refund;
    SELECT customer_external_id FROM orders;
    SELECT source_updated_at FROM order_source" >out
same 'every figure and text' out <<'EOF'
727|woocommerce|727|client-confirmed|2017-03-22T19:28:02Z|USD|John Doe|(555) 555-5555|john.doe@example.com|29.35|29.35|29.35|0.0|delivery_type=flat_rate
723|woocommerce|723|complete|2017-03-21T19:16:00Z|USD|João Silva|(11) 1111-1111|joao.silva@example.com|39.0|39.0|0.0|19.0|delivery_type=flat_rate
US|CA|San Francisco|94103|969 Market
BR|RJ|Rio de Janeiro|12345-000|Av. Brasil, 432
727|1||Woo Single #1|2.0|3.0|0.0|6.0
727|2|Bar3|Ship Your Idea – Color: Black, Size: M Test|1.0|12.0|0.0|12.0
723|1||Woo Album #2|1.0|9.0|0.0|9.0
723|2||Woo Ninja|1.0|20.0|0.0|20.0
727|delivery|Flat Rate|10.0|0
727|tax|State Tax|1.35|0
723|delivery|Flat rate|10.0|0
1|bank-transfer|paid|2935|1490210888|Direct Bank Transfer
2|bank-transfer|not-paid|3900||Direct bank transfer
2|726|1000|1490126091
2|724|900|1490126091

26
1490210888
1490126091
EOF
expect 0 order-import -v "$in"
contains 'twice changes nothing' err '0 new, 0 changed, 2 same'

# The shop's work stays when the same comes again; what is new comes in.
expect 0 order-status --set assembling 727
sed 's/"date_modified_gmt": "2017-03-22T19:28:08"/"date_modified_gmt": "2017-03-23T10:00:00"/
    s/"customer_note": ""/"customer_note": "Ring twice"/' "$in" >newer.json
expect 0 order-import -v newer.json
contains 'the newer one' err '0 new, 2 changed'
sql "SELECT status, customer_comment FROM v_orders WHERE order_no = '727'" >out
same 'a change of the source, beside one of ours' out <<'EOF'
assembling|Ring twice
EOF
expect 0 order-import -v "$in"
contains 'an old export does not undo it' err '1 older'

# Coupons, fees, discounts, prices with tax, attribution, drafts, entities.
cat >more.json <<'EOF'
[{"id":1,"number":"W-1","status":"on-hold","currency":"EUR","date_created":"2026-02-01T13:00:00","date_modified":"2026-02-01T13:00:00",
"prices_include_tax":true,"total":"28.05","total_tax":"4.48","created_via":"checkout",
"billing":{"first_name":"Анна","last_name":"","phone":"8 029 111-22-33","email":"A@Example.BY","country":"BY","city":"Минск","address_1":"Немига 1"},
"shipping":{"first_name":"","address_1":"","city":""},
"payment_method":"cod","payment_method_title":"Наличными &amp; картой","date_paid":null,
"meta_data":[{"key":"_wc_order_attribution_utm_source","value":"google"},{"key":"_wc_order_attribution_utm_campaign","value":"spring"},{"key":"delivery_date","value":"05.02.2026"},{"key":"list","value":["a","b"]}],
"line_items":[{"id":1,"name":"Soap &#8211; &quot;Lavender&quot; &foo; &","quantity":3,"subtotal":"25.00","total":"22.50","sku":"S-1","price":7.5}],
"shipping_lines":[{"method_id":"local_pickup:3","method_title":"Самовывоз","total":"0.00"}],
"fee_lines":[{"name":"Gift wrap","total":"2.07"},{"name":"Friend","total":"-1.00"}],
"coupon_lines":[{"code":"spring10"},{"code":"vip"}],"tax_lines":[{"label":"НДС"}],"refunds":[]},
{"id":2,"status":"checkout-draft","currency":"EUR","date_created":"2026-02-01T13:00:00","total":"0.00","line_items":[],"billing":{}}]
EOF
cat >woo.map <<'EOF'
source = "woo-eu"
timezone = "Europe/Berlin"
codes "status" { values = {"on-hold=needs-clarification"} }
column "meta_data.delivery_date" { field = "delivery_on" }
column "meta_data.list" { field = "manager_comment" }
constant "utm_medium" { value = "site" }
EOF
expect 0 order-import -v --map woo.map more.json
same 'a draft is passed over' err <<'EOF'
order-import: 1 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run 7
EOF
sql "SELECT source, status, order_method, placed_at, phone, email, coupon, utm_source, utm_medium,
    utm_campaign, delivery_type, delivery_on, delivery_city, manager_comment, total, source_total
    FROM v_orders WHERE order_no = 'W-1';
    SELECT name, quantity, price, discount, sum FROM v_items WHERE order_no = 'W-1';
    SELECT kind, name, amount FROM v_charges WHERE order_no = 'W-1';
    SELECT comment FROM payment WHERE order_id = 3" >out
same 'and what a map adds' out <<'EOF'
woo-eu|needs-clarification|shopping-cart|2026-02-01T12:00:00Z|+375291112233|a@example.by|spring10, vip|google|site|spring|self-delivery|2026-02-05|Минск|a, b|28.05|28.05
Soap – "Lavender" &foo; &|3.0|8.3333|2.5|22.5
fee|Gift wrap|2.07
discount|Friend|-1.0
tax|НДС|4.48
Наличными & картой
EOF

# A map that names a field that cannot be is wrong as such.
echo 'column "meta_data.x" { field = "item_sku" }' >wrong.map
expect 1 order-import --map wrong.map more.json
contains 'no field of an order' err "'item_sku' is no field of an order"
echo 'codes "phone" { values = {"a=b"} }' >wrong.map
expect 1 order-import --map wrong.map more.json
contains 'no field with codes' err "codes 'phone': there is no such field with codes"
done_testing
