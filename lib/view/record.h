/* record.h - whole records onto a pipe, as crm-ndjson(5) describes them. */
#ifndef VIEW_RECORD_H
#define VIEW_RECORD_H

#include "order/order.h"

struct out;
struct shop;

/*
 * Write an order loaded with ORDER_LOAD_ALL as one record of type "order":
 * exported into an empty database and exported again it is the same, byte for
 * byte.
 */
const struct err *record_order(struct out *out, struct shop *s,
    const struct order *o) MUST_USE;

/* The same without its end, for a command that adds members of its own. */
void record_members(struct out *out, struct shop *s, const struct order *o);

/* All fields that r has. */
void record_fields(struct out *out, const struct fields *t, const struct rec *r,
    const char *currency);

/* A custom field of the entity, by its type; value NULL: it is emptied. */
void record_custom_value(struct out *out, struct shop *s, const char *entity,
    const char *field, const char *value);

/* The members "notes" and "history", if there are any. */
void record_notes(struct out *out, const struct note *n, size_t count);
void record_history(struct out *out, const struct past *p, size_t count);

/*
 * Write an order as a source told it, for order-import: what it did not mention
 * is absent, what it emptied is null, and nothing of ours (rev, sums) is in it.
 */
const struct err *record_told(struct out *out, struct shop *s,
    const struct order *o) MUST_USE;

/* The same of a cart, for cart-import. */
struct cart;
const struct err *record_told_cart(struct out *out,
    const struct cart *c) MUST_USE;

/* A decimal that is kept as text, such as a custom field's, as a number. */
void record_number(struct out *out, const char *key, const char *text);

#endif
