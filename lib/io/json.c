/* json.c - read JSON: one strict pass over a copy of the text. */
#include "io/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/text.h"

#define JSON_DEPTH   32
#define JSON_DIGITS  63
#define JSON_INT_MAX 9007199254740991 /* 2^53 - 1: what other readers hold */
#define JSON_FEW     32 /* members it is cheaper to compare than to hash */

struct json {
	enum json_kind kind;
	bool truth;
	bool exponent;    /* a number's */
	const char *key;  /* NULL in an array */
	const char *text; /* a string's, or a number as it was written */
	const char *raw;  /* all of it as it stands in what was parsed */
	size_t raw_len;
	struct json *first;
	struct json *next;
};

/*
 * The functions below look at p and step over what they take; the NUL at the
 * end of the text fits nowhere and stops them all, which spares every check for
 * the end. Strings lose their escapes where they stand: that only ever writes
 * behind p, into a copy of the text.
 */
struct scan {
	char *p;
	const char *copy; /* where p began */
	const char *text; /* what that is a copy of */
	struct arena *a;
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
scan_char(struct scan *s, char c)
{
	if (*s->p != c)
		return scan_fail(s, "not JSON");
	s->p++;
	return true;
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
scan_number(struct scan *s, struct json *v)
{
	char *start = s->p;

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
	v->exponent = *s->p == 'e' || *s->p == 'E';
	if (v->exponent) {
		s->p++;
		if (*s->p == '+' || *s->p == '-')
			s->p++;
		if (!scan_digits(s))
			return false;
	}
	if (s->p - start > JSON_DIGITS) {
		s->p = start;
		return scan_fail(s, "number too long");
	}
	v->kind = JSON_NUMBER;
	v->text = arena_strndup(s->a, start, (size_t)(s->p - start));
	return true;
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

/* The character that \uXXXX at p stands for, of a pair both. */
static bool
scan_unicode(struct scan *s, char **to)
{
	int v = scan_hex(s->p + 2), low;

	if (v < 0)
		return scan_fail(s, "not JSON");
	if (v == 0)
		return scan_fail(s, "NUL character");
	if (v >= 0xD800 && v <= 0xDFFF) {
		low =
		    s->p[6] == '\\' && s->p[7] == 'u' ? scan_hex(s->p + 8) : -1;
		if (v >= 0xDC00 || low < 0xDC00 || low > 0xDFFF)
			return scan_fail(s, "half of a surrogate pair");
		v = 0x10000 + ((v - 0xD800) << 10) + (low - 0xDC00);
		s->p += 6;
	}
	s->p += 6;
	*to += text_utf8_put(*to, (uint32_t)v);
	return true;
}

/* At a backslash: what it stands for goes to *to. */
static bool
scan_escape(struct scan *s, char **to)
{
	static const char from[] = "\"\\/bfnrt", is[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (s->p[1] == 'u')
		return scan_unicode(s, to);
	if (s->p[1] == '\0' || (at = strchr(from, s->p[1])) == NULL)
		return scan_fail(s, "not JSON");
	*(*to)++ = is[at - from];
	s->p += 2;
	return true;
}

/*
 * Bytes that do not stand for themselves in a JSON string; control characters
 * are the first 32.
 */
static const bool json_special[256] = { true, true, true, true, true, true,
	true, true, true, true, true, true, true, true, true, true, true, true,
	true, true, true, true, true, true, true, true, true, true, true, true,
	true, true, ['"'] = true, ['\\'] = true };

/* The first of them; the NUL at the end is one. */
static inline const char *
json_find_special(const char *s)
{
	while (!json_special[(unsigned char)*s])
		s++;
	return s;
}

/* A string in its quotes, which are cut off. */
static bool
scan_string(struct scan *s, const char **out)
{
	char *to;
	size_t n;

	if (!scan_char(s, '"'))
		return false;
	*out = to = s->p;
	for (;;) {
		n = (size_t)(json_find_special(s->p) - s->p);
		if (to != s->p)
			memmove(to, s->p, n);
		to += n;
		s->p += n;
		if (*s->p == '"')
			break;
		if (*s->p != '\\')
			return scan_fail(s, "control character in a string");
		if (!scan_escape(s, &to))
			return false;
	}
	s->p++;
	*to = '\0';
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

static bool scan_value(struct scan *s, struct json *v);

/* Most keys differ in the first byte. */
static inline bool
json_is(const struct json *m, const char *key)
{
	return m->key[0] == key[0] && strcmp(m->key, key) == 0;
}

/*
 * Is there an earlier member called as the n-th is? seen stays empty as long as
 * there are few enough of them to look at each.
 */
static bool
json_seen(struct map *seen, const struct json *object,
    const struct json *member, size_t n)
{
	const struct json *m;

	if (n < JSON_FEW) {
		for (m = object->first; m != member; m = m->next)
			if (json_is(m, member->key))
				return true;
		return false;
	}
	if (n == JSON_FEW)
		for (m = object->first; m != member; m = m->next)
			map_put(seen, m->key, 0);
	if (map_get(seen, member->key) != NULL)
		return true;
	map_put(seen, member->key, 0);
	return false;
}

static bool
scan_key(struct scan *s, struct json *m)
{
	if (!scan_string(s, &m->key))
		return false;
	scan_blanks(s);
	return scan_char(s, ':');
}

/* Members or elements up to the closing bracket, behind the opening one. */
static bool
scan_list(struct scan *s, struct json *v, struct map *seen)
{
	const bool object = v->kind == JSON_OBJECT;
	struct json **next = &v->first, *m;
	size_t n = 0;

	for (;;) {
		m = *next = arena_alloc(s->a, sizeof(*m));
		*m = (struct json){ 0 };
		next = &m->next;
		if (object && !scan_key(s, m))
			return false;
		if (!scan_value(s, m))
			return false;
		if (object && json_seen(seen, v, m, n++))
			return scan_fail(s,
			    arena_printf(s->a, "key '%s' twice", m->key));
		if (*s->p != ',')
			return true;
		s->p++;
		scan_blanks(s);
	}
}

/* An array or object, at its opening bracket. */
static bool
scan_members(struct scan *s, struct json *v, enum json_kind kind, char close)
{
	struct map seen = { 0 };
	bool ok = true;

	if (s->depth == JSON_DEPTH)
		return scan_fail(s, "nested too deeply");
	s->depth++;
	s->p++;
	v->kind = kind;
	scan_blanks(s);
	if (*s->p != close) {
		ok = scan_list(s, v, &seen);
		map_free(&seen);
		if (ok && *s->p != close)
			ok = scan_fail(s, "not JSON");
	}
	if (!ok)
		return false;
	s->p++;
	s->depth--;
	return true;
}

static bool
scan_bool(struct scan *s, struct json *v, const char *word)
{
	v->kind = JSON_BOOL;
	v->truth = word[0] == 't';
	return scan_word(s, word);
}

/* A value and the blanks around it; null is what a fresh v is already. */
static bool
scan_value(struct scan *s, struct json *v)
{
	const char *start;
	bool ok;

	scan_blanks(s);
	start = s->p;
	switch (*s->p) {
	case '{':
		ok = scan_members(s, v, JSON_OBJECT, '}');
		break;
	case '[':
		ok = scan_members(s, v, JSON_ARRAY, ']');
		break;
	case '"':
		v->kind = JSON_STRING;
		ok = scan_string(s, &v->text);
		break;
	case 't':
		ok = scan_bool(s, v, "true");
		break;
	case 'f':
		ok = scan_bool(s, v, "false");
		break;
	case 'n':
		ok = scan_word(s, "null");
		break;
	default:
		ok = scan_number(s, v);
		break;
	}
	if (!ok) /* p stays at the fault */
		return false;
	v->raw = s->text + (start - s->copy);
	v->raw_len = (size_t)(s->p - start);
	scan_blanks(s);
	return true;
}

/*
 * Where the text stops being UTF-8 is looked for once and in all of it; what
 * else is wrong comes first when it stands before that.
 */
const struct err *
json_parse(struct arena *a, const char *text, size_t len,
    const struct json **out)
{
	struct json *root = arena_zalloc(a, sizeof(*root));
	char *copy = arena_strndup(a, text, len);
	struct scan s = { .p = copy, .copy = copy, .text = text, .a = a };
	const char *end = copy + len;
	const size_t valid = text_utf8_valid(text, len);

	*out = NULL;
	if (scan_value(&s, root) && s.p != end)
		s.fault = "text after the JSON value";
	else if (s.p == end && s.fault != NULL)
		s.fault = "JSON cut short";
	if (valid != len && (s.fault == NULL || s.p > copy + valid)) {
		s.fault = "bad UTF-8";
		s.p = copy + valid;
	}
	if (s.fault != NULL)
		return err_new(ERR_INPUT, "%s at byte %td", s.fault,
		    s.p - copy + 1);
	*out = root;
	return NULL;
}

enum json_kind
json_kind(const struct json *j)
{
	return j->kind;
}

const struct json *
json_get(const struct json *j, const char *key)
{
	const struct json *m;

	if (j->kind != JSON_OBJECT)
		return NULL;
	for (m = j->first; m != NULL; m = m->next)
		if (json_is(m, key))
			return m;
	return NULL;
}

const struct json *
json_first(const struct json *j)
{
	return j->first;
}

const struct json *
json_next(const struct json *j)
{
	return j->next;
}

const char *
json_key(const struct json *j)
{
	return j->key;
}

static const struct err *
json_want(const struct json *j, const char *what, enum json_kind kind,
    const char *kind_name)
{
	if (j == NULL || j->kind == JSON_NULL)
		return err_new(ERR_INPUT, "'%s' is missing", what);
	if (j->kind != kind)
		return err_new(ERR_INPUT, "'%s' is not %s", what, kind_name);
	return NULL;
}

const struct err *
json_text(const struct json *j, const char *what, const char **out)
{
	const struct err *err;

	*out = NULL;
	if ((err = json_want(j, what, JSON_STRING, "a string")) == NULL)
		*out = j->text;
	return err;
}

const struct err *
json_bool(const struct json *j, const char *what, bool *out)
{
	const struct err *err;

	*out = false;
	if ((err = json_want(j, what, JSON_BOOL, "true or false")) == NULL)
		*out = j->truth;
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
	v = strtod(j->text, NULL); /* exact as far as JSON_INT_MAX */
	if (v < -(double)JSON_INT_MAX || v > (double)JSON_INT_MAX)
		return err_new(ERR_INPUT, "'%s' is out of range", what);
	whole = (double)(int64_t)v;
	if (whole < v || whole > v)
		return err_new(ERR_INPUT, "'%s' is not a whole number", what);
	*out = (int64_t)v;
	return NULL;
}

/* 1.5e3 as 1500: some programs write round amounts so. */
static const struct err *
json_plain_decimal(const char *number, const char *what, struct arena *a,
    const char **out)
{
	char text[32];
	double v = strtod(number, NULL), back;

	snprintf(text, sizeof(text), "%.15g", v);
	back = strtod(text, NULL);
	if (text[strspn(text, "-.0123456789")] != '\0' || back < v || back > v)
		return err_new(ERR_INPUT,
		    "'%s' has an exponent and too many digits: write it plain",
		    what);
	*out = arena_strdup(a, text);
	return NULL;
}

const struct err *
json_decimal(const struct json *j, const char *what, struct arena *a,
    const char **out)
{
	const struct err *err;

	*out = NULL;
	if (j != NULL && j->kind == JSON_STRING)
		return json_text(j, what, out);
	if ((err = json_want(j, what, JSON_NUMBER, "a number")) != NULL)
		return err;
	if (j->exponent)
		return json_plain_decimal(j->text, what, a, out);
	*out = j->text;
	return NULL;
}

const struct err *
json_number(const struct json *j, const char *what, struct arena *a,
    const char **out)
{
	const struct err *err;
	double v;

	*out = NULL;
	if (j != NULL && json_kind(j) == JSON_STRING)
		return json_text(j, what, out);
	if ((err = json_want(j, what, JSON_NUMBER, "a number")) != NULL)
		return err;
	v = strtod(j->text, NULL);
	if (v <= -1e15 || v >= 1e15)
		return err_new(ERR_INPUT, "'%s' is out of range", what);
	if (v > -1e-3 && v < 1e-3) /* which %g would write with an exponent */
		*out = arena_printf(a, "%.8f", v);
	else
		*out = arena_printf(a, "%.15g", v);
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
		s = json_find_special(s);
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

const char *
json_raw(const struct json *j, size_t *len)
{
	*len = j->raw_len;
	return j->raw;
}

void
json_write(struct buf *b, const struct json *j)
{
	const struct json *m;

	switch (j->kind) {
	case JSON_NULL:
		buf_adds(b, "null");
		return;
	case JSON_BOOL:
		buf_adds(b, j->truth ? "true" : "false");
		return;
	case JSON_NUMBER:
		buf_adds(b, j->text);
		return;
	case JSON_STRING:
		json_quote(b, j->text);
		return;
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	buf_addc(b, j->kind == JSON_ARRAY ? '[' : '{');
	for (m = j->first; m != NULL; m = m->next) {
		if (j->kind == JSON_OBJECT) {
			json_quote(b, m->key);
			buf_addc(b, ':');
		}
		json_write(b, m);
		if (m->next != NULL)
			buf_addc(b, ',');
	}
	buf_addc(b, j->kind == JSON_ARRAY ? ']' : '}');
}
