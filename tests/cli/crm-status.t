#!/bin/sh
# crm-status: is all well? And one alarm instead of one a minute.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

now() { CRM_NOW=$1; }
# What stands where in the table: name, state and age.
states() { awk -F'\t' -v OFS=' ' '{ print $2, $3, $4, $6 == "" ? "-" : $6 }' out >states; }
told() { cut -f 2,3 out >news; }	# told - names and states of --alarm --tsv
cat >order.ndjson <<'EOF2'
{"type":"order","order_no":"A-1","source":"site","placed_at":"2026-03-01T09:00:00Z","items":[{"sku":"S","name":"Soap","quantity":1,"price":10}]}
EOF2
cat >bad.ndjson <<'EOF2'
{"type":"order","order_no":"A-2","source":"site","status":"nonsense","placed_at":"2026-03-01T09:00:00Z","items":[]}
EOF2

# A new shop, nobody has said what to expect.
shop
dump >before
expect 0 crm-status
sed 's/ [0-9.]* [GM]iB/ SIZE/; s/  *$//' out >shown
same 'a table for people' shown <<'EOF2'
name         state  at                age  summary
crm-init     ok     2026-03-02 12:00  0s
rejects      ok                            0 open
late-orders  ok                            0 over the time limit of their status
database     ok                            SIZE
wal          ok                            SIZE
disk         ok                            SIZE free
EOF2
expect 0 crm-status --json
head -n 2 out >shown
same 'records' shown <<'EOF2'
{"type":"status","kind":"job","name":"crm-init","state":"ok","problem":false,"at":"2026-03-02T09:00:00Z","age":0,"value":null,"summary":null}
{"type":"status","kind":"shop","name":"rejects","state":"ok","problem":false,"at":null,"age":null,"value":0,"summary":"0 open"}
EOF2
stat -c '%s' t.db >size
contains 'the size is that of the file' out \
    '"name":"database","state":"ok","problem":false,"at":null,"age":null,"value":'"$(cat size)"
expect 0 crm-status --tsv
head -n 1 out >shown
printf 'kind\tname\tstate\tproblem\tat\tage\tvalue\tsummary\n' >columns
same 'or tab-separated values' shown <columns
dump | diff before - >difference
ok 'looking changes nothing' $?

# Commands are only told of; what failed last is a problem.
expect 0 order-import order.ndjson
now 2026-03-02T10:00:00Z
expect 1 order-import gone.ndjson
expect 1 crm-status --tsv
same 'the problem in one line' err <<'EOF2'
crm-status: order-import failed
EOF2
grep order-import out >shown
printf 'job\torder-import\tfailed\ttrue\t2026-03-02T09:00:00Z\t3600\t\trun 3, 0s ago: gone.ndjson: No such file or directory\n' >want
same 'why it failed, and when it did its work' shown <want
now 2027-03-02T10:00:00Z
expect 1 order-import --atomic bad.ndjson
expect 0 order-import order.ndjson
expect 0 crm-status
now 2026-03-02T10:00:00Z
rm -f t.db*
shop

# Jobs that somebody expects.
mkdir etc
cat >etc/crm.conf <<'EOF2'
job order-import { every = 15m }
job site { command = order-import actor = cron-site every = "1d" }
job sheet {
	command = order-import	# by its file
	detail = "sheet.ndjson"
	every = 1h
}
job workbook { every = 7d file = "last.txt" }
EOF2
export CRM_CONFIG="$work/etc/crm.conf"
expect 1 crm-status --tsv
states
head -n 4 states >shown
same 'what never was' shown <<'EOF2'
name state problem age
workbook never true -
order-import never true -
site never true -
EOF2
contains 'a file that is not there' out "$work/etc/last.txt: No such file or directory"
same 'all of them named' err <<'EOF2'
crm-status: workbook never, order-import never, site never, sheet never
EOF2
touch -d 2026-03-02T09:59:00Z etc/last.txt
expect 0 order-import --as cron-site order.ndjson
cp order.ndjson sheet.ndjson
expect 0 order-import sheet.ndjson
expect 0 crm-status --tsv
states
head -n 5 states >shown
same 'all well' shown <<'EOF2'
name state problem age
workbook ok false 60
order-import ok false 0
site ok false 0
sheet ok false 0
EOF2

