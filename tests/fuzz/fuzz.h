/* fuzz.h - what the fuzzers share. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise: a fuzzer that finds it broken dies. */
static inline void
need(bool promise)
{
	if (!promise)
		abort();
}

static inline bool
is_text(const char *s)
{
	return text_utf8_valid(s, strlen(s)) == strlen(s);
}

/*
 * The input as lines for a reader of C strings: *lines is an array of *count,
 * at most max; the last has the rest. False when it is no text, which those
 * who call such a reader have refused before. In a.
 */
static inline bool
fuzz_lines(struct arena *a, const uint8_t *data, size_t size, size_t max,
    char ***lines, size_t *count)
{
	char *text, *eol;

	*count = 0;
	*lines = arena_alloc(a, max * sizeof(**lines));
	if (size == 0 || memchr(data, '\0', size) != NULL ||
	    text_utf8_valid((const char *)data, size) != size)
		return false;
	text = arena_strndup(a, (const char *)data, size);
	while (text != NULL && *count < max) {
		eol = *count + 1 < max ? strchr(text, '\n') : NULL;
		if (eol != NULL)
			*eol++ = '\0';
		(*lines)[(*count)++] = text;
		text = eol;
	}
	return true;
}

#endif
