/* commerceml.c - orders as 1C and the sites that talk to it exchange them. */
#include "intake/commerceml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "intake/cell.h"
#include "io/lines.h"

struct commerceml_stream {
	struct xml *xml;
	bool over;
	struct commerceml doc;
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
	struct commerceml_stream *s = mem_zalloc(sizeof(*s));

	s->doc.in = in;
	s->xml = xml_open(commerceml_read, in->lines, wants);
	*state = s;
	return NULL;
}

static void
commerceml_close(void *state)
{
	struct commerceml_stream *s = state;

	xml_close(s->xml);
	free(s);
}

static bool
commerceml_would_wait(void *state)
{
	struct commerceml_stream *s = state;

	return xml_used_up(s->xml) && lines_would_wait(s->doc.in->lines);
}

/* Values ------------------------------------------------------------------- */

bool
commerceml_true(const char *s)
{
	return s != NULL && (strcmp(s, "true") == 0 || strcmp(s, "1") == 0 ||
				strcmp(s, "Истина") == 0);
}

/* A requisite of a line or document. */
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

const char *
commerceml_requisite(const struct xml_node *n, const char *name)
{
	const struct xml_node *r = commerceml_find(n, name);

	return r != NULL ? xml_get(r, "Значение") : NULL;
}

const struct err *
commerceml_set(struct commerceml *c, int field, const char *text)
{
	if (text == NULL)
		return NULL;
	return field_parse(&order_fields, &c->o->rec, field,
	    text_line(c->a, text), c->o->currency, c->in->options->country,
	    c->a);
}

const struct err *
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
commerceml_at_end(struct commerceml_stream *s)
{
	const char *root = xml_root(s->xml);

	s->over = true;
	if (root != NULL && strcmp(root, COMMERCEML_ROOT) != 0)
		return err_new(ERR_INPUT,
		    "the document is '%s', not " COMMERCEML_ROOT, root);
	return NULL;
}

static const struct err *
commerceml_next(void *state, struct arena *a, struct intake_record *r)
{
	struct commerceml_stream *s = state;
	struct commerceml *c = &s->doc;
	const struct err *err;
	struct xml_node *doc;
	size_t which;

	if (s->over)
		return NULL;
	c->a = a;
	for (;;) {
		err = xml_next(s->xml, &which, &doc);
		r->where = intake_place(c->in, xml_line(s->xml), a);
		if (err != NULL)
			return err;
		if (doc == NULL) {
			r->where = c->in->name;
			return commerceml_at_end(s);
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
