/* run.c - the runs that changes are booked on. */
#include "crm/run.h"

#include "base/when.h"
#include "crm/shop.h"
#include "db/db.h"

static const char run_begin_sql[] =
    "INSERT INTO run (command, detail, actor, started_at, backfill,"
    " history_after) VALUES (:command, :detail, :actor, :started_at,"
    " :backfill, ifnull((SELECT max(id) FROM history), 0))";
static const char run_end_sql[] =
    "UPDATE run SET ended_at = :ended_at, exit_status = :exit_status,"
    " summary = :summary,"
    " history_upto = ifnull((SELECT max(id) FROM history), 0) WHERE id = :id";
/* What nobody has run for so long never ran: looking further takes seconds. */
static const char run_last_sql[] =
    "SELECT id, started_at, ifnull(ended_at, 0), ifnull(exit_status, 0),"
    " summary FROM (SELECT * FROM run WHERE command = :command"
    "  ORDER BY id DESC LIMIT 100000)"
    " WHERE (:detail IS NULL OR detail = :detail)"
    " AND (:actor IS NULL OR actor = :actor)"
    " AND (:which = 0 OR exit_status IN (0, 3)"
    "  OR (:which = 1 AND exit_status < 75))"
    " LIMIT 1";
/* From one to the next by the index: the runs are many, the commands few. */
static const char run_commands_sql[] =
    "WITH RECURSIVE c (command) AS (SELECT min(command) FROM run UNION ALL"
    " SELECT (SELECT min(command) FROM run WHERE command > c.command) FROM c"
    "  WHERE c.command IS NOT NULL)"
    " SELECT command FROM c WHERE command IS NOT NULL";

const struct err *
run_begin(struct shop *s, const char *command, const char *detail,
    const char *actor, bool backfill)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, run_begin_sql, &st)) != NULL)
		return err;
	s->now = when_now();
	s->actor = actor;
	s->backfill = backfill;
	db_bind_text(st, ":command", command);
	db_bind_text(st, ":detail", detail);
	db_bind_text(st, ":actor", actor);
	db_bind_int(st, ":started_at", s->now);
	db_bind_int(st, ":backfill", backfill);
	if ((err = db_run(st)) != NULL)
		return err;
	s->run_id = db_last_id(s->db);
	return NULL;
}

const struct err *
run_end(struct shop *s, int exit_status, const char *summary)
{
	const struct err *err;
	struct db_stmt *st;

	if (s->run_id == 0)
		return NULL;
	if ((err = db_stmt(s->db, run_end_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":ended_at", when_now());
	db_bind_int(st, ":exit_status", exit_status);
	db_bind_text(st, ":summary", summary);
	db_bind_int(st, ":id", s->run_id);
	return db_run(st);
}

const struct err *
run_last(struct db *db, const struct run_match *m, enum run_which which,
    struct arena *a, struct run_past **out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	if ((err = db_stmt(db, run_last_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":command", m->command);
	db_bind_text(st, ":detail", m->detail);
	db_bind_text(st, ":actor", m->actor);
	db_bind_int(st, ":which", which);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*out = arena_alloc(a, sizeof(**out));
	**out = (struct run_past){
		.id = db_col_int(st, 0),
		.started_at = db_col_int(st, 1),
		.ended_at = db_col_int(st, 2),
		.exit_status = (int)db_col_int(st, 3),
		.summary = db_col_text(st, 4, a),
	};
	db_reset(st);
	return NULL;
}

/* The texts that a query without parameters returns. */
static const struct err *
run_texts(struct db *db, const char *sql, struct arena *a, const char ***out,
    size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = db_col_text(st, 0, a);
	}
	return err;
}

const struct err *
run_commands(struct db *db, struct arena *a, const char ***out, size_t *count)
{
	return run_texts(db, run_commands_sql, a, out, count);
}

const struct err *
run_backups(struct db *db, struct arena *a, const char ***paths, size_t *count)
{
	static const char backups_sql[] =
	    "SELECT DISTINCT detail FROM run WHERE command = 'crm-backup'"
	    " AND detail IS NOT NULL AND exit_status = 0 ORDER BY detail";

	return run_texts(db, backups_sql, a, paths, count);
}
