/* when_parts.h - what the files of when.h share, and nobody else. */
#ifndef BASE_WHEN_PARTS_H
#define BASE_WHEN_PARTS_H

#include "base/when.h"

#define MINUTE 60
#define HOUR   3600
#define DAY    86400

/* Quotient and rest that go on below 0: -1 second is on the day before. */
static inline int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static inline int64_t
floor_mod(int64_t a, int64_t b)
{
	return a % b + (a % b < 0 ? b : 0);
}

/* Read so many digits at *p and step over them; false when there are fewer. */
bool when_take_number(const char **p, int min_digits, int max_digits, int *out);

#endif
