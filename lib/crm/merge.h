/*
 * merge.h - importing again is a three-way merge: what the source says now,
 * what it last said (the base), and what we have.
 */
#ifndef CRM_MERGE_H
#define CRM_MERGE_H

#include "crm/order.h"

struct shop;

enum merge_outcome {
	MERGE_NEW,
	MERGE_CHANGED,
	MERGE_SAME,
	MERGE_OLDER, /* the record is older than what the source said last */
};

struct merge_conflict {
	const char *field;  /* a field's name, or "item KEY" */
	const char *theirs; /* what the source says */
	const char *ours;
	bool taken; /* the source owns the field: its value was taken */
};

struct merge_result {
	enum merge_outcome outcome;
	const char *order_no;
	struct merge_conflict *conflicts; /* in the arena */
	size_t conflict_count;
	bool total_differs; /* the source's own total is not ours */
	int64_t total;
	int64_t source_total;
	const char *currency;
	const char *double_of; /* number of the order this one looks like */
};

/*
 * Take what a source says of an order, inside a transaction: make the order,
 * or apply what the source itself changed since it spoke last. Fields that
 * both sides changed go by their owner (reference table field_owner; items and
 * charges belong to the shop once the status locks them) and are reported.
 * `in` needs source and external_id, is completed with defaults and belongs to
 * a, as does the result. ERR_INPUT and ERR_CONFLICT refuse the record.
 */
const struct err *merge_order(struct shop *s, struct order *in, struct arena *a,
    struct merge_result *out) MUST_USE;

#endif
