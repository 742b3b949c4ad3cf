#!/bin/sh
# crm-restore: a backup back in place, whole or not at all, with nobody inside.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
shop
mkdir b
order() { printf '{"type":"order","order_no":"%s","items":[]}\n' "$1"; }
order 1 | order-import 2>err
crm-backup b >out
good=b/t-2026-03-02T090000Z.db
dump_of() { sqlite3 "$1" .dump; }
dump_of $good >backup.sql
order 2 | order-import 2>err
before=t.db.before-2026-03-02T090000Z

# The list.
CRM_NOW=2026-03-02T21:30:00Z crm-backup b >out
CRM_NOW=2026-03-01T09:00:00Z crm-backup b >out
printf 'x' >>b/t-2026-03-01T090000Z.db
rm b/t-2026-03-02T213000Z.db.sha256
size() { stat -c %s "$1"; }
expect 0 crm-restore --list b
same 'newest first, in the time of the shop' out <<-EOF
	made_at            bytes  checksum  path
	2026-03-03 00:30  $(size b/t-2026-03-02T213000Z.db)  none      b/t-2026-03-02T213000Z.db
	2026-03-02 12:00  $(size $good)  holds     $good
	2026-03-01 12:00  $(size b/t-2026-03-01T090000Z.db)  wrong     b/t-2026-03-01T090000Z.db
EOF
expect 0 env CRM_BACKUP_DIR=b crm-restore --list --tsv --no-header
sed -n 2p out >second
same 'TSV, of the folder that is configured' second <<-EOF
	2026-03-02T09:00:00Z	$(size $good)	holds	$good
EOF
expect 0 crm-restore --list --json b
sed -n 2p out >second
same 'JSON' second <<-EOF
	{"type":"backup","made_at":"2026-03-02T09:00:00Z","bytes":$(size $good),"checksum":"holds","path":"$good"}
EOF
expect 0 crm-restore -d gone/t.db --list b
[ "$(wc -l <out)" -eq 4 ]
ok 'also when the database is gone' $?
mkdir none
expect 0 crm-restore --list none
same 'a folder without any' out </dev/null
crm-restore --list b >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?
expect 1 crm-restore --list missing
expect 1 crm-restore --list
contains 'a folder is needed' err 'no folder named'
expect 2 crm-restore --list b none
expect 2 crm-restore --list --force b
expect 2 crm-restore
expect 2 crm-restore $good $good
dump >present.sql

# What is refused, before anything is touched.
expect 1 crm-restore $good
same 'there is a database' err <<-EOF
	crm-restore: $CRM_DB: exists already; --force puts it aside first
EOF
expect 1 crm-restore -f b/t-2026-03-01T090000Z.db
same 'a wrong checksum' err <<-'EOF'
	crm-restore: b/t-2026-03-01T090000Z.db: the checksum is wrong; the file is not what was written
EOF
cp $good cut.db
truncate -s -4096 cut.db
expect 1 crm-restore -f cut.db
contains 'a copy that was cut short' err 'cut.db: the file is damaged'
echo 'garbage, and more of it than fits in a header of SQLite, so that it is read
as one: 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789' >garbage
expect 1 crm-restore -f garbage
contains 'garbage' err 'garbage: not a crm database'
: >empty.db
expect 1 crm-restore -f empty.db
contains 'an empty file' err 'empty.db: not a crm database'
sqlite3 other.db 'CREATE TABLE t (x)'
expect 1 crm-restore -f other.db
contains 'the database of another program' err 'other.db: not a crm database'
cp $good newer.db
sqlite3 newer.db 'PRAGMA user_version = 99'
expect 1 crm-restore -f newer.db
contains 'a newer schema' err 'install a newer version'
cp $good broken.db
sqlite3 broken.db 'PRAGMA foreign_keys = OFF; DELETE FROM status'
expect 1 crm-restore -f broken.db
contains 'references into nowhere' err 'references point nowhere'
expect 1 crm-restore -f missing.db
expect 1 crm-restore -f b
contains 'a folder' err 'b: not a regular file'
expect 1 crm-restore -f t.db
contains 'the database itself' err 'is the database itself'
expect 0 crm-restore -n -f $good
same 'a dry run says what would be done' err <<-EOF
	crm-restore: $good is whole; $CRM_DB would be put aside as $work/$before
EOF
dump | diff present.sql - >difference
ok 'nothing was touched' $?
empty 'nothing was made' "$(find . -name '*before*' -o -name '*unfinished*')"

# Over the present one.
cp $good kept
expect 0 crm-restore -v -f $good
same 'what was done' err <<-EOF
	crm-restore: $CRM_DB is restored; what it was is $work/$before
EOF
dump | diff backup.sql - >difference
ok 'the database is the backup' $?
dump_of $before | diff present.sql - >difference
ok 'the one that was there is aside' $?
cmp $good kept
ok 'the backup is as it was' $?
stat -c %a t.db $before >out
same 'modes' out <<-'EOF'
	660
	660
