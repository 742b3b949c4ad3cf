/* commerceml.c - orders for 1C, as a site hands them over in CommerceML 2. */
#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/when.h"
#include "export/export.h"

#define COMMERCEML_UNIT                                                       \
	"Код=\"796\" НаименованиеПолное=\"Штука\" " \
	"МеждународноеСокращение=\"PCE\""

static void
commerceml_leaf(struct export *x, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		markup_leaf(&x->markup, name, text);
}

static void
commerceml_money(struct export *x, const char *name, int64_t minor,
    const char *currency)
{
	char buf[DECIMAL_STR_MAX];

	markup_leaf(&x->markup, name, money_format(minor, currency, buf));
}

static void
commerceml_decimal(struct export *x, const char *name, int64_t v, int places)
{
	char buf[DECIMAL_STR_MAX];

	markup_leaf(&x->markup, name, decimal_short(v, places, buf));
}

/* "2026-11-22" and "10:00:00", local. */
static const char *
commerceml_day(struct export *x, int64_t at)
{
	char buf[WHEN_STR_MAX];

	return arena_strdup(x->a, when_day_format(when_day(at), buf));
}

static const char *
commerceml_time(struct export *x, int64_t at)
{
	int s = when_second_of_day(at);

	return arena_printf(x->a, "%02d:%02d:%02d", s / 3600, s / 60 % 60,
	    s % 60);
}

static const char *
commerceml_moment(struct export *x, int64_t at)
{
	return arena_printf(x->a, "%s %s", commerceml_day(x, at),
	    commerceml_time(x, at));
}

/* Who ---------------------------------------------------------------------- */

static void
commerceml_pair(struct export *x, const char *element, const char *key,
    const char *what, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	markup_open(&x->markup, element, NULL);
	markup_leaf(&x->markup, key, what);
	markup_leaf(&x->markup, "Значение", value);
	markup_close(&x->markup, element);
}

static void
commerceml_address(struct export *x, const struct order *o)
{
	const struct {
		const char *type;
		const char *value;
	} parts[] = {
		{ "Почтовый индекс", o->delivery_postcode },
		{ "Страна", o->delivery_country },
		{ "Регион", o->delivery_region },
		{ "Город", o->delivery_city },
		{ "Улица", o->delivery_street },
		{ "Дом", o->delivery_building },
		{ "Квартира", o->delivery_flat },
	};
	size_t i;

	markup_open(&x->markup, "АдресРегистрации", NULL);
	commerceml_leaf(x, "Представление", o->delivery_address);
	for (i = 0; i < ARRAY_LEN(parts); i++)
		commerceml_pair(x, "АдресноеПоле", "Тип", parts[i].type,
		    parts[i].value);
	markup_close(&x->markup, "АдресРегистрации");
}

/* 1C finds who it is by the Ид, so everybody has one. */
static void
commerceml_customer(struct export *x, const struct order *o)
{
	const char *id = o->customer_external_id, *name = o->customer_name;

	if (id == NULL && o->customer_id != 0)
		id = arena_printf(x->a, "%" PRId64, o->customer_id);
	if (name == NULL)
		name = o->phone != NULL ? o->phone : o->email;
	markup_open(&x->markup, "Контрагенты", NULL);
	markup_open(&x->markup, "Контрагент", NULL);
	commerceml_leaf(x, "Ид", id);
	commerceml_leaf(x, "Наименование", name);
	commerceml_leaf(x, "ПолноеНаименование", name);
	markup_leaf(&x->markup, "Роль", "Покупатель");
	commerceml_address(x, o);
	markup_open(&x->markup, "Контакты", NULL);
	commerceml_pair(x, "Контакт", "Тип", "Телефон рабочий", o->phone);
	commerceml_pair(x, "Контакт", "Тип", "Почта", o->email);
	markup_close(&x->markup, "Контакты");
	markup_close(&x->markup, "Контрагент");
	markup_close(&x->markup, "Контрагенты");
}

/* Goods -------------------------------------------------------------------- */

static void
commerceml_requisite(struct export *x, const char *name, const char *value)
{
	commerceml_pair(x, "ЗначениеРеквизита", "Наименование", name, value);
}

static void
commerceml_no_requisite(struct export *x, const char *name)
{
	markup_open(&x->markup, "ЗначениеРеквизита", NULL);
	markup_leaf(&x->markup, "Наименование", name);
	markup_leaf(&x->markup, "Значение", "");
	markup_close(&x->markup, "ЗначениеРеквизита");
}

static void
commerceml_kind(struct export *x, const char *kind, const char *line)
{
	markup_open(&x->markup, "ЗначенияРеквизитов", NULL);
	commerceml_requisite(x, "ВидНоменклатуры", kind);
	commerceml_requisite(x, "ТипНоменклатуры", kind);
	commerceml_requisite(x, "НомерПозицииКорзины", line);
	markup_close(&x->markup, "ЗначенияРеквизитов");
}

