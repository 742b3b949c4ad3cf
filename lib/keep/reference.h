/*
 * reference.h - the lists that a shop edits: statuses and what they mean,
 * delivery and payment types, users, sites, holidays.
 */
#ifndef KEEP_REFERENCE_H
#define KEEP_REFERENCE_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

struct reference_column {
	const char *name;
	const char *fallback; /* what an empty cell stands for, or NULL */
	bool integer;
	bool required; /* neither empty nor with a fallback */
	bool given;    /* the rows have it; else it is left alone */
};

struct reference_row {
	const char **values; /* one for each column; NULL for nothing */
	const char *where;   /* "status.tsv:4", for messages */
};

/* One table: what the database holds, or what it shall hold. */
struct reference {
	const char *name;
	struct reference_column *columns;
	size_t column_count;
	size_t key_count; /* the first columns are the key */
	struct reference_row *rows;
	size_t row_count;
	/* rows of the database, set by reference_load() */
	size_t added;
	size_t changed;
	size_t removed;
	size_t orders; /* whose paid sum followed */
};

/* Every table there is; ends with NULL. */
extern const char *const reference_names[];

/*
 * The columns of a table, without its rows. A name that is no reference table
 * is ERR_NOTFOUND. In a.
 */
const struct err *reference_new(struct db *db, const char *name,
    struct arena *a, struct reference **out) MUST_USE;

/* The same with its rows, in the order for people. In a. */
const struct err *reference_read(struct db *db, const char *name,
    struct arena *a, struct reference **out) MUST_USE;

/* Is row i as a load would take it? ERR_INPUT names its key and column. */
const struct err *reference_check(const struct reference *r, size_t i,
    struct arena *a) MUST_USE;

/* An empty row at the end, to be filled in. Belongs to r, which lives in a. */
struct reference_row *reference_add(struct reference *r, struct arena *a);

/* Index of the column called name, or -1. */
int reference_column(const struct reference *r, const char *name);

/*
 * Make each table of the list hold its rows and no others, inside the caller's
 * transaction and on the shop's run. The tables may name each other in any
 * order. A row without a needed value or with a bad one, a key given twice, a
 * code that does not exist, and leaving out a row that is in use refuse the
 * whole: the caller rolls back. What is paid of orders follows the meaning of
 * payment statuses. Every change goes into the history. The rows are completed
 * and sorted by key.
 */
const struct err *reference_load(struct shop *s, struct reference *const *list,
    size_t count, struct arena *a) MUST_USE;

#endif
