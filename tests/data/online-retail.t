#!/bin/sh
# The UCI Online Retail file, 541,909 real and messy lines: every line is
# accounted for, the control totals agree, a second run changes nothing.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
data=${CRM_DATA:?the folder of the data sets}
[ -e "$data/src/online_retail.csv.gz" ] ||
    { echo '1..0 # SKIP no src/online_retail.csv.gz'; exit 0; }

export CRM_DB="$work/t.db"
crm-init --timezone Europe/London --currency GBP --country GB >out 2>err
gzip -dc "$data/src/online_retail.csv.gz" >retail.csv
cat >retail.map <<'EOF'
source = "uci"
returns = "accept"
ignore = {"Country"}
column "InvoiceNo" { field = "order_no" }
column "StockCode" { field = "item_sku" }
column "Description" { field = "item_name" }
column "Quantity" { field = "item_quantity" }
column "InvoiceDate" { field = "placed_at" }
column "UnitPrice" { field = "item_price" }
column "CustomerID" { field = "customer_external_id" }
constant "status" { value = "complete" }
EOF

expect 0 order-import -v --backfill --map retail.map retail.csv
contains 'all invoices are orders' err '25900 new, 0 changed, 0 same, 0 conflicts, 0 rejected'
sql 'SELECT count(*) FROM order_item; SELECT count(*) FROM customer;
    SELECT count(*) FROM offer; SELECT count(*) FROM reject' >out
same 'lines, customers, stock codes, rejects' out <<'EOF'
541909
4372
4070
0
EOF
# GBP 9,747,747.934 as it stands; four prices have three decimals, and each
# line is rounded to the penny once, half away from zero.
sql 'SELECT sum(price * quantity) / 1000, sum(sum_minor) FROM order_item;
    SELECT sum(total_minor) FROM orders' >out
same 'the sum, exact and after rounding each line' out <<'EOF'
97477479340 974774793
974774793
EOF
sql "SELECT count(*), count(DISTINCT order_id), count(DISTINCT customer_id),
    sum(price * quantity) / 1000, sum(sum_minor)
    FROM order_item i JOIN orders o ON o.id = order_id
    WHERE customer_id IS NOT NULL AND quantity > 0 AND price > 0
    AND order_no NOT LIKE 'C%'" >out
same 'valid sales: 397,884 lines, 18,532 invoices, 4,338 customers, 8,911,407.904' out <<'EOF'
397884 18532 4338 89114079040 891140790
EOF
sql "SELECT count(*), count(DISTINCT order_id), sum(price * quantity) / 1000
    FROM order_item i JOIN orders o ON o.id = order_id
    WHERE quantity > 0 AND price > 0 AND order_no NOT LIKE 'C%'" >out
same 'with guests: 530,104 lines, 19,960 invoices, 10,666,684.544' out <<'EOF'
530104 19960 106666845440
EOF

sql 'SELECT * FROM orders; SELECT * FROM order_item; SELECT * FROM history' | cksum >before
expect 0 order-import -v --backfill --map retail.map retail.csv
contains 'the second run changes nothing' err '0 new, 0 changed, 25900 same'
sql 'SELECT * FROM orders; SELECT * FROM order_item; SELECT * FROM history' | cksum >after
same 'not one row' after <before

# Without returns: each refused invoice is kept with its reason.
rm -f t.db*
crm-init --timezone Europe/London --currency GBP --country GB >out 2>err
sed -i '/^returns/d' retail.map
expect 3 order-import -q --backfill --map retail.map retail.csv
sql "SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM reject);
    SELECT count(*) FROM reject WHERE reason NOT LIKE 'a return:%'" >out
same 'every invoice is imported or rejected, all for one reason' out <<'EOF'
25900
0
EOF
whole
done_testing
