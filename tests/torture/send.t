#!/bin/sh
# order-export --send, killed at any of its system calls and run again: the shop
# has every order once and as it is here, and here it is known to.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=../replyd.sh
. "$top/tests/replyd.sh"
trap 'served; leave' EXIT
traced 'killed at system calls'
each=3	# of a kind of call, in a short run
kinds=pread64,pwrite64,fdatasync,ftruncate,openat,fcntl,socket,connect,sendto
kinds=$kinds,recvfrom,poll,close

send() { $inject order-export --send -q site; }
anew() {
	restore
	rm -rf there twice
	mkdir there
	echo 0 >count
	echo 0 >fatal
}
there() { (cd there && grep -s . ./*); }

orders 8 >orders.ndjson
shop
expect 0 order-import -q orders.ndjson
sql "INSERT INTO offer_source SELECT 'site', 'g-' || id, id, NULL FROM offer"
echo "run sh $top/tests/standin.sh" >script
up() {	# no server lives for long
	serve moysklad
	cat >>crm.conf <<'END'
receiver site { kind = moysklad shop = site delivery = "https://ms/s/3"
    organization = "https://ms/o/1" agent = "https://ms/a/2" codes = codes }
END
}
up
echo 'codes "group" { values = { "new=first", "complete=last" } }' >codes
base
anew
calls send "$kinds" >counts
anew
send 2>err
status=$?
there >told
state >want
[ "$(wc -l <told)" -gt 0 ]
ok "undisturbed, $status" $?

kills=0
while read -r call count; do
	up
	for number in $(slice "send $call" "$each" "$count"); do
		at="killed at $call $number of $count"
		anew
		with signal=KILL "$call" "$number" send
		[ "$status" -ne 137 ] || kills=$((kills + 1))
		whole "$at"
		send >out 2>err </dev/null
		there | cmp -s - told && [ ! -e twice ]
		must "$at: each once, and as it is" $?
		[ -z "$(there | cmp - told 2>&1)" ] || note err
		state >now
		cmp -s now want
		must "$at: and here it is known" $?
		diff want now | cut -c 1-120 | head -n 5 | note
	done
done <counts
[ "$kills" -gt 0 ]
must 'it was killed' $?
all "killed $kills times: as if nothing had happened"
done_testing
