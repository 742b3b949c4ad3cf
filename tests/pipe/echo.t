#!/bin/sh
# What order-export tells somebody, and comes back from there, is the same
# orders, and changes nothing; what was changed there comes in.
# shellcheck source=../lib.sh
# shellcheck disable=SC2016
. "$(dirname "$0")/../lib.sh"

sql() { sqlite3 -separator '|' "$CRM_DB" "$@"; }
# All of the orders but what sources said of them.
state() { order-list --json; }
echoed() {	# echoed TITLE COUNT COMMAND... - it changes nothing
	title=$1 count=$2
	shift 2
	state | sed 's/"source_updated_at":"[^"]*",//' >before
	expect 0 "$@"
	contains "$title" err "0 new, 0 changed, $count same, 0 conflicts, 0 rejected"
	state | sed 's/"source_updated_at":"[^"]*",//' >after
	diff before after >difference
	ok "$title: as it was" $?
	note difference
}

shop
cat >crm.conf <<'EOF'
receiver "1c" { kind = commerceml encoding = "windows-1251" }
receiver ms { kind = moysklad codes = "ms.codes"
    organization = "https://ms/o/1" agent = "https://ms/a/2"
    delivery = "https://ms/s/3" }
receiver woo { kind = woocommerce }
receiver shopify { kind = shopify }
receiver insales { kind = insales }
receiver retailcrm { kind = retailcrm }
EOF
cat >ms.codes <<'EOF'
codes "status" { values = { "client-confirmed=https://ms/state/7" } }
EOF
export CRM_CONFIG="$work/crm.conf"
# All that an order can have, more than these formats can tell.
cat >orders.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","external_id":"17","status":"client-confirmed","placed_at":"2026-03-01T10:00:00Z","phone":"+375291112233","email":"i@example.org","customer_name":"Иван","customer_external_id":"38","customer_comment":"к обеду","manager_comment":"звонить","delivery_type":"courier","delivery_city":"Минск","delivery_address":"Минск, Лесная 1","tracking_no":"PC1","total":22.98,"items":[{"external_id":"L1","name":"Мыло","sku":"S-1","quantity":3,"price":5.55,"discount":1,"purchase_price":2},{"external_id":"L2","name":"Шампунь","sku":"S-2","quantity":1,"price":0.3333}],"charges":[{"kind":"delivery","amount":7}],"payments":[{"external_id":"P1","type":"cash","status":"paid","amount":10,"paid_at":"2026-03-01T11:00:00Z","comment":"terminal 2"},{"type":"bank-card","status":"not-paid","amount":12.98}]}
{"type":"order","order_no":"A-2","source":"phone","status":"no-product","placed_at":"2026-03-01T10:00:00Z","manager_comment":"none left","items":[{"name":"x","quantity":1,"price":5}],"charges":[{"kind":"fee","amount":1},{"kind":"tip","amount":2},{"kind":"tax","amount":1,"included":true}]}
{"type":"order","order_no":"A-3","source":"phone","status":"complete","placed_at":"2026-03-01T10:00:00Z","items":[{"name":"x","sku":"X-1","quantity":2,"price":5}],"payments":[{"type":"cash","status":"paid","amount":4},{"type":"bank-card","status":"paid","amount":6}],"refunds":[{"amount":1,"refunded_at":"2026-03-01T12:00:00Z"}]}
EOF
expect 0 order-import orders.ndjson

# 1C, by file: before anything is confirmed, and after.
expect 0 order-export 1c -o 1c.xml
echoed '1C' 3 order-import -v --source 1c 1c.xml
expect 0 order-export 1c --confirm written
echoed '1C, confirmed' 3 order-import -v --source 1c 1c.xml
iconv -f windows-1251 -t utf-8 1c.xml |
    sed 's/windows-1251/utf-8/; s|<Статуса заказа ИД>||
	s|<Количество>3</Количество>|<Количество>2</Количество>|
	s|<Сумма>15.65</Сумма>|<Сумма>10.10</Сумма>|' >2.xml
expect 0 order-import -v --source 1c 2.xml
contains 'what 1C changed is taken' err '0 new, 1 changed, 2 same'
expect 0 order-import -q --source 1c 2.xml
sql "SELECT v.quantity, v.price, v.discount, v.sum, i.external_id, i.purchase_price
    FROM v_items v JOIN order_item i USING (order_id, line)
    WHERE order_no = 'A-1'; SELECT sum(amount), count(*) FROM v_payments" >out
