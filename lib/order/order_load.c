/* order_load.c - an order out of the database. */
#include "order/order.h"

#include <stdlib.h>

#include "base/mem.h"
#include "db/db.h"
#include "order/order_columns.h"

/* Columns that are not fields; the fields follow in the table's order. */
#define ORDER_SELECT                                                          \
	"SELECT id, order_no, source, external_id, rev, customer_id,"         \
	" double_of, status_at, created_at, updated_at, items_minor,"         \
	" total_minor, paid_minor, refunded_minor, cost_minor," ORDER_COLUMNS \
	"FROM orders "

enum { ORDER_FIRST_FIELD = 15 };

static const char order_by_id_sql[] = ORDER_SELECT "WHERE id = :id";
static const char order_by_no_sql[] = ORDER_SELECT "WHERE order_no = :order_no";

/* The columns of each part, line first, then its fields in their order. */
static const char item_sql[] =
    "SELECT line, external_id, sku, name, quantity, price, discount_minor,"
    " purchase_price, offer_id, sum_minor"
    " FROM order_item WHERE order_id = :id ORDER BY line";
static const char charge_sql[] =
    "SELECT line, kind, name, amount_minor, included"
    " FROM charge WHERE order_id = :id ORDER BY line";
static const char payment_sql[] =
    "SELECT line, external_id, type, status, amount_minor, paid_at, comment"
    " FROM payment WHERE order_id = :id ORDER BY line";
static const char refund_sql[] =
    "SELECT line, external_id, amount_minor, refunded_at, reason"
    " FROM refund WHERE order_id = :id ORDER BY line";
static const char custom_sql[] =
    "SELECT 0, field, value FROM custom_value"
    " WHERE entity = 'order' AND entity_id = :id ORDER BY field";

static const char *const part_sql[PART_COUNT] = {
	[PART_ITEM] = item_sql,
	[PART_CHARGE] = charge_sql,
	[PART_PAYMENT] = payment_sql,
	[PART_REFUND] = refund_sql,
	[PART_CUSTOM] = custom_sql,
};

/* The same of all orders; the last column is whose. */
static const char order_all_sql[] = ORDER_SELECT "ORDER BY id";
static const char item_all_sql[] =
    "SELECT line, external_id, sku, name, quantity, price, discount_minor,"
    " purchase_price, offer_id, sum_minor, order_id"
    " FROM order_item ORDER BY order_id, line";
static const char charge_all_sql[] =
    "SELECT line, kind, name, amount_minor, included, order_id"
    " FROM charge ORDER BY order_id, line";
static const char payment_all_sql[] =
    "SELECT line, external_id, type, status, amount_minor, paid_at, comment,"
    " order_id FROM payment ORDER BY order_id, line";
static const char refund_all_sql[] =
    "SELECT line, external_id, amount_minor, refunded_at, reason, order_id"
    " FROM refund ORDER BY order_id, line";
static const char custom_all_sql[] =
    "SELECT 0, field, value, entity_id FROM custom_value"
    " WHERE entity = 'order' ORDER BY entity_id, field";

static const char *const part_all_sql[PART_COUNT] = {
	[PART_ITEM] = item_all_sql,
	[PART_CHARGE] = charge_all_sql,
	[PART_PAYMENT] = payment_all_sql,
	[PART_REFUND] = refund_all_sql,
	[PART_CUSTOM] = custom_all_sql,
};

static const char past_sql[] =
    "SELECT at, actor, item_id, field, old, new FROM history"
    " WHERE entity = 'order' AND entity_id = :id ORDER BY at, id";
static const char note_sql[] =
    "SELECT at, actor, text FROM note"
    " WHERE entity = 'order' AND entity_id = :id ORDER BY at, id";

static const char source_sql[] =
    "SELECT source_updated_at FROM order_source"
    " WHERE source = :source AND external_id = :external_id";

static void
order_read_line(struct order *o, enum order_part part, struct db_stmt *st,
    struct arena *a)
{
	struct part *p = order_part_add(o, part, a);

	p->line = db_col_int(st, 0);
	field_load(st, 1, &order_part_fields[part], &p->rec, a);
	if (part == PART_ITEM) {
		p->offer_id = db_col_int(st, 8);
		p->sum = db_col_int(st, 9);
	}
}

const struct err *
order_load_part(struct db *db, struct order *o, enum order_part part,
    struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, part_sql[part], &st)) != NULL)
		return err;
	db_bind_int(st, ":id", o->id);
	o->parts[part].present = true;
	while ((err = db_step(st, &row)) == NULL && row)
		order_read_line(o, part, st, a);
	return err;
}

