/*
 * guest.h - what another source than its own says of an order: 1C, MoySklad or
 * whoever else was told of it by order-export(1).
 *
 * Such a guest knows the lines by ids of its own, and not all there is to
 * know: it books orders on a customer of its own, has no place for a second
 * payment, and tells prices with the discount in them. So its lines are matched
 * with ours first, and what it cannot know stays as it is.
 */
#ifndef ORDER_GUEST_H
#define ORDER_GUEST_H

#include "order/order.h"

struct members;
struct shop;

struct guest {
	struct shop *shop;
	bool first;           /* it has not spoken of the order before */
	struct members *base; /* else: what it said the last time */
	struct arena *a;
};

/*
 * Make of what a guest says (in) what it says of cur; both have their keys.
 */
const struct err *guest_words(const struct guest *g, struct order *in,
    const struct order *cur) MUST_USE;

#endif
