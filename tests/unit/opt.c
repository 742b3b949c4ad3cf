/* opt.c - promises of lib/cli/opt.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/opt.h"

static struct {
	bool flag;
	int count, format;
	int64_t number;
	const char *text, *choice;
	struct opt_list list;
} given;

static const char *const colours[] = { "red", "green", NULL };

static const struct opt included[] = {
	OPT_COUNT('v', "verbose", &given.count, "say more"),
	OPT_SET(0, "json", &given.format, 7, "write JSON"),
	OPT_END,
};

static const struct opt table[] = {
	OPT_FLAG('f', "force", &given.flag, "do it all the same"),
	OPT_INT('i', "int", &given.number, "n", "a number"),
	OPT_FILE('o', "output", &given.text, "write here"),
	OPT_CHOICE('c', "colour", &given.choice, "name", colours, "paint it"),
	OPT_LIST(0, "map", &given.list, "name=value", "may be repeated"),
	OPT_TABLE(included),
	OPT_END,
};

/* The words of a command line, in argv as main() would have it. */
static const struct err *
parse(const char *line, int *argc, char **argv)
{
	static char words[1024];
	char *word, *rest = words;

	memset(&given, 0, sizeof(given));
	snprintf(words, sizeof(words), "%s", line);
	for (*argc = 0; (word = strsep(&rest, " ")) != NULL; ++*argc)
		argv[*argc] = word;
	return opt_parse(table, argc, argv);
}

static void
takes(const char *line, const char *operands)
{
	const struct err *err;
	char *argv[128], joined[256] = "";
	size_t len = 0;
	int i, argc;

	err = parse(line, &argc, argv);
	if (err != NULL)
		fail_msg("%s: %s", line, err->msg);
	for (i = 0; i < argc; i++)
		len += (size_t)snprintf(joined + len, sizeof(joined) - len,
		    "%s%s", i == 0 ? "" : " ", argv[i]);
	assert_string_equal(joined, operands);
}

static void
refuses(const char *line, const char *message)
{
	const struct err *err;
	char *argv[128];
	int argc;

	err = parse(line, &argc, argv);
	if (err == NULL)
		fail_msg("%s: taken", line);
	assert_int_equal(err->code, ERR_USAGE);
	assert_string_equal(err->msg, message);
}

static void
every_kind_is_stored(void **state UNUSED)
{
	takes("-f -i -5 -o x -c red --json -v -v", "");
	assert_true(given.flag);
	assert_int_equal(given.number, -5);
	assert_string_equal(given.text, "x");
	assert_string_equal(given.choice, "red");
	assert_int_equal(given.format, 7);
	assert_int_equal(given.count, 2);
}

static void
arguments_are_taken_in_every_form(void **state UNUSED)
{
	static const char *const forms[] = { "-fvvofile", "-fvvo file",
		"-fvv --output=file", "-f --output file -vv" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(forms); i++) {
		takes(forms[i], "");
		assert_string_equal(given.text, "file");
		assert_true(given.flag);
		assert_int_equal(given.count, 2);
	}
	takes("--output=", "");
	assert_string_equal(given.text, "");
	takes("--output=a=b", "");
	assert_string_equal(given.text, "a=b");
	takes("-o --force", ""); /* an argument, whatever it looks like */
	assert_string_equal(given.text, "--force");
	assert_false(given.flag);
}

static void
operands_and_options_mix(void **state UNUSED)
{
	takes("a -f b - c", "a b - c");
	assert_true(given.flag);
	takes("a -- -f --x --", "a -f --x --");
	assert_false(given.flag);
	takes("--", "");
}

static void
lists_keep_their_order(void **state UNUSED)
{
	char line[1024] = "";
	size_t i, len = 0;

	takes("--map a=1 x --map=b=2", "x");
	assert_int_equal(given.list.len, 2);
	assert_string_equal(given.list.v[0], "a=1");
	assert_string_equal(given.list.v[1], "b=2");

	for (i = 0; i <= OPT_LIST_MAX; i++)
		len += (size_t)snprintf(line + len, sizeof(line) - len,
		    "%s--map=x", i == 0 ? "" : " ");
	refuses(line, "option '--map' can be given 64 times and no more");
}

static void
wrong_usage_names_the_option(void **state UNUSED)
{
	refuses("-x", "unknown option '-x'");
	refuses("-fx", "unknown option '-x'");
	refuses("--zzzzzz", "unknown option '--zzzzzz'");
	refuses("--force=1", "option '--force' takes no argument");
	refuses("-o", "option '-o' needs an argument");
	refuses("--output", "option '--output' needs an argument");
	refuses("--colour=blue",
	    "option '--colour' cannot be 'blue'; choose from red, green");
}

