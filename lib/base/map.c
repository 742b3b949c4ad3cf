/* map.c - a hash map: open addressing, linear probing. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define MAP_MIN 16

struct map_slot {
	const char *key; /* NULL: free; "" where the hash alone is the key */
	uint64_t hash;
	int64_t value;
};

/* The slot that holds the key, or else the free one where it belongs. */
static struct map_slot *
find(const struct map *m, const char *key, uint64_t hash)
{
	size_t i = hash & (m->cap - 1);

	while (m->slots[i].key != NULL &&
	       (m->slots[i].hash != hash || strcmp(m->slots[i].key, key) != 0))
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

static void
grow(struct map *m)
{
	const struct map old = *m;
	size_t i;

	m->cap = old.cap != 0 ? old.cap * 2 : MAP_MIN;
	m->slots = mem_zalloc(m->cap * sizeof(*m->slots));
	for (i = 0; i < old.cap; i++)
		if (old.slots[i].key != NULL)
			*find(m, old.slots[i].key, old.slots[i].hash) =
			    old.slots[i];
	free(old.slots);
}

static int64_t *
get(const struct map *m, const char *key, uint64_t hash)
{
	struct map_slot *slot;

	if (m->used == 0)
		return NULL;
	slot = find(m, key, hash);
	return slot->key != NULL ? &slot->value : NULL;
}

/* The slot of the key, made when there is none; a new one has no key yet. */
static struct map_slot *
claim(struct map *m, const char *key, uint64_t hash)
{
	struct map_slot *slot;

	if ((m->used + 1) * 4 > m->cap * 3)
		grow(m);
	slot = find(m, key, hash);
	if (slot->key == NULL) {
		slot->hash = hash;
		m->used++;
	}
	return slot;
}

int64_t *
map_get(const struct map *m, const char *key)
{
	return get(m, key, hash_str(key, 0));
}

int64_t *
map_get_hash(const struct map *m, uint64_t key)
{
	return get(m, "", key);
}

void
map_put(struct map *m, const char *key, int64_t value)
{
	struct map_slot *slot = claim(m, key, hash_str(key, 0));

	if (slot->key == NULL)
		slot->key = arena_strdup(&m->keys, key);
	slot->value = value;
}

void
map_put_hash(struct map *m, uint64_t key, int64_t value)
{
	struct map_slot *slot = claim(m, "", key);

	slot->key = "";
	slot->value = value;
}

void
map_reset(struct map *m)
{
	if (m->used != 0)
		memset(m->slots, 0, m->cap * sizeof(*m->slots));
	m->used = 0;
	arena_reset(&m->keys);
}

void
map_free(struct map *m)
{
	free(m->slots);
	arena_free(&m->keys);
	*m = (struct map){ 0 };
}
