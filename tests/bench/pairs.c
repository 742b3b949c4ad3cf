/*
 * pairs.c - pairs [-n runs] [-a prepare] [-b prepare] [-l list] ours [peer]
 * runs two commands in turn and prints, separated by tabs: seconds of ours and
 * of the peer, the median of their ratios pair by pair, the same three of the
 * processor's time, and the peaks of memory in KiB.
 *
 * A command is words; @ is the next line of the list. What prepares a run is
 * done by a shell and not measured.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

enum { RUNS_MAX = 10000 };

struct side {
	const char *prepare;
	const char *command;
	double wall[RUNS_MAX];
	double cpu[RUNS_MAX];
	long kib;
};

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void
run(struct side *s, size_t i, const char *with)
{
	struct rusage used;
	double began;
	int status;
	pid_t pid;

	if (s->prepare != NULL && system(s->prepare) != 0)
		errx(1, "failed: %s", s->prepare);
	began = child_now();
	pid = child_start(s->command, with);
	if (wait4(pid, &status, 0, &used) != pid)
		err(1, "wait4");
	s->wall[i] = child_now() - began;
	s->cpu[i] = seconds(&used.ru_utime) + seconds(&used.ru_stime);
	if (used.ru_maxrss > s->kib)
		s->kib = used.ru_maxrss;
	if (status != 0)
		errx(1, "wait status %d of: %s", status, s->command);
}

static double
median(const double *v, size_t n)
{
	static double sorted[RUNS_MAX];

	memcpy(sorted, v, n * sizeof(v[0]));
	qsort(sorted, n, sizeof(sorted[0]), child_compare);
	return n % 2 != 0 ? sorted[n / 2] :
			    (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static double
median_ratio(const double *a, const double *b, size_t n)
{
	static double ratios[RUNS_MAX];
	size_t i;

	for (i = 0; i < n; i++)
		ratios[i] = a[i] / b[i];
	return median(ratios, n);
}

static void
tell(const double *ours, const double *peer, size_t n)
{
	printf("%.6f\t", median(ours, n));
	if (peer != NULL)
		printf("%.6f\t%.4f\t", median(peer, n),
		    median_ratio(ours, peer, n));
	else
		printf("-\t-\t");
}

int
main(int argc, char **argv)
{
	static struct side ours, peer;
	char **list = NULL;
	size_t i, count = 0, n = 5;
	int c;

	while ((c = getopt(argc, argv, "+n:a:b:l:")) != -1)
		switch (c) {
		case 'n':
			n = strtoul(optarg, NULL, 10);
			break;
		case 'a':
			ours.prepare = optarg;
			break;
		case 'b':
			peer.prepare = optarg;
			break;
		case 'l':
			list = child_lines(optarg, &count);
			break;
		default:
			return 2;
		}
	if (optind == argc || optind + 2 < argc || n < 1 || n > RUNS_MAX ||
	    (list != NULL && count < n))
		errx(2, "usage: pairs [-n runs] [-a prepare] [-b prepare] "
			"[-l list] ours [peer]");
	ours.command = argv[optind];
	peer.command = argv[optind + 1]; /* or NULL */
	for (i = 0; i < n; i++) {        /* neither is always the first */
		const char *with = list != NULL ? list[i] : "@";

		if (i % 2 != 0 && peer.command != NULL)
			run(&peer, i, with);
		run(&ours, i, with);
		if (i % 2 == 0 && peer.command != NULL)
			run(&peer, i, with);
	}
	tell(ours.wall, peer.command != NULL ? peer.wall : NULL, n);
	tell(ours.cpu, peer.command != NULL ? peer.cpu : NULL, n);
	printf("%ld\t%ld\n", ours.kib, peer.kib);
	return 0;
}
