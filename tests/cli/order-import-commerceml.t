#!/bin/sh
# order-import of 1C's CommerceML 2: what real sites wrote, what the format
# allows beside that, and what is hostile.
# shellcheck source=../lib.sh
. "$(dirname "$0")/../lib.sh"

fixtures=$top/tests/fixtures
fresh() { shop_in Europe/Moscow RUB RU; }
# The root around documents, which are standard input.
wrap() {
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<КоммерческаяИнформация>\n'
	cat
	printf '</КоммерческаяИнформация>\n'
}

# Bitrix in Windows-1251: goods, delivery among them, a payment.
fresh
orders=$fixtures/commerceml_orders_cp1251.xml
expect 0 order-import --source site "$orders"
same 'all its codes are known' err </dev/null
sql "SELECT order_no, external_id, placed_at, status, customer_name, currency,
	total, source_total, paid FROM v_orders;
    SELECT delivery_postcode, delivery_street, delivery_address FROM v_orders;
    SELECT sku, name, quantity, price, discount, sum FROM v_items;
    SELECT kind, name, amount, included FROM v_charges;
    SELECT v.status, amount, v.paid_at, v.comment, external_id FROM v_payments v
	JOIN payment USING (order_id, line);
    SELECT external_id FROM customer_source" >out
same 'every figure and field where it belongs' out <<'EOF'
20 20 2007-10-16T11:40:40Z complete Петр Петров RUB 9683.42 9683.42 9683.42
6546 87698 87698
cbcf498f-55bc-11d9-848a-00112f43529a Комбайн MOULINEX A77 4C 1.0 9335.42 0.0 9335.42
delivery Доставка заказа 348.0 0
paid 9683.42 2007-10-16T11:44:47Z  ТК000000026
1
EOF

# Two orders in a later version: names of several lines, four decimals.
full=$fixtures/commerceml_query_full.xml
expect 0 order-import --source site "$full" "$full"
same 'what has no code of ours is said once a run' err <<EOF
order-import: warning: $full:5: the source's payment_type 'При получении наличными или картой' has no counterpart here; a map can name one, see crm-map(5)
EOF
sql "SELECT order_no, placed_at, total, source_total, paid, delivery_type,
	ifnull(customer_comment, '-') FROM v_orders WHERE order_no <> '20';
    SELECT line, v.quantity, v.price, sum, external_id FROM v_items v
	JOIN order_item USING (order_id, line) WHERE order_no = '133';
    SELECT name FROM v_items WHERE order_no = '133' AND line = 6;
    SELECT order_no, status, comment FROM v_payments WHERE order_no <> '20';
    SELECT order_no, type FROM v_payments" | sed "s/ $//" >out
same 'figures of the second file' out <<'EOF'
132 2021-02-11T15:45:21Z 231.74 231.74 0.0 self-delivery Я повелитель порошочков
133 2021-02-12T06:11:04Z 14380.58 14380.58 0.0 self-delivery -
1 1.0 295.79 295.79 434
2 2.0 1788.96 3577.92 433
3 1.0 223.3 223.3 435
4 1.0 1316.24 1316.24 431
5 1.0 4940.29 4940.29 438
6 2.0 944.62 1889.24 432
7 1.0 2137.8 2137.8 430
Средство для мытья посуды "Mama Lemon" с ароматом лимона (закручивающаяся крышка Очень Большой) 2150 мл
132 not-paid При получении наличными или картой
133 not-paid
20 cash
132
133 bank-card
EOF
expect 0 order-import "$fixtures/commerceml_query_empty_cp1251.xml"
same 'an answer without orders is fine' err </dev/null

