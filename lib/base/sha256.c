/* sha256.c - SHA-256, word for word as in FIPS 180-4. */
#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

enum { SHA256_BLOCK = 64, SHA256_LENGTH_AT = 56 };

static const uint32_t sha256_k[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf,
	0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
	0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2 };

static uint32_t
sha256_rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t
sha256_word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
sha256_schedule(const unsigned char *p, uint32_t w[64])
{
	uint32_t s0, s1;
	int i;

	for (i = 0; i < 16; i++)
		w[i] = sha256_word(p + 4 * (ptrdiff_t)i);
	for (; i < 64; i++) {
		s0 = sha256_rotate(w[i - 15], 7) ^
		     sha256_rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		s1 = sha256_rotate(w[i - 2], 17) ^ sha256_rotate(w[i - 2], 19) ^
		     w[i - 2] >> 10;
		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

static void
sha256_block(uint32_t state[8], const unsigned char *p)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t w[64] = { 0 }; /* gcc 12 does not see the loops fill it */
	uint32_t t1, t2;
	int i;

	sha256_schedule(p, w);
	for (i = 0; i < 64; i++) {
		t1 = h + (sha256_rotate(e, 6) ^ sha256_rotate(e, 11) ^
			     sha256_rotate(e, 25));
		t1 += ((e & f) ^ (~e & g)) + sha256_k[i] + w[i];
		t2 = sha256_rotate(a, 2) ^ sha256_rotate(a, 13) ^
		     sha256_rotate(a, 22);
		t2 += (a & b) ^ (a & c) ^ (b & c);
		h = g;
		g = f;
		f = e;
		e = d + t1;
		d = c;
		c = b;
		b = a;
		a = t1 + t2;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

void
sha256_start(struct sha256 *h)
{
	static const struct sha256 start = {
		.state = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }
	};

	*h = start;
}

void
sha256_add(struct sha256 *h, const void *data, size_t len)
{
	const unsigned char *p = data;
	size_t at = h->len % SHA256_BLOCK, n;

	h->len += len;
	for (; len != 0; p += n, len -= n, at = 0) {
		n = SHA256_BLOCK - at;
		if (n > len) {
			memcpy(h->block + at, p, len);
			return;
		}
		memcpy(h->block + at, p, n);
		sha256_block(h->state, h->block);
	}
}

const char *
sha256_end(struct sha256 *h, char buf[static SHA256_STR_MAX])
{
	static const unsigned char pad[SHA256_BLOCK] = { 0x80 };
	const uint64_t bits = h->len * 8;
	const size_t at = h->len % SHA256_BLOCK;
	unsigned char length[8];
	int i;

	sha256_add(h, pad,
	    at < SHA256_LENGTH_AT ? SHA256_LENGTH_AT - at :
				    SHA256_BLOCK + SHA256_LENGTH_AT - at);
	for (i = 0; i < 8; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	sha256_add(h, length, sizeof(length));
	for (i = 0; i < 8; i++)
		snprintf(buf + 8 * (ptrdiff_t)i, 9, "%08x", h->state[i]);
	return buf;
}
