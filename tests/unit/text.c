/* text.c - UTF-8 text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static void
test_valid_utf8(void **state UNUSED)
{
	static const char *const good[] = { "", "a", "plain ASCII, long enough",
		"Москва", "\u20ac", "\U0001f600", "\xed\x9f\xbf",
		"\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\xc2\x80", "\xe0\xa0\x80",
		"\xf0\x90\x80\x80", "\xef\xbf\xbf",
		"sixteen bytes, then \u042f and ASCII again" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++)
		assert_int_equal(text_utf8_valid(good[i], strlen(good[i])),
		    strlen(good[i]));
	assert_int_equal(text_utf8_valid("a\0b", 3), 3);
}

static void
test_invalid_utf8(void **state UNUSED)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc2", "\xc2 ", "\xc2\xc2", "\xe0\x9f\xbf",
		"\xe2\x82", "\xe2\x82 ", "\xe2 \x82", "\xed\xa0\x80",
		"\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x98",
		"\xf0\x9f\x98 ", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe",
		"\xff" };
	static const char before[] = "abcdefgh\u0436";
	char text[32];
	size_t i, len = strlen(before);

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(text, sizeof(text), "%s%s", before, bad[i]);
		assert_int_equal(text_utf8_valid(bad[i], strlen(bad[i])), 0);
		assert_int_equal(text_utf8_valid(text, len + strlen(bad[i])),
		    len);
	}
	/* what stands after the end is not looked at */
	assert_int_equal(text_utf8_valid("a\u0436", 2), 1);
}

static void
test_repair_keeps_what_can_be_read(void **state UNUSED)
{
	static const char raw[] = "a\0\xff\xd0\xb6\xd0";
	struct arena a = { 0 };

	assert_string_equal(text_repair(&a, raw, sizeof(raw) - 1),
	    "a??\u0436?");
	assert_string_equal(text_repair(&a, "", 0), "");
	arena_free(&a);
}

/* A bad byte is found wherever it stands in the eight that are read at once. */
static void
test_ascii_is_checked_to_the_byte(void **state UNUSED)
{
	char text[40];
	size_t i, len;

	for (len = 1; len < sizeof(text); len++)
		for (i = 0; i < len; i++) {
			memset(text, 'a', len);
			assert_int_equal(text_utf8_valid(text, len), len);
			text[i] = (char)0xff;
			assert_int_equal(text_utf8_valid(text, len), i);
		}
}

static void
same(const char *x, const char *y)
{
	struct arena a = { 0 };

	assert_string_equal(text_fold(&a, x), text_fold(&a, y));
	arena_free(&a);
}

static void
differ(const char *x, const char *y)
{
	struct arena a = { 0 };

	assert_string_not_equal(text_fold(&a, x), text_fold(&a, y));
	arena_free(&a);
}

static void
test_same(void **state UNUSED)
{
	const char one[] = "SKU-1", again[] = "SKU-1";

	assert_true(text_same(one, again));
	assert_true(text_same(NULL, NULL));
	assert_false(text_same(one, "SKU-2"));
	assert_false(text_same(one, NULL));
	assert_false(text_same(NULL, ""));
}

static void
test_fold(void **state UNUSED)
{
	struct arena a = { 0 };

	assert_string_equal(text_fold(&a, ""), "");
	assert_string_equal(text_fold(&a, "ABC xyz 09 [@`{"),
	    "abc xyz 09 [@`{");
	assert_string_equal(text_fold(&a, "МОСКВА Ё"), "москва ё");
	arena_free(&a);
	same("Straße", "STRASSE");
	same("ΣΊΣΥΦΟΣ", "σίσυφος");
	same("Ž", "ž");
	/* composed and decomposed */
	same("\u0439", "\u0438\u0306");
	same("\u0419", "\u0438\u0306");
	same("\u00e9", "E\u0301");
	same("\u212b", "\u00e5");
	/* the iota subscript before and after the accent: one letter */
	same("\u03b1\u0345\u0301", "\u03b1\u0301\u0345");
	/* letters of their own */
	differ("ёлка", "елка");
	differ("й", "и");
	differ("a", "а");
	/* compatibility forms are not what was typed */
	differ("\u2460", "1");
}

