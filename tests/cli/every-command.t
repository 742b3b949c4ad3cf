#!/bin/sh
# What each command promises whatever it does: see crm(7).
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

for source in "$top"/cmd/*.c; do
	[ -e "$source" ] || continue
	cmd=$(basename "$source" .c)

	# Help: on standard output, status 0, whatever else is wrong.
	expect 0 "$cmd" --no-such-option --db -h --help
	head -n 1 out >first
	contains "$cmd --help shows the usage" first "usage: $cmd "
	contains "$cmd --help points on" out "More in $cmd(1) and crm(7)."
	same "$cmd --help is silent on standard error" err </dev/null
	grep -A 2 '^examples:' out | grep -qE "^  \\$ .*$cmd"
	ok "$cmd --help has an example" $?

	expect 0 "$cmd" -V
	grep -qxE "$cmd \(crm\) [0-9.]+, SQLite 3\.[^ ]+" out
	ok "$cmd has a version, and its SQLite" $?

	# Wrong usage: status 2, the option named, the way on told.
	expect 2 "$cmd" --no-such-option
	same "$cmd names what is wrong" err <<-EOF2
	$cmd: unknown option '--no-such-option'
	try '$cmd --help'
	EOF2
	expect 2 "$cmd" "--$(printf '\033[1m\302\2331m')"
	contains "$cmd prints no control characters" err "'--?[1m??1m'"
	expect 2 "$cmd" "$(printf 'a\377b')"
	contains "$cmd takes UTF-8 only" err 'not UTF-8'
	expect 1 "$cmd" --config ./missing.conf operand
	contains "$cmd names a missing configuration" err 'missing.conf'
	[ "$(wc -l <err)" -eq 1 ]
	ok "$cmd says it in one line" $?

	# A full disk is not success.
	"$cmd" --help >/dev/full 2>err
	[ $? -eq 1 ]
	ok "$cmd --help on a full disk fails" $?
	contains "$cmd says why" err 'No space left on device'

	# Closed standard streams are no trouble.
	"$cmd" --version <&- >&- 2>&-
	ok "$cmd runs without standard streams" $?

	grep -qE 'CLI_DB_(READ|WRITE)' "$source" || continue
	run "$cmd" --db ./missing.db
	case $status in
	1)	same "$cmd names a missing database" err <<-EOF2
		$cmd: ./missing.db: no such database; make one with crm-init
		EOF2
		;;
	2)	;;	# it needs operands first
	*)	ok "$cmd with a missing database: $status" 1 ;;
	esac
	[ ! -e missing.db ]
	ok "$cmd makes no database by the way" $?
done
done_testing
