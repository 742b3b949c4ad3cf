/* select.c - the selecting language: terms in, assembled SQL out. */
#include "crm/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/custom.h"
#include "crm/customer.h"
#include "crm/order.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "db/db.h"

/* SQLite takes 32766 parameters and 1000 levels of AND: stop well before. */
enum { VALUES_MAX = 30000, TERMS_MAX = 500 };

/* Fields ------------------------------------------------------------------- */

enum kind {
	KIND_TEXT,
	KIND_CLOCK,
	KIND_DATE,
	KIND_TIME,
	KIND_MONEY,
	KIND_INT,
	KIND_NUMBER, /* text of a decimal number */
	KIND_BOOL,
	KIND_GROUP, /* of statuses */
};

static const struct kind_facts {
	enum select_kind shown;
	bool ordered; /* so that low..high has a sense */
	const char *example;
} kinds[] = {
	[KIND_TEXT] = { SELECT_TEXT, false, NULL },
	[KIND_CLOCK] = { SELECT_TEXT, true, "10:00..14:00" },
	[KIND_DATE] = { SELECT_TEXT, true, "today" },
	[KIND_TIME] = { SELECT_TIME, true, "today" },
	[KIND_MONEY] = { SELECT_MONEY, true, "1000..5000" },
	[KIND_INT] = { SELECT_INT, true, "1..5" },
	[KIND_NUMBER] = { SELECT_NUMBER, true, "1..5" },
	[KIND_BOOL] = { SELECT_BOOL, false, "yes" },
	[KIND_GROUP] = { SELECT_TEXT, false, "new" },
};

/* A field as SQL, in which o is the order or customer. */
struct field_sql {
	const char *name;
	enum kind kind;
	const char *value;    /* as it is shown */
	const char *compared; /* as terms look at it; NULL: as it is shown */
	const char *lines;    /* the table p that it is in; NULL: the order's */
	const char *own_lines; /* which of its rows are of the order */
	const char *reference; /* whose codes it holds */
	const char *custom;    /* what follows "custom." */
	bool windowed;         /* may be asked of the last days: orders[90d] */
};

#define OF_ITEMS    .lines = "order_item p", .own_lines = "p.order_id = o.id"
#define OF_PAYMENTS .lines = "payment p", .own_lines = "p.order_id = o.id"
#define OF_NOTES           \
	.lines = "note p", \
	.own_lines = "p.entity = 'order' AND p.entity_id = o.id"

/* The fields beside those of order_fields. */
static const struct field_sql more_order_fields[] = {
	{ .name = "order_no", .value = "o.order_no" },
	{ .name = "source", .value = "o.source" },
	{ .name = "external_id", .value = "o.external_id" },
	{ .name = "source_updated_at",
	    .kind = KIND_TIME,
	    .value = "(SELECT r.source_updated_at FROM order_source r"
		     " WHERE r.source = o.source"
		     " AND r.external_id = o.external_id)" },
	{ .name = "rev", .kind = KIND_INT, .value = "o.rev" },
	{ .name = "group",
	    .kind = KIND_GROUP,
	    .value = "(SELECT s.status_group FROM status s"
		     " WHERE s.code = o.status)",
	    .compared = "o.status" },
	{ .name = "status_at", .kind = KIND_TIME, .value = "o.status_at" },
	{ .name = "created_at", .kind = KIND_TIME, .value = "o.created_at" },
	{ .name = "updated_at", .kind = KIND_TIME, .value = "o.updated_at" },
	{ .name = "customer", .value = "o.customer_name" },
	{ .name = "customer_id", .kind = KIND_INT, .value = "o.customer_id" },
	{ .name = "double_of", .value = "o.double_of" },
	{ .name = "items_total", .kind = KIND_MONEY, .value = "o.items_minor" },
	{ .name = "total", .kind = KIND_MONEY, .value = "o.total_minor" },
	{ .name = "paid", .kind = KIND_MONEY, .value = "o.paid_minor" },
	{ .name = "refunded", .kind = KIND_MONEY, .value = "o.refunded_minor" },
	{ .name = "cost", .kind = KIND_MONEY, .value = "o.cost_minor" },
	{ .name = "item_sku", .value = "p.sku", OF_ITEMS },
	{ .name = "item_name", .value = "p.name", OF_ITEMS },
	{ .name = "payment_type",
	    .value = "p.type",
	    .reference = "payment_type",
	    OF_PAYMENTS },
	{ .name = "payment_status",
	    .value = "p.status",
	    .reference = "payment_status",
	    OF_PAYMENTS },
	{ .name = "note", .value = "p.text", OF_NOTES },
};

