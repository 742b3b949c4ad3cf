/* decimal.c - exact decimal numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decimal.h"

static const struct {
	const char *text;
	int places;
	int64_t value;
} good[] = {
	{ "0", 2, 0 },
	{ "12.50", 2, 1250 },
	{ "12.5", 2, 1250 },
	{ "12", 2, 1200 },
	{ "-0.05", 2, -5 },
	{ "-0.00", 2, 0 },
	{ "-0", 2, 0 },
	{ "007", 0, 7 },
	{ "1.5000000000000000000000000", 1, 15 },
	{ "1.000", 0, 1 },
	{ "0.0000000000000000001", 19, 1 },
	{ "9223372036854775807", 0, INT64_MAX },
	{ "-9223372036854775808", 0, INT64_MIN },
	{ "92233720368547758.07", 2, INT64_MAX },
	{ "-92233720368547758.08", 2, INT64_MIN },
	{ "000000000000000000000000000001", 2, 100 },
};

static void
test_parse(void **state UNUSED)
{
	int64_t v;
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++) {
		assert_null(decimal_parse(good[i].text, good[i].places, &v));
		assert_int_equal(v, good[i].value);
	}
}

static void
test_parse_refuses(void **state UNUSED)
{
	static const char *const bad[] = { "", "-", ".", "+1", " 1", "1 ",
		"1e5", "1,5", "1.", ".5", "-.5", "--1", "1.2.3", "1.-2", "0x1",
		"1.005", "0.001", "nan", "inf", "1\u00a0000", "\xd9\xa1",
		"9223372036854775808", "92233720368547758.08",
		"-92233720368547758.09", "99999999999999999999" };
	const struct err *err;
	int64_t v;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		v = 1;
		err = decimal_parse(bad[i], 2, &v);
		if (err == NULL)
			fail_msg("'%s' was taken", bad[i]);
		else
			assert_int_equal(err->code, ERR_INPUT);
		assert_int_equal(v, 0);
	}
}

static void
test_format(void **state UNUSED)
{
	char buf[DECIMAL_STR_MAX];

	assert_string_equal(decimal_format(1250, 2, buf), "12.50");
	assert_string_equal(decimal_format(-5, 2, buf), "-0.05");
	assert_string_equal(decimal_format(0, 3, buf), "0.000");
	assert_string_equal(decimal_format(-7, 0, buf), "-7");
	assert_string_equal(decimal_format(INT64_MIN, 2, buf),
	    "-92233720368547758.08");
	assert_string_equal(decimal_format(INT64_MIN, 19, buf),
	    "-0.9223372036854775808");
}

static void
test_short(void **state UNUSED)
{
	char buf[DECIMAL_STR_MAX];

	assert_string_equal(decimal_short(1500, 3, buf), "1.5");
	assert_string_equal(decimal_short(2000, 3, buf), "2");
	assert_string_equal(decimal_short(-10, 3, buf), "-0.01");
	assert_string_equal(decimal_short(0, 3, buf), "0");
	assert_string_equal(decimal_short(100, 0, buf), "100");
}

static void
test_format_then_parse_is_identity(void **state UNUSED)
{
	char buf[DECIMAL_STR_MAX];
	uint64_t r = 1;
	int64_t v, back;
	int i, places;

	for (i = 0; i < 20000; i++) {
		r = r * UINT64_C(6364136223846793005) + 1442695040888963407;
		v = (int64_t)(r >> (i % 64));
		places = i % 20;
		decimal_format(v, places, buf);
		assert_null(decimal_parse(buf, places, &back));
		assert_int_equal(back, v);
		decimal_short(v, places, buf);
		assert_null(decimal_parse(buf, places, &back));
		assert_int_equal(back, v);
	}
}

static void
test_round_half_away_from_zero(void **state UNUSED)
{
	assert_int_equal(decimal_round(1249, 1), 125);
	assert_int_equal(decimal_round(1244, 1), 124);
	assert_int_equal(decimal_round(1245, 1), 125);
	assert_int_equal(decimal_round(-1245, 1), -125);
	assert_int_equal(decimal_round(-1244, 1), -124);
	assert_int_equal(decimal_round(49, 2), 0);
	assert_int_equal(decimal_round(50, 2), 1);
	assert_int_equal(decimal_round(-50, 2), -1);
	assert_int_equal(decimal_round(7, 0), 7);
	assert_int_equal(decimal_round(INT64_MIN, 0), INT64_MIN);
	assert_int_equal(decimal_round(INT64_MAX, 18), 9);
	assert_int_equal(decimal_round(INT64_MAX, 19), 1);
	assert_int_equal(decimal_round(INT64_MIN, 19), -1);
	assert_int_equal(decimal_round(INT64_MAX, 20), 0);
	assert_int_equal(decimal_round(INT64_MAX, 100), 0);
}

static const struct {
	int64_t a, b, c, result;
} quotients[] = {
	{ 7, 3, 2, 11 },
	{ -7, 3, 2, -11 },
	{ 7, -3, -2, 11 },
	{ -7, -3, -2, -11 },
	{ 1, 1, 3, 0 },
	{ 2, 1, 3, 1 },
	{ 0, 5, -3, 0 },
	{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
	{ INT64_MIN, INT64_MAX, INT64_MAX, INT64_MIN },
	{ INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN },
	{ INT64_MIN, 1, 1, INT64_MIN },
	{ INT64_MAX, INT64_MAX - 1, INT64_MAX, INT64_MAX - 1 },
	{ 6148914691236517205, -3, 2, INT64_MIN }, /* -2^63 + 1/2 */
	/* 10^36 / (2 * 10^18), then a rest of a half and of less */
	{ 1000000000000000000, 1000000000000000000, 2000000000000000000,
	    500000000000000000 },
	{ 3000000000000000001, 1000000000000000000, 2000000000000000000,
	    1500000000000000001 },
	{ 2999999999999999999, 1000000000000000000, 2000000000000000001,
	    1499999999999999999 },
};

