#!/bin/sh
# order-list: the selecting language, all forms of output, counts and sums, and
# looking back.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

export BETWEEN='	'

# nos TERM... - numbers of the selected orders, on one line.
nos() { run order-list --tsv --no-header --columns order_no "$@"; tr '\n' ' ' <out; }

# picks 'NUMBERS' TERM... - the terms select just these orders, by number.
picks() {
	want=$1
	shift
	got=$(nos --sort order_no "$@" | sed 's/ $//')
	[ "$got" = "$want" ] && [ "$status" -eq 0 ]
	ok "$* picks ${want:-nothing}" $?
	[ "$got" = "$want" ] || { echo "# picked: $got"; note err; }
}

shop
expect 0 order-list
same 'an empty shop: nothing, not even a header' out </dev/null
expect 0 order-list --json --sum
same 'and no sums' out </dev/null

cat >custom_field.tsv <<'EOF'
entity	code	name	dictionary	type
order	gift	Gift		boolean
order	weight	Weight		numeric
order	lift	Floor		integer
order	visit	Visit		date
order	hall	Hall	hall	dictionary
order	wish	Wish		string
EOF
printf 'dictionary\tcode\tname\nhall\tmain\tMain\nhall\tveranda\tVeranda\n' >custom_dictionary.tsv
printf 'login\tname\nanna\tAnna\n' >user.tsv
sqlite3 "$CRM_DB" "INSERT INTO site (code, name, currency) VALUES ('jp', 'Japan', 'JPY')"
expect 0 crm-reference --load custom_field.tsv custom_dictionary.tsv user.tsv
cp "$CRM_DB" empty.db

# A-2 was placed one second before midnight in Minsk, A-3 at midnight.
cat >orders.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","external_id":"1","source_updated_at":"2026-02-28T08:00:00Z","status":"complete","manager":"anna","placed_at":"2026-02-27T10:00:00Z","customer_external_id":"c1","customer_name":"Иван Ёлкин","phone":"80291234567","email":"Ivan@Example.com","call_wanted":true,"utm_source":"google","delivery_type":"courier","delivery_on":"2026-03-02","delivery_from":"09:00","delivery_net":3.10,"delivery_city":"Минск","total":36,"items":[{"external_id":"l1","sku":"S-1","name":"Мыло; с \"=\"","quantity":2,"price":10.50,"purchase_price":4},{"sku":"S-2","name":"Soap","quantity":1.5,"price":4.3333,"discount":0.50,"purchase_price":1}],"charges":[{"kind":"delivery","name":"Курьер","amount":5},{"kind":"tax","amount":1.20,"included":true}],"payments":[{"external_id":"p1","type":"cash","status":"paid","amount":32,"paid_at":"2026-02-28T07:00:00Z","comment":"всё"},{"type":"bank-card","status":"not-paid","amount":0}],"refunds":[{"external_id":"r1","amount":2.50,"refunded_at":"2026-03-01T07:00:00Z","reason":"скол"}],"custom":{"gift":true,"weight":12.5,"lift":9,"visit":"2026-02-26","hall":"veranda","wish":"do, re, mi"},"notes":[{"at":"2026-02-27T11:00:00Z","actor":"anna","text":"Позвонить УТРОМ\nили вечером"}],"history":[{"at":"2026-02-27T10:00:00Z","actor":"site","field":"status","old":null,"new":"new"},{"at":"2026-02-28T08:00:00Z","actor":"anna","field":"status","old":"new","new":"complete"}]}
{"type":"order","order_no":"A-2","source":"site","external_id":"2","placed_at":"2026-03-01T20:59:59Z","customer_name":"anna","utm_source":"google","delivery_from":"14:00","items":[{"sku":"S-1","name":"Мыло","quantity":1,"price":10.50}],"payments":[{"type":"cash","amount":10.50}],"custom":{"gift":false,"weight":2,"lift":10}}
{"type":"order","order_no":"A-3","source":"excel","external_id":"3","status":"cancel-other","status_reason":"дорого","placed_at":"2026-03-01T21:00:00Z","customer_name":"O'Brien 100% -- \"x\"","utm_source":"vk","items":[{"name":"total","quantity":1,"price":1000}]}
{"type":"order","order_no":"J-1","source":"jp","external_id":"1","site":"jp","currency":"JPY","placed_at":"2026-01-05T00:00:00Z","items":[{"sku":"S-1","quantity":1,"price":1000}]}
EOF
expect 0 order-import -q --backfill --as clerk orders.ndjson

