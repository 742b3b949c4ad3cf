/* set.c - a set of hashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/hash.h"
#include "base/set.h"

/* Any 64 bits can be in it, those that look like an empty slot as well. */
static void
test_all_hashes(void **state UNUSED)
{
	static const uint64_t hashes[] = { 0, 1, 64, 128, UINT64_MAX,
		UINT64_C(1) << 63 };
	struct set s = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(hashes); i++)
		assert_true(set_add(&s, hashes[i]));
	for (i = 0; i < ARRAY_LEN(hashes); i++)
		assert_false(set_add(&s, hashes[i]));
	set_free(&s);
	assert_true(set_add(&s, 0));
	set_free(&s);
}

static void
test_many(void **state UNUSED)
{
	struct set s = { 0 };
	int i;

	for (i = 0; i < 100000; i++)
		assert_true(set_add(&s, hash_bytes(&i, sizeof(i), 0)));
	for (i = 0; i < 100000; i++)
		assert_false(set_add(&s, hash_bytes(&i, sizeof(i), 0)));
	assert_int_equal(s.used, 100000);
	assert_true(s.cap <= 262144);
	set_free(&s);
}

/* All of one place, the last: they run over the end when the set grows. */
static void
test_crowded(void **state UNUSED)
{
	struct set s = { 0 };
	uint64_t i, n;

	for (n = 1; n < 1000; n++) {
		assert_true(set_add(&s, n * 64 - 1));
		for (i = 1; i <= n; i++)
			assert_false(set_add(&s, i * 64 - 1));
	}
	set_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_hashes),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_crowded),
	};

	return cmocka_run_group_tests_name("set", tests, NULL, NULL);
}
