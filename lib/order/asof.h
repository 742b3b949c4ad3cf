/*
 * asof.h - the orders as they stood at a past moment: today's state with the
 * later changes undone, by the time they happened.
 */
#ifndef ORDER_ASOF_H
#define ORDER_ASOF_H

#include "base/err.h"

struct shop;

/*
 * From now on this database connection sees the orders of that moment: its own
 * temporary tables stand in front of the real ones. For reading only. Orders
 * that were removed since stay away; customers, rev, source_updated_at,
 * created_at and updated_at stay those of today.
 */
const struct err *asof_open(struct shop *s, int64_t at) MUST_USE;

#endif
