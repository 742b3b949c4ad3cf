/* order.c - what an order is, and reading it from the database. */
#include "order/order.h"

#include <inttypes.h>
#include <string.h>

#include "base/map.h"
#include "base/money.h"

#define AT(m)   offsetof(struct order, m)
#define PART(m) offsetof(struct part, m)
#define TABLE(t)                  \
	{                         \
		(t), ARRAY_LEN(t) \
	}

static const struct field order_field_list[] = {
	{ "site", FIELD_CODE, AT(site), "site" },
	{ "order_method", FIELD_CODE, AT(order_method), "order_method" },
	{ "status", FIELD_CODE, AT(status), "status" },
	{ "status_reason", FIELD_TEXT, AT(status_reason), NULL },
	{ "manager", FIELD_CODE, AT(manager), "user" },
	{ "placed_at", FIELD_TIME, AT(placed_at), NULL },
	{ "currency", FIELD_CURRENCY, AT(currency), NULL },
	{ "customer_external_id", FIELD_TEXT, AT(customer_external_id), NULL },
	{ "customer_name", FIELD_TEXT, AT(customer_name), NULL },
	{ "phone", FIELD_PHONE, AT(phone), NULL },
	{ "email", FIELD_EMAIL, AT(email), NULL },
	{ "customer_comment", FIELD_LONG, AT(customer_comment), NULL },
	{ "manager_comment", FIELD_LONG, AT(manager_comment), NULL },
	{ "call_wanted", FIELD_BOOL, AT(call_wanted), NULL },
	{ "coupon", FIELD_TEXT, AT(coupon), NULL },
	{ "utm_source", FIELD_TEXT, AT(utm_source), NULL },
	{ "utm_medium", FIELD_TEXT, AT(utm_medium), NULL },
	{ "utm_campaign", FIELD_TEXT, AT(utm_campaign), NULL },
	{ "utm_content", FIELD_TEXT, AT(utm_content), NULL },
	{ "utm_term", FIELD_TEXT, AT(utm_term), NULL },
	{ "delivery_type", FIELD_CODE, AT(delivery_type), "delivery_type" },
	{ "delivery_on", FIELD_DATE, AT(delivery_on), NULL },
	{ "delivery_from", FIELD_CLOCK, AT(delivery_from), NULL },
	{ "delivery_to", FIELD_CLOCK, AT(delivery_to), NULL },
	{ "courier", FIELD_CODE, AT(courier), "user" },
	{ "ship_on", FIELD_DATE, AT(ship_on), NULL },
	{ "tracking_no", FIELD_TEXT, AT(tracking_no), NULL },
	{ "store", FIELD_CODE, AT(store), "store" },
	{ "delivery_net", FIELD_MONEY, AT(delivery_net), NULL },
	{ "delivery_country", FIELD_TEXT, AT(delivery_country), NULL },
	{ "delivery_region", FIELD_TEXT, AT(delivery_region), NULL },
	{ "delivery_city", FIELD_TEXT, AT(delivery_city), NULL },
	{ "delivery_postcode", FIELD_TEXT, AT(delivery_postcode), NULL },
	{ "delivery_street", FIELD_TEXT, AT(delivery_street), NULL },
	{ "delivery_building", FIELD_TEXT, AT(delivery_building), NULL },
	{ "delivery_flat", FIELD_TEXT, AT(delivery_flat), NULL },
	{ "delivery_address", FIELD_LONG, AT(delivery_address), NULL },
	{ "source_codes", FIELD_LONG, AT(source_codes), NULL },
	{ "source_total", FIELD_MONEY, AT(source_total), NULL },
};

static const struct field item_field_list[] = {
	{ "external_id", FIELD_TEXT, PART(external_id), NULL },
	{ "sku", FIELD_TEXT, PART(sku), NULL },
	{ "name", FIELD_TEXT, PART(name), NULL },
	{ "quantity", FIELD_QUANTITY, PART(quantity), NULL },
	{ "price", FIELD_PRICE, PART(price), NULL },
	{ "discount", FIELD_MONEY, PART(amount), NULL },
	{ "purchase_price", FIELD_PRICE, PART(purchase_price), NULL },
};

