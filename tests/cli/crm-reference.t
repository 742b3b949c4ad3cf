#!/bin/sh
# crm-reference: tables out and in; a load replaces a table as a whole or not
# at all, says what is wrong where, and writes the history.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
shop
query() { sqlite3 "$CRM_DB" "$1" >out 2>&1; }
tsv() { printf '%b\n' "$@"; }	# tsv LINE... - with \t for tabs
unchanged() {	# unchanged WHAT
	dump | diff before - >difference
	ok "$1 changes nothing" $?
	note difference
}
dump >before

# Out.
expect 0 crm-reference status_group
same 'a table as TSV' out <<-'EOF'
	code	name	name_ru	ordering	in_work	final
	new	New	Новый	10	0	0
	approval	Approval	Согласование	20	1	0
	assembling	Assembling	Комплектация	30	1	0
	delivery	Delivery	Доставка	40	1	0
	complete	Complete	Выполнен	50	0	1
	cancel	Cancelled	Отменен	60	0	1
EOF
expect 0 crm-reference user
same 'an empty one has its header' out <<-'EOF'
	login	name	user_group	is_manager	is_courier	active
EOF
expect 0 crm-reference
head -n 3 out >start
same 'without a name: which tables there are' start <<-'EOF'
	table	rows
	currency	166
	site	1