# Again, in every form of the same text.
expect 0 order-import -v --source site "$orders" "$full"
contains 'twice changes nothing' err '0 new, 0 changed, 3 same, 0 conflicts, 0 rejected'
expect 0 order-show 132
contains 'and shown with the order' out 'unmapped    payment_type При получении наличными или картой'
expect 0 order-list --tsv --no-header source_codes~получении
contains 'which is found by it' out 132
again() {	# again TITLE FILE
	expect 0 order-import -v --source site "$2"
	contains "$1" err '0 new, 0 changed, 2 same'
}
iconv -f windows-1251 -t utf-8 "$full" | sed '1s/windows-1251/UTF-8/' >utf8.xml
again 'UTF-8' utf8.xml
{ printf '\357\273\277'; iconv -f windows-1251 -t utf-8 "$full"; } >bom.xml
again 'a byte order mark goes before the declaration' bom.xml
iconv -f windows-1251 -t utf-16 "$full" >utf16.xml
again 'UTF-16' utf16.xml
{ printf '\r\n\n'; cat "$full"; } >blank.xml
again 'blank lines above the document' blank.xml
expect 0 sh -c "cat utf8.xml | order-import -v --source site"
contains 'from a pipe' err '2 same'
expect 0 order-import -v --source site --format commerceml utf8.xml
contains 'told the format' err '2 same'

# What the map says of requisites and codes, and of what is no order yet.
fresh
cat >site.map <<'EOF'
source = "site"
column "Статус заказа" { field = "status"  values = {"[N] Принят, ожидается оплата=availability-confirmed"} }
column "Метод оплаты" { field = "payment_type"  values = {"Банковской картой онлайн=bank-card"} }
column "Сайт" { field = "custom.site" }
codes "payment_type" { values = {"При получении наличными или картой="} }
EOF
printf 'entity\tcode\tname\ttype\norder\tsite\tSite\tstring\n' >custom_field.tsv
crm-reference --load custom_field.tsv >/dev/null 2>&1
expect 0 order-import --map site.map "$full"
same 'a map leaves nothing unsaid' err </dev/null
sql "SELECT order_no, source, v_orders.status, value FROM v_orders JOIN custom_value
	ON entity_id = order_id;
    SELECT order_no, ifnull(type, '-'), ifnull(comment, '-') FROM v_payments;
    SELECT count(*) FROM note;
    SELECT source_codes FROM v_orders" >out
same 'statuses, payments and fields of the shop' out <<'EOF'
132 site availability-confirmed [s1] Сайт по умолчанию
133 site availability-confirmed [s1] Сайт по умолчанию
132 - При получении наличными или картой
133 bank-card -
0


EOF
printf '%s\n' 'codes "status" { values = {"принят, ожидается оплата=-"} }' >draft.map
expect 0 order-import -v --source other --map draft.map "$full"
contains 'a draft is passed over' err '0 new, 0 changed, 0 same'

