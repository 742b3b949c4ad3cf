/*
 * money.h - currencies and sums. An amount is a whole number of the currency's
 * minor units (kopecks, cents) beside a three-letter ISO 4217 code. Never a
 * double.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/decimal.h"

/*
 * Decimals of an ISO 4217 currency (0, 2 or 3), or -1 when there is none such.
 */
int money_places(const char *currency);

/* Parse an amount in major units: "1250.5" with "RUB" is 125050. */
const struct err *money_parse(const char *s, const char *currency,
    int64_t *minor) MUST_USE;

/*
 * Format in major units with exactly the currency's decimals: "1250.50". One
 * that money_places() does not know is taken to have two.
 */
const char *money_format(int64_t minor, const char *currency,
    char buf[static DECIMAL_STR_MAX]);

/* For people: "1250.50 RUB". */
const char *money_text(int64_t minor, const char *currency,
    char buf[static DECIMAL_STR_MAX]);

/*
 * The sum of an order's line: price (1/10000) times quantity (1/1000), rounded
 * once, half away from zero, to minor units.
 */
const struct err *money_line(int64_t price, int64_t quantity,
    const char *currency, int64_t *minor) MUST_USE;

#endif
