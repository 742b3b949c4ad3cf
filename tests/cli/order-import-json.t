#!/bin/sh
# order-import of foreign JSON: what is wrong in a document, and large ones.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders
export BETWEEN='|'
order() {	# order ID [MEMBERS] - an order of WooCommerce
	printf '{"id":%s,"status":"pending","currency":"BYN","date_created":"2026-02-01T10:00:00","billing":{},"total":"5.00","line_items":[{"id":1,"name":"A","quantity":1,"subtotal":"5.00","total":"5.00"}]%s}' "$1" "${2-}"
}
# shellcheck disable=SC2317	# expect calls it
woo() { order-import --format woocommerce "$@"; }
taken() { sql 'SELECT ifnull(group_concat(external_id), 0) FROM orders'; }

# Whose orders these are is seen by their members.
shop
for f in insales moysklad retailcrm-order retailcrm-answer retailcrm-list shopify woocommerce; do
	expect 0 order-import -q "$in/$f.json"
done
sql 'SELECT source, count(*) FROM orders GROUP BY 1' >out
same 'each format is recognised' out <<'EOF'
insales|1
moysklad|3
retailcrm|3
shopify|1
woocommerce|2
EOF
printf '[{"a":1}]' >other.json
expect 3 order-import other.json
contains 'no known kind' err 'other.json: a JSON array, but of no kind that is known; --format tells which'
printf '<html><body>Log in</body></html>' >page.html
expect 3 order-import page.html
contains 'a page' err 'page.html: HTML or XML, but of no kind that is known'

# One bad order among good ones, of every kind of bad.
shop
{
	printf '['
	order 1
	printf ','
	order 2 ',"total_tax":"much"'
	printf ',7,"x",null,[1],'
	printf '{"id":3,"status":]},{"id":4 "x"},{"status":"pending"},'
	order 5 ',"line_items":{}'
	printf ','
	order 6 ',"fee_lines":[3]'
	printf ','
	order 7 ',"date_modified":"yesterday"'
	printf ','
	order 8 ',"customer_note":"\u0000"'
	printf ','
	order 9
	printf ']'
} >mixed.json
expect 3 woo mixed.json
same 'a line for each' err <<'EOF'
order-import: mixed.json: order 2: total_tax: 'much' is not a number
order-import: mixed.json: order 3: it is not an object
order-import: mixed.json: order 4: it is not an object
order-import: mixed.json: order 5: it is not an object
order-import: mixed.json: order 6: it is not an object
order-import: mixed.json: order 7: not JSON at byte 18
order-import: mixed.json: order 8: not JSON at byte 9
order-import: mixed.json: order 9: it is no order: 'id' is missing
order-import: mixed.json: order 10: key 'line_items' twice at byte 206
order-import: mixed.json: order 11: fee_lines 1 is not an object
order-import: mixed.json: order 12: date_modified: 'yesterday' is not a time
order-import: mixed.json: order 13: NUL character at byte 208
order-import: 12 of 14 records rejected
EOF
taken >out
same 'the good ones are taken' out <<'EOF'
1,9
EOF

# Cut short: what was whole is taken, the cut is one line.
shop
{ printf '{"orders":['; order 1; printf ','; order 2; printf ',{"id":3,"sta'; } >cut.json
expect 3 woo cut.json
same 'the cut' err <<'EOF'
order-import: cut.json: order 3: the file ends here: it was cut short
order-import: 1 of 3 records rejected
EOF
{ printf '['; order 1; printf ','; } >cut.json
expect 3 woo -v cut.json
contains 'between two' err 'cut.json: order 2: the file ends here: it was cut short'
contains 'those before it' err '0 new, 0 changed, 1 same'
{ printf '{"order":'; order 1; } >cut.json
expect 3 woo cut.json
contains 'behind the last' err 'cut.json: order 2: the file ends here: it was cut short'
{ printf '['; order 1; printf '}'; order 2; printf ']'; } >cut.json
expect 3 woo cut.json
contains 'a bracket too many' err 'cut.json: order 2: a bracket too many: nothing behind it can be read'

# What is no JSON at all.
printf '\n  <!DOCTYPE html><html>' >page.html
expect 3 woo page.html
contains 'a page instead of the answer' err 'page.html: order 1: this is HTML or XML, no JSON: a page instead of the answer?'
printf '\377\376[\0' >utf16.json
expect 3 woo utf16.json
contains 'UTF-16' err 'utf16.json: order 1: this is UTF-16, JSON is UTF-8: see iconv(1)'
printf 'id;status\n' >table.csv
expect 3 woo table.csv
contains 'a table' err 'table.csv: order 1: this is no JSON'
{ printf '['; order 1 ",\"customer_note\":\"$(printf '\317\360')\""; printf ']'; } >cp1251.json
expect 3 woo cp1251.json
contains 'another encoding' err 'cp1251.json: order 1: bad UTF-8 at byte'
: >empty.json
expect 0 woo empty.json
printf '[]' >empty.json
expect 0 woo empty.json
{ printf '\357\273\277\n '; order 1; } >bom.json
expect 0 woo -v bom.json
contains 'a byte order mark' err '1 same'

