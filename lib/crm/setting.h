/*
 * setting.h - what changes figures or rules: kept in the database, with
 * history, so that cron and the owner get the same figures.
 */
#ifndef CRM_SETTING_H
#define CRM_SETTING_H

#include "base/arena.h"
#include "base/err.h"

struct db;
struct shop;

struct setting {
	const char *name;
	const char *fallback; /* value while it is not set */
	const char *help;     /* one line */
};

/* Every setting there is; ends with a NULL name. */
extern const struct setting setting_list[];

/* ERR_INPUT when value cannot be a value of the setting, or there is none such. */
const struct err *setting_check(const char *name, const char *value) MUST_USE;

/* The value in force; *is_set tells whether the database has it. In a. */
const struct err *setting_get(struct db *db, const char *name, struct arena *a,
    const char **value, bool *is_set) MUST_USE;

/* Set it, inside a transaction, and write the history. */
const struct err *setting_put(struct shop *s, const char *name,
    const char *value) MUST_USE;

#endif
