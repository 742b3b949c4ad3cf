/* sha256.c - the digests that NIST publishes, in whatever pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

/* Of FIPS 180-4's examples and NIST's CAVP, SHA256ShortMsg.rsp. */
static const struct {
	const char *text;
	size_t times;
	const char *digest;
} cases[] = {
	{ "", 1,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", 1,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "\xd3", 1,
	    "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
	  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
	    1,
	    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	{ "a", 1000000,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void
test_vectors(void **state)
{
	char buf[SHA256_STR_MAX];
	struct sha256 h;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_LEN(cases); i++) {
		sha256_start(&h);
		for (n = 0; n < cases[i].times; n++)
			sha256_add(&h, cases[i].text, strlen(cases[i].text));
		assert_string_equal(sha256_end(&h, buf), cases[i].digest);
	}
}

/* Every length around the edges of a block, whole and byte by byte. */
static void
test_pieces(void **state)
{
	char whole[SHA256_STR_MAX], bytes[SHA256_STR_MAX], data[200];
	struct sha256 h;
	size_t len, i;

	(void)state;
	memset(data, 'x', sizeof(data));
	for (len = 0; len <= sizeof(data); len++) {
		sha256_start(&h);
		sha256_add(&h, data, len);
		sha256_end(&h, whole);
		sha256_start(&h);
		for (i = 0; i < len; i++)
			sha256_add(&h, data + i, 1);
		assert_string_equal(sha256_end(&h, bytes), whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
