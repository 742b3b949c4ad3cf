/* arena.c - memory with one lifetime. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ARENA_MIN 4096
#define ARENA_MAX ((size_t)1 << 20) /* blocks double up to here */

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(max_align_t) char data[];
};

void *
arena_alloc(struct arena *a, size_t size)
{
	const size_t mask = _Alignof(max_align_t) - 1;
	struct arena_block *b;
	size_t want;
	char *p;

	size = (size + mask) & ~mask;
	if (a->head == NULL || (size_t)(a->end - a->at) < size) {
		want = ARENA_MIN;
		if (a->head != NULL && a->head->size < ARENA_MAX)
			want = a->head->size * 2;
		if (want < size)
			want = size;
		b = mem_alloc(sizeof(*b) + want);
		b->size = want;
		b->next = a->head;
		a->head = b;
		a->at = b->data;
		a->end = b->data + want;
	}
	p = a->at;
	a->at += size;
	return p;
}

void *
arena_zalloc(struct arena *a, size_t size)
{
	return memset(arena_alloc(a, size), 0, size);
}

void *
arena_grow(struct arena *a, void *v, size_t len, size_t size)
{
	void *grown;

	if ((len & (len - 1)) != 0) /* not yet at a power of two */
		return v;
	grown = arena_alloc(a, (len != 0 ? len * 2 : 1) * size);
	if (len != 0)
		memcpy(grown, v, len * size);
	return grown;
}

char *
arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *
arena_join(struct arena *a, const char *x, char between, const char *y)
{
	size_t xlen = strlen(x), ylen = strlen(y);
	char *joined = arena_alloc(a, xlen + ylen + 2);
	char *p = mempcpy(joined, x, xlen);

	*p++ = between;
	memcpy(p, y, ylen + 1);
	return joined;
}

/*
 * What is left of the block, a multiple of what allocations are rounded up to,
 * is nearly always enough to print into.
 */
char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	size_t left = a->head != NULL ? (size_t)(a->end - a->at) : 0;
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(a->at, left, fmt, ap);
	va_end(ap);
	p = arena_alloc(a, (size_t)n + 1);
	if ((size_t)n < left)
		return p;
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *b, *next;

	if (a->head == NULL)
		return;
	for (b = a->head->next; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->head->next = NULL;
	a->at = a->head->data;
	a->end = a->head->data + a->head->size;
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	a->head = NULL;
	a->at = a->end = NULL;
}
