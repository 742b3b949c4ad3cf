#!/bin/sh
# catalog-import: feeds of all formats into the catalogue.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

fixtures=$top/tests/fixtures
fresh() { shop_in Europe/Moscow RUB RU; }
offers() {
	sql "SELECT sku, name, ifnull(price, '-'), ifnull(purchase_price, '-'),
	    ifnull(currency, '-'), ifnull(unit, '-'), ifnull(weight, '-'),
	    ifnull(available, '-'), active, ifnull(barcodes, '-'),
	    ifnull(brand, '-'), ifnull(categories, '-') FROM v_offers ORDER BY offer_id"
}
# All but when things happened.
state() {
	sql 'SELECT id, product_id, sku, name, price, purchase_price, currency,
	    unit, weight, available, active FROM offer; SELECT * FROM product;
	    SELECT * FROM category; SELECT * FROM product_category;
	    SELECT * FROM offer_barcode; SELECT * FROM offer_property;
	    SELECT * FROM product_property; SELECT * FROM offer_source;
	    SELECT * FROM product_source;
	    SELECT entity, entity_id, field, old, new FROM history'
}

# 1C: products, then their variants and prices. The offers are 1C's own file;
# the products, of which two have variants in it, are written here.
cat >import.xml <<'EOF'
<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.07">
 <Классификатор>
  <Группы><Группа><Ид>g1</Ид><Наименование>Обувь</Наименование>
   <Группы><Группа><Ид>g2</Ид><Наименование>Женская
    обувь</Наименование></Группа></Группы></Группа></Группы>
  <Свойства><Свойство><Ид>p1</Ид><Наименование>Сезон</Наименование><ТипЗначений>Справочник</ТипЗначений>
   <ВариантыЗначений><Справочник><ИдЗначения>v1</ИдЗначения><Значение>Зима</Значение></Справочник></ВариантыЗначений></Свойство></Свойства>
 </Классификатор>
 <Каталог СодержитТолькоИзменения="false"><Товары>
  <Товар><Ид>bd72d910-55bc-11d9-848a-00112f43529a</Ид><Штрихкод>2000018987155</Штрихкод><Артикул>Б-130001</Артикул>
   <Наименование>Женские ботфорты коричневые</Наименование>
   <БазоваяЕдиница Код="715" НаименованиеПолное="Пара (2 шт.)"/>
   <Группы><Ид>g2</Ид></Группы>
   <Изготовитель><Ид>m1</Ид><Наименование>Обувной комбинат</Наименование></Изготовитель>
   <ЗначенияСвойств><ЗначенияСвойства><Ид>p1</Ид><Значение>v1</Значение></ЗначенияСвойства></ЗначенияСвойств>
   <ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>Вес</Наименование><Значение>1,25</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Товар>
  <Товар><Ид>bd72d913-55bc-11d9-848a-00112f43529a</Ид><Артикул>Б- 130005</Артикул><Наименование>Ботинки женские демисезонные</Наименование></Товар>
  <Товар><Ид>c-1</Ид><Артикул>C-1</Артикул><Наименование>Крем для обуви</Наименование><БазоваяЕдиница>шт</БазоваяЕдиница></Товар>
  <Товар Статус="Удален"><Ид>c-2</Ид><Артикул>C-2</Артикул><Наименование>Старый крем</Наименование></Товар>
 </Товары></Каталог>
</КоммерческаяИнформация>
EOF
fresh
real=$fixtures/commerceml_offers_utf8bom.xml
expect 0 catalog-import --source 1c import.xml "$real"
same 'stock is left to others' err <<EOF
catalog-import: warning: $real:204: stock figures are left out
EOF
offers >out
same '1C: variants begin with what is known of their product' out <<'EOF'
Б-130001 Женские ботфорты коричневые - - - Пара (2 шт.) 1.25 - 0 2000018987155 Обувной комбинат Женская обувь
Б- 130005 Ботинки женские демисезонные - - - - - - 0 - - -
C-1 Крем для обуви - - - шт - - 1 - - -
C-2 Старый крем - - - - - - 0 - - -
Б-130001 Женские ботфорты коричневые (38) 1719.0 - RUB Пара (2 шт.) 1.25 - 1 - Обувной комбинат Женская обувь
Б-130001 Женские ботфорты коричневые (39) 1496.0 - RUB Пара (2 шт.) 1.25 - 1 - Обувной комбинат Женская обувь
Б- 130005 Ботинки женские демисезонные (35) 1309.0 - RUB Пара (2 шт.) - - 1 - - -
Б- 130005 Ботинки женские демисезонные (36) 1309.0 - RUB Пара (2 шт.) - - 1 - - -
Б- 130005 Ботинки женские демисезонные (37) 1271.0 - RUB Пара (2 шт.) - - 1 - - -
EOF
sql "SELECT name, value FROM offer_property; SELECT name, value FROM product_property;
    SELECT c.name, p.name FROM category c JOIN category p ON p.id = c.parent_id" >out
