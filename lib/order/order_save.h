/*
 * order_save.h - the one way an order is written: what it was is compared with
 * what it shall be, and each difference is stored and goes into the history.
 */
#ifndef ORDER_ORDER_SAVE_H
#define ORDER_ORDER_SAVE_H

#include "order/order.h"

struct db_stmt;
struct shop;

struct order_change {
	int64_t at;        /* when it happened */
	const char *actor; /* NULL: the run's */
};

/*
 * Check codes, quantities and dates and compute the totals: what holds for
 * every order, new or changed. ERR_INPUT names the field or line. What it
 * brings to its one form is put in a.
 */
const struct err *order_check(struct shop *s, struct order *o,
    struct arena *a) MUST_USE;

/*
 * The part of that which holds for a record that says only some of an order:
 * codes exist, lines are whole; defaults of lines are filled in.
 */
const struct err *order_normalise(struct shop *s, struct order *o,
    struct arena *a) MUST_USE;

/* A line as one text, as the history keeps it (see base/pack.h). In a. */
const char *order_pack_line(const struct order *o, enum order_part part,
    const struct part *p, struct arena *a);

/* Write one line of a part as it is: no check, no history, no totals. */
const struct err *order_put_line(struct shop *s, const struct order *o,
    enum order_part part, struct part *p) MUST_USE;

/*
 * Store a new order. o needs order_no (must be free), source, external_id,
 * status, currency and placed_at; its parts get their lines, it gets its id,
 * rev (when it has none), totals and shipping day. o->past is written as its
 * history; without any, one row says how it began.
 */
const struct err *order_insert(struct shop *s, struct order *o,
    struct arena *a) MUST_USE;

/*
 * Change the stored order `old` into `new` (a changed copy; lines match by
 * their numbers, 0 is a new line). *changed counts the differences; with none
 * nothing is written. Further entries of new->past beyond old->past are
 * written as history; one that says what a difference is gives its time and
 * actor. Fields that new does not have are cleared; parts that are not present
 * are left alone.
 */
const struct err *order_update(struct shop *s, const struct order *old,
    struct order *new, const struct order_change *c, struct arena *a,
    size_t *changed) MUST_USE;

/* Bind what an order is tied to and what follows from its parts, by name. */
void order_bind_sums(struct db_stmt *st, const struct order *o);

/*
 * Change nothing but its status and the reason, NULL for none, as order_update()
 * would. Of old the row is enough, and none but the status's code is checked.
 */
const struct err *order_move(struct shop *s, const struct order *old,
    const char *status, const char *reason, const struct order_change *c,
    struct arena *a, size_t *changed) MUST_USE;

/* Take an order out of the database again; its history stays. */
const struct err *order_remove(struct shop *s, const struct order *o,
    const struct order_change *c) MUST_USE;

/* A note, outside of the fields. */
const struct err *order_add_note(struct shop *s, int64_t order_id,
    const struct note *n) MUST_USE;

/* A deep enough copy to change: fields and part lists are its own. In a. */
struct order *order_copy(const struct order *o, struct arena *a);

#endif
