/* double.h - the same order through two doors: likely doubles. */
#ifndef ORDER_DOUBLE_H
#define ORDER_DOUBLE_H

#include "base/arena.h"
#include "base/err.h"

struct order;
struct shop;

/*
 * Is there an order of the same customer with the same goods, placed within the
 * shop's double_minutes and come through another source? Then o->double_of is
 * its number, in the database and its history too. o is stored already. In a.
 */
const struct err *double_find(struct shop *s, struct order *o,
    struct arena *a) MUST_USE;

#endif
