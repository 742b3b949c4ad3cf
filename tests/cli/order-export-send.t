#!/bin/sh
# order-export --send asks each API for what it documents, and tells each change
# once, whatever the server answers.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"

sql() { sqlite3 -separator ' ' "$CRM_DB" "$@"; }
asked() { tr -d '\r' <asked | sed "s/:$port\$/:PORT/"; }
asked_lines() { grep -a -E '^(GET|PUT|POST) |^[{[]|^[a-z]*=' asked | tr -d '\r'; }

# put_ids - the ids in the paths of what was put, in told.
put_ids() {
	grep -a '^PUT' asked | sed 's/ HTTP.*//; s/.*\///' | paste -sd ' ' - >told
}

# api KIND [SHOP [RECEIVER]] - the server answers as the file script says;
# further keys of crm.conf's shop and receiver.
api() {
	serve "$1" "${2-}"
	cat >>crm.conf <<END
receiver site { kind = $1 shop = site ${3-} }
END
}

# order NO ID - an order of the site.
order() {
	printf '{"type":"order","order_no":"%s","source":"site",' "$1"
	printf '"external_id":"%s","status":"new",' "$2"
	printf '"placed_at":"2026-03-01T10:00:00Z","items":[{"name":"x",'
	printf '"sku":"x","quantity":1,"price":5}],"total":5}\n'
}

# ours NO MEMBERS - what we know of it, from the desk.
ours() {
	sql "INSERT INTO order_source (order_id, source, external_id, base,
	    record_hash) SELECT id, 'desk', '$1', '', '00000000000000ff'
	    FROM orders WHERE order_no = '$1' ON CONFLICT DO NOTHING"
	printf '{"type":"order","order_no":"%s","source":"desk",' "$1"
	printf '"external_id":"%s",%s}\n' "$1" "$2"
}
status() { order-status -q --force --set "$1" --reason none "$2" 2>/dev/null; }

shop
order A-1 17 >orders
order A-2 a/9 >>orders
order A-3 19 >>orders
expect 0 order-import orders

# WooCommerce: the request, whole.
echo 'text {"id": 17}' >script
api woocommerce 'user = ck'
expect 0 order-export site --confirm last
status send-to-assembling A-1
ours A-1 '"tracking_no":"PC1\"BY","payments":[{"type":"cash","status":"paid","amount":5,"paid_at":"2026-03-02T08:00:00Z"}]' >o
expect 0 order-import o
dump >before
expect 0 order-export --send -n site
same 'a dry run shows the requests' out <<'END'
{"order_no":"A-1","method":"PUT","path":"/wp-json/wc/v3/orders/17","body":{"status":"processing","set_paid":true,"meta_data":[{"key":"_tracking_number","value":"PC1\"BY"}]}}
END
[ ! -s asked ]
ok 'and sends none' $?
dump | diff before - >difference
ok 'and changes nothing' $?
expect 0 order-export --send site
same 'silence when all is well' out </dev/null
same 'here too' err </dev/null
asked >told
same 'WooCommerce is told as documented' told <<'END'
PUT /wp-json/wc/v3/orders/17 HTTP/1.1
Host: 127.0.0.1:PORT
Authorization: Basic Y2s6c2VzYW1l
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
Content-Type: application/json
Content-Length: 98

{"status":"processing","set_paid":true,"meta_data":[{"key":"_tracking_number","value":"PC1\"BY"}]}

END
: >asked
expect 0 order-export --send site
same 'each change once' asked </dev/null
sql 'SELECT count(*) FROM told' >out
same 'nothing is left to remember' out <<'END'
0
END
sql "SELECT exit_status, summary FROM run WHERE command = 'order-export'
    ORDER BY id DESC LIMIT 1 OFFSET 1" >out
