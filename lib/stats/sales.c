/* sales.c - orders and revenue by status, source and product. */
#include "stats/sales.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/money.h"
#include "db/db.h"

/* The index is named so that a week never reads more than a week. */
#define SALES_ORDERS                              \
	" FROM orders o INDEXED BY orders_placed" \
	" JOIN status s ON s.code = o.status"
#define SALES_WHERE                                         \
	" WHERE o.placed_at >= :from AND o.placed_at < :to" \
	" AND o.currency = :currency"

/* The sums in the order of struct sales. */
static const char total_sql[] =
    "SELECT count(*), sum(o.total_minor), count(*) FILTER (WHERE s.is_revenue),"
    " sum(o.total_minor) FILTER (WHERE s.is_revenue),"
    " count(*) FILTER (WHERE s.is_cancel)" SALES_ORDERS SALES_WHERE;

/* The same; names come after the sums, so that short rows are sorted. */
static const char status_sql[] =
    "SELECT o.n, o.total, o.n * s.is_revenue, o.total * s.is_revenue,"
    " o.n * s.is_cancel,"
    " CASE WHEN :lang = 'ru' THEN ifnull(s.name_ru, s.name) ELSE s.name END,"
    " CASE WHEN :lang = 'ru' THEN ifnull(g.name_ru, g.name)"
    "  ELSE g.name END"
    " FROM (SELECT status, count(*) AS n, sum(total_minor) AS total"
    "  FROM orders o INDEXED BY orders_placed" SALES_WHERE
    "  GROUP BY status) o JOIN status s ON s.code = o.status"
    " JOIN status_group g ON g.code = s.status_group"
    " ORDER BY g.ordering, g.code, s.ordering, s.code";

/*
 * Sources and products are summed as their rows come; a GROUP BY would sort all
 * of them first, which takes three times as long.
 */
static const char source_sql[] =
    "SELECT ifnull(o.utm_source, '(none)') || ' / ' ||"
    "  ifnull(o.utm_medium, '(none)'), o.source, o.total_minor,"
    " s.is_revenue, s.is_cancel" SALES_ORDERS SALES_WHERE;

/* A product is its offer, else its SKU, else its name. */
static const char product_sql[] =
    "SELECT i.order_id, ifnull(f.sku, i.sku), ifnull(f.name, i.name),"
    " i.quantity, i.sum_minor, i.purchase_price" SALES_ORDERS
    " JOIN order_item i ON i.order_id = o.id"
    " LEFT JOIN offer f ON f.id = i.offer_id" SALES_WHERE " AND s.is_revenue";

static const struct err *
sales_open(struct db *db, const char *sql, const struct when_span *span,
    const char *currency, struct db_stmt **out)
{
	const struct err *err;

	if ((err = db_stmt(db, sql, out)) != NULL)
		return err;
	db_bind_int(*out, ":from", span->from);
	db_bind_int(*out, ":to", span->to);
	db_bind_text(*out, ":currency", currency);
	return NULL;
}

static struct sales
sales_row(struct db_stmt *st)
{
	return (struct sales){
		.orders = db_col_int(st, 0),
		.total_minor = db_col_int(st, 1),
		.sales = db_col_int(st, 2),
		.revenue_minor = db_col_int(st, 3),
		.cancelled = db_col_int(st, 4),
	};
}

