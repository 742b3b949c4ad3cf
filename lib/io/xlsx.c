/* xlsx.c - Excel workbooks, written by libxlsxwriter. */
#include "io/xlsx.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/when.h"
#include "io/file.h"
#include "io/unzip.h"
#include "io/xml.h"

#define XLSX_TEXT_MAX   32767
#define XLSX_DIGITS_MAX INT64_C(999999999999999) /* what a double keeps */
#define XLSX_SPARE      ((size_t)1 << 20) /* bytes for all but the rows */
#define XLSX_EPOCH      25569             /* Excel's number of 1970-01-01 */
#define XLSX_DAY_MIN    (61 - XLSX_EPOCH) /* before it Excel's days are off */
#define XLSX_DAY_MAX    (2958465 - XLSX_EPOCH) /* 9999-12-31 */

struct xlsx_style { /* a format libxlsxwriter has already made */
	struct xlsx_style *next;
	enum xlsx_format f;
	const char *number;
	lxw_format *format;
};

struct xlsx {
	const char *path;
	struct file_new *file;
	lxw_workbook *book;
	struct xlsx_style *styles;
	struct xlsx_sheet *sheets;
	int sheet_count;
	struct arena arena; /* styles and sheets */
};

struct xlsx_sheet {
	struct xlsx_sheet *next;
	struct xlsx *x;
	lxw_worksheet *sheet;
	const char *name;
	const char *part; /* its file in the workbook */
	off_t bytes; /* of its rows but the last, before they are put there */
	int row;     /* reached, from 0 */
	int last;    /* that has a cell, from 1 */
};

const struct err *
xlsx_open(const char *path, const char *title, struct xlsx **out)
{
	const struct err *err;
	struct file_new *file;
	struct xlsx *x;
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	lxw_doc_properties properties = { .created = (time_t)when_now() };

	*out = NULL;
	if ((err = file_new_open(path, &file)) != NULL)
		return err;
	x = mem_zalloc(sizeof(*x));
	x->file = file;
	x->path = arena_strdup(&x->arena, path);
	options.tmpdir = arena_strdup(&x->arena, file_tmpdir());
	properties.title = arena_strdup(&x->arena, title);
	x->book = workbook_new_opt(file_new_path(file), &options);
	workbook_set_properties(x->book, &properties);
	*out = x;
	return NULL;
}

void
xlsx_discard(struct xlsx *x)
{
	struct xlsx_sheet *s;

	if (x == NULL)
		return;
	if (x->book != NULL) {
		for (s = x->sheets; s != NULL; s = s->next) {
			/* libxlsxwriter forgets these unless it closes */
			fclose(s->sheet->optimize_tmpfile);
			s->sheet->optimize_tmpfile = NULL;
		}
		lxw_workbook_free(x->book);
	}
	file_new_discard(x->file);
	arena_free(&x->arena);
	free(x);
}

/*
 * libxlsxwriter does not look whether what it writes arrives in its temporary
 * files: without room it would make a workbook that lacks rows, and no fuss.
 */
static const struct err *
xlsx_check_room(const struct xlsx *x)
{
	const char *dir = file_tmpdir();
	struct xlsx_sheet *s;
	struct statvfs room;
	FILE *rows;

	for (s = x->sheets; s != NULL; s = s->next) {
		rows = s->sheet->optimize_tmpfile;
		if (fflush(rows) != 0 || ferror(rows) != 0 ||
		    (s->bytes = ftello(rows)) < 0 || statvfs(dir, &room) < 0 ||
		    room.f_bavail <
			((size_t)s->bytes + XLSX_SPARE) / room.f_frsize)
			return err_new(ERR_IO,
			    "%s: a sheet cannot be kept here; is it full?",
			    dir);
	}
	return NULL;
}

/* A file of the workbook is whole XML; *last is the last row in it. */
static const struct err *
xlsx_read_part(struct unzip_entry *entry, int *last)
{
	static const struct xml_want rows[] = { { "sheetData/row", true },
		{ 0 } };
	const struct err *err;
	struct xml_node *row;
	const char *number;
	struct xml *xml;
	size_t which;

	*last = 0;
	xml = xml_open(unzip_read, entry, rows);
	while ((err = xml_next(xml, &which, &row)) == NULL && row != NULL)
		if ((number = xml_attr(row, "r")) != NULL)
			*last = (int)strtol(number, NULL, 10);
	xml_close(xml);
	return err;
}

