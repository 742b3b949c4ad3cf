#!/bin/sh
# What order-list --json writes is the whole order: read into an empty shop and
# written again, it is the same to the byte.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
examples=$top/share/examples

# copied WHAT - the shop's orders into another shop and out of there.
copied() {
	order-list --json >one.ndjson
	mkdir -p reference
	expect 0 crm-reference --export reference
	rm -f copy.db*
	crm-init --timezone Europe/Minsk --currency BYN --country BY \
	    --db copy.db >out 2>err
	expect 0 crm-reference --db copy.db --load \
	    reference/user.tsv reference/custom_field.tsv \
	    reference/custom_dictionary.tsv
	expect 0 order-import -q --backfill --db copy.db one.ndjson
	order-list --json --db copy.db >two.ndjson
	[ -s one.ndjson ] && cmp one.ndjson two.ndjson >difference
	ok "$1: $(wc -l <one.ndjson) orders come through unchanged" $?
	diff one.ndjson two.ndjson | cut -c 1-72 | head -n 8 | note
	expect 0 order-import -v --backfill --db copy.db one.ndjson
	contains "$1: and again changes nothing" err " 0 changed, $(
	    wc -l <one.ndjson) same, 0 conflicts, 0 rejected"
}

shop
expect 0 crm-reference --load "$examples/user.tsv" \
    "$examples/custom_field.tsv" "$examples/custom_dictionary.tsv"
expect 0 order-import -q --backfill "$examples/orders-site.ndjson"
expect 0 order-import -q --backfill --map "$examples/excel.map" \
    "$examples/orders-phone.csv"
copied 'the example shop'

# Orders with a life after the import.
order-list group=new --json | order-status --set client-confirmed -q
ok 'some are moved' $?
order-status --set cancel-other --reason 'two
lines' -q T-001 --force
ok 'one is cancelled' $?
copied 'after a day of work'

# A source takes back the first line: the others keep their numbers.
sed 's/{"line":1,[^}]*},{"line":2,/{"line":2,/' one.ndjson >fewer.ndjson
expect 0 order-import -q fewer.ndjson
[ "$(sqlite3 "$CRM_DB" "SELECT count(*) FROM history WHERE field = 'item'
    AND new IS NULL")" -gt 0 ]
ok 'some lost their first line' $?
copied 'after lines were taken out'

# All that a text may hold.
rm -f t.db*
shop
printf 'entity\tcode\tname\ttype\norder\twish\tWish\ttext\norder\tgift\tGift\tboolean\norder\tweight\tWeight\tnumeric\n' \
    >custom_field.tsv
expect 0 crm-reference --load custom_field.tsv
cat >odd.ndjson <<'END'
{"type":"order","order_no":"🎁","source":"s","placed_at":"2026-03-01T10:00:00Z","customer_name":"\"Q\" \\ 'q' \u202eRTL\u202c \u0301","customer_comment":"one\ntwo\tthree\r\nfour","items":[]}
{"type":"order","order_no":"a=b;c\\d","source":"s;=\\","external_id":" x ","placed_at":"2026-03-01T10:00:00Z","custom":{"wish":"; = \\ \n","gift":false,"weight":-0.50},"items":[{"name":"; sku=A\\","quantity":0.001,"price":0.0001}]}
{"type":"order","order_no":"\u200f1\u200e","source":"s","placed_at":"1999-12-31T23:59:59Z","currency":"JPY","delivery_net":7,"total":-3,"items":[{"external_id":"L","name":"\ud83d\ude00","quantity":-1,"price":1,"discount":2}],"refunds":[{"amount":0,"refunded_at":"2026-03-01T10:00:00Z"}],"payments":[{"amount":-3,"comment":"\\n"}]}
{"type":"order","order_no":"KWD-1","source":"s","placed_at":"2026-03-01T10:00:00Z","currency":"KWD","items":[{"name":"x","quantity":1,"price":0.001}],"charges":[{"kind":"rounding","amount":-0.001},{"kind":"tax","amount":0,"included":true,"name":"=1+1"}],"notes":[{"at":"2026-03-01T10:00:00Z","text":"a\nb"},{"at":"2026-03-01T10:00:00Z","text":"a\nb"}]}
END
expect 0 order-import -q odd.ndjson
copied 'odd texts'
whole
done_testing
