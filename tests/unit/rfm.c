/* rfm.c - the arithmetic of the scores. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stats/rfm.h"

enum { MOST = 32 };

/* Score `count` customers who differ in one measure alone; a score each. */
static void
score(enum rfm_method method, enum rfm_measure measure, struct rfm_scale *scale,
    const int64_t *values, size_t count, int *scores)
{
	struct rfm_customer list[MOST] = { 0 };
	struct rfm_scale scales[RFM_MEASURES];
	size_t i;

	assert_true(count <= MOST);
	for (i = 0; i < RFM_MEASURES; i++)
		scales[i] = *scale;
	for (i = 0; i < count; i++) {
		list[i].id = (int64_t)i + 1;
		list[i].tie = (uint32_t)i;
		list[i].value[measure] = values[i];
	}
	rfm_score(list, count, method, 100, scales);
	*scale = scales[measure];
	for (i = 0; i < count; i++)
		scores[i] = list[i].score[measure];
}

#define CHECK(method, measure, scale, values, ...)                             \
	do {                                                                   \
		const int want[] = __VA_ARGS__;                                \
		int got[MOST];                                                 \
		score(method, measure, scale, values, ARRAY_LEN(values), got); \
		assert_int_equal(ARRAY_LEN(want), ARRAY_LEN(values));          \
		assert_memory_equal(got, want, sizeof(want));                  \
	} while (0)

static void
test_quantile_plus_one_order(void **state UNUSED)
{
	/* quantiles 2.8 4.6 6.4 8.2 of 1..10, and one more */
	const int64_t v[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_QUANTILE, RFM_FREQUENCY, &s, v,
	    { 1, 1, 1, 2, 2, 3, 3, 4, 4, 5 });
	assert_int_equal(s.cut[0], 4);
	assert_int_equal(s.cut[3], 10);
}

static void
test_quantile_plus_one_major_unit(void **state UNUSED)
{
	/* the median 20.005 and one unit of 100 cents: 21.005 */
	const int64_t v[] = { 1000, 2000, 2001, 2100, 2101, 1500 };
	struct rfm_scale s = { .levels = 2 };

	CHECK(RFM_QUANTILE, RFM_MONETARY, &s, v, { 1, 1, 1, 1, 2, 1 });
	assert_int_equal(s.cut[0], 2101);
}

static void
test_recent_is_best(void **state UNUSED)
{
	const int64_t v[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_QUANTILE, RFM_RECENCY, &s, v,
	    { 5, 5, 5, 4, 4, 3, 3, 2, 2, 1 });
}

/* A quantile that is somebody's value: one order more reaches the cut. */
static void
test_exact_place(void **state UNUSED)
{
	const int64_t v[] = { 10, 20, 30, 40, 41, 60 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_QUANTILE, RFM_FREQUENCY, &s, v, { 1, 1, 2, 3, 4, 5 });
	assert_int_equal(s.cut[2], 41);
}

/* Cuts of 2.16 2/3 and 2.33 1/3 are between cents, not at one. */
static void
test_exact_rest(void **state UNUSED)
{
	const int64_t v[] = { 100, 150, 233, 234 };
	struct rfm_scale s = { .levels = 9 };

	CHECK(RFM_QUANTILE, RFM_MONETARY, &s, v, { 1, 1, 2, 3 });
	assert_int_equal(s.cut[0], 217);
	assert_int_equal(s.cut[1], 234);
}

static void
test_equal_quantiles_leave_a_score_out(void **state UNUSED)
{
	const int64_t v[] = { 1, 1, 1, 1, 1, 1, 2, 2, 3, 9 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_QUANTILE, RFM_FREQUENCY, &s, v,
	    { 1, 1, 1, 1, 1, 1, 3, 3, 4, 5 });
	assert_int_equal(s.cut[0], s.cut[1]);
}

