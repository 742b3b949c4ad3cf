/*
 * when.c - times and dates.
 *
 * The expected values in tests/fixtures/time_zones.csv and time_iso_weeks.csv
 * were computed outside this project, from the IANA time zone database and by
 * the calendar of ISO 8601.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/when.h"

static void
zone(const char *name)
{
	assert_null(when_zone(name));
	assert_string_equal(when_zone_name(), name);
}

static int64_t
at(const char *s)
{
	int64_t t = 0;
	const struct err *err = when_parse(s, &t);

	if (err != NULL)
		fail_msg("%s", err->msg);
	return t;
}

static int64_t
day(const char *s)
{
	int64_t d = 0;
	const struct err *err = when_day_parse(s, &d);

	if (err != NULL)
		fail_msg("%s", err->msg);
	return d;
}

static void
is(int64_t t, const char *utc)
{
	char buf[WHEN_STR_MAX];

	assert_string_equal(when_format(t, buf), utc);
}

static void
is_day(int64_t d, const char *date)
{
	char buf[WHEN_STR_MAX];

	assert_string_equal(when_day_format(d, buf), date);
}

/* The calendar. */

/* libc knows another way to count days; 1900 to 2200, each of them. */
static void
test_calendar_agrees_with_libc(void **state UNUSED)
{
	char ours[WHEN_STR_MAX], date[16], week[16], theirs[16];
	int64_t d;
	time_t t;
	struct tm tm;
	int year, number;

	for (d = -25567; d < 84006; d++) {
		t = (time_t)d * 86400;
		gmtime_r(&t, &tm);
		strftime(date, sizeof(date), "%Y-%m-%d", &tm);
		assert_string_equal(when_day_format(d, ours), date);
		assert_int_equal(day(date), d);
		strftime(theirs, sizeof(theirs), "%G-W%V-%u", &tm);
		when_iso_week(d, &year, &number);
		snprintf(week, sizeof(week), "%d-W%02d-%d", year % 10000,
		    number % 100, when_weekday(d));
		assert_string_equal(week, theirs);
		assert_int_equal(when_iso_week_start(year, number),
		    d - when_weekday(d) + 1);
		assert_int_equal(when_month_start(d), d - tm.tm_mday + 1);
	}
	is_day(84005, "2199-12-31");
}

static FILE *
fixture(const char *name)
{
	const char *top = getenv("CRM_TOP");
	char path[4096], header[200];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/tests/fixtures/%s",
	    top != NULL ? top : ".", name);
	if ((fp = fopen(path, "re")) == NULL)
		fail_msg("cannot open %s", path);
	assert_non_null(fgets(header, sizeof(header), fp));
	return fp;
}

/* The next row of a file without quotes, which has so many fields. */
static bool
next_row(FILE *fp, char line[static 200], const char **fields, size_t count)
{
	char *at = line;
	const char *field;
	size_t i;

	if (fgets(line, 200, fp) == NULL)
		return false;
	line[strcspn(line, "\n")] = '\0';
	for (i = 0; i < count; i++) {
		field = strsep(&at, ",");
		fields[i] = field != NULL ? field : "";
	}
	assert_null(at);
	return true;
}

static void
test_iso_weeks(void **state UNUSED)
{
	char line[200], label[32], expected[32];
	const char *row[5];
	int year, week, rows = 0;
	FILE *fp = fixture("time_iso_weeks.csv");

	while (next_row(fp, line, row, 5)) {
		when_iso_week(day(row[0]), &year, &week);
		snprintf(label, sizeof(label), "%d %d %d", year, week,
		    when_weekday(day(row[0])));
		snprintf(expected, sizeof(expected), "%s %s %s", row[1], row[2],
		    row[3]);
		assert_string_equal(label, expected);
		rows++;
	}
	fclose(fp);
	assert_int_equal(rows, 51);
}

