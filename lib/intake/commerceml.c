/* commerceml.c - orders as 1C and the sites that talk to it exchange them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "intake/cell.h"
#include "intake/columns.h"
#include "intake/intake.h"
#include "intake/mapping.h"
#include "io/lines.h"
#include "io/xml.h"

#define COMMERCEML_ROOT "КоммерческаяИнформация"

struct commerceml {
	struct intake *in;
	struct xml *xml;
	bool over;
	/* of the record in hand */
	const char *where;
	struct order *o;
	struct arena *a;
	const char *status; /* as it is called; NULL: not told */
	const char *paid;   /* a payment status; NULL: not told */
	bool cancelled;
};

/* A page that a server shows to people. */
static bool
commerceml_is_html(const char *s, size_t len)
{
	return (len >= 14 && strncasecmp(s, "<!doctype html", 14) == 0) ||
	       (len >= 5 && strncasecmp(s, "<html", 5) == 0);
}

/* In any encoding: nothing else that we read begins with '<'. */
static bool
commerceml_detect(const char *head, size_t len)
{
	size_t i = 0;

	if (len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
		i = 3;
	else if (len >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 ||
				 memcmp(head, "\xFE\xFF", 2) == 0))
		i = 2;
	while (i < len && strchr(" \t\r\n", head[i]) != NULL)
		i++; /* also the high halves of UTF-16 */
	return i < len && head[i] == '<' &&
	       !commerceml_is_html(head + i, len - i);
}

static const struct err *
commerceml_read(void *arg, const char **data, size_t *len)
{
	return lines_bytes(arg, data, len);
}

static const struct err *
commerceml_open(struct intake *in, void **state)
{
	static const struct xml_want wants[] = { { "Документ", false },
		{ NULL, false } };
	struct commerceml *c = mem_zalloc(sizeof(*c));

	c->in = in;
	c->xml = xml_open(commerceml_read, in->lines, wants);
	*state = c;
	return NULL;
}

static void
commerceml_close(void *state)
{
	struct commerceml *c = state;

	xml_close(c->xml);
	free(c);
}

static bool
commerceml_would_wait(void *state)
{
	struct commerceml *c = state;

	return xml_used_up(c->xml) && lines_would_wait(c->in->lines);
}

static bool
commerceml_true(const char *s)
{
	return s != NULL && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0 ||
				strcmp(s, "Истина") == 0);
}

static const struct err *
commerceml_set(struct commerceml *c, int field, const char *text)
{
	if (text == NULL)
		return NULL;
	return field_parse(&order_fields, &c->o->rec, field,
	    text_line(c->a, text), c->o->currency, c->in->options->country,
	    c->a);
}

/* An amount that may be written with a comma; nothing is 0. */
static const struct err *
commerceml_money(struct commerceml *c, const char *s, int64_t *minor)
{
	const struct err *err;
	int places = money_places(c->o->currency);

	*minor = 0;
	if (s == NULL)
		return NULL;
	if ((err = cell_number(s, '\0', c->a, &s)) != NULL ||
	    (err = decimal_parse(s, 8, minor)) != NULL)
		return err;
	*minor = decimal_round(*minor, 8 - places);
	return NULL;
}

/* A number with more decimals than we keep is rounded. */
static const struct err *
commerceml_number(struct commerceml *c, const struct xml_node *n,
    const char *name, int places, int64_t *out)
{
	const struct err *err;
	const char *s = xml_get(n, name);

	*out = 0;
	if (s == NULL)
		return err_new(ERR_INPUT, "%s is missing", name);
	if ((err = cell_number(s, '\0', c->a, &s)) != NULL ||
	    (err = decimal_parse(s, 8, out)) != NULL)
		return err_wrap(err, "%s", name);
	*out = decimal_round(*out, 8 - places);
	return NULL;
}

