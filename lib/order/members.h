/*
 * members.h - an order as a flat list of names and values: each field by its
 * name, each line of a part as "item KEY" (see order_keys()). So one loop
 * merges or compares all of it. A value is NULL where a field was cleared or a
 * line taken away, which is the same as no member.
 */
#ifndef ORDER_MEMBERS_H
#define ORDER_MEMBERS_H

#include "order/order.h"

struct members {
	struct pack_member *v;
	size_t len;
	size_t near; /* behind the last one found: records keep their order */
};

/* All that o says; it has its keys. In a. */
struct members members_of(const struct order *o, struct arena *a);

void members_add(struct members *m, const char *name, const char *value,
    struct arena *a);

/* NULL when there is none. */
const struct pack_member *members_find(struct members *m, const char *name);
const char *members_value(struct members *m, const char *name);

/* What x says otherwise than y, as x has it: NULL where only y has it. In a. */
struct members members_differ(struct members *x, struct members *y,
    struct arena *a);

/* As one text and back (see base/pack.h). In a. */
const char *members_pack(const struct members *m, struct arena *a);
struct members members_split(const char *packed, struct arena *a);

#endif
