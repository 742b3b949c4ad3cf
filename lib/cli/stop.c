/* stop.c - SIGINT and SIGTERM as a flag looked at between records. */
#include "cli/stop.h"

#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t stop_signal;

static void
stop_default(void)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
}

/*
 * A signal that comes between a look at the flag and a wait for input would not
 * end the wait: each second another one comes that does.
 */
static void
stop_again(int sig UNUSED)
{
	alarm(1);
}

static void
stop_catch(int sig)
{
	stop_signal = sig;
	stop_default(); /* the second one kills */
	alarm(1);
}

/*
 * Without SA_RESTART, so that a wait for input ends too. A signal the parent
 * had ignored (nohup, a shell's background job) stays ignored.
 */
void
stop_install(void)
{
	static const int signals[] = { SIGINT, SIGTERM };
	struct sigaction old, new = { .sa_handler = stop_again };
	size_t i;

	sigemptyset(&new.sa_mask);
	sigaction(SIGALRM, &new, NULL);
	new.sa_handler = stop_catch;
	for (i = 0; i < ARRAY_LEN(signals); i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &new, NULL);
}

bool
stop_asked(void)
{
	return stop_signal != 0;
}

int
stop_status(void)
{
	return stop_signal != 0 ? 128 + stop_signal : 0;
}

void
stop_raise(void)
{
	stop_default();
	raise(stop_signal);
}