static void
test_month_add_is_clamped(void **state UNUSED)
{
	is_day(when_month_add(day("2024-01-31"), 1), "2024-02-29");
	is_day(when_month_add(day("2023-01-31"), 1), "2023-02-28");
	is_day(when_month_add(day("2024-03-31"), -1), "2024-02-29");
	is_day(when_month_add(day("2024-11-15"), 2), "2025-01-15");
	is_day(when_month_add(day("2024-02-29"), 12), "2025-02-28");
	is_day(when_month_add(day("2024-02-29"), -48), "2020-02-29");
	is_day(when_month_add(day("1970-01-31"), -11), "1969-02-28");
	is_day(when_month_add(day("2024-05-31"), 0), "2024-05-31");
}

static void
test_impossible_days(void **state UNUSED)
{
	static const char *const bad[] = { "", "2026", "2026-11", "2026-2-1",
		"2026-11-2", "2026-11-31", "2026-00-10", "2026-13-01",
		"2026-11-00", "2025-02-29", "1900-02-29", "2026-11-22 ",
		" 2026-11-22", "2026/11/22", "22.11.2026", "-2026-11-22",
		"20260-11-22", "2026-11-22T10:00:00Z" };
	const struct err *err;
	int64_t d;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		d = 1;
		err = when_day_parse(bad[i], &d);
		if (err == NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err_some(err)->code, ERR_INPUT);
		assert_int_equal(d, 0);
	}
	assert_int_equal(day("2000-02-29"), 11016);
	assert_int_equal(day("1965-06-30"), -1646);
}

/* Zones. */

static void
test_zones(void **state UNUSED)
{
	char line[200], local[40], buf[WHEN_STR_MAX];
	const char *row[7];
	int64_t t;
	int rows = 0;
	FILE *fp = fixture("time_zones.csv");

	/* zone, UTC, seconds, local time, offset, local date, ISO week */
	while (next_row(fp, line, row, 7)) {
		zone(row[0]);
		t = strtoll(row[2], NULL, 10);
		assert_int_equal(at(row[1]), t);
		is(t, row[1]);
		is_day(when_day(t), row[5]);
		/* the local time as if it were UTC */
		snprintf(local, sizeof(local), "%sZ", row[3]);
		is(when_day(t) * 86400 + when_second_of_day(t), local);
		local[10] = ' ';
		local[16] = '\0';
		assert_string_equal(when_local(t, buf), local);
		rows++;
	}
	fclose(fp);
	assert_int_equal(rows, 32);
}

static void
test_utc_until_told_and_without_tzdata(void **state UNUSED)
{
	int64_t t = at("2026-07-01T12:00:00Z");

	assert_string_equal(when_zone_name(), "UTC");
	assert_int_equal(when_second_of_day(t), 43200);
	zone("Asia/Almaty");
	setenv("TZDIR", "/nonexistent", 1);
	assert_non_null(when_zone("Europe/Moscow"));
	assert_string_equal(when_zone_name(), "Asia/Almaty");
	assert_int_equal(when_second_of_day(t), 61200);
	zone("UTC");
	unsetenv("TZDIR");
	assert_int_equal(when_second_of_day(t), 43200);
}

static void
test_unknown_zones(void **state UNUSED)
{
	static const char *const bad[] = { "", "Europe", "Europe/Minks",
		"Minsk", "/usr/share/zoneinfo/UTC", "../zoneinfo/Europe/Minsk",
		"Europe/../Europe/Minsk", ":Europe/Minsk", "UTC+3", "MSK-3",
		"Europe/Minsk ", "zone.tab", "Europe/Minsk\n" };
	const struct err *err;
	size_t i;

	zone("Europe/Minsk");
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = when_zone(bad[i]);
		if (err == NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err_some(err)->code, ERR_CONFIG);
		assert_string_equal(when_zone_name(), "Europe/Minsk");
	}
}

