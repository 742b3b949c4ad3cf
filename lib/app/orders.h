/*
 * orders.h - the orders a command acts on: numbers as operands, or on standard
 * input lines of which one that starts with '{' is a record and any other a
 * number; and changing them in batches, each order by itself.
 */
#ifndef APP_ORDERS_H
#define APP_ORDERS_H

#include "app/batch.h"
#include "order/order.h"

struct cli;

struct orders_ref {
	const char *order_no;
	int64_t rev;       /* of a record; 0 for a bare number */
	const char *where; /* "stdin:17", or the number itself for an operand */
};

/*
 * Read all of them before anything is done (an open reader upstream would pin
 * the write-ahead log). A line that is no order is said with cli_reject() and
 * left out. Without operands standard input is read; a terminal there is
 * ERR_USAGE. In a.
 */
const struct err *orders_read(struct cli *cli, int argc, char **argv,
    struct arena *a, struct orders_ref **out, size_t *count) MUST_USE;

/*
 * The same of customers: order_no is what names one, a number or whatever
 * customer_search() takes.
 */
const struct err *orders_read_customers(struct cli *cli, int argc, char **argv,
    struct arena *a, struct orders_ref **out, size_t *count) MUST_USE;

/* The order itself, in cli->rec; ERR_NOTFOUND when there is none. */
const struct err *orders_load(struct cli *cli, const struct orders_ref *ref,
    enum order_load what, struct order **out) MUST_USE;

/* A list of orders to change, each by itself; set by the command: */
struct orders_job {
	struct batch batch;
	const char *what;        /* for the progress; NULL: "orders" */
	const char *done;        /* for the summary: "moved" */
	const char *same;        /* "already there" */
	bool atomic;             /* one that is refused takes all back */
	struct orders_ref *refs; /* the orders, unless where() knows them */
	size_t count;
	void *arg; /* of the functions */

	/*
	 * Change order i if it needs it. ERR_INPUT, ERR_NOTFOUND and
	 * ERR_CONFLICT refuse it and leave the others alone.
	 */
	const struct err *(*change)(struct orders_job *j, size_t i, bool *did);
	/* What messages call it; NULL: as refs[i] does. */
	const char *(*where)(struct orders_job *j, size_t i);
	/* Write what became of it. */
	const struct err *(*show)(struct orders_job *j, size_t i);
	bool table; /* even in a table, see below */

	/* set by orders_change() */
	size_t changed;
	size_t unchanged;
};

/*
 * Change all orders of the list on one run and say the summary. What became of
 * them is written with --dry-run, before all is rolled back, or when it is
 * committed, as JSON or TSV; in a table people are told enough by the summary.
 * What change, where and show need for a moment goes to cli->rec.
 */
const struct err *orders_change(struct orders_job *j) MUST_USE;

#endif
