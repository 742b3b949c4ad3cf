/*
 * when.h - times and dates.
 *
 * A time is int64_t seconds since 1970-01-01 UTC. A day is the number of days
 * since 1970-01-01 in the shop's time zone; as text it is "2026-11-22". The
 * process works in one zone at a time (when_zone()), UTC until it is set.
 *
 * The calendar, reading and writing are in when.c, the zone and what depends on
 * it in when_zone.c, spans and lengths of time in when_span.c.
 */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include "base/err.h"

#define WHEN_STR_MAX 32

struct when_span { /* half open: from <= t < to; WHEN_MIN/WHEN_MAX when open */
	int64_t from;
	int64_t to;
};

#define WHEN_MIN INT64_MIN
#define WHEN_MAX INT64_MAX

/*
 * Now. CRM_NOW (RFC 3339 or seconds) replaces the clock, for tests; a bad value
 * ends the program with status 2.
 */
int64_t when_now(void);

/*
 * Milliseconds that only go forward, from no particular start: for waiting and
 * for measuring, never for dates.
 */
int64_t when_ticks_ms(void);

/*
 * Work in this IANA time zone, such as "Europe/Minsk". A name the system does
 * not know is ERR_CONFIG (libc alone would silently take UTC) and changes
 * nothing. "UTC" is always known. Sets TZ in the environment.
 */
const struct err *when_zone(const char *name) MUST_USE;

/* The zone in force; never NULL. */
const char *when_zone_name(void);

/*
 * Parse a time: RFC 3339 ("2026-11-22T10:00:00+03:00", "...Z"), or without a
 * zone ("2026-11-22 10:00[:00]") or a bare date (midnight) as local time.
 * Fractions of a second are dropped. Impossible dates are ERR_INPUT; of a local
 * time that occurs twice the first is meant; one that never occurs (a gap of
 * summer time) is taken as if the clock had not been moved.
 */
const struct err *when_parse(const char *s, int64_t *out) MUST_USE;

/*
 * The same by a pattern of strptime's letters %Y %y %m %d %H %M %S %I %p %z %s
 * %b (English month) and %%; a blank in the pattern stands for any number of
 * blanks. The whole text must match. What is not named is midnight, the 1st,
 * January; a pattern without a year or with another letter is ERR_CONFIG.
 */
const struct err *when_parse_as(const char *s, const char *pattern,
    int64_t *out) MUST_USE;

/* "2026-11-22T07:00:00Z". */
const char *when_format(int64_t t, char buf[static WHEN_STR_MAX]);

/* Local, for people: "2026-11-22 10:00". */
const char *when_local(int64_t t, char buf[static WHEN_STR_MAX]);

/* Local wall clock of t as seconds after its midnight, 0..86399. */
int when_second_of_day(int64_t t);

/* Days. Local time on a day is read as in when_parse(). */
int64_t when_day(int64_t t);                  /* the local day of t */
int64_t when_day_start(int64_t day);          /* its first second */
int64_t when_day_at(int64_t day, int second); /* local wall time on it */
const struct err *when_day_parse(const char *s, int64_t *day) MUST_USE;
const char *when_day_format(int64_t day, char buf[static WHEN_STR_MAX]);
int when_weekday(int64_t day);                   /* 1 Monday .. 7 Sunday */
int64_t when_month_start(int64_t day);           /* first day of its month */
int64_t when_month_add(int64_t day, int months); /* same date, clamped */

/* ISO 8601 week: Monday first, week 1 holds 4 January. */
void when_iso_week(int64_t day, int *year, int *week);
int64_t when_iso_week_start(int year, int week); /* its Monday */

/*
 * The span that one word of time names: a year "2026", a month "2026-11", an
 * ISO week "2026-W47", a date, "today", "yesterday", "this-week", "last-week",
 * "this-month", "last-month"; or an instant (from == to): a time as in
 * when_parse(), "now", or a distance from now "-7d" "-12h" "-30m" "-2w" "+1d".
 * Distances in d and w count whole local days: "-7d" is the start of the day
 * seven days ago. Anything else is ERR_INPUT.
 */
const struct err *when_span_parse(const char *s, int64_t now,
    struct when_span *out) MUST_USE;

/* The last second of a span; of a moment, the moment. */
int64_t when_span_last(const struct when_span *s);

/*
 * "low..high", either end open, both included ("2026-11-01..2026-11-30" ends
 * with the last second of the 30th), or one word as above (an instant alone
 * is ERR_INPUT unless it names a span).
 */
const struct err *when_range_parse(const char *s, int64_t now,
    struct when_span *out) MUST_USE;

/* A length of time, "90s" "15m" "12h" "7d" "2w", in seconds; never 0. */
const struct err *when_length_parse(const char *s, int64_t *out) MUST_USE;

/* For people: "45s", "12m", "3h 20m", "2d 4h". */
const char *when_duration(int64_t seconds, char buf[static WHEN_STR_MAX]);

#endif