at() {	# at TIME STATUS - then the states of the four jobs are those of input
	cat >want
	now "$1"
	expect "$2" crm-status --tsv
	states
	sed -n '2,5p' states | cut -d ' ' -f 1,2 >shown
	same "at $1" shown <want
}
at 2026-03-02T10:30:00Z 0 <<'EOF2'
workbook ok
order-import ok
site ok
sheet ok
EOF2
at 2026-03-02T10:30:01Z 1 <<'EOF2'
workbook ok
order-import stale
site ok
sheet ok
EOF2
at 2026-03-02T12:00:01Z 1 <<'EOF2'
workbook ok
order-import stale
site ok
sheet stale
EOF2
at 2026-03-03T16:00:00Z 1 <<'EOF2'
workbook ok
order-import stale
site ok
sheet stale
EOF2
at 2026-03-03T16:00:01Z 1 <<'EOF2'
workbook ok
order-import stale
site stale
sheet stale
EOF2
at 2026-03-09T16:00:00Z 1 <<'EOF2'
workbook stale
order-import stale
site stale
sheet stale
EOF2
at 2026-03-02T09:54:00Z 1 <<'EOF2'
workbook ok
order-import stale
site stale
sheet stale
EOF2

# A run under way, killed or told to stop is no failure, and hides none.
now 2026-03-02T10:05:00Z
sql "INSERT INTO run (command, actor, started_at) VALUES ('order-import', 'x', 1772445840)"
expect 0 crm-status --tsv
contains 'begun and not ended' out 'run 4, begun 1m ago, has not ended'
grep -q '	order-import	running	false' out
ok 'and no problem' $?
now 2026-03-02T11:00:00Z
expect 1 crm-status --tsv
grep -q '	order-import	stale	true.*run 4, begun 56m ago, has not ended' out
ok 'until the last good run is too old' $?
now 2026-03-02T10:05:00Z
sql "UPDATE run SET exit_status = 143, ended_at = started_at WHERE id = 4"
expect 0 crm-status --tsv
grep -q '	order-import	stopped	false' out
ok 'told to stop' $?
expect 1 order-import gone.ndjson
sql "INSERT INTO run (command, actor, started_at) VALUES ('order-import', 'x', 1772445840)"
expect 1 crm-status --tsv
grep -q '	order-import	failed	true' out
ok 'the next try does not hide that it failed' $?
expect 3 order-import bad.ndjson
expect 0 crm-status --tsv
grep -q '	order-import	ok	false' out
ok 'that some records were refused is no failure' $?

# What waits.
grep -q '	rejects	ok	false	2026-03-02T10:05:00Z	0	1	1 open' out
ok 'one reject, and since when' $?
now 2026-03-02T10:20:00Z
expect 3 order-import --retry
now 2026-03-03T10:05:01Z
expect 1 crm-status --tsv
grep -q '	rejects	old	true	2026-03-02T10:05:00Z	86401	1	1 open; crm-rejects shows them' out
ok 'after a day it is old, tried again or not' $?
sql "UPDATE reject SET resolved_at = 1"
sql "UPDATE status SET time_limit = 60 WHERE code = 'new'"
now 2026-03-02T10:25:00Z
expect 0 crm-status --tsv
grep -q '	late-orders	late	false	2026-03-01T09:00:00Z	91500	1	' out
ok 'an order over its limit is told, and no problem' $?
expect 0 history-follow --cursor index --ack 5
expect 0 crm-status --tsv
behind=$(($(sql 'SELECT max(id) FROM history') - 5))
grep -q "^follower	index	ok	false	2026-03-02T10:25:00Z	0	$behind	" out
ok 'how far a reader of the history is behind' $?
sql "UPDATE follower SET history_id = 99999"
expect 1 crm-status --tsv
grep -q '^follower	index	ahead	true' out
ok 'one that knows more than the shop' $?
expect 0 history-follow --cursor index --forget
mkfifo hold
sqlite3 t.db 'BEGIN; SELECT count(*) FROM orders' '.shell touch begun; cat hold' \
    >/dev/null &
