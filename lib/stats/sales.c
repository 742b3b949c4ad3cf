/* sales.c - orders and revenue by day, status, source and product. */
#include "stats/sales.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/money.h"
#include "db/db.h"

/*
 * The index is named so that a week never reads more than a week. All is summed
 * here as the rows come: GROUP BY would sort them first, which takes longer.
 */
#define SALES_WHERE                                         \
	" WHERE o.placed_at >= :from AND o.placed_at < :to" \
	" AND o.currency = :currency"

static const char orders_sql[] =
    "SELECT each_row(o.placed_at, o.total_minor, o.status, o.source,"
    " o.utm_source, o.utm_medium)"
    " FROM orders o INDEXED BY orders_placed" SALES_WHERE;

static const char statuses_sql[] =
    "SELECT s.code, s.is_revenue, s.is_cancel,"
    " CASE WHEN :lang = 'ru' THEN ifnull(s.name_ru, s.name) ELSE s.name END,"
    " CASE WHEN :lang = 'ru' THEN ifnull(g.name_ru, g.name) ELSE g.name END"
    " FROM status s JOIN status_group g ON g.code = s.status_group"
    " ORDER BY g.ordering, g.code, s.ordering, s.code";

static const char product_sql[] =
    "SELECT each_row(i.order_id, i.quantity, i.sum_minor, i.purchase_price,"
    " i.offer_id, i.sku, i.name)"
    " FROM orders o INDEXED BY orders_placed"
    " JOIN status s ON s.code = o.status"
    " JOIN order_item i ON i.order_id = o.id" SALES_WHERE " AND s.is_revenue";

static const char offer_sql[] = "SELECT sku, name FROM offer WHERE id = :id";

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

struct meaning { /* of a status */
	bool is_revenue;
	bool is_cancel;
};

/* What is done with the orders as they come. */
struct sales_reading {
	struct sales_tables *to;
	struct arena *a;
	int64_t first_day;
	struct map statuses;      /* code -> place in the list of them */
	struct meaning *meanings; /* of each in that list */
	struct map sources;       /* key -> place in the list of them */
	struct buf key;
};

/* All statuses there are, with their names. */
static const struct err *
read_statuses(struct db *db, const char *lang, struct sales_reading *r)
{
	struct sales_list *list = &r->to->statuses;
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, statuses_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":lang", lang);
	while ((err = db_step(st, &row)) == NULL && row) {
		r->meanings = arena_grow(r->a, r->meanings, list->len,
		    sizeof(*r->meanings));
		r->meanings[list->len] =
		    (struct meaning){ db_col_int(st, 1) != 0,
			    db_col_int(st, 2) != 0 };
		list->v =
		    arena_grow(r->a, list->v, list->len, sizeof(*list->v));
		list->v[list->len] =
		    (struct sales){ .name = db_col_text(st, 3, r->a),
			    .within = db_col_text(st, 4, r->a) };
		map_put(&r->statuses, db_col_peek(st, 0), (int64_t)list->len);
		list->len++;
	}
	return err;
}

