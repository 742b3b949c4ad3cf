#!/bin/sh
# order-fetch | order-import, either of them killed at any moment, again and
# again, and then run to the end: exactly one copy of every order.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"
all=200 kills=12


# What the shop has of the site, but not when it learned it.
state() {
	sql "SELECT o.order_no, o.status, o.total_minor, s.external_id
	    FROM orders o JOIN order_source s ON s.order_id = o.id
	    ORDER BY o.order_no;
	    SELECT * FROM cursor"
}

# kill_at COMMAND N - a fetch and import of which COMMAND dies as soon as the
# server was asked N times.
kill_at() {
	before=$(requests | wc -l)
	mkfifo line
	order-fetch site >line 2>/dev/null &
	fetch=$!
	order-import <line >/dev/null 2>&1 &
	import=$!
	tries=0
	until [ "$(requests | wc -l)" -ge $((before + $2)) ] ||
	    [ $((tries += 1)) -gt 100 ]; do
		sleep 0.02
	done
	case $1 in
	order-fetch) kill -9 $fetch ;;
	order-import) kill -9 $import ;;
	esac 2>/dev/null
	wait $fetch $import 2>/dev/null
	rm line
}

i=1
while [ $i -le $all ]; do
	t=2026-02-01T$(printf '%02d:%02d' $((i / 12)) $((i % 12 * 5))):00
	printf '%s %s\n' "$t" "$(woo $i "$t")"
	i=$((i + 1))
done >orders
printf 'shop orders\ndelay 10\n' >script
serve woocommerce 'user = "ck" page_size = 10'

CRM_DB=$work/t.db
shop
order-fetch site 2>/dev/null | order-import 2>/dev/null
state >want
[ "$(sql 'SELECT count(*) FROM orders')" -eq $all ]
ok 'undisturbed: all orders' $?

rm t.db*
shop
i=1 partly=0
while [ $i -le $kills ]; do
	kill_at order-fetch $((i % 3 + 2))
	have=$(sql 'SELECT count(*) FROM orders')
	[ "$have" -eq 0 ] || [ "$have" -eq $all ] || partly=$((partly + 1))
	kill_at order-import $((i % 3 + 2))
	have=$(sql 'SELECT count(*) FROM orders')
	[ "$have" -eq 0 ] || [ "$have" -eq $all ] || partly=$((partly + 1))
	i=$((i + 1))
done
[ $partly -gt 0 ]
ok 'kills hit fetches that were half done' $?
order-fetch site 2>err | order-import 2>>err
[ "$(sql 'SELECT count(*) FROM orders')" -eq $all ]
ok 'then run to the end: all orders' $?
state | diff want - >difference
ok 'one copy of each, as undisturbed' $?
note difference
sql "SELECT count(*), count(DISTINCT source || ' ' || external_id)
    FROM order_source" >out
same 'none is there twice' out <<END
$all $all
END
expect 0 crm-check
done_testing
