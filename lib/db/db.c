/* db.c - the one file that speaks to SQLite. */
#include "db/db.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "db/exec.h"
#include "db/pool.h"

#define DB_BUSY_MS    15000
#define DB_STMT_SLOTS 512 /* more than there are statements in the program */
#define DB_COPY_PAGES 256 /* a megabyte, between two looks at the watch */

/* Names are constants: the second time, the address tells which it is. */
struct db_param {
	char *name;
	const char *asked; /* the constant that meant it last */
};

struct db_stmt {
	struct db *db;
	sqlite3_stmt *stmt;
	const char *sql; /* the constant it was prepared from */
	struct db_param *params;
	int count;
};

struct db_row {
	sqlite3_value **values;
};

/* A scan of many rows under way, see db_scan(). */
struct db_scan {
	db_row_fn take; /* NULL: there is none */
	void *arg;
	const struct err *err;
};

struct db {
	sqlite3 *handle;
	char *path;
	unsigned jitter;      /* state of the busy handler's dice */
	int64_t busy_since;   /* milliseconds */
	int64_t data_version; /* when db_changed_elsewhere() last looked */
	bool marked;          /* the record in hand has a savepoint */
	int64_t written;      /* rows changed before the record in hand */
	struct arena folded;  /* result of fold() */
	struct db_scan scan;
	struct db_stmt *kept[DB_STMT_SLOTS]; /* open addressing by address */
};

static const struct err *
db_error(struct db *db, const char *doing)
{
	enum err_code code = ERR_IO;

	switch (
	    sqlite3_errcode(db->handle) & 0xff) { /* extended codes are on */
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_new(ERR_BUSY,
		    "%s: the database is busy; try again later", db->path);
	case SQLITE_READONLY:
		return err_new(ERR_IO,
		    "%s: cannot be written; check the permissions of the file "
		    "and its folder",
		    db->path);
	case SQLITE_CANTOPEN:
		return err_new(ERR_IO,
		    "%s: cannot be opened; check the path and the permissions "
		    "of its folder",
		    db->path);
	case SQLITE_NOTADB:
		return err_new(ERR_SCHEMA,
		    "%s: not a crm database; make one with crm-init", db->path);
	case SQLITE_FULL:
		return err_new(ERR_IO,
		    "%s: the disk is full; make room and run this again",
		    db->path);
	case SQLITE_IOERR:
		return err_new(ERR_IO,
		    "%s: the disk failed to read or write it; see the "
		    "system's log, then run this again",
		    db->path);
	case SQLITE_CORRUPT: /* of a failed read too: EIO */
		return err_new(ERR_IO,
		    "%s: the file is damaged or the disk cannot read it; "
		    "crm-check says where, and crm-restore puts a good copy in "
		    "its place",
		    db->path);
	case SQLITE_CONSTRAINT:
		code = ERR_CONFLICT;
		break;
	default:
		break;
	}
	return err_new(code, "%s: %s%s%s", db->path, doing,
	    doing[0] != '\0' ? ": " : "", sqlite3_errmsg(db->handle));
}

/*
 * SQLite's own handler backs off to sleeps of 100 ms and so misses the short
 * gaps that an importer leaves; many short sleeps of random length do not.
 */
static int
db_busy(void *arg, int calls)
{
	struct db *db = arg;

	if (calls == 0)
		db->busy_since = when_ticks_ms();
	else if (when_ticks_ms() - db->busy_since > DB_BUSY_MS)
		return 0;
	db->jitter = db->jitter * 1103515245u + 12345u;
	usleep(100 + (db->jitter >> 16) % 400);
	return 1;
}

const struct err *
db_exec(struct db *db, const char *sql)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return err_some(db_error(db, ""));
	return NULL;
}

