#!/bin/sh
# order-fetch and the import behind it, either of them killed at any moment, again
# and again, and then run to the end: exactly one copy of every order, customer
# and cart.
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
	    SELECT s.external_id, c.name, p.value FROM customer c
	    JOIN customer_source s ON s.customer_id = c.id
	    JOIN contact p ON p.customer_id = c.id ORDER BY 1, 3;
	    SELECT c.external_id, c.phone, i.name, i.quantity FROM cart c
	    JOIN cart_item i ON i.cart_id = c.id ORDER BY 1;
	    SELECT source, value FROM cursor"
}
have() { sql "SELECT count(*) FROM $table"; }

# kill_at COMMAND N - a fetch and import of which COMMAND dies as soon as the
# server was asked N times.
kill_at() {
	before=$(requests | wc -l)
	mkfifo line
	# shellcheck disable=SC2086	# none or one
	order-fetch $what site >line 2>/dev/null &
	fetch=$!
	$into <line >/dev/null 2>&1 &
	import=$!
	tries=0
	until [ "$(requests | wc -l)" -ge $((before + $2)) ] ||
	    [ $((tries += 1)) -gt 100 ]; do
		sleep 0.02
	done
	case $1 in
	fetch) kill -9 $fetch ;;
	import) kill -9 $import ;;
	esac 2>/dev/null
	wait $fetch $import 2>/dev/null
	rm line
	rows=$(have)
	[ "$rows" -eq 0 ] || [ "$rows" -eq $all ] || partly=$((partly + 1))
}

# survives NAME TABLE KIND KEYS: what is in the file records.
survives() {
	table=$2
	printf 'shop records\ndelay 10\n' >script
	serve "$3" "$4"
	shop
	# shellcheck disable=SC2086
	order-fetch $what site 2>/dev/null | $into 2>/dev/null
	state >want
	[ "$(have)" -eq $all ]
	ok "$1, undisturbed: all" $?
	shop
	i=1 partly=0
	while [ $i -le $kills ] && [ "$(have)" -lt $all ]; do
		kill_at fetch $((i % 3 + 2))
		kill_at import $((i % 3 + 2))
		i=$((i + 1))
	done
	[ $partly -gt 0 ]
	ok "$1: kills hit fetches that were half done" $?
	# shellcheck disable=SC2086
	order-fetch $what site 2>err | $into 2>>err
	[ "$(have)" -eq $all ]
	ok "$1, then run to the end: all" $?
	state | diff want - | head -20 >difference
	[ ! -s difference ]
	ok "$1: one copy of each, as undisturbed" $?
	note difference
	expect 0 crm-check
}

# each FUNCTION: a line "TIME RECORD" of it for each minute of a day.
each() {
	i=1
	while [ $i -le $all ]; do
		t=2026-02-01T$(printf '%02d:%02d' $((i / 12)) $((i % 12 * 5))):00
		printf '%s %s\n' "$t" "$("$1" $i "$t")"
		i=$((i + 1))
	done >records
}

what='' into=order-import
each woo
survives orders orders woocommerce 'user = "ck" page_size = 10'
sql "SELECT count(*), count(DISTINCT source || ' ' || external_id)
    FROM order_source" >out
same 'none is there twice' out <<END
$all $all
END

what=--customers into=customer-import kills=6
# shellcheck disable=SC2317	# each calls it
shopper() {
	printf '{"id":%d,"first_name":"Анна","last_name":"Ёлкина %d",' "$1" "$1"
	printf '"phone":"+3752911%05d","verified_email":true,' "$1"
	printf '"created_at":"2026-01-01T00:00:00Z","updated_at":"%sZ"}' "$2"
}
each shopper
survives customers customer shopify 'page_size = 10'

what=--carts into=cart-import
# shellcheck disable=SC2317
checkout() {
	printf '{"id":%d,"phone":"+3752911%05d","currency":"BYN",' "$1" "$1"
	printf '"line_items":[{"sku":"S-%d","title":"Мыло","quantity":%d,' \
	    "$1" "$1"
	printf '"price":"1.50"}],"updated_at":"%sZ"}' "$2"
}
each checkout
survives carts cart shopify 'page_size = 10'

# A whole list without a cursor: each fetch begins anew.
what=--customers into=customer-import
i=1
while [ $i -le $all ]; do
	printf '2026-02-01T00:00:00 {"id":%d,"email":"c%d@example.by",' $i $i
	printf '"first_name":"Анна","billing":{"phone":"+3752911%05d"},' $i
	printf '"date_created_gmt":"2026-01-01T00:00:00"}\n'
	i=$((i + 1))
done >records
survives whole customer woocommerce 'user = "ck" page_size = 25'
done_testing