reader=$!
tries=0
until [ -e begun ] || [ $((tries += 1)) -gt 200 ]; do sleep 0.05; done
truncate -s 300M t.db-wal
expect 1 crm-status --tsv
grep -q "	300.0 MiB; some reader does not end: sqlite3 (process $reader)\$" out
ok 'who reads and does not end is named' $?
echo >hold
wait
truncate -s 300M t.db-wal
expect 1 crm-status --tsv
grep -q '	wal	large	true.*	314572800	300.0 MiB; some reader does not end' out
ok 'a log that does not end' $?
expect 0 crm-status

# One alarm, not one a minute.
now 2026-03-02T10:30:00Z
expect 0 order-import order.ndjson
expect 0 crm-status --alarm
same 'all well: silence' out </dev/null
same 'on both sides' err </dev/null
now 2026-03-02T11:01:00Z
expect 1 crm-status --alarm --tsv --no-header
told
same 'something is wrong: one alarm' news <<'EOF2'
order-import	stale
EOF2
same 'and why the status is 1' err <<'EOF2'
crm-status: order-import stale
EOF2
now 2026-03-02T11:02:00Z
expect 0 crm-status --alarm
same 'the next minute: silence' out </dev/null
expect 1 crm-status
now 2026-03-02T12:00:01Z
expect 1 crm-status --alarm --tsv --no-header
told
same 'only what is new' news <<'EOF2'
sheet	stale
EOF2
expect 0 order-import sheet.ndjson
expect 0 crm-status --alarm --tsv --no-header
told
same 'well again is told too' news <<'EOF2'
order-import	ok
sheet	ok
EOF2
expect 0 crm-status --alarm
same 'once' out </dev/null
now 2026-03-02T12:45:00Z
expect 1 crm-status --alarm
now 2026-03-02T13:44:59Z
expect 0 crm-status --alarm --remind 1
now 2026-03-02T13:45:00Z
expect 1 crm-status --alarm --remind 1 --tsv --no-header
told
same 'what is still wrong is told again' news <<'EOF2'
order-import	stale
EOF2
expect 1 order-import gone.ndjson
expect 1 crm-status --alarm --tsv --no-header
told
same 'wrong in another way is news' news <<'EOF2'
order-import	failed
EOF2

# What was told is kept for those who may write the database, and stands damage.
stat -c '%a' .crm-status.t.db >out
same 'for the group' out <<'EOF2'
660
EOF2
cp .crm-status.t.db whole
alarmed() {	# alarmed TITLE - told again, then silent
	expect 1 crm-status --alarm
	contains "$1: told again" out order-import
	expect 0 crm-status --alarm
	same "$1: then silence" out </dev/null
}
for size in 0 5 20 40; do
	head -c $size whole >.crm-status.t.db
	alarmed "torn after $size bytes"
done
head -c 100000 /dev/urandom >.crm-status.t.db
alarmed 'overwritten by chance'
printf 'crm-status 1\n99999999999999999999\tfailed\tjob\torder-import\nend\n' >.crm-status.t.db
alarmed 'an impossible time'
printf 'crm-status 1\n9999999999\tfailed\tjob\torder-import\nend\n' >.crm-status.t.db
alarmed 'a time in the future'
rm .crm-status.t.db
alarmed 'removed'
rm .crm-status.t.db
ln -s "$work/etc/last.txt" .crm-status.t.db
expect 1 crm-status --alarm
contains 'a link is not followed' err 'what was told cannot be kept'
[ ! -s etc/last.txt ]
ok 'nor written' $?
rm .crm-status.t.db
mkdir .crm-status.t.db
expect 1 crm-status --alarm
contains 'a folder in its place' err 'what was told cannot be kept'
rmdir .crm-status.t.db
expect 1 crm-status --alarm
crm-status --alarm >/dev/full 2>err
ok 'nothing to tell is no trouble on a full disk' $?
rm .crm-status.t.db
crm-status --alarm >/dev/full 2>err
[ $? -eq 1 ]
ok 'an alarm that nobody got' $?
contains 'fails' err 'No space left on device'
expect 1 crm-status --alarm
contains 'and is told again' out 'order-import'
exec 9<>.crm-status.t.db
flock -n 9
expect 75 crm-status --alarm
contains 'one at a time' err 'another crm-status is running'
exec 9>&-

