#!/bin/sh
# rfm: scores equal those of R, SQL and pandas customer for customer; what
# counts, until when, in which currency; segments, summary, matrix.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
fixtures=$top/tests/fixtures

# add_order CUSTOMER TIME MINOR [STATUS [CURRENCY]] - CUSTOMER is a number or NULL
add_order() {
	sqlite3 "$CRM_DB" "INSERT INTO orders (order_no, source, external_id,
	    customer_id, status_at, created_at, updated_at, items_minor,
	    total_minor, status, placed_at, currency)
	    SELECT 'N' || n, 'test', 'N' || n, $1, 0, 0, 0, $3, $3,
	    '${4:-complete}', strftime('%s', '$2'), '${5:-BYN}'
	    FROM (SELECT count(*) AS n FROM orders)"
}
add_customer() {	# NUMBER NAME
	sqlite3 "$CRM_DB" "INSERT INTO customer (id, name, created_at,
	    updated_at) VALUES ($1, '$2', 0, 0)"
}
figures() {	# OPTION... - id:days/orders/sum of each customer
	rfm --tsv --no-header "$@" | awk -F'\t' '
		{ printf "%s%s:%s/%s/%s", sep, $1, $6, $7, $8; sep = " " }
		END { print "" }'
}

# A shop that has sold nothing yet.
shop
for view in '' --tsv --json; do
	# shellcheck disable=SC2086	# no option is no argument
	expect 0 rfm $view
	same "no orders, no output ($view)" out </dev/null
done
expect 0 rfm --summary --json
same 'no segments either' out </dev/null
expect 0 rfm --matrix --bins 2
same 'an empty matrix' out <<'EOF2'
R-F       F1       F2
R2         0        0
R1         0        0

0 customers, 0 orders to 2026-03-02; counted: revenue; method: quantile
EOF2

# The demonstration data of R's rfm, and what the references make of it.
rm t.db
shop_in Europe/Minsk USD BY
sqlite3 "$CRM_DB" <<EOF2
CREATE TEMP TABLE raw (name TEXT, day TEXT, sum INTEGER);
.import --csv --skip 1 $fixtures/rfm_orders.csv raw
BEGIN;
INSERT INTO customer (name, created_at, updated_at)
    SELECT DISTINCT name, 0, 0 FROM raw ORDER BY rowid;
INSERT INTO customer_source SELECT 'r', name, id FROM customer;
INSERT INTO orders (order_no, source, external_id, customer_id, status_at,
    created_at, updated_at, items_minor, total_minor, status, placed_at,
    currency)
    SELECT raw.rowid, 'r', raw.rowid, c.id, 0, 0, 0, sum * 100, sum * 100,
	'complete', strftime('%s', day || ' 12:00'), 'USD'
    FROM raw JOIN customer c USING (name);
COMMIT;
EOF2

# like COLUMN OPTION... - scores are those of that column of rfm_scores.csv
like() {
	column=$1
	shift
	awk -F, -v c="$column" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) k = i; next }
		{ print $1 "," $2 "," $3 "," $4 ".00," $k }' \
	    "$fixtures/rfm_scores.csv" >wanted
	case $column in
	segment|rfgrid) field=13 ;;
	*) field=12 ;;
	esac
	rfm --tsv --no-header --as-of 2006-12-31 -q "$@" |
	    awk -F'\t' -v f=$field '{ print $2 "," $6 "," $7 "," $8 "," $f }' |
	    LC_ALL=C sort -t, -k1,1 >scored
	[ "$(wc -l <scored)" -eq 995 ]
	ok "all customers: $*" $?
	same "$column: $*" scored <wanted
}
like quantile
like quantile --method quantile --bins 5
like quantile3 --bins 3
like quantile10 --bins 10
like limits --method thresholds --recency 115,181,297,482 \
    --frequency 4,5,6,8 --monetary 256,382,506,666
like limits3 --method thresholds --recency 121,366 --frequency 4,7 \
    --monetary 300,600.00
like ntile --method ntile
like qcut --method qcut
like segment
like rfgrid --method ntile --segments rfgrid

