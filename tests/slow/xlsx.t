#!/bin/sh
# LibreOffice opens the workbook and reads from it what was written, with its
# number formats, dates and charts.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"
command -v soffice >/dev/null ||
    { echo '1..0 # SKIP LibreOffice is not installed'; exit 0; }
export HOME="$work"

# convert FORMAT FILE - it takes long to start, so a hang is ended.
convert() { expect 0 timeout 300 soffice --headless --convert-to "$1" "$2"; }

shop
expect 0 order-import --backfill "$top/tests/fixtures/week.ndjson"
expect 0 env CRM_LANG=ru report-xlsx -o week.xlsx

# One file a sheet: ',' between, '"' around, UTF-8, cells as they are shown.
convert 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1' \
    week.xlsx
sed -n '/^Figure/,$p' week-Summary.csv | cut -d, -f 1-4 >summary
for name in Days Statuses Sources Products RFM; do
	tail -n +3 "week-$name.csv"
done >tables
same 'the key figures' summary <<'EOF'
Figure,This period,Before,Change
Orders received,6,1,500.0%
Sales,3,1,200.0%
Conversion into sales,50.0%,100.0%,-50.0%
Revenue,122.13,40.00,205.3%
Average order value,40.71,40.00,1.8%
Items sold,5.5,1,450.0%
New customers,1,1,0.0%
Repeat sales,1,0,
Sales to unknown customers,1,0,
Cancelled,1,0,
"Cancelled, share",16.7%,0.0%
In work,1,0,
"In work, sum",70.01,0.00
Cost of goods,60.00,,
Gross profit,40.00,,
Sales without a known cost,2,1,100.0%
Refunds,1,0,
Refunded,1.50,0.00,
EOF
same 'the other sheets' tables <<'EOF'
Day,Weekday,Orders,Sales,Revenue,Average order value
2026-02-23,Mon,1,1,100.00,100.00
2026-02-24,Tue,1,1,4.50,4.50
2026-02-25,Wed,1,1,17.63,17.63
2026-02-26,Thu,1,0,0.00,
2026-02-27,Fri,1,0,0.00,
2026-02-28,Sat,0,0,0.00,
2026-03-01,Sun,1,0,0.00,
Total,,6,3,122.13,40.71
Group,Status,Orders,Sum,Share of orders
Новый,Новый,1,50.00,16.7%
Комплектация,Комплектуется,1,70.01,16.7%
Выполнен,Выполнен,2,117.63,33.3%
Выполнен,Выполнен частично,1,4.50,16.7%
Отменен,Отменен,1,200.00,16.7%
Total,,6,442.14,100.0%
utm_source / utm_medium,Door,Orders,Sales,Revenue,Average order value,Conversion into sales,Cancelled,"Cancelled, share"
google / cpc,import,2,2,104.50,52.25,100.0%,0,0.0%
(none) / (none),import,2,1,17.63,17.63,50.0%,0,0.0%
(none) / (none),phone,1,0,0.00,,0.0%,0,0.0%
vk / social,import,1,0,0.00,,0.0%,1,100.0%
Total,,6,3,122.13,40.71,50.0%,1,16.7%
SKU,Product,Quantity,Revenue,Orders,Cost,Gross profit
M-1,Мыло «Лён»,2,100.00,1,60.00,40.00
T-1,Чай травяной,0.5,12.63,1,,
,"Открытка, 2 стороны",3,4.50,1,,
Segment,Customers,Share of customers,Orders,Revenue,Average order value
Promising,1,50.0%,2,140.00,70.00
New Customers,1,50.0%,1,17.63,17.63
Total,2,100.0%,3,157.63,52.54
,,,,,
,,,,,
"Customers by recency (down) and frequency (to the right): 5 bought most recently, 5 bought most often.",,,,,
Recency / frequency,5,4,3,2,1
5,0,0,0,0,1
4,0,0,0,0,0
3,0,0,0,0,1
2,0,0,0,0,0
1,0,0,0,0,0
EOF

convert ods week.xlsx
for page in 1 2 3 4 5 6; do
	unzip -p week.ods "Object $page/content.xml" |
	    grep -o '<chart:title.*</chart:title>' |
	    sed 's/.*<text:p>\(.*\)<\/text:p>.*/\1/'
done >charts
same 'the charts' charts <<'EOF'
Revenue by day
Orders and sales by day
Orders by status
Revenue by source
Revenue by product
Customers by segment
EOF
done_testing
