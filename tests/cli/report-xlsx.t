#!/bin/sh
# report-xlsx: the workbook says what the database says, for the right days, in
# sheets a currency, and appears whole or not at all.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

# sheet BOOK NUMBER - its rows as tab-separated values
sheet() {
	unzip -p "$1" "xl/worksheets/sheet$2.xml" | awk -v RS='<row ' '
	NR > 1 {
		split("", value)
		last = 0
		count = split($0, cell, /<c r="/)
		for (i = 2; i <= count; i++) {
			if (!match(cell[i], /<[tv][^>]*>[^<]*/))
				continue
			last = index("ABCDEFGHIJ", substr(cell[i], 1, 1))
			v = substr(cell[i], RSTART, RLENGTH)
			if (sub(/^<v>/, "", v))
				v = sprintf("%.15g", v)
			sub(/^<[^>]*>/, "", v)
			value[last] = v
		}
		line = value[1]
		for (i = 2; i <= last; i++)
			line = line "\t" value[i]
		print line
	}'
}
# named FILE - "name|value" of the rows of a summary, numbers with two decimals
named() {
	awk -F'\t' 'on && $2 != "" { printf "%s|%.2f\n", $1, $2 }
	    $1 == "Figure" { on = 1 }' "$1"
}
# ask SQL - the answer, columns separated by '|'
ask() { sqlite3 "$CRM_DB" "$1"; }
sheets() {
	unzip -p "$1" xl/workbook.xml | grep -o '<sheet name="[^"]*"' |
	    cut -d'"' -f2
}

# A shop without orders.
shop
expect 0 report-xlsx
same 'the path is the one line of data' out <<'EOF'
report-2026-W09.xlsx
EOF
same 'nothing is said' err </dev/null
expect 0 unzip -tq report-2026-W09.xlsx
sheets report-2026-W09.xlsx >names
same 'the sheets' names <<'EOF'
Summary
Days
Statuses
Sources
Products
RFM
EOF
sheet report-2026-W09.xlsx 1 >summary
grep -qx "Orders received	0	0		.*" summary
ok 'no orders are zero orders' $?
grep -qx "Average order value				.*" summary
ok 'an average of nothing is empty' $?
sheet report-2026-W09.xlsx 4 | tail -n +3 >sources
same 'a table without rows has its heads and a total' sources <<'EOF'
utm_source / utm_medium	Door	Orders	Sales	Revenue	Average order value	Conversion into sales	Cancelled	Cancelled, share
Total		0	0	0			0
EOF
unzip -l report-2026-W09.xlsx >listing
[ "$(grep -c xl/charts/ listing)" -eq 2 ]
ok 'over no rows there is no chart, over empty days there are' $?

# A week of orders, and what lies just outside of it.
expect 0 order-import --backfill "$top/tests/fixtures/week.ndjson"
dump >before
expect 0 report-xlsx -v -o week.xlsx
same 'the path that was asked for' out <<'EOF'
week.xlsx
EOF
contains 'the summary, with -v' err 'report-xlsx: 2026-W09: 6 sheets'
dump | diff before - >difference
ok 'the database is left as it was' $?
note difference

sheet week.xlsx 1 >summary
named summary >figures
week="placed_at >= '2026-02-22T21:00:00Z' AND placed_at < '2026-03-01T21:00:00Z'"
ask "SELECT name || '|' || printf('%.2f', value) FROM (
	SELECT 1 AS n, 'Orders received' AS name, count(*) AS value
	    FROM v_orders WHERE $week
	UNION SELECT 2, 'Sales', sum(is_revenue) FROM v_orders WHERE $week
	UNION SELECT 3, 'Conversion into sales',
	    round(1.0 * sum(is_revenue) / count(*), 4) FROM v_orders WHERE $week
	UNION SELECT 4, 'Revenue', sum(total) FROM v_orders
	    WHERE is_revenue AND $week
	UNION SELECT 5, 'Average order value', round(avg(total), 2)
	    FROM v_orders WHERE is_revenue AND $week
	UNION SELECT 6, 'Items sold', sum(quantity) FROM v_items WHERE order_id IN
	    (SELECT order_id FROM v_orders WHERE is_revenue AND $week)
	UNION SELECT 7, 'New customers', count(*) FROM (SELECT customer_id,
	    min(placed_at) AS placed_at FROM v_orders
	    WHERE is_revenue AND customer_id IS NOT NULL GROUP BY 1) WHERE $week
	UNION SELECT 8, 'Repeat sales', 1
	UNION SELECT 9, 'Sales to unknown customers', count(*) FROM v_orders
	    WHERE is_revenue AND customer_id IS NULL AND $week
	UNION SELECT 10, 'Cancelled', sum(is_cancel) FROM v_orders WHERE $week
	UNION SELECT 11, 'Cancelled, share',
	    round(1.0 * sum(is_cancel) / count(*), 4) FROM v_orders WHERE $week
	UNION SELECT 12, 'In work', count(*) FROM v_orders
	    WHERE status_group = 'assembling' AND $week
	UNION SELECT 13, 'In work, sum', sum(total) FROM v_orders
	    WHERE status_group = 'assembling' AND $week
	UNION SELECT 14, 'Cost of goods', sum(cost) FROM v_orders
	    WHERE is_revenue AND $week
	UNION SELECT 15, 'Gross profit', sum(total - cost) FROM v_orders
	    WHERE is_revenue AND $week
	UNION SELECT 16, 'Sales without a known cost', count(*) FROM v_orders
	    WHERE is_revenue AND cost IS NULL AND $week
	UNION SELECT 17, 'Refunds', count(*) FROM v_refunds
	UNION SELECT 18, 'Refunded', sum(amount) FROM v_refunds) ORDER BY n" >sql
