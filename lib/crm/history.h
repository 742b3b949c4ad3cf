/* history.h - the append-only book of changes. */
#ifndef CRM_HISTORY_H
#define CRM_HISTORY_H

#include "base/err.h"

struct shop;

struct history_row {
	int64_t at;        /* when it happened */
	const char *actor; /* NULL: the run's */
	const char *entity;
	int64_t entity_id;
	int64_t item_id; /* 0 for none */
	const char *field;
	const char *old; /* NULL for nothing */
	const char *new;
};

/* Write a row on the shop's run, inside its transaction. */
const struct err *history_add(struct shop *s,
    const struct history_row *h) MUST_USE;

#endif