/* УчтеноВСумме tells whether the sum beside it contains it. */
static void
commerceml_share(struct export *x, const char *element, const char *name,
    int64_t minor, bool included, const char *currency)
{
	markup_open(&x->markup, element, NULL);
	markup_leaf(&x->markup, "Наименование", name);
	commerceml_money(x, "Сумма", minor, currency);
	markup_leaf(&x->markup, "УчтеноВСумме", included ? "true" : "false");
	markup_close(&x->markup, element);
}

static void
commerceml_item(struct export *x, const struct export_order *e, size_t i)
{
	const struct part *p = &e->o->parts[PART_ITEM].v[i];
	const char *id = e->goods[i] != NULL ? e->goods[i] : p->sku;

	markup_open(&x->markup, "Товар", NULL);
	commerceml_leaf(x, "Ид", id != NULL ? id : p->name);
	commerceml_leaf(x, "Артикул", p->sku);
	commerceml_leaf(x, "Наименование", p->name);
	markup_leaf_with(&x->markup, "БазоваяЕдиница", COMMERCEML_UNIT, "шт");
	commerceml_decimal(x, "ЦенаЗаЕдиницу", p->price, PRICE_PLACES);
	commerceml_decimal(x, "Количество", p->quantity, QUANTITY_PLACES);
	commerceml_money(x, "Сумма", p->sum, e->o->currency);
	if (p->amount != 0) {
		markup_open(&x->markup, "Скидки", NULL);
		commerceml_share(x, "Скидка", "Скидка", p->amount, true,
		    e->o->currency);
		markup_close(&x->markup, "Скидки");
	}
	commerceml_kind(x, "Товар", p->external_id);
	markup_close(&x->markup, "Товар");
}

/* What is added to the goods is a service among them. */
static void
commerceml_service(struct export *x, const struct part *c, const char *currency)
{
	const bool delivery = strcmp(c->kind, "delivery") == 0;
	const char *id = delivery                    ? "ORDER_DELIVERY" :
			 strcmp(c->kind, "tip") == 0 ? "ORDER_TIP" :
			 strcmp(c->kind, "fee") == 0 ? "ORDER_FEE" :
						       "ORDER_ROUNDING";
	const char *name = c->name;

	if (name == NULL)
		name = delivery ? "Доставка заказа" : c->kind;
	markup_open(&x->markup, "Товар", NULL);
	markup_leaf(&x->markup, "Ид", id);
	markup_leaf(&x->markup, "Наименование", name);
	markup_leaf_with(&x->markup, "БазоваяЕдиница", COMMERCEML_UNIT, "шт");
	commerceml_money(x, "ЦенаЗаЕдиницу", c->amount, currency);
	markup_leaf(&x->markup, "Количество", "1");
	commerceml_money(x, "Сумма", c->amount, currency);
	commerceml_kind(x, "Услуга", NULL);
	markup_close(&x->markup, "Товар");
}

enum commerceml_place { PLACE_TAX, PLACE_DISCOUNT, PLACE_SERVICE, PLACE_NONE };

/* Where a charge stands; one in the prices that is no tax or discount is told
 * by nothing. */
static enum commerceml_place
commerceml_place(const struct part *c)
{
	if (strcmp(c->kind, "tax") == 0)
		return PLACE_TAX;
	if (c->amount < 0)
		return PLACE_DISCOUNT;
	return c->included == 0 && c->amount != 0 ? PLACE_SERVICE : PLACE_NONE;
}

static void
commerceml_shares(struct export *x, const struct order *o,
    enum commerceml_place place, const char *list, const char *element,
    const char *name)
{
	const struct part_list *l = &o->parts[PART_CHARGE];
	const struct part *c;
	bool open = false;

	for (c = l->v; c != order_part_end(l); c++) {
		if (commerceml_place(c) != place)
			continue;
		if (!open)
			markup_open(&x->markup, list, NULL);
		open = true;
		commerceml_share(x, element, c->name != NULL ? c->name : name,
		    place == PLACE_DISCOUNT ? -c->amount : c->amount,
		    c->included != 0, o->currency);
	}
	if (open)
		markup_close(&x->markup, list);
}

static void
commerceml_goods(struct export *x, const struct export_order *e)
{
	const struct part_list *l = &e->o->parts[PART_CHARGE];
	const struct part *c;
	size_t i;

	commerceml_shares(x, e->o, PLACE_TAX, "Налоги", "Налог", "НДС");
	commerceml_shares(x, e->o, PLACE_DISCOUNT, "Скидки", "Скидка",
	    "Скидка");
	markup_open(&x->markup, "Товары", NULL);
	for (c = l->v; c != order_part_end(l); c++)
		if (commerceml_place(c) == PLACE_SERVICE)
			commerceml_service(x, c, e->o->currency);
	for (i = 0; i < e->o->parts[PART_ITEM].len; i++)
		commerceml_item(x, e, i);
	markup_close(&x->markup, "Товары");
}

