#!/bin/sh
# customer-list: customers by what they are and by what they bought, a copy of
# all of them, likely doubles, and lists for advertisements.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# picks 'IDS' TERM... - the terms select just these customers, by number.
picks() {
	want=$1
	shift
	run customer-list --tsv --no-header --columns customer_id "$@"
	got=$(tr '\n' ' ' <out | sed 's/ $//')
	[ "$got" = "$want" ] && [ "$status" -eq 0 ]
	ok "$* picks ${want:-nobody}" $?
	[ "$got" = "$want" ] || { echo "# picked: $got"; note err; }
}

shop
expect 0 customer-list
same 'an empty shop: nothing' out </dev/null
printf 'entity\tcode\tname\ttype\ncustomer\tsize\tSize\tinteger\ncustomer\tclub\tClub\tboolean\n' >custom_field.tsv
expect 0 crm-reference --load custom_field.tsv
cp "$CRM_DB" empty.db
cat >c.ndjson <<'END'
{"type":"customer","source":"site","external_id":"c1","name":"Анна Ёлкина","created_at":"2025-01-02T10:00:00Z","birthday_on":"1990-05-12","vip":true,"phones":["8 029 123-45-67","+375291112233"],"emails":["Anna.Elka+shop@gmail.com","a@b.by"],"tags":["опт","b2b"],"consents":{"email":true,"ads":true,"sms":{"given":false,"at":"2026-01-05T10:00:00Z","source":"form"}},"custom":{"size":42,"club":true},"notes":[{"at":"2026-01-01T00:00:00Z","actor":"anna","text":"Любит мыло"}],"city":"Минск","address":"Немига 5;\nдомофон \"12\""}
{"type":"customer","source":"site","external_id":"c2","name":"Bob Brown","created_at":"2026-02-01T00:00:00Z","phone":"+79995551111","email":"mail@yandex.ru","consents":{"email":false},"custom":{"size":9}}
{"type":"customer","source":"cards","external_id":"9","name":"анна ёлкина","bad":true,"created_at":"2026-02-02T00:00:00Z"}
END
cat >o.ndjson <<'END'
{"type":"order","order_no":"A-1","source":"site","status":"complete","placed_at":"2025-06-01T09:00:00Z","customer_external_id":"c1","items":[{"name":"Tea","quantity":1,"price":10.01}]}
{"type":"order","order_no":"A-2","source":"site","status":"complete","placed_at":"2026-02-20T09:00:00Z","phone":"80291112233","items":[{"name":"Tea","quantity":1,"price":30}]}
{"type":"order","order_no":"A-3","source":"site","status":"cancel-other","placed_at":"2026-02-21T09:00:00Z","customer_external_id":"c1","items":[{"name":"Tea","quantity":1,"price":99}]}
{"type":"order","order_no":"A-4","source":"site","placed_at":"2025-02-21T09:00:00Z","customer_external_id":"c2","items":[{"name":"Tea","quantity":1,"price":5}]}
{"type":"order","order_no":"A-5","source":"site","status":"complete","currency":"RUB","placed_at":"2026-02-22T09:00:00Z","customer_external_id":"c1","items":[{"name":"Tea","quantity":1,"price":500}]}
END
expect 0 customer-import c.ndjson
expect 0 order-import o.ndjson

picks '1 2 3'
picks '1 3' name~ЁЛКИНА
picks '1' name='Анна Ёлкина'
picks '1' phone='8 (029) 111-22-33'
picks '1' phone~1112
picks '2' email=MAIL@Yandex.ru
picks '3' phone= email=
picks '1 2' 'phone!='
picks '1' vip=yes
picks '3' bad=true
picks '1' tag=опт
picks '2 3' tag!=опт
picks '1' birthday_on=1990
picks '1' birthday_on=1990-05-12
picks '2 3' created_at=2026-02
picks '1 2' source=site
picks '1' external_id=c1
picks '1' note~мыло
picks '1' consent.email=yes
picks '2' consent.email=no
picks '3' consent.email=
picks '1' consent.sms=no consent.ads=yes
picks '1' custom.size=40..50
picks '1' custom.club=yes
picks '1' city=Минск
picks '1' orders=2..
picks '3' orders=0
picks '1 2' orders=1..
picks '2 3' 'orders[90d]=0'
picks '1' 'sales[90d]=1..'
picks '2' sales=0 orders=1
picks '1' total=40..41
picks '1' 'total[90d]=30'
picks '1' average=20.01
picks '1' last_order_at=-30d..
picks '2' last_order_at=..2025-12-31
picks '2 3' average=
picks '3 2 1' --sort=-customer_id
picks '2 3 1' --sort total,customer_id
picks '1' --limit 1
refuses 2 "unknown field 'nme', did you mean 'name'" customer-list nme=x
refuses 2 "unknown field 'consent.fax', did you mean 'consent.ads'" customer-list consent.fax=yes
refuses 2 "'orders[ninety]': '-ninety' is not a time or span of time" customer-list 'orders[ninety]=0'
refuses 2 "unknown field 'name[9d]'; crm-select(7) lists them" customer-list 'name[9d]=x'
refuses 2 "cannot sort by 'phone': a customer has several" customer-list --sort phone
refuses 2 "option '--limit' cannot be negative" customer-list --limit -1
refuses 2 '--ad-audience and --columns are exclusive' customer-list --ad-audience meta --columns name
refuses 2 '--doubles takes no terms and no other choice' customer-list --doubles name=x

