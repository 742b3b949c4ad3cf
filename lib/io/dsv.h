/*
 * dsv.h - tables as text: CSV, TSV and what Excel makes of them.
 *
 * Understands a byte order mark, UTF-8, UTF-16LE and Windows-1251 (detected, or
 * told), comma, semicolon, tab or '|' as separator (detected on the header
 * line, or told), quoted fields with doubled quotes, separators and line breaks
 * inside, LF and CR LF, Excel's "sep=;" first line and its ="0123" cells, and
 * what mysql --batch writes (told only).
 * Fields come out as trimmed, valid UTF-8. What is detected is detected on the
 * first 64 KiB.
 */
#ifndef IO_DSV_H
#define IO_DSV_H

#include "base/err.h"

enum dsv_encoding { DSV_DETECT, DSV_UTF8, DSV_UTF16LE, DSV_CP1251 };

struct dsv_dialect { /* all-zero: detect everything */
	enum dsv_encoding encoding;
	char separator; /* 0 to detect */
	bool mysql;     /* no quotes; \n, \t, \\ and NULL in the cells */
};

struct dsv;

struct dsv_row {
	const char *const *fields; /* count of them, NUL-terminated */
	size_t count;
	size_t fields_len; /* of all; they lie one behind the other */
	uint64_t line;     /* of the file, where the row begins, from 1 */
	const char *raw;   /* its text as UTF-8, without the last line break */
	size_t raw_len;
};

/*
 * Read a table from the descriptor, which stays the caller's and from whose
 * present position it reads. name is for messages and must outlive it. An
 * unreadable encoding is ERR_INPUT. The caller closes it with dsv_close().
 */
const struct err *dsv_open(int fd, const char *name,
    const struct dsv_dialect *dialect, struct dsv **out) MUST_USE;
void dsv_close(struct dsv *d);

/* What was found or told. */
const struct dsv_dialect *dsv_dialect(const struct dsv *d);

/*
 * Next row with any text in it, the header among them; *out is NULL at the end.
 * It belongs to d; lives until the next call. A row longer than 16 MiB, with
 * bad bytes, with a NUL or with an unclosed quote is ERR_INPUT (dsv_line()
 * tells where); the reader then stands after it and may go on. A row with an
 * unclosed quote swallows no more than its first physical line.
 */
const struct err *dsv_next(struct dsv *d, const struct dsv_row **out) MUST_USE;

/*
 * True when the file ended without a line break and not with a closing quote.
 * Nothing tells then whether its last cell is whole, for 12 may be the beginning
 * of 1250: whoever takes the rows says DSV_UNENDED at their end.
 */
bool dsv_unended(const struct dsv *d);
#define DSV_UNENDED "the last line has no line break; the file may be cut"

/* The line on which the row returned (or refused) last began, and its text. */
uint64_t dsv_line(const struct dsv *d);
const char *dsv_raw(const struct dsv *d);

#endif
