# standin.sh - what replyd runs for a request: a shop that keeps what it is told,
# in the folder there. At the request whose number is in the file fatal it does
# what it is asked and then kills who asked, whose id is in pid.
# shellcheck shell=sh
n=$(($(cat count) + 1))
echo $n >count
read -r method path rest <request
body=$(sed '1,/^\r$/d' request)
code=$(printf '%s' "$body" | sed -n 's/.*"externalCode":"\([^"]*\)".*/\1/p')
word=$(printf '%s' "$body" | sed -n 's/.*"status":"\([^"]*\)".*/\1/p
    s/.*"state":{"meta":{"href":"\([^"]*\)".*/\1/p')
id=${path##*/}
case $method$path in
GET*externalCode*)
	code=${path##*%3D}
	if [ -e "there/$code" ]; then
		read -r id word <"there/$code"
		answer='{"rows":[{"id":"'$id'","externalCode":"'$code'"}]}'
	else
		answer='{"rows":[]}'
	fi ;;
POST*/customerorder)
	[ ! -e "there/$code" ] || echo "$code" >>twice
	echo "made-$code $word" >"there/$code"
	answer='{"id":"made-'$code'"}' ;;
PUT*/customerorder/*)
	echo "$id $word" >"there/${id#made-}"
	answer='{"id":"'$id'"}' ;;
PUT*)
	echo "$word" >"there/$id"
	answer='{"id":'$id'}' ;;
esac
[ $n -ne "$(cat fatal)" ] || kill -9 "$(cat pid)"
echo "$answer"
