#!/bin/sh
# An import that is killed at any moment, again and again, and then run to its
# end leaves just what an undisturbed one does.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
kills=20

sql() { sqlite3 -separator ' ' "$CRM_DB" "$@"; }

# All but which run it was.
state() {
	sql 'SELECT * FROM orders ORDER BY id;
	    SELECT * FROM order_source ORDER BY id;
	    SELECT * FROM order_item ORDER BY order_id, line;
	    SELECT * FROM charge ORDER BY order_id, line;
	    SELECT * FROM note ORDER BY id;
	    SELECT * FROM customer ORDER BY id;
	    SELECT * FROM contact ORDER BY kind, value, customer_id;
	    SELECT * FROM offer ORDER BY id;
	    SELECT id, at, recorded_at, actor, entity, entity_id, item_id,
		field, old, new FROM history ORDER BY id;
	    SELECT source, place, record, reason FROM reject ORDER BY id;
	    SELECT * FROM cursor'
}

# Customers come back, every hundredth order is a mistake, pages end.
awk 'BEGIN {
	for (i = 1; i <= 20000; i++) {
		printf "{\"type\":\"order\",\"order_no\":\"K-%d\"," \
		    "\"source\":\"k\",\"status\":\"%s\"," \
		    "\"placed_at\":\"2026-01-%02dT10:00:00Z\",\"items\":[", \
		    i, i % 100 ? "new" : "nonsense", i % 28 + 1
		for (k = 0; k <= i % 3; k++)
			printf "%s{\"sku\":\"S-%d\",\"name\":\"Товар %d\"," \
			    "\"quantity\":%d,\"price\":%d.%02d}", k ? "," : "",
			    (i + k) % 500, (i + k) % 500, k + 1, i % 90, i % 100
		printf "],\"charges\":[{\"kind\":\"delivery\",\"amount\":5}]," \
		    "\"notes\":[{\"at\":\"2026-01-31T10:00:00Z\"," \
		    "\"text\":\"note %d\"}],\"customer_name\":\"Покупатель\"," \
		    "\"phone\":\"+37529%07d\"}\n", i, i * 7919 % 10001
		if (i % 1000 == 0)
			printf "{\"type\":\"cursor\",\"source\":\"k\"," \
			    "\"value\":\"%d\"}\n", i
	}
}' >orders.ndjson

shop
begun=$(date +%s%N)
expect 3 order-import -q orders.ndjson
took=$((($(date +%s%N) - begun) / 1000000))
state >want
[ "$(sql 'SELECT count(*) FROM orders')" -eq 19800 ]
ok "undisturbed: all but the mistakes, in $took ms" $?

# Four kills a shop, each at a random moment of that time.
seed=$(date +%s)
echo "# seed $seed"
awk -v seed="$seed" -v n=1000 -v ms="$took" 'BEGIN {
	srand(seed)
	while (n--)
		printf "%.3f\n", rand() * ms / 1000
}' >moments
exec 3<moments
killed=0 ended=0 shops=0
while [ "$killed" -lt "$kills" ] && read -r moment <&3; do
	if [ $((killed % 4)) -eq 0 ] || [ "$ended" -ne 0 ]; then
		rm -f t.db*
		shop
		ended=0
		shops=$((shops + 1))
	fi
	order-import -q orders.ndjson >out 2>err &
	import=$!
	sleep "$moment"
	kill -s KILL "$import" 2>/dev/null
	wait "$import" 2>/dev/null
	status=$?
	if [ "$status" -ne 137 ]; then	# it was faster: begin another shop
		ended=1
		continue
	fi
	killed=$((killed + 1))
	sql 'PRAGMA integrity_check; PRAGMA foreign_key_check;
	    SELECT count(*) FROM orders o WHERE NOT EXISTS
	    (SELECT * FROM order_item WHERE order_id = o.id)
	    OR NOT EXISTS (SELECT * FROM history
	    WHERE entity = "order" AND entity_id = o.id)' >out
	same "killed after $moment s: the file is sound, no order is half" out <<-END
	ok
	0
	END
	whole
	[ $((killed % 4)) -eq 0 ] || continue
	run order-import -q orders.ndjson
	[ "$status" -eq 3 ]
	ok 'run to its end' $?
	state | cmp - want >difference
	ok 'all is as if nothing had happened' $?
	note difference
done
[ "$killed" -eq "$kills" ]
ok "$killed kills in $shops shops" $?

# A run that was killed after its first commit is known by having no end.
rm -f t.db*
shop
mkfifo pipe
order-import -q <pipe >out 2>err &
import=$!
exec 4>pipe
cat orders.ndjson >&4
tries=0
while [ "$(sql 'SELECT count(*) FROM orders')" -eq 0 ] && [ $tries -lt 600 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill -s KILL "$import"
wait "$import" 2>/dev/null
exec 4>&-
sql "SELECT count(*) FROM run WHERE command = 'order-import'
    AND ended_at IS NULL" >out
same 'a killed run has no end' out <<'END'
1
END
whole
done_testing