EOF
mkdir all two
expect 0 crm-reference --export two site status
printf '%s\n' two/* >out
same 'each to its file' out <<-'EOF'
	two/site.tsv
	two/status.tsv
EOF
expect 0 crm-reference --export all
expect 0 crm-reference --load all/*.tsv
unchanged 'what was written out and loaded'
crm-reference status >/dev/full 2>err
[ $? -eq 1 ]
ok 'a full disk is an error' $?
expect 1 crm-reference --export missing
expect 1 crm-reference statuses
same 'the nearest table is named' err <<-'EOF'
	crm-reference: no reference table 'statuses', did you mean 'status'
EOF
expect 2 crm-reference status site
expect 2 crm-reference --load
expect 2 crm-reference --load --export all status.tsv
expect 2 crm-reference --load --into site a.tsv b.tsv
expect 2 crm-reference --load -
expect 2 crm-reference --load all/site.tsv two/site.tsv
same 'which of the two?' err <<-'EOF'
	crm-reference: 'all/site.tsv' and 'two/site.tsv' are about the same table
	try 'crm-reference --help'
EOF

# In: rows are added, changed and removed; a column that is not there is left
# alone; an empty cell takes the column's default; tables name each other.
tsv 'login\tname\tuser_group' 'ann\tАнна\tmanager' 'bob\t"Bob ""the"" Builder"\tdriver' >user.tsv
crm-reference user_group | sed '/picker/d; s/Couriers/Riders/' >user_group.tsv
tsv 'driver\tDrivers\t' >>user_group.tsv
expect 0 crm-reference -n --load user.tsv user_group.tsv
same 'a dry run counts' err <<-'EOF'
	crm-reference: user: 2 added, 0 changed, 0 removed
	crm-reference: user_group: 1 added, 1 changed, 1 removed
EOF
unchanged 'a dry run'
expect 0 crm-reference --as ann --load user.tsv user_group.tsv
same 'silent' err </dev/null
query "SELECT actor, entity, entity_id, field, old, new FROM history
    WHERE run_id = (SELECT max(id) FROM run) ORDER BY id"
same 'every change is in the history' out <<-'EOF'
	ann|reference|0|user ann||login=ann; name=Анна; user_group=manager; is_manager=1; is_courier=0; active=1
	ann|reference|0|user bob||login=bob; name=Bob "the" Builder; user_group=driver; is_manager=1; is_courier=0; active=1
	ann|reference|0|user_group courier|code=courier; name=Couriers; name_ru=Курьеры|code=courier; name=Riders; name_ru=Курьеры
	ann|reference|0|user_group driver||code=driver; name=Drivers; name_ru
	ann|reference|0|user_group picker|code=picker; name=Pickers; name_ru=Сборщики|
EOF
tsv 'login\tname\tis_courier' 'ann\tAnna\t' 'bob\tBob\t01' >user.tsv
expect 0 crm-reference --load user.tsv
expect 0 crm-reference user
same 'columns that are not in the file stay; 01 is 1' out <<-'EOF'
	login	name	user_group	is_manager	is_courier	active
	ann	Anna	manager	1	0	1
	bob	Bob	driver	1	1	1
EOF
dump >before
expect 0 crm-reference --load user.tsv
unchanged 'the same again'
expect 0 crm-reference --load -n user.tsv
same 'as a dry run says' err <<-'EOF'
	crm-reference: nothing would change
EOF
tsv 'on_date\tname' '2026-05-01\t"May\tDay"' >days
expect 0 crm-reference --load --into holiday days
crm-reference holiday | crm-reference --load --into holiday - 2>err
ok 'from a pipe, into itself' $?
query 'SELECT * FROM holiday; SELECT max(id) FROM run'
same 'and nothing changed, tab and all' out <<-'EOF'
	2026-05-01|May	Day
	4
EOF

# What Excel makes of a file: Windows-1251, semicolons; UTF-16.
tsv 'login;name' 'ann;Анна' 'bob;Борис' | iconv -t CP1251 >user.csv
expect 0 crm-reference --load user.csv
{ printf '\377\376'; tsv 'code\tname' 'manager\tМенеджеры' 'driver\tВодители' |
    iconv -t UTF-16LE; } >user_group.tsv
expect 0 crm-reference --load user_group.tsv
query 'SELECT name FROM user UNION ALL SELECT name FROM user_group'
same 'Cyrillic arrives' out <<-'EOF'
	Анна
	Борис
	Водители
	Менеджеры
EOF

# Refused, with place and reason.
dump >before
refused() {	# refused MESSAGE LINE... - as holiday.tsv, status.tsv, ...: $file
	message=$1
	shift
	tsv "$@" >"$file"
	expect 1 crm-reference --load "$file"
	same "$file: $message" err <<-EOF
	crm-reference: $message
	EOF
}
file=holiday.tsv
refused 'holiday.tsv:3: 3 cells under a header of 2' 'on_date\tname' '2026-05-01\tx' '2026-05-09\tx\ty'
refused 'holiday.tsv:2: 1 cells under a header of 2' 'on_date\tname' '2026-05-01'
refused "holiday.tsv:1: holiday has no column 'nmae', did you mean 'name'" 'on_date\tnmae' '2026-05-01\tx'
refused "holiday.tsv:1: column 'name' stands twice" 'on_date\tname\tname' '2026-05-01\tx\ty'
refused "holiday.tsv:1: no column 'on_date'" 'name' 'x'
refused "holiday.tsv:4: holiday '2026-05-01' stands at holiday.tsv:2 too" 'on_date\tname' '2026-05-01\tx' '2026-05-02\ty' '2026-05-01\tz'
refused "holiday.tsv:2: on_date: missing" 'on_date\tname' '\tx'
refused "holiday.tsv:2: on_date: '2026-02-30' is not a date" 'on_date' '2026-02-30'
: >holiday.tsv
expect 1 crm-reference --load holiday.tsv
same 'an empty file does not empty the table' err <<-'EOF'
	crm-reference: holiday.tsv: empty; the first line must name the columns
EOF
file=store.tsv
refused "store.tsv:2: ordering: 'ten' is not a number" 'code\tname\tordering' 'main\tMain\tten'
refused "store.tsv:2: code: 'a b' has a blank, a comma or '=' in it" 'code\tname' 'a b\tMain'
tsv 'code\tname\tactive' 'main\tMain\t2' >store.tsv
expect 1 crm-reference --load store.tsv
contains 'a rule of the schema' err 'store.tsv:2: '
contains 'and which' err 'active IN (0, 1)'
file=currency.tsv
refused "currency.tsv:2: code: 'XAU' is no currency of ISO 4217" 'code\tplaces\tunit' 'XAU\t2\t100'
why='has 2 decimals, so places must be 2 and unit 100; amounts are kept that way'
refused "currency.tsv:2: BYN $why" 'code\tplaces\tunit' 'BYN\t3\t1000'
refused "currency.tsv:2: BYN $why" 'code\tunit' 'BYN\t10'
refused "currency.tsv:2: BYN $why" 'code\tplaces\tunit' 'BYN\t99\t100'
file=field_owner.tsv
refused "field_owner.tsv:2: field: 'satus' is no field of an order" 'field\towner' 'satus\tshop'
file=shared_contact.tsv
why='is neither a phone number as +79161234567 nor an e-mail address in lower case'
refused "shared_contact.tsv:2: value: '8 800 555' $why" 'kind\tvalue' 'phone\t8 800 555'
refused "shared_contact.tsv:2: value: 'No@mail.ru' $why" 'kind\tvalue' 'email\tNo@mail.ru'
file=x.tsv
refused "x.tsv: no reference table 'x'; crm-reference lists them" 'code' 'x'
expect 1 crm-reference --load missing.tsv
expect 1 crm-reference --load --into holiday missing.tsv
printf 'on_date\tname\n2026-05-01\t\377\376\200\n' >holiday.tsv
expect 0 crm-reference --load -n holiday.tsv
printf 'on_date\tname\n2026-05-01\tx\0y\n' >holiday.tsv
expect 1 crm-reference --load holiday.tsv
same 'a NUL' err <<-'EOF'
	crm-reference: holiday.tsv:2: NUL byte
EOF
unchanged 'what was refused'

# A row that is in use cannot be left out.
sqlite3 "$CRM_DB" "INSERT INTO orders (order_no, source, external_id, status,
    status_at, created_at, updated_at, items_minor, total_minor, placed_at,
    currency, manager)
    SELECT 'A' || value, 's', value, 'assembling', 0, 0, 0, 0, 0, 0, 'BYN', 'bob'
    FROM generate_series(1, 12)"
dump >before
crm-reference status | sed '/^assembling	/d' >status.tsv
expect 1 crm-reference --load status.tsv
same 'who uses it is said' err <<-'EOF'
	crm-reference: status 'assembling' is used by 12 orders; keep it in the file or set active to 0
EOF
crm-reference user | sed /bob/d >user.tsv
expect 1 crm-reference --load user.tsv
same 'a manager' err <<-'EOF'
	crm-reference: user 'bob' is used by 12 orders; keep it in the file or set active to 0
EOF
tsv 'code\tname\tcurrency' 'two\tTwo\tBYN' >site.tsv
expect 1 crm-reference --load site.tsv
same 'the site of the settings' err <<-'EOF'
	crm-reference: site 'main' is used by 1 setting; keep it in the file
EOF
crm-reference status | sed '/^return	/d' >status.tsv
expect 1 crm-reference --load status.tsv
same 'a status that a transition names' err <<-'EOF'
	crm-reference: there is no status 'return', which 1 row of transition names
EOF
unchanged 'what was refused'
crm-reference transition | sed '/	return	/d' >transition.tsv
expect 0 crm-reference --load status.tsv transition.tsv
query "SELECT code FROM status WHERE code = 'return';
    SELECT command, detail, summary FROM run WHERE id = (SELECT max(id) FROM run)"
same 'both together can go, whatever their order' out <<-'EOF'
	crm-reference|status transition|2 rows changed
EOF
head -n 1 transition.tsv | crm-reference --load --into transition -
query 'SELECT count(*) FROM transition'
same 'a header alone empties a table' out <<-'EOF'
	0
EOF
crm-reference --load transition.tsv

# Every foreign key to a reference table has its check: each table loses a row
# that nobody uses, and the statements that looked for users are compared with
# the schema.
while read -r name header row; do
	crm-reference "$name" >"two/$name.tsv"
	tsv "$header" "$row" >one
	cp "two/$name.tsv" all
	awk -F'\t' -v OFS='\t' 'NR == FNR && FNR == 1 { n = split($0, h); next }
	    NR == FNR { split($0, v); for (i in v) cell[h[i]] = v[i]; next }
	    FNR == 1 { split($0, c); print; for (i = 1; i <= NF; i++)
		$i = cell[c[i]]; print; next } { print }' one "two/$name.tsv" \
	    >"all/$name.tsv"
done <<'EOF'
site code\tname\tcurrency zz\tZ\tBYN
store code\tname zz\tZ
status_group code\tname zz\tZ
status code\tname\tstatus_group zz\tZ\tnew
order_method code\tname zz\tZ
delivery_type code\tname zz\tZ
payment_type code\tname zz\tZ
payment_status code\tname zz\tZ
user_group code\tname zz\tZ
channel code\tname zz\tZ
user login\tname zz\tZ
custom_field entity\tcode\tname\ttype order\tzz\tZ\ttext
EOF
crm-reference currency >all/currency.tsv
sed '/^ZWG/d' all/currency.tsv >two/currency.tsv
rm -f all/status_requirement.tsv all/transition.tsv all/field_owner.tsv \
    all/custom_dictionary.tsv all/shared_contact.tsv all/holiday.tsv
expect 0 crm-reference --load all/*.tsv
expect 0 crm-reference -vv --load two/*.tsv
names=$(crm-reference | sed "1d; s/	.*/'/; s/^/'/" | paste -s -d ,)
empty 'every foreign key to a reference table is looked after' "$(
    sqlite3 -separator ' ' "$CRM_DB" "SELECT m.name, f.\"from\", f.\"table\"
	FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
	WHERE m.type = 'table' AND f.\"table\" IN ($names)
	AND m.name <> 'custom_value'" |
    while read -r child column parent; do
	grep -q "SELECT $column, .* FROM $child WHERE .* FROM $parent)" err ||
	    echo "$child.$column -> $parent"
    done)"
