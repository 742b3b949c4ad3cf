/*
 * json - whatever is taken can be walked, and its strings are clean and come
 * back unchanged through json_quote().
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
need(bool promise)
{
	if (!promise)
		abort();
}

static void
check_string(const char *s, struct arena *a)
{
	const struct err *err;
	struct buf b = { 0 };
	const struct json *doc;
	const char *again;

	need(text_utf8_valid(s, strlen(s)) == strlen(s));
	json_quote(&b, s);
	err = json_parse(a, b.data, b.len, &doc);
	need(err == NULL);
	err = json_text(doc, "again", &again);
	need(err == NULL && strcmp(s, again) == 0);
	buf_free(&b);
}

static void
check(const struct json *j, struct arena *a, int depth)
{
	const struct json *m;
	const char *s;
	int64_t v;

	need(depth < 32);
	switch (json_kind(j)) {
	case JSON_NULL:
	case JSON_BOOL:
		break;
	case JSON_NUMBER:
		if (json_int(j, "n", &v) == NULL)
			need(v <= INT64_C(9007199254740991) &&
			     v >= -INT64_C(9007199254740991));
		if (json_decimal(j, "n", a, &s) == NULL)
			need(s[strspn(s, "-.0123456789")] == '\0');
		break;
	case JSON_STRING:
		need(json_text(j, "s", &s) == NULL);
		check_string(s, a);
		break;
	case JSON_ARRAY:
		for (m = json_first(j); m != NULL; m = json_next(m))
			check(m, a, depth + 1);
		break;
	case JSON_OBJECT:
		for (m = json_first(j); m != NULL; m = json_next(m)) {
			check_string(json_key(m), a);
			need(json_get(j, json_key(m)) == m);
			check(m, a, depth + 1);
		}
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1);
	struct arena a = { 0 };
	const struct json *doc;

	if (size != 0)
		memcpy(text, data, size);
	text[size] = '\0';
	if (json_parse(&a, text, size, &doc) == NULL)
		check(doc, &a, -1);
	arena_free(&a);
	free(text);
	return 0;
}