static const struct err *
order_read_past(struct db *db, struct order *o, struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, past_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", o->id);
	while ((err = db_step(st, &row)) == NULL && row) {
		const struct past p = {
			.at = db_col_int(st, 0),
			.actor = db_col_text(st, 1, a),
			.line = db_col_int(st, 2),
			.field = db_col_text(st, 3, a),
			.old = db_col_text(st, 4, a),
			.new = db_col_text(st, 5, a),
		};

		order_past_add(o, &p, a);
	}
	if (err != NULL || (err = db_stmt(db, note_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", o->id);
	while ((err = db_step(st, &row)) == NULL && row) {
		const struct note n = {
			.at = db_col_int(st, 0),
			.actor = db_col_text(st, 1, a),
			.text = db_col_text(st, 2, a),
		};

		order_note_add(o, &n, a);
	}
	return err;
}

/* How new it was when its source last spoke of it. */
static const struct err *
order_read_source(struct db *db, struct order *o)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, source_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", o->source);
	db_bind_text(st, ":external_id", o->external_id);
	if ((err = db_step(st, &row)) == NULL && row) {
		o->has_source_updated_at = !db_col_is_null(st, 0);
		o->source_updated_at = db_col_int(st, 0);
	}
	db_reset(st);
	return err;
}

static struct order *
order_read(struct db_stmt *st, struct arena *a)
{
	struct order *o = arena_zalloc(a, sizeof(*o));

	o->id = db_col_int(st, 0);
	o->order_no = db_col_text(st, 1, a);
	o->source = db_col_text(st, 2, a);
	o->external_id = db_col_text(st, 3, a);
	o->rev = db_col_int(st, 4);
	o->customer_id = db_col_int(st, 5);
	o->double_of = db_col_text(st, 6, a);
	o->status_at = db_col_int(st, 7);
	o->created_at = db_col_int(st, 8);
	o->updated_at = db_col_int(st, 9);
	o->items_minor = db_col_int(st, 10);
	o->total_minor = db_col_int(st, 11);
	o->paid_minor = db_col_int(st, 12);
	o->refunded_minor = db_col_int(st, 13);
	o->has_cost = !db_col_is_null(st, 14);
	o->cost_minor = db_col_int(st, 14);
	field_load(st, ORDER_FIRST_FIELD, &order_fields, &o->rec, a);
	return o;
}

/* Read the one row of st and what hangs on it. */
static const struct err *
order_load(struct db *db, struct db_stmt *st, enum order_load what,
    struct arena *a, struct order **out)
{
	const struct err *err;
	enum order_part part;
	bool row;

	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*out = order_read(st, a);
	db_reset(st);
	if (what == ORDER_LOAD_ROW)
		return NULL;
	for (part = PART_ITEM; part < PART_COUNT; part++)
		if ((err = order_load_part(db, *out, part, a)) != NULL)
			return err;
	if (what != ORDER_LOAD_ALL)
		return NULL;
	if ((err = order_read_source(db, *out)) != NULL)
		return err;
	return order_read_past(db, *out, a);
}

const struct err *
order_by_no(struct db *db, const char *order_no, enum order_load what,
    struct arena *a, struct order **out)
{
	const struct err *err;
	struct db_stmt *st;

	*out = NULL;
	if ((err = db_stmt(db, order_by_no_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":order_no", order_no);
	return order_load(db, st, what, a, out);
}

const struct err *
order_by_id(struct db *db, int64_t id, enum order_load what, struct arena *a,
    struct order **out)
{
	const struct err *err;
	struct db_stmt *st;

	*out = NULL;
	if ((err = db_stmt(db, order_by_id_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	return order_load(db, st, what, a, out);
}

/* All of them ---------------------------------------------------------------- */

struct order_walk {
	struct db_stmt *orders;
	struct db_stmt *parts[PART_COUNT];
	bool more[PART_COUNT]; /* the statement stands on a row */
};

const struct err *
order_walk_open(struct db *db, struct order_walk **out)
{
	struct order_walk *w = mem_zalloc(sizeof(*w));
	const struct err *err;
	enum order_part part;

	*out = NULL;
	err = db_stmt(db, order_all_sql, &w->orders);
	for (part = PART_ITEM; err == NULL && part < PART_COUNT; part++)
		if ((err = db_stmt(db, part_all_sql[part], &w->parts[part])) ==
		    NULL)
			err = db_step(w->parts[part], &w->more[part]);
	if (err == NULL)
		*out = w;
	else
		order_walk_close(w);
	return err;
}

/* The lines of o; those of an order that is not there are passed over. */
static const struct err *
order_walk_part(struct order_walk *w, struct order *o, enum order_part part,
    struct arena *a)
{
	struct db_stmt *st = w->parts[part];
	const int owner = db_columns(st) - 1;
	const struct err *err = NULL;
	int64_t id;

	o->parts[part].present = true;
	while (err == NULL && w->more[part]) {
		if ((id = db_col_int(st, owner)) > o->id)
			break;
		if (id == o->id)
			order_read_line(o, part, st, a);
		err = db_step(st, &w->more[part]);
	}
	return err;
}

const struct err *
order_walk_next(struct order_walk *w, struct arena *a, struct order **out)
{
	const struct err *err;
	enum order_part part;
	bool row;

	*out = NULL;
	if ((err = db_step(w->orders, &row)) != NULL || !row)
		return err;
	*out = order_read(w->orders, a);
	for (part = PART_ITEM; err == NULL && part < PART_COUNT; part++)
		err = order_walk_part(w, *out, part, a);
	return err;
}

void
order_walk_close(struct order_walk *w)
{
	enum order_part part;

	if (w == NULL)
		return;
	if (w->orders != NULL)
		db_reset(w->orders);
	for (part = PART_ITEM; part < PART_COUNT; part++)
		if (w->parts[part] != NULL)
			db_reset(w->parts[part]);
	free(w);
}
