/* combine.c - two orders of one customer become one. */
#include "order/combine.h"

#include <inttypes.h>
#include <string.h>

#include "crm/shop.h"
#include "db/db.h"
#include "order/order_save.h"

static bool
combine_is_empty(const struct order *o)
{
	enum order_part part;

	for (part = PART_ITEM; part < PART_CUSTOM; part++)
		if (o->parts[part].len != 0)
			return false;
	return true;
}

static const struct err *
combine_check_over(const struct shop *s, const struct order *o)
{
	const struct status *st = shop_status(s, o->status);

	if (st == NULL || !st->final)
		return NULL;
	return err_new(ERR_CONFLICT,
	    "order %s is %s and so over; --force combines it", o->order_no,
	    o->status);
}

/* The same, or merged into one another meanwhile; nobody is nobody's same. */
static const struct err *
combine_check_customer(struct shop *s, const struct order *into,
    const struct order *from)
{
	static const char customers_sql[] =
	    "SELECT count(DISTINCT ifnull(merged_into, id)) FROM customer"
	    " WHERE id IN (:into, :from)";
	const struct err *err;
	struct db_stmt *st;
	bool row, same;

	if ((err = db_stmt(s->db, customers_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":into", into->customer_id);
	db_bind_int(st, ":from", from->customer_id);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	same = db_col_int(st, 0) == 1 && into->customer_id != 0 &&
	       from->customer_id != 0;
	db_reset(st);
	if (same)
		return NULL;
	return err_new(ERR_CONFLICT,
	    "orders %s and %s are not known to be of one customer; --force "
	    "combines them",
	    into->order_no, from->order_no);
}

static const struct err *
combine_check(struct shop *s, const struct order *into,
    const struct order *from, bool force)
{
	const struct err *err;

	if (into->id == from->id)
		return err_new(ERR_CONFLICT, "that is the same order");
	if (strcmp(into->currency, from->currency) != 0)
		return err_new(ERR_CONFLICT,
		    "order %s is in %s, order %s in %s", into->order_no,
		    into->currency, from->order_no, from->currency);
	if (force)
		return NULL;
	if ((err = combine_check_customer(s, into, from)) != NULL ||
	    (err = combine_check_over(s, into)) != NULL)
		return err;
	return combine_check_over(s, from);
}

/*
 * What a moved line is called from now on: by no name that the other order's
 * source may give a line of its own. Charges have no such names.
 */
static const char *
combine_name(const struct order *from, const struct part *p, struct arena *a)
{
	if (p->external_id != NULL)
		return arena_printf(a, "%s/%s", from->order_no, p->external_id);
	return arena_printf(a, "%s/%" PRId64, from->order_no, p->line);
}

static void
combine_lines(struct order *into, struct order *from, struct arena *a)
{
	enum order_part part;
	struct part *p, *to;

	for (part = PART_ITEM; part < PART_CUSTOM; part++) {
		const struct fields *t = &order_part_fields[part];
		struct part_list *l = &from->parts[part];
		const int id = field_find(t, "external_id");

		for (p = l->v; p != order_part_end(l); p++) {
			to = order_part_add(into, part, a);
			*to = *p;
			to->line = 0;
			if (id >= 0)
				field_set_text(t, &to->rec, id,
				    combine_name(from, p, a));
		}
		l->len = 0;
	}
}

static void
combine_custom(struct order *into, const struct order *from, struct arena *a)
{
	const struct part_list *l = &from->parts[PART_CUSTOM];
	const struct part_list *has = &into->parts[PART_CUSTOM];
	const struct part *p, *q;

	for (p = l->v; p != order_part_end(l); p++) {
		for (q = has->v; q != order_part_end(has); q++)
			if (strcmp(q->field, p->field) == 0)
				break;
		if (q == order_part_end(has))
			*order_part_add(into, PART_CUSTOM, a) = *p;
	}
}

static void
combine_comment(struct order *into, const struct order *from, int field,
    struct arena *a)
{
	const char *ours = field_text(&order_fields, &into->rec, field);
	const char *theirs = field_text(&order_fields, &from->rec, field);

	if (theirs == NULL || (ours != NULL && strcmp(ours, theirs) == 0))
		return;
	if (ours != NULL)
		theirs = arena_printf(a, "%s\n%s", ours, theirs);
	field_set_text(&order_fields, &into->rec, field, theirs);
}

static const struct err *
combine_notes(struct shop *s, const struct order *into,
    const struct order *from)
{
	const struct note *n, *m;
	const struct err *err;

	for (n = from->notes; n != from->notes + from->note_len; n++) {
		for (m = into->notes; m != into->notes + into->note_len; m++)
			if (m->at == n->at && strcmp(m->text, n->text) == 0)
				break;
		if (m == into->notes + into->note_len &&
		    (err = order_add_note(s, into->id, n)) != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
combine_update(struct shop *s, const struct order *old, struct order *new,
    struct arena *a)
{
	struct order_change c = { .at = s->now };
	size_t n;

	if (c.at < old->status_at)
		c.at = old->status_at; /* a clock ahead of ours said so */
	return order_update(s, old, new, &c, a, &n);
}

const struct err *
combine_orders(struct shop *s, const struct order *into,
    const struct order *from, const struct combine *c, struct arena *a,
    bool *changed)
{
	struct order *all = order_copy(into, a), *rest = order_copy(from, a);
	const struct err *err;

	*changed = false;
	if (into->id != from->id && strcmp(from->status, c->status) == 0 &&
	    combine_is_empty(from))
		return NULL;
	if ((err = combine_check(s, into, from, c->force)) != NULL)
		return err;
	combine_lines(all, rest, a);
	combine_custom(all, from, a);
	combine_comment(all, from, ORDER_CUSTOMER_COMMENT, a);
	combine_comment(all, from, ORDER_MANAGER_COMMENT, a);
	field_set_text(&order_fields, &rest->rec, ORDER_STATUS, c->status);
	field_set_text(&order_fields, &rest->rec, ORDER_STATUS_REASON,
	    arena_printf(a, "combined with %s", into->order_no));
	*changed = true;
	if ((err = combine_update(s, from, rest, a)) != NULL ||
	    (err = combine_update(s, into, all, a)) != NULL)
		return err;
	return combine_notes(s, into, from);
}
