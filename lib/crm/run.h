/* run.h - the runs that changes are booked on. */
#ifndef CRM_RUN_H
#define CRM_RUN_H

#include "base/err.h"

struct shop;

/*
 * Begin a run of command inside the caller's write transaction; s->run_id is
 * its number then. detail may be NULL. actor must live as long as s.
 */
const struct err *run_begin(struct shop *s, const char *command,
    const char *detail, const char *actor, bool backfill) MUST_USE;

/* Note how it ended, inside a transaction. Without a begun run a no-op. */
const struct err *run_end(struct shop *s, int exit_status,
    const char *summary) MUST_USE;

#endif
