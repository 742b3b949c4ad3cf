/* rfm_segment.c - tables of segments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stats/rfm_segment.h"

#define HEADING "name\tr_lo\tr_hi\tf_lo\tf_hi\tm_lo\tm_hi\n"

static struct arena a;

static int
forget(void **state UNUSED)
{
	arena_free(&a);
	return 0;
}

static const char *
segment_of(const struct rfm_segments *s, int r, int f, int m)
{
	struct rfm_customer c = { .score = { (uint8_t)r, (uint8_t)f,
				      (uint8_t)m } };

	rfm_segment_assign(s, &c, 1);
	return s->names[c.segment];
}

static void
test_first_row_wins(void **state UNUSED)
{
	struct rfm_segments *s;

	assert_null(rfm_segment_parse("# best first\r\n\n" HEADING
				      "Best\t4\t5\t4\t5\t1\t5\r\n"
				      "Good\t3\t5\t1\t5\t1\t5\n",
	    "t.tsv", &a, &s));
	assert_string_equal(segment_of(s, 4, 5, 1), "Best");
	assert_string_equal(segment_of(s, 4, 3, 1), "Good");
	assert_string_equal(segment_of(s, 3, 1, 5), "Good");
	assert_string_equal(segment_of(s, 2, 5, 5), "Others");
	assert_int_equal(s->highest, 5);
}

static void
test_one_name_is_one_segment(void **state UNUSED)
{
	static const struct rfm_customer list[] = {
		{ .value = { 0, 2, 500 }, .score = { 1, 1, 1 } },
		{ .value = { 0, 1, 30 }, .score = { 3, 1, 1 } },
		{ .value = { 0, 4, -80 }, .score = { 2, 1, 1 } },
	};
	struct rfm_customer scored[ARRAY_LEN(list)];
	struct rfm_tally tallies[3];
	struct rfm_segments *s;

	assert_null(rfm_segment_parse(HEADING "Edge\t1\t1\t1\t3\t1\t3\n"
					      "Middle\t2\t2\t1\t3\t1\t3\n"
					      "Edge\t3\t3\t1\t3\t1\t3",
	    "t.tsv", &a, &s));
	assert_int_equal(s->count, 3);
	memcpy(scored, list, sizeof(scored));
	rfm_segment_assign(s, scored, ARRAY_LEN(scored));
	rfm_segment_tally(s, scored, ARRAY_LEN(scored), tallies);
	assert_int_equal(tallies[0].customers, 2);
	assert_int_equal(tallies[0].orders, 3);
	assert_int_equal(tallies[0].revenue, 530);
	assert_int_equal(tallies[1].revenue, -80);
	assert_int_equal(tallies[2].customers, 0);
}

static void
test_names_as_people_type_them(void **state UNUSED)
{
	static const char *const same[] = { "Can't Lose Them",
		"can't-lose-them", "CANT_LOSE_THEM", "cant lose-them" };
	const struct err *err;
	struct rfm_segments *s;
	size_t i, segment;

	assert_null(rfm_segment_parse(HEADING
	    "Lost\t1\t1\t1\t1\t1\t5\n"
	    "Can't Lose Them\t1\t1\t1\t5\t1\t5\n"
	    "\xd0\x9b\xd1\x83\xd1\x87\xd1\x88\xd0\xb8\xd0\xb5"
	    "\t5\t5\t1\t5\t1\t5\n",
	    "t.tsv", &a, &s));
	for (i = 0; i < ARRAY_LEN(same); i++) {
		assert_null(rfm_segment_find(s, same[i], &segment));
		assert_int_equal(segment, 1);
	}
	assert_null(rfm_segment_find(s,
	    "\xd0\xbb\xd1\x83\xd1\x87\xd1\x88\xd0\xb8\xd0\xb5", &segment));
	assert_int_equal(segment, 2);
	assert_null(rfm_segment_find(s, "others", &segment));
	assert_int_equal(segment, s->others);
	err = rfm_segment_find(s, "list", &segment);
	assert_int_equal(err->code, ERR_USAGE);
	assert_string_equal(err->msg,
	    "no segment is called 'list', did you mean 'lost'");
}

static void
test_those_wanted(void **state UNUSED)
{
	static const char *const names[] = { "others", "lost", "Lost", "x" };
	bool wanted[] = { true, true, true };
	struct rfm_segments *s;

	assert_null(rfm_segment_parse(HEADING "Lost\t1\t1\t1\t1\t1\t5\n"
					      "Loyal\t5\t5\t1\t5\t1\t5\n",
	    "t.tsv", &a, &s));
	assert_null(rfm_segment_choose(s, names, 3, wanted));
	assert_true(wanted[0] && !wanted[1] && wanted[s->others]);
	assert_null(rfm_segment_choose(s, NULL, 0, wanted));
	assert_true(wanted[0] && wanted[1] && wanted[s->others]);
	assert_non_null(rfm_segment_choose(s, names, 4, wanted));
}

static void
test_bad_tables(void **state UNUSED)
{
	static const struct {
		const char *text, *message;
	} bad[] = {
		{ "", "t.tsv: no segments in it" },
		{ HEADING, "t.tsv: no segments in it" },
		{ "# x\nname\tr\n",
		    "t.tsv:2: the heading must be: "
		    "name\tr_lo\tr_hi\tf_lo\tf_hi\tm_lo\tm_hi" },
		{ HEADING "A\t1\t1\t1\t1\t1\n",
		    "t.tsv:2: '' is not a score of 1 to 10" },
		{ HEADING "A\t1\t1\t1\t1\t1\t11\n",
		    "t.tsv:2: '11' is not a score of 1 to 10" },
		{ HEADING "A\t0\t1\t1\t1\t1\t1\n",
		    "t.tsv:2: '0' is not a score of 1 to 10" },
		{ HEADING "A\tx\t1\t1\t1\t1\t1\n",
		    "t.tsv:2: 'x' is not a score of 1 to 10" },
		{ HEADING "A\t1\t1\t5\t4\t1\t1\n", "t.tsv:2: 5 is above 4" },
		{ HEADING "\t1\t1\t1\t1\t1\t1\n",
		    "t.tsv:2: a segment without a name" },
		{ HEADING "A\t1\t1\t1\t1\t1\t1\t1\n",
		    "t.tsv:2: more than seven columns" },
		{ HEADING "\xff\t1\t1\t1\t1\t1\t1\n", "t.tsv: not UTF-8" },
	};
	const struct err *err;
	struct rfm_segments *s;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = rfm_segment_parse(bad[i].text, "t.tsv", &a, &s);
		assert_non_null(err);
		assert_null(s);
		assert_int_equal(err->code, ERR_INPUT);
		assert_string_equal(err->msg, bad[i].message);
	}
}

static void
test_too_many_rows(void **state UNUSED)
{
	static const char row[] = "A\t1\t1\t1\t1\t1\t1\n";
	char text[sizeof(HEADING) + sizeof(row) * (RFM_SEGMENT_MAX + 1)];
	size_t at = sizeof(HEADING) - 1, i;
	struct rfm_segments *s;

	memcpy(text, HEADING, sizeof(HEADING));
	for (i = 0; i < RFM_SEGMENT_MAX; i++) {
		memcpy(text + at, row, sizeof(row));
		at += sizeof(row) - 1;
	}
	assert_null(rfm_segment_parse(text, "t.tsv", &a, &s));
	memcpy(text + at, row, sizeof(row));
	assert_non_null(rfm_segment_parse(text, "t.tsv", &a, &s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_first_row_wins, forget),
		cmocka_unit_test_teardown(test_one_name_is_one_segment, forget),
		cmocka_unit_test_teardown(test_names_as_people_type_them,
		    forget),
		cmocka_unit_test_teardown(test_those_wanted, forget),
		cmocka_unit_test_teardown(test_bad_tables, forget),
		cmocka_unit_test_teardown(test_too_many_rows, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