static void
commerceml_charge(struct commerceml *c, const char *kind, const char *name,
    int64_t amount, bool included)
{
	const struct fields *t = &order_part_fields[PART_CHARGE];
	struct part *p = order_part_add(c->o, PART_CHARGE, c->a);

	field_set_text(t, &p->rec, CHARGE_KIND, kind);
	if (name != NULL)
		field_set_text(t, &p->rec, CHARGE_NAME, name);
	field_set_int(t, &p->rec, CHARGE_AMOUNT, amount);
	field_set_int(t, &p->rec, CHARGE_INCLUDED, included);
}

/* Goods -------------------------------------------------------------------- */

/* A requisite of a line or document, and its value. */
static const struct xml_node *
commerceml_find(const struct xml_node *n, const char *name)
{
	const struct xml_node *r;
	const char *is;

	r = xml_child(n, "ЗначенияРеквизитов/ЗначениеРеквизита");
	for (; r != NULL; r = xml_again(r)) {
		is = xml_get(r, "Наименование");
		if (is != NULL && strcmp(is, name) == 0)
			break;
	}
	return r;
}

static const char *
commerceml_requisite(const struct xml_node *n, const char *name)
{
	const struct xml_node *r = commerceml_find(n, name);

	return r != NULL ? xml_get(r, "Значение") : NULL;
}

/*
 * Delivery stands among the goods, as a service, and so do the other charges of
 * ours that 1C has been told of. Their kind; NULL for goods.
 */
static const char *
commerceml_service(const struct xml_node *n)
{
	static const struct {
		const char *id;
		const char *kind;
	} known[] = {
		{ "ORDER_DELIVERY", "delivery" },
		{ "ORDER_FEE", "fee" },
		{ "ORDER_ROUNDING", "rounding" },
		{ "ORDER_TIP", "tip" },
	};
	const char *id = xml_get(n, "Ид"), *name = xml_get(n, "Наименование");
	const char *type = commerceml_requisite(n, "ТипНоменклатуры");
	size_t i;

	for (i = 0; id != NULL && i < ARRAY_LEN(known); i++)
		if (strcmp(known[i].id, id) == 0)
			return known[i].kind;
	if (type != NULL && strcmp(type, "Услуга") == 0 && name != NULL &&
	    strncmp(name, "Доставка", strlen("Доставка")) == 0)
		return "delivery";
	return NULL;
}

/* What a discount takes off: its sum, or else its part of the whole. */
static const struct err *
commerceml_discount(struct commerceml *c, const struct xml_node *n,
    int64_t whole, int64_t *minor)
{
	const struct err *err;
	int64_t percent;

	if (xml_get(n, "Сумма") != NULL || xml_get(n, "Процент") == NULL)
		return commerceml_money(c, xml_get(n, "Сумма"), minor);
	if ((err = commerceml_number(c, n, "Процент", 4, &percent)) != NULL)
		return err;
	return decimal_muldiv(whole, percent, 1000000, minor);
}

/* Discounts that the sum beside them does not contain yet. */
static const struct err *
commerceml_off(struct commerceml *c, const struct xml_node *n, int64_t whole,
    int64_t *off)
{
	const struct xml_node *d = xml_child(n, "Скидки/Скидка");
	const struct err *err;
	int64_t minor;

	*off = 0;
	for (; d != NULL; d = xml_again(d)) {
		const char *included = xml_get(d, "УчтеноВСумме");

		if (included == NULL || commerceml_true(included))
			continue;
		err = commerceml_discount(c, d, whole, &minor);
		if (err != NULL ||
		    (err = decimal_add(*off, minor, off)) != NULL)
			return err_wrap(err, "Скидка");
	}
	return NULL;
}

/*
 * The sum of a line is the source's: what price times quantity makes more than
 * it is the discount.
 */
