/* history.c - the append-only book of changes. */
#include "crm/history.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crm/shop.h"
#include "db/db.h"

static const char history_add_sql[] =
    "INSERT INTO history (at, recorded_at, run_id, actor, entity, entity_id,"
    " item_id, field, old, new)"
    " VALUES (:at, :recorded_at, :run_id, :actor, :entity, :entity_id,"
    " :item_id, :field, :old, :new)";

/* Outer joins: whatever is wrong with the others, no change may be missing. */
static const char history_page_sql[] =
    "SELECT h.id, h.at, h.recorded_at, h.run_id, r.command,"
    " ifnull(r.backfill, 0), h.actor, h.entity, h.entity_id, o.order_no,"
    " ifnull(h.item_id, 0), h.field, h.old, h.new"
    "  FROM history h LEFT JOIN run r ON r.id = h.run_id"
    "  LEFT JOIN orders o ON h.entity = 'order' AND o.id = h.entity_id"
    " WHERE h.id > :after ORDER BY h.id LIMIT 1000";
static const char history_last_sql[] = "SELECT ifnull(max(id), 0) FROM history";

#define HISTORY_PAGE_BYTES ((size_t)1 << 20) /* of old and new; then it ends */

const struct err *
history_add(struct shop *s, const struct history_row *h)
{
	const struct err *err;
	struct db_stmt *st;

	if (s->run_id == 0)
		abort(); /* a change without run_begin() is a bug */
	if ((err = db_stmt(s->db, history_add_sql, &st)) != NULL)
		return err;
	db_bind_int_at(st, 1, h->at);
	db_bind_int_at(st, 2, s->now);
	db_bind_int_at(st, 3, s->run_id);
	db_bind_text_at(st, 4, h->actor != NULL ? h->actor : s->actor);
	db_bind_text_at(st, 5, h->entity);
	db_bind_int_at(st, 6, h->entity_id);
	if (h->item_id != 0)
		db_bind_int_at(st, 7, h->item_id);
	db_bind_text_at(st, 8, h->field);
	db_bind_text_at(st, 9, h->old);
	db_bind_text_at(st, 10, h->new);
	return db_run(st);
}

const struct err *
history_set(struct shop *s, const char *entity, int64_t id, const char *field,
    const char *old, const char *new)
{
	return history_add(s, &(struct history_row){ .at = s->now,
				  .entity = entity,
				  .entity_id = id,
				  .field = field,
				  .old = old,
				  .new = new });
}

static size_t
history_row(struct db_stmt *st, struct arena *a, struct history_change *c)
{
	*c = (struct history_change){
		.id = db_col_int(st, 0),
		.at = db_col_int(st, 1),
		.recorded_at = db_col_int(st, 2),
		.run_id = db_col_int(st, 3),
		.command = db_col_text(st, 4, a),
		.backfill = db_col_int(st, 5) != 0,
		.actor = db_col_text(st, 6, a),
		.entity = db_col_text(st, 7, a),
		.entity_id = db_col_int(st, 8),
		.order_no = db_col_text(st, 9, a),
		.item_id = db_col_int(st, 10),
		.field = db_col_text(st, 11, a),
		.old = db_col_text(st, 12, a),
		.new = db_col_text(st, 13, a),
	};
	return (c->old != NULL ? strlen(c->old) : 0) +
	       (c->new != NULL ? strlen(c->new) : 0);
}

const struct err *
history_page(struct db *db, int64_t after, struct arena *a,
    struct history_change **out, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	size_t bytes = 0;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, history_page_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":after", after);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		bytes += history_row(st, a, &(*out)[(*count)++]);
		if (bytes > HISTORY_PAGE_BYTES) {
			db_reset(st);
			break;
		}
	}
	return err;
}

const struct err *
history_last(struct db *db, int64_t *id)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*id = 0;
	if ((err = db_stmt(db, history_last_sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL)
		return err;
	*id = db_col_int(st, 0);
	db_reset(st);
	return NULL;
}

const struct err *
history_named(struct db *db, const char *text, int64_t *id)
{
	const struct err *err;
	int64_t last;
	char *end;

	*id = 0;
	if ((err = history_last(db, &last)) != NULL)
		return err;
	if (strcmp(text, "last") == 0) {
		*id = last;
		return NULL;
	}
	errno = 0;
	*id = strtoll(text, &end, 10);
	if (errno != 0 || *text < '0' || *text > '9' || *end != '\0')
		return err_new(ERR_USAGE, "'%s' is no number of a change",
		    text);
	if (*id > last)
		return err_new(ERR_CONFLICT,
		    "there is no change %" PRId64
		    " yet, the last one is %" PRId64,
		    *id, last);
	return NULL;
}

static const char history_run_sql[] =
    "SELECT at, actor, ifnull(item_id, 0), field, old, new FROM history"
    " WHERE entity = :entity AND entity_id = :id AND +run_id = :run"
    " ORDER BY id";

const struct err *
history_of_run(struct db *db, int64_t run_id, const char *entity,
    int64_t entity_id, struct arena *a, struct history_row **out, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, history_run_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", entity);
	db_bind_int(st, ":id", entity_id);
	db_bind_int(st, ":run", run_id);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct history_row){
			.at = db_col_int(st, 0),
			.actor = db_col_text(st, 1, a),
			.entity = entity,
			.entity_id = entity_id,
			.item_id = db_col_int(st, 2),
			.field = db_col_text(st, 3, a),
			.old = db_col_text(st, 4, a),
			.new = db_col_text(st, 5, a),
		};
	}
	return err;
}
