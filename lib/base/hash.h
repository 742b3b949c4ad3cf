/* hash.h - a 64-bit hash of bytes, the same on every machine and for ever. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/base.h"

/*
 * Well mixed in all bits, not cryptographic. Stored in databases (the key of a
 * record without a number), so it never changes. Chain with the last result as
 * seed; start with 0.
 */
uint64_t hash_bytes(const void *data, size_t len, uint64_t seed);
uint64_t hash_str(const char *s, uint64_t seed); /* with its NUL */

#define HASH_HEX_MAX 17
const char *hash_hex(uint64_t h, char buf[static HASH_HEX_MAX]);

#endif
