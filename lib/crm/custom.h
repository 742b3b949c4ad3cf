/* custom.h - custom fields: values checked by their field's type. */
#ifndef CRM_CUSTOM_H
#define CRM_CUSTOM_H

#include "base/arena.h"
#include "base/err.h"

struct shop;

/* ERR_INPUT when the entity, "order" or "customer", has no such field. */
const struct err *custom_check_name(const struct shop *s, const char *entity,
    const char *field) MUST_USE;

/*
 * Bring a value of the entity's custom field to its type's one form ("true",
 * YYYY-MM-DD, a plain number, a folded address). ERR_INPUT when there is no
 * such field or the value is none of its type or dictionary. In a.
 */
const struct err *custom_check(struct shop *s, const char *entity,
    const char *field, const char *value, struct arena *a,
    const char **out) MUST_USE;

/* "boolean", "integer", ... of an order's field; NULL when there is none. */
const char *custom_type(struct shop *s, const char *entity, const char *field,
    struct arena *a);

#endif
