#!/bin/sh
# order-fetch --customers and --carts ask each API for what it documents, go on
# page by page without missing anybody, and say clearly what is wrong.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"
fixtures=$top/tests/fixtures

ids() { sed -n 's/.*"external_id":"\([^"]*\)".*/\1/p' "$1" | tr '\n' ' '; }
cursors() { sed -n 's/^{"type":"cursor",\(.*\)}$/\1/p' "$1"; }
fresh() {	# an empty shop that knows a field of customers
	shop
	printf 'entity\tcode\tname\ttype\ncustomer\tsize\tSize\tinteger\n' \
	    >custom_field.tsv
	expect 0 crm-reference --load custom_field.tsv
}
shown() { customer-list --json | jq -cS 'del(.history, .customer_id)' | sort; }

# What a customer of each API becomes is what he becomes from a file.
jq '.' "$fixtures/customers/insales.json" >insales.json
jq '.rows |= sort_by(.updated)' "$fixtures/customers/moysklad.json" \
    >moysklad.json
cp "$fixtures/customers/shopify.json" shopify.json
cp "$fixtures/customers/woocommerce.json" woocommerce.json
cp "$fixtures/orders/retailcrm-customers.json" retailcrm.json
cat >history.json <<'END'
{"success": true, "history": [
 {"id": 8001, "created": true, "field": "id", "customer": {"id": 311}},
 {"id": 8002, "field": "phones", "customer": {"id": 312}},
 {"id": 8003, "field": "segments", "customer": {"id": 999}},
 {"id": 8004, "field": "email", "customer": {"id": 311}},
 {"id": 8005, "field": "nick_name", "customer": {"id": 313}}]}
END
for kind in insales moysklad retailcrm shopify woocommerce; do
	user=
	case $kind in insales|woocommerce) user='user = "ck"' ;; esac
	{
		[ $kind != retailcrm ] || printf 'body history.json\n.\n'
		printf 'body %s.json\ngzip\nchunked\n.\n' $kind
		empty_of $kind customers
	} >script
	serve $kind "$user"
	fresh
	expect 0 customer-import -q --source site --format $kind $kind.json
	shown >file.ndjson
	fresh
	expect 0 order-fetch --customers site
	cp out $kind.ndjson
	expect 0 customer-import -q $kind.ndjson
	shown >fetched.ndjson
	[ -s file.ndjson ] && cmp -s file.ndjson fetched.ndjson
	ok "$kind: fetched is as imported from a file" $?
	diff file.ndjson fetched.ndjson | note
	requests >$kind.asked
	sql 'SELECT source, value FROM cursor' >$kind.cursor
	expect 0 order-fetch --customers site
	cp out again.ndjson
	expect 0 customer-import -v again.ndjson
	contains "$kind: once more changes nothing" err ' 0 new, 0 changed, '
