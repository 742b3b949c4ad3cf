/* out.c - records as a table, tab-separated values or NDJSON. */
#include "io/out.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "io/json.h"

#define OUT_MEASURED 200 /* rows of a table that decide on the widths */

struct cell {
	size_t at; /* where its text begins in struct out's text */
	bool number;
	enum out_mood mood;
};

struct column {
	size_t width;
	bool number; /* the head of numbers stands on the right too */
};

struct out {
	FILE *fp;
	struct out_style style;
	struct buf line; /* what is written next */
	size_t depth;    /* of nested parts */
	size_t fields;   /* of this record so far */
	size_t count;    /* of fields in a record; 0 until one has ended */
	int error;       /* errno of the first failed write, or 0 */

	struct buf head; /* names of the fields, each with its tab or NUL */
	struct buf text; /* table: text of the cells, each with its NUL */
	struct cell *cells;
	size_t cell_count, cell_cap;
	struct column *columns; /* NULL until measured */
};

struct out *
out_open(FILE *fp, const struct out_style *style)
{
	struct out *o = mem_zalloc(sizeof(*o));

	o->fp = fp;
	o->style = *style;
	return o;
}

enum out_format
out_format(const struct out *o)
{
	return o->style.format;
}

static const struct err *
out_failed(const struct out *o)
{
	errno = o->error;
	return err_sys("standard output");
}

static const struct err *
out_write(struct out *o, struct buf *b)
{
	if (o->error == 0 && fwrite(b->data, 1, b->len, o->fp) != b->len)
		o->error = errno;
	buf_reset(b);
	return o->error != 0 ? out_failed(o) : NULL;
}

/* Bytes of the character at s if it could disturb its line, else 0. */
static size_t
out_wild(const char *s, enum out_format format)
{
	if (format == OUT_TSV)
		return *s == '\t' || *s == '\n' || *s == '\r';
	if (s[0] == '\xC2' && (s[1] & 0xE0) == 0x80)
		return 2; /* C1: terminals obey these too */
	return (unsigned char)*s < 0x20 || *s == 0x7F;
}

/* Past what can be wild in no format: nearly all there is. */
static const char *
out_skip_tame(const char *s)
{
	while ((unsigned char)*s >= 0x20 && *s != 0x7F && *s != '\xC2')
		s++;
	return s;
}

static void
out_tame(struct buf *b, const char *s, enum out_format format)
{
	const char *run = s;
	size_t n;

	while (*(s = out_skip_tame(s)) != '\0') {
		if ((n = out_wild(s, format)) == 0) {
			s++;
			continue;
		}
		buf_add(b, run, (size_t)(s - run));
		buf_addc(b, format == OUT_TSV ? ' ' : '?');
		run = s += n;
	}
	buf_add(b, run, (size_t)(s - run));
}

/* A cell after `blanks` blanks, which are only written if something follows. */
static void
out_cell(struct out *o, const char *text, bool right, enum out_mood mood,
    size_t column, size_t *blanks)
{
	static const char *const colours[] = {
		[OUT_PLAIN] = NULL,
		[OUT_GOOD] = "\033[32m",
		[OUT_ATTENTION] = "\033[33m",
		[OUT_BAD] = "\033[31m",
	};
	const char *colour = o->style.colour ? colours[mood] : NULL;
	size_t width = text_width(text), fill = 0;

	if (width < o->columns[column].width)
		fill = o->columns[column].width - width;
	if (right)
		*blanks += fill;
	if (*text != '\0') {
		buf_printf(&o->line, "%*s", (int)*blanks, "");
		buf_adds(&o->line, colour != NULL ? colour : "");
		buf_adds(&o->line, text);
		buf_adds(&o->line, colour != NULL ? "\033[0m" : "");
		*blanks = 0;
	}
	if (!right)
		*blanks += fill;
	*blanks += 2;
}

