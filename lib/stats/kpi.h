/*
 * kpi.h - the key figures of a time, in one currency: sums are never made
 * across currencies.
 */
#ifndef STATS_KPI_H
#define STATS_KPI_H

#include "base/arena.h"
#include "base/err.h"
#include "base/when.h"

struct db;

/*
 * What is counted. A sale is an order in a status that counts as revenue. An
 * order belongs to the time it was placed in, a refund to that of the refund.
 */
enum kpi_number {
	KPI_ORDERS,
	KPI_SALES,
	KPI_REVENUE, /* total of the sales, minor units */
	KPI_CANCELLED,
	KPI_IN_WORK, /* orders in a group of statuses that is in work */
	KPI_IN_WORK_TOTAL,
	KPI_COSTED, /* sales whose cost of goods is known */
	KPI_NOT_COSTED,
	KPI_COST,
	KPI_PROFIT,       /* revenue less cost, of KPI_COSTED */
	KPI_QUANTITY,     /* sold, 1/1000 */
	KPI_FIRST_SALES,  /* to customers who never bought before */
	KPI_REPEAT_SALES, /* to customers who did */
	KPI_GUEST_SALES,  /* to nobody known */
	KPI_REFUNDS,
	KPI_REFUNDED,
	KPI_NUMBERS,
	KPI_ALWAYS = KPI_NUMBERS, /* as the base of a figure: needs none */
};

struct kpi {
	int64_t n[KPI_NUMBERS];
};

enum kpi_kind {
	KPI_COUNT,   /* a whole number */
	KPI_DECIMAL, /* 1/1000 */
	KPI_MONEY,   /* minor units */
	KPI_AVERAGE, /* minor units: `of` divided by `base` */
	KPI_SHARE,   /* basis points: `of` divided by `base` */
};

struct kpi_figure {
	const char *name; /* of a record's member: "average_order_value" */
	enum kpi_kind kind;
	enum kpi_number of;
	enum kpi_number base; /* no value while this is 0 */
	const char *title;    /* for people */
	const char *how;      /* it is counted */
};

/* Every figure there is, in the order to show them; ends with a NULL name. */
extern const struct kpi_figure kpi_figures[];

const struct err *kpi_read(struct db *db, const struct when_span *span,
    const char *currency, struct kpi *out) MUST_USE;

/* The currencies of what was ordered or refunded then, by code. In a. */
const struct err *kpi_currencies(struct db *db, const struct when_span *span,
    struct arena *a, const char ***out, size_t *count) MUST_USE;

/*
 * The value of a figure, rounded once; *known is false when it has none, as an
 * average of nothing.
 */
const struct err *kpi_value(const struct kpi *k, const struct kpi_figure *f,
    bool *known, int64_t *out) MUST_USE;

/*
 * The change against `before` in basis points of it, computed from the numbers
 * and not from rounded values; not known when there was nothing before or less.
 */
const struct err *kpi_change(const struct kpi *k, const struct kpi *before,
    const struct kpi_figure *f, bool *known, int64_t *bp) MUST_USE;

#endif
