/* dsv.c - tables as text: CSV, TSV and what Excel makes of them. */
#include "io/dsv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/charset.h"

#define DSV_PIECE      ((size_t)1 << 16) /* bytes read, and looked at first */
#define DSV_ROW_MAX    ((size_t)16 << 20)
#define DSV_SEPARATORS ";,\t|"

struct dsv {
	int fd;
	const char *name;
	struct dsv_dialect dialect;
	struct charset *to_utf8; /* NULL when the file is UTF-8 */

	char in[DSV_PIECE]; /* bytes as read, not yet in text */
	size_t in_len;
	struct buf text; /* UTF-8; the rows not yet given begin at `at` */
	size_t at;
	uint64_t line; /* that begins at `at` */
	bool eof;      /* all of the file is in text */
	bool unended;  /* and it did not end with a newline */

	bool open;           /* dsv_cut() stopped inside quotes */
	bool closed;         /* the row ends with the quotes of its last cell */
	struct buf quoted;   /* one quoted field without its quotes */
	struct buf cells;    /* fields of the row, each with its NUL */
	struct arena arena;  /* for text_trim() */
	const char **fields; /* where they begin in cells */
	size_t fields_cap;
	struct dsv_row row;
};

/* Read until the piece is full or the file ends. */
static const struct err *
dsv_read_piece(struct dsv *d)
{
	ssize_t n = 1;

	while (n > 0 && d->in_len < DSV_PIECE) {
		n = read(d->fd, d->in + d->in_len, DSV_PIECE - d->in_len);
		if (n < 0)
			return err_sys("%s", d->name);
		d->in_len += (size_t)n;
	}
	d->eof = n == 0;
	return NULL;
}

/* Move what was read into text; a character that is cut waits for its rest. */
static void
dsv_convert(struct dsv *d)
{
	size_t left = d->in_len, room = 3 * left + 1, bad;
	char *in = d->in, *out;

	if (d->to_utf8 == NULL) {
		buf_add(&d->text, d->in, d->in_len);
		d->in_len = 0;
		return;
	}
	out = buf_room(&d->text, room);
	while (!charset_convert(d->to_utf8, &in, &left, &out, &room)) {
		if (errno == EINVAL && !d->eof)
			break;
		/* A byte that no UTF-8 holds: the row will be refused. */
		*out++ = '\xFF';
		room--;
		bad = d->dialect.encoding == DSV_UTF16LE && left > 1 ? 2 : 1;
		in += bad;
		left -= bad;
	}
	d->text.len = (size_t)(out - d->text.data);
	memmove(d->in, in, left);
	d->in_len = left;
}

/* More text behind what is there. At the end the last row gets its newline. */
static const struct err *
dsv_fill(struct dsv *d)
{
	const struct err *err;
	struct buf *t = &d->text;

	if (d->at != 0) {
		t->len -= d->at;
		memmove(t->data, t->data + d->at, t->len);
		d->at = 0;
	}
	if ((err = dsv_read_piece(d)) != NULL)
		return err;
	dsv_convert(d);
	if (d->eof && t->len != 0 && t->data[t->len - 1] != '\n') {
		d->unended = true;
		buf_addc(t, '\n');
	}
	return NULL;
}

