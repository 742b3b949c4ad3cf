/* markup.c - writing XML. */
#include "io/markup.h"

#include <stdlib.h>
#include <string.h>

#include "io/charset.h"

static void
markup_line(struct markup *m)
{
	int i;

	buf_addc(&m->buf, '\n');
	for (i = 0; i < m->depth; i++)
		buf_addc(&m->buf, '\t');
}

/* U+FFFE and U+FFFF are no characters of XML, in UTF-8 EF BF BE and BF. */
static bool
markup_is_none(const char *s)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] < ' ')
		return strchr("\t\n\r", s[0]) == NULL;
	return u[0] == 0xEF && u[1] == 0xBF && u[2] >= 0xBE;
}

void
markup_escape(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		case '\r': /* a reader would make a line feed of it */
			buf_adds(b, "&#13;");
			break;
		default:
			if (!markup_is_none(text))
				buf_addc(b, *text);
			else if (*text == '\xEF')
				text += 2;
		}
}

void
markup_open(struct markup *m, const char *name, const char *attrs)
{
	markup_line(m);
	buf_printf(&m->buf, "<%s%s%s>", name, attrs != NULL ? " " : "",
	    attrs != NULL ? attrs : "");
	m->depth++;
}

void
markup_close(struct markup *m, const char *name)
{
	m->depth--;
	markup_line(m);
	buf_printf(&m->buf, "</%s>", name);
}

void
markup_leaf_with(struct markup *m, const char *name, const char *attrs,
    const char *text)
{
	markup_line(m);
	buf_printf(&m->buf, "<%s%s%s>", name, attrs != NULL ? " " : "",
	    attrs != NULL ? attrs : "");
	markup_escape(&m->buf, text);
	buf_printf(&m->buf, "</%s>", name);
}

void
markup_leaf(struct markup *m, const char *name, const char *text)
{
	if (text != NULL)
		markup_leaf_with(m, name, NULL, text);
}

/* Trusted UTF-8: the code point at s and its length. */
static uint32_t
markup_point(const char *s, size_t *len)
{
	const unsigned char *u = (const unsigned char *)s;
	uint32_t c = u[0];
	size_t i;

	*len = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
	if (*len > 1)
		c &= 0x7Fu >> *len;
	for (i = 1; i < *len; i++)
		c = c << 6 | (u[i] & 0x3Fu);
	return c;
}

void
markup_to_cp1251(const char *utf8, size_t len, struct buf *out)
{
	const char *end = utf8 + len;
	int table[256], i;
	uint32_t c;
	size_t n;

	if (!charset_table("windows-1251", table))
		abort(); /* it is in the table */
	for (; utf8 < end; utf8 += n) {
		c = markup_point(utf8, &n);
		for (i = 0; i < 256 && table[i] != (int)c; i++)
			;
		if (i < 256)
			buf_addc(out, (char)i);
		else
			buf_printf(out, "&#%u;", (unsigned)c);
	}
}
