/*
 * source.h - what each source last said of an order: the base of the three-way
 * merge, in table order_source.
 *
 * Only the differences from the order as it stands now are kept: nothing at all
 * for an order that nobody has touched since. So whoever changes an order must
 * call source_rebase(); order_update() does.
 */
#ifndef ORDER_SOURCE_H
#define ORDER_SOURCE_H

#include "order/members.h"

struct shop;

/* In place of a hash: it has our order and has said nothing of it yet. */
#define SOURCE_SILENT "0000000000000000"

struct source {
	int64_t order_id; /* 0: it never spoke of this order */
	bool same;   /* it said just this the last time; then that is all */
	bool silent; /* it has not spoken yet: its base is our order */
	const char *differs; /* its base, as differences from the order */
	int64_t updated_at;
	bool has_updated_at;
};

/*
 * What o's source said of it last; hash is of what it says now. An order that
 * the source has from us under our number is found by that the first time, and
 * from then on by the source's own id. In a.
 */
const struct err *source_find(struct shop *s, const struct order *o,
    const char *hash, struct arena *a, struct source *out) MUST_USE;

/* The whole base, given the order as it stands. In a. */
struct members source_base(const struct source *src, struct members *ours,
    struct arena *a);

/* The source of the new order o has spoken, and it is as it said. */
const struct err *source_add(struct shop *s, const struct order *o,
    const char *hash) MUST_USE;

/*
 * The source has our order as external_id, and is as we are: the next thing it
 * says of it is its first word. *taken is the number of another order that has
 * this name there already, else NULL. In a.
 */
const struct err *source_link(struct shop *s, const struct order *o,
    const char *source, const char *external_id, struct arena *a,
    const char **taken) MUST_USE;

/* It has spoken again: base is what it says now, ours the order as it is. */
const struct err *source_set(struct shop *s, const struct order *in,
    struct members *base, struct members *ours, const char *hash,
    struct arena *a) MUST_USE;

/* The order changed from old to new: what its sources said did not. */
const struct err *source_rebase(struct shop *s, const struct order *old,
    const struct order *new, struct arena *a) MUST_USE;

#endif