# The operators.
picks 'A-1 A-2 A-3 J-1'
picks 'A-1 A-3' order_no=A-3,A-1,nothing
picks 'A-1' status=complete
picks 'A-2 J-1' group=new
picks 'A-1 A-3' group=complete,cancel
picks 'A-1 A-3 J-1' order_no!=A-2
picks 'A-3 J-1' utm_source!=google
picks 'J-1' utm_source=
picks 'A-1 A-2 A-3' utm_source!=
picks 'A-3 J-1' utm_source=,vk
picks 'A-1 A-2' utm_source!=,vk
picks 'A-2' utm_source=google status=new
picks '' utm_source=google status=new order_no=A-1
picks 'A-1' email=IVAN@example.com
picks 'A-1' 'phone=8 (029) 123-45-67'
picks 'A-1' phone~1234567
picks 'A-1' call_wanted=yes
picks 'A-2 A-3 J-1' call_wanted!=true
picks 'A-1' delivery_type=courier manager=anna
picks 'A-3' source=excel
picks 'A-2 J-1' paid=0 refunded=0 'status_reason=' status=new
picks 'A-1' cost=9.50
picks 'A-1' source_total=36 delivery_net=3..3.1

# Times and dates, in the zone of the shop.
picks 'A-2' placed_at=yesterday
picks 'A-3' placed_at=today
picks 'A-1 A-2' placed_at=2026-02-27..2026-03-01
picks 'A-2 A-3' placed_at=today,yesterday
picks 'A-1 J-1' 'placed_at!=today,yesterday'
picks 'A-2 A-3' placed_at=-1d..
picks 'A-1 J-1' placed_at=..2026-02-27
picks 'A-1 A-2' placed_at=2026-W09
picks 'J-1' placed_at=2026-01
picks 'A-1 A-2 A-3 J-1' placed_at=..
picks 'A-2' 'placed_at=2026-03-01 23:59..2026-03-01 23:59:59'
picks 'A-1' status_at=2026-02-28
picks 'J-1' status=new status_at=..-5d
picks 'A-1' delivery_on=today
picks 'A-1' delivery_on=-1d..+1d
picks '' delivery_on=..-1d
picks 'A-1' 'delivery_on!='
picks 'A-2' delivery_from=12:00..
picks 'A-1' delivery_from=9:00
picks 'A-1' source_updated_at=2026-02-28
picks 'A-1 A-2 A-3 J-1' created_at=today updated_at=today rev=1

# Money: major units of each order's own currency.
picks 'A-3 J-1' total=1000
picks 'A-1 A-2' total=10..999.99
picks 'A-3 J-1' total=999.999..
picks 'A-2' total=..20

# Text within, letter case aside.
picks 'A-1' customer~ИВАН
picks 'A-1' customer_name~ёлКИН
picks 'A-1' 'customer~иван ё'
picks 'A-1' delivery_city~минск
picks 'A-1' note~утром
picks 'A-3' status_reason~ДОРО
picks 'A-1 A-2' item_name~МЫЛО
picks 'A-3' status~CANCEL order_no~a-

# Parts: one line must fit.
picks 'A-1 A-2 J-1' item_sku=S-1
picks 'A-1' item_sku=S-1 item_sku=S-2
picks 'A-2 A-3 J-1' item_sku!=S-2
picks 'A-3' item_sku=
picks 'A-1 A-3' item_sku=,S-2
picks 'A-1 A-2 J-1' item_sku!=
picks 'A-1' payment_status=paid payment_type=bank-card
picks 'A-3 J-1' payment_type=
picks 'A-2 A-3 J-1' note=

# Fields of the shop's own, by their type.
picks 'A-1' custom.gift=true
picks 'A-2' custom.gift=no
picks 'A-3 J-1' custom.gift=
picks 'A-1' custom.weight=10..
picks 'A-2' custom.weight=2.0
picks 'A-2' custom.lift=10..
picks 'A-1' custom.visit=..2026-02
picks 'A-1' custom.hall=veranda,main
picks 'A-2 A-3 J-1' custom.hall!=veranda
picks 'A-1' 'custom.wish~DO, RE'

