/*
 * select.h - the selecting language: `field=a,b`, `field!=a`, `field=low..high`,
 * `field~text`, `field=` (empty), joined by AND; see crm-select(7).
 *
 * The one module that assembles SQL, from constant pieces in its field table;
 * values are always parameters.
 */
#ifndef SELECT_SELECT_H
#define SELECT_SELECT_H

#include "base/arena.h"
#include "base/err.h"

struct shop;
struct select;

/* What a field holds. */
enum select_kind {
	SELECT_TEXT,
	SELECT_NUMBER, /* text of a decimal number */
	SELECT_INT,
	SELECT_BOOL,
	SELECT_TIME,
	SELECT_MONEY, /* minor units, in the currency of select_currency() */
};

struct select_value {
	enum select_kind kind;
	bool is_null;
	const char *text; /* of the first two kinds */
	int64_t number;   /* of the others */
};

/*
 * Parse the terms (operands of a command) over orders. An unknown field or code
 * is ERR_USAGE and names the nearest one. The caller frees it with
 * select_free().
 */
const struct err *select_parse(struct shop *s, char *const *terms, size_t count,
    struct select **out) MUST_USE;

/*
 * The same over customers, without those that were merged into others. Of them
 * columns, sorting and limit are for the asking, groups are not.
 */
const struct err *select_parse_customers(struct shop *s, char *const *terms,
    size_t count, struct select **out) MUST_USE;
void select_free(struct select *sel);

/*
 * "placed_at", "-placed_at" (descending), several joined by commas. Orders that
 * are equal in these, and all without a call, come in the order of their ids.
 */
const struct err *select_sort(struct select *sel, const char *spec) MUST_USE;
void select_limit(struct select *sel, int64_t limit); /* 0: all */

/*
 * Ids of the selected orders, in order: step until *id is 0. Of the calls that
 * open, one is made for a selection.
 */
const struct err *select_open(struct select *sel) MUST_USE;
const struct err *select_next(struct select *sel, int64_t *id) MUST_USE;

/*
 * The same with columns, names of fields. After each step the row's values are
 * there; their texts belong to sel and live until the next step.
 */
const struct err *select_open_columns(struct select *sel,
    const char *const *names, size_t count) MUST_USE;
struct select_value select_column(const struct select *sel, size_t i);
const char *select_currency(const struct select *sel);

/*
 * Count and sum by a field's value and currency, times by local day; by NULL
 * makes one group a currency. What has an order comes in that order, the rest
 * with the most orders first. An order with several values, as those of its
 * lines, counts at each of them. Texts live as those of columns.
 */
struct select_group {
	struct select_value value;
	const char *currency;
	int64_t orders;
	int64_t total_minor;
};
const struct err *select_open_groups(struct select *sel,
    const char *by) MUST_USE;
const struct err *select_next_group(struct select *sel, struct select_group *g,
    bool *more) MUST_USE;

#endif