same '1C: properties by their names, a tree of categories' out <<'EOF'
Размер 40
Тип кожи натуральная кожа
Цвет Коричневый
Сезон Зима
Женская обувь Обувь
EOF
state >before
expect 0 catalog-import -v --source 1c import.xml "$real"
contains '1C: twice changes nothing' err '0 new, 0 changed, 9 same, 0 rejected'
expect 0 catalog-import --source 1c "$real"
expect 0 catalog-import --source 1c import.xml
state >after
same '1C: in any order' after <before
fresh
expect 0 catalog-import -v --source 1c "$real" import.xml
contains '1C: offers before products' err '7 new, 2 changed, 0 same, 0 rejected'
sql "SELECT DISTINCT product FROM v_offers WHERE product_id < 3" >out
same '1C: the product is called by its own name' out <<'EOF'
Женские ботфорты коричневые
Ботинки женские демисезонные
EOF

# A product that 1C has deleted goes with its variants, and comes back.
sed 's/<Товар><Ид>bd72d910/<Товар Статус="Удален"><Ид>bd72d910/' import.xml >deleted.xml
expect 0 catalog-import --source 1c deleted.xml
sql "SELECT name, active FROM offer WHERE sku = 'Б-130001'" >out
same '1C: a product is deleted with its variants' out <<'EOF'
Женские ботфорты коричневые (38) 0
Женские ботфорты коричневые (39) 0
EOF
expect 0 catalog-import -q --source 1c import.xml "$real"
sql "SELECT name, active FROM offer WHERE sku = 'Б-130001'" >out
same '1C: and comes back' out <<'EOF'
Женские ботфорты коричневые (38) 1
Женские ботфорты коричневые (39) 1
EOF

# Order entry finds what was imported: by a part of the name, SKU or barcode.
expect 1 order-add 89161234567 Б-130001
contains 'a SKU of two sizes does not tell which' err "'Б-130001' may be 2 items"
expect 0 order-add 89161234567 'ботфорты коричневые (39)' C-1@99
sql 'SELECT i.sku, i.name, i.price, ifnull(o.price, 0) FROM order_item i JOIN offer o ON o.id = i.offer_id' >out
same 'order-add' out <<'EOF'
Б-130001 Женские ботфорты коричневые (39) 14960000 14960000
C-1 Крем для обуви 990000 0
EOF

# An order that calls goods as the catalogue's source does is of its offers.
cat >order.json <<'EOF'
{"type":"order","source":"1c","external_id":"1","placed_at":"2026-02-01","items":[{"sku":"bd72d910-55bc-11d9-848a-00112f43529a#90c55447-d3a8-11e4-9423-e0cb4ed5eed4","name":"x","quantity":1,"price":1},{"sku":"Б-130001","name":"Женские ботфорты коричневые (39)","quantity":1,"price":1},{"sku":"Б-130001","name":"Ботфорты","quantity":1,"price":1}]}
EOF
expect 0 order-import order.json
sql "SELECT line, ifnull(f.name, '-') FROM order_item i JOIN orders o ON o.id = i.order_id
    LEFT JOIN offer f ON f.id = i.offer_id WHERE o.source = '1c'" >out
same 'by external id, by SKU and name; nothing is guessed' out <<'EOF'
1 Женские ботфорты коричневые (38)
2 Женские ботфорты коричневые (39)
3 -
EOF

