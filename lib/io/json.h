/*
 * json.h - read JSON.
 *
 * Strict: one value and nothing after it, valid UTF-8, no NUL and no raw
 * control characters in strings, no key twice in an object, numbers as RFC 8259
 * writes them. Nesting deeper than 32 is refused. Numbers keep the digits they
 * were written with, so an amount never passes through a double.
 *
 * A document with all its values and texts lives in the arena it was parsed in.
 */
#ifndef IO_JSON_H
#define IO_JSON_H

#include "base/arena.h"
#include "base/err.h"

struct json; /* a value inside a document */

enum json_kind {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* Parse len bytes, which are left as they are. In a. */
const struct err *json_parse(struct arena *a, const char *text, size_t len,
    const struct json **out) MUST_USE;

enum json_kind json_kind(const struct json *j);

/* Member of an object, or NULL when absent (a null member is not NULL). */
const struct json *json_get(const struct json *j, const char *key);

/* Iterate an array's elements or an object's members; NULL ends. */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);
const char *json_key(const struct json *j); /* a member's own key */

/*
 * Scalars of j itself. `what` names the value in the message: "'total' is not
 * a number". A NULL j or a null value is ERR_INPUT "'total' is missing".
 */
const struct err *json_text(const struct json *j, const char *what,
    const char **out) MUST_USE;
const struct err *json_bool(const struct json *j, const char *what,
    bool *out) MUST_USE;
/* |n| <= 2^53-1, whole. */
const struct err *json_int(const struct json *j, const char *what,
    int64_t *out) MUST_USE;
/*
 * A number or a string of a decimal, as text for decimal_parse() or
 * money_parse(). A number with an exponent is written out in a.
 */
const struct err *json_decimal(const struct json *j, const char *what,
    struct arena *a, const char **out) MUST_USE;

/*
 * The same for documents of others: numbers that passed through a float, such
 * as 57.599999999999994, are meant to be 57.6. ERR_INPUT when it is no number.
 */
const struct err *json_number(const struct json *j, const char *what,
    struct arena *a, const char **out) MUST_USE;

/* The value as it stands in the text that was parsed, if that still does. */
const char *json_raw(const struct json *j, size_t *len);

/* Write a value as it was parsed, without blanks. */
struct buf;
void json_write(struct buf *b, const struct json *j);

/* Write text as a JSON string with its quotes; the one writer of JSON strings. */
void json_quote(struct buf *b, const char *s);

#endif
