/* document_detect.c - whose orders these are, by the names of their members. */
#include <string.h>

#include "intake/document.h"

/* A look at the first bytes of a document, which may end anywhere. */
struct peek {
	const char *p;
	const char *end;
};

static void
peek_blanks(struct peek *k)
{
	while (
	    k->p < k->end && strchr(" \t\r\n", *k->p) != NULL && *k->p != '\0')
		k->p++;
}

static bool
peek_is(const struct peek *k, char c)
{
	return k->p < k->end && *k->p == c;
}

/* Step over a string; its inside is [*from, *len). */
static void
peek_string(struct peek *k, const char **from, size_t *len)
{
	*from = ++k->p;
	while (k->p < k->end && *k->p != '"')
		k->p += *k->p == '\\' ? 2 : 1;
	if (k->p > k->end)
		k->p = k->end;
	*len = (size_t)(k->p - *from);
	if (k->p < k->end)
		k->p++;
}

static void
peek_value(struct peek *k)
{
	const char *from;
	size_t len, depth = 0;

	do {
		if (peek_is(k, '"')) {
			peek_string(k, &from, &len);
			continue;
		}
		if (peek_is(k, '{') || peek_is(k, '['))
			depth++;
		else if ((peek_is(k, '}') || peek_is(k, ']')) && depth != 0)
			depth--;
		else if (depth == 0 && strchr(",}] \t\r\n", *k->p) != NULL)
			return;
		k->p++;
	} while (k->p < k->end && (depth != 0 || !peek_is(k, ',')));
}

/* Index of a name in a list that NULL ends, or -1. */
static int
document_find(const char *const *list, const char *name, size_t len)
{
	int i;

	for (i = 0; list[i] != NULL; i++)
		if (strlen(list[i]) == len && memcmp(list[i], name, len) == 0)
			return i;
	return -1;
}

/* Into an object, or into the first one of an array. */
static bool
peek_enter(struct peek *k)
{
	peek_blanks(k);
	if (peek_is(k, '['))
		k->p++;
	peek_blanks(k);
	if (!peek_is(k, '{'))
		return false;
	k->p++;
	return true;
}

/* The name of a member; its value is next. */
static bool
peek_key(struct peek *k, const char **key, size_t *len)
{
	if (!peek_is(k, '"'))
		return false;
	peek_string(k, key, len);
	peek_blanks(k);
	if (!peek_is(k, ':'))
		return false;
	k->p++;
	peek_blanks(k);
	return true;
}

bool
document_detect(const struct document_format *f, const char *head, size_t len)
{
	struct peek k = { head, head + len };
	unsigned seen = 0, all = 0;
	const char *key;
	bool array;
	size_t n;
	int i;

	for (i = 0; f->telling[i] != NULL; i++)
		all |= 1U << i;
	peek_blanks(&k);
	array = peek_is(&k, '['); /* of the records themselves */
	if (!peek_enter(&k))
		return false;
	while (k.p < k.end) {
		peek_blanks(&k);
		if (peek_is(&k, ',')) {
			k.p++;
			continue;
		}
		if (!peek_key(&k, &key, &n))
			return false;
		if (!array && document_find(f->holders, key, n) >= 0 &&
		    (peek_is(&k, '[') || peek_is(&k, '{'))) {
			if (!peek_enter(&k))
				return false;
			seen = 0;
			continue;
		}
		i = document_find(f->telling, key, n);
		if (i >= 0 && (seen |= 1U << i) == all)
			return true;
		if (k.p < k.end)
			peek_value(&k);
	}
	return false;
}
