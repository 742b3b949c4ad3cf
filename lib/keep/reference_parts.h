/*
 * reference_parts.h - what the files of reference.h share, and nobody else.
 *
 * reference.c knows the tables and what a row of them may be, reference_load.c
 * puts rows into the database, reference_links.c knows who names them.
 */
#ifndef KEEP_REFERENCE_PARTS_H
#define KEEP_REFERENCE_PARTS_H

#include "keep/reference.h"

/*
 * What the schema does not say of a table: how many of its first columns are
 * the key, and its statements. A row is put by its columns in their order.
 */
struct reference_table {
	size_t key_count;
	const char *read_sql;
	const char *put_sql;
	const char *delete_sql;
};
const struct reference_table *reference_table(const struct reference *r);

/* The key for people: "new", "order colour", "new - cancel - -". In a. */
const char *reference_key(const struct reference *r,
    const struct reference_row *row, struct arena *a);

/* Complete a row from the one it replaces, which may be NULL, and check it. */
const struct err *reference_complete(const struct reference *r,
    const struct reference_row *old, struct reference_row *new,
    struct arena *a) MUST_USE;

/*
 * Is there a code in the database that points nowhere, once these tables were
 * changed? ERR_CONFLICT names it and who uses it.
 */
const struct err *reference_check_links(struct db *db,
    struct reference *const *list, size_t count) MUST_USE;

#endif