contains 'the run is on record' out '0 1 orders up to change '
status complete A-3
expect 0 order-export --send --json site
contains 'for programs' out '{"type":"export","receiver":"site","order_no":"A-3","external_id":"19","status":"complete","changed":"status, status_reason","refused":null}'
asked_lines >told
same 'the next order' told <<'END'
PUT /wp-json/wc/v3/orders/19 HTTP/1.1
{"status":"completed"}
END
expect 2 order-export --send --json -n site
expect 2 order-export --send -o f site
expect 2 order-export --send --confirm last site

# InSales.
echo 'text {"id": 17}' >script
api insales 'user = key'
expect 0 order-export site --confirm last
status delivering A-1
ours A-1 '"tracking_no":"PC2","payments":[{"type":"cash","status":"paid","amount":5,"paid_at":"2026-03-02T08:00:00Z"}]' >o
expect 0 order-import o
expect 0 order-export --send site
asked >told
same 'InSales is told as documented' told <<'END'
PUT /admin/orders/17.json HTTP/1.1
Host: 127.0.0.1:PORT
Authorization: Basic a2V5OnNlc2FtZQ==
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
Content-Type: application/json
Content-Length: 117

{"order":{"fulfillment_status":"dispatched","fields_values_attributes":[{"handle":"tracking_number","value":"PC2"}]}}

END

# retailCRM: forms; a payment of ours is made once, and found after that.
cat >script <<'END'
text {"success": true, "order": {"id": 17, "payments": []}}
.
text {"success": true, "id": 17}
.
text {"success": true, "id": 1}
.
text {"success": true, "order": {"payments": {"640": {"id": 640, "externalId": "A-1-1"}}}}
.
text {"success": true}
END
api retailcrm '' 'site = "eco-by"'
expect 0 order-export site --confirm last
status complete A-1
ours A-1 '"tracking_no":"PC 3&?","payments":[{"type":"cash","status":"returned","amount":5,"paid_at":"2026-03-02T08:00:00Z"}]' >o
expect 0 order-import o
expect 0 order-export --send site
asked >told
same 'retailCRM is told as documented' told <<'END'
GET /api/v5/orders/17?by=id&site=eco-by HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-API-KEY: sesame

POST /api/v5/orders/17/edit HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-API-KEY: sesame
Content-Type: application/x-www-form-urlencoded
Content-Length: 142

by=id&site=eco-by&order=%7B%22status%22%3A%22complete%22%2C%22delivery%22%3A%7B%22data%22%3A%7B%22trackNumber%22%3A%22PC%203%26%3F%22%7D%7D%7D

POST /api/v5/orders/payments/create HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-API-KEY: sesame
Content-Type: application/x-www-form-urlencoded
Content-Length: 227

site=eco-by&payment=%7B%22externalId%22%3A%22A-1-1%22%2C%22order%22%3A%7B%22id%22%3A%2217%22%7D%2C%22type%22%3A%22cash%22%2C%22status%22%3A%22returned%22%2C%22amount%22%3A5.00%2C%22paidAt%22%3A%222026-03-02%2011%3A00%3A00%22%7D

END
: >asked
ours A-1 '"payments":[{"type":"cash","status":"paid","amount":5,"paid_at":"2026-03-02T08:00:00Z"}]' >o
expect 0 order-import o
expect 0 order-export --send site
asked_lines >told
same 'a payment that is there is not made again' told <<'END'
GET /api/v5/orders/17?by=id&site=eco-by HTTP/1.1
POST /api/v5/orders/payments/A-1-1/edit HTTP/1.1
by=externalId&site=eco-by&payment=%7B%22status%22%3A%22paid%22%2C%22amount%22%3A5.00%2C%22paidAt%22%3A%222026-03-02%2011%3A00%3A00%22%7D
END

