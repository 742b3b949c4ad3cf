# tests/lib.sh - a test is a shell script that sources this file and prints TAP.
# Each runs in its own empty directory with its own HOME, fixed clock and locale.
set -u
unset CRM_DB CRM_CONFIG CRM_SHARE CRM_LANG CRM_COLOR CRM_BACKUP_DIR NO_COLOR \
    COLUMNS \
    XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME
LC_ALL=C.UTF-8 TZ=UTC HOME=/nonexistent TERM=dumb
CRM_NOW=2026-03-02T09:00:00Z BETWEEN=' '
export LC_ALL TZ HOME TERM CRM_NOW BETWEEN
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${CRM_BUILD:-$top/build}
PATH=$build/bin:$PATH
work=$(mktemp -d "${TMPDIR:-/tmp}/crm-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
n=0 failed=0

# ok DESCRIPTION STATUS - one result; 0 is success.
ok() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
	else
		failed=1
		echo "not ok $n - $1"
	fi
}

# skip DESCRIPTION REASON - a result that cannot be had on this machine.
skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# note [FILE] - show a file, or standard input, as TAP comments.
note() { sed 's/^/# /' "$@"; }

# run COMMAND... - leaves out, err and $status; a death by signal always fails.
run() {
	"$@" >out 2>err </dev/null
	status=$?
	if [ "$status" -gt 125 ]; then
		ok "died: $* ($status)" 1
		note err
	fi
}

# expect STATUS COMMAND... - run it and check the exit status.
expect() {
	want=$1
	shift
	run "$@"
	[ "$status" -eq "$want" ]
	ok "exit $want: $*" $?
	[ "$status" -eq "$want" ] || note err
}

# same DESCRIPTION FILE - compare FILE with standard input.
same() {
	cat >expected
	diff -u expected "$2" >difference
	ok "$1" $?
	note difference
}

# contains DESCRIPTION FILE TEXT - the fixed text stands somewhere in FILE.
contains() {
	grep -qF -e "$3" "$2"
	ok "$1" $?
	grep -qF -e "$3" "$2" || { echo "# no '$3' in:"; note "$2"; }
}

# empty DESCRIPTION LINES - nothing was found; else show what.
empty() {
	[ -z "$2" ]
	ok "$1" $?
	[ -z "$2" ] || printf '%s\n' "$2" | note
}

# refuses STATUS MESSAGE COMMAND... - it says so first, and writes nothing.
refuses() {
	want=$1 message=$2
	shift 2
	run "$@"
	[ "$status" -eq "$want" ] && [ ! -s out ] &&
	    [ "$(head -n 1 err)" = "$1: $message" ]
	ok "refused: $*" $?
	[ "$(head -n 1 err)" = "$1: $message" ] || note err
}

# shop_in TIMEZONE CURRENCY COUNTRY - make t.db anew, an empty shop, and work
# with it.
shop_in() {
	rm -f t.db*
	export CRM_DB="$work/t.db"
	crm-init --timezone "$1" --currency "$2" --country "$3" \
	    >out 2>err </dev/null || { ok 'crm-init' 1; note err; }
}
shop() { shop_in Europe/Minsk BYN BY; }

# sql QUERY... - ask the database; $BETWEEN stands between two columns.
sql() { sqlite3 -separator "$BETWEEN" "$CRM_DB" "$@"; }

# last_run - the number of the run that began last.
last_run() { sql 'SELECT max(id) FROM run'; }

# dump - the whole database as SQL.
dump() { sqlite3 "$CRM_DB" .dump; }

# whole - what the test did to the database left every promise kept.
whole() {
	expect 0 crm-check
	same 'the database is whole' out </dev/null
}

# listed_options PAGE - "letter name argument" of each option that a manual page
# lists as ".It Fl d Ar file , Fl -db Ns = Ns Ar file" or ".It Fl h , -help".
listed_options() {
	awk '/^\.It Fl / {
		letter = name = arg = ""
		for (i = 3; i <= NF; i++) {
			if ($i ~ /^-[a-z]/)
				name = substr($i, 2)
			else if ($i == "Ar")
				arg = $(i + 1)
			else if ($(i - 1) == "Fl" && length($i) == 1)
				letter = $i
		}
		print letter, name, arg
	}' "$1"
}

done_testing() {
	echo "1..$n"
	exit $failed
}