same 'and what it does not know stays' out <<'EOF'
2.0|5.55|1.0|10.1|L1|20000
1.0|0.3333|0.0|0.33|L2|
32.98|4
EOF

# MoySklad gives an order an id of its own, knows lines by ids of its own, books
# it on a customer of its own, and tells prices with the discount in them.
expect 0 crm-undo "$(sql 'SELECT max(run_id) FROM history')"
sql "INSERT INTO offer_source SELECT DISTINCT 'ms', 'g-' || offer_id, offer_id, NULL
    FROM order_item WHERE offer_id IS NOT NULL"
expect 3 order-export ms
contains 'what it has no place for is not told' err 'A-2: MoySklad'
answer() {	# answer [JQ] - what MoySklad then answers of each order
	jq -c '{rows: [.body + {id: ("ms-" + .order_no), created: "2026-03-02 12:01:00.000",
	    updated: "2026-03-02 12:01:00.000", payedSum: 0, vatEnabled: false,
	    agent: {id: "agent", name: "Розничный покупатель", phone: null, email: ""},
	    state: (if .body.state then {name: "Подтвержден"} else {name: "Новый"} end),
	    sum: ([.body.positions[] | .quantity * .price] | add | round),
	    positions: {rows: [.body.positions | to_entries[] | {id: "p-\(.key)",
		quantity: .value.quantity, price: .value.price, discount: 0,
		assortment: (if .value.assortment.meta.type == "service"
		    then {meta: .value.assortment.meta, name: "Доставка"}
		    else (.value.assortment.meta.href | {"g-1": {article: "S-1", name: "Мыло"},
			"g-2": {article: "S-2", name: "Шампунь"},
			"g-3": {name: "x", code: "X-1"}}[split("/")[-1]]) end)}]}}]}' told
}
cp out told
answer >ms.json
echoed 'MoySklad' 2 order-import -v --source ms ms.json
echoed 'MoySklad again' 2 order-import -v --source ms ms.json
sql "SELECT external_id FROM order_source WHERE source = 'ms'" >out
same 'its ids are known now' out <<'EOF'
ms-A-1
ms-A-3
EOF
expect 0 order-export ms --confirm written
expect 0 order-edit A-1 'manager_comment=today'
expect 0 order-export ms
jq -r '.method, .path' out >request
same 'so that it is told of later changes' request <<'EOF'
PUT
/entity/customerorder/ms-A-1
EOF
answer | jq -c '.rows[0] + {payedSum: 1298, state: {name: "Собран"},
    updated: "2026-03-02 12:05:00.000"}' >ms.json
echo >>ms.json
sed -i 1q ms.json
expect 0 order-import -v --source ms ms.json
contains 'what MoySklad changed is taken' err '1 changed'
sql "SELECT status, customer_name, manager_comment, paid, total FROM v_orders
    WHERE order_no = 'A-1';
    SELECT type, p.status, amount FROM v_payments p WHERE order_no = 'A-1'" >out
same 'and what was paid there is not paid twice' out <<'EOF'
assembling-complete|Иван|today|12.98|22.98
cash|paid|10.0
bank-card|not-paid|12.98
|paid|2.98
EOF

# A shop hears of its own orders alone, and answers with them as they are then.
# What cannot be said there is not asked back.
fixtures=$top/tests/fixtures/orders
news() {	# news KIND SOURCE JQ - tell it all, do as it would, hear it again
	rm -f t.db*
	shop
	expect 0 order-import -q --source "$1" "$2"
	no=$(sql "SELECT order_no FROM orders ORDER BY id LIMIT 1")
	expect 0 order-export "$1" --confirm last
	expect 0 order-edit "$no" tracking_no=PC7 payment.1.status=paid
	expect 0 order-status --force --set send-to-delivery "$no"
	expect 0 order-export "$1"
	cp out told
	jq -c --slurpfile told told "$3" "$2" >answer.json
	expect 0 order-import -v --source "$1" answer.json
	contains "$1" err "0 new, 0 changed"
	contains "$1: no conflict either" err " 0 conflicts, 0 rejected"
	sql "SELECT status, tracking_no, paid FROM v_orders ORDER BY order_id LIMIT 1" >>shops
}
news woo "$fixtures/woocommerce.json" '.[0] *= (reduce $told[].body as $b ({}; . * $b)
    | del(.set_paid)) | .[0].date_modified_gmt = "2026-03-02T09:00:00"'