expect 0 rfm --as-of 2006-12-31 --summary
same 'what the segments amount to' out <<'EOF2'
segment             customers  orders    revenue  average_order_value  customers_percent  revenue_percent
Champions                  35     316   31646.00               100.15                3.5              6.8
Potential Loyalist        342    2211  204856.00                92.65               34.4             44.1
Loyal Customers           170     799   76562.00                95.82               17.1             16.5
Promising                   9      28    4249.00               151.75                0.9              0.9
New Customers             104     329   28837.00                87.65               10.5              6.2
Can't Lose Them            47     274   32446.00               118.42                4.7                7
At Risk                    28     216   22227.00               102.90                2.8              4.8
Need Attention             10      57    4562.00                80.04                  1                1
About To Sleep            102     283   23449.00                82.86               10.3              5.1
Lost                      148     393   35324.00                89.88               14.9              7.6
all                       995    4906  464158.00                94.61                100              100

995 customers, 4906 orders to 2006-12-31; counted: revenue; method: quantile
recency    1 to 5, 5 below 115 days, 4 below 181, 3 below 298, 2 below 482
frequency  1 to 5, 2 from 4 orders, 3 from 5, 4 from 6, 5 from 8
monetary   1 to 5, 2 from 255.80 USD, 3 from 382.00 USD, 4 from 506.40 USD, 5 from 666.00 USD
EOF2
expect 0 rfm --as-of 2006-12-31 --summary --json --segment need-attention
same 'a share is one of all customers' out <<'EOF2'
{"type":"rfm_segment","segment":"Need Attention","customers":10,"orders":57,"revenue":4562.00,"average_order_value":80.04,"customers_percent":1,"revenue_percent":1,"currency":"USD"}
EOF2
expect 0 rfm --as-of 2006-12-31 --matrix --segments levels --method thresholds \
    --recency 121,366 --frequency 4,7 --monetary 300,600
same 'the three matrices of limits' out <<'EOF2'
M-F       F1       F2       F3
M3         0       92      177
M2        69      353       36
M1       199       68        1

R-M       M1       M2       M3
R3        44       97       72
R2        92      208      139
R1       132      153       58

R-F       F1       F2       F3
R3        32      114       67
R2        82      244      113
R1       154      155       34

995 customers, 4906 orders to 2006-12-31; counted: revenue; method: thresholds
recency    1 to 3, 3 below 121 days, 2 below 366
frequency  1 to 3, 2 from 4 orders, 3 from 7
monetary   1 to 3, 2 from 300.00 USD, 3 from 600.00 USD
EOF2
expect 0 rfm --as-of 2006-12-31 --matrix --tsv
[ "$(wc -l <out)" -eq 26 ]
ok 'the matrix as records: 25 cells and a heading' $?
contains 'with both scores' out "R-F	5	1	30"
expect 0 rfm --as-of 2006-12-31 --segment CHAMPIONS --segment "can't lose_them" --tsv
[ "$(wc -l <out)" -eq 83 ]
ok 'two segments: 35 and 47 customers and a heading' $?
expect 0 rfm --as-of 2006-12-31 --segment champions --matrix --tsv --no-header
[ "$(awk -F'\t' '{ n += $4 } END { print n }' out)" -eq 35 ]
ok 'a matrix of one segment' $?
expect 0 rfm --as-of 2006-12-31 --bins 3 --summary
same 'a table for other scores is said' err <<'EOF2'
rfm: warning: the segments 'rfm' are made for 5 scores, there are 3
EOF2
rfm --as-of 2006-12-31 >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?

# What counts. Ivan was merged into Anna; a guest is nobody.
rm t.db
shop
add_customer 1 Anna
add_customer 2 Boris
add_customer 3 Ivan
add_customer 4 Vera
sqlite3 "$CRM_DB" "UPDATE customer SET merged_into = 4 WHERE id = 3;
    UPDATE customer SET merged_into = 1 WHERE id = 4;
    INSERT INTO contact (kind, value, customer_id) VALUES ('phone', '+375291234567', 1),
	('email', 'anna@example.com', 1);
    INSERT INTO customer_source VALUES ('site', '77', 1), ('excel', 'A', 1)"
