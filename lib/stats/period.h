/*
 * period.h - the whole days that figures are about, and the days before that
 * they are compared with.
 */
#ifndef STATS_PERIOD_H
#define STATS_PERIOD_H

#include "base/err.h"
#include "base/when.h"

struct period {
	int64_t first; /* day */
	int64_t end;   /* the day after the last */
};

#define PERIOD_STR_MAX ((size_t)2 * WHEN_STR_MAX + 2)

/*
 * Parse as when_range_parse() does. A range that is open or begins or ends
 * within a day is ERR_INPUT.
 */
const struct err *period_parse(const char *s, int64_t now,
    struct period *out) MUST_USE;

/* Is it one ISO week? */
bool period_is_week(const struct period *p);

/* Its shortest name: "2026-W47", "2026-11", "2026", a date, "first..last". */
const char *period_name(const struct period *p,
    char buf[static PERIOD_STR_MAX]);

/* As many days before it; before whole months as many months. */
struct period period_before(const struct period *p);

/*
 * The seconds of p and of the period before. When p still runs it ends now, and
 * the one before on the same day of it at the same hour.
 */
void period_spans(const struct period *p, int64_t now, struct when_span *this,
    struct when_span *before);

#endif
