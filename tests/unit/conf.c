/* conf - what a file may say, and what it is told when it says something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../memfd.h"
#include "io/conf.h"

static const struct conf_key field_keys[] = {
	{ .name = "column", .kind = CONF_STR },
	{ .name = "required", .kind = CONF_BOOL },
	{ .name = "places", .kind = CONF_INT },
	{ .kind = CONF_END },
};

static const struct conf_key keys[] = {
	{ .name = "encoding", .kind = CONF_STR },
	{ .name = "limit", .kind = CONF_INT },
	{ .name = "strict", .kind = CONF_BOOL },
	{ .name = "names", .kind = CONF_LIST },
	{ .name = "field", .kind = CONF_SECTION, .keys = field_keys },
	{ .kind = CONF_END },
};

/* Read text as a file; path is left in name. */
static const struct err *
read_text(const char *text, struct conf **c, char name[static 32])
{
	int fd = memfd_of(text, strlen(text));
	const struct err *err;

	snprintf(name, 32, "/proc/self/fd/%d", fd);
	err = conf_read(name, keys, c);
	close(fd);
	return err;
}

static struct conf *
good(const char *text)
{
	const struct err *err;
	struct conf *c;
	char name[32];

	if ((err = read_text(text, &c, name)) != NULL)
		fail_msg("%s: %s", text, err->msg);
	return c;
}

/* Refused with "FILE:" and this. */
static void
bad(const char *text, const char *msg)
{
	const struct err *err;
	struct conf *c;
	char name[32];

	err = read_text(text, &c, name);
	assert_non_null(err);
	assert_null(c);
	assert_int_equal(err->code, ERR_CONFIG);
	assert_memory_equal(err->msg, name, strlen(name));
	assert_string_equal(err->msg + strlen(name) + 1, msg);
}

static void
test_values(void **state UNUSED)
{
	struct conf *c = good("# comment\n"
			      "encoding = \"windows-1251\"\n"
			      "limit = -42\n"
			      "strict = yes\n"
			      "names = {\"a\", 'б', c}\n");

	assert_string_equal(conf_str(c, "encoding"), "windows-1251");
	assert_int_equal(conf_int(c, "limit"), -42);
	assert_true(conf_bool(c, "strict"));
	assert_int_equal(conf_list_len(c, "names"), 3);
	assert_string_equal(conf_list_at(c, "names", 0), "a");
	assert_string_equal(conf_list_at(c, "names", 1), "б");
	assert_string_equal(conf_list_at(c, "names", 2), "c");
	assert_null(conf_list_at(c, "names", 3));
	conf_free(c);
}

static void
test_not_set(void **state UNUSED)
{
	struct conf *c = good("");

	assert_null(conf_str(c, "encoding"));
	assert_int_equal(conf_int(c, "limit"), 0);
	assert_false(conf_bool(c, "strict"));
	assert_int_equal(conf_list_len(c, "names"), 0);
	assert_int_equal(conf_section_len(c, "field"), 0);
	assert_null(conf_section_at(c, "field", 0));
	assert_int_equal(conf_line(c, "encoding"), 0);
	conf_free(c);
	conf_free(NULL);
}

static void
test_sections(void **state UNUSED)
{
	struct conf *c = good("field \"order_no\" {\n"
			      "\tcolumn = \"Номер\"\n"
			      "\trequired = true\n"
			      "}\n"
			      "field total { places = 2 }\n");
	const struct conf *f;

	assert_int_equal(conf_section_len(c, "field"), 2);
	f = conf_section_at(c, "field", 0);
	assert_string_equal(conf_title(f), "order_no");
	assert_string_equal(conf_str(f, "column"), "Номер");
	assert_true(conf_bool(f, "required"));
	assert_int_equal(conf_line(f, "column"), 2);
	f = conf_section_at(c, "field", 1);
	assert_string_equal(conf_title(f), "total");
	assert_int_equal(conf_int(f, "places"), 2);
	assert_null(conf_str(f, "column"));
	conf_free(c);
}

/* libConfuse itself miscounts after comments and takes none in a list. */
static void
test_lines_and_comments(void **state UNUSED)
{
	struct conf *c = good("# one\n"
			      "// two\n"
			      "//three\n"
			      "/* four\n"
			      "   five */ limit = 6 # six\n"
			      "names = { a, # seven\n"
			      "          b } // eight\n"
			      "encoding = http://x/#y\n"
			      "strict = on");

	assert_int_equal(conf_line(c, "limit"), 5);
	assert_int_equal(conf_line(c, "names"), 6);
	assert_int_equal(conf_line(c, "encoding"), 8);
	assert_int_equal(conf_line(c, "strict"), 9);
	assert_int_equal(conf_list_len(c, "names"), 2);
	assert_string_equal(conf_str(c, "encoding"), "http://x/");
	conf_free(c);
}

