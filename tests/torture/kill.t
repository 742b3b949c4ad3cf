#!/bin/sh
# An import that is killed at any moment, again and again, and then run to its
# end leaves just what an undisturbed one does.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
kills=20
[ -z "$long" ] || kills=200
per_shop=10

orders 20000 >orders.ndjson
shop
base
begun=$(date +%s%N)
expect 3 order-import -q orders.ndjson
took=$((($(date +%s%N) - begun) / 1000000))
whole 'undisturbed'
state >want
[ "$(sql 'SELECT count(*) FROM orders')" -gt 20000 ]
ok "undisturbed, in $took ms" $?

# Each kill a random moment later, sooner more often, for what is done already
# takes less time again; a run that was faster ends its shop.
awk -v seed="$seed" -v ms="$took" 'BEGIN {
	srand(seed % 1000000007)
	for (i = 0; i < 10000; i++)
		printf "%.3f\n", rand() * rand() * ms / 1000
}' >moments
exec 3<moments
killed=0 shops=0
while [ "$killed" -lt "$kills" ]; do
	restore
	shops=$((shops + 1)) in_shop=0
	while [ "$in_shop" -lt "$per_shop" ] && read -r moment <&3; do
		order-import -q orders.ndjson >out 2>err &
		import=$!
		sleep "$moment"
		kill -s KILL "$import" 2>/dev/null
		wait "$import" 2>/dev/null
		status=$?
		[ "$status" -eq 137 ] || break
		killed=$((killed + 1)) in_shop=$((in_shop + 1))
		whole "killed after $moment s"
	done
	[ "$status" -eq 137 ] || [ "$status" -eq 3 ]
	must "killed or ended well: $status" $?
	run order-import -q orders.ndjson
	[ "$status" -eq 3 ]
	must 'run to its end' $?
	state >now
	cmp now want >difference
	must "shop $shops, killed $in_shop times: as if nothing had happened" $?
	diff want now | cut -c 1-120 | head -n 20 | note
done
all "$killed kills in $shops shops: as if nothing had happened"

# A run that was killed after its first commit is known by having no end.
restore
mkfifo pipe
order-import -q <pipe >out 2>err &
import=$!
exec 4>pipe
cat orders.ndjson >&4
stored 1
kill -s KILL "$import"
wait "$import" 2>/dev/null
exec 4>&-
sql "SELECT count(*) FROM run WHERE command = 'order-import'
    AND ended_at IS NULL" >out
same 'a killed run has no end' out <<'END'
1
END
done_testing