static const struct err *
commerceml_item_sums(struct commerceml *c, const struct xml_node *n,
    struct part *p, int64_t *sum)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const struct err *err;
	int64_t quantity, price, all, off;

	if ((err = commerceml_number(c, n, "Количество", QUANTITY_PLACES,
		 &quantity)) != NULL ||
	    (err = commerceml_number(c, n, "ЦенаЗаЕдиницу", PRICE_PLACES,
		 &price)) != NULL ||
	    (err = money_line(price, quantity, c->o->currency, &all)) != NULL)
		return err;
	*sum = all;
	if (xml_get(n, "Сумма") != NULL &&
	    (err = commerceml_money(c, xml_get(n, "Сумма"), sum)) != NULL)
		return err_wrap(err, "Сумма");
	if ((err = commerceml_off(c, n, *sum, &off)) != NULL)
		return err;
	*sum -= off;
	if (p == NULL)
		return NULL;
	field_set_int(t, &p->rec, ITEM_QUANTITY, quantity);
	field_set_int(t, &p->rec, ITEM_PRICE, price);
	field_set_int(t, &p->rec, ITEM_DISCOUNT, all - *sum);
	return NULL;
}

static const struct err *
commerceml_item(struct commerceml *c, const struct xml_node *n)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const char *sku = xml_get(n, "Артикул");
	const char *line = commerceml_requisite(n, "НомерПозицииКорзины");
	const char *service = commerceml_service(n);
	const struct err *err;
	struct part *p;
	int64_t sum;

	if (service != NULL) {
		if ((err = commerceml_item_sums(c, n, NULL, &sum)) == NULL)
			commerceml_charge(c, service,
			    text_line(c->a, xml_get(n, "Наименование")), sum,
			    false);
		return err;
	}
	if (sku == NULL)
		sku = xml_get(n, "Ид");
	p = order_part_add(c->o, PART_ITEM, c->a);
	if (line != NULL)
		field_set_text(t, &p->rec, ITEM_EXTERNAL_ID, line);
	if (sku != NULL)
		field_set_text(t, &p->rec, ITEM_SKU, text_line(c->a, sku));
	if (xml_get(n, "Наименование") != NULL)
		field_set_text(t, &p->rec, ITEM_NAME,
		    text_line(c->a, xml_get(n, "Наименование")));
	return commerceml_item_sums(c, n, p, &sum);
}

/* Taxes of a node become charges; those of one name are one. */
static const struct err *
commerceml_taxes(struct commerceml *c, const struct xml_node *n)
{
	const struct xml_node *t = xml_child(n, "Налоги/Налог");
	const struct part_list *l = &c->o->parts[PART_CHARGE];
	const struct err *err;
	int64_t minor;
	size_t i;

	for (; t != NULL; t = xml_again(t)) {
		const char *name = xml_get(t, "Наименование");
		const char *in = xml_get(t, "УчтеноВСумме");
		const bool included = in == NULL || commerceml_true(in);

		err = commerceml_money(c, xml_get(t, "Сумма"), &minor);
		if (err != NULL)
			return err_wrap(err, "Налог");
		if (minor == 0)
			continue;
		for (i = 0; i < l->len; i++)
			if (strcmp(l->v[i].kind, "tax") == 0 &&
			    (l->v[i].included != 0) == included &&
			    strcmp(l->v[i].name != NULL ? l->v[i].name : "",
				name != NULL ? name : "") == 0)
				break;
		if (i == l->len)
			commerceml_charge(c, "tax", name, minor, included);
		else if ((err = decimal_add(l->v[i].amount, minor,
			      &l->v[i].amount)) != NULL)
			return err;
	}
	return NULL;
}

/*
 * A discount of the whole document. Whether the lines contain it already, or
 * the total alone does, is told by arithmetic.
 */
static const struct err *
commerceml_discounts(struct commerceml *c, const struct xml_node *n)
{
	const struct xml_node *d = xml_child(n, "Скидки/Скидка");
	const struct err *err;
	int64_t minor, sum = 0;
	const char *name = NULL, *in;
	bool included = true;

	if (d != NULL && (err = order_totals(c->o, NULL, NULL)) != NULL)
		return err;
	for (; d != NULL; d = xml_again(d)) {
		err = commerceml_discount(c, d, c->o->items_minor, &minor);
		if (err != NULL ||
		    (err = decimal_add(sum, minor, &sum)) != NULL)
			return err_wrap(err, "Скидка");
		name = xml_get(d, "Наименование");
		in = xml_get(d, "УчтеноВСумме");
		included = included && (in == NULL || commerceml_true(in));
	}
	if (sum <= 0)
		return NULL;
	if (field_has(&c->o->rec, ORDER_SOURCE_TOTAL)) {
		if (c->o->total_minor - sum == c->o->source_total)
			included = false;
		else if (c->o->total_minor == c->o->source_total)
			included = true;
	}
	commerceml_charge(c, "discount", name, -sum, included);
	return NULL;
}

