#!/bin/sh
# cart-import: carts of a site, and the orders they became.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

carts() {
	sql "SELECT external_id, state, ifnull(customer_name, '-'),
	    ifnull(customer_external_id, '-'), ifnull(phone, '-'),
	    ifnull(email, '-'), items, ifnull(total, '-'), changed_at,
	    ifnull(cleared_at, '-'), ifnull(order_no, '-') FROM v_carts
	    ORDER BY cart_id"
}
became() { sql "SELECT external_id, state, ifnull(order_no, '-') FROM v_carts ORDER BY cart_id"; }
state() {
	sql 'SELECT * FROM cart; SELECT * FROM cart_item;
	    SELECT * FROM customer; SELECT * FROM contact;
	    SELECT * FROM customer_source; SELECT * FROM orders'
}
# cart ID TIME MEMBERS - a record.
cart() {
	printf '{"type":"cart","source":"site","external_id":"%s","source_updated_at":"2026-03-01T%sZ",%s}\n' \
	    "$1" "$2" "$3"
}
# order NO TIME MEMBERS SKU [SOURCE] - a record.
order() {
	printf '{"type":"order","source":"%s","external_id":"%s","placed_at":"2026-03-01T%sZ",%s,"items":[{"sku":"%s","name":"%s","quantity":1,"price":3}]}\n' \
	    "${5-site}" "$1" "$2" "$3" "$4" "$4"
}
soap='"items":[{"sku":"S-1","name":"Мыло","quantity":2,"price":4.5},{"sku":"S-2","quantity":0.25,"price":"1199.2"}]'

# Bad records among good ones, guests, Cyrillic.
shop
{
	cart k1 10:00:00 '"customer_external_id":"55","customer_name":"Анна","email":"Anna@Example.BY","phone":"80 29 123-45-67","link":"https://eco.by/cart/k1",'"$soap"
	cart k2 10:00:00 "$soap,\"colour\":\"red\""
	cart k3 10:00:00 '"colour":"blue","items":[{"name":"Щётка","quantity":0}]'
	cart k4 10:00:00 '"items":[{"quantity":1}]'
	cart k5 10:00:00 '"site":"nowhere",'"$soap"
	cart k6 10:00:00 '"link":"x"'
	cart k7 10:00:00 '"items":[{"name":"a","quantity":1,"price":-1}]'
	cart k8 10:00:00 '"items":{}'
	echo '{"type":"cart","items":[]}'
	echo '{"type":"cart","external_id":"k9","source_updated_at":"2126-01-01T00:00:00Z","items":[]}'
	echo '{"type":"order","external_id":"1"}'
	echo '{"hello":1}'
	echo 'no'
	echo '{"type":"cursor","source":"site","value":"17"}'
} >carts
expect 3 cart-import --source site --rejects bad carts
same 'each bad one is said, an unknown member once' err <<'EOF'
cart-import: warning: carts:2: unknown member 'colour' is left out
cart-import: carts:3: item 1: quantity is not above 0
cart-import: carts:4: item 1: it has neither sku nor name
cart-import: carts:5: unknown site 'nowhere'; crm-reference --load adds new ones
cart-import: carts:6: 'items' is missing
cart-import: carts:7: item 1: price is below 0
cart-import: carts:8: 'items' is not an array
cart-import: carts:9: it has neither 'external_id' nor 'customer_external_id'
cart-import: carts:10: source_updated_at lies in the future
cart-import: carts:11: records of type 'order' are not taken here, only cart and cursor
cart-import: carts:12: it is neither a record of type cart nor a cart of retailCRM's
cart-import: carts:13: not JSON at byte 1
cart-import: 11 of 14 records rejected
EOF
carts >out
same 'a customer is made, a guest is none' out <<'EOF'
k1 open Анна 55 +375291234567 anna@example.by 2 308.8 2026-03-01T10:00:00Z - -
k2 open - - - - 2 308.8 2026-03-01T10:00:00Z - -
EOF
sql "SELECT line, sku, name, quantity, price, currency FROM v_cart_items
    WHERE cart_id = 1; SELECT source, value FROM cursor" >out
same 'items and cursor' out <<'EOF'
1 S-1 Мыло 2.0 4.5 BYN
2 S-2 S-2 0.25 1199.2 BYN
site 17
EOF
sed -n 3,13p carts | diff - bad >difference
ok 'rejects are copied as they came' $?
sql "SELECT entity, format, source, count(*) FROM reject GROUP BY 1, 2, 3" >out
same 'and kept' out <<'EOF'
cart ndjson site 11
EOF
empty 'no history but of the customer' \
    "$(sql "SELECT * FROM history h JOIN run r ON r.id = h.run_id
	WHERE r.command = 'cart-import' AND entity <> 'customer'")"
expect 3 cart-import --retry
contains 'a reject that is still bad' err '11 of 11 records rejected'
cart k4 10:00:01 "$soap" >mended
expect 0 cart-import mended
sql "SELECT count(*) FROM reject WHERE resolved_at IS NULL" >out
same 'a later record settles its reject' out <<'EOF'
10
EOF

