/* customer_edit.h - a customer changed by assignments such as phone+=+375291. */
#ifndef EDIT_CUSTOMER_EDIT_H
#define EDIT_CUSTOMER_EDIT_H

#include "customer/customer.h"
#include "edit/assign.h"

struct shop;

/*
 * Do the assignments exist for customers, and may their operators be used on
 * these fields? ERR_USAGE names the nearest field. So nothing is begun that
 * cannot end.
 */
const struct err *customer_edit_check(struct shop *s, const struct assign *v,
    size_t count) MUST_USE;

/*
 * Change a stored customer, inside a transaction: *changed counts the
 * differences, notes among them. ERR_INPUT for a value that cannot be,
 * ERR_CONFLICT when a contact is somebody else's.
 */
const struct err *customer_edit(struct shop *s, const struct customer *c,
    const struct assign *v, size_t count, struct arena *a,
    size_t *changed) MUST_USE;

#endif
