/* mem.c - allocation that cannot fail. */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
mem_exhausted(void)
{
	fputs("out of memory\n", stderr);
	exit(1);
}

void *
mem_alloc(size_t size)
{
	void *p = malloc(size != 0 ? size : 1);

	if (p == NULL)
		mem_exhausted();
	return p;
}

void *
mem_zalloc(size_t size)
{
	void *p = calloc(1, size != 0 ? size : 1);

	if (p == NULL)
		mem_exhausted();
	return p;
}

void *
mem_resize(void *ptr, size_t count, size_t size)
{
	void *p = reallocarray(ptr, count != 0 ? count : 1, size);

	if (p == NULL)
		mem_exhausted();
	return p;
}

char *
mem_strdup(const char *s)
{
	char *p = strdup(s);

	if (p == NULL)
		mem_exhausted();
	return p;
}
