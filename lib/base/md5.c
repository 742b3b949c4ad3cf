/* md5.c - MD5 (RFC 1321). */
#include "base/md5.h"

#include <string.h>

static const uint32_t md5_sines[64] = { 0xd76aa478, 0xe8c7b756, 0x242070db,
	0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
	0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
	0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
	0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60,
	0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7,
	0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f,
	0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391 };

static const unsigned char md5_shifts[4][4] = { { 7, 12, 17, 22 },
	{ 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } };

/* Step i: the function of its round, and the word that it takes. */
static uint32_t
md5_mix(unsigned i, const uint32_t v[4], unsigned *word)
{
	switch (i / 16) {
	case 0:
		*word = i;
		return (v[1] & v[2]) | (~v[1] & v[3]);
	case 1:
		*word = (5 * i + 1) % 16;
		return (v[3] & v[1]) | (~v[3] & v[2]);
	case 2:
		*word = (3 * i + 5) % 16;
		return v[1] ^ v[2] ^ v[3];
	default:
		*word = 7 * i % 16;
		return v[2] ^ (v[1] | ~v[3]);
	}
}

static void
md5_block(uint32_t state[4], const unsigned char *p)
{
	uint32_t v[4], w[16], f;
	unsigned i, word, s;

	for (i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] | (uint32_t)p[1] << 8 |
		       (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
	memcpy(v, state, sizeof(v));
	for (i = 0; i < 64; i++) {
		f = md5_mix(i, v, &word) + v[0] + md5_sines[i] + w[word];
		s = md5_shifts[i / 16][i % 4];
		v[0] = v[3];
		v[3] = v[2];
		v[2] = v[1];
		v[1] += f << s | f >> (32 - s);
	}
	for (i = 0; i < 4; i++)
		state[i] += v[i];
}

const char *
md5_text(const char *s, char buf[static MD5_STR_MAX])
{
	static const char digits[] = "0123456789abcdef";
	uint32_t state[4] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 };
	const uint64_t bits = (uint64_t)strlen(s) * 8;
	unsigned char end[128] = { 0 }, byte;
	const unsigned char *p = (const unsigned char *)s;
	size_t left = strlen(s), i;

	for (; left >= 64; left -= 64, p += 64)
		md5_block(state, p);
	for (i = 0; i < left; i++)
		end[i] = p[i];
	end[left] = 0x80;
	left = left < 56 ? 64 : 128;
	for (i = 0; i < 8; i++)
		end[left - 8 + i] = (unsigned char)(bits >> (8 * i));
	md5_block(state, end);
	if (left == 128)
		md5_block(state, end + 64);
	for (i = 0; i < 16; i++) {
		byte = (unsigned char)(state[i / 4] >> (8 * (i % 4)));
		buf[2 * i] = digits[byte >> 4];
		buf[2 * i + 1] = digits[byte & 15];
	}
	buf[MD5_STR_MAX - 1] = '\0';
	return buf;
}