same 'the summary is what SQL says' figures <sql
grep -qx "Orders received	6	1	5	.*" summary
ok 'the week before, and the change against it' $?
contains 'the zone of the days' summary 'Europe/Minsk'

sheet week.xlsx 2 | sed -n '3,11p' | cut -f 2- >days
same 'each day, from midnight to midnight in Minsk' days <<'EOF'
Weekday	Orders	Sales	Revenue	Average order value
Mon	1	1	100	100
Tue	1	1	4.5	4.5
Wed	1	1	17.63	17.63
Thu	1	0	0
Fri	1	0	0
Sat	0	0	0
Sun	1	0	0
	6	3	122.13	40.71
EOF
sheet week.xlsx 3 | tail -n +4 >statuses
same 'where the orders stand' statuses <<'EOF'
New	New	1	50	0.1667
Assembling	Being assembled	1	70.01	0.1667
Complete	Complete	2	117.63	0.3333
Complete	Partly complete	1	4.5	0.1667
Cancelled	Cancelled for another reason	1	200	0.1667
Total		6	442.14	1
EOF
sheet week.xlsx 4 | tail -n +4 >sources
same 'where they came from' sources <<'EOF'
google / cpc	import	2	2	104.5	52.25	1	0	0
(none) / (none)	import	2	1	17.63	17.63	0.5	0	0
(none) / (none)	phone	1	0	0		0	0	0
vk / social	import	1	0	0		0	1	1
Total		6	3	122.13	40.71	0.5	1	0.1667
EOF
sheet week.xlsx 5 | tail -n +4 >products
same 'what was sold' products <<'EOF'
M-1	Мыло «Лён»	2	100	1	60	40
T-1	Чай травяной	0.5	12.63	1
	Открытка, 2 стороны	3	4.5	1
EOF
sheet week.xlsx 6 | sed -n '/^Total/,$p' >rfm
contains 'everybody who bought until then has a segment' rfm \
    'Total	2	1	3	157.63	52.54'
rfm --summary --as-of 2026-03-01 --tsv --no-header |
	cut -f 1,2,3 | sort >expected-rfm