# Several types of price.
cat >prices.xml <<'EOF'
<КоммерческаяИнформация><ПакетПредложений>
<ТипыЦен><ТипЦены><Ид>t1</Ид><Наименование>Розничная</Наименование></ТипЦены><ТипЦены><Ид>t2</Ид><Наименование>Закупочная</Наименование></ТипЦены></ТипыЦен>
<Предложения><Предложение><Ид>c-1</Ид><Цены>
<Цена><ИдТипаЦены>t2</ИдТипаЦены><ЦенаЗаЕдиницу>60,5</ЦенаЗаЕдиницу><Валюта>руб</Валюта></Цена>
<Цена><ИдТипаЦены>t1</ИдТипаЦены><ЦенаЗаЕдиницу>120</ЦенаЗаЕдиницу><Валюта>руб</Валюта></Цена>
</Цены></Предложение></Предложения></ПакетПредложений></КоммерческаяИнформация>
EOF
expect 0 catalog-import --source 1c prices.xml
same 'the first type is taken, and that is said' err <<'EOF'
catalog-import: warning: prices.xml:2: there are several types of price, 'Розничная' is taken; --price-type tells another
EOF
expect 0 catalog-import --source 1c --price-type Розничная --purchase-price-type t2 prices.xml
same 'told which, it is silent' err </dev/null
sql "SELECT field, ifnull(old, '-'), new FROM history JOIN offer ON offer.id = entity_id
    WHERE entity = 'offer' AND sku = 'C-1' AND field LIKE '%price'" >out
same 'prices have a history' out <<'EOF'
price - 120
purchase_price - 60.5
EOF

# Yandex YML, with the DTD that is never loaded, in Windows-1251.
cat >feed.xml <<'EOF'
<?xml version="1.0" encoding="windows-1251"?>
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog date="2026-02-01 00:00"><shop><name>Дом</name>
<currencies><currency id="RUR" rate="1"/></currencies>
<categories><category id="5" parentId="2">Чашки</category><category id="2">Посуда</category></categories>
<offers>
<offer id="1" available="true" group_id="g"><url>https://shop.example/1</url><price>5</price><oldprice>7</oldprice><currencyId>RUR</currencyId><categoryId>5</categoryId><picture>x.jpg</picture><typePrefix>Чашка</typePrefix><vendor>Завод</vendor><model>&laquo;А&raquo;&nbsp;1</model><barcode>111</barcode><barcode>222</barcode><description><![CDATA[<p>&</p>]]></description><param name="Объём" unit="мл">200</param><count>3</count></offer>
<offer id="2" available="false" group_id="g"><price>6.5</price><currencyId>RUR</currencyId><categoryId>5</categoryId><name>Чашка большая</name><vendorCode>V-2</vendorCode><param name="Цвет">белый</param><param name="Цвет">синий</param></offer>
<offer id="3"><price>100</price><currencyId>RUR</currencyId><categoryId>2</categoryId><name>Блюдо</name><weight>0.75</weight></offer>
</offers></shop></yml_catalog>
EOF
iconv -f utf-8 -t windows-1251 feed.xml >feed.yml
fresh
expect 0 catalog-import --source site feed.yml
offers >out
same 'YML' out <<'EOF'
1 Чашка Завод «А» 1 5.0 - RUB - - 1 1 111, 222 Завод Чашки
V-2 Чашка большая 6.5 - RUB - - 0 1 - Завод Чашки
3 Блюдо 100.0 - RUB - 0.75 - 1 - - Посуда
EOF
sql 'SELECT o.sku, p.name, p.value FROM offer_property p JOIN offer o ON o.id = p.offer_id;
    SELECT count(*) FROM product' >out
same 'YML: params; a group is one product' out <<'EOF'
1 Объём 200 мл
V-2 Цвет белый
V-2 Цвет синий
2
EOF
expect 0 catalog-import -v --source site feed.yml
contains 'YML: twice changes nothing' err '0 new, 0 changed, 3 same, 0 rejected'
expect 0 sh -c 'cat feed.yml | catalog-import -v --source site'
contains 'YML: from a pipe' err '3 same'
expect 0 order-add 89161234567 222
sql 'SELECT sku FROM order_item' >out
same 'order-add by barcode' out <<'EOF'
1
EOF

# What has gone from the feed; what a dry run says; what a report says.
sed -e 's/<price>100</<price>90</; /offer id="1"/d' feed.xml | iconv -t windows-1251 >less.yml
dump >before
expect 0 catalog-import -n --complete --source site less.yml
contains 'a dry run says what would be done' err \
    '0 new, 1 changed, 1 same, 1 no longer sold, 0 rejected; dry run: nothing was changed'
