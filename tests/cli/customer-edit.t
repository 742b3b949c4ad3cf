#!/bin/sh
# customer-edit: what a person changes, merges and erases, and how it is taken
# back.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

export BETWEEN='|'
# What is known of the customers, but for the books and the counters of changes.
state() {
	sql 'SELECT id, name, birthday_on, vip, bad, city, merged_into FROM customer ORDER BY id;
	    SELECT * FROM contact ORDER BY customer_id, kind, place; SELECT * FROM consent;
	    SELECT * FROM tag; SELECT * FROM custom_value; SELECT * FROM customer_source'
}

shop
printf 'entity\tcode\tname\ttype\ncustomer\tsize\tSize\tinteger\norder\twish\tWish\tstring\norder\tbox\tBox\tinteger\n' >custom_field.tsv
expect 0 crm-reference --load custom_field.tsv
cat >c.ndjson <<'END'
{"type":"customer","source":"site","external_id":"c1","name":"Анна Ёлкина","birthday_on":"1990-05-12","vip":true,"phones":["8 029 123-45-67","+375291112233"],"emails":["anna@b.by"],"tags":["опт"],"consents":{"email":true,"sms":{"given":false,"at":"2026-01-05T10:00:00Z","source":"form"}},"custom":{"size":42},"notes":[{"at":"2026-01-01T00:00:00Z","actor":"anna","text":"Любит мыло"}],"city":"Минск"}
{"type":"customer","source":"cards","external_id":"77","name":"Анна","phone":"+375297777777","email":"elka@b.by","bad":true,"consents":{"email":{"given":false,"at":"2020-01-01T00:00:00Z"},"vk":true},"notes":[{"at":"2026-01-02T00:00:00Z","actor":"ivan","text":"Просила скидку"}]}
{"type":"customer","source":"site","external_id":"c3","name":"Bob","phone":"+375296666666"}
END
expect 0 customer-import c.ndjson
state >before

# A dry run shows what would be, and changes nothing.
dump >dump.before
expect 0 customer-edit -n --json 1 name=Zoe
contains 'the record as it would be' out '"name":"Zoe"'
dump >dump.after
same 'a dry run changes nothing' dump.after <dump.before

expect 0 customer-edit --as maria 1 'name=Анна Петровна' phone+='8 029 999-00-11' \
    phone-='8 029 111 22 33' vip=no tag+=gold,new tag-=опт consent.sms=yes \
    consent.email= custom.size= city= bad=yes 'note=Звонила: x=y' birthday_on=1991-01-01
same 'success is silent' err </dev/null
edited=$(last_run)
sql "SELECT actor, field, old, new FROM history WHERE run_id = $edited ORDER BY id;
    SELECT actor, text FROM note ORDER BY id DESC LIMIT 1;
    SELECT command, detail FROM run WHERE id = $edited" >out
same 'every change is in the history; the book of runs names fields, not values' out <<'END'
maria|name|Анна Ёлкина|Анна Петровна
maria|birthday_on|1990-05-12|1991-01-01
maria|vip|true|
maria|bad||true
maria|city|Минск|
maria|phone|+375291112233|
maria|phone||+375299990011
maria|tag|опт|
maria|tag||gold,new
maria|consent.email|given=true; at=2026-03-02T09:00:00Z; source=site|
maria|consent.sms|given=false; at=2026-01-05T10:00:00Z; source=form|given=true; at=2026-03-02T09:00:00Z; source=crm
maria|custom.size|42|
maria|Звонила: x=y
customer-edit|name, phone, vip, tag, consent.sms, consent.email, custom.size, city, bad, note, birthday_on
END
expect 0 customer-edit -v 1 tag+=gold,new vip=no phone+=+375299990011
contains 'twice changes nothing' err '0 changed, 1 as they were'
expect 0 crm-undo "$edited"
state >after
same 'it can be taken back, but for the note' after <before
expect 0 crm-undo -v "$edited"
contains 'once' err '0 taken back, 1 already taken back'

# Which phone comes first is a change too.
expect 0 customer-edit 1 phone=+375291112233,80291234567
customer-list --json customer_id=1 | jq -c .phones >out
same 'a list is set as it is told' out <<'END'
["+375291112233","+375291234567"]
END
expect 0 crm-undo "$(last_run)"
state >after
same 'and goes back' after <before
expect 0 customer-edit 1 email= external_id+=shop:9 external_id-=site:c1
customer-list --json customer_id=1 | jq -c '[.emails, .external_ids]' >out
same 'cleared; another outside id' out <<'END'
[null,[{"source":"shop","external_id":"9"}]]
END
expect 0 crm-undo "$(last_run)"
state >after
same 'and back' after <before

