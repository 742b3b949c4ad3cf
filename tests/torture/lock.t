#!/bin/sh
# Of a command that must run alone, the second one leaves at once and says who
# is there; a lock dies with the process that held it.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
shop
found=
# shellcheck disable=SC2013	# names without blanks
for source in $(grep -lE '^[^/]*\bCLI_LOCK\b' "$top"/cmd/*.c); do
	cmd=$(basename "$source" .c)
	found=1
	sh -c 'exec 9<>"$1" && flock 9 && exec sleep 60' sh \
	    ".t.db.$cmd.lock" &
	holder=$!
	until ! flock -n ".t.db.$cmd.lock" true; do sleep 0.1; done
	echo "$holder" >".t.db.$cmd.lock"
	run "$cmd"
	[ "$status" -eq 75 ]
	ok "a second $cmd leaves" $?
	contains "a second $cmd says why" err \
	    "another $cmd is running (pid $holder)"
	kill -s KILL "$holder"
	wait "$holder" 2>/dev/null
	run "$cmd"
	[ "$status" -ne 75 ]
	ok "after a kill $cmd runs" $?
	[ "$status" -ne 75 ] || note err
done
[ -n "$found" ] || skip 'commands that must run alone' 'there are none yet'
done_testing
