/*
 * catalog_parts.h - what the files of catalog_save() share, and nobody else.
 *
 * catalog_save.c finds product and offer and writes their fields,
 * catalog_list.c their lists, catalog_gone.c takes out of sale.
 */
#ifndef CATALOG_CATALOG_PARTS_H
#define CATALOG_CATALOG_PARTS_H

#include "catalog/catalog.h"

/* The record in hand. */
struct catalog {
	struct shop *s;
	struct catalog_record *r;
	struct arena *a;
	int64_t product_id; /* 0: not stored yet */
	int64_t offer_id;
	size_t changes;
};

/* Make the rows of the lists that the record mentions what it says. */
const struct err *catalog_product_lists(struct catalog *c,
    bool is_new) MUST_USE;
const struct err *catalog_offer_lists(struct catalog *c, bool is_new) MUST_USE;

/* Change what `to` mentions of an offer, and give it the record's product. */
const struct err *catalog_offer_change(struct catalog *c, int64_t id,
    const struct rec *to) MUST_USE;

/* The product has gone, and its variants with it. */
const struct err *catalog_drop_variants(struct catalog *c) MUST_USE;

#endif
