/* merge.h - what became of an order or customer that came again. */
#ifndef CRM_MERGE_H
#define CRM_MERGE_H

#include "base/base.h"

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

#endif
