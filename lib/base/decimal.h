/*
 * decimal.h - exact decimal numbers kept as scaled integers.
 *
 * A number with `places` decimals is stored as number * 10^places: money in
 * minor units, prices in 1/10000 (PRICE_PLACES), quantities in 1/1000
 * (QUANTITY_PLACES). Nothing here ever passes through a double.
 */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include "base/err.h"

#define DECIMAL_STR_MAX 32

enum { PRICE_PLACES = 4, QUANTITY_PLACES = 3 };

/*
 * Parse "12.50" or "-0.05" to 1250 or -5 with places 2. Trailing zeros beyond
 * places are fine; other surplus decimals, exponents, blanks, thousands
 * separators and overflow are ERR_INPUT.
 */
const struct err *decimal_parse(const char *s, int places,
    int64_t *out) MUST_USE;

/* Format with exactly `places` decimals into buf; returns buf. */
const char *decimal_format(int64_t v, int places,
    char buf[static DECIMAL_STR_MAX]);

/* The same without trailing zeros and then without a trailing point: "1.5". */
const char *decimal_short(int64_t v, int places,
    char buf[static DECIMAL_STR_MAX]);

/*
 * v / 10^drop, rounded half away from zero: the one rounding rule of the house.
 */
int64_t decimal_round(int64_t v, int drop);

/*
 * a * b / c rounded half away from zero, exact inside; overflow and division by
 * zero are ERR_INPUT.
 */
const struct err *decimal_muldiv(int64_t a, int64_t b, int64_t c,
    int64_t *out) MUST_USE;

/* Checked sum and product: overflow is ERR_INPUT. */
const struct err *decimal_add(int64_t a, int64_t b, int64_t *out) MUST_USE;
const struct err *decimal_mul(int64_t a, int64_t b, int64_t *out) MUST_USE;

#endif
