/* ndjson_cart.c - carts: our own records, and retailCRM's; see crm-ndjson(5). */
#include <string.h>

#include "intake/ndjson.h"
#include "io/json.h"
#include "order/cart.h"

static bool
cart_is_one_of(const char *key, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp(*names, key) == 0)
			return true;
	return false;
}

static struct cart_item *
cart_add_item(struct ndjson *n, struct cart *c)
{
	c->items = arena_grow(n->a, c->items, c->item_count, sizeof(*c->items));
	c->items[c->item_count] = (struct cart_item){ 0 };
	return &c->items[c->item_count++];
}

/* Each element of "items"; null is none. */
static const struct err *
cart_items(struct ndjson *n, struct cart *c, const struct json *j,
    const struct err *(
	*one)(struct ndjson *n, struct cart_item *i, const struct json *j))
{
	const struct err *err;
	const struct json *e;

	c->has_items = true;
	if (json_kind(j) == JSON_NULL)
		return NULL;
	if ((err = ndjson_array(j, "items")) != NULL)
		return err;
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		struct cart_item *i = cart_add_item(n, c);

		err = json_kind(e) == JSON_OBJECT ?
			  one(n, i, e) :
			  err_new(ERR_INPUT, "it is not an object");
		if (err != NULL)
			return err_wrap(err, "item %zu", c->item_count);
	}
	return NULL;
}

/* Our own ------------------------------------------------------------------ */

static const struct err *
cart_own_item(struct ndjson *n, struct cart_item *i, const struct json *j)
{
	const struct fields *t = &cart_item_fields;
	const struct err *err;
	const struct json *m;
	int f;

	for (m = json_first(j); m != NULL; m = json_next(m)) {
		if ((f = field_find(t, json_key(m))) < 0)
			ndjson_unknown(n, "items.", json_key(m));
		else if ((err = ndjson_field(n, t, &i->rec, f, NULL, m)) !=
			 NULL)
			return err;
	}
	return NULL;
}

static const struct err *
cart_own_member(struct ndjson *n, struct cart *c, const struct json *m)
{
	static const char *const known[] = { "type", "source", "external_id",
		NULL };
	const int f = field_find(&cart_fields, json_key(m));

	if (f >= 0)
		return ndjson_field(n, &cart_fields, &c->rec, f, NULL, m);
	if (strcmp(json_key(m), "items") == 0)
		return cart_items(n, c, m, cart_own_item);
	if (!cart_is_one_of(json_key(m), known))
		ndjson_unknown(n, "", json_key(m));
	return NULL;
}

static struct cart *
cart_begin(struct ndjson *n, struct intake_record *r)
{
	struct cart *c = arena_zalloc(n->a, sizeof(*c));

	c->source = n->in->source;
	r->type = INTAKE_CART;
	r->cart = c;
	return c;
}

const struct err *
ndjson_cart(struct ndjson *n, const struct json *j, struct intake_record *r)
{
	struct cart *c = cart_begin(n, r);
	const struct err *err;
	const struct json *m;
	const char *source;

	if ((err = ndjson_text_opt(j, "source", &source)) != NULL ||
	    (err = ndjson_text_opt(j, "external_id", &c->external_id)) != NULL)
		return err;
	if (source != NULL)
		c->source = source;
	r->source = c->source;
	r->external_id = c->external_id;
	for (m = json_first(j); m != NULL; m = json_next(m))
		if ((err = cart_own_member(n, c, m)) != NULL)
			return err;
	return NULL;
}

/* retailCRM's -------------------------------------------------------------- */

/*
 * Member key of j, NULL when it is null or not there. What its documents call
 * text, its modules send as a number now and then.
 */
static const struct err *
cart_text(struct ndjson *n, const struct json *j, const char *key,
    const char **out)
{
	const struct json *m = json_get(j, key);

	*out = NULL;
	if (m == NULL || json_kind(m) == JSON_NULL)
		return NULL;
	if (json_kind(m) == JSON_NUMBER)
		return json_decimal(m, key, n->a, out);
	return json_text(m, key, out);
}

/* The same into field f, which is left alone without it. */
static const struct err *
cart_put(struct ndjson *n, const struct fields *t, struct rec *rec, int f,
    const struct json *j, const char *key)
{
	const struct err *err;
	const char *text;

	if ((err = cart_text(n, j, key, &text)) != NULL || text == NULL)
		return err;
	return field_parse(t, rec, f, text, NULL, n->in->options->country,
	    n->a);
}

/* The first of the keys that is there. */
static const struct err *
cart_put_first(struct ndjson *n, const struct fields *t, struct rec *rec, int f,
    const struct json *j, const char *const *keys)
{
	const struct err *err = NULL;

	for (; err == NULL && *keys != NULL && !field_has(rec, f); keys++)
		err = cart_put(n, t, rec, f, j, *keys);
	return err;
}

