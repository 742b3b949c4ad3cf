#!/bin/sh
# order-fetch asks each API for what it documents, goes on page by page without
# missing an order, and says clearly what is wrong with an answer.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"
fixtures=$top/tests/fixtures/orders

json() { sqlite3 :memory: "$@"; }
ids() { sed -n 's/.*"external_id":"\([^"]*\)".*/\1/p' "$1" | tr '\n' ' '; }
cursors() { sed -n 's/^{"type":"cursor".*"value":"\([^"]*\)"}$/\1/p' "$1"; }

# What an order of each API becomes is what it becomes from a file.
json "SELECT json_group_array(json(value)) FROM (SELECT value
    FROM json_each(readfile('$fixtures/woocommerce.json'))
    ORDER BY json_extract(value, '\$.date_modified_gmt'))" >woocommerce.json
json "SELECT json_object('orders', json_array(json_extract(
    readfile('$fixtures/shopify.json'), '\$.order')))" >shopify.json
json "SELECT json_object('rows', json_group_array(json(value))) FROM (
    SELECT value FROM json_each(readfile('$fixtures/moysklad.json'), '\$.rows')
    ORDER BY json_extract(value, '\$.updated'))" >moysklad.json
cp "$fixtures/insales.json" insales.json
json "SELECT json_object('success', json('true'), 'orders', json_array(
    json_extract(readfile('$fixtures/retailcrm-order.json'), '\$.order')))" \
    >retailcrm.json
cat >history.json <<'END'
{"success": true, "history": [
 {"id": 9001, "created": true, "field": "status", "order": {"id": 1042}},
 {"id": 9002, "field": "status", "order": {"id": 1042}},
 {"id": 9003, "field": "status", "deleted": true, "order": {"id": 77}}]}
END
for kind in insales moysklad retailcrm shopify woocommerce; do
	user=
	case $kind in insales|woocommerce) user='user = "ck"' ;; esac
	{
		[ $kind != retailcrm ] || printf 'body history.json\n.\n'
		printf 'body %s.json\ngzip\nchunked\n.\n' $kind
		empty_of $kind orders
	} >script
	serve $kind "$user"
	export CRM_DB="$work/$kind-file.db"
	crm-init --timezone Europe/Minsk --currency BYN --country BY \
	    2>/dev/null >&2
	expect 0 order-import --source site --format $kind $kind.json
	order-list --json >file.ndjson
	export CRM_DB="$work/$kind.db"
	crm-init --timezone Europe/Minsk --currency BYN --country BY \
	    2>/dev/null >&2
	expect 0 order-fetch site
	cp out $kind.ndjson
	expect 0 order-import $kind.ndjson
	order-list --json >fetched.ndjson
	[ -s file.ndjson ] && cmp -s file.ndjson fetched.ndjson
	ok "$kind: fetched is as imported from a file" $?
	diff file.ndjson fetched.ndjson | note
	grep -q '"rev"' $kind.ndjson
	[ $? -eq 1 ]
	ok "$kind: the records are not ours" $?
	tr -d '\r' <asked | sed "s/:$port\$/:PORT/" >$kind.asked
	sql 'SELECT source, value FROM cursor' >$kind.cursor
	expect 0 order-fetch site
	expect 0 order-import out
	order-list --json | cmp -s - fetched.ndjson
	ok "$kind: once more changes nothing" $?
