/* db_check.c - what a file's schema and references have lost. */
#include "db/db.h"

#include <string.h>

#include "db/exec.h"
#include "db/schema.h"

/* The schema ---------------------------------------------------------------- */

static const char objects_sql[] =
    "SELECT type, name, sql FROM sqlite_schema"
    " WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    " ORDER BY type = 'table' DESC, type, name";

/* Append what the schema of db has; which side it is for says `fresh`. */
static const struct err *
objects_read(struct db *db, bool fresh, struct arena *a, struct db_object **out,
    size_t *count)
{
	const struct err *err;
	struct db_object o;
	struct db_stmt *st;
	const char *sql;
	bool row;

	if ((err = db_stmt(db, objects_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		sql = db_col_text(st, 2, a);
		o = (struct db_object){ .type = db_col_text(st, 0, a),
			.name = db_col_text(st, 1, a),
			.want = fresh ? sql : NULL,
			.have = fresh ? NULL : sql };
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = o;
	}
	return err;
}

static struct db_object *
objects_find(struct db_object *list, size_t count, const struct db_object *o)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i].name, o->name) == 0 &&
		    strcmp(list[i].type, o->type) == 0)
			return &list[i];
	return NULL;
}

const struct err *
db_compare_schema(struct db *db, struct arena *a, struct db_object **out,
    size_t *count)
{
	struct db_object *all = NULL, *have = NULL, *o;
	const struct err *err;
	struct db *fresh;
	size_t i, wanted = 0, n = 0;

	*out = NULL;
	*count = 0;
	if ((err = db_fresh(&fresh)) != NULL)
		return err;
	err = objects_read(fresh, true, a, &all, &wanted);
	db_close(fresh);
	if (err != NULL ||
	    (err = objects_read(db, false, a, &have, &n)) != NULL)
		return err;
	for (i = 0; i < n; i++) {
		if ((o = objects_find(all, wanted, &have[i])) != NULL) {
			o->have = have[i].have;
			continue;
		}
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = have[i];
	}
	for (i = 0; i < wanted; i++) {
		if (all[i].have != NULL &&
		    strcmp(all[i].have, all[i].want) == 0)
			continue;
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = all[i];
	}
	return NULL;
}

const struct err *
db_mend_object(struct db *db, const struct db_object *o)
{
	const struct err *err = NULL;
	struct arena a = { 0 };

	if (o->have != NULL) /* a name of ours: no quote can be in it */
		err = db_exec(db,
		    arena_printf(&a, "DROP %s \"%s\"", o->type, o->name));
	if (err == NULL)
		err = db_exec(db, o->want);
	arena_free(&a);
	return err;
}

/* References ---------------------------------------------------------------- */

static const char broken_sql[] =
    "SELECT DISTINCT \"table\", fkid, parent FROM pragma_foreign_key_check";

/*
 * SQLite says that a reference of a table is broken, but of tables without
 * rowid not in which row. This writes the query that asks, from the words of
 * the schema: first column of the key, the key, what points nowhere.
 */
static const char query_sql[] =
    "WITH link AS (SELECT l.\"table\" AS parent, l.\"from\" AS child,"
    "  ifnull(l.\"to\", (SELECT name FROM pragma_table_info(l.\"table\")"
    "   WHERE pk = l.seq + 1)) AS target"
    "  FROM pragma_foreign_key_list(:table) l WHERE l.id = :link),"
    " key AS (SELECT name FROM pragma_table_info(:table) WHERE pk > 0"
    "  ORDER BY pk)"
    " SELECT format('SELECT c.\"%w\", %s, %s FROM \"%w\" c WHERE %s"
    " AND NOT EXISTS (SELECT 1 FROM \"%w\" p WHERE %s)',"
    "  (SELECT name FROM key LIMIT 1),"
    "  (SELECT group_concat(format('''%q='' || c.\"%w\"', name, name),"
    "   ' || '', '' || ') FROM key),"
    "  (SELECT group_concat(format('''%q='' || c.\"%w\"', child, child),"
    "   ' || '', '' || ') FROM link),"
    "  :table,"
    "  (SELECT group_concat(format('c.\"%w\" IS NOT NULL', child), ' AND ')"
    "   FROM link),"
    "  (SELECT parent FROM link LIMIT 1),"
    "  (SELECT group_concat(format('p.\"%w\" = c.\"%w\"', target, child),"
    "   ' AND ') FROM link))";

static const struct err *
orphans_of(struct db *db, const char *query, struct db_orphan *o,
    const struct err *(*found)(void *arg, const struct db_orphan *o), void *arg)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_prepare(db, query, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		o->id = db_col_int(st, 0);
		o->key = db_col_peek(st, 1);
		o->value = db_col_peek(st, 2);
		if ((err = found(arg, o)) != NULL)
			break;
	}
	db_finish(st);
	return err;
}

const struct err *
db_list_orphans(struct db *db, struct arena *a,
    const struct err *(*found)(void *arg, const struct db_orphan *o), void *arg)
{
	struct db_orphan o = { 0 };
	const struct err *err;
	struct db_stmt *st, *query;
	bool row, made;

	if ((err = db_stmt(db, broken_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		o.table = db_col_text(st, 0, a);
		o.parent = db_col_text(st, 2, a);
		if ((err = db_stmt(db, query_sql, &query)) != NULL)
			break;
		db_bind_text(query, ":table", o.table);
		db_bind_int(query, ":link", db_col_int(st, 1));
		if ((err = db_step(query, &made)) != NULL || !made)
			break;
		err = orphans_of(db, db_col_text(query, 0, a), &o, found, arg);
		db_reset(query);
		if (err != NULL)
			break;
	}
	db_reset(st);
	return err;
}
