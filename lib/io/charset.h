/* charset.h - texts that are not UTF-8; the only header that stands for iconv. */
#ifndef IO_CHARSET_H
#define IO_CHARSET_H

#include "base/err.h"

struct charset;

/*
 * A converter to UTF-8 from what iconv calls `name`. A name it does not know is
 * ERR_IO. The caller closes it with charset_close().
 */
const struct err *charset_open(const char *name, struct charset **out) MUST_USE;
void charset_close(struct charset *c); /* NULL is allowed */

/*
 * iconv(3): move from *in to *out. False when it stopped before the end, errno
 * tells why.
 */
bool charset_convert(struct charset *c, char **in, size_t *in_len, char **out,
    size_t *out_len);

/*
 * What each byte of a single-byte character set stands for in Unicode, -1 for
 * none. False for a name that is none of the usual Cyrillic and Western ones.
 */
bool charset_table(const char *name, int table[static 256]);

#endif