dump >after
cmp -s before after
ok 'and changes nothing' $?
expect 0 catalog-import -n --report --tsv --source site less.yml
cut -f1-7 out >shown
same 'a report of the changes' shown <<'EOF'
type	place	source	external_id	sku	name	outcome
catalog_import	less.yml:8	site	3	3	Блюдо	changed
EOF
expect 0 catalog-import -n --report --json --source site less.yml
same 'the same as JSON' out <<'EOF'
{"type":"catalog_import","place":"less.yml:8","source":"site","external_id":"3","sku":"3","name":"Блюдо","outcome":"changed","reason":null}
EOF
expect 0 catalog-import --source site less.yml
sql 'SELECT count(*) FROM offer WHERE active' >out
same 'without --complete nothing goes' out <<'EOF'
3
EOF
expect 0 catalog-import -v --complete --source site less.yml
contains 'with it, what is not there is no longer sold' err '0 changed, 2 same, 1 no longer sold'
sql "SELECT o.sku, field, old, new FROM history h JOIN offer o ON o.id = entity_id
    WHERE entity = 'offer' AND old IS NOT NULL
    ORDER BY h.id" >out
same 'with its history' out <<'EOF'
3 price 100 90
1 active true false
EOF
expect 0 catalog-import -v --source site feed.yml
contains 'it comes back with the words it had' err '0 new, 2 changed, 1 same'
sql 'SELECT count(*) FROM offer WHERE NOT active' >out
same 'and is sold' out <<'EOF'
0
EOF
expect 0 catalog-import --complete --source site less.yml
expect 0 catalog-import --source other --complete feed.yml
expect 0 catalog-import -v --complete --source site feed.yml
contains 'what another source has stays' err '0 no longer sold'
head -c 900 feed.yml >short.yml
expect 3 catalog-import --complete --source site short.yml
contains 'a feed that breaks off takes nothing away' err 'could not be read, so nothing is taken out of sale'
sql 'SELECT count(*) FROM offer WHERE NOT active' >out
same 'all are still sold' out <<'EOF'
0
EOF
expect 2 catalog-import --complete --source site /dev/null
contains 'nor does an empty one' err 'there is no offer in it'
sed 's/<Каталог [^>]*>/<Каталог СодержитТолькоИзменения="true">/' import.xml >changes.xml
expect 2 catalog-import --complete --source site changes.xml
contains 'nor does a file of changes' err 'holds only what has changed'
[ "$(sql 'SELECT exit_status FROM run ORDER BY id DESC LIMIT 1')" -eq 2 ]
ok 'the run has the exit status of its command' $?

# retailCRM's ICML.
fresh
cat >icml.xml <<'EOF'
<?xml version="1.0" encoding="UTF-8"?>
<yml_catalog date="2026-02-01 00:00:00"><shop><name>Эко</name>
<categories><category id="2"><name>Уход</name></category><category id="5" parentId="2"><name>Щётки</name></category></categories>
<offers><offer id="77#1" productId="77" quantity="14" type="product"><price>16.20</price><purchasePrice>8.10</purchasePrice><categoryId>5</categoryId><categoryId>2</categoryId><name>Щётка бамбуковая, мягкая</name><productName>Щётка бамбуковая</productName><xmlId>X</xmlId><vendor>Bamboo</vendor><productActivity>Y</productActivity><param name="Артикул" code="article">BR-01</param><param name="Жёсткость" code="hard">мягкая</param><unit code="pc" name="Штука" sym="шт."/><weight>0.03</weight></offer>
<offer id="78" productId="78" quantity="0"><price>1</price><name>Старая</name><productActivity>N</productActivity></offer></offers></shop></yml_catalog>
EOF
expect 0 catalog-import -q --source site icml.xml
offers >out
same 'ICML' out <<'EOF'
BR-01 Щётка бамбуковая, мягкая 16.2 8.1 RUB шт. 0.03 - 1 - Bamboo Уход, Щётки
78 Старая 1.0 - RUB - - - 0 - - -
EOF

