/* health.c - promises of lib/keep/health.h: from where on it is not well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "keep/health.h"

#define GIB ((int64_t)1 << 30)

static void
a_job_may_be_late_as_long_again_but_no_longer_than_six_hours(void **s UNUSED)
{
	assert_int_equal(health_stale_s(1), 2);
	assert_int_equal(health_stale_s(900), 1800);
	assert_int_equal(health_stale_s(6 * 3600), 12 * 3600);
	assert_int_equal(health_stale_s(24 * 3600), 30 * 3600);
	assert_int_equal(health_stale_s(7 * 24 * 3600), (7 * 24 + 6) * 3600);
}

static void
a_disk_needs_room_for_two_copies_and_a_little(void **s UNUSED)
{
	assert_int_equal(health_disk_needed(0, 100 * GIB), GIB);
	assert_int_equal(health_disk_needed(0, 10 * GIB), GIB / 2);
	assert_int_equal(health_disk_needed(GIB / 2, 100 * GIB), GIB);
	assert_int_equal(health_disk_needed(3 * GIB, 100 * GIB), 6 * GIB);
	assert_int_equal(health_disk_needed(3 * GIB, 2 * GIB), 6 * GIB);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_job_may_be_late_as_long_again_but_no_longer_than_six_hours),
		cmocka_unit_test(a_disk_needs_room_for_two_copies_and_a_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
