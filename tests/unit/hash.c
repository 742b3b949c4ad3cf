/* hash.c - the hash that is stored in databases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/hash.h"

/* Frozen: keys made with these values are in people's databases. */
static const struct {
	const char *text;
	size_t len;
	uint64_t seed0;
	uint64_t seed1;
} vectors[] = {
	{ "", 0, 0xe220a8397b1dcdaf, 0x910a2dec89025cc1 },
	{ "", 1, 0x46b73e79f0c37c00, 0x778b1aa9c29bc868 },
	{ "a", 1, 0x7171fd973fbae05c, 0x8507f39e610a2cc8 },
	{ "abc", 3, 0x4b0c54184ef00d85, 0x83bdb44c92573b88 },
	{ "order 1", 7, 0x413c2614206e3f7c, 0x3f2013efd891d161 },
	{ "order 12", 8, 0x75d3388e1139711e, 0xfbe450011e0d9588 },
	{ "order 123", 9, 0x8dca38f87c7b8cf0, 0x0d4a6de3687aa9a2 },
	{ "Москва", 12, 0xcd96cbcda7e5f1ca, 0x1c324f416f47e91b },
};

static void
test_frozen_vectors(void **state UNUSED)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(vectors); i++) {
		assert_true(hash_bytes(vectors[i].text, vectors[i].len, 0) ==
			    vectors[i].seed0);
		assert_true(hash_bytes(vectors[i].text, vectors[i].len, 1) ==
			    vectors[i].seed1);
	}
}

static void
test_frozen_vector_of_all_bytes(void **state UNUSED)
{
	unsigned char bytes[256];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	assert_true(hash_bytes(bytes, 256, 0) == 0x2b6022776f4257b1);
	assert_true(hash_bytes(bytes, 256, 1) == 0x56c5a6e568f639e3);
}

static void
test_address_does_not_matter(void **state UNUSED)
{
	char room[64];
	size_t shift;

	for (shift = 0; shift < 16; shift++) {
		memcpy(room + shift, "a text of some length", 22);
		assert_true(hash_bytes(room + shift, 21, 0) ==
			    hash_bytes("a text of some length", 21, 0));
	}
}

static void
test_str_hashes_its_nul(void **state UNUSED)
{
	assert_true(hash_str("abc", 7) == hash_bytes("abc", 4, 7));
	/* so that chained fields do not run into one another */
	assert_true(hash_str("c", hash_str("ab", 0)) !=
		    hash_str("bc", hash_str("a", 0)));
	assert_true(hash_str("", hash_str("a", 0)) != hash_str("a", 0));
}

/* Of each bit of the input about half of the output depends. */
static void
test_every_bit_counts(void **state UNUSED)
{
	unsigned char text[24] = "the same order, twice..";
	uint64_t h = hash_bytes(text, sizeof(text), 0), other;
	size_t bit;

	for (bit = 0; bit < sizeof(text) * 8; bit++) {
		text[bit / 8] ^= (unsigned char)(1U << bit % 8);
		other = hash_bytes(text, sizeof(text), 0);
		assert_in_range(__builtin_popcountll(h ^ other), 14, 50);
		text[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
}

static void
test_hex(void **state UNUSED)
{
	char buf[HASH_HEX_MAX];

	assert_string_equal(hash_hex(0, buf), "0000000000000000");
	assert_string_equal(hash_hex(0x0123456789abcdef, buf),
	    "0123456789abcdef");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frozen_vectors),
		cmocka_unit_test(test_frozen_vector_of_all_bytes),
		cmocka_unit_test(test_address_does_not_matter),
		cmocka_unit_test(test_str_hashes_its_nul),
		cmocka_unit_test(test_every_bit_counts),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
