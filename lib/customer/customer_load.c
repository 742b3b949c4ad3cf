/* customer_load.c - a customer out of the database, and what it ordered. */
#include "base/decimal.h"
#include "customer/customer.h"
#include "customer/customer_columns.h"
#include "db/db.h"

/* Columns that are not fields; the fields follow in the table's order. */
static const char customer_by_id_sql[] =
    "SELECT id, rev, created_at, updated_at, ifnull(merged_into, 0),"
    " ifnull(erased_at, 0)," CUSTOMER_COLUMNS "FROM customer WHERE id = :id";

enum { CUSTOMER_FIRST_FIELD = 6 };

/* A customer, and those that were merged into it. */
#define CUSTOMER_SELVES \
	"(SELECT id FROM customer WHERE id = :id OR merged_into = :id)"

/* Of each list: the key, its value, the time and the source. */
static const char sources_sql[] =
    "SELECT source || ':' || external_id, external_id, 0, source"
    "  FROM customer_source WHERE customer_id IN " CUSTOMER_SELVES
    " ORDER BY source, external_id";
static const char phones_sql[] =
    "SELECT value, NULL, 0, NULL FROM contact"
    " WHERE customer_id = :id AND kind = 'phone' ORDER BY place, value";
static const char emails_sql[] =
    "SELECT value, NULL, 0, NULL FROM contact"
    " WHERE customer_id = :id AND kind = 'email' ORDER BY place, value";
static const char tags_sql[] =
    "SELECT tag, NULL, 0, NULL FROM tag WHERE customer_id = :id ORDER BY tag";
static const char consents_sql[] =
    "SELECT channel, iif(given, 'true', 'false'), at, source FROM consent"
    " WHERE customer_id = :id ORDER BY channel";
static const char custom_sql[] =
    "SELECT field, value, 0, NULL FROM custom_value"
    " WHERE entity = 'customer' AND entity_id = :id ORDER BY field";

static const char *const list_sql[CUSTOMER_LIST_COUNT] = {
	[CUSTOMER_SOURCES] = sources_sql,
	[CUSTOMER_PHONES] = phones_sql,
	[CUSTOMER_EMAILS] = emails_sql,
	[CUSTOMER_TAGS] = tags_sql,
	[CUSTOMER_CONSENTS] = consents_sql,
	[CUSTOMER_CUSTOM] = custom_sql,
};

static const char past_sql[] =
    "SELECT at, actor, field, old, new FROM history"
    " WHERE entity = 'customer' AND entity_id = :id ORDER BY at, id";
static const char note_sql[] =
    "SELECT at, actor, text FROM note"
    " WHERE entity = 'customer' AND entity_id IN " CUSTOMER_SELVES
    " ORDER BY at, id";

/* False marks are no news: only what is set is there. */
static void
customer_read_fields(struct customer *c, struct db_stmt *st, struct arena *a)
{
	const struct fields *t = &customer_fields;
	int i, at;

	for (i = 0; i < CUSTOMER_FIELD_COUNT; i++) {
		at = CUSTOMER_FIRST_FIELD + i;
		if (db_col_is_null(st, at))
			continue;
		if (field_is_text(t->list[i].kind))
			field_set_text(t, &c->rec, i, db_col_text(st, at, a));
		else if (db_col_int(st, at) != 0)
			field_set_int(t, &c->rec, i, db_col_int(st, at));
	}
}

static const struct err *
customer_read_list(struct db *db, struct customer *c, enum customer_list list,
    struct arena *a)
{
	struct customer_entries *l = &c->lists[list];
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, list_sql[list], &st)) != NULL)
		return err;
	db_bind_int(st, ":id", c->id);
	l->present = true;
	while ((err = db_step(st, &row)) == NULL && row) {
		l->v = arena_grow(a, l->v, l->len, sizeof(*l->v));
		l->v[l->len++] = (struct customer_entry){
			.key = db_col_text(st, 0, a),
			.value = db_col_text(st, 1, a),
			.at = db_col_int(st, 2),
			.source = db_col_text(st, 3, a),
		};
	}
	return err;
}

