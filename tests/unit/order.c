/* order.c - fields, parts, keys and sums of an order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "order/order.h"
#include "order/order_columns.h"

static struct part *
add(struct order *o, enum order_part part, struct arena *a,
    const char *const *pairs)
{
	const struct fields *t = &order_part_fields[part];
	struct part *p = order_part_add(o, part, a);

	for (; *pairs != NULL; pairs += 2)
		assert_null(field_parse(t, &p->rec, field_find(t, pairs[0]),
		    pairs[1], o->currency, NULL, a));
	return p;
}

#define ADD(o, part, a, ...) \
	add(o, part, a, (const char *const[]){ __VA_ARGS__, NULL })

static void
set(struct order *o, int field, const char *value, struct arena *a)
{
	assert_null(order_set(o, field, value, "BY", a));
}

static bool
paid(const char *status, void *arg)
{
	(void)arg;
	return strcmp(status, "paid") == 0;
}

static void
test_totals_are_lines_and_charges_not_included(void **state)
{
	struct arena a = { 0 };
	struct order o = { 0 };

	(void)state;
	set(&o, ORDER_CURRENCY, "BYN", &a);
	ADD(&o, PART_ITEM, &a, "name", "x", "quantity", "3", "price", "0.335");
	ADD(&o, PART_ITEM, &a, "name", "y", "quantity", "0.5", "price", "10.01",
	    "discount", "1");
	ADD(&o, PART_CHARGE, &a, "kind", "delivery", "amount", "5");
	ADD(&o, PART_CHARGE, &a, "kind", "tax", "amount", "2", "included",
	    "true");
	ADD(&o, PART_CHARGE, &a, "kind", "discount", "amount", "-0.5");
	ADD(&o, PART_PAYMENT, &a, "status", "paid", "amount", "3");
	ADD(&o, PART_PAYMENT, &a, "status", "not-paid", "amount", "4");
	ADD(&o, PART_REFUND, &a, "amount", "1.5");
	assert_null(order_totals(&o, paid, NULL));
	/* 1.005 and 5.005 round away from zero, once a line */
	assert_int_equal(o.parts[PART_ITEM].v[0].sum, 101);
	assert_int_equal(o.parts[PART_ITEM].v[1].sum, 501 - 100);
	assert_int_equal(o.items_minor, 101 + 401);
	assert_int_equal(o.total_minor, 502 + 500 - 50);
	assert_int_equal(o.paid_minor, 300);
	assert_int_equal(o.refunded_minor, 150);
	assert_false(o.has_cost);
	arena_free(&a);
}

static void
test_overflow_is_an_error(void **state)
{
	struct arena a = { 0 };
	struct order o = { 0 };

	(void)state;
	set(&o, ORDER_CURRENCY, "BYN", &a);
	ADD(&o, PART_ITEM, &a, "name", "x", "quantity", "900000000000", "price",
	    "900000000000");
	assert_non_null(order_totals(&o, NULL, NULL));
	arena_free(&a);
}

static void
test_keys_match_lines_by_id_else_sku_and_ordinal(void **state)
{
	struct arena a = { 0 };
	struct order o = { 0 };
	const struct part *v;

	(void)state;
	set(&o, ORDER_CURRENCY, "BYN", &a);
	ADD(&o, PART_ITEM, &a, "sku", "A", "name", "x");
	ADD(&o, PART_ITEM, &a, "sku", "B", "name", "x");
	ADD(&o, PART_ITEM, &a, "sku", "A", "name", "x");
	ADD(&o, PART_ITEM, &a, "external_id", "7", "sku", "A", "name", "x");
	ADD(&o, PART_ITEM, &a, "name", "x");
	order_keys(&o, &a);
	v = o.parts[PART_ITEM].v;
	assert_string_equal(v[0].key, "A #1");
	assert_string_equal(v[1].key, "B #1");
	assert_string_equal(v[2].key, "A #2");
	assert_string_equal(v[3].key, "id 7");
	assert_string_equal(v[4].key, "x #1");
	arena_free(&a);
}

static void
test_numbers_that_people_can_type(void **state)
{
	(void)state;
	assert_null(order_check_no("A-1042/7"));
	assert_null(order_check_no("№17"));
	assert_null(order_check_no("1.5"));
	assert_non_null(order_check_no(""));
	assert_non_null(order_check_no("-1"));
	assert_non_null(order_check_no("{1"));
	assert_non_null(order_check_no("1 2"));
	assert_non_null(order_check_no("1,2"));
	assert_non_null(order_check_no("1..2"));
	assert_non_null(order_check_no("1\033[1m"));
	assert_non_null(order_check_no("1\342\200\2132")); /* U+200B */
	assert_non_null(order_check_no("1\342\200\2562")); /* U+202E */
	assert_null(order_check_no("\360\237\233\222-1")); /* a cart */
}

