/* select.c - promises of select.h and asof.h that hold for all fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/exec.h"
#include "order/asof.h"
#include "order/order_save.h"
#include "select/select.h"

#define HOUR 3600

/* 2026-03-29 in Berlin has 23 hours, 2025-10-26 has 25. */
static const int64_t short_day = 1774738800, long_day = 1761429600;

static const char *const shop_sql[] = {
	"INSERT INTO setting VALUES ('timezone', 'Europe/Berlin')",
	"INSERT INTO currency VALUES ('EUR', 2, 100)",
	"INSERT INTO status_group (code, name) VALUES ('new', ''), ('done', '')",
	"INSERT INTO status (code, name, status_group, is_initial)"
	" VALUES ('new', '', 'new', 1), ('done', '', 'done', 0)",
	"INSERT INTO site (code, name, currency) VALUES ('x', '', 'EUR')",
	"INSERT INTO order_method (code, name) VALUES ('x', '')",
	"INSERT INTO delivery_type (code, name) VALUES ('x', '')",
	"INSERT INTO store (code, name) VALUES ('x', '')",
	"INSERT INTO user (login, name) VALUES ('x', '')",
	"INSERT INTO custom_field (entity, code, name, type)"
	" VALUES ('order', 'x', '', 'string')",
};

static struct {
	struct db *db;
	struct shop *s;
	struct arena a;
} f;

static struct order *
new_order(const char *order_no, int64_t placed_at)
{
	struct order *o = arena_zalloc(&f.a, sizeof(*o));

	o->order_no = o->external_id = order_no;
	o->source = "site";
	assert_null(order_set(o, ORDER_CURRENCY, "EUR", NULL, &f.a));
	assert_null(order_set(o, ORDER_STATUS, "new", NULL, &f.a));
	field_set_int(&order_fields, &o->rec, ORDER_PLACED_AT, placed_at);
	return o;
}

/* What a field may hold. */
static const char *
sample(const struct field *field)
{
	switch (field->kind) {
	case FIELD_CODE:
		return strcmp(field->name, "status") == 0 ? "done" : "x";
	case FIELD_CURRENCY:
		return "EUR";
	case FIELD_DATE:
	case FIELD_TIME:
		return "2026-06-01";
	case FIELD_CLOCK:
		return "10:00";
	case FIELD_BOOL:
		return "true";
	case FIELD_MONEY:
		return "12.50";
	case FIELD_TEXT:
	case FIELD_LONG:
	case FIELD_PHONE:
	case FIELD_EMAIL:
	case FIELD_PRICE:
	case FIELD_QUANTITY:
		break;
	}
	return "x@y";
}

/* Three orders: one has all fields, one only what it needs, one other values. */
static void
fill(void)
{
	struct order *all = new_order("all", 1780000000);
	struct order *other = new_order("other", 1780000000);
	int i;

	for (i = 0; i < ORDER_FIELD_COUNT; i++)
		assert_null(order_set(all, i, sample(&order_fields.list[i]),
		    NULL, &f.a));
	assert_null(order_insert(f.s, all, &f.a));
	assert_null(order_insert(f.s, new_order("none", 1780000000), &f.a));
	assert_null(order_set(other, ORDER_PHONE, "none", NULL, &f.a));
	assert_null(order_set(other, ORDER_CALL_WANTED, "no", NULL, &f.a));
	assert_null(order_set(other, ORDER_SOURCE_TOTAL, "0", NULL, &f.a));
	assert_null(order_insert(f.s, other, &f.a));
}

static int
enter(void **state UNUSED)
{
	size_t i;

	setenv("CRM_NOW", "2026-06-15T12:00:00Z", 1);
	assert_null(db_fresh(&f.db));
	assert_null(db_begin(f.db));
	for (i = 0; i < ARRAY_LEN(shop_sql); i++)
		assert_null(db_exec(f.db, shop_sql[i]));
	assert_null(shop_open(f.db, NULL, &f.s));
	assert_null(run_begin(f.s, "test", NULL, "vera", true));
	return 0;
}

static int
leave(void **state UNUSED)
{
	shop_close(f.s);
	db_close(f.db);
	arena_free(&f.a);
	return 0;
}

static struct select *
parse(const char *term)
{
	char *copy = arena_strdup(&f.a, term);
	struct select *sel;

	assert_null(select_parse(f.s, &copy, 1, &sel));
	return sel;
}

static size_t
count(const char *field, const char *rest)
{
	struct select *sel = parse(arena_printf(&f.a, "%s%s", field, rest));
	size_t n = 0;
	int64_t id;

	assert_null(select_open(sel));
	for (;;) {
		assert_null(select_next(sel, &id));
		if (id == 0)
			break;
		n++;
	}
	select_free(sel);
	return n;
}

static void
test_each_field_selects_what_it_holds(void **state UNUSED)
{
	size_t i;

	fill();
	for (i = 0; i < order_fields.count; i++) {
		const struct field *field = &order_fields.list[i];
		const char *is = arena_printf(&f.a, "=%s", sample(field));
		const char *not = arena_printf(&f.a, "!=%s", sample(field));
		const char *or_none = arena_printf(&f.a, "=,%s", sample(field));
		const size_t some = count(field->name, "!=");

		/* every order is either the one or the other */
		assert_in_range(count(field->name, is), 1, 3);
		assert_int_equal(count(field->name, is) +
				     count(field->name, not ),
		    3);
		assert_int_equal(some + count(field->name, "="), 3);
		assert_in_range(some, 1, 3);
		assert_int_equal(count(field->name, or_none),
		    count(field->name, is) + 3 - some);
	}
}

