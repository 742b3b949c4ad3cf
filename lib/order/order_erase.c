/* order_erase.c - a source speaks again of an order of a forgotten person. */
#include "order/order_erase.h"

#include <string.h>

#include "crm/shop.h"
#include "customer/customer_erase.h"
#include "db/db.h"

/* Custom fields of free text are as if the record had none. */
static const struct err *
erase_free_text(struct shop *s, struct part_list *l)
{
	const struct err *err;
	size_t i = 0;
	bool is_free;

	while (i < l->len) {
		if ((err = customer_erase_is_free_text(s, l->v[i].field,
			 &is_free)) != NULL)
			return err;
		if (is_free)
			order_part_drop(l, &l->v[i]);
		else
			i++;
	}
	return NULL;
}

static void
erase_past(struct order *o)
{
	size_t i, n = 0;

	for (i = 0; i < o->past_len; i++)
		if (!customer_erase_is_field(o->past[i].field) &&
		    strcmp(o->past[i].field, "payment") != 0 &&
		    strncmp(o->past[i].field, "custom.", 7) != 0)
			o->past[n++] = o->past[i];
	o->past_len = n;
}

const struct err *
order_erase(struct shop *s, int64_t customer_id, struct order *in)
{
	static const char erased_sql[] =
	    "SELECT 1 FROM customer WHERE id = :id AND erased_at IS NOT NULL";
	struct part_list *payments = &in->parts[PART_PAYMENT];
	const struct err *err;
	struct db_stmt *st;
	struct part *p;
	bool erased;
	int f;

	if ((err = db_stmt(s->db, erased_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", customer_id);
	err = db_step(st, &erased);
	db_reset(st);
	if (err != NULL || !erased)
		return err;
	for (f = 0; f < ORDER_FIELD_COUNT; f++) {
		if (!customer_erase_is_field(order_fields.list[f].name))
			continue;
		field_set_text(&order_fields, &in->rec, f, NULL);
		in->rec.clear &= ~((uint64_t)1 << f); /* not mentioned */
	}
	for (p = payments->v; p != order_part_end(payments); p++)
		field_set_text(&order_part_fields[PART_PAYMENT], &p->rec,
		    PAYMENT_COMMENT, NULL);
	in->note_len = 0;
	erase_past(in);
	return erase_free_text(s, &in->parts[PART_CUSTOM]);
}

const struct err *
order_is_erased(struct shop *s, const char *source, const char *external_id,
    bool *out)
{
	static const char erased_sql[] =
	    "SELECT 1 FROM order_source x JOIN orders o ON o.id = x.order_id"
	    " JOIN customer c ON c.id = o.customer_id"
	    " WHERE x.source = :source AND x.external_id = :external_id"
	    " AND c.erased_at IS NOT NULL";
	const struct err *err;
	struct db_stmt *st;

	*out = false;
	if ((err = db_stmt(s->db, erased_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	err = db_step(st, out);
	db_reset(st);
	return err;
}
