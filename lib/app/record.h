/* record.h - whole records onto a pipe, as crm-ndjson(5) describes them. */
#ifndef APP_RECORD_H
#define APP_RECORD_H

#include "crm/order.h"

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

/* A decimal that is kept as text, such as a custom field's, as a number. */
void record_number(struct out *out, const char *key, const char *text);

#endif
