/* lock.c - one instance at a time, by flock on a file beside the database. */
#include "cli/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/when.h"

enum { LOCK_POLL_MS = 100 };

/* 0, or -1 with errno EWOULDBLOCK when it is still held at the deadline. */
static int
lock_wait(int fd, int64_t wait_s)
{
	const struct timespec pause = { .tv_nsec = LOCK_POLL_MS * 1000000L };
	int64_t deadline = when_ticks_ms() + wait_s * 1000;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		if (when_ticks_ms() >= deadline) {
			errno = EWOULDBLOCK;
			return -1;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

static const struct err *
lock_held(int fd, const char *name)
{
	char pid[16] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strspn(pid, "0123456789")] = '\0';
	return err_new(ERR_BUSY, "another %s is running%s%s%s", name,
	    *pid ? " (pid " : "", pid, *pid ? ")" : "");
}

const struct err *
lock_take(const char *db_path, const char *name, int64_t wait_s)
{
	const struct err *err;
	char path[PATH_MAX], real[PATH_MAX], *base;
	struct stat db;
	int n, fd;

	/* However the file is named, it is one database. */
	if (realpath(db_path, real) == NULL)
		return err_sys("%s", db_path);
	base = strrchr(real, '/') + 1;
	n = snprintf(path, sizeof(path), "%.*s.%s.%s.lock", (int)(base - real),
	    real, base, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_new(ERR_CONFIG, "'%s': name too long", db_path);
	if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660)) < 0)
		return err_sys("%s", path);
	if (lock_wait(fd, wait_s) != 0) {
		err = errno == EWOULDBLOCK ? lock_held(fd, name) :
					     err_sys("%s", path);
		close(fd);
		return err;
	}
	/* Whoever may write the database may lock it, whatever our umask. */
	if (stat(db_path, &db) == 0)
		fchmod(fd, db.st_mode & 0666);
	if (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0) {
		err = err_sys("%s", path);
		close(fd);
		return err;
	}
	return NULL; /* fd stays open: the lock is the process's */
}
