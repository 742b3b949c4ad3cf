#!/bin/sh
# order-show: all there is to know of an order, for people and for programs.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

shop
printf 'login\tname\nanna\tAnna\n' >user.tsv
printf 'entity\tcode\tname\ttype\norder\tcard\tCard\tstring\n' >custom_field.tsv
expect 0 crm-reference --load user.tsv custom_field.tsv
tr -d '\n' >orders.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","placed_at":"2026-02-27T07:15:00Z",
"order_method":"shopping-cart","manager":"anna","customer_name":"Алеся Кравец",
"phone":"8 029 123-45-67","email":"alesya@example.com","coupon":"SPRING",
"utm_source":"google","utm_medium":"cpc","utm_campaign":"brand",
"customer_comment":"Домофон не работает, позвоните, пожалуйста, за час до приезда.\nКод \u001b[31m12",
"manager_comment":"постоянная","call_wanted":false,"delivery_type":"courier",
"delivery_on":"2026-03-02","delivery_from":"10:00","delivery_to":"14:00",
"delivery_net":3.5,"tracking_no":"BY1","delivery_city":"Минск",
"delivery_street":"ул. Ленина","delivery_building":"5","delivery_flat":"12",
"total":30,"items":[
{"sku":"BR-01","name":"Зубная щётка бамбуковая, мягкая, в очень длинной коробке","quantity":2,"price":6.9,"discount":1},
{"sku":"FD-01","name":"Гречка зелёная","quantity":0.75,"price":8.955}],
"charges":[{"kind":"delivery","amount":5},{"kind":"tax","amount":2,"included":true}],
"payments":[{"type":"bank-card","status":"paid","amount":10,"paid_at":"2026-02-27T08:00:00Z"}],
"refunds":[{"amount":1,"refunded_at":"2026-02-28T08:00:00Z","reason":"царапина"}],
"custom":{"card":"с днём рождения"},
"notes":[{"at":"2026-02-27T08:10:00Z","actor":"anna","text":"обещали скидку"}]}
EOF
echo >>orders.ndjson
cat >>orders.ndjson <<'EOF'
{"type":"order","order_no":"A-2","source":"site","placed_at":"2026-02-20T07:15:00Z","status":"complete","phone":"+375291234567","items":[{"name":"Мыло","quantity":1,"price":9.9}]}
EOF
expect 0 order-import --as loader orders.ndjson
expect 0 order-status --as anna --at '2026-02-28 10:15' --set assembling A-1

expect 0 order-show A-1
same 'one order as a person reads it' out <<'EOF'
Order A-1: Being assembled
  status      assembling since 2026-02-28 10:15, 2d 1h, longer than 8h
  total       24.52 BYN, paid 10.00, to pay 14.52, refunded 1.00, the source
              says 30.00
  placed      2026-02-27 10:15, shopping-cart, site main, manager anna
  source      site, there A-1, from google / cpc / brand, coupon SPRING
  customer    Алеся Кравец, +375291234567, alesya@example.com
              1 other order (1 sale), the first on 2026-02-20
  delivery    courier, 2026-03-02 10:00-14:00, ships 2026-02-27, costs us 3.50
              Минск, ул. Ленина, 5, flat 12
  tracking    BY1
  call wanted no
  comment     Домофон не работает, позвоните, пожалуйста, за час до приезда.
              Код ?[31m12
  our comment постоянная

  Items
    1   BR-01  Зубная щётка бамбуковая, мягкая, в           2 x 6.90       12.80
               очень длинной коробке, less 1.00
    2   FD-01  Гречка зелёная                           0.75 x 8.955        6.72
        delivery                                                            5.00
        tax (in the prices)                                                 2.00
        total                                                          24.52 BYN

  Payments
    2026-02-27 11:00, bank-card, paid                                      10.00

  Refunds
    2026-02-28 11:00, царапина                                              1.00

  Custom fields
    card: с днём рождения

  Notes
    2026-02-27 11:10  anna        обещали скидку

  Time in statuses
    2026-02-27 10:15  new                           1d
    2026-02-28 10:15  assembling                 2d 1h  so far

  History
    2026-02-27 10:15  loader      status: new
    2026-02-28 10:15  anna        status: new -> assembling
EOF
grep -E '^.{81}' out >long
same 'in 80 columns' long </dev/null

# As it stood before it was moved.
expect 0 order-show --as-of 2026-02-27 A-1
head -n 2 out >first
same 'at the end of a day in the past' first <<'EOF'
Order A-1: New
  status      new since 2026-02-27 10:15, 13h 44m, longer than 1h
EOF
tail -n 2 out >last
same 'without what came later' last <<'EOF'
  History
    2026-02-27 10:15  loader      status: new
EOF
expect 1 order-show --as-of 2026-02-19 A-1
expect 2 order-show --as-of someday A-1

# What was changed in a line is told without what was not.
printf '%s\n' '{"type":"order","order_no":"A-2","source":"site","placed_at":"2026-02-20T07:15:00Z","status":"complete","phone":"+375291234567","items":[{"name":"Мыло","quantity":3,"price":9.9}]}' >more.ndjson
expect 0 order-status --force --set new A-2
expect 0 order-import --as loader more.ndjson
order-show A-2 | sed -n 's/.*item 1: //p' >out
same 'a changed line' out <<'EOF'
quantity 1 -> 3
EOF

# For programs.
order-show --json A-1 >record
grep -o '"timeline":.*' record >first
same 'beside the record: stays, customer' first <<'EOF'
"timeline":[{"status":"new","entered_at":"2026-02-27T07:15:00Z","left_at":"2026-02-28T07:15:00Z","seconds":86400,"open":false},{"status":"assembling","entered_at":"2026-02-28T07:15:00Z","left_at":null,"seconds":179100,"open":true}],"customer":{"customer_id":1,"name":"Алеся Кравец","phones":"+375291234567","emails":"alesya@example.com","vip":false,"bad":false,"orders":2,"sales":0,"first_at":"2026-02-20T07:15:00Z","last_at":"2026-02-27T07:15:00Z"}}
EOF
order-status --set delivering -v <record 2>err
contains 'it is a record other commands take' err '1 moved'
printf '%s\n' A-1 A-2 | order-show --json >out
[ "$(grep -c '"type":"order"' out)" -eq 2 ]
ok 'numbers from standard input' $?

# What is not there.
expect 3 order-show NONE A-1
same 'an unknown number is said' err <<'EOF'
order-show: NONE: there is no order 'NONE'
EOF
head -n 1 out >first
contains 'and the others are shown' first 'Order A-1'
expect 1 order-show NONE
expect 1 order-show NONE NEITHER
contains 'none at all is a failure' err 'none of these orders exists'
expect 2 order-show --tsv A-1
contains 'an order is no table' err 'order-list --tsv'
dump >before
order-show A-1 A-2 >out
dump >after
same 'nothing is changed by looking' after <before
grep -c '^Order' out >count
same 'several orders' count <<'EOF'
2
EOF
whole
done_testing
