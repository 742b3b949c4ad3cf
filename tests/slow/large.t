#!/bin/sh
# Feeds of hundreds of megabytes fit in 100 MiB of memory.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

limit=104857600	# bytes of address space

# feed COUNT - a YML feed of so many offers, 560 bytes each.
feed() {
	awk -v count="$1" 'BEGIN {
		print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">"
		print "<yml_catalog><shop><categories>"
		for (i = 1; i <= 100; i++)
			printf "<category id=\"%d\">Категория %d</category>\n", i, i
		print "</categories><offers>"
		for (i = 0; i < count; i++)
			printf "<offer id=\"%d\" available=\"true\"><url>https://shop.example/goods/%d.html</url><price>%d.50</price><currencyId>RUR</currencyId><categoryId>%d</categoryId><name>Товар номер %d с длинным названием</name><vendorCode>A-%d</vendorCode><barcode>46%010d</barcode><description><![CDATA[<p>Описание, в котором много слов и ничего не сказано, а потом еще раз то же самое, чтобы файл стал большим.</p>]]></description><param name=\"Цвет\">Красный</param></offer>\n", i, i, i % 900 + 1, i % 100 + 1, i, i, i
		print "</offers></shop></yml_catalog>"
	}'
}
# orders COUNT - CommerceML with so many orders, 900 bytes each.
orders() {
	awk -v count="$1" 'BEGIN {
		print "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<КоммерческаяИнформация>"
		for (i = 1; i <= count; i++)
			printf "<Документ><Ид>%d</Ид><Номер>%d</Номер><Дата>2026-02-01</Дата><Время>10:00:00</Время><ХозОперация>Заказ товара</ХозОперация><Валюта>BYN</Валюта><Сумма>20</Сумма><Товары><Товар><Ид>g-%d</Ид><Наименование>Товар %d</Наименование><ЦенаЗаЕдиницу>10</ЦенаЗаЕдиницу><Количество>2</Количество><Сумма>20</Сумма></Товар></Товары><Комментарий>Слова, слова, слова, слова, слова, слова, слова, слова</Комментарий></Документ>\n", i, i, i % 500, i % 500
		print "</КоммерческаяИнформация>"
	}'
}
shop
sqlite3 "$CRM_DB" "INSERT OR IGNORE INTO currency VALUES ('RUB', 2, 100)"
feed 1000000 >feed.yml
[ "$(wc -c <feed.yml)" -gt 500000000 ]
ok 'a feed of more than 500 MB' $?
expect 0 prlimit --as="$limit" catalog-import -v --source site --complete feed.yml
contains 'is imported' err '1000000 new, 0 changed, 0 same, 0 no longer sold, 0 rejected'
expect 0 prlimit --as="$limit" catalog-import -v --source site --complete feed.yml
contains 'twice' err '0 new, 0 changed, 1000000 same, 0 no longer sold, 0 rejected'
rm -f feed.yml t.db*

shop
orders 60000 >orders.xml
expect 0 sh -c "cat orders.xml | prlimit --as=$limit order-import -v --source 1c"
contains 'orders from a pipe too' err '60000 new, 0 changed, 0 same'
done_testing
