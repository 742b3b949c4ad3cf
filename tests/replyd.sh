# replyd.sh - a stand-in for a shop's server, for tests that source lib.sh first.
# shellcheck shell=sh disable=SC2154	# lib.sh sets build, top and work
unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY \
    ALL_PROXY NO_PROXY
server=
replyd=$build/helper/replyd
[ -x "$replyd" ] || replyd=$top/build/helper/replyd
trap 'served; rm -rf "$work"' EXIT

# served - end the server.
served() {
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
	server=
}

# serve KIND [LINES] - answer from the file script; crm.conf has it as the shop
# 'site', LINES are further keys. The requests come into asked.
serve() {
	served
	rm -f port asked
	"$replyd" -p port script asked >/dev/null 2>&1 </dev/null &
	server=$!
	tries=0
	until [ -s port ] || [ $((tries += 1)) -gt 100 ]; do
		sleep 0.1
	done
	port=$(cat port)
	printf 'sesame\n' >token
	chmod 600 token
	cat >crm.conf <<END
shop "site" {
	kind = $1
	url = "http://127.0.0.1:$port"
	token_file = token
	${2-}
}
END
	export CRM_CONFIG="$work/crm.conf"
}

# empty_of KIND LIST - a line of a script: the answer without any of a list.
empty_of() {
	case $1 in
	woocommerce|insales) echo 'text []' ;;
	moysklad) echo 'text {"rows": []}' ;;
	shopify) printf 'text {"%s": []}\n' "$2" ;;
	retailcrm) echo 'text {"success": true, "history": []}' ;;
	esac
}

# requests - what was asked: the first line of each request.
requests() { grep -a '^GET ' asked | sed 's/ HTTP.*//; s/^GET //'; }

# woo ID TIME - an order as WooCommerce tells it, last changed then.
woo() {
	printf '{"id":%d,"number":"%d","status":"processing","currency":"BYN",' \
	    "$1" "$1"
	printf '"date_created_gmt":"2026-01-31T10:00:00",'
	printf '"date_modified_gmt":"%s","total":"%d.50","billing":' "$2" "$1"
	printf '{"first_name":"Анна","phone":"+3752911%05d"},"line_items":' "$1"
	printf '[{"id":%d,"name":"Мыло","quantity":1,"sku":"S-%d",' "$1" "$1"
	printf '"subtotal":"%d.50","total":"%d.50"}]}' "$1" "$1"
}

# person ID TIME - a customer as InSales tells him, last changed then.
person() {
	printf '{"id":%d,"surname":"Ёлкина","name":"Анна %d",' "$1" "$1"
	printf '"middlename":null,"phone":"+3752911%05d",' "$1"
	printf '"created_at":"2026-01-31T10:00:00Z","updated_at":"%s"}' "$2"
}