static const struct field charge_field_list[] = {
	{ "kind", FIELD_TEXT, PART(kind), NULL },
	{ "name", FIELD_TEXT, PART(name), NULL },
	{ "amount", FIELD_MONEY, PART(amount), NULL },
	{ "included", FIELD_BOOL, PART(included), NULL },
};

static const struct field payment_field_list[] = {
	{ "external_id", FIELD_TEXT, PART(external_id), NULL },
	{ "type", FIELD_CODE, PART(kind), "payment_type" },
	{ "status", FIELD_CODE, PART(status), "payment_status" },
	{ "amount", FIELD_MONEY, PART(amount), NULL },
	{ "paid_at", FIELD_TIME, PART(at), NULL },
	{ "comment", FIELD_TEXT, PART(text), NULL },
};

static const struct field refund_field_list[] = {
	{ "external_id", FIELD_TEXT, PART(external_id), NULL },
	{ "amount", FIELD_MONEY, PART(amount), NULL },
	{ "refunded_at", FIELD_TIME, PART(at), NULL },
	{ "reason", FIELD_TEXT, PART(text), NULL },
};

static const struct field custom_field_list[] = {
	{ "field", FIELD_TEXT, PART(field), NULL },
	{ "value", FIELD_LONG, PART(text), NULL },
};

const struct fields order_fields = TABLE(order_field_list);

const struct fields order_part_fields[PART_COUNT] = {
	[PART_ITEM] = TABLE(item_field_list),
	[PART_CHARGE] = TABLE(charge_field_list),
	[PART_PAYMENT] = TABLE(payment_field_list),
	[PART_REFUND] = TABLE(refund_field_list),
	[PART_CUSTOM] = TABLE(custom_field_list),
};

const char *const order_part_names[PART_COUNT] = {
	[PART_ITEM] = "items",
	[PART_CHARGE] = "charges",
	[PART_PAYMENT] = "payments",
	[PART_REFUND] = "refunds",
	[PART_CUSTOM] = "custom",
};

const char *const order_part_words[PART_COUNT] = {
	[PART_ITEM] = "item",
	[PART_CHARGE] = "charge",
	[PART_PAYMENT] = "payment",
	[PART_REFUND] = "refund",
	[PART_CUSTOM] = "custom",
};

struct part *
order_part_add(struct order *o, enum order_part part, struct arena *a)
{
	struct part_list *l = &o->parts[part];

	l->present = true;
	l->v = arena_grow(a, l->v, l->len, sizeof(*l->v));
	memset(&l->v[l->len], 0, sizeof(*l->v));
	return &l->v[l->len++];
}

void
order_part_drop(struct part_list *l, struct part *p)
{
	memmove(p, p + 1, (size_t)(l->v + l->len - (p + 1)) * sizeof(*p));
	l->len--;
}

void
order_past_add(struct order *o, const struct past *p, struct arena *a)
{
	o->past = arena_grow(a, o->past, o->past_len, sizeof(*o->past));
	o->past[o->past_len++] = *p;
}

void
order_note_add(struct order *o, const struct note *n, struct arena *a)
{
	o->notes = arena_grow(a, o->notes, o->note_len, sizeof(*o->notes));
	o->notes[o->note_len++] = *n;
}

