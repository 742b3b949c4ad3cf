# tests/torture/lib.sh - for tests that do harm; sourced in place of ../lib.sh.
# What is left to chance is drawn from a seed, which is said: SEED=N draws the
# same again. With LONG=1 a test does all it knows, else a slice of it that
# takes a few seconds. With KEEP=DIR the folder of a failed test goes there.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
seed=${SEED:-$(date +%s)}
long=${LONG:-}
echo "# SEED=$seed"
command -v crm-init >/dev/null || { echo 'Bail out! make has not been run'; exit 1; }

leave() {
	cd / || exit
	if [ "$failed" -ne 0 ] && [ -n "${KEEP:-}" ]; then
		rm -rf "$KEEP"
		mv "$work" "$KEEP"
	fi
	rm -rf "$work"
}
trap leave EXIT
trap 'exit 1' HUP INT TERM

sql() { sqlite3 -cmd '.timeout 15000' -separator ' ' "$CRM_DB" "$@"; }

# must DESCRIPTION STATUS - ok() for what is asked hundreds of times: a failure
# alone is told. all DESCRIPTION - the result of those since the last all().
broken=0
must() { [ "$2" -eq 0 ] || { broken=1; ok "$1" 1; }; }
all() {
	ok "$1" "$broken"
	broken=0
}

# draw WHAT COUNT MAX - so many different numbers of 1..MAX, rising; other ones
# for each WHAT.
draw() {
	awk -v s="$(echo "$seed $1" | cksum | cut -d ' ' -f 1)" \
	    -v left="$2" -v max="$3" 'BEGIN {
		srand(s % 1000000007)
		for (i = 1; i <= max; i++)
			if (rand() * (max - i + 1) < left) {
				print i
				left--
			}
	}'
}

# slice WHAT COUNT MAX - all of 1..MAX in a long run, else COUNT of them.
slice() {
	if [ -n "$long" ]; then
		seq "$3"
	else
		draw "$@"
	fi
}

# orders N [NAME=VALUE...] - records as orders.awk makes them.
orders() {
	awk -f "$top/tests/torture/orders.awk" n="$1" seed="$seed" \
	    ${2:+"$2"} ${3:+"$3"} /dev/null
}

# state - all there is in the database but which run it came by; and what the
# file of a report is.
state() {
	[ ! -e report.xlsx ] || cksum report.xlsx
	[ -e "$CRM_DB" ] || return 0
	sql 'SELECT sql FROM sqlite_schema; PRAGMA user_version'
	sql "SELECT printf('SELECT %Q, %s FROM %s;', t.name,
	    group_concat(c.name), t.name) FROM sqlite_schema t,
	    pragma_table_info(t.name) c WHERE t.type = 'table'
	    AND t.name NOT LIKE 'sqlite_%' AND t.name NOT IN ('run')
	    AND c.name NOT IN ('run_id') GROUP BY t.name" |
	    sqlite3 -cmd '.timeout 15000' -quote "$CRM_DB" | LC_ALL=C sort
}

# whole DESCRIPTION - the file is sound, and so is what stands in it. Silent
# when it is.
whole() {
	[ -e "$CRM_DB" ] || return 0
	sql "PRAGMA integrity_check" >whole.out 2>&1
	[ "$(sql 'PRAGMA user_version')" = 0 ] || sql "PRAGMA foreign_key_check;
	    SELECT 'no history', order_no FROM orders WHERE id NOT IN
	    (SELECT entity_id FROM history WHERE entity = 'order');
	    SELECT 'no source', order_no FROM orders
	    WHERE id NOT IN (SELECT order_id FROM order_source);
	    SELECT 'younger than it is', order_no FROM orders
	    WHERE updated_at < created_at;
	    SELECT 'items', order_no FROM orders WHERE items_minor <>
	    (SELECT ifnull(sum(sum_minor), 0) FROM order_item
	    WHERE order_id = orders.id);
	    SELECT 'total', order_no FROM orders WHERE total_minor <> items_minor
	    + (SELECT ifnull(sum(amount_minor), 0) FROM charge
	    WHERE order_id = orders.id AND NOT included);
	    SELECT 'status', order_no, status, h.new FROM orders JOIN history h
	    ON h.id = (SELECT max(id) FROM history WHERE entity = 'order'
	    AND entity_id = orders.id AND field = 'status' AND at = status_at)
	    WHERE h.new <> status" >>whole.out 2>&1
	[ "$(sql 'PRAGMA user_version')" = 0 ] || crm-check >>whole.out 2>&1 ||
	    echo "crm-check: $?" >>whole.out
	[ "$(cat whole.out)" = ok ]
	must "$1: the database is whole" $?
	[ "$(cat whole.out)" = ok ] || note whole.out
}

# stored N - wait until so many orders are there, a minute at most.
stored() {
	tries=0
	until [ "$(sql 'SELECT count(*) FROM orders')" -ge "$1" ]; do
		[ $((tries += 1)) -le 600 ] || return 1
		sleep 0.1
	done
}

# base - from here on restore() puts the shop back as it is now.
base() {
	rm -rf base
	mkdir base
	for file in t.db report.xlsx; do
		[ ! -e "$file" ] || cp "$file" base
	done
	state >before
}
restore() {
	rm -f t.db* report.xlsx .crm-* .t.db.*
	cp base/* . 2>/dev/null
}

# System calls ----------------------------------------------------------------

# Each command under test is a function that runs it with $inject in front, so
# that strace can be put there.
inject=

traced() { command -v strace >/dev/null || {
	skip "$1" 'strace is not installed'
	done_testing
}; }

# calls COMMAND CALL,... - in lines "call times": how often it makes which.
calls() {
	inject="strace -f -qq -o calls -e trace=$2"
	"$1" >out 2>err </dev/null
	inject=
	sed 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/' calls | sort | uniq -c |
	    awk '$2 ~ /^[a-z0-9_]+$/ { print $2, $1 }'
}

# with FAULT CALL NUMBER COMMAND - run it and let that call, counted from 1,
# meet the fault: signal=KILL, error=ENOSPC. "N+" is all from there on.
with() {
	inject="strace -f -qq -o trace"
	inject="$inject -e trace=$2 -e inject=$2:$1:when=$3"
	"$4" >out 2>err </dev/null
	status=$?
	inject=
}