/* UTF-8, but for a character that the end of the piece cut? */
static bool
dsv_is_utf8(const struct dsv *d)
{
	size_t valid = text_utf8_valid(d->in, d->in_len);
	size_t rest = d->in_len - valid;

	if (rest == 0)
		return true;
	if (d->eof || rest > 3 || (unsigned char)d->in[valid] < 0xC2)
		return false;
	for (valid++; valid < d->in_len; valid++)
		if ((d->in[valid] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Is every second byte of the first line zero? */
static bool
dsv_is_utf16(const struct dsv *d)
{
	size_t i;

	for (i = 0; i + 1 < d->in_len; i += 2) {
		if (d->in[i] == '\0' || d->in[i + 1] != '\0')
			return false;
		if (d->in[i] == '\n')
			return true;
	}
	return i != 0;
}

/* Find out what the first piece is written in, unless told, and drop its mark. */
static const struct err *
dsv_find_encoding(struct dsv *d)
{
	static const char utf8_mark[] = "\xEF\xBB\xBF";
	enum dsv_encoding *e = &d->dialect.encoding;
	size_t mark = 0;

	if (d->in_len >= 2 && memcmp(d->in, "\xFE\xFF", 2) == 0 &&
	    *e == DSV_DETECT)
		return err_new(ERR_INPUT, "%s: UTF-16BE cannot be read",
		    d->name);
	if (d->in_len >= 3 && memcmp(d->in, utf8_mark, 3) == 0 &&
	    (*e == DSV_DETECT || *e == DSV_UTF8)) {
		mark = 3;
		*e = DSV_UTF8;
	} else if (d->in_len >= 2 && memcmp(d->in, "\xFF\xFE", 2) == 0 &&
		   (*e == DSV_DETECT || *e == DSV_UTF16LE)) {
		mark = 2;
		*e = DSV_UTF16LE;
	}
	if (*e == DSV_DETECT && dsv_is_utf16(d))
		*e = DSV_UTF16LE;
	else if (*e == DSV_DETECT)
		*e = dsv_is_utf8(d) ? DSV_UTF8 : DSV_CP1251;
	d->in_len -= mark;
	memmove(d->in, d->in + mark, d->in_len);
	return NULL;
}

/* Excel's first line "sep=;", which is no row. */
static void
dsv_take_sep(struct dsv *d)
{
	const char *t = d->text.data;
	size_t len = strlen("sep=;");

	if (d->text.len <= len || strncasecmp(t, "sep=", 4) != 0 ||
	    strchr(DSV_SEPARATORS, t[4]) == NULL)
		return;
	if (t[len] == '\r')
		len++;
	if (t[len] != '\n')
		return;
	if (d->dialect.separator == '\0')
		d->dialect.separator = t[4];
	d->at = len + 1;
	d->line++;
}

/* The separator that the first line that is not empty has most of. */
static char
dsv_find_separator(const struct dsv *d)
{
	size_t count[sizeof(DSV_SEPARATORS)] = { 0 }, best = 0, i;
	const char *p = buf_str(&d->text) + d->at, *sep;
	bool quoted = false, begins = true; /* may quotes begin? */

	p += strspn(p, "\r\n");
	for (; *p != '\0' && (quoted || *p != '\n'); p++) {
		sep = strchr(DSV_SEPARATORS, *p);
		if (*p == '"' && (quoted || begins))
			quoted = !quoted;
		else if (!quoted && sep != NULL)
			count[sep - DSV_SEPARATORS]++;
		begins = sep != NULL || *p == '=' || *p == '"' ||
			 (begins && *p == ' ');
	}
	for (i = 1; DSV_SEPARATORS[i] != '\0'; i++)
		if (count[i] > count[best])
			best = i;
	return DSV_SEPARATORS[best];
}

const struct err *
dsv_open(int fd, const char *name, const struct dsv_dialect *dialect,
    struct dsv **out)
{
	static const char *const charset[] = {
		[DSV_UTF16LE] = "UTF-16LE",
		[DSV_CP1251] = "CP1251",
	};
	const struct err *err;
	struct dsv *d = mem_zalloc(sizeof(*d));

	*out = NULL;
	d->fd = fd;
	d->name = name;
	d->dialect = *dialect;
	d->line = 1;
	d->row.raw = "";
	if ((err = dsv_read_piece(d)) != NULL ||
	    (err = dsv_find_encoding(d)) != NULL)
		goto out;
	if (d->dialect.encoding != DSV_UTF8 &&
	    (err = charset_open(charset[d->dialect.encoding], &d->to_utf8)) !=
		NULL)
		goto out;
	if ((err = dsv_fill(d)) != NULL)
		goto out;
	dsv_take_sep(d);
	if (d->dialect.separator == '\0')
		d->dialect.separator = dsv_find_separator(d);
	*out = d;
	return NULL;
out:
	dsv_close(d);
	return err;
}

void
dsv_close(struct dsv *d)
{
	if (d == NULL)
		return;
	charset_close(d->to_utf8);
	buf_free(&d->text);
	buf_free(&d->quoted);
	buf_free(&d->cells);
	arena_free(&d->arena);
	free(d->fields);
	free(d);
}

const struct dsv_dialect *
dsv_dialect(const struct dsv *d)
{
	return &d->dialect;
}

static bool
dsv_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Could a character with this first byte be one of Unicode's blanks? Cyrillic
 * is none of these, so that the slow text_trim() is seldom asked.
 */
static bool
dsv_wide_blank(char c)
{
	return c == '\xC2' || (c >= '\xE1' && c <= '\xE3') || c == '\xEF';
}

/* Could one of these len bytes' first and last characters? */
static bool
dsv_wide_ends(const char *p, size_t len)
{
	size_t last = len - 1;

	if (((p[0] | p[last]) & 0x80) == 0)
		return false;
	while (last > 0 && (p[last] & 0xC0) == 0x80)
		last--;
	return dsv_wide_blank(p[0]) || dsv_wide_blank(p[last]);
}

/*
 * The text of a cell of mysql --batch, in place; returns its length. A NUL
 * cannot be in a text and is left out.
 */
static size_t
dsv_unescape(char *cell, size_t len)
{
	size_t i, n = 0;

	if (len == 4 && memcmp(cell, "NULL", 4) == 0)
		return 0;
	for (i = 0; i < len; i++) {
		if (cell[i] != '\\' || i + 1 == len)
			cell[n++] = cell[i];
		else if (cell[++i] == 'n')
			cell[n++] = '\n';
		else if (cell[i] == 't')
			cell[n++] = '\t';
		else if (cell[i] != '0')
			cell[n++] = cell[i];
	}
	return n;
}

/* One more field of the row, for which cells has room. */
static void
dsv_add(struct dsv *d, const char *p, size_t len)
{
	char *to = d->cells.data + d->cells.len;

	while (len != 0 && dsv_blank(*p)) {
		p++;
		len--;
	}
	while (len != 0 && dsv_blank(p[len - 1]))
		len--;
	if (len != 0 && dsv_wide_ends(p, len)) {
		p = text_trim(&d->arena, arena_strndup(&d->arena, p, len));
		len = strlen(p);
	}
	/* Excel's way of keeping leading zeros, inside a quoted field */
	if (len > 2 && p[0] == '=' && p[1] == '"' && p[len - 1] == '"') {
		p += 2;
		len -= 3;
	}
	memcpy(to, p, len);
	if (d->dialect.mysql)
		len = dsv_unescape(to, len);
	to[len] = '\0';
	d->cells.len += len + 1;
	if (d->row.count == d->fields_cap) {
		d->fields_cap = d->fields_cap != 0 ? d->fields_cap * 2 : 32;
		d->fields =
		    mem_resize(d->fields, d->fields_cap, sizeof(*d->fields));
	}
	d->fields[d->row.count++] = to;
}

/*
 * The inside of a quoted field into d->quoted; the position after its closing
 * quote, or NULL when there is none.
 */
static char *
dsv_unquote(struct dsv *d, char *p, const char *end)
{
	char *q;

	buf_reset(&d->quoted);
	while ((q = memchr(p, '"', (size_t)(end - p))) != NULL) {
		buf_add(&d->quoted, p, (size_t)(q - p));
		if (q[1] != '"')
			return q + 1;
		buf_addc(&d->quoted, '"');
		p = q + 2;
	}
	d->open = true;
	return NULL;
}

/*
 * Cut the row that begins at d->at into cells. Returns its newline, or NULL
 * when the text ends before the row does.
 */
static char *
dsv_cut(struct dsv *d)
{
	const char sep = d->dialect.separator;
	char *end = d->text.data + d->text.len;
	char *p = d->text.data + d->at, *q, *rest;

	*end = '\n'; /* ends the loops below in place of the NUL */
	buf_reset(&d->cells);
	/* a field is no longer than its text, its NUL stands for what ends it */
	buf_room(&d->cells, (size_t)(end - p) + 1);
	d->row.count = 0;
	d->open = false;
	for (;; p = q + 1) {
		for (q = p; *q == ' '; q++)
			;
		if (q[0] == '=' && q[1] == '"')
			q++;
		rest = NULL;
		if (*q == '"' && !d->dialect.mysql &&
		    (rest = q = dsv_unquote(d, q + 1, end)) == NULL)
			return NULL;
		while (*q != sep && *q != '\n')
			q++;
		if (q == end)
			return NULL;
		if (rest == NULL) {
			dsv_add(d, p, (size_t)(q - p));
		} else {
			/* as Excel: what follows the quotes still belongs */
			buf_add(&d->quoted, rest, (size_t)(q - rest));
			dsv_add(d, buf_str(&d->quoted), d->quoted.len);
		}
		if (*q == '\n') {
			d->closed = rest == q;
			return q;
		}
	}
}

/*
 * Get a whole row into the text and its cells: *end is its newline, or NULL
 * when the row does not end within DSV_ROW_MAX or the file.
 */
static const struct err *
dsv_load(struct dsv *d, char **end)
{
	const struct err *err;
	size_t have, want;

	for (;;) {
		*end = NULL;
		have = d->text.len - d->at;
		if (have != 0 && (*end = dsv_cut(d)) != NULL)
			return NULL;
		if (d->eof || have > DSV_ROW_MAX)
			return NULL;
		/* twice as much each time, or long rows would cost a square */
		want = 2 * have < DSV_ROW_MAX ? 2 * have : DSV_ROW_MAX + 1;
		do {
			if ((err = dsv_fill(d)) != NULL)
				return err;
		} while (!d->eof && d->text.len < want);
	}
}

/* Step over the text up to the newline at end; that text is the row's. */
static void
dsv_step(struct dsv *d, char *end)
{
	char *raw = d->text.data + d->at, *p;

	for (p = raw; (p = memchr(p, '\n', (size_t)(end + 1 - p))) != NULL; p++)
		d->line++;
	d->at = (size_t)(end + 1 - d->text.data);
	if (end != raw && end[-1] == '\r')
		end--;
	*end = '\0';
	d->row.raw = raw;
	d->row.raw_len = (size_t)(end - raw);
}

/*
 * A row without an end: step over the first of its lines. A line beyond all
 * bounds is not kept.
 */
static const struct err *
dsv_give_up(struct dsv *d)
{
	const struct err *err;
	char *nl;

	nl = memchr(d->text.data + d->at, '\n', d->text.len - d->at);
	if (nl != NULL) {
		dsv_step(d, nl);
		if (d->open)
			return err_new(ERR_INPUT, "unclosed quote");
	} else {
		while (nl == NULL && !d->eof) {
			d->at = d->text.len;
			if ((err = dsv_fill(d)) != NULL)
				return err;
			nl = memchr(d->text.data, '\n', d->text.len);
		}
		d->at =
		    nl != NULL ? (size_t)(nl + 1 - d->text.data) : d->text.len;
		d->line++;
		d->row.raw = "";
		d->row.raw_len = 0;
	}
	return err_new(ERR_INPUT, "row longer than %zu MiB", DSV_ROW_MAX >> 20);
}

static const struct err *
dsv_check(const struct dsv *d)
{
	static const char *const bad[] = {
		[DSV_UTF8] = "bad UTF-8; give encoding = windows-1251 in the "
			     "map file when that is what it is",
		[DSV_UTF16LE] = "bad UTF-16",
		[DSV_CP1251] = "a byte that is not in Windows-1251",
	};
	const struct dsv_row *r = &d->row;

	if (r->raw_len > DSV_ROW_MAX)
		return err_new(ERR_INPUT, "row longer than %zu MiB",
		    DSV_ROW_MAX >> 20);
	if (memchr(r->raw, '\0', r->raw_len) != NULL)
		return err_new(ERR_INPUT, "NUL byte");
	if (text_utf8_valid(r->raw, r->raw_len) != r->raw_len)
		return err_new(ERR_INPUT, "%s", bad[d->dialect.encoding]);
	return NULL;
}

const struct err *
dsv_next(struct dsv *d, const struct dsv_row **out)
{
	const struct err *err;
	char *end;

	*out = NULL;
	do {
		arena_reset(&d->arena);
		if ((err = dsv_load(d, &end)) != NULL)
			return err;
		if (end == NULL && d->at == d->text.len)
			return NULL;
		d->row.line = d->line;
		if (end == NULL)
			return dsv_give_up(d);
		dsv_step(d, end);
		if ((err = dsv_check(d)) != NULL)
			return err;
	} while (d->cells.len == d->row.count); /* nothing but NULs */
	d->row.fields = d->fields;
	d->row.fields_len = d->cells.len;
	*out = &d->row;
	return NULL;
}

bool
dsv_unended(const struct dsv *d)
{
	return d->unended && !d->closed;
}

uint64_t
dsv_line(const struct dsv *d)
{
	return d->row.line;
}

const char *
dsv_raw(const struct dsv *d)
{
	return d->row.raw;
}
