/* when.c - times and dates: calendar, reading and writing. */
#include "base/when.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/when_parts.h"

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

bool
when_take_number(const char **p, int min_digits, int max_digits, int *out)
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
	return when_take_number(p, 4, 4, &f->year) && take_char(p, '-') &&
	       when_take_number(p, 2, 2, &f->month) && take_char(p, '-') &&
	       when_take_number(p, 2, 2, &f->day);
}

/* 10:00 or 10:00:59 or 10:00:59.999 */
static bool
take_clock(const char **p, struct fields *f)
{
	if (!when_take_number(p, 2, 2, &f->hour) || !take_char(p, ':') ||
	    !when_take_number(p, 2, 2, &f->minute))
		return false;
	if (!take_char(p, ':'))
		return true;
	if (!when_take_number(p, 2, 2, &f->second))
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
	if (!when_take_number(p, 2, 2, &hours))
		return false;
	if ((take_char(p, ':') || isdigit((unsigned char)**p)) &&
	    !when_take_number(p, 2, 2, &minutes))
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
		return when_take_number(p, 4, 4, &f->year);
	case 'y':
		if (!when_take_number(p, 2, 2, &f->year))
			return false;
		f->year += f->year < 69 ? 2000 : 1900; /* as POSIX has it */
		return true;
	case 'm':
		return when_take_number(p, 1, 2, &f->month);
	case 'b':
		return take_month_name(p, &f->month);
	case 'd':
		return when_take_number(p, 1, 2, &f->day);
	case 'H':
		return when_take_number(p, 1, 2, &f->hour);
	case 'I':
		if (!when_take_number(p, 1, 2, &f->hour) || f->hour < 1 ||
		    f->hour > 12)
			return false;
		f->hour %= 12;
		return true;
	case 'p':
		return take_half(p, &f->pm);
	case 'M':
		return when_take_number(p, 1, 2, &f->minute);
	case 'S':
		return when_take_number(p, 1, 2, &f->second);
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
