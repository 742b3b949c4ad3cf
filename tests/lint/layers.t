#!/bin/sh
# The house: who may include whom, one module for each library, no SQL in
# commands, no banned functions, headers that stand alone.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

allowed() {	# allowed LAYER - layers it may include from
	case $1 in
	base) echo base ;;
	io) echo base io ;;
	db) echo base db ;;
	crm) echo base db crm ;;
	intake|carrier|channel|export) echo base io crm "$1" ;;
	stats) echo base db crm stats ;;
	report) echo base io crm stats report ;;
	cli) echo base io db cli ;;
	app) echo base io db crm intake carrier channel export stats report cli app ;;
	cmd) echo base io db crm intake carrier channel export stats report cli app ;;
	esac
}
for dir in lib/*/ cmd/; do
	layer=$(basename "$dir")
	# shellcheck disable=SC2086	# a folder's files
	bad=$(find $dir -name '*.[ch]' -exec grep -Hn '^#include "' {} + |
	    awk -v ok=" $(allowed "$layer") " -F'"' '
		{ split($2, p, "/"); if (!index(ok, " " p[1] " ")) print }')
	empty "$layer includes only from: $(allowed "$layer")" "$bad"
done

for pair in sqlite3.h:lib/db/db.c \
    xlsxwriter.h:lib/io/xlsx.c confuse.h:lib/io/conf.c iconv.h:lib/io/charset.c \
    utf8proc.h:lib/base/text.c curl/curl.h:lib/io/http.c \
    expat.h:lib/io/xml.c zip.h:lib/io/unzip.c; do
	bad=$(grep -rnF --include='*.[ch]' "#include <${pair%%:*}>" cmd lib |
	    grep -v "^${pair##*:}:")
	empty "only ${pair##*:} may include <${pair%%:*}>" "$bad"
done

bad=$(grep -nE '"[^"]*\b(SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|PRAGMA)\b' \
    cmd/*.c 2>/dev/null)
empty 'no SQL in commands' "$bad"

banned='strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|strtok|strtok_r'
banned="$banned|atoi|atol|atoll|atof|gets|localtime|gmtime|ctime|asctime|mktemp"
banned="$banned|tmpnam|tempnam|alloca|system|popen|rand"
bad=$(grep -rnE --include='*.[ch]' "\\b($banned)[[:space:]]*\\(" cmd lib)
empty 'no banned function' "$bad"

# malloc and its kin fail; mem_* do not.
bad=$(grep -rnE --include='*.c' '\b(malloc|calloc|realloc|strdup|strndup|asprintf)\(' \
    cmd lib | grep -v '^lib/base/mem\.c:')
empty 'memory comes from mem_* or an arena' "$bad"

for f in cmd/*.c lib/*/*.c; do
	[ -e "$f" ] || continue
	head -n 1 "$f" | grep -qE "^/\\* $(basename "$f" .c)(\\.c)? - .+"
	ok "$f begins with its name and purpose" $?
done

for h in lib/*/*.h; do
	echo "#include \"${h#lib/}\"" | ${CC:-cc} -std=c17 -D_GNU_SOURCE -Ilib -Wall \
	    -Werror -fsyntax-only -x c - 2>"$work/err"
	ok "$h stands alone" $?
	note "$work/err"
done
done_testing