done
tail -n +1 ./*.cursor >out
same 'how far they are' out <<'END'
==> ./insales.cursor <==
site 2013-12-31T10:26:47Z

==> ./moysklad.cursor <==
site 2026-02-03T06:00:00Z

==> ./retailcrm.cursor <==
site 9003

==> ./shopify.cursor <==
site 2008-01-10T16:00:00Z

==> ./woocommerce.cursor <==
site 2017-03-22T19:28:08Z
END
same 'WooCommerce is asked as documented' woocommerce.asked <<'END'
GET /wp-json/wc/v3/orders?per_page=100&orderby=modified&order=asc&dates_are_gmt=true HTTP/1.1
Host: 127.0.0.1:PORT
Authorization: Basic Y2s6c2VzYW1l
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json

GET /wp-json/wc/v3/orders?per_page=100&orderby=modified&order=asc&dates_are_gmt=true&modified_after=2017-03-22T19%3A28%3A07 HTTP/1.1
Host: 127.0.0.1:PORT
Authorization: Basic Y2s6c2VzYW1l
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json

END
same 'Shopify is asked as documented' shopify.asked <<'END'
GET /admin/api/2025-01/orders.json?status=any&limit=250&order=updated_at%20asc HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-Shopify-Access-Token: sesame

GET /admin/api/2025-01/orders.json?status=any&limit=250&order=updated_at%20asc&updated_at_min=2008-01-10T16%3A00%3A00Z HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-Shopify-Access-Token: sesame

END
same 'InSales is asked as documented' insales.asked <<'END'
GET /admin/orders.json?per_page=100 HTTP/1.1
Host: 127.0.0.1:PORT
Authorization: Basic Y2s6c2VzYW1l
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json

GET /admin/orders.json?per_page=100&updated_since=2013-12-31T14%3A26%3A47.000%2B04%3A00&from_id=2363810 HTTP/1.1
Host: 127.0.0.1:PORT
Authorization: Basic Y2s6c2VzYW1l
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json

END
same 'MoySklad is asked as documented' moysklad.asked <<'END'
GET /entity/customerorder?expand=agent%2Cstate%2Cstore%2CsalesChannel%2Crate.currency%2Cpositions.assortment&limit=100&order=updated%2Casc HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
Authorization: Bearer sesame

GET /entity/customerorder?expand=agent%2Cstate%2Cstore%2CsalesChannel%2Crate.currency%2Cpositions.assortment&limit=100&order=updated%2Casc&filter=updated%3E%3D2026-02-03%2009%3A00%3A00.000 HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
Authorization: Bearer sesame

END
same 'retailCRM is asked as documented' retailcrm.asked <<'END'
GET /api/v5/orders/history?limit=100 HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-API-KEY: sesame

GET /api/v5/orders?limit=100&filter%5Bids%5D%5B%5D=1042&filter%5Bids%5D%5B%5D=77 HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-API-KEY: sesame

GET /api/v5/orders/history?limit=100&filter%5BsinceId%5D=9003 HTTP/1.1
Host: 127.0.0.1:PORT
User-Agent: crm/0.1
Accept-Encoding: gzip
Accept: application/json
X-API-KEY: sesame

END

# Pages, and where the next fetch begins.
shop
ck='user = "ck"'
i=1
while [ $i -le 25 ]; do
	t=2026-02-01T10:$(printf %02d $i):00
	printf '%s %s\n' "$t" "$(woo $i "$t")"
	i=$((i + 1))
done >orders
printf 'shop orders\n' >script
serve woocommerce "$ck page_size = 10"
expect 0 order-fetch site
cp out records
[ "$(ids records)" = "$(seq 1 25 | tr '\n' ' ')" ]
ok 'every order comes once' $?
cursors records >out
same 'a cursor after each page' out <<'END'
2026-02-01T10:10:00Z
2026-02-01T10:19:00Z
2026-02-01T10:25:00Z
END
expect 0 order-import records
printf 'shop orders\n' >script
serve woocommerce "$ck page_size = 10"
dump >before
expect 0 order-fetch -n site
requests >out.requests
dump | cmp -s before -
ok 'order-fetch -n leaves the database alone' $?
[ "$(ids out)" = '20 21 22 23 24 25 ' ] && ! grep -q cursor out
ok 'with -n there is no cursor; the last five minutes come again' $?
same 'asked once, from then on' out.requests <<'END'
/wp-json/wc/v3/orders?per_page=10&orderby=modified&order=asc&dates_are_gmt=true&modified_after=2026-02-01T10%3A19%3A59
END
expect 0 order-fetch --since '2026-02-01 13:05' site
[ "$(ids out)" = "$(seq 5 25 | tr '\n' ' ')" ]
ok '--since begins there, in local time' $?
[ "$(cursors out | sort -u)" = 2026-02-01T10:25:00Z ]
ok 'and takes no cursor back' $?
expect 2 order-fetch --since 2026-02-02 site
contains 'nothing may be passed over' err 'would be missed'
expect 2 order-fetch --since yesteryear site
expect 0 order-fetch -v site
contains '-v says what is asked' err 'order-fetch: GET http://127.0.0.1:'
grep -q sesame err
[ $? -eq 1 ]
ok 'and no secret' $?
expect 1 sh -c 'order-fetch site >/dev/full'

# Many orders changed in the same second, more than a page.
i=1
while [ $i -le 30 ]; do
	t=2026-02-01T10:00:00
	[ $i -le 26 ] || t=2026-02-01T11:00:00
	printf '%s %s\n' "$t" "$(woo $i "$t")"
	i=$((i + 1))
done >orders
printf 'shop orders\n' >script
serve woocommerce "$ck page_size = 10"
rm t.db*
shop
expect 0 order-fetch site
[ "$(ids out)" = "$(seq 1 30 | tr '\n' ' ')" ]
ok 'orders of one second, more than a page: each once' $?
contains 'they are read by id' asked \
    'orderby=id&order=asc&dates_are_gmt=true&modified_after=2026-02-01T09%3A59%3A59&modified_before=2026-02-01T10%3A00%3A01&offset=9 '

# Shopify's next page: only the place is taken from the address it names.
printf '{"orders":[{"id":%d,"name":"#%d","updated_at":"2026-02-0%dT00:00:00Z"%s}]}' \
    1 1 1 ',"currency":"BYN","total_price":"1.00"' >page1
sed 's/"id":1/"id":2/; s/#1/#2/; s/-01T/-02T/' page1 >page2
cat >script <<'END'
body page1
header Link: <https://evil.example/x?page_info=before>; rel="previous", <https://evil.example/orders.json?limit=1&page_info=abc123>; rel="next"
header X-Shopify-Shop-Api-Call-Limit: 39/40
.
body page2
header Link: <https://evil.example/x?page_info=abc>; rel="previous"
.
text {"orders": []}
END
serve shopify 'page_size = 1'
expect 0 order-fetch site
[ "$(ids out)" = '1 2 ' ]
ok 'both pages' $?
requests >out
same 'and nobody else is asked' out <<'END'
/admin/api/2025-01/orders.json?status=any&limit=1&order=updated_at%20asc
/admin/api/2025-01/orders.json?limit=1&page_info=abc123
/admin/api/2025-01/orders.json?status=any&limit=1&order=updated_at%20asc&updated_at_min=2026-02-02T00%3A00%3A00Z
END

# A server's clock is ahead: the cursor waits for ours.
{ printf 'text ['; woo 1 2027-01-01T00:00:00; printf ']\n.\ntext []\n'; } >script
serve woocommerce "$ck"
expect 0 order-fetch site
[ "$(cursors out)" = 2026-03-02T09:00:00Z ]
ok 'the cursor does not go into the future' $?

# Faults that pass.
one="text [$(woo 1 2026-02-01T10:00:00)]"
passes() {	# passes TITLE SCRIPT: then the order comes
	{ printf '%b\n.\n' "$2"; printf '%s\n.\ntext []\n' "$one"; } >script
serve woocommerce "$ck"
	expect 0 order-fetch -v site
	[ "$(ids out)" = '1 ' ]
	ok "$1, then fine" $?
}
passes '500' 'status 500\ntext <h1>error</h1>'
contains 'it waits a second' err 'again in 1 s'
passes '429 with Retry-After' 'status 429\nheader Retry-After: 0'
contains 'it waits as it is told' err 'again in 0 s'
passes '503 with a date' \
    'status 503\nheader Retry-After: Mon, 02 Mar 2026 09:00:02 GMT'
contains 'it waits until then' err 'again in 2 s'
passes 'no answer' 'close'
passes 'half an answer' 'text [{"id": 1, "number": "1"}]\ncut 9'

# Faults that stay.
fails() {	# fails STATUS TITLE MESSAGE SCRIPT [KEYS]
	printf '%b\n' "$4" >script
serve "${6-woocommerce}" "${5-$ck}"
	expect "$1" order-fetch site
	contains "$2" err "order-fetch: shop site: $3"
	[ ! -s out ]
	ok "$2: no record, no cursor" $?
}
fails 75 '429 again and again' 'it answers 429: too many requests' \
    'status 429\nheader Retry-After: 0\nloop'
[ "$(requests | wc -l)" -eq 3 ]
ok 'three tries' $?
fails 75 'told to come back much later' \
    'it wants to be left alone for 3600 s: it answers 429' \
    'status 429\nheader Retry-After: 3600'
fails 75 'slow' 'Operation timed out' 'delay 1500\ntext []' "$ck timeout = 1"
fails 75 'a web page' 'a web page instead of JSON' 'text <html>maintenance'
fails 75 'text' 'its answer is not JSON' 'text hello'
fails 75 'nothing' 'its answer is not JSON' 'text '
fails 75 'cut off within the JSON' 'its answer is cut short or not JSON' \
    "$(printf '%s' "$one" | cut -c1-300)"
fails 75 'another answer' "its answer is no list of orders: maintenance" \
    'text {"message": "maintenance"}'
fails 1 '401' \
    "it answers 401: the secret in $work/token for user ck is not accepted: no" \
    'status 401\ntext {"code": "x", "message": "no"}'
fails 1 '403' 'it answers 403: the secret' 'status 403\ntext <p>'
fails 1 '404' 'it answers 404: No route; there is no woocommerce API at http://127' \
    'status 404\ntext {"code": "rest_no_route", "message": "No route"}'
fails 1 '400' 'it answers 400: Invalid parameter' \
    'status 400\ntext {"message": "Invalid parameter(s): orderby"}'
fails 1 'a redirect' 'it sends us to https://evil.example/' \
    'status 301\nheader Location: https://evil.example/'
fails 75 'retailCRM says no' 'its answer is no history: Account is blocked' \
    'text {"success": false, "errorMsg": "Account is blocked"}' '' retailcrm
printf 'body history.json\n.\ntext %s\n' \
    '{"success": true, "pagination": {"totalCount": 2}, "orders": []}' >script
serve retailcrm
expect 75 order-fetch site
contains 'fewer orders than asked for' err 'it sends 0 of the 2 orders'

# Servers that do not do what is asked.
{ printf 'text ['; woo 1 2026-02-01T10:00:00; printf ,
	woo 2 2026-02-01T10:00:00; printf ']\nloop\n'; } >script
serve woocommerce "$ck page_size = 2"
expect 75 order-fetch site
contains 'the same page for ever' err 'the same orders again and again'
[ "$(ids out)" = '1 2 ' ]
ok 'its orders come once' $?
{ printf 'text ['; woo 1 2026-02-01T10:00:00; printf ,
	woo 2 2026-01-01T10:00:01; printf ']\n'; } >script
serve woocommerce "$ck"
expect 75 order-fetch site
contains 'out of turn' err 'its orders are out of turn at 2, changed 2026-01-01T10:00:01'
{ printf 'header X-WP-Total: 5000\n%s\n.\ntext []\n' "$one"; } >script
serve woocommerce "$ck"
expect 0 order-fetch site
[ "$(ids out)" = '1 ' ]
ok 'fewer orders than it says there are: an empty page is the end' $?
{ printf 'header X-WP-Total: 1\n%s\n.\ntext [' "$one"
	woo 2 2026-02-02T10:00:00; printf ']\n.\ntext []\n'; } >script
serve woocommerce "$ck page_size = 1"
expect 0 order-fetch site
[ "$(ids out)" = '1 2 ' ]
ok 'more orders than it says: a full page is never the last' $?

# An order that cannot be read goes on to the rejects, and the others are taken.
{ printf 'text ['; woo 1 2026-02-01T10:00:00; printf ,
	woo 2 2026-02-01T10:00:01 | sed 's/Анна/A\xffB/'; printf ,
	woo 3 2026-02-01T10:00:02 | sed 's/"total":"3.50"/"total":"much"/g'
	printf ,; woo 4 2026-02-01T10:00:03; printf ']\n.\ntext []\n'; } >script
serve woocommerce "$ck"
expect 0 order-fetch site
cp out records
expect 3 order-import records
sql 'SELECT external_id FROM order_source ORDER BY 1' >out
same 'the good ones are there' out <<'END'
1
4
END
sql 'SELECT source, format, substr(record, 1, 9), reason FROM reject' >out
contains 'bad bytes are kept' out 'site woocommerce {"id":2,"'
contains 'a bad amount is kept' out 'site woocommerce {"id":3,"'
cursors records >out
same 'and the cursor is behind them' out <<'END'
2026-02-01T10:00:03Z
END
sql "UPDATE reject SET record = replace(record, '\"much\"', '\"3.50\"')"
expect 0 order-import --retry
sql 'SELECT external_id FROM order_source ORDER BY 1' >out
same 'after the cause is mended they are taken, by their own format' out <<'END'
1
2
3
4
END

# What is wrong here.
printf 'text []\n' >script
serve woocommerce "$ck"
chmod 640 token
expect 1 order-fetch site
contains 'a secret others may read' err "$work/token: others than its owner"
chmod 600 token
printf 'two\nlines\n' >token
expect 1 order-fetch site
contains 'a secret of two lines' err 'it must be one line'
printf 'a b\n' >token
expect 1 order-fetch site
contains 'a secret with a blank' err 'a blank or control character'
rm token
expect 1 order-fetch site
contains 'no secret' err "$work/token: No such file"
[ ! -s asked ]
ok 'nobody was asked' $?
expect 1 order-fetch sight
contains 'no such shop' err "crm.conf has no shop 'sight'; choose from site"
expect 2 order-fetch
expect 2 order-fetch site site
expect 1 order-fetch -d none.db site
conf_fails() {	# conf_fails MESSAGE LINES
	printf 'shop "site" { %s }\n' "$2" >crm.conf
	expect 1 order-fetch site
	contains "$1" err "$1"
}
printf 'sesame\n' >token
chmod 600 token
all='kind = woocommerce user = x token_file = token'
conf_fails 'not sent in the clear' "$all url = 'http://shop.example'"
conf_fails 'secrets belong in files' "$all url = 'https://a:b@shop.example'"
conf_fails "is not https://" "$all url = 'ftp://127.0.0.1/'"
conf_fails "shop 'site': 'url' is missing" "$all"
conf_fails "'kind' cannot be 'wix'" \
    "kind = wix token_file = token url = 'https://a'"
conf_fails "'user' is missing" \
    "kind = insales token_file = token url = 'https://a'"
conf_fails "'page_size' of woocommerce is at most 100" \
    "$all url = 'https://a' page_size = 101"
conf_fails "unknown key 'tokenfile'" "$all tokenfile = x"
printf 'shop "a/b" { }\n' >crm.conf
expect 1 order-list
contains 'a name that is none' err 'the name of a shop has 1 to 64 letters'

# One fetch of a shop at a time.
printf 'text []\n' >script
serve woocommerce "$ck"
expect 75 flock .t.db.order-fetch-site.lock order-fetch site
contains 'another is running' err 'another order-fetch-site is running'
expect 0 flock .t.db.order-fetch-other.lock order-fetch site

# A Cyrillic host, from cron's locale too.
printf 'status 403\n' >script
serve woocommerce "$ck"
sed "s|http://127.0.0.1:$port|https://магазин.example|" crm.conf >host.conf
run env LC_ALL=C https_proxy="http://127.0.0.1:$port" order-fetch -c host.conf site
contains 'a host is asked for by its ASCII name' asked \
    'CONNECT xn--80aairftm.example:443'

# Asked to stop while it waits.
printf 'status 503\nheader Retry-After: 200\n' >script
serve woocommerce "$ck"
order-fetch site >out 2>err &
fetch=$!
tries=0
until [ -s asked ] || [ $((tries += 1)) -gt 100 ]; do
	sleep 0.1
done
sleep 0.2
kill -TERM $fetch
wait $fetch
[ $? -eq 143 ]
ok 'SIGTERM ends a wait' $?
done_testing
