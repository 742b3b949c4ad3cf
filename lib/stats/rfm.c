/* rfm.c - scores by recency, frequency and money. */
#include "stats/rfm.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/decimal.h"
#include "base/mem.h"

const char *const rfm_methods[] = {
	[RFM_QUANTILE] = "quantile",
	[RFM_NTILE] = "ntile",
	[RFM_QCUT] = "qcut",
	[RFM_THRESHOLDS] = "thresholds",
	NULL,
};

const char *const rfm_measures[RFM_MEASURES] = {
	[RFM_RECENCY] = "recency",
	[RFM_FREQUENCY] = "frequency",
	[RFM_MONETARY] = "monetary",
};

const struct err *
rfm_scale_parse(const char *text, int places, struct rfm_scale *out)
{
	const struct err *err = NULL;
	struct arena a = { 0 };
	char *rest = arena_strdup(&a, text), *limit;
	int64_t v, last = 0;

	*out = (struct rfm_scale){ .levels = 1 };
	while (err == NULL && (limit = strsep(&rest, ",")) != NULL) {
		if ((err = decimal_parse(limit, places, &v)) != NULL)
			break;
		if (out->levels == RFM_LEVELS_MAX)
			err = err_new(ERR_INPUT, "more than %d limits",
			    RFM_LEVELS_MAX - 1);
		else if (out->levels > 1 && v <= last)
			err = err_new(ERR_INPUT, "'%s' does not rise", limit);
		else
			out->cut[out->levels++ - 1] = last = v;
	}
	arena_free(&a);
	return err;
}

/* The byte from that bit on; the sign is turned so that -1 is below 0. */
static size_t
byte_at(int64_t v, unsigned bit)
{
	return ((uint64_t)v ^ UINT64_C(1) << 63) >> bit & UINT8_MAX;
}

/* From v to `to` by that byte; equals stay in their order. */
static void
sort_byte(const int64_t *v, int64_t *to, size_t count, unsigned bit)
{
	size_t next[UINT8_MAX + 1] = { 0 }, i, n, sum = 0;

	for (i = 0; i < count; i++)
		next[byte_at(v[i], bit)]++;
	for (i = 0; i <= UINT8_MAX; i++) {
		n = next[i];
		next[i] = sum;
		sum += n;
	}
	for (i = 0; i < count; i++)
		to[next[byte_at(v[i], bit)]++] = v[i];
}

/*
 * Byte after byte from the lowest, those left out in which all agree: most of
 * them, and a comparing sort took longer than all the rest. Returns v or spare,
 * which has as much room.
 */
static int64_t *
sort(int64_t *v, int64_t *spare, size_t count)
{
	uint64_t differ = 0;
	int64_t *was;
	unsigned bit;
	size_t i;

	for (i = 1; i < count; i++)
		differ |= (uint64_t)(v[i] ^ v[0]);
	for (bit = 0; bit < 64; bit += 8) {
		if ((differ >> bit & UINT8_MAX) == 0)
			continue;
		sort_byte(v, spare, count, bit);
		was = v;
		v = spare;
		spare = was;
	}
	return v;
}

struct quantile { /* whole + part / n, with 0 <= part < n */
	int64_t whole;
	int64_t part;
};

/*
 * The quantile k/n of type 7: the value at place (count - 1) * k / n, between
 * two values in proportion. A double would put some customers on the wrong
 * side of a cut.
 */
static struct quantile
quantile(const int64_t *v, size_t count, size_t k, size_t n)
{
	size_t at = (count - 1) * k / n;
	int64_t rest = (int64_t)((count - 1) * k % n), parts = (int64_t)n;
	int64_t gap = rest != 0 ? v[at + 1] - v[at] : 0;

	return (struct quantile){
		.whole =
		    v[at] + gap / parts * rest + gap % parts * rest / parts,
		.part = gap % parts * rest % parts,
	};
}

/* The least value not below the quantile plus one. */
static void
cut_quantiles(const int64_t *v, size_t count, int64_t one, struct rfm_scale *s)
{
	struct quantile q;
	size_t k;

	for (k = 1; k < s->levels; k++) {
		q = quantile(v, count, k, s->levels);
		s->cut[k - 1] = q.whole + one + (q.part != 0);
	}
}

/* The least value above the quantile; equal edges are one. */
static void
cut_edges(const int64_t *v, size_t count, struct rfm_scale *s)
{
	struct quantile last = { .whole = v[0] }, q;
	size_t n = s->levels, k;

	s->levels = 1;
	for (k = 1; k < n; k++) {
		q = quantile(v, count, k, n);
		if ((q.whole == last.whole && q.part == last.part) ||
		    q.whole == v[count - 1])
			continue;
		s->cut[s->levels - 1] = q.whole + 1;
		s->levels++;
		last = q;
	}
}

