/* catalog.h - offers: what can be bought, by SKU or by name. */
#ifndef CRM_CATALOG_H
#define CRM_CATALOG_H

#include "base/arena.h"
#include "base/err.h"

struct shop;

struct offer {
	int64_t id;
	const char *sku;
	const char *name;
	int64_t price; /* 1/10000; valid when has_price */
	bool has_price;
	const char *currency;
	int64_t purchase_price;
	bool has_purchase_price;
};

/*
 * The offer with this SKU, made with what the order says when there is none:
 * the catalogue begins with what was sold. Remembered in the shop.
 */
const struct err *catalog_take(struct shop *s, const char *sku,
    const char *name, int64_t price, const char *currency,
    int64_t *id) MUST_USE;

/*
 * Offers that `text` means: the one whose SKU it is, else all active ones whose
 * name contains it without regard to case, at most max. In a.
 */
const struct err *catalog_search(struct shop *s, const char *text, size_t max,
    struct arena *a, struct offer **out, size_t *count) MUST_USE;

#endif