/* Requisites --------------------------------------------------------------- */

static const char *
commerceml_bool(bool v)
{
	return v ? "true" : "false";
}

/*
 * The day it was paid in full: that of the last payment. Of what is paid in
 * part nothing is said, for there is no word for it.
 */
static void
commerceml_paid(struct export *x, const struct export_order *e)
{
	const struct part_list *l = &e->o->parts[PART_PAYMENT];
	int64_t at = 0;
	size_t i;

	for (i = 0; i < l->len; i++)
		if (field_has(&l->v[i].rec, PAYMENT_PAID_AT) && l->v[i].at > at)
			at = l->v[i].at;
	if (l->len != 0) {
		commerceml_requisite(x, "Номер платежного документа",
		    l->v[0].external_id);
		commerceml_requisite(x, "Метод оплаты", e->payment_types[0]);
	}
	if (at != 0)
		commerceml_requisite(x, "Дата оплаты",
		    commerceml_moment(x, at));
	if (e->o->paid_minor == 0 || export_is_paid(e->o))
		commerceml_requisite(x, "Заказ оплачен",
		    commerceml_bool(export_is_paid(e->o)));
}

static void
commerceml_requisites(struct export *x, const struct export_order *e)
{
	const struct order *o = e->o;

	markup_open(&x->markup, "ЗначенияРеквизитов", NULL);
	commerceml_paid(x, e);
	commerceml_requisite(x, "Доставка разрешена",
	    commerceml_bool(e->means->items_locked && !e->means->is_cancel));
	commerceml_requisite(x, "Отменен",
	    commerceml_bool(e->means->is_cancel));
	commerceml_requisite(x, "Финальный статус",
	    commerceml_bool(e->means->is_cancel || e->means->is_revenue));
	commerceml_requisite(x, "Статус заказа", e->status);
	commerceml_requisite(x, "Статуса заказа ИД", o->status);
	commerceml_requisite(x, "Дата изменения статуса",
	    commerceml_moment(x, o->status_at));
	commerceml_requisite(x, "Способ доставки", e->delivery_type);
	commerceml_requisite(x, "Номер отправления", o->tracking_no);
	commerceml_requisite(x, "Адрес доставки", o->delivery_address);
	/* Without it, Комментарий would be the buyer's. */
	if (o->customer_comment == NULL && o->manager_comment != NULL)
		commerceml_no_requisite(x, "Комментарии покупателя");
	commerceml_requisite(x, "Комментарии покупателя", o->customer_comment);
	markup_close(&x->markup, "ЗначенияРеквизитов");
}

/* -------------------------------------------------------------------------- */

static const struct err *
commerceml_order(struct export *x, const struct export_order *e)
{
	const struct order *o = e->o;

	markup_open(&x->markup, "Документ", NULL);
	markup_leaf(&x->markup, "Ид",
	    e->external_id != NULL ? e->external_id : o->order_no);
	markup_leaf(&x->markup, "Номер", o->order_no);
	markup_leaf(&x->markup, "Дата", commerceml_day(x, o->placed_at));
	markup_leaf(&x->markup, "ХозОперация", "Заказ товара");
	markup_leaf(&x->markup, "Роль", "Продавец");
	markup_leaf(&x->markup, "Валюта", o->currency);
	markup_leaf(&x->markup, "Курс", "1");
	commerceml_money(x, "Сумма", o->total_minor, o->currency);
	commerceml_customer(x, o);
	markup_leaf(&x->markup, "Время", commerceml_time(x, o->placed_at));
	commerceml_leaf(x, "Комментарий", o->manager_comment);
	commerceml_goods(x, e);
	commerceml_requisites(x, e);
	markup_close(&x->markup, "Документ");
	return NULL;
}

static void
commerceml_begin(struct export *x, int64_t now)
{
	buf_printf(&x->markup.buf, "<?xml version=\"1.0\" encoding=\"%s\"?>",
	    x->encoding);
	markup_open(&x->markup, "КоммерческаяИнформация",
	    arena_printf(x->a,
		"ВерсияСхемы=\"2.05\" ДатаФормирования=\"%sT%s\"",
		commerceml_day(x, now), commerceml_time(x, now)));
}

static void
commerceml_end(struct export *x)
{
	markup_close(&x->markup, "КоммерческаяИнформация");
	buf_addc(&x->markup.buf, '\n');
}

const struct export_kind commerceml_export = {
	.name = "commerceml",
	.whole = true,
	.named = true,
	.unknown = EXPORT_NAME,
	.begin = commerceml_begin,
	.end = commerceml_end,
	.order = commerceml_order,
};
