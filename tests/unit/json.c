/* json - only JSON is taken, and what is refused is named. */
#include "io/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static struct arena arena; /* of all documents, freed at the end */

static const struct json *
parse(const char *text)
{
	const struct json *doc;
	const struct err *err = json_parse(&arena, text, strlen(text), &doc);

	if (err != NULL)
		fail_msg("%s: %s", text, err->msg);
	return doc;
}

static void
refuse_len(const char *text, size_t len, const char *msg)
{
	const struct json *doc;
	const struct err *err = json_parse(&arena, text, len, &doc);

	assert_non_null(err);
	assert_null(doc);
	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg, msg);
}

static void
refuse(const char *text, const char *msg)
{
	refuse_len(text, strlen(text), msg);
}

static void
test_taken(void **state UNUSED)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		" \t\r\n{ } ",
		"null",
		"true",
		"false",
		"\"\"",
		"0",
		"-0",
		"-1.5e+10",
		"1E5",
		"1e-5",
		"0.0",
		"[1,2,3]",
		"{\"a\":{\"b\":[{}]}}",
		"\"\\ud83d\\ude00\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0416\"",
		"\"Чай\"",
		"\"\x7F\"",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(texts); i++)
		parse(texts[i]);
}

static void
test_refused_with_the_byte(void **state UNUSED)
{
	refuse("", "JSON cut short at byte 1");
	refuse("{\"a\":1", "JSON cut short at byte 7");
	refuse("\"abc", "JSON cut short at byte 5");
	refuse("{\"a\":012}", "not JSON at byte 7");
	refuse("{\"a\":+1}", "not JSON at byte 6");
	refuse("{\"a\":.5}", "not JSON at byte 6");
	refuse("[1.]", "not JSON at byte 4");
	refuse("[1e]", "not JSON at byte 4");
	refuse("[-]", "not JSON at byte 3");
	refuse("[1,]", "not JSON at byte 4");
	refuse("[1 2]", "not JSON at byte 4");
	refuse("{\"a\" 1}", "not JSON at byte 6");
	refuse("{a:1}", "not JSON at byte 2");
	refuse("{\"a\":1,}", "not JSON at byte 8");
	refuse("{'a':1}", "not JSON at byte 2");
	refuse("[nul]", "not JSON at byte 2");
	refuse("[True]", "not JSON at byte 2");
	refuse("[NaN]", "not JSON at byte 2");
	refuse("\xEF\xBB\xBF{}", "not JSON at byte 1");
	refuse("\"\\x\"", "not JSON at byte 2");
	refuse("\"\\u12g4\"", "not JSON at byte 2");
	refuse("{}x", "text after the JSON value at byte 3");
	refuse("{} {}", "text after the JSON value at byte 4");
	refuse("\"a\tb\"", "control character in a string at byte 3");
	refuse("[\"\\u0000\"]", "NUL character at byte 3");
	refuse_len("{}\0", 3, "text after the JSON value at byte 3");
	refuse_len("\"a\0b\"", 5, "control character in a string at byte 3");
}

static void
test_refused_text(void **state UNUSED)
{
	refuse("\"\\ud83d\"", "half of a surrogate pair at byte 2");
	refuse("\"\\ude00\"", "half of a surrogate pair at byte 2");
	refuse("\"\\ud83d\\u0041\"", "half of a surrogate pair at byte 2");
	refuse("\"\\ud83d\\ud83d\"", "half of a surrogate pair at byte 2");
	refuse("\"ab\xFF\"", "bad UTF-8 at byte 4");
	refuse("\"\xD0\"", "bad UTF-8 at byte 2");
	refuse("\"\xD0\x96\xC0\x80\"", "bad UTF-8 at byte 4");
	refuse("\"\xED\xA0\x80\"", "bad UTF-8 at byte 2");
}

static void
test_depth(void **state UNUSED)
{
	char text[67];

	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	text[66] = '\0';
	text[65] = '\0'; /* 32 are fine */
	parse(text + 1);
	text[65] = ']';
	refuse(text, "nested too deeply at byte 33");
}

