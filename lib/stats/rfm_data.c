/* rfm_data.c - customers with what they ordered, in one pass over an index. */
#include "stats/rfm_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/money.h"
#include "base/when.h"
#include "crm/shop.h"
#include "db/db.h"

const struct err *
rfm_data_check_count(const struct shop *s, const char *count)
{
	const struct err *err = NULL;
	struct arena a = { 0 };
	char *rest, *code;

	if (strcmp(count, "all") == 0 || strcmp(count, "revenue") == 0 ||
	    strcmp(count, "not-cancelled") == 0)
		return NULL;
	rest = arena_strdup(&a, count);
	while (err == NULL && (code = strsep(&rest, ",")) != NULL)
		err = shop_check_code(s, "status", code);
	arena_free(&a);
	return err;
}

/* All that is needed stands in the index. */
static const char orders_sql[] =
    "SELECT customer_id, placed_at, total_minor, currency"
    "  FROM orders INDEXED BY orders_customer"
    " WHERE customer_id IS NOT NULL AND placed_at < :end"
    " AND (:currency IS NULL OR currency = :currency)"
    " AND status IN (SELECT code FROM status WHERE CASE :count"
    "  WHEN 'all' THEN 1 WHEN 'revenue' THEN is_revenue"
    "  WHEN 'not-cancelled' THEN NOT is_cancel"
    "  ELSE instr(',' || :count || ',', ',' || code || ',') END)"
    " ORDER BY customer_id";

/* Room for one more; the array doubles. */
static struct rfm_customer *
add_customer(struct rfm_data *d, int64_t id)
{
	struct rfm_customer *c;

	if ((d->count & (d->count - 1)) == 0)
		d->customers = mem_resize(d->customers,
		    d->count != 0 ? d->count * 2 : 1, sizeof(*d->customers));
	c = &d->customers[d->count++];
	*c = (struct rfm_customer){ .id = id };
	c->value[RFM_RECENCY] = INT64_MIN; /* the last order's time as yet */
	return c;
}

static void
add_order(struct rfm_customer *c, int64_t placed_at, int64_t orders,
    int64_t minor)
{
	if (placed_at > c->value[RFM_RECENCY])
		c->value[RFM_RECENCY] = placed_at;
	c->value[RFM_FREQUENCY] += orders;
	c->value[RFM_MONETARY] += minor;
}

/*
 * Is it the currency of the orders before? What the sites say would not tell:
 * nothing holds an order to its site's currency, and a sum of roubles and
 * dollars would look like any other figure.
 */
static const struct err *
check_currency(struct rfm_data *d, const char *currency, struct arena *a)
{
	if (d->currency == NULL)
		d->currency = arena_strdup(a, currency);
	if (strcmp(d->currency, currency) == 0)
		return NULL;
	return err_new(ERR_INPUT,
	    "orders are in %s and %s; choose one with --currency", d->currency,
	    currency);
}

/* The rows come by customer. */
static const struct err *
read_orders(struct db_stmt *st, const struct rfm_query *q, struct arena *a,
    struct rfm_data *d)
{
	struct rfm_customer *c = NULL;
	const struct err *err;
	uint64_t volume = 0;
	int64_t id, minor;
	bool row;

	while ((err = db_step(st, &row)) == NULL && row) {
		if (q->currency == NULL &&
		    (err = check_currency(d, db_col_peek(st, 3), a)) != NULL)
			break;
		id = db_col_int(st, 0);
		minor = db_col_int(st, 2);
		volume += minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
		if (volume > RFM_MONEY_MAX) {
			err = err_new(ERR_INPUT, "orders sum up too high");
			break;
		}
		if (c == NULL || c->id != id)
			c = add_customer(d, id);
		add_order(c, db_col_int(st, 1), 1, minor);
	}
	db_reset(st);
	return err;
}

/* Into whom each merged customer went, at the end of any chain. */
static const char merged_sql[] =
    "WITH RECURSIVE step(id, target) AS ("
    " SELECT id, merged_into FROM customer WHERE merged_into IS NOT NULL"
    " UNION SELECT s.id, c.merged_into FROM step s"
    "  JOIN customer c ON c.id = s.target WHERE c.merged_into IS NOT NULL)"
    " SELECT s.id, s.target FROM step s"
    " JOIN customer c ON c.id = s.target WHERE c.merged_into IS NULL";

