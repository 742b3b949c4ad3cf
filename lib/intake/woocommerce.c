/* woocommerce.c - orders of WooCommerce's REST API, version 3. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "intake/document.h"

static const char *const holders[] = { "orders", "order", NULL };
static const char *const telling[] = { "line_items", "billing", "date_created",
	NULL };
static const char *const updated_at[] = { "date_modified_gmt", "date_modified",
	NULL };
static const char *const country[] = { "billing.country", "shipping.country",
	NULL };
static const char *const name[] = { "billing.first_name", "billing.last_name",
	NULL };
static const char *const recipient[] = { "shipping.first_name",
	"shipping.last_name", NULL };

#define ATTRIBUTION "meta_data._wc_order_attribution_utm_"

static const struct document_field fields[] = {
	{ ORDER_METHOD, "created_via" },
	{ ORDER_STATUS, "status" },
	{ ORDER_PLACED_AT, "date_created_gmt" },
	{ ORDER_PLACED_AT, "date_created" },
	{ ORDER_PHONE, "billing.phone" },
	{ ORDER_PHONE, "shipping.phone" },
	{ ORDER_EMAIL, "billing.email" },
	{ ORDER_CUSTOMER_COMMENT, "customer_note" },
	{ ORDER_UTM_SOURCE, ATTRIBUTION "source" },
	{ ORDER_UTM_MEDIUM, ATTRIBUTION "medium" },
	{ ORDER_UTM_CAMPAIGN, ATTRIBUTION "campaign" },
	{ ORDER_UTM_CONTENT, ATTRIBUTION "content" },
	{ ORDER_UTM_TERM, ATTRIBUTION "term" },
	{ ORDER_SOURCE_TOTAL, "total" },
};

static const struct document_field address[] = {
	{ ORDER_DELIVERY_COUNTRY, "country" },
	{ ORDER_DELIVERY_REGION, "state" },
	{ ORDER_DELIVERY_CITY, "city" },
	{ ORDER_DELIVERY_POSTCODE, "postcode" },
	{ ORDER_DELIVERY_STREET, "address_1" },
	{ ORDER_DELIVERY_FLAT, "address_2" },
};

/* The character that the entity at p (behind '&') stands for; "" for none. */
static const char *
woocommerce_entity(const char *p, size_t len, char utf8[static 5])
{
	static const struct {
		const char *name;
		const char *text;
	} named[] = {
		{ "amp", "&" },
		{ "lt", "<" },
		{ "gt", ">" },
		{ "quot", "\"" },
		{ "apos", "'" },
		{ "nbsp", " " },
		{ "ndash", "\342\200\223" },
		{ "mdash", "\342\200\224" },
		{ "times", "\303\227" },
		{ "laquo", "\302\253" },
		{ "raquo", "\302\273" },
	};
	unsigned long c;
	size_t i;

	for (i = 0; i < ARRAY_LEN(named); i++)
		if (strlen(named[i].name) == len &&
		    memcmp(named[i].name, p, len) == 0)
			return named[i].text;
	if (*p != '#' || strspn(p + 1, "0123456789") != len - 1)
		return "";
	c = strtoul(p + 1, NULL, 10);
	if (c < 0x20 || c > 0xFFFF || (c >= 0xD800 && c <= 0xDFFF))
		return "";
	utf8[text_utf8_put(utf8, (uint32_t)c)] = '\0';
	return utf8;
}

