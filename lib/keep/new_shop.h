/* new_shop.h - the database of a new shop: what crm-init makes. */
#ifndef KEEP_NEW_SHOP_H
#define KEEP_NEW_SHOP_H

#include "base/arena.h"
#include "base/err.h"

struct new_shop {
	const char *path;      /* of the database */
	const char *timezone;  /* of IANA */
	const char *currency;  /* NULL: what the default site sells in */
	const char *country;   /* two letters */
	const char *reference; /* folder of the tables it begins with */
	const char *actor;
	bool make_folder; /* that of the database may be missing */
	bool dry_run;     /* make it, and throw it away */
	size_t rows;      /* of reference; set by new_shop_make() */
};

/*
 * Make it: the file is there whole or not at all, and ERR_CONFLICT when there
 * is one already. currency is set then. In a is what lives as long as n.
 */
const struct err *new_shop_make(struct new_shop *n, struct arena *a) MUST_USE;

#endif
