/* kpi.c - key figures of a time, and sales by status, source and product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "db/exec.h"
#include "stats/kpi.h"
#include "stats/sales.h"

/*
 * A week in Minsk, 16 to 22 November, and what lies just outside of it. The
 * numbers stand for: id, customer, status, minute of placing, total, cost,
 * source, medium.
 */
static const char *const shop_sql[] = {
	"INSERT INTO currency VALUES ('BYN', 2, 100), ('USD', 2, 100)",
	"INSERT INTO status_group (code, name, name_ru, ordering, in_work)"
	" VALUES ('work', 'In work', 'В работе', 1, 1),"
	" ('done', 'Done', 'Выполнен', 2, 0), ('lost', 'Lost', NULL, 3, 0)",
	"INSERT INTO status (code, name, name_ru, status_group, ordering,"
	" is_revenue, is_cancel)"
	" VALUES ('new', 'New', 'Новый', 'work', 1, 0, 0),"
	" ('complete', 'Complete', 'Выполнен', 'done', 1, 1, 0),"
	" ('cancel', 'Cancelled', NULL, 'lost', 1, 0, 1)",
	"INSERT INTO customer (id, created_at, updated_at, merged_into)"
	" VALUES (1, 0, 0, NULL), (2, 0, 0, NULL), (3, 0, 0, NULL),"
	" (4, 0, 0, 1)",
	"INSERT INTO offer (id, sku, name, name_fold, updated_at)"
	" VALUES (1, 'M-1', 'Мыло', 'мыло', 0), (2, 'T-1', 'Чай', 'чай', 0),"
	" (3, 'T-1', 'Чай зелёный', 'чай зелёный', 0)",
	"INSERT INTO orders (id, order_no, source, external_id, customer_id,"
	" status, placed_at, total_minor, cost_minor, currency, utm_source,"
	" utm_medium, status_at, created_at, updated_at, items_minor)"
	" SELECT column1, column1, CASE column1 WHEN 7 THEN 'phone' ELSE 'site'"
	"  END, column1, column2, column3, unixepoch(column4, '-3 hours'),"
	"  column5, column6, CASE column1 WHEN 10 THEN 'USD' ELSE 'BYN' END,"
	"  column7, column8, 0, 0, 0, 0 FROM (VALUES"
	" (1, 1, 'complete', '2026-11-10 12:00:00', 10000, 6000, NULL, NULL),"
	" (2, 1, 'complete', '2026-11-16 00:00:00', 20000, 12000,"
	"  'google', 'cpc'),"
	" (3, 2, 'cancel', '2026-11-15 23:59:59', 5000, NULL, NULL, NULL),"
	" (4, 2, 'complete', '2026-11-18 10:00:00', 30000, NULL,"
	"  'google', 'cpc'),"
	" (5, NULL, 'complete', '2026-11-22 23:59:59', 7001, 7000, 'vk', NULL),"
	" (6, 3, 'complete', '2026-11-23 00:00:00', 99999, NULL, NULL, NULL),"
	" (7, 3, 'new', '2026-11-19 10:00:00', 15000, NULL, NULL, NULL),"
	" (8, 4, 'complete', '2026-11-20 10:00:00', 1000, NULL, NULL, NULL),"
	" (9, 3, 'cancel', '2026-11-20 11:00:00', 4000, NULL, NULL, NULL),"
	" (10, 3, 'complete', '2026-11-17 10:00:00', 500, NULL, NULL, NULL))",
	"INSERT INTO order_item (order_id, line, offer_id, sku, name, quantity,"
	" price, sum_minor, purchase_price)"
	" VALUES (2, 1, 1, 'M-1', 'Мыло старое', 2000, 500000, 10000, 333333),"
	" (2, 2, 2, 'T-1', 'Чай', 1000, 1000000, 10000, 600000),"
	" (4, 1, 1, 'M-1', 'Мыло', 500, 6000000, 30000, 333333),"
	" (5, 1, 2, 'T-1', 'Чай', 1000, 700100, 7001, NULL),"
	" (5, 2, 3, 'T-1', 'Чай', 1000, 0, 0, NULL),"
	" (8, 1, NULL, NULL, 'Открытка', 1000, 50000, 500, 20000),"
	" (8, 2, NULL, NULL, 'Лента', 1000, 50000, 500, 20000),"
	" (9, 1, 1, 'M-1', 'Мыло', 9000, 10000, 4000, NULL)",
	"INSERT INTO refund (order_id, line, amount_minor, refunded_at)"
	" VALUES (1, 1, 2500, unixepoch('2026-11-17')),"
	" (6, 1, 100, unixepoch('2026-11-24'))",
};

