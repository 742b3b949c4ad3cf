/* period.c - days of a report and what they are compared with. */
#include "stats/period.h"

#include <stdio.h>
#include <string.h>

enum { MONTH_LEN = 7, YEAR_LEN = 4 }; /* of the text of a date */

const struct err *
period_parse(const char *s, int64_t now, struct period *out)
{
	const struct err *err;
	struct when_span span;

	*out = (struct period){ 0 };
	if ((err = when_range_parse(s, now, &span)) != NULL)
		return err;
	if (span.from == WHEN_MIN || span.to == WHEN_MAX)
		return err_new(ERR_INPUT,
		    "'%s' has an open end; give its first and last day", s);
	out->first = when_day(span.from);
	out->end = when_day(span.to);
	if (when_day_start(out->first) != span.from ||
	    when_day_start(out->end) != span.to)
		return err_new(ERR_INPUT, "'%s' is not made of whole days", s);
	return NULL;
}

bool
period_is_week(const struct period *p)
{
	return p->end - p->first == 7 && when_weekday(p->first) == 1;
}

/* How many whole months it is, or 0. */
static int
period_months(const struct period *p)
{
	int n = 1;

	if (when_month_start(p->first) != p->first ||
	    when_month_start(p->end) != p->end)
		return 0;
	while (when_month_add(p->first, n) < p->end)
		n++;
	return n;
}

const char *
period_name(const struct period *p, char buf[static PERIOD_STR_MAX])
{
	char first[WHEN_STR_MAX], last[WHEN_STR_MAX];
	int months = period_months(p), year, week;

	when_day_format(p->first, first);
	when_day_format(p->end - 1, last);
	if (period_is_week(p)) {
		when_iso_week(p->first, &year, &week);
		snprintf(buf, PERIOD_STR_MAX, "%04d-W%02d", year, week);
	} else if (months == 12 && strncmp(first, last, YEAR_LEN) == 0)
		snprintf(buf, PERIOD_STR_MAX, "%.*s", YEAR_LEN, first);
	else if (months == 1)
		snprintf(buf, PERIOD_STR_MAX, "%.*s", MONTH_LEN, first);
	else if (p->end - p->first == 1)
		snprintf(buf, PERIOD_STR_MAX, "%s", first);
	else
		snprintf(buf, PERIOD_STR_MAX, "%s..%s", first, last);
	return buf;
}

struct period
period_before(const struct period *p)
{
	int months = period_months(p);
	struct period before = { .end = p->first };

	before.first = months != 0 ? when_month_add(p->first, -months) :
				     p->first - (p->end - p->first);
	return before;
}

void
period_spans(const struct period *p, int64_t now, struct when_span *this,
    struct when_span *before)
{
	struct period b = period_before(p);
	int64_t same;

	this->from = when_day_start(p->first);
	this->to = when_day_start(p->end);
	before->from = when_day_start(b.first);
	before->to = when_day_start(b.end);
	if (now < this->from || now >= this->to)
		return;
	this->to = now;
	same = when_day_at(b.first + (when_day(now) - p->first),
	    when_second_of_day(now));
	if (same < before->to) /* a shorter month may be over by then */
		before->to = same;
}
