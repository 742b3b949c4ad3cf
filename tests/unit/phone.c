/* phone.c - phone numbers come out as E.164, or as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crm/phone.h"

static void
expect(const char *in, const char *country, const char *out)
{
	struct arena a = { 0 };

	assert_string_equal(phone_normal(in, country, &a), out);
	arena_free(&a);
}

static void
test_national_forms_of_their_country(void **state)
{
	(void)state;
	expect("8 (916) 123-45-67", "RU", "+79161234567");
	expect("916 123 45 67", "RU", "+79161234567");
	expect("7 916 123 45 67", "RU", "+79161234567");
	expect("80 29 123-45-67", "BY", "+375291234567");
	expect("8 029 123 45 67", "BY", "+375291234567");
	expect("29 123 45 67", "BY", "+375291234567");
	expect("375291234567", "BY", "+375291234567");
	expect("067 123 45 67", "UA", "+380671234567");
}

static void
test_international_forms_of_any_country(void **state)
{
	(void)state;
	expect("+44 20 7946 0000", "BY", "+442079460000");
	expect("0044 20 7946 0000", "BY", "+442079460000");
	expect("+375 (29) 123-45-67", NULL, "+375291234567");
}

static void
test_what_is_no_number_stays_as_it_was(void **state)
{
	(void)state;
	expect("  12 ", "RU", "12");
	expect("ask for Anna", "RU", "ask for Anna");
	expect("123-45-67 ext. 12", "RU", "123-45-67 ext. 12");
	expect("+1234567890123456", "RU", "+1234567890123456");
	expect("89161234567", NULL, "89161234567");
	expect("", "RU", "");
}

static void
test_only_e164_identifies(void **state)
{
	(void)state;
	assert_true(phone_is_e164("+79161234567"));
	assert_false(phone_is_e164("79161234567"));
	assert_false(phone_is_e164("+7916"));
	assert_false(phone_is_e164("+7916123456789012"));
	assert_false(phone_is_e164("+7916123456x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_national_forms_of_their_country),
		cmocka_unit_test(test_international_forms_of_any_country),
		cmocka_unit_test(test_what_is_no_number_stays_as_it_was),
		cmocka_unit_test(test_only_e164_identifies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
