#!/bin/sh
# order-import of tables: CSV, TSV and what Excel makes of them.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

lines() { sql 'SELECT order_no, sku, quantity, price, sum FROM v_items ORDER BY order_no, line'; }

# Our own headers need no map; one line an item.
shop
cat >own.csv <<'EOF'
order_no,placed_at,status,customer_name,phone,delivery_cost,discount,item_sku,item_name,item_quantity,item_price,total
A,2026-02-01 10:00,new,Анна,8 029 111 22 33,5,2,S1,Soap,2,10.50,24.00
A,,,,,,,S2,"Brush; ""soft"", large",1,0,
B,2026-02-01 11:00,new,,,,,S1,Soap,1,10.50,10.50
EOF
expect 0 order-import own.csv
lines >out
same 'lines' out <<'EOF'
A S1 2.0 10.5 21.0
A S2 1.0 0.0 0.0
B S1 1.0 10.5 10.5
EOF
sql "SELECT order_no, placed_at, phone, total, source_total FROM v_orders ORDER BY 1;
    SELECT kind, amount FROM v_charges; SELECT name FROM v_items WHERE sku = 'S2'" >out
same 'orders: local time, charges, quotes' out <<'EOF'
A 2026-02-01T07:00:00Z +375291112233 24.0 24.0
B 2026-02-01T08:00:00Z  10.5 10.5
delivery 5.0
discount -2.0
Brush; "soft", large
EOF
expect 0 order-import -v own.csv
contains 'twice changes nothing' err '0 new, 0 changed, 2 same'
expect 0 sh -c 'order-import -v <own.csv'
contains 'from standard input, a file' err '2 same'
expect 0 sh -c 'cat own.csv | order-import -v'
contains 'from a pipe' err '2 same'
tr ',' '\t' <own.csv | sed 's/"Brush.*large"/Brush/' >own.tsv
expect 0 order-import -v --source tsv own.tsv
contains 'tab-separated' err '2 new'

# Lines of an order may lie anywhere in the file.
shop
cat >scattered.csv <<'EOF'
order_no,placed_at,item_sku,item_quantity,item_price
A,2026-02-01 10:00,S1,1,1
B,2026-02-01 10:00,S1,1,2
A,2026-02-01 09:59,S2,1,3
C,2026-02-01 10:00,S1,1,4
B,,S2,1,5
EOF
expect 0 order-import -v scattered.csv
contains 'three orders' err '3 new'
sql 'SELECT order_no, placed_at, total FROM v_orders ORDER BY 1' >out
same 'whole, and as early as their first line' out <<'EOF'
A 2026-02-01T06:59:00Z 4.0
B 2026-02-01T07:00:00Z 7.0
C 2026-02-01T07:00:00Z 4.0
EOF

# One bad line refuses its order with all its lines, and no other.
bad() {	# bad TITLE LINE MESSAGE
	shop
	printf '%s\n' 'order_no,placed_at,item_sku,item_quantity,item_price' \
	    'A,2026-02-01 10:00,S1,1,1' 'B,2026-02-01 10:00,S1,1,2' "$2" \
	    'B,,S3,1,2' 'C,2026-02-01 10:00,S1,1,3' >bad.csv
	expect 3 order-import --rejects bad.out bad.csv
	same "$1" err <<-EOF2
	order-import: bad.csv:$3
	order-import: 1 of 3 records rejected
	EOF2
	sql 'SELECT group_concat(order_no) FROM orders; SELECT external_id FROM reject' >out
	same "$1: the others are whole" out <<-'EOF2'
	A,C
	B
	EOF2
	{ head -n 1 bad.csv; sed -n 3,5p bad.csv; } >lines
	same "$1: all its lines are kept, as they were" bad.out <lines
}
bad 'a word for a number' 'B,,S2,one,2' "4: column 4: quantity: 'one' is not a number"
bad 'surplus decimals' 'B,,S2,1,2.00005' "4: column 5: price: '2.00005' has too many decimals"
bad 'a ragged row' 'B,,S2,1' '4: the row has 4 cells, the header 5'
bad 'too many cells' 'B,,S2,1,2,3' '4: the row has 6 cells, the header 5'
bad 'an unclosed quote' 'B,,"S2,1,2' '3: line 4: unclosed quote'
bad 'ambiguous decimals' 'B,,S2,1,"1,250"' "4: column 5: '1,250' may be thousands or decimals; the map file's decimal tells which"
bad 'a slashed date' 'B,02/03/2026,S2,1,2' "4: column 2: '02/03/2026' may be day/month or month/day; the map file's format tells which"
bad 'a return' 'B,,S2,-1,2' '3: a return: a negative quantity or sum; returns = accept in the map file takes it'

