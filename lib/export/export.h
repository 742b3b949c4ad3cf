/*
 * export.h - what an exporter is: an order of ours in, a document or requests
 * for somebody else's software out. One file a kind, and one table of them.
 *
 * An exporter reads no database: what the receiver is to be told, and what our
 * codes are called there, it is given beside the order.
 */
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdio.h>

#include "crm/shop.h"
#include "io/json.h"
#include "io/markup.h"
#include "io/out.h"
#include "order/order.h"

/* An order for a receiver. */
struct export_order {
	const struct order *o;
	const char *external_id;    /* the receiver's name of it; NULL: none */
	bool is_new;                /* it was not told before */
	const struct status *means; /* what its status means; never NULL */
	/* Words of the receiver; NULL: it has none, or need not hear it. */
	const char *status;
	const char *delivery_type;
	const char *const *payment_types; /* of each payment */
	const char *const *payment_statuses;
	const char *const *goods; /* of each item: the receiver's id */
	bool tracking_no;         /* this is to be told, */
	bool payment;             /* and this */
};

/* Where they go. */
struct export
{
	const struct export_kind *kind;
	const char *organization; /* of crm.conf's receiver; may be NULL */
	const char *agent;
	const char *delivery;
	const char *site;     /* the shop's code there, of retailCRM */
	const char *encoding; /* of XML: utf-8 or windows-1251 */
	FILE *stream;
	struct out *out;      /* requests, one a line; NULL without requests */
	struct markup markup; /* of the document in hand */
	struct arena *a;      /* emptied after each order */
	/* For export_ask(); NULL where nobody can be asked: in a document. */
	const struct err *(*ask)(struct export * x,
	    const struct export_order *e, const char *path,
	    const struct json **answer);
	void *arg;
	const char
	    *found; /* its name of the order, learned by asking; or NULL */
};

enum export_unknown {
	EXPORT_SILENT, /* a code that no file knows is said and left out */
	EXPORT_CODE,   /* ... is handed on as it is */
	EXPORT_NAME,   /* ... goes by its name in the reference */
};

struct export_kind {
	const char *name;
	bool whole; /* all orders, whole; else news of the receiver's own */
	bool named; /* a new order is known there by our number */
	bool once;  /* what a document tells twice is done twice there */
	enum export_unknown unknown;
	/* Of a document; both NULL for requests. */
	void (*begin)(struct export *x, int64_t now);
	void (*end)(struct export *x);
	/* ERR_INPUT refuses the order, of which nothing was written then. */
	const struct err *(
	    *order)(struct export *x, const struct export_order *e);
};

extern const struct export_kind commerceml_export;
extern const struct export_kind insales_export;
extern const struct export_kind moysklad_export;
extern const struct export_kind retailcrm_export;
extern const struct export_kind shopify_export;
extern const struct export_kind woocommerce_export;

/* ERR_CONFIG names those there are. */
const struct err *export_kind(const char *name,
    const struct export_kind **out) MUST_USE;

/* Begin and end the record of a request; between them stands its body. */
void export_request(struct export *x, const struct export_order *e,
    const char *method, const char *path);
const struct err *export_requested(struct export *x) MUST_USE;

/*
 * What the receiver answers to GET of a path; *answer is NULL where it is not
 * asked. Between two requests. In x->a.
 */
const struct err *export_ask(struct export *x, const struct export_order *e,
    const char *path, const struct json **answer) MUST_USE;

/* The first element of a member that is a list or object; NULL: none. */
const struct json *export_first(const struct json *answer, const char *name);

/* A member's number or text; "" when it has none. In a. */
const char *export_member(const struct json *j, const char *name,
    struct arena *a);

/* An id inside a path: what is no letter, digit, '-', '_' or '.' as %XX. */
const char *export_id(const char *id, struct arena *a);

/* Is all of it paid? */
bool export_is_paid(const struct order *o);

#endif
