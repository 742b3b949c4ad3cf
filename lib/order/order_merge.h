/*
 * order_merge.h - importing again is a three-way merge: what the source says
 * now, what it last said (the base), and what we have.
 */
#ifndef ORDER_ORDER_MERGE_H
#define ORDER_ORDER_MERGE_H

#include "crm/merge.h"
#include "order/order.h"

struct shop;

/*
 * Take what a source says of an order, inside a transaction: make the order,
 * or apply what the source itself changed since it spoke last. Fields that
 * both sides changed go by their owner (reference table field_owner; items and
 * charges belong to the shop once the status locks them) and are reported.
 * `in` needs source and external_id, is completed with defaults and belongs to
 * a, as does the result. ERR_INPUT and ERR_CONFLICT refuse the record.
 */
const struct err *order_merge(struct shop *s, struct order *in, struct arena *a,
    struct merge_result *out) MUST_USE;

#endif
