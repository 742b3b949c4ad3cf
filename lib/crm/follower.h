/* follower.h - how far each reader of the history says it has come. */
#ifndef CRM_FOLLOWER_H
#define CRM_FOLLOWER_H

#include "base/arena.h"
#include "base/err.h"

struct db;

struct follower {
	const char *name;
	int64_t history_id; /* the last change it has dealt with */
	int64_t at;         /* when it said so */
};

/* ERR_INPUT unless name is 1 to 40 letters, digits, dots and dashes. */
const struct err *follower_check_name(const char *name) MUST_USE;

/* 0 for a name that has not said anything. */
const struct err *follower_get(struct db *db, const char *name,
    int64_t *history_id) MUST_USE;

/* Inside a transaction, as is the next. */
const struct err *follower_put(struct db *db,
    const struct follower *f) MUST_USE;
const struct err *follower_remove(struct db *db, const char *name,
    bool *removed) MUST_USE;

/* All of them, by name. *out in a. */
const struct err *follower_list(struct db *db, struct arena *a,
    struct follower **out, size_t *count) MUST_USE;

#endif
