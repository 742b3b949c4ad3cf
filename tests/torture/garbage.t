#!/bin/sh
# Input that was damaged, of every kind that a command reads: no crash, no
# status but those of the manual, and a database that is whole.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
rounds=12
[ -z "$long" ] || rounds=400

# damaged FILE NUMBER - some bits turned over, or bytes cut out, doubled, or
# replaced by noise.
damaged() {
	perl -e '
		srand(shift);
		local $/;
		$_ = <STDIN>;
		for my $n (1 .. 1 + int(rand(8))) {
			my $at = int(rand(length));
			my $len = 1 + int(rand(rand(2) < 1 ? 4 : 200));
			my $how = int(rand(5));
			if ($how == 0) {
				substr($_, $at, 1) ^= chr(1 << int(rand(8)));
			} elsif ($how == 1) {
				substr($_, $at, $len) = "";
			} elsif ($how == 2) {
				substr($_, $at, 0) = substr($_, $at, $len);
			} elsif ($how == 3) {
				substr($_, $at, $len) = join("",
				    map { chr(int(rand(256))) } 1 .. $len);
			} else {
				my @odd = ("\0", "\xEF\xBB\xBF", "\xFF", "\"",
				    "{", "[", "}", ",", ";", "\t", "\r", "-",
				    "9" x 40, "1e999", "\\u0000", "\\ud800",
				    "\xE2\x80\xAE", "null", "#", "\n");
				substr($_, $at, 0) = $odd[int(rand(@odd))];
			}
		}
		print' "$((seed % 1000000007 + $2))" <"$1"
}

# fed TITLE COMMAND... - it ends as commands do.
fed() {
	title=$1
	shift
	timeout 60 "$@" >out 2>err </dev/null
	status=$?
	case $status in
	0|1|2|3)	return ;;
	esac
	must "$title: $* ends $status" 1
	tail -n 3 err | cut -c 1-200 | note
	mkdir -p damage
	cp damaged* damage
}

examples=$top/share/examples
orders 60 >orders.ndjson
head -n 60 "$examples/orders-phone.csv" >orders.csv
shop
expect 0 crm-reference --load "$examples/user.tsv" \
    "$examples/custom_field.tsv" "$examples/custom_dictionary.tsv"
expect 3 order-import -q orders.ndjson
order-list --json >list.ndjson
cat >crm.conf <<END
# all keys
db = "$CRM_DB"
color = "never"
lang = "ru"
END
base
for round in $(seq "$rounds"); do
	what="round $round"
	restore
	damaged orders.ndjson "$round" >damaged.ndjson
	fed "$what" order-import -q damaged.ndjson
	fed "$what" order-import -q --report --json --atomic damaged.ndjson
	fed "$what" order-import -q --retry
	whole "$what, records"
	damaged orders.csv "$round" >damaged.csv
	fed "$what" order-import -q --map "$examples/excel.map" damaged.csv
	fed "$what" order-import -q damaged.csv
	damaged "$examples/excel.map" "$round" >damaged.map
	fed "$what" order-import -q --map damaged.map orders.csv
	fed "$what" order-import -q --retry
	whole "$what, tables"
	damaged list.ndjson "$round" >damaged.list
	fed "$what" sh -c 'exec order-status -q --force --set complete <damaged.list'
	whole "$what, lists"
	restore
	for table in "$top"/share/reference/*.tsv; do
		damaged "$table" "$round" >"$(basename "$table")"
		fed "$what" crm-reference --load "$(basename "$table")"
	done
	whole "$what, reference"
	fed "$what" order-list --json
	fed "$what" order-import -q orders.ndjson
	fed "$what" report-xlsx -q --period 2026-01 -o out.xlsx
	damaged crm.conf "$round" >damaged.conf
	fed "$what" env -u CRM_DB crm-config -c damaged.conf
	fed "$what" order-list "$(damaged crm.conf "$round" | tr -d '\0' |
	    head -c 300)"
	whole "$what, the end"
done
all "$rounds rounds"
done_testing
