/* sha256.h - SHA-256 (FIPS 180-4), for checksums of files and of what is kept. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/base.h"

#define SHA256_STR_MAX 65 /* 64 hexadecimal digits */

struct sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	unsigned char block[64];
};

void sha256_start(struct sha256 *h);
void sha256_add(struct sha256 *h, const void *data, size_t len);

/* The digest in lower-case hexadecimal digits; h must be started anew. */
const char *sha256_end(struct sha256 *h, char buf[static SHA256_STR_MAX]);

#endif
