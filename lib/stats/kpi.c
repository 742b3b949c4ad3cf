/* kpi.c - key figures of a time. */
#include "stats/kpi.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "db/db.h"

enum { BP = 10000 };

const struct kpi_figure kpi_figures[] = {
	{ "orders", KPI_COUNT, KPI_ORDERS, KPI_ALWAYS, "Orders received",
	    "orders placed in the period, whatever became of them" },
	{ "sales", KPI_COUNT, KPI_SALES, KPI_ALWAYS, "Sales",
	    "those of them whose status counts as revenue" },
	{ "conversion", KPI_SHARE, KPI_SALES, KPI_ORDERS,
	    "Conversion into sales", "sales / orders received" },
	{ "revenue", KPI_MONEY, KPI_REVENUE, KPI_ALWAYS, "Revenue",
	    "sum of the totals of the sales, delivery included" },
	{ "average_order_value", KPI_AVERAGE, KPI_REVENUE, KPI_SALES,
	    "Average order value", "revenue / sales" },
	{ "quantity", KPI_DECIMAL, KPI_QUANTITY, KPI_ALWAYS, "Items sold",
	    "pieces, or kilograms, of all lines of the sales" },
	{ "first_sales", KPI_COUNT, KPI_FIRST_SALES, KPI_ALWAYS,
	    "New customers", "sales to customers who never bought before" },
	{ "repeat_sales", KPI_COUNT, KPI_REPEAT_SALES, KPI_ALWAYS,
	    "Repeat sales", "sales to customers with an earlier sale" },
	{ "guest_sales", KPI_COUNT, KPI_GUEST_SALES, KPI_ALWAYS,
	    "Sales to unknown customers",
	    "sales without anything that tells the customer" },
	{ "cancelled", KPI_COUNT, KPI_CANCELLED, KPI_ALWAYS, "Cancelled",
	    "orders received that are in a cancelled status now" },
	{ "cancelled_share", KPI_SHARE, KPI_CANCELLED, KPI_ORDERS,
	    "Cancelled, share", "cancelled / orders received" },
	{ "in_work", KPI_COUNT, KPI_IN_WORK, KPI_ALWAYS, "In work",
	    "orders received whose group of statuses is in work now" },
	{ "in_work_total", KPI_MONEY, KPI_IN_WORK_TOTAL, KPI_ALWAYS,
	    "In work, sum", "sum of their totals: revenue to be expected" },
	{ "cost", KPI_MONEY, KPI_COST, KPI_COSTED, "Cost of goods",
	    "purchase prices of the sales where all of them are known" },
	{ "profit", KPI_MONEY, KPI_PROFIT, KPI_COSTED, "Gross profit",
	    "revenue less cost of goods, of the same sales" },
	{ "sales_without_cost", KPI_COUNT, KPI_NOT_COSTED, KPI_ALWAYS,
	    "Sales without a known cost",
	    "they are in the revenue, not in cost and profit" },
	{ "refunds", KPI_COUNT, KPI_REFUNDS, KPI_ALWAYS, "Refunds",
	    "refunds made in the period, of orders of any time" },
	{ "refunded", KPI_MONEY, KPI_REFUNDED, KPI_ALWAYS, "Refunded",
	    "their sum; not taken off the revenue" },
	{ 0 },
};

/*
 * Columns are in the order of enum kpi_number, over the three statements. The
 * index is named so that a week never reads more than a week.
 */
static const char orders_sql[] =
    "SELECT count(*), count(*) FILTER (WHERE s.is_revenue),"
    " sum(o.total_minor) FILTER (WHERE s.is_revenue),"
    " count(*) FILTER (WHERE s.is_cancel), count(*) FILTER (WHERE g.in_work),"
    " sum(o.total_minor) FILTER (WHERE g.in_work)"
    " FROM orders o INDEXED BY orders_placed"
    " JOIN status s ON s.code = o.status"
    " JOIN status_group g ON g.code = s.status_group"
    " WHERE o.placed_at >= :from AND o.placed_at < :to"
    " AND o.currency = :currency";

/* Of order p: a sale before order o. */
#define KPI_EARLIER                                               \
	" p.status IN (SELECT code FROM status WHERE is_revenue)" \
	" AND (p.placed_at, p.id) < (o.placed_at, o.id)"

/*
 * Customers that were merged are one; only who is among them is asked for the
 * others. CASE, because both sides of an OR would be computed.
 */
static const char sales_sql[] =
    "SELECT count(o.cost_minor), count(*) - count(o.cost_minor),"
    " sum(o.cost_minor), sum(o.total_minor - o.cost_minor),"
    " sum((SELECT sum(i.quantity) FROM order_item i"
    "  WHERE i.order_id = o.id)),"
    " count(o.customer_id), sum(CASE"
    "  WHEN EXISTS (SELECT 1 FROM orders p INDEXED BY orders_customer"
    "   WHERE p.customer_id = o.customer_id AND" KPI_EARLIER ") THEN 1"
    "  WHEN o.customer_id IN (SELECT id FROM customer"
    "   WHERE merged_into IS NOT NULL UNION ALL SELECT merged_into"
    "   FROM customer WHERE merged_into IS NOT NULL)"
    "  THEN EXISTS (SELECT 1 FROM customer c JOIN customer k"
    "    ON k.id = c.merged_into"
    "    OR k.merged_into = ifnull(c.merged_into, c.id)"
    "   JOIN orders p INDEXED BY orders_customer ON p.customer_id = k.id"
    "   WHERE c.id = o.customer_id AND" KPI_EARLIER ") END),"
    " count(*) - count(o.customer_id)"
    " FROM orders o INDEXED BY orders_placed"
    " WHERE o.placed_at >= :from AND o.placed_at < :to"
    " AND o.currency = :currency"
    " AND o.status IN (SELECT code FROM status WHERE is_revenue)";

