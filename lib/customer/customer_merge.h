/*
 * customer_merge.h - importing a customer again is a three-way merge, as that
 * of an order: what the source says now, what it last said, and what we have.
 */
#ifndef CUSTOMER_CUSTOMER_MERGE_H
#define CUSTOMER_CUSTOMER_MERGE_H

#include "crm/merge.h"
#include "customer/customer.h"

struct shop;

/*
 * Take what a source says of a customer, inside a transaction: find him by what
 * the source said before, by outside id, phone or e-mail, or make one. What
 * only the source changed is applied; fields that both sides changed go by
 * their owner (reference table field_owner, as "customer.vip") and are
 * reported. A source that speaks of a known customer for the first time changed
 * nothing yet: it fills what is empty. Keys that point at several customers
 * merge nobody and leave notes; out->double_of is the last of them. `in` needs
 * a source and something to be known by, and belongs to a, as does the result,
 * in which order_no is the customer's number. ERR_INPUT and ERR_CONFLICT refuse
 * the record.
 */
const struct err *customer_merge(struct shop *s, struct customer *in,
    struct arena *a, struct merge_result *out) MUST_USE;

#endif
