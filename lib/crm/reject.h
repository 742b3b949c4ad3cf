/* reject.h - records that could not be taken, kept until they can. */
#ifndef CRM_REJECT_H
#define CRM_REJECT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

struct db;
struct shop;

struct reject {
	int64_t id;
	const char *entity; /* what it would have become: "order", "customer",
			     * "offer", "cart" */
	const char *source;
	const char *place; /* orders.csv:204 */
	const char *format;
	const char *map_file;    /* NULL: none */
	const char *external_id; /* NULL: not known */
	const char *record;
	const char *reason;
	/* known when it was read */
	int64_t run_id; /* it came first on */
	int64_t at;     /* and when that began */
};

/* By what the same record is known again. */
const char *reject_hash(const char *source, const char *record,
    char buf[static HASH_HEX_MAX]);

/* Keep it, inside a transaction; the same record is kept once until it is settled. */
const struct err *reject_put(struct shop *s, const struct reject *r) MUST_USE;

/* It came after all: its open rejects are settled. */
const struct err *reject_settle(struct shop *s, const char *entity,
    const char *source, const char *external_id) MUST_USE;

/* Settle one by its id. */
const struct err *reject_settle_id(struct shop *s, int64_t id) MUST_USE;

/* It was tried again and is still refused, for this reason. */
const struct err *reject_renew(struct shop *s, int64_t id,
    const char *reason) MUST_USE;

/*
 * The first after `after` that is not settled, of this entity or with NULL of
 * any: of the open ones or of those dismissed. *out is NULL at the end. In a.
 */
const struct err *reject_next(struct db *db, const char *entity, bool dismissed,
    int64_t after, struct arena *a, struct reject **out) MUST_USE;

/*
 * A person says that it is nothing, or takes that back; inside a transaction,
 * with history. The same record is not kept again while it is dismissed.
 * ERR_NOTFOUND, or ERR_CONFLICT when it is settled.
 */
const struct err *reject_dismiss(struct shop *s, int64_t id, bool dismissed,
    bool *changed) MUST_USE;

/* How many are open, of this entity or with NULL of all. */
const struct err *reject_count(struct db *db, const char *entity,
    int64_t *out) MUST_USE;

/* Since when the oldest of them is; 0 when none is open. */
const struct err *reject_oldest(struct db *db, int64_t *at) MUST_USE;

#endif
