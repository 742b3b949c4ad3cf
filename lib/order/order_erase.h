/* order_erase.h - a source speaks again of an order of a forgotten person. */
#ifndef ORDER_ORDER_ERASE_H
#define ORDER_ORDER_ERASE_H

#include "order/order.h"

struct shop;

/*
 * When the customer is erased, what the record of its order tells of the person
 * is dropped as if it did not mention it.
 */
const struct err *order_erase(struct shop *s, int64_t customer_id,
    struct order *in) MUST_USE;

/*
 * Is this, as the source calls it, an order of such a person? Then a record of
 * it that is refused is not kept.
 */
const struct err *order_is_erased(struct shop *s, const char *source,
    const char *external_id, bool *out) MUST_USE;

#endif
