/* hash.c - a 64-bit hash of bytes, the same on every machine and for ever. */
#include "base/hash.h"

#include <endian.h>
#include <string.h>

#define STEP UINT64_C(0x9e3779b97f4a7c15) /* 2^64 over the golden ratio */

/* The finaliser of SplitMix64: each bit of x reaches all of the result. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* Eight bytes as a number, the first one lowest whatever the machine. */
static uint64_t
word(const void *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return le64toh(w);
}

uint64_t
hash_bytes(const void *data, size_t len, uint64_t seed)
{
	const unsigned char *p = data;
	uint64_t h = mix(seed + STEP * (len + 1));
	unsigned char rest[8] = { 0 };

	for (; len >= 8; len -= 8, p += 8)
		h = mix((h ^ word(p)) + STEP);
	if (len != 0) {
		memcpy(rest, p, len);
		h = mix((h ^ word(rest)) + STEP);
	}
	return h;
}

uint64_t
hash_str(const char *s, uint64_t seed)
{
	return hash_bytes(s, strlen(s) + 1, seed);
}

const char *
hash_hex(uint64_t h, char buf[static HASH_HEX_MAX])
{
	int i;

	for (i = HASH_HEX_MAX - 1, buf[i] = '\0'; i-- > 0; h >>= 4)
		buf[i] = "0123456789abcdef"[h & 15];
	return buf;
}
