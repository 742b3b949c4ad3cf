/* period.c - days of a report and what they are compared with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "stats/period.h"

static int64_t
at(const char *s)
{
	int64_t t;

	assert_null(when_parse(s, &t));
	return t;
}

static struct period
period(const char *s)
{
	struct period p;

	assert_null(period_parse(s, at("2026-11-25 10:30"), &p));
	return p;
}

static void
check_days(const struct period *p, const char *first, const char *last)
{
	char buf[WHEN_STR_MAX];

	assert_string_equal(when_day_format(p->first, buf), first);
	assert_string_equal(when_day_format(p->end - 1, buf), last);
}

static void
check(const char *text, const char *name, const char *first, const char *last,
    const char *before_first, const char *before_last)
{
	struct period p = period(text), before = period_before(&p);
	char buf[PERIOD_STR_MAX];

	assert_string_equal(period_name(&p, buf), name);
	check_days(&p, first, last);
	check_days(&before, before_first, before_last);
}

static void
test_weeks_go_with_the_week_before(void **state UNUSED)
{
	check("last-week", "2026-W47", "2026-11-16", "2026-11-22", "2026-11-09",
	    "2026-11-15");
	check("2026-11-16..2026-11-22", "2026-W47", "2026-11-16", "2026-11-22",
	    "2026-11-09", "2026-11-15");
	/* the ISO year is not the calendar's */
	check("2027-01-01..2027-01-01", "2027-01-01", "2027-01-01",
	    "2027-01-01", "2026-12-31", "2026-12-31");
	check("2026-W53", "2026-W53", "2026-12-28", "2027-01-03", "2026-12-21",
	    "2026-12-27");
	check("2025-W01", "2025-W01", "2024-12-30", "2025-01-05", "2024-12-23",
	    "2024-12-29");
}

static void
test_months_go_with_months(void **state UNUSED)
{
	check("2026-03", "2026-03", "2026-03-01", "2026-03-31", "2026-02-01",
	    "2026-02-28");
	check("2026-07-01..2026-09-30", "2026-07-01..2026-09-30", "2026-07-01",
	    "2026-09-30", "2026-04-01", "2026-06-30");
	check("2024", "2024", "2024-01-01", "2024-12-31", "2023-01-01",
	    "2023-12-31");
	/* twelve months that are no year */
	check("2025-02-01..2026-01-31", "2025-02-01..2026-01-31", "2025-02-01",
	    "2026-01-31", "2024-02-01", "2025-01-31");
}

static void
test_other_days_go_with_as_many(void **state UNUSED)
{
	check("2026-11-01..2026-11-15", "2026-11-01..2026-11-15", "2026-11-01",
	    "2026-11-15", "2026-10-17", "2026-10-31");
	check("2026-03-02..2026-03-31", "2026-03-02..2026-03-31", "2026-03-02",
	    "2026-03-31", "2026-01-31", "2026-03-01");
}

static void
test_only_whole_days(void **state UNUSED)
{
	static const char *const bad[] = { "2026-11-01..", "..2026-11-01", "..",
		"2026-11-01 10:00..2026-11-02", "2026-11-01..now", "-7d",
		"2026-11-03..2026-11-01", "soon", "" };
	const struct err *err;
	struct period p;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = period_parse(bad[i], at("2026-11-25 10:30"), &p);
		assert_non_null(err);
		assert_int_equal(err->code, ERR_INPUT);
	}
}

static void
check_span(const struct when_span *s, const char *from, const char *to)
{
	char buf[WHEN_STR_MAX];

	assert_string_equal(when_format(s->from, buf), from);
	assert_string_equal(when_format(s->to, buf), to);
}

static void
test_days_are_cut_in_the_zone(void **state UNUSED)
{
	struct when_span this, before;
	struct period p;

	assert_null(when_zone("Europe/Minsk"));
	p = period("2026-W47");
	period_spans(&p, at("2026-11-25 10:30"), &this, &before);
	check_span(&this, "2026-11-15T21:00:00Z", "2026-11-22T21:00:00Z");
	check_span(&before, "2026-11-08T21:00:00Z", "2026-11-15T21:00:00Z");
	/* a week with summer time's end has 169 hours */
	assert_null(when_zone("Europe/Berlin"));
	p = period("2026-W43");
	period_spans(&p, at("2026-11-25 10:30"), &this, &before);
	check_span(&this, "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z");
	check_span(&before, "2026-10-11T22:00:00Z", "2026-10-18T22:00:00Z");
	assert_null(when_zone("UTC"));
}

static void
test_running_goes_with_the_same_part(void **state UNUSED)
{
	struct when_span this, before;
	struct period p = period("2026-W48");

	period_spans(&p, at("2026-11-25 10:30"), &this, &before);
	check_span(&this, "2026-11-23T00:00:00Z", "2026-11-25T10:30:00Z");
	check_span(&before, "2026-11-16T00:00:00Z", "2026-11-18T10:30:00Z");
	/* 31 March goes with all of February */
	p = period("2026-03");
	period_spans(&p, at("2026-03-31 12:00"), &this, &before);
	check_span(&this, "2026-03-01T00:00:00Z", "2026-03-31T12:00:00Z");
	check_span(&before, "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
	/* what is to come is whole */
	period_spans(&p, at("2026-02-10 12:00"), &this, &before);
	check_span(&this, "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_weeks_go_with_the_week_before),
		cmocka_unit_test(test_months_go_with_months),
		cmocka_unit_test(test_other_days_go_with_as_many),
		cmocka_unit_test(test_only_whole_days),
		cmocka_unit_test(test_days_are_cut_in_the_zone),
		cmocka_unit_test(test_running_goes_with_the_same_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
