/* rfm_data.h - what rfm.h scores, read from the database. */
#ifndef STATS_RFM_DATA_H
#define STATS_RFM_DATA_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "stats/rfm.h"

struct db;
struct shop;

/*
 * The statuses whose orders count: "revenue" (those that are a sale), "all",
 * "not-cancelled", or codes separated by commas. The caller frees *out with
 * map_free(), also after an error.
 */
const struct err *rfm_data_statuses(const struct shop *s, const char *what,
    struct map *out) MUST_USE;

/*
 * The currency to count in: want, else the one of the customers' orders, else
 * that of the shop. *only tells that their orders are in no other. Without want
 * several are ERR_INPUT: sums of them would mean nothing. In a.
 */
const struct err *rfm_data_currency(const struct shop *s, const char *want,
    struct arena *a, const char **out, bool *only) MUST_USE;

struct rfm_query {
	const struct map *statuses; /* whose orders count */
	const char *currency;       /* whose orders count; NULL: of all */
	int64_t as_of;              /* the last local day that counts */
};

struct rfm_data {
	struct rfm_customer *customers; /* by id, not yet scored */
	size_t count;
};

/*
 * Customers with orders that count; recency in local days before as_of. Who was
 * merged into another counts there. The caller frees it with rfm_data_free(),
 * also after an error.
 */
const struct err *rfm_data_load(struct db *db, const struct rfm_query *q,
    struct rfm_data *out) MUST_USE;
void rfm_data_free(struct rfm_data *d);

/*
 * Set each customer's place among equals: by outside id in byte order (without
 * one first), then by our id.
 */
const struct err *rfm_data_tie(struct db *db, struct rfm_data *d) MUST_USE;

struct rfm_person { /* any may be NULL */
	const char *external_id;
	const char *name;
	const char *phone;
	const char *email;
};

/* Who the customer is; of several ids, phones or addresses the first. In a. */
const struct err *rfm_data_person(struct db *db, int64_t id, struct arena *a,
    struct rfm_person *out) MUST_USE;

#endif
