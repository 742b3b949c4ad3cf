#!/bin/sh
# customer-show: one customer whole, found by whatever a person knows of him.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

shop
printf 'entity\tcode\tname\ttype\ncustomer\tsize\tSize\tinteger\n' >custom_field.tsv
expect 0 crm-reference --load custom_field.tsv
cat >c.ndjson <<'END'
{"type":"customer","source":"site","external_id":"c1","name":"Анна Ёлкина","created_at":"2025-01-02T10:00:00Z","birthday_on":"1990-05-12","vip":true,"phones":["8 029 123-45-67","+375291112233"],"emails":["anna@b.by"],"tags":["опт"],"consents":{"email":true,"sms":{"given":false,"at":"2026-01-05T10:00:00Z","source":"form"}},"custom":{"size":42},"notes":[{"at":"2026-01-01T00:00:00Z","actor":"anna","text":"Любит мыло"}],"city":"Минск","street":"Немига","building":"5"}
{"type":"customer","source":"site","external_id":"c2","name":"Анна\u001b[2J Петрова","phone":"+79995551111","bad":true,"created_at":"2026-02-02T00:00:00Z"}
END
cat >o.ndjson <<'END'
{"type":"order","order_no":"A-1","source":"site","status":"complete","placed_at":"2025-06-01T09:00:00Z","customer_external_id":"c1","items":[{"name":"Tea","quantity":1,"price":10}]}
{"type":"order","order_no":"A-2","source":"site","placed_at":"2026-02-20T09:00:00Z","phone":"80291112233","items":[{"name":"Tea","quantity":1,"price":30}]}
END
expect 0 customer-import --as robot c.ndjson
expect 0 order-import o.ndjson
expect 0 customer-edit --as maria 1 consent.email=no 'address=дом с башней'

expect 0 customer-show 1
same 'everything a manager needs' out <<'END'
Customer 1: Анна Ёлкина
  marks       VIP
  phone       +375291234567, +375291112233
  e-mail      anna@b.by
  address     Минск, Немига, 5, дом с башней
  born        1990-05-12
  tags        опт
  known as    site:c1
  since       2025-01-02 13:00
  orders      2, the first on 2025-06-01, the last on 2026-02-20, 10d ago
  bought      10.00 BYN in 1 sale, 10.00 BYN on average

  May we write or call
    email         no since 2026-03-02 12:00, from crm
    sms           no since 2026-01-05 13:00, from form

  Custom fields
    size: 42

  Notes
    2026-01-01 03:00  anna        Любит мыло

  Orders
    2026-02-20 12:00  A-2             new                              30.00 BYN
    2025-06-01 12:00  A-1             complete                         10.00 BYN

  History
    2025-01-02 13:00  robot       name: Анна Ёлкина
    2026-03-02 12:00  maria       address: дом с башней
    2026-03-02 12:00  maria       consent.email: yes -> no
END

finds() {	# finds TEXT - it is customer 1
	run customer-show "$1"
	[ "$status" -eq 0 ] && head -n 1 out | grep -q '^Customer 1: '
	ok "found by '$1'" $?
}
finds '8 (029) 123-45-67'
finds +375291112233
finds ANNA@B.by
finds c1
finds site:c1
finds ёлк
finds ' АННА ЁЛКИНА '

expect 1 customer-show анна
contains 'several are named' err \
    "customer-show: 'анна' may be 1 Анна Ёлкина, 2 Анна"
expect 1 customer-show Nobody
same 'nobody' err <<'END'
customer-show: there is no customer 'Nobody'
END
expect 3 customer-show 1 Nobody 2
[ "$(grep -c '^Customer ' out)" -eq 2 ]
ok 'the others are shown' $?
printf '1\n{"type":"customer","customer_id":2}\n' | customer-show >out
[ "$(grep -c '^Customer ' out)" -eq 2 ]
ok 'from a pipe: what names them, or records' $?
run customer-show 2
[ "$(tr -d '\n' <out | LC_ALL=C tr -d ' -~\200-\377' | wc -c)" -eq 0 ]
ok 'no text from outside moves the cursor' $?

expect 0 customer-show --json 1
jq -c '.figures' out >figures
same 'figures by currency' figures <<'END'
{"orders":2,"sales":1,"first_order_at":"2025-06-01T09:00:00Z","last_order_at":"2026-02-20T09:00:00Z","sums":[{"currency":"BYN","sales":1,"total":10,"average":10}]}
END
customer-list --json name~ёлкина | jq -cS . >record
jq -cS 'del(.figures)' out >shown
same 'otherwise the record of customer-list' shown <record
expect 0 customer-show --all --json 1
order-list --json | jq -cS . >orders
jq -cS '.orders[]' out >shown
same 'with --all the orders too, whole' shown <orders

expect 2 customer-show --all 1
expect 2 customer-show --tsv 1
CRM_DB=none.db expect 1 customer-show 1
customer-show 1 >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is a failure' $?
whole
done_testing