static const struct err *
commerceml_goods(struct commerceml *c, const struct xml_node *doc)
{
	const struct xml_node *list = xml_child(doc, "Товары"), *n;
	const struct err *err;
	size_t i = 0;

	c->o->parts[PART_CHARGE].present = true;
	if (list == NULL)
		return NULL;
	c->o->parts[PART_ITEM].present = true;
	for (n = xml_child(list, "Товар"); n != NULL; n = xml_again(n)) {
		i++;
		if ((err = commerceml_item(c, n)) != NULL ||
		    (xml_child(doc, "Налоги/Налог") == NULL &&
			(err = commerceml_taxes(c, n)) != NULL))
			return err_wrap(err, "Товар %zu", i);
	}
	if ((err = commerceml_taxes(c, doc)) != NULL)
		return err;
	return commerceml_discounts(c, doc);
}

/* Who ---------------------------------------------------------------------- */

/* Bitrix writes "id#login#name", in which only the id stays. */
static const char *
commerceml_customer_id(const char *id, struct arena *a)
{
	size_t digits = id != NULL ? strspn(id, "0123456789") : 0;

	if (digits != 0 && id[digits] == '#')
		return arena_strndup(a, id, digits);
	return id;
}

static const char *
commerceml_person(struct commerceml *c, const struct xml_node *n)
{
	static const char *const parts[] = { "Фамилия", "Имя", "Отчество" };
	const char *name = xml_get(n, "Наименование"), *part;
	size_t i;

	if (name == NULL)
		name = xml_get(n, "ПолноеНаименование");
	if (name != NULL)
		return name;
	for (i = 0; i < ARRAY_LEN(parts); i++)
		if ((part = xml_get(n, parts[i])) != NULL)
			name = name != NULL ?
				   arena_printf(c->a, "%s %s", name, part) :
				   part;
	return name;
}

static const struct err *
commerceml_contacts(struct commerceml *c, const struct xml_node *n)
{
	const struct xml_node *k = xml_child(n, "Контакты/Контакт");
	const struct err *err = NULL;

	for (; k != NULL && err == NULL; k = xml_again(k)) {
		const char *type = xml_get(k, "Тип");
		const char *value = xml_get(k, "Значение");

		if (type == NULL || value == NULL)
			continue;
		if (strstr(type, "елефон") != NULL && c->o->phone == NULL)
			err = commerceml_set(c, ORDER_PHONE, value);
		else if (strchr(value, '@') != NULL && c->o->email == NULL)
			err = commerceml_set(c, ORDER_EMAIL, value);
	}
	return err;
}

static const struct err *
commerceml_address(struct commerceml *c, const struct xml_node *n)
{
	static const struct {
		const char *type;
		int field;
	} parts[] = {
		{ "Почтовый индекс", ORDER_DELIVERY_POSTCODE },
		{ "Страна", ORDER_DELIVERY_COUNTRY },
		{ "Регион", ORDER_DELIVERY_REGION },
		{ "Город", ORDER_DELIVERY_CITY },
		{ "Населенный пункт", ORDER_DELIVERY_CITY },
		{ "Улица", ORDER_DELIVERY_STREET },
		{ "Дом", ORDER_DELIVERY_BUILDING },
		{ "Квартира", ORDER_DELIVERY_FLAT },
	};
	const struct xml_node *f;
	const struct err *err;
	size_t i;

	if ((err = commerceml_set(c, ORDER_DELIVERY_ADDRESS,
		 xml_get(n, "Представление"))) != NULL)
		return err;
	for (f = xml_child(n, "АдресноеПоле"); f != NULL; f = xml_again(f)) {
		const char *type = xml_get(f, "Тип");

		for (i = 0; i < ARRAY_LEN(parts) && type != NULL; i++)
			if (strcmp(parts[i].type, type) == 0 &&
			    (err = commerceml_set(c, parts[i].field,
				 xml_get(f, "Значение"))) != NULL)
				return err;
	}
	return NULL;
}

