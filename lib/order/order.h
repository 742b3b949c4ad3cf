/*
 * order.h - an order: its fields, its parts, and reading it from the database.
 *
 * The same struct is what a source said (fields it did not mention are in
 * neither set of `rec`), what is stored, and what a record on a pipe carries.
 */
#ifndef ORDER_ORDER_H
#define ORDER_ORDER_H

#include "crm/field.h"
#include "crm/history.h"

struct db;

/* Index of each field in order_fields, which is also its column's order. */
enum order_field {
	ORDER_SITE,
	ORDER_METHOD,
	ORDER_STATUS,
	ORDER_STATUS_REASON,
	ORDER_MANAGER,
	ORDER_PLACED_AT,
	ORDER_CURRENCY,
	ORDER_CUSTOMER_EXTERNAL_ID,
	ORDER_CUSTOMER_NAME,
	ORDER_PHONE,
	ORDER_EMAIL,
	ORDER_CUSTOMER_COMMENT,
	ORDER_MANAGER_COMMENT,
	ORDER_CALL_WANTED,
	ORDER_COUPON,
	ORDER_UTM_SOURCE,
	ORDER_UTM_MEDIUM,
	ORDER_UTM_CAMPAIGN,
	ORDER_UTM_CONTENT,
	ORDER_UTM_TERM,
	ORDER_DELIVERY_TYPE,
	ORDER_DELIVERY_ON,
	ORDER_DELIVERY_FROM,
	ORDER_DELIVERY_TO,
	ORDER_COURIER,
	ORDER_SHIP_ON,
	ORDER_TRACKING_NO,
	ORDER_STORE,
	ORDER_DELIVERY_NET,
	ORDER_DELIVERY_COUNTRY,
	ORDER_DELIVERY_REGION,
	ORDER_DELIVERY_CITY,
	ORDER_DELIVERY_POSTCODE,
	ORDER_DELIVERY_STREET,
	ORDER_DELIVERY_BUILDING,
	ORDER_DELIVERY_FLAT,
	ORDER_DELIVERY_ADDRESS,
	ORDER_SOURCE_CODES,
	ORDER_SOURCE_TOTAL,
	ORDER_FIELD_COUNT,
};

/* The parts of an order that are lists; each has its table and its fields. */
enum order_part {
	PART_ITEM,
	PART_CHARGE,
	PART_PAYMENT,
	PART_REFUND,
	PART_CUSTOM,
	PART_COUNT,
};

enum item_field {
	ITEM_EXTERNAL_ID,
	ITEM_SKU,
	ITEM_NAME,
	ITEM_QUANTITY,
	ITEM_PRICE,
	ITEM_DISCOUNT,
	ITEM_PURCHASE_PRICE,
};
enum charge_field {
	CHARGE_KIND,
	CHARGE_NAME,
	CHARGE_AMOUNT,
	CHARGE_INCLUDED,
};
enum payment_field {
	PAYMENT_EXTERNAL_ID,
	PAYMENT_TYPE,
	PAYMENT_STATUS,
	PAYMENT_AMOUNT,
	PAYMENT_PAID_AT,
	PAYMENT_COMMENT,
};
enum refund_field {
	REFUND_EXTERNAL_ID,
	REFUND_AMOUNT,
	REFUND_REFUNDED_AT,
	REFUND_REASON,
};
enum custom_field {
	CUSTOM_FIELD,
	CUSTOM_VALUE,
};

/* A line of any part; which of the members count, its part says. */
struct part {
	struct rec rec;
	int64_t line; /* its number in the order, 0 while it has none */
	const char
	    *key; /* what matches it between two records; see order_keys() */
	const char *external_id;
	const char *sku;
	const char *name; /* of an item or charge */
	const char *kind; /* of a charge; type of a payment */
	const char *status;
	const char *text;  /* comment, reason or custom value */
	const char *field; /* of a custom value */
	int64_t quantity;
	int64_t price;
	int64_t purchase_price;
	int64_t
	    amount; /* of a charge, payment or refund; discount of an item */
	int64_t at;
	int64_t included;
	int64_t sum;      /* item: computed by order_totals() */
	int64_t offer_id; /* item: 0 when the catalogue has none */
};

struct part_list {
	bool present; /* the record mentions this part (maybe as empty) */
	struct part *v;
	size_t len;
};

struct order;

/*
 * What is left to be read of an order when a reader has read no more than its
 * identity: whether the source says anything new can be known before.
 */
struct order_rest {
	const char *hash; /* of what it says, to be compared with the last */
	const struct err *(
	    *read)(const struct order_rest *rest, struct order *o);
};