static const struct err *
order_total_items(struct order *o)
{
	const struct part_list *l = &o->parts[PART_ITEM];
	const struct err *err;
	struct part *p;
	int64_t cost;

	if (money_places(o->currency) < 0)
		return err_new(ERR_INPUT, "unknown currency '%s'", o->currency);
	o->items_minor = o->cost_minor = 0;
	o->has_cost = l->len != 0;
	for (p = l->v; p != order_part_end(l); p++) {
		if ((err = money_line(p->price, p->quantity, o->currency,
			 &p->sum)) != NULL ||
		    (err = decimal_add(p->sum, -p->amount, &p->sum)) != NULL ||
		    (err = decimal_add(o->items_minor, p->sum,
			 &o->items_minor)) != NULL)
			return err_wrap(err, "item %td", p - l->v + 1);
		if (!field_has(&p->rec, ITEM_PURCHASE_PRICE)) {
			o->has_cost = false;
			continue;
		}
		if ((err = money_line(p->purchase_price, p->quantity,
			 o->currency, &cost)) != NULL ||
		    (err = decimal_add(o->cost_minor, cost, &o->cost_minor)) !=
			NULL)
			return err;
	}
	return NULL;
}

const struct err *
order_totals(struct order *o, bool (*is_paid)(const char *, void *), void *arg)
{
	const struct err *err;
	const struct part *p;
	const struct part_list *l;

	if ((err = order_total_items(o)) != NULL)
		return err;
	o->total_minor = o->items_minor;
	l = &o->parts[PART_CHARGE];
	for (p = l->v; p != order_part_end(l); p++)
		if (p->included == 0 &&
		    (err = decimal_add(o->total_minor, p->amount,
			 &o->total_minor)) != NULL)
			return err;
	o->paid_minor = 0;
	l = &o->parts[PART_PAYMENT];
	for (p = l->v; p != order_part_end(l); p++)
		if (is_paid != NULL && p->status != NULL &&
		    is_paid(p->status, arg) &&
		    (err = decimal_add(o->paid_minor, p->amount,
			 &o->paid_minor)) != NULL)
			return err;
	o->refunded_minor = 0;
	l = &o->parts[PART_REFUND];
	for (p = l->v; p != order_part_end(l); p++)
		if ((err = decimal_add(o->refunded_minor, p->amount,
			 &o->refunded_minor)) != NULL)
			return err;
	return NULL;
}

/* What a line is called when its source gives it no name of its own. */
const char *
order_part_label(enum order_part part, const struct part *p)
{
	switch (part) {
	case PART_ITEM:
		return p->sku != NULL ? p->sku : p->name;
	case PART_CHARGE:
	case PART_PAYMENT:
		return p->kind != NULL ? p->kind : "";
	case PART_REFUND:
	case PART_CUSTOM:
	case PART_COUNT:
		break;
	}
	return "";
}

/* The how manieth of this label a line is, from 1; seen has those before it. */
static int64_t
order_ordinal(struct map *seen, const char *label)
{
	int64_t *n = map_get(seen, label);

	if (n != NULL)
		return ++*n;
	map_put(seen, label, 1);
	return 1;
}

static void
order_keys_of(struct order *o, enum order_part part, struct arena *a)
{
	struct part_list *l = &o->parts[part];
	struct map seen = { 0 };
	const char *label;
	int64_t n = 1;
	size_t i;

	for (i = 0; i < l->len; i++) {
		struct part *p = &l->v[i];

		if (part == PART_CUSTOM) {
			p->key = p->field;
			continue;
		}
		if (p->external_id != NULL)
			label = arena_join(a, "id", ' ', p->external_id);
		else if ((label = order_part_label(part, p)) == NULL)
			label = "";
		if (l->len > 1)
			n = order_ordinal(&seen, label);
		if (n > 1)
			p->key = arena_printf(a, "%s #%" PRId64, label, n);
		else if (p->external_id != NULL)
			p->key = label;
		else
			p->key = arena_join(a, label, ' ', "#1");
	}
	map_free(&seen);
}

void
order_keys(struct order *o, struct arena *a)
{
	enum order_part part;

	for (part = PART_ITEM; part < PART_COUNT; part++)
		order_keys_of(o, part, a);
}

