/* db_schema.c - make a database, bring an older one up to date, know our own. */
#include "db/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/exec.h"

#define SCHEMA_APPLICATION_ID 0x43524d31 /* "CRM1" */

const struct err *
db_schema_version(struct db *db, int *version)
{
	const struct err *err;
	int64_t id, v;

	*version = 0;
	if ((err = db_int(db, "PRAGMA application_id", &id)) != NULL ||
	    (err = db_int(db, "PRAGMA user_version", &v)) != NULL)
		return err;
	if (id != SCHEMA_APPLICATION_ID)
		return err_new(ERR_SCHEMA,
		    "%s: not a crm database; make one with crm-init",
		    db_path(db));
	*version = (int)v;
	return NULL;
}

const struct err *
db_check_schema(struct db *db)
{
	const struct err *err;
	int v;

	if ((err = db_schema_version(db, &v)) != NULL)
		return err;
	if (v < schema_version)
		return err_new(ERR_SCHEMA,
		    "%s: schema version is %d, this program needs %d; "
		    "run crm-migrate",
		    db_path(db), v, schema_version);
	if (v > schema_version)
		return err_new(ERR_SCHEMA,
		    "%s: schema version is %d, this program knows only %d; "
		    "install a newer version",
		    db_path(db), v, schema_version);
	return NULL;
}

/* SQLite has no parameters in PRAGMA, so the two numbers are printed. */
static const struct err *
schema_stamp(struct db *db)
{
	char sql[96];

	snprintf(sql, sizeof(sql),
	    "PRAGMA user_version = %d; PRAGMA application_id = %d",
	    schema_version, SCHEMA_APPLICATION_ID);
	return db_exec(db, sql);
}

static const struct err *
schema_drop_views(struct db *db)
{
	static const char sql[] =
	    "SELECT name FROM sqlite_schema WHERE type = 'view'";
	const struct err *err;
	struct arena a = { 0 };
	struct db_stmt *st;
	bool row;

	for (;;) {
		if ((err = db_stmt(db, sql, &st)) != NULL ||
		    (err = db_step(st, &row)) != NULL || !row)
			break;
		/* a name of ours: no quote can be in it */
		const char *drop =
		    arena_printf(&a, "DROP VIEW \"%s\"", db_col_peek(st, 0));

		db_reset(st);
		if ((err = db_exec(db, drop)) != NULL)
			break;
	}
	arena_free(&a);
	return err;
}

/* All steps above version `from`, in the caller's transaction. */
static const struct err *
schema_apply(struct db *db, int from)
{
	const struct err *err;
	int64_t broken;
	int i;

	if (from > 0 && (err = schema_drop_views(db)) != NULL)
		return err;
	for (i = from; i < schema_version; i++) {
		err = db_exec(db, schema_steps[i].sql);
		if (err != NULL)
			return err_wrap(err, "%s", schema_steps[i].name);
	}
	if ((err = db_exec(db, schema_views)) != NULL ||
	    (err = db_int(db, "SELECT count(*) FROM pragma_foreign_key_check",
		 &broken)) != NULL)
		return err;
	if (broken != 0)
		return err_new(ERR_SCHEMA,
		    "%" PRId64 " references point nowhere; nothing was changed",
		    broken);
	return schema_stamp(db);
}

static const struct err *
schema_build(struct db *db, int from)
{
	const struct err *err;

	/* No-ops inside a transaction, so before it. */
	if ((err = db_set_wal(db)) != NULL ||
	    (err = db_exec(db, "PRAGMA foreign_keys = OFF")) != NULL ||
	    (err = db_begin(db)) != NULL)
		return err;
	if ((err = schema_apply(db, from)) != NULL) {
		db_rollback(db);
		return err;
	}
	return db_commit(db);
}

const struct err *
db_fresh(struct db **out)
{
	const struct err *err;

	if ((err = db_connect(":memory:", false, out)) != NULL ||
	    (err = schema_build(*out, 0)) == NULL)
		return err;
	db_close(*out);
	*out = NULL;
	return err;
}

const struct err *
db_create(const char *path)
{
	const struct err *err;
	struct db *db;
	int fd;

	/* Ours alone from the first byte, and shared with the group only. */
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0660);
	if (fd < 0 && errno == EEXIST)
		return err_new(ERR_CONFLICT,
		    "%s: exists already; crm-migrate brings an older database "
		    "up to date",
		    path);
	if (fd < 0)
		return err_sys("%s", path);
	close(fd);
	if ((err = db_connect(path, false, &db)) == NULL) {
		err = schema_build(db, 0);
		db_close(db);
	}
	if (err != NULL)
		unlink(path);
	return err;
}

/*
 * The copy gets its name when all is done: what a run that was killed left of
 * its own is in nobody's way.
 */
static const struct err *
schema_backup(struct db *db, const char *path, const char *made)
{
	if (access(path, F_OK) == 0)
		return err_new(ERR_CONFLICT,
		    "%s: in the way of the copy; move it away", path);
	if (unlink(made) != 0 && errno != ENOENT)
		return err_sys("%s", made);
	return db_copy(db, made, NULL, NULL);
}

static const struct err *
schema_migrate(struct db *db, int version)
{
	const struct err *err;
	struct arena a = { 0 };
	const char *path, *made;

	path = arena_printf(&a, "%s.bak-%d", db_path(db), version);
	made = arena_printf(&a, "%s.new", path);
	if ((err = schema_backup(db, path, made)) == NULL &&
	    (err = schema_build(db, version)) == NULL &&
	    rename(made, path) != 0)
		err = err_sys("%s", path);
	arena_free(&a);
	return err;
}

const struct err *
db_migrate(const char *path, bool dry_run, int *from, int *to)
{
	const struct err *err;
	struct db *db;

	*from = *to = 0;
	if (access(path, F_OK) != 0)
		return err_new(ERR_NOTFOUND,
		    "%s: no such database; make one with crm-init", path);
	if ((err = db_connect(path, false, &db)) != NULL)
		return err;
	if ((err = db_schema_version(db, from)) != NULL)
		goto out;
	*to = schema_version;
	if (*from > schema_version)
		err = db_check_schema(db);
	else if (*from < schema_version && !dry_run)
		err = schema_migrate(db, *from);
out:
	db_close(db);
	return err;
}