contains 'and the one of two columns' err 'FROM custom_value v LEFT JOIN custom_field f'

# What is paid of an order hangs on what the statuses of its payments mean.
rm t.db
shop
cat >paid.ndjson <<'EOF'
{"type":"order","order_no":"P-1","source":"site","placed_at":"2026-03-01T09:00:00Z","items":[{"name":"Soap","quantity":1,"price":30}],"payments":[{"type":"cash","status":"paid","amount":20},{"type":"cash","status":"invoice","amount":7.5}]}
{"type":"order","order_no":"P-2","source":"site","placed_at":"2026-03-01T10:00:00Z","items":[{"name":"Soap","quantity":1,"price":30}],"payments":[{"type":"cash","status":"fail","amount":30}]}
EOF
expect 0 order-import paid.ndjson
tsv 'code\tis_paid' >payment_status.tsv
sqlite3 -separator '	' "$CRM_DB" "SELECT code, code IN ('paid', 'invoice')
    FROM payment_status" >>payment_status.tsv
dump >before
expect 0 crm-reference -n --load payment_status.tsv
same 'a dry run counts the orders' err <<-'EOF'
	crm-reference: payment_status: 0 added, 1 changed, 0 removed; 1 order recounted
EOF
unchanged 'a dry run'
expect 0 crm-reference --load payment_status.tsv
query 'SELECT order_no, rev, paid FROM v_orders ORDER BY 1; SELECT order_no, field,
    old, new FROM v_history WHERE run_id = (SELECT max(id) FROM run)
    AND order_no IS NOT NULL'
same 'an invoice that counts as money is paid, and in the history' out <<-'EOF'
	P-1|2|27.5
	P-2|1|0.0
	P-1|paid|20.00|27.50
EOF
whole
expect 0 crm-reference --export two payment_status
sed 's/	1	20$/	0	20/' two/payment_status.tsv >payment_status.tsv
expect 0 crm-reference --load payment_status.tsv
query 'SELECT order_no, paid FROM v_orders ORDER BY 1'
same 'and back' out <<-'EOF'
	P-1|20.0
	P-2|0.0
EOF

printf 'on_date\tname\n2026-05-01\tMay' >holiday.tsv
expect 0 crm-reference -n --load holiday.tsv
contains 'a table without a last line break is doubted' err \
    'warning: holiday.tsv:2: the last line has no line break; the file may be cut'
whole
done_testing
