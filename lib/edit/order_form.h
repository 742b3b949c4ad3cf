/*
 * order_form.h - an order taken during a telephone call: from the words of one
 * command line to an order that can be stored.
 */
#ifndef EDIT_ORDER_FORM_H
#define EDIT_ORDER_FORM_H

#include "customer/customer.h"
#include "order/order.h"

struct shop;

struct order_form { /* as typed; what is NULL was not said */
	const char *phone;
	const char *name;
	const char *delivery;
	const char *address;
	const char *city;
	const char *on; /* a date, "tomorrow" as "+1d" */
	const char *from;
	const char *to;
	const char *method;
	const char *manager;
	const char *note;
	const char *discount;
	const char *delivery_cost;
	const char *pay;
	const char *status;
	char *const *items; /* see order_form_item() */
	size_t item_count;
};

/*
 * Who calls: the customer with this phone, NULL when it is a new one. A number
 * that cannot be one of the shop's country is ERR_INPUT. In a.
 */
const struct err *order_form_caller(struct shop *s, const struct order_form *f,
    struct arena *a, struct customer_brief **out) MUST_USE;

/*
 * Take "MARK NUMBER" off the end of text, the number with a point or a comma;
 * false, and text as it was, when what stands after the last mark is no number.
 */
bool order_form_split(const char **text, char mark, int places, int64_t *n,
    struct arena *a);

/*
 * Add a line for "SKU" or a part of a name, then optionally "*QUANTITY" and
 * "@PRICE" (with a point or a comma). What is found as it stands is taken so,
 * whatever its name contains. Several offers that may be meant are said on
 * standard error, up to eight, and are ERR_INPUT, as is none at all.
 */
const struct err *order_form_item(struct shop *s, struct order *o,
    const char *text, struct arena *a) MUST_USE;

/*
 * Give a new order of ours the shop's next number, source and external id;
 * inside the write transaction, so that nobody else takes that.
 */
const struct err *order_form_number(struct shop *s, struct order *o,
    struct arena *a) MUST_USE;

/*
 * The day that one word of time names, such as 2026-11-23 or +1d, as text; in a.
 */
const struct err *order_form_day(struct shop *s, const char *on,
    struct arena *a, const char **out) MUST_USE;

/*
 * The whole order, ready for order_merge(), with the shop's next number; inside
 * the write transaction, so that nobody else takes that. In a.
 */
const struct err *order_form_fill(struct shop *s, const struct order_form *f,
    const struct customer_brief *caller, struct arena *a,
    struct order **out) MUST_USE;

#endif
