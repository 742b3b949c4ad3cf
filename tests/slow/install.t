#!/bin/sh
# make install puts just the listed files there, they work, and make uninstall
# takes just them away.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
root=$work/root
unset MAKEFLAGS MAKELEVEL	# of the make that runs this test

files() { (cd "$root" && find . ! -type d | sed 's/^\.//' | LC_ALL=C sort); }

expect 0 make -C "$top" B="$build" DESTDIR="$root" PREFIX=/usr install
files >found
LC_ALL=C sort "$top/tests/fixtures/installed.txt" >listed
same 'installed is what tests/fixtures/installed.txt lists' found <listed

for cmd in "$root"/usr/bin/*; do
	expect 0 "$cmd" --version
done
PATH=$root/usr/bin:$PATH
unset CRM_SHARE
shop
ok 'an installed crm-init finds its reference data' $?
[ -s t.db ]
ok 'and makes a database' $?

mkdir -p "$root/usr/bin" && touch "$root/usr/bin/other"
expect 0 make -C "$top" B="$build" DESTDIR="$root" PREFIX=/usr uninstall
files >left
same 'uninstall leaves what is not ours' left <<'EOF'
/usr/bin/other
EOF
[ ! -e "$root/usr/share/crm" ]
ok 'and no folder of ours' $?
done_testing
