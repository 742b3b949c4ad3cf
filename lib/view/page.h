/*
 * page.h - laying out what a person reads: labelled texts, headings, events,
 * in 80 columns. All-zero is an empty page.
 */
#ifndef VIEW_PAGE_H
#define VIEW_PAGE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
	PAGE_COLUMNS = 80,
	PAGE_LABEL = 14, /* column in which a labelled text begins */
	PAGE_INDENT = 4, /* of the lines of a list */
	PAGE_WHEN = 16,  /* "2026-11-22 10:00" */
	PAGE_ACTOR = 12,
};

struct page {
	struct arena a;
	struct buf b;
};

void page_blanks(struct page *p, size_t n);

/* Text in a column of this width, and a blank in any case. */
void page_cell(struct page *p, const char *text, size_t width);
void page_cell_right(struct page *p, const char *text, size_t width);

/*
 * Text in column `indent`, where the line stands, to its end; broken at blanks
 * and at its own line ends.
 */
void page_wrap(struct page *p, const char *text, size_t indent);

/* "  label       text"; nothing without text. */
void page_pair(struct page *p, const char *label, const char *text);

/* A line of its own, below a free one. */
void page_heading(struct page *p, const char *text);

/* text and more, joined by ", "; either may be NULL. In the page's arena. */
const char *page_join(struct page *p, const char *text, const char *more);

/* The same with a word before what is joined: ", manager anna". */
const char *page_join_as(struct page *p, const char *text, const char *word,
    const char *more);

/* Local. In the page's arena. */
const char *page_time(struct page *p, int64_t t);

/* "    2026-11-22 10:00  anna        text", the text wrapped. */
void page_event(struct page *p, int64_t at, const char *actor,
    const char *text);

/* Write and free the page; with an error only the latter. Returns err. */
const struct err *page_write(struct page *p, FILE *fp,
    const struct err *err) MUST_USE;

#endif