/* The buyer; in what a site writes there is nobody else. */
static const struct xml_node *
commerceml_buyer(const struct xml_node *doc)
{
	const struct xml_node *n = xml_child(doc, "Контрагенты/Контрагент");
	const struct xml_node *first = n;
	const char *role;

	for (; n != NULL; n = xml_again(n)) {
		role = xml_get(n, "Роль");
		if (role != NULL && strcmp(role, "Покупатель") == 0)
			return n;
	}
	return first;
}

static const struct err *
commerceml_customer(struct commerceml *c, const struct xml_node *doc)
{
	const struct xml_node *n = commerceml_buyer(doc), *address;
	const struct err *err;

	if (n == NULL)
		return NULL;
	if ((err = commerceml_set(c, ORDER_CUSTOMER_EXTERNAL_ID,
		 commerceml_customer_id(xml_get(n, "Ид"), c->a))) != NULL ||
	    (err = commerceml_set(c, ORDER_CUSTOMER_NAME,
		 commerceml_person(c, n))) != NULL ||
	    (err = commerceml_contacts(c, n)) != NULL)
		return err;
	if ((address = xml_child(n, "Адрес")) == NULL)
		address = xml_child(n, "АдресРегистрации");
	return address != NULL ? commerceml_address(c, address) : NULL;
}

/* Requisites --------------------------------------------------------------- */

static struct part *
commerceml_payment(struct commerceml *c)
{
	struct part_list *l = &c->o->parts[PART_PAYMENT];

	return l->len != 0 ? &l->v[0] :
			     order_part_add(c->o, PART_PAYMENT, c->a);
}

/* The code of ours that is called so; NULL when none is. */
static const struct err *
commerceml_code(struct commerceml *c, const char *table, const char *name,
    const char **out)
{
	const struct intake_options *options = c->in->options;

	*out = NULL;
	if (options->code == NULL)
		return NULL;
	return options->code(options->arg, table, name, c->a, out);
}

/*
 * A code by the name that the source gives, "[N] New" without its own code: as
 * the map says, else the one that is called so here.
 */
static const struct err *
commerceml_named(struct commerceml *c, const char *table, const char *value,
    const char **out)
{
	const char *name = text_line(c->a, value);
	const struct err *err;

	if (*name == '[' && strchr(name, ']') != NULL)
		name = text_trim(c->a, strchr(name, ']') + 1);
	*out = NULL;
	if (mapping_code(c->in->map, table, name, c->a) == NULL &&
	    ((err = commerceml_code(c, table, name, out)) != NULL ||
		*out != NULL))
		return err;
	intake_code(c->in, c->where, c->o, table, table, name, c->a, out);
	return NULL;
}

static const struct err *
commerceml_field(struct commerceml *c, int field, const char *value)
{
	const struct err *err;
	const char *code;

	if ((err = commerceml_named(c, order_fields.list[field].reference,
		 value, &code)) == NULL &&
	    code != NULL)
		field_set_text(&order_fields, &c->o->rec, field, code);
	return err;
}

/* What was told of our status comes back by its code. */
static void
commerceml_status_code(struct commerceml *c, const char *code)
{
	const struct intake_options *options = c->in->options;

	if (options->knows != NULL &&
	    options->knows(options->arg, "status", code))
		field_set_text(&order_fields, &c->o->rec, ORDER_STATUS,
		    arena_strdup(c->a, code));
}

