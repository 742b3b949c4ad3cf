/* file.c - files made with care: whole or not at all, and readable by few. */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

const char *
file_tmpdir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && *dir != '\0' ? dir : "/tmp";
}

const struct err *
file_open(const char *path, int *fd)
{
	struct stat st;

	if (strcmp(path, "-") == 0)
		*fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	else
		*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (*fd < 0)
		return err_sys("%s", path);
	if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(*fd);
		*fd = -1;
		errno = EISDIR;
		return err_sys("%s", path);
	}
	return NULL;
}

struct file_new {
	FILE *fp;
	char *path;
	struct buf tmp;
	mode_t mode;
};

/* The mode the finished file shall have. */
static const struct err *
file_mode(const char *path, mode_t *mode)
{
	struct stat st;
	mode_t mask;

	if (stat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			return err_new(ERR_IO, "%s: not a regular file", path);
		*mode = st.st_mode & 07777;
		return NULL;
	}
	mask = umask(0); /* there is no other way to ask */
	umask(mask);
	*mode = 0666 & ~mask;
	return NULL;
}

const struct err *
file_new_open(const char *path, struct file_new **out)
{
	const struct err *err;
	struct file_new *f;
	mode_t mode;
	int fd;

	*out = NULL;
	if ((err = file_mode(path, &mode)) != NULL)
		return err;
	f = mem_zalloc(sizeof(*f));
	f->path = mem_strdup(path);
	f->mode = mode;
	buf_printf(&f->tmp, "%s.XXXXXX", path);
	if ((fd = mkostemp(f->tmp.data, O_CLOEXEC)) < 0) {
		err = err_sys("%s", path);
		buf_reset(&f->tmp);
	} else if ((f->fp = fdopen(fd, "w")) == NULL) {
		err = err_sys("%s", path);
		close(fd);
	}
	if (err != NULL) {
		file_new_discard(f);
		return err;
	}
	*out = f;
	return NULL;
}

FILE *
file_new_stream(struct file_new *f)
{
	return f->fp;
}

const char *
file_new_path(struct file_new *f)
{
	return buf_str(&f->tmp);
}

const struct err *
file_sync_folder(const char *path)
{
	const struct err *err = NULL;
	char *copy = mem_strdup(path); /* dirname() writes into it */
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(copy);
	if (fd < 0 || fsync(fd) < 0)
		err = err_sys("%s", path);
	if (fd >= 0)
		close(fd);
	return err;
}

const struct err *
file_new_commit(struct file_new *f)
{
	const struct err *err = NULL;
	int fd = fileno(f->fp);

	if (fflush(f->fp) != 0 || ferror(f->fp) || fchmod(fd, f->mode) < 0 ||
	    fsync(fd) < 0 || rename(buf_str(&f->tmp), f->path) < 0) {
		err = err_sys("%s", f->path);
	} else {
		buf_reset(&f->tmp); /* it is gone */
		err = file_sync_folder(f->path);
	}
	file_new_discard(f);
	return err;
}

void
file_new_discard(struct file_new *f)
{
	if (f == NULL)
		return;
	if (f->tmp.len != 0)
		unlink(buf_str(&f->tmp));
	if (f->fp != NULL)
		fclose(f->fp);
	buf_free(&f->tmp);
	free(f->path);
	free(f);
}

static const struct err *
file_write(int fd, const char *name, const char *data, size_t len)
{
	ssize_t n;

	for (; len != 0; data += n, len -= (size_t)n)
		if ((n = write(fd, data, len)) < 0)
			return err_sys("%s", name);
	return NULL;
}

const struct err *
file_temp(int *out)
{
	const struct err *err = NULL;
	struct buf tmp = { 0 };

	buf_printf(&tmp, "%s/crm-XXXXXX", file_tmpdir());
	if ((*out = mkostemp(tmp.data, O_CLOEXEC)) < 0)
		err = err_sys("%s", file_tmpdir());
	else
		unlink(tmp.data);
	buf_free(&tmp);
	return err;
}

const struct err *
file_spool(int fd, const char *name, const char *head, size_t head_len,
    int *out)
{
	const struct err *err;
	char piece[1 << 16];
	ssize_t n;

	if ((err = file_temp(out)) != NULL)
		return err;
	if ((err = file_write(*out, file_tmpdir(), head, head_len)) != NULL)
		goto out;
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		if ((err = file_write(*out, file_tmpdir(), piece, (size_t)n)) !=
		    NULL)
			goto out;
	if (n < 0 || lseek(*out, 0, SEEK_SET) < 0)
		err = err_sys("%s", name);
out:
	if (err != NULL && *out >= 0) {
		close(*out);
		*out = -1;
	}
	return err;
}

const struct err *
file_slurp(const char *path, size_t max, struct arena *a, const char **out)
{
	const struct err *err;
	struct buf b = { 0 };
	ssize_t n;
	int fd;

	*out = NULL;
	if ((err = file_open(path, &fd)) != NULL)
		return err;
	while ((n = read(fd, buf_room(&b, 1 << 16), 1 << 16)) > 0 &&
	       b.len + (size_t)n <= max)
		b.len += (size_t)n;
	if (n < 0)
		err = err_sys("%s", path);
	else if (n > 0)
		err =
		    err_new(ERR_INPUT, "%s: longer than %zu bytes", path, max);
	else if (strlen(buf_str(&b)) != b.len)
		err = err_new(ERR_INPUT, "%s: NUL byte", path);
	else
		*out = arena_strndup(a, buf_str(&b), b.len);
	close(fd);
	buf_free(&b);
	return err;
}
