/* document_parts.c - lines, charges, payments and the like of such orders. */
#include <string.h>

#include "base/money.h"
#include "base/when.h"
#include "intake/document.h"

const struct err *
document_each(struct document *d, enum order_part part, const char *path,
    const struct err *(*one)(struct document *, const struct json *))
{
	const struct json *list = document_at(d->doc, path), *e;
	const struct err *err;
	size_t i = 0;

	if (list == NULL || json_kind(list) == JSON_NULL)
		return NULL;
	if (json_kind(list) != JSON_ARRAY && json_kind(list) != JSON_OBJECT)
		return err_new(ERR_INPUT, "'%s' is no list", path);
	if (part < PART_CUSTOM)
		d->o->parts[part].present = true;
	for (e = json_first(list); e != NULL; e = json_next(e)) {
		i++;
		if (part != PART_CUSTOM && json_kind(e) != JSON_OBJECT)
			return err_new(ERR_INPUT, "%s %zu is not an object",
			    path, i);
		if ((err = one(d, e)) != NULL)
			return err_wrap(err, "%s %zu", path, i);
	}
	return NULL;
}

const struct err *
document_line(struct document *d, int64_t price, int64_t quantity, int64_t *sum)
{
	return money_line(price, quantity, d->o->currency, sum);
}

const struct err *
document_item(struct document *d, const struct document_item *it)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const struct err *err;
	int64_t full, discount;
	struct part *p;

	if (it->quantity == 0 && it->sum == 0)
		return NULL; /* taken out of the order */
	if ((err = document_line(d, it->price, it->quantity, &full)) != NULL ||
	    (err = decimal_add(full, -it->sum, &discount)) != NULL)
		return err;
	p = order_part_add(d->o, PART_ITEM, d->a);
	field_set_text(t, &p->rec, ITEM_EXTERNAL_ID, it->external_id);
	field_set_text(t, &p->rec, ITEM_SKU, it->sku);
	field_set_text(t, &p->rec, ITEM_NAME,
	    it->name != NULL ? it->name :
	    it->sku != NULL  ? it->sku :
			       it->external_id);
	field_set_int(t, &p->rec, ITEM_QUANTITY, it->quantity);
	field_set_int(t, &p->rec, ITEM_PRICE, it->price);
	field_set_int(t, &p->rec, ITEM_DISCOUNT, discount);
	if (it->has_cost)
		field_set_int(t, &p->rec, ITEM_PURCHASE_PRICE, it->cost);
	return NULL;
}

const struct err *
document_only_total(struct document *d)
{
	const struct err *err;
	int64_t price = d->o->source_total;
	int i;

	for (i = money_places(d->o->currency); i < PRICE_PLACES; i++)
		if ((err = decimal_mul(price, 10, &price)) != NULL)
			return err;
	return document_item(d, &(struct document_item){ .name = "total",
				    .quantity = 1000,
				    .price = price,
				    .sum = d->o->source_total });
}

int
document_charge(struct document *d, const char *kind, const char *name,
    int64_t minor, bool included)
{
	const struct fields *t = &order_part_fields[PART_CHARGE];
	struct part *p;

	if (minor == 0)
		return -1;
	p = order_part_add(d->o, PART_CHARGE, d->a);
	field_set_text(t, &p->rec, CHARGE_KIND, kind);
	field_set_text(t, &p->rec, CHARGE_NAME, name);
	field_set_int(t, &p->rec, CHARGE_AMOUNT, minor);
	field_set_int(t, &p->rec, CHARGE_INCLUDED, included);
	return (int)d->o->parts[PART_CHARGE].len - 1;
}

static void
document_payment_code(struct document *d, struct part *p, int field,
    const char *name, const char *code)
{
	const char *ours;

	if (code == NULL)
		return;
	intake_code(d->in, d->where, d->o, name, name, code, d->a, &ours);
	if (ours != NULL)
		field_set_text(&order_part_fields[PART_PAYMENT], &p->rec, field,
		    ours);
}

void
document_payment(struct document *d, const struct document_payment *v)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	struct part *p = order_part_add(d->o, PART_PAYMENT, d->a);

	field_set_text(t, &p->rec, PAYMENT_EXTERNAL_ID, v->external_id);
	document_payment_code(d, p, PAYMENT_TYPE, "payment_type", v->type);
	document_payment_code(d, p, PAYMENT_STATUS, "payment_status",
	    v->status);
	field_set_int(t, &p->rec, PAYMENT_AMOUNT, v->amount);
	if (v->paid_at != WHEN_MIN)
		field_set_int(t, &p->rec, PAYMENT_PAID_AT, v->paid_at);
	field_set_text(t, &p->rec, PAYMENT_COMMENT, v->comment);
}

void
document_refund(struct document *d, const char *external_id, int64_t amount,
    int64_t at, const char *reason)
{
	const struct fields *t = &order_part_fields[PART_REFUND];
	struct part *p;

	if (amount == 0)
		return;
	p = order_part_add(d->o, PART_REFUND, d->a);
	field_set_text(t, &p->rec, REFUND_EXTERNAL_ID, external_id);
	field_set_int(t, &p->rec, REFUND_AMOUNT, amount);
	if (at != WHEN_MIN)
		field_set_int(t, &p->rec, REFUND_REFUNDED_AT, at);
	field_set_text(t, &p->rec, REFUND_REASON, reason);
}

const struct err *
document_coupon(struct document *d, const struct json *j)
{
	const struct err *err;
	const char *code;

	if ((err = document_text(d, j, "code", &code)) != NULL || code == NULL)
		return err;
	if (d->o->coupon != NULL)
		code = arena_printf(d->a, "%s, %s", d->o->coupon, code);
	return document_set(d, ORDER_COUPON, code);
}

bool
document_knows_custom(struct document *d, const char *table, const char *code,
    const char *value)
{
	const struct intake_options *opt = d->in->options;

	if (opt->knows == NULL || opt->knows(opt->arg, table, code))
		return true;
	if (value != NULL)
		intake_warn_once(d->in, d->where,
		    "custom field '%s' is unknown and left out; "
		    "crm-reference --load custom_field.tsv adds it",
		    code);
	return false;
}

const struct err *
document_custom(struct document *d, const char *code, const struct json *value)
{
	const struct fields *t = &order_part_fields[PART_CUSTOM];
	const struct err *err;
	const char *text;
	struct part *p;

	if ((err = document_value(d, value, code, &text)) != NULL)
		return err;
	if (!document_knows_custom(d, "custom_field order", code, text))
		return NULL;
	p = order_part_add(d->o, PART_CUSTOM, d->a);
	field_set_text(t, &p->rec, CUSTOM_FIELD, arena_strdup(d->a, code));
	field_set_text(t, &p->rec, CUSTOM_VALUE, text);
	/* Others, which the document does not mention, are left alone. */
	d->o->parts[PART_CUSTOM].present = false;
	return NULL;
}
