/* lines.c - lines of a stream, read through one large buffer. */
#include "io/lines.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define LINES_PIECE ((size_t)1 << 20) /* bytes asked of one read(2) */

struct lines {
	int fd;
	const char *name;
	char *buf; /* cap bytes and one more for the NUL */
	size_t cap;
	size_t start;   /* where the next line begins */
	size_t scanned; /* no newline between start and here */
	size_t end;     /* one past the last byte read */
	uint64_t number;
	bool eof;
};

struct lines *
lines_open(int fd, const char *name)
{
	struct lines *l = mem_zalloc(sizeof(*l));

	l->fd = fd;
	l->name = name;
	l->cap = LINES_PIECE;
	l->buf = mem_alloc(l->cap + 1);
	return l;
}

void
lines_close(struct lines *l)
{
	if (l == NULL)
		return;
	free(l->buf);
	free(l);
}

/* Read once more behind what is there; sets eof instead at the end. */
static const struct err *
lines_fill(struct lines *l)
{
	size_t rest = l->end - l->start;
	ssize_t n;

	if (l->start != 0) {
		memmove(l->buf, l->buf + l->start, rest);
		l->scanned -= l->start;
		l->start = 0;
		l->end = rest;
	}
	if (l->end == l->cap) {
		l->cap *= 2;
		l->buf = mem_resize(l->buf, l->cap + 1, 1);
	}
	n = read(l->fd, l->buf + l->end, l->cap - l->end);
	if (n < 0)
		return err_sys("%s", l->name);
	l->eof = n == 0;
	l->end += (size_t)n;
	return NULL;
}

const struct err *
lines_peek(struct lines *l, const char **head, size_t *len)
{
	const struct err *err = NULL;

	if (l->end == 0 && !l->eof)
		err = lines_fill(l);
	*head = l->buf;
	*len = l->end;
	return err;
}

const struct err *
lines_bytes(struct lines *l, const char **data, size_t *len)
{
	const struct err *err = NULL;

	if (l->start == l->end && !l->eof)
		err = lines_fill(l);
	*data = l->buf + l->start;
	*len = l->end - l->start;
	l->start = l->scanned = l->end;
	return err;
}

/* Pass over the rest of a line that is too long without keeping any of it. */
static const struct err *
lines_skip(struct lines *l)
{
	const struct err *err;
	char *nl = NULL;

	while (nl == NULL && !l->eof) {
		l->start = l->scanned = l->end = 0;
		if ((err = lines_fill(l)) != NULL)
			return err;
		nl = memchr(l->buf, '\n', l->end);
	}
	l->start = nl != NULL ? (size_t)(nl - l->buf) + 1 : l->end;
	l->scanned = l->start;
	return NULL;
}

const struct err *
lines_next(struct lines *l, char **out, size_t *len)
{
	const struct err *err;
	char *nl, *line;
	size_t n;

	*out = NULL;
	*len = 0;
	while ((nl = memchr(l->buf + l->scanned, '\n', l->end - l->scanned)) ==
	       NULL) {
		l->scanned = l->end;
		if (l->eof || l->end - l->start > LINES_MAX)
			break;
		if ((err = lines_fill(l)) != NULL)
			return err;
	}
	if (nl == NULL && l->start == l->end)
		return NULL;
	l->number++;
	line = l->buf + l->start;
	n = (nl != NULL ? (size_t)(nl - l->buf) : l->end) - l->start;
	if (n > LINES_MAX && nl == NULL) {
		if ((err = lines_skip(l)) != NULL)
			return err;
	} else {
		l->start = l->scanned = l->start + n + (nl != NULL);
	}
	if (n > LINES_MAX)
		return err_new(ERR_INPUT, "line longer than %zu MiB",
		    LINES_MAX >> 20);
	if (n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	*out = line;
	*len = n;
	return NULL;
}

uint64_t
lines_number(const struct lines *l)
{
	return l->number;
}

bool
lines_would_wait(const struct lines *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };

	if (l->eof ||
	    memchr(l->buf + l->scanned, '\n', l->end - l->scanned) != NULL)
		return false;
	return poll(&p, 1, 0) == 0;
}