static void
test_strings(void **state UNUSED)
{
	struct conf *c;

	setenv("CRM_TEST_VALUE", "a \"b\" # {c}", 1);
	c = good("encoding = \"# // /* { ${CRM_TEST_VALUE} \\\" \\\\ \\t\"");
	assert_string_equal(conf_str(c, "encoding"),
	    "# // /* { a \"b\" # {c} \" \\ \t");
	conf_free(c);
	c = good("encoding = '${CRM_TEST_VALUE} it\\'s \\d \"'");
	assert_string_equal(conf_str(c, "encoding"),
	    "${CRM_TEST_VALUE} it's \\d \"");
	conf_free(c);
	c = good("encoding = \"two\nlines\"\nlimit = 1");
	assert_string_equal(conf_str(c, "encoding"), "two\nlines");
	assert_int_equal(conf_line(c, "limit"), 3);
	conf_free(c);
	unsetenv("CRM_TEST_VALUE");
}

static void
test_mark_and_crlf(void **state UNUSED)
{
	struct conf *c = good("\xEF\xBB\xBFlimit = 1\r\nstrict = no\r\n");

	assert_int_equal(conf_int(c, "limit"), 1);
	assert_false(conf_bool(c, "strict"));
	assert_int_equal(conf_line(c, "strict"), 2);
	conf_free(c);
}

static void
test_last_value_counts(void **state UNUSED)
{
	struct conf *c = good("limit = 1\nlimit = 2\n");

	assert_int_equal(conf_int(c, "limit"), 2);
	assert_int_equal(conf_line(c, "limit"), 2);
	conf_free(c);
}

static void
test_unknown_keys(void **state UNUSED)
{
	bad("\nencodin = x\n", "2: unknown key 'encodin', did you mean "
			       "'encoding'?");
	bad("# c\n\nfield a {\n\tcolum = x\n}\n",
	    "4: unknown key 'colum', did you mean 'column'?");
	bad("zzzzzzzzz = 1\n", "1: unknown key 'zzzzzzzzz'");
}

static void
test_bad_values(void **state UNUSED)
{
	bad("limit = ten\n", "1: 'limit' is not a whole number");
	bad("limit = 1.5\n", "1: 'limit' is not a whole number");
	bad("limit = 99999999999999999999\n",
	    "1: 'limit' is not a whole number");
	bad("\n\nstrict = maybe\n", "3: 'strict' is neither true nor false");
	bad("field a { places = x }\n", "1: 'places' is not a whole number");
}

static void
test_bad_syntax(void **state UNUSED)
{
	bad("limit\n", "2: premature end of file");
	bad("limit 5\n", "1: missing equal sign after option 'limit'");
	bad("field { }\n", "1: missing title for section 'field'");
	bad("}\n", "1: unexpected closing brace");
	bad("field a { places = 1 }\nfield a { places = 2 }\n",
	    "2: found duplicate title 'a'");
	bad("\nfield a {\n\tplaces = 1\n", "2: '{' without its end");
	bad("encoding = \"x\n\nlimit = 1\n", "1: quote without its end");
	bad("\nencoding = 'x\n", "2: quote without its end");
	bad("limit = 1\n/* x\n", "2: comment without its end");
	bad("encoding = ${HOME}\n", "1: ${...} needs double quotes");
	bad("encoding = \"\\x00\"\n",
	    "1: a character is written as itself, not by its number");
	bad("encoding = \"\\777\"\n",
	    "1: a character is written as itself, not by its number");
	bad("limit = 1\nencoding = \"\xFF\"\n", "2: bad UTF-8");
}

/* libConfuse's scanner would go on inside the string of the last file. */
static void
test_reading_after_an_error(void **state UNUSED)
{
	struct conf *c;

	bad("encoding = \"x\n", "1: quote without its end");
	bad("encoding = \"${a\"}\n", "1: quote without its end");
	bad("field a { q = \"x\" }", "1: unknown key 'q'");
	c = good("limit = 7");
	assert_int_equal(conf_int(c, "limit"), 7);
	conf_free(c);
}

static void
test_bad_utf8_from_the_environment(void **state UNUSED)
{
	setenv("CRM_TEST_VALUE", "\xFF", 1);
	bad("encoding = \"${CRM_TEST_VALUE}\"", "1: bad UTF-8 in 'encoding'");
	bad("field \"${CRM_TEST_VALUE}\" { }", "1: bad UTF-8 in 'field'");
	unsetenv("CRM_TEST_VALUE");
}

static void
test_files(void **state UNUSED)
{
	const struct err *err;
	struct conf *c;

	err = conf_read("/nonexistent/crm.conf", keys, &c);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_CONFIG);
	assert_string_equal(err->msg,
	    "/nonexistent/crm.conf: No such file or directory");
	err = conf_read("/", keys, &c);
	assert_non_null(err);
	assert_string_equal(err->msg, "/: Is a directory");
	assert_null(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_not_set),
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_lines_and_comments),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_mark_and_crlf),
		cmocka_unit_test(test_last_value_counts),
		cmocka_unit_test(test_unknown_keys),
		cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_bad_syntax),
		cmocka_unit_test(test_reading_after_an_error),
		cmocka_unit_test(test_bad_utf8_from_the_environment),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
