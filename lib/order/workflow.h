/* workflow.h - moving orders through statuses, and how many stand where. */
#ifndef ORDER_WORKFLOW_H
#define ORDER_WORKFLOW_H

#include "order/order.h"

struct shop;

struct workflow_move {
	const char *status; /* where to */
	const char *reason; /* NULL: none; the old one goes with its status */
	const char *actor;  /* login; NULL: the run's */
	int64_t at;         /* when it happened; 0: now */
	bool force;         /* do not ask the transitions and requirements */
};

/*
 * May the order, as it is, go where m says? ERR_CONFLICT says what is in the
 * way: no such transition for the actor (and which there are), or a required
 * field that is empty. It asks no matter what m->force is.
 */
const struct err *workflow_check(struct shop *s, const struct order *o,
    const struct workflow_move *m) MUST_USE;

/*
 * Check and move, inside a transaction. ERR_CONFLICT as above, or
 * when rev is not the order's; see order_check_rev().
 * *changed is false when it stands there already, for the same reason; nothing
 * is checked then. o is left as it was; its row is enough.
 */
const struct err *workflow_move(struct shop *s, const struct order *o,
    int64_t rev, const struct workflow_move *m, struct arena *a,
    bool *changed) MUST_USE;

/* Orders of one status and currency. */
struct workflow_count {
	const char *status;
	const char *currency;
	int64_t orders; /* that stand there */
	int64_t total_minor;
	int64_t oldest_at; /* since when the first of them stands there */
	int64_t late;      /* of them, longer than the status allows */
	int64_t entered;   /* came there since :since, wherever they are now */
};

/* How things stand, in the order of groups and statuses. *out in a. */
const struct err *workflow_counts(struct shop *s, int64_t since, int64_t now,
    struct arena *a, struct workflow_count **out, size_t *count) MUST_USE;

/* Orders that stand somewhere longer than the status allows, and since when. */
const struct err *workflow_late(struct db *db, int64_t now, int64_t *orders,
    int64_t *oldest_at) MUST_USE;

#endif
