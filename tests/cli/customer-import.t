#!/bin/sh
# customer-import: customers of a source, once and again, without undoing what
# people did meanwhile.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

export BETWEEN='|'

shop
cat >custom_field.tsv <<'END'
entity	code	name	dictionary	type
customer	size	Size		integer
customer	hall	Hall	hall	dictionary
END
printf 'dictionary\tcode\tname\nhall\tmain\tMain\n' >custom_dictionary.tsv
expect 0 crm-reference --load custom_field.tsv custom_dictionary.tsv

cat >c.ndjson <<'END'
{"type":"customer","source":"site","external_id":"c1","name":"Анна Ёлкина","created_at":"2025-01-02T10:00:00Z","birthday_on":"1990-05-12","vip":true,"phones":["8 029 123-45-67","+375291112233"],"emails":["Anna@Example.BY"],"tags":["опт","b2b"],"consents":{"email":true,"sms":{"given":false,"at":"2026-01-05T10:00:00Z","source":"form"}},"custom":{"size":42,"hall":"main"},"notes":[{"at":"2026-01-01T00:00:00Z","actor":"anna","text":"Любит мыло"}],"city":"Минск"}
{"type":"customer","source":"site","external_id":"c2","name":"Bob","phone":"8 029 777-77-77"}
END
cp c.ndjson bad.ndjson
cat >>bad.ndjson <<'END'
{"type":"customer","source":"site","name":"Nobody"}
{"type":"customer","source":"site","external_id":"c4","birthday_on":"2030-01-01"}
{"type":"customer","source":"site","external_id":"c5","consents":{"fax":true}}
{"type":"customer","source":"site","external_id":"c6","custom":{"hall":"attic"}}
{"type":"customer","source":"site","external_id":"c7","phones":"one"}
{"type":"order","order_no":"A-1"}
{"type":"customer","source":"site","external_id":"c8","name":"Last"}
END

# Nothing happens before it is asked for.
dump >before
expect 3 customer-import -n --report --tsv --rejects refused bad.ndjson
dump >after
same 'a dry run changes nothing' after <before
cut -f 3-6 out | tr '\t' '|' >columns
same 'and tells what would become of each' columns <<'END'
customer_id|source|external_id|outcome
1|site|c1|new
2|site|c2|new
|site||rejected
|site|c4|rejected
|site|c5|rejected
|site|c6|rejected
|site|c7|rejected
|import||rejected
3|site|c8|new
END
expect 1 customer-import --atomic bad.ndjson
dump >after
grep -v '"run"\|INTO run\|sqlite_sequence' after >after.less
grep -v '"run"\|INTO run\|sqlite_sequence' before >before.less
same 'all or nothing' after.less <before.less

expect 3 customer-import --rejects refused bad.ndjson
same 'each refusal says why' err <<'END'
customer-import: bad.ndjson:3: nothing tells who it is: no outside id, no phone, no e-mail address
customer-import: bad.ndjson:4: birthday_on '2030-01-01' is yet to come
customer-import: bad.ndjson:5: unknown channel 'fax'; crm-reference --load adds new ones
customer-import: bad.ndjson:6: custom.hall: unknown dictionary hall 'attic'; crm-reference --load adds new ones
customer-import: bad.ndjson:7: 'phones' is not an array
customer-import: bad.ndjson:8: records of type 'order' are not taken here, only customer and cursor
customer-import: 6 of 9 records rejected
END
sed -n 3,8p bad.ndjson >six
same 'what is refused is copied as it came' refused <six
sql "SELECT entity, count(*) FROM reject GROUP BY 1" >out
same 'and kept' out <<'END'
customer|6
END
expect 0 order-import --retry
same 'order-import leaves rejected customers alone' err </dev/null
sql "INSERT INTO channel (code, name) VALUES ('fax', 'Fax')"
expect 3 customer-import --retry
sql "SELECT count(*) FROM reject WHERE resolved_at IS NOT NULL" >out
same 'what can be taken later is taken later' out <<'END'
1
END

sql "SELECT id, name, name_fold, birthday_on, vip, city FROM customer WHERE id < 3;
    SELECT kind, value, place FROM contact WHERE customer_id = 1 ORDER BY kind, place;
    SELECT channel, given, at, source FROM consent WHERE customer_id = 1;
    SELECT tag FROM tag ORDER BY 1; SELECT field, value FROM custom_value;
    SELECT entity, actor, text FROM note;
    SELECT source, external_id, customer_id FROM customer_source WHERE customer_id < 3;
    SELECT at, field, old, new FROM history WHERE entity = 'customer' AND entity_id = 1" >out