static void
test_one_customer(void **state UNUSED)
{
	const int64_t v[] = { 7 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_QUANTILE, RFM_FREQUENCY, &s, v, { 1 });
	CHECK(RFM_QUANTILE, RFM_RECENCY, &s, v, { 5 });
	CHECK(RFM_NTILE, RFM_FREQUENCY, &s, v, { 1 });
	CHECK(RFM_NTILE, RFM_RECENCY, &s, v, { 1 });
	CHECK(RFM_QCUT, RFM_FREQUENCY, &s, v, { 1 });
	assert_int_equal(s.levels, 1);
}

static void
test_no_customers(void **state UNUSED)
{
	struct rfm_scale s[RFM_MEASURES] = { { 5, { 0 } }, { 5, { 0 } },
		{ 5, { 0 } } };
	uint64_t cells[RFM_LEVELS_MAX][RFM_LEVELS_MAX];

	rfm_score(NULL, 0, RFM_QUANTILE, 100, s);
	rfm_score(NULL, 0, RFM_QCUT, 100, s);
	rfm_matrix(NULL, 0, RFM_RECENCY, RFM_FREQUENCY, cells);
	assert_int_equal(cells[0][0], 0);
}

static void
test_more_levels_than_customers(void **state UNUSED)
{
	const int64_t v[] = { 30, 10, 20 };
	struct rfm_scale s = { .levels = 10 };

	CHECK(RFM_NTILE, RFM_FREQUENCY, &s, v, { 3, 1, 2 });
	CHECK(RFM_QUANTILE, RFM_FREQUENCY, &s, v, { 10, 1, 5 });
	CHECK(RFM_QCUT, RFM_FREQUENCY, &s, v, { 10, 1, 5 });
}

static void
test_negative_money(void **state UNUSED)
{
	/* the median is -75.5, and with one unit more 24.5 */
	const int64_t v[] = { -500, -200, -100, 300, -50, -51 };
	struct rfm_scale s = { .levels = 2 };

	CHECK(RFM_QUANTILE, RFM_MONETARY, &s, v, { 1, 1, 1, 2, 1, 1 });
	assert_int_equal(s.cut[0], 25);
	CHECK(RFM_QCUT, RFM_MONETARY, &s, v, { 1, 1, 1, 2, 2, 2 });
	assert_int_equal(s.cut[0], -75);
}

static void
test_sums_at_the_limit(void **state UNUSED)
{
	const int64_t v[] = { -RFM_MONEY_MAX, RFM_MONEY_MAX, 0,
		RFM_MONEY_MAX - 1 };
	struct rfm_scale s = { .levels = 10 };

	CHECK(RFM_QUANTILE, RFM_MONETARY, &s, v, { 1, 7, 4, 7 });
	CHECK(RFM_QCUT, RFM_MONETARY, &s, v, { 1, 10, 4, 7 });
}

static void
test_ntile_parts(void **state UNUSED)
{
	/* 13 in five parts: 3 3 3 2 2; equals in the order of their ties */
	const int64_t v[] = { 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_NTILE, RFM_FREQUENCY, &s, v,
	    { 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5 });
	/* the longest ago are the first; among equals as before */
	CHECK(RFM_NTILE, RFM_RECENCY, &s, v,
	    { 3, 4, 4, 5, 5, 2, 2, 3, 3, 1, 2, 1, 1 });
}

static void
test_ntile_takes_the_tie(void **state UNUSED)
{
	struct rfm_customer list[] = { { .id = 1, .tie = 2 },
		{ .id = 2, .tie = 0 }, { .id = 3, .tie = 1 } };
	struct rfm_scale s[RFM_MEASURES] = { { 3, { 0 } }, { 3, { 0 } },
		{ 3, { 0 } } };

	rfm_score(list, ARRAY_LEN(list), RFM_NTILE, 100, s);
	assert_int_equal(list[0].score[RFM_MONETARY], 3);
	assert_int_equal(list[1].score[RFM_MONETARY], 1);
	assert_int_equal(list[2].score[RFM_RECENCY], 2);
}

static void
test_qcut_edges_belong_below(void **state UNUSED)
{
	/* quantiles 3 and 5 of 1..7 */
	const int64_t v[] = { 1, 2, 3, 4, 5, 6, 7 };
	struct rfm_scale s = { .levels = 3 };

	CHECK(RFM_QCUT, RFM_FREQUENCY, &s, v, { 1, 1, 1, 2, 2, 3, 3 });
}