# MoySklad: a new order is made, and its id is ours from then on.
cat >script <<'END'
text {"rows": []}
.
text {"id": "m-7", "externalCode": "M-1"}
.
text {"id": "m-7"}
END
api moysklad '' 'organization = "https://ms/o/1" agent = "https://ms/a/2"'
expect 0 order-export site --confirm last
cat >o <<'END'
{"type":"order","order_no":"M;1","source":"phone","status":"new","placed_at":"2026-03-01T21:30:00Z","items":[{"name":"x","sku":"x","quantity":3,"price":3.3333,"discount":1}]}
END
expect 0 order-import o
expect 3 order-export --send site
contains 'goods it does not know' err "M;1: MoySklad's id of 'x' is not known"
asked_lines >told
same 'are asked for, not told' told <<'END'
GET /entity/customerorder?limit=1&filter=externalCode%3DM%5C%3B1 HTTP/1.1
END
sql "INSERT INTO offer_source SELECT 'site', 'g-1', offer_id, NULL
    FROM order_item JOIN orders o ON o.id = order_id WHERE order_no = 'M;1'"
api moysklad '' 'organization = "https://ms/o/1" agent = "https://ms/a/2"'
expect 0 order-export --send site
asked >told
same 'MoySklad is told as documented, and what it refused again' told <<'END'
GET /entity/customerorder?limit=1&filter=externalCode%3DM%5C%3B1 HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
Authorization: Bearer sesame

POST /entity/customerorder HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
Authorization: Bearer sesame
Content-Type: application/json
Content-Length: 448

{"name":"M;1","externalCode":"M;1","moment":"2026-03-02 00:30:00.000","organization":{"meta":{"href":"https://ms/o/1","type":"organization","mediaType":"application/json"}},"agent":{"meta":{"href":"https://ms/a/2","type":"counterparty","mediaType":"application/json"}},"positions":[{"quantity":3,"price":300,"assortment":{"meta":{"href":"https://api.moysklad.ru/api/remap/1.2/entity/product/g-1","type":"product","mediaType":"application/json"}}}]}

END
sql "SELECT s.source, s.external_id FROM order_source s JOIN orders o
    ON o.id = s.order_id WHERE order_no = 'M;1' ORDER BY 1" >out
same 'its id there is known' out <<'END'
phone M;1
site m-7
END
: >asked
status assembling 'M;1'
expect 0 order-export --send site
grep -a '^[GP]' asked | tr -d '\r' >told
same 'by which it is put in place' told <<'END'
PUT /entity/customerorder/m-7 HTTP/1.1
END
# As a document leaves it that told the order, or an answer that got lost.
sql "UPDATE order_source SET external_id = 'M;1' WHERE source = 'site'
    AND external_id = 'm-7'"
echo 'text {"rows": [{"id": "m-7", "externalCode": "M;1"}], "id": "m-7"}' >script
api moysklad
status complete 'M;1'
expect 0 order-export --send site
grep -a '^[GP]' asked | tr -d '\r' >told
same 'an order that is there already is found' told <<'END'
GET /entity/customerorder?limit=1&filter=externalCode%3DM%5C%3B1 HTTP/1.1
PUT /entity/customerorder/m-7 HTTP/1.1
END
sql "SELECT s.external_id FROM order_source s JOIN orders o ON o.id = order_id
    WHERE s.source = 'site' AND order_no = 'M;1'" >out
same 'and known by its own name alone' out <<'END'
m-7
END

# Shopify: what can be done twice is looked for before.
cat >script <<'END'
text {"fulfillment_orders": [{"id": 1, "status": "closed"}, {"id": 1046000853, "status": "open"}]}
.
text {"order": {"id": 17}}
.
text {"fulfillment": {"id": 255858046}}
END
api shopify '' 'codes = "shop.codes"'
echo 'codes "group" { values = { "complete=closed", "cancel=cancelled" } }' \
    >shop.codes
expect 0 order-export site --confirm last
status delivering A-1
expect 0 order-export --send site
asked >told
same 'Shopify is told as documented' told <<'END'
GET /admin/api/2025-01/orders/17/fulfillment_orders.json HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-Shopify-Access-Token: sesame

