#!/bin/sh
# crm-backup: a copy of one moment, verified, while others write; old ones go.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
shop
mkdir b
order() {	# order FIRST LAST - a line an order, of two items worth 19.50
	awk -v i="$1" -v last="$2" 'BEGIN { for (; i <= last; i++)
	    printf "{\"type\":\"order\",\"order_no\":\"%d\",\"placed_at\":" \
		"\"2026-01-01T10:00:00Z\",\"items\":[{\"sku\":\"S\",\"name\":" \
		"\"Tea\",\"quantity\":1,\"price\":12.5},{\"sku\":\"T\",\"name\":" \
		"\"Cup\",\"quantity\":2,\"price\":3.5}]}\n", i }'
}
order 1 20 | order-import

# What is made.
dump >before
expect 0 crm-backup -n b
same 'a dry run tells the path' out <<-'EOF'
	b/t-2026-03-02T090000Z.db
EOF
empty 'and makes nothing' "$(ls -A b)"
expect 0 crm-backup b
same 'the path' out <<-'EOF'
	b/t-2026-03-02T090000Z.db
EOF
same 'silent' err </dev/null
made=b/t-2026-03-02T090000Z.db
sqlite3 $made .dump | diff before - >difference
ok 'it is the database as it was' $?
note difference
(cd b && sha256sum -c ./*.sha256) >out 2>err
same 'sha256sum says so too' out <<-'EOF'
	t-2026-03-02T090000Z.db: OK
EOF
od -An -j18 -N2 -tu1 $made >out
same 'a file for itself: no WAL is needed to read it' out <<-'EOF'
	   1   1
EOF
stat -c %a t.db $made $made.sha256 >out
same 'for the same people as the database' out <<-'EOF'
	660
	660
	660
EOF
sqlite3 t.db "SELECT command, detail, exit_status, ended_at IS NOT NULL, summary
    FROM run ORDER BY id DESC LIMIT 1" >out
same 'the run is noted' out <<-EOF
	crm-backup|$made|0|1|$made, $(stat -c %s $made) bytes
EOF

expect 0 crm-backup --json b
same 'two in a second: the later one says a second more' out <<-EOF
	{"type":"backup","made_at":"2026-03-02T09:00:01Z","bytes":$(stat -c %s $made),"checksum":"holds","path":"b/t-2026-03-02T090001Z.db"}
EOF
expect 0 crm-backup --tsv b
head -n 1 out >first
same 'columns' first <<-'EOF'
	made_at	bytes	checksum	path
EOF
mkdir elsewhere
printf 'backup_dir = "elsewhere"\n' >my.conf
expect 0 crm-backup -c "$work/my.conf"
contains 'a folder of crm.conf' out "$work/elsewhere/t-"
expect 0 env CRM_BACKUP_DIR=b crm-backup -c "$work/my.conf" -n
contains 'or of the environment' out 'b/t-2026-03-02T090003Z.db'

# Wrong calls and bad places leave nothing.
expect 1 crm-backup
same 'a folder is needed' err <<-'EOF'
	crm-backup: no folder named; give one or set backup_dir in crm.conf
EOF
expect 2 crm-backup b elsewhere
expect 2 crm-backup --keep-days -1 b
expect 1 crm-backup ./not-mounted
same 'a folder that is missing is not made' err <<-'EOF'
	crm-backup: ./not-mounted: No such file or directory
EOF
expect 1 crm-backup my.conf
[ ! -e not-mounted ]
ok 'it is still missing' $?
crm-backup b >/dev/full 2>err
[ $? -eq 1 ]
ok 'a path that cannot be told is an error' $?
rm -f b/*

# What does not hold is no backup: the copy is looked through.
cp t.db bad.db
sqlite3 bad.db 'DELETE FROM product; DELETE FROM offer'
expect 1 crm-backup -d bad.db b
contains 'references into nowhere are found' err 'references point nowhere'
cp t.db bad.db
page=$(sqlite3 t.db "SELECT rootpage FROM sqlite_schema
    WHERE name = 'order_item'")
printf 'XXXXXXXXXXXXXXXX' |
    dd of=bad.db bs=1 conv=notrunc seek=$(((page - 1) * 4096)) 2>err
expect 1 crm-backup -d bad.db b
contains 'a damaged page is found' err 'damaged'
empty 'and nothing is left' "$(ls -A b)"

# The leftovers of a killed run are removed, and nothing else.
touch b/.t-unfinished b/.t-unfinished-journal b/.t-unfinished.sha256 b/.other-unfinished b/t-notes.db \
    b/t-2026-03-02.db b/t-2026-13-02T090000Z.db b/t-2026-03-02T090000Z.db.old \
    b/tt-2026-01-01T000000Z.db
ln -s precious b/t-2026-01-02T000000Z.db
mkdir b/t-2026-01-03T000000Z.db
ls -A b >others
expect 0 crm-backup --keep-days 1 b
rm b/t-2026-03-02T090000Z.db b/t-2026-03-02T090000Z.db.sha256
ls -A b >left
grep -v '^\.t-unfinished' others | diff - left >difference
ok 'what is not ours stays' $?
note difference
rm -rf b
mkdir b
for pause in 0 0.005 0.01 0.015 0.02 0.03; do
	crm-backup b >/dev/null 2>&1 &
	sleep $pause
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
done
expect 0 crm-backup b
for f in b/*.db; do
	[ "$(sqlite3 "$f" 'PRAGMA integrity_check')" = ok ]
	ok 'what has the name of a backup is one, whoever was killed' $?
done
empty 'and nothing half is left' "$(find b -name '.*')"

# Which go: 400 nights, thinned out in one go; SQL counts as well.
rm -f b/*
sqlite3 :memory: "WITH RECURSIVE d(t) AS (SELECT '2025-01-25 22:15:00'
	UNION ALL SELECT datetime(t, '+1 day') FROM d LIMIT 400)
    SELECT strftime('%Y-%m-%dT%H%M%SZ', t) FROM d" >nights
while read -r night; do
	: >"b/t-$night.db"
	: >"b/t-$night.db.sha256"
done <nights
{ echo name; cat nights; echo 2026-03-02T090000Z; } >names
sqlite3 :memory: '.import --csv names n' "WITH made AS (
	SELECT name, datetime(substr(name, 1, 13) || ':' || substr(name, 14, 2),
	    '+3 hours') AS t FROM n),
    newest AS (SELECT name, t,
	max(t) OVER (PARTITION BY date(t)) AS d,
	max(t) OVER (PARTITION BY date(t, 'weekday 0', '-6 days')) AS w,
	max(t) OVER (PARTITION BY strftime('%Y-%m', t)) AS m FROM made)
    SELECT 't-' || name || '.db' FROM newest WHERE
	t IN (SELECT DISTINCT d FROM newest ORDER BY d DESC LIMIT 7) OR
	t IN (SELECT DISTINCT w FROM newest ORDER BY w DESC LIMIT 4) OR
	t IN (SELECT DISTINCT m FROM newest ORDER BY m DESC LIMIT 12)
    ORDER BY name" >wanted
[ "$(wc -l <wanted)" -gt 15 ]
ok 'some stay' $?
names_in_b() { find b -name '*.db' | sed 's|^b/||' | sort; }
gone=$((401 - $(wc -l <wanted)))
expect 0 crm-backup -n --keep-days 7 --keep-weeks 4 --keep-months 12 b
[ "$(grep -c 'would remove b/t-' err)" -eq $gone ]
ok 'a dry run says what would go' $?
[ "$(find b -type f | wc -l)" -eq 800 ]
ok 'and removes nothing' $?
expect 0 crm-backup -v --keep-days 7 --keep-weeks 4 --keep-months 12 b
names_in_b >out
same 'the newest of 7 days, 4 weeks and 12 months stay' out <wanted
find b -name '*.sha256' | sed 's|^b/||; s/\.sha256$//' | sort >out
same 'with their checksums' out <wanted
[ "$(grep -c 'removed b/t-' err)" -eq $gone ]
ok 'what went is said' $?
expect 0 env CRM_NOW=2024-01-01T00:00:00Z crm-backup --keep-days 1 b
names_in_b >out
same 'the new one stays, even when the clock is wrong' out <<-'EOF'
	t-2024-01-01T000000Z.db
	t-2026-03-02T090000Z.db
EOF

# One at a time.
rm -f b/*
flock .t.db.crm-backup.lock -c 'crm-backup b; echo $?' >out 2>err
same 'a second one is told to come back' out <<-'EOF'
	75
EOF
contains 'and why' err 'another crm-backup is running'
cp t.db two.db
flock .two.db.crm-backup.lock -c 'crm-backup b >out 2>err'
ok 'but not for the sake of another database' $?
rm two.db b/*
flock .t.db.crm-backup.lock sleep 1 &
expect 0 crm-backup --wait 20 b
wait

# A user who may only read gets his copy.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	mkdir ro
	cp t.db ro/t.db
	touch ro/.t.db.crm-backup.lock
	chmod 755 "$work"
	chmod 644 ro/t.db
	chmod 666 ro/.t.db.crm-backup.lock
	chmod 777 ro b
	expect 0 setpriv --reuid=65534 --regid=65534 --clear-groups \
	    "$build/bin/crm-backup" -d ro/t.db b
	contains 'and a warning' err 'the run could not be noted'
else
	skip 'a user who may only read' 'needs root and setpriv'
fi

# While an import commits: each copy is one of the states there were, which
# are all orders up to a number, each with its two items and its total.
rm -rf b t.db*
mkdir b
shop
mkfifo feed
order-import feed 2>import.err &
import=$!
exec 9>feed
order 1 500 >&9
i=0
while [ "$(sqlite3 t.db 'SELECT count(*) FROM orders')" -eq 0 ] &&
    [ $i -lt 300 ]; do
	sleep 0.1
	i=$((i + 1))
done
order 501 20000 >&9 &
: >made
for _ in 1 2 3 4 5 6 7 8; do
	crm-backup b >>made 2>>err.all </dev/null
done
kill -0 $import
ok 'the import went on meanwhile' $?
exec 9>&-
wait $import
ok 'and ended well' $?
[ "$(sqlite3 t.db 'SELECT count(*) FROM orders')" -eq 20000 ]
ok 'with all orders' $?
[ "$(wc -l <made)" -eq 8 ]
ok 'and all backups were made' $?
note err.all
while read -r f; do
	sqlite3 "$f" "SELECT count(*) > 0, count(*) = max(CAST(order_no AS INT)),
	    2 * count(*) = (SELECT count(*) FROM order_item),
	    1950 * count(*) = sum(total_minor) FROM orders"
done <made | sort | uniq -c | tr -s ' ' >out
same 'each is of one moment' out <<-'EOF'
	 8 1|1|1|1
EOF
done_testing
