/* shopify.c - orders of Shopify's Admin REST API. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "intake/document.h"

static const char *const holders[] = { "orders", "order", NULL };
static const char *const telling[] = { "financial_status", "line_items", NULL };
static const char *const updated_at[] = { "updated_at", NULL };
static const char *const country[] = { "shipping_address.country_code",
	"billing_address.country_code", "customer.default_address.country_code",
	NULL };
static const char *const customer[] = { "customer.first_name",
	"customer.last_name", NULL };

static const struct document_field fields[] = {
	{ ORDER_METHOD, "source_name" },
	{ ORDER_STATUS_REASON, "cancel_reason" },
	{ ORDER_MANAGER, "user_id" },
	{ ORDER_PLACED_AT, "created_at" },
	{ ORDER_CUSTOMER_EXTERNAL_ID, "customer.id" },
	{ ORDER_PHONE, "phone" },
	{ ORDER_PHONE, "customer.phone" },
	{ ORDER_PHONE, "shipping_address.phone" },
	{ ORDER_PHONE, "billing_address.phone" },
	{ ORDER_EMAIL, "email" },
	{ ORDER_EMAIL, "contact_email" },
	{ ORDER_EMAIL, "customer.email" },
	{ ORDER_CUSTOMER_COMMENT, "note" },
	{ ORDER_DELIVERY_COUNTRY, "shipping_address.country_code" },
	{ ORDER_DELIVERY_COUNTRY, "shipping_address.country" },
	{ ORDER_DELIVERY_REGION, "shipping_address.province" },
	{ ORDER_DELIVERY_CITY, "shipping_address.city" },
	{ ORDER_DELIVERY_POSTCODE, "shipping_address.zip" },
	{ ORDER_DELIVERY_STREET, "shipping_address.address1" },
	{ ORDER_DELIVERY_FLAT, "shipping_address.address2" },
	{ ORDER_SOURCE_TOTAL, "total_price" },
};

/* There is no status as such: cancelled, or how far it was sent. */
static const struct err *
shopify_status(struct document *d)
{
	const struct err *err;
	const char *status;

	if (document_is(d->doc, "cancelled_at"))
		return document_set(d, ORDER_STATUS, "cancelled");
	if ((err = document_text(d, d->doc, "fulfillment_status", &status)) !=
	    NULL)
		return err;
	return document_set(d, ORDER_STATUS,
	    status != NULL ? status : "unfulfilled");
}

static const struct err *
shopify_name(struct document *d)
{
	static const char *const others[] = { "shipping_address.name",
		"billing_address.name", NULL };
	const struct err *err;
	const char *text;

	if ((err = document_join(d, d->doc, customer, &text)) != NULL ||
	    (text == NULL &&
		(err = document_first(d, d->doc, others, &text)) != NULL))
		return err;
	return document_set(d, ORDER_CUSTOMER_NAME, text);
}

/* Sources ------------------------------------------------------------------ */

/* The byte that two hexadecimal digits are; false when they are none. */
static bool
shopify_hex(const char *p, char *byte)
{
	char digits[3] = { 0 };

	if (!isxdigit((unsigned char)p[0]) || !isxdigit((unsigned char)p[1]))
		return false;
	memcpy(digits, p, 2);
	*byte = (char)(unsigned char)strtoul(digits, NULL, 16);
	return true;
}

/* The value of a parameter of an address, decoded; NULL when it has none. */
static const char *
shopify_parameter(struct document *d, const char *url, const char *name)
{
	size_t n = strlen(name);
	const char *p = strchr(url, '?');
	char *value, *to;

	for (; p != NULL && strncmp(p + 1, name, n) != 0;
	     p = strchr(p + 1, '&'))
		;
	if (p == NULL || p[n + 1] != '=')
		return NULL;
	p += n + 2;
	value = to = arena_strndup(d->a, p, strcspn(p, "&#"));
	for (p = value; *p != '\0'; p++) {
		*to = *p;
		if (*p == '+')
			*to = ' ';
		else if (*p == '%' && shopify_hex(p + 1, to))
			p += 2;
		to++;
	}
	*to = '\0';
	if (*value == '\0' ||
	    text_utf8_valid(value, strlen(value)) != (size_t)(to - value))
		return NULL;
	return value;
}

static const struct err *
shopify_utm(struct document *d)
{
	static const struct {
		enum order_field field;
		const char *name;
	} utm[] = {
		{ ORDER_UTM_SOURCE, "utm_source" },
		{ ORDER_UTM_MEDIUM, "utm_medium" },
		{ ORDER_UTM_CAMPAIGN, "utm_campaign" },
		{ ORDER_UTM_CONTENT, "utm_content" },
		{ ORDER_UTM_TERM, "utm_term" },
	};
	const struct err *err;
	const char *url, *value;
	size_t i;

	if ((err = document_text(d, d->doc, "landing_site", &url)) != NULL ||
	    url == NULL)
		return err;
	for (i = 0; i < ARRAY_LEN(utm); i++) {
		value = shopify_parameter(d, url, utm[i].name);
		if (value != NULL &&
		    (err = document_set(d, utm[i].field, value)) != NULL)
			return err;
	}
	return NULL;
}

