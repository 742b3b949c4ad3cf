/* err.c - the one error type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/err.h"

static void
test_new(void **state UNUSED)
{
	const struct err *err = err_new(ERR_INPUT, "bad amount '%s'", "1,5");

	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg, "bad amount '1,5'");
}

static void
test_sys_tells_errno(void **state UNUSED)
{
	const struct err *err;

	errno = ENOENT;
	err = err_sys("cannot open %s", "shop.db");
	assert_int_equal(err->code, ERR_IO);
	assert_string_equal(err->msg,
	    "cannot open shop.db: No such file or directory");
}

static void
test_wrap_adds_context_and_keeps_the_code(void **state UNUSED)
{
	const struct err *inner = err_new(ERR_CONFLICT, "two of them");
	const struct err *err = err_wrap(inner, "%s:%d", "orders.csv", 7);

	assert_int_equal(err->code, ERR_CONFLICT);
	assert_string_equal(err->msg, "orders.csv:7: two of them");
	assert_string_equal(inner->msg, "two of them");
	assert_null(err_wrap(NULL, "no error"));
}

static void
test_long_messages_are_cut(void **state UNUSED)
{
	char text[2000];
	const struct err *err;
	int i;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err = err_new(ERR_IO, "%s", text);
	assert_int_equal(strlen(err->msg), sizeof(err->msg) - 1);
	for (i = 0; i < 3; i++) {
		err = err_wrap(err, "%s", text);
		assert_int_equal(strlen(err->msg), sizeof(err->msg) - 1);
	}
	errno = EIO;
	err = err_sys("%s", text);
	assert_int_equal(strlen(err->msg), sizeof(err->msg) - 1);
}

static void
test_the_last_errors_stay(void **state UNUSED)
{
	const struct err *err[ERR_RING];
	int i;

	for (i = 0; i < ERR_RING; i++)
		err[i] = err_new(ERR_INPUT, "error %d", i);
	for (i = 0; i < ERR_RING; i++)
		assert_int_equal(err[i]->msg[6], '0' + i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_sys_tells_errno),
		cmocka_unit_test(test_wrap_adds_context_and_keeps_the_code),
		cmocka_unit_test(test_long_messages_are_cut),
		cmocka_unit_test(test_the_last_errors_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
