/* rfm_segment.h - names for groups of scores, from a table that a shop edits. */
#ifndef STATS_RFM_SEGMENT_H
#define STATS_RFM_SEGMENT_H

#include "base/arena.h"
#include "base/err.h"
#include "stats/rfm.h"

enum { RFM_SEGMENT_MAX = 100 }; /* rows of a table */

struct rfm_segment_row { /* both ends included */
	uint8_t low[RFM_MEASURES];
	uint8_t high[RFM_MEASURES];
	uint8_t segment;
};

/* A segment is a number below count; one is for who fits in no row. */
struct rfm_segments {
	const char *names[RFM_SEGMENT_MAX + 1];
	size_t count;
	uint8_t others;
	struct rfm_segment_row rows[RFM_SEGMENT_MAX];
	size_t row_count;
	uint8_t highest; /* level that any row names */
};

/*
 * Read a table: tab-separated, with the heading "name r_lo r_hi f_lo f_hi m_lo
 * m_hi", lines that are empty or begin with '#' left out. Rows with the same
 * name are one segment. path is for messages: "path:3: ...". In a.
 */
const struct err *rfm_segment_parse(const char *text, const char *path,
    struct arena *a, struct rfm_segments **out) MUST_USE;

/* Set each customer's segment: that of the first row with his scores. */
void rfm_segment_assign(const struct rfm_segments *s, struct rfm_customer *list,
    size_t count);

/*
 * The segment that a person means: letter case and apostrophes do not matter,
 * '-' and '_' stand for a blank. ERR_USAGE names the nearest one.
 */
const struct err *rfm_segment_find(const struct rfm_segments *s,
    const char *name, size_t *out) MUST_USE;

/*
 * The segments that are meant by these names, marked in wanted, which has
 * room for s->count; without names all of them.
 */
const struct err *rfm_segment_choose(const struct rfm_segments *s,
    const char *const *names, size_t count, bool *wanted) MUST_USE;

struct rfm_tally {
	int64_t customers;
	int64_t orders;
	int64_t revenue; /* minor units */
};

/* What each segment amounts to; tallies has room for s->count. */
void rfm_segment_tally(const struct rfm_segments *s,
    const struct rfm_customer *list, size_t count, struct rfm_tally *tallies);

#endif