/* It is off, with whatever reason its status gives for that. */
static const struct err *
commerceml_cancelled(struct commerceml *c)
{
	const struct intake_options *options = c->in->options;
	const struct err *err;
	const char *code;

	if (c->o->status != NULL && options->is_cancel != NULL &&
	    options->is_cancel(options->arg, c->o->status))
		return NULL;
	if ((err = commerceml_code(c, "status", "Отменен", &code)) != NULL)
		return err;
	if (code == NULL)
		return err_new(ERR_INPUT,
		    "it is cancelled, and no status is called 'Отменен'; a "
		    "map can say which one that is");
	field_set_text(&order_fields, &c->o->rec, ORDER_STATUS, code);
	return NULL;
}

static const struct err *
commerceml_paid_how(struct commerceml *c, const char *value)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	struct part *p = commerceml_payment(c);
	const struct err *err;
	const char *code;

	if ((err = commerceml_named(c, "payment_type", value, &code)) != NULL)
		return err;
	if (code != NULL)
		field_set_text(t, &p->rec, PAYMENT_TYPE, code);
	else
		field_set_text(t, &p->rec, PAYMENT_COMMENT,
		    text_line(c->a, value));
	return NULL;
}

static const struct err *
commerceml_paid_at(struct commerceml *c, const char *value)
{
	const struct err *err;
	int64_t at;

	if ((err = cell_time(value, NULL, &at)) != NULL)
		return err;
	field_set_int(&order_part_fields[PART_PAYMENT],
	    &commerceml_payment(c)->rec, PAYMENT_PAID_AT, at);
	return NULL;
}

enum commerceml_meaning {
	MEANS_NOTHING,
	MEANS_STATUS,
	MEANS_STATUS_CODE,
	MEANS_CANCELLED,
	MEANS_PAID,
	MEANS_PAID_AT,
	MEANS_PAID_HOW,
	MEANS_PAID_NO,
	MEANS_DELIVERY,
	MEANS_TRACKING,
	MEANS_ADDRESS,
	MEANS_COMMENT,
	MEANS_UNKNOWN,
};

static enum commerceml_meaning
commerceml_means(const char *name)
{
	static const struct {
		const char *name;
		enum commerceml_meaning means;
	} known[] = {
		{ "Статус заказа", MEANS_STATUS },
		{ "Статуса заказа ИД", MEANS_STATUS_CODE },
		{ "Отменен", MEANS_CANCELLED },
		{ "Заказ оплачен", MEANS_PAID },
		{ "Дата оплаты", MEANS_PAID_AT },
		{ "Метод оплаты", MEANS_PAID_HOW },
		{ "Номер платежного документа", MEANS_PAID_NO },
		{ "Способ доставки", MEANS_DELIVERY },
		{ "Номер отправления", MEANS_TRACKING },
		{ "Адрес доставки", MEANS_ADDRESS },
		{ "Комментарии покупателя", MEANS_COMMENT },
		{ "Дата изменения статуса", MEANS_NOTHING },
		{ "Финальный статус", MEANS_NOTHING },
		{ "Доставка разрешена", MEANS_NOTHING },
		{ "Дата разрешения доставки", MEANS_NOTHING },
		{ "Метод оплаты ИД", MEANS_NOTHING },
		{ "Метод доставки ИД", MEANS_NOTHING },
		{ "Сайт", MEANS_NOTHING },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].means;
	return MEANS_UNKNOWN;
}

static const struct err *
commerceml_take(struct commerceml *c, const char *name, const char *value)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];

	switch (commerceml_means(name)) {
	case MEANS_NOTHING:
		break;
	case MEANS_STATUS:
		c->status = value;
		break;
	case MEANS_STATUS_CODE:
		commerceml_status_code(c, value);
		break;
	case MEANS_CANCELLED:
		c->cancelled = c->cancelled || commerceml_true(value);
		break;
	case MEANS_PAID:
		c->paid = commerceml_true(value) ? "paid" : "not-paid";
		break;
	case MEANS_PAID_AT:
		return commerceml_paid_at(c, value);
	case MEANS_PAID_HOW:
		return commerceml_paid_how(c, value);
	case MEANS_PAID_NO:
		field_set_text(t, &commerceml_payment(c)->rec,
		    PAYMENT_EXTERNAL_ID, text_line(c->a, value));
		break;
	case MEANS_DELIVERY:
		return commerceml_field(c, ORDER_DELIVERY_TYPE, value);
	case MEANS_TRACKING:
		return commerceml_set(c, ORDER_TRACKING_NO, value);
	case MEANS_ADDRESS:
		return commerceml_set(c, ORDER_DELIVERY_ADDRESS, value);
	case MEANS_COMMENT:
		return field_parse(&order_fields, &c->o->rec,
		    ORDER_CUSTOMER_COMMENT, value, NULL, NULL, c->a);
	case MEANS_UNKNOWN:
		intake_warn_once(c->in, c->where,
		    "unknown requisite '%s' is left out", name);
		break;
	}
	return NULL;
}

