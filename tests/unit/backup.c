/* backup.c - which backups stay: the newest of each day, week and month. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/when.h"
#include "keep/backup.h"

enum { DAY_S = 86400, YEAR_AND_MORE = 400 };

static int64_t
at(const char *s)
{
	int64_t t;

	assert_null(when_parse(s, &t));
	return t;
}

/* Times, newest first, up to NULL; which stay is told by a '+' before them. */
static void
check(struct backup_rule rule, const char *const *times)
{
	struct backup v[16] = { 0 };
	size_t i, n;

	for (n = 0; times[n] != NULL; n++)
		v[n].made_at = at(times[n] + 1);
	backup_retain(v, n, &rule);
	for (i = 0; i < n; i++)
		if (v[i].keep != (times[i][0] == '+'))
			fail_msg("%s", times[i]);
}

#define CHECK(days, weeks, months, ...)                          \
	check((struct backup_rule){ (days), (weeks), (months) }, \
	    (const char *const[]){ __VA_ARGS__, NULL })

static void
test_periods(void **state)
{
	(void)state;
	assert_null(when_zone("UTC"));
	/* Of two of a day the later; days without any do not count. */
	CHECK(2, 0, 0, "+2026-03-05 20:00", "-2026-03-05 03:00",
	    "+2026-03-01 03:00", "-2026-02-28 03:00");
	/* Weeks begin on Monday, and go over the year. */
	CHECK(0, 2, 0, "+2026-01-05 03:00", "+2026-01-04 03:00",
	    "-2025-12-29 03:00", "-2025-12-28 03:00");
	CHECK(0, 0, 2, "+2026-03-05 03:00", "-2026-03-01 03:00",
	    "+2026-02-28 03:00", "-2026-02-27 03:00", "-2026-01-31 03:00");
	/* A rule asks for as many as it says, whatever others keep. */
	CHECK(1, 2, 2, "+2026-03-05 03:00", "-2026-03-04 03:00",
	    "+2026-03-01 03:00", "+2026-02-28 03:00", "-2026-02-27 03:00");
}

static void
test_edges(void **state)
{
	struct backup v[2] = { { .made_at = at("2026-03-05 03:00") },
		{ .made_at = at("2026-03-04 03:00"), .keep = true } };
	const struct backup_rule rule = { .days = 1 };

	(void)state;
	CHECK(0, 0, 0, "+2026-03-05 20:00", "+2026-03-05 03:00");
	CHECK(1, 0, 0, "+2026-03-05 20:00");
	CHECK(1000000, 0, 0, "+2026-03-05 20:00", "-2026-03-05 03:00");
	backup_retain(NULL, 0, &rule);
	backup_retain(v, 2, &rule); /* what shall stay anyway stays */
	assert_true(v[0].keep && v[1].keep);
}

/* 22:30 UTC is the next day in Minsk. */
static void
test_zone(void **state)
{
	(void)state;
	assert_null(when_zone("Europe/Minsk"));
	CHECK(1, 0, 0, "+2026-03-05T03:00:00Z", "-2026-03-04T22:30:00Z");
	CHECK(2, 0, 0, "+2026-03-05T03:00:00Z", "+2026-03-04T20:30:00Z");
	assert_null(when_zone("UTC"));
}

/* Thinning out each night leaves what thinning out at the end would. */
static void
test_nightly(void **state)
{
	static struct backup kept[YEAR_AND_MORE], all[YEAR_AND_MORE];
	const struct backup_rule rule = { 7, 4, 12 };
	const int64_t first = at("2025-01-20T00:15:00Z");
	size_t day, i, n = 0, k;

	(void)state;
	assert_null(when_zone("Europe/Berlin"));
	for (day = 0; day < YEAR_AND_MORE; day++) {
		memmove(kept + 1, kept, n++ * sizeof(*kept));
		kept[0] =
		    (struct backup){ .made_at = first + (int64_t)day * DAY_S };
		all[YEAR_AND_MORE - 1 - day] = kept[0];
		for (i = 0; i < n; i++)
			kept[i].keep = false;
		backup_retain(kept, n, &rule);
		assert_true(kept[0].keep);
		for (i = k = 0; i < n; i++)
			if (kept[i].keep)
				kept[k++] = kept[i];
		n = k;
		assert_true(n <= 7 + 4 + 12);
	}
	backup_retain(all, YEAR_AND_MORE, &rule);
	for (day = i = 0; day < YEAR_AND_MORE; day++)
		if (all[day].keep)
			assert_int_equal(all[day].made_at, kept[i++].made_at);
	assert_int_equal(i, n);
	assert_null(when_zone("UTC"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_periods),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_nightly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
