# cells.awk - the cells of one worksheet's XML as lines for xlsxloop.
# awk -v sheet=N -f cells.awk sheetN.xml
function number(letters,	i, n) {
	for (i = 1; i <= length(letters); i++)
		n = n * 26 + index("ABCDEFGHIJKLMNOPQRSTUVWXYZ", \
		    substr(letters, i, 1))
	return n - 1
}
BEGIN { RS = ">" }
/^<c / {
	split($0, part, "\"")
	row = letters = part[2]
	sub(/^[A-Z]+/, "", row)
	sub(/[0-9]+$/, "", letters)
}
sub(/<\/v$/, "") {
	printf "%d\t%d\t%d\tn\t%s\n", sheet, row - 1, number(letters), $0
}
sub(/<\/t$/, "") {
	gsub(/[\t\n]/, " ")
	printf "%d\t%d\t%d\ts\t%s\n", sheet, row - 1, number(letters), $0
}
