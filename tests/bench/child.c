/* child.c - run commands without a shell. */
#include "child.h"

#include <err.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wordexp.h>

extern char **environ;

pid_t
child_start(const char *command, const char *with)
{
	posix_spawn_file_actions_t to_null;
	const char *at = strchrnul(command, '@');
	char line[4096];
	wordexp_t w;
	int error;
	pid_t pid;

	snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - command), command,
	    *at == '@' ? with : "", *at == '@' ? at + 1 : "");
	if (wordexp(line, &w, WRDE_NOCMD | WRDE_UNDEF) != 0)
		errx(2, "not words: %s", line);
	posix_spawn_file_actions_init(&to_null);
	posix_spawn_file_actions_addopen(&to_null, STDOUT_FILENO, "/dev/null",
	    O_WRONLY, 0);
	error = posix_spawnp(&pid, w.we_wordv[0], &to_null, NULL, w.we_wordv,
	    environ);
	if (error != 0)
		errx(1, "%s: %s", w.we_wordv[0], strerror(error));
	posix_spawn_file_actions_destroy(&to_null);
	wordfree(&w);
	return pid;
}

char **
child_lines(const char *path, size_t *count)
{
	FILE *f = fopen(path, "r");
	char **lines = NULL, *line = NULL;
	size_t size = 0;
	ssize_t len;

	if (f == NULL)
		err(1, "%s", path);
	for (*count = 0; (len = getline(&line, &size, f)) > 0; ++*count) {
		lines = reallocarray(lines, *count + 1, sizeof(lines[0]));
		if (lines == NULL)
			err(1, "%s", path);
		lines[*count] = strndup(line, (size_t)len - 1);
	}
	free(line);
	fclose(f);
	return lines;
}

double
child_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
child_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}