static void
test_qcut_drops_equal_edges(void **state UNUSED)
{
	/* edges 1 1 1 1.2 2.2 9: the first three are one */
	const int64_t v[] = { 1, 1, 1, 1, 1, 1, 2, 2, 3, 9 };
	struct rfm_scale s = { .levels = 5 };

	CHECK(RFM_QCUT, RFM_FREQUENCY, &s, v, { 1, 1, 1, 1, 1, 1, 2, 2, 3, 3 });
	assert_int_equal(s.levels, 3);
	s.levels = 5;
	CHECK(RFM_QCUT, RFM_RECENCY, &s, v, { 3, 3, 3, 3, 3, 3, 2, 2, 1, 1 });
}

static void
test_thresholds(void **state UNUSED)
{
	const int64_t v[] = { 120, 121, 365, 366, -1 };
	struct rfm_scale s = { 3, { 121, 366 } };

	CHECK(RFM_THRESHOLDS, RFM_RECENCY, &s, v, { 3, 2, 2, 1, 3 });
	CHECK(RFM_THRESHOLDS, RFM_MONETARY, &s, v, { 1, 2, 2, 3, 1 });
}

static void
test_scale_as_typed(void **state UNUSED)
{
	static const char *const bad[] = { "", "1,", "1,,2", "2,1", "2,2",
		"1.5", "x", "1 2", "1,2,3,4,5,6,7,8,9,10" };
	struct rfm_scale s;
	size_t i;

	assert_null(rfm_scale_parse("1,2,3,4,5,6,7,8,9", 0, &s));
	assert_int_equal(s.levels, 10);
	assert_int_equal(s.cut[8], 9);
	assert_null(rfm_scale_parse("-5,0.50", 2, &s));
	assert_int_equal(s.levels, 3);
	assert_int_equal(s.cut[0], -500);
	assert_int_equal(s.cut[1], 50);
	for (i = 0; i < ARRAY_LEN(bad); i++)
		assert_non_null(rfm_scale_parse(bad[i], 0, &s));
}

static void
test_matrix(void **state UNUSED)
{
	static const struct rfm_customer list[] = {
		{ .score = { 1, 2, 3 } },
		{ .score = { 1, 2, 1 } },
		{ .score = { 3, 1, 1 } },
	};
	uint64_t cells[RFM_LEVELS_MAX][RFM_LEVELS_MAX];

	rfm_matrix(list, ARRAY_LEN(list), RFM_RECENCY, RFM_FREQUENCY, cells);
	assert_int_equal(cells[0][1], 2);
	assert_int_equal(cells[2][0], 1);
	assert_int_equal(cells[1][0], 0);
	rfm_matrix(list, ARRAY_LEN(list), RFM_MONETARY, RFM_FREQUENCY, cells);
	assert_int_equal(cells[0][1], 1);
	assert_int_equal(cells[2][1], 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantile_plus_one_order),
		cmocka_unit_test(test_quantile_plus_one_major_unit),
		cmocka_unit_test(test_recent_is_best),
		cmocka_unit_test(test_exact_place),
		cmocka_unit_test(test_exact_rest),
		cmocka_unit_test(test_equal_quantiles_leave_a_score_out),
		cmocka_unit_test(test_one_customer),
		cmocka_unit_test(test_no_customers),
		cmocka_unit_test(test_more_levels_than_customers),
		cmocka_unit_test(test_negative_money),
		cmocka_unit_test(test_sums_at_the_limit),
		cmocka_unit_test(test_ntile_parts),
		cmocka_unit_test(test_ntile_takes_the_tie),
		cmocka_unit_test(test_qcut_edges_belong_below),
		cmocka_unit_test(test_qcut_drops_equal_edges),
		cmocka_unit_test(test_thresholds),
		cmocka_unit_test(test_scale_as_typed),
		cmocka_unit_test(test_matrix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
