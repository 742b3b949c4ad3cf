/*
 * pool.h - memory for SQLite: many small blocks, allocated and freed by the
 * hundred for each record. A free block waits in the list of its size; what is
 * large comes from mem_alloc(). One thread only; a small block is given back to
 * the list alone.
 */
#ifndef DB_POOL_H
#define DB_POOL_H

/* As malloc(), free() and realloc(), but never NULL: see base/mem.h. */
void *pool_alloc(int size);
void pool_free(void *p);
void *pool_realloc(void *p, int size);

/* How much the block can hold, and what a block for so much could. */
int pool_size(void *p);
int pool_round(int size);

#endif