/* Names come as they stand on the page: "Ship &ndash; Color". */
static const char *
woocommerce_name(struct document *d, const char *html)
{
	struct buf b = { 0 };
	char utf8[5];
	const char *p = html, *text;
	size_t len;

	if (p == NULL || strchr(p, '&') == NULL)
		return p;
	while (*p != '\0') {
		len = *p == '&' ? strcspn(p + 1, ";& ") : 0;
		text = len != 0 && p[len + 1] == ';' ?
			   woocommerce_entity(p + 1, len, utf8) :
			   "";
		if (*text == '\0') {
			buf_addc(&b, *p++);
			continue;
		}
		buf_adds(&b, text);
		p += len + 2;
	}
	text = arena_strdup(d->a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
woocommerce_item(struct document *d, const struct json *j)
{
	struct document_item it = { 0 };
	const struct err *err;
	int64_t full;

	if ((err = document_text(d, j, "id", &it.external_id)) != NULL ||
	    (err = document_text(d, j, "sku", &it.sku)) != NULL ||
	    (err = document_text(d, j, "name", &it.name)) != NULL ||
	    (err = document_decimal(d, j, "quantity", QUANTITY_PLACES,
		 &it.quantity)) != NULL ||
	    (err = document_decimal(d, j, "subtotal", PRICE_PLACES, &full)) !=
		NULL ||
	    (err = document_money(d, j, "total", &it.sum)) != NULL)
		return err;
	if (it.quantity == 0)
		return NULL;
	it.name = woocommerce_name(d, it.name);
	if ((err = decimal_muldiv(full, 1000, it.quantity, &it.price)) != NULL)
		return err;
	return document_item(d, &it);
}

static const struct err *
woocommerce_shipping(struct document *d, const struct json *j)
{
	const struct err *err;
	const char *title, *method;
	int64_t cost;

	if ((err = document_text(d, j, "method_title", &title)) != NULL ||
	    (err = document_text(d, j, "method_id", &method)) != NULL ||
	    (err = document_money(d, j, "total", &cost)) != NULL)
		return err;
	document_charge(d, "delivery", woocommerce_name(d, title), cost, false);
	if (method == NULL || field_has(&d->o->rec, ORDER_DELIVERY_TYPE))
		return NULL;
	/* flat_rate:25 is the 25th of its kind */
	return document_set(d, ORDER_DELIVERY_TYPE,
	    arena_strndup(d->a, method, strcspn(method, ":")));
}

static const struct err *
woocommerce_fee(struct document *d, const struct json *j)
{
	const struct err *err;
	const char *title;
	int64_t amount;

	if ((err = document_text(d, j, "name", &title)) != NULL ||
	    (err = document_money(d, j, "total", &amount)) != NULL)
		return err;
	document_charge(d, amount < 0 ? "discount" : "fee",
	    woocommerce_name(d, title), amount, false);
	return NULL;
}

/* Prices and sums come without tax, whatever prices_include_tax says. */
static const struct err *
woocommerce_tax(struct document *d)
{
	const struct err *err;
	const char *label;
	int64_t tax;

	if ((err = document_text(d, d->doc, "tax_lines.0.label", &label)) !=
		NULL ||
	    (err = document_money(d, d->doc, "total_tax", &tax)) != NULL)
		return err;
	document_charge(d, "tax", woocommerce_name(d, label), tax, false);
	return NULL;
}

/* The list does not say when: as early as can be, so that it stays. */
static const struct err *
woocommerce_refund(struct document *d, const struct json *j)
{
	static const char *const times[] = { "date_completed_gmt",
		"date_completed", "date_paid_gmt", "date_paid" };
	int64_t at = WHEN_MIN, amount;
	const char *id, *reason;
	const struct err *err;
	size_t i;

	if ((err = document_text(d, j, "id", &id)) != NULL ||
	    (err = document_text(d, j, "reason", &reason)) != NULL ||
	    (err = document_money(d, j, "total", &amount)) != NULL)
		return err;
	for (i = 0; i < ARRAY_LEN(times) && at == WHEN_MIN; i++)
		if ((err = document_time(d, d->doc, times[i], &at)) != NULL)
			return err;
	if (at == WHEN_MIN)
		at = d->o->placed_at;
	document_refund(d, id, amount < 0 ? -amount : amount, at, reason);
	return NULL;
}

static const struct err *
woocommerce_payment(struct document *d)
{
	struct document_payment p = { .amount = d->o->source_total };
	const struct err *err;
	const char *transaction;

	if ((err = document_text(d, d->doc, "payment_method", &p.type)) !=
		NULL ||
	    (err = document_text(d, d->doc, "payment_method_title",
		 &p.comment)) != NULL ||
	    (err = document_text(d, d->doc, "transaction_id", &transaction)) !=
		NULL ||
	    (err = document_time(d, d->doc, "date_paid_gmt", &p.paid_at)) !=
		NULL ||
	    (p.paid_at == WHEN_MIN && (err = document_time(d, d->doc,
					   "date_paid", &p.paid_at)) != NULL))
		return err;
	d->o->parts[PART_PAYMENT].present = true;
	if (p.type == NULL)
		return NULL;
	p.comment = woocommerce_name(d, p.comment);
	if (transaction != NULL)
		p.comment = arena_printf(d->a, "%s %s",
		    p.comment != NULL ? p.comment : "", transaction);
	p.status = p.paid_at != WHEN_MIN ? "paid" : "not-paid";
	document_payment(d, &p);
	return NULL;
}

static const struct err *
woocommerce_charges(struct document *d)
{
	const struct err *err;

	if ((err = document_each(d, PART_CHARGE, "shipping_lines",
		 woocommerce_shipping)) != NULL ||
	    (err = document_each(d, PART_CHARGE, "fee_lines",
		 woocommerce_fee)) != NULL)
		return err;
	return woocommerce_tax(d);
}

static const struct err *
woocommerce_customer(struct document *d)
{
	const struct json *to = document_at(d->doc, "shipping");
	const struct err *err;
	const char *text;

	if (document_is(d->doc, "customer_id")) {
		if ((err = document_text(d, d->doc, "customer_id", &text)) !=
			NULL ||
		    (err = document_set(d, ORDER_CUSTOMER_EXTERNAL_ID, text)) !=
			NULL)
			return err;
	}
	if ((err = document_join(d, d->doc, name, &text)) != NULL ||
	    (text == NULL &&
		(err = document_join(d, d->doc, recipient, &text)) != NULL) ||
	    (err = document_set(d, ORDER_CUSTOMER_NAME, text)) != NULL)
		return err;
	if (to == NULL ||
	    !(document_is(to, "address_1") || document_is(to, "city")))
		to = document_at(d->doc, "billing");
	if (to == NULL)
		return NULL;
	return document_fields(d, to, address, ARRAY_LEN(address));
}

static const struct err *
woocommerce_build(struct document *d)
{
	const struct err *err;

	if ((err = woocommerce_customer(d)) != NULL ||
	    (err = document_each(d, PART_ITEM, "line_items",
		 woocommerce_item)) != NULL ||
	    (err = woocommerce_charges(d)) != NULL ||
	    (err = document_each(d, PART_COUNT, "coupon_lines",
		 document_coupon)) != NULL ||
	    (err = document_each(d, PART_REFUND, "refunds",
		 woocommerce_refund)) != NULL)
		return err;
	return woocommerce_payment(d);
}

const struct document_format woocommerce_format = {
	.holders = holders,
	.telling = telling,
	.id = "id",
	.number = "number",
	.updated_at = updated_at,
	.currency = "currency",
	.country = country,
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.build = woocommerce_build,
};
