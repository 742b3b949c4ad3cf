#!/bin/sh
# The synthetic shop of 3,000 orders with its status history: counts by status,
# the state at past moments, and the time spent in each status agree with the
# tables that pandas made of the same files.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
data=${CRM_DATA:?the folder of the data sets}
[ -e "$data/shop/orders.csv" ] ||
    { echo '1..0 # SKIP no shop/orders.csv'; exit 0; }
CRM_NOW=2025-03-02T21:00:00Z	# the shop's data end here
export CRM_NOW

# Its own statuses, methods and managers.
export CRM_DB="$work/t.db"
crm-init -q --timezone Europe/Moscow --currency RUB --country RU
{
	printf 'code\tname\tstatus_group\tordering\tis_initial\tis_revenue\tis_cancel\n'
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
	    new New new 10 1 0 0 \
	    needs_clarification Ask approval 20 0 0 0 \
	    waiting_supply Wait approval 30 0 0 0 \
	    availability_confirmed There approval 40 0 0 0 \
	    agreed Agreed approval 50 0 0 0 \
	    assembling Assembling assembling 60 0 0 0 \
	    delivering Delivering delivery 70 0 0 0 \
	    pickup_ready Ready delivery 80 0 0 0 \
	    completed Done complete 90 0 1 0 \
	    returned Returned cancel 100 0 0 1 \
	    cancel_no_answer Silent cancel 110 0 0 1 \
	    cancel_client Refused cancel 120 0 0 1 \
	    cancel_bought_elsewhere Elsewhere cancel 130 0 0 1
} >status.tsv
printf 'status\tfield\n' >status_requirement.tsv
printf 'from_group\tfrom_status\tto_group\tto_status\tuser_group\n' >transition.tsv
printf 'code\tname\n%s\t%s\n%s\t%s\n%s\t%s\n%s\t%s\n' cart Cart one_click Click \
    phone Phone chat Chat >order_method.tsv
{
	printf 'login\tname\n'
	printf '%s\t%s\n' Анна Анна Борис Борис Вера Вера Глеб Глеб Дина Дина Егор Егор
} >user.tsv
expect 0 crm-reference -q --load status.tsv status_requirement.tsv \
    transition.tsv order_method.tsv user.tsv

# One record an order, with its lines and its past.
awk -F, -v items="$data/shop/items.csv" -v past="$data/shop/status_history.csv" '
function time(t) { return strftime("%Y-%m-%dT%H:%M:%SZ", t, 1) }
function kopecks(v,	sign) {
	sign = v < 0 ? "-" : ""
	v = v < 0 ? -v : v
	return sprintf("%s%d.%02d", sign, int(v / 100), v % 100)
}
BEGIN {
	while ((getline <items) > 0)
		if ($1 + 0)
			lines[$1] = lines[$1] (lines[$1] == "" ? "" : ",") \
			    sprintf("{\"sku\":\"P%s\",\"name\":\"Product %s\",\"quantity\":%s,\"price\":%s,\"purchase_price\":%s}", \
			    $3, $3, $4, kopecks($5), kopecks($6))
	while ((getline <past) > 0)
		if ($1 + 0)
			told[$1] = told[$1] (told[$1] == "" ? "" : ",") \
			    sprintf("{\"at\":\"%s\",\"actor\":\"%s\",\"field\":\"status\",\"old\":%s,\"new\":\"%s\"}", \
			    time($3), $6, $4 == "" ? "null" : "\"" $4 "\"", $5)
}
NR > 1 {
	printf "{\"type\":\"order\",\"order_no\":\"%s\",\"source\":\"shop\",\"status\":\"%s\",\"placed_at\":\"%s\"", $1, $12, time($2)
	printf ",\"customer_external_id\":\"%s\",\"manager\":\"%s\",\"order_method\":\"%s\",\"utm_source\":\"%s\"", $3, $6, $13, $5
	printf ",\"total\":%s,\"items\":[%s]", kopecks($10), lines[$1]
	printf ",\"charges\":[{\"kind\":\"discount\",\"amount\":%s},{\"kind\":\"delivery\",\"amount\":%s}]", kopecks(-$8), kopecks($9)
	printf ",\"history\":[%s]}\n", told[$1]
}' "$data/shop/orders.csv" >shop.ndjson
expect 0 order-import -v --backfill shop.ndjson
contains 'all are taken, every total agrees' err '3000 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run'

