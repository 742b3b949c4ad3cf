/* customer_record.h - customers onto a pipe, as crm-ndjson(5) describes them. */
#ifndef VIEW_CUSTOMER_RECORD_H
#define VIEW_CUSTOMER_RECORD_H

#include "customer/customer.h"

struct out;
struct shop;

/*
 * Write a customer loaded with CUSTOMER_LOAD_ALL as one record of type
 * "customer": exported into an empty database and exported again it is the
 * same, byte for byte.
 */
const struct err *customer_record_write(struct out *out, struct shop *s,
    const struct customer *c) MUST_USE;

/* The same without its end, for a command that adds members of its own. */
void customer_record_members(struct out *out, struct shop *s,
    const struct customer *c);

/*
 * Write a customer as a source told it, for customer-import: what it did not
 * mention is absent, what it emptied is null or an empty list.
 */
const struct err *customer_record_told(struct out *out, struct shop *s,
    const struct customer *c) MUST_USE;

/* The member "figures". */
void customer_record_figures(struct out *out, const struct customer_figures *f);

#endif