# A rejected order is read again alone.
shop
{ printf '{"orders":['; order 1 ',"total_tax":"much"'; printf ']}'; } >one.json
expect 3 woo --rejects out.json one.json
same 'copied as it came' out.json <<EOF
$(order 1 ',"total_tax":"much"')
EOF
sqlite3 "$CRM_DB" "UPDATE reject SET record = replace(record, 'much', '0.00')"
expect 0 order-import --retry
{ taken; sql 'SELECT source, count(*) FILTER (WHERE resolved_at IS NULL) FROM reject'; } >out
same 'alone' out <<'EOF'
1
woocommerce|0
EOF

# The same order twice in one input: the newer, when they say; else refused.
shop
{ printf '['; order 1; printf ','; order 1 ',"customer_note":"x"'; printf ']'; } >twice.json
expect 3 woo twice.json
contains 'nobody knows which' err 'came in this input before'
{ printf '['; order 1 ',"date_modified_gmt":"2026-02-02T10:00:00"'; printf ','; order 1 ',"date_modified_gmt":"2026-02-03T10:00:00","customer_note":"x"'; printf ']'; } >twice.json
expect 0 woo twice.json

# An order beyond all bounds is refused alone.
shop
{ printf '['; order 1; printf ',{"id":2,"x":"'; head -c 17000000 /dev/zero | tr '\0' x; printf '"},'; order 3; printf ']'; } >giant.json
expect 3 woo giant.json
same 'the giant' err <<'EOF'
order-import: giant.json: order 2: longer than 16 MiB
order-import: 1 of 3 records rejected
EOF
taken >out
same 'the others' out <<'EOF'
1,3
EOF

# Thousands of orders, from a pipe as well.
shop
{ printf '{"meta":{"orders":1},"orders":['
order 1
i=1
while [ $i -lt 3000 ]; do i=$((i + 1)); printf ',\n'; order $i; done
printf '],"page":1}'; } >many.json
expect 0 order-import -v --format woocommerce many.json
contains 'all of them' err '3000 new'
expect 0 sh -c 'cat many.json | order-import -v --format woocommerce'
contains 'from a pipe' err '3000 same'

# A dry run changes nothing; a full disk is said.
shop
dump >before
expect 0 order-import -n "$in/woocommerce.json"
dump >after
same 'a dry run' after <before
# A map of the configuration's, beside it; the option goes before it.
mkdir etc
echo 'source eco { map = "eco.map" }' >etc/crm.conf
echo 'codes "status" { values = {"client-confirmed=prepayed"} }' >etc/eco.map
echo 'codes "status" { values = {"client-confirmed=redirect"} }' >other.map
for how in '--source eco' '--source other' '--source eco --map other.map'; do
	rm -f t.db*
	shop
	# shellcheck disable=SC2086
	expect 0 order-import -q -c etc/crm.conf $how \
	    "$top/tests/fixtures/orders/retailcrm-order.json"
	sqlite3 "$CRM_DB" 'SELECT status FROM orders' >>statuses
done
same 'the map of a source is found by its name' statuses <<'EOF'
prepayed
client-confirmed
redirect
EOF
expect 0 crm-config -c etc/crm.conf
contains 'and listed' out 'source eco'
echo 'source eco { }' >etc/crm.conf
expect 1 order-import -c etc/crm.conf
contains 'a source without one says nothing' err \
    "etc/crm.conf: source 'eco' needs a line as map = site.map"

# A field of one line has one, whatever its source thinks; comments have theirs.
printf 'entity\tcode\tname\ttype\norder\tcard\tCard\tstring\norder\ttale\tTale\ttext\n' >custom_field.tsv
expect 0 crm-reference --load custom_field.tsv
cat >lines.ndjson <<'EOF'
{"type":"order","order_no":"L-1","source":"site","placed_at":"2026-03-01T10:00:00Z","customer_name":"Anna\n Karenina","phone":"+375 29\n111-11-11","email":"anna@\texample.com","customer_comment":"one\ntwo","delivery_city":"Nizhny\r\nNovgorod","delivery_address":"Main street\n1","items":[{"name":"Soap\tof\n\nroses","quantity":1,"price":3}],"payments":[{"type":"cash","amount":3,"comment":"a\nb"}],"custom":{"card":"a\nb","tale":"a\nb"}}
EOF
expect 0 order-import lines.ndjson
expect 0 order-status --set client-confirmed --reason 'a
b' L-1
order-list --json order_no=L-1 | grep -oE '"(customer_name|phone|email|customer_comment|delivery_city|delivery_address|name|comment|card|tale|status_reason)":"[^"]*"' >fields
same 'line breaks only where there may be some' fields <<'EOF'
"status_reason":"a b"
"customer_name":"Anna Karenina"
"phone":"+375291111111"
"email":"anna@ example.com"
"customer_comment":"one\ntwo"
"delivery_city":"Nizhny Novgorod"
"delivery_address":"Main street\n1"
"name":"Soap of roses"
"comment":"a b"
"card":"a b"
"tale":"a\nb"
EOF
cat >card.map <<'EOF'
source = "site"
column "currency" { field = "custom.card" }
column "status" { field = "custom.card" }
EOF
{ printf '['; order 71; printf ']'; } >card.json
expect 3 woo --map card.map card.json
contains 'a custom field has one value' err "custom field 'card' is there twice"
order-list --json order_no=L-1 >again.ndjson
expect 0 order-import -v lines.ndjson
contains 'the source has nothing new to say' err '1 same'
expect 0 order-import -v again.ndjson
contains 'nor do our own records' err '1 same'
whole
done_testing
