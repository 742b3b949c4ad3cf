/* when.c - times and dates: calendar, time zone, reading and writing. */
#include "base/when.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/arena.h"

#define MINUTE     60
#define HOUR       3600
#define DAY        86400
#define ZONEINFO   "/usr/share/zoneinfo"
#define ZONE_MAX   64
#define CACHE_DAYS 1024
#define WORD_MAX   64 /* longest end of a range worth reading */

/* The years of libc are an int: some 2,000,000,000 years on there is UTC. */
#define LIBC_MAX INT64_C(60000000000000000)

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t
floor_mod(int64_t a, int64_t b)
{
	return a % b + (a % b < 0 ? b : 0);
}

/*
 * The calendar. Years begin in March here, so that the leap day comes last and
 * the lengths of the months before it follow a straight line, 153 days in 5.
 */

#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define DAYS_IN_400Y 146097

struct date {
	int64_t year;
	int month; /* 1..12 */
	int day;   /* 1..31 */
};

/* A month of 13 is January of the next year. */
static int64_t
day_of(int64_t year, int month, int day)
{
	int64_t y = month < 3 ? year - 1 : year;
	int m = (month + 9) % 12;

	return 365 * y + floor_div(y, 4) - floor_div(y, 100) +
	       floor_div(y, 400) + (153 * m + 2) / 5 + day - 1 - DAYS_TO_1970;
}

static struct date
date_of(int64_t day)
{
	int64_t since = day + DAYS_TO_1970;
	int64_t era = floor_div(since, DAYS_IN_400Y);
	int n = (int)floor_mod(since, DAYS_IN_400Y);
	int y = (n - n / 1460 + n / 36524 - n / (DAYS_IN_400Y - 1)) / 365;
	int yday = n - (365 * y + y / 4 - y / 100);
	int m = (5 * yday + 2) / 153;

	return (struct date){
		.year = era * 400 + y + (m >= 10),
		.month = m < 10 ? m + 3 : m - 9,
		.day = yday - (153 * m + 2) / 5 + 1,
	};
}

static int
days_in_month(int64_t year, int month)
{
	return (int)(day_of(year, month + 1, 1) - day_of(year, month, 1));
}

int
when_weekday(int64_t day)
{
	return (int)floor_mod(day + 3, 7) + 1; /* 1970 began on a Thursday */
}

int64_t
when_month_start(int64_t day)
{
	return day - date_of(day).day + 1;
}

int64_t
when_month_add(int64_t day, int months)
{
	struct date d = date_of(day);
	int64_t n = d.year * 12 + d.month - 1 + months;
	int last;

	d.year = floor_div(n, 12);
	d.month = (int)floor_mod(n, 12) + 1;
	last = days_in_month(d.year, d.month);
	return day_of(d.year, d.month, d.day < last ? d.day : last);
}

void
when_iso_week(int64_t day, int *year, int *week)
{
	int64_t thursday = day - when_weekday(day) + 4;
	int64_t y = date_of(thursday).year;

	*year = (int)y;
	*week = (int)(thursday - day_of(y, 1, 1)) / 7 + 1;
}

int64_t
when_iso_week_start(int year, int week)
{
	int64_t jan4 = day_of(year, 1, 4);

	return jan4 - when_weekday(jan4) + 1 + INT64_C(7) * (week - 1);
}

/*
 * The zone. libc knows the rules but takes its time to apply them, and figures
 * ask for the day of each of a million orders: so the offset of a day (of UTC)
 * on which the clocks are not moved is kept.
 */
static struct {
	char name[ZONE_MAX];
	bool libc; /* else UTC */
	struct {
		int64_t day;
		int offset;
		bool known;
	} cache[CACHE_DAYS];
} zone = { .name = "UTC" };

static int
libc_offset(int64_t t)
{
	time_t tt = (time_t)t;
	struct tm tm = { 0 };

	localtime_r(&tt, &tm);
	return (int)tm.tm_gmtoff;
}

/* Seconds east of UTC at this time. */
static int
offset_at(int64_t t)
{
	int64_t day = floor_div(t, DAY);
	size_t i = (uint64_t)day % CACHE_DAYS;
	int offset;

	if (!zone.libc || t < -LIBC_MAX || t > LIBC_MAX)
		return 0;
	if (zone.cache[i].known && zone.cache[i].day == day)
		return zone.cache[i].offset;
	offset = libc_offset(day * DAY);
	if (offset != libc_offset(day * DAY + DAY - 1))
		return libc_offset(t);
	zone.cache[i].day = day;
	zone.cache[i].offset = offset;
	zone.cache[i].known = true;
	return offset;
}

