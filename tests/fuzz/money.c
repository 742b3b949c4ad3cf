/*
 * money - what is read is written and read back unchanged, and the arithmetic
 * is exact or refused. The input is a number, a currency and three more numbers
 * to count with, a line each.
 */
#include "base/money.h"

#include "fuzz.h"

enum { LINE_NUMBER, LINE_CURRENCY, LINE_A, LINE_B, LINE_C, LINE_COUNT };

enum { PLACES_MAX = 18 };

__extension__ typedef __int128 wide;

static int64_t
scale_of(int places)
{
	int64_t scale = 1;

	while (places-- > 0)
		scale *= 10;
	return scale;
}

/* a / b, rounded half away from zero. */
static wide
divide(wide a, wide b)
{
	const wide n = a < 0 ? -a : a, d = b < 0 ? -b : b;
	const wide q = n / d + (n % d >= d - n % d);

	return (a < 0) != (b < 0) ? -q : q;
}

static bool
fits(wide v)
{
	return v >= INT64_MIN && v <= INT64_MAX;
}

static void
check_decimal(const char *s, int places)
{
	char buf[DECIMAL_STR_MAX];
	const struct err *err;
	int64_t v, back;

	err = decimal_parse(s, places, &v);
	need(err == NULL || (err->code == ERR_INPUT && v == 0));
	if (err != NULL)
		return;
	need(decimal_parse(decimal_format(v, places, buf), places, &back) ==
	     NULL);
	need(back == v);
	need(decimal_parse(decimal_short(v, places, buf), places, &back) ==
	     NULL);
	need(back == v);
	/* With one place more it is ten times as much, if that fits. */
	err = decimal_parse(s, places + 1, &back);
	need((err == NULL) == fits((wide)v * 10));
	need(err != NULL || back == v * 10);
	need(decimal_round(v, places) == divide(v, scale_of(places)));
}

static void
check_money(const char *s, const char *currency)
{
	char buf[DECIMAL_STR_MAX];
	const struct err *err;
	int64_t v, back;

	err = money_parse(s, currency, &v);
	need(err == NULL || err->code == ERR_INPUT);
	need(money_places(currency) >= 0 || err != NULL);
	if (err != NULL)
		return;
	money_format(v, currency, buf);
	need(money_parse(buf, currency, &back) == NULL && back == v);
	need(strncmp(money_text(v, currency, buf), buf, sizeof(buf)) == 0);
	need(strcmp(buf + strlen(buf) - 3, currency) == 0);
}

static void
check_arithmetic(int64_t a, int64_t b, int64_t c)
{
	const struct err *err;
	int64_t v;

	err = decimal_add(a, b, &v);
	need((err == NULL) == fits((wide)a + b));
	need(err != NULL || v == (wide)a + b);
	err = decimal_mul(a, b, &v);
	need((err == NULL) == fits((wide)a * b));
	need(err != NULL || v == (wide)a * b);
	err = decimal_muldiv(a, b, c, &v);
	if (c == 0) {
		need(err != NULL);
		return;
	}
	need((err == NULL) == fits(divide((wide)a * b, c)));
	need(err != NULL || v == divide((wide)a * b, c));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	char **lines;
	size_t count;
	int64_t v[3] = { 0 };
	int i;

	if (fuzz_lines(&a, data, size, LINE_COUNT, &lines, &count)) {
		for (i = 0; i < PLACES_MAX; i++)
			check_decimal(lines[LINE_NUMBER], i);
		if (count > LINE_CURRENCY)
			check_money(lines[LINE_NUMBER], lines[LINE_CURRENCY]);
		for (i = LINE_A; i < (int)count; i++)
			v[i - LINE_A] = strtoll(lines[i], NULL, 10);
		check_arithmetic(v[0], v[1], v[2]);
	}
	arena_free(&a);
	return 0;
}
