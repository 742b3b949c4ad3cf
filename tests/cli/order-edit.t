#!/bin/sh
# order-edit: change, combine and duplicate orders.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# changes - of the last run, as the history has them.
changes() { sql "SELECT order_no, field, ifnull(item_id, '-'), ifnull(old, '-'),
    ifnull(new, '-') FROM v_history WHERE run_id = (SELECT max(id) FROM run)"; }
totals() { sql "SELECT total, paid, refunded FROM v_orders
    WHERE order_no = '$1'"; }
lines() { sql "SELECT line, sku, quantity, price, discount, sum FROM v_items
    WHERE order_no = '$1' ORDER BY line"; }
# state - all of the orders but what counts and dates the changes.
columns=
state() {
	[ -n "$columns" ] || columns=$(sql "SELECT group_concat(name) FROM
	    (SELECT name FROM pragma_table_info('orders') WHERE name NOT IN
	    ('rev', 'updated_at', 'status_at'))")
	sql "SELECT $columns FROM orders ORDER BY id;
	    SELECT * FROM order_item; SELECT * FROM charge;
	    SELECT * FROM payment; SELECT * FROM refund;
	    SELECT * FROM custom_value; SELECT * FROM order_source"
}

shop
printf 'login\tname\tuser_group\nanna\tАнна\tmanager\nivan\tIvan\tpicker\n' >user.tsv
printf 'code\tname\tcurrency\nmain\tMain\tBYN\ntwo\tTwo\tBYN\n' >site.tsv
printf '%s\t%s\t%s\t%s\t%s\n' entity code name type dictionary \
    order size Size integer '' order gift Gift dictionary gifts \
    order flag Flag boolean '' order wish Wish text '' >custom_field.tsv
printf 'dictionary\tcode\tname\ngifts\tbow\tA bow\n' >custom_dictionary.tsv
expect 0 crm-reference --load user.tsv site.tsv custom_dictionary.tsv custom_field.tsv
cat >orders.ndjson <<'EOF'
{"type":"order","order_no":"1042","source":"site","placed_at":"2026-03-01T09:00:00Z","phone":"+375291234567","customer_name":"Алеся Кравец","customer_comment":"код 12","items":[{"sku":"BR-01","name":"Зубная щётка","quantity":2,"price":6.9},{"external_id":"77","sku":"SH-01","name":"Шампунь","quantity":1,"price":18.9,"discount":0.9}],"charges":[{"kind":"delivery","amount":5}]}
{"type":"order","order_no":"1043","source":"excel","placed_at":"2026-03-01T10:00:00Z","phone":"80291234567","customer_comment":"дом 5","items":[{"sku":"BR-01","name":"Зубная щётка","quantity":1,"price":6.9},{"external_id":"77","sku":"FD-01","name":"Гречка","quantity":0.5,"price":8.9}],"charges":[{"kind":"discount","amount":-1}],"payments":[{"type":"cash","status":"paid","amount":10.35}],"custom":{"size":3},"notes":[{"at":"2026-03-01T10:10:00Z","actor":"ivan","text":"ring twice"}]}
{"type":"order","order_no":"A-1","source":"site","placed_at":"2026-03-01T09:00:00Z"}
{"type":"order","order_no":"A-2","source":"site","status":"complete","placed_at":"2026-02-01T09:00:00Z","phone":"+375291234567","items":[{"sku":"BR-01","quantity":1,"price":6.9}]}
{"type":"order","order_no":"A-3","source":"site","placed_at":"2026-02-01T09:00:00Z","phone":"+375297654321","items":[{"sku":"BR-01","quantity":3,"price":0.335},{"sku":"2","name":"Two","quantity":1,"price":1}]}
EOF
expect 0 order-import orders.ndjson

# Every field of an order can be set, and cleared, and either taken back.
value() {
	case $1 in
	site) echo two ;;
	order_method) echo one-click ;;
	status) echo assembling ;;
	manager|courier) echo anna ;;
	placed_at) echo 2026-02-28T10:00:00Z ;;
	currency) echo BYN ;;
	phone) echo +375447654321 ;;
	email) echo анна@пример.бел ;;
	call_wanted) echo true ;;
	delivery_type) echo courier ;;
	store) echo main ;;
	*_on) echo 2026-12-01 ;;
	delivery_from|delivery_to) echo 18:30 ;;
	delivery_net|source_total) echo 1250.05 ;;
	*) echo "Ёж's; a=b, \\ \"$1\" <b> %s" ;;
	esac
}
sed -n '/ order_field_list\[\] = {/,/^}/s/^	{ "\([a-z_]*\)".*/\1/p' \
    "$top/lib/order/order.c" >fields