/* In the measure, so that more is better. */
static int64_t
merit(const struct rfm_customer *c, size_t measure)
{
	return measure == RFM_RECENCY ? -c->value[measure] : c->value[measure];
}

/* Where a part begins: of those with its least value, so many are below it. */
struct edge {
	int64_t least;
	size_t below;
};

/* Of v, which is sorted; the first count % levels parts are larger by one. */
static size_t
find_edges(const int64_t *v, size_t count, size_t levels, struct edge *edges)
{
	const size_t size = count / levels, larger = count % levels;
	size_t k, first, same;

	for (k = 1; k < levels && k < count; k++) {
		first = k * size + (k < larger ? k : larger);
		same = first;
		while (same > 0 && v[same - 1] == v[first])
			same--;
		edges[k - 1] = (struct edge){ v[first], first - same };
	}
	return k - 1;
}

/* Places in the list, those that come first among equals first. */
static uint32_t *
places_by_tie(const struct rfm_customer *list, size_t count)
{
	uint32_t *places = mem_alloc(count * sizeof(*places));
	size_t i;

	for (i = 0; i < count; i++)
		places[list[i].tie] = (uint32_t)i;
	return places;
}

static void
score_parts(struct rfm_customer *list, const uint32_t *by_tie, size_t count,
    size_t measure, const int64_t *v, size_t levels)
{
	struct edge edges[RFM_LEVELS_MAX];
	const size_t n = find_edges(v, count, levels, edges);
	struct rfm_customer *c;
	int64_t value;
	size_t i, k, step;

	for (i = 0; i < count; i++) {
		c = &list[by_tie[i]];
		value = merit(c, measure);
		step = 0;
		for (k = 0; k < n; k++) {
			if (value == edges[k].least && edges[k].below > 0)
				edges[k].below--;
			else
				step += value >= edges[k].least;
		}
		c->score[measure] = (uint8_t)(step + 1);
	}
}

static void
score_cuts(struct rfm_customer *list, size_t count, size_t measure,
    const struct rfm_scale *s)
{
	size_t i, step;

	for (i = 0; i < count; i++) {
		step = 0;
		while (step < s->levels - 1 &&
		       list[i].value[measure] >= s->cut[step])
			step++;
		list[i].score[measure] =
		    (uint8_t)(measure == RFM_RECENCY ? s->levels - step :
						       step + 1);
	}
}

struct room {
	int64_t *values;  /* for 2 * count */
	uint32_t *by_tie; /* with RFM_NTILE */
};

static void
score_measure(struct rfm_customer *list, size_t count, enum rfm_method method,
    size_t measure, int64_t major, struct rfm_scale *s, struct room *room)
{
	const bool parts = method == RFM_NTILE;
	int64_t *v = room->values;
	size_t i;

	for (i = 0; i < count; i++)
		v[i] =
		    parts ? merit(&list[i], measure) : list[i].value[measure];
	v = sort(v, v + count, count);
	if (parts)
		score_parts(list, room->by_tie, count, measure, v, s->levels);
	else if (method == RFM_QUANTILE)
		cut_quantiles(v, count, measure == RFM_MONETARY ? major : 1, s);
	else
		cut_edges(v, count, s);
}

void
rfm_score(struct rfm_customer *list, size_t count, enum rfm_method method,
    int64_t major, struct rfm_scale scales[static RFM_MEASURES])
{
	struct room room = { 0 };
	size_t m;

	if (count == 0)
		return;
	room.values = mem_alloc(2 * count * sizeof(*room.values));
	if (method == RFM_NTILE)
		room.by_tie = places_by_tie(list, count);
	for (m = 0; m < RFM_MEASURES; m++) {
		if (method != RFM_THRESHOLDS)
			score_measure(list, count, method, m, major, &scales[m],
			    &room);
		if (method != RFM_NTILE)
			score_cuts(list, count, m, &scales[m]);
	}
	free(room.values);
	free(room.by_tie);
}

void
rfm_matrix(const struct rfm_customer *list, size_t count, enum rfm_measure row,
    enum rfm_measure column,
    uint64_t cells[static RFM_LEVELS_MAX][RFM_LEVELS_MAX])
{
	size_t i;

	memset(cells, 0, RFM_LEVELS_MAX * sizeof(*cells));
	for (i = 0; i < count; i++)
		cells[list[i].score[row] - 1][list[i].score[column] - 1]++;
}
