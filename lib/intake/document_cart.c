/* document_cart.c - carts in the JSON of other shops' software. */
#include "intake/document.h"
#include "order/cart.h"

/* Shopify's abandoned checkouts -------------------------------------------- */

static const char *const holders[] = { "checkouts", "checkout", NULL };
static const char *const telling[] = { "abandoned_checkout_url", "line_items",
	NULL };
static const char *const country[] = { "shipping_address.country_code",
	"billing_address.country_code", "customer.default_address.country_code",
	NULL };

/* One that was completed or closed is no cart to remind anybody of. */
static const struct document_path paths[] = {
	{ CART_SOURCE_UPDATED_AT, "updated_at" },
	{ CART_CURRENCY, "currency" },
	{ CART_CUSTOMER_EXTERNAL_ID, "customer.id" },
	{ CART_PHONE, "phone" },
	{ CART_PHONE, "customer.phone" },
	{ CART_PHONE, "shipping_address.phone" },
	{ CART_PHONE, "billing_address.phone" },
	{ CART_EMAIL, "email" },
	{ CART_EMAIL, "customer.email" },
	{ CART_LINK, "abandoned_checkout_url" },
	{ CART_CLEARED_AT, "completed_at" },
	{ CART_CLEARED_AT, "closed_at" },
};
static const struct document_path item_paths[] = {
	{ CART_ITEM_SKU, "sku" },
	{ CART_ITEM_SKU, "variant_id" },
	{ CART_ITEM_QUANTITY, "quantity" },
	{ CART_ITEM_PRICE, "price" },
};

/* As the items of its orders are called: "IPod Nano - 8GB - Red". */
static const struct err *
cart_item_name(struct document *d, const struct json *j, struct cart_item *i)
{
	const char *title, *variant;
	const struct err *err;

	if ((err = document_text(d, j, "title", &title)) != NULL ||
	    (err = document_text(d, j, "variant_title", &variant)) != NULL)
		return err;
	if (title != NULL && variant != NULL)
		title = arena_printf(d->a, "%s - %s", title, variant);
	return field_parse(&cart_item_fields, &i->rec, CART_ITEM_NAME, title,
	    NULL, NULL, d->a);
}

static const struct err *
cart_item(struct document *d, const struct json *j)
{
	struct cart *c = d->cart;
	const struct err *err;
	struct cart_item *i;

	c->items = arena_grow(d->a, c->items, c->item_count, sizeof(*c->items));
	i = &c->items[c->item_count++];
	*i = (struct cart_item){ 0 };
	if ((err = cart_item_name(d, j, i)) != NULL)
		return err;
	return document_paths(d, j, &cart_item_fields, &i->rec, item_paths,
	    ARRAY_LEN(item_paths));
}

static const struct err *
cart_customer_name(struct document *d)
{
	static const char *const name[] = { "customer.first_name",
		"customer.last_name", NULL };
	static const char *const others[] = { "shipping_address.name",
		"billing_address.name", NULL };
	const struct err *err;
	const char *text;

	if ((err = document_join(d, d->doc, name, &text)) != NULL ||
	    (text == NULL &&
		(err = document_first(d, d->doc, others, &text)) != NULL) ||
	    text == NULL)
		return err;
	return field_parse(&cart_fields, &d->cart->rec, CART_CUSTOMER_NAME,
	    text, NULL, NULL, d->a);
}

static const struct err *
cart_take_checkout(struct document *d, struct intake_record *r)
{
	struct cart *c = d->cart = arena_zalloc(d->a, sizeof(*c));
	const struct err *err;

	c->source = d->in->source;
	if ((err = document_id(d, &c->external_id)) != NULL)
		return err;
	r->external_id = c->external_id;
	if ((err = document_country(d, country)) != NULL ||
	    (err = document_paths(d, d->doc, &cart_fields, &c->rec, paths,
		 ARRAY_LEN(paths))) != NULL ||
	    (err = cart_customer_name(d)) != NULL ||
	    (err = document_each(d, PART_COUNT, "line_items", cart_item)) !=
		NULL)
		return err;
	c->has_items = document_at(d->doc, "line_items") != NULL;
	r->type = INTAKE_CART;
	r->cart = c;
	return NULL;
}

const struct document_format document_cart_shopify = {
	.word = "cart",
	.take = cart_take_checkout,
	.holders = holders,
	.telling = telling,
	.id = "id",
};
