#!/bin/sh
# A command that is killed at any of its system calls has done all or nothing,
# an import some of its batches; doing it again completes it.
# shellcheck disable=SC2002,SC2086,SC2317	# pipes; lists of words; killed() calls
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
traced 'killed at system calls'
each=2	# of a kind of call, in a short run
kinds=pread64,pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename,link
kinds=$kinds,openat,fcntl,fchmod,chmod,mkdir,mmap,fallocate,lseek

# killed COMMAND [PARTS] - at each call; with PARTS, it commits in parts.
killed() {
	restore
	calls "$1" "$kinds" >counts
	state >want
	cmp -s before want && ok "$1 changes something" 1
	kills=0
	while read -r call count; do
		for number in $(slice "$1 $call" "$each" "$count"); do
			killed_at "$1, killed at $call $number of $count" "$@"
		done
	done <counts
	[ "$kills" -gt 0 ]
	must "$1 was killed" $?
	all "$1: killed $kills times"
}
killed_at() {	# killed_at TITLE COMMAND [PARTS]
	restore
	with signal=KILL "$call" "$number" "$2"
	[ "$status" -ne 137 ] || kills=$((kills + 1))
	whole "$1"
	state >now
	cmp -s now before || cmp -s now want || [ -n "${3:-}" ]
	must "$1: all or nothing" $?
	cmp -s now want || "$2" >out 2>err </dev/null
	state >now
	cmp -s now want
	must "$1: and again completes it" $?
	cmp -s now want ||
	    { note err; diff want now | cut -c 1-120 | head | note; }
}

orders 300 >orders.ndjson
head -n 100 orders.ndjson >part1
tail -n +101 orders.ndjson >part2
cat >user.tsv <<'END'
login	name	is_manager
anna	Anna	1
END
tables="$top/share/examples/custom_field.tsv
$top/share/examples/custom_dictionary.tsv user.tsv"

init() {
	$inject crm-init --timezone Europe/Minsk --currency BYN --country BY
}
import() {	# with a commit where the pipe makes it wait
	{ cat part1; sleep 0.03; cat part2; } |
	    $inject order-import -q --rejects extra.ndjson
}
import_atomic() {
	cat orders.ndjson | $inject order-import -q --atomic --max-errors 99
}
add() { $inject order-add +375291112233 "$sku@5"; }
move() { $inject order-status -q --set client-confirmed --force $numbers; }
undo() { $inject crm-undo -q "$run"; }
load() { $inject crm-reference --load $tables; }
config() { $inject crm-config timezone=Europe/Moscow; }
migrate() { $inject crm-migrate; }
report() { $inject report-xlsx -q --period 2026-01 -o report.xlsx; }

export CRM_DB="$work/t.db"
base
killed init
rm -f t.db*
shop
base
killed import parts
killed import_atomic
killed load
killed config
expect 3 order-import -q orders.ndjson
numbers=$(sql 'SELECT order_no FROM orders ORDER BY random() LIMIT 5')
sku=$(sql 'SELECT sku FROM offer LIMIT 1')
base
killed add
killed move
expect 0 order-status -q --set assembling --force $numbers
run=$(sql 'SELECT max(id) FROM run')
base
killed undo
echo 'the report before' >report.xlsx
base
killed report
rm -f report.xlsx t.db*
sqlite3 t.db 'PRAGMA application_id = 0x43524d31'	# version 0
base
killed migrate

# A backup that is killed leaves no copy that is none, and nobody in the way.
rm -f t.db*
shop
mkdir copies
backup() { $inject crm-backup -q copies; }
calls backup "$kinds" >counts
kills=0
while read -r call count; do
	for number in $(slice "backup $call" "$each" "$count"); do
		at="backup, killed at $call $number of $count"
		rm -rf copies
		mkdir copies
		with signal=KILL "$call" "$number" backup
		[ "$status" -ne 137 ] || kills=$((kills + 1))
		whole "$at"
		for again in '' again; do
			for copy in copies/*.db; do
				[ -e "$copy" ] || continue
				crm-restore -d new.db -n "$copy" >out 2>err
				must "$at: $copy $again is a copy" $?
			done
			[ -n "$again" ] || backup >out 2>err
			must "$at: and again" $?
		done
	done
done <counts
[ "$kills" -gt 0 ]
must 'backup was killed' $?
all "backup: killed $kills times"
done_testing