struct order {
	struct rec rec;
	/* fields, in the order of enum order_field */
	const char *site;
	const char *order_method;
	const char *status;
	const char *status_reason;
	const char *manager;
	int64_t placed_at;
	const char *currency;
	const char *customer_external_id;
	const char *customer_name;
	const char *phone;
	const char *email;
	const char *customer_comment;
	const char *manager_comment;
	int64_t call_wanted;
	const char *coupon;
	const char *utm_source;
	const char *utm_medium;
	const char *utm_campaign;
	const char *utm_content;
	const char *utm_term;
	const char *delivery_type;
	const char *delivery_on;
	const char *delivery_from;
	const char *delivery_to;
	const char *courier;
	const char *ship_on;
	const char *tracking_no;
	const char *store;
	int64_t delivery_net;
	const char *delivery_country;
	const char *delivery_region;
	const char *delivery_city;
	const char *delivery_postcode;
	const char *delivery_street;
	const char *delivery_building;
	const char *delivery_flat;
	const char *delivery_address;
	const char *source_codes; /* packed, see base/pack.h */
	int64_t source_total;
	/* parts */
	struct part_list parts[PART_COUNT];
	/* identity */
	int64_t id; /* 0 while it is not stored */
	const char *order_no;
	const char *source;
	const char *external_id;
	const char *our_no; /* which the source was told, NULL: none */
	int64_t rev;        /* 0 when a record has none: act unconditionally */
	int64_t source_updated_at;
	bool has_source_updated_at;
	/* stored beside it */
	int64_t customer_id;   /* 0 for none */
	bool customer_is_new;  /* made for this order: there are no others */
	const char *double_of; /* number of the order it looks like */
	int64_t status_at;
	int64_t created_at;
	int64_t updated_at;
	/* computed by order_totals() */
	int64_t items_minor;
	int64_t total_minor;
	int64_t paid_minor;
	int64_t refunded_minor;
	int64_t cost_minor;
	bool has_cost;
	const struct order_rest *rest; /* NULL: it is whole */
	/* the past and the notes, when they were asked for or brought */
	struct past *past;
	size_t past_len;
	struct note *notes;
	size_t note_len;
};

extern const struct fields order_fields;
extern const struct fields order_part_fields[PART_COUNT];
/* "items", "charges", ...: the member of a record and the word in the history. */
extern const char *const order_part_names[PART_COUNT]; /* items */
extern const char *const order_part_words[PART_COUNT]; /* item */

/* One past the last line, for loops; NULL + 0 would be undefined. */
static inline struct part *
order_part_end(const struct part_list *l)
{
	return l->len != 0 ? l->v + l->len : l->v;
}

/* Append an empty line to a part. Lives in a. */
struct part *order_part_add(struct order *o, enum order_part part,
    struct arena *a);

/* Take a line out of its list. */
void order_part_drop(struct part_list *l, struct part *p);

void order_past_add(struct order *o, const struct past *p, struct arena *a);
void order_note_add(struct order *o, const struct note *n, struct arena *a);

/*
 * Compute the sums from the parts. Needs the currency. Overflow and a charge
 * kind or currency that does not exist are ERR_INPUT. is_paid tells whether a
 * payment status means that the money came; may be NULL.
 */
const struct err *order_totals(struct order *o,
    bool (*is_paid)(const char *status, void *arg), void *arg) MUST_USE;

/* What stands for the id of a line without one; NULL: nothing does. */
const char *order_part_label(enum order_part part, const struct part *p);

/*
 * Give every line its key: the external line id, else the SKU (or kind, or
 * name) and the ordinal among equals. Keys of custom values are their fields.
 */
void order_keys(struct order *o, struct arena *a);

/*
 * Bytes of the character at s when nobody sees it (a control, a joiner, a mark
 * of direction: they do not belong into numbers), else 0.
 */
size_t order_unseen(const char *s);

/* ERR_INPUT when s cannot be an order number (see crm-ndjson(5)). */
const struct err *order_check_no(const char *s) MUST_USE;

/* ERR_CONFLICT unless rev, of a record, is the order's; 0 is any. */
const struct err *order_check_rev(const struct order *o, int64_t rev) MUST_USE;

/* The row with its fields; its parts too; its past and notes too. */
enum order_load { ORDER_LOAD_ROW, ORDER_LOAD_PARTS, ORDER_LOAD_ALL };

/* By number or by id; *out is NULL when there is none. In a. */
const struct err *order_by_no(struct db *db, const char *order_no,
    enum order_load what, struct arena *a, struct order **out) MUST_USE;
const struct err *order_by_id(struct db *db, int64_t id, enum order_load what,
    struct arena *a, struct order **out) MUST_USE;

/* A part of a stored order that was loaded without it. In a. */
const struct err *order_load_part(struct db *db, struct order *o,
    enum order_part part, struct arena *a) MUST_USE;

/*
 * All orders with their parts, by id, in one pass over each table. The caller
 * closes it with order_walk_close(). *out is NULL after the last one. In a.
 */
struct order_walk;
const struct err *order_walk_open(struct db *db,
    struct order_walk **out) MUST_USE;
const struct err *order_walk_next(struct order_walk *w, struct arena *a,
    struct order **out) MUST_USE;
void order_walk_close(struct order_walk *w);

/*
 * Put back what a history row tells: `text` is its old or its new value of a
 * field, of the line of a part or of a custom value (NULL: it was not there).
 * Names that are none of ours are left alone.
 */
const struct err *order_restore(struct order *o, const char *field,
    int64_t line, const char *text, struct arena *a) MUST_USE;

/* The part that a history row's field names; PART_COUNT for none. */
enum order_part order_part_named(const char *field);

/* Set a field from the text of a history row or of a person. */
const struct err *order_set(struct order *o, int field, const char *text,
    const char *country, struct arena *a) MUST_USE;

#endif
