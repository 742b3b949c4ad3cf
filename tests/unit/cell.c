/* cell.c - numbers and times as spreadsheets write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"
#include "intake/cell.h"

static void
number(const char *in, char decimal, const char *out)
{
	struct arena a = { 0 };
	const char *text;

	assert_null(cell_number(in, decimal, &a, &text));
	assert_string_equal(text, out);
	arena_free(&a);
}

static void
test_numbers(void **state)
{
	(void)state;
	number("1250.50", 0, "1250.50");
	number("1250,50", 0, "1250.50");
	number("1 250,5", 0, "1250.5");
	number("1\302\240250,50", 0, "1250.50");
	number("1.250,50", 0, "1250.50");
	number("1,250.50", 0, "1250.50");
	number("1,250,000.5", 0, "1250000.5");
	number("1.250", 0, "1.250"); /* kilograms have three decimals */
	number("1,250", ',', "1.250");
	number("1,250", '.', "1250");
	number("-5,5", 0, "-5.5");
}

static void
test_what_may_be_either_is_refused(void **state)
{
	struct arena a = { 0 };
	const struct err *err;
	const char *text;

	(void)state;
	err = cell_number("1,250", 0, &a, &text);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	assert_non_null(cell_number("1,250,000", 0, &a, &text));
	arena_free(&a);
}

static void
test_times(void **state)
{
	int64_t t, iso;

	(void)state;
	assert_null(when_parse("2026-01-31 14:05", &iso));
	assert_null(cell_time("31.01.2026 14:05", NULL, &t));
	assert_int_equal(t, iso);
	assert_null(cell_time("31.01.2026 14:05:00", NULL, &t));
	assert_int_equal(t, iso);
	assert_null(cell_time("2026-01-31T14:05:00Z", NULL, &t));
	assert_int_equal(t, iso);
	assert_null(cell_time("01/31/26 14:05", "%m/%d/%y %H:%M", &t));
	assert_int_equal(t, iso);
	assert_non_null(cell_time("01/02/2026", NULL, &t));
	assert_non_null(cell_time("31.02.2026", NULL, &t));
	assert_non_null(cell_time("31.01.2026 25:05", NULL, &t));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_what_may_be_either_is_refused),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
