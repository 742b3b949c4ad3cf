#!/bin/sh
# crm-migrate: an older database of ours to this version, nothing else.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
crm-init -d new.db --timezone UTC
version=$(sqlite3 new.db 'PRAGMA user_version')
old() { sqlite3 "$1" 'PRAGMA application_id = 0x43524d31; PRAGMA user_version = 0'; }

expect 0 crm-migrate -d new.db
same 'a new database needs nothing' err </dev/null
expect 0 crm-migrate -n -d new.db
same 'and a dry run says so' err <<-EOF
	crm-migrate: new.db: schema version is $version, as it should be
EOF
empty 'no copy was made' "$(ls -- *.bak-* 2>/dev/null)"

old old.db
cp old.db before
expect 1 crm-config -d old.db timezone
same 'other commands refuse an old database' err <<-EOF
	crm-config: old.db: schema version is 0, this program needs $version; run crm-migrate
EOF
expect 0 crm-migrate -n -d old.db
same 'a dry run tells both versions' err <<-EOF
	crm-migrate: old.db: schema version is 0 and would become $version, with a copy in old.db.bak-0
EOF
cmp old.db before
ok 'and changes nothing' $?
: >old.db.bak-0
expect 1 crm-migrate -d old.db
contains 'a copy in the way is not overwritten' err 'old.db.bak-0: in the way of the copy'
cmp old.db before
ok 'and without a copy nothing is done' $?
rm old.db.bak-0

expect 0 crm-migrate -v -d old.db
same 'what was done, and where the copy is' err <<-EOF
	crm-migrate: old.db: schema version was 0 and is $version; the copy is old.db.bak-0
EOF
sqlite3 old.db.bak-0 'PRAGMA user_version' >out
same 'the copy has the old version' out <<-'EOF'
	0
EOF
sqlite3 old.db .schema >schema
sqlite3 new.db .schema | diff - schema >difference
ok 'migrated or made new, the schema is the same' $?
note difference
expect 0 crm-config -d old.db timezone

sqlite3 new.db 'PRAGMA user_version = 99'
expect 1 crm-migrate -d new.db
same 'a newer database is refused' err <<-EOF
	crm-migrate: new.db: schema version is 99, this program knows only $version; install a newer version
EOF
sqlite3 other.db 'CREATE TABLE t (x)'
expect 1 crm-migrate -d other.db
same 'so is the file of another program' err <<-'EOF'
	crm-migrate: other.db: not a crm database; make one with crm-init
EOF
echo 'not a database, but a long text about something else' >text
expect 1 crm-migrate -d text
contains 'and a file that is no database' err 'not a crm database'
expect 1 crm-migrate -d missing.db
same 'a missing one' err <<-'EOF'
	crm-migrate: missing.db: no such database; make one with crm-init
EOF
expect 2 crm-migrate -d new.db operand
done_testing