# Nothing in a value is more than a value.
picks 'A-3' "customer~o'brien"
picks 'A-3' customer~%
picks '' customer~_%_
picks '' "customer_name=' OR 1=1 --"
picks '' 'customer_name="; DROP TABLE orders; --'
picks '' 'customer_name=?1' 'item_sku=:id'
picks 'A-3' 'customer_name=O'"'"'Brien 100% -- "x"'
picks '' "customer~$(printf '%060000d' 0)"
picks 'A-1' "order_no=$(awk 'BEGIN { while (i++ < 20000) printf "N%d,", i }')A-1"
picks '' "customer~\\"
expect 2 order-list "$(printf '%060000d' 0)=1"
expect 2 order-list "order_no=$(awk 'BEGIN { while (i++ < 30001) printf "N," }')A-1"
contains 'too many values are said' err 'more than 30000 values'

# What cannot be meant.
refuses 2 "unknown field 'statsu', did you mean 'status'" order-list statsu=new
refuses 2 "unknown field 'custom.wieght', did you mean 'custom.weight'" order-list custom.wieght=1
refuses 2 "unknown field 'qqqqqqqq'; crm-select(7) lists them" order-list qqqqqqqq=1
refuses 2 "unknown field 'pladed_at', did you mean 'placed_at'" order-list --sort -pladed_at
refuses 2 "unknown field 'totl', did you mean 'total'" order-list --columns order_no,totl
refuses 2 "unknown field 'x y'; crm-select(7) lists them" order-list --count-by 'x y'
refuses 2 "'status=complet': unknown status 'complet', did you mean 'complete'; crm-reference --load adds new ones" order-list status=complet
refuses 2 "'group=cancl': unknown group 'cancl', did you mean 'cancel'" order-list group=cancl
refuses 2 "'manager!=ana': unknown user 'ana', did you mean 'anna'; crm-reference --load adds new ones" order-list manager!=ana
refuses 2 "'A-1' is no term such as status=new; see crm-select(7)" order-list A-1
refuses 2 "'=x' is no term such as status=new; see crm-select(7)" order-list =x
refuses 2 "'note!~x' is no term such as status=new; see crm-select(7)" order-list note!~x
refuses 2 "'placed_at~5': 'placed_at' is no text; write placed_at=today" order-list placed_at~5
refuses 2 "'placed_at=-7d': '-7d' is a moment, not a span of time" order-list placed_at=-7d
refuses 2 "'placed_at=today..-7d': 'today..-7d' ends before it begins" order-list placed_at=today..-7d
refuses 2 "'delivery_on=2026-02-30': '2026-02-30' is not a time or span of time" order-list delivery_on=2026-02-30
refuses 2 "'total=5..1': '5..1' ends before it begins" order-list total=5..1
refuses 2 "'total=ten': 'ten' is not a number" order-list total=ten
refuses 2 "'customer~': no text to look for; write customer= for orders without it" order-list customer~
refuses 2 "cannot sort by 'item_sku': an order has several" order-list --sort item_sku
refuses 2 "column 'total' is there twice" order-list --columns total,status,total
refuses 2 "--columns, --count-by and --sum are exclusive" order-list --sum --count-by status
refuses 2 "--sort has no use with --count-by and --sum" order-list --sum --sort total
refuses 2 "option '--limit' cannot be negative" order-list --limit -1
refuses 2 "option '--as-of': 'sometime' is not a time or span of time" order-list --as-of sometime

# Every field of the manual can be shown, selected, counted by.
bad=$(awk '/^\.Ss / { on = /Fields of orders/ }
	on && /^\.It Cm [a-z_]+$/ { print $3 }' "$top/man/crm-select.7" |
    while read -r field; do
	order-list "$field!=" --columns "$field" >out 2>err || cat err
	order-list --count-by "$field" >out 2>err || cat err
    done)
empty 'the fields of crm-select(7) are there' "$bad"
awk '/^\.It Cm [a-z_]+$/ { print $3 }' "$top/man/crm-select.7" >listed
bad=$(sql "SELECT replace(name, '_minor', '') FROM pragma_table_info('orders')
    WHERE name NOT IN ('id', 'items_minor')" | grep -vxFf listed)
empty 'and every column of an order is among them' "$bad"

# The indexes serve: no list of all orders is read for these.
served() {	# served INDEX TERM...
	index=$1
	shift
	run order-list -vv "$@"
	plan=$(sqlite3 "$CRM_DB" "EXPLAIN QUERY PLAN $(sed -n 's/^sql: \(SELECT o.id\)/\1/p' err)")
	case $plan in
	*"SEARCH o USING "*"INDEX $index "*) ok "$* uses $index" 0 ;;
	*) ok "$* uses $index" 1; echo "$plan" | note ;;
	esac
}
served orders_status status=new
served orders_status group=new,approval
served orders_status status=new status_at=..-2d
served orders_placed placed_at=today
served orders_placed placed_at=-7d.. status=complete
served orders_placed placed_at=2026-W09 group=complete utm_source=vk
served orders_customer customer_id=1
served sqlite_autoindex_orders_1 order_no=A-1,A-2

