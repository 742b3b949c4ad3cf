/* customer_record.c - customers onto a pipe. */
#include "view/customer_record.h"

#include <string.h>

#include "io/out.h"
#include "view/record.h"

/* Marks are told when they are not set too. */
static void
customer_record_fields(struct out *out, const struct customer *c)
{
	struct customer told = *c;

	field_set_int(&customer_fields, &told.rec, CUSTOMER_VIP, c->vip);
	field_set_int(&customer_fields, &told.rec, CUSTOMER_BAD, c->bad);
	record_fields(out, &customer_fields, &told.rec, NULL);
}

static void
customer_record_consent(struct out *out, const struct customer_entry *e)
{
	if (e->value == NULL) {
		out_null(out, e->key); /* nobody knows any more */
		return;
	}
	out_object(out, e->key);
	out_bool(out, "given", strcmp(e->value, "true") == 0);
	if (e->at != 0)
		out_time(out, "at", e->at);
	if (e->source != NULL)
		out_text(out, "source", e->source);
	out_close_object(out);
}

static void
customer_record_source(struct out *out, const struct customer_entry *e)
{
	out_object(out, NULL);
	out_text(out, "source", e->source);
	out_text(out, "external_id", e->value);
	out_close_object(out);
}

static void
customer_record_list(struct out *out, struct shop *s, const struct customer *c,
    enum customer_list list)
{
	const struct customer_entries *l = &c->lists[list];
	const bool values = customer_list_has_values(list);
	const struct customer_entry *e;

	if (values)
		out_object(out, customer_list_names[list]);
	else
		out_array(out, customer_list_names[list]);
	for (e = l->v; e != customer_list_end(l); e++) {
		if (list == CUSTOMER_CONSENTS)
			customer_record_consent(out, e);
		else if (list == CUSTOMER_CUSTOM)
			record_custom_value(out, s, "customer", e->key,
			    e->value);
		else if (list == CUSTOMER_SOURCES)
			customer_record_source(out, e);
		else
			out_text(out, NULL, e->key);
	}
	if (values)
		out_close_object(out);
	else
		out_close_array(out);
}

void
customer_record_members(struct out *out, struct shop *s,
    const struct customer *c)
{
	enum customer_list list;

	out_text(out, "type", "customer");
	out_int(out, "customer_id", c->id);
	out_int(out, "rev", c->rev);
	out_time(out, "created_at", c->created_at);
	if (c->erased_at != 0)
		out_time(out, "erased_at", c->erased_at);
	if (c->merged_into != 0)
		out_int(out, "merged_into", c->merged_into);
	customer_record_fields(out, c);
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		if (c->lists[list].len != 0)
			customer_record_list(out, s, c, list);
	record_notes(out, c->notes, c->note_len);
	record_history(out, c->past, c->past_len);
}

const struct err *
customer_record_told(struct out *out, struct shop *s, const struct customer *c)
{
	enum customer_list list;

	out_text(out, "type", "customer");
	out_text(out, "source", c->source);
	out_text(out, "external_id", c->external_id);
	if (c->has_source_updated_at)
		out_time(out, "source_updated_at", c->source_updated_at);
	if (c->created_at != 0)
		out_time(out, "created_at", c->created_at);
	record_fields(out, &customer_fields, &c->rec, NULL);
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		if (c->lists[list].present || c->lists[list].len != 0)
			customer_record_list(out, s, c, list);
	return out_end(out);
}

const struct err *
customer_record_write(struct out *out, struct shop *s, const struct customer *c)
{
	customer_record_members(out, s, c);
	return out_end(out);
}

static void
customer_record_time(struct out *out, const char *key, int64_t t)
{
	if (t != 0)
		out_time(out, key, t);
	else
		out_null(out, key);
}

void
customer_record_figures(struct out *out, const struct customer_figures *f)
{
	const struct customer_sum *m;

	out_object(out, "figures");
	out_int(out, "orders", f->orders);
	out_int(out, "sales", f->sales);
	customer_record_time(out, "first_order_at", f->first_order_at);
	customer_record_time(out, "last_order_at", f->last_order_at);
	out_array(out, "sums");
	for (m = f->sums; f->sum_len != 0 && m < f->sums + f->sum_len; m++) {
		out_object(out, NULL);
		out_text(out, "currency", m->currency);
		out_int(out, "sales", m->sales);
		out_money(out, "total", m->total_minor, m->currency);
		out_money(out, "average", m->average_minor, m->currency);
		out_close_object(out);
	}
	out_close_array(out);
	out_close_object(out);
}
