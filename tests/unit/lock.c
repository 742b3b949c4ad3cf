/* lock.c - promises of lib/cli/lock.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/lock.h"

static char dir[] = "/tmp/crm-unit-lock.XXXXXX";
static char db[64], lock[64];

static int
enter(void **state UNUSED)
{
	FILE *fp;

	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(db, sizeof(db), "%s/shop.db", dir);
	snprintf(lock, sizeof(lock), "%s/.shop.db.job.lock", dir);
	if ((fp = fopen(db, "w")) == NULL)
		return -1;
	return fclose(fp) != 0 || chmod(db, 0660) != 0 ? -1 : 0;
}

static int
leave(void **state UNUSED)
{
	unlink(lock);
	unlink(db);
	return rmdir(dir);
}

/* A child that holds the lock until the pipe it returns is closed. */
static int
holder(pid_t *pid)
{
	int held[2], end[2];
	char byte = 0;

	assert_int_equal(pipe(held), 0);
	assert_int_equal(pipe(end), 0);
	if ((*pid = fork()) == 0) {
		close(end[1]);
		if (lock_take(db, "job", 0) != NULL ||
		    write(held[1], &byte, 1) != 1)
			_exit(1);
		_exit(read(end[0], &byte, 1) == 0 ? 0 : 1);
	}
	assert_int_equal(read(held[0], &byte, 1), 1);
	close(held[0]);
	close(held[1]);
	close(end[0]);
	return end[1];
}

static void
a_second_run_is_refused_and_told_the_pid(void **state UNUSED)
{
	const struct err *err;
	char expected[64];
	pid_t pid;
	int end = holder(&pid);

	err = lock_take(db, "job", 0);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_BUSY);
	snprintf(expected, sizeof(expected), "another job is running (pid %ld)",
	    (long)pid);
	assert_string_equal(err->msg, expected);
	/* Another command is not held up. */
	assert_null(lock_take(db, "other", 0));
	snprintf(expected, sizeof(expected), "%s/.shop.db.other.lock", dir);
	assert_int_equal(unlink(expected), 0);
	close(end);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* The lock is the database's: not its folder's, nor that of one of its names. */
static void
it_is_a_lock_on_the_database(void **state UNUSED)
{
	char beside[64], beside_lock[64], name[64];
	const struct err *err;
	pid_t pid;
	int end = holder(&pid);
	FILE *fp;

	snprintf(beside, sizeof(beside), "%s/two.db", dir);
	snprintf(beside_lock, sizeof(beside_lock), "%s/.two.db.job.lock", dir);
	fp = fopen(beside, "w");
	assert_non_null(fp);
	assert_int_equal(fclose(fp), 0);
	assert_null(lock_take(beside, "job", 0));
	snprintf(name, sizeof(name), "%s/name.db", dir);
	assert_int_equal(symlink(db, name), 0);
	err = lock_take(name, "job", 0);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_BUSY);
	assert_int_equal(unlink(beside), 0);
	assert_int_equal(unlink(beside_lock), 0);
	assert_int_equal(unlink(name), 0);
	close(end);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
the_lock_dies_with_the_process(void **state UNUSED)
{
	pid_t pid, waiting;
	int status, end = holder(&pid);

	/* One that waits gets it; its own end sets it free again. */
	if ((waiting = fork()) == 0) {
		close(end);
		_exit(lock_take(db, "job", 30) == NULL ? 0 : 1);
	}
	kill(pid, SIGKILL);
	close(end);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(waitpid(waiting, &status, 0), waiting);
	assert_int_equal(status, 0);
	assert_int_equal(access(lock, F_OK), 0);
	end = holder(&pid);
	close(end);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
who_may_write_the_database_may_lock_it(void **state UNUSED)
{
	struct stat st;

	assert_int_equal(stat(lock, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0660);
}

static void
a_folder_that_is_missing_is_an_error(void **state UNUSED)
{
	const struct err *err = lock_take("/nonexistent/shop.db", "job", 0);

	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_run_is_refused_and_told_the_pid),
		cmocka_unit_test(it_is_a_lock_on_the_database),
		cmocka_unit_test(the_lock_dies_with_the_process),
		cmocka_unit_test(who_may_write_the_database_may_lock_it),
		cmocka_unit_test(a_folder_that_is_missing_is_an_error),
	};

	umask(022);
	return cmocka_run_group_tests(tests, enter, leave);
}