# Tables: our own headers, and others through a map.
fresh
cat >own.csv <<'EOF'
sku,name,price,purchase_price,currency,unit,weight,active,barcode,category,brand,property.Colour
A-1,Soap,9.90,4.5,,pc,0.1,,4601; 4602,Care > Soap,Eco,green
A-2,"Brush, soft",12,,USD,,,no,,Care,,
EOF
crm-reference currency >currency.tsv
expect 0 catalog-import own.csv
offers >out
same 'our own headers' out <<'EOF'
A-1 Soap 9.9 4.5 RUB pc 0.1 - 1 4601, 4602 Eco Soap
A-2 Brush, soft 12.0 - USD - - - 0 - - Care
EOF
expect 0 catalog-import -v own.csv
contains 'twice changes nothing' err '0 new, 0 changed, 2 same'
expect 0 sh -c 'cat own.csv | catalog-import -v'
contains 'from a pipe' err '2 same'
cat >price.map <<'EOF'
source = "excel"
decimal = ","
ignore = {"Остаток"}
column "Код" { field = "sku" }
column "Название" { field = "name" }
column "Цена, руб." { field = "price" }
column "Продаём" { field = "active"  values = {"да=true", "нет=false"} }
constant "brand" { value = "Наш" }
EOF
printf '%s\n' 'Код;Название;Цена, руб.;Продаём;Остаток' 'A-1;Мыло;1 009,90;да;5' \
    'A-3;Ёрш;7;Нет;5' | iconv -t windows-1251 >price.csv
expect 0 catalog-import -v --map price.map price.csv
contains 'a SKU that is known is that offer' err '1 new, 1 changed, 0 same, 0 rejected'
sql 'SELECT sku, name, price, active, ifnull(brand, 0) FROM v_offers ORDER BY sku' >out
same 'through a map, from Windows-1251' out <<'EOF'
A-1 Мыло 1009.9 1 Наш
A-2 Brush, soft 12.0 0 0
A-3 Ёрш 7.0 0 Наш
EOF

# Bad ones among good ones are kept, and settled when they come well.
fresh
cat >bad.csv <<'EOF'
sku,name,price,currency
B-1,Soap,1,RUB
B-2,Soap,dear,RUB
B-3,Soap,1,XBT
B-4,,1,RUB
,Soap,1,RUB
B-6,Soap,-1,RUB
B-7,Soap
B-8,Soap,1,RUB
EOF
expect 3 catalog-import --rejects bad.out bad.csv
same 'each is said with its line' err <<'EOF'
catalog-import: bad.csv:3: column 3: price: 'dear' is not a number
catalog-import: bad.csv:4: column 4: currency: unknown currency 'XBT'
catalog-import: bad.csv:5: it has no name
catalog-import: bad.csv:6: it has neither sku nor external_id
catalog-import: bad.csv:7: a price or weight is negative
catalog-import: bad.csv:8: the row has 2 cells, the header 4
catalog-import: 6 of 8 records rejected
EOF
{ head -n 1 bad.csv; sed -n 3,8p bad.csv; } >want
same 'they are copied as they were' bad.out <want
sql 'SELECT group_concat(sku) FROM offer; SELECT count(*), min(entity), min(format) FROM reject' >out
same 'and kept' out <<'EOF'
B-1,B-8
6 offer table
EOF
expect 0 order-import -v --retry
contains 'they are no orders' err '0 new, 0 changed, 0 same, 0 conflicts, 0 rejected'
sed -i '/^B-4/s/,,/,Name,/' bad.csv
expect 3 catalog-import bad.csv
sql "SELECT resolved_at IS NOT NULL FROM reject WHERE external_id = 'B-4'" >out
same 'what comes well is settled' out <<'EOF'
1
EOF
dump >before
expect 1 catalog-import --atomic bad.csv
expect 1 catalog-import --max-errors 2 bad.csv
contains 'too many' err 'more than 2 records were rejected'
sed 's/ id="3"//; s/<currencyId>RUR/<currencyId>XBT/' icml.xml feed.xml | sed '/^<?xml/d' >odd.xml
sed '1s/.*/<?xml version="1.0"?>/; s/id="3"/no="3"/' feed.xml >odd.xml
expect 3 catalog-import --source site --rejects odd.out odd.xml
contains 'an offer without a name of its own' err 'odd.xml:9: an offer without id'
sed -i 's/no="3"/id="3"/' odd.out
expect 0 catalog-import -v --source site odd.out
contains 'the copy of the rejects is a feed' err '1 new'

# A circle of categories, and other oddities of trees.
cat >circle.xml <<'EOF'
<yml_catalog><shop><categories>
<category id="1" parentId="2">One</category>
<category id="2" parentId="1">Two</category>
<category id="3" parentId="3">Three</category>
<category id="4" parentId="0">Four</category>
<category id="5"/>
</categories></shop></yml_catalog>
EOF
fresh
expect 3 catalog-import circle.xml
same 'circles are refused' err <<'EOF'
catalog-import: circle.xml:3: the category is above itself
catalog-import: circle.xml:4: the category is above itself
catalog-import: circle.xml:6: a category without id or name
catalog-import: 3 of 5 records rejected
EOF

