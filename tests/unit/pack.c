/* pack.c - a flat record as one line of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/pack.h"

static void
test_looks_like_this(void **state UNUSED)
{
	struct buf b = { 0 };

	pack_add(&b, "sku", "A-1");
	pack_add(&b, "name", "Soap; 2 = 3\\4\nlarge");
	pack_add(&b, "comment", "");
	pack_add(&b, "price", NULL);
	assert_string_equal(buf_str(&b),
	    "sku=A-1; name=Soap\\; 2 \\= 3\\\\4\\nlarge; comment=; price");
	buf_free(&b);
}

static void
test_split_and_find(void **state UNUSED)
{
	struct arena a = { 0 };
	struct pack_member *list;
	size_t count;

	pack_split(&a, "sku=A-1; name=; price", &list, &count);
	assert_int_equal(count, 3);
	assert_string_equal(pack_find(list, count, "sku")->value, "A-1");
	assert_string_equal(pack_find(list, count, "name")->value, "");
	assert_non_null(pack_find(list, count, "price"));
	assert_null(pack_find(list, count, "price")->value);
	assert_null(pack_find(list, count, "pric"));
	pack_split(&a, "", &list, &count);
	assert_int_equal(count, 0);
	assert_null(pack_find(list, count, "sku"));
	arena_free(&a);
}

static void
test_foreign_text_is_split_as_well_as_can_be(void **state UNUSED)
{
	struct arena a = { 0 };
	struct pack_member *list;
	size_t count;

	pack_split(&a, "a=1=2;b = c;;; =d;e\\", &list, &count);
	assert_int_equal(count, 4);
	assert_string_equal(list[0].name, "a");
	assert_string_equal(list[0].value, "1=2");
	assert_string_equal(list[1].name, "b ");
	assert_string_equal(list[1].value, " c");
	assert_string_equal(list[2].name, "");
	assert_string_equal(list[2].value, "d");
	assert_string_equal(list[3].name, "e\\");
	assert_null(list[3].value);
	arena_free(&a);
}

/* A text of up to seven characters, mostly those that mean something here. */
static const char *
random_text(uint64_t *r, char buf[static 8])
{
	static const char letters[] = ";=\n\\ nab\xd0\x96";
	size_t len, i;

	*r = *r * UINT64_C(6364136223846793005) + 1442695040888963407;
	len = *r >> 60 & 7;
	for (i = 0; i < len; i++)
		buf[i] = letters[(*r >> (20 + 5 * i)) % strlen(letters)];
	buf[len] = '\0';
	return buf;
}

static void
test_any_record_comes_back(void **state UNUSED)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct pack_member in[5], *out;
	char name[5][9], value[5][8];
	size_t count, i;
	uint64_t r = 1;
	int round;

	for (round = 0; round < 20000; round++) {
		buf_reset(&b);
		for (i = 0; i < 5; i++) {
			name[i][0] = 'n'; /* a name is never empty */
			random_text(&r, name[i] + (r >> 40) % 2);
			in[i].name = name[i][0] != '\0' ? name[i] : " ";
			in[i].value = random_text(&r, value[i]);
			if ((r >> 41) % 4 == 0)
				in[i].value = NULL;
			pack_add(&b, in[i].name, in[i].value);
		}
		assert_null(strchr(buf_str(&b), '\n'));
		pack_split(&a, buf_str(&b), &out, &count);
		assert_int_equal(count, 5);
		for (i = 0; i < 5; i++) {
			assert_string_equal(out[i].name, in[i].name);
			if (in[i].value == NULL)
				assert_null(out[i].value);
			else
				assert_string_equal(out[i].value, in[i].value);
		}
		arena_reset(&a);
	}
	buf_free(&b);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_like_this),
		cmocka_unit_test(test_split_and_find),
		cmocka_unit_test(test_foreign_text_is_split_as_well_as_can_be),
		cmocka_unit_test(test_any_record_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
