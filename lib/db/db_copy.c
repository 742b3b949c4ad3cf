/* db_copy.c - whole copies of a database, and putting one back. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/exec.h"
#include "db/schema.h"

/*
 * One read transaction around the whole copy: without it SQLite begins anew
 * whenever somebody writes between two steps, and under constant writing never
 * ends. Writers are not kept waiting; only the WAL cannot start over meanwhile.
 */
static const struct err *
copy_moment(struct db *from, struct db *to, db_watch_fn watch, void *arg)
{
	const struct err *err;
	int64_t seen;

	if ((err = db_begin_read(from)) != NULL)
		return err;
	/* BEGIN alone reads nothing yet. */
	if ((err = db_int(from, "SELECT count(*) FROM sqlite_schema", &seen)) ==
	    NULL)
		err = db_copy_pages(from, to, watch, arg);
	db_rollback(from);
	return err;
}

/* The copy has WAL in its header; without, it needs no files beside it. */
static const struct err *
copy_into(struct db *from, struct db *to, db_watch_fn watch, void *arg)
{
	const struct err *err;

	if ((err = db_exec(to, "PRAGMA journal_mode = MEMORY")) != NULL ||
	    (err = copy_moment(from, to, watch, arg)) != NULL)
		return err;
	return db_exec(to, "PRAGMA journal_mode = DELETE");
}

/* An empty file, for the same people as the database but never for all. */
static const struct err *
copy_create(const char *from, const char *to)
{
	const struct err *err = NULL;
	struct stat st;
	int fd;

	if (stat(from, &st) != 0)
		return err_sys("%s", from);
	fd = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		return err_new(ERR_CONFLICT,
		    "%s: in the way of the copy; move it away", to);
	if (fd < 0)
		return err_sys("%s", to);
	if (fchmod(fd, (st.st_mode & 0660) | 0600) != 0)
		err = err_sys("%s", to);
	close(fd);
	return err;
}

const struct err *
db_copy(struct db *from, const char *to, db_watch_fn watch, void *arg)
{
	const struct err *err;
	struct db *db;

	if ((err = copy_create(db_path(from), to)) != NULL)
		return err;
	if ((err = db_connect(to, true, &db)) == NULL) {
		err = copy_into(from, db, watch, arg);
		db_close(db);
	}
	if (err != NULL)
		unlink(to);
	return err;
}

const struct err *
db_replace(struct db *to, struct db *from, db_watch_fn watch, void *arg)
{
	return copy_moment(from, to, watch, arg);
}

/* SQLite's own look at every page, row and index; then ours at references. */
static const struct err *
copy_look_through(struct db *db)
{
	static const char check_sql[] =
	    "SELECT integrity_check FROM pragma_integrity_check(1)";
	const struct err *err;
	struct db_stmt *st;
	int64_t broken;
	bool row;

	if ((err = db_stmt(db, check_sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL)
		return err;
	if (row && strcmp(db_col_peek(st, 0), "ok") != 0)
		err = err_new(ERR_SCHEMA, "%s: the file is damaged: %s",
		    db_path(db), db_col_peek(st, 0));
	db_reset(st);
	if (err != NULL ||
	    (err = db_int(db, "SELECT count(*) FROM pragma_foreign_key_check",
		 &broken)) != NULL)
		return err;
	if (broken != 0)
		return err_new(ERR_SCHEMA,
		    "%s: the file is damaged: %" PRId64
		    " references point nowhere",
		    db_path(db), broken);
	return NULL;
}

const struct err *
db_open_whole(const char *path, int *version, struct db **out)
{
	const struct err *err;
	struct db *db;

	*out = NULL;
	*version = 0;
	if ((err = db_connect(path, false, &db)) != NULL)
		return err;
	if ((err = db_exec(db, "PRAGMA query_only = ON")) == NULL &&
	    (err = db_schema_version(db, version)) == NULL) {
		if (*version > schema_version)
			err = db_check_schema(db);
		else
			err = copy_look_through(db);
	}
	if (err != NULL) {
		db_close(db);
		return err;
	}
	*out = db;
	return NULL;
}

const struct err *
db_open_alone(const char *path, struct db **out)
{
	const struct err *err;

	if ((err = db_connect(path, true, out)) != NULL)
		return err;
	/* The lock is kept from the first transaction to the end. */
	err =
	    db_exec(*out, "BEGIN EXCLUSIVE; COMMIT; PRAGMA journal_mode = WAL");
	if (err != NULL) {
		db_close(*out);
		*out = NULL;
	}
	return err;
}

const struct err *
db_bytes(struct db *db, int64_t *out)
{
	return db_int(db,
	    "SELECT page_count * page_size"
	    " FROM pragma_page_count, pragma_page_size",
	    out);
}
