#!/bin/sh
# run.sh BUILD ORDERS... - for shops of so many orders: what the commands take
# beside a peer that does the same or the least that it can take; called by
# make bench. RUNS (3): how often each pair is run. CONTRIBUTING.md explains the
# table.
set -eu
build=$1
shift
here=$(cd "$(dirname "$0")" && pwd)
PATH=$build/bin:$build/bench:$PATH
runs=${RUNS:-3}
unset CRM_DB CRM_CONFIG CRM_SHARE CRM_LANG CRM_NOW CRM_COLOR
work=$(mktemp -d "$build/bench/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"
export HOME="$work" LC_ALL=C.UTF-8 TZ=UTC

# Rows ----------------------------------------------------------------------

header() {	# header TITLE
	printf '\n%-46s %9s %9s %7s %7s %7s %-5s %6s %6s\n' "$1" \
	    'ours, s' 'peer, s' ratio 'of cpu' target '' MiB peer
}

# row NAME TARGET pairs' arguments - TARGET is the ratio to stay under, or -.
row() {
	name=$1 target=$2
	shift 2
	if ! pairs "$@" >result 2>error; then
		printf '%-46s failed: %s\n' "$name" "$(head -n 1 error)"
		return
	fi
	awk -F '\t' -v name="$name" -v target="$target" '
	function shown(v) { return v == "-" ? v : sprintf(v < 0.1 ? "%.4f" : "%.2f", v) }
	{
		verdict = target == "-" || $3 == "-" ? "" : $3 <= target ? "ok" : "over"
		printf "%-46s %9s %9s %7s %7s %7s %-5s %6.0f %6s\n", name, \
		    shown($1), shown($2), shown($3), shown($6), target, verdict, \
		    $7 / 1024, $2 == "-" ? "-" : sprintf("%.0f", $8 / 1024)
	}' result
}

without() { printf '%-46s left out: %s\n' "$1" "$2"; }

# waits NAME TARGET loops' arguments - TARGET is what 99 of 100 wait at most.
waits() {
	name=$1 target=$2
	shift 2
	if ! loops "$@" >result 2>error; then
		printf '%-46s failed: %s\n' "$name" "$(head -n 1 error)"
		return
	fi
	awk -F '\t' -v name="$name" -v target="$target" '{
		verdict = target == "-" ? "" : $2 == 0 && $4 <= target ? "ok" : "over"
		printf "%-46s %6d %6d %8.1f %8.1f %8.1f %7s %s\n", name, $1, $2, \
		    $3, $4, $5, target, verdict
	}' result
}

python_has() { /usr/bin/python3 -c "import $1" 2>/dev/null; }

# A shop ---------------------------------------------------------------------

new_shop() {	# new_shop DB
	printf 'login\tname\n' >user.tsv
	for login in anna boris vera gleb dina egor; do
		printf '%s\t%s\n' $login $login
	done >>user.tsv
	crm-init -q --timezone Europe/Moscow --currency RUB --country RU --db "$1"
	crm-reference -q --db "$1" --load user.tsv
}

# How a run begins that fills a database: all earlier writing is done first.
fresh() { echo "rm -f $1-wal $1-shm && cp empty.db $1 && sync"; }
again() {
	cp full.db "$1"
	sync
}

import_rows() {
	header "import of $orders orders"
	row 'order-import NDJSON : the same rows, bare' 1.5 -n "$runs" \
	    -a "$(fresh ours.db)" -b 'rm -f bare.db* && sync' \
	    'order-import --db ours.db shop.ndjson' 'floor load rows bare.db'
	cut -f 1,7 result >"first.$orders"
	row 'order-import NDJSON : the same rows, with keys' - -n "$runs" \
	    -a "$(fresh ours.db)" -b "$(fresh bare.db)" \
	    'order-import --db ours.db shop.ndjson' 'floor load rows bare.db'
	row 'order-import NDJSON : fewer rows, bare' - -n "$runs" \
	    -a "$(fresh ours.db)" -b 'rm -f bare.db* && sync' \
	    'order-import --db ours.db shop.ndjson' 'floor load few bare.db'
	row 'order-import NDJSON : sqlite3 .import of CSV' 1.25 -n "$runs" \
	    -a "$(fresh ours.db)" -b 'rm -f bare.db* && sync' \
	    'order-import --db ours.db shop.ndjson' \
	    'sqlite3 -csv bare.db ".import shop.csv line"'
	row 'order-import CSV : order-import NDJSON' 1.0 -n "$runs" \
	    -a "$(fresh ours.db)" -b "$(fresh peer.db)" \
	    'order-import --db ours.db shop.csv' \
	    'order-import --db peer.db shop.ndjson'
	row 'order-import again, unchanged : first time' 0.2 -n "$runs" \
	    -b "$(fresh peer.db)" 'order-import --db full.db shop.ndjson' \
	    'order-import --db peer.db shop.ndjson'
	row 'order-import again : parsing, with our reader' - -n "$runs" \
	    'order-import --db full.db shop.ndjson' 'parse ours shop.ndjson'
	row 'parsing, with our reader : with cJSON alone' - -n "$runs" \
	    'parse ours shop.ndjson' 'parse cjson shop.ndjson'
	rm -f ours.db* peer.db* bare.db*
}

