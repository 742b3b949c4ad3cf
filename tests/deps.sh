#!/bin/sh
# deps.sh TIER... - install what is missing of the tiers of tests/packages.txt.
# Quick and silent when nothing is.
set -eu
list=$(dirname "$0")/packages.txt
if ! command -v dpkg-query >/dev/null; then
	echo "not a Debian system: see $list for what is needed" >&2
	exit 0
fi
wanted=$(awk -v tiers=" $* " '
	!/^#/ && NF && index(tiers, " " $1 " ") { print $2 }' "$list")
# shellcheck disable=SC2086	# a list of words
missing=$({
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
	    sed -n 's/^installed //p'
	printf 'wanted %s\n' $wanted
} | awk '$1 != "wanted" { have[$1] } $1 == "wanted" && !($2 in have) { printf "%s ", $2 }')
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	as_root='sudo env DEBIAN_FRONTEND=noninteractive'
	if ! command -v sudo >/dev/null; then
		echo "packages are missing; as root: apt-get install $missing" >&2
		exit 1
	fi
fi
echo "installing $missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get -q update
# shellcheck disable=SC2086	# lists of words
$as_root apt-get -q -y --no-install-recommends install $missing </dev/null