/* The last parcel that was not called off. */
static const struct err *
shopify_parcel(struct document *d, const struct json *j)
{
	const struct err *err;
	const char *status, *number;

	if ((err = document_text(d, j, "status", &status)) != NULL ||
	    (err = document_text(d, j, "tracking_number", &number)) != NULL)
		return err;
	if (number == NULL ||
	    (status != NULL && strcmp(status, "cancelled") == 0))
		return NULL;
	return document_set(d, ORDER_TRACKING_NO, number);
}

/* Sums --------------------------------------------------------------------- */

/* What was taken off a line, of goods or of delivery. */
static const struct err *
shopify_off(struct document *d, const struct json *j, int64_t *off)
{
	const struct json *list = document_at(j, "discount_allocations"), *e;
	const struct err *err;
	int64_t amount;

	if (list == NULL || json_kind(list) != JSON_ARRAY)
		return document_money(d, j, "total_discount", off);
	*off = 0;
	for (e = json_first(list); e != NULL; e = json_next(e))
		if ((err = document_money(d, e, "amount", &amount)) != NULL ||
		    (err = decimal_add(*off, amount, off)) != NULL)
			return err;
	return NULL;
}

static const struct err *
shopify_item(struct document *d, const struct json *j)
{
	static const char *const names[] = { "name", "title", NULL };
	struct document_item it = { 0 };
	const struct err *err;
	int64_t off;

	if ((err = document_text(d, j, "id", &it.external_id)) != NULL ||
	    (err = document_text(d, j, "sku", &it.sku)) != NULL ||
	    (err = document_first(d, j, names, &it.name)) != NULL ||
	    (err = document_decimal(d, j, "quantity", QUANTITY_PLACES,
		 &it.quantity)) != NULL ||
	    (err = document_decimal(d, j, "price", PRICE_PLACES, &it.price)) !=
		NULL ||
	    (err = shopify_off(d, j, &off)) != NULL ||
	    (err = document_line(d, it.price, it.quantity, &it.sum)) != NULL ||
	    (err = decimal_add(it.sum, -off, &it.sum)) != NULL)
		return err;
	return document_item(d, &it);
}

static const struct err *
shopify_shipping(struct document *d, const struct json *j)
{
	const struct err *err;
	const char *title, *code;
	int64_t cost, off;

	if ((err = document_text(d, j, "title", &title)) != NULL ||
	    (err = document_text(d, j, "code", &code)) != NULL ||
	    (err = document_money(d, j, "price", &cost)) != NULL ||
	    (err = shopify_off(d, j, &off)) != NULL)
		return err;
	document_charge(d, "delivery", title, cost - off, false);
	if (code == NULL || field_has(&d->o->rec, ORDER_DELIVERY_TYPE))
		return NULL;
	return document_set(d, ORDER_DELIVERY_TYPE, code);
}

/* What was taken off delivery, which is part of the order's discounts too. */
static const struct err *
shopify_off_shipping(struct document *d, int64_t *off)
{
	const struct json *list = document_at(d->doc, "shipping_lines"), *e;
	const struct err *err;
	int64_t one;

	*off = 0;
	if (list == NULL || json_kind(list) != JSON_ARRAY)
		return NULL;
	for (e = json_first(list); e != NULL; e = json_next(e))
		if ((err = shopify_off(d, e, &one)) != NULL ||
		    (err = decimal_add(*off, one, off)) != NULL)
			return err;
	return NULL;
}

/*
 * The order says what its goods cost after all discounts. When its lines do not
 * make that, even without the discount on the whole order, the order counts:
 * that is what was paid.
 */
static const struct err *
shopify_subtotal(struct document *d)
{
	char ours[DECIMAL_STR_MAX], theirs[DECIMAL_STR_MAX];
	const struct part_list *l = &d->o->parts[PART_ITEM];
	int64_t subtotal, off, goods, missing, shipping, lines_off = 0;
	const struct err *err;
	size_t i;

	if ((err = document_money(d, d->doc, "total_discounts", &off)) !=
		NULL ||
	    (err = shopify_off_shipping(d, &shipping)) != NULL ||
	    (err = decimal_add(off, -shipping, &off)) != NULL ||
	    (err = order_totals(d->o, NULL, NULL)) != NULL)
		return err;
	for (i = 0; i < l->len; i++)
		if ((err = decimal_add(lines_off, l->v[i].amount,
			 &lines_off)) != NULL)
			return err;
	if (lines_off != 0 || off < 0) /* it is the sum of theirs */
		off = 0;
	document_charge(d, "discount", NULL, -off, false);
	if (!document_is(d->doc, "subtotal_price"))
		return NULL;
	if ((err = document_money(d, d->doc, "subtotal_price", &subtotal)) !=
		NULL ||
	    (err = decimal_add(d->o->items_minor, -off, &goods)) != NULL ||
	    (err = decimal_add(subtotal, -goods, &missing)) != NULL)
		return err;
	if (missing >= -(int64_t)l->len && missing <= (int64_t)l->len)
		return NULL;
	intake_warn(d->in, d->where,
	    "its lines make %s, it says %s; the difference is kept as a charge",
	    money_text(goods, d->o->currency, ours),
	    money_text(subtotal, d->o->currency, theirs));
	document_charge(d, "rounding", "the source's lines make another sum",
	    missing, false);
	return NULL;
}

