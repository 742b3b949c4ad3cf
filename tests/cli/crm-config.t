#!/bin/sh
# crm-config: every value and its origin; settings are changed with history.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
shop
export CRM_DB=t.db CRM_SHARE=/share

expect 0 crm-config
same 'every value' out <<-'EOF'
	name            value         origin
	db              t.db          CRM_DB
	share           /share        CRM_SHARE
	lang            en            default
	color           auto          default
	backup_dir                    default
	country         BY            setting
	currency        BYN           setting
	cutoff          16:00         default
	double_minutes  30            default
	site            main          setting
	timezone        Europe/Minsk  setting
EOF
printf 'lang = "ru"\n' >my.conf
expect 0 crm-config -c my.conf --tsv --no-header lang timezone
same 'the values asked for, and the line they come from' out <<-'EOF'
	lang	ru	my.conf:1
	timezone	Europe/Minsk	setting
EOF
expect 0 crm-config --json cutoff
same 'one object' out <<-'EOF'
	{"type":"config","name":"cutoff","value":"16:00","origin":"default"}
EOF

# Setting.
dump >before
expect 0 crm-config -n cutoff=15:00 country=KZ
same 'a dry run says what would be done' err <<-'EOF'
	crm-config: cutoff would be '15:00', is '16:00'
	crm-config: country would be 'KZ', is 'BY'
EOF
dump | diff before - >difference
ok 'and changes nothing' $?
expect 0 crm-config --as ann cutoff=15:00 country=KZ
same 'silent' err </dev/null
expect 0 crm-config --tsv --no-header cutoff country
same 'the new values' out <<-'EOF'
	cutoff	15:00	setting
	country	KZ	setting
EOF
sqlite3 t.db "SELECT actor, entity, entity_id, field, old, new FROM history
    WHERE run_id = (SELECT max(id) FROM run) ORDER BY id;
    SELECT command, actor, exit_status FROM run ORDER BY id DESC LIMIT 1" >out
same 'both are in the history' out <<-'EOF'
	ann|setting|0|cutoff||15:00
	ann|setting|0|country|BY|KZ
	crm-config|ann|0
EOF
dump >before
expect 0 crm-config cutoff=15:00
dump | diff before - >difference
ok 'the same value again changes nothing' $?

refused() {	# refused OPERAND MESSAGE
	expect 2 crm-config "$1"
	same "$1: why" err <<-EOF
	crm-config: $2
	try 'crm-config --help'
	EOF
}
refused timezone=Mars/Olympus "setting 'timezone' cannot be 'Mars/Olympus'; it is a time zone, as Europe/Moscow"
refused currency=XAU "setting 'currency' cannot be 'XAU'; it is a currency of ISO 4217, as RUB"
refused country=by "setting 'country' cannot be 'by'; it is two capital letters, as RU"
refused cutoff=25:00 "setting 'cutoff' cannot be '25:00'; it is a time of day, as 16:00"
refused double_minutes=-5 "setting 'double_minutes' cannot be '-5'; it is minutes, at most a week of them"
refused site=moon "there is no site 'moon'; crm-reference --load adds new ones"
refused site= "setting 'site' cannot be ''; it is a code of the reference table site"
refused cutof=15:00 "unknown setting 'cutof', did you mean 'cutoff'"
refused zzzzzz "unknown setting 'zzzzzz'"
refused lang=ru "'lang' is no setting; change it in /etc/crm/crm.conf or ~/.config/crm/crm.conf (it comes from default)"
expect 2 crm-config country=BY timezone
contains 'showing and setting are two things' err "'timezone' has no value"
dump | diff before - >difference
ok 'what was refused changed nothing, not even by half' $?
note difference

# Settings that only another program can have made bad stop all others, not us.
while read -r name bad good; do
	sqlite3 t.db "INSERT OR REPLACE INTO setting VALUES ('$name', '$bad')"
	expect 1 order-list
	contains "$name: it is said what is wrong" err "'$bad'"
	contains "$name: and what to do" err '; crm-config sets another'
	expect 0 crm-config "$name"
	contains "$name: it can be seen" out "$bad"
	expect 0 crm-config "$name=$good"
	expect 0 order-list
done <<-'EOF'
	timezone Mars/Olympus Europe/Minsk
	cutoff 4 15:00
	double_minutes soon 30
	currency XAU BYN
EOF

# Without a database.
expect 0 crm-config --tsv --no-header -d missing.db
same 'the configuration can be seen before there is one' out <<-'EOF'
	db	missing.db	--db
	share	/share	CRM_SHARE
	lang	en	default
	color	auto	default
	backup_dir		default
EOF
same 'and the rest is missed' err <<-'EOF'
	crm-config: warning: missing.db: no such database; make one with crm-init; the settings are kept there
EOF
expect 0 crm-config --tsv --no-header -d missing.db lang
expect 1 crm-config -d missing.db cutoff
expect 1 crm-config -d missing.db cutoff=15:00
sqlite3 t.db 'PRAGMA user_version = 0'
expect 1 crm-config --tsv
contains 'an old database does not hide the configuration' out 'lang	en'
contains 'and what to do is said' err 'run crm-migrate'
crm-config >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?
done_testing
