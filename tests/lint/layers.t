#!/bin/sh
# The house: who may include whom, one module for each library, no SQL in
# commands, no banned functions, headers that stand alone.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1

# The layers are those of the table in CONTRIBUTING.md: "LAYER MAY INCLUDE ...".
# shellcheck disable=SC2016	# the quotes of Markdown
sed -n 's/^| `\(lib\/\)*\([a-z]*\)\/` |.*| \(.*\)|$/\2 \3/p' CONTRIBUTING.md |
    tr -d , | awk '{ sub(/all above/, above); above = above " " $1; print }' \
	>"$work/layers"
empty 'the table in CONTRIBUTING.md lists the folders there are' "$(
    { cd lib && printf '%s\n' * cmd; } | sort >"$work/folders"
    cut -d ' ' -f 1 "$work/layers" | sort | diff "$work/folders" -)"
empty 'each layer includes only from those above it in the table' "$(
    awk '{ for (i = 2; i <= NF; i++) if (!($i in above)) print $1, $i
	above[$1] }' "$work/layers")"
while read -r layer allowed; do
	dir=lib/$layer
	[ "$layer" != cmd ] || dir=cmd
	bad=$(grep -n '^#include "' "$dir"/*.[ch] |
	    awk -v ok=" $allowed $layer " -F'"' '
		{ split($2, p, "/"); if (!index(ok, " " p[1] " ")) print }')
	empty "$layer includes only from: $allowed $layer" "$bad"
done <"$work/layers"

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

for f in lib/*/*.h; do
	guard=$(echo "${f#lib/}" | tr a-z/. A-Z__)
	grep -qx "#ifndef $guard" "$f" && grep -qx "#define $guard" "$f"
	ok "$f is guarded by its path" $?
done

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
