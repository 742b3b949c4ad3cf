/*
 * pack.h - a flat record as one line of text: "sku=A-1; name=Soap; price=9.90".
 *
 * Used where a whole record stands in one column: the base of a three-way
 * merge and the old and new value of an order's line in the history. A person
 * can read it in the sqlite3 shell. Backslash escapes ';', '=', newline and
 * itself; a member that is NULL is written as a bare name.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "base/arena.h"
#include "base/buf.h"

/* Append a member; value may be NULL, name is not empty. */
void pack_add(struct buf *b, const char *name, const char *value);

struct pack_member {
	const char *name;
	const char *value; /* NULL for null */
};

/*
 * Split packed text. *out is an array of *count members. In a. Text that
 * pack_add() did not make is split as well as can be, never an error.
 */
void pack_split(struct arena *a, const char *text, struct pack_member **out,
    size_t *count);

/* The member called name, or NULL when there is none. */
const struct pack_member *pack_find(const struct pack_member *list,
    size_t count, const char *name);

#endif
