/*
 * xlsx.h - Excel workbooks; the only header that stands for libxlsxwriter.
 *
 * Rows and columns count from 0. Rows of a sheet are written in order. A cell
 * text beyond 32767 characters or a row beyond 1048575 is ERR_INPUT, never
 * cut. Money and decimals become numbers with a number format, times and days
 * become native dates (in the shop's zone), identifiers stay text.
 */
#ifndef IO_XLSX_H
#define IO_XLSX_H

#include "base/err.h"

struct xlsx;
struct xlsx_sheet;

enum xlsx_format {
	XLSX_PLAIN,
	XLSX_TITLE, /* large and bold, a sheet's heading */
	XLSX_NOTE,  /* grey, small: what a figure means */
	XLSX_HEAD,  /* bold on a tint, wrapped: a column's head */
	XLSX_TOTAL, /* bold with a line above */
};

/*
 * A new workbook that replaces path when xlsx_close() succeeds, not before.
 * title goes into its properties, and when_now() as the time it was made: the
 * same data make the same file.
 */
const struct err *xlsx_open(const char *path, const char *title,
    struct xlsx **out) MUST_USE;
const struct err *xlsx_close(struct xlsx *x) MUST_USE; /* writes and frees */
void xlsx_discard(struct xlsx *x); /* frees, leaves path alone; NULL allowed */

/* A new sheet, last. name at most 31 characters. Belongs to x. */
const struct err *xlsx_sheet(struct xlsx *x, const char *name,
    struct xlsx_sheet **out) MUST_USE;
void xlsx_width(struct xlsx_sheet *s, int column, double characters);
/* Of a row not written yet. */
void xlsx_height(struct xlsx_sheet *s, int row, double points);
void xlsx_freeze(struct xlsx_sheet *s, int rows, int columns);
void xlsx_filter(struct xlsx_sheet *s, int row, int column, int last_row,
    int last_column);

/* Cells. */
const struct err *xlsx_text(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, const char *v) MUST_USE;
const struct err *xlsx_int(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, int64_t v) MUST_USE;
const struct err *xlsx_money(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, int64_t minor, const char *currency) MUST_USE;
const struct err *xlsx_decimal(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, int64_t v, int places) MUST_USE;
/* Basis points as a percentage: 1234 is 12.34 %. */
const struct err *xlsx_percent(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, int64_t bp) MUST_USE;
const struct err *xlsx_day(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, int64_t day) MUST_USE;
const struct err *xlsx_time(struct xlsx_sheet *s, int row, int column,
    enum xlsx_format f, int64_t t) MUST_USE;

/* A native chart over rows first..last of the sheet. */
enum xlsx_chart_kind { XLSX_COLUMNS, XLSX_LINE, XLSX_BARS };
struct xlsx_chart {
	enum xlsx_chart_kind kind;
	const char *title;
	int first, last; /* rows of the data */
	int categories;  /* column of the names or days */
	int values[4];   /* columns; their heads name the series */
	int value_count;
	bool days;             /* the categories are days */
	int head;              /* row of the heads */
	int at_row, at_column; /* where the chart stands */
	int width, height;     /* pixels; 0 for 900 by 320 */
};
const struct err *xlsx_chart(struct xlsx_sheet *s,
    const struct xlsx_chart *c) MUST_USE;

#endif
