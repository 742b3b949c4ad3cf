/*
 * md5.h - MD5 (RFC 1321): not for anything that must be safe, but some services
 * ask for addresses in it.
 */
#ifndef BASE_MD5_H
#define BASE_MD5_H

#include "base/base.h"

#define MD5_STR_MAX 33 /* 32 hexadecimal digits */

/* The digest of a text in lower-case hexadecimal digits. */
const char *md5_text(const char *s, char buf[static MD5_STR_MAX]);

#endif
