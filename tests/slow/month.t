#!/bin/sh
# A month of the example crontab, by a simulated clock: the site, the managers
# and the warehouse work meanwhile, nothing is mailed, nothing is lost. Then a
# bad day, on which just what went wrong is mailed, once.

# Thousands of commits would each wait for the disk, and no power fails here.
free=$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)
if [ -z "${TMPDIR-}" ] && [ -w /dev/shm ] && [ "${free:-0}" -gt 1048576 ]; then
	export TMPDIR=/dev/shm
fi
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"
examples=$top/share/examples
root=$work/root

# placed - an example, with the files of the machine below our folder.
placed() {
	sed -E "s,/usr/local/bin,$build/bin,g
	    s,/(srv|etc|var/(lib|backups|log))/,$root&,g" "$examples/$1"
}

expect 0 "${CC:-cc}" -std=c17 -D_GNU_SOURCE -o cron "$top/tests/helper/cron.c"
mkdir cron.mail
cat >cron.tab <<'EOF2'
0 0 1 * 1	echo "$WORD"
*/40 8-9 2,5 * *	echo step
59 23 * 2-12/2 0-7	echo never
WORD=either
EOF2
expect 0 ./cron 2026-03-01T00:00 2026-03-10T00:00 cron.mail cron.tab
cut -d ' ' -f 2- out >have
same 'the helper knows fields as cron does' have <<'EOF2'
2026-03-01T00:00:00Z echo "$WORD"
2026-03-02T00:00:00Z echo "$WORD"
2026-03-02T08:00:00Z echo step
2026-03-02T08:40:00Z echo step
2026-03-02T09:00:00Z echo step
2026-03-02T09:40:00Z echo step
2026-03-05T08:00:00Z echo step
2026-03-05T08:40:00Z echo step
2026-03-05T09:00:00Z echo step
2026-03-05T09:40:00Z echo step
2026-03-09T00:00:00Z echo "$WORD"
EOF2
contains 'and gives them their environment' cron.mail/1 either
mkdir -p bin mail root/srv/shop/out root/srv/share root/srv/stock root/etc/crm \
    root/var/lib/crm/reports root/var/backups/crm root/var/log/crm
cp "$examples/excel.map" root/etc/crm
placed crm.conf | sed 's/^# job/job/' >root/etc/crm/crm.conf
grep -q '^job workbook' root/etc/crm/crm.conf
ok 'crm.conf names jobs' $?
# The other shop has had its orders before the month begins.
for i in $(seq 1 150); do
	time=2026-02-$((i / 10 + 10))T10:$((i % 10 + 10)):00
	echo "$time $(woo "$i" "$time")"
done >store
echo 'shop store' >script
serve woocommerce 'user = ck'
sed 's/"site"/store/; s,= token,= token,' crm.conf \
    >>root/etc/crm/crm.conf
echo 'receiver store { kind = woocommerce shop = store }' \
    >>root/etc/crm/crm.conf
mv token root/etc/crm
unset CRM_CONFIG
{
	echo "CRM_CONFIG=$root/etc/crm/crm.conf"
	placed crontab
} >jobs.all
# To be quick crm-status looks hourly in the month, and each minute later.
sed 's/^\* \(.*crm-status\)/40 \1/' jobs.all >jobs.hourly
[ "$(grep -c '^[0-9*]' jobs.all)" -ge 10 ] && ! cmp -s jobs.all jobs.hourly
ok 'the crontab has ten jobs and more' $?

