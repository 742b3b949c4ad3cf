#!/bin/sh
# order-add: a telephone order in one line.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

lines() { sql "SELECT ifnull(sku, '-'), name, quantity, price, sum
    FROM v_items WHERE order_no = '$1' ORDER BY line"; }

shop
printf 'login\tname\nanna\tAnna\n' >user.tsv
expect 0 crm-reference --load user.tsv
cat >orders.ndjson <<'EOF'
{"type":"order","order_no":"1001","source":"site","status":"complete","placed_at":"2026-01-12T09:00:00Z","phone":"+375291234567","customer_name":"Алеся Кравец","items":[{"sku":"BR-01","name":"Зубная щётка, мягкая","quantity":1,"price":6.9,"purchase_price":3.1},{"sku":"BR-02","name":"Зубная щётка, жёсткая","quantity":1,"price":6.9},{"sku":"SH-01","name":"Шампунь \"Крапива\"","quantity":1,"price":18.9},{"sku":"FD-01","name":"Гречка, кг","quantity":1,"price":8.9},{"sku":"WX-02","name":"Салфетка 50*50","quantity":1,"price":24.9}]}
EOF
expect 0 order-import orders.ndjson

# By SKU, for a customer whom the shop knows.
dump >before
expect 0 order-add -n --as anna '8 (029) 123-45-67' 'BR-01*2'
dump >after
same 'a dry run changes nothing' after <before
contains 'but shows the order' out 'Order P-2: New'
expect 0 order-add -v --as anna '8 (029) 123-45-67' 'BR-01*2'
same 'who calls, and how to take it back' err <<'EOF'
order-add: Алеся Кравец, 1 order, last 2026-01-12
order-add: order P-2 taken; run 4
EOF
same 'the receipt' out <<'EOF'
Order P-2: New
  status      new since 2026-03-02 12:00, 0s
  total       13.80 BYN, to pay 13.80
  placed      2026-03-02 12:00, phone, site main, manager anna
  source      crm, there P-2
  customer    Алеся Кравец, +375291234567
              1 other order (1 sale), the first on 2026-01-12

  Items
    1   BR-01  Зубная щётка, мягкая                         2 x 6.90       13.80
        total                                                          13.80 BYN
EOF
sql 'SELECT order_no, source, external_id, status, order_method, manager,
    customer_id, total, placed_at FROM v_orders ORDER BY order_id DESC LIMIT 1' >out
same 'the order' out <<'EOF'
P-2 crm P-2 new phone anna 1 13.8 2026-03-02T09:00:00Z
EOF

# By part of a name, by weight, at a price.
expect 0 order-add 80291234567 шамп*3@12,50 'ГРЕЧКА*0,5' 'Салфетка 50*50' \
    'салфетка 50*50*2@20'
lines P-3 >out
same 'what was said of each item' out <<'EOF'
SH-01 Шампунь "Крапива" 3.0 12.5 37.5
FD-01 Гречка, кг 0.5 8.9 4.45
WX-02 Салфетка 50*50 1.0 24.9 24.9
WX-02 Салфетка 50*50 2.0 20.0 40.0
EOF

# Everything that can be said, for a new customer.
expect 0 order-add -v --json --name 'Пётр' --delivery courier --city Минск \
    --address 'Ленина 5-12' --on +1d --from 18:00 --to 21:00 \
    --method one-click --manager anna --note 'домофон 12' --discount 1.5 \
    --delivery-cost 5 --pay cash -s availability-confirmed 80441111111 SH-01
contains 'a new customer' err 'a new customer'
same 'the record' out <<EOF
{"type":"order","order_no":"P-4","rev":1,"source":"crm","external_id":"P-4","site":"main","order_method":"one-click","status":"availability-confirmed","manager":"anna","placed_at":"2026-03-02T09:00:00Z","currency":"BYN","customer_name":"Пётр","phone":"+375441111111","delivery_type":"courier","delivery_on":"2026-03-03","delivery_from":"18:00","delivery_to":"21:00","ship_on":"2026-03-02","delivery_city":"Минск","delivery_address":"Ленина 5-12","source_total":null,"group":"approval","items_total":18.90,"total":22.40,"paid":0.00,"refunded":0.00,"items":[{"line":1,"sku":"SH-01","name":"Шампунь \"Крапива\"","quantity":1,"price":18.9,"discount":0.00,"sum":18.90}],"charges":[{"line":1,"kind":"delivery","amount":5.00,"included":false},{"line":2,"kind":"discount","amount":-1.50,"included":false}],"payments":[{"line":1,"type":"cash","amount":22.40}],"notes":[{"at":"2026-03-02T09:00:00Z","actor":"$(id -un)","text":"домофон 12"}],"history":[{"at":"2026-03-02T09:00:00Z","actor":"$(id -un)","field":"status","old":null,"new":"availability-confirmed"}]}
EOF

# What is not clear is asked, and nothing is stored.
dump >before
refuse() {	# refuse TITLE MESSAGE ARGUMENT... - exit 1, MESSAGE comes last
	title=$1 message=$2
	shift 2
	run order-add "$@"
	[ "$status" -eq 1 ]
	ok "refused: $title" $?
	tail -n 1 err >last
	same "says why: $title" last <<-EOF2
	order-add: $message
	EOF2
}
refuse 'two may be meant' "'щётка' may be 2 items; give the SKU of one or more of its name" \
    80291234567 'щётка*2'
head -n 2 err >first
same 'both are told with SKU and price' first <<'EOF'
order-add: 'щётка' may be BR-02: Зубная щётка, жёсткая, 6.90 BYN
order-add: 'щётка' may be BR-01: Зубная щётка, мягкая, 6.90 BYN
EOF
refuse 'nothing is meant' "nothing in the catalogue has 'самовар' as its SKU or in its name; try a shorter part of the name" \
    80291234567 'самовар*2@5'
refuse 'no number' "'112' is no telephone number here; write it with its country, as +375291234567" \
    112 BR-01
refuse 'none of it' 'item 1: quantity is 0' 80291234567 'BR-01*0'
refuse 'a day gone' '2026-03-01 is over' --on yesterday 80291234567 BR-01
refuse 'no day' "'2026-04' is not one day" --on 2026-04 80291234567 BR-01
refuse 'no such delivery' \
    "unknown delivery_type 'curier', did you mean 'courier'; crm-reference --load adds new ones" \
    --delivery curier 80291234567 BR-01
refuse 'a discount that adds' "discount: '-5' is negative" \
    --discount=-5 80291234567 BR-01
dump >after
same 'nothing of that was stored' after <before
expect 2 order-add 80291234567
expect 2 order-add --tsv 80291234567 BR-01

sql "UPDATE offer SET price = NULL WHERE sku = 'BR-02'"
refuse 'without a price' "BR-02 has no price; give one, as 'BR-02@9.90'" \
    80291234567 BR-02
expect 0 order-add 80291234567 BR-02@5

# Taken back like everything else.
run_id=$(sql 'SELECT max(id) FROM run')
expect 0 crm-undo "$run_id"
sql 'SELECT max(order_no) FROM orders' >out
same 'the order is gone' out <<'EOF'
P-4
EOF

# Two at once get two numbers.
order-add 80291234567 SH-01 >/dev/null 2>&1 &
order-add 80292222222 SH-01 >/dev/null 2>&1
wait
[ "$(sql "SELECT count(*) FROM orders WHERE order_no IN ('P-6', 'P-7')")" -eq 2 ]
ok 'two calls at once get two numbers' $?

# The same through another door.
cat >site.ndjson <<'EOF'
{"type":"order","order_no":"1002","source":"site","placed_at":"2026-03-02T08:50:00Z","phone":"+375293333333","items":[{"sku":"FD-01","name":"Гречка, кг","quantity":1,"price":8.9}]}
EOF
expect 0 order-import site.ndjson
expect 0 order-add 80293333333 FD-01
same 'a likely double is said' err <<'EOF'
order-add: warning: looks like order 1002: the same customer and goods
EOF
contains 'and shown' out 'looks like order 1002'
whole
done_testing