# Rejects of several tables: each below the header of its own.
shop
printf '%s\n' order_no,item_sku,item_quantity,item_price A,S1,one,1 >a.csv
printf '%s\n' order_no,item_sku,item_price,item_quantity B,S1,1,one >b.csv
printf '%s\n' order_no,item_sku,item_price,item_quantity C,S1,1,one >c.csv
expect 3 order-import --rejects all.out a.csv b.csv c.csv
{ cat a.csv b.csv; tail -n 1 c.csv; } >want
same 'rejects stand below the header of their own table' all.out <want

# Bytes that are no UTF-8, in a file that is told or found to be UTF-8.
shop
printf '%s\n' 'encoding = "utf-8"' >utf8.map
printf 'order_no,placed_at,item_sku,item_quantity,item_price\nA,2026-02-01 10:00,S1,1,1\nB,2026-02-01 10:00,S1,1,1\nB,,S\3772,1,2\n' >bytes.csv
expect 3 order-import --map utf8.map bytes.csv
contains 'bad bytes refuse their order' err 'bytes.csv:3: line 4: bad UTF-8'
sql 'SELECT order_no FROM orders' >out
same 'and no other' out <<'EOF'
A
EOF

# Two orders with one number are seen by who ordered.
shop
cat >two.csv <<'EOF'
order_no,placed_at,phone,item_sku,item_quantity,item_price
A,2026-02-01 10:00,+375291112233,S1,1,1
A,2026-02-01 10:00,+375291112244,S1,1,1
EOF
expect 3 order-import two.csv
contains 'said' err "two.csv:3: column 3: '+375291112244' here, '+375291112233' in an earlier line of the same order"

# One line an order: the same number twice is refused, a total is enough.
shop
printf '%s\n' 'order_no,placed_at,total,payment_type,payment_status' 'A,2026-02-01,10.50,cash,paid' \
    'A,2026-02-02,11,cash,paid' 'B,2026-02-02,,,' >orders.csv
expect 3 order-import orders.csv
same 'the second is refused' err <<'EOF'
order-import: orders.csv:3: its number stands in this file already, on line 2
order-import: 1 of 3 records rejected
EOF
sql 'SELECT order_no, total, paid FROM v_orders ORDER BY 1; SELECT name, price FROM v_items' >out
same 'an order of which only the total is known' out <<'EOF'
A 10.5 10.5
B 0.0 0.0
total 10.5
EOF

# A header that is no header.
shop
printf '%s\n' 'A,2026-02-01,10.50' 'B,2026-02-01,10.50' >lost.csv
expect 3 order-import lost.csv own.csv
contains 'a lost header' err 'lost.csv: line 1: no column is known: is the header line missing? Foreign headers need --map, see crm-map(5)'
contains 'the other file is imported' err '1 of 3 records rejected'
printf '%s\n' 'placed_at,total' '2026-02-01,10.50' >nameless.csv
expect 3 order-import nameless.csv
contains 'no number' err 'there is no column order_no or external_id; files without numbers need a map file with a key'
printf '%s\n' 'order_no,placed_at,total,Colour' 'Z,2026-02-01,10.50,red' >odd.csv
expect 0 order-import odd.csv
same 'an unknown column is said once' err <<'EOF'
order-import: warning: odd.csv:1: unknown column 'Colour' is left out
EOF

