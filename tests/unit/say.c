/* say.c - promises about diagnostics in lib/cli/cli.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/say.h"

static FILE *heard; /* stands for standard error */
static int saved;

static int
listen_in(void **state UNUSED)
{
	if ((heard = tmpfile()) == NULL || (saved = dup(STDERR_FILENO)) < 0 ||
	    dup2(fileno(heard), STDERR_FILENO) < 0)
		return -1;
	say_setup("job", false, 0);
	return 0;
}

static int
listen_out(void **state UNUSED)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
	return fclose(heard);
}

static void
was_said(const char *expected)
{
	char text[8192];
	ssize_t n = pread(fileno(heard), text, sizeof(text) - 1, 0);

	assert_true(n >= 0);
	text[n] = '\0';
	assert_string_equal(text, expected);
}

static void
a_message_is_one_line_with_the_name(void **state UNUSED)
{
	cli_say("%s: bad amount '%s'", "stdin:17", "1,5");
	was_said("job: stdin:17: bad amount '1,5'\n");
}

static void
nothing_quoted_can_move_the_cursor(void **state UNUSED)
{
	cli_say("'%s'", "a\nb\t\033[1m\x7f\xc2\x9b \xd0\x96 \xc2\xa0 \xff");
	was_said("job: 'a?b??[1m??? \xd0\x96 \xc2\xa0 ?'\n");
}

static void
a_long_message_still_ends_its_line(void **state UNUSED)
{
	char text[3000], seen[3000];
	ssize_t n;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	cli_say("%s", text);
	n = pread(fileno(heard), seen, sizeof(seen), 0);
	assert_in_range(n, 500, sizeof(text) - 1);
	assert_int_equal(seen[n - 1], '\n');
}

static void
quiet_and_verbose_choose(void **state UNUSED)
{
	cli_warn("one");
	cli_info("two");      /* not without -v */
	cli_summary("three"); /* nor that: nobody looks */
	say_setup("job", false, 1);
	cli_info("four");
	cli_summary("five");
	say_setup("job", true, 0);
	cli_warn("six");
	cli_summary("seven");
	cli_say("eight");
	was_said("job: warning: one\njob: four\njob: five\njob: eight\n");
}

static void
rejects_are_counted_and_the_first_shown(void **state UNUSED)
{
	struct cli cli = { 0 };
	char expected[2048] = "";
	size_t len = 0;
	int i;

	for (i = 0; i < 25; i++) {
		cli_reject(&cli, "in:1", err_new(ERR_INPUT, "bad %d", i));
		if (i < 20)
			len += (size_t)snprintf(expected + len,
			    sizeof(expected) - len, "job: in:1: bad %d\n", i);
	}
	assert_int_equal(cli.rejected, 25);
	was_said(expected);
	say_rejects_left(cli.rejected);
	snprintf(expected + len, sizeof(expected) - len,
	    "job: and 5 more like these\n");
	was_said(expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_message_is_one_line_with_the_name, listen_in, listen_out),
		cmocka_unit_test_setup_teardown(
		    nothing_quoted_can_move_the_cursor, listen_in, listen_out),
		cmocka_unit_test_setup_teardown(
		    a_long_message_still_ends_its_line, listen_in, listen_out),
		cmocka_unit_test_setup_teardown(quiet_and_verbose_choose,
		    listen_in, listen_out),
		cmocka_unit_test_setup_teardown(
		    rejects_are_counted_and_the_first_shown, listen_in,
		    listen_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
