/* customer_search.h - whom a person means by a number, a phone or a name. */
#ifndef CRM_CUSTOMER_SEARCH_H
#define CRM_CUSTOMER_SEARCH_H

#include "base/arena.h"
#include "base/err.h"

struct shop;

enum customer_search { CUSTOMER_SEARCH_KEYS, CUSTOMER_SEARCH_NAMES };

/*
 * The customers that text names: by number, phone in any form, e-mail address,
 * outside id ("1001" or "site:1001"), and with CUSTOMER_SEARCH_NAMES by a part
 * of the name; the first of these that finds anybody counts. Merged ones are
 * those that they stand for. *ids in a, a hundred at most.
 */
const struct err *customer_search(struct shop *s, const char *text,
    enum customer_search how, struct arena *a, int64_t **ids,
    size_t *count) MUST_USE;

/*
 * The same when it must be one: ERR_NOTFOUND, or ERR_CONFLICT that names the
 * first of several.
 */
const struct err *customer_search_one(struct shop *s, const char *text,
    enum customer_search how, struct arena *a, int64_t *id) MUST_USE;

#endif