# Order and number.
[ "$(nos --sort -placed_at)" = 'A-3 A-2 A-1 J-1 ' ]
ok 'newest first' $?
[ "$(nos)" = 'J-1 A-1 A-2 A-3 ' ]
ok 'oldest first by itself' $?
[ "$(nos --sort status,-total)" = 'A-3 A-1 J-1 A-2 ' ]
ok 'by status, then by total, whatever the currency' $?
[ "$(nos --sort -custom.weight,order_no --limit 2)" = 'A-1 A-2 ' ]
ok 'numbers of custom fields sort as numbers, and two are enough' $?

# The table.
expect 0 order-list placed_at=2026-02..
same 'a table in local time' out <<'EOF'
order_no  placed_at         status        customer_name        phone            total  currency
A-1       2026-02-27 13:00  complete      Иван Ёлкин           +375291234567    32.00  BYN
A-2       2026-03-01 23:59  new           anna                                  10.50  BYN
A-3       2026-03-02 00:00  cancel-other  O'Brien 100% -- "x"                 1000.00  BYN
EOF
expect 0 order-list --color always --no-header --columns status placed_at=2026-02.. --sort order_no
printf '\033[32mcomplete\033[0m\nnew\n\033[31mcancel-other\033[0m\n' >want
same 'a sale is green, a cancellation red' out <want

# TSV and flat objects.
columns=order_no,placed_at,total,call_wanted,customer_id,item_sku,custom.weight,custom.gift,note,rev
expect 0 order-list --tsv --columns $columns order_no=A-1,A-3 --sort order_no
same 'tab-separated: UTC, numbers bare, nothing for nothing' out <<'EOF'
order_no	placed_at	total	call_wanted	customer_id	item_sku	custom.weight	custom.gift	note	rev
A-1	2026-02-27T10:00:00Z	32.00	true	1	S-1, S-2	12.5	true	Позвонить УТРОМ или вечером	1
A-3	2026-03-01T21:00:00Z	1000.00							1
EOF
expect 0 order-list --json --columns $columns order_no=A-1,A-3 --sort order_no
same 'flat objects' out <<'EOF'
{"type":"order","order_no":"A-1","placed_at":"2026-02-27T10:00:00Z","total":32.00,"call_wanted":true,"customer_id":1,"item_sku":"S-1, S-2","custom.weight":12.5,"custom.gift":true,"note":"Позвонить УТРОМ\nили вечером","rev":1}
{"type":"order","order_no":"A-3","placed_at":"2026-03-01T21:00:00Z","total":1000.00,"call_wanted":null,"customer_id":null,"item_sku":null,"custom.weight":null,"custom.gift":null,"note":null,"rev":1}
EOF

