/* backup_restore.c - a backup back in its place. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/schema.h"
#include "io/file.h"
#include "keep/backup.h"

/* What belongs to a database besides the file itself. */
static const char *const restore_parts[] = { "", "-wal", "-journal" };

static bool
restore_is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/*
 * Parts without their database are in the way, too: SQLite would play a WAL
 * that was left behind into the file that is put back.
 */
static bool
restore_in_the_way(const char *path, struct arena *a)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(restore_parts); i++)
		if (restore_is_there(
			arena_printf(a, "%s%s", path, restore_parts[i])))
			return true;
	return false;
}

/*
 * What is no database any more is moved away as it is; nobody can be working
 * with it.
 */
static const struct err *
restore_move_aside(const char *path, const char *aside, struct arena *a)
{
	const char *from, *to;
	size_t i;

	if (restore_in_the_way(aside, a))
		return err_new(ERR_CONFLICT, "%s: in the way; move it away",
		    aside);
	for (i = 0; i < ARRAY_LEN(restore_parts); i++) {
		from = arena_printf(a, "%s%s", path, restore_parts[i]);
		to = arena_printf(a, "%s%s", aside, restore_parts[i]);
		if (rename(from, to) != 0 && errno != ENOENT)
			return err_sys("%s", from);
	}
	unlink(arena_printf(a, "%s-shm", path));
	return NULL;
}

/* Made beside its place; the name is not taken from one who was faster. */
static const struct err *
restore_new(const struct backup_restore *r, struct db *from, struct arena *a)
{
	const char *made = arena_printf(a, "%s.unfinished", r->to);
	const struct err *err;
	struct db *db;

	backup_discard(made, a);
	if ((err = db_copy(from, made, r->watch, r->watch_arg)) != NULL)
		return err;
	if ((err = db_open_alone(made, &db)) == NULL)
		db_close(db); /* it has a WAL now, as all of ours */
	if (err == NULL && link(made, r->to) != 0)
		err = err_sys("%s", r->to);
	backup_discard(made, a);
	return err != NULL ? err : file_sync_folder(r->to);
}

/*
 * Into the file that is there, not over its name: who waits for its lock goes
 * on in the file that the shop has then, and with what was put back.
 */
static const struct err *
restore_into(const struct backup_restore *r, struct db *from, struct db *to)
{
	const struct err *err;

	if ((err = db_copy(to, r->aside, r->watch, r->watch_arg)) != NULL)
		return err;
	if ((err = file_sync_folder(r->aside)) == NULL)
		err = db_replace(to, from, r->watch, r->watch_arg);
	if (err != NULL)
		unlink(r->aside); /* all is as it was */
	return err;
}

static const struct err *
restore_over(const struct backup_restore *r, struct db *from, struct arena *a)
{
	const struct err *err = NULL;
	struct db *to = NULL;

	if (restore_is_there(r->to))
		err = db_open_alone(r->to, &to);
	if (to != NULL) {
		err = restore_into(r, from, to);
		db_close(to);
		return err;
	}
	if (err != NULL && err->code == ERR_BUSY)
		return err_new(ERR_BUSY,
		    "%s: somebody has it open; try again when no command runs",
		    r->to);
	/* Damaged or no database at all: it goes aside as it is. */
	if ((err != NULL && err->code != ERR_SCHEMA && err->code != ERR_IO) ||
	    (err = restore_move_aside(r->to, r->aside, a)) != NULL)
		return err;
	return restore_new(r, from, a);
}

static const struct err *
restore_check_file(struct backup_restore *r, struct arena *a)
{
	struct backup b = { .path = r->from };
	struct stat from, to;
	const struct err *err;

	if (stat(r->from, &from) != 0)
		return err_sys("%s", r->from);
	if (!S_ISREG(from.st_mode))
		return err_new(ERR_INPUT, "%s: not a regular file", r->from);
	if (stat(r->to, &to) == 0 && from.st_dev == to.st_dev &&
	    from.st_ino == to.st_ino)
		return err_new(ERR_CONFLICT, "%s: is the database itself",
		    r->from);
	if ((err = backup_check_sum(&b, a)) != NULL)
		return err;
	r->sum = b.sum;
	if (b.sum == BACKUP_SUM_WRONG)
		return err_new(ERR_INPUT,
		    "%s: the checksum is wrong; the file is not what was "
		    "written",
		    r->from);
	return NULL;
}

static const struct err *
restore_put(struct backup_restore *r, struct db *from, struct arena *a)
{
	r->aside = NULL;
	if (!restore_in_the_way(r->to, a))
		return r->dry_run ? NULL : restore_new(r, from, a);
	if (!r->force)
		return err_new(ERR_CONFLICT,
		    "%s: exists already; --force puts it aside first", r->to);
	r->aside =
	    arena_printf(a, "%s.before-%s", r->to, backup_stamp(a, r->now));
	return r->dry_run ? NULL : restore_over(r, from, a);
}

const struct err *
backup_restore(struct backup_restore *r, struct arena *a)
{
	const struct err *err;
	struct db *from;

	if ((err = restore_check_file(r, a)) != NULL ||
	    (err = db_open_whole(r->from, &r->version, &from)) != NULL)
		return err;
	r->older = r->version < schema_version;
	err = restore_put(r, from, a);
	db_close(from);
	return err;
}
