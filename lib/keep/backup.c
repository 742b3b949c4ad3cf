/* backup.c - backups: their names, checksums, making and keeping. */
#include "keep/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/sha256.h"
#include "base/when.h"
#include "io/file.h"
#include "io/out.h"

enum {
	BACKUP_STAMP_LEN = 18, /* 2026-11-22T031500Z */
	BACKUP_SUM_FILE_MAX = 4096,
	BACKUP_DIGEST_LEN = SHA256_STR_MAX - 1,
};

/* Names -------------------------------------------------------------------- */

static const char *
backup_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* What all names of a database's backups begin with: "shop-". */
static const char *
backup_prefix(struct arena *a, const char *db_path)
{
	const char *name = backup_basename(db_path);
	size_t len = strlen(name);

	if (len > 3 && strcmp(name + len - 3, ".db") == 0)
		len -= 3;
	return arena_printf(a, "%.*s-", (int)len, name);
}

const char *
backup_stamp(struct arena *a, int64_t t)
{
	char buf[WHEN_STR_MAX];

	when_format(t, buf);
	return arena_printf(a, "%.13s%.2s%s", buf, buf + 14, buf + 17);
}

/* Is it just what we would have called a backup of some time? */
static bool
backup_parse_name(const char *name, const char *prefix, struct arena *a,
    int64_t *made_at)
{
	const size_t len = strlen(prefix);
	const char *s = name + len, *stamp;

	if (strncmp(name, prefix, len) != 0 ||
	    strlen(s) != BACKUP_STAMP_LEN + strlen(".db") ||
	    strcmp(s + BACKUP_STAMP_LEN, ".db") != 0)
		return false;
	stamp = arena_printf(a, "%.13s:%.2s:%.3s", s, s + 13, s + 15);
	return when_parse(stamp, made_at) == NULL &&
	       strncmp(backup_stamp(a, *made_at), s, BACKUP_STAMP_LEN) == 0;
}

static int
backup_newest_first(const void *a, const void *b)
{
	const struct backup *x = a, *y = b;

	return (x->made_at < y->made_at) - (x->made_at > y->made_at);
}

const struct err *
backup_list(const char *dir, const char *db_path, struct arena *a,
    struct backup **out, size_t *count)
{
	const char *prefix = backup_prefix(a, db_path);
	struct backup *v = NULL, b = { 0 };
	const struct dirent *e;
	struct stat st;
	size_t n = 0;
	DIR *d;

	*out = NULL;
	*count = 0;
	if ((d = opendir(dir)) == NULL)
		return err_sys("%s", dir);
	while ((e = readdir(d)) != NULL) {
		if (!backup_parse_name(e->d_name, prefix, a, &b.made_at))
			continue;
		b.path = arena_printf(a, "%s/%s", dir, e->d_name);
		if (lstat(b.path, &st) != 0 || !S_ISREG(st.st_mode))
			continue;
		b.bytes = st.st_size;
		v = arena_grow(a, v, n, sizeof(*v));
		v[n++] = b;
	}
	closedir(d);
	if (n > 1)
		qsort(v, n, sizeof(*v), backup_newest_first);
	*out = v;
	*count = n;
	return NULL;
}

/* Which stay --------------------------------------------------------------- */

static int64_t
backup_day(int64_t day)
{
	return day;
}

static int64_t
backup_week(int64_t day)
{
	return day - when_weekday(day);
}

/* Of each of the last `periods` that have any, the newest. */
static void
backup_retain_by(struct backup *v, size_t count, int64_t periods,
    int64_t (*period_of)(int64_t day))
{
	int64_t period, last = INT64_MAX;
	size_t i;

	for (i = 0; i < count && periods > 0; i++) {
		period = period_of(when_day(v[i].made_at));
		if (period == last)
			continue;
		v[i].keep = true;
		last = period;
		periods--;
	}
}

