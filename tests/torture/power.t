#!/bin/sh
# Power that fails at any moment: what the disk then holds, as far as it was
# written, opens by itself, is whole, and has all that was committed before.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cuts=4 tears=6
[ -z "$long" ] || { cuts=60 tears=40; }

shop
base
orders 5000 >orders.ndjson
begun=$(date +%s%N)
expect 3 order-import -q orders.ndjson
took=$((($(date +%s%N) - begun) / 1000000))
state >want

# Stopped at a random moment, copied as it is, and let go on.
torn=0
mkdir copy
awk -v seed="$seed" -v ms="$took" 'BEGIN {
	srand(seed % 1000000007)
	for (i = 0; i < 10000; i++)
		printf "%.3f\n", rand() * ms / 1000
}' >moments
exec 3<moments
for cut in $(seq "$cuts"); do
	read -r moment <&3
	restore
	order-import -q orders.ndjson >out 2>err &
	import=$!
	sleep "$moment"
	kill -s STOP "$import" 2>/dev/null
	while grep -q '^State:.[RSD]' "/proc/$import/status" 2>/dev/null; do
		sleep 0.01	# within a system call it does not stop
	done
	rm -f copy/*
	cp t.db t.db-wal copy 2>/dev/null
	: >wal
	! cmp -s t.db base/t.db || cp t.db-wal wal 2>/dev/null
	there=$(sql 'SELECT count(*) FROM orders')
	kill -s CONT "$import" 2>/dev/null
	wait "$import"
	CRM_DB=$work/copy/t.db
	whole "after $moment s"
	# More, when it was stopped after the commit and before it was told.
	copied=$(sql 'SELECT count(*) FROM orders')
	[ "$copied" -ge "$there" ]
	must "after $moment s: $copied of $there that were committed" $?
	run order-import -q orders.ndjson
	state | cmp -s - want
	must "after $moment s: and again completes it" $?

	# The end of the log was not written, or something else was.
	for at in $(draw "tears $cut" "$tears" "$(wc -c <wal)"); do
		for how in short noise; do
			rm -f copy/*
			cp base/t.db copy	# as it was when the log began
			head -c "$at" wal >copy/t.db-wal
			[ "$how" = short ] ||
			    head -c $(($(wc -c <wal) - at)) /dev/urandom \
			    >>copy/t.db-wal
			whole "torn at $at, $how"
			[ "$(sql 'SELECT count(*) FROM orders')" -le "$copied" ]
			must "torn at $at, $how: an earlier commit" $?
			torn=$((torn + 1))
		done
	done
	export CRM_DB="$work/t.db"
done
all "$cuts cuts, $torn torn logs"
done_testing
