#!/bin/sh
# An import that is told to stop keeps what it has, says that it did not end,
# and is completed by running it again.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

orders() {	# orders FROM TO
	awk -v i="$1" -v n="$2" 'BEGIN {
		for (; i <= n; i++)
			printf "{\"type\":\"order\",\"order_no\":\"O-%d\"," \
			    "\"source\":\"s\",\"status\":\"new\"," \
			    "\"placed_at\":\"2026-03-01T10:00:00Z\",\"items\":" \
			    "[{\"sku\":\"S\",\"name\":\"x\",\"quantity\":1," \
			    "\"price\":1}],\"phone\":\"+37529%07d\"}\n", i, i
	}'
}

# What an order's import leaves, without the run it came by.
state() {
	sql 'SELECT * FROM orders ORDER BY id;
	    SELECT * FROM order_item ORDER BY order_id, line;
	    SELECT * FROM customer ORDER BY id; SELECT * FROM contact;
	    SELECT at, actor, entity, entity_id, field, old, new FROM history
	    WHERE entity IN ("order", "customer") ORDER BY entity, entity_id, id'
}

# stored N - wait until so many orders are in the shop, ten seconds at most.
stored() {
	tries=0
	until [ "$(sql 'SELECT count(*) FROM orders')" -ge "$1" ]; do
		[ $((tries += 1)) -le 1000 ] || return 1
		sleep 0.01
	done
}

# begin COMMAND... - in the background, with the signals that a shell's
# background job ignores.
begin() {
	env --default-signal=INT "$@" 2>import.err &
	import=$!
}

orders 1 20000 >all.ndjson
shop
expect 0 order-import all.ndjson
state >want
mkfifo pipe

for signal in TERM INT; do
	case $signal in
	TERM)	number=143 ;;
	INT)	number=130 ;;
	esac

	# While it waits for more.
	rm -f t.db*
	shop
	begin order-import pipe
	exec 3>pipe
	orders 1 10 >&3
	stored 10
	ok "$signal, waiting: what came is stored" $?
	kill -s $signal "$import"
	wait "$import" 2>/dev/null
	[ $? -eq "$number" ]
	ok "$signal, waiting: exit status $number" $?
	exec 3>&-
	same "$signal, waiting: silence" import.err </dev/null
	[ "$(sql 'SELECT count(*) FROM orders')" -eq 10 ]
	ok "$signal, waiting: what came stays" $?
	[ "$(sql 'SELECT exit_status FROM run ORDER BY id DESC LIMIT 1')" != 0 ]
	ok "$signal, waiting: the run did not end well" $?

	# At work.
	rm -f t.db*
	shop
	begin order-import -v all.ndjson
	stored 1
	kill -s $signal "$import"
	wait "$import" 2>/dev/null
	[ $? -eq "$number" ]
	ok "$signal, at work: exit status $number" $?
	some=$(sql 'SELECT count(*) FROM orders')
	[ "$some" -gt 0 ] && [ "$some" -lt 20000 ]
	ok "$signal, at work: some are taken ($some)" $?
	[ "$(sql "SELECT count(*) FROM orders o WHERE NOT EXISTS
	    (SELECT * FROM order_item WHERE order_id = o.id) OR NOT EXISTS
	    (SELECT * FROM history WHERE entity = 'order' AND
	    entity_id = o.id)")" -eq 0 ]
	ok "$signal, at work: none by half" $?
	[ "$(sql 'SELECT exit_status FROM run ORDER BY id DESC LIMIT 1')" != 0 ]
	ok "$signal, at work: the run did not end well" $?
	expect 0 order-import -v all.ndjson
	contains "$signal: again takes the rest" err \
	    "$((20000 - some)) new, 0 changed, $some same"
	state | cmp - want >difference
	ok "$signal: and all is as if nothing had happened" $?
	note difference

	# All or none.
	rm -f t.db*
	shop
	begin order-import --atomic --backfill pipe
	exec 3>pipe
	cat all.ndjson >&3
	kill -s $signal "$import"
	wait "$import" 2>/dev/null
	[ $? -eq "$number" ]
	ok "$signal, --atomic: exit status $number" $?
	exec 3>&-
	[ "$(sql 'SELECT count(*) FROM orders')" -eq 0 ]
	ok "$signal, --atomic: none is taken" $?
done

# Whole records that were refused are copied out or not, never by half.
rm -f t.db*
shop
orders 1 5000 | sed 's/"new"/"nonsense"/' >bad.ndjson
orders 5001 20000 >>bad.ndjson
begin order-import -q --rejects bad.out bad.ndjson
stored 1
kill -s TERM "$import"
wait "$import" 2>/dev/null
[ ! -e bad.out ] || head -n 5000 bad.ndjson | cmp - bad.out >difference
ok 'the file of rejects is whole' $?
[ -z "$(find . -name 'bad.out.*')" ]
ok 'and nothing else is left behind' $?
done_testing
