/*
 * import.h - records into the shop: what order-import, customer-import and
 * cart-import do with each.
 */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include "app/import_job.h"
#include "base/map.h"
#include "base/set.h"

struct import {
	struct import_job job;
	/* as the command line says */
	bool customers;     /* of customers, not of orders */
	bool carts;         /* of carts, not of orders */
	bool retry;         /* the kept rejects again, no files */
	const char *source; /* of records that name none */
	const char *format; /* NULL: detect */
	/* what was done */
	uint64_t made, changed, same, older, conflicts, doubles, totals;
	uint64_t set, cleared, closed; /* carts */
	/* its own */
	const char *maps;        /* folder of those that come with formats */
	struct map said_once;    /* remarks of the readers of the inputs */
	struct set seen_records; /* hashes of those that came already */
};

/*
 * Import every record of the files (none: of standard input), or try the kept
 * rejects again, and say what was done. Records whose only fault is their own
 * are rejected; the others go on.
 */
const struct err *import_run(struct import *im, int argc, char **argv) MUST_USE;

#endif
