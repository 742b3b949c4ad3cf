/* pool.c - memory for SQLite. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/base.h"
#include "db/pool.h"

#define BLOCKS 3000 /* sizes on both sides of where malloc() takes over */

static void
test_blocks_are_apart(void **state UNUSED)
{
	static char *p[BLOCKS];
	int i, j, round;

	for (round = 0; round < 2; round++) { /* new ones, then free ones */
		for (i = 0; i < BLOCKS; i++) {
			p[i] = pool_alloc(i);
			assert_int_equal((uintptr_t)p[i] % 8, 0);
			assert_true(pool_size(p[i]) >= i);
			assert_int_equal(pool_size(p[i]), pool_round(i));
			memset(p[i], i % 127, (size_t)pool_size(p[i]));
		}
		for (i = 0; i < BLOCKS; i++) {
			for (j = 0; j < pool_size(p[i]); j++)
				if (p[i][j] != i % 127)
					fail_msg("block %d, byte %d", i, j);
			pool_free(p[i]);
		}
	}
}

static void
test_growing_and_shrinking_keeps_what_is_inside(void **state UNUSED)
{
	static const int sizes[] = { 10, 20, 500, 1080, 1081, 5000, 90000, 4000,
		1090, 70, 1 };
	char *p = pool_alloc(1);
	size_t i;
	int j, had = 1;

	*p = 'a';
	for (i = 0; i < ARRAY_LEN(sizes); i++) {
		p = pool_realloc(p, sizes[i]);
		assert_true(pool_size(p) >= sizes[i]);
		for (j = 0; j < had && j < sizes[i]; j++)
			assert_int_equal(p[j], 'a' + j % 26);
		for (; j < sizes[i]; j++)
			p[j] = (char)('a' + j % 26);
		had = sizes[i];
	}
	pool_free(p);
}

static void
test_a_free_block_is_used_again(void **state UNUSED)
{
	void *p = pool_alloc(100);

	pool_free(p);
	assert_ptr_equal(pool_alloc(100), p);
	pool_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_are_apart),
		cmocka_unit_test(
		    test_growing_and_shrinking_keeps_what_is_inside),
		cmocka_unit_test(test_a_free_block_is_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