# What Excel saves in Russia, through a map.
shop
cat >excel.map <<'EOF'
source = "excel"
decimal = ","
ignore = {"Примечание"}
column "Номер" { field = "order_no" }
column "Дата" { field = "placed_at"  format = "%d.%m.%Y %H:%M" }
column "Клиент" { field = "customer_name" }
column "Статус" { field = "status"  values = {"Новый=new", "Выполнен=complete"} }
column "Товар" { field = "item_name" }
column "Кол-во" { field = "item_quantity" }
column "Цена" { field = "item_price" }
constant "order_method" { value = "phone" }
EOF
cat >excel.txt <<'EOF'
Номер;Дата;Клиент;Статус;Товар;Кол-во;Цена;Примечание
17;31.01.2026 14:05;Алеся Кравец;ВЫПОЛНЕН;"Щётка; мягкая";1,5;1 250,00;x
17;;;;Мыло;2;0,50;
18;01.02.2026 09:00;Ёж;Новый;Мыло;1;0,50;
EOF
sed 's/$/\r/' excel.txt | iconv -f utf-8 -t windows-1251 >excel.csv
expect 0 order-import --map excel.map excel.csv
same 'silence' err </dev/null
sql 'SELECT order_no, source, placed_at, status, customer_name, order_method, total FROM v_orders ORDER BY 1' >out
same 'Windows-1251, semicolons, CR LF, decimal comma' out <<'EOF'
17 excel 2026-01-31T11:05:00Z complete Алеся Кравец phone 1876.0
18 excel 2026-02-01T06:00:00Z new Ёж phone 0.5
EOF
{ printf '\377\376'; sed 's/$/\r/' excel.txt | iconv -f utf-8 -t utf-16le; } >utf16.csv
expect 0 order-import -v --map excel.map utf16.csv
contains 'the same as UTF-16' err '2 same'
{ printf '\357\273\277'; cat excel.txt; } >bom.csv
expect 0 order-import -v --map excel.map bom.csv
contains 'the same as UTF-8 with a byte order mark' err '2 same'

# A reject of a table is tried again with its map.
iconv -f utf-8 -t windows-1251 <<'EOF' >new.csv
Номер;Дата;Клиент;Статус;Товар;Кол-во;Цена;Примечание
19;31.01.2026 14:05;Щука;Отложен;Мыло;1;1,5;
EOF
expect 3 order-import --map excel.map new.csv
contains 'an unknown status' err "new.csv:2: unknown status 'Отложен'"
sed -i 's/"Новый=new"/"Новый=new", "Отложен=needs-clarification"/' excel.map
expect 0 order-import --retry
sql "SELECT order_no, status, customer_name FROM v_orders WHERE order_no = '19'; SELECT count(*) FROM reject WHERE resolved_at IS NULL" >out
same '--retry after the map is mended' out <<'EOF'
19 needs-clarification Щука
0
EOF

# The same with values that stand in the map itself.
sed 's/^constant.*/constant "order_method" { value = "fax" }/' excel.map >fax.map
iconv -f utf-8 -t windows-1251 <<'EOF' >fax.csv
Номер;Дата;Клиент;Статус;Товар;Кол-во;Цена;Примечание
20;31.01.2026 14:05;Щука;Новый;Мыло;1;1,5;
EOF
expect 3 order-import --map fax.map fax.csv
sql "INSERT INTO order_method (code, name) VALUES ('fax', 'By fax')"
expect 0 order-import --retry
sql "SELECT order_method FROM orders WHERE order_no = '20'" >out
same 'a constant of the map' out <<'EOF'
fax
EOF

# Files without numbers: a key, and an ordinal among equals.
shop
cat >key.map <<'EOF'
source = "shop"
key = {"customer_external_id", "placed_at", "total"}
column "customer" { field = "customer_external_id" }
column "date" { field = "placed_at" }
column "revenue" { field = "total" }
constant "status" { value = "complete" }
EOF
printf '%s\n' customer,date,revenue "Abbey O'Reilly,2026-01-02,11.77" 'Add Senger,2026-01-02,11.77' \
    "Abbey O'Reilly,2026-01-02,11.77" >key.csv
expect 0 order-import -v --map key.map key.csv
contains 'equal rows are orders too' err '3 new'
expect 0 order-import -v --map key.map key.csv
contains 'and are known again' err '3 same'
sql 'SELECT count(*), count(DISTINCT customer_id), sum(total) FROM v_orders' >out
same 'three orders of two customers' out <<'EOF'
3 2 35.31
EOF