PUT /admin/api/2025-01/orders/17.json HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-Shopify-Access-Token: sesame
Content-Type: application/json
Content-Length: 124

{"order":{"id":"17","metafields":[{"namespace":"crm","key":"status","type":"single_line_text_field","value":"delivering"}]}}

POST /admin/api/2025-01/fulfillments.json HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-Shopify-Access-Token: sesame
Content-Type: application/json
Content-Length: 149

{"fulfillment":{"line_items_by_fulfillment_order":[{"fulfillment_order_id":1046000853}],"notify_customer":false,"tracking_info":{"number":"PC 3&?"}}}

END
cat >script <<'END'
text {"fulfillment_orders": [{"id": 1046000853, "status": "closed"}]}
.
text {"fulfillments": [{"id": 1, "status": "cancelled"}, {"id": 2, "status": "success", "tracking_number": "old"}]}
.
text {"order": {"id": 17, "closed_at": null}}
.
text {}
END
api shopify '' 'codes = "shop.codes"'
status complete A-1
expect 0 order-export --send site
asked_lines >told
same 'what is fulfilled gets the number, and is closed' told <<'END'
GET /admin/api/2025-01/orders/17/fulfillment_orders.json HTTP/1.1
GET /admin/api/2025-01/orders/17/fulfillments.json HTTP/1.1
GET /admin/api/2025-01/orders/17.json?fields=id,closed_at HTTP/1.1
PUT /admin/api/2025-01/orders/17.json HTTP/1.1
{"order":{"id":"17","metafields":[{"namespace":"crm","key":"status","type":"single_line_text_field","value":"closed"}]}}
POST /admin/api/2025-01/fulfillments/2/update_tracking.json HTTP/1.1
{"fulfillment":{"notify_customer":false,"tracking_info":{"number":"PC 3&?"}}}
POST /admin/api/2025-01/orders/17/close.json HTTP/1.1
{}
END
cat >script <<'END'
text {"order": {"id": 17, "cancelled_at": "2026-03-01T10:00:00Z"}}
.
text {"order": {"id": 17}}
END
api shopify '' 'codes = "shop.codes"'
status cancel-other A-1
expect 0 order-export --send site
asked_lines >told
same 'what is cancelled is not cancelled again' told <<'END'
GET /admin/api/2025-01/orders/17.json?fields=id,cancelled_at HTTP/1.1
PUT /admin/api/2025-01/orders/17.json HTTP/1.1
{"order":{"id":"17","metafields":[{"namespace":"crm","key":"status","type":"single_line_text_field","value":"cancelled"}]}}
END
: >asked
status new A-1
status cancel-other A-1
expect 0 order-export --send -n site
same 'a dry run asks nothing, so it shows what may not be needed' out <<'END'
{"order_no":"A-1","method":"PUT","path":"/admin/api/2025-01/orders/17.json","body":{"order":{"id":"17","metafields":[{"namespace":"crm","key":"status","type":"single_line_text_field","value":"cancelled"}]}}}
{"order_no":"A-1","method":"GET","path":"/admin/api/2025-01/orders/17.json?fields=id,cancelled_at"}
{"order_no":"A-1","method":"POST","path":"/admin/api/2025-01/orders/17/cancel.json","body":{}}
END
[ ! -s asked ]
ok 'really nothing' $?

# What a server may answer instead. Three orders wait each time.
# fails STATUS DESCRIPTION TEXT SCRIPT - the first answer is that.
fails() {
	printf '%b\n' "$4" >script
	api woocommerce "user = ck ${5-}"
	expect 0 order-export site --confirm last
	for no in A-1 A-2 A-3; do
		status new $no
		status complete $no
	done
	expect "$1" order-export --send site
	[ -n "$3" ] || echo >>err
	contains "$2" err "$3"
	put_ids
}
# later DESCRIPTION - all three are told when the server is well again.
later() {
	echo 'text {"id": 1}' >script
	api woocommerce 'user = ck'
	expect 0 order-export --send site
	put_ids
	same "$1" told
}
fine='\n.\ntext {"id": 1}'
fails 1 '401' "order-export: shop site: order A-1: it answers 401: the secret in $work/token for user ck is not accepted: no" \
    'status 401\ntext {"message": "no"}'