static void
test_long_number(void **state UNUSED)
{
	char text[70];

	memset(text, '1', 63);
	text[63] = '\0';
	parse(text);
	memset(text, '1', 64);
	text[64] = '\0';
	refuse(text, "number too long at byte 1");
}

static void
test_no_key_twice(void **state UNUSED)
{
	struct buf b = { 0 };
	int i;

	refuse("{\"a\":1,\"b\":2,\"a\":3}", "key 'a' twice at byte 19");
	refuse("{\"a\":1,\"\\u0061\":3}", "key 'a' twice at byte 18");
	refuse("[{\"x\":{\"k\":1,\"k\":1}}]", "key 'k' twice at byte 19");
	parse("[{\"a\":1},{\"a\":1,\"A\":2}]");
	/* so many members that they are hashed */
	buf_adds(&b, "{\"k0\":0");
	for (i = 1; i < 500; i++)
		buf_printf(&b, ",\"k%d\":0", i);
	buf_adds(&b, "}");
	parse(buf_str(&b));
	b.len--;
	buf_adds(&b, ",\"k7\":0}");
	refuse(buf_str(&b), "key 'k7' twice at byte 4398");
	buf_free(&b);
}

static void
test_walk(void **state UNUSED)
{
	const struct json *doc =
	    parse("{\"a\":null,\"list\":[1,\"x\",true],\"o\":{},\"n\":-2.50}");
	const struct json *j;
	const char *s;
	bool b;

	assert_int_equal(json_kind(doc), JSON_OBJECT);
	assert_null(json_get(doc, "absent"));
	assert_null(json_get(doc, "A"));
	assert_null(json_get(json_get(doc, "list"), "a"));
	assert_int_equal(json_kind(json_get(doc, "a")), JSON_NULL);
	j = json_first(doc);
	assert_string_equal(json_key(j), "a");
	j = json_next(j);
	assert_string_equal(json_key(j), "list");
	assert_int_equal(json_kind(j), JSON_ARRAY);
	j = json_first(j);
	assert_int_equal(json_kind(j), JSON_NUMBER);
	j = json_next(j);
	assert_int_equal(json_kind(j), JSON_STRING);
	assert_null(json_text(j, "list", &s));
	assert_string_equal(s, "x");
	j = json_next(j);
	assert_int_equal(json_kind(j), JSON_BOOL);
	assert_null(json_bool(j, "list", &b));
	assert_true(b);
	assert_null(json_next(j));
	assert_null(json_first(json_get(doc, "o")));
}

static void
test_wrong_kinds_are_named(void **state UNUSED)
{
	const struct json *doc = parse("{\"s\":\"x\",\"n\":1,\"z\":null}");
	const char *s;
	int64_t v;
	bool b;

	assert_string_equal(json_text(json_get(doc, "n"), "n", &s)->msg,
	    "'n' is not a string");
	assert_null(s);
	assert_string_equal(json_int(json_get(doc, "s"), "s", &v)->msg,
	    "'s' is not a number");
	assert_string_equal(json_bool(json_get(doc, "n"), "n", &b)->msg,
	    "'n' is not true or false");
	assert_string_equal(json_text(json_get(doc, "none"), "none", &s)->msg,
	    "'none' is missing");
	assert_string_equal(json_int(json_get(doc, "z"), "z", &v)->msg,
	    "'z' is missing");
}

static const char *
int_error(const char *text, int64_t *v)
{
	const struct err *err = json_int(parse(text), "v", v);

	return err != NULL ? err->msg : "";
}

static void
test_int(void **state UNUSED)
{
	int64_t v;

	assert_string_equal(int_error("9007199254740991", &v), "");
	assert_int_equal(v, INT64_C(9007199254740991));
	assert_string_equal(int_error("-9007199254740991", &v), "");
	assert_int_equal(v, INT64_C(-9007199254740991));
	assert_string_equal(int_error("3000000000", &v), "");
	assert_int_equal(v, INT64_C(3000000000));
	assert_string_equal(int_error("1e3", &v), "");
	assert_int_equal(v, 1000);
	assert_string_equal(int_error("9007199254740992", &v),
	    "'v' is out of range");
	assert_string_equal(int_error("1e999", &v), "'v' is out of range");
	assert_string_equal(int_error("1.5", &v), "'v' is not a whole number");
	assert_int_equal(v, 0);
}

