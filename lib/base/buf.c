/* buf.c - a byte string that grows. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define BUF_MIN 64

char *
buf_room(struct buf *b, size_t more)
{
	size_t need = b->len + more + 1; /* with the NUL */

	if (need > b->cap) {
		b->cap = b->cap * 2 > need ? b->cap * 2 : need;
		b->cap = b->cap > BUF_MIN ? b->cap : BUF_MIN;
		b->data = mem_resize(b->data, b->cap, 1);
	}
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	char *to = buf_room(b, len);

	if (len != 0)
		memcpy(to, data, len);
	to[len] = '\0';
	b->len += len;
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	char *to = buf_room(b, 1);

	to[0] = c;
	to[1] = '\0';
	b->len++;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	vsnprintf(buf_room(b, (size_t)n), (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

const char *
buf_str(const struct buf *b)
{
	if (b->len == 0)
		return "";
	b->data[b->len] = '\0'; /* missing after buf_room() */
	return b->data;
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
