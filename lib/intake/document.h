/*
 * document.h - orders, customers and carts in the JSON of other shops' software.
 *
 * What all these documents have in common is here: finding the records in them,
 * values at paths, codes, amounts and times, totals. A format is a table of
 * paths and a small function for what no table can say. The formats of
 * customers are in document_customer.c, those of carts in document_cart.c.
 */
#ifndef INTAKE_DOCUMENT_H
#define INTAKE_DOCUMENT_H

#include "base/decimal.h"
#include "intake/intake.h"
#include "io/json.h"

struct document_field {
	enum order_field field;
	const char *path; /* see document_at() */
};

struct document;
struct document_customer;

struct document_format {
	/* Of records that are no orders: what they are, and their reader, */
	const char *word; /* NULL: orders, which all that follows is for */
	const struct err *(*take)(struct document *d, struct intake_record *r);
	const struct document_customer *customer;
	const char *const *holders; /* members that hold the records */
	const char *const *telling; /* members by which one is known */
	/* Paths: */
	const char *id;
	const char *number;
	const char *const *updated_at; /* the first there is */
	const char *currency;
	const char *const *country; /* for phone numbers: the first there is */
	/* The first path of a field that has a value counts. */
	const struct document_field *fields;
	size_t field_count;
	const char *zone; /* of times that name none; NULL: the shop's */
	bool hundredths;  /* amounts are kopecks */
	/* The rest: parts, names, codes that are made of several members. */
	const struct err *(*build)(struct document *d);
};

/* The record in hand. */
struct document {
	struct intake *in;
	const struct document_format *format;
	struct json_stream *stream;
	const char *shop_zone; /* while the format has another; else NULL */
	const struct json *doc;
	const char *where;
	const char *country;
	struct order *o;   /* or */
	struct cart *cart; /* of a format of carts */
	struct arena *a;
};

/* Do the first bytes of a stream look like such orders? */
bool document_detect(const struct document_format *f, const char *head,
    size_t len);

/*
 * The value at a path: members joined by points. In an array a number is an
 * index, and a word names the element that is called so ("key", "name", "code"
 * or "handle") and stands for its "value". NULL when there is none; a null is
 * one.
 */
const struct json *document_at(const struct json *j, const char *path);

/*
 * The value at a path of j as text: a string, a number, true or false, an array
 * of these joined by ", ". NULL when it is absent, null or empty. In d->a.
 */
const struct err *document_text(struct document *d, const struct json *j,
    const char *path, const char **out) MUST_USE;

/* The same of the value j itself; `what` names it in messages. */
const struct err *document_value(struct document *d, const struct json *j,
    const char *what, const char **out) MUST_USE;

/* A number there, rounded half away from zero to places; 0 when absent. */
const struct err *document_decimal(struct document *d, const struct json *j,
    const char *path, int places, int64_t *out) MUST_USE;

/* An amount there, rounded to minor units; 0 when absent. */
const struct err *document_money(struct document *d, const struct json *j,
    const char *path, int64_t *minor) MUST_USE;

/* A time there; WHEN_MIN when absent. One at a path in "_gmt" is in UTC. */
const struct err *document_time(struct document *d, const struct json *j,
    const char *path, int64_t *out) MUST_USE;

/* Is there a value that is neither null nor false, "" or 0? */
bool document_is(const struct json *j, const char *path);

/* The first text at some paths of j; NULL when all are absent. */
const struct err *document_first(struct document *d, const struct json *j,
    const char *const *paths, const char **out) MUST_USE;

/* The texts at some paths of j, joined by blanks; NULL when all are absent. */
const struct err *document_join(struct document *d, const struct json *j,
    const char *const *paths, const char **out) MUST_USE;

/* Take fields from the paths of j: the first with a value counts. */
const struct err *document_fields(struct document *d, const struct json *j,
    const struct document_field *fields, size_t count) MUST_USE;

/*
 * The same for the record of a customer or a cart; the fields are those of t.
 * What is there and empty is cleared.
 */
struct document_path {
	int field;
	const char *path;
};
const struct err *document_paths(struct document *d, const struct json *j,
    const struct fields *t, struct rec *rec, const struct document_path *paths,
    size_t count) MUST_USE;

/* Take d->country from the first of the paths that has a code of a country. */
const struct err *document_country(struct document *d,
    const char *const *paths) MUST_USE;

/* The first time there is at some paths; WHEN_MIN when all are absent. */
const struct err *document_first_time(struct document *d,
    const char *const *paths, int64_t *out) MUST_USE;

/* The document's id; ERR_INPUT says what the answer says when it has none. */
const struct err *document_id(struct document *d, const char **id) MUST_USE;

/* Set a field from text as the source has it; a code is translated. */
const struct err *document_set(struct document *d, enum order_field field,
    const char *text) MUST_USE;

/*
 * Do `one` with each element of the array or object at a path of the document,
 * if it is there; part is then one that the document mentions (PART_COUNT: it
 * is none). An error names the element.
 */
const struct err *document_each(struct document *d, enum order_part part,
    const char *path,
    const struct err *(
	*one)(struct document *d, const struct json *j)) MUST_USE;

/* A line of goods as the source tells it. */
struct document_item {
	const char *external_id;
	const char *sku;
	const char *name;
	int64_t quantity; /* 1/1000 */
	int64_t price;    /* 1/10000 */
	int64_t sum; /* minor units: what price makes too much is discount */
	bool has_cost;
	int64_t cost; /* 1/10000 */
};
const struct err *document_item(struct document *d,
    const struct document_item *it) MUST_USE;

/* The sum of a line of which only price and quantity are known. */
const struct err *document_line(struct document *d, int64_t price,
    int64_t quantity, int64_t *sum) MUST_USE;

/* An order whose lines are not told is one line with its total. */
const struct err *document_only_total(struct document *d) MUST_USE;

/* A charge; none when it is 0. Its index in the list, or -1. */
int document_charge(struct document *d, const char *kind, const char *name,
    int64_t minor, bool included);

/* A payment as the source tells it; a code that no map knows is said. */
struct document_payment {
	const char *external_id;
	const char *type;   /* the source's code */
	const char *status; /* the source's code */
	int64_t amount;
	int64_t paid_at; /* WHEN_MIN: not known */
	const char *comment;
};
void document_payment(struct document *d, const struct document_payment *v);

/* amount is positive. at is WHEN_MIN when not known. */
void document_refund(struct document *d, const char *external_id,
    int64_t amount, int64_t at, const char *reason);

/* The "code" of j: one more coupon behind those that the order has. */
const struct err *document_coupon(struct document *d,
    const struct json *j) MUST_USE;

/*
 * Does the shop have this custom field, of "custom_field order" or
 * "custom_field customer"? One that it has not is said once, if it has a value.
 */
bool document_knows_custom(struct document *d, const char *table,
    const char *code, const char *value);

/* A value of a custom field; one that the shop does not have is left out. */
const struct err *document_custom(struct document *d, const char *code,
    const struct json *value) MUST_USE;

#endif