const struct err *
db_int(struct db *db, const char *sql, int64_t *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = 0;
	if ((err = db_prepare(db, sql, &st)) != NULL)
		return err;
	if ((err = db_step(st, &row)) == NULL && row)
		*out = db_col_int(st, 0);
	db_finish(st);
	return err;
}

/* fold(text) for queries; schema and views must do without it. */
static void
db_fold(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct arena *a = sqlite3_user_data(ctx);
	const char *s = (const char *)sqlite3_value_text(argv[0]);

	(void)argc;
	if (s == NULL)
		return;
	arena_reset(a);
	sqlite3_result_text(ctx, text_fold(a, s), -1, SQLITE_TRANSIENT);
}

/* each_row(...), an aggregate so that SQLite gives it row after row. */
static void
db_each_row(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct db_scan *scan = sqlite3_user_data(ctx);
	struct db_row row = { argv };

	(void)argc;
	if (scan->take == NULL)
		abort(); /* a statement for db_scan() was stepped */
	scan->err = scan->take(scan->arg, &row);
	if (scan->err != NULL)
		sqlite3_result_error(ctx, scan->err->msg, -1);
}

static void
db_no_more_rows(sqlite3_context *ctx)
{
	(void)ctx;
}

static int
db_pool_init(void *unused)
{
	(void)unused;
	return SQLITE_OK;
}

static void
db_pool_shutdown(void *unused)
{
	(void)unused;
}

/*
 * One thread, no counters, memory from the pool: a third of the instructions of
 * an import. The pages that a savepoint may bring back are in that memory too,
 * in pieces of 1 kB, since temp_store is MEMORY. SQLITE_CONFIG_STMTJRNL_SPILL
 * would keep them in one piece, but SQLite cannot write one of more than 128
 * KiB to a file when it is full: it says that the disk is.
 */
static void
db_configure(void)
{
	static const sqlite3_mem_methods from_pool = {
		.xMalloc = pool_alloc,
		.xFree = pool_free,
		.xRealloc = pool_realloc,
		.xSize = pool_size,
		.xRoundup = pool_round,
		.xInit = db_pool_init,
		.xShutdown = db_pool_shutdown,
	};

	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
#ifndef __SANITIZE_ADDRESS__ /* which shall know each block by itself */
	sqlite3_config(SQLITE_CONFIG_MALLOC, &from_pool);
#endif
}

const struct err *
db_connect(const char *path, bool alone, struct db **out)
{
	const struct err *err;
	struct db *db;

	*out = NULL;
	db_configure();
	db = mem_zalloc(sizeof(*db));
	db->path = mem_strdup(path);
	db->jitter = (unsigned)getpid();
	db->data_version = -1;
	if (sqlite3_open_v2(path, &db->handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE,
		NULL) != SQLITE_OK) {
		err = db_error(db, "");
		goto fail;
	}
	sqlite3_busy_handler(db->handle, db_busy, db);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_create_function_v2(db->handle, "fold", 1,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, &db->folded,
	    db_fold, NULL, NULL, NULL);
	sqlite3_create_function_v2(db->handle, "each_row", -1,
	    SQLITE_UTF8 | SQLITE_DIRECTONLY, &db->scan, NULL, db_each_row,
	    db_no_more_rows, NULL);
	/* Before the file is first read, or its locks are those of many. */
	err = alone ? db_exec(db, "PRAGMA locking_mode = EXCLUSIVE") : NULL;
	if (err == NULL)
		err = db_exec(db,
		    "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
		    "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY");
	if (err == NULL) {
		*out = db;
		return NULL;
	}
fail:
	db_close(db);
	return err_some(err);
}

