#!/bin/sh
# crm-undo: take back what a run changed, and nothing that changed since.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# What a shop is, but for its books and its counters of changes.
state() {
	sql 'SELECT order_no, status, status_reason, manager, phone, total_minor,
		delivery_type, placed_at FROM orders ORDER BY id;
	    SELECT order_id, line, sku, name, quantity, price, sum_minor
		FROM order_item ORDER BY 1, 2;
	    SELECT order_id, line, kind, amount_minor FROM charge ORDER BY 1, 2;
	    SELECT entity_id, field, value FROM custom_value ORDER BY 1, 2'
}

cat >first.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","placed_at":"2026-03-01T09:00:00Z","phone":"+375291111111","delivery_type":"courier","items":[{"sku":"S","name":"Soap","quantity":1,"price":10},{"sku":"T","name":"Tea","quantity":2,"price":3.5}],"charges":[{"kind":"delivery","amount":5}],"custom":{"gift":"yes"}}
{"type":"order","order_no":"A-2","source":"site","placed_at":"2026-03-01T10:00:00Z","items":[{"sku":"S","name":"Soap","quantity":1,"price":10}]}
{"type":"order","order_no":"A-3","source":"site","placed_at":"2026-03-01T11:00:00Z","items":[{"sku":"S","name":"Soap","quantity":1,"price":10}]}
EOF
cat >second.ndjson <<'EOF'
{"type":"order","order_no":"A-1","source":"site","phone":"+375292222222","delivery_type":null,"placed_at":"2026-03-01T09:30:00Z","items":[{"sku":"S","name":"Soap","quantity":3,"price":11},{"sku":"C","name":"Cup","quantity":1,"price":8}],"charges":[],"custom":{"gift":null,"card":"red"}}
{"type":"order","order_no":"B-1","source":"site","placed_at":"2026-03-02T08:00:00Z","items":[{"sku":"C","name":"Cup","quantity":1,"price":8}]}
EOF
printf 'entity\tcode\tname\ttype\norder\tgift\tGift\tboolean\norder\tcard\tCard\tstring\n' >custom_field.tsv

shop
expect 0 crm-reference --load custom_field.tsv
expect 0 order-import first.ndjson
first=$(last_run)
state >before

# A wrong mass change.
expect 0 order-status --set cancel-other --reason 'by mistake' A-1 A-2 A-3
moved=$(last_run)
dump >dump.before
expect 0 crm-undo -n "$moved"
same 'a dry run shows what would be taken back' out <<'EOF'
order_no  changes  removed
A-1             2  false
A-2             2  false
A-3             2  false
EOF
dump >dump.after
same 'and changes nothing' dump.after <dump.before
expect 0 crm-undo --as anna "$moved"
same 'success is silent' err </dev/null
same 'on both sides' out </dev/null
state >after
same 'everything is as it was' after <before
sql "SELECT order_no, field, old, new, actor FROM v_history
    WHERE run_id = (SELECT max(id) FROM run) AND order_no = 'A-1'" >out
same 'the history is not rewritten but continued' out <<'EOF'
A-1 status cancel-other new anna
A-1 status_reason by mistake  anna
EOF
sql 'SELECT command, detail, undoes, backfill FROM run ORDER BY id DESC LIMIT 1' >out
same 'the run says what it undoes, and starts nothing' out <<EOF
crm-undo $moved $moved 1
EOF
expect 0 crm-undo -v "$moved"
contains 'again there is nothing left to do' err '0 taken back, 3 already taken back'

# An undo is a run like any other.
expect 0 crm-undo -v $((moved + 1))
contains 'it can be taken back too' err '3 taken back; run '
[ "$(sql "SELECT count(*) FROM orders WHERE status = 'cancel-other'
    AND status_reason = 'by mistake'")" -eq 3 ]
ok 'and then the first change stands again' $?
expect 0 crm-undo "$(last_run)"
state >after
same 'back and forth loses nothing' after <before

# An import changed fields, lines, charges and custom fields, and made an order.
expect 0 order-import second.ndjson
imported=$(last_run)
expect 0 crm-undo --json "$imported"
same 'told as records' out <<'EOF'
{"type":"undo","order_no":"A-1","changes":9,"removed":false}
{"type":"undo","order_no":"B-1","changes":1,"removed":true}
EOF
state >after
same 'every field and line is back in its place' after <before
[ "$(sql "SELECT group_concat(rowid) FROM pragma_foreign_key_check")" = '' ]
ok 'and every reference holds' $?
expect 3 crm-undo "$(last_run)"
contains 'a removed order cannot be put back' err \
    'crm-undo: B-1: it was removed and cannot be put back; import it again'