# Whole records.
expect 0 order-list --json order_no=A-1,J-1 --sort order_no
same 'whole records' out <<'EOF'
{"type":"order","order_no":"A-1","rev":1,"source":"site","external_id":"1","source_updated_at":"2026-02-28T08:00:00Z","site":"main","status":"complete","manager":"anna","placed_at":"2026-02-27T10:00:00Z","currency":"BYN","customer_external_id":"c1","customer_name":"Иван Ёлкин","phone":"+375291234567","email":"ivan@example.com","call_wanted":true,"utm_source":"google","delivery_type":"courier","delivery_on":"2026-03-02","delivery_from":"09:00","delivery_net":3.10,"delivery_city":"Минск","source_total":36.00,"group":"complete","items_total":27.00,"total":32.00,"paid":32.00,"refunded":2.50,"items":[{"line":1,"external_id":"l1","sku":"S-1","name":"Мыло; с \"=\"","quantity":2,"price":10.5,"discount":0.00,"purchase_price":4,"sum":21.00},{"line":2,"sku":"S-2","name":"Soap","quantity":1.5,"price":4.3333,"discount":0.50,"purchase_price":1,"sum":6.00}],"charges":[{"line":1,"kind":"delivery","name":"Курьер","amount":5.00,"included":false},{"line":2,"kind":"tax","amount":1.20,"included":true}],"payments":[{"line":1,"external_id":"p1","type":"cash","status":"paid","amount":32.00,"paid_at":"2026-02-28T07:00:00Z","comment":"всё"},{"line":2,"type":"bank-card","status":"not-paid","amount":0.00}],"refunds":[{"line":1,"external_id":"r1","amount":2.50,"refunded_at":"2026-03-01T07:00:00Z","reason":"скол"}],"custom":{"gift":true,"hall":"veranda","lift":9,"visit":"2026-02-26","weight":12.5,"wish":"do, re, mi"},"notes":[{"at":"2026-02-27T11:00:00Z","actor":"anna","text":"Позвонить УТРОМ\nили вечером"}],"history":[{"at":"2026-02-27T10:00:00Z","actor":"site","field":"status","old":null,"new":"new"},{"at":"2026-02-28T08:00:00Z","actor":"anna","field":"status","old":"new","new":"complete"}]}
{"type":"order","order_no":"J-1","rev":1,"source":"jp","external_id":"1","site":"jp","status":"new","placed_at":"2026-01-05T00:00:00Z","currency":"JPY","source_total":null,"group":"new","items_total":1000,"total":1000,"paid":0,"refunded":0,"items":[{"line":1,"sku":"S-1","name":"S-1","quantity":1,"price":1000,"discount":0,"sum":1000}],"history":[{"at":"2026-01-05T00:00:00Z","actor":"clerk","field":"status","old":null,"new":"new"}]}
EOF

# Into an empty shop and out again.
expect 0 order-list --json
mv out first.ndjson
CRM_DB=$work/empty.db order-import -q --backfill first.ndjson
ok 'an export can be imported' $?
CRM_DB=$work/empty.db order-list --json >second.ndjson
same 'exported, imported, exported: the same, byte for byte' second.ndjson <first.ndjson

# Counts and sums, against plain SQL; never a sum across currencies.
expect 0 order-list --sum
same 'a line for each currency' out <<'EOF'
currency  orders    total  average
BYN            3  1042.50   347.50
JPY            1     1000     1000
EOF
expect 0 order-list --json --sum 'utm_source!='
same 'the sum as a record' out <<'EOF'
{"type":"order_sum","currency":"BYN","orders":3,"total":1042.50,"average":347.50}
EOF
counted() {	# counted FIELD EXPRESSION - as v_orders has it
	expect 0 order-list --tsv --no-header --count-by "$1" placed_at=2026-02..
	LC_ALL=C sort out >counts
	sql "SELECT ifnull($2, ''), currency, count(*), printf('%.2f', sum(total)),
	    printf('%.2f', round(avg(total), 2)) FROM v_orders
	    WHERE placed_at > '2026-02' GROUP BY 1, 2" | LC_ALL=C sort >want
	same "counted by $1" counts <want
}
counted status status
counted group status_group
counted utm_source utm_source
counted manager manager
counted call_wanted "CASE call_wanted WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"
counted placed_at "date(placed_at, '+3 hours')"
counted source source
expect 0 order-list --no-header --count-by status --color always
{
	printf 'new           BYN  1    10.50    10.50\n'
	printf 'new           JPY  1     1000     1000\n'
	printf '\033[31mcancel-other\033[0m  BYN  1  1000.00  1000.00\n'
	printf '\033[32mcomplete\033[0m      BYN  1    32.00    32.00\n'
} | LC_ALL=C sort >want
LC_ALL=C sort out >sorted
same 'statuses keep their colours when counted' sorted <want
expect 0 order-list --json --count-by item_sku
same 'an order counts at each of its articles, the frequent first' out <<'EOF'
{"type":"order_sum","item_sku":"S-1","currency":"BYN","orders":2,"total":42.50,"average":21.25}
{"type":"order_sum","item_sku":null,"currency":"BYN","orders":1,"total":1000.00,"average":1000.00}
{"type":"order_sum","item_sku":"S-1","currency":"JPY","orders":1,"total":1000,"average":1000}
{"type":"order_sum","item_sku":"S-2","currency":"BYN","orders":1,"total":32.00,"average":32.00}
EOF
expect 0 order-list --tsv --count-by custom.lift custom.lift!=
same 'numbers in their order, and as numbers' out <<'EOF'
custom.lift	currency	orders	total	average
9	BYN	1	32.00	32.00
10	BYN	1	10.50	10.50
EOF
expect 0 order-list --tsv --no-header --count-by placed_at --limit 1 placed_at=2026-02..
same 'days in their order, and one is enough' out <<'EOF'
2026-02-27	BYN	1	32.00	32.00
EOF

