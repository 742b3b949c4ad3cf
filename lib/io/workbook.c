/* workbook.c - the first sheet of an Excel workbook as a table of text. */
#include "io/workbook.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/when.h"
#include "io/file.h"
#include "io/unzip.h"
#include "io/xml.h"

#define WORKBOOK_ROWS    1048576
#define WORKBOOK_COLUMNS 16384
#define WORKBOOK_FORMATS 1000 /* highest number of a format, and one */
#define WORKBOOK_STRINGS ((size_t)512 << 20) /* bytes of shared texts */

/* Days from 1899-12-30, Excel's day 0, to 1970-01-01. */
#define WORKBOOK_EPOCH 25569
#define WORKBOOK_1904  1462
#define DAY            86400

enum workbook_kind { /* of a number, by its format */
	WORKBOOK_NUMBER,
	WORKBOOK_DATE,
	WORKBOOK_TIME, /* of day */
	WORKBOOK_BOTH,
};

struct workbook {
	struct unzip *zip;
	const char *name;
	const struct workbook_style *style;
	struct arena arena;
	bool from_1904;
	const char **strings; /* shared */
	size_t string_count, string_bytes;
	uint8_t formats[WORKBOOK_FORMATS]; /* kinds, by number of the format */
	uint8_t *kinds;                    /* by the s of a cell */
	size_t kind_count;
	const char *sheet;  /* path of the sheet */
	const char *shared; /* path of the shared texts, or NULL */
	const char *styles; /* path of the formats, or NULL */
	FILE *fp;
	uint64_t line;           /* written last */
	size_t columns;          /* of the first row */
	struct arena cell_arena; /* of the row in hand */
	const char **cells;
	size_t cell_count, cell_cap;
};

bool
workbook_detect(const char *head, size_t len)
{
	return len >= 4 && memcmp(head, "PK\003\004", 4) == 0;
}

/* Parts -------------------------------------------------------------------- */

/* Do `one` with each record of a part of the workbook. */
static const struct err *
workbook_each(struct workbook *w, const char *path, const struct xml_want *want,
    const struct err *(
	*one)(struct workbook *w, size_t which, const struct xml_node *n))
{
	struct unzip_entry *entry;
	const struct err *err;
	struct xml_node *n;
	struct xml *x;
	size_t which;

	if ((err = unzip_entry(w->zip, path, &entry)) != NULL)
		return err;
	if (entry == NULL)
		return err_new(ERR_INPUT, "no Excel workbook: it has no %s",
		    path);
	x = xml_open(unzip_read, entry, want);
	while ((err = xml_next(x, &which, &n)) == NULL && n != NULL)
		if ((err = one(w, which, n)) != NULL)
			break;
	xml_close(x);
	unzip_entry_close(entry);
	return err_wrap(err, "%s", path);
}

