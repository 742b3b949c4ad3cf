/* customer_search.h - whom a person means by a number, a phone or a name. */
#ifndef CUSTOMER_CUSTOMER_SEARCH_H
#define CUSTOMER_CUSTOMER_SEARCH_H

#include "customer/customer.h"

struct shop;

enum customer_search { CUSTOMER_SEARCH_KEYS, CUSTOMER_SEARCH_NAMES };

/*
 * The customer that text names: by number, phone in any form, e-mail address,
 * outside id ("1001" or "site:1001"), and with CUSTOMER_SEARCH_NAMES by a part
 * of the name; the first of these that finds anybody counts. A merged one is
 * the one it stands for. ERR_NOTFOUND, or ERR_CONFLICT that names the first of
 * several. In a.
 */
const struct err *customer_search(struct shop *s, const char *text,
    enum customer_search how, enum customer_load load, struct arena *a,
    struct customer **out) MUST_USE;

#endif
