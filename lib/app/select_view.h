/* select_view.h - what a selection's columns hold, onto an output. */
#ifndef APP_SELECT_VIEW_H
#define APP_SELECT_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "crm/select.h"

struct out;

/* One value by its kind. */
void select_view_value(struct out *out, const char *field,
    const struct select_value *v, const char *currency);

/* "a,b,c" as a list; a name may stand in it once, else ERR_USAGE. In a. */
const struct err *select_view_columns(struct arena *a, const char *names,
    const char ***out, size_t *n) MUST_USE;

#endif
