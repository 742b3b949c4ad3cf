/*
 * markup.h - writing XML. Text is escaped, and the control characters that XML
 * 1.0 cannot carry are left out. Names are the program's own and are trusted.
 */
#ifndef IO_MARKUP_H
#define IO_MARKUP_H

#include "base/buf.h"
#include "base/err.h"

struct markup {
	struct buf buf; /* UTF-8; the caller empties and frees it */
	int depth;
};

/* attrs is NULL or what stands behind the name, ready: "a=\"1\"". */
void markup_open(struct markup *m, const char *name, const char *attrs);
void markup_close(struct markup *m, const char *name);

/* An element with text; none at all for NULL. */
void markup_leaf(struct markup *m, const char *name, const char *text);

/* The same with attributes, and always. */
void markup_leaf_with(struct markup *m, const char *name, const char *attrs,
    const char *text);

/* Text alone, as it may stand in an element or between double quotes. */
void markup_escape(struct buf *b, const char *text);

/*
 * What was written, in windows-1251: what that has no letter for becomes a reference
 * such as &#8381;. Names of elements must have theirs.
 */
void markup_to_cp1251(const char *utf8, size_t len, struct buf *out);

#endif
