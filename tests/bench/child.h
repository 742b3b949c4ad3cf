/* child.h - run commands without a shell, for pairs.c and loops.c. */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <sys/types.h>

/*
 * Start a command given as words, as in a shell but without one; the first @ in
 * it is replaced by `with`, and standard output goes to /dev/null.
 */
pid_t child_start(const char *command, const char *with);

/* Lines of a file; NULL after the last. They live as long as the program. */
char **child_lines(const char *path, size_t *count);

double child_now(void); /* seconds, of a clock that only goes forward */

int child_compare(const void *a, const void *b); /* doubles, for qsort */

#endif
