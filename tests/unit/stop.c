/* stop.c - promises of lib/cli/stop.h. */
#include "cli/stop.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Waits for input that never comes, after the signal has come. */
static void
child_waits(void)
{
	char byte;
	int fds[2];

	stop_install();
	if (pipe(fds) != 0)
		_exit(1);
	raise(SIGTERM);
	_exit(read(fds[0], &byte, 1) == -1 && errno == EINTR && stop_asked() ?
		  0 :
		  2);
}

static void
test_a_signal_just_before_a_wait_ends_it(void **state UNUSED)
{
	int status = -1, tries;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		child_waits();
	for (tries = 0; tries < 1000; tries++) {
		if (waitpid(child, &status, WNOHANG) == child)
			break;
		usleep(10000);
	}
	if (tries == 1000) {
		kill(child, SIGKILL);
		fail_msg("it waits for ever");
	}
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_signal_just_before_a_wait_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