/* Beside that, a sheet holds all that went into it. */
static const struct err *
xlsx_check_part(const struct xlsx *x, struct unzip *z, const char *part)
{
	const struct err *err;
	const struct xlsx_sheet *s;
	struct unzip_entry *entry;
	int last;

	if ((err = unzip_entry(z, part, &entry)) != NULL)
		return err;
	err = xlsx_read_part(entry, &last);
	for (s = x->sheets; err == NULL && s != NULL; s = s->next)
		if (strcmp(s->part, part) == 0 &&
		    (last < s->last || unzip_size(entry) < (uint64_t)s->bytes))
			err = err_new(ERR_IO, "rows are missing");
	unzip_entry_close(entry);
	return err;
}

/*
 * The room may go while the workbook is put together, or a disk fail; so what
 * came of it is read once before it gets its name.
 */
static const struct err *
xlsx_check_whole(struct xlsx *x)
{
	const struct err *err;
	const char *part;
	struct unzip *z;
	uint64_t i;
	int fd;

	if ((err = file_open(file_new_path(x->file), &fd)) != NULL)
		return err;
	if ((err = unzip_open(fd, x->path, &z)) == NULL) {
		for (i = 0; err == NULL && (part = unzip_name(z, i)) != NULL;
		     i++)
			err = xlsx_check_part(x, z, part);
		unzip_close(z);
	}
	close(fd);
	if (err == NULL)
		return NULL;
	return err_new(ERR_IO,
	    "%s: the workbook came out damaged (%s); is %s full?", x->path,
	    err->msg, file_tmpdir());
}

const struct err *
xlsx_close(struct xlsx *x)
{
	const struct err *err;
	lxw_error failed;

	if ((err = xlsx_check_room(x)) != NULL) {
		xlsx_discard(x);
		return err;
	}
	errno = 0;
	failed = workbook_close(x->book);
	x->book = NULL; /* freed, whatever came of it */
	if (failed != LXW_NO_ERROR && errno != 0) {
		err = err_sys("%s", x->path);
	} else if (failed != LXW_NO_ERROR) {
		err = err_new(ERR_IO, "%s: %s", x->path, lxw_strerror(failed));
	} else if ((err = xlsx_check_whole(x)) == NULL) {
		err = file_new_commit(x->file);
		x->file = NULL;
	}
	xlsx_discard(x);
	return err;
}

const struct err *
xlsx_sheet(struct xlsx *x, const char *name, struct xlsx_sheet **out)
{
	struct xlsx_sheet *s;
	lxw_error bad;

	*out = NULL;
	bad = workbook_validate_sheet_name(x->book, name);
	if (bad != LXW_NO_ERROR)
		return err_new(ERR_INPUT, "sheet '%s': %s", name,
		    lxw_strerror(bad));
	s = arena_alloc(&x->arena, sizeof(*s));
	*s = (struct xlsx_sheet){
		.next = x->sheets,
		.x = x,
		.sheet = workbook_add_worksheet(x->book, name),
		.name = arena_strdup(&x->arena, name),
		.part = arena_printf(&x->arena, "xl/worksheets/sheet%d.xml",
		    ++x->sheet_count),
	};
	if (s->sheet == NULL || s->sheet->optimize_tmpfile == NULL)
		return err_new(ERR_IO, "%s: cannot make a file", file_tmpdir());
	/* As people print it: across the page, as many pages as it is long. */
	worksheet_set_landscape(s->sheet);
	worksheet_set_paper(s->sheet, 9 /* A4 */);
	worksheet_fit_to_pages(s->sheet, 1, 0);
	x->sheets = s;
	*out = s;
	return NULL;
}

static lxw_format *
xlsx_new_format(lxw_workbook *book, enum xlsx_format f, const char *number)
{
	lxw_format *format = workbook_add_format(book);

	switch (f) {
	case XLSX_PLAIN:
		break;
	case XLSX_TITLE:
		format_set_bold(format);
		format_set_font_size(format, 16);
		break;
	case XLSX_NOTE:
		format_set_font_size(format, 9);
		format_set_font_color(format, 0x666666);
		break;
	case XLSX_HEAD:
		format_set_bold(format);
		format_set_text_wrap(format);
		format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
		format_set_bg_color(format, 0xDDEBF7);
		break;
	case XLSX_TOTAL:
		format_set_bold(format);
		format_set_top(format, LXW_BORDER_THIN);
		break;
	}
	if (*number != '\0')
		format_set_num_format(format, number);
	return format;
}

