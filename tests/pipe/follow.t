#!/bin/bash
# shellcheck shell=bash
# Readers of the history: none loses a change, whoever is killed; one that waits
# or stalls stands in nobody's way.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

sql() { sqlite3 -cmd '.timeout 20000' -separator ' ' "$CRM_DB" "$@"; }

# orders FROM TO - so many orders as records.
orders() {
	awk -v i="$1" -v n="$2" 'BEGIN {
		for (; i <= n; i++)
			printf "{\"type\":\"order\",\"order_no\":\"O-%d\"," \
			    "\"source\":\"s\",\"status\":\"new\"," \
			    "\"placed_at\":\"2026-03-01T10:00:00Z\"," \
			    "\"items\":[]}\n", i
	}'
}

# until_in FILE TEXT - wait until the text stands there, 20 seconds at most.
until_in() {
	tries=0
	until grep -qF -e "$2" "$1"; do
		[ $((tries += 1)) -le 200 ] || break
		sleep 0.1
	done
	contains "$2 has come" "$1" "$2"
}

shop
orders 1 5 >five.ndjson
expect 0 order-import five.ndjson
last=$(sql 'SELECT max(id) FROM history')

# What others change comes while it waits, and a signal ends it.
: >seen
history-follow --json --follow --cursor live >seen 2>follow.err &
follow=$!
until_in seen "\"value\":\"$last\""
expect 75 history-follow --cursor live
contains 'one reader at a time under a name' err "another history-follow-live is running (pid $follow)"
expect 0 history-follow --cursor other
expect 0 order-status --set client-confirmed O-1
until_in seen '"order_no":"O-1","item_id":null,"field":"status","old":"new","new":"client-confirmed"'
until_in seen "\"value\":\"$((last + 1))\""
expect 0 history-follow --cursor live --ack $((last + 1))
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
same 'while it waits nothing is held: the log can be emptied' out <<'END'
0 0 0
END
kill -s TERM "$follow"
wait "$follow" 2>/dev/null
[ $? -eq 143 ]
ok 'told to stop, it stops' $?
same 'without a word' follow.err </dev/null
grep -c '"type":"change"' seen >out
same 'each change was told once' out <<END
$((last + 1))
END
tail -c 1 seen | od -An -c | tr -d ' ' >out
same 'the last line is whole' out <<'END'
\n
END

# It ends when nobody reads on, though nothing changes.
history-follow --follow --after last --tsv 2>follow.err | :
[ "${PIPESTATUS[0]}" -eq 141 ]
ok 'its reader has gone, and so does it' $?
same 'quietly' follow.err </dev/null

# A reader that stalls: the writer of the pipe is blocked, the database is not.
sql "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    INSERT INTO history (at, recorded_at, run_id, actor, entity, entity_id, field, new)
    SELECT i, i, 1, 'x', 'setting', 0, 'f', 'a value of some length' FROM n"
last=$(sql 'SELECT max(id) FROM history')
mkfifo pipe
history-follow --json --follow >pipe 2>follow.err &
follow=$!
exec 3<pipe
read -r line <&3
tries=0	# until the pipe is full it works; then it sleeps in write()
until [ "$(cut -d ' ' -f 3 "/proc/$follow/stat")" = S ] || [ $tries -gt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
expect 0 timeout 5 order-status --set client-confirmed O-2
orders 6 300 >more.ndjson
expect 0 timeout 20 order-import more.ndjson
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
same 'while its reader stalls the log can be emptied' out <<'END'
0 0 0
END
end=$(sql 'SELECT max(id) FROM history')
{ printf '%s\n' "$line"; timeout 20 sed "/\"value\":\"$end\"/q" <&3; } >seen
exec 3<&-
wait "$follow" 2>/dev/null
sed -n 's/^{"type":"change","id":\([0-9]*\),.*/\1/p' seen >ids
seq 1 "$end" | diff - ids >difference
ok 'when it reads on, nothing is missing and all is in order' $?
note difference

# Another file under the same name is another history.
history-follow --follow --after last 2>follow.err &
follow=$!
sleep 0.5
sql "VACUUM INTO 'copy.db'"
mv copy.db t.db
rm -f t.db-wal t.db-shm
tries=0
while kill -0 "$follow" 2>/dev/null && [ $((tries += 1)) -le 200 ]; do
	sleep 0.1
done
wait "$follow"
[ $? -eq 1 ]
ok 'the database was replaced: it ends' $?
contains 'and says why' follow.err "$work/t.db: it was replaced by another file; begin again"

# Readers that are killed anywhere, while others write: what was acknowledged
# and what was read after that is everything, and in order.
rm -f t.db*
shop
seed=$(date +%s)
echo "# seed $seed"
awk -v seed="$seed" 'BEGIN { srand(seed); for (; i < 60; i++) printf "%.3f\n", rand() / 8 }' >moments
(
	i=0	# a few changes at a time, so that there is always something to read
	while [ ! -e enough ] && [ $((i += 1)) -le 2000 ]; do
		orders $((i * 5)) $((i * 5 + 4)) | order-import -q || exit 1
	done
) &
writers=$!
: >got
while read -r moment; do
	: >part
	# The reader keeps what it has, then acknowledges; each step may be its last.
	# shellcheck disable=SC2016	# another shell expands it
	setsid sh -c '
		history-follow --json --cursor sink --follow |
		while IFS= read -r record; do
			case $record in
			*"\"type\":\"cursor\""*)
				{ echo; cat part; } >>got && : >part
				value=${record##*\"value\":\"}
				history-follow --cursor sink --ack "${value%%\"*}" ;;
			*)	printf "%s\n" "$record" >>part ;;
			esac || exit 1
		done' >/dev/null 2>&1 &
	group=$!
	sleep "$moment"
	tries=0	# on a busy machine the group may not be there yet
	until kill -s KILL -- "-$group" 2>/dev/null || [ $((tries += 1)) -gt 500 ]; do
		sleep 0.01
	done
	wait "$group" 2>/dev/null
	# A line that was cut by the kill counts for nothing.
	acked=$(sql "SELECT ifnull(max(history_id), 0) FROM follower")
	sed -n 's/^{"type":"change","id":\([0-9]*\),.*}$/\1/p' got | sort -n |
	    uniq >ids
	seq 1 "$acked" | sort | comm -23 - <(sort ids) >lost
	[ ! -s lost ] || break
done <moments
[ ! -s lost ]
ok 'killed at sixty moments: nothing that was acknowledged is lost' $?
head -n 5 lost | note
echo "# acknowledged $acked"
touch enough
wait "$writers"
ok 'the writers noticed nothing' $?
tries=0
until history-follow --json --cursor sink >rest 2>err || [ $((tries += 1)) -gt 50 ]; do
	sleep 0.1	# the lock of the last one killed
done
end=$(sql 'SELECT max(id) FROM history')
cat got rest | sed -n 's/^{"type":"change","id":\([0-9]*\),.*}$/\1/p' |
    sort -n | uniq >ids
seq 1 "$end" | diff - ids >difference
ok "what was kept and what comes now is all $end changes" $?
head -n 5 difference | note
sql 'PRAGMA integrity_check' >out
same 'the file is sound' out <<'END'
ok
END
done_testing