add_order 1 '2026-02-20 09:00' 1000
add_order 3 '2026-02-25 09:00' 250
add_order 4 '2026-02-01 09:00' 50
add_order 2 '2026-03-01 20:59:59' 700
add_order 2 '2026-03-01 21:00:00' 800
add_order 2 '2026-02-10 09:00' 5000 cancel-other
add_order 1 '2026-03-01 09:00' 900 new
add_order NULL '2026-03-01 09:00' 99999
check() {	# WHAT WANTED OPTION...
	what=$1
	echo "$2" >wanted
	shift 2
	figures "$@" >got
	same "$what" got <wanted
}
check 'sales; midnight in Minsk; merged customers' '1:5/3/13.00 2:0/2/15.00'
check 'until a day' '1:4/3/13.00 2:0/1/7.00' --as-of 2026-03-01
check 'until yesterday' '1:4/3/13.00 2:0/1/7.00' --as-of yesterday
check 'until the end of a month' '1:3/3/13.00' --as-of 2026-02
check 'all orders' '1:1/4/22.00 2:0/3/65.00' --count all
check 'all but the lost' '1:1/4/22.00 2:0/2/15.00' --count not-cancelled
check 'statuses by name' '1:1/1/9.00 2:20/1/50.00' --count new,cancel-other
expect 0 rfm --json --segments levels --method thresholds --recency 3,10 \
    --frequency 2,3 --monetary 5,13
same 'customers as records for send-triggers' out <<'EOF2'
{"type":"customer","customer_id":1,"external_id":"A","name":"Anna","phone":"+375291234567","email":"anna@example.com","recency_days":5,"frequency":3,"monetary":13.00,"r_score":2,"f_score":3,"m_score":3,"rfm_score":"233","segment":"Loyal Customers","currency":"BYN"}
{"type":"customer","customer_id":2,"external_id":null,"name":"Boris","phone":null,"email":null,"recency_days":0,"frequency":2,"monetary":15.00,"r_score":3,"f_score":2,"m_score":3,"rfm_score":"323","segment":"Big Spenders","currency":"BYN"}
EOF2
expect 0 rfm
same 'a table for people' out <<'EOF2'
customer_id  external_id  name   phone          email             recency_days  frequency  monetary  r_score  f_score  m_score  rfm_score  segment
          1  A            Anna   +375291234567  anna@example.com             5          3     13.00        1        1        1  111        Lost
          2               Boris                                              0          2     15.00        5        1        3  513        New Customers
EOF2
expect 0 rfm -v
same 'what was counted, and how' err <<'EOF2'
rfm: 2 customers, 5 orders to 2026-03-02; counted: revenue; method: quantile
EOF2
# Equals go by outside id, then by ours; those without come first.
add_customer 5 Olga
add_customer 6 Pavel
add_order 5 '2026-03-01 20:00' 750
add_order 5 '2026-03-01 20:00' 750
add_order 6 '2026-03-01 20:00' 1500
sqlite3 "$CRM_DB" "INSERT INTO customer_source VALUES ('site', '5', 6)"
rfm --method ntile --bins 3 --tsv --no-header -q |
    cut -f 1,11 | tr '\t' : >got
same 'ties of ntile' got <<'EOF2'
1:1
2:1
5:2
6:3
EOF2

# Who they are, be they near to one another or far apart; those between them,
# who bought nothing, lend them nothing.
for id in 7 8 30; do
	add_customer $id "Nobody $id"
	sqlite3 "$CRM_DB" "INSERT INTO contact (kind, value, customer_id) VALUES
	    ('phone', '+37529000000$id', $id); INSERT INTO customer_source
	    VALUES ('site', 'nobody-$id', $id)"
done
add_customer 9 Near
add_customer 40 Far
sqlite3 "$CRM_DB" "INSERT INTO contact (kind, value, customer_id, place) VALUES
	('phone', '+375291111111', 40, 2), ('phone', '+375292222222', 40, 1),
	('phone', '+375293333333', 40, 1), ('email', 'far@example.com', 40, 2),
	('email', 'near@example.com', 9, 2), ('email', 'z@example.com', 9, 1);
    INSERT INTO customer_source VALUES ('site', 'b', 40), ('site', 'a', 40),
	('excel', 'z', 40)"
add_order 9 '2020-01-01 09:00' 100
add_order 40 '2020-01-01 09:00' 100
rfm --tsv --no-header -q | awk -F'\t' '$1 > 6' | cut -f 1-5 >got
same 'who is near and who is far' got <<'EOF2'
9		Near		z@example.com
40	z	Far	+375292222222	far@example.com
EOF2
sqlite3 "$CRM_DB" "UPDATE orders SET status = 'cancel-other'
    WHERE customer_id IN (9, 40)"

