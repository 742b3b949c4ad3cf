/* money.c - currencies and sums in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/money.h"

static void
test_places(void **state UNUSED)
{
	static const char *const none[] = { "BIF", "CLP", "DJF", "GNF", "ISK",
		"JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
		"XAF", "XOF", "XPF", "BYR" };
	static const char *const two[] = { "AED", "AMD", "AZN", "BYN", "CNY",
		"EUR", "GBP", "GEL", "KGS", "KZT", "MDL", "PLN", "RUB", "TRY",
		"UAH", "USD", "UZS", "ZWG" };
	static const char *const three[] = { "BHD", "IQD", "JOD", "KWD", "LYD",
		"OMR", "TND" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(none); i++)
		assert_int_equal(money_places(none[i]), 0);
	for (i = 0; i < ARRAY_LEN(two); i++)
		assert_int_equal(money_places(two[i]), 2);
	for (i = 0; i < ARRAY_LEN(three); i++)
		assert_int_equal(money_places(three[i]), 3);
}

static void
test_places_of_no_currency(void **state UNUSED)
{
	static const char *const bad[] = { "", "R", "RU", "RUBL", "RUR", "rub",
		"XXQ", "XAU", "XTS", "XXX", "ZZZ", "AAA", "EUR2",
		"\xe2\x82\xbd" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(money_places(bad[i]), -1);
}

/* A table out of order would lose some of its codes to the binary search. */
static void
test_every_code_is_found(void **state UNUSED)
{
	char code[4] = "";
	int found = 0;

	for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
		for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
			for (code[2] = 'A'; code[2] <= 'Z'; code[2]++)
				found += money_places(code) >= 0;
	assert_int_equal(found, 166);
}

static void
test_parse_and_format(void **state UNUSED)
{
	char buf[DECIMAL_STR_MAX];
	int64_t v;

	assert_null(money_parse("1250.5", "RUB", &v));
	assert_int_equal(v, 125050);
	assert_string_equal(money_format(v, "RUB", buf), "1250.50");
	assert_string_equal(money_text(v, "RUB", buf), "1250.50 RUB");
	assert_null(money_parse("1250", "JPY", &v));
	assert_int_equal(v, 1250);
	assert_string_equal(money_text(v, "JPY", buf), "1250 JPY");
	assert_null(money_parse("-0.005", "KWD", &v));
	assert_int_equal(v, -5);
	assert_string_equal(money_text(v, "KWD", buf), "-0.005 KWD");
	assert_string_equal(money_text(INT64_MIN, "KWD", buf),
	    "-9223372036854775.808 KWD");
}

static void
test_parse_refuses(void **state UNUSED)
{
	const struct err *err;
	int64_t v = 1;

	assert_non_null(money_parse("1250.5", "JPY", &v));
	assert_int_equal(v, 0);
	assert_non_null(money_parse("0.005", "RUB", &v));
	assert_non_null(money_parse("1 250", "RUB", &v));
	err = money_parse("1", "XXQ", &v);
	assert_non_null(err);
	assert_int_equal(err_some(err)->code, ERR_INPUT);
	assert_string_equal(err_some(err)->msg, "unknown currency 'XXQ'");
}

static void
test_line_is_rounded_once(void **state UNUSED)
{
	int64_t v;

	/* 99.90 * 3 */
	assert_null(money_line(999000, 3000, "RUB", &v));
	assert_int_equal(v, 29970);
	/* 0.333 kg at 10.05: 3.34665 */
	assert_null(money_line(100500, 333, "BYN", &v));
	assert_int_equal(v, 335);
	/* 1.0050 is half a kopeck: away from zero, either way */
	assert_null(money_line(10050, 1000, "RUB", &v));
	assert_int_equal(v, 101);
	assert_null(money_line(10050, -1000, "RUB", &v));
	assert_int_equal(v, -101);
	/* 0.0049 a piece, a hundred of them: not a hundred times zero */
	assert_null(money_line(49, 100000, "RUB", &v));
	assert_int_equal(v, 49);
	assert_null(money_line(15000, 1000, "JPY", &v));
	assert_int_equal(v, 2);
	assert_null(money_line(10005, 1000, "KWD", &v));
	assert_int_equal(v, 1001);
	assert_non_null(money_line(INT64_MAX, INT64_MAX, "RUB", &v));
	assert_int_equal(v, 0);
	assert_non_null(money_line(1, 1, "XXQ", &v));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_places_of_no_currency),
		cmocka_unit_test(test_every_code_is_found),
		cmocka_unit_test(test_parse_and_format),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_line_is_rounded_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
