/* pool.c - small blocks in lists by their size. */
#include "db/pool.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define POOL_STEP  ((size_t)32) /* sizes differ by so much */
#define POOL_SIZES 34 /* SQLite keeps pages for a savepoint in pieces of 1 kB */
#define POOL_SLAB  ((size_t)65536) /* what is cut up at once */

/* Before each block: how large it is, in steps, itself included. */
struct pool_head {
	size_t steps;
};

struct pool_block {
	struct pool_head head;
	struct pool_block *next; /* in the list, while it is free */
};

/* What blocks are cut from; all of them are kept to the end. */
struct pool_slab {
	struct pool_slab *before;
	_Alignas(max_align_t) char bytes[POOL_SLAB];
};

static struct {
	struct pool_block *unused[POOL_SIZES]; /* by their steps */
	struct pool_slab *slab;
	size_t left; /* of its bytes, at the end */
} pool;

static struct pool_head *
pool_head(void *p)
{
	return (struct pool_head *)p - 1;
}

static size_t
pool_steps(int size)
{
	return ((size_t)size + sizeof(struct pool_head) + POOL_STEP - 1) /
	       POOL_STEP;
}

static int
pool_room(size_t steps)
{
	return (int)(steps * POOL_STEP - sizeof(struct pool_head));
}

static void *
pool_cut(size_t size)
{
	struct pool_slab *slab;

	if (pool.left < size) {
		slab = mem_alloc(sizeof(*slab));
		slab->before = pool.slab;
		pool.slab = slab;
		pool.left = POOL_SLAB;
	}
	pool.left -= size;
	return &pool.slab->bytes[pool.left];
}

void *
pool_alloc(int size)
{
	const size_t steps = pool_steps(size);
	struct pool_block *b;

	if (steps >= POOL_SIZES)
		b = mem_alloc(steps * POOL_STEP);
	else if ((b = pool.unused[steps]) != NULL)
		pool.unused[steps] = b->next;
	else
		b = pool_cut(steps * POOL_STEP);
	b->head.steps = steps;
	return &b->head + 1;
}

void
pool_free(void *p)
{
	struct pool_block *b = (struct pool_block *)pool_head(p);
	const size_t steps = b->head.steps;

	if (steps >= POOL_SIZES) {
		free(b);
		return;
	}
	b->next = pool.unused[steps];
	pool.unused[steps] = b;
}

void *
pool_realloc(void *p, int size)
{
	struct pool_head *h = pool_head(p);
	const size_t steps = pool_steps(size);
	void *q;

	if (steps == h->steps)
		return p;
	if (steps >= POOL_SIZES && h->steps >= POOL_SIZES) {
		h = mem_resize(h, steps, POOL_STEP);
		h->steps = steps;
		return h + 1;
	}
	q = pool_alloc(size);
	memcpy(q, p, (size_t)pool_room(steps < h->steps ? steps : h->steps));
	pool_free(p);
	return q;
}

int
pool_size(void *p)
{
	return pool_room(pool_head(p)->steps);
}

int
pool_round(int size)
{
	return pool_room(pool_steps(size));
}
