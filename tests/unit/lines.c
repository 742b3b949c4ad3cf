/* lines - lines come out whole, numbered and in bounded memory. */
#include "io/lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "../memfd.h"

static void
expect_line(struct lines *l, const char *want, uint64_t number)
{
	char *line;
	size_t len;

	assert_null(lines_next(l, &line, &len));
	assert_non_null(line);
	assert_string_equal(line, want);
	assert_int_equal(len, strlen(want));
	assert_int_equal(lines_number(l), number);
}

static void
expect_end(struct lines *l)
{
	char *line;
	size_t len;

	assert_null(lines_next(l, &line, &len));
	assert_null(line);
}

static void
test_lines(void **state UNUSED)
{
	static const char text[] = "one\r\n\n three \nlast";
	int fd = memfd_of(text, strlen(text));
	struct lines *l = lines_open(fd, "test");

	expect_line(l, "one", 1);
	expect_line(l, "", 2);
	expect_line(l, " three ", 3);
	expect_line(l, "last", 4);
	expect_end(l);
	expect_end(l);
	lines_close(l);
	close(fd);
}

static void
test_no_phantom_line_after_the_last_newline(void **state UNUSED)
{
	int fd = memfd_of("a\n", 2);
	struct lines *l = lines_open(fd, "test");

	expect_line(l, "a", 1);
	expect_end(l);
	lines_close(l);
	close(fd);
}

static void
test_nul_is_kept(void **state UNUSED)
{
	int fd = memfd_of("a\0b\n", 4);
	struct lines *l = lines_open(fd, "test");
	char *line;
	size_t len;

	assert_null(lines_next(l, &line, &len));
	assert_int_equal(len, 3);
	assert_memory_equal(line, "a\0b", 4);
	lines_close(l);
	close(fd);
}

