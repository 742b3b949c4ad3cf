/*
 * sheet.h - a sheet of the workbook, written cell after cell, and the sheets
 * that the workbook is made of.
 */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "base/arena.h"
#include "io/xlsx.h"
#include "report/book.h"
#include "stats/sales.h"

/* What a sheet is about. */
struct page {
	const struct book *book;
	struct db *db;
	struct xlsx *xlsx;
	struct arena *arena;              /* until the workbook is written */
	const char *name;                 /* of the sheet */
	const char *period;               /* its name */
	const char *currency;             /* the only one on the sheet */
	const struct sales_tables *sales; /* in that currency */
	struct when_span this;            /* the period */
	struct when_span before;
};

struct sheet_column {
	const char *head;
	double width; /* characters */
};

/*
 * A sheet being written. The first error is kept and makes all that follows a
 * no-op; sheet_end() tells it.
 */
struct sheet {
	struct xlsx_sheet *xs;
	const char *currency;
	const struct sheet_column *columns;
	int column_count;
	int head;  /* row of the column heads */
	int chart; /* row where the next chart stands */
	int row;
	int column; /* of the next cell */
	enum xlsx_format format;
	const struct err *err;
};

/*
 * A new sheet with its title and the period's name above. columns must outlive
 * the sheet.
 */
void sheet_begin(struct sheet *s, const struct page *p, const char *title,
    const struct sheet_column *columns, size_t column_count);

/* A grey line; or the columns' heads, which stay in sight, with all above. */
void sheet_note(struct sheet *s, const char *note);
void sheet_heads(struct sheet *s);

/* Cells, from left to right. NULL text is an empty cell. */
void sheet_text(struct sheet *s, const char *v);
void sheet_int(struct sheet *s, int64_t v);
void sheet_money(struct sheet *s, int64_t minor);
void sheet_quantity(struct sheet *s, int64_t v);
void sheet_percent(struct sheet *s, int64_t bp);
void sheet_day(struct sheet *s, int64_t day);
void sheet_time(struct sheet *s, int64_t t);
/* Part of a whole as a percentage, and a mean; empty when of nothing. */
void sheet_share(struct sheet *s, int64_t part, int64_t whole);
void sheet_average(struct sheet *s, int64_t sum, int64_t count);

/* End the row; start the row of the totals, whose first cell says so. */
void sheet_row(struct sheet *s);
void sheet_total(struct sheet *s);

/* The heads get arrows to filter the rows so far. */
void sheet_filter(struct sheet *s);

/*
 * A chart of the rows first..end-1, right of the columns, below the last one.
 * Over no rows it is left out.
 */
void sheet_chart(struct sheet *s, struct xlsx_chart *c, int first, int end);

const struct err *sheet_end(struct sheet *s) MUST_USE;

/* The sheets. */
typedef const struct err *(*sheet_fn)(const struct page *p);
const struct err *sheet_summary(const struct page *p) MUST_USE;
const struct err *sheet_days(const struct page *p) MUST_USE;
const struct err *sheet_statuses(const struct page *p) MUST_USE;
const struct err *sheet_sources(const struct page *p) MUST_USE;
const struct err *sheet_products(const struct page *p) MUST_USE;
const struct err *sheet_rfm(const struct page *p) MUST_USE;

#endif
