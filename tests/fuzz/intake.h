/* intake.h - reading orders out of bytes, for the fuzzers of formats. */
#ifndef TESTS_FUZZ_INTAKE_H
#define TESTS_FUZZ_INTAKE_H

#include "../memfd.h"
#include "base/when.h"
#include "customer/customer.h"
#include "fuzz.h"
#include "intake/intake.h"
#include "order/cart.h"

static inline void
check_warning(void *arg, const char *where, const char *message)
{
	(void)arg;
	need(is_text(where) && *message != '\0');
}

static inline void
check_fields(const struct fields *t, const struct rec *r, const char *currency,
    struct arena *a)
{
	const char *s;
	int i;

	need((r->has & r->clear) == 0);
	for (i = 0; i < (int)t->count; i++)
		if (field_has(r, i)) {
			s = field_format(t, r, i, currency, a);
			need(s != NULL && is_text(s));
		}
}

/* An order is complete, clean text, and its sums can be made or are refused. */
static inline void
check_order(struct order *o, struct arena *a)
{
	const struct part_list *l;
	const struct err *err;
	enum order_part part;
	size_t i;

	need(is_text(o->order_no) && is_text(o->source));
	need(is_text(o->external_id) && is_text(o->currency));
	check_fields(&order_fields, &o->rec, o->currency, a);
	for (part = PART_ITEM; part < PART_COUNT; part++) {
		l = &o->parts[part];
		for (i = 0; i < l->len; i++)
			check_fields(&order_part_fields[part], &l->v[i].rec,
			    o->currency, a);
	}
	err = order_totals(o, NULL, NULL);
	need(err == NULL || err->code == ERR_INPUT);
	order_keys(o, a);
}

/* A customer is clean text, each key of a list there once. */
static inline void
check_customer(struct customer *c, struct arena *a)
{
	const struct customer_entry *e;
	enum customer_list list;

	need(is_text(c->source));
	need(c->external_id == NULL || is_text(c->external_id));
	check_fields(&customer_fields, &c->rec, NULL, a);
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		for (e = c->lists[list].v;
		     e != customer_list_end(&c->lists[list]); e++) {
			need(is_text(e->key) && *e->key != '\0');
			need(customer_list_find(&c->lists[list], e->key) == e);
			need(e->value == NULL || is_text(e->value));
		}
	(void)customer_identity(c, a);
}

static inline void
check_cart(const struct cart *c, struct arena *a)
{
	size_t i;

	need(is_text(c->source));
	check_fields(&cart_fields, &c->rec, NULL, a);
	for (i = 0; i < c->item_count; i++)
		check_fields(&cart_item_fields, &c->items[i].rec, NULL, a);
}

static inline void
check_record(const struct err *err, const struct intake_record *r,
    struct arena *a)
{
	need(is_text(r->where));
	need(r->raw != NULL && r->raw[r->raw_len] == '\0');
	need(r->header == NULL || is_text(r->header));
	if (err != NULL) {
		need(err->code == ERR_INPUT);
		need(is_text(err->msg));
	} else if (r->type == INTAKE_CURSOR) {
		need(is_text(r->cursor_source) && is_text(r->cursor_value));
	} else if (r->type == INTAKE_CART) {
		check_cart(r->cart, a);
	} else if (r->type == INTAKE_CUSTOMER) {
		check_customer(r->customer, a);
	} else if (r->order->rest != NULL) {
		need(is_text(r->order->rest->hash));
		err = r->order->rest->read(r->order->rest, r->order);
		need(err == NULL || err->code == ERR_INPUT);
		if (err == NULL)
			check_order(r->order, a);
	} else {
		check_order(r->order, a);
	}
}

/* All records of a stream; there are no more of them than bytes. */
static inline void
check_stream(const uint8_t *data, size_t size,
    const struct intake_options *options)
{
	int fd = memfd_of(data, size);
	struct intake_record r;
	const struct err *err;
	struct arena a = { 0 };
	struct intake *in;
	size_t n = 0;

	err = intake_open(fd, "fuzz", options, &in);
	need((err == NULL) == (in != NULL));
	need(err == NULL || err->code == ERR_INPUT || err->code == ERR_CONFIG);
	while (in != NULL) {
		err = intake_next(in, &a, &r);
		if (err == NULL && r.type == INTAKE_END)
			break;
		need(++n <= size + 1);
		check_record(err, &r, &a);
		arena_reset(&a);
	}
	intake_close(in);
	arena_free(&a);
	close(fd);
}

static inline bool
check_knows(void *arg, const char *table, const char *code)
{
	(void)arg;
	need(is_text(table) && is_text(code));
	return *code != 'u';
}

/*
 * The same of a shop that knows all codes but those in "u". The first byte says
 * whose the rest is, 'n' that it is ours; 'd' finds that out, and what is none
 * of these is read as `other`.
 */
static inline void
check_letter(const uint8_t *data, size_t size, struct intake_options *options,
    const char *other)
{
	static const char *const formats[] = { ['d'] = NULL,
		['i'] = "insales",
		['m'] = "moysklad",
		['n'] = "ndjson",
		['r'] = "retailcrm",
		['s'] = "shopify",
		['w'] = "woocommerce" };

	if (size == 0)
		return;
	if (data[0] < ARRAY_LEN(formats))
		options->format = formats[data[0]];
	if (options->format == NULL && data[0] != 'd')
		options->format = other;
	options->warn = check_warning;
	options->knows = check_knows;
	check_stream(data + 1, size - 1, options);
	need(strcmp(when_zone_name(), "UTC") == 0);
}

#endif
