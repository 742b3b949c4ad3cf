/* rfm_data.h - what rfm.h scores, read from the database. */
#ifndef STATS_RFM_DATA_H
#define STATS_RFM_DATA_H

#include "base/arena.h"
#include "base/err.h"
#include "stats/rfm.h"

struct db;
struct shop;

struct rfm_query {
	const char *count;    /* whose orders count, see below */
	const char *currency; /* whose orders count; NULL: of all */
	int64_t as_of;        /* the last local day that counts */
};

/*
 * The statuses whose orders count: "revenue" (those that are a sale), "all",
 * "not-cancelled", or codes separated by commas.
 */
const struct err *rfm_data_check_count(const struct shop *s,
    const char *count) MUST_USE;

struct rfm_data {
	struct rfm_customer *customers; /* by id */
	size_t count;
	const char *currency; /* of their sums */
};

/*
 * Customers with orders that count, not yet scored; recency in local days
 * before as_of. Who was merged into another counts there. When the query names
 * no currency it is the one of the orders that count, or the shop's while there
 * are none; several are ERR_INPUT: sums of them would mean nothing. The
 * currency in a. The caller frees *out with rfm_data_free(), also after an
 * error.
 */
const struct err *rfm_data_load(const struct shop *s, const struct rfm_query *q,
    struct arena *a, struct rfm_data *out) MUST_USE;
void rfm_data_free(struct rfm_data *d);

/* Score them; see rfm_score() for the scales. */
const struct err *rfm_data_score(struct db *db, struct rfm_data *d,
    enum rfm_method method,
    struct rfm_scale scales[static RFM_MEASURES]) MUST_USE;

struct rfm_person { /* any may be NULL */
	const char *external_id;
	const char *name;
	const char *phone;
	const char *email;
};

/*
 * Who the customers are; of several ids, phones or addresses the first. In one
 * transaction, for each costs more than it reads. The strings in a.
 */
const struct err *rfm_data_people(struct db *db,
    const struct rfm_customer *list, size_t count, struct arena *a,
    struct rfm_person *out) MUST_USE;

#endif
