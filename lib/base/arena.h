/*
 * arena.h - memory with one lifetime.
 *
 * Everything taken from an arena dies together at arena_reset() or
 * arena_free(). All-zero is an empty arena. A command has one arena for the run
 * and one for the record in hand; library functions that return strings take
 * the arena to put them in.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

struct arena_block;

struct arena {
	struct arena_block *head; /* newest block first */
	char *at;                 /* next free byte in head */
	char *end;                /* one past the last byte of head */
};

/* Never NULL, aligned for any type; zalloc's is all zero. */
void *arena_alloc(struct arena *a, size_t size) MUST_USE;
void *arena_zalloc(struct arena *a, size_t size) MUST_USE;
char *arena_strdup(struct arena *a, const char *s) MUST_USE;
char *arena_strndup(struct arena *a, const char *s, size_t len) MUST_USE;
/* "x y": the two with a character between them, a blank in this case. */
char *arena_join(struct arena *a, const char *x, char between,
    const char *y) MUST_USE;
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3) MUST_USE;

/*
 * Room for one more element of a list of len elements that doubles inside the
 * arena: returns v, or where the list has moved to.
 */
void *arena_grow(struct arena *a, void *v, size_t len, size_t size) MUST_USE;

/* Forget everything, keep one block for reuse. */
void arena_reset(struct arena *a);

/* Forget everything and release all memory; the arena may be used again. */
void arena_free(struct arena *a);

#endif
