/*
 * set.h - a set of 64-bit hashes: eight bytes an element and as many again of
 * room, so that a run of millions can remember what it has seen. All-zero is an
 * empty one.
 */
#ifndef BASE_SET_H
#define BASE_SET_H

#include "base/base.h"

struct set {
	uint64_t *slots;
	size_t cap; /* a power of two */
	size_t used;
	bool zero; /* 0, which marks a free slot, is in it */
};

/* Add; false when it was there already. */
bool set_add(struct set *s, uint64_t hash);

void set_free(struct set *s);

#endif
