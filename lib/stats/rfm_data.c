/* rfm_data.c - customers with what they ordered, in one pass over an index. */
#include "stats/rfm_data.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/money.h"
#include "base/when.h"
#include "crm/shop.h"
#include "db/db.h"

enum { NEAR = 8 /* customers */ };

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
    "SELECT each_row(customer_id, placed_at, total_minor, currency, status)"
    "  FROM orders INDEXED BY orders_customer WHERE customer_id IS NOT NULL";

static const char counted_sql[] =
    "SELECT code FROM status WHERE CASE :count"
    "  WHEN 'all' THEN 1 WHEN 'revenue' THEN is_revenue"
    "  WHEN 'not-cancelled' THEN NOT is_cancel"
    "  ELSE instr(',' || :count || ',', ',' || code || ',') END";

/* What is done with the orders as they come. */
struct reading {
	struct rfm_data *d;
	struct arena *a;
	const char *currency; /* whose orders count; NULL: of all */
	int64_t end;          /* the first moment that does not count */
	const char **counted; /* statuses */
	size_t counted_len;
	uint64_t volume; /* sum of the amounts without their signs */
	bool mixed;      /* customers are not by id, or more than once */
};

static const struct err *
read_counted(struct db *db, const char *count, struct reading *r)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, counted_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":count", count);
	while ((err = db_step(st, &row)) == NULL && row) {
		r->counted = arena_grow(r->a, r->counted, r->counted_len,
		    sizeof(*r->counted));
		r->counted[r->counted_len++] = db_col_text(st, 0, r->a);
	}
	return err;
}

static bool
is_counted(const struct reading *r, const char *status)
{
	size_t i;

	for (i = 0; i < r->counted_len; i++)
		if (strcmp(r->counted[i], status) == 0)
			return true;
	return false;
}

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

/* The customer of this order; mostly the one of the order before. */
static struct rfm_customer *
find_customer(struct reading *r, int64_t id)
{
	struct rfm_data *d = r->d;
	struct rfm_customer *last = d->customers;

	if (d->count != 0) {
		last += d->count - 1;
		if (last->id == id)
			return last;
		r->mixed = r->mixed || last->id > id;
	}
	return add_customer(d, id);
}

static const struct err *
read_order(void *arg, struct db_row *row)
{
	struct reading *r = arg;
	const struct err *err;
	const char *currency;
	int64_t at, minor;

	if (!is_counted(r, db_row_text(row, 4)) ||
	    (at = db_row_int(row, 1)) >= r->end)
		return NULL;
	currency = db_row_text(row, 3);
	if (r->currency != NULL && strcmp(r->currency, currency) != 0)
		return NULL;
	if (r->currency == NULL &&
	    (err = check_currency(r->d, currency, r->a)) != NULL)
		return err;
	minor = db_row_int(row, 2);
	r->volume += minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
	if (r->volume > RFM_MONEY_MAX)
		return err_new(ERR_INPUT, "orders sum up too high");
	add_order(find_customer(r, db_row_int(row, 0)), at, 1, minor);
	return NULL;
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
join_merged(struct db *db, struct rfm_data *d, bool *mixed)
{
	const struct err *err;
	struct db_stmt *st;
	struct map targets = { 0 };
	const int64_t *target;
	bool row;
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
			*mixed = true;
		}
	}
	map_free(&targets);
	return err;
}

const struct err *
rfm_data_load(const struct shop *s, const struct rfm_query *q, struct arena *a,
    struct rfm_data *out)
{
	struct reading r = { .d = out,
		.a = a,
		.currency = q->currency,
		.end = when_day_start(q->as_of + 1) };
	const struct err *err;
	struct db_stmt *st;
	int64_t *v;
	size_t i;

	*out = (struct rfm_data){ .currency = q->currency };
	if ((err = read_counted(s->db, q->count, &r)) != NULL ||
	    (err = db_stmt(s->db, orders_sql, &st)) != NULL ||
	    (err = db_scan(st, read_order, &r)) != NULL ||
	    (err = join_merged(s->db, out, &r.mixed)) != NULL)
		return err;
	if (r.mixed)
		join_equal(out);
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

/* Each by customer, what comes first first. */
static const char names_sql[] =
    "SELECT id, name FROM customer WHERE id BETWEEN :first AND :last"
    " ORDER BY id";
static const char outside_sql[] =
    "SELECT customer_id, external_id FROM customer_source"
    " WHERE customer_id BETWEEN :first AND :last"
    " ORDER BY customer_id, source, external_id";
static const char contacts_sql[] =
    "SELECT customer_id, value, kind = 'phone' FROM contact"
    " WHERE customer_id BETWEEN :first AND :last"
    " ORDER BY customer_id, kind, place, value";

static void
take_name(struct db_stmt *st, struct arena *a, struct rfm_person *p)
{
	p->name = db_col_text(st, 1, a);
}

static void
take_outside(struct db_stmt *st, struct arena *a, struct rfm_person *p)
{
	if (p->external_id == NULL)
		p->external_id = db_col_text(st, 1, a);
}

static void
take_contact(struct db_stmt *st, struct arena *a, struct rfm_person *p)
{
	const char **to = db_col_int(st, 2) != 0 ? &p->phone : &p->email;

	if (*to == NULL)
		*to = db_col_text(st, 1, a);
}

/* Rows about customers of the list; there may be others between them. */
static const struct err *
read_people(struct db *db, const char *sql, const struct rfm_customer *list,
    size_t count, struct arena *a,
    void (*take)(struct db_stmt *, struct arena *, struct rfm_person *),
    struct rfm_person *out)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i = 0;
	int64_t id;
	bool row;

	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":first", list[0].id);
	db_bind_int(st, ":last", list[count - 1].id);
	while ((err = db_step(st, &row)) == NULL && row) {
		id = db_col_int(st, 0);
		while (list[i].id < id)
			i++;
		if (list[i].id == id)
			take(st, a, &out[i]);
	}
	return err;
}

/*
 * How many from the beginning of the list are near to one another, so that it
 * takes less to read over those between them than to look for each.
 */
static size_t
count_near(const struct rfm_customer *list, size_t count)
{
	size_t n = 1;

	while (n < count && list[n].id - list[n - 1].id <= NEAR)
		n++;
	return n;
}

const struct err *
rfm_data_people(struct db *db, const struct rfm_customer *list, size_t count,
    struct arena *a, struct rfm_person *out)
{
	const struct err *err;
	size_t i, n;

	memset(out, 0, count * sizeof(*out));
	if ((err = db_begin_read(db)) != NULL)
		return err;
	for (i = 0; i < count; i += n) {
		n = count_near(&list[i], count - i);
		if ((err = read_people(db, names_sql, &list[i], n, a, take_name,
			 &out[i])) != NULL ||
		    (err = read_people(db, outside_sql, &list[i], n, a,
			 take_outside, &out[i])) != NULL ||
		    (err = read_people(db, contacts_sql, &list[i], n, a,
			 take_contact, &out[i])) != NULL)
			return err;
	}
	return db_commit(db);
}
