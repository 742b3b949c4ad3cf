/* progress.c - how far a long run has come, for people at a terminal. */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_FIRST_MS = 1000, PROGRESS_NEXT_MS = 200 };

static struct {
	bool silenced; /* -q */
	bool on;       /* somebody is looking */
	const char *what;
	uint64_t total;
	int64_t due_ms; /* not shown before */
	int width;      /* of what stands on the line */
} progress;

/* The coarse clock costs a few nanoseconds: it may be read at each record. */
static int64_t
progress_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Records that scroll by on the same terminal are progress enough. */
static bool
progress_same_terminal(void)
{
	struct stat out, err;

	return isatty(STDOUT_FILENO) && fstat(STDOUT_FILENO, &out) == 0 &&
	       fstat(STDERR_FILENO, &err) == 0 && out.st_rdev == err.st_rdev;
}

void
progress_silence(void)
{
	progress.silenced = true;
}

void
progress_start(const char *what, uint64_t total)
{
	const char *term = getenv("TERM");

	progress.on = !progress.silenced && isatty(STDERR_FILENO) &&
		      term != NULL && strcmp(term, "dumb") != 0 &&
		      tcgetpgrp(STDERR_FILENO) == getpgrp() &&
		      !progress_same_terminal();
	progress.what = what;
	progress.total = total;
	progress.due_ms = progress_clock_ms() + PROGRESS_FIRST_MS;
}

void
progress_at(uint64_t done)
{
	char line[128];
	int64_t now;
	int n;

	if (!progress.on || (now = progress_clock_ms()) < progress.due_ms)
		return;
	progress.due_ms = now + PROGRESS_NEXT_MS;
	if (progress.total != 0)
		n = snprintf(line, sizeof(line),
		    "%s: %" PRIu64 "/%" PRIu64 " %d %%", progress.what, done,
		    progress.total,
		    (int)((double)done / (double)progress.total * 100));
	else
		n = snprintf(line, sizeof(line), "%s: %" PRIu64, progress.what,
		    done);
	fprintf(stderr, "\r%-*s", progress.width, line);
	progress.width = n;
}

void
progress_clear(void)
{
	if (progress.width != 0)
		fprintf(stderr, "\r%*s\r", progress.width, "");
	progress.width = 0;
}