same 'everything stands where it belongs' out <<'END'
1|Анна Ёлкина|анна ёлкина|1990-05-12|1|Минск
2|Bob|bob||0|
email|anna@example.by|1
phone|+375291234567|1
phone|+375291112233|2
email|1|1772442000|site
sms|0|1767607200|form
b2b
опт
hall|main
size|42
customer|anna|Любит мыло
site|c1|1
site|c2|2
1735812000|name||Анна Ёлкина
END

# Again, and again with news.
dump | grep -v 'INTO run\|sqlite_sequence' >before
expect 0 customer-import -v c.ndjson
contains 'the same again is the same' err '0 new, 0 changed, 2 same, 0 conflicts, 0 rejected'
dump | grep -v 'INTO run\|sqlite_sequence' >after
same 'and changes nothing' after <before

expect 0 customer-edit --as maria 1 'name=Анна Петровна' tag-=b2b tag+=gold vip=no consent.email=no
expect 0 customer-import -v c.ndjson
contains 'a stale export undoes nothing' err '0 new, 0 changed, 2 same'
sed 's/"1990-05-12"/"1990-05-13"/; s/"опт","b2b"/"b2b","silver"/; s/Ёлкина/Новая/; s/"email":true/"email":true,"viber":true/' \
    c.ndjson | head -n 1 >news
expect 0 customer-import -v news
same 'what only the source changed is taken, what both did is said' err <<'END'
customer-import: warning: news:1: customer 1: name: the source says 'Анна Новая', we have 'Анна Петровна'; kept the source's
customer-import: 0 new, 1 changed, 0 same, 1 conflicts, 0 rejected; run 10
END
sql "SELECT name, birthday_on, vip FROM customer WHERE id = 1;
    SELECT group_concat(tag) FROM (SELECT tag FROM tag ORDER BY 1);
    SELECT channel, given FROM consent WHERE customer_id = 1" >out
same 'the mark, the tags and the consent that a person set stay' out <<'END'
Анна Новая|1990-05-13|0
gold,silver
email|0
sms|0
viber|1
END
echo '{"type":"customer","source":"site","external_id":"c1","source_updated_at":"2026-03-01T00:00:00Z","name":"A"}
{"type":"customer","source":"site","external_id":"c1","source_updated_at":"2026-02-01T00:00:00Z","name":"B"}' >dated
expect 0 customer-import -v dated
contains 'what is older than what we have is passed over' err '1 older than what we have'
printf '%s\n%s\n' '{"type":"customer","source":"x","external_id":"t","name":"A"}' \
    '{"type":"customer","source":"x","external_id":"t","name":"B"}' >twice
expect 3 customer-import twice
contains 'the same customer twice, with other words, is a mistake' err \
    "customer 't' came in this input before, with other content"

# Who it is: by outside id, then phone, then e-mail.
cat >keys <<'END'
{"type":"customer","source":"cards","external_id":"77","name":"Роберт","phone":"+375297777777","birthday_on":"1980-01-01"}
{"type":"customer","source":"cards","external_id":"78","phone":"80291234567","email":"new@example.by"}
{"type":"customer","source":"cards","external_id":"79","phone":"+375297777777","email":"ANNA@example.by","name":"Who"}
END
expect 0 customer-import -v keys
same 'found by phone; a first word fills, it does not overrule; two are not merged' err <<'END'
customer-import: warning: keys:1: customer 2: name: the source says 'Роберт', we have 'Bob'; kept ours
customer-import: warning: keys:3: customer 2: name: the source says 'Who', we have 'Bob'; kept ours
customer-import: warning: keys:3: a key of customer 2 belongs to customer 1; customer-list --doubles shows both
customer-import: 0 new, 3 changed, 0 same, 2 conflicts, 0 rejected, 1 likely doubles; run 13
END
sql "SELECT birthday_on FROM customer WHERE id = 2;
    SELECT customer_id, other_id, reason FROM customer_double;
    SELECT customer_id, value FROM contact WHERE kind = 'email' ORDER BY 1, 2" >out
same 'and no contact is taken from another' out <<'END'
1980-01-01
1|2|email
1|anna@example.by
1|new@example.by
END