static void
a_wrong_argument_names_its_option(void **state UNUSED)
{
	const struct err *err =
	    opt_wrong("at", err_new(ERR_INPUT, "'x' is no time"));

	assert_null(opt_wrong("at", NULL));
	assert_int_equal(err->code, ERR_USAGE);
	assert_string_equal(err->msg, "option '--at': 'x' is no time");
}

static void
names_are_not_abbreviated_but_guessed(void **state UNUSED)
{
	refuses("--outpu=x",
	    "unknown option '--outpu'; did you mean '--output'?");
	refuses("--verbos",
	    "unknown option '--verbos'; did you mean '--verbose'?");
}

static void
numbers_are_whole(void **state UNUSED)
{
	static const char *const bad[] = { "", "1x", "0x10", "1.0",
		"9223372036854775808", "\t1" };
	char line[64], message[128];
	size_t i;

	takes("-i 9223372036854775807", "");
	assert_true(given.number == INT64_MAX);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(line, sizeof(line), "--int=%s", bad[i]);
		snprintf(message, sizeof(message),
		    "option '--int' needs a whole number, not '%s'", bad[i]);
		refuses(line, message);
	}
}

static void
text_is_utf8(void **state UNUSED)
{
	takes("--output=\xd0\x96", "");
	refuses("--output \xff", "'?' is not UTF-8 text");
	refuses("-- a\xc3", "'a?' is not UTF-8 text");
}

/* So that main() sees --help beside a mistake. */
static void
the_first_error_is_told_and_the_rest_read(void **state UNUSED)
{
	refuses("-1 -2 -3 -4 -5 -6 -7 -8 -9 -10 --force",
	    "unknown option '-1'");
	assert_true(given.flag);
}

static void
prints(void (*print)(const struct opt *, FILE *), const char *expected)
{
	char *text = NULL;
	size_t len;
	FILE *fp = open_memstream(&text, &len);

	assert_non_null(fp);
	print(table, fp);
	fclose(fp);
	assert_string_equal(text, expected);
	free(text);
}

static void
help_lists_all_options(void **state UNUSED)
{
	prints(opt_help, "  -f, --force               do it all the same\n"
			 "  -i, --int=n               a number\n"
			 "  -o, --output=file         write here\n"
			 "  -c, --colour=name         paint it\n"
			 "      --map=name=value      may be repeated\n"
			 "  -v, --verbose             say more\n"
			 "      --json                write JSON\n");
}

static void
completion_gets_all_options(void **state UNUSED)
{
	prints(opt_dump, "f\tforce\t\t\tdo it all the same\n"
			 "i\tint\tn\t\ta number\n"
			 "o\toutput\tfile\tfile\twrite here\n"
			 "c\tcolour\tname\t=red,green\tpaint it\n"
			 "\tmap\tname=value\t\tmay be repeated\n"
			 "v\tverbose\t\t\tsay more\n"
			 "\tjson\t\t\twrite JSON\n");
}

static void
long_lines_break_outside_brackets(void **state UNUSED)
{
	static const char text[] =
	    "[-abc] [-f file] [--one name] [--two name] [--three name] [a b]";
	char *out = NULL;
	size_t len;
	FILE *fp = open_memstream(&out, &len);

	assert_non_null(fp);
	opt_wrap(text, 20, 4, fp);
	opt_wrap("[x [y z]]", 74, 2, fp); /* a long word is not broken */
	fclose(fp);
	assert_string_equal(out,
	    "[-abc] [-f file] [--one name] [--two name] [--three name]\n"
	    "    [a b]\n"
	    "[x [y z]]\n");
	free(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_stored),
		cmocka_unit_test(arguments_are_taken_in_every_form),
		cmocka_unit_test(operands_and_options_mix),
		cmocka_unit_test(lists_keep_their_order),
		cmocka_unit_test(wrong_usage_names_the_option),
		cmocka_unit_test(names_are_not_abbreviated_but_guessed),
		cmocka_unit_test(numbers_are_whole),
		cmocka_unit_test(text_is_utf8),
		cmocka_unit_test(a_wrong_argument_names_its_option),
		cmocka_unit_test(the_first_error_is_told_and_the_rest_read),
		cmocka_unit_test(help_lists_all_options),
		cmocka_unit_test(completion_gets_all_options),
		cmocka_unit_test(long_lines_break_outside_brackets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