news retailcrm "$fixtures/retailcrm-order.json" '
    .order *= (reduce ($told[].form.order // empty) as $o ({}; . * $o))
    | .order.payments["640"] += ($told[] | .form.payment // empty)
    | .order.statusUpdatedAt = "2026-03-02 12:00:00"'
news shopify "$fixtures/shopify.json" '.order.updated_at = "2026-03-02T09:00:00Z"'
news insales "$fixtures/insales.json" '.[0] *= ($told[0].body.order
    | del(.fields_values_attributes)) | .[0].paid_at = "2026-03-02T12:00:00+03:00"
    | .[0].updated_at = "2026-03-02T12:00:00+03:00"'
same 'what is only ours stays' shops <<'EOF'
send-to-delivery|PC7|29.35
send-to-delivery|PC7|63.1
send-to-delivery|PC7|409.94
send-to-delivery|PC7|2200.0
EOF
# A desk that knows an order of the site takes payments, and corrects itself.
rm -f t.db*
shop
cat >site.ndjson <<'EOF'
{"type":"order","source":"site","external_id":"5","order_no":"5","placed_at":"2026-03-01T10:00:00Z","items":[{"name":"x","quantity":1,"price":50}],"payments":[]}
EOF
expect 0 order-import -q site.ndjson
expect 0 order-edit 5 known_as+=desk:d5
desk() {	# desk MEMBERS - what it says now, and what is paid then
	echo "{\"type\":\"order\",\"source\":\"desk\",\"external_id\":\"d5\",$1}" >desk.ndjson
	expect 0 order-import -q desk.ndjson
	sql "SELECT group_concat(p.type || ' ' || p.amount_minor, ', '), o.paid_minor
	    FROM orders o LEFT JOIN payment p ON p.order_id = o.id" >>desk.said
}
desk '"payments":[{"type":"cash","status":"paid","amount":50}]'
desk '"tracking_no":"PC1"'
desk '"payments":[{"type":"bank-card","status":"paid","amount":50}]'
desk '"payments":[]'
same 'a payment by another means is not lost' desk.said <<'EOF'
cash 5000|5000
cash 5000|5000
bank-card 5000|5000
|0
EOF
both() { desk '"payments":[{"type":"cash","status":"paid","amount":'"$1"'},{"type":"bank-card","status":"paid","amount":'"$2"'}]'; }
: >desk.said
both 20 10
both 20 30
expect 0 order-edit -q 5 payment.3.amount=25
both 20 35
both 24 38
same 'of several it says the sum, and what ours does not say of its parts' desk.said <<'EOF'
cash 2000, bank-card 1000|3000
cash 2000, bank-card 3000|5000
cash 2500, bank-card 3000|5500
cash 2500, bank-card 3700|6200
EOF
whole
# As order-fetch hands it on: our number is the only thing that ties it.
rm -f t.db*
shop
expect 0 order-import -q orders.ndjson
sql "INSERT INTO offer_source SELECT DISTINCT 'ms', 'g-' || offer_id, offer_id, NULL
    FROM order_item WHERE offer_id IS NOT NULL"
expect 3 order-export ms
echo '{"type":"order","source":"ms","external_id":"u-3","order_no":"77","our_no":"A-3"}' >fetched.ndjson
echo '{"type":"order","source":"ms","external_id":"u-4","order_no":"A-1","placed_at":"2026-03-01T10:00:00Z","items":[{"name":"x","quantity":1,"price":5}]}' >>fetched.ndjson
expect 0 order-import -v fetched.ndjson
contains 'a number that only agrees ties nothing' err '1 new, 0 changed, 1 same'
sql "SELECT order_no, s.external_id FROM order_source s JOIN orders o ON o.id = order_id
    WHERE s.source = 'ms' ORDER BY 1" >out
same 'by that it is found' out <<'EOF'
A-1|A-1
A-3|u-3
ms-A-1|u-4
EOF
done_testing