# A table's own time zone.
shop
sed -i '1i timezone = "Asia/Almaty"' excel.map
expect 0 order-import --map excel.map excel.csv
sql "SELECT placed_at FROM v_orders WHERE order_no = '17'" >out
same 'local times of the table, not of the shop' out <<'EOF'
2026-01-31T09:05:00Z
EOF
sed -i 's|Asia/Almaty|Asia/Atlantis|' excel.map
expect 1 order-import --map excel.map excel.csv
contains 'a zone that does not exist' err 'Asia/Atlantis'

# Map files that are wrong.
mapped() {	# mapped TITLE TEXT MESSAGE
	printf '%s\n' "$2" >wrong.map
	expect 1 order-import --map wrong.map own.csv
	contains "$1" err "$3"
}
mapped 'an unknown key' 'sourse = "x"' "wrong.map:1: "
mapped 'a bad word' 'returns = "perhaps"' "wrong.map:1: returns cannot be 'perhaps'"
mapped 'no such field' 'column "order_no" { field = "number" }' "wrong.map: column 'order_no': there is no field 'number'"
mapped 'a value without a code' 'column "status" { field = "status" values = {"new"} }' 'is not of the form "cell=code"'
mapped 'a syntax error' 'column "x" {' 'wrong.map:'
expect 1 order-import --map missing.map own.csv
contains 'a missing map' err 'missing.map'

# A hostile file of one long unclosed quote.
shop
{ echo 'order_no,placed_at,total'; printf '"'; head -c 3000000 /dev/zero | tr '\0' 'x'; } >quote.csv
expect 3 order-import quote.csv
contains 'an unclosed quote to the end' err 'unclosed quote'

# A table cut inside its last cell looks whole; only its line break is missing.
printf 'order_no,placed_at,item_name,item_quantity,item_price\n801,2026-03-01 10:00,Soap,1,1250.00\n' >whole.csv
head -c -6 whole.csv >cut.csv
expect 0 order-import -n cut.csv
contains 'it is taken, and doubted' err \
    'warning: cut.csv:2: the last line has no line break; the file may be cut'
expect 0 order-import -n whole.csv
same 'a whole one is not' err <<'EOF'
order-import: 1 new, 0 changed, 0 same, 0 conflicts, 0 rejected; dry run: nothing was changed
EOF
sed 's/,1250.00/,"1250.00"/' whole.csv | head -c -1 >quoted.csv
expect 0 order-import -n quoted.csv
same 'nor is one that ends with a closing quote' err <<'EOF'
order-import: 1 new, 0 changed, 0 same, 0 conflicts, 0 rejected; dry run: nothing was changed
EOF
expect 0 order-import -q cut.csv
same 'quiet is quiet' err </dev/null
sed 's/,1250.00/,x/' whole.csv >bad.csv
expect 3 order-import bad.csv
expect 3 order-import --retry
grep -q 'line break' err
[ $? -eq 1 ]
ok 'nor is a reject that is tried again' $?
whole
# A line with nothing but goods belongs to the order above it; empty ones are
# none; one that says more has lost its number.
rm -f t.db*
shop
cat >merged.csv <<'EOF'
Report;;;;
order_no;placed_at;item_name;item_quantity;item_price
1;2026-02-01;Soap;2;3
;;Brush;1;4

;;;;
2;2026-02-02;Lamp;1;5
;2026-02-02;Lost;1;6
EOF
expect 3 order-import --rejects left.csv merged.csv
same 'only that one is refused' err <<'EOF'
order-import: merged.csv:8: it has neither 'order_no' nor 'external_id'
order-import: 1 of 3 records rejected
EOF
sqlite3 "$CRM_DB" "SELECT order_no, group_concat(name) FROM v_items GROUP BY order_no" >out
same 'lines of an order' out <<'EOF'
1|Soap,Brush
2|Lamp
EOF
same 'the rest can be fed in again' left.csv <<'EOF'
order_no;placed_at;item_name;item_quantity;item_price
;2026-02-02;Lost;1;6
EOF
done_testing
