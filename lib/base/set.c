/* set.c - a set of hashes: open addressing, linear probing. */
#include "base/set.h"

#include <stdlib.h>

#include "base/mem.h"

#define SET_MIN 64

/* Where the hash is, or the free slot where it belongs. */
static uint64_t *
set_find(const struct set *s, uint64_t hash)
{
	size_t i = hash & (s->cap - 1);

	while (s->slots[i] != 0 && s->slots[i] != hash)
		i = (i + 1) & (s->cap - 1);
	return &s->slots[i];
}

static void
set_grow(struct set *s)
{
	const struct set old = *s;
	size_t i;

	s->cap = old.cap != 0 ? old.cap * 2 : SET_MIN;
	s->slots = mem_zalloc(s->cap * sizeof(*s->slots));
	for (i = 0; i < old.cap; i++)
		if (old.slots[i] != 0)
			*set_find(s, old.slots[i]) = old.slots[i];
	free(old.slots);
}

bool
set_add(struct set *s, uint64_t hash)
{
	uint64_t *slot;

	if (hash == 0) {
		const bool added = !s->zero;

		s->zero = true;
		return added;
	}
	if ((s->used + 1) * 4 > s->cap * 3)
		set_grow(s);
	slot = set_find(s, hash);
	if (*slot == hash)
		return false;
	*slot = hash;
	s->used++;
	return true;
}

void
set_free(struct set *s)
{
	free(s->slots);
	*s = (struct set){ 0 };
}
