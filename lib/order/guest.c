/* guest.c - what another source than its own says of an order. */
#include "order/guest.h"

#include <string.h>

#include "base/money.h"
#include "crm/shop.h"
#include "order/members.h"

static void
guest_unsay(struct order *in, int field)
{
	in->rec.has &= ~((uint64_t)1 << field);
	in->rec.clear &= ~((uint64_t)1 << field);
}

/* Who ordered, when, and what its own source said is not for a guest to say. */
static void
guest_fields(struct shop *s, struct order *in, bool first)
{
	static const int own[] = { ORDER_PLACED_AT, ORDER_METHOD,
		ORDER_CUSTOMER_EXTERNAL_ID, ORDER_CUSTOMER_NAME, ORDER_PHONE,
		ORDER_EMAIL, ORDER_SOURCE_CODES, ORDER_SOURCE_TOTAL };
	const struct status *initial = shop_initial_status(s);
	size_t i;

	for (i = 0; i < ARRAY_LEN(own); i++)
		guest_unsay(in, own[i]);
	/* What is new to it only now need not be new. */
	if (first && in->status != NULL && initial != NULL &&
	    strcmp(in->status, initial->code) == 0)
		guest_unsay(in, ORDER_STATUS);
}

/* Lines -------------------------------------------------------------------- */

static const struct part *
guest_keyed(const struct part_list *l, const char *key)
{
	const struct part *p;

	for (p = l->v; p != order_part_end(l); p++)
		if (strcmp(p->key, key) == 0)
			return p;
	return NULL;
}

static bool
guest_same_label(enum order_part part, const struct part *p,
    const struct part *q)
{
	const char *x = order_part_label(part, p);
	const char *y = order_part_label(part, q);

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

/*
 * A line with an id that is none of ours is the first of the same goods (kind,
 * type) that no other line is.
 */
static void
guest_match(enum order_part part, struct part_list *in,
    const struct part_list *cur)
{
	const struct part *q;
	struct part *p;

	for (p = in->v; p != order_part_end(in); p++) {
		if (guest_keyed(cur, p->key) != NULL)
			continue;
		for (q = cur->v; q != order_part_end(cur); q++)
			if (guest_same_label(part, p, q) &&
			    guest_keyed(in, q->key) == NULL) {
				p->key = q->key;
				break;
			}
	}
}

static void
guest_take(const struct fields *t, struct part *p, const struct part *q, int f)
{
	if (field_is_text(t->list[f].kind))
		field_set_text(t, &p->rec, f, field_text(t, &q->rec, f));
	else if (field_has(&q->rec, f))
		field_set_int(t, &p->rec, f, field_int(t, &q->rec, f));
}

/* What a line is called stays, and what is not mentioned. */
static void
guest_fill(enum order_part part, struct part *p, const struct part *q)
{
	static const uint64_t names[] = {
		[PART_ITEM] =
		    1U << ITEM_EXTERNAL_ID | 1U << ITEM_SKU | 1U << ITEM_NAME,
		[PART_CHARGE] = 1U << CHARGE_NAME,
		[PART_PAYMENT] = 1U << PAYMENT_EXTERNAL_ID,
		[PART_REFUND] = 1U << REFUND_EXTERNAL_ID,
	};
	const struct fields *t = &order_part_fields[part];
	int f;

	for (f = 0; f < (int)t->count; f++)
		if ((names[part] >> f & 1) != 0 ||
		    !(field_has(&p->rec, f) || field_cleared(&p->rec, f)))
			guest_take(t, p, q, f);
}

/* The same money for as many is the same price, told in another way. */
static const struct err *
guest_price(const struct order *o, struct part *p, const struct part *q)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const struct err *err;
	int64_t theirs, ours;

	if (p->quantity != q->quantity)
		return NULL;
	if ((err = money_line(p->price, p->quantity, o->currency, &theirs)) !=
		NULL ||
	    (err = money_line(q->price, q->quantity, o->currency, &ours)) !=
		NULL)
		return err;
	if (theirs - p->amount != ours - q->amount)
		return NULL;
	guest_take(t, p, q, ITEM_PRICE);
	guest_take(t, p, q, ITEM_DISCOUNT);
	return NULL;
}

/* It told this payment before and does so no longer: it takes it back. */
static bool
guest_takes_back(const struct guest *g, const struct part_list *in,
    const struct part *q)
{
	return !g->first && guest_keyed(in, q->key) == NULL &&
	       members_value(g->base,
		   arena_join(g->a, order_part_words[PART_PAYMENT], ' ',
		       q->key)) != NULL;
}

static bool
guest_is_paid(const struct guest *g, const struct part *p)
{
	return p->status != NULL && shop_is_paid(p->status, g->shop);
}

/* What it says was paid in all, less what we know of. */
static const struct err *
guest_more(const struct guest *g, const struct part_list *in,
    const struct part_list *cur, int64_t *out)
{
	const struct err *err;
	const struct part *p;

	*out = 0;
	for (p = in->v; p != order_part_end(in); p++)
		if (guest_is_paid(g, p) &&
		    (err = decimal_add(*out, p->amount, out)) != NULL)
			return err;
	for (p = cur->v; p != order_part_end(cur); p++)
		if (guest_is_paid(g, p) && !guest_takes_back(g, in, p) &&
		    (err = decimal_add(*out, -p->amount, out)) != NULL)
			return err;
	return NULL;
}

/*
 * A guest tells what was paid in all, mostly in one line: what we know of
 * already is no further payment, and a line of ours is not less for it. What is
 * more goes to the lines that tell more, in their order.
 */
static const struct err *
guest_payments(const struct guest *g, struct part_list *in,
    const struct part_list *cur)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	int64_t left, more, amount;
	const struct err *err;
	const struct part *q;
	struct part *p = in->v;

	if ((err = guest_more(g, in, cur, &left)) != NULL)
		return err;
	while (p != order_part_end(in)) {
		q = guest_keyed(cur, p->key);
		amount = q != NULL && guest_is_paid(g, q) ? q->amount : 0;
		if ((err = decimal_add(p->amount, -amount, &more)) != NULL)
			return err;
		if (more > left)
			more = left;
		if (guest_is_paid(g, p) && more > 0) {
			left -= more;
			amount += more;
		}
		if (q != NULL && amount < q->amount)
			amount = q->amount;
		if (q == NULL && amount == 0)
			order_part_drop(in, p); /* the next is there now */
		else
			field_set_int(t, &p++->rec, PAYMENT_AMOUNT, amount);
	}
	return NULL;
}

static const struct err *
guest_lines(struct order *in, const struct order *cur, enum order_part part)
{
	struct part_list *l = &in->parts[part];
	const struct err *err;
	const struct part *q;
	struct part *p;

	for (p = l->v; p != order_part_end(l); p++) {
		if ((q = guest_keyed(&cur->parts[part], p->key)) == NULL)
			continue;
		if (part == PART_ITEM && (err = guest_price(cur, p, q)) != NULL)
			return err;
		guest_fill(part, p, q);
	}
	return NULL;
}

const struct err *
guest_words(const struct guest *g, struct order *in, const struct order *cur)
{
	const struct err *err;
	enum order_part part;

	guest_fields(g->shop, in, g->first);
	for (part = PART_ITEM; part < PART_CUSTOM; part++) {
		guest_match(part, &in->parts[part], &cur->parts[part]);
		if (part == PART_PAYMENT &&
		    (err = guest_payments(g, &in->parts[part],
			 &cur->parts[part])) != NULL)
			return err;
		if ((err = guest_lines(in, cur, part)) != NULL)
			return err;
	}
	return NULL;
}