/* Lines that cross the pieces of 1 MiB in which the stream is read. */
static void
test_lines_across_reads(void **state UNUSED)
{
	const size_t count = 50000;
	char *text = malloc(count * 64), *end = text, want[64];
	struct lines *l;
	size_t i;
	int fd;

	assert_non_null(text);
	for (i = 0; i < count; i++)
		end += snprintf(end, 64, "%zu %.*s\n", i, (int)(i % 50),
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	fd = memfd_of(text, (size_t)(end - text));
	l = lines_open(fd, "test");
	for (i = 0; i < count; i++) {
		snprintf(want, sizeof(want), "%zu %.*s", i, (int)(i % 50),
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		expect_line(l, want, i + 1);
	}
	expect_end(l);
	lines_close(l);
	close(fd);
	free(text);
}

static void
test_longest_line(void **state UNUSED)
{
	char *text = malloc(2 * LINES_MAX + 16);
	struct lines *l;
	char *line;
	size_t len;
	int fd;

	assert_non_null(text);
	memset(text, 'x', 2 * LINES_MAX + 16);
	text[LINES_MAX] = '\n';
	text[2 * LINES_MAX + 2] = '\n';
	memcpy(text + 2 * LINES_MAX + 3, "after\n", sizeof("after\n"));
	fd = memfd_of(text, 2 * LINES_MAX + 9);
	l = lines_open(fd, "test");
	assert_null(lines_next(l, &line, &len));
	assert_int_equal(len, LINES_MAX);
	assert_int_equal(lines_next(l, &line, &len)->code, ERR_INPUT);
	assert_null(line);
	assert_int_equal(lines_number(l), 2);
	expect_line(l, "after", 3);
	expect_end(l);
	lines_close(l);
	close(fd);
	free(text);
}

/* A line of 256 MiB through a pipe must not be held in memory. */
static void
test_endless_line_in_constant_memory(void **state UNUSED)
{
	static char piece[1 << 16];
	struct rusage before, after;
	struct lines *l;
	char *line;
	size_t len;
	int fds[2], i, status;
	pid_t pid;

	memset(piece, 'x', sizeof(piece));
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		for (i = 0; i < 4096; i++)
			if (write(fds[1], piece, sizeof(piece)) < 0)
				_exit(1);
		_exit(write(fds[1], "\nnext", 5) != 5);
	}
	close(fds[1]);
	l = lines_open(fds[0], "test");
	getrusage(RUSAGE_SELF, &before);
	assert_int_equal(lines_next(l, &line, &len)->code, ERR_INPUT);
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 128L * 1024);
	expect_line(l, "next", 2);
	expect_end(l);
	lines_close(l);
	close(fds[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void
test_long_last_line_without_newline(void **state UNUSED)
{
	char *text = malloc(LINES_MAX + 1);
	struct lines *l;
	char *line;
	size_t len;
	int fd;

	assert_non_null(text);
	memset(text, 'x', LINES_MAX + 1);
	fd = memfd_of(text, LINES_MAX + 1);
	l = lines_open(fd, "test");
	assert_int_equal(lines_next(l, &line, &len)->code, ERR_INPUT);
	expect_end(l);
	lines_close(l);
	close(fd);
	free(text);
}

static void
test_would_wait(void **state UNUSED)
{
	struct lines *l;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	l = lines_open(fds[0], "test");
	assert_true(lines_would_wait(l));
	assert_int_equal(write(fds[1], "a\nb\nc", 5), 5);
	assert_false(lines_would_wait(l));
	expect_line(l, "a", 1);
	assert_false(lines_would_wait(l));
	expect_line(l, "b", 2);
	assert_true(lines_would_wait(l));
	close(fds[1]);
	assert_false(lines_would_wait(l));
	expect_line(l, "c", 3);
	assert_false(lines_would_wait(l));
	expect_end(l);
	lines_close(l);
	close(fds[0]);
}

static void
test_a_file_never_waits(void **state UNUSED)
{
	int fd = memfd_of("a", 1);
	struct lines *l = lines_open(fd, "test");

	assert_false(lines_would_wait(l));
	expect_line(l, "a", 1);
	assert_false(lines_would_wait(l));
	lines_close(l);
	close(fd);
}

static void
test_peek_takes_nothing(void **state UNUSED)
{
	struct lines *l;
	const char *head;
	size_t len;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	l = lines_open(fds[0], "test");
	assert_int_equal(write(fds[1], "{\"a\"", 4), 4);
	assert_null(lines_peek(l, &head, &len));
	assert_int_equal(len, 4);
	assert_memory_equal(head, "{\"a\"", 4);
	assert_int_equal(write(fds[1], ":1}\n", 4), 4);
	close(fds[1]);
	expect_line(l, "{\"a\":1}", 1);
	expect_end(l);
	lines_close(l);
	close(fds[0]);
}

static void
test_peek_at_nothing(void **state UNUSED)
{
	int fd = memfd_of("", 0);
	struct lines *l = lines_open(fd, "test");
	const char *head;
	size_t len;

	assert_null(lines_peek(l, &head, &len));
	assert_int_equal(len, 0);
	expect_end(l);
	lines_close(l);
	close(fd);
}

static void
test_read_error(void **state UNUSED)
{
	struct lines *l = lines_open(-1, "orders.ndjson");
	const struct err *err;
	char *line;
	size_t len;

	err = lines_next(l, &line, &len);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
	assert_non_null(strstr(err->msg, "orders.ndjson: "));
	lines_close(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_no_phantom_line_after_the_last_newline),
		cmocka_unit_test(test_nul_is_kept),
		cmocka_unit_test(test_lines_across_reads),
		cmocka_unit_test(test_longest_line),
		cmocka_unit_test(test_endless_line_in_constant_memory),
		cmocka_unit_test(test_long_last_line_without_newline),
		cmocka_unit_test(test_would_wait),
		cmocka_unit_test(test_a_file_never_waits),
		cmocka_unit_test(test_peek_takes_nothing),
		cmocka_unit_test(test_peek_at_nothing),
		cmocka_unit_test(test_read_error),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
