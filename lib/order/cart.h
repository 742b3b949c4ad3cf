/*
 * cart.h - what somebody has put into the cart of a site and not ordered yet.
 *
 * A cart holds what its source last said, and no history: it changes at every
 * click, and what it held before says nothing to anybody. It is open, cleared,
 * or closed: it became an order.
 */
#ifndef ORDER_CART_H
#define ORDER_CART_H

#include "crm/field.h"

struct order;
struct shop;

enum cart_field {
	CART_SOURCE_UPDATED_AT,
	CART_SITE,
	CART_CURRENCY,
	CART_CUSTOMER_EXTERNAL_ID,
	CART_PHONE,
	CART_EMAIL,
	CART_LINK,
	CART_ORDER_EXTERNAL_ID,
	CART_STORED, /* those below are no columns of a source's own words */
	CART_CLEARED_AT = CART_STORED,
	CART_CUSTOMER_NAME,
	CART_FIELD_COUNT
};
enum cart_item_field {
	CART_ITEM_SKU,
	CART_ITEM_NAME,
	CART_ITEM_QUANTITY,
	CART_ITEM_PRICE,
};

struct cart_item {
	struct rec rec;
	int64_t offer_id;
	const char *sku; /* or what the source calls the offer */
	const char *name;
	int64_t quantity; /* 1/1000 */
	int64_t price;    /* 1/10000 */
};

struct cart {
	struct rec rec;
	int64_t source_updated_at;
	const char *site;
	const char *currency;
	const char *customer_external_id;
	const char *phone;
	const char *email;
	const char *link;
	const char *order_external_id; /* of the order it became */
	int64_t cleared_at;
	const char *customer_name; /* for the customer only */

	const char *source;
	const char *external_id; /* NULL: the customer's cart */
	bool has_items;          /* they are mentioned, maybe as none */
	struct cart_item *items;
	size_t item_count;
};

extern const struct fields cart_fields;
extern const struct fields cart_item_fields;

enum cart_outcome {
	CART_SET,
	CART_CLEARED,
	CART_CLOSED, /* and it became an order */
	CART_SAME,
	CART_OLDER, /* the record is older than what the source said last */
};

/*
 * Take what a source says of a cart, inside a transaction and on the shop's
 * run. Items that are mentioned replace all of them; none, or the time of
 * clearing, clears the cart. Fields that are not mentioned stay. The customer is
 * found by the keys that are known by now, or made. A closed cart that gets
 * other items is open again. *order_no is the order it became, in a, or NULL.
 * ERR_INPUT refuses the record, which is completed.
 */
const struct err *cart_take(struct shop *s, struct cart *c, struct arena *a,
    enum cart_outcome *outcome, const char **order_no) MUST_USE;

/*
 * A new order: the open carts it came from are closed. Those that say so
 * themselves, or are of the same customer and site, have one of its items and
 * were filled before it was placed; see cart-import(1).
 */
const struct err *cart_close(struct shop *s, const struct order *o,
    struct arena *a) MUST_USE;

#endif
