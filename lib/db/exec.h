/*
 * exec.h - what the two halves of this layer share: db.c, which speaks to
 * SQLite, and db_schema.c, which makes and migrates databases. For lib/db alone.
 */
#ifndef DB_EXEC_H
#define DB_EXEC_H

#include "db/db.h"

/* Open without looking at what is inside. The caller closes it with db_close(). */
const struct err *db_connect(const char *path, struct db **out) MUST_USE;

/* Run one or more statements that are constants and return no rows. */
const struct err *db_exec(struct db *db, const char *sql) MUST_USE;

/* The single integer that a query returns, 0 without a row. */
const struct err *db_int(struct db *db, const char *sql, int64_t *out) MUST_USE;

/*
 * Is it ours, and of the version this build needs? ERR_SCHEMA says what to do.
 */
const struct err *db_check_schema(struct db *db) MUST_USE;

#endif
