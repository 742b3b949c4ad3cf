/* asof.c - the orders of a past moment, as temporary tables. */
#include "order/asof.h"

#include <stdlib.h>
#include <string.h>

#include "crm/shop.h"
#include "db/db.h"
#include "order/order_columns.h"
#include "order/order_save.h"

/*
 * An unqualified table is looked for among the temporary ones first, so what
 * reads orders elsewhere reads these. Orders that began later are left out; the
 * indexes have the names of the real ones, for statements that name them.
 */
static const char *const build_sql[] = {
	"CREATE TEMP TABLE asof AS SELECT :at AS at",
	"CREATE TEMP TABLE orders AS SELECT * FROM main.orders"
	" WHERE id NOT IN (SELECT entity_id FROM main.history"
	"  INDEXED BY history_at WHERE at > (SELECT at FROM asof)"
	"  AND entity = 'order' AND field = 'status' AND old IS NULL)",
	"CREATE UNIQUE INDEX temp.orders_id ON orders (id)",
	"CREATE UNIQUE INDEX temp.orders_no ON orders (order_no)",
	"CREATE INDEX temp.orders_customer"
	" ON orders (customer_id, placed_at, status, total_minor, currency)",
	"CREATE INDEX temp.orders_placed"
	" ON orders (placed_at, status, total_minor, currency)",
	"CREATE INDEX temp.orders_status ON orders (status, status_at)",
	"CREATE TEMP TABLE order_item AS SELECT * FROM main.order_item"
	" WHERE order_id IN (SELECT id FROM orders)",
	"CREATE UNIQUE INDEX temp.order_item_line"
	" ON order_item (order_id, line)",
	"CREATE TEMP TABLE charge AS SELECT * FROM main.charge"
	" WHERE order_id IN (SELECT id FROM orders)",
	"CREATE UNIQUE INDEX temp.charge_line ON charge (order_id, line)",
	"CREATE TEMP TABLE payment AS SELECT * FROM main.payment"
	" WHERE order_id IN (SELECT id FROM orders)",
	"CREATE UNIQUE INDEX temp.payment_line ON payment (order_id, line)",
	"CREATE INDEX temp.payment_paid ON payment (paid_at)"
	" WHERE paid_at IS NOT NULL",
	"CREATE TEMP TABLE refund AS SELECT * FROM main.refund"
	" WHERE order_id IN (SELECT id FROM orders)",
	"CREATE UNIQUE INDEX temp.refund_line ON refund (order_id, line)",
	"CREATE INDEX temp.refund_at ON refund (refunded_at)",
	"CREATE TEMP TABLE custom_value AS SELECT * FROM main.custom_value",
	"CREATE UNIQUE INDEX temp.custom_value_field"
	" ON custom_value (entity, entity_id, field)",
	"CREATE TEMP VIEW history AS SELECT * FROM main.history"
	" WHERE at <= (SELECT at FROM asof)",
	"CREATE TEMP VIEW note AS SELECT * FROM main.note"
	" WHERE at <= (SELECT at FROM asof)",
};

static const struct err *
asof_build(struct shop *s, int64_t at)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	for (i = 0; i < ARRAY_LEN(build_sql); i++) {
		if ((err = db_prepare(s->db, build_sql[i], &st)) != NULL)
			return err;
		if (i == 0)
			db_bind_int(st, ":at", at);
		err = db_run(st);
		db_finish(st);
		if (err != NULL)
			return err;
	}
	return NULL;
}

/* Writing ------------------------------------------------------------------ */

static const char order_sql[] =
    "UPDATE temp.orders SET (double_of, customer_id, status_at, items_minor,"
    " total_minor, paid_minor, refunded_minor, cost_minor," ORDER_COLUMNS ") ="
    " (:double_of, :customer_id, :status_at, :items_minor, :total_minor,"
    " :paid_minor, :refunded_minor, :cost_minor," ORDER_PARAMS
    ") WHERE id = :id";

enum { ORDER_FIRST_FIELD = 9 }; /* of the parameters */

static const char item_clear_sql[] =
    "DELETE FROM temp.order_item WHERE order_id = :id";
static const char charge_clear_sql[] =
    "DELETE FROM temp.charge WHERE order_id = :id";
static const char payment_clear_sql[] =
    "DELETE FROM temp.payment WHERE order_id = :id";
static const char refund_clear_sql[] =
    "DELETE FROM temp.refund WHERE order_id = :id";
static const char custom_clear_sql[] =
    "DELETE FROM temp.custom_value WHERE entity = 'order' AND entity_id = :id";

static const char *const clear_sql[PART_COUNT] = {
	[PART_ITEM] = item_clear_sql,
	[PART_CHARGE] = charge_clear_sql,
	[PART_PAYMENT] = payment_clear_sql,
	[PART_REFUND] = refund_clear_sql,
	[PART_CUSTOM] = custom_clear_sql,
};

