/* cursor.c - how far a source has been read. */
#include "crm/cursor.h"

#include "crm/shop.h"
#include "db/db.h"

static const char cursor_put_sql[] =
    "INSERT INTO cursor (source, value, at) VALUES (:source, :value, :at)"
    " ON CONFLICT (source) DO UPDATE SET value = excluded.value,"
    " at = excluded.at";

const struct err *
cursor_put(struct shop *s, const char *source, const char *value)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, cursor_put_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":value", value);
	db_bind_int(st, ":at", s->now);
	return db_run(st);
}

static const char cursor_get_sql[] =
    "SELECT value FROM cursor WHERE source = :source";

const struct err *
cursor_get(struct db *db, const char *source, struct arena *a,
    const char **value)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*value = NULL;
	if ((err = db_stmt(db, cursor_get_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	if ((err = db_step(st, &row)) == NULL && row)
		*value = db_col_text(st, 0, a);
	db_reset(st);
	return err;
}
