#!/bin/sh
# Whatever stands in a fuzzer's corpus is read without a crash.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
for corpus in "$top"/tests/fuzz/corpus/*/; do
	[ -d "$corpus" ] || continue
	name=$(basename "$corpus")
	"$build/fuzz/$name" "$corpus"/* >out 2>&1
	status=$?
	ok "$name: $(find "$corpus" -type f | wc -l) files" "$status"
	[ "$status" -eq 0 ] || note out
done
done_testing
