/* sales.c - orders and revenue by status, source and product. */
#include "stats/sales.h"

#include "base/money.h"
#include "db/db.h"

/*
 * The sums in the order of struct sales, and the orders they are made of. The
 * index is named so that a week never reads more than a week.
 */
#define SALES_SUMS                                                   \
	" count(*), sum(o.total_minor),"                             \
	" count(*) FILTER (WHERE s.is_revenue),"                     \
	" ifnull(sum(o.total_minor) FILTER (WHERE s.is_revenue), 0)" \
	"  AS revenue, count(*) FILTER (WHERE s.is_cancel)"
#define SALES_ORDERS                              \
	" FROM orders o INDEXED BY orders_placed" \
	" JOIN status s ON s.code = o.status"
#define SALES_WHERE                                         \
	" WHERE o.placed_at >= :from AND o.placed_at < :to" \
	" AND o.currency = :currency"

static const char total_sql[] = "SELECT" SALES_SUMS SALES_ORDERS SALES_WHERE;

static const char status_sql[] =
    "SELECT" SALES_SUMS ","
    " CASE WHEN :lang = 'ru' THEN ifnull(s.name_ru, s.name) ELSE s.name END,"
    " CASE WHEN :lang = 'ru' THEN ifnull(g.name_ru, g.name)"
    "  ELSE g.name END" SALES_ORDERS
    " JOIN status_group g ON g.code = s.status_group" SALES_WHERE
    " GROUP BY s.code ORDER BY g.ordering, g.code, s.ordering, s.code";

static const char source_sql[] =
    "SELECT" SALES_SUMS ","
    " ifnull(o.utm_source, '(none)') || ' / ' || ifnull(o.utm_medium, '(none)')"
    "  AS utm, o.source" SALES_ORDERS SALES_WHERE " GROUP BY utm, o.source"
    " ORDER BY revenue DESC, count(*) DESC, utm, o.source";

/* A product is its offer, else its SKU, else its name. */
static const char product_sql[] =
    "SELECT ifnull(f.sku, i.sku) AS sku, max(ifnull(f.name, i.name)),"
    " sum(i.quantity), sum(i.sum_minor) AS revenue,"
    " count(DISTINCT i.order_id), count(*) = count(i.purchase_price),"
    " sum(i.purchase_price * i.quantity)" SALES_ORDERS
    " JOIN order_item i ON i.order_id = o.id"
    " LEFT JOIN offer f ON f.id = i.offer_id" SALES_WHERE " AND s.is_revenue"
    " GROUP BY 1, CASE WHEN ifnull(f.sku, i.sku) IS NULL THEN i.name END"
    " ORDER BY revenue DESC, 1, 2 LIMIT :max";

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

static const struct err *
sales_rows(struct db_stmt *st, struct arena *a, struct sales_list *out)
{
	const struct err *err;
	struct sales *s;
	bool row;

	while ((err = db_step(st, &row)) == NULL && row) {
		out->v = arena_grow(a, out->v, out->len, sizeof(*out->v));
		s = &out->v[out->len++];
		*s = sales_row(st);
		s->name = db_col_text(st, 5, a);
		s->within = db_col_text(st, 6, a);
	}
	return err;
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

	*out = (struct sales_list){ 0 };
	if ((err = sales_open(db, status_sql, span, currency, &st)) != NULL)
		return err;
	db_bind_text(st, ":lang", lang);
	return sales_rows(st, a, out);
}

const struct err *
sales_by_source(struct db *db, const struct when_span *span,
    const char *currency, struct arena *a, struct sales_list *out)
{
	const struct err *err;
	struct db_stmt *st;

	*out = (struct sales_list){ 0 };
	if ((err = sales_open(db, source_sql, span, currency, &st)) != NULL)
		return err;
	return sales_rows(st, a, out);
}

const struct err *
sales_by_product(struct db *db, const struct when_span *span,
    const char *currency, int64_t max, struct arena *a,
    struct product_list *out)
{
	/* A cost comes as price times quantity, to be rounded once. */
	const int drop =
	    PRICE_PLACES + QUANTITY_PLACES - money_places(currency);
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct product_list){ 0 };
	if ((err = sales_open(db, product_sql, span, currency, &st)) != NULL)
		return err;
	db_bind_int(st, ":max", max);
	while ((err = db_step(st, &row)) == NULL && row) {
		out->v = arena_grow(a, out->v, out->len, sizeof(*out->v));
		out->v[out->len++] = (struct product_sales){
			.sku = db_col_text(st, 0, a),
			.name = db_col_text(st, 1, a),
			.quantity = db_col_int(st, 2),
			.revenue_minor = db_col_int(st, 3),
			.orders = db_col_int(st, 4),
			.has_cost = db_col_int(st, 5) != 0,
			.cost_minor = decimal_round(db_col_int(st, 6), drop),
		};
	}
	return err;
}
