/* receiver.c - what a receiver of orders has not been told yet. */
#include "order/receiver.h"

#include <string.h>

#include "db/db.h"
#include "order/members.h"
#include "order/order.h"
#include "order/source.h"

static const char orders_sql[] =
    "SELECT e.id, ifnull(t.history_id, :after), t.order_id IS NOT NULL FROM"
    " (SELECT entity_id AS id FROM history"
    "   WHERE entity = 'order' AND id > :after AND id <= :last"
    "  UNION SELECT order_id FROM told WHERE receiver = :receiver) e"
    " LEFT JOIN told t ON t.receiver = :receiver AND t.order_id = e.id"
    " ORDER BY e.id";
static const char mark_sql[] =
    "INSERT INTO told (receiver, order_id, history_id)"
    " VALUES (:receiver, :id, :last)"
    " ON CONFLICT DO UPDATE SET history_id = excluded.history_id";
static const char settle_sql[] =
    "DELETE FROM told WHERE receiver = :receiver AND history_id = :last";
static const char forget_sql[] = "DELETE FROM told WHERE receiver = :receiver";
/* A document told the order under our number, in place of the name it gets. */
static const char rename_sql[] =
    "UPDATE OR IGNORE order_source SET external_id = :external_id"
    " WHERE order_id = :id AND source = :source"
    " AND external_id = (SELECT order_no FROM orders WHERE id = :id)"
    " AND record_hash = '" SOURCE_SILENT "'";
static const char known_sql[] =
    "INSERT INTO order_source"
    " (order_id, source, external_id, base, record_hash)"
    " VALUES (:id, :source, :external_id, '', '" SOURCE_SILENT "')"
    " ON CONFLICT DO NOTHING";
static const char source_sql[] =
    "SELECT external_id, base, record_hash FROM order_source"
    " WHERE order_id = :id AND source = :source ORDER BY external_id LIMIT 1";
static const char fields_sql[] =
    "SELECT field, min(id) FROM history"
    " WHERE entity = 'order' AND entity_id = :id"
    " AND id > :after AND id <= :last GROUP BY field ORDER BY min(id)";

static const char first_sql[] =
    "SELECT min(id) FROM history WHERE entity = 'order' AND entity_id = :id";
/* An empty base: what the source has is what the order is. */
static const char named_sql[] =
    "INSERT INTO order_source"
    " (order_id, source, external_id, base, record_hash)"
    " SELECT o.id, :source, o.order_no, '', '" SOURCE_SILENT "'"
    " FROM orders o WHERE o.id = :id"
    "  AND NOT EXISTS (SELECT 1 FROM order_source s"
    "   WHERE s.order_id = o.id AND s.source = :source)"
    "  AND NOT EXISTS (SELECT 1 FROM history h WHERE h.entity = 'order'"
    "   AND h.entity_id = o.id AND h.id > :last)"
    " ON CONFLICT DO NOTHING";

const struct err *
receiver_orders(struct db *db, const char *receiver,
    const struct receiver_span *s, struct arena *a, struct receiver_order **out,
    size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, orders_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":receiver", receiver);
	db_bind_int(st, ":after", s->after);
	db_bind_int(st, ":last", s->last);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct receiver_order){
			.id = db_col_int(st, 0),
			.after = db_col_int(st, 1),
			.marked = db_col_int(st, 2) != 0,
		};
	}
	return err;
}

const struct err *
receiver_mark(struct db *db, const char *receiver, int64_t id, int64_t last)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, mark_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":receiver", receiver);
	db_bind_int(st, ":id", id);
	db_bind_int(st, ":last", last);
	return db_run(st);
}

const struct err *
receiver_settle(struct db *db, const char *receiver, int64_t last)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, settle_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":receiver", receiver);
	db_bind_int(st, ":last", last);
	return db_run(st);
}

const struct err *
receiver_forget(struct db *db, const char *receiver)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, forget_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":receiver", receiver);
	return db_run(st);
}

const struct err *
receiver_known(struct db *db, const char *source, int64_t id,
    const char *external_id)
{
	static const char *const sql[] = { rename_sql, known_sql };
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	for (i = 0; i < ARRAY_LEN(sql); i++) {
		if ((err = db_stmt(db, sql[i], &st)) != NULL)
			return err;
		db_bind_int(st, ":id", id);
		db_bind_text(st, ":source", source);
		db_bind_text(st, ":external_id", external_id);
		if ((err = db_run(st)) != NULL)
			return err;
	}
	return NULL;
}

