/*
 * check.h - what must hold in a database, and which rows break it.
 *
 * Each promise is a row of check_list: a query or a function that finds what
 * breaks it, and where that is safe, what mends it. Safe is what follows from
 * other rows; nothing is guessed.
 */
#ifndef KEEP_CHECK_H
#define KEEP_CHECK_H

#include "base/arena.h"
#include "base/err.h"

struct check_order;
struct check_run;
struct db;
struct shop;

struct check {
	const char *name;
	const char *promise;
	/* One of the three finds what breaks it. */
	const char *sql; /* rows of entity, id, order_no, detail */
	const struct err *(*find)(struct check_run *r);
	const struct err *(*find_in)(struct check_run *r,
	    const struct check_order *o); /* in each order */
	/* One of the two mends it, or neither; of those with find_in, one can. */
	const char *mend_sql[3]; /* one after the other */
	const struct err *(*mend)(struct check_run *r);
	bool base;    /* the other checks stand on it: broken, it is the last */
	bool shop;    /* needs the shop's settings and codes */
	bool changes; /* find_in needs the order's history */
	bool note;    /* no fault, only worth knowing: not a finding */
};

enum { CHECK_MAX = 64 }; /* no more rows than that */

/* Ends with a row without name; a check comes after those it stands on. */
extern const struct check check_list[];

struct check_finding {
	const struct check *check;
	const char *entity;   /* order, customer, ... or table, file */
	int64_t id;           /* its row; 0 for none */
	const char *order_no; /* NULL when it is no order */
	const char *detail;
	bool mendable;
};

/* A run of checks. Set by the caller: */
struct check_run {
	struct db *db;
	struct shop *shop;    /* NULL when it could not be opened */
	struct arena *record; /* reset now and then */
	bool quick;           /* do not compare indexes with their tables */
	bool mend; /* in the caller's transaction, on the shop's run */
	void *arg; /* of the functions */
	/* A row that breaks a promise, or with `note` what is worth knowing. */
	const struct err *(*found)(void *arg, const struct check_finding *f);
	/* So many of the total orders are done; an error ends the run. */
	const struct err *(*tick)(void *arg, uint64_t done, uint64_t total);
	/* set by check_all() */
	uint64_t orders; /* that were looked at */
	uint64_t broken; /* rows */
	uint64_t mended; /* of them */
	bool stopped;    /* a check that the others stand on did not hold */
	bool journal;    /* the caller is to switch the log on, afterwards */
	/* its own */
	const struct check *check; /* at work */
	struct check_finding finding;
	uint64_t open; /* findings of it that can be mended */
	bool again;    /* it is looked at once more after mending */
	int64_t *ids;  /* of them, for its mend */
	size_t id_count;
	struct arena list; /* of ids */
};

/* The row called name, or NULL; *near is the nearest name or NULL. */
const struct check *check_find(const char *name, const char **near);

/* Can it mend what it finds, or some of it? */
bool check_mends(const struct check *c);

/*
 * Make the chosen checks, a flag for each row of check_list. With `mend`, what
 * was found is mended right after it, and looked at again: what then is not as
 * it should be is ERR_CONFLICT, and the caller rolls back.
 */
const struct err *check_all(struct check_run *r, const bool *chosen) MUST_USE;

/* For the parts of this module: tell of a row. order_no may be NULL. */
const struct err *check_found(struct check_run *r, const char *entity,
    int64_t id, const char *order_no, bool mendable,
    const char *detail) MUST_USE;

#endif