static const struct err *
shopify_charges(struct document *d)
{
	const struct err *err;
	const char *title;
	int64_t tax, tip, duties;

	if ((err = shopify_subtotal(d)) != NULL ||
	    (err = document_each(d, PART_CHARGE, "shipping_lines",
		 shopify_shipping)) != NULL ||
	    (err = document_text(d, d->doc, "tax_lines.0.title", &title)) !=
		NULL ||
	    (err = document_money(d, d->doc, "total_tax", &tax)) != NULL ||
	    (err = document_money(d, d->doc, "total_tip_received", &tip)) !=
		NULL ||
	    (err = document_money(d, d->doc,
		 "original_total_duties_set.shop_money.amount", &duties)) !=
		NULL)
		return err;
	document_charge(d, "tax", title, tax,
	    document_is(d->doc, "taxes_included"));
	document_charge(d, "tip", NULL, tip, false);
	return intake_fit(d->o,
	    document_charge(d, "fee", "duties", duties, false), -1);
}

static const struct err *
shopify_payment(struct document *d)
{
	static const char *const gateways[] = { "payment_gateway_names.0",
		"gateway", NULL };
	struct document_payment p = { .paid_at = WHEN_MIN };
	const struct err *err;
	int64_t open;

	if ((err = document_first(d, d->doc, gateways, &p.type)) != NULL ||
	    (err = document_text(d, d->doc, "financial_status", &p.status)) !=
		NULL ||
	    (err = document_money(d, d->doc, "total_outstanding", &open)) !=
		NULL)
		return err;
	d->o->parts[PART_PAYMENT].present = true;
	if (p.type == NULL && p.status == NULL)
		return NULL;
	p.comment = p.type;
	p.amount = d->o->source_total;
	if (p.status != NULL && strcmp(p.status, "partially_paid") == 0 &&
	    open > 0 && open < p.amount) {
		p.status = "pending";
		p.amount = open;
		document_payment(d, &p);
		p.status = "paid";
		p.amount = d->o->source_total - open;
	}
	document_payment(d, &p);
	return NULL;
}

/* What went back: the refund's transactions that succeeded. */
static const struct err *
shopify_refund(struct document *d, const struct json *j)
{
	const struct json *list = document_at(j, "transactions"), *e;
	const char *id, *note, *kind, *status;
	int64_t at, amount, sum = 0;
	const struct err *err;

	if ((err = document_text(d, j, "id", &id)) != NULL ||
	    (err = document_text(d, j, "note", &note)) != NULL ||
	    (err = document_time(d, j, "created_at", &at)) != NULL)
		return err;
	e = list != NULL && json_kind(list) == JSON_ARRAY ? json_first(list) :
							    NULL;
	for (; e != NULL; e = json_next(e)) {
		if ((err = document_text(d, e, "kind", &kind)) != NULL ||
		    (err = document_text(d, e, "status", &status)) != NULL ||
		    (err = document_money(d, e, "amount", &amount)) != NULL)
			return err;
		if ((kind != NULL && strcmp(kind, "refund") != 0) ||
		    (status != NULL && strcmp(status, "success") != 0))
			continue;
		if ((err = decimal_add(sum, amount, &sum)) != NULL)
			return err;
	}
	document_refund(d, id, sum, at, note);
	return NULL;
}

static const struct err *
shopify_build(struct document *d)
{
	const struct err *err;

	if ((err = shopify_status(d)) != NULL ||
	    (err = shopify_name(d)) != NULL || (err = shopify_utm(d)) != NULL ||
	    (err = document_each(d, PART_COUNT, "discount_codes",
		 document_coupon)) != NULL ||
	    (err = document_each(d, PART_COUNT, "fulfillments",
		 shopify_parcel)) != NULL ||
	    (err = document_each(d, PART_ITEM, "line_items", shopify_item)) !=
		NULL ||
	    (err = shopify_charges(d)) != NULL ||
	    (err = document_each(d, PART_REFUND, "refunds", shopify_refund)) !=
		NULL)
		return err;
	return shopify_payment(d);
}

const struct document_format shopify_format = {
	.holders = holders,
	.telling = telling,
	.id = "id",
	.number = "name",
	.updated_at = updated_at,
	.currency = "currency",
	.country = country,
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.build = shopify_build,
};
