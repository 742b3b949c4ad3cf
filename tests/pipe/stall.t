#!/bin/sh
# An import that waits for its input stands in nobody's way, and two imports at
# once get along.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"


# orders PREFIX FROM TO - so many orders as records.
orders() {
	awk -v p="$1" -v i="$2" -v n="$3" 'BEGIN {
		for (; i <= n; i++)
			printf "{\"type\":\"order\",\"order_no\":\"%s-%d\"," \
			    "\"source\":\"%s\",\"status\":\"new\"," \
			    "\"placed_at\":\"2026-03-01T10:00:00Z\",\"items\":" \
			    "[{\"sku\":\"S-%d\",\"name\":\"x\",\"quantity\":1," \
			    "\"price\":1}],\"phone\":\"+37529%07d\"}\n",
			    p, i, p, i % 7, i
	}'
}

# until_stored N - wait until so many orders are in the shop, ten seconds at most.
until_stored() {
	tries=0
	until [ "$(sql 'SELECT count(*) FROM orders')" -ge "$1" ]; do
		[ $((tries += 1)) -le 100 ] || break
		sleep 0.1
	done
	[ "$(sql 'SELECT count(*) FROM orders')" -eq "$1" ]
	ok "$1 orders are stored while more may come" $?
}

# A producer that stalls, in the middle of a record.
shop
orders P 1 10 >part1
printf '{"type":"order","order_no":"P-11",' >>part1
{ printf '"source":"P","placed_at":"2026-03-01T10:00:00Z","items":[]}\n'
	orders P 12 20; } >part2
mkfifo pipe
order-import -v <pipe 2>import.err &
import=$!
exec 3>pipe
cat part1 >&3
until_stored 10
expect 0 timeout 5 order-status --set client-confirmed P-1 P-2
expect 0 timeout 5 order-list --json
orders Q 1 3 >other
expect 0 timeout 5 order-import other
cat part2 >&3
exec 3>&-
wait "$import"
ok 'the import ends well' $?
contains 'and has taken all' import.err '20 new, 0 changed, 0 same'
sql "SELECT status, count(*) FROM orders GROUP BY 1" >out
same 'nobody undid what the other did' out <<'END'
client-confirmed 2
new 21
END

# With --atomic and --dry-run too, which read the whole pipe first.
for option in --atomic --dry-run; do
	order-import -v "$option" <pipe 2>import.err &
	import=$!
	exec 3>pipe
	orders "R$option" 1 10 >&3
	expect 0 timeout 5 order-status --set new --force P-1
	expect 0 timeout 5 order-status --set client-confirmed --force P-1
	orders "R$option" 11 20 >&3
	exec 3>&-
	wait "$import"
	ok "$option ends well" $?
	contains "$option has taken all" import.err '20 new, 0 changed, 0 same'
done
[ "$(sql 'SELECT count(*) FROM orders')" -eq 43 ]
ok 'and --dry-run none' $?

# A command that acts on orders reads its list to the end before it acts.
order-status --set assembling --force -v <pipe 2>status.err &
move=$!
exec 3>pipe
echo P-3 >&3
expect 0 timeout 5 order-status --set client-confirmed P-4
echo P-4 >&3
exec 3>&-
wait "$move"
ok 'a slow list is moved in the end' $?
contains 'all of it' status.err '2 moved'

# Two doors at once.
rm -f t.db*
shop
orders X 1 3000 >x.ndjson
orders Y 1 3000 >y.ndjson
order-import -v x.ndjson 2>x.err &
x=$!
order-import -v y.ndjson 2>y.err &
y=$!
wait "$x"
ok 'one of two imports at once ends well' $?
wait "$y"
ok 'so does the other' $?
contains 'and has taken its own' x.err '3000 new, 0 changed, 0 same'
contains 'as the other has' y.err '3000 new, 0 changed, 0 same'
sql 'SELECT source, count(*), count(DISTINCT order_no) FROM orders GROUP BY 1
    ORDER BY 1; SELECT count(*) FROM customer; SELECT count(*) FROM offer;
    SELECT count(*) FROM order_item' >out
same 'all is there, customers and goods once' out <<'END'
X 3000 3000
Y 3000 3000
3000
7
6000
END

# The same file twice at once.
rm -f t.db*
shop
order-import -v x.ndjson 2>x.err &
x=$!
order-import -v x.ndjson 2>y.err &
y=$!
wait "$x"
ok 'the same twice at once: the one' $?
wait "$y"
ok 'and the other' $?
sql 'SELECT count(*), count(DISTINCT external_id), max(rev) FROM orders;
    SELECT count(*) FROM order_item;
    SELECT count(*) FROM customer;
    SELECT count(*) FROM history WHERE entity = "order"' >out
same 'each order is there once' out <<'END'
3000 3000 1
3000
3000
3000
END
cat x.err y.err | awk '{ for (i = 2; i <= NF; i++) sum[$i] += $(i - 1) }
    END { print sum["new,"], sum["same,"], sum["rejected;"] }' >out
same 'new to one of them, known to the other' out <<'END'
3000 3000 0
END
sql 'PRAGMA integrity_check; PRAGMA foreign_key_check' >out
same 'the file is sound' out <<'END'
ok
END
done_testing