[ "$(wc -l <fields)" -ge 38 ]
ok 'the fields are known' $?
# told FIELD - the change the last run made to it.
told() { sql "SELECT ifnull(new, '-') FROM v_history WHERE field = '$1'
    AND run_id = (SELECT max(id) FROM run)"; }
state >before
while read -r field; do
	wanted=$(value "$field")
	was=$(sql "SELECT count(*) FROM history")
	order-edit A-1 "$field=$wanted" 2>err </dev/null &&
	    if [ "$field" = currency ]; then # it is that already
		[ "$(sql 'SELECT count(*) FROM history')" = "$was" ]
	    else
		[ "$(told "$field")" = "$wanted" ]
	    fi
	ok "$field is set, and the history has it" $?
	set=$(last_run)
	order-edit -v A-1 "$field=$wanted" 2>err </dev/null &&
	    grep -q '0 changed, 1 as they were' err
	ok "$field is set twice, which changes nothing" $?
	case $field in
	status|placed_at|currency)
		run order-edit A-1 "$field="
		[ "$status" -eq 3 ] && grep -q "'$field' is missing" err
		ok "no order is without $field" $?
		;;
	*)
		order-edit A-1 "$field=" 2>err </dev/null &&
		    [ "$(told "$field")" = - ]
		ok "$field is cleared, and the history has it" $?
		run crm-undo "$(last_run)"
		[ "$status" -eq 0 ]
		ok "that is taken back" $?
		;;
	esac
	[ "$field" = currency ] || run crm-undo "$set"
	state >after
	cmp -s before after
	ok "and so is $field, to the byte" $?
	diff -u before after >difference || note difference
done <fields
empty 'nor is it the order of whose telephone it had' "$(sql "SELECT customer_id
    FROM orders WHERE order_no = 'A-1'")"

# Custom fields, by their types.
expect 0 order-edit A-1 custom.size=042 custom.gift=bow custom.flag=yes \
    "custom.wish=Ёж's; a=b, \\ <b>"
changes >out
same 'custom fields' out <<'EOF'
A-1 custom.size - - 42
A-1 custom.gift - - bow
A-1 custom.flag - - true
A-1 custom.wish - - Ёж's; a=b, \ <b>
EOF
expect 0 crm-undo "$(last_run)"
state >after
same 'taken back' after <before
expect 0 order-edit A-1 custom.size=42
expect 0 order-edit A-1 custom.size=
state >after
same 'or cleared' after <before
expect 3 order-edit A-1 custom.size=large
contains 'no value of another type' err "A-1: custom 1: custom.size: 'large'"
expect 3 order-edit A-1 custom.gift=box
contains 'nor what the dictionary does not have' err \
    "A-1: custom 1: custom.gift: unknown dictionary gifts 'box'"
expect 2 order-edit A-1 custom.siez=1
contains 'nor for a field that is not there' err \
    "'custom.siez=1': unknown custom field 'siez'; crm-reference --load custom_field.tsv adds new ones"

# Items: totals follow, by the house's rule of rounding.
expect 0 order-edit 1042 item.1.quantity=3 item.SH-01.discount=10% \
    'item+=греч*0,5@8.95' delivery_cost=7.50 discount=5%
changes >out
same 'what was changed, by line' out <<'EOF'
1042 item 1 sku=BR-01; name=Зубная щётка; quantity=2; price=6.9; discount=0.00 sku=BR-01; name=Зубная щётка; quantity=3; price=6.9; discount=0.00
1042 item 2 external_id=77; sku=SH-01; name=Шампунь; quantity=1; price=18.9; discount=0.90 external_id=77; sku=SH-01; name=Шампунь; quantity=1; price=18.9; discount=1.89
1042 item 3 - sku=FD-01; name=Гречка; quantity=0.5; price=8.95; discount=0.00
1042 charge 1 kind=delivery; amount=5.00; included=false kind=delivery; amount=7.50; included=false
1042 charge 2 - kind=discount; amount=-2.11; included=false
EOF
# 20.70 + 17.01 + 4.48 (4.475) = 42.19; 5% of it is 2.1095
totals 1042 >out
same 'the total' out <<'EOF'
47.58 0.0 0.0
EOF
edited=$(last_run)
expect 0 order-edit -v 1042 item.1.quantity=3 discount=2.11 delivery_cost=7.5
contains 'twice is once' err '0 changed, 1 as they were'
expect 0 order-edit 1042 item-=FD-01 item.1.price=0.3350 item.1.name=Щётка \
    item.2.discount= discount= charge.delivery.included=yes