size_t
order_unseen(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	if ((*p < ' ' && *p != '\0') || *p == 0x7f)
		return 1;
	if (*p == 0xc2 && p[1] < 0xa0)
		return 2;
	if (*p == 0xe2 && p[1] == 0x80 &&
	    ((p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae)))
		return 3;
	if (*p == 0xe2 && p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf)
		return 3;
	return *p == 0xef && p[1] == 0xbb && p[2] == 0xbf ? 3 : 0;
}

const struct err *
order_check_no(const char *s)
{
	const char *p;

	if (*s == '\0')
		return err_new(ERR_INPUT, "the order number is empty");
	for (p = s; *p != '\0'; p++)
		if (order_unseen(p) != 0)
			return err_new(ERR_INPUT,
			    "the order number '%s' has a character that "
			    "nobody sees",
			    s);
	if (*s == '-' || *s == '{' || s[strcspn(s, " \t\r\n,")] != '\0' ||
	    strstr(s, "..") != NULL)
		return err_new(ERR_INPUT,
		    "'%s' cannot be an order number: no blanks, commas or "
		    "'..', and no '-' or '{' in front",
		    s);
	return NULL;
}

const struct err *
order_check_rev(const struct order *o, int64_t rev)
{
	if (rev == 0 || rev == o->rev)
		return NULL;
	return err_new(ERR_CONFLICT,
	    "it was changed meanwhile: the record has revision %" PRId64
	    ", the order %" PRId64,
	    rev, o->rev);
}

const struct err *
order_set(struct order *o, int field, const char *text, const char *country,
    struct arena *a)
{
	return field_parse(&order_fields, &o->rec, field, text, o->currency,
	    country, a);
}

#define CUSTOM_PREFIX "custom."

enum order_part
order_part_named(const char *field)
{
	enum order_part part;

	if (strncmp(field, CUSTOM_PREFIX, strlen(CUSTOM_PREFIX)) == 0)
		return PART_CUSTOM;
	for (part = PART_ITEM; part < PART_CUSTOM; part++)
		if (strcmp(order_part_words[part], field) == 0)
			return part;
	return PART_COUNT;
}

static struct part *
order_find_restored(struct part_list *l, const char *custom, int64_t line)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (custom != NULL ? strcmp(l->v[i].field, custom) == 0 :
				     l->v[i].line == line)
			return &l->v[i];
	return NULL;
}

static const struct err *
order_restore_line(struct order *o, enum order_part part, const char *custom,
    int64_t line, const char *text, struct arena *a)
{
	const struct fields *t = &order_part_fields[part];
	struct part_list *l = &o->parts[part];
	struct part *p = order_find_restored(l, custom, line);

	if (text == NULL) {
		if (p != NULL)
			order_part_drop(l, p);
		return NULL;
	}
	if (p == NULL)
		p = order_part_add(o, part, a);
	*p = (struct part){ .line = line };
	if (custom == NULL)
		return field_unpack(t, text, o->currency, &p->rec, a);
	field_set_text(t, &p->rec, CUSTOM_FIELD, custom);
	field_set_text(t, &p->rec, CUSTOM_VALUE, text);
	return NULL;
}

const struct err *
order_restore(struct order *o, const char *field, int64_t line,
    const char *text, struct arena *a)
{
	enum order_part part = order_part_named(field);
	int f = field_find(&order_fields, field);

	if (text == NULL &&
	    (f == ORDER_STATUS || f == ORDER_PLACED_AT || f == ORDER_CURRENCY))
		return NULL; /* no order is without */
	if (f >= 0)
		return order_set(o, f, text, NULL, a);
	if (strcmp(field, "double_of") == 0)
		o->double_of = text;
	else if (part == PART_CUSTOM)
		return order_restore_line(o, part,
		    field + strlen(CUSTOM_PREFIX), 0, text, a);
	else if (part != PART_COUNT)
		return order_restore_line(o, part, NULL, line, text, a);
	return NULL; /* a source may tell of what we do not keep */
}
