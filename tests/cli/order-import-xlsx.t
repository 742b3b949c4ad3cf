#!/bin/sh
# order-import of Excel workbooks, made by LibreOffice and by exceljs.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

in=$top/tests/fixtures/orders
export BETWEEN='|'

# The same table as CSV and as LibreOffice's workbook.
shop
expect 0 order-import --format nethouse "$in/nethouse.csv"
sql 'SELECT * FROM v_items' >items
sql 'SELECT order_no, placed_at, total, source_total, phone, customer_comment FROM v_orders' >orders
same 'builders'\'' headers are known' orders <<'EOF'
1001|2026-02-01T07:15:00Z|21.0|21.0|+375291112233|Позвоните, за час
1002|2026-02-01T21:00:00Z|4.25|4.25|+375441111111|
1003|2026-02-02T21:00:00Z|2.0|2.0||
EOF
expect 0 order-import -v --format nethouse "$in/libreoffice.xlsx"
contains 'the workbook says the same' err '0 new, 0 changed, 3 same'

# exceljs: a hidden sheet before, an empty row, dates, rich text, a formula,
# shared and own texts, both of Excel's calendars.
for f in exceljs exceljs-1904; do
	shop
	expect 0 order-import --format nethouse "$in/$f.xlsx"
	sed "s|$in/||" err >err2
	same "$f: the phone that Excel damaged is said" err2 <<EOF
order-import: warning: $f.xlsx:4: phone '3.75291E+11' was damaged by Excel and is left out
EOF
	sql "SELECT order_no, customer_name, total, source_total, phone, customer_comment, placed_at FROM v_orders;
	    SELECT name, quantity, price, sum FROM v_items; SELECT type FROM payment" >out
	same "$f: every figure and text" out <<'EOF'
2001|Иванов Пётр|21.0|21.0|+375291112233|Позвоните за час|2026-02-01T07:15:00Z
2002|Анна & Ко <b>|2.17|2.17|||2026-02-02T20:59:59Z
2003||99999.99|99999.99|+375291112234||2026-02-02T21:00:00Z
Мыло «Лаванда»|2.0|10.5|21.0
Щётка|0.5|4.3333|2.17
Лампа 42"|1.0|99999.99|99999.99
cash
bank-card
EOF
	expect 0 order-import -v --format nethouse "$in/$f.xlsx"
	contains "$f: twice changes nothing" err '0 new, 0 changed, 3 same'
done
shop
expect 0 sh -c "cat '$in/exceljs.xlsx' | order-import -v --format nethouse"
contains 'from a pipe' err '3 new'

# A map made for the CSV serves the workbook: separators, decimal marks and
# patterns of dates are not taken at their word.
shop
cat >excel.map <<'EOF'
source = "excel"
separator = ";"
decimal = ","
encoding = "windows-1251"
ignore = {"Комментарий", "Оплата"}
column "Номер"   { field = "order_no" }
column "Дата"    { field = "placed_at"  format = "%d.%m.%Y %H:%M" }
column "Телефон" { field = "phone" }
column "Клиент"  { field = "customer_name" }
column "Товар"   { field = "item_name" }
column "Кол-во"  { field = "item_quantity" }
column "Цена"    { field = "item_price" }
column "Итого"   { field = "total" }
EOF
expect 0 order-import -v --map excel.map "$in/exceljs.xlsx"
contains 'taken' err '3 new'
sql 'SELECT order_no, total, placed_at FROM v_orders' >out
same 'and right' out <<'EOF'
2001|21.0|2026-02-01T07:15:00Z
2002|2.17|2026-02-02T20:59:59Z
2003|99999.99|2026-02-02T21:00:00Z
EOF

# A rejected row is read again alone.
shop
sed 's/%d.%m.%Y %H:%M/%s/; s/"item_quantity"/"item_purchase_price"/' excel.map >bad.map
expect 3 order-import --map bad.map "$in/exceljs.xlsx"
contains 'row and column' err 'exceljs.xlsx:4: item 1:'
cp excel.map bad.map
expect 0 order-import --retry
sql 'SELECT order_no, total FROM v_orders WHERE order_no = 2002' >out
same 'read again' out <<'EOF'
2002|2.17
EOF

# Sheets of our own making.
mkdir -p b/xl/_rels
book() {	# book FILE SHEETXML
	printf '%s' '<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>' >b/xl/workbook.xml
	printf '%s' '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>' \
	    >b/xl/_rels/workbook.xml.rels
	cat >b/xl/s.xml
	(cd b && rm -f "../$1" && zip -qr "../$1" xl)
}
row() { printf '<row><c t="inlineStr"><is><t>%s</t></is></c><c t="inlineStr"><is><t>%s</t></is></c></row>' "$1" "$2"; }
bad() {	# bad TITLE FILE MESSAGE
	shop
	expect 3 order-import "$2"
	contains "$1" err "$3"
}
{ printf '<worksheet><sheetData>'; row order_no placed_at; row A 2026-02-01; printf '</sheetData></worksheet>'; } | book bare.xlsx
shop
expect 0 order-import -v bare.xlsx
contains 'the barest workbook' err '1 new'
{ printf '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData>'; row '&b;' 1; printf '</sheetData></worksheet>'; } | book laughs.xlsx
bad 'entities are refused' laughs.xlsx 'laughs.xlsx: xl/s.xml:'
{ printf '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData>'; row '&a;' 1; printf '</sheetData></worksheet>'; } | book external.xlsx
bad 'external ones too' external.xlsx 'external.xlsx: xl/s.xml:'
{ printf '<worksheet><sheetData>'; head -c 40000000 /dev/zero | tr '\0' ' '; printf '</sheetData></worksheet>'; } | book bomb.xlsx
bad 'a bomb is refused' bomb.xlsx 'unpacks to far too much'
printf '<worksheet><sheetData><row><c><v>1</v>' | book cut.xlsx
bad 'XML that is cut short' cut.xlsx 'cut.xlsx: xl/s.xml:'
head -c 3000 "$in/exceljs.xlsx" >half.xlsx
bad 'an archive that is cut short' half.xlsx 'half.xlsx: not a whole ZIP archive'
mkdir -p o && echo x >o/content.xml && (cd o && zip -q ../sheet.ods content.xml)
bad 'another archive' sheet.ods 'no Excel workbook: it has no xl/workbook.xml'
printf '\320\317\021\340\241\261\032\341' >old.xls
bad 'an old workbook' old.xls 'an old Excel workbook (.xls): save it as .xlsx or CSV'
# SheetJS: a report with a title and merged cells, whose orders have their number
# on the first line alone, formulas, empty rows below, a second sheet.
for f in sheetjs sheetjs-1904; do
	shop
	expect 0 order-import -v --format nethouse "$in/$f.xlsx"
	same "$f: nothing has to be said" err <<'EOF'
order-import: 2 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run 2
EOF
	sql "SELECT order_no, status, placed_at, total, source_total FROM v_orders;
	    SELECT order_no, sku, name, quantity, price, sum FROM v_items ORDER BY order_no, line" >out
	same "$f: every figure" out <<'EOF'
З-1|new|2026-02-01T07:30:00Z|25.33|25.33
З-2|complete|2026-02-01T21:00:00Z|50.0|50.0
З-1|S-1|Мыло & ко|2.0|10.5|21.0
З-1|S-2|Щётка|1.0|4.33|4.33
З-2||Лампа|0.5|100.0|50.0
EOF
	expect 0 order-import -v --format nethouse "$in/$f.xlsx"
	contains 'twice changes nothing' err '0 new, 0 changed, 2 same'
done
done_testing