lines 1042 >out
same 'lines' out <<'EOF'
1 BR-01 3.0 0.335 0.0 1.01
2 SH-01 1.0 18.9 0.0 18.9
EOF
totals 1042 >out
same 'rounded once a line; what is in the prices is not added' out <<'EOF'
19.91 0.0 0.0
EOF
expect 0 order-edit 1042 item.2.sku=NEW-9
[ "$(sql "SELECT offer_id = (SELECT id FROM offer WHERE sku = 'NEW-9')
    FROM order_item WHERE order_id = 1 AND line = 2")" = 1 ]
ok 'another SKU is another offer' $?
expect 0 crm-undo "$(last_run)"
expect 0 crm-undo "$(($(last_run) - 2))"
expect 0 crm-undo "$edited"
state >after
same 'all of it taken back' after <before
expect 0 order-edit A-3 item.1.quantity=4 item.2.price=2
lines A-3 >out
same 'a number is a line, not the SKU of another' out <<'EOF'
1 BR-01 4.0 0.335 0.0 1.34
2 2 1.0 2.0 0.0 2.0
EOF
expect 0 order-edit A-3 item= charge+=fee:3:packing charge+=tax:1
lines A-3 >out
same 'a list can be emptied' out </dev/null
expect 0 order-edit -t A-3 charge-=2 charge.fee.name= charge.1.amount=2
tr '\t' '|' <out >columns
same 'columns for programs: what was, what is' columns <<'EOF'
order_no|field|line|old|new
A-3|charge|2|kind=tax; amount=1.00; included=false|
A-3|charge|1|kind=fee; name=packing; amount=3.00; included=false|kind=fee; amount=2.00; included=false
EOF

# Payments and refunds.
expect 0 order-edit 1042 payment+=cash:20 payment+=bank-card:16.80:paid
expect 0 order-edit 1042 payment.cash.status=paid 'payment.1.comment=at the door'
expect 0 order-edit 1042 'refund+=2.50:broken: the cap' refund+=1
expect 0 order-edit 1042 refund.2.reason=late
sql "SELECT line, type, status, amount_minor, paid_at, ifnull(comment, '-') FROM payment
    WHERE order_id = 1" >out
same 'payments; what becomes paid was paid now' out <<'EOF'
1 cash paid 2000 1772442000 at the door
2 bank-card paid 1680 1772442000 -
EOF
totals 1042 >out
same 'and refunds' out <<'EOF'
36.8 36.8 3.5
EOF
expect 3 order-edit 1042 refund+=33.31
contains 'no more is given back than came' err \
    '1042: 36.81 would be refunded of the 36.80 BYN that was paid'
expect 3 order-edit 1042 payment+=shells:1
contains 'an unknown type' err "unknown payment_type 'shells'"
expect 0 order-edit 1042 payment= refund=
state | grep -v '^5 ' >after
grep -v '^5 ' before >others
same 'taken out again' after <others

# Returned at the door.
expect 0 order-edit 1042 item.1.discount=1
expect 0 order-edit 1042 'returned+=BR-01*1' returned+=2
lines 1042 >out
same 'what was kept, with its part of the discount' out <<'EOF'
1 BR-01 1.0 6.9 0.5 6.4
EOF
totals 1042 >out
same 'the rest of the total' out <<'EOF'
11.4 0.0 0.0
EOF
sql "SELECT text FROM note WHERE entity_id = 1 ORDER BY id" >out
same 'is said' out <<'EOF'
returned: 1 x BR-01 Зубная щётка
returned: 1 x SH-01 Шампунь
EOF
expect 3 order-edit 1042 'returned+=1*1,5'
contains 'no more than was there' err 'the order has only 1 of it'
expect 3 order-edit 1042 'returned+=1*0'
contains 'and no nothing' err 'nothing of it was returned'
sql 'SELECT count(*) FROM note WHERE entity_id = 1' >out
same 'what is refused leaves no note' out <<'EOF'
2
EOF
expect 0 crm-undo "$(($(last_run) - 2))"
expect 0 crm-undo "$(($(last_run) - 4))"