const struct err *
receiver_named(struct db *db, const char *source, int64_t id, int64_t last)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, named_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_int(st, ":id", id);
	db_bind_int(st, ":last", last);
	return db_run(st);
}

static const struct err *
receiver_is_new(struct db *db, int64_t id, int64_t after, bool *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = false;
	if ((err = db_stmt(db, first_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*out = db_col_int(st, 0) > after;
	db_reset(st);
	return NULL;
}

/* Its name for the order, and where its last word differs from ours. */
static const struct err *
receiver_said(struct db *db, const char *source, int64_t id, struct arena *a,
    struct receiver_news *out, struct members *differs)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, source_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	db_bind_text(st, ":source", source);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	out->external_id = db_col_text(st, 0, a);
	*differs = members_split(db_col_peek(st, 1), a);
	out->spoke = strcmp(db_col_peek(st, 2), SOURCE_SILENT) != 0;
	db_reset(st);
	return NULL;
}

/* Is it the field, or a line of the part, that a history row names? */
static bool
receiver_differs(const struct members *differs, const char *field)
{
	const size_t len = strlen(field);
	const char *name;
	size_t i;

	for (i = 0; i < differs->len; i++) {
		name = differs->v[i].name;
		if (strncmp(name, field, len) == 0 &&
		    (name[len] == '\0' || name[len] == ' '))
			return true;
	}
	return false;
}

static void
receiver_tell(struct receiver_news *n, const char *field, int64_t id,
    struct arena *a)
{
	if (n->fields == NULL)
		n->first = id;
	n->fields = n->fields == NULL ?
			arena_strdup(a, field) :
			arena_printf(a, "%s, %s", n->fields, field);
	n->status = n->status || strcmp(field, "status") == 0;
	n->tracking_no = n->tracking_no || strcmp(field, "tracking_no") == 0;
	n->payment = n->payment || strcmp(field, "payment") == 0;
}

const struct err *
receiver_news(struct db *db, const char *source, int64_t id,
    const struct receiver_span *s, struct arena *a, struct receiver_news *out)
{
	struct members differs = { 0 };
	const struct err *err;
	const char *field;
	struct db_stmt *st;
	bool row;

	*out = (struct receiver_news){ 0 };
	if ((err = receiver_said(db, source, id, a, out, &differs)) != NULL ||
	    (err = receiver_is_new(db, id, s->after, &out->is_new)) != NULL ||
	    (err = db_stmt(db, fields_sql, &st)) != NULL)
		return err;
	out->said_status = members_value(&differs, "status");
	db_bind_int(st, ":id", id);
	db_bind_int(st, ":after", s->after);
	db_bind_int(st, ":last", s->last);
	while ((err = db_step(st, &row)) == NULL && row) {
		field = db_col_peek(st, 0);
		if (!out->spoke || receiver_differs(&differs, field))
			receiver_tell(out, field, db_col_int(st, 1), a);
	}
	return err;
}

const struct err *
receiver_goods(struct db *db, const char *source, const struct order *o,
    struct arena *a, const char ***out)
{
	static const char sql[] = "SELECT external_id FROM offer_source"
				  " WHERE source = :source AND offer_id = :id"
				  " ORDER BY external_id LIMIT 1";
	const struct part_list *l = &o->parts[PART_ITEM];
	const struct err *err;
	struct db_stmt *st;
	size_t i;
	bool row;

	*out = arena_zalloc(a, (l->len + 1) * sizeof(**out));
	for (i = 0; i < l->len; i++) {
		if (l->v[i].offer_id == 0)
			continue;
		if ((err = db_stmt(db, sql, &st)) != NULL)
			return err;
		db_bind_text(st, ":source", source);
		db_bind_int(st, ":id", l->v[i].offer_id);
		if ((err = db_step(st, &row)) != NULL)
			return err;
		if (row)
			(*out)[i] = db_col_text(st, 0, a);
		db_reset(st);
	}
	return NULL;
}

const struct err *
receiver_name(struct db *db, const char *table, const char *code,
    struct arena *a, const char **out)
{
	static const char sql[] =
	    "SELECT ifnull(name_ru, name) FROM ("
	    " SELECT 'delivery_type' AS t, code, name, name_ru"
	    "  FROM delivery_type UNION ALL"
	    " SELECT 'payment_type', code, name, name_ru FROM payment_type"
	    " UNION ALL SELECT 'status', code, name, name_ru FROM status)"
	    " WHERE t = :t AND code = :code";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = code;
	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":t", table);
	db_bind_text(st, ":code", code);
	if ((err = db_step(st, &row)) == NULL && row)
		*out = db_col_text(st, 0, a);
	db_reset(st);
	return err;
}
