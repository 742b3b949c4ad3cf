/* rfm_segment.c - names for groups of scores. */
#include "stats/rfm_segment.h"

#include <string.h>

#include "base/decimal.h"
#include "base/text.h"

static const char heading[] = "name\tr_lo\tr_hi\tf_lo\tf_hi\tm_lo\tm_hi";

static const struct err *
parse_level(const char *s, uint8_t *out)
{
	int64_t v;

	*out = 0;
	if (s == NULL || decimal_parse(s, 0, &v) != NULL || v < 1 ||
	    v > RFM_LEVELS_MAX)
		return err_new(ERR_INPUT, "'%s' is not a score of 1 to %d",
		    s != NULL ? s : "", RFM_LEVELS_MAX);
	*out = (uint8_t)v;
	return NULL;
}

/* The segment called name, a new one if need be. */
static uint8_t
segment_named(struct rfm_segments *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (strcmp(s->names[i], name) == 0)
			return (uint8_t)i;
	s->names[s->count++] = name;
	return (uint8_t)i;
}

static const struct err *
parse_row(struct rfm_segments *s, char *line)
{
	const char *name = strsep(&line, "\t");
	struct rfm_segment_row *row = &s->rows[s->row_count];
	const struct err *err;
	size_t m;

	if (s->row_count == RFM_SEGMENT_MAX)
		return err_new(ERR_INPUT, "more than %d rows", RFM_SEGMENT_MAX);
	if (*name == '\0')
		return err_new(ERR_INPUT, "a segment without a name");
	for (m = 0; m < RFM_MEASURES; m++) {
		if ((err = parse_level(strsep(&line, "\t"), &row->low[m])) !=
			NULL ||
		    (err = parse_level(strsep(&line, "\t"), &row->high[m])) !=
			NULL)
			return err;
		if (row->low[m] > row->high[m])
			return err_new(ERR_INPUT, "%d is above %d", row->low[m],
			    row->high[m]);
		if (row->high[m] > s->highest)
			s->highest = row->high[m];
	}
	if (line != NULL)
		return err_new(ERR_INPUT, "more than seven columns");
	row->segment = segment_named(s, name);
	s->row_count++;
	return NULL;
}

const struct err *
rfm_segment_parse(const char *text, const char *path, struct arena *a,
    struct rfm_segments **out)
{
	struct rfm_segments *s = arena_zalloc(a, sizeof(*s));
	char *rest = arena_strdup(a, text), *line;
	const struct err *err;
	bool headed = false;
	size_t n;

	*out = NULL;
	if (text_utf8_valid(text, strlen(text)) != strlen(text))
		return err_new(ERR_INPUT, "%s: not UTF-8", path);
	for (n = 1; (line = strsep(&rest, "\n")) != NULL; n++) {
		line[strcspn(line, "\r")] = '\0';
		if (*line == '\0' || *line == '#')
			continue;
		if (!headed && strcmp(line, heading) != 0)
			return err_new(ERR_INPUT,
			    "%s:%zu: the heading must be: %s", path, n,
			    heading);
		if (headed && (err = parse_row(s, line)) != NULL)
			return err_wrap(err, "%s:%zu", path, n);
		headed = true;
	}
	if (s->row_count == 0)
		return err_new(ERR_INPUT, "%s: no segments in it", path);
	s->others = segment_named(s, "Others");
	*out = s;
	return NULL;
}

static bool
row_holds(const struct rfm_segment_row *row, const struct rfm_customer *c)
{
	size_t m;

	for (m = 0; m < RFM_MEASURES; m++)
		if (c->score[m] < row->low[m] || c->score[m] > row->high[m])
			return false;
	return true;
}

static uint8_t
segment_of(const struct rfm_segments *s, const struct rfm_customer *c)
{
	size_t r;

	for (r = 0; r < s->row_count; r++)
		if (row_holds(&s->rows[r], c))
			return s->rows[r].segment;
	return s->others;
}

void
rfm_segment_assign(const struct rfm_segments *s, struct rfm_customer *list,
    size_t count)
{
	/* By scores: the segment + 1 once it was looked for. */
	uint8_t known[RFM_LEVELS_MAX + 1][RFM_LEVELS_MAX + 1]
		     [RFM_LEVELS_MAX + 1] = { 0 };
	const uint8_t *score;
	uint8_t *k;
	size_t i;

	for (i = 0; i < count; i++) {
		score = list[i].score;
		k = &known[score[RFM_RECENCY]][score[RFM_FREQUENCY]]
			  [score[RFM_MONETARY]];
		if (*k == 0)
			*k = (uint8_t)(segment_of(s, &list[i]) + 1);
		list[i].segment = (uint8_t)(*k - 1);
	}
}

/* The name as it is compared: "Can't Lose Them" is "cant lose them". */
static const char *
segment_key(struct arena *a, const char *name)
{
	char *key = arena_strdup(a, text_fold(a, name)), *to = key;
	const char *p;

	for (p = key; *p != '\0'; p++)
		if (*p != '\'')
			*to++ = (char)(*p == '-' || *p == '_' ? ' ' : *p);
	*to = '\0';
	return key;
}

const struct err *
rfm_segment_find(const struct rfm_segments *s, const char *name, size_t *out)
{
	const char *keys[RFM_SEGMENT_MAX + 2], *key, *near;
	const struct err *err = NULL;
	struct arena a = { 0 };
	size_t i;

	*out = 0;
	key = segment_key(&a, name);
	for (i = 0; i < s->count; i++)
		keys[i] = segment_key(&a, s->names[i]);
	keys[i] = NULL;
	for (i = 0; i < s->count; i++)
		if (strcmp(keys[i], key) == 0)
			break;
	if (i == s->count) {
		near = text_nearest(key, keys);
		err = err_new(ERR_USAGE, "no segment is called '%s'%s%s%s",
		    name, near != NULL ? ", did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'" : "");
	}
	*out = i;
	arena_free(&a);
	return err;
}

const struct err *
rfm_segment_choose(const struct rfm_segments *s, const char *const *names,
    size_t count, bool *wanted)
{
	const struct err *err;
	size_t i, segment;

	memset(wanted, count == 0, s->count * sizeof(*wanted));
	for (i = 0; i < count; i++) {
		if ((err = rfm_segment_find(s, names[i], &segment)) != NULL)
			return err;
		wanted[segment] = true;
	}
	return NULL;
}

void
rfm_segment_tally(const struct rfm_segments *s, const struct rfm_customer *list,
    size_t count, struct rfm_tally *tallies)
{
	struct rfm_tally *t;
	size_t i;

	memset(tallies, 0, s->count * sizeof(*tallies));
	for (i = 0; i < count; i++) {
		t = &tallies[list[i].segment];
		t->customers++;
		t->orders += list[i].value[RFM_FREQUENCY];
		t->revenue += list[i].value[RFM_MONETARY];
	}
}
