/* reject.c - records that could not be taken, kept until they can. */
#include "crm/reject.h"

#include <inttypes.h>

#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"

/* What nobody has to see to any more. */
#define OPEN "resolved_at IS NULL AND dismissed_at IS NULL"

/* OR IGNORE would use up an id each time that nothing is inserted. */
static const char put_sql[] =
    "INSERT INTO reject (run_id, at, entity, source, place, format,"
    " map_file, external_id, record, record_hash, reason)"
    " SELECT :run_id, :at, :entity, :source, :place, :format, :map_file,"
    " :external_id, :record, :record_hash, :reason WHERE NOT EXISTS"
    " (SELECT 1 FROM reject WHERE record_hash = :record_hash"
    " AND resolved_at IS NULL)";
static const char settle_sql[] =
    "UPDATE reject SET resolved_at = :at WHERE resolved_at IS NULL"
    " AND entity = :entity AND source = :source AND external_id = :external_id";
static const char settle_id_sql[] =
    "UPDATE reject SET resolved_at = :at WHERE id = :id";
static const char renew_sql[] =
    "UPDATE reject SET reason = :reason, at = :at WHERE id = :id";
static const char next_sql[] =
    "SELECT r.id, r.entity, r.source, r.place, r.format, r.map_file,"
    " r.external_id, r.record, r.reason, r.run_id, u.started_at"
    "  FROM reject r JOIN run u ON u.id = r.run_id"
    " WHERE resolved_at IS NULL AND (dismissed_at IS NOT NULL) = :dismissed"
    " AND (:entity IS NULL OR entity = :entity) AND r.id > :after"
    " ORDER BY r.id LIMIT 1";
static const char count_sql[] = "SELECT count(*) FROM reject WHERE " OPEN
				" AND (:entity IS NULL OR entity = :entity)";
/* Its own time is that of the last trial. */
static const char oldest_sql[] =
    "SELECT ifnull(min(u.started_at), 0) FROM reject r"
    " JOIN run u ON u.id = r.run_id WHERE " OPEN;

const char *
reject_hash(const char *source, const char *record,
    char buf[static HASH_HEX_MAX])
{
	/* the same text from another source is another record */
	return hash_hex(hash_str(source, hash_str(record, 0)), buf);
}

const struct err *
reject_put(struct shop *s, const struct reject *r)
{
	char hex[HASH_HEX_MAX];
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, put_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":run_id", s->run_id);
	db_bind_int(st, ":at", s->now);
	db_bind_text(st, ":entity", r->entity);
	db_bind_text(st, ":source", r->source);
	db_bind_text(st, ":place", r->place);
	db_bind_text(st, ":format", r->format);
	db_bind_text(st, ":map_file", r->map_file);
	db_bind_text(st, ":external_id", r->external_id);
	db_bind_text(st, ":record", r->record);
	db_bind_text(st, ":record_hash",
	    reject_hash(r->source, r->record, hex));
	db_bind_text(st, ":reason", r->reason);
	return db_run(st);
}

const struct err *
reject_settle(struct shop *s, const char *entity, const char *source,
    const char *external_id)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, settle_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":at", s->now);
	db_bind_text(st, ":entity", entity);
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	return db_run(st);
}

const struct err *
reject_settle_id(struct shop *s, int64_t id)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, settle_id_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":at", s->now);
	db_bind_int(st, ":id", id);
	return db_run(st);
}

const struct err *
reject_renew(struct shop *s, int64_t id, const char *reason)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, renew_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":at", s->now);
	db_bind_text(st, ":reason", reason);
	db_bind_int(st, ":id", id);
	return db_run(st);
}

const struct err *
reject_next(struct db *db, const char *entity, bool dismissed, int64_t after,
    struct arena *a, struct reject **out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	if ((err = db_stmt(db, next_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", entity);
	db_bind_int(st, ":dismissed", dismissed);
	db_bind_int(st, ":after", after);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*out = arena_alloc(a, sizeof(**out));
	**out = (struct reject){
		.id = db_col_int(st, 0),
		.entity = db_col_text(st, 1, a),
		.source = db_col_text(st, 2, a),
		.place = db_col_text(st, 3, a),
		.format = db_col_text(st, 4, a),
		.map_file = db_col_text(st, 5, a),
		.external_id = db_col_text(st, 6, a),
		.record = db_col_text(st, 7, a),
		.reason = db_col_text(st, 8, a),
		.run_id = db_col_int(st, 9),
		.at = db_col_int(st, 10),
	};
	db_reset(st);
	return NULL;
}

const struct err *
reject_dismiss(struct shop *s, int64_t id, bool dismissed, bool *changed)
{
	static const char state_sql[] =
	    "SELECT resolved_at IS NOT NULL, dismissed_at IS NOT NULL"
	    "  FROM reject WHERE id = :id";
	static const char dismiss_sql[] =
	    "UPDATE reject SET dismissed_at = iif(:dismissed, :at, NULL)"
	    " WHERE id = :id";
	const struct history_row h = { .at = s->now,
		.entity = "reject",
		.entity_id = id,
		.field = "dismissed",
		.old = dismissed ? "0" : "1",
		.new = dismissed ? "1" : "0" };
	const struct err *err;
	struct db_stmt *st;
	bool row, resolved, was;

	*changed = false;
	if ((err = db_stmt(s->db, state_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	if (!row)
		return err_new(ERR_NOTFOUND,
		    "there is no reject %" PRId64 "; crm-rejects shows them",
		    id);
	resolved = db_col_int(st, 0) != 0;
	was = db_col_int(st, 1) != 0;
	db_reset(st);
	if (resolved)
		return err_new(ERR_CONFLICT,
		    "reject %" PRId64 " is settled: its record was taken", id);
	*changed = was != dismissed;
	if (!*changed)
		return NULL;
	if ((err = db_stmt(s->db, dismiss_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":dismissed", dismissed);
	db_bind_int(st, ":at", s->now);
	db_bind_int(st, ":id", id);
	if ((err = db_run(st)) != NULL)
		return err;
	return history_add(s, &h);
}

static const struct err *
reject_ask(struct db *db, const char *sql, const char *entity, int64_t *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = 0;
	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	if (sql == count_sql)
		db_bind_text(st, ":entity", entity);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	*out = db_col_int(st, 0);
	db_reset(st);
	return NULL;
}

const struct err *
reject_count(struct db *db, const char *entity, int64_t *out)
{
	return reject_ask(db, count_sql, entity, out);
}

const struct err *
reject_oldest(struct db *db, int64_t *at)
{
	return reject_ask(db, oldest_sql, NULL, at);
}