void
backup_retain(struct backup *v, size_t count, const struct backup_rule *rule)
{
	const bool all =
	    rule->days == 0 && rule->weeks == 0 && rule->months == 0;
	size_t i;

	for (i = 0; i < count; i++)
		if (all || i == 0)
			v[i].keep = true;
	backup_retain_by(v, count, rule->days, backup_day);
	backup_retain_by(v, count, rule->weeks, backup_week);
	backup_retain_by(v, count, rule->months, when_month_start);
}

const struct err *
backup_surplus(const char *dir, const char *db_path, const struct backup *made,
    const struct backup_rule *rule, struct arena *a, struct backup **out,
    size_t *count)
{
	const struct err *err;
	struct backup *v;
	size_t i, n, kept = 0;

	*out = NULL;
	*count = 0;
	if ((err = backup_list(dir, db_path, a, &v, &n)) != NULL)
		return err;
	for (i = 0; i < n && v[i].made_at != made->made_at; i++)
		;
	if (i == n) { /* a dry run: as if it were there */
		v = arena_grow(a, v, n, sizeof(*v));
		v[n++] = *made;
		qsort(v, n, sizeof(*v), backup_newest_first);
	}
	/* The new one stays whatever times the names of others tell. */
	for (i = 0; i < n; i++)
		v[i].keep = v[i].made_at == made->made_at;
	backup_retain(v, n, rule);
	for (i = 0; i < n; i++)
		if (v[i].keep)
			kept++;
		else
			v[i - kept] = v[i];
	*out = v;
	*count = n - kept;
	return NULL;
}

/* Checksums ---------------------------------------------------------------- */

static const char *
backup_sum_path(struct arena *a, const char *path)
{
	return arena_printf(a, "%s.sha256", path);
}

/* The digest of a file; with sync it is put on disk as well. */
static const struct err *
backup_digest(const char *path, bool sync, char digest[static SHA256_STR_MAX])
{
	const struct err *err;
	char piece[1 << 16];
	struct sha256 h;
	ssize_t n;
	int fd;

	if ((err = file_open(path, &fd)) != NULL)
		return err;
	sha256_start(&h);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		sha256_add(&h, piece, (size_t)n);
	if (n < 0 || (sync && fsync(fd) != 0))
		err = err_sys("%s", path);
	close(fd);
	sha256_end(&h, digest);
	return err;
}

/* In the form of sha256sum, on disk and for those the backup is for. */
static const struct err *
backup_write_sum(const char *path, const char *name, const char *digest,
    mode_t mode)
{
	const struct err *err = NULL;
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_sys("%s", path);
	if (dprintf(fd, "%s  %s\n", digest, name) < 0 ||
	    fchmod(fd, mode) != 0 || fsync(fd) != 0)
		err = err_sys("%s", path);
	close(fd);
	return err;
}

const struct err *
backup_check_sum(struct backup *b, struct arena *a)
{
	const char *sum_path = backup_sum_path(a, b->path), *told;
	char digest[SHA256_STR_MAX];
	const struct err *err;

	b->sum = BACKUP_SUM_NONE;
	if (access(sum_path, F_OK) != 0 && errno == ENOENT)
		return NULL;
	if ((err = file_slurp(sum_path, BACKUP_SUM_FILE_MAX, a, &told)) !=
		NULL ||
	    (err = backup_digest(b->path, false, digest)) != NULL)
		return err;
	b->sum = strncmp(told, digest, BACKUP_DIGEST_LEN) == 0 ?
		     BACKUP_SUM_HOLDS :
		     BACKUP_SUM_WRONG;
	return NULL;
}

/* Making ------------------------------------------------------------------- */

/* A second later when two are made in one. */
static void
backup_name(struct arena *a, const char *dir, const char *prefix,
    struct backup *b)
{
	struct stat st;

	for (;; b->made_at++) {
		b->path = arena_printf(a, "%s/%s%s.db", dir, prefix,
		    backup_stamp(a, b->made_at));
		if (lstat(b->path, &st) != 0)
			return;
	}
}

