#!/bin/sh
# order-status: where orders stand, and moving them on.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

where() { sql "SELECT order_no, status, ifnull(status_reason, '-')
    FROM orders ORDER BY id"; }

# order NUMBER STATUS AT [REST] - a record.
order() {
	printf '{"type":"order","order_no":"%s","source":"site","status":"%s",' \
	    "$1" "$2"
	printf '"placed_at":"%s","items":[{"sku":"S","name":"Soap",' "$3"
	printf '"quantity":1,"price":10}]%s}\n' "${4-}"
}

shop
printf 'login\tname\tuser_group\nanna\tAnna\tmanager\nivan\tIvan\tpicker\n' >user.tsv
expect 0 crm-reference --load user.tsv
{
	order A-1 new 2026-03-02T08:30:00Z ',"manager":"anna"'
	order A-2 new 2026-03-01T09:00:00Z
	order A-3 assembling 2026-03-01T22:00:00Z ',"history":[
	{"at":"2026-03-01T22:00:00Z","field":"status","new":"new"},
	{"at":"2026-03-02T06:00:00Z","actor":"ivan","field":"status",
	"old":"new","new":"assembling"}]' | tr -d '\n\t'
	echo
	order A-4 complete 2026-02-01T09:00:00Z
} >orders.ndjson
expect 0 order-import orders.ndjson

# Showing.
expect 0 order-status A-1 A-2
same 'where they stand, for how long, who looks after them' out <<'EOF'
order_no  status  status_name  status_at         for  late  manager  status_reason
A-1       new     New          2026-03-02 11:30  30m        anna
A-2       new     New          2026-03-01 12:00  1d   late
EOF
printf 'A-3\n\n  A-4 \n' >numbers
order-status --tsv <numbers >out
tr '\t' '|' <out >columns
same 'numbers from standard input; columns for programs' columns <<'EOF'
order_no|rev|status|status_name|status_at|seconds|late|manager|status_reason
A-3|1|assembling|Being assembled|2026-03-02T06:00:00Z|10800|false||
A-4|1|complete|Complete|2026-02-01T09:00:00Z|2505600|false||
EOF
CRM_LANG=ru order-status --json A-1 >out
same 'a record, with the names that are configured' out <<'EOF'
{"type":"order_status","order_no":"A-1","rev":1,"status":"new","status_name":"Новый","status_at":"2026-03-02T08:30:00Z","seconds":1800,"late":false,"manager":"anna","status_reason":null}
EOF
expect 3 order-status --no-header NONE A-1
contains 'an unknown number is said' err "order-status: NONE: there is no order 'NONE'"
contains 'and the others are shown' out 'A-1'
expect 3 order-status 'A-1,A-2'
contains 'what cannot be a number is said' err 'cannot be an order number'

# The day's overview.
expect 0 order-status --counts
same 'how many stand where, since when, too long, come today' out <<'EOF'
group       status      status_name      orders  total  currency  oldest_at         late  entered_today
new         new         New                   2  20.00  BYN       2026-03-01 12:00     1              2
assembling  assembling  Being assembled       1  10.00  BYN       2026-03-02 09:00     0              1
complete    complete    Complete              1  10.00  BYN       2026-02-01 12:00     0              0
EOF
expect 0 order-status --counts --json
head -n 1 out >first
same 'the same for programs' first <<'EOF'
{"type":"status_count","group":"new","status":"new","status_name":"New","orders":2,"total":20.00,"currency":"BYN","oldest_at":"2026-03-01T09:00:00Z","late":1,"entered_today":2}
EOF

# Moving: first to see it.
dump >before
expect 0 order-status -n --set assembling A-1 A-2
same 'a dry run shows what would be' out <<'EOF'
order_no  status      status_name      status_at         for  late  manager  status_reason
A-1       assembling  Being assembled  2026-03-02 12:00  0s         anna
A-2       assembling  Being assembled  2026-03-02 12:00  0s
EOF
dump >after
same 'and changes nothing' after <before

expect 0 order-status --set assembling --as anna A-1 A-2
same 'success is silent' err </dev/null
same 'on both sides' out </dev/null
where >out
same 'they have moved' out <<'EOF'
A-1 assembling -
A-2 assembling -
A-3 assembling -
A-4 complete -
EOF
sql "SELECT order_no, old, new, actor, at FROM v_history
    WHERE run_id = (SELECT max(id) FROM run)" >out
same 'the history says who, what and when' out <<'EOF'
A-1 new assembling anna 2026-03-02T09:00:00Z
A-2 new assembling anna 2026-03-02T09:00:00Z
EOF

# Some cannot: they are said, the others are done.
expect 3 order-status -v --set delivering A-1 A-3 A-4 NONE A-1
same 'each that cannot is said, and how many could' err <<EOF
order-status: A-4: $(id -un) may not move it from complete to delivering; from there it goes to partially-completed, return
order-status: NONE: there is no order 'NONE'
order-status: 2 moved, 1 already there, 2 rejected; run 5
EOF
sql 'SELECT id, command, detail, exit_status, summary FROM run
    ORDER BY id DESC LIMIT 1' >out
