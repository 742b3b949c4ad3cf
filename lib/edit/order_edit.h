/*
 * order_edit.h - an order changed by assignments, as a manager types them; see
 * order-edit(1) for what can be assigned to. It ends in order_update(), so that
 * totals follow and each difference is in the history.
 */
#ifndef EDIT_ORDER_EDIT_H
#define EDIT_ORDER_EDIT_H

#include "edit/assign.h"
#include "order/order.h"

struct shop;

/* What an assignment is to. */
enum edit_to {
	EDIT_FIELD,    /* delivery_on= */
	EDIT_CUSTOM,   /* custom.size= */
	EDIT_LIST,     /* item+= item-= item= */
	EDIT_LINE,     /* item.2.quantity= */
	EDIT_COST,     /* discount= delivery_cost= */
	EDIT_RETURNED, /* returned+= */
	EDIT_KNOWN,    /* known_as+= */
	EDIT_NOTE,     /* note= */
};

struct edit {
	const struct assign *said;
	enum edit_to to;
	enum order_part part; /* of EDIT_LIST, EDIT_LINE */
	int field;            /* of EDIT_FIELD, EDIT_LINE: of its table */
	const char *name;     /* of a line or custom field; kind of a charge */
};

struct order_edit {
	struct edit *v;
	size_t count;
	bool force; /* ask neither statuses, transitions nor sums */
};

/* What each assignment is to. In a. ERR_USAGE for what cannot be assigned. */
const struct err *order_edit_parse(struct shop *s, const struct assign *v,
    size_t count, struct arena *a, struct order_edit *out) MUST_USE;

/*
 * Change the order, inside a transaction. *changed is false when it was so
 * before. ERR_INPUT and ERR_CONFLICT say what forbids it; the caller then takes
 * back what was written of it.
 */
const struct err *order_edit(struct shop *s, const struct order *o,
    const struct order_edit *e, struct arena *a, bool *changed) MUST_USE;

/*
 * A new order for the same customer, goods, charges and delivery: not paid, not
 * dated, in the status of new orders. *order_no in a.
 */
const struct err *order_edit_duplicate(struct shop *s, const struct order *o,
    struct arena *a, const char **order_no) MUST_USE;

#endif
