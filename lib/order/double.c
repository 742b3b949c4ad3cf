/* double.c - the same order through two doors. */
#include "order/double.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/order.h"

static int
double_compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The goods of an order, sorted: equal for equal orders. */
static const char **
double_goods(const struct order *o, struct arena *a)
{
	const struct part_list *l = &o->parts[PART_ITEM];
	const char **v = arena_alloc(a, (l->len + 1) * sizeof(*v));
	size_t i;

	for (i = 0; i < l->len; i++)
		v[i] = arena_printf(a, "%s %" PRId64,
		    l->v[i].sku != NULL ? l->v[i].sku : l->v[i].name,
		    l->v[i].quantity);
	qsort(v, l->len, sizeof(*v), double_compare_text);
	return v;
}

static bool
double_same_goods(const struct order *x, const struct order *y, struct arena *a)
{
	const char **gx, **gy;
	size_t i, n = x->parts[PART_ITEM].len;

	if (n == 0 || n != y->parts[PART_ITEM].len)
		return false;
	gx = double_goods(x, a);
	gy = double_goods(y, a);
	for (i = 0; i < n; i++)
		if (strcmp(gx[i], gy[i]) != 0)
			return false;
	return true;
}

/*
 * Some of this customer's orders through other doors, minutes away, in the order
 * of their index: sorted, each new order would pay for a table to sort in. Who
 * has more of them at once is no customer but a till.
 */
static const struct err *
double_near(struct shop *s, const struct order *o, struct arena *a,
    int64_t **ids, size_t *count)
{
	static const char near_sql[] =
	    "SELECT id FROM orders WHERE customer_id = :customer_id"
	    " AND placed_at BETWEEN :low AND :high AND source <> :source"
	    " LIMIT 20";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*ids = NULL;
	*count = 0;
	if ((err = db_stmt(s->db, near_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":customer_id", o->customer_id);
	db_bind_int(st, ":low", o->placed_at - s->double_s);
	db_bind_int(st, ":high", o->placed_at + s->double_s);
	db_bind_text(st, ":source", o->source);
	while ((err = db_step(st, &row)) == NULL && row) {
		*ids = arena_grow(a, *ids, *count, sizeof(**ids));
		(*ids)[(*count)++] = db_col_int(st, 0);
	}
	return err;
}

static const struct err *
double_flag(struct shop *s, struct order *o, const struct order *other)
{
	static const char flag_sql[] =
	    "UPDATE orders SET double_of = :double_of WHERE id = :id";
	const struct err *err;
	struct db_stmt *st;

	o->double_of = other->order_no;
	if ((err = db_stmt(s->db, flag_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":double_of", other->order_no);
	db_bind_int(st, ":id", o->id);
	if ((err = db_run(st)) != NULL)
		return err;
	return history_set(s, "order", o->id, "double_of", NULL,
	    other->order_no);
}

const struct err *
double_find(struct shop *s, struct order *o, struct arena *a)
{
	const struct err *err;
	struct order *other;
	size_t i, count;
	int64_t *ids;

	if (o->customer_id == 0 || o->customer_is_new || s->double_s == 0)
		return NULL;
	if ((err = double_near(s, o, a, &ids, &count)) != NULL)
		return err;
	for (i = 0; i < count; i++) {
		if ((err = order_by_id(s->db, ids[i], ORDER_LOAD_PARTS, a,
			 &other)) != NULL)
			return err;
		if (other != NULL && double_same_goods(o, other, a))
			return double_flag(s, o, other);
	}
	return NULL;
}