later 'nothing is passed over' <<'END'
17 a%2F9 19
END
fails 75 'a web page' 'shop site: order A-3: a web page instead of JSON' \
    'text {"id": 17}\n.\ntext <html>maintenance'
same 'a second order shows that it is not the order' told <<'END'
17 a%2F9 19
END
later 'the rest goes on where it was' <<'END'
a%2F9 19
END
cut='text {"id": 17}\ncut 3\n.\n'
fails 75 'cut off, three times' 'order A-1: ' "$cut$cut$cut"'text {"id": 1}'
same 'a PUT is safe to repeat, and the others need not wait' told <<'END'
17 17 17 a%2F9 19
END
later 'only that one is left' <<'END'
17
END
fails 75 'an error of a proxy' 'order A-2: it answers 522' 'status 522\ntext {}'
fails 0 '429 passes' '' 'status 429\nheader Retry-After: 0\ntext {}'"$fine"
same 'after which all are told' told <<'END'
17 17 a%2F9 19
END
fails 75 '429 with a long wait' 'it wants to be left alone for 3600 s' \
    'status 429\nheader Retry-After: 3600\ntext {}'
fails 75 '500 for ever' 'it answers 500' \
    'status 500\nheader Retry-After: 0\ntext {}'
fails 75 'too slow' 'order A-2: ' 'delay 1300\ntext {}' 'timeout = 1'
fails 1 '404 of another server' 'there is no woocommerce API at http://127' \
    'status 404\ntext <html>not here'
fails 3 '404 of one order' 'A-1: it answers 404: Invalid ID.' \
    'status 404\ntext {"code": "x", "message": "Invalid ID."}'"$fine"
same 'the others are told' told <<'END'
17 a%2F9 19
END
printf 'status 422\ntext {"errors": {"status": ["is \\u001b[31mnot"]}}' >script
api woocommerce 'user = ck'
expect 3 order-export --send site
contains 'it is tried and said each time' err 'A-1: it answers 422: status: is '
grep -c "$(printf '\033')" err >out
same 'and a server does not colour our terminal' out <<'END'
0
END
put_ids
same 'alone' told <<'END'
17
END
expect 0 order-export -n --tsv --no-header site
printf 'A-1\t17\tcomplete\tstatus\t\n' >want
cmp out want
ok 'a document would have it too, and it alone' $?
later 'until it is taken' <<'END'
17
END
: >asked
expect 0 order-export --send site
same 'then it is at rest' asked </dev/null
fails 3 '422, and then given up' 'A-1: it answers 422' \
    'status 422\ntext {"message": "no"}'
expect 0 order-export site --confirm last
expect 0 order-export --send site
fails 3 'not done, by an answer 200' 'it answers 200 and that it was not done: no' \
    'text {"success": false, "errorMsg": "no"}'"$fine"
expect 0 order-export site --confirm last

# A POST that may have been done is not repeated blindly.
cat >script <<'END'
text {"rows": []}
.
close
.
text {"rows": [{"id": "m-8", "externalCode": "M-2"}], "id": "m-8"}
END
api moysklad '' 'organization = "https://ms/o/1" agent = "https://ms/a/2"'
sed 's/M;1/M-2/' >o <<'END'
{"type":"order","order_no":"M;1","source":"phone","status":"new","placed_at":"2026-03-01T21:30:00Z","items":[{"name":"x","sku":"x","quantity":3,"price":3}]}
END
expect 0 order-export site --confirm last
expect 0 order-import o
expect 75 order-export --send site
expect 0 order-export --send site
grep -a '^[GP]' asked | tr -d '\r' >told
same 'it is looked for first' told <<'END'
GET /entity/customerorder?limit=1&filter=externalCode%3DM-2 HTTP/1.1
POST /entity/customerorder HTTP/1.1
GET /entity/customerorder?limit=1&filter=externalCode%3DM-2 HTTP/1.1
PUT /entity/customerorder/m-8 HTTP/1.1
END

