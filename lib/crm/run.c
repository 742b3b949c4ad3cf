/* run.c - the runs that changes are booked on. */
#include "crm/run.h"

#include "base/when.h"
#include "crm/shop.h"
#include "db/db.h"

static const char run_begin_sql[] =
    "INSERT INTO run (command, detail, actor, started_at, backfill)"
    " VALUES (:command, :detail, :actor, :started_at, :backfill)";
static const char run_end_sql[] =
    "UPDATE run SET ended_at = :ended_at, exit_status = :exit_status,"
    " summary = :summary WHERE id = :id";

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
