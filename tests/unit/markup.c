/* markup.c - writing XML. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "io/markup.h"

static void
test_escapes(void **state UNUSED)
{
	struct markup m = { .depth = 0 };

	markup_leaf(&m, "a",
	    "<&>\" \x01\x1f\t\r\n\xEF\xBF\xBE\xEF\xBF\xBF"
	    "\xEF\xBB\xBFя");
	assert_string_equal(buf_str(&m.buf),
	    "\n<a>&lt;&amp;&gt;&quot; \t&#13;\n\xEF\xBB\xBFя</a>");
	buf_reset(&m.buf);
	markup_leaf(&m, "a", NULL);
	assert_string_equal(buf_str(&m.buf), "");
	markup_leaf_with(&m, "a", "b=\"1\"", "");
	assert_string_equal(buf_str(&m.buf), "\n<a b=\"1\"></a>");
	buf_free(&m.buf);
}

static void
test_nesting(void **state UNUSED)
{
	struct markup m = { .depth = 0 };

	markup_open(&m, "a", "b=\"1\"");
	markup_open(&m, "c", NULL);
	markup_close(&m, "c");
	markup_close(&m, "a");
	assert_string_equal(buf_str(&m.buf),
	    "\n<a b=\"1\">\n\t<c>\n\t</c>\n</a>");
	buf_free(&m.buf);
}

/* Of two, three and four bytes; the second and last are not in the set. */
static void
test_cp1251(void **state UNUSED)
{
	static const char text[] = "aЯ€₽é😀";
	struct buf b = { 0 };

	markup_to_cp1251(text, strlen(text), &b);
	assert_string_equal(buf_str(&b), "a\xDF\x88&#8381;&#233;&#128512;");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_nesting),
		cmocka_unit_test(test_cp1251),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