# A move with what it needs, in one step.
expect 3 order-edit 1042 status=complete
contains 'transitions hold' err 'may not move it from new to complete'
expect 3 order-edit 1042 status=cancel-other
contains 'requirements too' err 'for cancel-other it needs: status_reason'
expect 0 order-edit 1042 status=cancel-other 'status_reason=ordered twice'
expect 0 order-edit 1042 status=new
sql "SELECT status, ifnull(status_reason, '-') FROM orders WHERE id = 1" >out
same 'the old reason was the old status'"'"'s' out <<'EOF'
new -
EOF
expect 2 order-edit 1042 status=nwe
contains 'an unknown status' err "unknown status 'nwe', did you mean 'new'"

# What is over is settled.
for change in item.1.quantity=2 item+=SH-01 item= charge+=fee:1 discount=1 \
    delivery_cost=1 returned+=1 delivery_on=2026-12-01 delivery_flat=7 coupon=X \
    placed_at=2026-01-01; do
	run order-edit A-2 "$change"
	[ "$status" -eq 3 ] && grep -qF \
	    "A-2: $change: the order is complete, so its items, charges and delivery are settled" err
	ok "no $change in an order that is over" $?
done
expect 0 order-edit A-2 manager_comment=ok payment+=cash:6.90:paid refund+=1 \
    custom.size=1 note=done tracking_no=RB1 phone=80447654321
expect 0 order-edit -f A-2 item.1.quantity=2
totals A-2 >out
same '--force does it' out <<'EOF'
13.8 6.9 1.0
EOF

# Slips of the finger.
expect 3 order-edit 1042 discount=100
contains 'no total below nothing' err 'the total would be -63.20 BYN'
expect 3 order-edit 1042 item.1.discount=50
contains 'no line below nothing' err 'item 1 would cost -36.20 BYN'
expect 3 order-edit 1042 item.1.discount=50 item+=SH-01*9
contains 'whatever else there is' err 'item 1 would cost -36.20 BYN'
expect 3 order-edit 1042 discount=101%
contains 'not more than all' err "'101%' is not within 0% and 100%"
expect 3 order-edit 1042 discount=-1
expect 3 order-edit 1042 item.1.quantity=0
contains 'nothing of an item' err 'item 1: quantity is 0'
expect 3 order-edit 1042 item.1.quantity=
contains 'an item has a quantity' err "item 1: 'quantity' is missing"
expect 3 order-edit 1042 item.1.price=1e9
expect 3 order-edit 1042 item.1.price=99999999999999999999
expect 3 order-edit 1042 item.9.price=1
contains 'no such line: those there are' err \
    "the order has no item '9'; it has 1 BR-01, 2 SH-01"
expect 3 order-edit A-1 item-=1
contains 'none at all' err 'A-1: item-=1: the order has no item'
expect 3 order-edit 1042 currency=RUB
contains 'sums are in a currency' err 'the order has sums in BYN'
expect 3 order-edit 1042 delivery_on=2026-02-30
expect 2 order-edit 1042 manager=annna
contains 'nobody' err "unknown user 'annna', did you mean 'anna'"
expect 3 order-edit 1042 'item+=*'
expect 3 order-edit 1042 charge+=gift:1
expect 3 order-edit 1042 charge+=fee
contains 'an amount is needed' err "charge 2: 'amount' is missing"
expect 3 order-edit 1042 charge+=fee:1.005
expect 0 order-edit 1042 item+=BR-01
expect 3 order-edit 1042 item-=BR-01
contains 'which of two' err \
    "'BR-01' may be item 1 BR-01, 4 BR-01; take the number"
expect 0 order-edit 1042 item-=4
while read -r change; do
	expect 2 order-edit 1042 "$change"
done <<'EOF'
stauts=new
manager+=anna
item=BR-01
item.1=2
item.=2
item..quantity=2
item.1.qty=2
custom=1
custom.size+=1
returned=1
note-=x
note=
=x
item-=
source=x
total=5
EOF
expect 2 order-edit 1042 stauts=new
contains 'the nearest is named' err "an order has no field 'stauts', did you mean 'status'"
expect 2 order-edit 1042
contains 'nothing to do' err 'nothing to change'
expect 2 order-edit --duplicate 1042 note=x
expect 2 order-edit --combine 1043
expect 2 order-edit -s new 1042 note=x
expect 3 order-edit NONE note=x
contains 'an unknown order' err "NONE: there is no order 'NONE'"
state >after
sql 'SELECT id, manager FROM orders' >managers