# What cannot be is refused, with the reason; the others are changed.
dump >dump.before
refuses 2 "customers have no field 'nmae', did you mean 'name'" customer-edit 1 nmae=x
refuses 2 "'vip+=1': vip is no list; write vip=" customer-edit 1 vip+=1
refuses 2 "'phone+=': no value to add" customer-edit 1 phone+=
refuses 2 "'note=': notes are added, never taken away" customer-edit 1 note=
refuses 2 "'=x' is no assignment such as name=Anna" customer-edit 1 =x
refuses 2 "'external_id=site:9': outside ids are added with += and taken out with -=" customer-edit 1 external_id=site:9
refuses 2 "'custom.wish=x': unknown custom field 'wish'; crm-reference --load custom_field.tsv adds new ones" customer-edit 1 custom.wish=x
refuses 2 "nothing to change; name fields as name=Anna" customer-edit 1
refuses 2 "name one customer" customer-edit --merge 2
refuses 2 "--merge and --erase take no assignments" customer-edit 1 --merge 2 name=x
dump >dump.after
same 'wrong usage leaves no trace' dump.after <dump.before
refuses 3 "1: phone+=12: '12' is no telephone number here; write it with its country, as +375291234567" customer-edit 1 phone+=12
refuses 3 "1: email+=anna: 'anna' is no e-mail address" customer-edit 1 email+=anna
refuses 3 "1: custom.size: 'big' is not a number" customer-edit 1 custom.size=big
refuses 3 "1: vip=maybe: vip: 'maybe' is neither true nor false" customer-edit 1 vip=maybe
refuses 3 "1: phone+=80297777777: '+375297777777' is customer 2's; customer-edit 1 --merge 2 makes the two one" customer-edit 1 phone+=80297777777
refuses 3 "1: 'cards:77' is customer 2, not 1" customer-edit 1 external_id+=cards:77
refuses 3 "99: there is no customer '99'" customer-edit 99 name=x
expect 1 customer-edit --atomic 3 99 tag+=t
expect 0 customer-list tag=t
same 'all or none' out </dev/null
customer-list --json customer_id=1 >stale
expect 0 customer-edit 1 tag+=fresh
run sh -c 'customer-edit tag+=late <stale'
contains 'a stale record is refused' err 'the record is stale: it is revision'
customer-list --json name!=Bob | customer-edit tag+=piped
run customer-list tag=piped --tsv --no-header --columns customer_id
same 'records on a pipe' out <<'END'
1
2
END
expect 0 customer-edit elka@b.by tag-=piped
run customer-list tag=piped --tsv --no-header --columns customer_id
same 'found by an address' out <<'END'
1
END

# Merging.
cat >o.ndjson <<'END'
{"type":"order","order_no":"A-1","source":"site","status":"complete","placed_at":"2025-06-01T09:00:00Z","customer_external_id":"c1","customer_name":"Анна Ёлкина","phone":"8 029 123-45-67","email":"anna@b.by","customer_comment":"Позвоните Анне","manager_comment":"Анна просит","delivery_address":"Немига 5","delivery_city":"Минск","delivery_street":"Немига","delivery_flat":"17","coupon":"SPRING","items":[{"name":"Tea","quantity":1,"price":10}],"payments":[{"type":"cash","status":"paid","amount":10,"comment":"от Ёлкиной"}],"custom":{"wish":"с открыткой Анне","box":3},"notes":[{"at":"2025-06-01T09:00:00Z","text":"Ёлкина торопится"}]}
{"type":"order","order_no":"A-2","source":"cards","placed_at":"2026-02-20T09:00:00Z","phone":"80297777777","customer_name":"Анна","items":[{"name":"Tea","quantity":1,"price":30}]}
{"type":"order","order_no":"A-3","source":"site","placed_at":"2026-02-21T09:00:00Z","customer_external_id":"c3","phone":"+375296666666","customer_name":"Bob","items":[{"name":"Tea","quantity":1,"price":7}]}
END
expect 0 order-import o.ndjson
state >before
sql 'SELECT * FROM history' >history.before
expect 0 customer-edit 1 --merge 2
merged=$(last_run)
sql 'SELECT * FROM history' >history.after
diff history.before history.after | grep -q '^<'
[ $? -eq 1 ]
ok 'no history is rewritten' $?
run customer-list --tsv --columns customer_id,orders,phone,email,bad,consent.email,consent.vk customer_id=1..2
tr '\t' '|' <out >columns
same 'one customer with all that both were; the later word counts' columns <<'END'
customer_id|orders|phone|email|bad|consent.email|consent.vk
1|2|+375291234567, +375291112233, +375297777777|anna@b.by, elka@b.by|true|true|true
END
sql 'SELECT customer_id, orders FROM v_customers ORDER BY 1' >out
same 'its orders count once, in the view too' out <<'END'
1|2
2|0
3|1
END
rfm --count all --tsv | cut -f 1,7,8 >figures
same 'and where customers are scored' figures <<'END'
customer_id	frequency	monetary
1	2	40.00
3	1	7.00
END
customer-list --tsv --no-header orders=2 | cut -f 1 >figures
same 'and selected by them' figures <<'END'
1
END
run customer-show 2
contains 'the other stands for it' out 'Customer 1: Анна Ёлкина'
contains 'with its notes' out 'Просила скидку'
order-show A-2 >out
contains 'and its orders know' out '1 other order (1 sale)'
echo '{"type":"order","order_no":"A-4","source":"cards","placed_at":"2026-03-01T09:00:00Z","customer_external_id":"77","items":[{"name":"Tea","quantity":1,"price":1}]}' >o4
expect 0 order-import o4
sql "SELECT customer_id FROM orders WHERE order_no = 'A-4'" >out
same 'new orders of the other are its own' out <<'END'
1
END
refuses 1 'customer 1 cannot be merged into itself' customer-edit 1 --merge 2
run customer-import -v c.ndjson
contains 'the sources bring nothing new' err '0 new, 0 changed, 3 same'
expect 0 customer-edit 3 --merge 1
chain=$(last_run)
sql 'SELECT id, merged_into FROM customer ORDER BY id' >out
same 'no chains' out <<'END'
1|3
2|3
3|
END
expect 0 crm-undo "$chain"
expect 0 crm-undo "$merged"
state >after
same 'both can be taken apart again' after <before