EOF
sqlite3 t.db 'PRAGMA journal_mode' >out
same 'and it works as before, with a WAL' out <<-'EOF'
	wal
EOF
expect 1 crm-restore -f $good
contains 'what was put aside is not overwritten' err "$before: in the way"
dump | diff backup.sql - >difference
ok 'and nothing was done' $?
rm $before

# Changes that stand in the WAL alone are put aside, too.
mkfifo hold
sqlite3 t.db 'PRAGMA wal_autocheckpoint = 0' >out
{
	echo .timeout 20000
	echo "BEGIN IMMEDIATE; INSERT INTO run (command, started_at, actor)
	    VALUES ('in the wal', 0, 'x'); COMMIT;"
	cat hold
} | sqlite3 t.db >out &
shell=$!
exec 9>hold
i=0
until [ -n "$(sqlite3 t.db "SELECT 1 FROM run WHERE command = 'in the wal'")" ] ||
    [ $i -ge 300 ]; do
	sleep 0.1
	i=$((i + 1))
done
expect 75 crm-restore -f $good
same 'while somebody has it open, nothing is done' err <<-EOF
	crm-restore: $CRM_DB: somebody has it open; try again when no command runs
EOF
cp t.db killed.db
cp t.db-wal killed.db-wal
exec 9>&-
wait $shell
[ -s killed.db-wal ]
ok 'a killed one left a WAL' $?
expect 0 crm-restore -d killed.db -f $good
sqlite3 killed.db.before-2026-03-02T090000Z \
    "SELECT count(*) FROM run WHERE command = 'in the wal'" >out
same 'which is part of what is aside' out <<-'EOF'
	1
EOF
[ ! -e killed.db-wal ]
ok 'and not of what is back' $?
dump_of killed.db | diff backup.sql - >difference
ok 'which is the backup' $?

# Where there is none, and where what there is is no database.
expect 0 crm-restore -v -d new.db b/t-2026-03-02T213000Z.db
same 'no checksum is said' err <<-'EOF'
	crm-restore: warning: b/t-2026-03-02T213000Z.db: no checksum beside it; it was looked through
	crm-restore: new.db is restored
EOF
dump_of new.db >out
dump_of b/t-2026-03-02T213000Z.db | diff out - >difference
ok 'a new one' $?
stat -c %a new.db >out
sqlite3 new.db 'PRAGMA journal_mode' >>out
same 'as ours are' out <<-'EOF'
	660
	wal
EOF
expect 0 crm-restore -d new2.db -n $good
same 'a dry run of it' err <<-EOF
	crm-restore: $good is whole and would become new2.db
EOF
[ ! -e new2.db ]
ok 'makes none' $?
cp garbage spoilt.db
expect 1 crm-restore -d spoilt.db $good
expect 0 crm-restore -d spoilt.db -f $good
dump_of spoilt.db | diff backup.sql - >difference
ok 'in the place of garbage' $?
cmp garbage spoilt.db.before-2026-03-02T090000Z
ok 'which is aside' $?
cp $good short.db
truncate -s -4096 short.db
expect 0 crm-restore -d short.db -f $good
dump_of short.db | diff backup.sql - >difference
ok 'in the place of one that was cut short' $?
cp killed.db lost.db-wal
expect 1 crm-restore -d lost.db $good
contains 'a WAL whose database is lost is in the way' err 'exists already'
expect 0 crm-restore -d lost.db -f $good
dump_of lost.db | diff backup.sql - >difference
ok 'and is put aside' $?
cmp killed.db lost.db.before-2026-03-02T090000Z-wal
ok 'as it was' $?
expect 1 crm-restore -d nowhere/t.db $good
contains 'no folder is made' err 'nowhere'
empty 'and nothing half is left' "$(find . -name '*unfinished*')"

# An older schema comes back as it is.
version=$(sqlite3 t.db 'PRAGMA user_version')
cp $good older.db
sqlite3 older.db 'PRAGMA user_version = 0'
expect 0 crm-restore -d old.db older.db
contains 'what to do is said' err 'the schema is older, version 0; run crm-migrate'
[ "$version" -gt 0 ] && [ "$(sqlite3 old.db 'PRAGMA user_version')" -eq 0 ]
ok 'and it is as it was' $?

# Killed at any moment: the one or the other, never a mixture.
for pause in 0 0.002 0.004 0.006 0.008 0.01 0.015 0.02; do
	rm -f k.db*
	sqlite3 "$CRM_DB" "VACUUM INTO 'k.db'"
	order x | order-import -d k.db 2>err
	dump_of k.db >k.sql
	crm-restore -d k.db -f $good >out 2>err &
	sleep $pause
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	dump_of k.db >after.sql
	cmp -s after.sql k.sql || cmp -s after.sql backup.sql
	ok "killed after $pause s" $?
done
done_testing
