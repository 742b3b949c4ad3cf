#!/bin/sh
# Nothing is left half done: no marks of unfinished work in what is shipped.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
marks='TO''DO|FIX''ME|X''XX|HA''CK'	# in halves, or this line would be found
empty 'no marks of unfinished work' "$(grep -rnwE "$marks" Makefile cmd lib share \
    completions man tests README.md 2>/dev/null |
    grep -vE '"X''XX"|^tests/fuzz/corpus/')"	# the code of no currency
empty 'comments are /* like this */' "$(grep -rnE --include='*.[ch]' \
    '(^|[^:"])//' cmd lib | grep -vE '"[^"]*//|NOLINT')"
empty 'no blank at the end of a line' "$(grep -rnE --include='*.[ch]' \
    --include='*.sh' --include='*.t' --include='*.sql' '[[:blank:]]$' \
    cmd lib tests share)"
done_testing
