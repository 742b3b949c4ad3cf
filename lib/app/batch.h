/*
 * batch.h - many records, few commits: each record is taken whole or not, a
 * transaction ends after 5,000 records or 250 ms, or when the other end of the
 * pipe makes us wait. Between two the lock is free for a moment, so that a
 * manager's change need not wait for the end of an import.
 */
#ifndef APP_BATCH_H
#define APP_BATCH_H

#include "base/err.h"

struct cli;
struct shop;

struct batch {
	struct cli *cli;
	struct shop *shop;
	const char *command; /* of the run that changes are booked on */
	const char *detail;
	bool backfill;
	bool whole; /* --atomic, --dry-run: one transaction */
	/* its own */
	uint64_t in_hand; /* records since the last commit */
	int64_t began_ms;
	bool kept; /* the run was committed */
};

/*
 * Put the run on record before there is anything to book on it, for who watches
 * a job: then one that fails, is killed or finds nothing to do is known too.
 */
const struct err *batch_begin(struct batch *b) MUST_USE;

/*
 * Before each record: a transaction and a run are under way; where one begins,
 * reference is that of now and pointers to a status are void. After the second
 * one, what follows can be taken back alone with db_undo(); after the first,
 * whoever writes marks it when needed.
 */
const struct err *batch_record(struct batch *b) MUST_USE;
const struct err *batch_mark(struct batch *b) MUST_USE;

/* After each record; wait tells that the next one is not there yet. */
const struct err *batch_step(struct batch *b, bool wait) MUST_USE;

/*
 * The end: close the run and commit; or with an error or --dry-run roll back
 * what is not committed, and with that the run when nothing ever was. Returns
 * err, or what went wrong here.
 */
const struct err *batch_close(struct batch *b, const struct err *err,
    const char *summary) MUST_USE;

#endif
