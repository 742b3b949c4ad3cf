/* cursor.h - how far a source has been read. */
#ifndef CRM_CURSOR_H
#define CRM_CURSOR_H

#include "base/err.h"

struct shop;

/* Store it in the transaction that stores the records before it. */
const struct err *cursor_put(struct shop *s, const char *source,
    const char *value) MUST_USE;

#endif
