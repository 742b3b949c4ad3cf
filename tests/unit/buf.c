/* buf.c - a byte string that grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buf.h"

static void
test_empty(void **state UNUSED)
{
	struct buf b = { 0 };

	assert_string_equal(buf_str(&b), "");
	buf_add(&b, "", 0);
	buf_adds(&b, "");
	assert_int_equal(b.len, 0);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
}

static void
test_adding(void **state UNUSED)
{
	struct buf b = { 0 };

	buf_adds(&b, "order ");
	buf_addc(&b, '#');
	buf_add(&b, "12345", 2);
	buf_printf(&b, " of %d %s", 2026, "year");
	assert_string_equal(buf_str(&b), "order #12 of 2026 year");
	assert_int_equal(b.len, strlen(buf_str(&b)));
	assert_int_equal(b.data[b.len], '\0');
	buf_free(&b);
}

static void
test_bytes_may_be_nul(void **state UNUSED)
{
	struct buf b = { 0 };

	buf_add(&b, "a\0b", 3);
	buf_addc(&b, '\0');
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, "a\0b\0", 5);
	buf_free(&b);
}

static void
test_growing_keeps_what_was_there(void **state UNUSED)
{
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	buf_printf(&b, "%5000d", 7);
	assert_int_equal(b.len, 105000);
	for (i = 0; i < 100000; i++)
		assert_int_equal(b.data[i], 'a' + i % 26);
	assert_int_equal(b.data[104999], '7');
	assert_int_equal(strlen(buf_str(&b)), 105000);
	buf_free(&b);
}

static void
test_room_is_written_by_the_caller(void **state UNUSED)
{
	struct buf b = { 0 };
	char *to;

	buf_adds(&b, "ab");
	to = buf_room(&b, 1000);
	memset(to, 'x', 1000);
	assert_int_equal(b.len, 2);
	b.len += 3;
	assert_string_equal(buf_str(&b), "abxxx");
	buf_free(&b);
}

static void
test_reset_keeps_memory_and_free_does_not(void **state UNUSED)
{
	struct buf b = { 0 };
	size_t cap;

	buf_adds(&b, "something");
	cap = b.cap;
	buf_reset(&b);
	assert_string_equal(buf_str(&b), "");
	assert_int_equal(b.cap, cap);
	buf_adds(&b, "other");
	assert_string_equal(buf_str(&b), "other");
	buf_free(&b);
	assert_null(b.data);
	assert_int_equal(b.len + b.cap, 0);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_adding),
		cmocka_unit_test(test_bytes_may_be_nul),
		cmocka_unit_test(test_growing_keeps_what_was_there),
		cmocka_unit_test(test_room_is_written_by_the_caller),
		cmocka_unit_test(test_reset_keeps_memory_and_free_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
