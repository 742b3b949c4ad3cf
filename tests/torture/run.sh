#!/bin/sh
# run.sh TIME [TEST...] - all that does harm, in turns and each time with another
# seed, until TIME (90s, 30m, 8h) is over. Logs, and the folder of each test
# that failed, are in $CRM_BUILD/torture.
set -u
cd "$(dirname "$0")/../.." || exit 1
case ${1:-} in
*[0-9]s)	seconds=${1%s} ;;
*[0-9]m)	seconds=$((${1%m} * 60)) ;;
*[0-9]h)	seconds=$((${1%h} * 3600)) ;;
*)	echo "usage: $0 TIME [TEST...], with TIME as 90s, 30m or 8h" >&2
	exit 2 ;;
esac
shift
[ $# -ne 0 ] || set -- tests/torture/*.t
out=${CRM_BUILD:-$PWD/build}/torture
mkdir -p "$out"
end=$(($(date +%s) + seconds)) seed=${SEED:-$(date +%s)} failures=0 turn=0
while [ "$(date +%s)" -lt "$end" ]; do
	turn=$((turn + 1))
	for test; do
		[ "$(date +%s)" -lt "$end" ] || break
		name=$(basename "$test" .t)
		begun=$(date +%s)
		printf '%-9s SEED=%s  ' "$name" "$seed"
		if SEED=$seed LONG=1 KEEP=$out/$name-$seed "$test" \
		    >"$out/$name.log" 2>&1 </dev/null; then
			echo "ok, $(($(date +%s) - begun)) s"
		else
			failures=$((failures + 1))
			echo 'FAILED; the first of it:'
			grep -A 5 -m 3 '^not ok' "$out/$name.log"
			mkdir -p "$out/$name-$seed"
			mv "$out/$name.log" "$out/$name-$seed/log"
			echo "all of it: $out/$name-$seed/log; again:" \
			    "SEED=$seed LONG=1 $test"
		fi
	done
	seed=$((seed + 1))
done
echo "$turn turns, $failures failures"
[ "$failures" -eq 0 ]