static bool
workbook_ends(const char *s, const char *end)
{
	size_t n = s != NULL ? strlen(s) : 0, m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* "worksheets/sheet1.xml" is beside the workbook, "/xl/..." is not. */
static const char *
workbook_path(struct workbook *w, const char *target)
{
	if (*target == '/')
		return arena_strdup(&w->arena, target + 1);
	return arena_printf(&w->arena, "xl/%s", target);
}

/* The first sheet that is to be seen; its r:id is kept until the target. */
static const struct err *
workbook_on_book(struct workbook *w, size_t which, const struct xml_node *n)
{
	const char *v;

	if (which == 0) {
		v = xml_attr(n, "date1904");
		w->from_1904 = v != NULL &&
			       (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
	} else if (w->sheet == NULL && (v = xml_attr(n, "id")) != NULL &&
		   (xml_attr(n, "state") == NULL ||
		       strcmp(xml_attr(n, "state"), "visible") == 0)) {
		w->sheet = arena_strdup(&w->arena, v);
	}
	return NULL;
}

static const struct err *
workbook_on_relation(struct workbook *w, size_t which, const struct xml_node *n)
{
	const char *type = xml_attr(n, "Type"), *id = xml_attr(n, "Id");
	const char *target = xml_attr(n, "Target");

	(void)which;
	if (target == NULL)
		return NULL;
	if (id != NULL && w->sheet != NULL && strcmp(id, w->sheet) == 0 &&
	    workbook_ends(type, "/worksheet"))
		w->sheet = workbook_path(w, target);
	else if (workbook_ends(type, "/sharedStrings"))
		w->shared = workbook_path(w, target);
	else if (workbook_ends(type, "/styles"))
		w->styles = workbook_path(w, target);
	return NULL;
}

/* A text, and that of its runs; phonetic hints are none of it. */
static const char *
workbook_string(const struct xml_node *n, struct arena *a)
{
	const struct xml_node *c;
	struct buf b = { 0 };
	const char *text;

	for (c = n->first; c != NULL; c = c->next) {
		if (strcmp(c->name, "t") == 0)
			buf_adds(&b, c->text);
		else if (strcmp(c->name, "r") == 0 && xml_get(c, "t") != NULL)
			buf_adds(&b, xml_get(c, "t"));
	}
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
workbook_on_string(struct workbook *w, size_t which, const struct xml_node *n)
{
	const char *text = workbook_string(n, &w->arena);

	(void)which;
	w->string_bytes += strlen(text);
	if (w->string_bytes > WORKBOOK_STRINGS)
		return err_new(ERR_INPUT, "more than %zu MiB of texts",
		    WORKBOOK_STRINGS >> 20);
	w->strings = arena_grow(&w->arena, w->strings, w->string_count,
	    sizeof(*w->strings));
	w->strings[w->string_count++] = text;
	return NULL;
}

/* Formats ------------------------------------------------------------------ */

/* What the letters of a format of the workbook's own make of a number. */
static enum workbook_kind
workbook_format(const char *code)
{
	bool date = false, time = false;
	const char *p;

	for (p = code; *p != '\0' && *p != ';'; p++) {
		if (*p == '"' || *p == '[') { /* text; colour, condition */
			p = strchr(p + 1, *p == '"' ? '"' : ']');
			if (p == NULL)
				break;
		} else if ((*p == '\\' || *p == '_' || *p == '*') &&
			   p[1] != '\0') {
			p++;
		} else if (strncmp(p, "General", 7) == 0) {
			p += 6;
		} else if (strchr("yYdD", *p) != NULL) {
			date = true;
		} else if (strchr("hHsS", *p) != NULL) {
			time = true;
		}
	}
	if (date)
		return time ? WORKBOOK_BOTH : WORKBOOK_DATE;
	return time ? WORKBOOK_TIME : WORKBOOK_NUMBER;
}

/* The formats that every workbook has, by number (ECMA-376, 18.8.30). */
static enum workbook_kind
workbook_builtin(long id)
{
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 ||
	    (id >= 50 && id <= 58))
		return WORKBOOK_DATE;
	if (id == 22)
		return WORKBOOK_BOTH;
	if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) ||
	    (id >= 45 && id <= 47))
		return WORKBOOK_TIME;
	return WORKBOOK_NUMBER;
}

static enum workbook_kind
workbook_kind_of(const struct workbook *w, long id)
{
	if (id < 0 || id >= WORKBOOK_FORMATS)
		return WORKBOOK_NUMBER;
	return (enum workbook_kind)w->formats[id];
}

static const struct err *
workbook_on_format(struct workbook *w, size_t which, const struct xml_node *n)
{
	const char *v = xml_attr(n, "numFmtId"), *code;
	long id = v != NULL ? strtol(v, NULL, 10) : 0;

	if (which == 0) {
		code = xml_attr(n, "formatCode");
		if (code != NULL && id >= 0 && id < WORKBOOK_FORMATS)
			w->formats[id] = (uint8_t)workbook_format(code);
		return NULL;
	}
	w->kinds =
	    arena_grow(&w->arena, w->kinds, w->kind_count, sizeof(*w->kinds));
	w->kinds[w->kind_count++] = (uint8_t)workbook_kind_of(w, id);
	return NULL;
}

/* Cells -------------------------------------------------------------------- */

/* A number as a person would write it, in full. */
static const char *
workbook_number(struct workbook *w, double v)
{
	char text[64], *point;

	if (v > -1e15 && v < 1e15 && (v <= -1e-4 || v >= 1e-4))
		snprintf(text, sizeof(text), "%.15g", v);
	else
		snprintf(text, sizeof(text), "%.8f", v);
	if ((point = strchr(text, '.')) != NULL)
		*point = w->style->decimal;
	return arena_strdup(&w->cell_arena, text);
}