const struct err *
db_open(const char *path, enum db_mode mode, struct db **out)
{
	const struct err *err;
	struct db *db;

	*out = NULL;
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return err_new(ERR_NOTFOUND,
		    "%s: no such database; make one with crm-init", path);
	if ((err = db_connect(path, false, &db)) != NULL)
		return err;
	if ((err = db_check_schema(db)) != NULL)
		goto fail;
	if (mode == DB_WRITE && sqlite3_db_readonly(db->handle, "main") != 0) {
		err = err_new(ERR_IO,
		    "%s: cannot be written; check the permissions of the file "
		    "and its folder",
		    path);
		goto fail;
	}
	/*
	 * What is only read is in the system's cache too, and to fetch it from
	 * there takes less time than to have the memory for more of it.
	 */
	if (mode == DB_READ &&
	    (err = db_exec(db,
		 "PRAGMA query_only = ON; PRAGMA cache_size = -4096")) != NULL)
		goto fail;
	*out = db;
	return NULL;
fail:
	db_close(db);
	return err;
}

void
db_close(struct db *db)
{
	size_t i;

	if (db == NULL)
		return;
	db_rollback(db);
	for (i = 0; i < DB_STMT_SLOTS; i++)
		db_finish(db->kept[i]);
	sqlite3_close(db->handle);
	arena_free(&db->folded);
	free(db->path);
	free(db);
}

const char *
db_path(const struct db *db)
{
	return db->path;
}

static int
db_trace_line(unsigned what, void *ctx, void *stmt, void *unused)
{
	(void)what;
	(void)ctx;
	(void)unused;
	fprintf(stderr, "sql: %s\n", sqlite3_sql((sqlite3_stmt *)stmt));
	return 0;
}

void
db_trace(struct db *db)
{
	sqlite3_trace_v2(db->handle, SQLITE_TRACE_STMT, db_trace_line, NULL);
}

static const struct err *
db_do(struct db *db, const char *sql)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	return db_run(st);
}

/* Constants, for db_stmt() knows a statement by its address. */
static const char begin_sql[] = "BEGIN IMMEDIATE";
static const char begin_read_sql[] = "BEGIN";
static const char commit_sql[] = "COMMIT";
static const char savepoint_sql[] = "SAVEPOINT record";
static const char release_sql[] = "RELEASE record";
static const char rollback_to_sql[] = "ROLLBACK TO record";

const struct err *
db_begin(struct db *db)
{
	const struct err *err;

	if ((err = db_do(db, begin_sql)) != NULL)
		return err;
	db->marked = false;
	return db_record(db);
}

const struct err *
db_begin_read(struct db *db)
{
	return db_do(db, begin_read_sql);
}

const struct err *
db_commit(struct db *db)
{
	return db_do(db, commit_sql);
}

