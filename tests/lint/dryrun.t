#!/bin/sh
# Every command that changes something can show first what it would do.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
for source in "$top"/cmd/*.c; do
	grep -qE 'CLI_DB_WRITE|CLI_NET|db_create|db_migrate' "$source" || continue
	cmd=$(basename "$source" .c)
	"$cmd" --crm-options | cut -f2 | grep -qx dry-run
	ok "$cmd has --dry-run" $?
done
done_testing
