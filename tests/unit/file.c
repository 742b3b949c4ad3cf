/* file - a file appears whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

static char folder[] = "/tmp/crm-file.XXXXXX";

static int
enter_folder(void **state UNUSED)
{
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave_folder(void **state UNUSED)
{
	return chdir("/") != 0 || rmdir(folder) != 0;
}

static int
count_files(void)
{
	DIR *d = opendir(".");
	int n = -2; /* . and .. */

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void
put(const char *path, const char *text)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	assert_true(fputs(text, fp) >= 0);
	assert_int_equal(fclose(fp), 0);
}

static void
expect_file(const char *path, const char *want)
{
	struct arena a = { 0 };
	const char *text;

	assert_null(file_slurp(path, 100, &a, &text));
	assert_string_equal(text, want);
	arena_free(&a);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
test_new_file_appears_at_commit(void **state UNUSED)
{
	struct file_new *f;

	umask(027);
	assert_null(file_new_open("new", &f));
	assert_true(fputs("hello", file_new_stream(f)) >= 0);
	assert_int_equal(access("new", F_OK), -1);
	assert_int_equal(access(file_new_path(f), F_OK), 0);
	assert_null(file_new_commit(f));
	expect_file("new", "hello");
	assert_int_equal(mode_of("new"), 0640);
	assert_int_equal(count_files(), 1);
	unlink("new");
	umask(022);
}

static void
test_replacing_keeps_the_mode(void **state UNUSED)
{
	struct file_new *f;

	put("old", "before");
	assert_int_equal(chmod("old", 0604), 0);
	assert_null(file_new_open("old", &f));
	assert_true(fputs("after", file_new_stream(f)) >= 0);
	expect_file("old", "before");
	assert_null(file_new_commit(f));
	expect_file("old", "after");
	assert_int_equal(mode_of("old"), 0604);
	unlink("old");
}

static void
test_discard_leaves_nothing(void **state UNUSED)
{
	struct file_new *f;

	put("old", "before");
	assert_null(file_new_open("old", &f));
	assert_true(fputs("after", file_new_stream(f)) >= 0);
	file_new_discard(f);
	file_new_discard(NULL);
	expect_file("old", "before");
	assert_int_equal(count_files(), 1);
	unlink("old");
}

static void
test_new_file_that_cannot_be(void **state UNUSED)
{
	const struct err *err;
	struct file_new *f;

	err = file_new_open("/nonexistent/x", &f);
	assert_non_null(err);
	assert_null(f);
	assert_string_equal(err->msg,
	    "/nonexistent/x: No such file or directory");
	err = file_new_open("/dev/null", &f);
	assert_non_null(err);
	assert_string_equal(err->msg, "/dev/null: not a regular file");
	err = file_new_open(".", &f);
	assert_non_null(err);
	assert_int_equal(count_files(), 0);
}

static void
test_failed_commit_leaves_nothing(void **state UNUSED)
{
	const struct err *err;
	struct file_new *f;

	assert_null(file_new_open("x", &f));
	assert_int_equal(mkdir("x", 0700), 0); /* takes the name meanwhile */
	err = file_new_commit(f);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
	assert_int_equal(rmdir("x"), 0);
	assert_int_equal(count_files(), 0);
}

static void
test_open(void **state UNUSED)
{
	const struct err *err;
	int fd;

	assert_null(file_open("-", &fd));
	assert_true(fd > 0); /* a copy: closing it leaves standard input */
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	err = file_open("absent", &fd);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
	assert_string_equal(err->msg, "absent: No such file or directory");
	assert_int_equal(fd, -1);
	err = file_open(".", &fd);
	assert_non_null(err);
	assert_string_equal(err->msg, ".: Is a directory");
	assert_int_equal(fd, -1);
}

static void
test_spool_reads_a_pipe_twice(void **state UNUSED)
{
	char got[16];
	int fds[2], fd;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "records", 7), 7);
	close(fds[1]);
	setenv("TMPDIR", folder, 1);
	assert_null(file_spool(fds[0], "standard input", "head ", 5, &fd));
	unsetenv("TMPDIR");
	assert_int_equal(count_files(), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 12);
	assert_memory_equal(got, "head records", 12);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 12);
	close(fd);
	close(fds[0]);
}

static void
test_spool_errors(void **state UNUSED)
{
	const struct err *err;
	int fd;

	err = file_spool(-1, "standard input", NULL, 0, &fd);
	assert_non_null(err);
	assert_string_equal(err->msg, "standard input: Bad file descriptor");
	assert_int_equal(fd, -1);
	setenv("TMPDIR", "/nonexistent", 1);
	err = file_spool(0, "standard input", NULL, 0, &fd);
	unsetenv("TMPDIR");
	assert_non_null(err);
	assert_string_equal(err->msg,
	    "/nonexistent: No such file or directory");
}

static void
test_slurp_limits(void **state UNUSED)
{
	struct arena a = { 0 };
	const struct err *err;
	const char *text;
	FILE *fp;

	put("f", "12345");
	assert_null(file_slurp("f", 5, &a, &text));
	assert_string_equal(text, "12345");
	err = file_slurp("f", 4, &a, &text);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg, "f: longer than 4 bytes");
	assert_null(text);
	put("f", "");
	assert_null(file_slurp("f", 0, &a, &text));
	assert_string_equal(text, "");
	fp = fopen("f", "w");
	assert_non_null(fp);
	fwrite("a\0b", 1, 3, fp);
	fclose(fp);
	err = file_slurp("f", 10, &a, &text);
	assert_non_null(err);
	assert_string_equal(err->msg, "f: NUL byte");
	arena_free(&a);
	unlink("f");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_file_appears_at_commit),
		cmocka_unit_test(test_replacing_keeps_the_mode),
		cmocka_unit_test(test_discard_leaves_nothing),
		cmocka_unit_test(test_new_file_that_cannot_be),
		cmocka_unit_test(test_failed_commit_leaves_nothing),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_spool_reads_a_pipe_twice),
		cmocka_unit_test(test_spool_errors),
		cmocka_unit_test(test_slurp_limits),
	};

	return cmocka_run_group_tests_name("file", tests, enter_folder,
	    leave_folder);
}
