#!/bin/sh
# The hot paths take no more instructions than they did when
# tests/bench/instructions.tsv was saved: a count that, unlike a time, is the
# same on every run. Five in a hundred more fail, and the functions that grew
# are named. CRM_SAVE=FILE saves anew instead; see make bench-instructions.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
PATH=$build/bench:$PATH
saved=$top/tests/bench/instructions.tsv
small=500 large=2500

skip_all() { echo "1..0 # SKIP $1"; exit 0; }
command -v valgrind >/dev/null || skip_all 'valgrind is not installed'
[ "$(uname -m)" = x86_64 ] || skip_all 'counted on x86_64'

# libc's variants for one processor or the other count differently.
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-AVX,-AVX512F,-AVX512VL,-AVX512BW
GLIBC_TUNABLES=$GLIBC_TUNABLES,-BMI1,-BMI2,-ERMS,-FSRM,-MOVBE,-SSE4_2,-LZCNT
GLIBC_TUNABLES=$GLIBC_TUNABLES,-AVX_Fast_Unaligned_Load
export GLIBC_TUNABLES

# count FILE COMMAND... - instructions of each function into FILE, one a line:
# ours by name, those of libraries with the library.
count() {
	to=$1
	shift
	expect 0 valgrind -q --tool=callgrind --callgrind-out-file=profile "$@"
	callgrind_annotate --auto=no --threshold=100 profile | awk '
	/^ *[0-9,]+ \(/ && !/PROGRAM TOTALS/ {
		n = $1
		gsub(/,/, "", n)
		object = ""
		if (match($0, /\[[^]]*\]$/)) {
			object = substr($0, RSTART + 1, RLENGTH - 2)
			sub(/.*\//, "", object)
			sub(/\.so.*/, "", object)
			$0 = substr($0, 1, RSTART - 2)
		}
		sub(/^[^)]*\) +[^:]*:/, "")
		sub(/\047[0-9]+$/, "")	# a function that calls itself
		if (/^0x/ || /^\(/)
			$0 = "?"
		key = object ~ /^lib|^ld|^$/ ? (object == "" ? "libc" : object) ":" $0 : $0
		gsub(/[ \t]/, "_", key)
		sum[key] += n
	}
	END { for (key in sum) printf "%s\t%d\n", key, sum[key] }' >"$to"
}

# each NAME - what one order more takes: from NAME.small and NAME.large, whose
# difference is that of so many orders.
each() {
	awk -F '\t' -v path="$1" -v orders=$((large - small)) '
	FNR == NR { before[$1] = $2; next }
	{ print path "\t" $1 "\t" ($2 - before[$1]) / orders }
	' "$1.small" "$1.large" >>counts
}
# whole NAME - a process, from NAME.one.
whole() { sed "s/^/$1\t/" "$1.one" >>counts; }

printf 'login\tname\nanna\tA\nboris\tB\nvera\tV\ngleb\tG\ndina\tD\negor\tE\n' \
    >user.tsv
bigshop ndjson $small >small.ndjson
bigshop table $small >small.csv
bigshop ndjson $large >large.ndjson
bigshop table $large >large.csv
for size in small large; do
	crm-init -q --timezone Europe/Moscow --currency RUB --country RU --db $size.db
	crm-reference -q --db $size.db --load user.tsv
	cp $size.db table.db
	# In one transaction: else the clock says when to commit.
	count import.$size order-import --atomic --db $size.db $size.ndjson
	count import-table.$size order-import --atomic --db table.db $size.csv
	count import-again.$size order-import --atomic --db $size.db $size.ndjson
	count list-json.$size order-list --json --db $size.db
	count rfm.$size rfm --tsv --db $size.db
done
no=$(order-list --db large.db status=delivering --limit 1 --columns order_no --tsv \
    --no-header)
count status.one order-status --db large.db --set complete "$no"
count report-xlsx.one report-xlsx -q --db large.db -o report.xlsx \
    --period 2024-09-30..2025-03-02
for path in import import-table import-again list-json rfm; do
	each $path
done
whole status
whole report-xlsx

# The total first, then what is at least a hundredth of it.
awk -F '\t' '
{ total[$1] += $3; n++; path[n] = $1; key[n] = $2; v[n] = $3 }
END {
	for (p in total)
		printf "%s\tTOTAL\t%.0f\n", p, total[p]
	for (i = 1; i <= n; i++)
		if (v[i] >= total[path[i]] / 100)
			printf "%s\t%s\t%.0f\n", path[i], key[i], v[i]
}' counts | LC_ALL=C sort -t '	' -k 1,1 -k 3,3nr >now.tsv

if [ -n "${CRM_SAVE:-}" ]; then
	cp now.tsv "$CRM_SAVE"
	ok "saved to $CRM_SAVE" $?
	done_testing
fi
for path in import import-table import-again list-json rfm status report-xlsx; do
	awk -F '\t' -v path=$path '
	$1 != path { next }
	FNR == NR { before[$2] = $3; next }
	{ after[$2] = $3 }
	END {
		was = before["TOTAL"]
		is = after["TOTAL"]
		printf "%d instructions, %+.1f %% of the %d saved\n", is, \
		    was ? 100 * is / was - 100 : 0, was
		if (was && is < 0.9 * was)
			print "far fewer: save it with make bench-instructions"
		if (is > 1.05 * was)
			for (f in after)
				if (f != "TOTAL" && after[f] - before[f] > was / 200)
					printf "%s: %d, was %d\n", f, after[f], before[f]
		exit is > 1.05 * was
	}' "$saved" now.tsv >verdict
	ok "$path: $(head -n 1 verdict)" $?
	tail -n +2 verdict | note
done
done_testing
