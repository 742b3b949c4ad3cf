#!/bin/sh
# Everybody at once on one database: eight imports, twenty who move orders,
# people who read, and copies being made. Nobody fails, and nothing is lost.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
each=400 moves=5 movers=20
[ -z "$long" ] || { each=4000 moves=50; }

# Four files of their own, and one that four others bring at the same time.
for i in 1 2 3 4; do
	orders "$each" source="own$i" first=$((i * each)) >"own$i.ndjson"
	orders "$each" source=same >"same$i.ndjson"
done
shop
for i in $(seq "$movers"); do
	printf '{"type":"order","order_no":"M-%d","source":"m","placed_at":"%s","items":[]}\n' \
	    "$i" 2026-03-01T10:00:00Z
done >moved.ndjson
expect 0 order-import -q moved.ndjson

# done_as NAME COMMAND... - in the background, with its end written down.
done_as() {
	name=$1
	shift
	{ "$@" >"$name.out" 2>"$name.err" </dev/null
		echo "$? $name" >>ends; } &
}
: >ends
for i in 1 2 3 4; do
	done_as "own$i" order-import -q "own$i.ndjson"
	done_as "same$i" order-import -q "same$i.ndjson"
done

# Each moves an order there and back and writes down what it has been told.
mover() {
	for _ in $(seq "$moves"); do
		for status in client-confirmed new; do
			begun=$(date +%s%N)
			order-status -q --force --as "mover$1" --set "$status" \
			    "M-$1" >"out.$1" 2>>"mover$1.err" </dev/null
			echo "$? $(($(date +%s%N) - begun))" >>"mover$1.times"
		done
	done
}
for i in $(seq "$movers"); do
	mover "$i" &
done
mkdir copies
readers=0
while [ "$readers" -lt 6 ]; do
	readers=$((readers + 1))
	done_as "read$readers-list" order-list --json
	done_as "read$readers-rfm" rfm --json
	done_as "read$readers-report" report-xlsx -q --period 2026-01 -o "r$readers.xlsx"
	done_as "read$readers-copy" crm-backup -q --wait 60 copies
	sleep 0.3
done
wait

grep -vE '^(0|3) own|^(0|3) same|^0 read' ends >bad
empty 'no command failed' "$(cat bad)"
while read -r _ name; do note "$name.err"; done <bad
cat mover*.times >all.times
[ "$(wc -l <all.times)" -eq $((movers * moves * 2)) ]
ok 'all moves were made' $?
empty 'no move failed' "$(grep -v '^0 ' all.times; cat mover*.err)"
sort -k 2 -n all.times | awk '{ ns[NR] = $2 } END {
    printf "# moves: median %.0f ms, p99 %.0f ms, longest %.0f ms\n", ns[int(NR / 2) + 1] / 1e6,
    ns[int(NR * 0.99)] / 1e6, ns[NR] / 1e6 }'
sql "SELECT count(*) FROM history WHERE field = 'status' AND actor LIKE 'mover%'" \
    >out
same 'each move is in the history' out <<END
$((movers * moves * 2))
END
sql "SELECT DISTINCT status, rev FROM orders WHERE source = 'm'" >out
same 'and they stand where the last one left them' out <<END
new $((moves * 2 + 1))
END
whole 'after the crowd'
all 'the database is whole'
for copy in copies/*.db; do
	[ "$(sqlite3 "$copy" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" = ok ]
	must "$copy is whole" $?
done
all 'so is every copy'

# One after another, they leave as much.
count() {
	sql "SELECT source, count(*), sum(total_minor), sum(paid_minor)
	    FROM orders WHERE source <> 'm' GROUP BY 1 ORDER BY 1;
	    SELECT count(*), sum(sum_minor) FROM order_item;
	    SELECT count(*) FROM note; SELECT count(*) FROM reject;
	    SELECT * FROM cursor ORDER BY 1"
}
count >together
rm -f t.db*
shop
order-import -q moved.ndjson
for file in own1 same1 own2 same2 own3 same3 own4 same4; do
	order-import -q "$file.ndjson" >out 2>err
done
count >alone
diff alone together >difference
ok 'all is there, and once' $?
note difference
done_testing