/* Days and their fraction as the date or time that the cell shows. */
static const char *
workbook_moment(struct workbook *w, double v, enum workbook_kind kind)
{
	int64_t second = (int64_t)(v * DAY + 0.5);
	int64_t day = second / DAY, rest = second % DAY;
	char date[WHEN_STR_MAX];

	if (kind == WORKBOOK_TIME && day == 0)
		return arena_printf(&w->cell_arena, "%02d:%02d",
		    (int)(rest / 3600), (int)(rest / 60 % 60));
	if (w->from_1904)
		day += WORKBOOK_1904;
	else if (day < 60) /* Excel believes in 29 February 1900 */
		day++;
	when_day_format(day - WORKBOOK_EPOCH, date);
	if (kind == WORKBOOK_DATE || rest == 0)
		return arena_strdup(&w->cell_arena, date);
	return arena_printf(&w->cell_arena, "%s %02d:%02d:%02d", date,
	    (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

static const char *
workbook_value(struct workbook *w, const struct xml_node *c, const char *text)
{
	const char *style = xml_attr(c, "s");
	size_t at = style != NULL ? strtoul(style, NULL, 10) : 0;
	enum workbook_kind kind = WORKBOOK_NUMBER;
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end != '\0' || !isfinite(v))
		return text;
	if (at < w->kind_count)
		kind = (enum workbook_kind)w->kinds[at];
	if (kind == WORKBOOK_NUMBER || v < 0 || v >= 2958466) /* 9999-12-31 */
		return workbook_number(w, v);
	return workbook_moment(w, v, kind);
}

static const char *
workbook_cell(struct workbook *w, const struct xml_node *c)
{
	const char *type = xml_attr(c, "t"), *text = xml_get(c, "v");
	const struct xml_node *is;
	size_t at;

	if (type != NULL && strcmp(type, "inlineStr") == 0) {
		is = xml_child(c, "is");
		return is != NULL ? workbook_string(is, &w->cell_arena) : "";
	}
	if (text == NULL)
		return "";
	if (type == NULL || strcmp(type, "n") == 0)
		return workbook_value(w, c, text);
	if (strcmp(type, "s") == 0) {
		at = strtoul(text, NULL, 10);
		return at < w->string_count ? w->strings[at] : "";
	}
	if (strcmp(type, "b") == 0)
		return strcmp(text, "1") == 0 ? "true" : "false";
	return text;
}

/* "AB12" is in column 27, from 0. SIZE_MAX: none that can be. */
static size_t
workbook_column(const char *ref)
{
	size_t n = 0;

	for (; *ref >= 'A' && *ref <= 'Z' && n <= WORKBOOK_COLUMNS; ref++)
		n = n * 26 + (size_t)(*ref - 'A') + 1;
	return n != 0 && n <= WORKBOOK_COLUMNS ? n - 1 : SIZE_MAX;
}

/* Rows --------------------------------------------------------------------- */

static void
workbook_write_cell(struct workbook *w, const char *text)
{
	const char *p;

	putc('"', w->fp);
	for (p = text; *p != '\0'; p++) {
		if (*p == '"')
			putc('"', w->fp);
		if (*p != '\r')
			putc(*p == '\n' ? ' ' : *p, w->fp);
	}
	putc('"', w->fp);
}

/*
 * The row's cells, as many as the longest row above had: empty ones are not
 * stored.
 */
static void
workbook_write_row(struct workbook *w)
{
	size_t n = w->cell_count, i;

	while (n != 0 && *w->cells[n - 1] == '\0')
		n--;
	if (n == 0)
		return;
	if (n > w->columns)
		w->columns = n;
	for (i = 0; i < w->columns; i++) {
		if (i != 0)
			putc(w->style->separator, w->fp);
		if (i < n && *w->cells[i] != '\0')
			workbook_write_cell(w, w->cells[i]);
	}
}

static void
workbook_add_cell(struct workbook *w, const char *text)
{
	if (w->cell_count == w->cell_cap) {
		w->cell_cap = w->cell_cap * 2 + 32;
		w->cells = mem_resize(w->cells, w->cell_cap, sizeof(*w->cells));
	}
	w->cells[w->cell_count++] = text;
}

static const struct err *
workbook_on_row(struct workbook *w, size_t which, const struct xml_node *n)
{
	const char *ref = xml_attr(n, "r");
	uint64_t row = ref != NULL ? strtoull(ref, NULL, 10) : w->line + 1;
	const struct xml_node *c;
	size_t at;

	(void)which;
	if (row <= w->line || row > WORKBOOK_ROWS)
		return err_new(ERR_INPUT, "row '%.20s' cannot be here",
		    ref != NULL ? ref : "");
	arena_reset(&w->cell_arena);
	w->cell_count = 0;
	for (c = n->first; c != NULL; c = c->next) {
		if (strcmp(c->name, "c") != 0)
			continue;
		ref = xml_attr(c, "r");
		at = ref != NULL ? workbook_column(ref) : w->cell_count;
		if (at == SIZE_MAX || at < w->cell_count)
			return err_new(ERR_INPUT, "cell '%.20s' cannot be here",
			    ref != NULL ? ref : "");
		while (w->cell_count < at)
			workbook_add_cell(w, "");
		workbook_add_cell(w, workbook_cell(w, c));
	}
	for (; w->line + 1 < row; w->line++)
		putc('\n', w->fp);
	workbook_write_row(w);
	putc('\n', w->fp);
	w->line = row;
	return NULL;
}

/* All of it ---------------------------------------------------------------- */

static const struct err *
workbook_read(struct workbook *w)
{
	static const struct xml_want book[] = { { "workbook/workbookPr",
						    false },
		{ "sheets/sheet", false }, { NULL, false } };
	static const struct xml_want relation[] = { { "Relationships/"
						      "Relationship",
							false },
		{ NULL, false } };
	static const struct xml_want string[] = { { "sst/si", false },
		{ NULL, false } };
	static const struct xml_want format[] = { { "numFmts/numFmt", false },
		{ "cellXfs/xf", false }, { NULL, false } };
	static const struct xml_want row[] = { { "sheetData/row", false },
		{ NULL, false } };
	const struct err *err;
	const char *id;

	if ((err = workbook_each(w, "xl/workbook.xml", book,
		 workbook_on_book)) != NULL)
		return err;
	if ((id = w->sheet) == NULL)
		return err_new(ERR_INPUT, "the workbook has no sheet");
	if ((err = workbook_each(w, "xl/_rels/workbook.xml.rels", relation,
		 workbook_on_relation)) != NULL)
		return err;
	if (w->sheet == id)
		return err_new(ERR_INPUT, "the workbook's sheet is missing");
	if ((w->shared != NULL && (err = workbook_each(w, w->shared, string,
				       workbook_on_string)) != NULL) ||
	    (w->styles != NULL && (err = workbook_each(w, w->styles, format,
				       workbook_on_format)) != NULL))
		return err;
	return workbook_each(w, w->sheet, row, workbook_on_row);
}

static const struct err *
workbook_spool(struct workbook *w, int *out)
{
	const struct err *err;
	int copy;

	if ((err = file_temp(out)) != NULL)
		return err;
	if ((copy = dup(*out)) < 0 || (w->fp = fdopen(copy, "w")) == NULL)
		return err_sys("%s", w->name);
	if ((err = workbook_read(w)) != NULL)
		return err;
	if (fflush(w->fp) != 0 || ferror(w->fp) ||
	    lseek(*out, 0, SEEK_SET) != 0)
		return err_sys("%s", w->name);
	return NULL;
}

const struct err *
workbook_csv(int fd, const char *name, const struct workbook_style *style,
    int *out)
{
	struct workbook *w = mem_zalloc(sizeof(*w));
	const struct err *err;
	long id;

	*out = -1;
	w->name = name;
	w->style = style;
	for (id = 0; id < WORKBOOK_FORMATS; id++)
		w->formats[id] = (uint8_t)workbook_builtin(id);
	if ((err = unzip_open(fd, name, &w->zip)) == NULL)
		err = workbook_spool(w, out);
	if (w->fp != NULL)
		fclose(w->fp);
	if (err != NULL && *out >= 0) {
		close(*out);
		*out = -1;
	}
	unzip_close(w->zip);
	arena_free(&w->cell_arena);
	arena_free(&w->arena);
	free(w->cells);
	free(w);
	return err;
}
