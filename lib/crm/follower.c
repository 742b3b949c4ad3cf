/* follower.c - how far each reader of the history says it has come. */
#include "crm/follower.h"

#include <string.h>

#include "db/db.h"

enum { FOLLOWER_NAME_MAX = 40 };

static const char get_sql[] =
    "SELECT history_id FROM follower WHERE name = :name";
static const char put_sql[] =
    "INSERT INTO follower (name, history_id, at)"
    " VALUES (:name, :history_id, :at)"
    " ON CONFLICT (name) DO UPDATE SET history_id = excluded.history_id,"
    " at = excluded.at";
static const char remove_sql[] = "DELETE FROM follower WHERE name = :name";
static const char list_sql[] =
    "SELECT name, history_id, at FROM follower ORDER BY name";

const struct err *
follower_check_name(const char *name)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	const size_t len = strlen(name);

	if (len != 0 && len <= FOLLOWER_NAME_MAX &&
	    strspn(name, allowed) == len)
		return NULL;
	return err_new(ERR_INPUT,
	    "'%s' is no name of a cursor; it has 1 to %d letters, digits, dots "
	    "and dashes",
	    name, FOLLOWER_NAME_MAX);
}

const struct err *
follower_get(struct db *db, const char *name, int64_t *history_id)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*history_id = 0;
	if ((err = db_stmt(db, get_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", name);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*history_id = db_col_int(st, 0);
	db_reset(st);
	return NULL;
}

const struct err *
follower_put(struct db *db, const struct follower *f)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, put_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", f->name);
	db_bind_int(st, ":history_id", f->history_id);
	db_bind_int(st, ":at", f->at);
	return db_run(st);
}

const struct err *
follower_remove(struct db *db, const char *name, bool *removed)
{
	const struct err *err;
	struct db_stmt *st;

	*removed = false;
	if ((err = db_stmt(db, remove_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", name);
	if ((err = db_run(st)) == NULL)
		*removed = db_changes(db) != 0;
	return err;
}

const struct err *
follower_list(struct db *db, struct arena *a, struct follower **out,
    size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, list_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct follower){
			.name = db_col_text(st, 0, a),
			.history_id = db_col_int(st, 1),
			.at = db_col_int(st, 2),
		};
	}
	return err;
}
