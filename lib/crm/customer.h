/* customer.h - who ordered: found by outside id, phone, e-mail, or made. */
#ifndef CRM_CUSTOMER_H
#define CRM_CUSTOMER_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

struct customer_key { /* any may be NULL */
	const char *source;
	const char *external_id;
	const char *phone; /* as phone_normal() gives it */
	const char *email; /* folded */
	const char *name;
};

/*
 * The customer that the keys point at, in this order: outside id, phone,
 * e-mail; *id is 0 when nobody is found. Shared contacts and phones that are no
 * E.164 numbers identify nobody. A customer merged into another stands for
 * that one.
 */
const struct err *customer_find(struct shop *s, const struct customer_key *k,
    int64_t *id) MUST_USE;

/*
 * Find as above or make one, and add to a found one the keys it had not. When
 * the keys point at two customers nobody is merged: the first is taken and a
 * note is left for customer-list --doubles. Without any key *id is 0: a guest.
 */
const struct err *customer_take(struct shop *s, const struct customer_key *k,
    int64_t at, int64_t *id) MUST_USE;

struct customer {
	int64_t id;
	const char *name;
	const char *phones; /* joined by ", " */
	const char *emails;
	bool vip;
	bool bad;
	int64_t orders; /* how many, and those that count as revenue */
	int64_t sales;
	int64_t first_at; /* of the first and last order; 0 without */
	int64_t last_at;
};

/* *out is NULL when there is none. In a. */
const struct err *customer_get(struct db *db, int64_t id, struct arena *a,
    struct customer **out) MUST_USE;

#endif