static void
out_measure(struct out *o)
{
	const char *name = o->head.data;
	struct column *c;
	size_t i, width;

	o->columns = mem_zalloc(o->count * sizeof(*o->columns));
	for (i = 0; i < o->count && !o->style.no_header; i++) {
		o->columns[i].width = text_width(name);
		name += strlen(name) + 1;
	}
	for (i = 0; i < o->cell_count; i++) {
		c = &o->columns[i % o->count];
		width = text_width(o->text.data + o->cells[i].at);
		c->width = width > c->width ? width : c->width;
		c->number |= o->cells[i].number;
	}
}

static void
out_table_head(struct out *o)
{
	const char *name = o->head.data;
	size_t i, blanks = 0;

	for (i = 0; i < o->count; i++) {
		out_cell(o, name, o->columns[i].number, OUT_PLAIN, i, &blanks);
		name += strlen(name) + 1;
	}
	buf_addc(&o->line, '\n');
}

/*
 * Lay out the rows held back and write them; the first time with the head. A
 * row that an error left unfinished is dropped.
 */
static const struct err *
out_table_rows(struct out *o)
{
	const struct cell *c;
	size_t i, blanks = 0;

	if (o->count == 0 || o->cell_count < o->count)
		return NULL;
	o->cell_count -= o->cell_count % o->count;
	if (o->columns == NULL) {
		out_measure(o);
		if (!o->style.no_header)
			out_table_head(o);
	}
	for (i = 0; i < o->cell_count; i++) {
		c = &o->cells[i];
		out_cell(o, o->text.data + c->at, c->number, c->mood,
		    i % o->count, &blanks);
		if ((i + 1) % o->count == 0) {
			buf_addc(&o->line, '\n');
			blanks = 0;
		}
	}
	o->cell_count = 0;
	buf_reset(&o->text);
	return out_write(o, &o->line);
}

/* A scalar of a table or of TSV. */
static void
out_field(struct out *o, const char *key, const char *v, bool number,
    enum out_mood mood)
{
	enum out_format format = o->style.format;

	if (o->depth != 0)
		return;
	if (o->count == 0) {
		out_tame(&o->head, key, format);
		buf_addc(&o->head, format == OUT_TSV ? '\t' : '\0');
	}
	o->fields++;
	if (format == OUT_TSV) {
		if (o->fields != 1)
			buf_addc(&o->line, '\t');
		if (number)
			buf_adds(&o->line, v); /* nothing wild in it */
		else
			out_tame(&o->line, v, format);
		return;
	}
	if (o->cell_count == o->cell_cap) {
		o->cell_cap = o->cell_cap != 0 ? o->cell_cap * 2 : 64;
		o->cells = mem_resize(o->cells, o->cell_cap, sizeof(*o->cells));
	}
	o->cells[o->cell_count++] =
	    (struct cell){ .at = o->text.len, .number = number, .mood = mood };
	out_tame(&o->text, v, format);
	buf_addc(&o->text, '\0');
}

/*
 * What stands before a value in JSON. What was written last tells whether this
 * is the first member: no value ends in an opening bracket outside quotes.
 */
static void
out_key(struct out *o, const char *key)
{
	const char *end = buf_str(&o->line) + o->line.len;

	if (o->line.len == 0)
		buf_addc(&o->line, '{');
	else if (end[-1] != '{' && end[-1] != '[')
		buf_addc(&o->line, ',');
	if (key != NULL) {
		json_quote(&o->line, key);
		buf_addc(&o->line, ':');
	}
}

/* A scalar that reads the same in every format. */
static void
out_plain(struct out *o, const char *key, const char *v, bool number)
{
	if (o->style.format != OUT_JSON) {
		out_field(o, key, v, number, OUT_PLAIN);
		return;
	}
	out_key(o, key);
	buf_adds(&o->line, v);
}

void
out_mood(struct out *o, const char *key, const char *v, enum out_mood mood)
{
	if (o->style.format != OUT_JSON) {
		out_field(o, key, v != NULL ? v : "", false, mood);
		return;
	}
	out_key(o, key);
	if (v != NULL)
		json_quote(&o->line, v);
	else
		buf_adds(&o->line, "null");
}