# The site: 1200 orders; each seventh is changed by the customer later, each
# eleventh is exported a day late. A line is the second in which the site
# exports it first, its number, its word of the moment and the record.
awk 'function utc(t) { return strftime("%Y-%m-%dT%H:%M:%SZ", t, 1) }
function event(at, i, placed, updated, word) {
	printf "%d\t%d\t%s\t{\"type\":\"order\",\"source\":\"site\"," \
	    "\"external_id\":\"%d\",\"source_updated_at\":\"%s\"," \
	    "\"status\":\"new\",\"placed_at\":\"%s\",\"currency\":\"BYN\"," \
	    "\"customer_name\":\"Покупатель %d\",\"phone\":\"+37529%07d\"," \
	    "\"customer_comment\":\"%s\",\"total\":%d.50,\"items\":[{" \
	    "\"sku\":\"S-%d\",\"name\":\"Товар %d\",\"quantity\":1," \
	    "\"price\":%d.50}]}\n", at, i, word, i, utc(updated), utc(placed),
	    i % 400, 100000 + i % 400, word, i % 90 + 1, i, i, i % 90 + 1
}
BEGIN {
	first = 1772312400	# midnight of 1 March in Minsk
	for (i = 1; i <= 1200; i++) {
		at = first + i * 2100 + i * 7919 % 1800
		event(i % 11 ? at : at + 86400, i, at, at, "asked-" i)
		later = at + 90000 + i * 104729 % 50000
		if (i % 7 == 0)
			event(later, i, at, later, "changed-" i)
	}
}' | sort -n >events
[ "$(wc -l <events)" -eq 1371 ]
ok 'the site has its orders' $?

# Every quarter of an hour the site exports the orders of two days, each as it
# is now; at four in the night, by mistake, as they were a day ago.
cat >bin/site <<'EOF2'
now=$(date -d "$CRM_NOW" +%s)
case $CRM_NOW in *T01:*) now=$((now - 86400)) ;; esac
awk -F '\t' -v now="$now" '
$1 <= now && $1 > now - 172800 { is[$2] = $4 }
$1 > now { exit }
END { for (i in is) print is[i] }' events >orders.tmp
mv orders.tmp root/srv/shop/out/orders.ndjson
EOF2
# A manager saves the sheet, five orders longer each day.
cat >bin/sheet <<'EOF2'
LC_ALL=C awk -v last="$(($(date -d "$CRM_NOW" +%-d) * 5))" '
/^T-/ { split($0, no, "[-;]"); hidden = no[2] + 0 > last }
!hidden' "$EXAMPLES/orders-phone.csv" >sheet.tmp
mv sheet.tmp root/srv/share/phone.csv
EOF2
# Managers move what is there a step on, the furthest first, and cancel one.
cat >bin/managers <<'EOF2'
# move TO FROM - whatever stands there.
move() {
	order-list --json source=site status="$2" |
	    order-status -q --as vera --set "$1" >/dev/null
}
move complete delivering
move delivering send-to-delivery
move send-to-delivery assembling-complete
move assembling-complete assembling
move assembling client-confirmed
order-list --json source=site status=new --limit 1 |
    order-status -q --as anna --reason twice --set cancel-other >/dev/null
move client-confirmed new
EOF2
# The warehouse notes which changes it was told of.
cat >root/srv/stock/take <<'EOF2'
#!/bin/sh
sed -n 's/.*"type":"change".*"id":\([0-9]*\),.*/\1/p' "$1" >>taken
EOF2
chmod +x root/srv/stock/take
# A file that a job writes has the machine's time; give it the simulated one.
cat >world <<EOF2
PATH=$build/bin:/usr/bin:/bin
CRM_DB=$root/var/lib/crm/shop.db
EXAMPLES=$examples
*/15 * * * *	sh bin/site
5 9 * * 1-6	sh bin/sheet
40 10,14,18 * * 1-6	sh bin/managers
1 7 * * 1	touch -d \$CRM_NOW root/var/lib/crm/reports/last.txt
11 7 1 * *	touch -d \$CRM_NOW root/var/lib/crm/reports/last.txt
EOF2

# The evening before, somebody sets it up and tries each job of crm.conf.
export CRM_DB="$root/var/lib/crm/shop.db" EXAMPLES="$examples"
CRM_NOW=2026-02-28T20:50:00Z
expect 0 crm-init --timezone Europe/Minsk --currency BYN --country BY
expect 0 crm-reference --load "$examples/user.tsv" \
    "$examples/custom_field.tsv" "$examples/custom_dictionary.tsv"
TZ=Europe/Minsk
for job in site sheet; do
	expect 0 sh "bin/$job"
done
expect 0 order-import root/srv/shop/out/orders.ndjson
expect 0 order-import --map root/etc/crm/excel.map "$root/srv/share/phone.csv"
expect 0 crm-backup root/var/backups/crm
touch -d 2026-02-23T07:01 root/var/lib/crm/reports/last.txt

