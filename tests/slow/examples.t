#!/bin/sh
# The examples for systemd and logrotate work as they are written. What cron
# does with the crontab is shown by month.t.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
examples=$top/share/examples
root=$work/root
PATH=$PATH:/usr/sbin	# logrotate

# placed - an example, with the files of the machine below our folder.
placed() {
	sed -E "s,/usr/local/bin,$build/bin,g
	    s,/var/(lib|backups|log)/,$root&,g" "$examples/$1"
}
# value KEY UNIT - what a unit sets.
value() { sed -n "s/^$1=//p" "$2"; }

mkdir -p units root/var/lib/crm/reports root/var/backups/crm root/var/log/crm
shop
mv "$CRM_DB" root/var/lib/crm/shop.db
unset CRM_DB
for unit in "$examples"/*.service "$examples"/*.timer; do
	placed "${unit##*/}" >"units/${unit##*/}"
done

if command -v systemd-analyze >/dev/null; then
	run systemd-analyze verify --man=no --recursive-errors=no units/*
	cat out err >said
	same 'systemd finds nothing wrong with the units' said </dev/null
	[ "$status" -eq 0 ]
	ok 'and takes them' $?
	for timer in units/*.timer; do
		expect 0 systemd-analyze calendar "$(value OnCalendar "$timer")"
	done
else
	skip 'systemd takes the units' 'systemd is not installed'
fi

# As systemd starts it: no shell, and no environment but what the unit sets.
for service in units/*.service; do
	[ -e "${service%.service}.timer" ]
	ok "${service##*/} has its timer" $?
	environment=$(value Environment "$service")
	command=$(value ExecStart "$service")
	folder=$(value WorkingDirectory "$service")
	[ -n "$environment" ] && [ -n "$command" ]
	ok 'it says what it runs' $?
	# shellcheck disable=SC2086 # words, as systemd splits them
	(cd "${folder:-/}" && umask "$(value UMask "$OLDPWD/$service")" &&
	    exec env -i "CRM_NOW=$CRM_NOW" $environment $command) >out 2>err
	ok "it works: $command" $?
	note err
done
[ -s "$root/var/lib/crm/reports/report-2026-W09.xlsx" ]
ok 'the workbook is in its folder' $?
cat "$root"/var/backups/crm/*.sha256 >sums
(cd "$root/var/backups/crm" && sha256sum --quiet -c "$work/sums")
ok 'there is a good backup' $?

if ! command -v logrotate >/dev/null; then
	skip 'logrotate takes its example' 'logrotate is not installed'
	done_testing
fi
# It refuses a folder that others may write to, and users we are not.
placed logrotate | sed "s/ crm crm$/ $(id -un) $(id -gn)/" >rotate
chmod 0755 root/var/log/crm
chmod 0644 rotate
log=root/var/log/crm/backup.log
for week in 1 2 3 4 5 6 7 8 9 10; do
	echo "week $week" >>$log
	expect 0 logrotate -f -s "$work/state" rotate
	same "week $week without a word" err </dev/null
done
(cd "${log%/*}" && ls) >have
same 'eight are kept, all but the last compressed' have <<'EOF2'
backup.log
backup.log.1
backup.log.2.gz
backup.log.3.gz
backup.log.4.gz
backup.log.5.gz
backup.log.6.gz
backup.log.7.gz
backup.log.8.gz
EOF2
gzip -dc $log.8.gz >have
same 'each of one week' have <<'EOF2'
week 3
EOF2
[ "$(stat -c '%s %a' $log)" = '0 640' ]
ok 'and a new one that others cannot read' $?
done_testing