const struct err *
sales_total(struct db *db, const struct when_span *span, const char *currency,
    struct sales *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct sales){ 0 };
	if ((err = sales_open(db, total_sql, span, currency, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL)
		return err;
	*out = sales_row(st);
	db_reset(st);
	return NULL;
}

const struct err *
sales_by_status(struct db *db, const struct when_span *span,
    const char *currency, const char *lang, struct arena *a,
    struct sales_list *out)
{
	const struct err *err;
	struct db_stmt *st;
	struct sales *s;
	bool row;

	*out = (struct sales_list){ 0 };
	if ((err = sales_open(db, status_sql, span, currency, &st)) != NULL)
		return err;
	db_bind_text(st, ":lang", lang);
	while ((err = db_step(st, &row)) == NULL && row) {
		out->v = arena_grow(a, out->v, out->len, sizeof(*out->v));
		s = &out->v[out->len++];
		*s = sales_row(st);
		s->name = db_col_text(st, 5, a);
		s->within = db_col_text(st, 6, a);
	}
	return err;
}

/* A group of rows, found by its key: its place in a list of len, len if new. */
static size_t
group_place(struct map *groups, const char *key, size_t len)
{
	const int64_t *place = map_get(groups, key);

	if (place != NULL)
		return (size_t)*place;
	map_put(groups, key, (int64_t)len);
	return len;
}

/* Add the row of an order to its source. */
static const struct err *
source_add(struct db_stmt *st, struct map *groups, struct buf *key,
    struct arena *a, struct sales_list *list)
{
	const int64_t total = db_col_int(st, 2);
	const struct err *err;
	struct sales *s;
	size_t place;

	buf_reset(key);
	buf_adds(key, db_col_peek(st, 1));
	buf_addc(key, '\n');
	buf_adds(key, db_col_peek(st, 0));
	place = group_place(groups, buf_str(key), list->len);
	if (place == list->len) {
		list->v = arena_grow(a, list->v, list->len, sizeof(*list->v));
		list->v[list->len++] =
		    (struct sales){ .name = db_col_text(st, 0, a),
			    .within = db_col_text(st, 1, a) };
	}
	s = &list->v[place];
	s->orders++;
	s->cancelled += db_col_int(st, 4);
	err = decimal_add(s->total_minor, total, &s->total_minor);
	if (err != NULL || db_col_int(st, 3) == 0)
		return err;
	s->sales++;
	return decimal_add(s->revenue_minor, total, &s->revenue_minor);
}

static int
source_compare(const void *x, const void *y)
{
	const struct sales *s = x, *t = y;
	int order;

	if (s->revenue_minor != t->revenue_minor)
		return s->revenue_minor > t->revenue_minor ? -1 : 1;
	if (s->orders != t->orders)
		return s->orders > t->orders ? -1 : 1;
	order = strcmp(s->name, t->name);
	return order != 0 ? order : strcmp(s->within, t->within);
}

const struct err *
sales_by_source(struct db *db, const struct when_span *span,
    const char *currency, struct arena *a, struct sales_list *out)
{
	struct map groups = { 0 };
	struct buf key = { 0 };
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct sales_list){ 0 };
	if ((err = sales_open(db, source_sql, span, currency, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row &&
	       (err = source_add(st, &groups, &key, a, out)) == NULL)
		;
	db_reset(st);
	if (out->len != 0)
		qsort(out->v, out->len, sizeof(*out->v), source_compare);
	map_free(&groups);
	buf_free(&key);
	return err;
}

struct product_groups {
	struct map skus;
	struct map names; /* of lines without a SKU */
};

/* Add a line to its product; those of an order come one after the other. */
static const struct err *
product_add(struct db_stmt *st, struct product_groups *groups, struct arena *a,
    struct product_list *list)
{
	const int64_t order = db_col_int(st, 0);
	const char *sku = db_col_peek(st, 1), *name = db_col_peek(st, 2);
	const size_t place = sku != NULL ?
				 group_place(&groups->skus, sku, list->len) :
				 group_place(&groups->names, name, list->len);
	const struct err *err;
	struct product_sales *p;
	int64_t cost;

	if (place == list->len) {
		list->v = arena_grow(a, list->v, list->len, sizeof(*list->v));
		list->v[list->len++] =
		    (struct product_sales){ .sku = db_col_text(st, 1, a),
			    .name = db_col_text(st, 2, a),
			    .has_cost = true };
	}
	p = &list->v[place];
	if (strcmp(name, p->name) > 0)
		p->name = arena_strdup(a, name);
	p->orders += p->last_order != order;
	p->last_order = order;
	p->has_cost = p->has_cost && !db_col_is_null(st, 5);
	if ((err = decimal_mul(db_col_int(st, 5), db_col_int(st, 3), &cost)) !=
		NULL ||
	    (err = decimal_add(p->cost_minor, cost, &p->cost_minor)) != NULL ||
	    (err = decimal_add(p->quantity, db_col_int(st, 3), &p->quantity)) !=
		NULL)
		return err;
	return decimal_add(p->revenue_minor, db_col_int(st, 4),
	    &p->revenue_minor);
}

/* The most revenue first; then by SKU, those without one first, and name. */
static int
product_compare(const void *x, const void *y)
{
	const struct product_sales *p = x, *q = y;
	int order = 0;

	if (p->revenue_minor != q->revenue_minor)
		return p->revenue_minor > q->revenue_minor ? -1 : 1;
	if (p->sku == NULL || q->sku == NULL)
		order = (p->sku != NULL) - (q->sku != NULL);
	else
		order = strcmp(p->sku, q->sku);
	return order != 0 ? order : strcmp(p->name, q->name);
}

const struct err *
sales_by_product(struct db *db, const struct when_span *span,
    const char *currency, size_t max, struct arena *a, struct product_list *out)
{
	/* A cost is a sum of prices times quantities as yet; rounded once. */
	const int drop =
	    PRICE_PLACES + QUANTITY_PLACES - money_places(currency);
	struct product_groups groups = { 0 };
	const struct err *err;
	struct db_stmt *st;
	bool row;
	size_t i;

	*out = (struct product_list){ 0 };
	if ((err = sales_open(db, product_sql, span, currency, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row &&
	       (err = product_add(st, &groups, a, out)) == NULL)
		;
	db_reset(st);
	if (out->len != 0)
		qsort(out->v, out->len, sizeof(*out->v), product_compare);
	out->len = out->len < max ? out->len : max;
	for (i = 0; i < out->len; i++)
		out->v[i].cost_minor =
		    decimal_round(out->v[i].cost_minor, drop);
	map_free(&groups.skus);
	map_free(&groups.names);
	return err;
}
