#!/bin/sh
# customer-import and cart-import of the JSON of shops: every field lands where
# crm-formats(7) says, and coming again changes nothing.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
fixtures=$top/tests/fixtures BETWEEN='|'

mend() {	# mend WHAT BY: in the kept rejects
	sql "UPDATE reject SET record = replace(record, '$1', '$2')"
}
take() {	# take KIND: its fixture, twice
		shop
	printf 'entity\tcode\tname\ttype\ncustomer\tsize\tSize\tinteger\n' \
	    >custom_field.tsv
	expect 0 crm-reference --load custom_field.tsv
	expect 0 customer-import -v "$fixtures/customers/$1.json"
	expect 0 customer-import -v "$fixtures/customers/$1.json"
	contains "$1: twice changes nothing" err ' 0 new, 0 changed, '
	customer-list --json | jq -cS 'del(.history, .rev, .type, .bad, .vip)' >out
}

take insales
same 'InSales' out <<'END'
{"consents":{"email":{"at":"2013-12-31T10:26:47Z","given":true,"source":"insales"}},"created_at":"2013-12-31T09:55:23Z","customer_id":1,"emails":["a@example.org"],"external_ids":[{"external_id":"7","source":"insales"}],"name":"Фамилия Имя Отчество","phones":["+79990000001"]}
{"consents":{"email":{"at":"2014-01-02T06:00:00Z","given":false,"source":"insales"}},"created_at":"2014-01-02T06:00:00Z","customer_id":2,"external_ids":[{"external_id":"8","source":"insales"}],"name":"Пётр","phones":["8 999 000 00 02"]}
END
expect 0 order-import -q "$fixtures/orders/insales.json"
sql 'SELECT customer_id FROM orders' >out
same 'the order of its fixture is his' out <<'END'
1
END
take moysklad
same 'MoySklad, whose times are of Moscow' out <<'END'
{"address":"125009, Россия, г Москва, Москва, ул Тверская, 1, 111, addInfo","building":"1","city":"Москва","created_at":"2007-02-07T14:16:41Z","customer_id":1,"emails":["shop@example.ru"],"external_ids":[{"external_id":"12a8e347-692c-11e6-8a84-bae500000055","source":"moysklad"}],"flat":"111","name":"ООО \"Покупатель\"","phones":["+74951112233","8 (916) 123-45-67"],"postcode":"125009","street":"ул Тверская"}
{"birthday_on":"1990-05-12","created_at":"2026-02-03T06:00:00Z","customer_id":2,"external_ids":[{"external_id":"2b6e6f00-0001-11ee-0a80-000100000001","source":"moysklad"}],"name":"Анна Ёлкина","phones":["+375294445566"],"tags":["b2b","опт"]}
END
take shopify
same 'Shopify' out <<'END'
{"city":"Louisville","consents":{"email":{"at":"2014-01-20T22:25:18Z","given":false,"source":"shopify"}},"country":"US","created_at":"2014-01-20T22:25:18Z","customer_id":1,"emails":["bob.norman@hostmail.com"],"external_ids":[{"external_id":"207119551","source":"shopify"}],"name":"Bob Norman","phones":["555-625-1199"],"postcode":"40202","region":"Kentucky","street":"Chestnut Street 92"}
END
expect 0 order-import -q "$fixtures/orders/shopify.json"
sql 'SELECT customer_id FROM orders' >out
same 'his order is his' out <<'END'
1
END
take woocommerce
same 'WooCommerce' out <<'END'
{"city":"Rio de Janeiro","country":"BR","created_at":"2017-03-21T19:11:14Z","customer_id":1,"emails":["joao.silva@example.com"],"external_ids":[{"external_id":"26","source":"woocommerce"}],"name":"João Silva","phones":["(55) 5555-5555"],"postcode":"12345-000","region":"RJ","street":"Av. Brasil, 432"}
{"city":"San Francisco","country":"US","created_at":"2017-03-21T19:09:28Z","customer_id":2,"emails":["john.doe@example.com"],"external_ids":[{"external_id":"25","source":"woocommerce"}],"name":"John Doe","phones":["(555) 555-5555"],"postcode":"94103","region":"CA","street":"969 Market"}
END

# Fields of the shop's own, by a map; of its orders' fields customers have none.
cat >own.map <<'END'
column "fields_values.size" { field = "custom.size" }
column "attributes.Размер" { field = "custom.size" }
column "type" { field = "vip" values = { "Client::Individual=false" } }
column "fields_values.note" { field = "customer_comment" }
END
for kind in insales moysklad; do
		shop
	expect 0 crm-reference --load custom_field.tsv
	expect 0 customer-import --map own.map "$fixtures/customers/$kind.json"
	customer-list --json | jq -c '.custom.size' >out
	same "$kind: a map names fields of its own" out <<'END'
42
null
END
done

