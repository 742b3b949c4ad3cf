/* customer_doubles.h - pairs of customers that may be one person. */
#ifndef CUSTOMER_CUSTOMER_DOUBLES_H
#define CUSTOMER_CUSTOMER_DOUBLES_H

#include "base/arena.h"
#include "base/err.h"

struct db;

struct customer_pair {
	int64_t id; /* the older one */
	int64_t other_id;
	const char *reason; /* phone, email, external_id: a key of one belongs
			       to the other; name: they are called the same */
	int64_t at;         /* when that was noticed; 0 for names */
	const char *name;
	const char *phone; /* the first of each */
	const char *email;
	const char *other_name;
	const char *other_phone;
	const char *other_email;
};

/*
 * Pairs that were noticed, then those with one name, each pair once; without
 * those that are merged meanwhile. Names that more than a handful share say
 * nothing and are left out. *out in a.
 */
const struct err *customer_doubles(struct db *db, struct arena *a,
    struct customer_pair **out, size_t *count) MUST_USE;

#endif