/* Those that have orders. */
static void
drop_unused(struct sales_list *list)
{
	size_t i, kept = 0;

	for (i = 0; i < list->len; i++)
		if (list->v[i].orders != 0)
			list->v[kept++] = list->v[i];
	list->len = kept;
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

static void
add_or_none(struct buf *b, const char *v)
{
	buf_adds(b, v != NULL ? v : "(none)");
}

/* Where the orders of this one's source, medium and door are counted. */
static struct sales *
source_of(struct sales_reading *r, const struct db_row *row)
{
	struct sales_list *list = &r->to->sources;
	const char *door = db_row_text(row, 3);
	size_t name, place;

	buf_reset(&r->key);
	buf_adds(&r->key, door);
	buf_addc(&r->key, '\n');
	name = r->key.len;
	add_or_none(&r->key, db_row_text(row, 4));
	buf_adds(&r->key, " / ");
	add_or_none(&r->key, db_row_text(row, 5));
	place = group_place(&r->sources, buf_str(&r->key), list->len);
	if (place == list->len) {
		list->v =
		    arena_grow(r->a, list->v, list->len, sizeof(*list->v));
		list->v[list->len++] = (struct sales){
			.name = arena_strdup(r->a, buf_str(&r->key) + name),
			.within = arena_strdup(r->a, door),
		};
	}
	return &list->v[place];
}

static const struct err *
sales_add(struct sales *s, int64_t total, const struct meaning *m)
{
	const struct err *err;

	s->orders++;
	s->cancelled += m->is_cancel;
	err = decimal_add(s->total_minor, total, &s->total_minor);
	if (err != NULL || !m->is_revenue)
		return err;
	s->sales++;
	return decimal_add(s->revenue_minor, total, &s->revenue_minor);
}

static const struct err *
sales_order(void *arg, struct db_row *row)
{
	struct sales_reading *r = arg;
	struct sales_tables *to = r->to;
	const int64_t day = when_day(db_row_int(row, 0)) - r->first_day;
	const int64_t total = db_row_int(row, 1);
	const int64_t *status = map_get(&r->statuses, db_row_text(row, 2));
	const struct meaning *m;
	const struct err *err;

	if (status == NULL)
		return NULL;
	m = &r->meanings[*status];
	if ((err = sales_add(&to->all, total, m)) != NULL ||
	    (err = sales_add(&to->days.v[day], total, m)) != NULL ||
	    (err = sales_add(&to->statuses.v[*status], total, m)) != NULL)
		return err;
	return sales_add(source_of(r, row), total, m);
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
sales_read(struct db *db, const struct when_span *span, const char *currency,
    const char *lang, struct arena *a, struct sales_tables *out)
{
	struct sales_reading r = { .to = out, .a = a };
	const struct err *err;
	struct db_stmt *st;

	*out = (struct sales_tables){ 0 };
	if (span->to <= span->from)
		return NULL;
	r.first_day = when_day(span->from);
	out->days.len = (size_t)(when_day(span->to - 1) - r.first_day + 1);
	out->days.v = arena_zalloc(a, out->days.len * sizeof(*out->days.v));
	if ((err = read_statuses(db, lang, &r)) == NULL &&
	    (err = sales_open(db, orders_sql, span, currency, &st)) == NULL)
		err = db_scan(st, sales_order, &r);
	drop_unused(&out->statuses);
	if (out->sources.len != 0)
		qsort(out->sources.v, out->sources.len, sizeof(*out->sources.v),
		    source_compare);
	map_free(&r.statuses);
	map_free(&r.sources);
	buf_free(&r.key);
	return err;
}

/*
 * A product is its offer's SKU, else the one of the line, else the line's name.
 * An offer is looked up when it first comes.
 */
struct product_reading {
	struct db *db;
	struct arena *a;
	struct product_list *list;
	struct map offers; /* id -> place in the list, as in the others */
	struct map skus;
	struct map names; /* of lines without a SKU */
};

static size_t
product_place(struct product_reading *r, const char *sku, const char *name)
{
	struct product_list *list = r->list;
	const size_t place = sku != NULL ?
				 group_place(&r->skus, sku, list->len) :
				 group_place(&r->names, name, list->len);
	struct product_sales *p;

	if (place == list->len) {
		list->v =
		    arena_grow(r->a, list->v, list->len, sizeof(*list->v));
		list->v[list->len++] = (struct product_sales){
			.sku = sku != NULL ? arena_strdup(r->a, sku) : NULL,
			.name = "",
			.has_cost = true,
		};
	}
	p = &list->v[place];
	if (strcmp(name, p->name) > 0)
		p->name = arena_strdup(r->a, name);
	return place;
}

/* The product of an offer; not *found when there is no such offer. */
static const struct err *
offer_place(struct product_reading *r, int64_t offer, bool *found,
    size_t *place)
{
	const int64_t *known = map_get_hash(&r->offers, (uint64_t)offer);
	const struct err *err;
	struct db_stmt *st;

	*found = true;
	*place = known != NULL ? (size_t)*known : 0;
	if (known != NULL)
		return NULL;
	if ((err = db_stmt(r->db, offer_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", offer);
	if ((err = db_step(st, found)) != NULL || !*found)
		return err;
	*place = product_place(r, db_col_peek(st, 0), db_col_peek(st, 1));
	db_reset(st);
	map_put_hash(&r->offers, (uint64_t)offer, (int64_t)*place);
	return NULL;
}

static const struct err *
line_place(struct product_reading *r, const struct db_row *row, size_t *place)
{
	const struct err *err;
	bool found = false;

	*place = 0;
	if (!db_row_is_null(row, 4) &&
	    (err = offer_place(r, db_row_int(row, 4), &found, place)) != NULL)
		return err;
	if (!found)
		*place =
		    product_place(r, db_row_text(row, 5), db_row_text(row, 6));
	return NULL;
}

/* Add a line to its product; those of an order come one after the other. */
static const struct err *
product_add(void *arg, struct db_row *row)
{
	struct product_reading *r = arg;
	const int64_t order = db_row_int(row, 0);
	const int64_t quantity = db_row_int(row, 1);
	const struct err *err;
	struct product_sales *p;
	size_t place;
	int64_t cost;

	if ((err = line_place(r, row, &place)) != NULL)
		return err;
	p = &r->list->v[place];
	p->orders += p->last_order != order;
	p->last_order = order;
	p->has_cost = p->has_cost && !db_row_is_null(row, 3);
	if ((err = decimal_mul(db_row_int(row, 3), quantity, &cost)) != NULL ||
	    (err = decimal_add(p->cost_minor, cost, &p->cost_minor)) != NULL ||
	    (err = decimal_add(p->quantity, quantity, &p->quantity)) != NULL)
		return err;
	return decimal_add(p->revenue_minor, db_row_int(row, 2),
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
	struct product_reading r = { .db = db, .a = a, .list = out };
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	*out = (struct product_list){ 0 };
	if ((err = sales_open(db, product_sql, span, currency, &st)) != NULL)
		return err;
	err = db_scan(st, product_add, &r);
	if (out->len != 0)
		qsort(out->v, out->len, sizeof(*out->v), product_compare);
	out->len = out->len < max ? out->len : max;
	for (i = 0; i < out->len; i++)
		out->v[i].cost_minor =
		    decimal_round(out->v[i].cost_minor, drop);
	map_free(&r.offers);
	map_free(&r.skus);
	map_free(&r.names);
	return err;
}
