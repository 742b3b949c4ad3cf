/* check_file.c - the file, its schema and its references. */
#include <string.h>

#include "db/db.h"
#include "keep/check_find.h"

/* The file ------------------------------------------------------------------ */

static const char whole_sql[] =
    "SELECT integrity_check FROM pragma_integrity_check(10000)";
static const char quick_sql[] =
    "SELECT quick_check FROM pragma_quick_check(10000)";
static const char reindex_sql[] = "REINDEX";

/*
 * SQLite's words, of three kinds. An index that is not in step can be built
 * again; a value that its column does not take is no damage to the file; all
 * else, which begins with stars, is.
 */
static const struct err *
check_file_says(struct check_run *r, const char *says, bool *damaged)
{
	static const char *const in_a_table[] = { " value in ",
		"constraint failed in " };
	const char *index = strstr(says, " index ");
	size_t i;

	if (strcmp(says, "ok") == 0)
		return NULL;
	if (index != NULL && *says != '*')
		return check_found(r, "index", 0, NULL, true, says);
	for (i = 0; i < ARRAY_LEN(in_a_table); i++)
		if (strstr(says, in_a_table[i]) != NULL)
			return check_found(r, "table", 0, NULL, false, says);
	*damaged = true;
	return check_found(r, "file", 0, NULL, false, says);
}

/* One message may have many lines. */
static const struct err *
check_file_lines(struct check_run *r, const char *says, bool *damaged)
{
	const struct err *err = NULL;
	size_t n;

	if (strncmp(says, "***", 3) == 0)
		says += strcspn(says, "\n");
	while (err == NULL && *(says += strspn(says, "\n")) != '\0') {
		n = strcspn(says, "\n");
		err = check_file_says(r, arena_strndup(r->record, says, n),
		    damaged);
		says += n;
	}
	return err;
}

const struct err *
check_file(struct check_run *r)
{
	const struct err *err;
	struct db_stmt *st;
	bool row, damaged = false;

	if ((err = db_stmt(r->db, r->quick ? quick_sql : whole_sql, &st)) !=
	    NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row)
		if ((err = check_file_lines(r, db_col_peek(st, 0), &damaged)) !=
		    NULL)
			break;
	db_reset(st);
	/* Damage may be such that SQLite gives up before it has said much. */
	if (err != NULL && err->code == ERR_IO && !r->again) {
		damaged = true;
		err = check_found(r, "file", 0, NULL, false,
		    "SQLite can read no further");
	}
	r->stopped = damaged;
	return err;
}

const struct err *
check_file_mend(struct check_run *r)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(r->db, reindex_sql, &st)) != NULL)
		return err;
	return db_run(st);
}

const struct err *
check_journal(struct check_run *r)
{
	static const char journal_sql[] = "PRAGMA journal_mode";
	const struct err *err;
	struct db_stmt *st;
	const char *mode;
	bool row;

	if ((err = db_stmt(r->db, journal_sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL)
		return err;
	mode = db_col_text(st, 0, r->record);
	db_reset(st);
	if (strcmp(mode, "wal") == 0 || r->journal)
		return NULL;
	return check_found(r, "file", 0, NULL, true,
	    arena_printf(r->record, "journal_mode is %s, not wal", mode));
}

/* It cannot be switched inside a transaction. */
const struct err *
check_journal_mend(struct check_run *r)
{
	r->journal = true;
	return NULL;
}

/* The schema ---------------------------------------------------------------- */

static const struct err *
check_schema_each(struct check_run *r,
    const struct err *(*each)(struct check_run *r, const struct db_object *o))
{
	const struct err *err;
	struct arena a = { 0 };
	struct db_object *list;
	size_t i, count;

	err = db_compare_schema(r->db, &a, &list, &count);
	for (i = 0; err == NULL && i < count; i++)
		err = each(r, &list[i]);
	arena_free(&a);
	return err;
}

static const struct err *
check_schema_find(struct check_run *r, const struct db_object *o)
{
	if (o->want == NULL)
		return NULL;
	return check_found(r, o->type, 0, NULL, strcmp(o->type, "table") != 0,
	    arena_printf(r->record, "%s %s", o->name,
		o->have == NULL ? "is missing" : "is not as it should be"));
}

static const struct err *
check_schema_make(struct check_run *r, const struct db_object *o)
{
	if (o->want == NULL)
		return NULL;
	return err_wrap(db_mend_object(r->db, o), "%s", o->name);
}

static const struct err *
check_schema_foreign(struct check_run *r, const struct db_object *o)
{
	if (o->want != NULL)
		return NULL;
	return check_found(r, o->type, 0, NULL, false,
	    arena_printf(r->record, "%s %s is none of ours", o->type, o->name));
}

const struct err *
check_schema(struct check_run *r)
{
	return check_schema_each(r, check_schema_find);
}

const struct err *
check_schema_mend(struct check_run *r)
{
	return check_schema_each(r, check_schema_make);
}

const struct err *
check_foreign(struct check_run *r)
{
	return check_schema_each(r, check_schema_foreign);
}

/* References ---------------------------------------------------------------- */

static const struct err *
check_orphan(void *arg, const struct db_orphan *o)
{
	/* Parts of an order: their key begins with whose they are. */
	static const char *const of_orders[] = { "orders", "order_item",
		"charge", "payment", "refund" };
	struct check_run *r = arg;
	const char *entity = o->table;
	size_t i;

	arena_reset(r->record);
	for (i = 0; i < ARRAY_LEN(of_orders); i++)
		if (strcmp(of_orders[i], o->table) == 0)
			entity = "order";
	return check_found(r, entity, o->id, NULL, false,
	    arena_printf(r->record, "%s of %s (%s) is not in %s", o->value,
		o->table, o->key, o->parent));
}

const struct err *
check_references(struct check_run *r)
{
	const struct err *err;
	struct arena a = { 0 };

	err = db_list_orphans(r->db, &a, check_orphan, r);
	arena_free(&a);
	return err;
}
