/* setting.c - what settings can be, and that a trial leaves no trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "crm/setting.h"

/* Every fallback is a value that could be set. */
static void
test_fallbacks(void **state)
{
	const struct setting *s;

	(void)state;
	for (s = setting_list; s->name != NULL; s++) {
		assert_non_null(s->help);
		assert_null(setting_check(s->name, s->fallback));
	}
}

static void
test_check(void **state)
{
	static const struct {
		const char *name, *value;
		bool good;
	} cases[] = {
		{ "country", "BY", true },
		{ "country", "B", false },
		{ "country", "BYN", false },
		{ "country", "bY", false },
		{ "currency", "BYR", true },
		{ "currency", "RU", false },
		{ "currency", "", false },
		{ "cutoff", "00:00", true },
		{ "cutoff", "23:59", true },
		{ "cutoff", "24:00", false },
		{ "cutoff", "16:60", false },
		{ "cutoff", "9:00", false },
		{ "cutoff", "16:00:00", false },
		{ "cutoff", "1600", false },
		{ "cutoff", "16", false },
		{ "cutoff", "", false },
		{ "double_minutes", "0", true },
		{ "double_minutes", "10080", true },
		{ "double_minutes", "10081", false },
		{ "double_minutes", "-1", false },
		{ "double_minutes", "1.5", false },
		{ "double_minutes", "", false },
		{ "site", "", false },
		{ "timezone", "Europe/Minsk", true },
		{ "timezone", "UTC", true },
		{ "timezone", "MSK-3", false },
		{ "timezone", "../etc/passwd", false },
		{ "timezone", "", false },
		{ "cut_off", "16:00", false },
		{ "", "", false },
	};
	const struct err *err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		err = setting_check(cases[i].name, cases[i].value);
		if ((err == NULL) != cases[i].good)
			fail_msg("%s = '%s'", cases[i].name, cases[i].value);
		if (err != NULL)
			assert_int_equal(err->code, ERR_INPUT);
	}
}

/* Looking whether a zone exists does not move the clock. */
static void
test_zone_stays(void **state)
{
	(void)state;
	assert_null(when_zone("Asia/Tbilisi"));
	assert_null(setting_check("timezone", "Europe/Minsk"));
	assert_string_equal(when_zone_name(), "Asia/Tbilisi");
	assert_non_null(setting_check("timezone", "Europe/Minks"));
	assert_string_equal(when_zone_name(), "Asia/Tbilisi");
	assert_int_equal(when_second_of_day(0), 4 * 3600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fallbacks),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_zone_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