# A run of customer-import.
echo '{"type":"customer","source":"new","external_id":"n1","name":"Fresh","phone":"+375295555555"}' >n
expect 0 customer-import n
made=$(last_run)
expect 0 crm-undo --json "$made"
same 'whom a run made it unmakes' out <<'END'
{"type":"undo","customer_id":4,"changes":1,"removed":true}
END
[ "$(sql "SELECT count(*) FROM customer WHERE name = 'Fresh'")" -eq 0 ]
ok 'nobody is left' $?
expect 3 crm-undo 3
contains 'but not whoever has ordered' err 'customer 3: it has orders (1)'

# Erasing.
expect 0 customer-edit 1 --merge 2
printf '%s\n' '{"type":"order","order_no":"R-1","placed_at":"bad","phone":"8 (029) 123-45-67","customer_name":"x"}' \
    '{"type":"order","order_no":"R-2","placed_at":"bad","customer_name":"АННА ЁЛКИНА"}' \
    '{"type":"order","order_no":"R-3","placed_at":"bad","customer_name":"Bob"}' \
    '{"type":"order","order_no":"A-1","source":"site","placed_at":"bad","customer_name":"Ёлкина"}' >r
expect 3 order-import r
printf '%s\n' '{"type":"order","order_no":"R-4","source":"cards","placed_at":"bad","customer_external_id":77}' \
    '{"type":"order","order_no":"R-5","source":"cards","placed_at":"bad","total":775}' \
    '{"type":"order","order_no":"R-6","source":"site","placed_at":"bad","total":77}' >r
expect 3 order-import r
left=$(sql "SELECT id FROM reject WHERE external_id = 'R-4'")
echo '{"type":"customer","source":"cards","external_id":"77","name":"Ёлкина","birthday_on":"bad"}' >r
expect 3 customer-import r
sql 'SELECT order_no, status, total_minor, placed_at, delivery_city, coupon, paid_minor FROM orders;
    SELECT order_id, name, sum_minor FROM order_item' >figures.before
sql "INSERT INTO run (command, detail, actor, started_at, exit_status)
    VALUES ('crm-backup', '$work/shop-2026.db', 'cron', 1, 0), ('crm-backup', '$work/gone.db', 'cron', 1, 0)"
cp "$CRM_DB" "$work/shop-2026.db"
dump >dump.before
refuses 2 'this would erase customer 1, Анна Ёлкина, for ever; --force does it' customer-edit --erase 1
expect 0 customer-edit -n --erase 1
contains 'what would go' err 'customer 1 erased: 3 orders,'
dump >dump.after
same 'nothing goes without --force, or in a dry run' dump.after <dump.before
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
grep -qF 'Ёлкин' "$CRM_DB"
ok 'the person is in the file' $?
expect 0 customer-edit --force --erase 1
same 'backups that are still there are named, and what a person must look at' err <<END
customer-edit: warning: an outside id of the person is in the rejects that stay: $left; crm-rejects --json shows them
customer-edit: warning: the person is still in the backup $work/shop-2026.db
END
found=$(for word in Анна Анне Ёлкин АННА ЁЛКИН анна ёлкин anna@b.by elka@b.by 291234567 \
    291112233 297777777 'Немига' Любит скидку торопится просит открыткой; do
	for file in "$CRM_DB" "$CRM_DB-wal"; do
		[ ! -e "$file" ] || ! grep -qaF -e "$word" "$file" || echo "$word in $file"
	done
done)
empty 'nothing of the person is in the bytes of the file and its log' "$found"
sql 'SELECT order_no, status, total_minor, placed_at, delivery_city, coupon, paid_minor FROM orders;
    SELECT order_id, name, sum_minor FROM order_item' >figures.after