static void
test_fold_twice_is_fold(void **state UNUSED)
{
	static const char *const texts[] = { "Straße", "\u0130stanbul",
		"\u1f82 \ufb03", "Й\u0306", "\u01c5", "\u1e9e",
		"\u03b1\u0345" };
	struct arena a = { 0 };
	const char *once;
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++) {
		once = text_fold(&a, texts[i]);
		assert_string_equal(text_fold(&a, once), once);
	}
	arena_free(&a);
}

static void
test_trim(void **state UNUSED)
{
	struct arena a = { 0 };

	assert_string_equal(text_trim(&a, ""), "");
	assert_string_equal(text_trim(&a, " \t\r\n"), "");
	assert_string_equal(text_trim(&a, "a"), "a");
	assert_string_equal(text_trim(&a, "\t a  b \n"), "a  b");
	assert_null(text_line(&a, NULL));
	assert_string_equal(text_line(&a, ""), "");
	assert_string_equal(text_line(&a, " a  b "), " a  b ");
	assert_string_equal(text_line(&a, "\r\na \r\n\r\n b\tc\n"), "a b c");
	assert_string_equal(text_line(&a, "\n"), "");
	assert_string_equal(text_trim(&a,
				"\ufeff\u00a0Ян\u202f Бо\u200b\u3000"),
	    "Ян\u202f Бо");
	assert_string_equal(text_trim(&a, "\u2060\u200d\xc2\x85\u2028"), "");
	assert_string_equal(text_trim(&a, "\u0301 -"), "\u0301 -");
	arena_free(&a);
}

static void
test_width(void **state UNUSED)
{
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("Soap"), 4);
	assert_int_equal(text_width("Мыло"), 4);
	assert_int_equal(text_width("и\u0306"), 1);
	assert_int_equal(text_width("日本"), 4);
	assert_int_equal(text_width("\U0001f600"), 2);
	assert_int_equal(text_width("a\u200bb"), 2);
}

static void
test_prefix(void **state UNUSED)
{
	assert_int_equal(text_prefix("Soap", 0), 0);
	assert_int_equal(text_prefix("Soap", 3), 3);
	assert_int_equal(text_prefix("Soap", 9), 4);
	assert_int_equal(text_prefix("Мыло", 3), 6);
	/* a wide character is not cut in two */
	assert_int_equal(text_prefix("日本", 3), 3);
	/* an accent stays with its letter */
	assert_int_equal(text_prefix("и\u0306и\u0306", 1), 4);
}

static void
test_nearest(void **state UNUSED)
{
	static const char *const fields[] = { "status", "status_at", "group",
		"placed_at", "manager", "id", NULL };
	static const char *const none[] = { NULL };
	char big[200];

	assert_string_equal(text_nearest("status", fields), "status");
	assert_string_equal(text_nearest("stauts", fields), "status");
	assert_string_equal(text_nearest("statu", fields), "status");
	assert_string_equal(text_nearest("groups", fields), "group");
	assert_string_equal(text_nearest("placed-at", fields), "placed_at");
	assert_string_equal(text_nearest("mnagaer", fields), "manager");
	assert_null(text_nearest("colour", fields));
	assert_null(text_nearest("ix", fields));
	assert_null(text_nearest("", fields));
	assert_null(text_nearest("status", none));
	memset(big, 's', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	assert_null(text_nearest(big, fields));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid_utf8),
		cmocka_unit_test(test_invalid_utf8),
		cmocka_unit_test(test_repair_keeps_what_can_be_read),
		cmocka_unit_test(test_ascii_is_checked_to_the_byte),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_fold),
		cmocka_unit_test(test_fold_twice_is_fold),
		cmocka_unit_test(test_trim),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
