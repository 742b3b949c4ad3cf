/*
 * customer_erase.h - a person wishes to be forgotten: figures stay, the person
 * goes.
 */
#ifndef CUSTOMER_CUSTOMER_ERASE_H
#define CUSTOMER_CUSTOMER_ERASE_H

#include "base/arena.h"
#include "base/err.h"

struct customer;
struct shop;

struct customer_erased {
	int64_t customers; /* the one, and those merged into it */
	int64_t orders;
	int64_t history; /* rows with a value that went */
	int64_t rejects;
	/* Numbers of those left that may tell of the person too, for they hold
	 * an outside id of his, "12, 15"; the first 20; NULL: none. In a. */
	const char *left;
};

/*
 * Erase c, those merged into it and what their orders say of the person, inside
 * a transaction: names, contacts, addresses, comments, notes, free text of
 * custom fields; the same in the history, in the bases of the merge, in kept
 * rejects and in the summaries of runs. Orders keep what was bought and paid,
 * when, and in which city. ERR_CONFLICT when that was done before.
 */
const struct err *customer_erase(struct shop *s, const struct customer *c,
    struct arena *a, struct customer_erased *out) MUST_USE;

/* Does a field of an order tell of the person? City and region are figures. */
bool customer_erase_is_field(const char *name);

/* Is a custom field of orders free text, which may hold a name? */
const struct err *customer_erase_is_free_text(struct shop *s,
    const char *custom, bool *is) MUST_USE;

#endif
