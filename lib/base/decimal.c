/* decimal.c - exact decimal numbers kept as scaled integers. */
#include "base/decimal.h"

#include <ctype.h>
#include <string.h>

static uint64_t
magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

static int64_t
with_sign(uint64_t magnitude, bool negative)
{
	return (int64_t)(negative ? 0 - magnitude : magnitude);
}

/* 10^19 is the largest power of ten that fits. */
static uint64_t
power10(int n)
{
	uint64_t p = 1;

	while (n-- > 0)
		p *= 10;
	return p;
}

/* Append a digit to v, which is kept negative so that INT64_MIN fits too. */
static bool
push_digit(int64_t *v, int digit)
{
	return !__builtin_mul_overflow(*v, 10, v) &&
	       !__builtin_sub_overflow(*v, digit, v);
}

const struct err *
decimal_parse(const char *s, int places, int64_t *out)
{
	const char *p = s;
	bool negative = *p == '-', fits = true;
	int64_t v = 0;

	*out = 0;
	if (negative)
		p++;
	if (!isdigit((unsigned char)*p))
		return err_new(ERR_INPUT, "'%s' is not a number", s);
	for (; isdigit((unsigned char)*p); p++)
		fits = fits && push_digit(&v, *p - '0');
	if (p[0] == '.' && isdigit((unsigned char)p[1]))
		for (p++; isdigit((unsigned char)*p); p++) {
			if (places > 0)
				fits = fits && push_digit(&v, *p - '0');
			else if (*p != '0')
				return err_new(ERR_INPUT,
				    "'%s' has too many decimals", s);
			places--;
		}
	if (*p != '\0')
		return err_new(ERR_INPUT, "'%s' is not a number", s);
	for (; places > 0; places--)
		fits = fits && push_digit(&v, 0);
	if (!fits || (!negative && v == INT64_MIN))
		return err_new(ERR_INPUT, "'%s' is too large", s);
	*out = negative ? v : -v;
	return NULL;
}

const char *
decimal_format(int64_t v, int places, char buf[static DECIMAL_STR_MAX])
{
	char digits[DECIMAL_STR_MAX], *p = digits + sizeof(digits);
	uint64_t n = magnitude(v);
	int written = 0;

	/* By hand, from the end: an import writes many, printf is slow. */
	*--p = '\0';
	do {
		if (places != 0 && written == places)
			*--p = '.';
		*--p = (char)('0' + n % 10);
		n /= 10;
		written++;
	} while (n != 0 || written <= places);
	if (v < 0)
		*--p = '-';
	return memcpy(buf, p, (size_t)(digits + sizeof(digits) - p));
}

const char *
decimal_short(int64_t v, int places, char buf[static DECIMAL_STR_MAX])
{
	size_t len;

	decimal_format(v, places, buf);
	if (places == 0)
		return buf;
	len = strlen(buf);
	while (buf[len - 1] == '0')
		len--;
	if (buf[len - 1] == '.')
		len--;
	buf[len] = '\0';
	return buf;
}

int64_t
decimal_round(int64_t v, int drop)
{
	uint64_t scale, n;

	if (drop > 19)
		return 0;
	scale = power10(drop);
	n = magnitude(v) / scale;
	if (magnitude(v) % scale >= scale - magnitude(v) % scale)
		n++;
	return with_sign(n, v < 0);
}

/* The 128 bits of x * y: the high half returned, the low one in *low. */
static uint64_t
multiply(uint64_t x, uint64_t y, uint64_t *low)
{
	uint64_t x0 = x & UINT32_MAX, x1 = x >> 32;
	uint64_t y0 = y & UINT32_MAX, y1 = y >> 32;
	uint64_t mid1 = x1 * y0 + (x0 * y0 >> 32);
	uint64_t mid2 = x0 * y1 + (mid1 & UINT32_MAX);

	*low = x * y;
	return x1 * y1 + (mid1 >> 32) + (mid2 >> 32);
}

/*
 * Divide high:low by d, where high < d <= 2^63; *rest is the remainder. Long
 * division in base 2: each quotient bit takes the place of a spent bit of low.
 */
static uint64_t
divide(uint64_t high, uint64_t low, uint64_t d, uint64_t *rest)
{
	int i;

	if (high == 0) {
		*rest = low % d;
		return low / d;
	}
	for (i = 0; i < 64; i++) {
		high = high << 1 | low >> 63;
		low <<= 1;
		if (high >= d) {
			high -= d;
			low |= 1;
		}
	}
	*rest = high;
	return low;
}

const struct err *
decimal_muldiv(int64_t a, int64_t b, int64_t c, int64_t *out)
{
	bool negative = (a < 0) ^ (b < 0) ^ (c < 0);
	uint64_t most = (uint64_t)INT64_MAX + negative;
	uint64_t d = magnitude(c), high, low, n, rest;

	*out = 0;
	if (d == 0)
		return err_new(ERR_INPUT, "division by zero");
	high = multiply(magnitude(a), magnitude(b), &low);
	if (high >= d)
		return err_new(ERR_INPUT, "number is too large");
	n = divide(high, low, d, &rest);
	if (n > most || (n == most && rest >= d - rest))
		return err_new(ERR_INPUT, "number is too large");
	*out = with_sign(rest >= d - rest ? n + 1 : n, negative);
	return NULL;
}

const struct err *
decimal_add(int64_t a, int64_t b, int64_t *out)
{
	if (!__builtin_add_overflow(a, b, out))
		return NULL;
	*out = 0;
	return err_new(ERR_INPUT, "number is too large");
}

const struct err *
decimal_mul(int64_t a, int64_t b, int64_t *out)
{
	if (!__builtin_mul_overflow(a, b, out))
		return NULL;
	*out = 0;
	return err_new(ERR_INPUT, "number is too large");
}
