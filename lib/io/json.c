/* json.c - read JSON: a strict scan of the text, then cJSON's tree of it. */
#include "io/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/text.h"

#define JSON_DEPTH   32
#define JSON_DIGITS  63                 /* cJSON cuts longer numbers */
#define JSON_INT_MAX 9007199254740991.0 /* 2^53 - 1 */
#define JSON_FEW     32 /* members it is cheaper to compare than to hash */

/*
 * cJSON accepts much that is no JSON (012, raw control characters, "\u0000",
 * bad UTF-8, lone surrogates), so the text is proved first. The functions
 * below look at p and step over what they take; the NUL at the end of the text
 * fits nowhere and stops them all, which spares every check for the end.
 */
struct scan {
	const char *p;
	int depth;
	const char *fault; /* what is wrong at p, once something is */
};

static bool
scan_fail(struct scan *s, const char *fault)
{
	s->fault = fault;
	return false;
}

static void
scan_blanks(struct scan *s)
{
	while (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')
		s->p++;
}

static bool
scan_digits(struct scan *s)
{
	if (*s->p < '0' || *s->p > '9')
		return scan_fail(s, "not JSON");
	while (*s->p >= '0' && *s->p <= '9')
		s->p++;
	return true;
}

static bool
scan_number(struct scan *s)
{
	const char *start = s->p;

	if (*s->p == '-')
		s->p++;
	if (*s->p == '0')
		s->p++;
	else if (!scan_digits(s))
		return false;
	if (*s->p == '.') {
		s->p++;
		if (!scan_digits(s))
			return false;
	}
	if (*s->p == 'e' || *s->p == 'E') {
		s->p++;
		if (*s->p == '+' || *s->p == '-')
			s->p++;
		if (!scan_digits(s))
			return false;
	}
	if (s->p - start <= JSON_DIGITS)
		return true;
	s->p = start;
	return scan_fail(s, "number too long");
}

/* The four digits of \uXXXX as a number, or -1. */
static int
scan_hex(const char *p)
{
	int v = 0, i;

	for (i = 0; i < 4; i++) {
		if (p[i] >= '0' && p[i] <= '9')
			v = v * 16 + p[i] - '0';
		else if ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f')
			v = v * 16 + (p[i] | 0x20) - 'a' + 10;
		else
			return -1;
	}
	return v;
}

/* At a backslash. */
static bool
scan_escape(struct scan *s)
{
	int v, low;

	if (s->p[1] != 'u') {
		if (s->p[1] == '\0' || strchr("\"\\/bfnrt", s->p[1]) == NULL)
			return scan_fail(s, "not JSON");
		s->p += 2;
		return true;
	}
	if ((v = scan_hex(s->p + 2)) < 0)
		return scan_fail(s, "not JSON");
	if (v == 0)
		return scan_fail(s, "NUL character");
	if (v >= 0xD800 && v <= 0xDFFF) {
		low =
		    s->p[6] == '\\' && s->p[7] == 'u' ? scan_hex(s->p + 8) : -1;
		if (v >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
			return scan_fail(s, "half of a surrogate pair");
		s->p += 6;
	}
	s->p += 6;
	return true;
}

/* Bytes that stand for themselves in a JSON string. */
static inline bool
json_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* Bytes beyond ASCII, as many as follow each other. */
static bool
scan_utf8(struct scan *s)
{
	const char *end = s->p;
	size_t len, valid;

	while ((*end & 0x80) != 0)
		end++;
	len = (size_t)(end - s->p);
	valid = text_utf8_valid(s->p, len);
	s->p += valid;
	return valid == len || scan_fail(s, "bad UTF-8");
}

static bool
scan_string(struct scan *s)
{
	if (*s->p != '"')
		return scan_fail(s, "not JSON");
	s->p++;
	while (*s->p != '"') {
		if ((*s->p & 0x80) != 0) {
			if (!scan_utf8(s))
				return false;
		} else if (json_plain(*s->p)) {
			s->p++;
		} else if (*s->p != '\\') {
			return scan_fail(s, "control character in a string");
		} else if (!scan_escape(s)) {
			return false;
		}
	}
	s->p++;
	return true;
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(s->p, word, len) != 0)
		return scan_fail(s, "not JSON");
	s->p += len;
	return true;
}

static bool scan_value(struct scan *s);

/* The inside of an array or object, at its opening bracket. */
static bool
scan_members(struct scan *s, char close)
{
	if (s->depth == JSON_DEPTH)
		return scan_fail(s, "nested too deeply");
	s->depth++;
	s->p++;
	scan_blanks(s);
	if (*s->p != close) {
		for (;;) {
			if (close == '}') {
				if (!scan_string(s))
					return false;
				scan_blanks(s);
				if (!scan_word(s, ":"))
					return false;
			}
			if (!scan_value(s))
				return false;
			if (*s->p != ',')
				break;
			s->p++;
			scan_blanks(s);
		}
		if (*s->p != close)
			return scan_fail(s, "not JSON");
	}
	s->p++;
	s->depth--;
	return true;
}

/* A value and the blanks around it. */
static bool
scan_value(struct scan *s)
{
	bool ok;

	scan_blanks(s);
	switch (*s->p) {
	case '{':
		ok = scan_members(s, '}');
		break;
	case '[':
		ok = scan_members(s, ']');
		break;
	case '"':
		ok = scan_string(s);
		break;
	case 't':
		ok = scan_word(s, "true");
		break;
	case 'f':
		ok = scan_word(s, "false");
		break;
	case 'n':
		ok = scan_word(s, "null");
		break;
	default:
		ok = scan_number(s);
		break;
	}
	if (ok) /* else p stays at the fault */
		scan_blanks(s);
	return ok;
}

/* struct json is never defined: it is cJSON's item under another name. */
static const cJSON *
json_item(const struct json *j)
{
	return (const cJSON *)j;
}

static const struct json *
json_alias(const cJSON *item)
{
	return (const struct json *)item;
}

/*
 * Is there an earlier member called as the n-th is? seen stays empty as long as
 * there are few enough of them to look at each.
 */
static bool
json_seen(struct map *seen, const cJSON *object, const cJSON *member, size_t n)
{
	const cJSON *m;

	if (n < JSON_FEW) {
		for (m = object->child; m != member; m = m->next)
			if (strcmp(m->string, member->string) == 0)
				return true;
		return false;
	}
	if (n == JSON_FEW)
		for (m = object->child; m != member; m = m->next)
			map_put(seen, m->string, 0);
	if (map_get(seen, member->string) != NULL)
		return true;
	map_put(seen, member->string, 0);
	return false;
}

static const struct err *
json_check_keys(const cJSON *v)
{
	const struct err *err = NULL;
	struct map seen = { 0 };
	const cJSON *m;
	size_t n = 0;

	for (m = v->child; m != NULL && err == NULL; m = m->next) {
		if (cJSON_IsObject(v) && json_seen(&seen, v, m, n++))
			err = err_new(ERR_INPUT, "key '%s' twice", m->string);
		else if (m->child != NULL)
			err = json_check_keys(m);
	}
	map_free(&seen);
	return err;
}

const struct err *
json_parse(const char *text, size_t len, struct json **out)
{
	struct scan s = { .p = text };
	const struct err *err;
	cJSON *root;

	*out = NULL;
	if (scan_value(&s) && s.p != text + len)
		s.fault = "text after the JSON value";
	if (s.fault != NULL)
		return err_new(ERR_INPUT, "%s at byte %td",
		    s.p == text + len ? "JSON cut short" : s.fault,
		    s.p - text + 1);
	if ((root = cJSON_ParseWithLength(text, len + 1)) == NULL)
		return err_new(ERR_INPUT, "not JSON");
	if ((err = json_check_keys(root)) != NULL) {
		cJSON_Delete(root);
		return err;
	}
	*out = (struct json *)root;
	return NULL;
}

void
json_free(struct json *doc)
{
	cJSON_Delete((cJSON *)doc);
}

enum json_kind
json_kind(const struct json *j)
{
	const cJSON *v = json_item(j);

	if (cJSON_IsNull(v))
		return JSON_NULL;
	if (cJSON_IsBool(v))
		return JSON_BOOL;
	if (cJSON_IsNumber(v))
		return JSON_NUMBER;
	if (cJSON_IsString(v))
		return JSON_STRING;
	return cJSON_IsArray(v) ? JSON_ARRAY : JSON_OBJECT;
}

const struct json *
json_get(const struct json *j, const char *key)
{
	return json_alias(cJSON_GetObjectItemCaseSensitive(json_item(j), key));
}

const struct json *
json_first(const struct json *j)
{
	return json_alias(json_item(j)->child);
}

const struct json *
json_next(const struct json *j)
{
	return json_alias(json_item(j)->next);
}

const char *
json_key(const struct json *j)
{
	return json_item(j)->string;
}

static const struct err *
json_want(const struct json *j, const char *what, enum json_kind kind,
    const char *kind_name)
{
	if (j == NULL || json_kind(j) == JSON_NULL)
		return err_new(ERR_INPUT, "'%s' is missing", what);
	if (json_kind(j) != kind)
		return err_new(ERR_INPUT, "'%s' is not %s", what, kind_name);
	return NULL;
}

const struct err *
json_text(const struct json *j, const char *what, const char **out)
{
	const struct err *err;

	*out = NULL;
	if ((err = json_want(j, what, JSON_STRING, "a string")) == NULL)
		*out = json_item(j)->valuestring;
	return err;
}

const struct err *
json_bool(const struct json *j, const char *what, bool *out)
{
	const struct err *err;

	*out = false;
	if ((err = json_want(j, what, JSON_BOOL, "true or false")) == NULL)
		*out = cJSON_IsTrue(json_item(j));
	return err;
}

const struct err *
json_int(const struct json *j, const char *what, int64_t *out)
{
	const struct err *err;
	double v, whole;

	*out = 0;
	if ((err = json_want(j, what, JSON_NUMBER, "a number")) != NULL)
		return err;
	v = json_item(j)->valuedouble;
	if (v < -JSON_INT_MAX || v > JSON_INT_MAX)
		return err_new(ERR_INPUT, "'%s' is out of range", what);
	whole = (double)(int64_t)v;
	if (whole < v || whole > v)
		return err_new(ERR_INPUT, "'%s' is not a whole number", what);
	*out = (int64_t)v;
	return NULL;
}

const struct err *
json_decimal(const struct json *j, const char *what, struct arena *a,
    const char **out)
{
	const struct err *err;
	char text[32];
	double v, back;

	*out = NULL;
	if (j != NULL && json_kind(j) == JSON_STRING)
		return json_text(j, what, out);
	if ((err = json_want(j, what, JSON_NUMBER, "a number")) != NULL)
		return err;
	v = json_item(j)->valuedouble;
	snprintf(text, sizeof(text), "%.15g", v);
	back = strtod(text, NULL);
	if (text[strspn(text, "-.0123456789")] != '\0' || back < v || back > v)
		return err_new(ERR_INPUT,
		    "'%s' has too many digits for a number: write it as a "
		    "string",
		    what);
	*out = arena_strdup(a, text);
	return NULL;
}

void
json_quote(struct buf *b, const char *s)
{
	static const char short_form[0x20] = {
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};
	const char *run;
	char c;

	buf_addc(b, '"');
	for (;;) {
		run = s;
		while (json_plain(*s))
			s++;
		buf_add(b, run, (size_t)(s - run));
		if (*s == '\0')
			break;
		c = *s;
		if (c != '"' && c != '\\')
			c = short_form[(unsigned char)c];
		if (c != '\0') {
			buf_addc(b, '\\');
			buf_addc(b, c);
		} else {
			buf_printf(b, "\\u%04x", (unsigned)*s);
		}
		s++;
	}
	buf_addc(b, '"');
}