# What Shopify says of consents today.
cat >consents.json <<'END'
{"customers":[
{"id":1,"verified_email":true,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z","email":"a@example.by","email_marketing_consent":{"state":"subscribed","opt_in_level":"single_opt_in","consent_updated_at":"2026-01-01T12:00:00Z"},"sms_marketing_consent":null},
{"id":2,"verified_email":true,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z","email":"b@example.by","email_marketing_consent":{"state":"unsubscribed"},"sms_marketing_consent":{"state":"subscribed","consent_updated_at":"2026-01-01T12:00:00Z"},"tags":"b2b, VIP ,","addresses":[{"phone":"+375291112233"},{"phone":null},{"phone":"8 029 111 22 33"}]},
{"id":3,"verified_email":true,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z","email":"c@example.by","email_marketing_consent":{"state":"not_subscribed"}}]}
END
shop
expect 0 customer-import consents.json
customer-list --json | jq -cS '[.consents, .tags, .phones]' >out
same 'a word, a refusal, and nobody knows' out <<'END'
[{"email":{"at":"2026-01-01T12:00:00Z","given":true,"source":"shopify"}},null,null]
[{"email":{"at":"2026-01-02T00:00:00Z","given":false,"source":"shopify"},"sms":{"at":"2026-01-01T12:00:00Z","given":true,"source":"shopify"}},["VIP","b2b"],["+375291112233"]]
[null,null,null]
END
sed 's/"state":"subscribed","opt/"state":"unsubscribed","opt/; s/"updated_at":"2026-01-02/"updated_at":"2026-01-03/; s/b2b, VIP ,//' \
    consents.json >later.json
expect 0 customer-import -v later.json
customer-list --json | jq -cS '[.consents.email.given, .tags]' >out
same 'withdrawn consents and tags are heard' out <<'END'
[false,null]
[false,null]
[null,null]
END

# What people write where a phone and an address are asked for.
cat >odd.json <<'END'
{"clients":[{"id":1,"surname":"A","middlename":null,"phone":"после 18:00, +375 29 111-22-33, завтра","email":"n/a"},
{"id":2,"surname":"B","middlename":null,"phone":{"x":1},"email":["A@Example.by","-"],"subscribe":"?"},
{"id":3,"surname":"C","middlename":null,"phone":null,"email":""}]}
END
shop
expect 0 customer-import odd.json
customer-list --json | jq -cS '[.phones, .emails, .consents]' >out
same 'what is no phone and no address is left out' out <<'END'
[["+375291112233"],null,null]
[null,["a@example.by"],null]
[null,null,null]
END

# A bad one among good ones, and answers that are none.
printf '[{"id":1,"surname":"A","middlename":null,"updated_at":"yesterday"},{"surname":"B"},7,{"id":3,"surname":"C"}]' >bad.json
shop
expect 3 customer-import -v bad.json
same 'each is said' err <<'END'
customer-import: bad.json: customer 1: updated_at: 'yesterday' is not a time
customer-import: bad.json: customer 2: it is no customer: 'id' is missing
customer-import: bad.json: customer 3: it is not an object
customer-import: 3 of 4 records rejected
customer-import: 1 new, 0 changed, 0 same, 0 conflicts, 3 rejected; run 2
END
mend yesterday 2026-01-01
expect 3 customer-import -v --retry
contains 'one was mended' err '1 new, '
printf '{"error":"Unavailable"}' >none.json
expect 3 customer-import --format woocommerce none.json
contains 'an answer of another kind' err "an answer that says 'Unavailable' and no customer"
expect 3 customer-import "$fixtures/orders/insales.json"
contains 'orders are no customers' err 'a JSON array, but of no kind that is known'

# Shopify's abandoned checkouts are carts.
shop
cart=$fixtures/carts/shopify.json
expect 0 customer-import -q "$fixtures/customers/shopify.json"
dump >before
expect 0 cart-import -n "$cart"
dump | cmp -s before -
ok 'a dry run changes nothing' $?
expect 0 cart-import -v "$cart"
contains 'set' err '1 set'
expect 0 cart-import -v "$cart"
contains 'once more is the same' err '0 set, 0 cleared, 0 closed, 1 same'
sql "SELECT source, external_id, customer_id,
    datetime(source_updated_at, 'unixepoch'), currency, phone, email, link FROM cart;
    SELECT line, sku, name, quantity, price FROM cart_item" >out
same 'every field of the cart' out <<'END'
shopify|450789469|1|2012-10-12 11:05:27|USD|555-625-1199|bob.norman@hostmail.com|https://checkout.local/orders/690933842/2a1ace52255252df566af0faaedfbfa7?recovered=1
1|IPOD2008RED|IPod Nano - 8GB - Red|1000|1990000
2|IPOD2008PINK|IPod Nano - 8GB - Pink|1000|1990000
END
jq '.checkouts[0].completed_at = "2012-10-12T07:30:00-04:00"
    | .checkouts[0].updated_at = "2012-10-12T07:30:00-04:00"' "$cart" >done.json
expect 0 cart-import -v done.json
contains 'one that was completed is cleared' err '1 cleared'
jq '.checkouts[0].line_items[0].quantity = "many" | .checkouts[0].id = 2' \
    "$cart" >bad.json
expect 3 cart-import bad.json
contains 'a bad quantity' err \
    "bad.json: cart 1: line_items 1: quantity: 'many' is not a number"
mend '"many"' 2
expect 0 cart-import -v --retry
contains 'is taken when it is mended' err '1 set'
done_testing