# Twice changes nothing; nor does a dry run.
state >before
expect 3 cart-import -q --source site carts
state >after
same 'twice changes nothing' after <before
cart k1 11:00:00 '"items":[]' >clear
dump >before
expect 0 cart-import -n --source site clear
same 'a dry run says what it would do' err <<'EOF'
cart-import: 0 set, 1 cleared, 0 closed, 0 same, 0 rejected; dry run: nothing was changed
EOF
dump | diff before - >difference
ok 'a dry run leaves the file as it was' $?
sed -n 3p carts >some
state >before
expect 1 cart-import --atomic --source site clear some
state >after
same 'all or none' after <before

# Set, cleared, set again; older words; keys that come later.
{
	cart k1 11:00:00 '"items":[]'
	cart k2 09:00:00 '"items":[]'
	cart k2 10:30:00 '"email":"b@example.by"'
	cart k1 11:00:00 '"items":[]'
	cart k4 11:00:00 '"items":null'
} >more.ndjson
expect 0 cart-import --report --tsv more.ndjson
cut -f 1-6 out >report
same 'the report' report <<'EOF'
type	place	order_no	source	external_id	outcome
import	more.ndjson:1		site	k1	cleared
import	more.ndjson:2		site	k2	older
import	more.ndjson:3		site	k2	set
import	more.ndjson:4		site	k1	same
import	more.ndjson:5		site	k4	cleared
EOF
carts >out
same 'cleared: the items stay to be seen; a key makes a customer' out <<'EOF'
k1 cleared Анна 55 +375291234567 anna@example.by 2 308.8 2026-03-01T10:00:00Z 2026-03-01T11:00:00Z -
k2 open - - - b@example.by 2 308.8 2026-03-01T10:00:00Z - -
k4 cleared - - - - 2 308.8 2026-03-01T10:00:01Z 2026-03-01T11:00:00Z -
EOF
sql "SELECT external_id, ifnull(customer_id, '-') FROM cart" >out
same 'who they are' out <<'EOF'
k1 1
k2 2
k4 -
EOF
cart k1 12:00:00 "$soap" >again
expect 0 cart-import -v again
contains 'the summary' err '1 set, 0 cleared, 0 closed, 0 same, 0 rejected; run '
carts | sed -n 1p >out
same 'the same things again: a new state' out <<'EOF'
k1 open Анна 55 +375291234567 anna@example.by 2 308.8 2026-03-01T12:00:00Z - -
EOF

# An order closes the cart it came from: cart first.
{
	order 1 11:58:00 '"customer_external_id":"55"' S-1
	order 2 13:00:00 '"customer_external_id":"55"' S-9
	order 3 13:00:00 '"phone":"+375290000000"' S-1
	order 4 13:00:00 '"customer_name":"Guest"' S-1
} >orders
expect 0 order-import -q orders
became >out
same 'placed before, other goods, somebody else, nobody: none of them' out <<'EOF'
k1 open -
k2 open -
k4 cleared -
EOF
{
	order 5 11:59:00 '"customer_external_id":"55"' S-1
	order 6 10:30:00 '"email":"B@example.by"' S-2 phone
} >orders
expect 0 order-import -q orders
became >out
same 'told by the minute; by e-mail, through another door of the site' out <<'EOF'
k1 closed 5
k2 closed 6
k4 cleared -
EOF
expect 0 crm-undo "$(sql "SELECT max(id) FROM run WHERE command = 'order-import'")"
became >out
same 'orders that are taken back leave open carts' out <<'EOF'
k1 open -
k2 open -
k4 cleared -
EOF
expect 0 order-import -q orders
cart k2 14:00:00 '"items":[]' >emptied
expect 0 cart-import -q emptied
became >out
same 'a closed cart that the site empties stays closed' out <<'EOF'
k1 closed 5
k2 closed 6
k4 cleared -
EOF
cart k2 15:00:00 '"items":[{"sku":"S-7","quantity":1}]' >filled
expect 0 cart-import -q filled
carts | sed -n 2p >out
same 'the same cart filled again is open; no price, no sum' out <<'EOF'
k2 open - - - b@example.by 1 - 2026-03-01T15:00:00Z - -
EOF
whole

# Orders first, then their carts.
rm -f t.db*
shop
order 1 12:30:00 '"customer_external_id":"55"' S-1 >orders
expect 0 order-import -q orders
{
	cart a 12:00:00 '"customer_external_id":"55",'"$soap"
	cart b 13:00:00 '"customer_external_id":"55",'"$soap"
	cart c 12:29:00 '"customer_external_id":"55","items":[{"sku":"S-9","quantity":1}]'
	cart d 12:20:00 '"cleared_at":"2026-03-01T12:31:00Z","customer_external_id":"55",'"$soap"
	cart e 09:00:00 '"customer_external_id":"56",'"$soap"
	cart e 09:30:00 '"items":[],"customer_external_id":"55"'
	cart f 09:00:00 '"order_external_id":"1",'"$soap"
	cart g 09:00:00 '"order_external_id":"77",'"$soap"
	cart h 12:00:00 '"customer_external_id":"57",'"$soap"
	cart h 12:31:00 '"customer_external_id":"55","items":[]'
} >carts
expect 0 cart-import -v carts
contains 'closed ones are counted' err \
    '4 set, 1 cleared, 5 closed, 0 same, 0 rejected'
