/*
 * when - a time that is understood can be written and read back, a span has an
 * end behind its beginning, and a day begins on that day, whatever the zone.
 * The input is a time or span, a pattern, a zone and the present time, a line
 * each.
 */
#include "base/when.h"

#include <stdio.h>

#include "fuzz.h"

enum { LINE_TEXT, LINE_PATTERN, LINE_ZONE, LINE_NOW, LINE_COUNT };

#define SECOND_MIN INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */
#define SECOND_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
#define HOURS_26   93600                 /* more than any zone is off */

static bool
has_four_digits(int64_t t)
{
	return t >= SECOND_MIN + HOURS_26 && t <= SECOND_MAX - HOURS_26;
}

static void
check_time(int64_t t)
{
	char buf[WHEN_STR_MAX], again[WHEN_STR_MAX];
	int64_t back;

	need(when_second_of_day(t) >= 0 && when_second_of_day(t) < 86400);
	when_format(t, buf);
	if (!has_four_digits(t))
		return;
	need(when_parse(buf, &back) == NULL && back == t);
	need(when_parse_as(buf, "%Y-%m-%dT%H:%M:%S%z", &back) == NULL);
	need(back == t);
	when_local(t, buf);
	need(when_parse(buf, &back) == NULL);
	need(strcmp(when_local(back, again), buf) == 0);
	need(when_parse_as(buf, "%Y-%m-%d %H:%M", &back) == NULL);
	need(strcmp(when_local(back, again), buf) == 0);
}

static void
check_day(int64_t day)
{
	char buf[WHEN_STR_MAX];
	int64_t back, start = when_day_start(day);
	int year, week;

	if (!has_four_digits(start))
		return;
	need(when_day_parse(when_day_format(day, buf), &back) == NULL);
	need(back == day);
	/* A zone may leave out a day, as Samoa did; never two. */
	need(when_day(start) == day || when_day(start) == day + 1);
	need(when_day(start - 1) < day);
	when_iso_week(day, &year, &week);
	back = when_iso_week_start(year, week);
	need(back <= day && day < back + 7 && when_weekday(back) == 1);
	need(when_month_start(day) <= day);
	need(when_month_add(when_month_start(day), 1) > day);
}

static void
check_span(const char *s, int64_t now)
{
	const struct err *err;
	struct when_span span;

	err = when_span_parse(s, now, &span);
	need(err == NULL || err->code == ERR_INPUT);
	need(span.from <= span.to);
	err = when_range_parse(s, now, &span);
	need(err == NULL || err->code == ERR_INPUT);
	need(err != NULL || span.from < span.to);
}

static void
check_zone(const char *name)
{
	char before[64];
	const struct err *err;

	snprintf(before, sizeof(before), "%s", when_zone_name());
	err = when_zone(name);
	need(err == NULL || err->code == ERR_CONFIG);
	need(strcmp(when_zone_name(), err == NULL ? name : before) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	const struct err *err;
	char **lines;
	size_t count;
	int64_t t, now = 0;

	if (fuzz_lines(&a, data, size, LINE_COUNT, &lines, &count)) {
		need(when_zone("UTC") == NULL);
		if (count > LINE_ZONE)
			check_zone(lines[LINE_ZONE]);
		if (count > LINE_NOW)
			now = strtoll(lines[LINE_NOW], NULL, 10) % SECOND_MAX;
		err = when_parse(lines[LINE_TEXT], &t);
		need(err == NULL || (err->code == ERR_INPUT && t == 0));
		check_time(t);
		check_day(when_day(t));
		if (when_day_parse(lines[LINE_TEXT], &t) == NULL)
			check_day(t);
		if (count > LINE_PATTERN &&
		    when_parse_as(lines[LINE_TEXT], lines[LINE_PATTERN], &t) ==
			NULL)
			check_time(t);
		check_span(lines[LINE_TEXT], now);
	}
	arena_free(&a);
	return 0;
}