# Orders and customers meet.
echo '{"type":"order","order_no":"B-1","source":"shop","placed_at":"2026-02-01T09:00:00Z","phone":"+375441112233","items":[{"name":"Tea","quantity":1,"price":5}]}' >o
expect 0 order-import o
echo '{"type":"customer","source":"cards","external_id":"90","phone":"+375441112233","name":"Зоя"}' >z
expect 0 customer-import z
expect 0 customer-list name~зоя --columns name,orders,external_id --tsv
tr '\t' '|' <out >columns
same 'whoever ordered by telephone has a name now' columns <<'END'
name|orders|external_id
Зоя|1|90
END

# Tables.
cat >cards.map <<'END'
source = "sheet"
column "Фамилия"  { field = "name" }
column "Имя"      { field = "name" }
column "Телефон"  { field = "phone" }
column "Почта"    { field = "email" }
column "Родился"  { field = "birthday_on"  format = "%d/%m/%Y" }
column "Рассылка" { field = "consent.email"  values = { "Подписан=yes", "Отписан=no" } }
column "Метки"    { field = "tag" }
column "Размер"   { field = "custom.size" }
constant "city"   { value = "Гродно" }
ignore = { "Скидка" }
END
printf 'Фамилия;Имя;Телефон;Почта;Родился;Рассылка;Метки;Размер;Скидка\n%s\n%s\n%s\n' \
    'Петров;Пётр;"8(029)555-55-55, 80295555556";P@X.by;12/05/1990;Подписан;опт, b2b;40;5' \
    'Сидоров;;80296666666;;;Отписан;;;' \
    'Никто;;;;;;;;' | iconv -t cp1251 >cards.csv
expect 3 customer-import -v --map cards.map --rejects bad.csv cards.csv
contains 'a table, in the code page of Excel' err '2 new, 0 changed, 0 same, 0 conflicts, 1 rejected'
same 'what is refused has its header' bad.csv <<'END'
Фамилия;Имя;Телефон;Почта;Родился;Рассылка;Метки;Размер;Скидка
Никто;;;;;;;;
END
expect 0 customer-list source=sheet phone~37529 --columns name
same 'known by phone alone it has no outside id' out </dev/null
expect 0 customer-list city=Гродно --tsv --columns name,phone,email,birthday_on,consent.email,tag,custom.size
tr '\t' '|' <out >columns
same 'cells are where they belong' columns <<'END'
name|phone|email|birthday_on|consent.email|tag|custom.size
Петров Пётр|+375295555555, +375295555556|p@x.by|1990-05-12|true|b2b, опт|40
Сидоров|+375296666666|||false||
END
expect 3 customer-import -v --map cards.map cards.csv
contains 'twice changes nothing' err '0 new, 0 changed, 2 same'
printf 'external_id,phone,colour\n5,80291112244,red\n' | customer-import 2>err
contains 'our own headers need no map; what nobody knows is said' err "unknown column 'colour' is left out"
printf 'colour\nred\n' >colours.csv
expect 3 customer-import colours.csv
contains 'a table that tells nobody' err \
    'line 1: there is no column external_id, phone or email'

