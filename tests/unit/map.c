/* map.c - a hash map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/hash.h"
#include "base/map.h"

static void
test_empty_map_has_nothing(void **state UNUSED)
{
	struct map m = { 0 };

	assert_null(map_get(&m, "a"));
	assert_null(map_get_hash(&m, 0));
	map_reset(&m);
	assert_null(map_get(&m, ""));
	map_free(&m);
}

static void
test_put_and_get(void **state UNUSED)
{
	struct map m = { 0 };
	char key[] = "sku-1";

	map_put(&m, key, 1);
	map_put(&m, "", 2);
	key[0] = 'x'; /* the map has its own copy */
	assert_int_equal(*map_get(&m, "sku-1"), 1);
	assert_int_equal(*map_get(&m, ""), 2);
	assert_null(map_get(&m, "xku-1"));
	map_put(&m, "sku-1", -3);
	assert_int_equal(*map_get(&m, "sku-1"), -3);
	assert_int_equal(m.used, 2);
	*map_get(&m, "sku-1") += 10;
	assert_int_equal(*map_get(&m, "sku-1"), 7);
	map_free(&m);
}

/* Any 64 bits are a key, those that look like an empty slot as well. */
static void
test_hash_keys(void **state UNUSED)
{
	static const uint64_t keys[] = { 0, 1, 16, 32, 1024, UINT64_MAX,
		UINT64_C(1) << 63 };
	struct map m = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++) {
		assert_null(map_get_hash(&m, keys[i]));
		map_put_hash(&m, keys[i], (int64_t)i);
	}
	for (i = 0; i < ARRAY_LEN(keys); i++)
		assert_int_equal(*map_get_hash(&m, keys[i]), i);
	assert_int_equal(m.used, ARRAY_LEN(keys));
	map_free(&m);
}

static void
test_many_string_keys(void **state UNUSED)
{
	struct map m = { 0 };
	char key[32];
	int i;

	for (i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "A-%d", i);
		map_put(&m, key, i);
	}
	assert_int_equal(m.used, 100000);
	for (i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "A-%d", i);
		assert_int_equal(*map_get(&m, key), i);
		snprintf(key, sizeof(key), "B-%d", i);
		assert_null(map_get(&m, key));
	}
	map_free(&m);
}

static void
test_a_million_hash_keys(void **state UNUSED)
{
	struct map m = { 0 };
	int64_t i;

	for (i = 0; i < 1000000; i++)
		map_put_hash(&m, hash_bytes(&i, sizeof(i), 0), i);
	assert_int_equal(m.used, 1000000);
	assert_true(m.used * 4 <= m.cap * 3);
	for (i = 0; i < 1000000; i++)
		assert_int_equal(*map_get_hash(&m,
				     hash_bytes(&i, sizeof(i), 0)),
		    i);
	map_free(&m);
}

static void
test_reset_forgets_and_keeps_room(void **state UNUSED)
{
	struct map m = { 0 };
	size_t cap;
	char key[32];
	int i;

	for (i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "%d", i);
		map_put(&m, key, i);
	}
	cap = m.cap;
	map_reset(&m);
	assert_int_equal(m.cap, cap);
	assert_int_equal(m.used, 0);
	assert_null(map_get(&m, "1"));
	map_put(&m, "1", 5);
	assert_int_equal(*map_get(&m, "1"), 5);
	assert_null(map_get(&m, "2"));
	map_free(&m);
	assert_null(map_get(&m, "1"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_map_has_nothing),
		cmocka_unit_test(test_put_and_get),
		cmocka_unit_test(test_hash_keys),
		cmocka_unit_test(test_many_string_keys),
		cmocka_unit_test(test_a_million_hash_keys),
		cmocka_unit_test(test_reset_forgets_and_keeps_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