#define OF_CONTACTS(word)     \
	.lines = "contact p", \
	.own_lines = "p.customer_id = o.id AND p.kind = '" word "'"
#define OF_SELVES                                            \
	" IN (SELECT m.id FROM customer m WHERE m.id = o.id" \
	" OR m.merged_into = o.id)"
#define OF_SOURCES \
	.lines = "customer_source p", .own_lines = "p.customer_id" OF_SELVES

/*
 * Figures from the orders q of a customer, and of those merged into it; what
 * follows in find_window() says since when, and closes the bracket.
 */
#define ITS_ORDERS                                          \
	" FROM orders q JOIN status s ON s.code = q.status" \
	" WHERE q.customer_id" OF_SELVES

/* The fields beside those of customer_fields. */
static const struct field_sql more_customer_fields[] = {
	{ .name = "customer_id", .kind = KIND_INT, .value = "o.id" },
	{ .name = "rev", .kind = KIND_INT, .value = "o.rev" },
	{ .name = "created_at", .kind = KIND_TIME, .value = "o.created_at" },
	{ .name = "updated_at", .kind = KIND_TIME, .value = "o.updated_at" },
	{ .name = "erased_at", .kind = KIND_TIME, .value = "o.erased_at" },
	{ .name = "phone", .value = "p.value", OF_CONTACTS("phone") },
	{ .name = "email", .value = "p.value", OF_CONTACTS("email") },
	{ .name = "source", .value = "p.source", OF_SOURCES },
	{ .name = "external_id", .value = "p.external_id", OF_SOURCES },
	{ .name = "tag",
	    .value = "p.tag",
	    .lines = "tag p",
	    .own_lines = "p.customer_id = o.id" },
	{ .name = "note",
	    .value = "p.text",
	    .lines = "note p",
	    .own_lines = "p.entity = 'customer' AND p.entity_id" OF_SELVES },
	{ .name = "orders",
	    .kind = KIND_INT,
	    .windowed = true,
	    .value = "(SELECT count(*)" ITS_ORDERS },
	{ .name = "sales",
	    .kind = KIND_INT,
	    .windowed = true,
	    .value = "(SELECT count(*)" ITS_ORDERS " AND s.is_revenue" },
	{ .name = "total",
	    .kind = KIND_MONEY,
	    .windowed = true,
	    .value = "(SELECT ifnull(sum(q.total_minor), 0)" ITS_ORDERS
		     " AND s.is_revenue" },
	{ .name = "average",
	    .kind = KIND_MONEY,
	    .windowed = true,
	    .value = "(SELECT (sum(q.total_minor) * 2"
		     " + iif(sum(q.total_minor) < 0, -count(*), count(*)))"
		     " / (count(*) * 2)" ITS_ORDERS " AND s.is_revenue" },
	{ .name = "first_order_at",
	    .kind = KIND_TIME,
	    .value = "(SELECT min(q.placed_at) FROM orders q"
		     " WHERE q.customer_id" OF_SELVES ")" },
	{ .name = "last_order_at",
	    .kind = KIND_TIME,
	    .value = "(SELECT max(q.placed_at) FROM orders q"
		     " WHERE q.customer_id" OF_SELVES ")" },
};

static const enum kind kind_of_field[] = {
	[FIELD_TEXT] = KIND_TEXT,
	[FIELD_LONG] = KIND_TEXT,
	[FIELD_CODE] = KIND_TEXT,
	[FIELD_DATE] = KIND_DATE,
	[FIELD_CLOCK] = KIND_CLOCK,
	[FIELD_PHONE] = KIND_TEXT,
	[FIELD_EMAIL] = KIND_TEXT,
	[FIELD_CURRENCY] = KIND_TEXT,
	[FIELD_TIME] = KIND_TIME,
	[FIELD_BOOL] = KIND_BOOL,
	[FIELD_MONEY] = KIND_MONEY,
	[FIELD_PRICE] = KIND_NUMBER,
	[FIELD_QUANTITY] = KIND_NUMBER,
};

enum { MONEY_PLACES = 3 }; /* of compared amounts: see find_scale() */

#define CUSTOM_PREFIX  "custom."
#define CONSENT_PREFIX "consent."

/* What can be selected. */
static const struct entity {
	const char *name; /* as in custom_field */
	const char *table;
	const char *only;     /* which rows of it; NULL: all */
	const char *currency; /* its own; NULL: the shop's */
	const struct fields *fields;
	const struct field_sql *more;
	size_t more_count;
} entity_order = { "order", "orders o", NULL, "o.currency", &order_fields,
	more_order_fields, ARRAY_LEN(more_order_fields) },
  entity_customer = { "customer", "customer o", "o.merged_into IS NULL", NULL,
	  &customer_fields, more_customer_fields,
	  ARRAY_LEN(more_customer_fields) };