/* A member that is an object; *out is NULL without it. */
static const struct err *
cart_object(const struct json *j, const char *key, const struct json **out)
{
	*out = json_get(j, key);
	if (*out != NULL && json_kind(*out) == JSON_NULL)
		*out = NULL;
	if (*out != NULL && json_kind(*out) != JSON_OBJECT)
		return err_new(ERR_INPUT, "'%s' is not an object", key);
	return NULL;
}

static void
cart_unknown(struct ndjson *n, const char *in, const struct json *j,
    const char *const *known)
{
	const struct json *m = j != NULL ? json_first(j) : NULL;

	for (; m != NULL; m = json_next(m))
		if (!cart_is_one_of(json_key(m), known))
			ndjson_unknown(n, in, json_key(m));
}

/* The same names as those of an order's items, so that the two are found. */
static const struct err *
cart_retailcrm_item(struct ndjson *n, struct cart_item *i, const struct json *j)
{
	static const char *const known[] = { "id", "offer", "quantity", "price",
		"createdAt", "updatedAt", NULL };
	static const char *const offer_known[] = { "id", "externalId", "xmlId",
		"article", "name", "displayName", "properties", "unit",
		"vatRate", "barcode", "quantity", NULL };
	static const char *const skus[] = { "article", "xmlId", "externalId",
		NULL };
	static const char *const names[] = { "displayName", "name", NULL };
	const struct fields *t = &cart_item_fields;
	const struct json *offer;
	const struct err *err;

	cart_unknown(n, "items.", j, known);
	if ((err = cart_object(j, "offer", &offer)) != NULL ||
	    (err = cart_put(n, t, &i->rec, CART_ITEM_QUANTITY, j,
		 "quantity")) != NULL ||
	    (err = cart_put(n, t, &i->rec, CART_ITEM_PRICE, j, "price")) !=
		NULL ||
	    offer == NULL)
		return err;
	cart_unknown(n, "items.offer.", offer, offer_known);
	err = cart_put_first(n, t, &i->rec, CART_ITEM_SKU, offer, skus);
	if (err != NULL)
		return err;
	return cart_put_first(n, t, &i->rec, CART_ITEM_NAME, offer, names);
}

static const struct err *
cart_retailcrm_parts(struct ndjson *n, struct cart *c, const struct json *j)
{
	static const char *const customer_known[] = { "id", "externalId",
		"browserId", "site", "gaClientId", NULL };
	static const char *const order_known[] = { "id", "externalId", "number",
		NULL };
	static const char *const ids[] = { "id", "externalId", NULL };
	const struct fields *t = &cart_fields;
	const struct json *customer, *order, *items = json_get(j, "items");
	const struct err *err;

	if ((err = cart_object(j, "customer", &customer)) != NULL ||
	    (err = cart_object(j, "order", &order)) != NULL)
		return err;
	cart_unknown(n, "customer.", customer, customer_known);
	cart_unknown(n, "order.", order, order_known);
	/* As of its orders, whose customers are known by its own number. */
	if (customer != NULL &&
	    (err = cart_put_first(n, t, &c->rec, CART_CUSTOMER_EXTERNAL_ID,
		 customer, ids)) != NULL)
		return err;
	if (order != NULL &&
	    (err = cart_put(n, t, &c->rec, CART_ORDER_EXTERNAL_ID, order,
		 "externalId")) != NULL)
		return err;
	if (items == NULL)
		return NULL;
	return cart_items(n, c, items, cart_retailcrm_item);
}

/* The cart of "cart/set" and "cart/clear", or the answer that holds one. */
const struct err *
ndjson_cart_retailcrm(struct ndjson *n, const struct json *j,
    struct intake_record *r)
{
	static const char *const known[] = { "externalId", "currency", "link",
		"createdAt", "updatedAt", "droppedAt", "clearedAt", "clearAt",
		"customer", "items", "order", NULL };
	static const char *const times[] = { "updatedAt", "droppedAt",
		"clearedAt", NULL };
	const struct fields *t = &cart_fields;
	struct cart *c = cart_begin(n, r);
	const struct json *inner;
	const struct err *err;

	if ((err = cart_object(j, "cart", &inner)) != NULL)
		return err;
	if (inner != NULL)
		j = inner;
	if (json_get(j, "customer") == NULL && json_get(j, "items") == NULL)
		return err_new(ERR_INPUT,
		    "it is neither a record of type cart nor a cart of "
		    "retailCRM's");
	cart_unknown(n, "", j, known);
	if ((err = cart_text(n, j, "externalId", &c->external_id)) != NULL)
		return err;
	r->external_id = c->external_id;
	if ((err = cart_put(n, t, &c->rec, CART_CURRENCY, j, "currency")) !=
		NULL ||
	    (err = cart_put(n, t, &c->rec, CART_LINK, j, "link")) != NULL ||
	    (err = cart_put(n, t, &c->rec, CART_CLEARED_AT, j, "clearedAt")) !=
		NULL ||
	    (err = cart_put_first(n, t, &c->rec, CART_SOURCE_UPDATED_AT, j,
		 times)) != NULL)
		return err;
	return cart_retailcrm_parts(n, c, j);
}
