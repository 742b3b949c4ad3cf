/*
 * text.h - UTF-8 text: checked where it enters, trusted inside.
 *
 * text.c is the only file of this layer that uses a library beside libc:
 * utf8proc, for Unicode normalisation and case folding.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"
#include "base/base.h"

/*
 * Length of the valid prefix: len when all of s is strict UTF-8 (no overlong
 * forms, no surrogates, nothing above U+10FFFF).
 */
size_t text_utf8_valid(const char *s, size_t len);

/*
 * Copy what should be text: a '?' for each byte that is none, and for each NUL,
 * so that what stands around them can be read and its length stays. In a.
 */
char *text_repair(struct arena *a, const char *s, size_t len);

/* Write a character, which is no surrogate: 1 to 4 bytes, their number returned. */
size_t text_utf8_put(char *to, uint32_t point);

/* Are both the same text, or both NULL? */
bool text_same(const char *a, const char *b);

/* NFC, then full Unicode case folding, then NFC: for searching. In a. */
const char *text_fold(struct arena *a, const char *s);

/*
 * Copy without blanks (Unicode's, no-break and zero-width too) at both ends.
 * In a.
 */
char *text_trim(struct arena *a, const char *s);

/*
 * In one line: a text with breaks or tabs gets one blank for each run of such
 * and blanks, and none at its ends. Any other is s itself, NULL too. In a.
 */
const char *text_line(struct arena *a, const char *s);

/* Columns on a terminal; wide characters count 2, combining ones 0. */
size_t text_width(const char *s);

/*
 * Bytes of the longest prefix no wider than `columns`; for cutting a cell.
 */
size_t text_prefix(const char *s, size_t columns);

/*
 * The entry of the NULL-terminated list nearest to word by edit distance (two
 * letters swapped are one error), or NULL when none is near enough, a third
 * wrong at most, to be what was meant.
 */
const char *text_nearest(const char *word, const char *const *list);

#endif
