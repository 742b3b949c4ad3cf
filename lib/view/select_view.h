/* select_view.h - what a selection's columns hold, onto an output. */
#ifndef VIEW_SELECT_VIEW_H
#define VIEW_SELECT_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "select/select.h"

struct out;

/* One value by its kind; a status is coloured by what it means in the shop. */
void select_view_value(struct out *out, const struct shop *s, const char *field,
    const struct select_value *v, const char *currency);

/*
 * All that is selected, a row each of the columns "a,b,c"; type is what a row
 * is in JSON. ERR_USAGE for a column that is unknown or there twice.
 */
const struct err *select_view_rows(struct out *out, const struct shop *s,
    struct select *sel, const char *type, const char *columns,
    struct arena *a) MUST_USE;

#endif