/* Next name of a list "a, :b, c" without blanks and colons. */
static size_t
next_name(const char **p, char *out, size_t size)
{
	size_t n;

	*p += strspn(*p, " ,:");
	n = strcspn(*p, " ,");
	assert_true(n < size);
	memcpy(out, *p, n);
	out[n] = '\0';
	*p += n;
	return n;
}

static void
test_columns_stand_in_the_order_of_the_fields(void **state)
{
	const char *columns = ORDER_COLUMNS, *params = ORDER_PARAMS;
	char name[64];
	size_t i, n;

	(void)state;
	assert_int_equal(order_fields.count, ORDER_FIELD_COUNT);
	for (i = 0; i < order_fields.count; i++) {
		const char *field = order_fields.list[i].name;

		n = next_name(&columns, name, sizeof(name));
		assert_memory_equal(name, field, strlen(field));
		assert_true(n == strlen(field) ||
			    strcmp(name + strlen(field), "_minor") == 0);
		next_name(&params, name, sizeof(name));
		assert_string_equal(name, field);
	}
	assert_int_equal(next_name(&columns, name, sizeof(name)), 0);
	assert_int_equal(next_name(&params, name, sizeof(name)), 0);
	assert_string_equal(order_fields.list[ORDER_METHOD].name,
	    "order_method");
	assert_string_equal(order_fields.list[ORDER_SOURCE_TOTAL].name,
	    "source_total");
}

/* Whatever a field holds, its text and its packed form are the way back. */
static void
test_fields_survive_text_and_packing(void **state)
{
	static const char *const by_kind[] = {
		[FIELD_TEXT] = "a;b=c\\d e",
		[FIELD_LONG] = "a;b=c\\d\ne",
		[FIELD_CODE] = "new",
		[FIELD_DATE] = "2026-02-28",
		[FIELD_CLOCK] = "09:05",
		[FIELD_PHONE] = "+375291112233",
		[FIELD_EMAIL] = "a@example.by",
		[FIELD_CURRENCY] = "BYN",
		[FIELD_TIME] = "2026-03-01T10:00:00Z",
		[FIELD_BOOL] = "true",
		[FIELD_MONEY] = "-12.50",
		[FIELD_PRICE] = "1.5",
		[FIELD_QUANTITY] = "0.125",
	};
	struct order o = { 0 }, back = { 0 };
	struct arena a = { 0 };
	struct buf b = { 0 };
	int i;

	(void)state;
	for (i = 0; i < ORDER_FIELD_COUNT; i++)
		set(&o, i, by_kind[order_fields.list[i].kind], &a);
	field_clear(&o.rec, ORDER_COUPON);
	field_pack(&order_fields, &o.rec, "BYN", &a, &b);
	assert_null(
	    field_unpack(&order_fields, buf_str(&b), "BYN", &back.rec, &a));
	for (i = 0; i < ORDER_FIELD_COUNT; i++) {
		if (i == ORDER_COUPON) {
			assert_true(field_cleared(&back.rec, i));
			continue;
		}
		assert_string_equal(field_format(&order_fields, &back.rec, i,
					"BYN", &a),
		    by_kind[order_fields.list[i].kind]);
	}
	buf_free(&b);
	arena_free(&a);
}

static void
test_bad_values_name_their_field(void **state)
{
	static const struct {
		int field;
		const char *value;
	} bad[] = {
		{ ORDER_DELIVERY_FROM, "25:00" },
		{ ORDER_DELIVERY_FROM, "9:5" },
		{ ORDER_DELIVERY_ON, "2026-02-30" },
		{ ORDER_CALL_WANTED, "perhaps" },
		{ ORDER_SOURCE_TOTAL, "1.005" },
		{ ORDER_CURRENCY, "XXQ" },
		{ ORDER_PLACED_AT, "yesterday" },
	};
	struct arena a = { 0 };
	struct order o = { 0 };
	const struct err *err;
	size_t i;

	(void)state;
	set(&o, ORDER_CURRENCY, "BYN", &a);
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = order_set(&o, bad[i].field, bad[i].value, NULL, &a);
		assert_non_null(err);
		assert_int_equal(err->code, ERR_INPUT);
		assert_non_null(
		    strstr(err->msg, order_fields.list[bad[i].field].name));
	}
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    test_totals_are_lines_and_charges_not_included),
		cmocka_unit_test(test_overflow_is_an_error),
		cmocka_unit_test(
		    test_keys_match_lines_by_id_else_sku_and_ordinal),
		cmocka_unit_test(test_numbers_that_people_can_type),
		cmocka_unit_test(test_columns_stand_in_the_order_of_the_fields),
		cmocka_unit_test(test_fields_survive_text_and_packing),
		cmocka_unit_test(test_bad_values_name_their_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