struct fixture {
	struct db *db;
	struct when_span week;
	struct when_span before;
	struct arena arena;
};

static void
set_up_shop(struct db *db)
{
	size_t i;

	assert_null(db_begin(db));
	for (i = 0; i < ARRAY_LEN(shop_sql); i++)
		assert_null(db_exec(db, shop_sql[i]));
	assert_null(db_commit(db));
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	int64_t monday;

	assert_non_null(f);
	assert_null(db_fresh(&f->db));
	set_up_shop(f->db);
	assert_null(when_zone("Europe/Minsk"));
	assert_null(when_day_parse("2026-11-16", &monday));
	f->week.from = f->before.to = when_day_start(monday);
	f->week.to = when_day_start(monday + 7);
	f->before.from = when_day_start(monday - 7);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	db_close(f->db);
	arena_free(&f->arena);
	free(f);
	return 0;
}

static const struct kpi_figure *
figure(const char *name)
{
	const struct kpi_figure *f;

	for (f = kpi_figures; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	fail_msg("no figure '%s'", name);
	return NULL;
}

#define NOTHING INT64_MIN

static int64_t
value(const struct kpi *k, const char *name)
{
	int64_t v;
	bool known;

	assert_null(kpi_value(k, figure(name), &known, &v));
	return known ? v : NOTHING;
}

static int64_t
change(const struct kpi *k, const struct kpi *before, const char *name)
{
	int64_t v;
	bool known;

	assert_null(kpi_change(k, before, figure(name), &known, &v));
	return known ? v : NOTHING;
}

static void
test_figures_of_a_week(void **state)
{
	static const struct {
		const char *name;
		int64_t value;
	} expected[] = {
		{ "orders", 6 },
		{ "sales", 4 },
		{ "conversion", 6667 },
		{ "revenue", 58001 },
		{ "average_order_value", 14500 },
		{ "quantity", 7500 },
		{ "first_sales", 1 },
		{ "repeat_sales", 2 }, /* one by a merged customer */
		{ "guest_sales", 1 },
		{ "cancelled", 1 },
		{ "cancelled_share", 1667 },
		{ "in_work", 1 },
		{ "in_work_total", 15000 },
		{ "cost", 19000 },
		{ "profit", 8001 },
		{ "sales_without_cost", 2 },
		{ "refunds", 1 },
		{ "refunded", 2500 },
	};
	struct fixture *f = *state;
	struct kpi k;
	size_t i;

	assert_null(kpi_read(f->db, &f->week, "BYN", &k));
	for (i = 0; i < ARRAY_LEN(expected); i++)
		if (value(&k, expected[i].name) != expected[i].value)
			fail_msg("%s is %lld", expected[i].name,
			    (long long)value(&k, expected[i].name));
	assert_null(kpi_figures[i].name); /* none was forgotten */
}

static void
test_currencies_are_apart(void **state)
{
	const struct when_span later = { .from = 1795467600, /* 24 November */
		.to = 1795554000 };
	struct fixture *f = *state;
	const char **list;
	struct kpi k;
	size_t count;

	assert_null(kpi_currencies(f->db, &f->week, &f->arena, &list, &count));
	assert_int_equal(count, 2);
	assert_string_equal(list[0], "BYN");
	assert_string_equal(list[1], "USD");
	assert_null(kpi_read(f->db, &f->week, "USD", &k));
	assert_int_equal(value(&k, "revenue"), 500);
	assert_int_equal(value(&k, "first_sales"), 1);
	assert_int_equal(value(&k, "refunds"), 0);
	/* a day with nothing but a refund */
	assert_null(kpi_currencies(f->db, &later, &f->arena, &list, &count));
	assert_int_equal(count, 1);
	assert_string_equal(list[0], "BYN");
}

static void
test_nothing_is_zeros_and_no_ratios(void **state)
{
	const struct when_span never = { .from = 0, .to = 86400 };
	struct fixture *f = *state;
	struct kpi k, week;

	assert_null(kpi_read(f->db, &never, "BYN", &k));
	assert_int_equal(value(&k, "orders"), 0);
	assert_int_equal(value(&k, "revenue"), 0);
	assert_int_equal(value(&k, "quantity"), 0);
	assert_int_equal(value(&k, "average_order_value"), NOTHING);
	assert_int_equal(value(&k, "conversion"), NOTHING);
	assert_int_equal(value(&k, "profit"), NOTHING);
	assert_null(kpi_read(f->db, &f->week, "BYN", &week));
	assert_int_equal(change(&week, &k, "orders"), NOTHING);
	assert_int_equal(change(&week, &k, "average_order_value"), NOTHING);
	assert_int_equal(change(&k, &week, "orders"), -10000);
}

static void
test_change_against_the_week_before(void **state)
{
	struct fixture *f = *state;
	struct kpi k, before;

	assert_null(kpi_read(f->db, &f->week, "BYN", &k));
	assert_null(kpi_read(f->db, &f->before, "BYN", &before));
	assert_int_equal(value(&before, "orders"), 2);
	assert_int_equal(value(&before, "cancelled"), 1);
	assert_int_equal(change(&k, &before, "orders"), 20000);
	assert_int_equal(change(&k, &before, "revenue"), 48001);
	assert_int_equal(change(&k, &before, "cancelled"), 0);
}

static void
test_change_is_rounded_once(void **state UNUSED)
{
	struct kpi k = { 0 }, before = { 0 };

	/* 1/3 to 2/3 doubles, though 33.33 % to 66.67 % does not quite */
	k.n[KPI_ORDERS] = before.n[KPI_ORDERS] = 3;
	before.n[KPI_SALES] = 1;
	k.n[KPI_SALES] = 2;
	assert_int_equal(change(&k, &before, "conversion"), 10000);
	/* 0.01 a sale to 0.03 / 2, which both are shown as 0.01 or 0.02 */
	before.n[KPI_REVENUE] = 1;
	k.n[KPI_REVENUE] = 3;
	assert_int_equal(change(&k, &before, "average_order_value"), 5000);
	/* a loss before is no base */
	k.n[KPI_COSTED] = before.n[KPI_COSTED] = 1;
	before.n[KPI_PROFIT] = -100;
	k.n[KPI_PROFIT] = 100;
	assert_int_equal(change(&k, &before, "profit"), NOTHING);
}

static void
test_days_begin_at_local_midnight(void **state)
{
	static const int64_t orders[] = { 1, 0, 1, 1, 2, 0, 1 };
	struct fixture *f = *state;
	struct sales_tables t;
	struct when_span part = f->week;
	size_t i;

	assert_null(sales_read(f->db, &f->week, "BYN", "en", &f->arena, &t));
	assert_int_equal(t.days.len, ARRAY_LEN(orders));
	for (i = 0; i < ARRAY_LEN(orders); i++)
		assert_int_equal(t.days.v[i].orders, orders[i]);
	assert_int_equal(t.days.v[6].revenue_minor, 7001);
	assert_int_equal(t.all.orders, 6);
	/* a day that has only begun is one */
	part.to = part.from + 86401;
	assert_null(sales_read(f->db, &part, "BYN", "en", &f->arena, &t));
	assert_int_equal(t.days.len, 2);
	part.to = part.from;
	assert_null(sales_read(f->db, &part, "BYN", "en", &f->arena, &t));
	assert_int_equal(t.days.len, 0);
}

static void
check_sales(const struct sales *s, const char *within, const char *name,
    int64_t orders, int64_t total, int64_t sales, int64_t revenue,
    int64_t cancelled)
{
	assert_string_equal(s->within, within);
	assert_string_equal(s->name, name);
	assert_int_equal(s->orders, orders);
	assert_int_equal(s->total_minor, total);
	assert_int_equal(s->sales, sales);
	assert_int_equal(s->revenue_minor, revenue);
	assert_int_equal(s->cancelled, cancelled);
}

static void
test_by_status_in_order_and_language(void **state)
{
	struct fixture *f = *state;
	struct sales_tables t;
	const struct sales_list *l = &t.statuses;

	assert_null(sales_read(f->db, &f->week, "BYN", "ru", &f->arena, &t));
	assert_int_equal(l->len, 3);
	check_sales(&l->v[0], "В работе", "Новый", 1, 15000, 0, 0, 0);
	check_sales(&l->v[1], "Выполнен", "Выполнен", 4, 58001, 4, 58001, 0);
	check_sales(&l->v[2], "Lost", "Cancelled", 1, 4000, 0, 0, 1);
	assert_null(sales_read(f->db, &f->week, "BYN", "en", &f->arena, &t));
	assert_string_equal(l->v[0].name, "New");
}

static void
test_by_source_most_revenue_first(void **state)
{
	struct fixture *f = *state;
	struct sales_tables t;
	const struct sales_list *l = &t.sources;

	assert_null(sales_read(f->db, &f->week, "BYN", "en", &f->arena, &t));
	assert_int_equal(l->len, 4);
	check_sales(&l->v[0], "site", "google / cpc", 2, 50000, 2, 50000, 0);
	check_sales(&l->v[1], "site", "vk / (none)", 1, 7001, 1, 7001, 0);
	check_sales(&l->v[2], "site", "(none) / (none)", 2, 5000, 1, 1000, 1);
	check_sales(&l->v[3], "phone", "(none) / (none)", 1, 15000, 0, 0, 0);
}

static void
test_by_product_of_sales_only(void **state)
{
	struct fixture *f = *state;
	struct product_list l;

	assert_null(sales_by_product(f->db, &f->week, "BYN", 3, &f->arena, &l));
	assert_int_equal(l.len, 3);
	/* by the catalogue's name; the cost is rounded once: 2.5 * 33.3333 */
	assert_string_equal(l.v[0].sku, "M-1");
	assert_string_equal(l.v[0].name, "Мыло");
	assert_int_equal(l.v[0].quantity, 2500);
	assert_int_equal(l.v[0].revenue_minor, 40000);
	assert_int_equal(l.v[0].orders, 2);
	assert_true(l.v[0].has_cost);
	assert_int_equal(l.v[0].cost_minor, 8333);
	/* a line without a purchase price leaves the whole cost open */
	assert_string_equal(l.v[1].sku, "T-1");
	assert_int_equal(l.v[1].revenue_minor, 17001);
	/* two offers of one SKU are one product, once in an order */
	assert_string_equal(l.v[1].name, "Чай зелёный");
	assert_int_equal(l.v[1].quantity, 3000);
	assert_int_equal(l.v[1].orders, 2);
	assert_false(l.v[1].has_cost);
	/* without a SKU the name tells products apart */
	assert_null(l.v[2].sku);
	assert_string_equal(l.v[2].name, "Лента");
	assert_int_equal(l.v[2].orders, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures_of_a_week),
		cmocka_unit_test(test_currencies_are_apart),
		cmocka_unit_test(test_nothing_is_zeros_and_no_ratios),
		cmocka_unit_test(test_change_against_the_week_before),
		cmocka_unit_test(test_change_is_rounded_once),
		cmocka_unit_test(test_days_begin_at_local_midnight),
		cmocka_unit_test(test_by_status_in_order_and_language),
		cmocka_unit_test(test_by_source_most_revenue_first),
		cmocka_unit_test(test_by_product_of_sales_only),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
