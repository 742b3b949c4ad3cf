/* undo.c - take back what a run did. */
#include "keep/undo.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "crm/shop.h"
#include "customer/customer_save.h"
#include "db/db.h"
#include "order/order_save.h"

/* The runs ----------------------------------------------------------------- */

static const char run_exists_sql[] = "SELECT 1 FROM run WHERE id = :run";
/*
 * Others worked at the same time: their changes lie between the run's. CROSS
 * and the "+" say to go through the run's span.
 */
#define OF_RUN                                            \
	" run r CROSS JOIN history h ON +h.run_id = r.id" \
	"  AND h.id > r.history_after"                    \
	"  AND h.id <= ifnull(r.history_upto, 9223372036854775807)"
static const char touched_sql[] =
    "SELECT DISTINCT h.entity_id FROM" OF_RUN
    " WHERE r.id = :run AND h.entity = :entity ORDER BY h.entity_id";
static const char rest_sql[] =
    "SELECT iif(h.entity = 'reference', 'reference row', h.entity),"
    " count(DISTINCT h.entity_id"
    "  || iif(h.entity = 'customer', '', ' ' || h.field)) FROM" OF_RUN
    " WHERE r.id = :run AND h.entity <> :entity GROUP BY h.entity";
static const char runs_sql[] =
    "SELECT r.id, r.command, r.detail, r.actor, r.started_at, r.summary,"
    " count(DISTINCT iif(h.entity = 'order', h.entity_id, NULL)),"
    " count(DISTINCT iif(h.entity = 'customer', h.entity_id, NULL)),"
    " count(*), ifnull(r.undoes, 0),"
    " ifnull((SELECT max(u.id) FROM run u WHERE u.undoes = r.id), 0)"
    "  FROM" OF_RUN " GROUP BY r.id ORDER BY r.id DESC LIMIT :max";

static const struct err *
undo_check_run(struct db *db, int64_t run_id)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, run_exists_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":run", run_id);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	if (!row)
		return err_new(ERR_NOTFOUND,
		    "there is no run %" PRId64 "; crm-undo --list shows them",
		    run_id);
	db_reset(st);
	return NULL;
}