/* The selection ------------------------------------------------------------ */

struct value {
	bool is_text;
	const char *text;
	int64_t number;
};

struct select {
	struct shop *shop;
	const struct entity *of;
	struct arena arena;
	struct buf where; /* the terms, each after its WHERE or AND */
	struct buf order; /* what to sort by, each with its comma */
	int64_t limit;
	struct value *values; /* of the parameters ?1, ?2, ... */
	size_t value_count;
	struct field_sql *columns;
	struct buf sql;
	struct db_stmt *st;
};

/* Write a parameter with this value. */
static void
add_value(struct select *sel, struct buf *b, const struct value *v)
{
	sel->values = arena_grow(&sel->arena, sel->values, sel->value_count,
	    sizeof(*sel->values));
	sel->values[sel->value_count++] = *v;
	buf_printf(b, "?%zu", sel->value_count);
}

/* The currency of its amounts, as SQL. */
static void
add_currency(struct select *sel, struct buf *b)
{
	if (sel->of->currency != NULL)
		buf_adds(b, sel->of->currency);
	else
		add_value(sel, b,
		    &(struct value){ .is_text = true,
			.text = sel->shop->currency });
}

/* Names of fields, for the nearest of them. */
struct names {
	struct arena *arena;
	const char **v;
	size_t len;
};

static void
add_name(struct names *n, const char *name)
{
	n->v = arena_grow(n->arena, n->v, n->len, sizeof(*n->v));
	n->v[n->len++] = name;
}

