/*
 * receiver.h - what a receiver of orders has not been told yet: changes after
 * its position in the history, less those that it knows because they are its
 * own.
 */
#ifndef ORDER_RECEIVER_H
#define ORDER_RECEIVER_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct order;

/* Changes of the history after `after`, up to `last`. */
struct receiver_span {
	int64_t after;
	int64_t last;
};

struct receiver_order {
	int64_t id;
	int64_t after; /* the receiver has its changes up to that one */
	bool marked;   /* by receiver_mark() */
};

/*
 * The orders that changed in a span, and those that are marked for the
 * receiver of that name; by id. *out in a.
 */
const struct err *receiver_orders(struct db *db, const char *receiver,
    const struct receiver_span *s, struct arena *a, struct receiver_order **out,
    size_t *count) MUST_USE;

/*
 * Of one order the receiver has the changes up to `last`, wherever it stands in
 * the history: it was told of it before the others, or refused it. Inside a
 * transaction, as are the next three.
 */
const struct err *receiver_mark(struct db *db, const char *receiver, int64_t id,
    int64_t last) MUST_USE;

/* It stands behind `last`: the marks that say the same go, or all of them. */
const struct err *receiver_settle(struct db *db, const char *receiver,
    int64_t last) MUST_USE;
const struct err *receiver_forget(struct db *db, const char *receiver) MUST_USE;

/* An order of ours is known to the source by that name from now on. */
const struct err *receiver_known(struct db *db, const char *source, int64_t id,
    const char *external_id) MUST_USE;

/* What there is to tell of an order. */
struct receiver_news {
	const char *external_id; /* the receiver's name of it; NULL: none */
	bool spoke;              /* it has told us that name itself */
	const char *fields;      /* "status, payment"; NULL: nothing */
	bool status;             /* among them */
	bool tracking_no;
	bool payment;
	const char *said_status; /* the receiver's word, our code; or NULL */
	int64_t first;           /* id of the first such change */
	bool is_new;             /* the order came within the span */
};

/*
 * A change is told unless the receiver, as the source of that name, last said
 * just what the order is now: then it is an echo, or has been taken back. In a.
 */
const struct err *receiver_news(struct db *db, const char *source, int64_t id,
    const struct receiver_span *s, struct arena *a,
    struct receiver_news *out) MUST_USE;

/*
 * The receiver is told of an order as it was after change `last`, inside a
 * transaction: if it had no name for it, it knows it by our number from now on,
 * so that it is the same order when it comes back. One that has changed since
 * is left for the next time.
 */
const struct err *receiver_named(struct db *db, const char *source, int64_t id,
    int64_t last) MUST_USE;

/*
 * What a source calls each item's offer, in the order of the items; NULL where
 * it has no name for it. *out in a.
 */
const struct err *receiver_goods(struct db *db, const char *source,
    const struct order *o, struct arena *a, const char ***out) MUST_USE;

/*
 * The name of a code in reference table status, delivery_type or payment_type,
 * in Russian as those who take it expect; the code
 * itself when there is none. In a.
 */
const struct err *receiver_name(struct db *db, const char *table,
    const char *code, struct arena *a, const char **out) MUST_USE;

#endif