static const struct err *
undo_touched(struct db *db, int64_t run_id, const char *entity, struct arena *a,
    int64_t **ids, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*ids = NULL;
	*count = 0;
	if ((err = db_stmt(db, touched_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":run", run_id);
	db_bind_text(st, ":entity", entity);
	while ((err = db_step(st, &row)) == NULL && row) {
		*ids = arena_grow(a, *ids, *count, sizeof(**ids));
		(*ids)[(*count)++] = db_col_int(st, 0);
	}
	return err;
}

const struct err *
undo_subjects(struct db *db, int64_t run_id, struct arena *a,
    enum undo_subject *what, int64_t **ids, size_t *count)
{
	const struct err *err;

	*what = UNDO_ORDERS;
	*ids = NULL;
	*count = 0;
	if ((err = undo_check_run(db, run_id)) != NULL ||
	    (err = undo_touched(db, run_id, "order", a, ids, count)) != NULL ||
	    *count != 0)
		return err;
	err = undo_touched(db, run_id, "customer", a, ids, count);
	if (*count != 0)
		*what = UNDO_CUSTOMERS;
	return err;
}

const struct err *
undo_rest(struct db *db, int64_t run_id, enum undo_subject what,
    struct arena *a, const char **out)
{
	const struct err *err;
	struct db_stmt *st;
	int64_t n;
	bool row;

	*out = NULL;
	if ((err = db_stmt(db, rest_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":run", run_id);
	db_bind_text(st, ":entity", what == UNDO_ORDERS ? "order" : "customer");
	while ((err = db_step(st, &row)) == NULL && row) {
		n = db_col_int(st, 1);
		*out = arena_printf(a, "%s%s%" PRId64 " %s%s",
		    *out != NULL ? *out : "", *out != NULL ? ", " : "", n,
		    db_col_peek(st, 0), n == 1 ? "" : "s");
	}
	return err;
}

const struct err *
undo_runs(struct db *db, size_t max, struct arena *a, struct undo_run **out,
    size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, runs_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":max", (int64_t)max);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct undo_run){
			.id = db_col_int(st, 0),
			.command = db_col_text(st, 1, a),
			.detail = db_col_text(st, 2, a),
			.actor = db_col_text(st, 3, a),
			.started_at = db_col_int(st, 4),
			.summary = db_col_text(st, 5, a),
			.orders = db_col_int(st, 6),
			.customers = db_col_int(st, 7),
			.changes = db_col_int(st, 8),
			.undoes = db_col_int(st, 9),
			.undone_by = db_col_int(st, 10),
		};
	}
	return err;
}

/* One of them --------------------------------------------------------------- */

/* The order's rows are few and the run's may be many: hence the "+". */
static const char rows_sql[] =
    "SELECT field, ifnull(item_id, 0), old, new, id FROM history"
    " WHERE entity = :entity AND entity_id = :entity_id AND +run_id = :run"
    " ORDER BY id";
static const char first_run_sql[] =
    "SELECT run_id FROM history"
    " WHERE entity = :entity AND entity_id = :entity_id ORDER BY id LIMIT 1";
/*
 * What others changed since: of the same fields, or of anything. A change that
 * was itself taken back is none, nor is its taking back.
 */
static const char since_sql[] =
    "SELECT l.field, l.actor, l.recorded_at, l.run_id, u.undoes IS :run"
    "  FROM history r JOIN history l ON l.entity = r.entity"
    "   AND l.entity_id = r.entity_id AND l.id > r.id AND +l.run_id <> :run"
    "   AND (:any OR (l.field = r.field AND l.item_id IS r.item_id))"
    "  JOIN run u ON u.id = l.run_id"
    " WHERE r.entity = :entity AND r.entity_id = :entity_id"
    "  AND +r.run_id = :run"
    "  AND NOT EXISTS (SELECT 1 FROM history x JOIN run w ON w.id = x.run_id"
    "   WHERE x.entity = r.entity AND x.entity_id = r.entity_id"
    "   AND w.undoes = l.run_id"
    "   AND NOT EXISTS (SELECT 1 FROM run y WHERE y.undoes = w.id))"
    "  AND NOT (u.undoes IS NOT NULL AND u.undoes <> :run"
    "   AND NOT EXISTS (SELECT 1 FROM run y WHERE y.undoes = u.id))"
    " ORDER BY l.id DESC LIMIT 1";
static const char status_before_sql[] =
    "SELECT new FROM history WHERE entity = 'order' AND entity_id = :order_id"
    " AND field = 'status' AND id < :first ORDER BY at DESC, id DESC LIMIT 1";
static const char removed_sql[] =
    "SELECT old FROM history WHERE entity = :entity AND entity_id = :entity_id"
    " AND field = 'removed'";
static const char mark_sql[] = "UPDATE run SET undoes = :run WHERE id = :id";

/* The undoing of one order or customer. */
struct undo {
	struct shop *s;
	int64_t run_id;
	const char *entity;
	int64_t id;
	struct arena *a;
	struct order *cur; /* of an order */
	struct order *new;
};

struct undo_row {
	const char *field;
	int64_t line;
	const char *old;
	const char *new;
	int64_t id;
};

static const struct err *
undo_rows(struct undo *u, struct undo_row **out, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(u->s->db, rows_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", u->entity);
	db_bind_int(st, ":entity_id", u->id);
	db_bind_int(st, ":run", u->run_id);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(u->a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct undo_row){
			.field = db_col_text(st, 0, u->a),
			.line = db_col_int(st, 1),
			.old = db_col_text(st, 2, u->a),
			.new = db_col_text(st, 3, u->a),
			.id = db_col_int(st, 4),
		};
	}
	return err;
}

static const struct err *
undo_made_it(struct undo *u, bool *made)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*made = false;
	if ((err = db_stmt(u->s->db, first_run_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", u->entity);
	db_bind_int(st, ":entity_id", u->id);
	if ((err = db_step(st, &row)) == NULL && row)
		*made = db_col_int(st, 0) == u->run_id;
	db_reset(st);
	return err;
}

/*
 * Has it been changed since, by anything but the undoing of this very run?
 * That one was done before when the last word is its own.
 */
static const struct err *
undo_check_since(struct undo *u, bool any, bool *done_before)
{
	char when[WHEN_STR_MAX];
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*done_before = false;
	if ((err = db_stmt(u->s->db, since_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", u->entity);
	db_bind_int(st, ":entity_id", u->id);
	db_bind_int(st, ":run", u->run_id);
	db_bind_int(st, ":any", any);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*done_before = db_col_int(st, 4) != 0;
	if (!*done_before)
		err = err_new(ERR_CONFLICT,
		    "%s was changed since, by %s on %s in run %" PRId64,
		    db_col_peek(st, 0), db_col_peek(st, 1),
		    when_local(db_col_int(st, 2), when), db_col_int(st, 3));
	db_reset(st);
	return err;
}

/*
 * A source may have told a whole past of statuses at once: what counts is where
 * the order stood before the run.
 */
static const struct err *
undo_set_status(struct undo *u, const struct undo_row *r)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(u->s->db, status_before_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":order_id", u->id);
	db_bind_int(st, ":first", r->id);
	if ((err = db_step(st, &row)) == NULL && row)
		field_set_text(&order_fields, &u->new->rec, ORDER_STATUS,
		    db_col_text(st, 0, u->a));
	db_reset(st);
	return err;
}

/* What a person wished to be forgotten does not come back. */
static bool
undo_is_erased(const struct undo_row *r)
{
	return r->old != NULL && strcmp(r->old, "(erased)") == 0;
}

/* Give one field or line its old value again. */
static const struct err *
undo_set(struct undo *u, const struct undo_row *r)
{
	if (undo_is_erased(r))
		return NULL;
	if (strcmp(r->field, "status") == 0)
		return undo_set_status(u, r);
	return order_restore(u->new, r->field, r->line, r->old, u->a);
}

static bool
undo_is_first(const struct undo_row *rows, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (rows[k].line == rows[i].line &&
		    strcmp(rows[k].field, rows[i].field) == 0)
			return false;
	return true;
}

static const struct err *
undo_changes(struct undo *u, const struct order_change *c, size_t *changes)
{
	const struct err *err;
	struct undo_row *rows;
	size_t i, count;

	u->new = order_copy(u->cur, u->a);
	if ((err = undo_rows(u, &rows, &count)) != NULL)
		return err;
	/* Of what a run changed twice the first row knows what was before. */
	for (i = 0; i < count; i++)
		if (undo_is_first(rows, i) &&
		    (err = undo_set(u, &rows[i])) != NULL)
			return err;
	return order_update(u->s, u->cur, u->new, c, u->a, changes);
}

/* The order is gone: undone before, or of a run that removed it. */
static const struct err *
undo_removed(struct undo *u, bool made, struct undo_result *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row, done_before;

	if ((err = db_stmt(u->s->db, removed_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", u->entity);
	db_bind_int(st, ":entity_id", u->id);
	if ((err = db_step(st, &row)) == NULL && row)
		out->order_no = db_col_text(st, 0, u->a);
	db_reset(st);
	if (err != NULL)
		return err;
	if (made) {
		err = undo_check_since(u, true, &done_before);
		if (err != NULL || done_before)
			return err;
	}
	return err_new(ERR_CONFLICT,
	    "it was removed and cannot be put back; import it again");
}

static const struct err *
undo_mark(struct undo *u)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(u->s->db, mark_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":run", u->run_id);
	db_bind_int(st, ":id", u->s->run_id);
	return db_run(st);
}

const struct err *
undo_order(struct shop *s, int64_t run_id, int64_t order_id, struct arena *a,
    struct undo_result *out)
{
	struct undo u = { s, run_id, "order", order_id, a, NULL, NULL };
	struct order_change c = { .at = s->now };
	const struct err *err;
	bool done_before;

	*out = (struct undo_result){ 0 };
	if ((err = undo_made_it(&u, &out->removed)) != NULL ||
	    (err = order_by_id(s->db, order_id, ORDER_LOAD_PARTS, a, &u.cur)) !=
		NULL)
		return err;
	if (u.cur == NULL)
		return undo_removed(&u, out->removed, out);
	out->order_no = u.cur->order_no;
	err = undo_check_since(&u, out->removed, &done_before);
	if (err != NULL || done_before)
		return err;
	if (c.at < u.cur->status_at)
		c.at = u.cur->status_at; /* a clock ahead of ours said so */
	if (!out->removed)
		err = undo_changes(&u, &c, &out->changes);
	else if ((err = order_remove(s, u.cur, &c)) == NULL)
		out->changes = 1;
	return err != NULL || out->changes == 0 ? err : undo_mark(&u);
}

/* Customers ----------------------------------------------------------------- */

/* Into whom it is merged is no field: see customer_join(). */
static const struct err *
undo_merged(struct undo *u, const struct customer *c, const struct undo_row *r,
    const struct customer_change *change)
{
	const int64_t into = r->old != NULL ? strtoll(r->old, NULL, 10) : 0;

	return customer_set_merged(u->s, c, into, change);
}

static const struct err *
undo_customer_changes(struct undo *u, const struct customer *cur,
    const struct customer_change *change, size_t *changes)
{
	struct customer *new = customer_copy(cur, u->a);
	const struct err *err;
	struct undo_row *rows;
	size_t i, count, moved = 0;

	if ((err = undo_rows(u, &rows, &count)) != NULL)
		return err;
	/* Backwards: of a list each row tells one step. */
	for (i = count; i > 0; i--)
		if (strcmp(rows[i - 1].field, "merged_into") != 0 &&
		    (err = customer_restore(new, rows[i - 1].field,
			 rows[i - 1].old, rows[i - 1].new, u->a)) != NULL)
			return err;
	if ((err = customer_update(u->s, cur, new, change, u->a, changes)) !=
	    NULL)
		return err;
	for (i = 0; i < count; i++) {
		if (strcmp(rows[i].field, "merged_into") != 0)
			continue;
		if ((err = undo_merged(u, cur, &rows[i], change)) != NULL)
			return err;
		moved++;
		break;
	}
	*changes += moved;
	return NULL;
}

const struct err *
undo_customer(struct shop *s, int64_t run_id, int64_t customer_id,
    struct arena *a, struct undo_result *out)
{
	struct undo u = { s, run_id, "customer", customer_id, a, NULL, NULL };
	const struct customer_change change = { .at = s->now };
	const struct err *err;
	struct customer *cur;
	bool done_before;

	*out = (struct undo_result){ 0 };
	out->order_no = arena_printf(a, "%" PRId64, customer_id);
	if ((err = undo_made_it(&u, &out->removed)) != NULL ||
	    (err = customer_by_id(s->db, customer_id, CUSTOMER_LOAD_LISTS, a,
		 &cur)) != NULL)
		return err;
	if (cur == NULL)
		return undo_removed(&u, out->removed, out);
	if (cur->erased_at != 0)
		return err_new(ERR_CONFLICT,
		    "it was erased, which cannot be taken back");
	err = undo_check_since(&u, out->removed, &done_before);
	if (err != NULL || done_before)
		return err;
	if (!out->removed)
		err = undo_customer_changes(&u, cur, &change, &out->changes);
	else if ((err = customer_remove(s, cur, &change)) == NULL)
		out->changes = 1;
	return err != NULL || out->changes == 0 ? err : undo_mark(&u);
}
