/*
 * db.h - the database: the only header that stands for SQLite.
 *
 * db_open() refuses a file whose schema is not the one this build was made
 * for; only db_create() and db_migrate() make or change a schema.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct db_stmt;

enum db_mode { DB_READ, DB_WRITE };

/* The caller closes it with db_close(). */
const struct err *db_open(const char *path, enum db_mode mode,
    struct db **out) MUST_USE;

/* Roll back what was not committed, close and free. NULL is allowed. */
void db_close(struct db *db);

/* A new database with the whole schema; a file that exists is ERR_CONFLICT. */
const struct err *db_create(const char *path) MUST_USE;

/*
 * Bring an older file of ours to this build's schema, with a copy made first
 * at path.bak-VERSION. *from and *to are the versions; equal when there was
 * nothing to do. With dry_run only the versions are told.
 */
const struct err *db_migrate(const char *path, bool dry_run, int *from,
    int *to) MUST_USE;

/*
 * Copying. The watch is called now and then with the pages done and their
 * number; when it returns false the copy is given up. NULL is allowed.
 */
typedef bool (*db_watch_fn)(void *arg, int64_t done, int64_t all);

/*
 * Copy the database, as it is at this moment and whoever writes meanwhile, into
 * a new file that is one file alone: nothing beside it is needed to read it. It
 * is for whoever the database is for, and on disk on return. A file that exists
 * is ERR_CONFLICT; after an error there is none.
 */
const struct err *db_copy(struct db *from, const char *to, db_watch_fn watch,
    void *arg) MUST_USE;

/*
 * Put the content of the one in place of all that the other holds, which
 * db_open_alone() has opened: wholly or, after an error or a kill, not at all.
 */
const struct err *db_replace(struct db *to, struct db *from, db_watch_fn watch,
    void *arg) MUST_USE;

/*
 * Open a copy for reading, of this schema or an older one, after all of it was
 * looked through: ours, no page damaged, no reference into nowhere; else
 * ERR_SCHEMA. The caller closes it with db_close().
 */
const struct err *db_open_whole(const char *path, int *version,
    struct db **out) MUST_USE;

/*
 * Open a database that nobody else has open, nor can open until db_close();
 * ERR_BUSY while others have. What is inside is not looked at. What is no
 * database or a damaged one is ERR_SCHEMA. The caller closes it.
 */
const struct err *db_open_alone(const char *path, struct db **out) MUST_USE;

/* Bytes of the database at this moment, as a copy will have. */
const struct err *db_bytes(struct db *db, int64_t *out) MUST_USE;

/*
 * Processes of this machine, but for this one, that are in the midst of reading
 * the database, as far as the system tells; the log is kept for them. *out in a.
 */
void db_readers(const char *path, struct arena *a, int64_t **out,
    size_t *count);

const char *db_path(const struct db *db);

/* -vv: every statement is written to standard error, values left out. */
void db_trace(struct db *db);

/* BEGIN IMMEDIATE ... COMMIT. db_rollback() outside a transaction is a no-op. */
const struct err *db_begin(struct db *db) MUST_USE;
const struct err *db_commit(struct db *db) MUST_USE;
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* One snapshot for several reads, ended by db_commit(). */
const struct err *db_begin_read(struct db *db) MUST_USE;

/*
 * One record inside a transaction. db_record() begins it. Who writes before it
 * is sure that the record will be taken calls db_mark() first: remembering what
 * was there costs as much as a row. db_undo() takes the record back to the mark;
 * without one it must have written nothing, else this is ERR_IO, which no caller
 * takes for the refusal of one record.
 */
const struct err *db_record(struct db *db) MUST_USE;
const struct err *db_mark(struct db *db) MUST_USE;
const struct err *db_undo(struct db *db) MUST_USE;

/*
 * Before and after a large import, outside of transactions: checkpoint rarely,
 * then once; and between the two no foreign key is checked, for whoever imports
 * has looked up every code and row that it refers to.
 */
const struct err *db_bulk(struct db *db, bool on) MUST_USE;

/* Has another connection changed the database since this was last asked? */
const struct err *db_changed_elsewhere(struct db *db, bool *changed) MUST_USE;
/* Switch the write-ahead log on, outside a transaction. */
const struct err *db_set_wal(struct db *db) MUST_USE;

/*
 * Outside a transaction: write the file anew and empty the log, so that nothing
 * of what was deleted or overwritten stays in either. ERR_BUSY when a reader
 * keeps the log from being emptied.
 */
