#!/bin/sh
# Warnings are mended, not silenced; the few that are silenced say why.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
cd "$top" || exit 1
most=3	# raise it only with a good reason in the commit that does

grep -rnE 'NOLINT|cppcheck-suppress|#pragma|-Wno-|__attribute__.*unused' \
    cmd lib | grep -v '^lib/base/base\.h:' >"$work/found"
[ "$(wc -l <"$work/found")" -le "$most" ]
ok "at most $most silenced warnings" $?
[ "$(wc -l <"$work/found")" -le "$most" ] || note "$work/found"
empty 'each says why' "$(grep -vE \
    'NOLINT[A-Z]*\([a-z.,A-Z-]+\): [a-z]|cppcheck-suppress [a-zA-Z]+ *(;|//|#|:) *[a-z]' \
    "$work/found")"
empty 'clang-format is switched off in opt.h alone' \
    "$(grep -rln 'clang-format off' cmd lib | grep -vx lib/cli/opt.h)"
done_testing
