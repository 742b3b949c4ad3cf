#!/bin/sh
# The documents tell the truth: what there is is described, what is described
# exists, and the examples do what stands beside them.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
man=$top/man

# section TITLE PAGE - the part of a page from that .Sh or .Ss to the next.
section() {
	awk -v title="$1" '/^\.S[hs] / { on = substr($0, 5) == title; next } on' "$2"
}

# The schema, as the shell sees it.
shop
sqlite3 "$CRM_DB" "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'
    AND type IN ('table', 'view')" | sort >stored
sed -n '/^\.Sh VIEWS/,/^\.Sh EXAMPLES/s/^\.It Ic //p' "$man/crm-schema.5" |
    tr -d ' ' | tr ',' '\n' | grep -v '^_' | sort >described
same 'crm-schema(5) describes just the tables and views there are' described \
    <stored
grep '^v_' stored >views
while read -r view; do
	awk -v view="$view" '/^\.It Ic / { on = $3 == view } on' \
	    "$man/crm-schema.5" | tr -c 'a-z_' '\n' >words
	sqlite3 "$CRM_DB" "SELECT name FROM pragma_table_info('$view')" >columns
	empty "crm-schema(5) names the columns of $view" \
	    "$(grep -vxFf words columns)"
done <views
section EXAMPLES "$man/crm-schema.5" |
    awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0 } on' >queries.sql
expect 0 sqlite3 -bail "$CRM_DB" '.read queries.sql'
[ "$(grep -c ';$' queries.sql)" -ge 5 ]
ok 'there are queries in crm-schema(5), and they were tried' $?

# The records: their members in the order of the program's own tables.
members() {	# members LIST - names in a struct field NAME_field_list[]
	sed -n "/ $1_field_list\\[\\] = {/,/^}/s/^	{ \"\\([a-z_]*\\)\".*/\\1/p" \
	    "$top"/lib/order/order.c
}
while read -r list title; do
	members "$list" >fields
	[ -s fields ]
	ok "the program has fields of $list" $?
	section "$title" "$man/crm-ndjson.5" |
	    sed -n 's/^\.It Va \([a-z_]*\) .*/\1/p' |
	    grep -vxE 'line|sum' >listed
	same "crm-ndjson(5) lists the fields of $list in their order" listed \
	    <fields
done <<-END
	order Fields
	item Items
	charge Charges
	payment Payments
	refund Refunds
END
grep -rhoE --include='*.c' '(_type\([a-z>-]+|out, "type"), "[a-z_]+"' \
    "$top/cmd" "$top/lib/app" "$top/lib/keep" "$top/lib/view" |
    sed 's/.* "\(.*\)"/\1/' | sort -u >types
empty 'crm-ndjson(5) knows every type of record' "$(while read -r type; do
	grep -qwE "V[at] $type" "$man/crm-ndjson.5" || echo "$type"
    done <types)"

# The columns of tables that are no fields of an order.
sed -n '/column_charges\[\] = {/,/^}/s/.*{ "\([a-z_]*\)".*/\1/p
    /} plain\[\] = {/,/^	}/s/.*{ "\([a-z_]*\)".*/\1/p' \
    "$top/lib/intake/columns.c" >names
members item | sed 's/^/item_/' >>names
members payment | sed 's/^/payment_/; s/^payment_paid_at/paid_at/' >>names
section Fields "$man/crm-map.5" | tr -c 'a-z_' '\n' >words
empty 'crm-map(5) names every column' "$(grep -vxFf words names)"

# The commands, in the manual and in the README, by their own summaries.
for source in "$top"/cmd/*.c; do
	cmd=$(basename "$source" .c)
	summary=$("$cmd" --help | awk '/^$/ { getline; print; exit }')
	grep -A 1 -xF ".It Xr $cmd 1" "$man/crm.7" | grep -qxF "$summary"
	ok "crm(7) lists $cmd with its summary" $?
	grep -qxF "| \`$cmd\` | $summary |" "$top/README.md"
	ok "README.md lists $cmd with its summary" $?
done

# Pages of ours exist; others are those that everybody knows.
known='chronic cp cron crontab diff head jq sqlite3 systemd'
empty 'the pages referred to exist' "$(
    grep -hoE '\bXr [^ ]+ [1-8]' "$man"/*.[1-8] | sort -u |
	while read -r _ name number; do
		[ -e "$man/$name.$number" ] ||
		    case " $known " in *" $name "*) ;; *) echo "$name" ;; esac
	done)"

# Links lead somewhere, and files that are named are there.
for doc in README.md CONTRIBUTING.md share/examples/README.md; do
	dir=$top/$(dirname "$doc")
	empty "the links of $doc lead to files" "$(
	    grep -oE '\]\([^):]+\)' "$top/$doc" | tr -d '])(' |
		while read -r link; do [ -e "$dir/$link" ] || echo "$link"; done)"
	empty "the files that $doc names are there" "$(
	    grep -oE "\`[a-z./]+/[A-Za-z0-9._/-]*\`" "$top/$doc" | tr -d "\`" |
		grep -E '^(cmd|lib|man|share|tests|completions|\.ci)/' |
		grep -v NAME | while read -r file; do
			[ -e "$top/$file" ] || echo "$file"
		done)"
done

# The tour of the README, walked.
unset CRM_NOW
expect 0 env DEMO_DIR=crm-demo "$top/share/examples/demo.sh" "$build/bin"
export CRM_DB=crm-demo/shop.db
awk '/^```/ { on = $0 == "```console"; next } on' "$top/README.md" >told
while IFS= read -r line; do
	case $line in
	'$ '*)
		echo "$line"
		eval "${line#??}" 2>&1 </dev/null
		;;
	esac
done <told >walked
same 'the tour of the README is what the commands say' walked <told
done_testing
