#!/bin/sh
# The shop of 20,000 orders, and that of 3,000 byte for byte.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
data=${CRM_DATA:?the folder of the data sets}
PATH=$build/bench:$PATH
[ -e "$data/shop/orders.csv" ] ||
    { echo '1..0 # SKIP no shop/orders.csv'; exit 0; }

mkdir small large
expect 0 bigshop csv 3000 20240930 small
for table in orders items status_history ad_costs; do
	cmp "$data/shop/$table.csv" small/$table.csv >difference 2>&1
	ok "3,000 orders: $table.csv" $?
	note difference
done
expect 0 bigshop csv 20000 20240930 large
(cd large && sha256sum -c "$top/tests/fixtures/shop_20000_sha256.txt") >out 2>&1
ok '20,000 orders: all five' $?
note out
done_testing