/* The time at which a local clock shows so many seconds since 1970. */
static int64_t
from_local(int64_t local)
{
	int before = offset_at(local - DAY), after = offset_at(local + DAY);

	if (offset_at(local - before) == before)
		return local - before; /* of two such times the first */
	if (offset_at(local - after) == after)
		return local - after;
	return local - before; /* in a gap */
}

/* A name such as America/Port-au-Prince or Etc/GMT+3, and no way out. */
static bool
is_zone_name(const char *name)
{
	size_t len = strspn(name,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	    "/_+-");

	return len != 0 && len < ZONE_MAX && name[len] == '\0' &&
	       name[0] != '/';
}

static bool
is_zone_file(const char *name)
{
	const char *dir = getenv("TZDIR");
	struct arena a = { 0 };
	char magic[4] = { 0 };
	const char *path;
	FILE *fp;

	path = arena_printf(&a, "%s/%s", dir != NULL ? dir : ZONEINFO, name);
	fp = fopen(path, "rbe");
	arena_free(&a);
	if (fp == NULL)
		return false;
	if (fread(magic, 1, sizeof(magic), fp) != sizeof(magic))
		magic[0] = '\0';
	fclose(fp);
	return memcmp(magic, "TZif", sizeof(magic)) == 0;
}

const struct err *
when_zone(const char *name)
{
	char value[ZONE_MAX + 1];
	bool utc = strcmp(name, "UTC") == 0;

	if (!utc && (!is_zone_name(name) || !is_zone_file(name)))
		return err_new(ERR_CONFIG, "unknown time zone '%s'", name);
	snprintf(value, sizeof(value), ":%s", name);
	if (setenv("TZ", utc ? "UTC0" : value, 1) != 0)
		return err_sys("time zone %s", name);
	tzset();
	memset(&zone, 0, sizeof(zone));
	snprintf(zone.name, sizeof(zone.name), "%s", name);
	zone.libc = !utc;
	return NULL;
}

const char *
when_zone_name(void)
{
	return zone.name;
}

int64_t
when_day(int64_t t)
{
	return floor_div(t, DAY) +
	       floor_div(floor_mod(t, DAY) + offset_at(t), DAY);
}

int
when_second_of_day(int64_t t)
{
	return (int)floor_mod(floor_mod(t, DAY) + offset_at(t), DAY);
}

int64_t
when_day_at(int64_t day, int second)
{
	return from_local(day * DAY + second);
}

int64_t
when_day_start(int64_t day)
{
	return when_day_at(day, 0);
}

/*
 * Reading. A take function reads one thing at *p and steps over it, or returns
 * false.
 */

struct fields { /* of a date and time as they are written */
	int year;
	int month;
	int day;
	int hour;
	int minute;
	int second;
	bool pm;
	bool zoned; /* else local */
	int offset; /* when zoned */
	bool counted;
	int64_t
	    count; /* when counted: seconds since 1970; the rest is unused */
};

static const struct fields midnight = { .month = 1, .day = 1 };

static bool
take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool
take_number(const char **p, int min_digits, int max_digits, int *out)
{
	int n;

	*out = 0;
	for (n = 0; n < max_digits && isdigit((unsigned char)**p); n++)
		*out = *out * 10 + *(*p)++ - '0';
	return n >= min_digits;
}

/* 2026-11-22 */
static bool
take_date(const char **p, struct fields *f)
{
	return take_number(p, 4, 4, &f->year) && take_char(p, '-') &&
	       take_number(p, 2, 2, &f->month) && take_char(p, '-') &&
	       take_number(p, 2, 2, &f->day);
}

/* 10:00 or 10:00:59 or 10:00:59.999 */
static bool
take_clock(const char **p, struct fields *f)
{
	if (!take_number(p, 2, 2, &f->hour) || !take_char(p, ':') ||
	    !take_number(p, 2, 2, &f->minute))
		return false;
	if (!take_char(p, ':'))
		return true;
	if (!take_number(p, 2, 2, &f->second))
		return false;
	if ((*p)[0] == '.' && isdigit((unsigned char)(*p)[1]))
		for ((*p)++; isdigit((unsigned char)**p); (*p)++)
			;
	return true;
}

/* Z, +03, +0300 or +03:00 */
static bool
take_offset(const char **p, struct fields *f)
{
	int sign, hours, minutes = 0;

	f->zoned = true;
	f->offset = 0;
	if (take_char(p, 'Z') || take_char(p, 'z'))
		return true;
	sign = **p == '-' ? -1 : 1;
	if (!take_char(p, '+') && !take_char(p, '-'))
		return false;
	if (!take_number(p, 2, 2, &hours))
		return false;
	if ((take_char(p, ':') || isdigit((unsigned char)**p)) &&
	    !take_number(p, 2, 2, &minutes))
		return false;
	f->offset = sign * (hours * HOUR + minutes * MINUTE);
	return hours < 24 && minutes < 60;
}