# Wrong usage and hostile input.
expect 0 customer-import /dev/null
expect 2 customer-import --retry c.ndjson
expect 2 customer-import --format xml c.ndjson
expect 1 customer-import missing.ndjson
CRM_DB=none.db expect 1 customer-import c.ndjson
printf '{"type":"customer","external_id":"h1","name":"a\\u001b[2J"}\n{"type":"customer","external_id":"h2","phones":[{}]}\n{"type":"customer","external_id":"h3","consents":[]}\n{"type":"customer","external_id":"h4","history":5}\n{"type":"customer","external_id":"h5","rev":-1}\n{"type":"customer","external_id":"h6","rev":1,"customer_id":"x"}\n{"type":"customer","external_id":"h7","external_ids":[{"source":"x"}]}\n\377\n' >hostile
expect 3 customer-import hostile
[ "$(grep -c '^customer-import: hostile:' err)" -eq 7 ]
ok 'each hostile record is refused by itself' $?
expect 1 customer-import --max-errors 2 hostile
customer-import --report c.ndjson >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is a failure' $?
sql 'PRAGMA foreign_key_check; PRAGMA integrity_check' >out
same 'and the database is whole' out <<'END'
ok
END
# retailCRM's customers: a list, an answer, one alone; its traps.
rm -f t.db*
shop
printf 'entity\tcode\tname\ttype\ncustomer\tsize\tSize\tinteger\norder\tunknown_here\tX\tstring\n' >custom_field.tsv
expect 0 crm-reference --load custom_field.tsv
crm=$top/tests/fixtures/orders/retailcrm-customers.json
expect 0 customer-import -v "$crm"
sed "s|$crm|crm.json|" err >err2
same 'what is left out is said' err2 <<'END'
customer-import: warning: crm.json: customer 1: subscriptions by 'fax' are left out; crm-reference --load channel.tsv adds the channel
customer-import: warning: crm.json: customer 1: custom field 'unknown_here' is unknown and left out; crm-reference --load custom_field.tsv adds it
customer-import: 3 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run 3
END
customer-list --json | jq -cS 'del(.history, .rev, .type)' >out
same 'every field in its place' out <<'END'
{"address":"ул. Немига, д. 12, кв./офис 40","bad":false,"birthday_on":"1990-05-12","building":"12","city":"Минск","consents":{"email":{"at":"2025-02-01T07:00:00Z","given":false,"source":"retailcrm"},"sms":{"at":"2024-12-01T09:00:00Z","given":true,"source":"retailcrm"}},"country":"BY","created_at":"2024-11-02T06:15:00Z","custom":{"size":42},"customer_id":1,"emails":["alesya@example.by"],"external_ids":[{"external_id":"311","source":"retailcrm"}],"flat":"40","name":"Кравец Алеся Игоревна","phones":["+375291112233","+375172223344"],"postcode":"220030","region":"Минская область","street":"Немига","tags":["b2b","опт"],"vip":true}
{"bad":true,"created_at":"2025-01-10T09:00:00Z","customer_id":2,"external_ids":[{"external_id":"312","source":"retailcrm"}],"name":"Bob","vip":false}
{"bad":false,"created_at":"2025-01-11T09:00:00Z","customer_id":3,"external_ids":[{"external_id":"313","source":"retailcrm"}],"name":"ООО Эко","vip":false}
END
expect 0 order-import -q "$top/tests/fixtures/orders/retailcrm-order.json"
sql 'SELECT customer_id FROM orders' >out
same 'its orders are his' out <<'END'
1
END
jq -c '{success: true, customer: .customers[0]}' "$crm" >answer.json
jq '.customers[0]' "$crm" >one.json
jq -c '.customers' "$crm" >list.json
for f in "$crm" answer.json one.json list.json; do
	expect 0 customer-import -v "$f"
	contains 'again, in any form, it changes nothing' err '0 new, 0 changed'
done
jq -c '.vip = false | .phones = [] | .address.city = null | .customFields.size = 43 | del(.tags)' one.json >two.json
expect 0 customer-import -v two.json
contains 'what changed is taken' err '1 changed'
customer-list --json | head -1 | jq -c '[.vip, .phones, .city, .custom.size, .tags]' >out
same 'and what is empty cleared' out <<'END'
[false,null,null,43,["b2b","опт"]]
END
echo '{"success":false,"errorMsg":"Wrong \"apiKey\" value."}' >error.json
printf '{"customers":[{"id":1,"createdAt":"x","ordersCount":0},{"id":2,"firstName":"Last","createdAt":"2025-01-01 00:00:00","ordersCount":0}]}' >bad.json
expect 3 customer-import -v --format retailcrm error.json bad.json
same 'what is no customer is said' err <<'END'
customer-import: error.json: customer 1: an answer that says 'Wrong "apiKey" value.' and no customer
customer-import: bad.json: customer 1: createdAt: 'x' is not a time
customer-import: 2 of 3 records rejected
customer-import: 1 new, 0 changed, 0 same, 0 conflicts, 2 rejected; run 10
END
expect 3 customer-import --retry
contains 'and can be tried again' err "createdAt: 'x' is not a time"

# What is no number is kept as it was told: it can be called, and finds nobody.
printf 'name,phone,email\nOffice,555-1199 ext. 4,of@example.com\n' >office.csv
expect 0 customer-import -q office.csv

printf 'name,phone\nCut,+37529555444' >cut.csv
expect 0 customer-import -n cut.csv
contains 'a table without a last line break is doubted' err \
    'warning: cut.csv:2: the last line has no line break; the file may be cut'
whole
done_testing
