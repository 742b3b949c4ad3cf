/*
 * check_find.h - the checks that are functions, for the table in check.c; each
 * tells of its findings with check_found().
 */
#ifndef KEEP_CHECK_FIND_H
#define KEEP_CHECK_FIND_H

#include "keep/check.h"
#include "order/order.h"

/* check_file.c: the file and its schema */
const struct err *check_file(struct check_run *r) MUST_USE;
const struct err *check_file_mend(struct check_run *r) MUST_USE;
const struct err *check_journal(struct check_run *r) MUST_USE;
const struct err *check_journal_mend(struct check_run *r) MUST_USE;
const struct err *check_schema(struct check_run *r) MUST_USE;
const struct err *check_schema_mend(struct check_run *r) MUST_USE;
const struct err *check_foreign(struct check_run *r) MUST_USE;
const struct err *check_references(struct check_run *r) MUST_USE;

/* check_rows.c: rows that one function looks at, one by one */
const struct err *check_settings(struct check_run *r) MUST_USE;
const struct err *check_reference(struct check_run *r) MUST_USE;
const struct err *check_currencies(struct check_run *r) MUST_USE;
const struct err *check_contacts(struct check_run *r) MUST_USE;
const struct err *check_custom(struct check_run *r) MUST_USE;
const struct err *check_bases(struct check_run *r) MUST_USE;
const struct err *check_rejects(struct check_run *r) MUST_USE;
const struct err *check_rejects_mend(struct check_run *r) MUST_USE;

/* A row of an order's history. */
struct check_change {
	int64_t id;
	int64_t at;
	int64_t line;
	const char *field;
	const char *old;
	const char *new;
	/*
	 * Written for what was done here. The other ones may be what a source
	 * told of its own past, which the order need not have followed.
	 */
	bool own;
};

/* An order as it is stored, its sums as they follow, and its history. */
struct check_order {
	struct order *order;
	const struct order *stored; /* only its sums and those of its lines */
	const struct check_change *changes; /* in the order of writing */
	size_t change_count;
};

/* check_order.c: the one pass over all orders, and what is looked at there */
const struct err *check_orders(struct check_run *r,
    const bool *chosen) MUST_USE;
const struct err *check_order(struct check_run *r,
    const struct check_order *o) MUST_USE;
const struct err *check_sums(struct check_run *r,
    const struct check_order *o) MUST_USE;
const struct err *check_sums_mend(struct check_run *r) MUST_USE;
const struct err *check_status(struct check_run *r,
    const struct check_order *o) MUST_USE;
const struct err *check_history(struct check_run *r,
    const struct check_order *o) MUST_USE;

#endif
