/* set.c - a set of hashes: open addressing, linear probing. */
#include "base/set.h"

#include <stdlib.h>
#include <string.h>

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

/*
 * In place, for two tables at once would be the most memory that a run takes:
 * from behind a free slot on, each hash moves to where it is or before that.
 */
static void
set_grow(struct set *s)
{
	const size_t old = s->cap;
	size_t free_slot = 0, i;
	uint64_t *slot, hash;

	s->cap = old != 0 ? old * 2 : SET_MIN;
	s->slots = mem_resize(s->slots, s->cap, sizeof(*s->slots));
	memset(s->slots + old, 0, (s->cap - old) * sizeof(*s->slots));
	while (free_slot < old && s->slots[free_slot] != 0)
		free_slot++;
	for (i = 1; i < old; i++) {
		slot = &s->slots[(free_slot + i) & (old - 1)];
		hash = *slot;
		*slot = 0;
		if (hash != 0)
			*set_find(s, hash) = hash;
	}
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