void
out_text(struct out *o, const char *key, const char *v)
{
	out_mood(o, key, v, OUT_PLAIN);
}

void
out_null(struct out *o, const char *key)
{
	out_mood(o, key, NULL, OUT_PLAIN);
}

void
out_bool(struct out *o, const char *key, bool v)
{
	out_plain(o, key, v ? "true" : "false", false);
}

void
out_int(struct out *o, const char *key, int64_t v)
{
	char buf[DECIMAL_STR_MAX];

	out_plain(o, key, decimal_format(v, 0, buf), true);
}

void
out_id(struct out *o, const char *key, int64_t id)
{
	if (id != 0)
		out_int(o, key, id);
	else
		out_null(o, key);
}

void
out_type(struct out *o, const char *type)
{
	if (o->style.format == OUT_JSON)
		out_text(o, "type", type);
}

void
out_money(struct out *o, const char *key, int64_t minor, const char *currency)
{
	char buf[DECIMAL_STR_MAX];

	out_plain(o, key, money_format(minor, currency, buf), true);
}

void
out_decimal(struct out *o, const char *key, int64_t v, int places)
{
	char buf[DECIMAL_STR_MAX];

	out_plain(o, key, decimal_short(v, places, buf), true);
}

void
out_time(struct out *o, const char *key, int64_t t)
{
	char buf[WHEN_STR_MAX];

	if (o->style.format == OUT_TABLE)
		out_text(o, key, when_local(t, buf));
	else
		out_text(o, key, when_format(t, buf));
}

static void
out_nest(struct out *o, const char *key, char bracket)
{
	o->depth++;
	if (o->style.format != OUT_JSON)
		return;
	out_key(o, key);
	buf_addc(&o->line, bracket);
}

static void
out_unnest(struct out *o, char bracket)
{
	assert(o->depth != 0);
	o->depth--;
	if (o->style.format == OUT_JSON)
		buf_addc(&o->line, bracket);
}

void
out_object(struct out *o, const char *key)
{
	out_nest(o, key, '{');
}

void
out_array(struct out *o, const char *key)
{
	out_nest(o, key, '[');
}

void
out_close_object(struct out *o)
{
	out_unnest(o, '}');
}

void
out_close_array(struct out *o)
{
	out_unnest(o, ']');
}

/* The end of a record of TSV; that of the first brings the header. */
static const struct err *
out_tsv_row(struct out *o)
{
	const struct err *err;

	if (o->count == 0 && !o->style.no_header) {
		o->head.data[o->head.len - 1] = '\n';
		if ((err = out_write(o, &o->head)) != NULL)
			return err;
	}
	buf_addc(&o->line, '\n');
	return out_write(o, &o->line);
}

const struct err *
out_end(struct out *o)
{
	const struct err *err = NULL;

	assert(o->depth == 0);
	if (o->style.format == OUT_JSON) {
		buf_adds(&o->line, o->line.len == 0 ? "{}\n" : "}\n");
		return out_write(o, &o->line);
	}
	assert(o->fields != 0 && (o->count == 0 || o->count == o->fields));
	if (o->style.format == OUT_TSV)
		err = out_tsv_row(o);
	o->count = o->fields;
	o->fields = 0;
	if (o->columns != NULL || o->cell_count == OUT_MEASURED * o->count)
		err = out_table_rows(o);
	return err;
}

const struct err *
out_flush(struct out *o)
{
	const struct err *err;

	if (o->style.format == OUT_TABLE && (err = out_table_rows(o)) != NULL)
		return err;
	if (o->error == 0 && fflush(o->fp) != 0)
		o->error = errno;
	return o->error != 0 ? out_failed(o) : NULL;
}

const struct err *
out_close(struct out *o)
{
	const struct err *err;

	if (o == NULL)
		return NULL;
	err = out_flush(o);
	buf_free(&o->line);
	buf_free(&o->head);
	buf_free(&o->text);
	free(o->cells);
	free(o->columns);
	free(o);
	return err;
}
