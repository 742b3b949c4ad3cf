/* combine.h - two orders of one customer become one. */
#ifndef ORDER_COMBINE_H
#define ORDER_COMBINE_H

#include "order/order.h"

struct shop;

struct combine {
	const char *status; /* of the order that is left empty */
	bool force;         /* whatever their customers and statuses are */
};

/*
 * Move all lines of `from` into `into`, inside a transaction; both were loaded
 * with ORDER_LOAD_ALL. The total of `into` grows by that of `from`. A moved
 * line has the external id "NUMBER/ID", so that what the source of `into` says
 * later is not taken for a word on it. Custom values, comments and notes that `into`
 * lacks are copied.
 *
 * `from` stays, empty and in the status: what its source says later finds it
 * there and makes no second order, and crm-undo(1) can take all back.
 *
 * ERR_CONFLICT says why they cannot be combined. *changed is false when they
 * were before.
 */
const struct err *combine_orders(struct shop *s, const struct order *into,
    const struct order *from, const struct combine *c, struct arena *a,
    bool *changed) MUST_USE;

#endif
