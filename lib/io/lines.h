/*
 * lines.h - lines of a stream, read through one large buffer.
 */
#ifndef IO_LINES_H
#define IO_LINES_H

#include "base/err.h"

#define LINES_MAX ((size_t)16 << 20) /* longest line taken */

struct lines;

/*
 * Read from the descriptor, which stays the caller's. name is what diagnostics
 * call the stream and must outlive it. The caller closes it with lines_close().
 */
struct lines *lines_open(int fd, const char *name) MUST_USE;
void lines_close(struct lines *l);

/*
 * Next line without its "\n" (a final "\r" is dropped too), NUL-terminated;
 * *out is NULL at the end. It belongs to l; lives until the next call. A line
 * longer than LINES_MAX is skipped to its end and is ERR_INPUT; the stream can
 * go on. A NUL byte inside is kept: compare *len with strlen.
 */
const struct err *lines_next(struct lines *l, char **out, size_t *len) MUST_USE;

/*
 * The first bytes that lines_next() will give, at least one unless the stream
 * is empty, without taking them. Before the first lines_next(). They belong to
 * l; live until the next call.
 */
const struct err *lines_peek(struct lines *l, const char **head,
    size_t *len) MUST_USE;

/*
 * For what does not come in lines: the bytes that are at hand, or those of one
 * read(2); *len is 0 at the end. They belong to l; live until the next call.
 */
const struct err *lines_bytes(struct lines *l, const char **data,
    size_t *len) MUST_USE;

/* Number of the line returned last, from 1. */
uint64_t lines_number(const struct lines *l);

/*
 * True when the next lines_next() would have to wait for the other end of a
 * pipe: the moment to commit what is done.
 */
bool lines_would_wait(const struct lines *l);

#endif