# What one order-status does, as SQL for the sqlite3 shell.
cat >status.sql <<'EOSQL'
.timeout 30000
PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;
BEGIN IMMEDIATE;
INSERT INTO run (command, actor, detail, started_at)
    VALUES ('order-status', 'bench', 'complete', unixepoch());
INSERT INTO history (at, recorded_at, run_id, actor, entity, entity_id, field,
    old, new) SELECT unixepoch(), unixepoch(), (SELECT max(id) FROM run), 'bench',
    'order', id, 'status', status, 'complete' FROM orders WHERE order_no = :no;
UPDATE orders SET status = 'complete', rev = rev + 1, status_at = unixepoch(),
    updated_at = unixepoch() WHERE order_no = :no;
UPDATE run SET ended_at = unixepoch(), exit_status = 0, summary = '1 moved'
    WHERE id = (SELECT max(id) FROM run);
COMMIT;
EOSQL

status_rows() {
	order-list --db full.db status=delivering --columns order_no --tsv \
	    --no-header >list
	count=$(wc -l <list)
	one=$((count < 200 ? count : 200)) each=$((count / 8 < 100 ? count / 8 : 100))
	header 'one order-status, a process'
	again ours.db
	again peer.db
	row 'order-status --set : bare C process' 1.1 -n "$one" -l list \
	    'order-status --db ours.db --set complete @' \
	    'status1 peer.db complete @'
	again ours.db
	again peer.db
	row 'order-status --set : sqlite3 shell' 1.0 -n "$one" -l list \
	    'order-status --db ours.db --set complete @' \
	    'sqlite3 peer.db -cmd ".param init" -cmd ".param set :no @" ".read status.sql"'

	printf '\n%-46s %6s %6s %8s %8s %8s %7s\n' 'waiting, of processes' \
	    runs failed 'p50, ms' 'p99, ms' 'max, ms' target
	again ours.db
	waits 'eight loops of order-status --set' 200 -k 8 -m "$each" list \
	    'order-status --db ours.db --set complete @'
	again ours.db
	waits 'eight loops of the bare process' - -k 8 -m "$each" list \
	    'status1 ours.db complete @'
	again ours.db
	waits 'the same, waiting as SQLite does' - -k 8 -m "$each" list \
	    'status1 -t ours.db complete @'
	head -n $((orders / 2)) shop.ndjson >half.ndjson
	tail -n +$((orders / 2 + 1)) shop.ndjson >rest.ndjson
	cp empty.db ours.db
	order-import --db ours.db half.ndjson
	seq $((orders / 2)) >list
	waits 'order-status --set during an import' 500 -k 1 \
	    -m $((orders / 2 < 10000 ? orders / 2 : 10000)) \
	    -w 'order-import --db ours.db rest.ndjson' list \
	    'order-status --db ours.db --force --set no-answer @'
	rm -f ours.db* peer.db* half.ndjson rest.ndjson
}

rfm_rows() {
	header 'scores of customers'
	for what in summary customers; do
		case $what in
		summary)
			rows_of='SELECT r, f, m, count(*), sum(orders),
			    sum(total) FROM rfm_ntile GROUP BY 1, 2, 3' ;;
		*)
			rows_of='SELECT * FROM rfm_ntile
			    JOIN person USING (customer_id)' ;;
		esac
		{ cat "$here/person.sql" "$here/rfm.sql"; echo "$rows_of;"; } \
		    >$what.sql
		{
			cat "$here/rfm.sql"
			echo "COPY ($rows_of) TO '/dev/stdout' (FORMAT csv);"
		} >$what.duck
	done
	if command -v duck >/dev/null; then
		sqlite3 -csv full.db 'SELECT customer_id, placed_at, total_minor,
		    status FROM orders' >orders.csv
		{ cat "$here/person.sql"; echo 'SELECT * FROM person;'; } |
		    sqlite3 -csv full.db >person.csv
		echo "CREATE TABLE orders AS SELECT * FROM read_csv('orders.csv',
		    names = ['customer_id', 'placed_at', 'total_minor', 'status']);
		    CREATE TABLE person AS SELECT * FROM read_csv('person.csv',
		    names = ['customer_id', 'name', 'phone', 'email']);" \
		    >load.duck
		duck shop.duckdb load.duck
		rm orders.csv person.csv
	fi
	for what in summary customers; do
		case $what in
		summary) ours='rfm --db full.db --method ntile --summary' ;;
		*) ours='rfm --db full.db --method ntile --tsv' ;;
		esac
		row "rfm, $what : NTILE in sqlite3" 0.125 -n "$runs" \
		    "$ours" "sqlite3 -csv full.db '.read $what.sql'"
		if command -v duck >/dev/null; then
			row "rfm, $what : NTILE in DuckDB, its own file" 0.333 \
			    -n "$runs" "$ours" "duck shop.duckdb $what.duck"
		else
			without "rfm, $what : NTILE in DuckDB" 'npm has not brought it'
		fi
		if python_has pandas; then
			row "rfm, $what : pandas" 0.125 -n "$runs" "$ours" \
			    "/usr/bin/python3 $here/rfm.py full.db $what"
		else
			without "rfm, $what : pandas" 'python3-pandas is not installed'
		fi
	done
	rm -f shop.duckdb
}

