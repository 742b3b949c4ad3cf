#!/bin/sh
# The shops that are drawn to measure with are those of the recipe, and their
# table says the same as their records.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
PATH=$build/bench:$PATH
fixtures=$top/tests/fixtures

expect 0 bigshop vectors 3000 20240930
same 'random numbers' out <"$fixtures/shop_prng_vectors.csv"
mkdir tables
expect 0 bigshop csv 3000 20240930 tables
(cd tables && sha256sum -c "$fixtures/shop_3000_sha256.txt") >out 2>&1
ok 'the five tables of 3,000 orders' $?
note out

printf 'login\tname\nanna\tA\nboris\tB\nvera\tV\ngleb\tG\ndina\tD\negor\tE\n' \
    >user.tsv
for format in ndjson table; do
	export CRM_DB="$work/$format.db"
	crm-init -q --timezone Europe/Moscow --currency RUB --country RU
	expect 0 crm-reference -q --load user.tsv
	bigshop $format 300 >orders.$format
	expect 0 order-import -v orders.$format
	contains "$format: all are taken, every total agrees" err \
	    'order-import: 300 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run'
	order-list --json >$format.out
done
[ "$(wc -l <ndjson.out)" -eq 300 ]
ok 'there are 300' $?
same 'the table says the same as the records' table.out <ndjson.out
done_testing
