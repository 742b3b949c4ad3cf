/* when_span.c - times and dates: spans, distances and lengths of time. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/when_parts.h"

#define WORD_MAX 64 /* longest end of a range worth reading */

/* Words for days: *end is the first day after. */
static bool
read_word(const char *s, int64_t now, int64_t *first, int64_t *end)
{
	int64_t today = when_day(now);
	int64_t monday = today - when_weekday(today) + 1;
	int64_t month = when_month_start(today);
	const struct {
		const char *word;
		int64_t first;
		int64_t end;
	} words[] = {
		{ "today", today, today + 1 },
		{ "yesterday", today - 1, today },
		{ "this-week", monday, monday + 7 },
		{ "last-week", monday - 7, monday },
		{ "this-month", month, when_month_add(month, 1) },
		{ "last-month", when_month_add(month, -1), month },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(s, words[i].word) == 0) {
			*first = words[i].first;
			*end = words[i].end;
			return true;
		}
	return false;
}

/* 2026-W47 */
static bool
read_week(const char *s, int64_t *first, int64_t *end)
{
	const char *p = s;
	int year, week, is_year, is_week;

	if (!when_take_number(&p, 4, 4, &year) || strncmp(p, "-W", 2) != 0)
		return false;
	p += 2;
	if (!when_take_number(&p, 2, 2, &week) || *p != '\0')
		return false;
	*first = when_iso_week_start(year, week);
	*end = *first + 7;
	when_iso_week(*first, &is_year, &is_week);
	return is_year == year && is_week == week;
}

/* A year, a month, an ISO week or a date. */
static bool
read_days(const char *s, int64_t *first, int64_t *end)
{
	const size_t len = strlen(s);
	char date[WHEN_STR_MAX];

	if (len == strlen("2026-W47"))
		return read_week(s, first, end);
	if (len > strlen("2026-11-22"))
		return false;
	snprintf(date, sizeof(date), "%s%s", s,
	    len == 4 ? "-01-01" :
	    len == 7 ? "-01" :
		       "");
	if (when_day_parse(date, first) != NULL)
		return false;
	*end = len == 4 ? when_month_add(*first, 12) :
	       len == 7 ? when_month_add(*first, 1) :
			  *first + 1;
	return true;
}

/* -7d, +12h */
static bool
read_distance(const char *s, int64_t now, int64_t *t)
{
	const char *p = s + 1;
	int n;

	if ((*s != '-' && *s != '+') || !when_take_number(&p, 1, 6, &n) ||
	    *p == '\0' || p[1] != '\0')
		return false;
	n = *s == '-' ? -n : n;
	switch (*p) {
	case 'm':
		*t = now + (int64_t)n * MINUTE;
		return true;
	case 'h':
		*t = now + (int64_t)n * HOUR;
		return true;
	case 'd':
		*t = when_day_start(when_day(now) + n);
		return true;
	case 'w':
		*t = when_day_start(when_day(now) + (int64_t)n * 7);
		return true;
	default:
		return false;
	}
}

const struct err *
when_span_parse(const char *s, int64_t now, struct when_span *out)
{
	int64_t first, end;

	*out = (struct when_span){ 0 };
	if (read_word(s, now, &first, &end) || read_days(s, &first, &end)) {
		out->from = when_day_start(first);
		out->to = when_day_start(end);
		return NULL;
	}
	if (strcmp(s, "now") == 0)
		out->from = now;
	else if (!read_distance(s, now, &out->from) &&
		 when_parse(s, &out->from) != NULL)
		return err_new(ERR_INPUT, "'%s' is not a time or span of time",
		    s);
	out->to = out->from;
	return NULL;
}

int64_t
when_span_last(const struct when_span *s)
{
	return s->to > s->from ? s->to - 1 : s->from;
}

const struct err *
when_range_parse(const char *s, int64_t now, struct when_span *out)
{
	const struct err *err;
	const char *dots = strstr(s, "..");
	struct when_span end;
	char low[WORD_MAX] = { 0 };

	if (dots == NULL) {
		if ((err = when_span_parse(s, now, out)) == NULL &&
		    out->from == out->to)
			err = err_new(ERR_INPUT,
			    "'%s' is a moment, not a span of time", s);
		return err;
	}
	*out = (struct when_span){ .from = WHEN_MIN, .to = WHEN_MAX };
	if ((size_t)(dots - s) >= sizeof(low))
		return err_new(ERR_INPUT, "'%s' is not a span of time", s);
	memcpy(low, s, (size_t)(dots - s));
	if (low[0] != '\0') {
		if ((err = when_span_parse(low, now, &end)) != NULL)
			return err;
		out->from = end.from;
	}
	if (dots[2] != '\0') {
		if ((err = when_span_parse(dots + 2, now, &end)) != NULL)
			return err;
		out->to = end.from == end.to ? end.to + 1 : end.to;
	}
	if (out->from >= out->to)
		return err_new(ERR_INPUT, "'%s' ends before it begins", s);
	return NULL;
}

const struct err *
when_length_parse(const char *s, int64_t *out)
{
	static const char units[] = "smhdw";
	static const int64_t sizes[] = { 1, MINUTE, HOUR, DAY,
		INT64_C(7) * DAY };
	const char *p = s, *unit;
	int n;

	*out = 0;
	if (when_take_number(&p, 1, 6, &n) && n != 0 && *p != '\0' &&
	    p[1] == '\0' && (unit = strchr(units, *p)) != NULL) {
		*out = n * sizes[unit - units];
		return NULL;
	}
	return err_new(ERR_INPUT, "bad length of time '%s'; it is as 15m or 7d",
	    s);
}

const char *
when_duration(int64_t seconds, char buf[static WHEN_STR_MAX])
{
	static const struct {
		uint64_t size;
		char unit;
	} steps[] = { { DAY, 'd' }, { HOUR, 'h' }, { MINUTE, 'm' },
		{ 1, 's' } };
	uint64_t n = seconds < 0 ? 0 - (uint64_t)seconds : (uint64_t)seconds;
	const char *sign = seconds < 0 ? "-" : "";
	uint8_t rest = 0; /* of the next smaller unit: below 60 */
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(steps) && n < steps[i].size)
		i++;
	if (n >= HOUR)
		rest = (uint8_t)(n % steps[i].size / steps[i + 1].size);
	if (rest == 0)
		snprintf(buf, WHEN_STR_MAX, "%s%" PRIu64 "%c", sign,
		    n / steps[i].size, steps[i].unit);
	else
		snprintf(buf, WHEN_STR_MAX, "%s%" PRIu64 "%c %d%c", sign,
		    n / steps[i].size, steps[i].unit, rest, steps[i + 1].unit);
	return buf;
}
