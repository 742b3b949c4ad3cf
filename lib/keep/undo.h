/* undo.h - take back what a run did. */
#ifndef KEEP_UNDO_H
#define KEEP_UNDO_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

enum undo_subject { UNDO_ORDERS, UNDO_CUSTOMERS };

/*
 * What a run is taken back of: the orders it touched, or when it touched none,
 * the customers. *ids in a. ERR_NOTFOUND when there is no such run. What a run of
 * orders taught of customers stays: they are known now.
 */
const struct err *undo_subjects(struct db *db, int64_t run_id, struct arena *a,
    enum undo_subject *what, int64_t **ids, size_t *count) MUST_USE;

/*
 * What else it changed and what therefore stays, as text ("2 settings, 1
 * customer"); NULL when it changed nothing else. In a.
 */
const struct err *undo_rest(struct db *db, int64_t run_id,
    enum undo_subject what, struct arena *a, const char **out) MUST_USE;

struct undo_result {
	const char *order_no; /* of a customer, its number */
	size_t changes;       /* fields and lines taken back */
	bool removed;         /* the run had made it */
};

/*
 * Take back one order's changes of the run, inside a transaction and on the
 * shop's own run, which is marked as undoing that one: each field and line gets
 * its old value again, an order the run made is removed. ERR_CONFLICT when one
 * of them has been changed since; out->order_no is known even then. Zero
 * changes when that was done before. In a.
 */
const struct err *undo_order(struct shop *s, int64_t run_id, int64_t order_id,
    struct arena *a, struct undo_result *out) MUST_USE;

/*
 * The same of a customer. One that the run made is removed, unless orders or
 * other customers point at it; one that was erased stays so: ERR_CONFLICT.
 */
const struct err *undo_customer(struct shop *s, int64_t run_id,
    int64_t customer_id, struct arena *a, struct undo_result *out) MUST_USE;

/* A run of a command, as crm-undo --list shows it. */
struct undo_run {
	int64_t id;
	const char *command;
	const char *detail;
	const char *actor;
	int64_t started_at;
	const char *summary; /* NULL: it did not end, or said nothing */
	int64_t orders;      /* it touched */
	int64_t customers;
	int64_t changes;   /* rows of history it wrote */
	int64_t undoes;    /* run it takes back; 0 for none */
	int64_t undone_by; /* last run that takes this one back */
};

/* The last max runs that changed something, newest first. *out in a. */
const struct err *undo_runs(struct db *db, size_t max, struct arena *a,
    struct undo_run **out, size_t *count) MUST_USE;

#endif