became >out
same 'one that was filled before the order, with its goods' out <<'EOF'
a closed 1
b open -
c open -
d closed 1
e cleared -
f closed 1
g closed -
h closed 1
EOF
order 77 08:00:00 '"customer_name":"Ян"' Z >late
expect 0 order-import -q late
became | grep '^g' >out
same 'the order that the source named comes later' out <<'EOF'
g closed 77
EOF
whole
sql "UPDATE cart SET order_id = NULL WHERE external_id = 'g';
    DELETE FROM cart_item WHERE cart_id = 2"
expect 3 crm-check --tsv
same 'crm-check finds what is wrong with a cart' out <<'EOF'
check	entity	id	order_no	state	detail
carts	cart	2		broken	it has no items and was not cleared
carts	cart	7	77	mendable	its source says that it became this order
EOF
expect 3 crm-check -q --mend
became | grep '^g' >out
same 'and mends what follows' out <<'EOF'
g closed 77
EOF

# What a module of retailCRM's sends: only the first record names the cart.
rm -f t.db*
shop
cat >module <<'EOF'
{"clearAt":null,"updatedAt":"2026-03-01 13:00:00+03:00","droppedAt":"2026-03-01 13:00:00+03:00","createdAt":"2026-03-01 13:00:00+03:00","externalId":"7_65e1","customer":{"externalId":7,"browserId":"b"},"items":[{"offer":{"externalId":42},"quantity":1,"price":12.3,"createdAt":"2026-01-01 13:00:00+03:00"},{"offer":{"xmlId":"Ж-2"},"quantity":2,"price":1}]}
{"updatedAt":"2026-03-01 13:05:00+03:00","customer":{"externalId":"7","vip":true},"items":[{"offer":{"xmlId":"Ж-2","name":"Жезл"},"quantity":3,"price":1.5}]}
{"success":true,"cart":{"externalId":"8_1","currency":"BYN","link":"https://x/8","droppedAt":"2026-03-01 13:00:00+03:00","customer":{"id":8},"items":[],"order":null}}
{"customer":{"externalId":"9"},"clearedAt":"2026-03-01 14:00:00+03:00"}
{"customer":[],"items":[]}
EOF
expect 3 cart-import --source woo module
same 'retailCRM: said' err <<'EOF'
cart-import: warning: module:2: unknown member 'customer.vip' is left out
cart-import: module:5: 'customer' is not an object
cart-import: 1 of 5 records rejected
EOF
carts >out
same "retailCRM: the customer's cart is the one that was named" out <<'EOF'
7_65e1 open - 7 - - 1 4.5 2026-03-01T10:05:00Z - -
8_1 cleared - 8 - - 0 - 2026-03-01T10:00:00Z 2026-03-01T10:00:00Z -
9 cleared - 9 - - 0 - 2026-03-01T11:00:00Z 2026-03-01T11:00:00Z -
EOF
state >before
expect 3 cart-import -q --source woo module
state >after
same 'retailCRM: twice changes nothing' after <before
echo '{"customer":{"externalId":"7"},"clearedAt":"2026-03-01 14:00:00+03:00"}' >clear
run sh -c 'cart-import -v --source woo <clear'
contains 'retailCRM: cleared by the customer alone' err '1 cleared'
whole

# Offers are found, and none is made.
cat >goods.csv <<'EOF'
external_id,sku,name,price
42,SP-42,Шампунь,10
EOF
expect 0 catalog-import -q --source woo goods.csv
echo '{"externalId":"z","customer":{"externalId":"7"},"items":[{"offer":{"externalId":"42"},"quantity":1},{"offer":{"externalId":"43"},"quantity":1}]}' >cart
expect 0 cart-import -q --source woo cart
sql "SELECT sku, name, ifnull(offer_id, '-') FROM v_cart_items
    WHERE external_id = 'z'; SELECT count(*) FROM offer" >out
same 'an item has the SKU and the name of its offer' out <<'EOF'
SP-42 Шампунь 1
43 43 -
1
EOF

# Edges.
: >nothing
expect 0 cart-import nothing
same 'nothing in, nothing said' err </dev/null
expect 2 cart-import --retry file
expect 2 cart-import --colour
expect 1 cart-import missing
expect 1 cart-import -d no.db nothing
run sh -c 'cart-import --report --source y module >/dev/full'
[ "$status" -eq 1 ]
ok '/dev/full is an error' $?
expect 0 cart-import --source x --json --report cart
contains 'JSON' out '"type":"import","place":"cart:1","order_no":null,"source":"x","external_id":"z","outcome":"set"'
whole
done_testing