static void
test_muldiv(void **state UNUSED)
{
	int64_t v;
	size_t i;

	for (i = 0; i < ARRAY_LEN(quotients); i++) {
		assert_null(decimal_muldiv(quotients[i].a, quotients[i].b,
		    quotients[i].c, &v));
		assert_int_equal(v, quotients[i].result);
	}
}

/* (q * c + r) / c is q when the rest r is below half of c, else one more. */
static void
test_muldiv_rounds_exactly_at_half(void **state UNUSED)
{
	const int64_t c = INT64_C(1000000007) * 2;
	int64_t q, v;

	for (q = 1; q < INT64_C(4000000000); q = q * 7 + 3) {
		assert_null(decimal_muldiv(q * c + c / 2 - 1, 1, c, &v));
		assert_int_equal(v, q);
		assert_null(decimal_muldiv(q * c + c / 2, 1, c, &v));
		assert_int_equal(v, q + 1);
		assert_null(decimal_muldiv(q * c + c / 2, c, c, &v));
		assert_int_equal(v, q * c + c / 2);
		assert_null(decimal_muldiv(-q * c - c / 2, c, c, &v));
		assert_int_equal(v, -q * c - c / 2);
	}
}

static void
test_muldiv_refuses(void **state UNUSED)
{
	int64_t v = 1;

	assert_non_null(decimal_muldiv(1, 1, 0, &v));
	assert_int_equal(v, 0);
	assert_non_null(decimal_muldiv(INT64_MAX, 2, 1, &v));
	assert_non_null(decimal_muldiv(INT64_MIN, 1, -1, &v));
	assert_non_null(decimal_muldiv(INT64_MIN, INT64_MIN, 1, &v));
	/* 2^63 - 1/2: it is the rounding that does not fit */
	assert_non_null(decimal_muldiv(6148914691236517205, 3, 2, &v));
	assert_int_equal(v, 0);
}

static void
test_add_and_mul_are_checked(void **state UNUSED)
{
	int64_t v;

	assert_null(decimal_add(INT64_MAX, -1, &v));
	assert_int_equal(v, INT64_MAX - 1);
	assert_non_null(decimal_add(INT64_MAX, 1, &v));
	assert_int_equal(v, 0);
	assert_null(decimal_mul(-3, 5, &v));
	assert_int_equal(v, -15);
	assert_non_null(decimal_mul(INT64_MIN, -1, &v));
	assert_int_equal(v, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_format_then_parse_is_identity),
		cmocka_unit_test(test_round_half_away_from_zero),
		cmocka_unit_test(test_muldiv),
		cmocka_unit_test(test_muldiv_rounds_exactly_at_half),
		cmocka_unit_test(test_muldiv_refuses),
		cmocka_unit_test(test_add_and_mul_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
