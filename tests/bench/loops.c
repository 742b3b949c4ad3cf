/*
 * loops.c - loops [-k loops] [-m runs] [-w command] list command runs the
 * command again and again in k loops at once, m times in each, @ being the
 * next line of the list; with -w only while that other command runs. Prints,
 * separated by tabs: runs, failures, milliseconds of a run in the middle, of
 * the slowest of a hundred and of the slowest, and seconds in all.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

enum { RUNS_MAX = 100000 };

/* What the loops, processes of their own, tell. */
static struct shared {
	double ms[RUNS_MAX];
	bool failed[RUNS_MAX];
	volatile bool over; /* the other command has ended */
} * shared;

static void
loop(const char *command, char **list, size_t from, size_t to)
{
	size_t i;
	int status;

	for (i = from; i < to && !shared->over; i++) {
		double began = child_now();

		if (waitpid(child_start(command, list[i]), &status, 0) < 0)
			err(1, "waitpid");
		shared->ms[i] = (child_now() - began) * 1e3;
		shared->failed[i] = status != 0;
	}
}

static void
wait_for(pid_t other, const char *command)
{
	int status;

	if (waitpid(other, &status, 0) != other || status != 0)
		errx(1, "wait status %d of: %s", status, command);
	shared->over = true;
}

static void
tell(size_t n, double seconds)
{
	size_t i, runs = 0, failures = 0;

	for (i = 0; i < n; i++)
		if (shared->ms[i] > 0) {
			failures += shared->failed[i];
			shared->ms[runs++] = shared->ms[i];
		}
	if (runs == 0)
		errx(1, "not one run");
	qsort(shared->ms, runs, sizeof(shared->ms[0]), child_compare);
	printf("%zu\t%zu\t%.3f\t%.3f\t%.3f\t%.3f\n", runs, failures,
	    shared->ms[runs / 2], shared->ms[runs * 99 / 100],
	    shared->ms[runs - 1], seconds);
}

int
main(int argc, char **argv)
{
	size_t loops = 1, runs = 100, k, count;
	const char *beside = NULL;
	double began;
	char **list;
	pid_t other;
	int c;

	while ((c = getopt(argc, argv, "+k:m:w:")) != -1)
		switch (c) {
		case 'k':
			loops = strtoul(optarg, NULL, 10);
			break;
		case 'm':
			runs = strtoul(optarg, NULL, 10);
			break;
		case 'w':
			beside = optarg;
			break;
		default:
			return 2;
		}
	if (optind + 2 != argc)
		errx(2, "usage: loops [-k loops] [-m runs] [-w command] list "
			"command");
	list = child_lines(argv[optind], &count);
	if (loops * runs > count || loops * runs > RUNS_MAX)
		errx(1, "%s: %zu lines only", argv[optind], count);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	began = child_now();
	other = beside != NULL ? child_start(beside, "@") : 0;
	for (k = 0; k < loops; k++)
		if (fork() == 0) {
			loop(argv[optind + 1], list, k * runs, (k + 1) * runs);
			_exit(0);
		}
	if (beside != NULL)
		wait_for(other, beside);
	while (wait(NULL) > 0)
		continue;
	tell(loops * runs, child_now() - began);
	return 0;
}
