/*
 * customer_erase.h - a person wishes to be forgotten: figures stay, the person
 * goes.
 */
#ifndef CRM_CUSTOMER_ERASE_H
#define CRM_CUSTOMER_ERASE_H

#include "base/arena.h"
#include "base/err.h"

struct customer;
struct order;
struct shop;

struct customer_erased {
	int64_t customers; /* the one, and those merged into it */
	int64_t orders;
	int64_t history; /* rows with a value that went */
	int64_t rejects;
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

/*
 * A source speaks again of an order of customer id: when that is erased, what
 * its record tells of the person is dropped as if it did not mention it.
 */
const struct err *customer_erase_again(struct shop *s, int64_t id,
    struct order *in) MUST_USE;

#endif