static const char refunds_sql[] =
    "SELECT count(*), sum(r.amount_minor)"
    " FROM refund r INDEXED BY refund_at JOIN orders o ON o.id = r.order_id"
    " WHERE r.refunded_at >= :from AND r.refunded_at < :to"
    " AND o.currency = :currency";

static const char *const currencies_sql[] = {
	"SELECT each_row(o.currency) FROM orders o INDEXED BY orders_placed"
	" WHERE o.placed_at >= :from AND o.placed_at < :to",
	"SELECT each_row(o.currency)"
	" FROM refund r INDEXED BY refund_at JOIN orders o ON o.id = r.order_id"
	" WHERE r.refunded_at >= :from AND r.refunded_at < :to",
};

/* The one row of sql into k, from number `at` on. */
static const struct err *
kpi_read_row(struct db *db, const char *sql, const struct when_span *span,
    const char *currency, struct kpi *k, int at)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;
	int i;

	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":from", span->from);
	db_bind_int(st, ":to", span->to);
	db_bind_text(st, ":currency", currency);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	for (i = 0; i < db_columns(st); i++)
		k->n[at + i] = db_col_int(st, i);
	db_reset(st);
	return NULL;
}

const struct err *
kpi_read(struct db *db, const struct when_span *span, const char *currency,
    struct kpi *out)
{
	const struct err *err;

	*out = (struct kpi){ 0 };
	if ((err = kpi_read_row(db, orders_sql, span, currency, out,
		 KPI_ORDERS)) != NULL ||
	    (err = kpi_read_row(db, sales_sql, span, currency, out,
		 KPI_COSTED)) != NULL)
		return err;
	/* as yet all sales to known customers */
	out->n[KPI_FIRST_SALES] -= out->n[KPI_REPEAT_SALES];
	return kpi_read_row(db, refunds_sql, span, currency, out, KPI_REFUNDS);
}

struct currencies {
	struct arena *a;
	const char **v;
	size_t len;
};

static const struct err *
add_currency(void *arg, struct db_row *row)
{
	struct currencies *c = arg;
	const char *code = db_row_text(row, 0);
	size_t i;

	for (i = 0; i < c->len; i++)
		if (strcmp(c->v[i], code) == 0)
			return NULL;
	c->v = arena_grow(c->a, c->v, c->len, sizeof(*c->v));
	c->v[c->len++] = arena_strdup(c->a, code);
	return NULL;
}

static int
compare_codes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const struct err *
kpi_currencies(struct db *db, const struct when_span *span, struct arena *a,
    const char ***out, size_t *count)
{
	struct currencies found = { .a = a };
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	*out = NULL;
	*count = 0;
	for (i = 0; i < ARRAY_LEN(currencies_sql); i++) {
		if ((err = db_stmt(db, currencies_sql[i], &st)) != NULL)
			return err;
		db_bind_int(st, ":from", span->from);
		db_bind_int(st, ":to", span->to);
		if ((err = db_scan(st, add_currency, &found)) != NULL)
			return err;
	}
	if (found.len != 0)
		qsort(found.v, found.len, sizeof(*found.v), compare_codes);
	*out = found.v;
	*count = found.len;
	return NULL;
}

/* A figure as numerator and denominator; without a value that is 0. */
static void
kpi_fraction(const struct kpi *k, const struct kpi_figure *f, int64_t *n,
    int64_t *d)
{
	*n = k->n[f->of];
	*d = f->base == KPI_ALWAYS ? 1 : k->n[f->base];
	if (f->kind != KPI_AVERAGE && f->kind != KPI_SHARE && *d != 0)
		*d = 1;
}

const struct err *
kpi_value(const struct kpi *k, const struct kpi_figure *f, bool *known,
    int64_t *out)
{
	int64_t n, d;

	*out = 0;
	kpi_fraction(k, f, &n, &d);
	*known = d != 0;
	if (!*known)
		return NULL;
	return decimal_muldiv(n, f->kind == KPI_SHARE ? BP : 1, d, out);
}

const struct err *
kpi_change(const struct kpi *k, const struct kpi *before,
    const struct kpi_figure *f, bool *known, int64_t *bp)
{
	const struct err *err;
	int64_t n, d, n0, d0, now, base;

	*bp = 0;
	kpi_fraction(k, f, &n, &d);
	kpi_fraction(before, f, &n0, &d0);
	*known = d != 0 && d0 != 0 && n0 > 0;
	if (!*known)
		return NULL;
	/* n/d against n0/d0, over the common denominator d * d0 */
	if ((err = decimal_mul(n, d0, &now)) != NULL ||
	    (err = decimal_mul(n0, d, &base)) != NULL ||
	    (err = decimal_add(now, -base, &now)) != NULL)
		return err;
	return decimal_muldiv(now, BP, base, bp);
}
