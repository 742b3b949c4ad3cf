/*
 * catalog.h - what can be bought. A product is one thing in one or several
 * variants; each of them, or the product itself, is an offer.
 */
#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "crm/field.h"

struct shop;

enum offer_field {
	OFFER_SKU,
	OFFER_NAME,
	OFFER_PRICE,
	OFFER_PURCHASE_PRICE,
	OFFER_CURRENCY,
	OFFER_UNIT,
	OFFER_WEIGHT,
	OFFER_AVAILABLE,
	OFFER_ACTIVE,
};
enum product_field {
	PRODUCT_NAME,
	PRODUCT_BRAND,
};

struct offer {
	struct rec rec;
	int64_t id;
	const char *sku;
	const char *name;
	int64_t price;          /* 1/10000 */
	int64_t purchase_price; /* 1/10000 */
	const char *currency;
	const char *unit;
	int64_t weight;    /* 1/1000 kg */
	int64_t available; /* what the source says; no stock figure */
	int64_t active;    /* still sold */
};

struct product {
	struct rec rec;
	const char *name;
	const char *brand;
};

extern const struct fields catalog_offer_fields;
extern const struct fields catalog_product_fields;

/* Barcodes (without names), properties, or external ids of categories. */
struct catalog_pair {
	const char *name; /* "" where there is none */
	const char *value;
};
struct catalog_list {
	bool present; /* the record mentions it (maybe as empty) */
	struct catalog_pair *v;
	size_t len;
};

/* Append; empty values are left out. Lives in a. */
void catalog_list_add(struct catalog_list *l, const char *name,
    const char *value, struct arena *a);

/* What a source says of an offer and its product, or of a product alone. */
struct catalog_record {
	const char *source;
	const char *product_external_id;
	/* NULL: a product; `offer` is then what it would be without variants */
	const char *external_id;
	struct product product;
	struct offer offer;
	struct catalog_list categories;
	struct catalog_list product_properties;
	struct catalog_list barcodes;
	struct catalog_list properties;
};

struct catalog_category {
	const char *source;
	const char *external_id;
	const char *parent_external_id; /* NULL: a root */
	const char *name;
};

enum catalog_outcome { CATALOG_NEW, CATALOG_CHANGED, CATALOG_SAME };

/*
 * Take a record, inside a transaction and on the shop's run. An offer is known
 * by (source, external id), else by its SKU, if no other offer of this source
 * has it. What the record does not mention stays; a record that says just what
 * it said last changes nothing. A variant begins with what is known of its
 * product, which then is no longer sold as such. ERR_INPUT refuses it. The
 * record is completed and belongs to a.
 */
const struct err *catalog_save(struct shop *s, struct catalog_record *r,
    struct arena *a, enum catalog_outcome *out) MUST_USE;

/* The same for a category. A parent that is not known yet is made. */
const struct err *catalog_save_category(struct shop *s,
    const struct catalog_category *c, struct arena *a,
    enum catalog_outcome *out) MUST_USE;

/* Unless the source has such a category, make one whose name is yet to come. */
const struct err *catalog_need_category(struct shop *s, const char *source,
    const char *external_id, struct arena *a) MUST_USE;

/*
 * Remember for this connection that a source still has an offer; then take all
 * active ones of the source that were not remembered out of sale, but for those
 * that another source has too.
 */
const struct err *catalog_seen(struct shop *s, const char *source,
    const char *external_id) MUST_USE;
const struct err *catalog_drop_unseen(struct shop *s, const char *source,
    struct arena *a, uint64_t *dropped) MUST_USE;

/*
 * The offer of a line of a cart or order: the one with this SKU (of several the
 * one with this name, else none, and *many is true), or the one that the source
 * calls so. *id is 0 for none.
 */
const struct err *catalog_look(struct shop *s, const char *source,
    const char *sku, const char *name, int64_t *id, bool *many) MUST_USE;

/*
 * The same, and when nobody knows the SKU an offer is made with what the order
 * says: the catalogue begins with what was sold.
 */
const struct err *catalog_take(struct shop *s, const char *source,
    const char *sku, const char *name, int64_t price, const char *currency,
    int64_t *id) MUST_USE;

/*
 * Offers that `text` means: those whose SKU or barcode it is, else all active
 * ones whose name contains it without regard to case, at most max. In a.
 */
const struct err *catalog_search(struct shop *s, const char *text, size_t max,
    struct arena *a, struct offer **out, size_t *count) MUST_USE;

#endif
