/* progress.c - promises of lib/cli/progress.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/progress.h"

struct run {
	const char *term, *output;
	bool silenced;
	int ms; /* how long it works */
};

/* A program that works in front of a terminal. */
static void
work(const struct run *r)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000000L };
	int i;

	if (r->output != NULL)
		dup2(open(r->output, O_WRONLY), STDOUT_FILENO);
	setenv("TERM", r->term, 1);
	if (r->silenced)
		progress_silence();
	progress_start("orders", 200);
	for (i = 0; i < r->ms / 10; i++) {
		progress_at((uint64_t)i);
		nanosleep(&pause, NULL);
	}
	progress_clear();
	_exit(0);
}

/* What the terminal was sent. */
static const char *
watch(const struct run *r)
{
	static char seen[65536];
	size_t len = 0;
	int terminal;
	ssize_t n;
	pid_t pid;

	if ((pid = forkpty(&terminal, NULL, NULL, NULL)) == 0)
		work(r);
	assert_true(pid > 0);
	while ((n = read(terminal, seen + len, sizeof(seen) - 1 - len)) > 0)
		len += (size_t)n;
	seen[len] = '\0';
	close(terminal);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return seen;
}

static void
a_long_run_shows_how_far_it_is(void **state UNUSED)
{
	const struct run r = { "xterm", "/dev/null", false, 1700 };
	const char *seen = watch(&r), *p;
	int shown = 0;

	for (p = seen; (p = strstr(p, "\rorders: ")) != NULL; p++)
		shown++;
	assert_in_range(shown, 1, 5); /* 0.7 s, five times a second */
	assert_non_null(strstr(seen, "/200 "));
	/* At the end the line is empty again. */
	assert_non_null(strstr(seen, "  \r"));
	assert_string_equal(strrchr(seen, '\r'), "\r");
}

static void
a_short_one_shows_nothing(void **state UNUSED)
{
	const struct run r = { "xterm", "/dev/null", false, 500 };

	assert_string_equal(watch(&r), "");
}

static void
nor_one_that_is_to_be_quiet(void **state UNUSED)
{
	const struct run r = { "xterm", "/dev/null", true, 1300 };

	assert_string_equal(watch(&r), "");
}

static void
nor_one_on_a_dumb_terminal(void **state UNUSED)
{
	const struct run r = { "dumb", "/dev/null", false, 1300 };

	assert_string_equal(watch(&r), "");
}

static void
nor_one_whose_records_scroll_by(void **state UNUSED)
{
	const struct run r = { "xterm", NULL, false, 1300 };

	assert_string_equal(watch(&r), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_run_shows_how_far_it_is),
		cmocka_unit_test(a_short_one_shows_nothing),
		cmocka_unit_test(nor_one_that_is_to_be_quiet),
		cmocka_unit_test(nor_one_on_a_dumb_terminal),
		cmocka_unit_test(nor_one_whose_records_scroll_by),
	};
	int terminal, other;

	/* cmocka's own skip() is "not ok" in TAP. */
	if (openpty(&terminal, &other, NULL, NULL, NULL) != 0) {
		puts("1..0 # SKIP the machine gives out no terminals");
		return 0;
	}
	close(terminal);
	close(other);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