# Two currencies are two tables, where both count.
add_order 2 '2026-02-10 09:00' 9000 cancel-other USD
check 'what does not count may be in any' \
    '1:5/3/13.00 2:0/2/15.00 5:1/2/15.00 6:1/1/15.00'
add_order 2 '2026-02-10 09:00' 3000 complete RUB
add_order 2 '2026-02-11 09:00' 4000 complete USD
expect 1 rfm
grep -qE "^rfm: orders are in BYN and (RUB|USD); choose one with --currency$" err
ok 'no sum of two currencies' $?
check 'one of them' '2:20/1/30.00' --currency RUB
check 'none in it' '' --currency EUR
expect 2 rfm --currency rubles
contains 'no such currency' err "option '--currency': unknown currency 'rubles'"

# A table of one's own.
printf 'name\tr_lo\tr_hi\tf_lo\tf_hi\tm_lo\tm_hi\nAll of us\t1\t5\t1\t5\t1\t5\n' >us.tsv
expect 0 rfm --currency RUB --segments us.tsv --segment all-of-us --tsv --no-header
contains 'its segment' out 'All of us'
printf 'Bad\t1\t6\n' >>us.tsv
expect 1 rfm --currency RUB --segments ./us.tsv
same 'a bad line is named' err <<'EOF2'
rfm: ./us.tsv:3: '' is not a score of 1 to 10
EOF2
expect 1 rfm --segments no-such.tsv
contains 'a table that is not there' err 'no-such.tsv'

# Nobody is left out by the tables for all, and only once by the grid.
count_rows() {	# LEVELS FILE - least and most rows that fit a customer
	awk -F'\t' -v n="$1" '
		/^#/ || $1 == "name" { next }
		{ for (r = $2; r <= $3; r++) for (f = $4; f <= $5; f++)
			for (m = $6; m <= $7; m++) hits[r, f, m]++ }
		END {
			least = 99
			for (r = 1; r <= n; r++) for (f = 1; f <= n; f++)
				for (m = 1; m <= n; m++) {
					h = hits[r, f, m] + 0
					if (h < least) least = h
					if (h > most) most = h
				}
			print least, most
		}' "$2"
}
[ "$(count_rows 5 "$top/share/segments/rfgrid.tsv")" = '1 1' ]
ok 'rfgrid has one row for every customer' $?
[ "$(count_rows 3 "$top/share/segments/levels.tsv" | cut -c 1)" -eq 1 ]
ok 'levels has a row for every customer' $?

# Wrong usage is named.
usage() {	# MESSAGE OPTION...
	message=$1
	shift
	expect 2 rfm "$@"
	contains "$*" err "$message"
}
usage "unexpected argument 'x'" x
usage "option '--bins' takes 2 to 10" --bins 1
usage "option '--bins' takes 2 to 10" --bins 11
usage "option '--bins' takes 2 to 10" --bins 0
usage '--bins does not go with' --bins 3 --method thresholds --recency 1 \
    --frequency 1 --monetary 1
usage "'--method'" --method median
usage 'all three' --method thresholds --recency 1,2
usage 'all three' --recency 1,2 --frequency 1,2 --monetary 1,2
usage 'the same number of limits' --method thresholds --recency 1,2 \
    --frequency 1,2 --monetary 1 --currency BYN
usage "option '--recency': '2' does not rise" --method thresholds \
    --recency 2,2 --frequency 1,2 --monetary 1,2 --currency BYN
usage "option '--monetary': " --method thresholds --recency 1,2 \
    --frequency 1,2 --monetary 1,2.005 --currency BYN
usage "option '--frequency': " --method thresholds --recency 1,2 \
    --frequency 1, --monetary 1,2 --currency BYN
usage "option '--recency': more than 9 limits" --method thresholds \
    --recency 1,2,3,4,5,6,7,8,9,10 --frequency 1 --monetary 1 --currency BYN
usage "option '--as-of': " --as-of 31.12.2006 --currency BYN
usage "option '--count': unknown status 'complte', did you mean 'complete'" \
    --count complte
usage "no segment is called 'champs', did you mean" --segment champs
done_testing