static void
test_local_times_around_a_change(void **state UNUSED)
{
	zone("Europe/Berlin");
	is(at("2025-03-30 01:59:59"), "2025-03-30T00:59:59Z");
	is(at("2025-03-30 03:00"), "2025-03-30T01:00:00Z");
	/* never shown by a clock: as if it had not been moved */
	is(at("2025-03-30 02:30"), "2025-03-30T01:30:00Z");
	/* shown twice: the first */
	is(at("2025-10-26 02:30"), "2025-10-26T00:30:00Z");
	is(at("2025-10-26 03:00"), "2025-10-26T02:00:00Z");
	zone("Europe/Moscow");
	is(at("2014-10-26 01:30"), "2014-10-25T21:30:00Z");
	is(at("2014-10-26 02:00"), "2014-10-25T23:00:00Z");
	is(at("2011-03-27 02:30"), "2011-03-26T23:30:00Z");
	is(at("1965-06-01"), "1965-05-31T21:00:00Z");
	is(at("1998-01-02"), "1998-01-01T21:00:00Z");
	is(at("2200-07-01"), "2200-06-30T21:00:00Z");
}

static void
test_a_day_begins_when_its_clock_first_shows_it(void **state UNUSED)
{
	/* midnight is skipped, midnight comes twice, a whole day is skipped */
	zone("America/Sao_Paulo");
	is(when_day_start(day("2018-11-04")), "2018-11-04T03:00:00Z");
	is(when_day_start(day("2018-02-18")), "2018-02-18T03:00:00Z");
	zone("America/Havana");
	is(when_day_start(day("2024-11-03")), "2024-11-03T04:00:00Z");
	zone("Pacific/Apia");
	is(when_day_start(day("2011-12-30")), "2011-12-30T10:00:00Z");
	is(when_day_start(day("2011-12-31")), "2011-12-30T10:00:00Z");
	zone("Europe/Berlin");
	is(when_day_at(day("2025-03-30"), 16 * 3600), "2025-03-30T14:00:00Z");
	is(when_day_at(day("2025-03-31"), 16 * 3600), "2025-03-31T14:00:00Z");
	assert_int_equal(when_day_start(day("2025-03-31")) -
			     when_day_start(day("2025-03-30")),
	    23 * 3600);
}

/* What is remembered of a day must be what libc says of each of its seconds. */
static void
test_local_time_agrees_with_libc(void **state UNUSED)
{
	static const char *const names[] = { "Europe/Moscow", "Europe/Minsk",
		"Europe/Kyiv", "America/New_York", "Asia/Kathmandu",
		"Africa/Casablanca", "Australia/Lord_Howe", "Pacific/Apia" };
	uint64_t r = 1;
	struct tm tm;
	size_t i;
	time_t t;
	int n;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		zone(names[i]);
		for (n = 0; n < 20000; n++) {
			r = r * UINT64_C(6364136223846793005) + 1;
			t = (time_t)(r >> 31) - 1000000000;
			localtime_r(&t, &tm);
			assert_int_equal(when_second_of_day(t),
			    tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
			assert_int_equal(when_weekday(when_day(t)) % 7,
			    tm.tm_wday);
		}
	}
}

static void
test_each_second_lies_in_its_day(void **state UNUSED)
{
	int64_t d;

	zone("Europe/Kyiv");
	for (d = -3653; d < 36525; d++) {
		assert_int_equal(when_day(when_day_start(d)), d);
		assert_int_equal(when_day(when_day_start(d) - 1), d - 1);
	}
}

static void
test_no_time_is_too_far(void **state UNUSED)
{
	char buf[WHEN_STR_MAX];

	zone("Europe/Moscow");
	assert_string_equal(when_format(WHEN_MAX, buf),
	    "292277026596-12-04T15:30:07Z");
	assert_string_equal(when_format(WHEN_MIN, buf),
	    "-292277022657-01-27T08:29:52Z");
	assert_string_equal(when_local(WHEN_MAX, buf),
	    "292277026596-12-04 15:30");
	assert_int_equal(when_second_of_day(WHEN_MIN), 30592);
}

/* Reading. */

