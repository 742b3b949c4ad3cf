#!/bin/sh
# crm-init: a whole shop or nothing.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
settings() { sqlite3 "$1" 'SELECT name, value FROM setting ORDER BY name'; }

expect 0 crm-init -d t.db --timezone Europe/Minsk --currency BYN --country BY
same 'silent on success' out </dev/null
same 'and on standard error' err </dev/null
settings t.db >out
same 'the settings are in the database' out <<-'EOF'
	country|BY
	currency|BYN
	site|main
	timezone|Europe/Minsk
EOF
sqlite3 t.db 'SELECT code, currency FROM site;
    PRAGMA journal_mode; PRAGMA integrity_check; PRAGMA foreign_key_check' >out
same 'the default site sells in the currency; the file is sound' out <<-'EOF'
	main|BYN
	wal
	ok
EOF
stat -c %a t.db >out
same 'owner and group may write, nobody else may read' out <<-'EOF'
	660
EOF
mkdir x
expect 0 crm-reference -d t.db --export x
sed -i 's/BYN/RUB/' x/site.tsv
diff -r "$top/share/reference" x >difference
ok 'the reference tables are those of share/reference, byte for byte' $?
note difference
sqlite3 t.db 'SELECT count(*) FROM run; SELECT DISTINCT run_id, entity FROM history
    ORDER BY 2; SELECT (SELECT count(*) FROM history WHERE entity = "reference")
    = (SELECT count(*) FROM history) - 4' >out
same 'one run, and the history has all of it' out <<-'EOF'
	1
	1|reference
	1|setting
	1
EOF
sqlite3 t.db "SELECT count(*) FROM status WHERE is_initial;
    SELECT group_concat(code) FROM (SELECT code FROM status WHERE is_revenue
	ORDER BY 1);
    SELECT count(*) FROM status WHERE code <> 'combined'
	AND is_cancel <> (status_group = 'cancel');
    SELECT count(*) FROM currency WHERE unit <>
	CASE places WHEN 0 THEN 1 WHEN 2 THEN 100 WHEN 3 THEN 1000 END;
    WITH RECURSIVE way(g) AS (SELECT 'new' UNION SELECT to_group
	FROM transition JOIN way ON g = from_group WHERE to_group IS NOT NULL)
    SELECT count(*) FROM status_group WHERE code NOT IN way;" >out
same 'the defaults make sense: every group can be reached from new' out <<-'EOF'
	1
	complete,partially-completed
	0
	0
	0
EOF

cp t.db before
expect 1 crm-init -d t.db
same 'an existing file is refused' err <<-'EOF'
	crm-init: t.db: exists already; crm-migrate brings an older database up to date
EOF
cmp t.db before
ok 'and left alone' $?
: >empty.db
expect 1 crm-init -d empty.db
[ ! -s empty.db ]
ok 'an empty one as well' $?

mkdir dry
expect 0 crm-init -n -d dry/t.db --timezone UTC
same 'a dry run says what would be done' err <<-EOF
	crm-init: would make dry/t.db: time zone UTC, currency RUB, country RU, $(
	    awk 'FNR > 1 && /\t/ { n++ } END { print n }' "$top"/share/reference/*.tsv
	) rows of reference
EOF
empty 'and makes nothing' "$(ls -A dry)"

expect 0 env TZ=:Asia/Tbilisi crm-init -v -d tz.db
contains 'the time zone is that of the system' err 'time zone Asia/Tbilisi, currency RUB, country RU'
for bad in '--timezone=Europe/Minks' '--currency=EURO' '--country=Russia' operand; do
	expect 2 crm-init -d dry/t.db "$bad"
done
contains 'an operand is named' err "unexpected argument 'operand'"
expect 2 env TZ=MSK-3 crm-init -d dry/t.db
same 'a zone that is none is no silent UTC' err <<-'EOF'
	crm-init: setting 'timezone' cannot be 'MSK-3'; it is a time zone, as Europe/Moscow
	try 'crm-init --help'
EOF
expect 1 crm-init -d dry/missing/t.db
same 'a folder that is named must exist' err <<-'EOF'
	crm-init: dry/missing: No such file or directory
EOF
empty 'nothing was left of all that' "$(ls -A dry)"

# The default place is made, with the folders above it.
expect 0 env XDG_DATA_HOME="$work/home/data" crm-init
stat -c '%a %n' home home/data home/data/crm home/data/crm/shop.db >out
same 'the folder is shared with the group' out <<-'EOF'
	700 home
	700 home/data
	2770 home/data/crm
	660 home/data/crm/shop.db
EOF
expect 0 env XDG_DATA_HOME="$work/other" crm-init -n
[ ! -e other ]
ok 'a dry run makes no folder' $?

# Other tables.
mkdir mine
printf 'code\tname\tcurrency\nmain\tOur shop\tKZT\n' >mine/site.tsv
printf 'code\tplaces\tunit\nKZT\t2\t100\n' >mine/currency.tsv
expect 0 crm-init -d mine.db --reference mine
settings mine.db >out
contains 'without --currency the site of the tables decides' out 'currency|KZT'
sqlite3 mine.db 'SELECT count(*) FROM status' >out
same 'a table without a file stays empty' out <<-'EOF'
	0
EOF
printf 'code\tname\tstatus_group\nnew\tNew\tnowhere\n' >mine/status.tsv
expect 1 crm-init -d dry/t.db --reference mine
same 'a code that does not exist is named' err <<-'EOF'
	crm-init: there is no status_group 'nowhere', which 1 row of status names
EOF
rm mine/status.tsv mine/site.tsv
expect 1 crm-init -d dry/t.db --reference mine
same 'a shop needs its site' err <<-'EOF'
	crm-init: there is no site 'main'; crm-reference --load adds new ones
EOF
expect 1 crm-init -d dry/t.db --reference dry
same 'a folder without tables' err <<-'EOF'
	crm-init: dry: no reference tables there
EOF
empty 'a half-made file is removed' "$(ls -A dry)"
done_testing