same 'the run is on record' out <<'EOF'
5 order-status delivering 3 2 moved, 1 already there, 2 rejected
EOF
expect 0 order-status --force --set new A-4
where | tail -n 1 >out
same '--force asks no transitions' out <<'EOF'
A-4 new -
EOF

# Why, when.
expect 3 order-status --set cancel-other A-2
contains 'a reason may be required' err 'for cancel-other it needs: status_reason'
expect 0 order-status --set cancel-other --reason 'too dear' A-2
where | sed -n 2p >out
same 'the reason is kept' out <<'EOF'
A-2 cancel-other too dear
EOF
expect 0 order-status -v --set cancel-other --reason 'far too dear' A-2
contains 'the reason alone is a change' err '1 moved'
expect 0 order-status -v --set cancel-other --reason 'far too dear' A-2
contains 'twice is none' err '0 moved, 1 already there'
expect 3 order-status --at '2026-03-02 11:00' --set complete A-1
contains 'nothing happens before what was' err 'it came to delivering later than that'
CRM_NOW=2026-03-03T09:00:00Z order-status --at -12h --set complete A-1
sql "SELECT at, recorded_at FROM v_history ORDER BY id DESC LIMIT 1" >out
same 'when it happened and when we learned it' out <<'EOF'
2026-03-02T21:00:00Z 2026-03-03T09:00:00Z
EOF

# Pipes.
order-status --set complete --json A-3 >moved.ndjson
grep -q '^{"type":"order","order_no":"A-3","rev":3,.*"status":"complete"' moved.ndjson
ok 'moved orders are written as records' $?
order-status --set return -v <moved.ndjson 2>err
contains 'a record acts' err '1 moved'
order-status --set complete --force <moved.ndjson 2>err
[ $? -eq 3 ]
ok 'a stale one does not' $?
contains 'and says why' err \
    'stdin:1: it was changed meanwhile: the record has revision 3, the order 4'
printf '%s\n' '{"type":"parcel"}' '{"type":"order"}' '{"type":"order",' \
    "$(printf '\377')" >bad.ndjson
order-status --set new <bad.ndjson 2>err
[ $? -eq 3 ]
ok 'bad lines are rejected' $?
contains 'another type' err "stdin:1: a record of type 'parcel', not 'order'"
contains 'a record without a number' err "stdin:2: 'order_no' is missing"
contains 'broken JSON' err 'stdin:3: '
contains 'no text' err 'stdin:4: it is not UTF-8 text'
{ order-status --set client-confirmed --json A-4; echo "$?" >one; } |
    { order-status --set assembling --json; echo "$?" >two; } >out
grep -q '"order_no":"A-4","rev":4,.*"status":"assembling"' out
ok 'a chain of moves works on one file' $?
[ "$(cat one two | tr -d '\n')" = 00 ]
ok 'and ends well on both sides' $?
order-status --set assembling-complete --json A-4 2>err | true
where | tail -n 1 >out
same 'a reader that is gone does not undo the move' out <<'EOF'
A-4 assembling-complete -
EOF

# Wrong usage.
expect 2 order-status --set complet A-1
contains 'an unknown status is told, with the nearest' err \
    "option '--set': unknown status 'complet', did you mean 'complete'"
expect 2 order-status --reason why A-1
contains '--reason alone' err '--at, --force and --reason go with --set'
expect 2 order-status --counts A-1
expect 2 order-status --set new --at +1d A-1
contains 'the future has not happened' err "option '--at': that is yet to come"
expect 2 order-status --set new --at sometime A-1

# Many orders in one run.
i=0
while [ $((i += 1)) -le 5003 ]; do
	echo "{\"type\":\"order\",\"order_no\":\"M-$i\",\"source\":\"m\",\"placed_at\":\"2026-03-02T08:30:00Z\"}"
done >many.ndjson
expect 0 order-import many.ndjson
order-status --set assembling -v <many.ndjson 2>err
contains 'more than one transaction is one run' err '5003 moved; run '
[ "$(sql "SELECT count(*) FROM history WHERE new = 'assembling'
    AND run_id = (SELECT max(id) FROM run)")" -eq 5003 ]
ok 'each has its history' $?

# Reference of now is what counts, however slowly the list comes.
order N-1 new 2026-03-02T08:30:00Z >one.ndjson
expect 0 order-import one.ndjson
mkfifo list
order-status --set assembling - <list 2>err &
exec 9>list
sleep 0.3
sql "UPDATE status SET active = 0 WHERE code = 'assembling'"
echo N-1 >&9
exec 9>&-
wait $!
[ $? -eq 3 ]
ok 'a status that was given up meanwhile takes no more' $?
contains 'and it is said so' err 'may not move it from new to assembling'
whole
done_testing