/* Nov or November */
static bool
take_month_name(const char **p, int *month)
{
	static const char *const names[] = { "January", "February", "March",
		"April", "May", "June", "July", "August", "September",
		"October", "November", "December" };
	size_t i, len;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		if (strncasecmp(*p, names[i], 3) != 0)
			continue;
		len = strlen(names[i]);
		*p += strncasecmp(*p, names[i], len) == 0 ? len : 3;
		*month = (int)i + 1;
		return true;
	}
	return false;
}

static bool
take_half(const char **p, bool *pm)
{
	*pm = **p == 'P' || **p == 'p';
	if (strncasecmp(*p, *pm ? "PM" : "AM", 2) != 0)
		return false;
	*p += 2;
	return true;
}

static bool
take_count(const char **p, struct fields *f)
{
	const char *s = *p;
	size_t len = strspn(s + (*s == '-'), "0123456789");

	if (len == 0 || len > 18)
		return false;
	f->counted = true;
	f->count = strtoll(s, NULL, 10);
	*p = s + (*s == '-') + len;
	return true;
}

/* What a letter of a pattern stands for; the letter is one of LETTERS. */
#define LETTERS "YymdHMSIpzsb%"

static bool
take_letter(const char **p, char letter, struct fields *f)
{
	switch (letter) {
	case 'Y':
		return take_number(p, 4, 4, &f->year);
	case 'y':
		if (!take_number(p, 2, 2, &f->year))
			return false;
		f->year += f->year < 69 ? 2000 : 1900; /* as POSIX has it */
		return true;
	case 'm':
		return take_number(p, 1, 2, &f->month);
	case 'b':
		return take_month_name(p, &f->month);
	case 'd':
		return take_number(p, 1, 2, &f->day);
	case 'H':
		return take_number(p, 1, 2, &f->hour);
	case 'I':
		if (!take_number(p, 1, 2, &f->hour) || f->hour < 1 ||
		    f->hour > 12)
			return false;
		f->hour %= 12;
		return true;
	case 'p':
		return take_half(p, &f->pm);
	case 'M':
		return take_number(p, 1, 2, &f->minute);
	case 'S':
		return take_number(p, 1, 2, &f->second);
	case 'z':
		return take_offset(p, f);
	case 's':
		return take_count(p, f);
	default:
		return take_char(p, '%');
	}
}

/* The day of the fields, if there is such a day. */
static bool
fields_day(const struct fields *f, int64_t *day)
{
	if (f->month < 1 || f->month > 12 || f->day < 1 ||
	    f->day > days_in_month(f->year, f->month))
		return false;
	*day = day_of(f->year, f->month, f->day);
	return true;
}

/* A leap second, 23:59:60, is the next second, as it is to the kernel. */
static bool
fields_time(const struct fields *f, int64_t *t)
{
	int hour = f->pm && f->hour < 12 ? f->hour + 12 : f->hour, second;
	int64_t day;

	if (f->counted) {
		*t = f->count;
		return true;
	}
	if (hour > 23 || f->minute > 59 || f->second > 60 ||
	    !fields_day(f, &day))
		return false;
	second = hour * HOUR + f->minute * MINUTE + f->second;
	*t = f->zoned ? day * DAY + second - f->offset :
			when_day_at(day, second);
	return true;
}

static bool
read_time(const char *p, int64_t *t)
{
	struct fields f = midnight;

	if (!take_date(&p, &f))
		return false;
	if ((take_char(&p, 'T') || take_char(&p, 't') || take_char(&p, ' ')) &&
	    (!take_clock(&p, &f) || (*p != '\0' && !take_offset(&p, &f))))
		return false;
	return *p == '\0' && fields_time(&f, t);
}

static bool
read_day(const char *p, int64_t *day)
{
	struct fields f = midnight;

	return take_date(&p, &f) && *p == '\0' && fields_day(&f, day);
}

static bool
read_as(const char *p, const char *pattern, int64_t *t)
{
	struct fields f = midnight;

	for (; *pattern != '\0'; pattern++)
		if (isspace((unsigned char)*pattern))
			while (isspace((unsigned char)*p))
				p++;
		else if (*pattern != '%' ? !take_char(&p, *pattern) :
					   !take_letter(&p, *++pattern, &f))
			return false;
	return *p == '\0' && fields_time(&f, t);
}

const struct err *
when_parse(const char *s, int64_t *out)
{
	*out = 0;
	if (!read_time(s, out))
		return err_new(ERR_INPUT, "'%s' is not a time", s);
	return NULL;
}

