/* json_stream.c - the records of a JSON document, one at a time. */
#include "io/json_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"

#define JSON_STREAM_PIECE 65536

enum { JSON_STREAM_EOF = -1 };

enum json_stream_place {
	JSON_STREAM_TOP,    /* between documents */
	JSON_STREAM_ARRAY,  /* in the array of records */
	JSON_STREAM_OBJECT, /* in an object whose records were given */
};

struct json_stream {
	int fd;
	const char *name;
	const char *const *names;
	char piece[JSON_STREAM_PIECE];
	size_t at, end;
	bool eof;
	int failed; /* errno of a read */
	enum json_stream_place place;
	bool wrapped; /* the array is a member of an object */
	bool started; /* something but blanks has come */
	struct buf text;
	bool too_long; /* text is not all of it */
	uint64_t number;
};

struct json_stream *
json_stream_open(int fd, const char *name, const char *const *names)
{
	struct json_stream *s = mem_zalloc(sizeof(*s));

	s->fd = fd;
	s->name = name;
	s->names = names;
	return s;
}

void
json_stream_close(struct json_stream *s)
{
	if (s == NULL)
		return;
	buf_free(&s->text);
	free(s);
}

uint64_t
json_stream_number(const struct json_stream *s)
{
	return s->number;
}

/* Characters --------------------------------------------------------------- */

static bool
stream_fill(struct json_stream *s)
{
	ssize_t n;

	if (s->eof)
		return false;
	do
		n = read(s->fd, s->piece, sizeof(s->piece));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		s->failed = errno;
	s->eof = n <= 0;
	s->at = 0;
	s->end = n > 0 ? (size_t)n : 0;
	return !s->eof;
}

static inline int
stream_peek(struct json_stream *s)
{
	if (s->at == s->end && !stream_fill(s))
		return JSON_STREAM_EOF;
	return (unsigned char)s->piece[s->at];
}

/* Take a character into the text, as long as that may grow. */
static inline int
stream_take(struct json_stream *s)
{
	int c = stream_peek(s);

	if (c == JSON_STREAM_EOF)
		return c;
	s->at++;
	if (s->text.len < JSON_STREAM_MAX)
		buf_addc(&s->text, (char)c);
	else
		s->too_long = true;
	return c;
}

static bool
stream_is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int
stream_blanks(struct json_stream *s)
{
	while (stream_is_blank(stream_peek(s)))
		s->at++;
	return stream_peek(s);
}

/* Values ------------------------------------------------------------------- */

/* At a quote: take the string. */
static void
stream_string(struct json_stream *s)
{
	int c;

	stream_take(s);
	while ((c = stream_take(s)) != '"' && c != JSON_STREAM_EOF)
		if (c == '\\')
			stream_take(s);
}

/*
 * Take a value. Only the brackets of its own kind are counted: so a wrong one
 * of the other kind spoils this record and not those behind it.
 */
static void
stream_value(struct json_stream *s)
{
	int open = stream_peek(s), close = open == '{' ? '}' : ']', c;
	int64_t depth = 0;

	if (open == '"') {
		stream_string(s);
		return;
	}
	if (open != '{' && open != '[') {
		while ((c = stream_peek(s)) != JSON_STREAM_EOF && c != ',' &&
		       c != '}' && c != ']' && !stream_is_blank(c))
			stream_take(s);
		return;
	}
	do {
		c = stream_peek(s);
		if (c == '"') {
			stream_string(s);
			continue;
		}
		stream_take(s);
		depth += (c == open) - (c == close);
	} while (depth != 0 && c != JSON_STREAM_EOF);
}

static void
stream_empty(struct json_stream *s)
{
	buf_reset(&s->text);
	s->too_long = false;
}

/* The text is a record: give it out, or say why not. */
static const struct err *
stream_give(struct json_stream *s, const char **text, size_t *len)
{
	s->number++;
	*text = buf_str(&s->text);
	*len = s->text.len;
	if (s->too_long) {
		stream_empty(s);
		*text = "";
		*len = 0;
		return err_new(ERR_INPUT, "longer than %zu MiB",
		    JSON_STREAM_MAX >> 20);
	}
	if (s->eof && s->at == s->end && s->place != JSON_STREAM_TOP) {
		s->place = JSON_STREAM_TOP;
		return err_new(ERR_INPUT,
		    "the file ends here: it was cut short");
	}
	return NULL;
}

/* Nothing behind this can be made sense of. */
static const struct err *
stream_stop(struct json_stream *s, const char *why)
{
	s->number++;
	s->eof = true;
	s->at = s->end;
	s->place = JSON_STREAM_TOP;
	stream_empty(s);
	return err_new(ERR_INPUT, "%s", why);
}

/* Documents ---------------------------------------------------------------- */

