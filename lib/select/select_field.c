/* select_field.c - the fields of the selecting language, as SQL. */
#include "select/select_field.h"

#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "crm/custom.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "db/db.h"

/* The fields there are ------------------------------------------------------ */

const struct select_kind_facts select_kinds[] = {
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

#define OF_ITEMS    .lines = "order_item p", .own_lines = "p.order_id = o.id"
#define OF_PAYMENTS .lines = "payment p", .own_lines = "p.order_id = o.id"
#define OF_NOTES           \
	.lines = "note p", \
	.own_lines = "p.entity = 'order' AND p.entity_id = o.id"

/* The fields beside those of order_fields. */
static const struct select_field more_order_fields[] = {
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
static const struct select_field more_customer_fields[] = {
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

static const enum select_field_kind kind_of_field[] = {
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

#define CUSTOM_PREFIX  "custom."
#define CONSENT_PREFIX "consent."

const struct select_entity select_orders = {
	"order",
	"orders o",
	NULL,
	"o.currency",
	&order_fields,
	more_order_fields,
	ARRAY_LEN(more_order_fields),
};
const struct select_entity select_customers = {
	"customer",
	"customer o",
	"o.merged_into IS NULL",
	NULL,
	&customer_fields,
	more_customer_fields,
	ARRAY_LEN(more_customer_fields),
};

/* Finding one --------------------------------------------------------------- */

void
select_add_param(struct select *sel, struct buf *b,
    const struct select_param *v)
{
	sel->values = arena_grow(&sel->arena, sel->values, sel->value_count,
	    sizeof(*sel->values));
	sel->values[sel->value_count++] = *v;
	buf_printf(b, "?%zu", sel->value_count);
}

void
select_add_currency(struct select *sel, struct buf *b)
{
	if (sel->of->currency != NULL)
		buf_adds(b, sel->of->currency);
	else
		select_add_param(sel, b,
		    &(struct select_param){ .is_text = true,
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
find_own_field(struct select *sel, const struct field *f,
    struct select_field *out)
{
	*out = (struct select_field){
		.name = f->name,
		.kind = kind_of_field[f->kind],
		.value = arena_printf(&sel->arena, "o.%s%s", f->name,
		    f->kind == FIELD_MONEY ? "_minor" : ""),
		.reference = f->reference,
	};
}

static const struct err *
find_custom_field(struct select *sel, const char *name,
    struct select_field *out)
{
	const char *custom = name + strlen(CUSTOM_PREFIX);
	const char *type =
	    custom_type(sel->shop, sel->of->name, custom, &sel->arena);
	struct buf b = { 0 };

	if (type == NULL)
		return unknown_field(sel, name);
	*out = (struct select_field){ .name = name, .custom = custom };
	buf_printf(&b,
	    "(SELECT v.value FROM custom_value v WHERE v.entity = '%s'"
	    " AND v.entity_id = o.id AND v.field = ",
	    sel->of->name);
	select_add_param(sel, &b,
	    &(struct select_param){ .is_text = true, .text = custom });
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
find_consent(struct select *sel, const char *name, struct select_field *out)
{
	const char *channel = name + strlen(CONSENT_PREFIX);
	struct buf b = { 0 };

	if (shop_check_code(sel->shop, "channel", channel) != NULL)
		return unknown_field(sel, name);
	buf_adds(&b, "(SELECT k.given FROM consent k"
		     " WHERE k.customer_id = o.id AND k.channel = ");
	select_add_param(sel, &b,
	    &(struct select_param){ .is_text = true, .text = channel });
	buf_addc(&b, ')');
	*out = (struct select_field){
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
find_window(struct select *sel, const char *window, struct select_field *f)
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
		select_add_currency(sel, &b);
	}
	if (window != NULL) {
		buf_adds(&b, " AND q.placed_at >= ");
		select_add_param(sel, &b,
		    &(struct select_param){ .number = span.from });
	}
	buf_addc(&b, ')');
	f->value = arena_strdup(&sel->arena, buf_str(&b));
	buf_free(&b);
	return NULL;
}

/* One of the fields beside those of the record; *found tells. */
static const struct err *
find_more_field(struct select *sel, const char *name, struct select_field *out,
    bool *found)
{
	const char *window = strchr(name, '[');
	const size_t len =
	    window != NULL ? (size_t)(window - name) : strlen(name);
	size_t i;

	*found = false;
	for (i = 0; i < sel->of->more_count; i++) {
		const struct select_field *f = &sel->of->more[i];

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
find_scale(struct select *sel, struct select_field *f)
{
	struct buf b = { 0 };

	buf_printf(&b,
	    "%s * 1000 / (SELECT u.unit FROM currency u WHERE u.code = ",
	    f->value);
	select_add_currency(sel, &b);
	buf_addc(&b, ')');
	f->compared = arena_strdup(&sel->arena, buf_str(&b));
	buf_free(&b);
}

const struct err *
select_field_find(struct select *sel, const char *name,
    struct select_field *out)
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
	else if (sel->of == &select_customers &&
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