const struct err *
when_day_parse(const char *s, int64_t *day)
{
	*day = 0;
	if (!read_day(s, day))
		return err_new(ERR_INPUT, "'%s' is not a date", s);
	return NULL;
}

const struct err *
when_parse_as(const char *s, const char *pattern, int64_t *out)
{
	const char *p;
	bool year = false;

	*out = 0;
	for (p = pattern; (p = strchr(p, '%')) != NULL; p += 2) {
		if (p[1] == '\0' || strchr(LETTERS, p[1]) == NULL)
			return err_new(ERR_CONFIG,
			    "unknown %%%.1s in time pattern '%s'", p + 1,
			    pattern);
		year = year || strchr("Yys", p[1]) != NULL;
	}
	if (!year)
		return err_new(ERR_CONFIG, "no year in time pattern '%s'",
		    pattern);
	if (!read_as(s, pattern, out))
		return err_new(ERR_INPUT, "'%s' is not a time like '%s'", s,
		    pattern);
	return NULL;
}

int64_t
when_now(void)
{
	const char *s = getenv("CRM_NOW");
	int64_t now;

	if (s == NULL)
		return (int64_t)time(NULL);
	if (!read_as(s, "%s", &now) && !read_time(s, &now)) {
		/* the real clock instead would spoil what a test looks at */
		fprintf(stderr, "CRM_NOW: '%s' is not a time\n", s);
		exit(2);
	}
	return now;
}

int64_t
when_ticks_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Spans. */

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

/* A year, a month, an ISO week or a date. */
static bool
read_days(const char *s, int64_t *first, int64_t *end)
{
	const char *p = s;
	int year, month, week, week_year;

	if (read_day(s, first)) {
		*end = *first + 1;
		return true;
	}
	if (!take_number(&p, 4, 4, &year))
		return false;
	if (*p == '\0') {
		*first = day_of(year, 1, 1);
		*end = day_of(year, 13, 1);
		return true;
	}
	if (!take_char(&p, '-'))
		return false;
	if (take_char(&p, 'W')) {
		if (!take_number(&p, 2, 2, &week) || *p != '\0')
			return false;
		*first = when_iso_week_start(year, week);
		*end = *first + 7;
		when_iso_week(*first, &week_year, &month);
		return week_year == year && month == week;
	}
	if (!take_number(&p, 2, 2, &month) || *p != '\0' || month < 1 ||
	    month > 12)
		return false;
	*first = day_of(year, month, 1);
	*end = day_of(year, month + 1, 1);
	return true;
}

/* -7d, +12h */
static bool
read_distance(const char *s, int64_t now, int64_t *t)
{
	const char *p = s + 1;
	int n;

	if ((*s != '-' && *s != '+') || !take_number(&p, 1, 6, &n) ||
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
		 !read_time(s, &out->from))
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

/* Writing, by hand: printf() takes ten times as long. */

static char *
put_number(char *p, int64_t n, int width, char after)
{
	int i;

	for (i = width; i-- > 0; n /= 10)
		p[i] = (char)('0' + n % 10);
	p[width] = after;
	return p + width + 1;
}

static char *
put_date(char *p, struct date d, char after)
{
	if (d.year < 0 || d.year > 9999)
		return p + snprintf(p, WHEN_STR_MAX,
			       "%04" PRId64 "-%02d-%02d%c", d.year, d.month,
			       d.day, after);
	p = put_number(p, d.year, 4, '-');
	p = put_number(p, d.month, 2, '-');
	return put_number(p, d.day, 2, after);
}

const char *
when_day_format(int64_t day, char buf[static WHEN_STR_MAX])
{
	put_date(buf, date_of(day), '\0');
	return buf;
}

const char *
when_format(int64_t t, char buf[static WHEN_STR_MAX])
{
	char *p = put_date(buf, date_of(floor_div(t, DAY)), 'T');
	int s = (int)floor_mod(t, DAY);

	p = put_number(p, s / HOUR, 2, ':');
	p = put_number(p, s / MINUTE % 60, 2, ':');
	p = put_number(p, s % 60, 2, 'Z');
	*p = '\0';
	return buf;
}

const char *
when_local(int64_t t, char buf[static WHEN_STR_MAX])
{
	char *p = put_date(buf, date_of(when_day(t)), ' ');
	int s = when_second_of_day(t);

	p = put_number(p, s / HOUR, 2, ':');
	put_number(p, s / MINUTE % 60, 2, '\0');
	return buf;
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
	if (take_number(&p, 1, 6, &n) && n != 0 && *p != '\0' && p[1] == '\0' &&
	    (unit = strchr(units, *p)) != NULL) {
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