# The database itself: found, not stumbled over.
broken() {	# broken TITLE MESSAGE - told once, jobs are left as they were
	expect 1 crm-status --alarm --tsv --no-header
	told
	same "$1: one alarm" news <<-'EOF3'
	database	failed
	EOF3
	contains "$1: why" out "$2"
	expect 0 crm-status --alarm
	same "$1: then silence" out </dev/null
	expect 1 crm-status
	contains "$1: the disk is looked at all the same" out 'disk'
	contains "$1: files too" out 'workbook'
	mv kept.db t.db
	expect 0 crm-status --alarm --tsv --no-header
	told
	same "$1: well again, and no job is told of" news <<-'EOF3'
	database	ok
	EOF3
	cp t.db kept.db
}
expect 0 crm-status --alarm
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp t.db kept.db
rm t.db
broken 'a missing database' 'no such database'
echo 'order_no,placed_at' >t.db
broken 'no database' 'not a crm database'
sql 'PRAGMA user_version = 99'
broken 'one of the future' 'schema version is 99'
head -c 20000 kept.db >t.db
broken 'a torn one' 't.db: '
dd if=/dev/zero of=t.db bs=4096 seek=1 conv=notrunc count=60 2>/dev/null
broken 'a damaged one' 't.db: '
sql "UPDATE setting SET value = 'Asia/Atlantis' WHERE name = 'timezone'"
broken 'a setting that cannot be' 'Asia/Atlantis'
mv t.db elsewhere.db
cp -r kept.db t.db
expect 1 crm-status --db missing/x.db
contains 'a folder that is not there' err 'database failed, disk failed'
expect 1 crm-status --db missing/x.db --alarm
contains 'cannot keep anything' err 'what was told cannot be kept'

# Whoever watches need not be allowed to write.
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$work"
	nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
	mkdir shared
	cp t.db shared/t.db
	expect 1 crm-status --alarm --db shared/t.db
	printf 'crm-status 1\nend\n' >shared/.crm-status.t.db
	chmod 666 shared/.crm-status.t.db shared/t.db
	chmod 555 shared
	# shellcheck disable=SC2086	# four words
	expect 1 $nobody "$build/bin/crm-status" --alarm --db shared/t.db
	# shellcheck disable=SC2086
	expect 0 $nobody "$build/bin/crm-status" --alarm --db shared/t.db
	chmod 755 shared
fi

# Configuration that cannot be.
conf() {	# conf LINE MESSAGE
	printf '%s\n' "$1" >wrong.conf
	expect 1 crm-status -c wrong.conf
	contains "$1" err "$2"
}
conf 'job x { }' "wrong.conf: job 'x' needs a line as every = 15m"
conf 'job x { every = 0m }' "wrong.conf:1: bad length of time '0m'; it is as 15m or 7d"
conf 'job x { every = often }' "wrong.conf:1: bad length of time 'often'"
conf 'job x { every = 1d file = "f" command = "c" }' "'file' stands alone with 'every'"
conf 'job x { evry = 1d }' "unknown key 'evry', did you mean 'every'"
conf 'job "" { every = 1d }' 'the name of a job has 1 to 40 bytes'
conf "job 'a	b' { every = 1d }" 'no control characters'
conf 'job x { every = 1d } job x { every = 2d }' 'x'
expect 0 crm-config --tsv --no-header
grep -q "^job order-import	15m	$work/etc/crm.conf:1" out
ok 'crm-config shows the jobs' $?

# Wrong usage.
expect 2 crm-status now
expect 2 crm-status --remind 0
expect 2 crm-status --remind 99999
done_testing