# Taxes, discounts, people, cancellations, documents that are no orders.
fresh
wrap >made.xml <<'EOF'
<Контейнер><Документ>
 <Ид>a-1</Ид><Номер>A 1</Номер><Дата>2026-02-01</Дата><Время>10:00:00</Время>
 <ХозОперация>Заказ товара</ХозОперация><Валюта>RUR</Валюта><Сумма>1 157,00</Сумма>
 <Комментарий>Менеджеру</Комментарий>
 <Контрагенты>
  <Контрагент><Ид>seller</Ид><Наименование>Мы</Наименование><Роль>Продавец</Роль></Контрагент>
  <Контрагент><Ид>guid-7</Ид><Фамилия>Иванова</Фамилия><Имя>Анна</Имя><Роль>Покупатель</Роль>
   <Контакты><Контакт><Тип>Телефон рабочий</Тип><Значение>8 (916) 123-45-67</Значение></Контакт>
    <Контакт><Тип>Электронная почта</Тип><Значение>Anna@Example.org</Значение></Контакт></Контакты>
   <Адрес><Представление>Москва, Лесная 5</Представление>
    <АдресноеПоле><Тип>Город</Тип><Значение>Москва</Значение></АдресноеПоле>
    <АдресноеПоле><Тип>Квартира</Тип><Значение>12</Значение></АдресноеПоле></Адрес>
  </Контрагент></Контрагенты>
 <Товары>
  <Товар><Ид>g-1#v-1</Ид><Артикул>S-1</Артикул><Наименование>Мыло</Наименование>
   <ЦенаЗаЕдиницу>333.33333333</ЦенаЗаЕдиницу><Количество>3</Количество><Сумма>1000.00</Сумма>
   <Налоги><Налог><Наименование>НДС</Наименование><УчтеноВСумме>true</УчтеноВСумме><Сумма>166.67</Сумма></Налог></Налоги></Товар>
  <Товар><Ид>g-2</Ид><Наименование>Щётка</Наименование>
   <ЦенаЗаЕдиницу>100</ЦенаЗаЕдиницу><Количество>1.5</Количество><Сумма>150</Сумма>
   <Скидки><Скидка><Наименование>Акция</Наименование><Сумма>20</Сумма><УчтеноВСумме>false</УчтеноВСумме></Скидка></Скидки>
   <Налоги><Налог><Наименование>НДС</Наименование><УчтеноВСумме>false</УчтеноВСумме><Сумма>27</Сумма></Налог></Налоги></Товар>
  <Товар><Ид>d-1</Ид><Наименование>Доставка курьером</Наименование>
   <ЦенаЗаЕдиницу>100</ЦенаЗаЕдиницу><Количество>1</Количество><Сумма>100</Сумма>
   <ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>ТипНоменклатуры</Наименование><Значение>Услуга</Значение></ЗначениеРеквизита></ЗначенияРеквизитов></Товар>
 </Товары>
 <Скидки><Скидка><Наименование>Купон</Наименование><Сумма>100</Сумма><УчтеноВСумме>true</УчтеноВСумме></Скидка></Скидки>
 <ЗначенияРеквизитов>
  <ЗначениеРеквизита><Наименование>Комментарии покупателя</Наименование><Значение>Позвоните</Значение></ЗначениеРеквизита>
  <ЗначениеРеквизита><Наименование>Отменен</Наименование><Значение>true</Значение></ЗначениеРеквизита>
  <ЗначениеРеквизита><Наименование>Цвет банта</Наименование><Значение>синий</Значение></ЗначениеРеквизита>
 </ЗначенияРеквизитов>
</Документ></Контейнер>
<Документ><Ид>s-1</Ид><ХозОперация>Отпуск товара</ХозОперация></Документ>
<Документ><Ид>a-2</Ид><Дата>2026-02-01</Дата><ХозОперация>Заказ товара</ХозОперация><ПометкаУдаления>true</ПометкаУдаления></Документ>
EOF
expect 0 order-import -v --source site made.xml
same 'what is left out is said' err <<'EOF'
order-import: warning: made.xml:3: unknown requisite 'Цвет банта' is left out
order-import: warning: made.xml:35: documents 'Отпуск товара' are left out
order-import: 2 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run 2
EOF
sql "SELECT order_no, status, customer_name, phone, email, delivery_city, delivery_flat,
	delivery_address, customer_comment, manager_comment, total, source_total
	FROM v_orders WHERE external_id = 'a-1';
    SELECT sku, quantity, price, discount, sum FROM v_items;
    SELECT kind, name, amount, included FROM v_charges;
    SELECT order_no, status, total FROM v_orders WHERE external_id = 'a-2'" >out
same 'the total is the source'\''s own' out <<'EOF'
A_1 cancel-other Иванова Анна +79161234567 anna@example.org Москва 12 Москва, Лесная 5 Позвоните Менеджеру 1157.0 1157.0
S-1 3.0 333.3333 0.0 1000.0
g-2 1.5 100.0 20.0 130.0
tax НДС 166.67 1
tax НДС 27.0 0
delivery Доставка курьером 100.0 0
discount Купон -100.0 0
a-2 cancel-other 0.0
EOF
expect 0 order-import -v --source site made.xml
contains 'and stays so' err '0 new, 0 changed, 2 same'