void
db_rollback(struct db *db)
{
	if (db->handle != NULL && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool
db_in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

const struct err *
db_record(struct db *db)
{
	const struct err *err;

	db->written = sqlite3_total_changes64(db->handle);
	if (!db->marked)
		return NULL;
	if ((err = db_do(db, release_sql)) == NULL)
		db->marked = false;
	return err;
}

const struct err *
db_mark(struct db *db)
{
	const struct err *err;

	if (db->marked)
		return NULL;
	if ((err = db_do(db, savepoint_sql)) == NULL)
		db->marked = true;
	return err;
}

const struct err *
db_undo(struct db *db)
{
	if (db->marked)
		return db_do(db, rollback_to_sql);
	if (sqlite3_total_changes64(db->handle) != db->written)
		return err_new(ERR_IO,
		    "%s: a record was refused when half of it was written; "
		    "all since the last commit is taken back",
		    db->path);
	return NULL;
}

const struct err *
db_bulk(struct db *db, bool on)
{
	if (on)
		return db_exec(db, "PRAGMA foreign_keys = OFF;"
				   "PRAGMA wal_autocheckpoint = 20000");
	return db_exec(db,
	    "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000;"
	    "PRAGMA wal_checkpoint(TRUNCATE)");
}

const struct err *
db_changed_elsewhere(struct db *db, bool *changed)
{
	static const char version_sql[] = "PRAGMA data_version";
	const struct err *err;
	struct db_stmt *st;
	int64_t version;
	bool row;

	*changed = false;
	if ((err = db_stmt(db, version_sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL)
		return err;
	version = db_col_int(st, 0);
	db_reset(st);
	*changed = version != db->data_version;
	db->data_version = version;
	return NULL;
}

const struct err *
db_set_wal(struct db *db)
{
	return db_exec(db, "PRAGMA journal_mode = WAL");
}

const struct err *
db_forget(struct db *db)
{
	const struct err *err;
	int64_t busy;

	if ((err = db_exec(db, "PRAGMA temp_store = FILE; VACUUM")) != NULL)
		return err;
	if ((err = db_int(db, "PRAGMA wal_checkpoint(TRUNCATE)", &busy)) ==
		NULL &&
	    busy != 0)
		err = err_new(ERR_BUSY,
		    "%s: it is done, but what was erased stays in the log "
		    "while another program reads; try again later",
		    db->path);
	return err;
}

const struct err *
db_allow_temp(struct db *db, bool on)
{
	return db_exec(db,
	    on ? "PRAGMA query_only = OFF" : "PRAGMA query_only = ON");
}

const struct err *
db_prepare(struct db *db, const char *sql, struct db_stmt **out)
{
	struct db_stmt *st;
	sqlite3_stmt *stmt;
	const char *tail, *name;
	int i;

	*out = NULL;
	if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
		&stmt, &tail) != SQLITE_OK)
		return err_some(db_error(db, sql));
	if (*tail != '\0')
		abort(); /* two statements in one constant is a bug */
	st = mem_zalloc(sizeof(*st));
	st->db = db;
	st->stmt = stmt;
	st->sql = sql;
	st->count = sqlite3_bind_parameter_count(stmt);
	st->params = mem_zalloc(((size_t)st->count + 1) * sizeof(*st->params));
	for (i = 0; i < st->count; i++) {
		/* A number that the statement leaves out has no name. */
		name = sqlite3_bind_parameter_name(stmt, i + 1);
		st->params[i].name = mem_strdup(name != NULL ? name : "");
	}
	*out = st;
	return NULL;
}

const struct err *
db_stmt(struct db *db, const char *sql, struct db_stmt **out)
{
	const struct err *err;
	size_t i = ((uintptr_t)sql >> 3) % DB_STMT_SLOTS, tries = 0;

	while (db->kept[i] != NULL && db->kept[i]->sql != sql) {
		i = (i + 1) % DB_STMT_SLOTS;
		if (++tries == DB_STMT_SLOTS)
			abort(); /* raise DB_STMT_SLOTS */
	}
	if (db->kept[i] == NULL &&
	    (err = db_prepare(db, sql, &db->kept[i])) != NULL) {
		*out = NULL;
		return err;
	}
	*out = db->kept[i];
	if (sqlite3_stmt_busy((*out)->stmt))
		abort(); /* its rows are still being read */
	sqlite3_clear_bindings((*out)->stmt);
	return NULL;
}

void
db_finish(struct db_stmt *st)
{
	if (st == NULL)
		return;
	sqlite3_finalize(st->stmt);
	while (st->count > 0)
		free(st->params[--st->count].name);
	free(st->params);
	free(st);
}

static int
db_param(struct db_stmt *st, const char *name)
{
	int i;

	for (i = 0; i < st->count; i++)
		if (st->params[i].asked == name)
			return i + 1;
	for (i = 0; i < st->count; i++)
		if (strcmp(st->params[i].name, name) == 0) {
			st->params[i].asked = name;
			return i + 1;
		}
	abort(); /* a misspelled parameter is a bug */
}

void
db_bind_int(struct db_stmt *st, const char *name, int64_t v)
{
	sqlite3_bind_int64(st->stmt, db_param(st, name), v);
}

void
db_bind_text(struct db_stmt *st, const char *name, const char *v)
{
	sqlite3_bind_text(st->stmt, db_param(st, name), v, -1, SQLITE_STATIC);
}

void
db_bind_int_at(struct db_stmt *st, int i, int64_t v)
{
	sqlite3_bind_int64(st->stmt, i, v);
}

void
db_bind_text_at(struct db_stmt *st, int i, const char *v)
{
	sqlite3_bind_text(st->stmt, i, v, -1, SQLITE_STATIC);
}

const struct err *
db_step(struct db_stmt *st, bool *row)
{
	const struct err *err = NULL;
	int rc = sqlite3_step(st->stmt);

	*row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW)
		return NULL;
	if (rc != SQLITE_DONE)
		err = db_error(st->db, "");
	sqlite3_reset(st->stmt);
	return err;
}

const struct err *
db_run(struct db_stmt *st)
{
	const struct err *err;
	bool row;

	do
		err = db_step(st, &row);
	while (err == NULL && row);
	return err;
}

const struct err *
db_run_each(struct db *db, const char *const *sql, size_t count, int64_t id)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	for (i = 0; i < count; i++) {
		if ((err = db_stmt(db, sql[i], &st)) != NULL)
			return err;
		db_bind_int(st, ":id", id);
		if ((err = db_run(st)) != NULL)
			return err;
	}
	return NULL;
}

