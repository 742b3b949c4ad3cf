/* record.c - whole records onto a pipe. */
#include "view/record.h"

#include <string.h>

#include "base/decimal.h"
#include "crm/custom.h"
#include "crm/shop.h"
#include "io/out.h"
#include "order/cart.h"

void
record_number(struct out *out, const char *key, const char *text)
{
	const char *point = strchr(text, '.');
	const int places = point != NULL ? (int)strlen(point + 1) : 0;
	int64_t v;

	if (decimal_parse(text, places, &v) == NULL)
		out_decimal(out, key, v, places);
	else
		out_text(out, key, text);
}

static void
record_field(struct out *out, const struct fields *t, const struct rec *r,
    int i, const char *currency)
{
	const char *key = t->list[i].name;
	const int64_t v = field_int(t, r, i);

	switch (t->list[i].kind) {
	case FIELD_TEXT:
	case FIELD_LONG:
	case FIELD_CODE:
	case FIELD_DATE:
	case FIELD_CLOCK:
	case FIELD_PHONE:
	case FIELD_EMAIL:
	case FIELD_CURRENCY:
		out_text(out, key, field_text(t, r, i));
		break;
	case FIELD_TIME:
		out_time(out, key, v);
		break;
	case FIELD_BOOL:
		out_bool(out, key, v != 0);
		break;
	case FIELD_MONEY:
		out_money(out, key, v, currency);
		break;
	case FIELD_PRICE:
		out_decimal(out, key, v, PRICE_PLACES);
		break;
	case FIELD_QUANTITY:
		out_decimal(out, key, v, QUANTITY_PLACES);
		break;
	}
}

void
record_fields(struct out *out, const struct fields *t, const struct rec *r,
    const char *currency)
{
	int i, n = (int)t->count;

	for (i = 0; i < n; i++)
		if (field_has(r, i))
			record_field(out, t, r, i, currency);
		else if (field_cleared(r, i))
			out_null(out, t->list[i].name);
}

static void
record_lines(struct out *out, const struct order *o, enum order_part part)
{
	const struct part_list *l = &o->parts[part];
	const struct part *p;

	if (l->len == 0)
		return;
	out_array(out, order_part_names[part]);
	for (p = l->v; p != order_part_end(l); p++) {
		out_object(out, NULL);
		out_int(out, "line", p->line);
		record_fields(out, &order_part_fields[part], &p->rec,
		    o->currency);
		if (part == PART_ITEM)
			out_money(out, "sum", p->sum, o->currency);
		out_close_object(out);
	}
	out_close_array(out);
}

/* The lines of a source; that there are none is said too. */
static void
record_told_lines(struct out *out, const struct order *o, enum order_part part)
{
	const struct part_list *l = &o->parts[part];
	const struct part *p;

	if (!l->present)
		return;
	out_array(out, order_part_names[part]);
	for (p = l->v; p != order_part_end(l); p++) {
		out_object(out, NULL);
		if (p->line != 0)
			out_int(out, "line", p->line);
		record_fields(out, &order_part_fields[part], &p->rec,
		    o->currency);
		out_close_object(out);
	}
	out_close_array(out);
}

void
record_custom_value(struct out *out, struct shop *s, const char *entity,
    const char *field, const char *value)
{
	struct arena a = { 0 };
	const char *type = custom_type(s, entity, field, &a);

	if (value == NULL)
		out_null(out, field);
	else if (type != NULL && strcmp(type, "boolean") == 0)
		out_bool(out, field, strcmp(value, "true") == 0);
	else if (type != NULL &&
		 (strcmp(type, "integer") == 0 || strcmp(type, "numeric") == 0))
		record_number(out, field, value);
	else
		out_text(out, field, value);
	arena_free(&a);
}