# Looking back. On 2 March A-1 is changed in all its parts, and A-4 comes.
cat >changed.ndjson <<'EOF'
{"type":"order","source":"site","external_id":"1","source_updated_at":"2026-03-02T08:00:00Z","delivery_city":"Брест","phone":null,"coupon":"X","delivery_net":4,"items":[{"external_id":"l1","sku":"S-1","name":"Мыло","quantity":3,"price":10},{"sku":"S-9","name":"Щётка","quantity":1,"price":1}],"charges":[],"payments":[{"external_id":"p1","type":"cash","status":"not-paid","amount":32}],"refunds":[],"custom":{"gift":null,"weight":13,"hall":"main"},"notes":[{"at":"2026-03-02T08:00:00Z","actor":"anna","text":"later"}]}
{"type":"order","order_no":"A-4","source":"site","placed_at":"2026-03-02T08:00:00Z","items":[{"sku":"S-1","quantity":1,"price":5}]}
EOF
order-import -q --backfill changed.ndjson >out 2>err
expect 0 order-list --json order_no=A-1,A-4
contains 'A-1 has changed' out '"delivery_city":"Брест"'
contains 'A-4 has come' out '"order_no":"A-4"'
dump >before
expect 0 order-list --json --as-of 2026-03-01 order_no!=A-3
# rev and source_updated_at stay those of today
sed '/"order_no":"A-1"/{
    s/"rev":2/"rev":1/
    s/"source_updated_at":"2026-03-02T08:00:00Z"/"source_updated_at":"2026-02-28T08:00:00Z"/
}' out >back
grep -v '"order_no":"A-3"' first.ndjson >was
same 'as of the evening before: every field and part as it was' back <was
dump >after
same 'looking back changes nothing' after <before
expect 0 order-list --tsv --as-of 2026-02-27 --columns order_no,status,status_at
same 'a day is meant with its end, and later orders are not there yet' out <<'EOF'
order_no	status	status_at
J-1	new	2026-01-05T00:00:00Z
A-1	new	2026-02-27T10:00:00Z
EOF
expect 0 order-list --tsv --as-of 2026-02-28T08:00:00Z --columns order_no,status,status_at status=complete
same 'to the second, and terms look at what was then' out <<'EOF'
order_no	status	status_at
A-1	complete	2026-02-28T08:00:00Z
EOF
expect 0 order-list --tsv --no-header --as-of 2026-02-27T09:59:59Z --columns order_no
same 'one second before its first' out <<'EOF'
J-1
EOF
expect 0 order-list --tsv --no-header --sum --as-of 2026-03-01
same 'sums of then' out <<'EOF'
BYN	2	42.50	21.25
JPY	1	1000	1000
EOF
expect 0 order-list --as-of 2020 --json
same 'before there was anything' out </dev/null
expect 0 order-list --as-of today --json
mv out today
expect 0 order-list --json
same 'as of today is today' out <today

# A source may tell of a past that cannot be.
cat >odd.ndjson <<'EOF'
{"type":"order","order_no":"A-5","source":"odd","placed_at":"2026-02-01T08:00:00Z","delivery_on":"2026-03-05","items":[],"history":[{"at":"2026-02-01T08:00:00Z","actor":"x","field":"status","old":null,"new":"new"},{"at":"2026-02-02T08:00:00Z","actor":"x","field":"currency","old":null,"new":"BYN"},{"at":"2026-02-02T08:00:00Z","actor":"x","field":"delivery_on","old":"soon","new":"2026-03-05"},{"at":"2026-02-02T08:00:00Z","actor":"x","field":"colour","old":"red","new":"blue"},{"at":"2026-02-02T08:00:00Z","actor":"x","field":"item","line":7,"old":"red","new":null}]}
EOF
expect 0 order-import -q --backfill odd.ndjson
expect 0 order-list --tsv --no-header --as-of 2026-02-01 --columns order_no,status,total,currency order_no=A-5
same 'what cannot be undone is left as it is' out <<'EOF'
A-5	new	0.00	BYN
EOF

# A full disk.
for form in --json --tsv --table '--json --sum' '--json --columns order_no'; do
	# shellcheck disable=SC2086	# several options
	order-list $form >/dev/full 2>err
	[ $? -eq 1 ]
	ok "a full disk: $form" $?
	contains 'said so' err 'No space left on device'
done

whole
done_testing