begun=$(date +%s)
expect 0 ./cron 2026-03-01T00:00 2026-04-01T08:00 mail world jobs.hourly
echo "# a month in $(($(date +%s) - begun)) s"
empty 'a month without mail' "$(head -n 3 out; head -n 5 mail/[123] 2>/dev/null)"
CRM_NOW=2026-04-01T05:00:00Z
whole

sql "SELECT external_id, customer_comment FROM orders WHERE source = 'site'
    ORDER BY CAST(external_id AS INTEGER)" >have
awk -F '\t' '{ word[$2] = $3 }
    END { for (i in word) print i, word[i] }' events | sort -n >want
same "each of the site's orders is there once, as the site said last" have <want
[ "$(sql "SELECT count(DISTINCT external_id), count(*) FROM orders
    WHERE source = 'store'")" = '150 150' ]
ok "and each of the other shop's" $?
LC_ALL=C grep -o '^T-[0-9]*' "$examples/orders-phone.csv" | sort -u >want
sql "SELECT external_id FROM orders WHERE source = 'excel'" | sort >have
same 'and each of the sheet' have <want
sql "SELECT status, count(*) > 0 FROM orders WHERE source = 'site'
    AND status IN ('cancel-other', 'complete') GROUP BY status" >have
same 'managers came to an end with some' have <<'EOF2'
cancel-other 1
complete 1
EOF2
[ "$(sql "SELECT count(*) FROM orders WHERE status = 'complete'
    AND customer_comment LIKE 'changed-%'")" -gt 100 ]
ok 'also with those that customers changed' $?

# Seven days, the last of four weeks, and of each month.
(cd root/var/backups/crm && ls ./*.db) >have
same 'the backups that are promised are there, and no others' have <<'EOF2'
./shop-2026-02-28T205000Z.db
./shop-2026-03-15T000000Z.db
./shop-2026-03-22T000000Z.db
./shop-2026-03-26T000000Z.db
./shop-2026-03-27T000000Z.db
./shop-2026-03-28T000000Z.db
./shop-2026-03-29T000000Z.db
./shop-2026-03-30T000000Z.db
./shop-2026-03-31T000000Z.db
./shop-2026-04-01T000000Z.db
EOF2
(cd root/var/backups/crm && sha256sum --quiet -c ./*.sha256) >have 2>&1
same 'as they were written' have </dev/null
[ "$(wc -l <root/var/log/crm/backup.log)" -eq 32 ]
ok 'each night is in the log' $?

(cd root/var/lib/crm/reports && ls ./*.xlsx) >have
same 'a workbook of each week and month' have <<'EOF2'
./report-2026-02.xlsx
./report-2026-03.xlsx
./report-2026-W09.xlsx
./report-2026-W10.xlsx
./report-2026-W11.xlsx
./report-2026-W12.xlsx
./report-2026-W13.xlsx
EOF2
[ "$(wc -l <root/srv/share/customers.tsv)" -gt 300 ]
ok 'customers are sorted' $?

sql 'SELECT id FROM history ORDER BY id' >want
sort -nu root/srv/stock/taken >have
same 'the warehouse was told of every change' have <want

# The bad day: at 10:15 the export ends in the midst of a record, at 12:15 there
# is none. Each time the next one is well.
cat >>world <<'EOF2'
15 10 1 4 *	truncate -s -20 root/srv/shop/out/orders.ndjson
15 12 1 4 *	rm root/srv/shop/out/orders.ndjson
EOF2
mkdir bad
expect 0 ./cron 2026-04-01T10:00 2026-04-01T13:00 bad world jobs.all
sed 's/\(:..Z [a-z-]*\).*/\1/' out >have
same 'one mail for each mishap, one alarm, and one that all is well' have <<'EOF2'
1 2026-04-01T07:15:00Z order-import
2 2026-04-01T09:15:00Z order-import
3 2026-04-01T09:15:00Z crm-status
4 2026-04-01T09:30:00Z crm-status
EOF2
contains 'the first names what was refused' bad/1 '1 of '
contains 'the second says why' bad/2 'No such file or directory'
contains 'the alarm names the job' bad/3 'order-import failed'
grep -q '^order-import *ok' bad/4
ok 'and then it is well' $?
[ "$failed" -eq 0 ] || head -n 5 bad/* | head -n 50 | note
CRM_NOW=2026-04-01T10:00:00Z
whole
done_testing