# Days as people say them; notes; who.
expect 0 order-edit --as anna 1042 delivery_on=+1d ship_on=today note=Ёж note=Уж
sql "SELECT delivery_on, ship_on FROM orders WHERE id = 1" >out
same 'days by their names' out <<'EOF'
2026-03-03 2026-03-02
EOF
sql "SELECT actor, text FROM note WHERE entity_id = 1 AND text LIKE '%ж'" >out
same 'notes' out <<'EOF'
anna Ёж
anna Уж
EOF
sql 'SELECT DISTINCT actor FROM history WHERE run_id = (SELECT max(id) FROM run)' >out
same 'in the history too' out <<'EOF'
anna
EOF
sql 'SELECT detail, summary FROM run ORDER BY id DESC LIMIT 1' >out
same 'the run says what it was told' out <<'EOF'
delivery_on, ship_on, note 1 changed
EOF

# Pipes, dry runs, revisions.
dump >before
expect 0 order-edit -n 1042 manager=anna item+=FD-01*2
same 'a dry run shows what would be' out <<'EOF'
order_no  field    line  old  new
1042      manager             anna
1042      item        5       sku=FD-01; name=Гречка; quantity=2; price=8.9; discount=0.00
EOF
dump >after
same 'and changes nothing' after <before
order-list group=new --json | order-edit -v --json manager=anna >edited.ndjson 2>err
contains 'a pipe' err '4 changed; run'
grep -q '^{"type":"order","order_no":"1042",.*"changes":\[{"field":"manager","line":null,"old":null,"new":"anna"}\]}$' edited.ndjson
ok 'records for the next in the pipe, with what was changed' $?
order-status --set assembling -v <edited.ndjson >out 2>err
contains 'who takes them' err '4 moved'
order-edit note=x <edited.ndjson 2>err >out
[ $? -eq 3 ]
ok 'a stale record is refused' $?
contains 'and why' err 'stdin:1: it was changed meanwhile: the record has revision'
printf '1042\n\n{"type":"parcel"}\nA-3\n' | order-edit -v utm_term=Ж 2>err
contains 'the bad are said, the others done' err '2 changed, 1 rejected'
expect 1 order-edit --atomic NONE 1042 utm_term=Щ
sql "SELECT utm_term FROM orders WHERE id = 1" >out
same '--atomic is all or nothing' out <<'EOF'
Ж
EOF
order-edit -t 1042 utm_term=Э >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is not success' $?

# A source that says the same again does not undo a manager's work.
expect 0 order-import -v orders.ndjson
contains 'imported again' err '0 new, 0 changed, 5 same, 0 conflicts'

# Two orders of one customer.
expect 0 order-status -f --set new 1042 1043
state >before
totals 1042 >sum
dump >all
expect 0 order-edit -n 1042 --combine 1043
dump >after
same 'a dry run combines nothing' after <all
expect 3 order-edit 1042 --combine A-3
contains 'not those of two customers' err 'not known to be of one customer'
expect 3 order-edit 1042 --combine 1042
contains 'not with itself' err 'that is the same order'
expect 3 order-edit 1042 --combine A-2
expect 3 order-edit 1042 --combine NONE
expect 2 order-edit 1042 --combine 1043 -s nowhere
expect 0 order-edit 1042 --combine 1043
combined=$(last_run)
lines 1042 >out
same 'all lines' out <<'EOF'
1 BR-01 2.0 6.9 0.0 13.8
2 SH-01 1.0 18.9 0.9 18.0
5 BR-01 1.0 6.9 0.0 6.9
6 FD-01 0.5 8.9 0.0 4.45
EOF
totals 1042 >out
same 'the sum of both' out <<'EOF'
47.15 10.35 0.0
EOF
totals 1043 >out
same 'nothing is left' out <<'EOF'
0.0 0.0 0.0
EOF
sql "SELECT status, status_reason FROM orders WHERE order_no = '1043';
    SELECT customer_comment FROM orders WHERE id = 1;
    SELECT value FROM custom_value WHERE entity_id = 1;
    SELECT actor, text FROM note WHERE entity_id = 1 AND actor = 'ivan'" >out
