#!/bin/sh
# The example shop: its files are what their generator writes, they are taken
# without a reject, their sums hold, and the demo does what it says.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
examples=$top/share/examples

expect 0 "${CC:-cc}" -std=c17 -D_GNU_SOURCE -I"$top/lib" -o shopgen \
    "$top/tests/helper/shopgen.c" "$top/lib/base/hash.c"
mkdir made
expect 0 ./shopgen made
for f in orders-site.ndjson orders-phone.csv; do
	cmp "$examples/$f" "made/$f" >difference
	ok "$f is what the generator writes" $?
	note difference
done

query() { sqlite3 -separator ' ' "$CRM_DB" "$1" >found 2>&1; }
state() {
	sqlite3 "$CRM_DB" 'SELECT * FROM orders; SELECT * FROM customer;
	    SELECT * FROM order_item; SELECT * FROM charge; SELECT * FROM payment;
	    SELECT * FROM refund; SELECT * FROM note; SELECT * FROM custom_value;
	    SELECT * FROM history'
}
shop
expect 0 crm-reference --load "$examples/user.tsv" \
    "$examples/custom_field.tsv" "$examples/custom_dictionary.tsv"
expect 0 order-import -v --backfill "$examples/orders-site.ndjson"
contains 'the site: all orders, without a word' err \
    '418 new, 0 changed, 0 same, 0 conflicts, 0 rejected'
expect 0 order-import -v --backfill --map "$examples/excel.map" \
    "$examples/orders-phone.csv"
contains 'the telephone: all orders' err \
    '126 new, 0 changed, 0 same, 0 conflicts, 0 rejected, 8 likely doubles'
empty 'and only the doubles are remarked' "$(grep -v ' looks like \| new, ' err)"

query 'SELECT count(*) FROM orders WHERE total_minor IS NOT source_total_minor'
same 'the sums are those of the sources' found <<-END
	0
	END
query "SELECT count(*) FROM orders WHERE phone NOT GLOB '+[1-9]*'"
same 'every phone was understood' found <<-END
	0
	END
query "SELECT order_no, double_of FROM orders
    WHERE double_of IS NOT NULL AND status = 'new'"
same 'a double that nobody has noticed yet' found <<-END
	T-126 1412
	END
state >before
expect 0 order-import --backfill "$examples/orders-site.ndjson"
expect 0 order-import --backfill --map "$examples/excel.map" \
    "$examples/orders-phone.csv"
state | diff before - >difference
ok 'importing again changes nothing' $?
note difference

expect 0 crm-config --config "$examples/crm.conf"
sed 's/^# \([a-z_]* = \|job \|receiver \)/\1/' "$examples/crm.conf" >all.conf
expect 0 crm-config --config "$work/all.conf"

# After the five fields of time, and after "&&", stands a command.
sed -n 's/^[*0-9][^ ]* [^ ]* [^ ]* [^ ]* [^	]*	//p' "$examples/crontab" |
    tr '&' '\n' | awk '$1 ~ /-/ { print $1 }' | sort -u >named
[ -s named ]
ok 'the crontab names commands of ours' $?
while read -r c; do
	[ -x "$build/bin/$c" ]
	ok "$c of the crontab is one" $?
done <named

unset CRM_DB
for _ in first again; do
	expect 0 "$examples/demo.sh" "$build/bin"
	[ -s crm-demo/report-2026-02.xlsx ]
	ok 'and its workbook is there' $?
done
sed -n '/^Go on/,$ s/^  //p' out >further
[ "$(wc -l <further)" -ge 4 ]
ok 'the demo says how to go on' $?
expect 0 env -u CRM_NOW crm-check --db crm-demo/shop.db
(cd crm-demo && sh -e ../further) >out 2>err
ok 'and so it goes' $?
note err
mkdir mine
touch mine/precious
DEMO_DIR=mine expect 1 "$examples/demo.sh" "$build/bin"
[ -e mine/precious ]
ok 'the demo leaves alone what it has not made' $?
done_testing
