/*
 * sales.h - what orders placed in a time come to, in one currency: all of them,
 * by day, by status, by source, by product.
 */
#ifndef STATS_SALES_H
#define STATS_SALES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/when.h"

struct db;

struct sales {
	int64_t orders;
	int64_t total_minor; /* of all orders */
	int64_t sales;       /* orders whose status counts as revenue */
	int64_t revenue_minor;
	int64_t cancelled;
	const char *name;   /* of the status; "utm_source / utm_medium" */
	const char *within; /* the status's group; the door of the source */
};

struct sales_list {
	struct sales *v;
	size_t len;
};

struct sales_tables {
	struct sales all;           /* without names, as the days are */
	struct sales_list days;     /* every day that the time has a part of */
	struct sales_list statuses; /* their status now, in reference's order */
	struct sales_list sources; /* most revenue first; missing is "(none)" */
};

/* All of these; lang names the statuses. In a. */
const struct err *sales_read(struct db *db, const struct when_span *span,
    const char *currency, const char *lang, struct arena *a,
    struct sales_tables *out) MUST_USE;

struct product_sales {
	const char *sku; /* NULL: lines without one, together by name */
	const char *name;
	int64_t quantity;      /* 1/1000 */
	int64_t revenue_minor; /* of the lines, less their discounts */
	int64_t orders;
	int64_t cost_minor; /* when the cost of every line is known */
	bool has_cost;
	int64_t last_order; /* the one that was counted last */
};

struct product_list {
	struct product_sales *v;
	size_t len;
};

/* The `max` products with the most revenue, of sales only. In a. */
const struct err *sales_by_product(struct db *db, const struct when_span *span,
    const char *currency, size_t max, struct arena *a,
    struct product_list *out) MUST_USE;

#endif