const struct err *db_forget(struct db *db) MUST_USE;

/*
 * A DB_READ database refuses writes; this opens and shuts the door for
 * temporary tables only the caller sees.
 */
const struct err *db_allow_temp(struct db *db, bool on) MUST_USE;

/*
 * The statement of a constant SQL text, prepared once per database and kept:
 * it belongs to db and is reset with nothing bound. Asking for it again while
 * its rows are still being read is a bug and aborts.
 */
const struct err *db_stmt(struct db *db, const char *sql,
    struct db_stmt **out) MUST_USE;

/*
 * The same for text that was assembled; the caller ends it with db_finish().
 * Beside what SQLite has, both kinds may use fold(text), which is text_fold().
 */
const struct err *db_prepare(struct db *db, const char *sql,
    struct db_stmt **out) MUST_USE;
void db_finish(struct db_stmt *st);

/*
 * Parameters are named, by constants: their addresses are remembered. An unknown
 * name is a bug and aborts. Text is not copied: it must live until the statement
 * is done. NULL binds NULL.
 */
void db_bind_int(struct db_stmt *st, const char *name, int64_t v);
void db_bind_text(struct db_stmt *st, const char *name, const char *v);
/* By position from 1, for loops over a table of fields. */
void db_bind_int_at(struct db_stmt *st, int i, int64_t v);
void db_bind_text_at(struct db_stmt *st, int i, const char *v);

/* Step: sets *row. A finished statement is reset, ready to bind again. */
const struct err *db_step(struct db_stmt *st, bool *row) MUST_USE;
/* Run a statement that returns no rows. */
const struct err *db_run(struct db_stmt *st) MUST_USE;
/* Run such statements that have one parameter, :id. */
const struct err *db_run_each(struct db *db, const char *const *sql,
    size_t count, int64_t id) MUST_USE;
/* Give up the rows that were not read. */
void db_reset(struct db_stmt *st);

/* Columns of the present row, from 0. */
int db_columns(struct db_stmt *st);
bool db_col_is_null(struct db_stmt *st, int i);
int64_t db_col_int(struct db_stmt *st, int i);
/* NULL for SQL NULL. The first is copied into a; the second belongs to st and
 * lives until the next step. */
const char *db_col_text(struct db_stmt *st, int i, struct arena *a);
const char *db_col_peek(struct db_stmt *st, int i);

/*
 * For figures that read all of a table or index. The statement is
 * "SELECT each_row(...) FROM ...", and take() is given what stands in the
 * parentheses, row by row; an error of its ends it. That takes half as long as
 * db_step() does for each. No order is promised, not even with INDEXED BY; see
 * to it that rows out of order do no harm.
 */
struct db_row;
typedef const struct err *(*db_row_fn)(void *arg, struct db_row *row);
const struct err *db_scan(struct db_stmt *st, db_row_fn take,
    void *arg) MUST_USE;

/* Values of the row, from 0. Text belongs to it; NULL for SQL NULL. */
bool db_row_is_null(const struct db_row *row, int i);
int64_t db_row_int(const struct db_row *row, int i);
const char *db_row_text(const struct db_row *row, int i);

/*
 * A part of the schema that is not as this build has it: want is NULL for one
 * that is none of ours, have for one that is missing, both SQL.
 */
struct db_object {
	const char *type; /* table, index, trigger, view */
	const char *name;
	const char *want;
	const char *have;
};

const struct err *db_compare_schema(struct db *db, struct arena *a,
    struct db_object **out, size_t *count) MUST_USE;

/* Make it as this build has it; not for tables, which hold something. */
const struct err *db_mend_object(struct db *db,
    const struct db_object *o) MUST_USE;

/* A row that names one in another table, and that one is not there. */
struct db_orphan {
	const char *table;
	int64_t id;        /* first column of its key, when that is a number */
	const char *key;   /* "order_id=7, line=2" */
	const char *value; /* "offer_id=99" */
	const char *parent;
};

/* Give each of them to found(), whose error ends it. */
const struct err *db_list_orphans(struct db *db, struct arena *a,
    const struct err *(*found)(void *arg, const struct db_orphan *o),
    void *arg) MUST_USE;

int64_t db_last_id(struct db *db); /* rowid of the last insert */
int64_t db_changes(struct db *db); /* rows changed by the last statement */

#endif
