#!/bin/sh
# Chains of commands on one database: every end does its part and says so.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"


# chain STATUSES COMMAND COMMAND - run them joined by a pipe; how both end.
chain() {
	{ sh -c "$2" 2>err1; echo $? >status1; } |
	    { sh -c "$3" >out 2>err2; echo $? >status2; }
	ends="$(cat status1) $(cat status2)"
	[ "$ends" = "$1" ]
	ok "$2 | $3" $?
	[ "$ends" = "$1" ] || { echo "# $ends, not $1"; note err1 err2; }
}

shop
order-import --backfill --map "$top/share/examples/excel.map" \
    "$top/share/examples/orders-phone.csv" >out 2>err
[ $? -eq 3 ]
ok 'orders of unknown managers are left out' $?
cp "$top"/share/examples/user.tsv "$top"/share/examples/custom_*.tsv .
expect 0 crm-reference --load user.tsv custom_field.tsv custom_dictionary.tsv
expect 0 order-import --retry
expect 0 order-import --backfill "$top/share/examples/orders-site.ndjson"
[ "$(sql 'SELECT count(*) FROM orders')" -eq 544 ]
ok 'the example shop' $?

# A reader and a writer.
orders() { sql 'SELECT * FROM orders; SELECT * FROM order_item;
    SELECT * FROM history; SELECT * FROM customer; SELECT * FROM note'; }
orders >before
chain '0 0' 'order-list --json' 'order-import -v'
contains 'a shop knows its own orders' err2 \
    '0 new, 0 changed, 544 same, 0 conflicts, 0 rejected'
orders | diff before - >difference
ok 'and nothing has changed' $?
note difference

# Records and numbers are moved alike.
waiting=$(sql "SELECT count(*) FROM orders JOIN status ON code = status
    WHERE status_group = 'new'")
[ "$waiting" -gt 0 ]
ok 'some orders are new' $?
order-list group=new --json >stale.ndjson
chain '0 0' 'order-list group=new --json' \
    'order-status --set client-confirmed -v'
contains 'all of them are moved' err2 "$waiting moved; run "
chain '0 0' \
    'order-list status=client-confirmed --tsv --no-header --columns order_no' \
    'order-status --set send-to-assembling -q'
[ "$(sql "SELECT count(*) FROM orders WHERE status = 'client-confirmed'")" -eq 0 ]
ok 'by number too' $?

# What has been read before is stale now, and a number never is.
chain '0 3' 'cat stale.ndjson' 'order-status --set assembling -q'
[ "$(grep -c 'it was changed meanwhile' err2)" -eq "$waiting" ]
ok 'each stale record is refused' $?
[ "$(sql "SELECT count(*) FROM orders WHERE status = 'assembling'")" -eq \
    "$(grep -c '|assembling|' before)" ]
ok 'and no order moved' $?
one=$(sed -n '1s/.*"order_no":"\([^"]*\)".*/\1/p' stale.ndjson)
chain '0 3' "{ head -n 3 stale.ndjson; echo $one; }" \
    'order-status --set assembling -v'
contains 'the number among them is taken' err2 '1 moved, 3 rejected'

# Four in a row, all on the one file.
chain '0 0' "order-list order_no=$one --json |
    order-status --set assembling-complete --json" \
    'order-status --set send-to-delivery --json | order-import -v'
contains 'a chain of four' err2 '1 same'
sql "SELECT status FROM orders WHERE order_no = '$one'" >out
same 'has moved it twice' out <<'END'
send-to-delivery
END

# Who has seen enough may go.
order-list --json 2>err | head -n 1 >first
same 'a listing whose reader goes is silent' err </dev/null
{ order-list --json 2>err; echo $? >status1; } | head -n 1 >first
case $(cat status1) in
0|141)	ok 'and dies of that or not at all' 0 ;;
*)	ok "and dies of that: $(cat status1)" 1 ;;
esac
{ order-list --json order_no=none; echo $? >status1; } | head -n 1 >first
[ "$(cat status1)" -eq 0 ]
ok 'nothing found is no failure' $?

# A producer that fails is not hidden by what it wrote before.
chain '1 0' "order-list order_no=$one --json; exit 1" 'order-import'
chain '2 0' 'order-list nonsense' 'order-import'
chain '2 0' 'order-list nonsense' 'order-status --set assembling'
whole
done_testing
