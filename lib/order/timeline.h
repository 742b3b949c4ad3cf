/* timeline.h - how long an order stood in each status, from its past. */
#ifndef ORDER_TIMELINE_H
#define ORDER_TIMELINE_H

#include "order/order.h"

struct timeline_stay {
	const char *status;
	int64_t entered_at;
	int64_t left_at; /* of an open stay: the moment that was asked about */
	bool open;       /* the order stands there still */
};

/*
 * The stays of an order that was loaded with ORDER_LOAD_ALL, oldest first; the
 * last one is open and in the order's status. A status that was entered twice
 * has two stays. *out in a.
 */
void timeline_read(const struct order *o, int64_t now, struct arena *a,
    struct timeline_stay **out, size_t *count);

#endif
