/* arena.c - memory with one lifetime. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

static void
test_pieces_are_aligned_and_apart(void **state UNUSED)
{
	struct arena a = { 0 };
	char *p[300];
	size_t i, j;

	for (i = 0; i < ARRAY_LEN(p); i++) {
		p[i] = arena_alloc(&a, i);
		assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		memset(p[i], (int)i & 0x7f, i);
	}
	for (i = 0; i < ARRAY_LEN(p); i++)
		for (j = 0; j < i; j++)
			assert_int_equal(p[i][j], i & 0x7f);
	arena_free(&a);
}

static void
test_large_pieces(void **state UNUSED)
{
	struct arena a = { 0 };
	char *small, *large, *after;

	small = arena_strdup(&a, "small");
	large = arena_alloc(&a, 1000000);
	memset(large, 'x', 1000000);
	after = arena_strdup(&a, "after");
	memset(large, 'y', 1000000);
	assert_string_equal(small, "small");
	assert_string_equal(after, "after");
	arena_free(&a);
}

static void
test_strings(void **state UNUSED)
{
	struct arena a = { 0 };

	assert_string_equal(arena_strdup(&a, ""), "");
	assert_string_equal(arena_strdup(&a, "order"), "order");
	assert_string_equal(arena_strndup(&a, "order", 3), "ord");
	assert_string_equal(arena_strndup(&a, "order", 0), "");
	assert_string_equal(arena_printf(&a, "%s-%04d", "A", 7), "A-0007");
	assert_int_equal(strlen(arena_printf(&a, "%9000d", 1)), 9000);
	arena_free(&a);
}

/* Whatever is left of a block, less than the text or just as much. */
static void
test_printing_at_the_end_of_a_block(void **state UNUSED)
{
	struct arena a = { 0 };
	char want[64];
	int i, j;

	for (i = 0; i < 40; i++) {
		for (j = 0; j < 300; j++) {
			snprintf(want, sizeof(want), "%0*d", i, j);
			assert_string_equal(arena_printf(&a, "%0*d", i, j),
			    want);
		}
		arena_free(&a);
	}
}

/* A loop that resets after each record must not take memory for ever. */
static void
test_reset_reuses_a_block(void **state UNUSED)
{
	struct arena a = { 0 };
	char *first, *again;
	int i;

	arena_reset(&a);
	for (i = 0; i < 1000; i++)
		assert_non_null(arena_alloc(&a, 100));
	arena_reset(&a);
	first = arena_alloc(&a, 100);
	arena_reset(&a);
	again = arena_alloc(&a, 100);
	assert_ptr_equal(first, again);
	arena_free(&a);
}

static void
test_free_leaves_an_empty_arena(void **state UNUSED)
{
	struct arena a = { 0 };

	arena_free(&a);
	assert_string_equal(arena_strdup(&a, "one"), "one");
	arena_free(&a);
	assert_null(a.head);
	assert_string_equal(arena_strdup(&a, "two"), "two");
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_aligned_and_apart),
		cmocka_unit_test(test_large_pieces),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_printing_at_the_end_of_a_block),
		cmocka_unit_test(test_reset_reuses_a_block),
		cmocka_unit_test(test_free_leaves_an_empty_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