static const struct err *
backup_check_room(const char *dir, int64_t bytes)
{
	struct statvfs fs;
	uint64_t room;

	if (statvfs(dir, &fs) != 0)
		return err_sys("%s", dir);
	room = (uint64_t)fs.f_bavail * fs.f_frsize;
	if ((uint64_t)bytes <= room)
		return NULL;
	return err_new(ERR_IO,
	    "%s: the copy needs %" PRId64 " MB, %" PRIu64 " MB are free", dir,
	    bytes / 1000000 + 1, room / 1000000);
}

void
backup_discard(const char *path, struct arena *a)
{
	static const char *const suffixes[] = { "", "-journal", "-wal", "-shm",
		".sha256" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(suffixes); i++)
		unlink(arena_printf(a, "%s%s", path, suffixes[i]));
}

static const struct err *
backup_look_through(const char *path)
{
	const struct err *err;
	struct db *db;
	int version;

	err = db_open_whole(path, &version, &db);
	db_close(db);
	return err;
}

/* From the copy that is whole to the backup that counts. */
static const struct err *
backup_publish(const char *made, struct backup *b, struct arena *a)
{
	const char *made_sum = backup_sum_path(a, made);
	const char *sum = backup_sum_path(a, b->path);
	char digest[SHA256_STR_MAX];
	const struct err *err;
	struct stat st;

	if ((err = backup_look_through(made)) != NULL ||
	    (err = backup_digest(made, true, digest)) != NULL)
		return err;
	if (stat(made, &st) != 0)
		return err_sys("%s", made);
	b->bytes = st.st_size;
	if ((err = backup_write_sum(made_sum, backup_basename(b->path), digest,
		 st.st_mode & 0777)) != NULL)
		return err;
	if (rename(made, b->path) != 0 || rename(made_sum, sum) != 0)
		return err_sys("%s", b->path);
	return file_sync_folder(b->path);
}

const struct err *
backup_make(struct db *db, const char *dir, int64_t now, bool dry_run,
    db_watch_fn watch, void *arg, struct arena *a, struct backup *out)
{
	const char *prefix = backup_prefix(a, db_path(db));
	const char *made = arena_printf(a, "%s/.%sunfinished", dir, prefix);
	const struct err *err;

	*out = (struct backup){ .made_at = now, .sum = BACKUP_SUM_HOLDS };
	backup_name(a, dir, prefix, out);
	if ((err = db_bytes(db, &out->bytes)) != NULL)
		return err;
	if (!dry_run)
		backup_discard(made, a);
	if ((err = backup_check_room(dir, out->bytes)) != NULL || dry_run)
		return err;
	if ((err = db_copy(db, made, watch, arg)) == NULL)
		err = backup_publish(made, out, a);
	if (err != NULL)
		backup_discard(made, a);
	return err;
}

const struct err *
backup_remove(const struct backup *b, struct arena *a)
{
	const char *sum_path = backup_sum_path(a, b->path);

	/* The checksum first: alone it would be one that never holds. */
	if (unlink(sum_path) != 0 && errno != ENOENT)
		return err_sys("%s", sum_path);
	if (unlink(b->path) != 0)
		return err_sys("%s", b->path);
	return NULL;
}

const struct err *
backup_show(struct out *out, const struct backup *b)
{
	static const char *const sums[] = { [BACKUP_SUM_NONE] = "none",
		[BACKUP_SUM_HOLDS] = "holds",
		[BACKUP_SUM_WRONG] = "wrong" };

	out_type(out, "backup");
	out_time(out, "made_at", b->made_at);
	out_int(out, "bytes", b->bytes);
	out_mood(out, "checksum", sums[b->sum],
	    b->sum == BACKUP_SUM_WRONG ? OUT_BAD : OUT_PLAIN);
	out_text(out, "path", b->path);
	return out_end(out);
}
