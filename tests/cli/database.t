#!/bin/sh
# A database that cannot be used: each command says what is wrong and what to do.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

shop
cp t.db good.db

says() {	# says TITLE FILE MESSAGE - a reader and a writer
	expect 1 order-list --db "$2"
	contains "order-list: $1" err "$2: $3"
	expect 1 order-import --db "$2"
	contains "order-import: $1" err "$2: $3"
}

sqlite3 foreign.db 'CREATE TABLE x (y); INSERT INTO x VALUES (1)'
cp foreign.db before.db
says "another program's database" foreign.db 'not a crm database; make one with crm-init'
echo 'order_no,placed_at' >text.db
says 'no database at all' text.db 'not a crm database; make one with crm-init'
: >empty.db
says 'an empty file' empty.db 'not a crm database; make one with crm-init'
cmp -s foreign.db before.db
ok "another program's database is left as it was" $?

cp good.db old.db
sqlite3 old.db 'PRAGMA user_version = 0'
says 'an old schema' old.db 'schema version is 0, this program needs 1; run crm-migrate'
cp good.db new.db
sqlite3 new.db 'PRAGMA user_version = 99'
says 'a new schema' new.db 'schema version is 99, this program knows only 1; install a newer version'

mkdir folder.db
expect 1 order-list --db folder.db
contains 'a folder' err 'folder.db: '

# Nobody may write it: reading goes on where the folder allows, writing says why.
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$work"
	nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
else
	nobody=
fi
mkdir shared && cp good.db shared/t.db && chmod 555 shared && chmod 444 shared/t.db
order='{"type":"order","order_no":"A","placed_at":"2026-03-01T10:00:00Z","items":[]}'
echo "$order" >order.ndjson
# shellcheck disable=SC2086	# two words or none
expect 1 $nobody "$build/bin/order-import" --db shared/t.db order.ndjson
contains 'a read-only file' err 'shared/t.db: cannot be written; check the permissions of the file and its folder'
chmod 755 shared

# libc alone would silently take UTC.
sqlite3 t.db "UPDATE setting SET value = 'Asia/Atlantis' WHERE name = 'timezone'"
expect 1 order-list
contains 'a time zone that does not exist' err "Asia/Atlantis"

# History cannot be rewritten, not even with the sqlite3 shell.
cp good.db t.db
order-import order.ndjson
run sqlite3 t.db "DELETE FROM history"
contains 'no row goes' err 'history is append-only'
run sqlite3 t.db "UPDATE history SET at = 0"
contains 'none changes' err 'history is append-only'
run sqlite3 t.db "UPDATE history SET new = '(erased)' WHERE entity = 'order'"
[ "$status" -eq 0 ]
ok 'but a personal value can be erased' $?
done_testing