# Counts by status, now and at past moments.
pick() { awk -F'\t' -v c="$1" -v n="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ print $at[c], $at[n] }' out | LC_ALL=C sort; }
order-list --count-by status --tsv >out 2>err
pick status orders >got
awk -F, 'NR > 1 { n[$12]++ } END { for (s in n) print s, n[s] }' "$data/shop/orders.csv" | LC_ALL=C sort >wanted
same 'order-list --count-by status' got <wanted
for at in 2024-10-07T00:00:00Z 2024-11-29T12:34:56Z 2025-01-15T21:00:00Z 2025-03-02T21:00:00Z; do
	order-list --as-of "$at" --count-by status --tsv >out 2>err || note err
	pick status orders >got
	awk -F, -v t="$(date -u -d "$at" +%s)" 'NR > 1 && $3 <= t { s[$1] = $5 }
	    END { for (o in s) n[s[o]]++; for (x in n) print x, n[x] }' \
	    "$data/shop/status_history.csv" | LC_ALL=C sort >wanted
	same "order-list --as-of $at --count-by status" got <wanted
done

# Times in status, summed over every order's own page.
order-list --tsv --no-header --columns order_no >numbers 2>err
order-show --json <numbers >shown.ndjson 2>err || note err
sqlite3 >got <<'EOF'
CREATE TABLE line (text TEXT);
.mode ascii
.separator "\037" "\n"
.import shown.ndjson line
.mode list
.separator ,
SELECT value ->> 'status', count(*), sum(value ->> 'seconds'),
    min(value ->> 'seconds'), max(value ->> 'seconds')
    FROM line, json_each(text, '$.timeline')
    WHERE NOT value ->> 'open' GROUP BY 1 ORDER BY 1;
EOF
awk -F, 'NR > 1 { print $1 "," $2 "," $3 "," $9 "," $10 }' \
    "$data/expected/shop_time_in_status.csv" | LC_ALL=C sort >wanted
same 'closed stays: number, sum, shortest, longest' got <wanted
sqlite3 >got <<'EOF'
CREATE TABLE line (text TEXT);
.mode ascii
.separator "\037" "\n"
.import shown.ndjson line
.mode list
.separator ,
SELECT value ->> 'status', count(*), sum(value ->> 'seconds'), max(value ->> 'seconds')
    FROM line, json_each(text, '$.timeline') WHERE value ->> 'open'
    AND value ->> 'status' IN ('new', 'waiting_supply', 'availability_confirmed',
    'agreed', 'assembling', 'delivering', 'pickup_ready') GROUP BY 1 ORDER BY 1;
EOF
awk -F, 'NR > 1 && $11 > 0 { print $1 "," $11 "," $12 "," $13 }' \
    "$data/expected/shop_time_in_status.csv" | LC_ALL=C sort >wanted
same 'open stays: number, ages, oldest' got <wanted

# Weeks: what order-list counts and sums is what the table says.
while IFS=, read -r week _ orders total _; do
	[ "$week" != iso_week ] || continue
	order-list placed_at="$week" --sum --tsv >out 2>err
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	    { v = $at["total"]; sub(/\./, "", v); print $at["orders"], v }' out
	echo "$orders $total" >&3
done <"$data/expected/shop_weeks.csv" >got 3>wanted
same 'orders and totals of every ISO week, cut in Moscow' got <wanted

# Exported into an empty database and exported again: the same bytes.
order-list --json >first.ndjson 2>err
export CRM_DB="$work/second.db"
crm-init -q --timezone Europe/Moscow --currency RUB --country RU
expect 0 crm-reference -q --load status.tsv status_requirement.tsv \
    transition.tsv order_method.tsv user.tsv
expect 0 order-import first.ndjson
order-list --json >second.ndjson 2>err
[ "$(wc -l <first.ndjson)" -eq 3000 ] && cmp first.ndjson second.ndjson
ok 'export, import, export: byte for byte the same' $?
whole
done_testing