/*
 * What is paid is the whole order, unless the source said how much. That it is
 * not paid, and nothing else, is no payment.
 */
static const struct err *
commerceml_settle(struct commerceml *c)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	const struct part_list *l = &c->o->parts[PART_PAYMENT];
	const struct err *err;
	struct part *p;

	if (l->len == 0 && (c->paid == NULL || strcmp(c->paid, "paid") != 0))
		return NULL;
	p = commerceml_payment(c);
	if (c->paid != NULL)
		field_set_text(t, &p->rec, PAYMENT_STATUS, c->paid);
	if (field_has(&p->rec, PAYMENT_AMOUNT))
		return NULL;
	if ((err = order_totals(c->o, NULL, NULL)) != NULL)
		return err;
	field_set_int(t, &p->rec, PAYMENT_AMOUNT, c->o->total_minor);
	return NULL;
}

static const struct err *
commerceml_requisites(struct commerceml *c, const struct xml_node *doc)
{
	const struct xml_node *r;
	const struct err *err;
	const char *name, *value;
	bool known;

	c->status = c->paid = NULL;
	c->cancelled = commerceml_true(xml_get(doc, "ПометкаУдаления"));
	r = xml_child(doc, "ЗначенияРеквизитов/ЗначениеРеквизита");
	for (; r != NULL; r = xml_again(r)) {
		name = xml_get(r, "Наименование");
		value = xml_get(r, "Значение");
		if (name == NULL || value == NULL)
			continue;
		if ((err = columns_value(c->in, name, value, c->o, c->a,
			 &known)) != NULL ||
		    (!known && (err = commerceml_take(c, name, value)) != NULL))
			return err;
	}
	if (c->status != NULL && c->o->status == NULL &&
	    (err = commerceml_field(c, ORDER_STATUS, c->status)) != NULL)
		return err;
	if (c->cancelled && (err = commerceml_cancelled(c)) != NULL)
		return err;
	return commerceml_settle(c);
}

/* Documents ---------------------------------------------------------------- */

/* "Дата" and "Время" are local times of the shop. */
static const struct err *
commerceml_times(struct commerceml *c, const struct xml_node *doc)
{
	const char *date = xml_get(doc, "Дата"), *time = xml_get(doc, "Время");
	const struct err *err;
	int64_t at;

	if (date == NULL)
		return err_new(ERR_INPUT, "Дата is missing");
	if (time != NULL && strchr(date, 'T') == NULL)
		date = arena_printf(c->a, "%s %s", date, time);
	if ((err = cell_time(date, NULL, &at)) != NULL)
		return err;
	field_set_int(&order_fields, &c->o->rec, ORDER_PLACED_AT, at);
	return NULL;
}

/*
 * Where the buyer's comment has a requisite of its own, the document's is the
 * manager's.
 */
static const struct err *
commerceml_comment(struct commerceml *c, const struct xml_node *doc)
{
	int field = commerceml_find(doc, "Комментарии покупателя") != NULL ?
			ORDER_MANAGER_COMMENT :
			ORDER_CUSTOMER_COMMENT;

	if (xml_get(doc, "Комментарий") == NULL)
		return NULL;
	return field_parse(&order_fields, &c->o->rec, field,
	    xml_get(doc, "Комментарий"), NULL, NULL, c->a);
}