same 'why; comments, custom values, notes' out <<'EOF'
combined combined with 1042
код 12
дом 5
3
ivan ring twice
EOF
order-show --as-of '2026-03-02 11:59' 1043 >out
contains 'a moment before, it had its lines' out '2   FD-01  Гречка'
contains 'and its total' out 'total       10.35 BYN'
expect 0 order-edit -v 1042 --combine 1043
contains 'once' err '0 combined, 1 as they were'
state >after
expect 0 order-import -v orders.ndjson
contains 'what both sources said before brings nothing back' err \
    '0 new, 0 changed, 5 same, 0 conflicts'
# Now with other words: another hash, more of the same.
sed 's/"source"/"utm_source":"z","source"/' orders.ndjson >more.ndjson
expect 0 order-import -v more.ndjson
contains 'nor what they say beside it' err '0 new, 5 changed'
lines 1042 >out
same 'the lines stay' out <<'EOF'
1 BR-01 2.0 6.9 0.0 13.8
2 SH-01 1.0 18.9 0.9 18.0
5 BR-01 1.0 6.9 0.0 6.9
6 FD-01 0.5 8.9 0.0 4.45
EOF
sed '2!d; s/"quantity":1/"quantity":4/' more.ndjson >theirs.ndjson
expect 0 order-import -v theirs.ndjson
contains 'a change by the source of what was moved is said' err '1043: item '
totals 1043 >out
same 'and makes no second order' out <<'EOF'
0.0 0.0 0.0
EOF
sql 'SELECT count(*) FROM orders' >out
same 'as many orders as before' out <<'EOF'
5
EOF
sql "SELECT sum(total_minor), sum(paid_minor) FROM orders WHERE id < 3" >after
expect 0 crm-undo "$combined"
totals 1042 >out
same 'taken back, it is as it was' out <sum
lines 1043 >out
same 'on both sides' out <<'EOF'
1 BR-01 1.0 6.9 0.0 6.9
2 FD-01 0.5 8.9 0.0 4.45
EOF
sql "SELECT status FROM orders WHERE order_no = '1043'" >out
same 'and in its status' out <<'EOF'
new
EOF

# The same order elsewhere.
expect 0 order-edit -v 1042 known_as+=ms:u-1
contains 'a change' err '1 changed'
expect 0 order-edit -v 1042 known_as+=ms:u-1
contains 'once' err '1 as they were'
expect 3 order-edit 1043 known_as+=ms:u-1
contains 'a name of one order' err 'that is order 1042 already'
expect 3 order-edit 1043 known_as+=ms:
contains 'source and id' err 'write it as SOURCE:ID'
expect 2 order-edit 1042 known_as=ms:u-1
echo '{"type":"order","source":"ms","external_id":"u-1","order_no":"77","customer_name":"agent","status":"new","manager_comment":"theirs","items":[{"external_id":"9","sku":"BR-01","quantity":2,"price":6.9}]}' >ms.ndjson
expect 0 order-import -v ms.ndjson
contains 'no new one comes from there' err '0 new, 1 changed'
lines 1042 >out
contains 'and lines are ours' out '1 BR-01 2.0 6.9 0.0 13.8'
expect 0 crm-undo "$(last_run)"

# Once more the same.
expect 0 order-edit --duplicate 1042
contains 'the new number is told' out 'P-6       status'
sql "SELECT order_no, source, status, customer_id, total_minor, paid_minor,
    placed_at, ifnull(delivery_on, '-'), ifnull(utm_source, '-'), phone
    FROM orders ORDER BY id DESC LIMIT 1" >out
same 'for the same customer, not paid, new' out <<'EOF'
P-6 crm new 1 3680 0 1772442000 - - +375291234567
EOF
lines P-6 >out
same 'the same goods' out <<'EOF'
1 BR-01 2.0 6.9 0.0 13.8
2 SH-01 1.0 18.9 0.9 18.0
EOF
order-list customer_name~кравец --json | order-edit -v --duplicate --json >two.ndjson 2>err
contains 'many' err '2 duplicated'
grep -c '"order_no":"P-' two.ndjson >out
same 'as records' out <<'EOF'
2
EOF
expect 0 crm-undo "$(last_run)"
order-show P-7 >out 2>&1
contains 'taken back' out "there is no order 'P-7'"
whole
done_testing