# There and back: what was told comes back by order-fetch and is no news.
export CRM_DB="$work/back.db"
crm-init -q --timezone Europe/Minsk --currency BYN --country BY
at=2026-02-01T10:00:00
echo "$at $(woo 5 $at)" >store
echo 'shop store' >script
api woocommerce 'user = ck'
order-fetch site 2>err | order-import 2>>err
expect 0 order-export --send site
asked_lines | grep -v '^GET' >told
same 'what the site said itself is not told to it' told </dev/null
status complete 5
expect 0 order-export --send site
asked_lines | grep -v '^GET' >told
same 'what we say is' told <<'END'
PUT /wp-json/wc/v3/orders/5 HTTP/1.1
{"status":"completed"}
END
at=2026-02-02T10:00:00
echo "$at $(woo 5 $at | sed 's/"processing"/"completed"/')" >store
api woocommerce 'user = ck'
order-fetch site 2>err | order-import 2>>err
expect 0 order-export --send site
asked_lines | grep -v '^GET' >told
same 'and is no news when it comes back' told </dev/null
sql 'SELECT order_no, status FROM orders' >out
same 'it is as it was' out <<'END'
5 complete
END
whole
export CRM_DB="$work/made.db"
crm-init -q --timezone Europe/Minsk --currency BYN --country BY
cat >o <<'END'
{"type":"order","order_no":"P-1","source":"phone","status":"new","placed_at":"2026-03-01T21:30:00Z","items":[{"name":"x","sku":"x","quantity":3,"price":3}]}
END
expect 0 order-import o
sql "INSERT INTO offer_source SELECT 'site', 'g-1', id, NULL FROM offer
    WHERE sku = 'x'"
cat >script <<'END'
text {"rows": []}
.
text {"id": "m-9"}
.
text {"rows": [{"id": "m-9", "name": "P-1", "externalCode": "P-1", "moment": "2026-03-02 00:30:00.000", "updated": "2026-03-02 09:00:00.000", "sum": 900, "positions": {"rows": [{"id": "p-1", "quantity": 3, "price": 300, "assortment": {"id": "g-1", "name": "x"}}]}}]}
.
text {"rows": []}
END
api moysklad '' 'organization = "https://ms/o/1" agent = "https://ms/a/2"'
expect 0 order-export site --confirm last
status client-confirmed P-1
expect 0 order-export --send site
order-fetch site 2>err | order-import 2>>err
sql "SELECT o.order_no, s.source, s.external_id FROM orders o
    JOIN order_source s ON s.order_id = o.id ORDER BY o.id, s.source" >out
same 'an order made in MoySklad comes back as the same' out <<'END'
P-1 phone P-1
P-1 site m-9
END
whole
export CRM_DB="$work/t.db"

# Mistakes.
cat >crm.conf <<'END'
receiver a { kind = woocommerce }
receiver b { kind = woocommerce shop = none }
receiver c { kind = insales shop = s }
shop s { kind = shopify url = "http://127.0.0.1:1" token_file = token }
receiver d { kind = shopify shop = s }
END
expect 1 order-export --send a
contains 'it has no shop' err "crm.conf:1: receiver 'a' has no 'shop'"
expect 1 order-export --send b
contains 'it is not there' err "crm.conf has no shop 'none'; choose from s"
expect 1 order-export --send c
contains 'of another kind' err 'kind insales and its shop '"'s' of kind shopify"
chmod 644 token
expect 1 order-export --send d
contains 'a secret that all can read' err "$work/token: others than its owner"
whole
done_testing
