#!/bin/sh
# run.sh BINDIR [ORDERS] - how long order-import takes for that many orders
# (20000), beside sqlite3's .import of the same rows into plain tables: the floor
# for putting them into a file of this kind at all.
set -eu
PATH=$(cd "$1" && pwd):$PATH
orders=${2:-20000}
work=$(mktemp -d "${TMPDIR:-/tmp}/crm-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
unset CRM_DB CRM_CONFIG
export HOME="$work" LC_ALL=C.UTF-8

# Each order has one to three lines; customers come back now and then.
awk -v n="$orders" '
function item(k) {
	return sprintf("{\"sku\":\"SKU-%d\",\"name\":\"Товар %d\",\"quantity\":%d,\"price\":%d.%02d}",
	    k % 500, k % 500, k % 3 + 1, k % 90 + 10, k % 100)
}
BEGIN {
	for (i = 1; i <= n; i++) {
		items = item(i * 7)
		for (k = 1; k <= i % 3; k++)
			items = items "," item(i * 7 + k)
		c = (i * 7919) % int(n / 2 + 1)
		printf "{\"type\":\"order\",\"order_no\":\"B-%d\",\"status\":\"new\",", i
		printf "\"placed_at\":\"2026-%02d-%02dT%02d:%02d:00Z\",", \
		    i % 2 + 1, i % 28 + 1, i % 24, i % 60
		printf "\"currency\":\"BYN\",\"items\":[%s],", items
		printf "\"customer_name\":\"Покупатель %d\",\"phone\":\"+37529%07d\"}\n", c, c
	}
}' >orders.ndjson

# The same rows as tables, made by sqlite3 from the same file.
sqlite3 rows.db <<-'SQL'
	CREATE TABLE line (text TEXT);
	.mode ascii
	.separator "\037" "\n"
	.import orders.ndjson line
	.mode csv
	.once orders.csv
	SELECT text ->> 'order_no', text ->> 'status', text ->> 'placed_at',
	    text ->> 'currency', text ->> 'customer_name',
	    text ->> 'phone' FROM line;
	.once items.csv
	SELECT text ->> 'order_no', value ->> 'sku', value ->> 'name',
	    value ->> 'quantity', value ->> 'price'
	    FROM line, json_each(text, '$.items');
SQL

now() { date +%s%N; }

start=$(now)
sqlite3 floor.db <<-'SQL'
	PRAGMA journal_mode = WAL;
	CREATE TABLE orders (order_no TEXT PRIMARY KEY, status TEXT,
	    placed_at TEXT, currency TEXT, name TEXT, phone TEXT);
	CREATE TABLE item (order_no TEXT, sku TEXT, name TEXT, quantity INT,
	    price REAL);
	.mode csv
	.import orders.csv orders
	.import items.csv item
SQL
floor=$(($(now) - start))

crm-init -q --timezone Europe/Minsk --currency BYN --country BY --db shop.db
start=$(now)
order-import --db shop.db orders.ndjson
first=$(($(now) - start))
start=$(now)
order-import --db shop.db orders.ndjson
again=$(($(now) - start))

awk -v n="$orders" -v floor="$floor" -v first="$first" -v again="$again" '
function line(what, t) {
	printf "%-28s %7.2f s %9.0f orders/s %6.1f x\n", what, t / 1e9, \
	    n / (t / 1e9), t / floor
}
BEGIN {
	line("sqlite3 .import", floor)
	line("order-import", first)
	line("order-import, nothing new", again)
}'