/* The format of a cell, made once. number outlives x. */
static lxw_format *
xlsx_format(struct xlsx *x, enum xlsx_format f, const char *number)
{
	struct xlsx_style *s;

	if (f == XLSX_PLAIN && *number == '\0')
		return NULL;
	for (s = x->styles; s != NULL; s = s->next)
		if (s->f == f && strcmp(s->number, number) == 0)
			return s->format;
	s = arena_alloc(&x->arena, sizeof(*s));
	*s = (struct xlsx_style){
		.next = x->styles,
		.f = f,
		.number = number,
		.format = xlsx_new_format(x->book, f, number),
	};
	x->styles = s;
	return s->format;
}

static const struct err *
xlsx_place(struct xlsx_sheet *s, int row, int column)
{
	if (row < 0 || row >= LXW_ROW_MAX || column < 0 ||
	    column >= LXW_COL_MAX)
		return err_new(ERR_INPUT,
		    "sheet '%s' is full: %d rows by %d columns", s->name,
		    LXW_ROW_MAX, LXW_COL_MAX);
	assert(row >= s->row); /* earlier rows are already written */
	s->row = row;
	return NULL;
}

const struct err *
xlsx_text(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    const char *v)
{
	lxw_format *format = xlsx_format(s->x, f, "");
	const struct err *err;
	lxw_error failed;

	if ((err = xlsx_place(s, row, column)) != NULL)
		return err;
	if (v == NULL || *v == '\0')
		failed = worksheet_write_blank(s->sheet, (lxw_row_t)row,
		    (lxw_col_t)column, format);
	else
		failed = worksheet_write_string(s->sheet, (lxw_row_t)row,
		    (lxw_col_t)column, v, format);
	if (format != NULL || (v != NULL && *v != '\0'))
		s->last = row + 1;
	if (failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
		return err_new(ERR_INPUT,
		    "sheet '%s', row %d: text longer than %d characters",
		    s->name, row + 1, XLSX_TEXT_MAX);
	assert(failed == LXW_NO_ERROR);
	return NULL;
}

static const struct err *
xlsx_double(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    double v, const char *number)
{
	const struct err *err;
	lxw_error failed;

	if ((err = xlsx_place(s, row, column)) != NULL)
		return err;
	failed = worksheet_write_number(s->sheet, (lxw_row_t)row,
	    (lxw_col_t)column, v, xlsx_format(s->x, f, number));
	assert(failed == LXW_NO_ERROR);
	s->last = row + 1;
	return NULL;
}

/* v / 10^places */
static const struct err *
xlsx_scaled(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t v, int places, const char *number)
{
	static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };

	assert(places >= 0 && (size_t)places < ARRAY_LEN(powers));
	if (v < -XLSX_DIGITS_MAX || v > XLSX_DIGITS_MAX)
		return err_new(ERR_INPUT,
		    "sheet '%s', row %d: more than 15 digits", s->name,
		    row + 1);
	return xlsx_double(s, row, column, f, (double)v / powers[places],
	    number);
}

static const char *
xlsx_decimals(int shown)
{
	static const char *const formats[] = { "#,##0", "#,##0.0", "#,##0.00",
		"#,##0.000", "#,##0.0000", "#,##0.00000", "#,##0.000000" };

	return formats[shown];
}

const struct err *
xlsx_int(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t v)
{
	return xlsx_scaled(s, row, column, f, v, 0, xlsx_decimals(0));
}

const struct err *
xlsx_money(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t minor, const char *currency)
{
	int places = money_places(currency);

	if (places < 0)
		return err_new(ERR_INPUT, "unknown currency '%s'", currency);
	return xlsx_scaled(s, row, column, f, minor, places,
	    xlsx_decimals(places));
}

const struct err *
xlsx_decimal(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t v, int places)
{
	for (; places > 0 && v % 10 == 0; places--)
		v /= 10;
	return xlsx_scaled(s, row, column, f, v, places, xlsx_decimals(places));
}

