/* moysklad.c - whole orders for MoySklad's JSON API 1.2. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/when.h"
#include "export/export.h"

#define MOYSKLAD_API "https://api.moysklad.ru/api/remap/1.2"

/*
 * All is known by links there: goods by those the catalogue brought, the
 * organization, the counterparty and the delivery service by crm.conf's.
 */
static void
moysklad_link(struct out *out, const char *key, const char *type,
    const char *href)
{
	out_object(out, key);
	out_object(out, "meta");
	out_text(out, "href", href);
	out_text(out, "type", type);
	out_text(out, "mediaType", "application/json");
	out_close_object(out);
	out_close_object(out);
}

/* "2026-11-22 10:00:00.000", which MoySklad takes for Moscow's time. */
static void
moysklad_time(struct export *x, const char *key, int64_t at)
{
	const char *zone = arena_strdup(x->a, when_zone_name());
	char day[WHEN_STR_MAX];
	const char *text;
	int s;

	if (when_zone("Europe/Moscow") != NULL)
		return; /* a machine without it: MoySklad takes the present */
	s = when_second_of_day(at);
	text = arena_printf(x->a, "%s %02d:%02d:%02d.000",
	    when_day_format(when_day(at), day), s / 3600, s / 60 % 60, s % 60);
	out_text(x->out, key, text);
	if (when_zone(zone) != NULL)
		abort(); /* it was in force a moment ago */
}

/* Minor units of quantity thousandths as the price of one, in 1/10000 kopecks. */
static const struct err *
moysklad_price(int64_t minor, int64_t quantity, const char *currency,
    int64_t *price)
{
	const struct err *err;
	int places = money_places(currency);

	for (; places < 2 + PRICE_PLACES; places++)
		if ((err = decimal_mul(minor, 10, &minor)) != NULL)
			return err;
	return decimal_muldiv(minor, 1000, quantity, price);
}

/* Of the items, a discount contained, and of the charges behind them. */
static const struct err *
moysklad_prices(const struct order *o, int64_t *prices)
{
	const struct part_list *items = &o->parts[PART_ITEM];
	const struct part_list *charges = &o->parts[PART_CHARGE];
	const struct err *err;
	size_t i;

	for (i = 0; i < items->len; i++)
		if ((err = moysklad_price(items->v[i].sum, items->v[i].quantity,
			 o->currency, prices++)) != NULL)
			return err;
	for (i = 0; i < charges->len; i++)
		if ((err = moysklad_price(charges->v[i].amount, 1000,
			 o->currency, prices++)) != NULL)
			return err;
	return NULL;
}

/* A charge that MoySklad is told of as a position. */
static bool
moysklad_is_position(const struct part *charge)
{
	return charge->included == 0 && charge->amount != 0;
}

static const struct err *
moysklad_check_charges(struct export *x, const struct part_list *l)
{
	const struct part *c;

	for (c = l->v; c != order_part_end(l); c++) {
		if (!moysklad_is_position(c))
			continue;
		if (strcmp(c->kind, "delivery") != 0)
			return err_new(ERR_INPUT,
			    "MoySklad has no place for a %s beside the items",
			    c->kind);
		if (x->delivery == NULL)
			return err_new(ERR_INPUT,
			    "delivery needs 'delivery' of the receiver in "
			    "crm.conf");
	}
	return NULL;
}

static const struct err *
moysklad_check(struct export *x, const struct export_order *e, const char *id)
{
	const struct part_list *l = &e->o->parts[PART_ITEM];
	size_t i;

	if (id == NULL && !e->is_new && x->ask == NULL)
		return err_new(ERR_INPUT,
		    "MoySklad's id of it is not known, and it may be there");
	if (id == NULL && (x->organization == NULL || x->agent == NULL))
		return err_new(ERR_INPUT,
		    "a new order needs 'organization' and 'agent' of the "
		    "receiver in crm.conf");
	for (i = 0; i < l->len; i++) {
		if (e->goods[i] == NULL)
			return err_new(ERR_INPUT,
			    "MoySklad's id of '%s' is not known; import its "
			    "catalogue with catalog-import --source",
			    l->v[i].name != NULL ? l->v[i].name : l->v[i].sku);
		if (l->v[i].quantity <= 0)
			return err_new(ERR_INPUT,
			    "MoySklad takes no item without a quantity");
	}
	return moysklad_check_charges(x, &e->o->parts[PART_CHARGE]);
}