same 'figures stay' figures.after <figures.before
sql "SELECT value FROM custom_value WHERE entity = 'order'; SELECT external_id FROM reject;
    SELECT name, phone FROM v_customers JOIN orders USING (customer_id) WHERE name IS NOT NULL" >out
same 'so does what is no free text, and everybody else' out <<'END'
3
R-3
R-4
R-5
R-6
Bob|+375296666666
END
sql 'PRAGMA foreign_key_check; PRAGMA integrity_check' >out
same 'the database is whole' out <<'END'
ok
END
run customer-show 1
contains 'it is known that there was somebody' out 'erased      2026-03-02 12:00'
refuses 1 'it was erased before' customer-edit --force --erase 1
refuses 3 '1: it was erased' customer-edit 1 name=x
expect 3 crm-undo "$edited"
contains 'nothing brings the person back' err 'it was erased, which cannot be taken back'
expect 0 order-list --as-of 2026-01-01 --json
grep -q 'Анна' out
[ $? -eq 1 ]
ok 'not even a look back' $?
customer-list --json >whole
customer-import -v whole 2>err
contains 'a record of an erased customer is no harm' err '0 new, 0 changed'
cat >s <<'END'
{"type":"order","order_no":"A-1","source":"site","status":"complete","placed_at":"2025-06-01T09:00:00Z","customer_external_id":"c1","customer_name":"Анна Ёлкина","phone":"8 029 123-45-67","email":"anna@b.by","customer_comment":"Позвоните Анне","manager_comment":"Анна просит","delivery_address":"Немига 5","delivery_city":"Минск","delivery_street":"Немига","delivery_flat":"17","coupon":"SPRING","items":[{"name":"Tea","quantity":1,"price":10}],"payments":[{"type":"cash","status":"paid","amount":10,"comment":"от Ёлкиной"}],"custom":{"wish":"с открыткой Анне","box":3},"notes":[{"at":"2025-06-01T09:00:00Z","text":"Ёлкина торопится"}]}
END
expect 0 order-import s
[ "$(sql "SELECT count(*) FROM orders WHERE customer_name LIKE 'Анна%'")" -eq 0 ]
ok 'the same old export of the source does not bring the person back' $?
sql "SELECT * FROM history WHERE entity = 'customer'; SELECT * FROM customer; SELECT * FROM note" >before
sed 's/SPRING/SUMMER/; s/Немига 5/Немига 7/; s/"amount":10/"amount":9/; s/от Ёлкиной/от неё, Анны/
    s/"box":3/"box":4/; s/Анне"}*,"manager/Анне!","manager/; s/торопится/торопится!/
    s/"notes"/"history":[{"at":"2025-06-01T09:00:00Z","field":"phone","new":"Анна"},{"at":"2025-06-01T08:00:00Z","field":"custom.wish","new":"Анна"}],"notes"/' s >changed
expect 0 order-import --json --report changed
contains 'nor does one that has changed since' out '"outcome":"changed"'
order-list --json order_no=A-1 >out
sql "SELECT customer_name, phone, delivery_address, coupon, paid_minor, customer_id
    FROM orders WHERE order_no = 'A-1';
    SELECT field, value FROM custom_value WHERE entity = 'order';
    SELECT type, amount_minor, comment FROM payment WHERE order_id = 1" >shown
same 'what is no person is taken' shown <<'END'
|||SUMMER|900|1
box|4
cash|900|
END
sql "SELECT * FROM history WHERE entity = 'customer'; SELECT * FROM customer; SELECT * FROM note" >after
same 'nothing else' after <before
dump >out
empty 'and nothing of the person stands anywhere' "$(grep -E 'Анн|Ёлкин|291234567|Немига|anna@' out)"
expect 0 order-import -v changed
contains 'again there is nothing new' err '1 same, 0 conflicts'
sed 's/complete/nonsense/' changed >refused
expect 3 order-import refused
contains 'a record of such an order that is refused' err \
    'refused:1: the customer was erased, so the record is not kept'
dump >out
empty 'leaves nothing of the person' "$(grep -E 'Анн|Ёлкин|291234567|Немига|anna@' out)"

CRM_DB=none.db expect 1 customer-edit 1 name=x
printf '' | customer-edit name=x
ok 'an empty pipe is nothing to do' $?
whole
done_testing