static void
test_kinds_are_those_of_the_fields(void **state UNUSED)
{
	struct select *sel = parse("order_no=all");
	const char *names[ORDER_FIELD_COUNT];
	enum select_kind want;
	struct select_value v;
	int64_t id;
	size_t i;

	fill();
	for (i = 0; i < order_fields.count; i++)
		names[i] = order_fields.list[i].name;
	assert_null(select_open_columns(sel, names, order_fields.count));
	assert_null(select_next(sel, &id));
	assert_int_not_equal(id, 0);
	for (i = 0; i < order_fields.count; i++) {
		v = select_column(sel, i);
		want = field_is_text(order_fields.list[i].kind) ? SELECT_TEXT :
		       order_fields.list[i].kind == FIELD_TIME  ? SELECT_TIME :
		       order_fields.list[i].kind == FIELD_BOOL  ? SELECT_BOOL :
								  SELECT_MONEY;
		assert_int_equal(v.kind, want);
		assert_false(v.is_null);
		if (v.kind == SELECT_TEXT)
			assert_string_equal(v.text,
			    sample(&order_fields.list[i]));
	}
	assert_string_equal(select_currency(sel), "EUR");
	select_free(sel);
}

/* SQLite's local time must be ours, on the days of change above all. */
static void
test_days_are_those_of_when(void **state UNUSED)
{
	static const int64_t *const days[] = { &long_day, &short_day };
	struct select *sel = parse("order_no~h");
	char name[WHEN_STR_MAX];
	struct select_group g;
	int64_t t, sum = 0;
	size_t i;
	bool more;

	for (i = 0; i < ARRAY_LEN(days); i++)
		for (t = *days[i] - 2 * HOUR; t < *days[i] + 28 * HOUR;
		     t += HOUR)
			assert_null(order_insert(f.s,
			    new_order(arena_printf(&f.a, "h%d", (int)t), t),
			    &f.a));
	assert_null(select_open_groups(sel, "placed_at"));
	for (i = 0; i < 6; i++) {
		static const int hours[] = { 2, 25, 3, 2, 23, 5 };
		const int64_t day =
		    when_day(*days[i / 3]) - 1 + (int64_t)(i % 3);

		assert_null(select_next_group(sel, &g, &more));
		assert_true(more);
		assert_int_equal(g.value.kind, SELECT_TEXT);
		assert_string_equal(g.value.text, when_day_format(day, name));
		assert_int_equal(g.orders, hours[i]);
		sum += g.orders;
	}
	assert_null(select_next_group(sel, &g, &more));
	assert_false(more);
	assert_int_equal(sum, 60);
	select_free(sel);
	assert_int_equal(count("placed_at", "=2026-03-29"), 23);
	assert_int_equal(count("placed_at", "=2025-10-26"), 25);
}

static void
test_mistakes_are_usage_errors(void **state UNUSED)
{
	static const char *const wrong[] = { "", "=", "~", "!", "!=", "status",
		"status!", "status!~new", "statos=new", "status=neww",
		"group=x", "rev=a", "rev=1..b", "total=1,5x", "call_wanted=2",
		"placed_at=never", "delivery_from=25:00", "currency=EURO",
		"custom.=1", "custom.y=1", "note~", "total~1" };
	const struct err *err;
	struct select *sel;
	size_t i;

	for (i = 0; i < ARRAY_LEN(wrong); i++) {
		char *term = arena_strdup(&f.a, wrong[i]);

		err = select_parse(f.s, &term, 1, &sel);
		if (err == NULL || err->code != ERR_USAGE)
			fail_msg("'%s' is taken", wrong[i]);
		assert_null(sel);
	}
	assert_null(select_parse(f.s, NULL, 0, &sel));
	assert_non_null(select_sort(sel, "total,,status"));
	select_free(sel);
}

/* Undone from the last change back: each field as it was in between. */
static void
test_looking_back_passes_every_field(void **state UNUSED)
{
	struct order *first = new_order("A", 1780000000), *second;
	struct order_change c = { .at = 1780001000 };
	struct order *then;
	size_t changed;
	int i;

	assert_null(order_insert(f.s, first, &f.a));
	assert_null(order_by_no(f.db, "A", ORDER_LOAD_PARTS, &f.a, &first));
	second = order_copy(first, &f.a);
	for (i = 0; i < ORDER_FIELD_COUNT; i++)
		assert_null(order_set(second, i, sample(&order_fields.list[i]),
		    NULL, &f.a));
	assert_null(order_update(f.s, first, second, &c, &f.a, &changed));
	assert_int_equal(changed, ORDER_FIELD_COUNT - 1); /* currency */
	assert_null(db_commit(f.db));

	assert_null(asof_open(f.s, c.at - 1));
	assert_null(order_by_no(f.db, "A", ORDER_LOAD_PARTS, &f.a, &then));
	assert_non_null(then);
	for (i = 0; i < ORDER_FIELD_COUNT; i++) {
		const char *was =
		    field_format(&order_fields, &first->rec, i, "EUR", &f.a);
		const char *is =
		    field_format(&order_fields, &then->rec, i, "EUR", &f.a);

		if (was == NULL)
			assert_null(is);
		else
			assert_string_equal(is, was);
	}
	assert_int_equal(then->status_at, first->status_at);
	assert_int_equal(count("status", "=new"), 1);
	assert_int_equal(count("status", "=done"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_each_field_selects_what_it_holds, enter, leave),
		cmocka_unit_test_setup_teardown(
		    test_kinds_are_those_of_the_fields, enter, leave),
		cmocka_unit_test_setup_teardown(test_days_are_those_of_when,
		    enter, leave),
		cmocka_unit_test_setup_teardown(test_mistakes_are_usage_errors,
		    enter, leave),
		cmocka_unit_test_setup_teardown(
		    test_looking_back_passes_every_field, enter, leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
