/* customer_view.h - one customer as a person reads it. */
#ifndef VIEW_CUSTOMER_VIEW_H
#define VIEW_CUSTOMER_VIEW_H

#include <stdio.h>

#include "customer/customer.h"

struct shop;

/* Everything there is to know of c, loaded with CUSTOMER_LOAD_ALL, to fp. */
const struct err *customer_view_write(FILE *fp, struct shop *s,
    const struct customer *c, int64_t now) MUST_USE;

#endif