expect 0 crm-undo "$(last_run)"
expect 0 order-import second.ndjson
expect 0 order-status B-1
contains 'but be imported again' out 'B-1'
sql "SELECT phone FROM orders WHERE order_no = 'A-1'" >out
same 'what the source says no newer does not come back' out <<'EOF'
+375291111111
EOF

# What somebody changed since stays.
expect 0 order-status --set cancel-other --reason 'by mistake' A-1 A-2 A-3
moved=$(last_run)
expect 0 order-status --set new --force --as anna A-2
dump >before
expect 1 crm-undo --atomic "$moved"
same 'all or nothing: which stands in the way, and nothing is done' err <<EOF
crm-undo: A-2: status_reason was changed since, by anna on 2026-03-02 12:00 in run $((moved + 1))
crm-undo: 1 of 3 rejected, so nothing was done
EOF
dump >after
same 'really nothing' after <before
expect 3 crm-undo "$moved"
contains 'else the others are taken back' err '2 taken back, 1 rejected; run '
sql 'SELECT order_no, status FROM orders WHERE id < 4' >out
same 'just those' out <<'EOF'
A-1 new
A-2 new
A-3 new
EOF
sql "SELECT ifnull(status_reason, '-') FROM orders WHERE order_no = 'A-2'" >out
same 'an order is taken back whole or not at all' out <<'EOF'
-
EOF
expect 3 crm-undo "$first"
contains 'an order that was worked on is not removed' err \
    'crm-undo: A-1: customer_id was changed since'

# What else a run changed is not touched, but said.
expect 0 crm-undo 2
same 'reference stays' err <<'EOF'
crm-undo: warning: only orders are taken back; of run 2 stays: 2 reference rows
EOF

# The list.
expect 0 crm-undo --list --limit 2 --tsv
cut -f 1,3-6,8 out | tr '\t' '|' >columns
same 'the last runs that changed something' columns <<EOF
run|actor|command|detail|orders|changes
$((moved + 2))|$(id -un)|crm-undo|$moved|2|4
$((moved + 1))|anna|order-status|new|1|2
EOF
crm-undo --list --json | grep -q '"run":'"$moved"',.*"undone_by":'"$((moved + 2))"'}'
ok 'a run that was taken back says by which' $?

# One after the other, the last first; and an undo undone is the change again.
rm -f t.db*
shop
expect 0 crm-reference --load custom_field.tsv
expect 0 order-import first.ndjson
state >before
expect 0 order-status --set client-confirmed A-1
one=$(last_run)
state >between
expect 0 order-status --set assembling A-1
two=$(last_run)
expect 0 crm-undo "$two"
state >after
same 'the last one is taken back' after <between
expect 0 crm-undo "$one"
state >after
same 'and the one before it' after <before
expect 0 crm-undo $((two + 2))
state >after
same 'the undo undone' after <between
expect 0 crm-undo "$one"
state >after
same 'and taken back once more' after <before

# Wrong usage.
expect 1 crm-undo 999
contains 'a run that never was' err 'there is no run 999; crm-undo --list shows them'
expect 2 crm-undo
expect 2 crm-undo 1 2
expect 2 crm-undo --list 1
expect 2 crm-undo --list --limit 0
expect 2 crm-undo yesterday
contains 'no run' err "'yesterday' is no run; --list shows their numbers"

# What is not taken back: goods, which are told, and notes.
printf 'sku,name,price\nZ,Zinc,5\n' >goods.csv
expect 0 catalog-import goods.csv
goods=$(last_run)
expect 0 crm-undo "$goods"
same 'goods stay' err <<EOF
crm-undo: warning: only orders are taken back; of run $goods stays: 1 offer
EOF
expect 0 history-follow --entity offer --tsv --no-header
grep -q "	$goods	catalog-import	" out
ok 'and what they were can be looked up' $?
expect 0 order-edit --as anna A-1 coupon=SPRING note='she called'
expect 0 crm-undo "$(last_run)"
sql "SELECT ifnull(coupon, 'none') FROM orders WHERE order_no = 'A-1';
    SELECT actor, text FROM note ORDER BY id DESC LIMIT 1" >out
same 'a note stays, with its author' out <<'EOF'
none
anna she called
EOF
whole
done_testing