# Every field of the manual can be shown and selected.
bad=$(awk '/^\.Ss / { on = /Fields of customers/ }
	on && sub(/^\.It Cm /, "") { gsub(/[ ,]+/, "\n"); print }' \
    "$top/man/crm-select.7" | grep -v '\.$\|^Ns\|^Ar\|^channel\|^name$' |
    while read -r field; do
	customer-list "$field!=" --columns "$field" >out 2>err || cat err
    done)
empty 'the fields of crm-select(7) are there' "$bad"

expect 0 customer-list
same 'a table' out <<'END'
customer_id  name         phone                         email                             orders  total  last_order_at
          1  Анна Ёлкина  +375291234567, +375291112233  anna.elka+shop@gmail.com, a@b.by       4  40.01  2026-02-22 12:00
          2  Bob Brown    +79995551111                  mail@yandex.ru                         1   0.00  2025-02-21 12:00
          3  анна ёлкина                                                                       0   0.00
END
expect 0 customer-list --json --columns name,total,vip,consent.email,custom.size name=Bob,'Bob Brown'
same 'the same columns in JSON, by kind' out <<'END'
{"type":"customer","name":"Bob Brown","total":0.00,"vip":false,"consent.email":false,"custom.size":9}
END

# Exported into an empty shop and exported again they are the same.
customer-list --json >whole
[ "$(wc -l <whole)" -eq 3 ]
ok 'whole records' $?
CRM_DB=$work/empty.db expect 0 customer-import whole
CRM_DB=$work/empty.db customer-list --json >again
same 'byte for byte' again <whole
expect 0 customer-import -v whole
contains 'into their own shop they bring nothing' err '0 new, 0 changed, 3 same, 0 conflicts'
order-list --json >orders
CRM_DB=$work/empty.db expect 0 order-import --backfill orders
CRM_DB=$work/empty.db customer-list --json >again
same 'and their orders find them' again <whole
CRM_DB=$work/empty.db run customer-list --tsv --columns customer_id,orders,total
cp out figures
run customer-list --tsv --columns customer_id,orders,total
same 'with the same figures' out <figures

# Likely doubles.
expect 0 customer-import - </dev/null
echo '{"type":"customer","source":"x","external_id":"1","phone":"+79995551111","email":"a@b.by"}' |
    customer-import 2>/dev/null
expect 0 customer-list --doubles --tsv
cut -f 1,2,5,6,9 out >pairs
same 'a shared key, and one name' pairs <<'END'
customer_id	name	other_id	other_name	reason
1	Анна Ёлкина	2	Bob Brown	email
1	Анна Ёлкина	3	анна ёлкина	name
END
expect 0 customer-edit 1 --merge 3
expect 0 customer-list --doubles --json
grep -q '"reason":"name"' out
[ $? -eq 1 ]
ok 'two that were merged are no doubles any more' $?
picks '1 2'

# Audiences: the hashes are those of md5sum(1) and sha256sum(1), the test pairs
# those that Yandex publishes.
sha() { printf %s "$1" | sha256sum | cut -c 1-64; }
md() { printf %s "$1" | md5sum | cut -c 1-32; }
expect 0 customer-list --ad-audience yandex email=mail@yandex.ru
same 'Yandex: digits and MD5' out <<'END'
phone,email
f09f2c3d48f31e2a802944ade2e5aec5,3c56ff8fef0f6c65b36b2d25720fe276
END
expect 0 customer-list --ad-audience google consent.ads=yes
same 'Google: E.164, Gmail without dots, SHA-256, only who agreed' out <<END
Email,Phone
$(sha annaelka@gmail.com),$(sha +375291234567)
$(sha a@b.by),$(sha +375291112233)
END
expect 0 customer-list --ad-audience meta customer_id=1
same 'Meta: digits alone' out <<END
email,phone
$(sha anna.elka+shop@gmail.com),$(sha 375291234567)
$(sha a@b.by),$(sha 375291112233)
END
expect 0 customer-list --ad-audience vk-phone customer_id=1
same 'VK: a list of one kind' out <<END
$(md 375291234567)
$(md 375291112233)
END
expect 0 customer-list --ad-audience vk-email customer_id=2
same 'phones are not in a list of addresses' out <<END
$(md mail@yandex.ru)
END
expect 2 customer-list --ad-audience bing

CRM_DB=none.db expect 1 customer-list
for how in --json --tsv '--ad-audience meta'; do
	# shellcheck disable=SC2086 # an option and its argument
	customer-list $how >/dev/full 2>err
	[ $? -eq 1 ]
	ok "a full disk is a failure: $how" $?
done
whole
done_testing