# Version 2.10: a package, discounts in per cent, taxes in and beside the sum,
# documents below an order.
fresh
wrap >new.xml <<'EOF'
<Контейнер><Документ><Ид>d1</Ид><Номер>ЗК-1</Номер><Дата>2026-02-01</Дата><Время>10:00:00</Время><ХозОперация>Заказ товара</ХозОперация><Валюта>RUB</Валюта><Сумма>900.00</Сумма>
 <Налоги><Налог><Наименование>НДС</Наименование><УчтеноВСумме>true</УчтеноВСумме><Сумма>150.00</Сумма></Налог></Налоги>
 <Скидки><Скидка><Наименование>Промо</Наименование><Процент>10</Процент><УчтеноВСумме>false</УчтеноВСумме></Скидка></Скидки>
 <Товары><Товар><Ид>g1#v1</Ид><Артикул>A-1</Артикул><Наименование>Товар</Наименование><ЦенаЗаЕдиницу>500.00</ЦенаЗаЕдиницу><Количество>2</Количество><Сумма>1000.00</Сумма>
  <Налоги><Налог><Наименование>НДС</Наименование><УчтеноВСумме>true</УчтеноВСумме><Сумма>166.67</Сумма></Налог></Налоги></Товар></Товары></Документ>
<Документ><Ид>d2</Ид><Номер>ЗК-2</Номер><Дата>2026-02-02T00:00:00</Дата><ХозОперация>Заказ товара</ХозОперация><Валюта>руб.</Валюта><Сумма>190</Сумма>
 <Товары><Товар><Ид>g2</Ид><Наименование>Т2</Наименование><ЦенаЗаЕдиницу>100</ЦенаЗаЕдиницу><Количество>2.000</Количество><Сумма>200</Сумма><Скидки><Скидка><Процент>5</Процент><УчтеноВСумме>false</УчтеноВСумме></Скидка></Скидки></Товар></Товары>
 <ПодчиненныеДокументы><ПодчиненныйДокумент><Ид>p1</Ид><ХозОперация>Выплата наличных денег</ХозОперация><Сумма>190</Сумма></ПодчиненныйДокумент></ПодчиненныеДокументы></Документ></Контейнер>
EOF
expect 0 order-import -v --source site new.xml
same 'nothing has to be said' err <<'EOF'
order-import: 2 new, 0 changed, 0 same, 0 conflicts, 0 rejected; run 2
EOF
sql "SELECT order_no, total, source_total FROM v_orders; SELECT kind, amount, included FROM v_charges;
    SELECT discount, sum FROM v_items" >out
same 'a part of the whole is an amount' out <<'EOF'
ЗК-1 900.0 900.0
ЗК-2 190.0 190.0
tax 150.0 1
discount -100.0 0
0.0 1000.0
10.0 190.0
EOF

# One bad document among good ones; mended, it can be fed in again.
fresh
wrap >bad.xml <<'EOF'
<Документ><Ид>1</Ид><Дата>2026-02-01</Дата></Документ>
<Документ><Ид>2</Ид><Дата>2026-02-01</Дата><Товары><Товар><Ид>x</Ид><ЦенаЗаЕдиницу>ten&amp;two</ЦенаЗаЕдиницу><Количество>1</Количество></Товар></Товары></Документ>
<Документ><Ид>3</Ид><Дата>2026-02-01</Дата><Валюта>XBT</Валюта></Документ>
<Документ><Дата>2026-02-01</Дата></Документ>
<Документ><Ид>5</Ид></Документ>
<Документ><Ид>6</Ид><Дата>2026-02-01</Дата></Документ>
EOF
expect 3 order-import --source site --rejects out.xml bad.xml
same 'each is said with its line' err <<'EOF'
order-import: bad.xml:4: Товар 1: ЦенаЗаЕдиницу: 'ten&two' is not a number
order-import: bad.xml:5: currency: unknown currency 'XBT'
order-import: bad.xml:6: it has neither 'order_no' nor 'external_id'
order-import: bad.xml:7: Дата is missing
order-import: 4 of 6 records rejected
EOF
sql 'SELECT group_concat(order_no) FROM orders; SELECT external_id, format FROM reject' >out
same 'the others are taken' out <<'EOF'
1,6
2 commerceml
3 commerceml
 commerceml
