/* order_check.c - what holds for every order, new or changed. */
#include "order/order_save.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "crm/custom.h"
#include "crm/shop.h"
#include "db/db.h"

#define ORDER_FUTURE_S 172800 /* clocks and zones may be off by two days */

/* "item 2" in front of an error, for a person to find the line. */
static const struct err *
order_at_line(const struct err *err, enum order_part part, size_t i)
{
	return err_wrap(err, "%s %zu", order_part_words[part], i + 1);
}

static const struct err *
order_check_codes(struct shop *s, const struct fields *t, const struct rec *r)
{
	const struct err *err;
	const char *code;
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (t->list[i].reference == NULL ||
		    (code = field_text(t, r, (int)i)) == NULL)
			continue;
		err = shop_check_code(s, t->list[i].reference, code);
		if (err != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
order_check_item(struct part *p)
{
	if (p->name == NULL && p->sku != NULL)
		field_set_text(&order_part_fields[PART_ITEM], &p->rec,
		    ITEM_NAME, p->sku);
	if (p->name == NULL)
		return err_new(ERR_INPUT, "it has neither sku nor name");
	if (!field_has(&p->rec, ITEM_QUANTITY))
		return err_new(ERR_INPUT, "'quantity' is missing");
	if (!field_has(&p->rec, ITEM_PRICE))
		return err_new(ERR_INPUT, "'price' is missing");
	if (p->quantity == 0)
		return err_new(ERR_INPUT, "quantity is 0");
	if (!field_has(&p->rec, ITEM_DISCOUNT))
		field_set_int(&order_part_fields[PART_ITEM], &p->rec,
		    ITEM_DISCOUNT, 0);
	return NULL;
}

static const struct err *
order_check_charge(struct part *p)
{
	static const char *const kinds[] = { "delivery", "tax", "fee", "tip",
		"discount", "rounding" };
	size_t i;

	for (i = 0; p->kind != NULL && i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i], p->kind) == 0)
			break;
	if (p->kind == NULL || i == ARRAY_LEN(kinds))
		return err_new(ERR_INPUT,
		    "kind '%s' is none of delivery, tax, fee, tip, discount, "
		    "rounding",
		    p->kind != NULL ? p->kind : "");
	if (!field_has(&p->rec, CHARGE_AMOUNT))
		return err_new(ERR_INPUT, "'amount' is missing");
	if (strcmp(p->kind, "discount") == 0 && p->amount > 0)
		return err_new(ERR_INPUT, "a discount's amount is negative");
	if (!field_has(&p->rec, CHARGE_INCLUDED))
		field_set_int(&order_part_fields[PART_CHARGE], &p->rec,
		    CHARGE_INCLUDED, 0);
	return NULL;
}

static const struct err *
order_check_refund(const struct shop *s, struct part *p)
{
	if (!field_has(&p->rec, REFUND_AMOUNT) || p->amount < 0)
		return err_new(ERR_INPUT, "'amount' is missing or negative");
	if (!field_has(&p->rec, REFUND_REFUNDED_AT))
		field_set_int(&order_part_fields[PART_REFUND], &p->rec,
		    REFUND_REFUNDED_AT, s->now);
	return NULL;
}

static const struct err *
order_check_custom(struct shop *s, struct part *p, struct arena *a)
{
	const struct err *err;
	const char *value;

	if (p->text == NULL)
		return NULL; /* cleared */
	if ((err = custom_check(s, "order", p->field, p->text, a, &value)) ==
	    NULL)
		p->text = value;
	return err;
}

static const struct err *
order_check_twice(const struct part_list *customs)
{
	size_t i, j;

	for (i = 1; i < customs->len; i++)
		for (j = 0; j < i; j++)
			if (strcmp(customs->v[i].field, customs->v[j].field) ==
			    0)
				return err_new(ERR_INPUT,
				    "custom field '%s' is there twice",
				    customs->v[i].field);
	return NULL;
}

static const struct err *
order_check_line(struct shop *s, enum order_part part, struct part *p,
    struct arena *a)
{
	switch (part) {
	case PART_ITEM:
		return order_check_item(p);
	case PART_CHARGE:
		return order_check_charge(p);
	case PART_PAYMENT:
		if (!field_has(&p->rec, PAYMENT_AMOUNT))
			return err_new(ERR_INPUT, "'amount' is missing");
		return NULL;
	case PART_REFUND:
		return order_check_refund(s, p);
	case PART_CUSTOM:
		return order_check_custom(s, p, a);
	case PART_COUNT:
		break;
	}
	abort();
}

/* Codes and parts: what can be checked of a record that says only a part. */
const struct err *
order_normalise(struct shop *s, struct order *o, struct arena *a)
{
	const struct err *err;
	enum order_part part;
	size_t i;

	err = order_check_codes(s, &order_fields, &o->rec);
	if (err != NULL)
		return err;
	for (part = PART_ITEM; part < PART_COUNT; part++)
		for (i = 0; i < o->parts[part].len; i++) {
			struct part *p = &o->parts[part].v[i];

			err = order_check_codes(s, &order_part_fields[part],
			    &p->rec);
			if (err == NULL)
				err = order_check_line(s, part, p, a);
			if (err != NULL)
				return order_at_line(err, part, i);
		}
	return order_check_twice(&o->parts[PART_CUSTOM]);
}

static const struct err *
order_check_site(struct shop *s, const struct order *o)
{
	static const char site_currency_sql[] =
	    "SELECT currency FROM site WHERE code = :code AND"
	    " currency <> :currency";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if (o->site == NULL || (strcmp(o->site, s->site) == 0 &&
				   strcmp(o->currency, s->currency) == 0))
		return NULL;
	if ((err = db_stmt(s->db, site_currency_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":code", o->site);
	db_bind_text(st, ":currency", o->currency);
	if ((err = db_step(st, &row)) == NULL && row)
		err = err_new(ERR_INPUT,
		    "currency is %s, but site '%s' sells in %s", o->currency,
		    o->site, db_col_peek(st, 0));
	db_reset(st);
	return err;
}

const struct err *
order_check(struct shop *s, struct order *o, struct arena *a)
{
	char when[WHEN_STR_MAX];
	const struct err *err;
	size_t i;

	if ((err = order_normalise(s, o, a)) != NULL)
		return err;
	if (o->currency == NULL)
		return err_new(ERR_INPUT, "'currency' is missing");
	if (o->status == NULL)
		return err_new(ERR_INPUT, "'status' is missing");
	if (!field_has(&o->rec, ORDER_PLACED_AT))
		return err_new(ERR_INPUT, "'placed_at' is missing");
	if ((err = shop_check_code(s, "currency", o->currency)) != NULL)
		return err;
	if (o->placed_at > s->now + ORDER_FUTURE_S || o->placed_at < 0)
		return err_new(ERR_INPUT, "placed_at %s cannot be",
		    when_format(o->placed_at, when));
	for (i = 0; i < o->past_len; i++)
		if (o->past[i].at > s->now + ORDER_FUTURE_S ||
		    o->past[i].at < 0)
			return err_new(ERR_INPUT,
			    "history %zu: at %s cannot be", i + 1,
			    when_format(o->past[i].at, when));
	if ((err = order_check_site(s, o)) != NULL)
		return err;
	return order_totals(o, shop_is_paid, s);
}
