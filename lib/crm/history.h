/* history.h - the append-only book of changes. */
#ifndef CRM_HISTORY_H
#define CRM_HISTORY_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

/* An entry of the past that an order or customer brings or that is stored. */
struct past {
	int64_t at;
	const char *actor;
	int64_t line; /* 0 for none */
	const char *field;
	const char *old;
	const char *new;
};

struct note {
	int64_t at;
	const char *actor;
	const char *text;
};

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

/* The same of a change that happens now: the field of the entity was set. */
const struct err *history_set(struct shop *s, const char *entity, int64_t id,
    const char *field, const char *old, const char *new) MUST_USE;

/* A row as it stands there, and what it belongs to. */
struct history_change {
	int64_t id;
	int64_t at;
	int64_t recorded_at;
	int64_t run_id;
	const char *command; /* of the run */
	bool backfill;
	const char *actor;
	const char *entity;
	int64_t entity_id;
	const char *order_no; /* NULL: of no order, or of one that has gone */
	int64_t item_id;      /* 0 for none */
	const char *field;
	const char *old;
	const char *new;
};

/*
 * A page of the changes after `after`, in the order in which they were made; no
 * row at the end. Ids are given under the write lock and never again, so what
 * is committed later has a higher one: whoever goes on after the last id he has
 * seen misses nothing. Nothing in the database is held on return. In a.
 */
const struct err *history_page(struct db *db, int64_t after, struct arena *a,
    struct history_change **out, size_t *count) MUST_USE;

/* The id of the last change there is; 0 when there is none. */
const struct err *history_last(struct db *db, int64_t *id) MUST_USE;

/*
 * The id that a person names, "4711" or "last". ERR_USAGE when it is neither,
 * ERR_CONFLICT when there is no such change yet.
 */
const struct err *history_named(struct db *db, const char *text,
    int64_t *id) MUST_USE;

/* What a run changed of an entity, oldest first. In a. */
const struct err *history_of_run(struct db *db, int64_t run_id,
    const char *entity, int64_t entity_id, struct arena *a,
    struct history_row **out, size_t *count) MUST_USE;

#endif