static const struct err *
commerceml_build(struct commerceml *c, const struct xml_node *doc)
{
	const char *currency = cell_currency(xml_get(doc, "Валюта"));
	const struct err *err;
	int64_t total;

	if (currency == NULL)
		currency = c->in->options->currency;
	c->o->external_id = xml_get(doc, "Ид");
	c->o->order_no = xml_get(doc, "Номер");
	if ((err = intake_identify(c->in, c->o, c->a)) != NULL ||
	    (err = commerceml_set(c, ORDER_CURRENCY, currency)) != NULL ||
	    (err = commerceml_times(c, doc)) != NULL)
		return err;
	if (xml_get(doc, "Сумма") != NULL) {
		if ((err = commerceml_money(c, xml_get(doc, "Сумма"),
			 &total)) != NULL)
			return err_wrap(err, "Сумма");
		field_set_int(&order_fields, &c->o->rec, ORDER_SOURCE_TOTAL,
		    total);
	}
	if ((err = commerceml_goods(c, doc)) != NULL ||
	    (err = commerceml_customer(c, doc)) != NULL ||
	    (err = commerceml_comment(c, doc)) != NULL)
		return err;
	return commerceml_requisites(c, doc);
}

/* The document in a form in which it can be read again if it is refused. */
static void
commerceml_raw(struct commerceml *c, const struct xml_node *doc,
    struct intake_record *r)
{
	struct buf b = { 0 };

	xml_format(doc, &b);
	r->raw = arena_strdup(c->a, buf_str(&b));
	r->raw_len = b.len;
	r->header = "<" COMMERCEML_ROOT ">";
	r->footer = "</" COMMERCEML_ROOT ">";
	r->external_id = xml_get(doc, "Ид");
	buf_free(&b);
}

static const struct err *
commerceml_order(struct commerceml *c, const struct xml_node *doc,
    struct intake_record *r)
{
	const struct err *err;

	c->o = arena_zalloc(c->a, sizeof(*c->o));
	c->where = r->where;
	c->in->skip = false;
	intake_codes_begin(c->o);
	commerceml_raw(c, doc, r);
	if ((err = commerceml_build(c, doc)) != NULL)
		return err;
	r->type = c->in->skip ? INTAKE_END : INTAKE_ORDER;
	r->order = c->o;
	r->source = c->o->source;
	r->external_id = c->o->external_id;
	return NULL;
}

/* Orders only: shipments and payments come as documents too. */
static bool
commerceml_is_order(struct commerceml *c, const struct xml_node *doc,
    const char *where)
{
	const char *kind = xml_get(doc, "ХозОперация");

	if (kind == NULL || strcmp(kind, "Заказ товара") == 0)
		return true;
	intake_warn_once(c->in, where, "documents '%s' are left out", kind);
	return false;
}

static const struct err *
commerceml_at_end(struct commerceml *c)
{
	const char *root = xml_root(c->xml);

	c->over = true;
	if (root != NULL && strcmp(root, COMMERCEML_ROOT) != 0)
		return err_new(ERR_INPUT,
		    "the document is '%s', not " COMMERCEML_ROOT, root);
	return NULL;
}

static const struct err *
commerceml_next(void *state, struct arena *a, struct intake_record *r)
{
	struct commerceml *c = state;
	const struct err *err;
	struct xml_node *doc;
	size_t which;

	if (c->over)
		return NULL;
	c->a = a;
	for (;;) {
		err = xml_next(c->xml, &which, &doc);
		r->where = arena_printf(a, "%s:%" PRIu64, c->in->name,
		    xml_line(c->xml));
		if (err != NULL)
			return err;
		if (doc == NULL) {
			r->where = c->in->name;
			return commerceml_at_end(c);
		}
		if (!commerceml_is_order(c, doc, r->where))
			continue;
		if ((err = commerceml_order(c, doc, r)) != NULL || !c->in->skip)
			return err;
	}
}

const struct intake_adapter commerceml_adapter = {
	.detect = commerceml_detect,
	.open = commerceml_open,
	.next = commerceml_next,
	.would_wait = commerceml_would_wait,
	.close = commerceml_close,
};