static int
compare_ids(const void *a, const void *b)
{
	const struct rfm_customer *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* Neighbours with one id become one customer. */
static void
join_equal(struct rfm_data *d)
{
	struct rfm_customer *c, *last = d->customers;
	size_t i;

	qsort(d->customers, d->count, sizeof(*d->customers), compare_ids);
	for (i = 1; i < d->count; i++) {
		c = &d->customers[i];
		if (c->id == last->id)
			add_order(last, c->value[RFM_RECENCY],
			    c->value[RFM_FREQUENCY], c->value[RFM_MONETARY]);
		else
			*++last = *c;
	}
	d->count = (size_t)(last - d->customers) + 1;
}

static const struct err *
join_merged(struct db *db, struct rfm_data *d)
{
	const struct err *err;
	struct db_stmt *st;
	struct map targets = { 0 };
	const int64_t *target;
	bool row, found = false;
	size_t i;

	if ((err = db_stmt(db, merged_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row)
		map_put_hash(&targets, (uint64_t)db_col_int(st, 0),
		    db_col_int(st, 1));
	for (i = 0; err == NULL && i < d->count; i++) {
		target = map_get_hash(&targets, (uint64_t)d->customers[i].id);
		if (target != NULL) {
			d->customers[i].id = *target;
			found = true;
		}
	}
	map_free(&targets);
	if (found)
		join_equal(d);
	return err;
}

const struct err *
rfm_data_load(const struct shop *s, const struct rfm_query *q, struct arena *a,
    struct rfm_data *out)
{
	const struct err *err;
	struct db_stmt *st;
	int64_t *v;
	size_t i;

	*out = (struct rfm_data){ .currency = q->currency };
	if ((err = db_stmt(s->db, orders_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":end", when_day_start(q->as_of + 1));
	db_bind_text(st, ":currency", q->currency);
	db_bind_text(st, ":count", q->count);
	if ((err = read_orders(st, q, a, out)) != NULL ||
	    (err = join_merged(s->db, out)) != NULL)
		return err;
	if (out->currency == NULL)
		out->currency = s->currency;
	for (i = 0; i < out->count; i++) {
		v = out->customers[i].value;
		v[RFM_RECENCY] = q->as_of - when_day(v[RFM_RECENCY]);
	}
	return NULL;
}

void
rfm_data_free(struct rfm_data *d)
{
	free(d->customers);
	*d = (struct rfm_data){ 0 };
}

/* Customers by the first of their outside ids. */
static const char tie_sql[] =
    "SELECT customer_id FROM customer_source s"
    " WHERE NOT EXISTS (SELECT 1 FROM customer_source"
    "  WHERE customer_id = s.customer_id"
    "  AND (source, external_id) < (s.source, s.external_id))"
    " ORDER BY external_id, customer_id";

/*
 * Each customer's place among equals: who has no outside id first, by number,
 * then by outside id in byte order.
 */
static const struct err *
read_ties(struct db *db, struct rfm_data *d)
{
	struct rfm_customer key = { 0 }, *c;
	uint32_t named = 0, unnamed = 0;
	const struct err *err;
	struct db_stmt *st;
	bool row;
	size_t i;

	if (d->count == 0)
		return NULL;
	if ((err = db_stmt(db, tie_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		key.id = db_col_int(st, 0);
		c = bsearch(&key, d->customers, d->count, sizeof(*c),
		    compare_ids);
		if (c != NULL)
			c->tie = ++named;
	}
	for (i = 0; i < d->count; i++) {
		c = &d->customers[i];
		c->tie = c->tie == 0 ? unnamed++ :
				       (uint32_t)d->count - named + c->tie - 1;
	}
	return err;
}

const struct err *
rfm_data_score(struct db *db, struct rfm_data *d, enum rfm_method method,
    struct rfm_scale scales[static RFM_MEASURES])
{
	const struct err *err;
	int64_t major;

	if ((err = money_parse("1", d->currency, &major)) != NULL ||
	    (method == RFM_NTILE && (err = read_ties(db, d)) != NULL))
		return err;
	rfm_score(d->customers, d->count, method, major, scales);
	return NULL;
}

static const char person_sql[] =
    "SELECT (SELECT external_id FROM customer_source WHERE customer_id = c.id"
    "   ORDER BY source, external_id LIMIT 1),"
    " c.name,"
    " (SELECT value FROM contact WHERE customer_id = c.id"
    "   AND kind = 'phone' ORDER BY place, value LIMIT 1),"
    " (SELECT value FROM contact WHERE customer_id = c.id"
    "   AND kind = 'email' ORDER BY place, value LIMIT 1)"
    "  FROM customer c WHERE c.id = :id";

static const struct err *
read_person(struct db *db, int64_t id, struct arena *a, struct rfm_person *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, person_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*out = (struct rfm_person){
		.external_id = db_col_text(st, 0, a),
		.name = db_col_text(st, 1, a),
		.phone = db_col_text(st, 2, a),
		.email = db_col_text(st, 3, a),
	};
	db_reset(st);
	return NULL;
}

const struct err *
rfm_data_people(struct db *db, const struct rfm_customer *list, size_t count,
    struct arena *a, struct rfm_person *out)
{
	const struct err *err;
	size_t i;

	memset(out, 0, count * sizeof(*out));
	if ((err = db_begin_read(db)) != NULL)
		return err;
	for (i = 0; err == NULL && i < count; i++)
		err = read_person(db, list[i].id, a, &out[i]);
	return err != NULL ? err : db_commit(db);
}