static const struct err *
customer_read_past(struct db *db, struct customer *c, struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, past_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", c->id);
	while ((err = db_step(st, &row)) == NULL && row) {
		c->past = arena_grow(a, c->past, c->past_len, sizeof(*c->past));
		c->past[c->past_len++] = (struct past){
			.at = db_col_int(st, 0),
			.actor = db_col_text(st, 1, a),
			.field = db_col_text(st, 2, a),
			.old = db_col_text(st, 3, a),
			.new = db_col_text(st, 4, a),
		};
	}
	if (err != NULL || (err = db_stmt(db, note_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", c->id);
	while ((err = db_step(st, &row)) == NULL && row) {
		c->notes =
		    arena_grow(a, c->notes, c->note_len, sizeof(*c->notes));
		c->notes[c->note_len++] = (struct note){
			.at = db_col_int(st, 0),
			.actor = db_col_text(st, 1, a),
			.text = db_col_text(st, 2, a),
		};
	}
	return err;
}

const struct err *
customer_by_id(struct db *db, int64_t id, enum customer_load what,
    struct arena *a, struct customer **out)
{
	const struct err *err;
	enum customer_list list;
	struct customer *c;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	if ((err = db_stmt(db, customer_by_id_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	c = arena_zalloc(a, sizeof(*c));
	c->id = db_col_int(st, 0);
	c->rev = db_col_int(st, 1);
	c->created_at = db_col_int(st, 2);
	c->updated_at = db_col_int(st, 3);
	c->merged_into = db_col_int(st, 4);
	c->erased_at = db_col_int(st, 5);
	customer_read_fields(c, st, a);
	db_reset(st);
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		if ((err = customer_read_list(db, c, list, a)) != NULL)
			return err;
	if (what == CUSTOMER_LOAD_ALL &&
	    (err = customer_read_past(db, c, a)) != NULL)
		return err;
	*out = c;
	return NULL;
}

/* Orders ------------------------------------------------------------------- */

static const char figures_sql[] =
    "SELECT count(*), ifnull(sum(s.is_revenue), 0),"
    " ifnull(min(o.placed_at), 0), ifnull(max(o.placed_at), 0)"
    "  FROM orders o JOIN status s ON s.code = o.status"
    " WHERE o.customer_id IN " CUSTOMER_SELVES;
static const char sums_sql[] =
    "SELECT o.currency, count(*), sum(o.total_minor)"
    "  FROM orders o JOIN status s ON s.code = o.status AND s.is_revenue"
    " WHERE o.customer_id IN " CUSTOMER_SELVES " GROUP BY 1 ORDER BY 1";
static const char orders_sql[] =
    "SELECT id FROM orders WHERE customer_id IN " CUSTOMER_SELVES
    " ORDER BY placed_at, id";

static const struct err *
customer_read_sums(struct db_stmt *st, struct arena *a,
    struct customer_figures *f)
{
	const struct err *err;
	struct customer_sum *m;
	bool row;

	while ((err = db_step(st, &row)) == NULL && row) {
		f->sums = arena_grow(a, f->sums, f->sum_len, sizeof(*f->sums));
		m = &f->sums[f->sum_len++];
		*m = (struct customer_sum){
			.currency = db_col_text(st, 0, a),
			.sales = db_col_int(st, 1),
			.total_minor = db_col_int(st, 2),
		};
		if ((err = decimal_muldiv(m->total_minor, 1, m->sales,
			 &m->average_minor)) != NULL)
			break;
	}
	db_reset(st);
	return err;
}

const struct err *
customer_figure(struct db *db, int64_t id, struct arena *a,
    struct customer_figures *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct customer_figures){ 0 };
	if ((err = db_stmt(db, figures_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	out->orders = db_col_int(st, 0);
	out->sales = db_col_int(st, 1);
	out->first_order_at = db_col_int(st, 2);
	out->last_order_at = db_col_int(st, 3);
	db_reset(st);
	if ((err = db_stmt(db, sums_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	return customer_read_sums(st, a, out);
}

const struct err *
customer_orders(struct db *db, int64_t id, struct arena *a, int64_t **ids,
    size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*ids = NULL;
	*count = 0;
	if ((err = db_stmt(db, orders_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	while ((err = db_step(st, &row)) == NULL && row) {
		*ids = arena_grow(a, *ids, *count, sizeof(**ids));
		(*ids)[(*count)++] = db_col_int(st, 0);
	}
	return err;
}
