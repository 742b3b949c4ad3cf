/*
 * columns.h - what the columns of a table mean, and a cell's way into an order.
 */
#ifndef INTAKE_COLUMNS_H
#define INTAKE_COLUMNS_H

#include "intake/intake.h"
#include "intake/mapping.h"
#include "order/order.h"

enum column_target {
	COLUMN_IGNORED,
	COLUMN_FIELD, /* index in order_fields */
	COLUMN_ORDER_NO,
	COLUMN_EXTERNAL_ID,
	COLUMN_SOURCE,
	COLUMN_UPDATED_AT,
	COLUMN_ITEM,    /* index in the item's fields */
	COLUMN_CHARGE,  /* index in column_charges */
	COLUMN_PAYMENT, /* index in the payment's fields */
	COLUMN_CUSTOM,  /* name is the custom field */
	COLUMN_NOTE,
	COLUMN_CANCELLED, /* when; the order has the status of "cancelled" */
	COLUMN_REFUND,    /* an amount */
};

struct column {
	enum column_target target;
	int index;
	const char *name;                 /* our name of it */
	const struct mapping_column *map; /* NULL: our own header */
};

struct columns {
	struct column *v; /* one a header cell, then the constants */
	size_t count;     /* of header cells */
	size_t constants;
	size_t *order; /* in which all of v are read */
	size_t first;  /* so many of them before an item is begun */
	bool has_items;
	int number;   /* the column that tells orders apart, or -1: order_no,
		       * else external_id */
	int external; /* the column external_id, or -1 */
};

/*
 * Understand a header line. Columns nobody knows are warned about once;
 * ERR_INPUT when none is known or orders have neither number nor key. In a.
 */
const struct err *columns_open(struct intake *in, const char *const *header,
    size_t count, const char *where, struct arena *a,
    struct columns *out) MUST_USE;

/* How many cells of what may be a header are known. */
size_t columns_known(struct intake *in, const char *const *header, size_t count,
    struct arena *a);

/* One row of one order. */
struct columns_row {
	const char *const *cells;
	size_t count;
	uint64_t line;
};

/*
 * Has the row nothing but goods? In a table of lines with numbers it belongs to
 * the order above, whose number stood in cells that were merged.
 */
bool columns_continues(const struct columns *c, const struct columns_row *row);

/*
 * Add a row to an order: the first row of an order brings its fields (a later
 * one only what is still empty, and must agree about who ordered), every row
 * of a table of lines brings an item. before is the row before it, NULL for the
 * first. ERR_INPUT names the column.
 */
const struct err *columns_row(struct intake *in, const struct columns *c,
    const struct columns_row *row, const struct columns_row *before,
    struct order *o, struct arena *a) MUST_USE;

/* After the last row: an order that is only a total, its one payment. */
const struct err *columns_finish(struct intake *in, const struct columns *c,
    struct order *o, struct arena *a) MUST_USE;

/* Hash of the key cells of a row, for files without numbers. */
uint64_t columns_key(struct intake *in, const struct columns *c,
    const struct columns_row *row);

/*
 * A named value that stands in no table, as if it were a cell below that
 * header, for formats that the same map may explain. False when the map knows
 * no such name, or has a list of values in which this one is missing.
 */
const struct err *columns_value(struct intake *in, const char *name,
    const char *value, struct order *o, struct arena *a, bool *known) MUST_USE;

#endif
