#!/bin/sh
# crm-rejects: what was refused is shown, and what is nothing can be dismissed,
# for good and with history.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
sql() { sqlite3 -separator ' ' "$CRM_DB" "$@"; }

shop
expect 0 crm-rejects
same 'nothing was refused' out </dev/null
cat >orders.csv <<'EOF'
order_no,placed_at,item_name,item_quantity,item_price,currency
1,2026-03-01 10:00,Soap,1,3,BYN
Total,,,,3,
2,2026-03-01 11:00,"Tea	of	tabs",1,3,RUR
EOF
expect 3 order-import --source site orders.csv
echo '{"type":"customer","source":"site","external_id":"c1","birthday_on":"x"}' >c.ndjson
expect 3 customer-import c.ndjson

# Shown in all forms.
expect 0 crm-rejects
same 'what waits' out <<'EOF'
reject  at                run  entity    source  external_id  place         reason
     1  2026-03-02 12:00    2  order     site    Total        orders.csv:3  item 1: it has neither sku nor name
     2  2026-03-02 12:00    2  order     site    2            orders.csv:4  column 6: currency: unknown currency 'RUR'
     3  2026-03-02 12:00    3  customer  site    c1           c.ndjson:1    birthday_on: 'x' is not a date
EOF
expect 0 crm-rejects --tsv
sed -n 3p out >shown
same 'as TSV' shown <<'EOF'
2	2026-03-02T09:00:00Z	2	order	site	2	orders.csv:4	column 6: currency: unknown currency 'RUR'
EOF
expect 0 crm-rejects --json
sed -n 2p out >shown
same 'as records, with the record' shown <<'EOF'
{"type":"reject","reject":2,"at":"2026-03-02T09:00:00Z","run":2,"entity":"order","source":"site","external_id":"2","place":"orders.csv:4","reason":"column 6: currency: unknown currency 'RUR'","record":"order_no,placed_at,item_name,item_quantity,item_price,currency\n2,2026-03-01 11:00,\"Tea\tof\ttabs\",1,3,RUR"}
EOF
crm-rejects --tsv >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?

# Wrong calls change nothing.
dump >before
expect 2 crm-rejects 1
expect 2 crm-rejects --dismiss
expect 2 crm-rejects --reopen
expect 2 crm-rejects --dismiss --reopen 1
expect 2 crm-rejects --dismiss one
expect 2 crm-rejects --dismiss 1x
expect 2 crm-rejects --dismiss -- -1
expect 2 crm-rejects --dismiss 99999999999999999999
expect 1 crm-rejects --dismiss 1 7
same 'who is not there is said' err <<'EOF'
crm-rejects: there is no reject 7; crm-rejects shows them
EOF
expect 0 crm-rejects -n --dismiss 1 2
same 'a dry run says what it would do' err <<'EOF'
crm-rejects: 2 rejects dismissed; dry run: nothing was changed
EOF
dump >after
same 'none of this changes anything' after <before

# Dismissed.
CRM_NOW=2026-03-04T09:00:00Z
expect 1 crm-status --tsv
contains 'an old reject is a problem' err 'rejects old'
expect 0 crm-rejects --as anna --dismiss 1 3
same 'silent' err </dev/null
sql "SELECT actor, entity, entity_id, field, old, new FROM history
    WHERE run_id = (SELECT max(id) FROM run);
    SELECT command, detail, exit_status, summary FROM run ORDER BY id DESC LIMIT 1"  >out
same 'with history' out <<'EOF'
anna reject 1 dismissed 0 1
anna reject 3 dismissed 0 1
crm-rejects --dismiss 0 2 rejects dismissed
EOF
expect 1 crm-status --tsv
contains 'the third one waits still' out '1 open'
expect 0 crm-rejects --dismiss 2
expect 0 crm-status --tsv
contains 'all is well' out '0 open'
expect 0 crm-rejects
same 'none is left' out </dev/null
dump >before
expect 0 crm-rejects --dismiss 1
dump >after
same 'again changes nothing' after <before

# For good: the same record is not opened anew, nor tried again.
expect 3 order-import --source site orders.csv
expect 0 order-import --retry
expect 0 crm-rejects
same 'the same record stays dismissed' out </dev/null
expect 0 history-follow --entity reject --tsv --no-header
[ "$(wc -l <out)" -eq 3 ]
ok 'who follows the history sees it' $?

# Taken back.
expect 0 crm-rejects --dismissed --tsv --no-header
cut -f 1 out >numbers
same 'the dismissed ones can be seen' numbers <<'EOF'
1
2
3
EOF
expect 0 crm-rejects -v --reopen 2 3
contains 'and reopened' err '2 rejects reopened; run '
expect 0 crm-rejects --tsv --no-header
cut -f 1 out >numbers
same 'then they wait again' numbers <<'EOF'
2
3
EOF
expect 3 order-import --retry
sed -i 's/RUR/BYN/' orders.csv
expect 3 order-import --source site orders.csv
expect 1 crm-rejects --dismiss 2
same 'one that was taken is settled' err <<'EOF'
crm-rejects: reject 2 is settled: its record was taken
EOF
whole
done_testing