/* Is the key that ends the text, quotes and all, one that holds records? */
static bool
stream_is_name(const struct json_stream *s, size_t from)
{
	const char *key = buf_str(&s->text) + from + 1;
	size_t i, len = s->text.len - from - 2;

	for (i = 0; s->names[i] != NULL; i++)
		if (strlen(s->names[i]) == len &&
		    memcmp(s->names[i], key, len) == 0)
			return true;
	return false;
}

/*
 * An object between documents: up to where its records begin, or all of it
 * when it has none and is a record itself (place stays TOP).
 */
static void
stream_object(struct json_stream *s)
{
	size_t from;
	bool holds;
	int c;

	stream_take(s);
	for (;;) {
		c = stream_blanks(s);
		if (c == '}' || c == JSON_STREAM_EOF)
			break;
		if (c != '"') {
			stream_take(s);
			continue;
		}
		from = s->text.len;
		stream_string(s);
		holds = !s->too_long && s->text.len > from + 2 &&
			stream_is_name(s, from);
		if (stream_blanks(s) != ':')
			continue;
		stream_take(s);
		c = stream_blanks(s);
		if (holds && (c == '[' || c == '{')) {
			stream_empty(s);
			s->place =
			    c == '[' ? JSON_STREAM_ARRAY : JSON_STREAM_OBJECT;
			s->wrapped = true;
			if (c == '[')
				s->at++;
			else
				stream_value(s);
			return;
		}
		stream_value(s);
	}
	if (c == JSON_STREAM_EOF)
		s->place = JSON_STREAM_OBJECT; /* cut short */
	else
		stream_take(s);
}

/* What else the object has behind its records. */
static const struct err *
stream_rest(struct json_stream *s)
{
	int c;

	s->place = JSON_STREAM_TOP;
	s->wrapped = false;
	while ((c = stream_peek(s)) != '}' && c != JSON_STREAM_EOF) {
		if (c == '"' || c == '{' || c == '[')
			stream_value(s);
		else
			s->at++;
		stream_empty(s);
	}
	if (c == JSON_STREAM_EOF)
		return stream_stop(s, "the file ends here: it was cut short");
	s->at++;
	return NULL;
}

/* What a file is that is no JSON. */
static const struct err *
stream_no_json(struct json_stream *s, int c)
{
	if (c == '<')
		return stream_stop(s,
		    "this is HTML or XML, no JSON: a page instead of the "
		    "answer?");
	if (c == 0xFF || c == 0xFE || c == '\0')
		return stream_stop(s,
		    "this is UTF-16, JSON is UTF-8: see iconv(1)");
	return stream_stop(s, "this is no JSON");
}

/* Between documents: *done when nothing follows, or a record is in the text. */
static const struct err *
stream_top(struct json_stream *s, bool *done)
{
	int c = stream_blanks(s);

	if (!s->started && c == 0xEF) { /* a byte order mark */
		s->at++;
		if (stream_peek(s) == 0xBB)
			s->at++;
		if (stream_peek(s) == 0xBF)
			s->at++;
		c = stream_blanks(s);
	}
	s->started = true;
	*done = c == JSON_STREAM_EOF;
	if (*done)
		return NULL;
	if (c == '[') {
		s->at++;
		s->place = JSON_STREAM_ARRAY;
		return NULL;
	}
	if (c != '{')
		return stream_no_json(s, c);
	*done = true;
	stream_object(s);
	if (s->place == JSON_STREAM_ARRAY)
		*done = false;
	return NULL;
}

/* In the array: *done when a record is in the text. */
static const struct err *
stream_array(struct json_stream *s, bool *done)
{
	int c;

	*done = false;
	do {
		if ((c = stream_blanks(s)) == ',')
			s->at++;
	} while (c == ',');
	if (c == JSON_STREAM_EOF)
		return stream_stop(s, "the file ends here: it was cut short");
	if (c == ']') {
		s->at++;
		s->place = s->wrapped ? JSON_STREAM_OBJECT : JSON_STREAM_TOP;
		return NULL;
	}
	if (c == '}' || c == ':')
		return stream_stop(s, "a bracket too many: nothing behind it "
				      "can be read");
	stream_value(s);
	*done = true;
	return NULL;
}

const struct err *
json_stream_next(struct json_stream *s, const char **text, size_t *len)
{
	const struct err *err = NULL;
	bool done = false;

	*text = "";
	*len = 0;
	stream_empty(s);
	while (err == NULL && !done) {
		switch (s->place) {
		case JSON_STREAM_TOP:
			err = stream_top(s, &done);
			break;
		case JSON_STREAM_ARRAY:
			err = stream_array(s, &done);
			break;
		case JSON_STREAM_OBJECT:
			err = stream_rest(s);
			break;
		}
	}
	if (s->failed != 0) {
		errno = s->failed;
		return err_sys("%s", s->name);
	}
	if (err != NULL)
		return err;
	if (s->text.len == 0 && !s->too_long) {
		*text = NULL;
		return NULL;
	}
	return stream_give(s, text, len);
}
