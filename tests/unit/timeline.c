/* timeline.c - promises of lib/order/timeline.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "order/timeline.h"

enum { NOW = 1000 };

static struct arena arena;

static int
leave(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static void
past(struct order *o, int64_t at, const char *field, const char *new)
{
	order_past_add(o,
	    &(struct past){ .at = at, .field = field, .new = new }, &arena);
}

/* "new 0-60, sent 60-1000+": the plus marks the stay that is open. */
static void
assert_stays(const struct order *o, const char *want)
{
	struct timeline_stay *stays;
	char text[200] = "";
	size_t i, count, len = 0;

	timeline_read(o, NOW, &arena, &stays, &count);
	for (i = 0; i < count; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s %" PRId64 "-%" PRId64 "%s", i == 0 ? "" : ", ",
		    stays[i].status, stays[i].entered_at, stays[i].left_at,
		    stays[i].open ? "+" : "");
		assert_true(len < sizeof(text));
	}
	assert_string_equal(text, want);
}

static void
stays_follow_each_other_and_the_last_is_open(void **state UNUSED)
{
	struct order o = { .status = "sent", .status_at = 300 };

	past(&o, 0, "status", "new");
	past(&o, 50, "manager", "anna");
	past(&o, 60, "status", "packing");
	past(&o, 300, "status", "sent");
	assert_stays(&o, "new 0-60, packing 60-300, sent 300-1000+");
}

static void
coming_back_is_another_stay(void **state UNUSED)
{
	struct order o = { .status = "new", .status_at = 90 };

	past(&o, 0, "status", "new");
	past(&o, 60, "status", "packing");
	past(&o, 90, "status", "new");
	assert_stays(&o, "new 0-60, packing 60-90, new 90-1000+");
}

static void
the_same_status_again_is_no_new_stay(void **state UNUSED)
{
	struct order o = { .status = "new", .status_at = 0 };

	past(&o, 0, "status", "new");
	past(&o, 60, "status", "new");
	assert_stays(&o, "new 0-1000+");
}

static void
moves_of_one_second_stay_for_none(void **state UNUSED)
{
	struct order o = { .status = "sent", .status_at = 60 };

	past(&o, 0, "status", "new");
	past(&o, 60, "status", "packing");
	past(&o, 60, "status", "sent");
	assert_stays(&o, "new 0-60, packing 60-60, sent 60-1000+");
}

static void
where_it_stands_the_order_knows_itself(void **state UNUSED)
{
	struct order o = { .status = "packing", .status_at = 60 };

	assert_stays(&o, "packing 60-1000+");
	past(&o, 0, "status", "new");
	past(&o, 60, "status", "packing");
	past(&o, 500, "status", "cancel"); /* which the shop did not follow */
	assert_stays(&o,
	    "new 0-60, packing 60-500, cancel 500-500, packing 500-1000+");
}

static void
a_clock_ahead_makes_no_negative_time(void **state UNUSED)
{
	struct order o = { .status = "new", .status_at = NOW + 60 };

	past(&o, NOW + 60, "status", "new");
	assert_stays(&o, "new 1060-1060+");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_follow_each_other_and_the_last_is_open),
		cmocka_unit_test(coming_back_is_another_stay),
		cmocka_unit_test(the_same_status_again_is_no_new_stay),
		cmocka_unit_test(moves_of_one_second_stay_for_none),
		cmocka_unit_test(where_it_stands_the_order_knows_itself),
		cmocka_unit_test(a_clock_ahead_makes_no_negative_time),
	};

	return cmocka_run_group_tests(tests, NULL, leave);
}