static void
record_custom(struct out *out, struct shop *s, const struct order *o)
{
	const struct part_list *l = &o->parts[PART_CUSTOM];
	const struct part *p;

	if (l->len == 0)
		return;
	out_object(out, order_part_names[PART_CUSTOM]);
	for (p = l->v; p != order_part_end(l); p++)
		record_custom_value(out, s, "order", p->field, p->text);
	out_close_object(out);
}

void
record_notes(struct out *out, const struct note *n, size_t count)
{
	if (count == 0)
		return;
	out_array(out, "notes");
	for (; count != 0; n++, count--) {
		out_object(out, NULL);
		out_time(out, "at", n->at);
		out_text(out, "actor", n->actor);
		out_text(out, "text", n->text);
		out_close_object(out);
	}
	out_close_array(out);
}

void
record_history(struct out *out, const struct past *p, size_t count)
{
	if (count == 0)
		return;
	out_array(out, "history");
	for (; count != 0; p++, count--) {
		out_object(out, NULL);
		out_time(out, "at", p->at);
		out_text(out, "actor", p->actor);
		if (p->line != 0)
			out_int(out, "line", p->line);
		out_text(out, "field", p->field);
		out_text(out, "old", p->old);
		out_text(out, "new", p->new);
		out_close_object(out);
	}
	out_close_array(out);
}

void
record_members(struct out *out, struct shop *s, const struct order *o)
{
	const struct status *status = shop_status(s, o->status);
	enum order_part part;

	out_text(out, "type", "order");
	out_text(out, "order_no", o->order_no);
	out_int(out, "rev", o->rev);
	out_text(out, "source", o->source);
	out_text(out, "external_id", o->external_id);
	if (o->has_source_updated_at)
		out_time(out, "source_updated_at", o->source_updated_at);
	if (o->double_of != NULL)
		out_text(out, "double_of", o->double_of);
	record_fields(out, &order_fields, &o->rec, o->currency);
	if (!field_has(&o->rec, ORDER_SOURCE_TOTAL))
		out_null(out, "source_total");
	out_text(out, "group", status != NULL ? status->group : NULL);
	out_money(out, "items_total", o->items_minor, o->currency);
	out_money(out, "total", o->total_minor, o->currency);
	out_money(out, "paid", o->paid_minor, o->currency);
	out_money(out, "refunded", o->refunded_minor, o->currency);
	for (part = PART_ITEM; part < PART_CUSTOM; part++)
		record_lines(out, o, part);
	record_custom(out, s, o);
	record_notes(out, o->notes, o->note_len);
	record_history(out, o->past, o->past_len);
}

const struct err *
record_order(struct out *out, struct shop *s, const struct order *o)
{
	record_members(out, s, o);
	return out_end(out);
}

const struct err *
record_told(struct out *out, struct shop *s, const struct order *o)
{
	enum order_part part;

	out_text(out, "type", "order");
	out_text(out, "order_no", o->order_no);
	out_text(out, "source", o->source);
	out_text(out, "external_id", o->external_id);
	if (o->our_no != NULL)
		out_text(out, "our_no", o->our_no);
	if (o->has_source_updated_at)
		out_time(out, "source_updated_at", o->source_updated_at);
	record_fields(out, &order_fields, &o->rec, o->currency);
	for (part = PART_ITEM; part < PART_CUSTOM; part++)
		record_told_lines(out, o, part);
	record_custom(out, s, o);
	record_notes(out, o->notes, o->note_len);
	record_history(out, o->past, o->past_len);
	return out_end(out);
}

const struct err *
record_told_cart(struct out *out, const struct cart *c)
{
	size_t i;

	out_text(out, "type", "cart");
	out_text(out, "source", c->source);
	out_text(out, "external_id", c->external_id);
	record_fields(out, &cart_fields, &c->rec, NULL);
	if (c->has_items) {
		out_array(out, "items");
		for (i = 0; i < c->item_count; i++) {
			out_object(out, NULL);
			record_fields(out, &cart_item_fields, &c->items[i].rec,
			    NULL);
			out_close_object(out);
		}
		out_close_array(out);
	}
	return out_end(out);
}