# Hostile and foreign documents.
cat >laughs.xml <<'EOF'
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<yml_catalog><offers><offer id="1"><name>&b;</name></offer></offers></yml_catalog>
EOF
expect 3 catalog-import laughs.xml
contains 'a billion laughs' err 'laughs.xml:1: it declares entities, which is not allowed'
printf '<html><body>502</body></html>' >page.xml
expect 3 catalog-import page.xml
contains 'a page of a web server' err "page.xml: the document is 'html', which is no catalogue"
printf '%s\n' 'a,b' '1,2' >lost.csv
expect 3 catalog-import -q lost.csv
contains 'a lost header' err 'there is no column sku or external_id'

# Usage, and a full disk.
expect 0 catalog-import /dev/null
same 'an empty feed is silent' err </dev/null
expect 2 catalog-import --no-such
expect 2 catalog-import --format yml
expect 1 catalog-import missing.yml
expect 1 catalog-import --rejects missing/file own.csv
sql 'SELECT ended_at IS NOT NULL, exit_status, summary FROM run
    ORDER BY id DESC LIMIT 2' >out
same 'what fails is on record' out <<'END'
1 1 missing/file: No such file or directory
1 1 missing.yml: No such file or directory
END
expect 1 catalog-import -d missing.db own.csv
expect 1 sh -c 'catalog-import -n --report own.csv >/dev/full'
# A feed that another program made, and what feeds have beside that.
fresh
feed=$fixtures/catalog/yml.xml
expect 0 catalog-import -v "$feed"
contains 'YML of another program' err '3 new, 0 changed, 0 same, 0 rejected'
offers >out
same 'every figure' out <<'EOF'
BR-01 Щётка бамбуковая "мягкая" 1490.5 - RUB - - 1 1 46000000, 460000000016 Bamboo Щётки
S&P-1 Мыло Лён Лаванда 100 г 12.0 - USD - 0.125 0 1 - Лён Мыло <ручной работы>
79 Мыло 5.99 - RUB - - - 1 - - Мыло <ручной работы>
EOF
sql "SELECT name, value FROM offer_property; SELECT c.name, p.name FROM category c
    JOIN category p ON p.id = c.parent_id; SELECT external_id FROM product_source ORDER BY product_id" >out
same 'and text' out <<'EOF'
Длина 19 см
Материал бамбук
Щётки Дом & уход
Мыло <ручной работы> Дом & уход
77
A9z
7
EOF
expect 0 catalog-import -v "$feed"
contains 'twice changes nothing' err '0 new, 0 changed, 3 same'
fresh
cat >more.xml <<'EOF'
<?xml version="1.0" encoding="windows-1251"?>
<!DOCTYPE yml_catalog SYSTEM "shops.dtd">
<yml_catalog><shop><offers>
<offer id="1" type="book"><price from="true">12,50</price><currencyId>RUR</currencyId><author>Толстой</author><name>Война и мир</name></offer>
<offer id="2" type="artist.title"><price>9.90</price><currencyId>RUB</currencyId><artist>Кино</artist><title>Группа крови</title></offer>
<offer id="3"><price>1 000</price><name>x</name><disabled>true</disabled><weight>0,5</weight></offer>
<offer id="4" deleted="true"><price>1</price><name>y</name></offer>
<offer id="5" productId="p"><price>16.2</price><purchasePrice>8.1</purchasePrice><name>Щётка</name><xmlId>BR-HARD</xmlId></offer>
</offers></shop></yml_catalog>
EOF
iconv -f utf-8 -t windows-1251 more.xml >more1251.xml
expect 0 catalog-import more1251.xml
offers >out
same 'books, records, what is hidden, ids of 1C' out <<'EOF'
1 Война и мир 12.5 - RUB - - - 1 - - -
2 Кино Группа крови 9.9 - RUB - - - 1 - - -
3 x 1000.0 - RUB - 0.5 - 0 - - -
4 y 1.0 - RUB - - - 0 - - -
BR-HARD Щётка 16.2 8.1 RUB - - - 1 - - -
EOF

printf 'sku,name,price\nCUT,Cut,12' >cut.csv
expect 0 catalog-import -n cut.csv
contains 'a table without a last line break is doubted' err \
    'warning: cut.csv:2: the last line has no line break; the file may be cut'
done_testing