static const struct err *
asof_put_order(struct db *db, const struct order *o)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, order_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", o->id);
	db_bind_text(st, ":double_of", o->double_of);
	order_bind_sums(st, o);
	field_bind(st, ORDER_FIRST_FIELD, &order_fields, &o->rec);
	return db_run(st);
}

/* What writes lines elsewhere writes these: see build_sql. */
static const struct err *
asof_put_part(struct shop *s, const struct order *o, enum order_part part)
{
	const struct part_list *l = &o->parts[part];
	const struct err *err;
	struct db_stmt *st;
	struct part *p;

	if ((err = db_stmt(s->db, clear_sql[part], &st)) != NULL)
		return err;
	db_bind_int(st, ":id", o->id);
	if ((err = db_run(st)) != NULL)
		return err;
	for (p = l->v; p != order_part_end(l); p++)
		if ((err = order_put_line(s, o, part, p)) != NULL)
			return err;
	return NULL;
}

/* Undoing ------------------------------------------------------------------ */

/* An order on its way back. */
struct undo {
	struct shop *s;
	struct order *o;
	struct arena *a;
	int64_t at;
	bool touched[PART_COUNT];
};

static const struct err *
undo_change(struct undo *u, int64_t line, const char *field, const char *old)
{
	enum order_part part = order_part_named(field);

	if (part != PART_COUNT)
		u->touched[part] = true;
	return order_restore(u->o, field, line, old, u->a);
}

static const struct err *
undo_changes(struct undo *u)
{
	static const char later_sql[] =
	    "SELECT item_id, field, old FROM main.history"
	    " WHERE entity = 'order' AND entity_id = :id AND at > :at"
	    " ORDER BY at DESC, id DESC";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(u->s->db, later_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", u->o->id);
	db_bind_int(st, ":at", u->at);
	while ((err = db_step(st, &row)) == NULL && row) {
		err = undo_change(u, db_col_int(st, 0),
		    db_col_text(st, 1, u->a), db_col_text(st, 2, u->a));
		/* A source may tell of values that cannot be ours. */
		if (err != NULL && err->code != ERR_INPUT) {
			db_reset(st);
			break;
		}
	}
	return err;
}

/* The status is the last one entered by then, whatever was learned later. */
static const struct err *
undo_status(struct undo *u)
{
	static const char status_sql[] =
	    "SELECT at, new FROM main.history"
	    " WHERE entity = 'order' AND entity_id = :id AND at <= :at"
	    " AND field = 'status' AND new IS NOT NULL"
	    " ORDER BY at DESC, id DESC LIMIT 1";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(u->s->db, status_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", u->o->id);
	db_bind_int(st, ":at", u->at);
	if ((err = db_step(st, &row)) == NULL && row) {
		u->o->status_at = db_col_int(st, 0);
		err = order_set(u->o, ORDER_STATUS, db_col_peek(st, 1), NULL,
		    u->a);
	}
	db_reset(st);
	return err;
}

static const struct err *
undo_one(struct shop *s, int64_t id, int64_t at, struct arena *a)
{
	struct undo u = { .s = s, .a = a, .at = at };
	const struct err *err;
	enum order_part part;

	if ((err = order_by_id(s->db, id, ORDER_LOAD_PARTS, a, &u.o)) != NULL ||
	    u.o == NULL)
		return err; /* it began later, or was removed */
	if ((err = undo_changes(&u)) != NULL ||
	    (err = undo_status(&u)) != NULL ||
	    (err = order_totals(u.o, shop_is_paid, s)) != NULL)
		return err_wrap(err, "order %s", u.o->order_no);
	for (part = PART_ITEM; part < PART_COUNT; part++)
		if (u.touched[part] &&
		    (err = asof_put_part(s, u.o, part)) != NULL)
			return err;
	return asof_put_order(s->db, u.o);
}

static const struct err *
undo_all(struct shop *s, int64_t at)
{
	static const char changed_sql[] =
	    "SELECT DISTINCT entity_id FROM main.history INDEXED BY history_at"
	    " WHERE at > :at AND entity = 'order'";
	const struct err *err;
	struct arena a = { 0 };
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, changed_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":at", at);
	while ((err = db_step(st, &row)) == NULL && row) {
		if ((err = undo_one(s, db_col_int(st, 0), at, &a)) != NULL) {
			db_reset(st);
			break;
		}
		arena_reset(&a);
	}
	arena_free(&a);
	return err;
}

const struct err *
asof_open(struct shop *s, int64_t at)
{
	const struct err *err, *shut_err;

	if ((err = db_allow_temp(s->db, true)) != NULL)
		return err;
	/* One snapshot of the real tables for all of it. */
	if ((err = db_begin_read(s->db)) == NULL &&
	    (err = asof_build(s, at)) == NULL &&
	    (err = undo_all(s, at)) == NULL)
		err = db_commit(s->db);
	if (err != NULL)
		db_rollback(s->db);
	shut_err = db_allow_temp(s->db, false);
	return err != NULL ? err : shut_err;
}
