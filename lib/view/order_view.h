/* order_view.h - one order as a person reads it, in 80 columns of plain text. */
#ifndef VIEW_ORDER_VIEW_H
#define VIEW_ORDER_VIEW_H

#include <stdio.h>

#include "order/order.h"

struct shop;

enum order_view {
	ORDER_VIEW_RECEIPT, /* what was ordered, by whom, for how much */
	ORDER_VIEW_WHOLE,   /* and all that became of it since */
};

/*
 * Write the order, which for the whole view was loaded with ORDER_LOAD_ALL, as
 * it is at the time `now`. Control characters from outside become '?'.
 */
const struct err *order_view_write(FILE *fp, struct shop *s,
    const struct order *o, enum order_view what, int64_t now) MUST_USE;

#endif