static void
expect_decimal(const char *text, const char *want)
{
	struct arena a = { 0 };
	const struct json *doc = parse(text);
	const struct err *err;
	const char *s;

	err = json_decimal(doc, "total", &a, &s);
	if (want != NULL) {
		assert_null(err);
		assert_string_equal(s, want);
	} else {
		assert_non_null(err);
		assert_int_equal(err->code, ERR_INPUT);
		assert_non_null(strstr(err->msg, "'total'"));
	}
	arena_free(&a);
}

static void
test_decimal(void **state UNUSED)
{
	expect_decimal("1250.5", "1250.5");
	expect_decimal("-0.07", "-0.07");
	expect_decimal("0.1", "0.1");
	expect_decimal("100000", "100000");
	expect_decimal("123456789012345", "123456789012345");
	expect_decimal("1234567890123.45", "1234567890123.45");
	expect_decimal("\"12345678901234567.89\"", "12345678901234567.89");
	expect_decimal("12345678901234567.89", "12345678901234567.89");
	expect_decimal("0.10", "0.10");
	expect_decimal("1.5e3", "1500");
	expect_decimal("1e300", NULL);
	expect_decimal("1e999", NULL);
	expect_decimal("-1e999", NULL);
	expect_decimal("1e-9", NULL);
	expect_decimal("null", NULL);
	expect_decimal("true", NULL);
}

static void
test_quote(void **state UNUSED)
{
	static const char all[] = "\x01\x02\b\t\n\v\f\r\x1F \"\\/\x7F Чай 😀";
	struct buf b = { 0 };
	const struct json *doc;
	const char *s;

	json_quote(&b, "");
	assert_string_equal(buf_str(&b), "\"\"");
	buf_reset(&b);
	json_quote(&b, "a\"b\\c\n\x01Ж");
	assert_string_equal(buf_str(&b), "\"a\\\"b\\\\c\\n\\u0001Ж\"");
	buf_reset(&b);
	json_quote(&b, all);
	doc = parse(buf_str(&b));
	assert_null(json_text(doc, "all", &s));
	assert_string_equal(s, all);
	buf_free(&b);
}

static void
test_raw(void **state UNUSED)
{
	static const char text[] = " {\"a\" : [ 1.0 ,\"\\u0416\" ] , \"b\":2} ";
	const struct json *j = parse(text);
	const char *raw;
	size_t len;

	raw = json_raw(json_get(j, "a"), &len);
	assert_ptr_equal(raw, strchr(text, '['));
	assert_int_equal(len, strlen("[ 1.0 ,\"\\u0416\" ]"));
	raw = json_raw(json_get(j, "b"), &len);
	assert_int_equal(len, 1);
	assert_int_equal(*raw, '2');
	raw = json_raw(j, &len);
	assert_ptr_equal(raw, text + 1);
	assert_int_equal(len, strlen(text) - 2);
}

static void
test_write(void **state UNUSED)
{
	static const char text[] =
	    "{\"a\":[1,-2.50,1e3,true,false,null,[],{}],\"\\n\":\"\\u0001Ж\"}";
	struct buf b = { 0 };

	json_write(&b, parse(text));
	assert_string_equal(buf_str(&b), text);
	buf_reset(&b);
	json_write(&b, parse(" { \"a\" : [ 1 , 2 ] } "));
	assert_string_equal(buf_str(&b), "{\"a\":[1,2]}");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_refused_with_the_byte),
		cmocka_unit_test(test_refused_text),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_long_number),
		cmocka_unit_test(test_no_key_twice),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_wrong_kinds_are_named),
		cmocka_unit_test(test_int),
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_quote),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