5 commerceml
EOF
sed -i 's/ten&amp;two/12/; s/XBT/USD/' out.xml
expect 3 order-import -v --source site out.xml
contains 'the copy of the rejects is a document' err '2 new, 0 changed, 0 same, 0 conflicts, 2 rejected'
sql 'SELECT external_id FROM reject WHERE resolved_at IS NULL ORDER BY 1' >out
same 'what came after all is settled' out <<'EOF'

5
EOF
expect 3 order-import --retry
contains 'a kept document can be read again' err 'bad.xml:7: Дата is missing'

# A slow pipe holds no transaction: what has come is there for others.
fresh
mkfifo slow
order-import --source site slow >out 2>err &
exec 3>slow
printf '<КоммерческаяИнформация><Документ><Ид>1</Ид><Дата>2026-02-01</Дата></Документ><Документ>' >&3
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ "$(sql 'SELECT count(*) FROM orders')" = 1 ] && break
	sleep 0.5
done
sql 'SELECT order_no FROM orders' >seen
printf '<Ид>2</Ид><Дата>2026-02-01</Дата></Документ></КоммерческаяИнформация>' >&3
exec 3>&-
wait
same 'an order is committed while the pipe is still open' seen <<'EOF'
1
EOF
sql 'SELECT group_concat(order_no) FROM orders' >out
same 'and the rest when it comes' out <<'EOF'
1,2
EOF

# Hostile and broken ones: a clear line, and what came before it stays.
hostile() {	# hostile TITLE FILE MESSAGE
	fresh
	expect 3 order-import --source site "$2"
	contains "$1" err "$2:$3"
}
cat >laughs.xml <<'EOF'
<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>
<КоммерческаяИнформация><Документ><Ид>&c;</Ид></Документ></КоммерческаяИнформация>
EOF
hostile 'a billion laughs' laughs.xml '2: it declares entities, which is not allowed'
echo secret >secret.txt
cat >external.xml <<EOF
<!DOCTYPE x [<!ENTITY a SYSTEM "file://$work/secret.txt">]>
<КоммерческаяИнформация><Документ><Ид>&a;</Ид><Дата>2026-02-01</Дата></Документ></КоммерческаяИнформация>
EOF
hostile 'an external entity' external.xml '1: it declares entities, which is not allowed'
dump >stored
empty 'nothing of the file is read' "$(grep secret stored | grep -v external)"
head -c 12000 utf8.xml >short.xml
hostile 'a file that breaks off' short.xml '200: the document breaks off'
sql 'SELECT group_concat(order_no) FROM orders' >out
same 'what was whole is taken' out <<'EOF'
132
EOF
sed '1s/UTF-8/us-ascii/' utf8.xml >declared.xml
hostile 'a wrong declaration' declared.xml '2: '
printf '<КоммерческаяИнформация><Документ><Ид>\001</Ид></Документ></КоммерческаяИнформация>' >control.xml
hostile 'a control character' control.xml '1: not well-formed XML'
{ printf '<КоммерческаяИнформация>'; yes '<a>' | head -n 100000 | tr -d '\n'; } >deep.xml
hostile 'nested 100,000 deep' deep.xml '1: elements are nested deeper than 100'
{
	printf '<КоммерческаяИнформация><Документ a="'
	yes 0123456789 | head -n 300000 | tr -d '\n'
	printf '"/><Документ><Ид>1</Ид><Дата>2026-02-01</Дата></Документ></КоммерческаяИнформация>'
} >attribute.xml
hostile 'an attribute of 3 MB' attribute.xml '1: an attribute is longer than 64 KiB'
sql 'SELECT group_concat(order_no) FROM orders' >out
same 'and the order behind it is taken' out <<'EOF'
1
EOF
printf '<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n' >page.xml
hostile 'a page of a web server' page.xml ' HTML or XML, but of no kind that is known'
done_testing