# The cells of a workbook, so that others can write the same ones.
cells_of() {
	for n in 1 2 3 4 5 6 7 8; do
		unzip -p "$1" xl/worksheets/sheet$n.xml 2>/dev/null |
		    awk -v sheet=$n -f "$here/cells.awk"
	done
}

report_rows() {
	header 'the workbook, with its queries : its cells alone'
	for period in 2025-02-17..2025-02-23 2024-09-30..2025-03-02; do
		ours="report-xlsx -q --db full.db --period $period -o ours.xlsx"
		$ours >/dev/null
		cells_of ours.xlsx >cells
		title="report-xlsx, $(wc -l <cells) cells"
		row "$title : libxlsxwriter" - -n "$runs" "$ours" 'xlsxloop cells peer.xlsx'
		if python_has xlsxwriter; then
			row "$title : Python XlsxWriter" - -n "$runs" "$ours" \
			    "/usr/bin/python3 $here/xlsxloop.py cells peer.xlsx"
		else
			without "$title : Python XlsxWriter" \
			    'python3-xlsxwriter is not installed'
		fi
	done
}

other_rows() {
	header 'reading all of it, keeping it'
	row 'order-list --json : sqlite3 -json, orders alone' - -n "$runs" \
	    'order-list --db full.db --json' \
	    "sqlite3 -json full.db 'SELECT * FROM v_orders'"
	if command -v crm-check >/dev/null; then
		row 'crm-check : PRAGMA integrity_check' - -n "$runs" \
		    'crm-check --db full.db' \
		    "sqlite3 full.db 'PRAGMA integrity_check'"
	else
		without 'crm-check' 'there is no such command yet'
	fi
	if command -v crm-backup >/dev/null; then
		row 'crm-backup : sqlite3 .backup' - -n "$runs" \
		    -a 'rm -rf copies && mkdir copies && sync' \
		    -b 'rm -f copy.db && sync' \
		    'crm-backup --db full.db copies' \
		    "sqlite3 full.db '.backup copy.db'"
		rm -rf copies copy.db
	else
		without 'crm-backup' 'there is no such command yet'
	fi
}

bench() {	# bench ORDERS
	orders=$1
	bigshop ndjson "$orders" >shop.ndjson
	bigshop table "$orders" >shop.csv
	new_shop empty.db
	cp empty.db full.db
	order-import --db full.db shop.ndjson
	mib() { du -m "$1" | cut -f 1; }
	printf '\n%s orders: %s MiB of NDJSON, %s of CSV; %s in the database, by rows\n' \
	    "$orders" "$(mib shop.ndjson)" "$(mib shop.csv)" "$(mib full.db)"
	floor take full.db empty.db rows | sed 's/^/    /'
	floor take full.db empty.db few orders order_item payment history \
	    customer >counts
	import_rows
	status_rows
	rfm_rows
	report_rows
	other_rows
	rm -f ./*.db* shop.* rows few
}

# What one order costs in the large shop, of what it costs in the small one.
growth() {	# growth SMALL LARGE
	[ -s "first.$1" ] && [ -s "first.$2" ] || return 0
	printf '\n'
	paste "first.$1" "first.$2" | awk -v small="$1" -v large="$2" '{
		ratio = ($3 / large) / ($1 / small)
		printf "order-import, an order of %d : one of %d   %.2f, target 1.2: %s; ", \
		    large, small, ratio, ratio <= 1.2 ? "ok" : "over"
		printf "%.0f us, %.0f us\n", $3 / large * 1e6, $1 / small * 1e6
		printf "its peak of memory: %.0f MiB, %.0f MiB, target 100: %s\n", \
		    $4 / 1024, $2 / 1024, $4 / 1024 <= 100 ? "ok" : "over"
	}'
}

cat <<EOT
$(date -u +%Y-%m-%d), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), \
$(nproc) cores, $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB, \
Linux $(uname -r), $(findmnt -n -o FSTYPE -T .)
SQLite $(sqlite3 --version | cut -d ' ' -f 1), $(cc --version | head -n 1)
linked with the archive of SQLite in the commands, with the shared library in the peers
load average at the beginning: $(cut -d ' ' -f 1-3 /proc/loadavg)
Medians of $runs runs; ratios are medians of those of the pairs, peaks the highest.
EOT
small=$1
for orders; do
	bench "$orders"
	[ "$orders" = "$small" ] || growth "$small" "$orders"
done