void
db_reset(struct db_stmt *st)
{
	sqlite3_reset(st->stmt);
}

int
db_columns(struct db_stmt *st)
{
	return sqlite3_column_count(st->stmt);
}

bool
db_col_is_null(struct db_stmt *st, int i)
{
	return sqlite3_column_type(st->stmt, i) == SQLITE_NULL;
}

int64_t
db_col_int(struct db_stmt *st, int i)
{
	return sqlite3_column_int64(st->stmt, i);
}

const char *
db_col_text(struct db_stmt *st, int i, struct arena *a)
{
	const char *s = db_col_peek(st, i);

	if (s == NULL)
		return NULL;
	return arena_strndup(a, s, (size_t)sqlite3_column_bytes(st->stmt, i));
}

const char *
db_col_peek(struct db_stmt *st, int i)
{
	return (const char *)sqlite3_column_text(st->stmt, i);
}

const struct err *
db_scan(struct db_stmt *st, db_row_fn take, void *arg)
{
	struct db_scan *scan = &st->db->scan;
	const struct err *err;

	if (scan->take != NULL)
		abort(); /* one scan at a time */
	*scan = (struct db_scan){ .take = take, .arg = arg };
	err = db_run(st);
	scan->take = NULL;
	return scan->err != NULL ? scan->err : err;
}

bool
db_row_is_null(const struct db_row *row, int i)
{
	return sqlite3_value_type(row->values[i]) == SQLITE_NULL;
}

int64_t
db_row_int(const struct db_row *row, int i)
{
	return sqlite3_value_int64(row->values[i]);
}

const char *
db_row_text(const struct db_row *row, int i)
{
	return (const char *)sqlite3_value_text(row->values[i]);
}

int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

const struct err *
db_copy_pages(struct db *from, struct db *to, db_watch_fn watch, void *arg)
{
	sqlite3_backup *b;
	int64_t all;
	int rc;

	b = sqlite3_backup_init(to->handle, "main", from->handle, "main");
	if (b == NULL)
		return err_some(db_error(to, "copy"));
	do {
		rc = sqlite3_backup_step(b, DB_COPY_PAGES);
		all = sqlite3_backup_pagecount(b);
	} while (rc == SQLITE_OK &&
		 (watch == NULL ||
		     watch(arg, all - sqlite3_backup_remaining(b), all)));
	sqlite3_backup_finish(b); /* which leaves its error with `to` */
	if (rc == SQLITE_OK)
		return err_new(ERR_IO, "%s: the copy was stopped", to->path);
	if (rc != SQLITE_DONE)
		return err_some(db_error(to, "copy"));
	return NULL;
}
