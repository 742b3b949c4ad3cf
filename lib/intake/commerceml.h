/*
 * commerceml.h - one order as 1C and the sites that talk to it exchange it.
 *
 * commerceml.c reads the stream and what a document says of itself and of the
 * buyer; commerceml_goods.c knows lines, charges and discounts, and
 * commerceml_requisites.c where the order stands and whether it is paid. What
 * is in 1C's catalogues is read by feed_commerceml.c.
 */
#ifndef INTAKE_COMMERCEML_H
#define INTAKE_COMMERCEML_H

#include "intake/intake.h"
#include "io/xml.h"

#define COMMERCEML_ROOT "КоммерческаяИнформация"

/* The document in hand. */
struct commerceml {
	struct intake *in;
	const char *where;
	struct order *o;
	struct arena *a;
};

/* Words for yes; NULL is no. */
bool commerceml_true(const char *s);

/* The value of the requisite that is called so; NULL when there is none. */
const char *commerceml_requisite(const struct xml_node *n, const char *name);

/* Set a field of the order; NULL is not told. */
const struct err *commerceml_set(struct commerceml *c, int field,
    const char *text) MUST_USE;

/* An amount that may be written with a comma; NULL is 0. */
const struct err *commerceml_money(struct commerceml *c, const char *s,
    int64_t *minor) MUST_USE;

/* Items and charges of a document, once its currency and total are set. */
const struct err *commerceml_goods(struct commerceml *c,
    const struct xml_node *doc) MUST_USE;

/* Status, payment, delivery and the columns of a map, once its goods are. */
const struct err *commerceml_requisites(struct commerceml *c,
    const struct xml_node *doc) MUST_USE;

#endif
