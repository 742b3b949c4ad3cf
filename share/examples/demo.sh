#!/bin/sh
# demo.sh [BIN_DIR] - a day in a small shop: every command is shown, then run.
# Works in the folder $DEMO_DIR (crm-demo), which it makes anew each time.
set -eu
examples=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "${1:-$examples/../../../bin}" && pwd)
demo=${DEMO_DIR:-crm-demo}
mark=.made-by-crm-demo

if [ -e "$demo" ] && [ ! -e "$demo/$mark" ]; then
	echo "demo.sh: '$demo' was not made by the demo; it stays as it is" >&2
	exit 1
fi
rm -rf "$demo"
mkdir -p "$demo"
: >"$demo/$mark"
cp "$examples"/*.tsv "$examples"/*.map "$examples"/orders-* "$demo"
cd "$demo"
demo=$(pwd)
unset CRM_NOW
export PATH="$bin:$PATH" CRM_DB="$demo/shop.db"

say() { printf '\n# %s\n' "$*"; }
try() {
	printf '$ %s\n' "$*"
	eval "$*"
}

say 'A new shop, with statuses, delivery and payment types to begin with'
try "crm-init -v --timezone Europe/Minsk --currency BYN --country BY"
say 'Its people, and two fields of its own'
try "crm-reference --load user.tsv custom_field.tsv custom_dictionary.tsv"

say 'Five months of the web site, with all that happened to the orders'
try "order-import -v --backfill orders-site.ndjson"
say 'The orders by telephone, from a sheet of Excel'
try "order-import -v --backfill --map excel.map orders-phone.csv"

say 'What waits to be dealt with?'
try "order-list group=new,approval --limit 5"
say 'And how many orders stand where?'
try "order-status --counts"

say 'Sergei ordered on the site and telephoned as well: one of the two goes'
try "order-status --as oleg --set cancel-other --reason 'twice, see 1412' T-126"
try "order-show T-126"
say 'The telephone rings: somebody who was here before'
try "order-add --as vera --delivery self-delivery '8 029 054-37-81' SH-01 'гречка*0,5'"

say 'Who are the good customers, and who is about to leave?'
try "rfm --summary --as-of 2026-03-01"
say "The owner's workbook of a week"
try "report-xlsx --period 2026-02"

cat <<END

The workbook is $demo/report-2026-02.xlsx
Go on by yourself:

  export PATH="$bin:\$PATH" CRM_DB="$demo/shop.db"
  order-list status=delivering delivery_type=courier
  order-list placed_at=2026-02 --count-by utm_source
  order-list customer~гончар --json | order-show --json -
  rfm --segment Champions --json
  report-xlsx --week 2026-W08
END
