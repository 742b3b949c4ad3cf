/* cell.h - numbers and times as spreadsheets write them. */
#ifndef INTAKE_CELL_H
#define INTAKE_CELL_H

#include "base/arena.h"
#include "base/err.h"

/*
 * A number of a spreadsheet as text for decimal_parse(): blanks between the
 * thousands are dropped, decimal is '.' or ',' or 0 to understand both. "1,234"
 * is ERR_INPUT when decimal is 0: it may be either. In a, or s itself.
 */
const struct err *cell_number(const char *s, char decimal, struct arena *a,
    const char **out) MUST_USE;

/*
 * A phone number that Excel may have taken for a number. Returns NULL, or what
 * it has done to it: the sign in front is put back, what was cut off is gone
 * and the number with it (*out is NULL). In a.
 */
const char *cell_phone(const char *s, const char *country, struct arena *a,
    const char **out);

/*
 * A time by a pattern (see when_parse_as()), or without one ISO 8601 or
 * "31.12.2026 23:59". Slashes need a pattern: 02/03 may be either.
 */
const struct err *cell_time(const char *s, const char *format,
    int64_t *out) MUST_USE;

/* The ISO code of a currency as Russian programs call it, or s itself. */
const char *cell_currency(const char *s);

#endif