sheet week.xlsx 6 | sed -n '4,/^Total/{/^Total/!p;}' | cut -f 1,2,4 | sort >rfm
same 'the segments are those of rfm' rfm <expected-rfm
unzip -l week.xlsx >listing
[ "$(grep -c xl/charts/ listing)" -eq 6 ]
ok 'each table has its chart' $?
for page in 1 2 3 4 5 6; do
	unzip -p week.xlsx "xl/worksheets/sheet$page.xml" >xml
	contains "sheet $page keeps its head in sight" xml 'state="frozen"'
	[ "$page" -eq 1 ] ||
	    contains "sheet $page can be filtered" xml '<autoFilter'
done

# The same as order-list says: sums, by day, by status.
order-list --sum --tsv --no-header group=complete placed_at=2026-W09 |
    cut -f 2- >sum
awk -F'\t' '$1 == "Sales" || $1 == "Revenue" || $1 == "Average order value" {
	printf "%s%s", sep, $2; sep = "\t" } END { print "" }' summary >shown
same 'order-list --sum says the same' sum <shown
order-list --count-by placed_at --tsv --no-header placed_at=2026-W09 |
    cut -f 3 >listed
sheet week.xlsx 2 | sed '1,3d; /^Total/d' | cut -f 3 | sed '/^0$/d' >shown
same 'order-list --count-by says the same of days' listed <shown
order-list --count-by status --tsv --no-header placed_at=2026-W09 |
    awk -F'\t' '{ print $3, $4 }' | sort >listed
sheet week.xlsx 3 | sed '1,3d; /^Total/d' |
    awk -F'\t' '{ printf "%s %.2f\n", $3, $4 }' | sort >shown
same 'and of statuses' listed <shown

# Names in the configured language.
expect 0 env CRM_LANG=ru report-xlsx -o ru.xlsx
sheet ru.xlsx 3 >statuses
contains 'a status by its Russian name' statuses 'Выполнен	Выполнен частично'

# Periods.
expect 0 report-xlsx --period 2026-02
same 'a month is named so' out <<'EOF'
report-2026-02.xlsx
EOF
sheet report-2026-02.xlsx 1 >summary
grep -qx "Orders received	6	0		.*" summary
ok 'a month has its own days' $?
expect 0 report-xlsx --week this-week
sheet report-2026-W10.xlsx 1 >summary
grep -q '^Not over yet' summary
ok 'a week that runs is compared with the same part' $?
grep -qx "Orders received	1	1	0	.*" summary
ok 'Monday until now with Monday until then' $?
for bad in '--week 2026-02' '--period 2026-02-01..' '--period now' \
    '--week 2026-W09 --period 2026-02' '-o -' 'operand'; do
	# shellcheck disable=SC2086	# options and their arguments
	expect 2 report-xlsx $bad
done
[ ! -e - ]
ok 'a usage error writes nothing' $?

# Whole or not at all.
expect 0 report-xlsx -n -v -o new.xlsx
same 'a dry run names the file' out <<'EOF'
new.xlsx
EOF
contains 'and says that it is one' err 'would write'
[ ! -e new.xlsx ]
ok 'but writes none' $?
cp week.xlsx old.xlsx
expect 1 env TMPDIR=/nonexistent report-xlsx -o old.xlsx
cmp week.xlsx old.xlsx
ok 'a failure leaves the last workbook as it was' $?
expect 1 report-xlsx -o missing/new.xlsx
contains 'a folder that is not there is named' err 'missing/new.xlsx'
report-xlsx -o new.xlsx >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full standard output is a failure' $?

# Another currency has its own sheets.
echo '{"type":"order","order_no":"U-1","currency":"EUR","status":"complete",
"placed_at":"2026-02-24T10:00:00Z","items":[{"name":"Чай","quantity":1,
"price":7}]}' | tr -d '\n' >euro.ndjson
expect 0 order-import --backfill euro.ndjson
expect 0 report-xlsx -o two.xlsx
sheets two.xlsx | head -n 4 >names
same 'sheets a currency' names <<'EOF'
Summary BYN
Summary EUR
Days BYN
Days EUR
EOF
sheet two.xlsx 1 >byn
sheet two.xlsx 2 >eur
grep -q '^Revenue	122.13	' byn && grep -q '^Revenue	7	' eur
ok 'sums are not made across currencies' $?
done_testing
