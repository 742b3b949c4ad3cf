/* cursor.h - how far a source has been read. */
#ifndef CRM_CURSOR_H
#define CRM_CURSOR_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

/* Store it in the transaction that stores the records before it. */
const struct err *cursor_put(struct shop *s, const char *source,
    const char *value) MUST_USE;

/* What is stored for the source; NULL when nothing is. In a. */
const struct err *cursor_get(struct db *db, const char *source, struct arena *a,
    const char **value) MUST_USE;

#endif
