/*
 * customer_save.h - the one way a customer's record is written: what it was is
 * compared with what it shall be, and each difference is stored and goes into
 * the history.
 */
#ifndef CUSTOMER_CUSTOMER_SAVE_H
#define CUSTOMER_CUSTOMER_SAVE_H

#include "customer/customer.h"

struct shop;

struct customer_change {
	int64_t at;        /* when it happened */
	const char *actor; /* NULL: the run's */
};

/*
 * What holds for every record: channels and custom fields exist, their values
 * are of their kind, nobody is born tomorrow. Brings values to their one form.
 */
const struct err *customer_check(struct shop *s, struct customer *c,
    struct arena *a) MUST_USE;

/*
 * Store a new customer, with the id it wishes for if that was never used. It
 * gets its id, rev and times. c->past is written as its history; without any,
 * one row says how it began.
 */
const struct err *customer_insert(struct shop *s, struct customer *c,
    struct arena *a) MUST_USE;

/*
 * Change the stored customer `old` into `new` (a changed copy). *changed counts
 * the differences; with none nothing is written. Lists that are not present
 * are left alone. ERR_CONFLICT when an outside id is somebody else's.
 */
const struct err *customer_update(struct shop *s, const struct customer *old,
    struct customer *new, const struct customer_change *c, struct arena *a,
    size_t *changed) MUST_USE;

/* A note, outside of the fields. */
const struct err *customer_add_note(struct shop *s, int64_t id,
    const struct note *n) MUST_USE;

/* An entry of a brought past. */
const struct err *customer_add_past(struct shop *s, int64_t id,
    const struct past *p) MUST_USE;

/*
 * Take a customer out of the database again; its history stays. ERR_CONFLICT
 * when orders or merged customers point at it.
 */
const struct err *customer_remove(struct shop *s, const struct customer *c,
    const struct customer_change *change) MUST_USE;

/*
 * `from` turns out to be `into`: it is marked as merged, and `into` learns what
 * it did not know: contacts, tags, notes, empty fields, the later word on each
 * consent. No history is rewritten; what was merged into `from` goes along.
 */
const struct err *customer_join(struct shop *s, const struct customer *into,
    const struct customer *from, const struct customer_change *c,
    struct arena *a) MUST_USE;

/* Mark or, with into 0, no longer mark a customer as merged into another. */
const struct err *customer_set_merged(struct shop *s, const struct customer *c,
    int64_t into, const struct customer_change *change) MUST_USE;

#endif
