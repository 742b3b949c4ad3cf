#!/bin/sh
# Two data sets through order-import and rfm: scores, segments, limits and
# matrices are those that R, SQL and pandas find (CRM_DATA/expected).
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
data=${CRM_DATA:?the folder of the data sets}

# pick SEPARATOR NAMES FILE - the columns of these names, sorted, as "a|b|c"
pick() {
	awk -F"$1" -v names="$2" '
		{ gsub(/"/, "") }
		NR == 1 {
			for (i = 1; i <= NF; i++)
				at[$i] = i
			count = split(names, name, ",")
			next
		}
		{
			for (i = 1; i <= count; i++) {
				v = $at[name[i]]
				if (name[i] ~ /^(monetary|revenue)$/)
					v = sprintf("%.2f", v)
				printf "%s%s", v, i < count ? "|" : "\n"
			}
		}' "$3" | LC_ALL=C sort
}

# scores FILE OPTION... - row for row, all columns that FILE has
scores() {
	expected=$data/expected/$1
	shift
	case $expected in
	*.gz)	gzip -dc "$expected" >wanted.csv ;;
	*)	cp "$expected" wanted.csv ;;
	esac
	names=$(head -n 1 wanted.csv | tr -d '"\r' | sed 's/rfm_score,//')
	rfm --tsv -q --as-of "$day" "$@" >got.tsv
	pick , "$names" wanted.csv >wanted
	pick '	' "$(echo "$names" | sed 's/^customer_id/external_id/')" got.tsv >got
	[ "$(wc -l <got)" -eq "$customers" ]
	ok "$customers customers: $*" $?
	same "${expected##*/}: $*" got <wanted
}

# segments FILE OPTION... - the same for --summary, without the averages: R
# rounds a half to the even cent, we away from zero.
segments() {
	expected=$data/expected/$1
	shift
	rfm --summary --tsv -q --as-of "$day" "$@" >got.tsv
	pick , segment,customers,orders,revenue "$expected" >wanted
	pick '	' segment,customers,orders,revenue got.tsv >got
	same "${expected##*/}: $*" got <wanted
}

# limits FILE OPTION... - where scores begin: the least day, order and cent
limits() {
	expected=$data/expected/$1
	shift
	awk -F, '
		function up(v, n) {
			v = v * n - 1e-6
			return (v == int(v) ? v : int(v) + 1) / n
		}
		NR > 2 { print "recency", up($1, 1); print "frequency", up($3, 1)
			printf "monetary %.2f\n", up($5, 100) }' "$expected" |
	    LC_ALL=C sort >wanted
	rfm --summary -q --as-of "$day" "$@" | awk '
		/^(recency|frequency|monetary) / {
			for (i = 2; i <= NF; i++)
				if ($i == "from" || $i == "below") {
					sub(/,$/, "", $(i + 1))
					print $1, $(i + 1)
				}
		}' | LC_ALL=C sort >got
	same "${expected##*/}: $*" got <wanted
}

# load FILE - a new shop with the orders of FILE, read by ./map
load() {
	rm -f t.db*
	shop --currency USD
	expect 0 order-import --backfill --map ./map "$1"
}

cat >map <<'EOF2'
source = "r"
key = {"customer_external_id", "placed_at", "total"}
constant "currency" { value = "USD" }
constant "status" { value = "complete" }
column "customer_id" { field = "customer_external_id" }
column "order_date" { field = "placed_at" format = "%Y-%m-%d" }
column "revenue" { field = "total" }
EOF2
load "$data/src/rfm_data_orders.csv"
day=2006-12-31 customers=995
scores rfm_orders_q5_scores.csv
scores rfm_orders_q3_scores.csv --bins 3
scores rfm_orders_q10_scores.csv --bins 10
set -- --method thresholds --recency 115,181,297,482 --frequency 4,5,6,8 \
    --monetary 256,382,506,666
scores rfm_orders_custom_scores.csv "$@"
segments rfm_orders_custom_segments.csv "$@"
limits rfm_orders_custom_thresholds.csv "$@"
scores rfm_orders_ntile5.csv --method ntile
scores rfm_orders_ntile5_rfgrid.csv --method ntile --segments rfgrid
scores rfm_orders_qcut5.csv --method qcut
segments rfm_orders_q5_segments.csv
segments rfm_orders_q3_segments.csv --bins 3
segments rfm_orders_q10_segments.csv --bins 10
limits rfm_orders_q5_thresholds.csv
limits rfm_orders_q3_thresholds.csv --bins 3
limits rfm_orders_q10_thresholds.csv --bins 10
set -- --method thresholds --recency 121,366 --frequency 4,7 --monetary 300,600 \
    --segments levels
scores rfm_orders_levels3.csv "$@"
rfm --matrix --tsv -q --no-header --as-of $day "$@" | tr '\t' , >got
tail -n +2 "$data/expected/rfm_orders_levels3_matrices.csv" | tr -d '\r' >wanted
same 'rfm_orders_levels3_matrices.csv' got <wanted

cat >map <<'EOF2'
source = "cdnow"
key = {"customer_external_id", "placed_at", "total"}
ignore = {"cds"}
constant "currency" { value = "USD" }
constant "status" { value = "complete" }
column "customer_id" { field = "customer_external_id" }
column "date" { field = "placed_at" format = "%Y-%m-%d" }
column "sales" { field = "total" }
EOF2
gzip -dc "$data/src/cdnow_master.csv.gz" >cdnow.csv
load cdnow.csv
day=1998-07-01 customers=23570
scores rfm_cdnow_q5_exact_scores.csv.gz
segments rfm_cdnow_q5_segments.csv
limits rfm_cdnow_q5_thresholds.csv
whole
done_testing
