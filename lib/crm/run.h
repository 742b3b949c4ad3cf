/* run.h - the runs that changes are booked on. */
#ifndef CRM_RUN_H
#define CRM_RUN_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

/* Which runs: those of command, and of the other two where not NULL. */
struct run_match {
	const char *command;
	const char *detail;
	const char *actor;
};

struct run_past {
	int64_t id;
	int64_t started_at;
	int64_t ended_at; /* 0: it has not ended, or it was killed */
	int exit_status;  /* when it has ended */
	const char *summary;
};

enum run_which {
	RUN_ANY,
	RUN_DECIDED, /* it succeeded or failed: not running, stopped or busy */
	RUN_DONE,    /* its work was done, but perhaps for some records */
};

/*
 * The last such run; *out is NULL when there is none among the last 100,000 of
 * the command. In a.
 */
const struct err *run_last(struct db *db, const struct run_match *m,
    enum run_which which, struct arena *a, struct run_past **out) MUST_USE;

/* The commands that ever ran, by name. *out in a. */
const struct err *run_commands(struct db *db, struct arena *a,
    const char ***out, size_t *count) MUST_USE;

/*
 * Begin a run of command inside the caller's write transaction; s->run_id is
 * its number then. detail may be NULL. actor must live as long as s.
 */
const struct err *run_begin(struct shop *s, const char *command,
    const char *detail, const char *actor, bool backfill) MUST_USE;

/* Note how it ended, inside a transaction. Without a begun run a no-op. */
const struct err *run_end(struct shop *s, int exit_status,
    const char *summary) MUST_USE;

/* The files that crm-backup made. In a. */
const struct err *run_backups(struct db *db, struct arena *a,
    const char ***paths, size_t *count) MUST_USE;

#endif