const struct err *
xlsx_percent(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t bp)
{
	return xlsx_scaled(s, row, column, f, bp, 4, "0.0%");
}

static const struct err *
xlsx_date(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t day, int second, const char *number)
{
	if (day < XLSX_DAY_MIN || day > XLSX_DAY_MAX)
		return err_new(ERR_INPUT,
		    "sheet '%s', row %d: a date Excel does not know", s->name,
		    row + 1);
	return xlsx_double(s, row, column, f,
	    (double)(day + XLSX_EPOCH) + second / 86400.0, number);
}

const struct err *
xlsx_day(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t day)
{
	return xlsx_date(s, row, column, f, day, 0, "yyyy-mm-dd");
}

const struct err *
xlsx_time(struct xlsx_sheet *s, int row, int column, enum xlsx_format f,
    int64_t t)
{
	return xlsx_date(s, row, column, f, when_day(t), when_second_of_day(t),
	    "yyyy-mm-dd hh:mm");
}

void
xlsx_width(struct xlsx_sheet *s, int column, double characters)
{
	lxw_error failed = worksheet_set_column(s->sheet, (lxw_col_t)column,
	    (lxw_col_t)column, characters, NULL);

	assert(failed == LXW_NO_ERROR);
}

void
xlsx_height(struct xlsx_sheet *s, int row, double points)
{
	worksheet_set_row(s->sheet, (lxw_row_t)row, points, NULL);
}

void
xlsx_freeze(struct xlsx_sheet *s, int rows, int columns)
{
	worksheet_freeze_panes(s->sheet, (lxw_row_t)rows, (lxw_col_t)columns);
}

void
xlsx_filter(struct xlsx_sheet *s, int row, int column, int last_row,
    int last_column)
{
	lxw_error failed = worksheet_autofilter(s->sheet, (lxw_row_t)row,
	    (lxw_col_t)column, (lxw_row_t)last_row, (lxw_col_t)last_column);

	assert(failed == LXW_NO_ERROR);
}

/* One value axis for all series: libxlsxwriter draws no second one. */
const struct err *
xlsx_chart(struct xlsx_sheet *s, const struct xlsx_chart *c)
{
	static const uint8_t types[] = {
		[XLSX_COLUMNS] = LXW_CHART_COLUMN,
		[XLSX_LINE] = LXW_CHART_LINE,
		[XLSX_BARS] = LXW_CHART_BAR,
	};
	lxw_chart *chart = workbook_add_chart(s->x->book, types[c->kind]);
	lxw_row_t first = (lxw_row_t)c->first, last = (lxw_row_t)c->last;
	lxw_chart_options options = {
		.x_scale = (c->width != 0 ? c->width : 900) / 480.0,
		.y_scale = (c->height != 0 ? c->height : 320) / 288.0,
	};
	lxw_chart_series *series;
	lxw_col_t column;
	lxw_error failed;
	int i;

	assert(c->value_count > 0 &&
	       (size_t)c->value_count <= ARRAY_LEN(c->values));
	if (c->last < c->first)
		return err_new(ERR_INPUT, "sheet '%s': a chart of no rows",
		    s->name);
	for (i = 0; i < c->value_count; i++) {
		series = chart_add_series(chart, NULL, NULL);
		column = (lxw_col_t)c->categories;
		chart_series_set_categories(series, s->name, first, column,
		    last, column);
		column = (lxw_col_t)c->values[i];
		chart_series_set_values(series, s->name, first, column, last,
		    column);
		chart_series_set_name_range(series, s->name, (lxw_row_t)c->head,
		    column);
	}
	if (c->title != NULL)
		chart_title_set_name(chart, c->title);
	else
		chart_title_off(chart);
	chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	if (c->days)
		chart_axis_set_num_format(chart->x_axis, "dd.mm");
	if (c->kind == XLSX_BARS) /* the first row on top, as on the sheet */
		chart_axis_set_reverse(chart->y_axis);
	failed = worksheet_insert_chart_opt(s->sheet, (lxw_row_t)c->at_row,
	    (lxw_col_t)c->at_column, chart, &options);
	if (failed == LXW_NO_ERROR)
		return NULL;
	return err_new(ERR_INPUT, "sheet '%s': a chart cannot be drawn: %s",
	    s->name, lxw_strerror(failed));
}