done
tail -n +1 ./*.cursor >out
same 'how far they are, beside the orders' out <<'END'
==> ./insales.cursor <==
site:customers 2014-01-02T06:00:00Z

==> ./moysklad.cursor <==
site:customers 2026-02-03T06:00:00Z

==> ./retailcrm.cursor <==
site:customers 8005

==> ./shopify.cursor <==
site:customers 2014-01-20T22:25:18Z

==> ./woocommerce.cursor <==
END
tail -n +1 ./*.asked >out
same 'each is asked as documented' out <<'END'
==> ./insales.asked <==
/admin/clients.json?per_page=100
/admin/clients.json?per_page=100&updated_since=2014-01-02T10%3A00%3A00.000%2B04%3A00&from_id=8

==> ./moysklad.asked <==
/entity/counterparty?limit=100&order=updated%2Casc
/entity/counterparty?limit=100&order=updated%2Casc&filter=updated%3E%3D2026-02-03%2009%3A00%3A00.000

==> ./retailcrm.asked <==
/api/v5/customers/history?limit=100
/api/v5/customers?limit=100&filter%5Bids%5D%5B%5D=311&filter%5Bids%5D%5B%5D=312&filter%5Bids%5D%5B%5D=313
/api/v5/customers/history?limit=100&filter%5BsinceId%5D=8005

==> ./shopify.asked <==
/admin/api/2025-01/customers.json?limit=250&order=updated_at%20asc
/admin/api/2025-01/customers.json?limit=250&order=updated_at%20asc&updated_at_min=2014-01-20T22%3A25%3A18Z

==> ./woocommerce.asked <==
/wp-json/wc/v3/customers?role=all&per_page=100&orderby=id&order=asc&offset=0
END

# Carts, of the one that has a list of them.
{ printf 'body %s\n.\ntext {"checkouts": []}\n' "$fixtures/carts/shopify.json"; } \
    >script
serve shopify
fresh
expect 0 order-fetch --carts site
cp out carts.ndjson
requests >out
same 'checkouts are asked for' out <<'END'
/admin/api/2025-01/checkouts.json?status=any&limit=250&order=updated_at%20asc
/admin/api/2025-01/checkouts.json?status=any&limit=250&order=updated_at%20asc&updated_at_min=2012-10-12T11%3A05%3A27Z
END
expect 0 cart-import -v carts.ndjson
contains 'and taken' err '1 set'
expect 0 cart-import -v --source site "$fixtures/carts/shopify.json"
contains 'as from a file' err '1 same'
sql 'SELECT source, value FROM cursor' >out
same 'they have a cursor of their own' out <<'END'
site:carts 2012-10-12T11:05:27Z
END
for kind in insales moysklad retailcrm woocommerce; do
	serve $kind "$(case $kind in [iw]*) echo 'user = "ck"' ;; esac)"
	expect 2 order-fetch --carts site
	contains "$kind has none" err "the API of $kind has no list of carts"
done
expect 2 order-fetch --carts --customers site
contains 'one thing at a time' err 'exclude each other'
expect 3 order-import carts.ndjson
contains 'carts are no orders' err "records of type 'cart' are not taken here"

# Each page begins where the last one ended; the next fetch a little before.
ck='user = "ck"'
{
	printf 'text ['; person 1 2026-02-01T10:00:00Z; printf ,
	person 2 2026-02-01T10:10:00Z; printf ']\n.\ntext ['
	person 3 2026-02-01T10:10:00Z; printf ']\n.\ntext []\n'
} >script
serve insales "$ck page_size = 2"
fresh
expect 0 order-fetch --customers site
cp out records
[ "$(ids out)" = '1 2 3 ' ]
ok 'everybody comes once' $?
cursors out >out.cursors
same 'a cursor after each page' out.cursors <<'END'
"source":"site:customers","value":"2026-02-01T10:10:00Z"
"source":"site:customers","value":"2026-02-01T10:10:00Z"
END
expect 0 customer-import records
printf 'text []\n' >script
serve insales "$ck page_size = 2"
dump >before
expect 0 order-fetch --customers -n site
dump | cmp -s before -
ok '-n leaves the database alone' $?
expect 0 order-fetch --customers --since 2026-01-01 site
expect 0 order-fetch site
requests >out
same 'five minutes before; since; orders have a place of their own' out <<'END'
/admin/clients.json?per_page=2&updated_since=2026-02-01%2010%3A05%3A00%20%2B00%3A00
/admin/clients.json?per_page=2&updated_since=2025-12-31%2021%3A00%3A00%20%2B00%3A00
/admin/orders.json?per_page=2
END
expect 75 flock .t.db.order-fetch-site:customers.lock order-fetch --customers site
expect 0 flock .t.db.order-fetch-site:customers.lock order-fetch site

# A whole list: somebody who is deleted meanwhile makes it step back.
who() { jq -c --argjson ids "$1" '.[0] as $c | $ids | map(. as $id | $c
    | .id = $id | .email = "c\($id)@example.by")' \
	"$fixtures/customers/woocommerce.json"; }
{
	printf 'header X-WP-Total: 8\ntext %s\n.\n' "$(who '[1,2,3]')"
	printf 'header X-WP-Total: 7\ntext %s\n.\n' "$(who '[4,5,6]')"
	printf 'header X-WP-Total: 7\ntext %s\n.\n' "$(who '[1,3,4]')"
	printf 'header X-WP-Total: 7\ntext %s\n.\n' "$(who '[4,5,6]')"
	printf 'header X-WP-Total: 7\ntext %s\n.\n' "$(who '[6,7,8]')"
	printf 'header X-WP-Total: 7\ntext %s\n' "$(who '[8]')"
} >script
serve woocommerce "$ck page_size = 3"
expect 0 order-fetch --customers site
[ "$(ids out)" = '1 2 3 4 5 6 7 8 ' ]
ok 'everybody comes once' $?
[ -z "$(cursors out)" ]
ok 'and there is no cursor, as nothing could begin there' $?
[ "$(requests | sed 's/.*=//' | tr '\n' ' ')" = '0 2 0 2 4 6 ' ]
ok 'pages overlap by one' $?
expect 2 order-fetch --customers --since -7d site
contains '--since' err 'cannot be asked for changed customers'

# Faults that pass, and faults that stay.
fresh
one="text [$(person 1 2026-02-01T10:00:00Z)]"
passes() {	# passes TITLE SCRIPT: then the customer comes
	{ printf '%b\n.\n' "$2"; printf '%s\n.\ntext []\n' "$one"; } >script
	serve insales "$ck"
	expect 0 order-fetch --customers site
	[ "$(ids out)" = '1 ' ]
	ok "$1, then fine" $?
}
passes '500' 'status 500\nheader Retry-After: 0\ntext <h1>error</h1>'
passes '429' 'status 429\nheader Retry-After: 0'
passes 'half an answer' 'text [{"id": 1, "name": "1"}]\ncut 9'
fails() {	# fails STATUS TITLE MESSAGE SCRIPT [KIND KEYS WHAT]
	printf '%b\n' "$4" >script
	serve "${5-insales}" "${6-$ck}"
	expect "$1" order-fetch "${7---customers}" site
	contains "$2" err "order-fetch: shop site: $3"
	[ ! -s out ]
	ok "$2: no record, no cursor" $?
}
fails 1 '401' 'it answers 401: the secret in' 'status 401'
fails 1 '404' 'it answers 404' 'status 404'
fails 75 'a web page' 'a web page instead of' 'text <html>'
fails 75 'cut off within the JSON' 'its answer is cut short or not JSON' \
    "$(printf '%s' "$one" | cut -c1-90)"
fails 75 'another answer' 'its answer is no list of customers: maintenance' \
    'text {"message": "maintenance"}'
fails 75 'carts too' 'its answer is no list of carts: maintenance' \
    'text {"errors": "maintenance"}' shopify '' --carts
fails 75 'out of turn' \
    'its customers are out of turn at 9, changed 2026-01-01T00:00:00Z' \
    "text [$(person 8 2026-02-01T10:00:00Z),$(person 9 2026-01-01T00:00:00Z)]"
{ printf 'body history.json\n.\n'
    printf 'text {"pagination": {"totalCount": 3}, "customers": []}\n'; } >script
serve retailcrm
expect 75 order-fetch --customers site
contains 'fewer than asked for' err 'it sends 0 of the 3 customers'
{ printf 'text %s\nloop\n' "$(who '[1,2,3]')"; } >script
serve woocommerce "$ck page_size = 3"
expect 75 order-fetch --customers site
contains 'the same page for ever' err 'the same customers again and again'
[ "$(ids out)" = '1 2 3 ' ]
ok 'and those come once' $?
{ printf 'header X-WP-Total: 50\ntext %s\n.\n' "$(who '[1,2]')"
    printf 'header X-WP-Total: 50\ntext []\n'; } >script
serve woocommerce "$ck page_size = 3"
expect 0 order-fetch --customers site
[ "$(ids out)" = '1 2 ' ]
ok 'fewer than it says there are: an empty page is the end' $?

# What cannot be read goes on to the rejects, and can be tried again there.
{ printf 'text ['; person 1 2026-02-01T10:00:00Z; printf ,
    person 2 2026-02-01T10:00:01Z | sed 's/2026-01-31T/yesterday/'; printf ,
    person 3 2026-02-01T10:00:02Z | sed 's/Анна/A\xffB/'; printf ,
    person 4 2026-02-01T10:00:03Z; printf ']\n.\ntext []\n'; } >script
serve insales "$ck"
fresh
expect 0 order-fetch -v --customers site
contains 'it is counted' err '4 customers in 2 answers, 2 of them unreadable'
cp out records
expect 3 customer-import records
sql "SELECT external_id FROM customer_source ORDER BY 1;
    SELECT entity, source, format, ifnull(external_id, '?') FROM reject ORDER BY 4;
    SELECT source, value FROM cursor" >out
same 'the good ones are there, the bad ones kept, the cursor behind them' out <<'END'
1
4
customer site insales 2
customer site insales ?
site:customers 2026-02-01T10:00:03Z
END
sql "UPDATE reject SET record = replace(record, 'yesterday', '2026-01-31T')"
expect 0 customer-import -v --retry
contains 'mended they are taken, by their own format' err '2 new'
jq -c '.checkouts[0].line_items[0].quantity = "many"' \
    "$fixtures/carts/shopify.json" >bad.json
{ printf 'body bad.json\n.\ntext {"checkouts": []}\n'; } >script
serve shopify
expect 0 order-fetch --carts site
cp out records
expect 3 cart-import records
sql "UPDATE reject SET record = replace(record, '\"many\"', '2')"
expect 0 cart-import -v --retry
contains 'so are carts' err '1 set'
printf '%s\n' "$one" >script
serve insales "$ck"
fresh
expect 1 sh -c 'order-fetch --customers site >/dev/full'
done_testing
