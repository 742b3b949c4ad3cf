/* md5.c - the test suite of RFC 1321, and lengths around the padding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/md5.h"

/* RFC 1321, A.5; the last two are those by which Yandex lets one check. */
static const struct {
	const char *text;
	const char *digest;
} vectors[] = {
	{ "", "d41d8cd98f00b204e9800998ecf8427e" },
	{ "a", "0cc175b9c0f1b6a831c399e269772661" },
	{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
	{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
	{ "abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b" },
	{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	    "d174ab98d277d9f5a5611c2c9f419d9f" },
	{ "1234567890123456789012345678901234567890123456789012345678901234567"
	  "8901234567890",
	    "57edf4a22be3c955ac49da2e2107b67a" },
	{ "mail@yandex.ru", "3c56ff8fef0f6c65b36b2d25720fe276" },
	{ "79995551111", "f09f2c3d48f31e2a802944ade2e5aec5" },
};

static void
test_known_digests(void **state UNUSED)
{
	char buf[MD5_STR_MAX];
	size_t i;

	for (i = 0; i < ARRAY_LEN(vectors); i++)
		assert_string_equal(md5_text(vectors[i].text, buf),
		    vectors[i].digest);
}

/* As md5sum(1) has them, of so many letters x. */
static void
test_padding(void **state UNUSED)
{
	static const struct {
		size_t len;
		const char *digest;
	} of[] = {
		{ 55, "04364420e25c512fd958a70738aa8f72" },
		{ 56, "668a72d5ba17f08e62dabcafad6db14b" },
		{ 57, "693037871c4a9d3d8685018905cb530a" },
		{ 63, "7dc2ca208106a2f703567bdff99d8981" },
		{ 64, "c1bb4f81d892b2d57947682aeb252456" },
		{ 65, "1bc932052302d074bdec39795fe00cf6" },
		{ 119, "ab347a5f68c8a443cfcddc633f12c24f" },
		{ 120, "fb98667f98096de92620b64f46e1c5b5" },
		{ 128, "d69cb61a6ee87200676eb0d4b90edbcb" },
	};
	char buf[MD5_STR_MAX], text[130];
	size_t i;

	for (i = 0; i < ARRAY_LEN(of); i++) {
		memset(text, 'x', of[i].len);
		text[of[i].len] = '\0';
		assert_string_equal(md5_text(text, buf), of[i].digest);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_digests),
		cmocka_unit_test(test_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
