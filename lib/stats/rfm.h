/*
 * rfm.h - how recently, how often and for how much customers bought, as scores.
 *
 * In every measure 1 is the worst score and the highest is the best: few days
 * since the last order are good. All arithmetic is exact, in integers.
 */
#ifndef STATS_RFM_H
#define STATS_RFM_H

#include "base/err.h"

enum rfm_measure { RFM_RECENCY, RFM_FREQUENCY, RFM_MONETARY, RFM_MEASURES };

enum { RFM_LEVELS_MIN = 2, RFM_LEVELS_MAX = 10 };

/* No amount and no sum of amounts may be larger; rfm_data_load() sees to it. */
#define RFM_MONEY_MAX (INT64_MAX / 4)

struct rfm_customer {
	int64_t id;
	int64_t value[RFM_MEASURES]; /* days, orders, minor units */
	uint32_t tie; /* for RFM_NTILE: place if all were equal, from 0 */
	uint8_t score[RFM_MEASURES];
	uint8_t segment; /* see rfm_segment.h */
};

enum rfm_method {
	/* quantile of type 7 plus one day, order or major unit: R's rfm */
	RFM_QUANTILE,
	/* equal parts by rank, as NTILE() of SQL */
	RFM_NTILE,
	/* above the quantile of type 7, equal ones once: pandas.qcut */
	RFM_QCUT,
	/* limits that the shop has set */
	RFM_THRESHOLDS,
};

/* What people call them. The methods end with NULL. */
extern const char *const rfm_methods[];
extern const char *const rfm_measures[RFM_MEASURES];

/*
 * The steps of one measure. cut[i] is the least value of step i + 1, counted
 * from 0; equal cuts leave a step empty. Not in use with RFM_NTILE.
 */
struct rfm_scale {
	size_t levels;
	int64_t cut[RFM_LEVELS_MAX - 1];
};

/*
 * The scale for RFM_THRESHOLDS that a person means by "2,5" or "1000,2500.50":
 * up to nine numbers that rise, each with at most `places` decimals.
 */
const struct err *rfm_scale_parse(const char *text, int places,
    struct rfm_scale *out) MUST_USE;

/*
 * Give every customer his scores. The scales come with the levels that are
 * wanted, for RFM_THRESHOLDS with ascending cuts too; the other methods set
 * the cuts, and RFM_QCUT fewer levels where quantiles are equal. major is one
 * unit of the currency in minor units.
 */
void rfm_score(struct rfm_customer *list, size_t count, enum rfm_method method,
    int64_t major, struct rfm_scale scales[static RFM_MEASURES]);

/* How many customers have score row + 1 in one measure and column + 1 in another. */
void rfm_matrix(const struct rfm_customer *list, size_t count,
    enum rfm_measure row, enum rfm_measure column,
    uint64_t cells[static RFM_LEVELS_MAX][RFM_LEVELS_MAX]);

#endif
