#!/bin/sh
# When the disk is full or broken at any moment, a command says so in one line,
# fails, and has done all or nothing, an import some of its batches; with a
# sound disk it is completed by running it again.
# shellcheck disable=SC2002,SC2086,SC2317	# pipes; lists of words; faulty() calls
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
traced 'a disk that is full or broken'
kinds=pread64,pwrite64,write,fdatasync,fsync,ftruncate
each=3	# of a kind of call, in a short run
sentence='the disk|No space left on device|Input/output error'

# faulty COMMAND STATUS [PARTS] - every fault at each call of its; STATUS is
# that of a good run.
faulty() {
	restore
	calls "$1" "$kinds" >counts
	state >want
	cmp -s before want && ok "$1 changes something" 1
	times=0
	while read -r call count; do
		case $call in
		pread64|fdatasync|fsync)
			errors=EIO ;;
		*)	errors='EIO ENOSPC' ;;
		esac
		for error in $errors; do
			for number in $(slice "$1 $call $error" "$each" "$count"); do
				faulty_at "$@"
			done
		done
	done <counts
	all "$1: $times faults"
}
faulty_at() {
	case $error-$call in
	ENOSPC-pwrite64)	more=+ ;;	# what is full stays so
	*)	more= ;;
	esac
	title="$1, $error at $call $number$more of $count"
	restore
	with "error=$error" "$call" "$number$more" "$1"
	[ "$status" -ne 127 ] || return	# it did not come to be loaded
	times=$((times + 1))
	whole "$title"
	state >now
	if [ "$status" -eq "$2" ]; then	# it could do without
		cmp -s now want
		must "$title: a success is one" $?
	else
		[ "$status" -eq 1 ]
		must "$title: exit $status" $?
		grep -vE ': stdin:[0-9]+: ' err >why	# rejects are no matter here
		[ "$(wc -l <why)" -eq 1 ] && grep -qE "$sentence" why
		must "$title: says in one line what is wrong" $?
		cmp -s now before || cmp -s now want || [ -n "${3:-}" ]
		must "$title: all or nothing" $?
		"$1" >out 2>err </dev/null
		state >now
		cmp -s now want
		must "$title: again completes it" $?
		cmp -s now want ||
		    { note err; diff want now | cut -c 1-120 | head | note; }
	fi
}

orders 100 >orders.ndjson
cat >user.tsv <<'END'
login	name	is_manager
anna	Anna	1
END

import() {	# with a commit where the pipe makes it wait
	{ head -n 50 orders.ndjson; sleep 0.03; tail -n +51 orders.ndjson; } |
	    $inject order-import -q
}
import_atomic() {
	cat orders.ndjson | $inject order-import -q --atomic --max-errors 99
}
move() { $inject order-status -q --set client-confirmed --force $numbers; }
load() { $inject crm-reference --load user.tsv; }
report() { $inject report-xlsx -q --period 2026-01 -o report.xlsx; }
init() { $inject crm-init --timezone Europe/Minsk; }
migrate() { $inject crm-migrate; }

export CRM_DB="$work/t.db"
base
faulty init 0
rm -f t.db*
sqlite3 t.db 'PRAGMA application_id = 0x43524d31'	# version 0
base
faulty migrate 0
rm -f t.db*
shop
base
faulty import 3 parts
faulty import_atomic 3
faulty load 0
expect 3 order-import -q orders.ndjson
numbers=$(sql 'SELECT order_no FROM orders ORDER BY random() LIMIT 5')
base
faulty move 0
echo 'the report before' >report.xlsx
base
kinds=pread64,pwrite64,fsync	# libxlsxwriter does not look at its writes
faulty report 0
done_testing
