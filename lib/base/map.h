/*
 * map.h - a hash map. All-zero is an empty one.
 *
 * Two kinds that must not be mixed in one map: keys that are strings (copied
 * into the map) and keys that are 64-bit hashes (for large sets where a copy
 * of each key would cost too much; equal hashes are equal keys).
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

struct map_slot;

struct map {
	struct map_slot *slots;
	size_t cap; /* a power of two */
	size_t used;
	struct arena keys;
};

/* NULL when absent; else the value, which may be written through. */
int64_t *map_get(const struct map *m, const char *key);
int64_t *map_get_hash(const struct map *m, uint64_t key);

/* Insert or update. */
void map_put(struct map *m, const char *key, int64_t value);
void map_put_hash(struct map *m, uint64_t key, int64_t value);

void map_reset(struct map *m); /* empty it, keep memory */
void map_free(struct map *m);

#endif