static void
test_parse(void **state UNUSED)
{
	zone("Europe/Moscow");
	assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(at("1969-12-31T23:59:59Z"), -1);
	is(at("2026-11-22T10:00:00+03:00"), "2026-11-22T07:00:00Z");
	is(at("2026-11-22T10:00:00-0330"), "2026-11-22T13:30:00Z");
	is(at("2026-11-22T10:00:00.999999999Z"), "2026-11-22T10:00:00Z");
	is(at("2026-11-22t10:00:00z"), "2026-11-22T10:00:00Z");
	is(at("2026-11-22 10:00:01+03:00"), "2026-11-22T07:00:01Z");
	is(at("2026-11-22T10:00:05"), "2026-11-22T07:00:05Z");
	is(at("2026-11-22 10:00:05.5"), "2026-11-22T07:00:05Z");
	is(at("2026-11-22 10:00"), "2026-11-22T07:00:00Z");
	is(at("2026-11-22"), "2026-11-21T21:00:00Z");
	is(at("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
	is(at("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
	is(at("9999-12-31T23:59:59Z"), "9999-12-31T23:59:59Z");
}

static void
test_parse_refuses(void **state UNUSED)
{
	static const char *const bad[] = { "", "now", "2026", "2026-11",
		"2026-11-31T10:00:00Z", "2026-02-29 10:00",
		"2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z",
		"2026-11-22T10:00:61Z", "2026-11-22T10", "2026-11-22T",
		"2026-11-22  10:00", "2026-11-22T1:00", "2026-11-22T10:00:0",
		"2026-11-22T10:00:", "2026-11-22T10:00:00.Z",
		"2026-11-22T10:00.5", "2026-11-22Z", "2026-11-22T10:00:00+3",
		"2026-11-22T10:00:00+24:00", "2026-11-22T10:00:00+03:60",
		"2026-11-22T10:00:00+03:", "2026-11-22T10:00:00 Z",
		"2026-11-22T10:00:00ZZ", "2026-11-22T10:00:00Z ", " 2026-11-22",
		"1700000000", "+026-11-22", "2026-11-22T-1:00" };
	const struct err *err;
	int64_t t;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		t = 1;
		err = when_parse(bad[i], &t);
		if (err == NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err_some(err)->code, ERR_INPUT);
		assert_int_equal(t, 0);
	}
}

static const struct {
	const char *text, *pattern, *utc;
} patterns[] = {
	{ "22.11.2026 10:05", "%d.%m.%Y %H:%M", "2026-11-22T07:05:00Z" },
	{ "2.1.98", "%d.%m.%y", "1998-01-01T21:00:00Z" },
	{ "1/2/26 9:05 PM", "%m/%d/%y %I:%M %p", "2026-01-02T18:05:00Z" },
	{ "1/2/2026 12:00am", "%m/%d/%Y %I:%M%p", "2026-01-01T21:00:00Z" },
	{ "1/2/2026 12:00 pm", "%m/%d/%Y %I:%M %p", "2026-01-02T09:00:00Z" },
	{ "22 Nov 2026", "%d %b %Y", "2026-11-21T21:00:00Z" },
	{ "22 november 2026", "%d %b %Y", "2026-11-21T21:00:00Z" },
	{ "3 May 2026", "%d %b %Y", "2026-05-02T21:00:00Z" },
	{ "22/Nov/2026:10:00:01 -0500", "%d/%b/%Y:%H:%M:%S %z",
	    "2026-11-22T15:00:01Z" },
	{ "20261122T100000Z", "%Y%m%dT%H%M%S%z", "2026-11-22T10:00:00Z" },
	{ "1700000000", "%s", "2023-11-14T22:13:20Z" },
	{ "-1", "%s", "1969-12-31T23:59:59Z" },
	{ "2026-11-22 \t 10:00", "%Y-%m-%d %H:%M", "2026-11-22T07:00:00Z" },
	{ "2026-11-2210:00", "%Y-%m-%d %H:%M", "2026-11-22T07:00:00Z" },
	{ "2026-11", "%Y-%m", "2026-10-31T21:00:00Z" },
	{ "100% 2026-11-22", "100%% %Y-%m-%d", "2026-11-21T21:00:00Z" },
};

static void
test_parse_as(void **state UNUSED)
{
	int64_t t;
	size_t i;

	zone("Europe/Moscow");
	for (i = 0; i < ARRAY_LEN(patterns); i++) {
		assert_null(
		    when_parse_as(patterns[i].text, patterns[i].pattern, &t));
		is(t, patterns[i].utc);
	}
}

static void
refused_as(const char *text, const char *pattern, enum err_code code)
{
	int64_t t = 1;
	const struct err *err = when_parse_as(text, pattern, &t);

	if (err == NULL)
		fail_msg("'%s' was taken as '%s'", text, pattern);
	assert_int_equal(err_some(err)->code, code);
	assert_int_equal(t, 0);
}

static void
test_parse_as_refuses(void **state UNUSED)
{
	refused_as("31.02.2026", "%d.%m.%Y", ERR_INPUT);
	refused_as("22.11.26", "%d.%m.%Y", ERR_INPUT);
	refused_as("22.11.2026 ", "%d.%m.%Y", ERR_INPUT);
	refused_as("22.11.2026", "%d.%m.%Y %H:%M", ERR_INPUT);
	refused_as("22.11.2026 25:00", "%d.%m.%Y %H:%M", ERR_INPUT);
	refused_as("22-11-2026", "%d.%m.%Y", ERR_INPUT);
	refused_as("1/2/2026 13:00 PM", "%m/%d/%Y %I:%M %p", ERR_INPUT);
	refused_as("1/2/2026 1:00 XM", "%m/%d/%Y %I:%M %p", ERR_INPUT);
	refused_as("22 Nob 2026", "%d %b %Y", ERR_INPUT);
	refused_as("-", "%s", ERR_INPUT);
	refused_as("1234567890123456789", "%s", ERR_INPUT);
	refused_as("22.11.2026", "%d.%m.%Q", ERR_CONFIG);
	refused_as("22.11.2026", "%d.%m.%Y%", ERR_CONFIG);
	refused_as("22.11", "%d.%m", ERR_CONFIG);
	refused_as("2026", "%%Y", ERR_CONFIG);
}

static void
test_format_then_parse_is_identity(void **state UNUSED)
{
	char buf[WHEN_STR_MAX];
	uint64_t r = 1;
	int64_t t;
	int i;

	zone("Asia/Almaty");
	for (i = 0; i < 20000; i++) {
		r = r * UINT64_C(6364136223846793005) + 1;
		t = (int64_t)(r >> 26) - 60000000000;
		assert_int_equal(at(when_format(t, buf)), t);
	}
}

/* The clock. */

static void
test_now(void **state UNUSED)
{
	int64_t before;

	unsetenv("CRM_NOW");
	before = (int64_t)time(NULL);
	assert_in_range(when_now(), before, before + 60);
	setenv("CRM_NOW", "1700000000", 1);
	assert_int_equal(when_now(), 1700000000);
	setenv("CRM_NOW", "2026-11-22T10:00:00Z", 1);
	is(when_now(), "2026-11-22T10:00:00Z");
	unsetenv("CRM_NOW");
}

static void
test_bad_now_ends_the_program(void **state UNUSED)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		fclose(stderr);
		setenv("CRM_NOW", "yesterday", 1);
		when_now();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

/* Spans. */

/* Sunday, 11:00 in Moscow. */
#define NOW "2026-11-22T08:00:00Z"

static void
spans(const char *word, const char *from, const char *to)
{
	struct when_span s;
	const struct err *err = when_span_parse(word, at(NOW), &s);

	if (err != NULL)
		fail_msg("%s", err->msg);
	is(s.from, from);
	is(s.to, to);
	assert_int_equal(when_span_last(&s), s.to > s.from ? s.to - 1 : s.to);
}

static void
test_spans(void **state UNUSED)
{
	zone("Europe/Moscow");
	spans("2026", "2025-12-31T21:00:00Z", "2026-12-31T21:00:00Z");
	spans("2026-02", "2026-01-31T21:00:00Z", "2026-02-28T21:00:00Z");
	spans("2026-12", "2026-11-30T21:00:00Z", "2026-12-31T21:00:00Z");
	spans("2026-W47", "2026-11-15T21:00:00Z", "2026-11-22T21:00:00Z");
	spans("2026-W53", "2026-12-27T21:00:00Z", "2027-01-03T21:00:00Z");
	spans("2026-11-22", "2026-11-21T21:00:00Z", "2026-11-22T21:00:00Z");
	spans("today", "2026-11-21T21:00:00Z", "2026-11-22T21:00:00Z");
	spans("yesterday", "2026-11-20T21:00:00Z", "2026-11-21T21:00:00Z");
	spans("this-week", "2026-11-15T21:00:00Z", "2026-11-22T21:00:00Z");
	spans("last-week", "2026-11-08T21:00:00Z", "2026-11-15T21:00:00Z");
	spans("this-month", "2026-10-31T21:00:00Z", "2026-11-30T21:00:00Z");
	spans("last-month", "2026-09-30T21:00:00Z", "2026-10-31T21:00:00Z");
	zone("Europe/Berlin"); /* a day of 25 hours */
	spans("2025-10-26", "2025-10-25T22:00:00Z", "2025-10-26T23:00:00Z");
}

static void
instant(const char *word, const char *utc)
{
	spans(word, utc, utc);
}

static void
test_instants(void **state UNUSED)
{
	zone("Europe/Moscow");
	instant("now", NOW);
	instant("-30m", "2026-11-22T07:30:00Z");
	instant("-12h", "2026-11-21T20:00:00Z");
	instant("+2h", "2026-11-22T10:00:00Z");
	instant("-0d", "2026-11-21T21:00:00Z");
	instant("-7d", "2026-11-14T21:00:00Z");
	instant("+1d", "2026-11-22T21:00:00Z");
	instant("-2w", "2026-11-07T21:00:00Z");
	instant("2026-11-22 10:00", "2026-11-22T07:00:00Z");
	instant("2026-11-22T10:00:00+05:00", "2026-11-22T05:00:00Z");
}

static void
test_spans_refuse(void **state UNUSED)
{
	static const char *const bad[] = { "", "tomorow", "Today", "7d", "-d",
		"-7", "-7x", "-7dd", "- 7d", "-7d ", "-9999999d", "26", "20266",
		"2026-", "2026-13", "2026-00", "2026-1", "2026-W00", "2026-W54",
		"2025-W53", "2026-W4", "2026-W477", "2026-w47", "2026-11-31",
		"week", ".." };
	struct when_span s;
	const struct err *err;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = when_span_parse(bad[i], at(NOW), &s);
		if (err == NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err_some(err)->code, ERR_INPUT);
		assert_int_equal(s.from, s.to);
	}
}

static void
ranges(const char *text, int64_t from, int64_t to)
{
	struct when_span s;
	const struct err *err = when_range_parse(text, at(NOW), &s);

	if (err != NULL)
		fail_msg("%s", err->msg);
	assert_int_equal(s.from, from);
	assert_int_equal(s.to, to);
}

static void
test_ranges(void **state UNUSED)
{
	zone("Europe/Moscow");
	ranges("2026-11-01..2026-11-30", at("2026-11-01"), at("2026-12-01"));
	ranges("2026-11", at("2026-11-01"), at("2026-12-01"));
	ranges("2025..2026-W47", at("2025-01-01"), at("2026-11-23"));
	ranges("-7d..", at("2026-11-15"), WHEN_MAX);
	ranges("..-5d", WHEN_MIN, at("2026-11-17") + 1);
	ranges("..yesterday", WHEN_MIN, at("2026-11-22"));
	ranges("..", WHEN_MIN, WHEN_MAX);
	ranges("-1h..now", at(NOW) - 3600, at(NOW) + 1);
	ranges("now..now", at(NOW), at(NOW) + 1);
	ranges("2026-11-22T10:00:00.5Z..2026-11-22T10:00:01.5Z",
	    at("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:02Z"));
}

static void
test_ranges_refuse(void **state UNUSED)
{
	static const char *const bad[] = { "", "now", "-7d", "2026-11-22 10:00",
		"today..yesterday", "2026-11-30..2026-11-01", "a..", "..b",
		"2026...2027", "2026..2027.." };
	struct when_span s;
	const struct err *err;
	char text[100];
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = when_range_parse(bad[i], at(NOW), &s);
		if (err == NULL)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(err_some(err)->code, ERR_INPUT);
	}
	snprintf(text, sizeof(text), "2026-11-22T10:00:00.%064dZ..", 0);
	assert_non_null(when_range_parse(text, at(NOW), &s));
}

static void
test_duration(void **state UNUSED)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} durations[] = {
		{ 0, "0s" },
		{ 45, "45s" },
		{ 60, "1m" },
		{ 119, "1m" },
		{ 720, "12m" },
		{ 3600, "1h" },
		{ 12059, "3h 20m" },
		{ 86399, "23h 59m" },
		{ 86400, "1d" },
		{ 187200, "2d 4h" },
		{ -45, "-45s" },
		{ -12000, "-3h 20m" },
		{ INT64_MIN, "-106751991167300d 15h" },
	};
	char buf[WHEN_STR_MAX];
	size_t i;

	for (i = 0; i < ARRAY_LEN(durations); i++)
		assert_string_equal(when_duration(durations[i].seconds, buf),
		    durations[i].text);
}

