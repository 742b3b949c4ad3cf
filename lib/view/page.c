/* page.c - laying out what a person reads. */
#include "view/page.h"

#include <string.h>

#include "base/text.h"
#include "base/when.h"

void
page_blanks(struct page *p, size_t n)
{
	buf_printf(&p->b, "%*s", (int)n, "");
}

void
page_cell(struct page *p, const char *text, size_t width)
{
	const size_t w = text_width(text);

	buf_adds(&p->b, text);
	page_blanks(p, w < width ? width - w : 1);
}

void
page_cell_right(struct page *p, const char *text, size_t width)
{
	const size_t w = text_width(text);

	page_blanks(p, w < width ? width - w : 1);
	buf_adds(&p->b, text);
}

void
page_wrap(struct page *p, const char *text, size_t indent)
{
	size_t at = indent, n, width;
	const char *word;

	for (; *text != '\0'; text += n + (text[n] != '\0')) {
		n = strcspn(text, " \n");
		word = arena_strndup(&p->a, text, n);
		width = text_width(word);
		if (at > indent && at + 1 + width > PAGE_COLUMNS) {
			buf_addc(&p->b, '\n');
			page_blanks(p, indent);
			at = indent;
		} else if (at > indent) {
			buf_addc(&p->b, ' ');
			at++;
		}
		buf_adds(&p->b, word);
		at += width;
		if (text[n] == '\n') {
			buf_addc(&p->b, '\n');
			page_blanks(p, indent);
			at = indent;
		}
	}
	buf_addc(&p->b, '\n');
}

void
page_pair(struct page *p, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	buf_adds(&p->b, "  ");
	page_cell(p, label, PAGE_LABEL - 2);
	page_wrap(p, text, PAGE_LABEL);
}

void
page_heading(struct page *p, const char *text)
{
	buf_printf(&p->b, "\n  %s\n", text);
}

const char *
page_join(struct page *p, const char *text, const char *more)
{
	if (text == NULL || more == NULL)
		return text != NULL ? text : more;
	return arena_printf(&p->a, "%s, %s", text, more);
}

const char *
page_join_as(struct page *p, const char *text, const char *word,
    const char *more)
{
	if (more == NULL)
		return text;
	return page_join(p, text, arena_printf(&p->a, "%s %s", word, more));
}

const char *
page_time(struct page *p, int64_t t)
{
	char buf[WHEN_STR_MAX];

	return arena_strdup(&p->a, when_local(t, buf));
}

void
page_event(struct page *p, int64_t at, const char *actor, const char *text)
{
	size_t indent = PAGE_INDENT + PAGE_WHEN + 2 + PAGE_ACTOR;

	page_blanks(p, PAGE_INDENT);
	page_cell(p, page_time(p, at), PAGE_WHEN + 2);
	page_cell(p, actor, PAGE_ACTOR);
	if (text_width(actor) >= PAGE_ACTOR) { /* a long name pushes it */
		buf_addc(&p->b, '\n');
		page_blanks(p, indent);
	}
	page_wrap(p, text, indent);
}

/*
 * No text from outside may move the cursor. Among the controls are the C1 ones,
 * two bytes each in UTF-8.
 */
static void
page_disarm(struct buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++) {
		unsigned char *c = (unsigned char *)b->data + i;

		if ((c[0] < 0x20 && c[0] != '\n') || c[0] == 0x7f)
			c[0] = '?';
		else if (c[0] == 0xc2 && c[1] < 0xa0)
			c[0] = c[1] = '?';
	}
}

const struct err *
page_write(struct page *p, FILE *fp, const struct err *err)
{
	page_disarm(&p->b);
	if (err == NULL && p->b.len != 0 &&
	    fwrite(p->b.data, 1, p->b.len, fp) != p->b.len)
		err = err_sys("standard output");
	buf_free(&p->b);
	arena_free(&p->a);
	return err;
}
