/* reference_load.c - the lists that a shop edits: replacing their rows. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/pack.h"
#include "base/text.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"
#include "keep/reference_parts.h"

static int
compare_keys(const void *a, const void *b, void *reference)
{
	const struct reference_row *x = a, *y = b;
	const struct reference *r = reference;
	const char *v, *w;
	int order = 0;
	size_t i;

	for (i = 0; order == 0 && i < r->key_count; i++) {
		v = x->values[i] != NULL ? x->values[i] : "";
		w = y->values[i] != NULL ? y->values[i] : "";
		order = strcmp(v, w);
	}
	return order;
}

/* Order the rows by key; a key given twice is refused. */
static const struct err *
sort_rows(struct reference *r, struct arena *a)
{
	size_t i;

	if (r->row_count == 0)
		return NULL;
	qsort_r(r->rows, r->row_count, sizeof(*r->rows), compare_keys, r);
	for (i = 1; i < r->row_count; i++)
		if (compare_keys(&r->rows[i - 1], &r->rows[i], r) == 0)
			return err_new(ERR_INPUT,
			    "%s: %s '%s' stands at %s too", r->rows[i].where,
			    r->name, reference_key(r, &r->rows[i], a),
			    r->rows[i - 1].where);
	return NULL;
}

static const char *
pack_row(const struct reference *r, const struct reference_row *row,
    struct arena *a)
{
	struct buf b = { 0 };
	const char *text;
	size_t i;

	if (row == NULL)
		return NULL;
	for (i = 0; i < r->column_count; i++)
		pack_add(&b, r->columns[i].name, row->values[i]);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
add_history(struct shop *s, const struct reference *r,
    const struct reference_row *old, const struct reference_row *new,
    struct arena *a)
{
	const struct history_row h = {
		.at = s->now,
		.entity = "reference",
		.field = arena_printf(a, "%s %s", r->name,
		    reference_key(r, new != NULL ? new : old, a)),
		.old = pack_row(r, old, a),
		.new = pack_row(r, new, a),
	};

	return history_add(s, &h);
}

static const struct err *
run_row(struct db *db, const char *sql, const struct reference_row *row,
    size_t count)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		db_bind_text_at(st, (int)i + 1, row->values[i]);
	return err_wrap(db_run(st), "%s", row->where);
}

static const struct err *
delete_row(struct shop *s, struct reference *r, const struct reference_row *old,
    struct arena *a)
{
	const struct reference_table *t = reference_table(r);
	const struct err *err;

	if ((err = run_row(s->db, t->delete_sql, old, r->key_count)) != NULL)
		return err;
	r->removed++;
	return add_history(s, r, old, NULL, a);
}

/*
 * Amounts are stored in the minor units that the program knows the currency
 * by: other decimals would falsify every sum that a view shows.
 */
static const struct err *
check_currency(const char *const *values)
{
	static const char *const units[] = { "1", "10", "100", "1000" };
	const int places = money_places(values[0]);
	const char *unit = units[places];

	if (values[1][0] == '0' + places && values[1][1] == '\0' &&
	    strcmp(values[2], unit) == 0)
		return NULL;
	return err_new(ERR_INPUT,
	    "%s has %d decimals, so places must be %d and unit %s; amounts are "
	    "kept that way",
	    values[0], places, places, unit);
}

/* Add a row or change the one of its key; old is NULL when there is none. */
static const struct err *
put_row(struct shop *s, struct reference *r, const struct reference_row *old,
    struct reference_row *new, struct arena *a)
{
	const struct reference_table *t = reference_table(r);
	const struct err *err;
	size_t i = 0;

	if ((err = reference_complete(r, old, new, a)) != NULL)
		return err;
	if (strcmp(r->name, "currency") == 0 &&
	    (err = check_currency(new->values)) != NULL)
		return err_wrap(err, "%s", new->where);
	if (old != NULL)
		while (i < r->column_count &&
		       text_same(old->values[i], new->values[i]))
			i++;
	if (i == r->column_count)
		return NULL;
	if ((err = run_row(s->db, t->put_sql, new, r->column_count)) != NULL)
		return err;
	if (old != NULL)
		r->changed++;
	else
		r->added++;
	return add_history(s, r, old, new, a);
}

/* Walk the old and the new rows together, both in the order of their keys. */
static const struct err *
replace_rows(struct shop *s, struct reference *r, struct arena *a)
{
	struct reference_row *new;
	const struct err *err;
	struct reference *old;
	size_t i = 0, j;
	bool known;

	if ((err = reference_read(s->db, r->name, a, &old)) != NULL ||
	    (err = sort_rows(old, a)) != NULL ||
	    (err = sort_rows(r, a)) != NULL)
		return err;
	for (j = 0; err == NULL && j < r->row_count; j++) {
		new = &r->rows[j];
		while (i < old->row_count &&
		       compare_keys(&old->rows[i], new, r) < 0)
			if ((err = delete_row(s, r, &old->rows[i++], a)) !=
			    NULL)
				return err;
		known = i < old->row_count &&
			compare_keys(&old->rows[i], new, r) == 0;
		err = put_row(s, r, known ? &old->rows[i++] : NULL, new, a);
	}
	while (err == NULL && i < old->row_count)
		err = delete_row(s, r, &old->rows[i++], a);
	return err;
}

static const struct err *
put_paid(struct shop *s, int64_t id, const char *currency, int64_t old,
    int64_t new)
{
	static const char paid_sql[] =
	    "UPDATE orders SET paid_minor = :paid, rev = rev + 1,"
	    " updated_at = max(updated_at, :now) WHERE id = :id";
	char was[DECIMAL_STR_MAX], is[DECIMAL_STR_MAX];
	const struct history_row h = { .at = s->now,
		.entity = "order",
		.entity_id = id,
		.field = "paid",
		.old = money_format(old, currency, was),
		.new = money_format(new, currency, is) };
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, paid_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":paid", new);
	db_bind_int(st, ":now", s->now);
	db_bind_int(st, ":id", id);
	if ((err = db_run(st)) != NULL)
		return err;
	return history_add(s, &h);
}

/* What is paid of an order hangs on what the statuses of its payments mean. */
static const struct err *
recount_paid(struct shop *s, size_t *orders)
{
	static const char wrong_sql[] =
	    "SELECT id, currency, paid_minor, paid FROM (SELECT o.id,"
	    "  o.currency, o.paid_minor, (SELECT ifnull(sum(p.amount_minor), 0)"
	    "   FROM payment p JOIN payment_status t ON t.code = p.status"
	    "   WHERE p.order_id = o.id AND t.is_paid = 1) AS paid"
	    "  FROM orders o)"
	    " WHERE paid <> paid_minor";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, wrong_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		err = put_paid(s, db_col_int(st, 0), db_col_peek(st, 1),
		    db_col_int(st, 2), db_col_int(st, 3));
		if (err != NULL) {
			db_reset(st);
			return err;
		}
		++*orders;
	}
	return err;
}

const struct err *
reference_load(struct shop *s, struct reference *const *list, size_t count,
    struct arena *a)
{
	static const char defer_sql[] = "PRAGMA defer_foreign_keys = ON";
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	/* Tables name each other: only the end of the load must hold. */
	if ((err = db_stmt(s->db, defer_sql, &st)) != NULL ||
	    (err = db_run(st)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		if ((err = replace_rows(s, list[i], a)) != NULL)
			return err;
	if ((err = reference_check_links(s->db, list, count)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		if (list[i]->changed != 0 &&
		    strcmp(list[i]->name, "payment_status") == 0)
			return recount_paid(s, &list[i]->orders);
	return NULL;
}