static void
test_length(void **state UNUSED)
{
	static const struct {
		const char *text;
		int64_t seconds;
	} good[] = { { "1s", 1 }, { "90s", 90 }, { "15m", 900 },
		{ "12h", 43200 }, { "7d", 604800 }, { "2w", 1209600 },
		{ "999999w", 999999 * INT64_C(604800) } };
	static const char *const bad[] = { "", "m", "0m", "000d", "15", "15 m",
		"15min", "-15m", "+15m", "1.5h", "1000000s", "1y", "15M" };
	const struct err *err;
	int64_t t;
	size_t i;

	for (i = 0; i < ARRAY_LEN(good); i++) {
		assert_null(when_length_parse(good[i].text, &t));
		assert_int_equal(t, good[i].seconds);
	}
	for (i = 0; i < ARRAY_LEN(bad); i++) {
		err = when_length_parse(bad[i], &t);
		assert_non_null(err);
		assert_int_equal(err->code, ERR_INPUT);
		assert_int_equal(t, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utc_until_told_and_without_tzdata),
		cmocka_unit_test(test_calendar_agrees_with_libc),
		cmocka_unit_test(test_iso_weeks),
		cmocka_unit_test(test_month_add_is_clamped),
		cmocka_unit_test(test_impossible_days),
		cmocka_unit_test(test_zones),
		cmocka_unit_test(test_unknown_zones),
		cmocka_unit_test(test_local_times_around_a_change),
		cmocka_unit_test(
		    test_a_day_begins_when_its_clock_first_shows_it),
		cmocka_unit_test(test_local_time_agrees_with_libc),
		cmocka_unit_test(test_each_second_lies_in_its_day),
		cmocka_unit_test(test_no_time_is_too_far),
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_refuses),
		cmocka_unit_test(test_parse_as),
		cmocka_unit_test(test_parse_as_refuses),
		cmocka_unit_test(test_format_then_parse_is_identity),
		cmocka_unit_test(test_now),
		cmocka_unit_test(test_bad_now_ends_the_program),
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_instants),
		cmocka_unit_test(test_spans_refuse),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_ranges_refuse),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
