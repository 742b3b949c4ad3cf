/* buf.h - a byte string that grows. All-zero is an empty one. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/base.h"

struct buf {
	char *data; /* NUL-terminated once anything was added */
	size_t len;
	size_t cap;
};

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);

/*
 * The bytes as a C string, "" when empty. Belongs to b; lives until the next
 * call.
 */
const char *buf_str(const struct buf *b);

/*
 * Make room for `more` further bytes and return where they go. The caller
 * writes them, then adds to len.
 */
char *buf_room(struct buf *b, size_t more);

void buf_reset(struct buf *b); /* empty it, keep memory */
void buf_free(struct buf *b);  /* release memory; all-zero again */

#endif