static void
moysklad_position(struct export *x, int64_t quantity, int64_t price,
    const char *type, const char *href)
{
	out_object(x->out, NULL);
	out_decimal(x->out, "quantity", quantity, QUANTITY_PLACES);
	out_decimal(x->out, "price", price, PRICE_PLACES);
	moysklad_link(x->out, "assortment", type, href);
	out_close_object(x->out);
}

static void
moysklad_positions(struct export *x, const struct export_order *e,
    const int64_t *prices)
{
	const struct part_list *items = &e->o->parts[PART_ITEM];
	const struct part_list *charges = &e->o->parts[PART_CHARGE];
	size_t i;

	out_array(x->out, "positions");
	for (i = 0; i < items->len; i++)
		moysklad_position(x, items->v[i].quantity, *prices++, "product",
		    arena_printf(x->a, MOYSKLAD_API "/entity/product/%s",
			export_id(e->goods[i], x->a)));
	for (i = 0; i < charges->len; i++, prices++)
		if (moysklad_is_position(&charges->v[i]))
			moysklad_position(x, 1000, *prices, "service",
			    x->delivery);
	out_close_array(x->out);
}

static void
moysklad_text(struct out *out, const char *key, const char *value)
{
	if (value != NULL)
		out_text(out, key, value);
}

/*
 * Its id of an order that was made there by a request whose answer never came:
 * we gave it our number. A ';' would end the filter.
 */
static const struct err *
moysklad_find(struct export *x, const struct export_order *e)
{
	struct buf filter = { 0 };
	const struct json *answer, *row;
	const struct err *err;
	const char *p, *path;

	buf_adds(&filter, "externalCode=");
	for (p = e->o->order_no; *p != '\0'; p++)
		buf_printf(&filter, "%s%c", *p == ';' ? "\\" : "", *p);
	path = arena_printf(x->a, "/entity/customerorder?limit=1&filter=%s",
	    export_id(buf_str(&filter), x->a));
	buf_free(&filter);
	if ((err = export_ask(x, e, path, &answer)) != NULL ||
	    (row = export_first(answer, "rows")) == NULL)
		return err;
	x->found = export_member(row, "id", x->a);
	if (*x->found == '\0' ||
	    strcmp(export_member(row, "externalCode", x->a), e->o->order_no) !=
		0)
		return err_new(ERR_REMOTE,
		    "MoySklad answers with another order than it was asked "
		    "for");
	return NULL;
}

static const struct err *
moysklad_order(struct export *x, const struct export_order *e)
{
	const char *id = e->external_id;
	int64_t *prices = arena_alloc(x->a,
	    (e->o->parts[PART_ITEM].len + e->o->parts[PART_CHARGE].len + 1) *
		sizeof(*prices));
	const struct err *err;

	if (id == NULL) {
		if ((err = moysklad_find(x, e)) != NULL)
			return err;
		id = x->found;
	}
	if ((err = moysklad_check(x, e, id)) != NULL ||
	    (err = moysklad_prices(e->o, prices)) != NULL)
		return err;
	export_request(x, e, id != NULL ? "PUT" : "POST",
	    id != NULL ? arena_printf(x->a, "/entity/customerorder/%s",
			     export_id(id, x->a)) :
			 "/entity/customerorder");
	out_object(x->out, "body");
	if (id == NULL) {
		out_text(x->out, "name", e->o->order_no);
		out_text(x->out, "externalCode", e->o->order_no);
		moysklad_time(x, "moment", e->o->placed_at);
		moysklad_link(x->out, "organization", "organization",
		    x->organization);
		moysklad_link(x->out, "agent", "counterparty", x->agent);
	}
	if (e->status != NULL)
		moysklad_link(x->out, "state", "state", e->status);
	moysklad_text(x->out, "description", e->o->manager_comment);
	moysklad_text(x->out, "shipmentAddress", e->o->delivery_address);
	moysklad_positions(x, e, prices);
	out_close_object(x->out);
	return export_requested(x);
}

const struct export_kind moysklad_export = {
	.name = "moysklad",
	.whole = true,
	.named = true,
	.once = true,
	.unknown = EXPORT_SILENT,
	.order = moysklad_order,
};
