/*
 * ndjson.h - what the readers of records, one JSON object a line, share:
 * ndjson.c, which reads orders, ndjson_cart.c and ndjson_customer.c. For
 * lib/intake alone.
 */
#ifndef INTAKE_NDJSON_H
#define INTAKE_NDJSON_H

#include "base/map.h"
#include "intake/intake.h"

struct json;

struct ndjson {
	const struct intake *in;
	struct map unknown; /* members said already */
	uint64_t seed;      /* of the hashes of orders */
	/* of the record in hand */
	const char *where;
	struct arena *a;
};

/* A member that nothing here takes: said once, whatever line it is on. */
void ndjson_unknown(struct ndjson *n, const char *in, const char *name);

/* Member j into field i; null and "" clear. */
const struct err *ndjson_field(struct ndjson *n, const struct fields *t,
    struct rec *r, int i, const char *currency, const struct json *j) MUST_USE;

/* ERR_INPUT when it is none. */
const struct err *ndjson_array(const struct json *j, const char *name) MUST_USE;

/* A custom value of any JSON kind as text; NULL for null. In a. */
const struct err *ndjson_custom_text(const struct json *j, const char *name,
    struct arena *a, const char **out) MUST_USE;

/* The member of an object; NULL when it is null or not there. */
const struct err *ndjson_text_opt(const struct json *j, const char *name,
    const char **out) MUST_USE;

/* A record of type "cart", and a cart as retailCRM's API has it. */
const struct err *ndjson_cart(struct ndjson *n, const struct json *j,
    struct intake_record *r) MUST_USE;
const struct err *ndjson_cart_retailcrm(struct ndjson *n, const struct json *j,
    struct intake_record *r) MUST_USE;

/* A member that must be there. */
const struct err *ndjson_time(const struct json *j, const char *name,
    int64_t *out) MUST_USE;

/* An entry of "history", and one of "notes". */
const struct err *ndjson_past(const struct json *j, struct past *out) MUST_USE;
const struct err *ndjson_note(const struct json *j, struct note *out) MUST_USE;

/* A record of type "customer". */
const struct err *ndjson_customer(struct ndjson *n, const struct json *j,
    struct intake_record *r) MUST_USE;

#endif
