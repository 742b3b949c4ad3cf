#!/bin/sh
# order-export --send, killed at each of its requests, and then run to the end:
# the server has every order as it is here, each once, and was told again at most
# what was under way.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"
all=6

sql() { sqlite3 -separator ' ' "$CRM_DB" "$@"; }

echo "run sh $top/tests/standin.sh" >script

# send - in the background of nobody: it is killed or ends.
send() { sh -c 'echo $$ >pid; exec order-export --send -q site' 2>err; }
# empty_shop - nobody was told anything.
empty_shop() {
	rm -rf there twice t.db-*
	mkdir there
	cp base.db t.db
	echo 0 >count
	echo 0 >fatal
}
there() { (cd there && grep -s . ./*); }

# killed KIND MORE - at each request; so many more it may then take.
killed() {
	empty_shop
	send
	ok "$1: undisturbed" $?
	there >want
	total=$(cat count)
	[ "$(wc -l <want)" -eq $all ] && [ "$total" -ge $all ]
	ok "$1: all are told" $?
	at=1 wrong='' again=''
	while [ $at -le "$total" ]; do
		empty_shop
		echo $at >fatal
		send
		[ $? -eq 137 ] || wrong="$wrong $at:lives"
		send || wrong="$wrong $at:$?"
		there | cmp -s - want || wrong="$wrong $at:differs"
		[ ! -e twice ] || wrong="$wrong $at:twice"
		[ "$(cat count)" -le $((total + $2)) ] || again="$again $at"
		[ "$(sql 'SELECT count(*) FROM told')" -eq 0 ] ||
		    wrong="$wrong $at:marked"
		at=$((at + 1))
	done
	empty "$1: killed at each of $total requests, all as if undisturbed" \
	    "$wrong"
	empty "$1: one order at most is told again" "$again"
	: >asked
	expect 0 order-export --send site
	same "$1: and then it is at rest" asked </dev/null
	whole
}

CRM_DB=$work/t.db
shop
i=1
while [ $i -le $all ]; do
	printf '{"type":"order","order_no":"%d","source":"site",' $i
	printf '"external_id":"%d","status":"new",' $i
	printf '"placed_at":"2026-03-01T10:00:00Z","items":[{"name":"x",'
	printf '"sku":"x","quantity":1,"price":5}]}\n'
	i=$((i + 1))
done >orders
expect 0 order-import orders
serve woocommerce 'user = ck'
echo 'receiver site { kind = woocommerce shop = site }' >>crm.conf
expect 0 order-export site --confirm last
order-list --tsv --no-header | cut -f 1 |
    order-status -q --force --set complete 2>err
order-status -q --force --set no-product --reason x 3 2>err
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
cp t.db base.db
killed WooCommerce 1
there >out
same 'the last word counts' out <<'END'
./1:completed
./2:completed
./3:cancelled
./4:completed
./5:completed
./6:completed
END

rm -f t.db*
shop
sed 's/"site","external_id":"[0-9]*"/"phone"/' orders >ours
expect 0 order-import ours
sql "INSERT INTO offer_source SELECT 'site', 'g-1', min(id), NULL FROM offer"
serve moysklad
cat >>crm.conf <<'END'
receiver site { kind = moysklad shop = site codes = "codes"
    organization = "https://ms/o/1" agent = "https://ms/a/2" }
END
echo 'codes "status" { values = { "new=first", "complete=last" } }' >codes
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >out
cp t.db base.db
killed MoySklad 2
sql "SELECT count(*), count(DISTINCT external_id) FROM order_source
    WHERE source = 'site'" >out
same 'their ids there are known' out <<END
$all $all
END
done_testing