static const struct err *
add_custom_names(struct names *n, const struct select *sel)
{
	static const char custom_sql[] =
	    "SELECT 'custom.' || code FROM custom_field WHERE entity = :entity"
	    " UNION ALL SELECT 'consent.' || code FROM channel"
	    "  WHERE :entity = 'customer'";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(sel->shop->db, custom_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", sel->of->name);
	while ((err = db_step(st, &row)) == NULL && row)
		add_name(n, db_col_text(st, 0, n->arena));
	return err;
}

static const struct err *
unknown_field(struct select *sel, const char *name)
{
	struct names names = { .arena = &sel->arena };
	const struct err *err;
	const char *near;
	size_t i;

	for (i = 0; i < sel->of->fields->count; i++)
		add_name(&names, sel->of->fields->list[i].name);
	for (i = 0; i < sel->of->more_count; i++)
		add_name(&names, sel->of->more[i].name);
	if ((err = add_custom_names(&names, sel)) != NULL)
		return err;
	add_name(&names, NULL);
	if ((near = text_nearest(name, names.v)) == NULL)
		return err_new(ERR_USAGE,
		    "unknown field '%.100s'; crm-select(7) lists them", name);
	return err_new(ERR_USAGE, "unknown field '%.100s', did you mean '%s'",
	    name, near);
}

static void
find_own_field(struct select *sel, const struct field *f, struct field_sql *out)
{
	*out = (struct field_sql){
		.name = f->name,
		.kind = kind_of_field[f->kind],
		.value = arena_printf(&sel->arena, "o.%s%s", f->name,
		    f->kind == FIELD_MONEY ? "_minor" : ""),
		.reference = f->reference,
	};
}

static const struct err *
find_custom_field(struct select *sel, const char *name, struct field_sql *out)
{
	const char *custom = name + strlen(CUSTOM_PREFIX);
	const char *type =
	    custom_type(sel->shop, sel->of->name, custom, &sel->arena);
	struct buf b = { 0 };

	if (type == NULL)
		return unknown_field(sel, name);
	*out = (struct field_sql){ .name = name, .custom = custom };
	buf_printf(&b,
	    "(SELECT v.value FROM custom_value v WHERE v.entity = '%s'"
	    " AND v.entity_id = o.id AND v.field = ",
	    sel->of->name);
	add_value(sel, &b, &(struct value){ .is_text = true, .text = custom });
	buf_addc(&b, ')');
	out->value = arena_strdup(&sel->arena, buf_str(&b));
	buf_free(&b);
	if (strcmp(type, "date") == 0) {
		out->kind = KIND_DATE;
	} else if (strcmp(type, "boolean") == 0) {
		out->kind = KIND_BOOL;
		out->value =
		    arena_printf(&sel->arena, "(%s = 'true')", out->value);
	} else if (strcmp(type, "integer") == 0 ||
		   strcmp(type, "numeric") == 0) {
		out->kind = KIND_NUMBER;
		out->compared = arena_printf(&sel->arena, "CAST(%s AS NUMERIC)",
		    out->value);
	}
	return NULL;
}

/* "consent.email": yes, no, or empty when nobody knows. */
static const struct err *
find_consent(struct select *sel, const char *name, struct field_sql *out)
{
	const char *channel = name + strlen(CONSENT_PREFIX);
	struct buf b = { 0 };

	if (shop_check_code(sel->shop, "channel", channel) != NULL)
		return unknown_field(sel, name);
	buf_adds(&b, "(SELECT k.given FROM consent k"
		     " WHERE k.customer_id = o.id AND k.channel = ");
	add_value(sel, &b, &(struct value){ .is_text = true, .text = channel });
	buf_addc(&b, ')');
	*out = (struct field_sql){
		.name = name,
		.kind = KIND_BOOL,
		.value = arena_strdup(&sel->arena, buf_str(&b)),
	};
	buf_free(&b);
	return NULL;
}

/*
 * Close the bracket of a figure: amounts are of one currency, and "[90d]" means
 * the orders of the last 90 days.
 */
static const struct err *
find_window(struct select *sel, const char *window, struct field_sql *f)
{
	const size_t len = window != NULL ? strlen(window) : 0;
	const struct err *err;
	struct when_span span;
	struct buf b = { 0 };

	if (window != NULL &&
	    (len < 3 || window[len - 1] != ']' || window[1] == '-'))
		return err_new(ERR_USAGE,
		    "'%s%.100s' is no count in a window such as %s[90d]",
		    f->name, window, f->name);
	if (window != NULL &&
	    (err = when_span_parse(arena_printf(&sel->arena, "-%.*s",
				       (int)(len - 2), window + 1),
		 sel->shop->now, &span)) != NULL)
		return err_new(ERR_USAGE, "'%s%.100s': %s", f->name, window,
		    err->msg);
	buf_adds(&b, f->value);
	if (f->kind == KIND_MONEY) {
		buf_adds(&b, " AND q.currency = ");
		add_currency(sel, &b);
	}
	if (window != NULL) {
		buf_adds(&b, " AND q.placed_at >= ");
		add_value(sel, &b, &(struct value){ .number = span.from });
	}
	buf_addc(&b, ')');
	f->value = arena_strdup(&sel->arena, buf_str(&b));
	buf_free(&b);
	return NULL;
}

/* One of the fields beside those of the record; *found tells. */
static const struct err *
find_more_field(struct select *sel, const char *name, struct field_sql *out,
    bool *found)
{
	const char *window = strchr(name, '[');
	const size_t len =
	    window != NULL ? (size_t)(window - name) : strlen(name);
	size_t i;

	*found = false;
	for (i = 0; i < sel->of->more_count; i++) {
		const struct field_sql *f = &sel->of->more[i];

		if (strncmp(f->name, name, len) != 0 || f->name[len] != '\0' ||
		    (window != NULL && !f->windowed))
			continue;
		*found = true;
		*out = *f;
		return f->windowed ? find_window(sel, window, out) : NULL;
	}
	return NULL;
}

/*
 * Amounts are compared as thousandths of their currency, of which none has more
 * decimals: 1000 is a thousand of any of them.
 */
static void
find_scale(struct select *sel, struct field_sql *f)
{
	struct buf b = { 0 };

	buf_printf(&b,
	    "%s * 1000 / (SELECT u.unit FROM currency u WHERE u.code = ",
	    f->value);
	add_currency(sel, &b);
	buf_addc(&b, ')');
	f->compared = arena_strdup(&sel->arena, buf_str(&b));
	buf_free(&b);
}

static const struct err *
find_field(struct select *sel, const char *name, struct field_sql *out)
{
	const int f = field_find(sel->of->fields, name);
	const struct err *err;
	bool found;

	if ((err = find_more_field(sel, name, out, &found)) != NULL)
		return err;
	if (!found && f >= 0)
		find_own_field(sel, &sel->of->fields->list[f], out);
	else if (strncmp(name, CUSTOM_PREFIX, strlen(CUSTOM_PREFIX)) == 0)
		err = find_custom_field(sel, name, out);
	else if (sel->of == &entity_customer &&
		 strncmp(name, CONSENT_PREFIX, strlen(CONSENT_PREFIX)) == 0)
		err = find_consent(sel, name, out);
	else if (!found)
		err = unknown_field(sel, name);
	if (err != NULL)
		return err;
	if (out->kind == KIND_MONEY)
		find_scale(sel, out);
	if (out->compared == NULL)
		out->compared = out->value;
	return NULL;
}

/* Terms -------------------------------------------------------------------- */

/* What is known of a term while its values are read. */
struct term {
	struct select *sel;
	struct field_sql field;
	struct buf in;  /* the single values, with commas */
	struct buf any; /* conditions of which one must hold */
	bool or_empty;
};

/* One value, in the form in which the field keeps its own. */
static const struct err *
parse_value(struct term *t, const char *s, struct value *v)
{
	const struct field_sql *f = &t->field;
	const struct shop *shop = t->sel->shop;
	const struct fields *fields = t->sel->of->fields;
	struct order o = { 0 };
	struct customer c = { 0 };
	struct rec *r = t->sel->of == &entity_order ? &o.rec : &c.rec;
	const struct err *err = NULL;
	int i = field_find(fields, f->name);

	*v = (struct value){ 0 };
	if (f->kind == KIND_MONEY)
		return decimal_parse(s, MONEY_PLACES, &v->number);
	if (f->kind == KIND_INT)
		return decimal_parse(s, 0, &v->number);
	v->is_text = f->kind != KIND_BOOL;
	if (!v->is_text && i < 0) /* of a consent: as any other yes or no */
		i = field_find(fields, "vip");
	if (f->custom != NULL) {
		err = custom_check(t->sel->shop, t->sel->of->name, f->custom, s,
		    &t->sel->arena, &v->text);
		v->number = err == NULL && strcmp(v->text, "true") == 0;
	} else if (i >= 0) {
		err = field_parse(fields, r, i, s, shop->currency,
		    shop->country, &t->sel->arena);
		if (v->is_text)
			v->text = field_text(fields, r, i);
		else
			v->number = field_int(fields, r, i);
	} else if (strcmp(f->name, "phone") == 0) {
		v->text = phone_normal(s, shop->country, &t->sel->arena);
	} else if (strcmp(f->name, "email") == 0) {
		v->text =
		    text_fold(&t->sel->arena, text_trim(&t->sel->arena, s));
	} else {
		v->text = text_trim(&t->sel->arena, s);
	}
	if (err == NULL && f->reference != NULL && v->text != NULL)
		err = shop_check_code(shop, f->reference, v->text);
	return err;
}

struct range {
	struct value low, high;
	bool has_low, has_high;
	const char *below; /* the operator for the high end */
};

static struct value
day_value(struct arena *a, int64_t day)
{
	char buf[WHEN_STR_MAX];

	return (struct value){
		.is_text = true,
		.text = arena_strdup(a, when_day_format(day, buf)),
	};
}

/* Dates are kept as text; a moment stands for its day. */
static const struct err *
parse_days(struct term *t, const char *s, struct range *r)
{
	const int64_t now = t->sel->shop->now;
	const struct err *err;
	struct when_span span;

	err = strstr(s, "..") != NULL ? when_range_parse(s, now, &span) :
					when_span_parse(s, now, &span);
	if (err != NULL)
		return err;
	r->has_low = span.from != WHEN_MIN;
	r->has_high = span.to != WHEN_MAX;
	r->below = " <= ";
	if (r->has_low)
		r->low = day_value(&t->sel->arena, when_day(span.from));
	if (r->has_high)
		r->high = day_value(&t->sel->arena,
		    when_day(span.to > span.from ? span.to - 1 : span.to));
	return NULL;
}

static const struct err *
parse_times(struct term *t, const char *s, struct range *r)
{
	const int64_t now = t->sel->shop->now;
	const struct err *err;
	struct when_span span;

	if ((err = when_range_parse(s, now, &span)) != NULL)
		return err;
	r->has_low = span.from != WHEN_MIN;
	r->has_high = span.to != WHEN_MAX;
	r->below = " < ";
	r->low.number = span.from;
	r->high.number = span.to;
	return NULL;
}

static const struct err *
parse_ends(struct term *t, const char *s, struct range *r)
{
	const char *dots = strstr(s, "..");
	const char *low = arena_strndup(&t->sel->arena, s, (size_t)(dots - s));
	const char *high = dots + 2;
	const struct err *err;

	r->has_low = *low != '\0';
	r->has_high = *high != '\0';
	r->below = " <= ";
	if (r->has_low && (err = parse_value(t, low, &r->low)) != NULL)
		return err;
	if (r->has_high && (err = parse_value(t, high, &r->high)) != NULL)
		return err;
	if (r->has_low && r->has_high && r->low.number > r->high.number)
		return err_new(ERR_INPUT, "'%s' ends before it begins", s);
	return NULL;
}

static void
add_or(struct term *t)
{
	if (t->any.len != 0)
		buf_adds(&t->any, " OR ");
}

static const struct err *
add_range(struct term *t, const char *s)
{
	const char *field = t->field.compared;
	const struct err *err;
	struct range r = { 0 };

	if (t->field.kind == KIND_TIME)
		err = parse_times(t, s, &r);
	else if (t->field.kind == KIND_DATE)
		err = parse_days(t, s, &r);
	else
		err = parse_ends(t, s, &r);
	if (err != NULL)
		return err;
	add_or(t);
	if (!r.has_low && !r.has_high)
		buf_printf(&t->any, "%s IS NOT NULL", field);
	if (r.has_low) {
		buf_printf(&t->any, "%s >= ", field);
		add_value(t->sel, &t->any, &r.low);
	}
	if (r.has_high) {
		buf_printf(&t->any, "%s%s%s", r.has_low ? " AND " : "", field,
		    r.below);
		add_value(t->sel, &t->any, &r.high);
	}
	return NULL;
}

static void
add_single(struct term *t, const struct value *v)
{
	if (t->in.len != 0)
		buf_adds(&t->in, ", ");
	add_value(t->sel, &t->in, v);
}

/* A group stands for its statuses, which are indexed. */
static const struct err *
add_group(struct term *t, const char *group)
{
	const struct shop *s = t->sel->shop;
	const char **names, *near;
	bool found = false;
	size_t i;

	names = arena_zalloc(&t->sel->arena,
	    (s->status_count + 1) * sizeof(*names));
	for (i = 0; i < s->status_count; i++) {
		names[i] = s->statuses[i].group;
		if (strcmp(names[i], group) != 0)
			continue;
		found = true;
		add_single(t, &(struct value){ .is_text = true,
				  .text = s->statuses[i].code });
	}
	if (found)
		return NULL;
	if ((near = text_nearest(group, names)) == NULL)
		return err_new(ERR_INPUT, "unknown group '%.100s'", group);
	return err_new(ERR_INPUT, "unknown group '%.100s', did you mean '%s'",
	    group, near);
}

/* One of the comma-separated values. */
static const struct err *
add_element(struct term *t, const char *s)
{
	const enum kind kind = t->field.kind;
	const struct err *err;
	struct value v;

	if (t->sel->value_count >= VALUES_MAX)
		return err_new(ERR_INPUT, "more than %d values", VALUES_MAX);
	if (*s == '\0') {
		t->or_empty = true;
		return NULL;
	}
	if (kind == KIND_GROUP)
		return add_group(t, s);
	if (kind == KIND_TIME || kind == KIND_DATE ||
	    (kinds[kind].ordered && strstr(s, "..") != NULL))
		return add_range(t, s);
	if ((err = parse_value(t, s, &v)) == NULL)
		add_single(t, &v);
	return err;
}

static const struct err *
add_elements(struct term *t, const char *values)
{
	const struct err *err;
	char *rest = arena_strdup(&t->sel->arena, values), *s;

	while ((s = strsep(&rest, ",")) != NULL)
		if ((err = add_element(t, s)) != NULL)
			return err;
	if (t->in.len != 0) {
		add_or(t);
		/*
		 * SQLite takes any equality to be rare. That of a status is
		 * not: beside a date the index of the date is the better one.
		 */
		buf_printf(&t->any,
		    strcmp(t->field.compared, "o.status") == 0 ?
			"likelihood(%s IN (%s), 0.05)" :
			"%s IN (%s)",
		    t->field.compared, buf_str(&t->in));
	}
	return NULL;
}

static const struct err *
add_contains(struct term *t, const char *text)
{
	const struct field_sql *f = &t->field;
	const struct value v = {
		.is_text = true,
		.text = text_fold(&t->sel->arena, text),
	};

	if (f->kind != KIND_TEXT)
		return err_new(ERR_INPUT, "'%s' is no text; write %s=%s",
		    f->name, f->name, kinds[f->kind].example);
	if (*text == '\0')
		return err_new(ERR_INPUT,
		    "no text to look for; write %s= for "
		    "%ss without it",
		    f->name, t->sel->of->name);
	buf_printf(&t->any, "instr(fold(%s), ", f->compared);
	add_value(t->sel, &t->any, &v);
	buf_adds(&t->any, ") > 0");
	return NULL;
}

/* Of a field of lines, one line must fit; empty is to have it on no line. */
static void
add_condition(struct term *t, bool negate)
{
	const struct field_sql *f = &t->field;
	struct buf *w = &t->sel->where;

	buf_adds(w, w->len == 0 ? " WHERE (" : " AND (");
	if (t->any.len != 0 && f->lines != NULL)
		buf_printf(w, "EXISTS (SELECT 1 FROM %s WHERE %s AND (%s))",
		    f->lines, f->own_lines, buf_str(&t->any));
	else
		buf_adds(w, buf_str(&t->any));
	if (t->or_empty && t->any.len != 0)
		buf_adds(w, " OR ");
	if (t->or_empty && f->lines != NULL)
		buf_printf(w,
		    "NOT EXISTS (SELECT 1 FROM %s WHERE %s"
		    " AND ifnull(%s, '') <> '')",
		    f->lines, f->own_lines, f->compared);
	else if (t->or_empty)
		buf_printf(w, "ifnull(%s, '') = ''", f->compared);
	buf_adds(w, negate ? ") IS NOT TRUE" : ")"); /* NULL is none of them */
}

static const struct err *
parse_term(struct select *sel, const char *s)
{
	struct term t = { .sel = sel };
	const size_t len = strcspn(s, "=~!");
	const bool negate = s[len] == '!';
	const char *values = s + len + 1 + negate;
	const struct err *err;

	if (len == 0 || s[len] == '\0' || (negate && s[len + 1] != '='))
		return err_new(ERR_USAGE,
		    "'%.100s' is no term such as status=new; see crm-select(7)",
		    s);
	err = find_field(sel, arena_strndup(&sel->arena, s, len), &t.field);
	if (err != NULL)
		return err;
	err =
	    s[len] == '~' ? add_contains(&t, values) : add_elements(&t, values);
	if (err == NULL)
		add_condition(&t, negate);
	else if (err->code == ERR_INPUT)
		err = err_new(ERR_USAGE, "'%.100s': %s", s, err->msg);
	buf_free(&t.in);
	buf_free(&t.any);
	return err;
}

static const struct err *
parse(struct shop *s, const struct entity *of, char *const *terms, size_t count,
    struct select **out)
{
	struct select *sel = mem_zalloc(sizeof(*sel));
	const struct err *err = NULL;
	size_t i;

	*out = NULL;
	sel->shop = s;
	sel->of = of;
	if (of->only != NULL)
		buf_printf(&sel->where, " WHERE %s", of->only);
	if (count > TERMS_MAX)
		err = err_new(ERR_USAGE, "more than %d terms", TERMS_MAX);
	for (i = 0; err == NULL && i < count; i++)
		err = parse_term(sel, terms[i]);
	if (err != NULL) {
		select_free(sel);
		return err;
	}
	*out = sel;
	return NULL;
}

const struct err *
select_parse(struct shop *s, char *const *terms, size_t count,
    struct select **out)
{
	return parse(s, &entity_order, terms, count, out);
}

const struct err *
select_parse_customers(struct shop *s, char *const *terms, size_t count,
    struct select **out)
{
	return parse(s, &entity_customer, terms, count, out);
}

void
select_free(struct select *sel)
{
	if (sel == NULL)
		return;
	db_finish(sel->st);
	buf_free(&sel->sql);
	buf_free(&sel->where);
	buf_free(&sel->order);
	arena_free(&sel->arena);
	free(sel);
}

/* Order and limit ---------------------------------------------------------- */

const struct err *
select_sort(struct select *sel, const char *spec)
{
	char *rest = arena_strdup(&sel->arena, spec), *name;
	const struct err *err;
	struct field_sql f;
	bool down;

	while ((name = strsep(&rest, ",")) != NULL) {
		down = *name == '-';
		if ((err = find_field(sel, name + down, &f)) != NULL)
			return err;
		if (f.lines != NULL)
			return err_new(ERR_USAGE,
			    "cannot sort by '%s': %s has several", f.name,
			    sel->of == &entity_order ? "an order" :
						       "a customer");
		buf_adds(&sel->order,
		    f.kind == KIND_GROUP ? f.value : f.compared);
		buf_adds(&sel->order, down ? " DESC, " : ", ");
	}
	return NULL;
}

void
select_limit(struct select *sel, int64_t limit)
{
	sel->limit = limit;
}

/* Reading ------------------------------------------------------------------ */

/* Complete the statement with its limit and start it. */
static const struct err *
start(struct select *sel)
{
	const struct err *err;
	size_t i;

	if (sel->limit != 0) {
		buf_adds(&sel->sql, " LIMIT ");
		add_value(sel, &sel->sql,
		    &(struct value){ .number = sel->limit });
	}
	if ((err = db_prepare(sel->shop->db, buf_str(&sel->sql), &sel->st)) !=
	    NULL)
		return err;
	for (i = 0; i < sel->value_count; i++)
		if (sel->values[i].is_text)
			db_bind_text_at(sel->st, (int)i + 1,
			    sel->values[i].text);
		else
			db_bind_int_at(sel->st, (int)i + 1,
			    sel->values[i].number);
	return NULL;
}

static const struct err *
start_list(struct select *sel)
{
	buf_printf(&sel->sql, " FROM %s", sel->of->table);
	buf_adds(&sel->sql, buf_str(&sel->where));
	buf_adds(&sel->sql, " ORDER BY ");
	buf_adds(&sel->sql, buf_str(&sel->order));
	buf_adds(&sel->sql, "o.id");
	return start(sel);
}

const struct err *
select_open(struct select *sel)
{
	buf_adds(&sel->sql, "SELECT o.id");
	return start_list(sel);
}

const struct err *
select_next(struct select *sel, int64_t *id)
{
	const struct err *err;
	bool row;

	*id = 0;
	if ((err = db_step(sel->st, &row)) == NULL && row)
		*id = db_col_int(sel->st, 0);
	return err;
}

/* Columns of the statement before those that were asked for. */
enum { COLUMN_ID, COLUMN_CURRENCY, COLUMN_FIRST };

const struct err *
select_open_columns(struct select *sel, const char *const *names, size_t count)
{
	const struct err *err;
	struct field_sql *f;
	size_t i;

	sel->columns = arena_alloc(&sel->arena, count * sizeof(*f));
	buf_adds(&sel->sql, "SELECT o.id, ");
	add_currency(sel, &sel->sql);
	for (i = 0; i < count; i++) {
		f = &sel->columns[i];
		if ((err = find_field(sel, names[i], f)) != NULL)
			return err;
		if (f->lines == NULL)
			buf_printf(&sel->sql, ", %s", f->value);
		else
			buf_printf(&sel->sql,
			    ", (SELECT group_concat(%s, ', ') FROM %s WHERE %s)",
			    f->value, f->lines, f->own_lines);
	}
	return start_list(sel);
}

/* Column `at` of the statement, which holds the field's value. */
static struct select_value
read_value(const struct select *sel, size_t field, int at)
{
	struct select_value v = {
		.kind = kinds[sel->columns[field].kind].shown,
		.is_null = db_col_is_null(sel->st, at),
	};

	if (v.kind == SELECT_TEXT || v.kind == SELECT_NUMBER)
		v.text = db_col_peek(sel->st, at);
	else
		v.number = db_col_int(sel->st, at);
	return v;
}

struct select_value
select_column(const struct select *sel, size_t i)
{
	return read_value(sel, i, COLUMN_FIRST + (int)i);
}

const char *
select_currency(const struct select *sel)
{
	return db_col_peek(sel->st, COLUMN_CURRENCY);
}

/* What groups are sorted by before their value. */
static const char *
group_order(const struct field_sql *f)
{
	if (f->kind == KIND_NUMBER)
		return " CAST(v AS NUMERIC),";
	return kinds[f->kind].ordered ? "" : " count(*) DESC,";
}

/* An order counts once at each of its values: DISTINCT, when it has several. */
const struct err *
select_open_groups(struct select *sel, const char *by)
{
	const struct err *err;
	struct field_sql *f;

	sel->columns = f = arena_zalloc(&sel->arena, sizeof(*f));
	f->value = "NULL";
	if (by != NULL && (err = find_field(sel, by, f)) != NULL)
		return err;
	if (f->kind == KIND_TIME) {
		f->kind = KIND_DATE;
		f->value = arena_printf(&sel->arena,
		    "date(%s, 'unixepoch', 'localtime')", f->value);
	}
	buf_printf(&sel->sql,
	    "SELECT v, currency, count(*), sum(total_minor) FROM"
	    " (SELECT %s o.id, %s AS v, o.currency, o.total_minor"
	    " FROM orders o",
	    f->lines != NULL ? "DISTINCT" : "", f->value);
	if (f->lines != NULL)
		buf_printf(&sel->sql, " LEFT JOIN %s ON %s", f->lines,
		    f->own_lines);
	buf_printf(&sel->sql, "%s) GROUP BY v, currency ORDER BY%s v, currency",
	    buf_str(&sel->where), group_order(f));
	return start(sel);
}

const struct err *
select_next_group(struct select *sel, struct select_group *g, bool *more)
{
	const struct err *err;
	struct db_stmt *st = sel->st;

	*g = (struct select_group){ 0 };
	if ((err = db_step(st, more)) != NULL || !*more)
		return err;
	g->value = read_value(sel, 0, 0);
	g->currency = db_col_peek(st, 1);
	g->orders = db_col_int(st, 2);
	g->total_minor = db_col_int(st, 3);
	return NULL;
}
