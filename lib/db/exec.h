/*
 * exec.h - what the parts of this layer share: db.c, which speaks to SQLite,
 * db_schema.c, which makes and migrates databases, db_copy.c, which copies them,
 * and db_check.c, which looks what they have lost. For lib/db alone, and tests.
 */
#ifndef DB_EXEC_H
#define DB_EXEC_H

#include "db/db.h"

/*
 * Open without looking at what is inside. With alone nobody else has the file
 * open, nor can open it, until it is closed; ERR_BUSY while others have. The
 * caller closes it with db_close().
 */
const struct err *db_connect(const char *path, bool alone,
    struct db **out) MUST_USE;

/* Run one or more statements that are constants and return no rows. */
const struct err *db_exec(struct db *db, const char *sql) MUST_USE;

/* The single integer that a query returns, 0 without a row. */
const struct err *db_int(struct db *db, const char *sql, int64_t *out) MUST_USE;

/*
 * All pages of one into the other, in one transaction there. The moment that is
 * copied is that of the read transaction the caller has begun.
 */
const struct err *db_copy_pages(struct db *from, struct db *to,
    db_watch_fn watch, void *arg) MUST_USE;

/* Is it ours? ERR_SCHEMA when not; *version is its schema's. */
const struct err *db_schema_version(struct db *db, int *version) MUST_USE;

/*
 * Is it ours, and of the version this build needs? ERR_SCHEMA says what to do.
 */
const struct err *db_check_schema(struct db *db) MUST_USE;

/*
 * An empty database of this build's schema, in memory. The caller closes it
 * with db_close().
 */
const struct err *db_fresh(struct db **out) MUST_USE;

#endif
