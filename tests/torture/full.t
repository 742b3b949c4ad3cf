#!/bin/sh
# On a disk that is really full: what was committed stands, readers read on, and
# with more room all is completed.
if [ -z "${INSIDE:-}" ] && unshare -rm true 2>/dev/null; then
	export INSIDE=1
	exec unshare -rm "$0"	# where even a user may mount
fi
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
mkdir disk
if ! mount -t tmpfs -o size=100m none disk 2>/dev/null; then
	skip 'a full disk' 'no right to mount one'
	done_testing
fi
trap 'cd "$work"; umount disk; leave' EXIT

# room SIZE - for the disk. sized SIZE - and the shop as it was.
room() { mount -o "remount,size=$1" none disk; }
sized() {
	room 100m
	rm -rf disk/*
	cp base/t.db disk/t.db
	room "$1"
}

orders 5000 >orders.ndjson
shop
base
expect 3 order-import -q orders.ndjson
state >want
mv t.db whole.db

# One after another, from no room at all to nearly enough.
export CRM_DB="$work/disk/t.db"
for size in $(slice sizes 5 40); do
	sized "$((300 + size * 400))k"
	order-import -q orders.ndjson >out 2>err </dev/null
	status=$?
	whole "full at $size"
	if [ "$status" -ne 3 ]; then
		[ "$status" -eq 1 ]
		must "full at $size: exit $status" $?
		tail -n 1 err >why
		grep -q 'the disk is full' why
		must "full at $size: says so" $?
		order-list --json >out 2>err
		must "full at $size: readers read on" $?
		[ "$(wc -l <out)" -eq "$(sql 'SELECT count(*) FROM orders')" ]
		must "full at $size: all there is" $?
		room 100m
		run order-import -q orders.ndjson
	fi
	[ "$status" -eq 3 ]
	must "full at $size: with more room it ends well" $?
	state | cmp - want >difference
	must "full at $size: as if nothing had happened" $?
	note difference
done
all 'disks of many sizes'

# A full folder of temporary files.
sized 100m
mkdir disk/tmp
room "$(du -sk disk | awk '{ print $1 + 200 }')k"
state >before
mkfifo pipe
cat orders.ndjson >pipe &
TMPDIR=disk/tmp order-import -q --atomic --max-errors 99 pipe >out 2>err
[ $? -eq 1 ]
ok 'no room for what is read from a pipe' $?
contains 'says so' err 'No space left on device'
state | cmp - before
ok 'and nothing was done' $?
empty 'no temporary file is left' "$(ls disk/tmp)"

# A workbook that does not fit leaves the one before.
room 100m
mv whole.db disk/t.db
echo 'the report before' >disk/report.xlsx
room "$(du -sk disk | awk '{ print $1 + 40 }')k"
TMPDIR=$work report-xlsx -q --period 2026-01 -o disk/report.xlsx >out 2>err
[ $? -eq 1 ]
ok 'no room for a workbook' $?
tail -n 1 err >why
contains 'says so' why 'No space left on device'
[ "$(cat disk/report.xlsx)" = 'the report before' ]
ok 'the one before is still there' $?
empty 'and nothing half made' "$(find disk -name 'report.xlsx.*')"
done_testing
