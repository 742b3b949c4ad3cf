/* moysklad.c - customer orders of MoySklad's JSON API 1.2. */
#include <string.h>

#include "base/when.h"
#include "intake/document.h"

static const char *const holders[] = { "rows", NULL };
static const char *const telling[] = { "moment", "sum", "externalCode", NULL };
static const char *const updated_at[] = { "updated", NULL };
static const char *const country[] = { NULL };

static const struct document_field fields[] = {
	{ ORDER_PLACED_AT, "moment" },
	{ ORDER_METHOD, "salesChannel.name" },
	{ ORDER_CUSTOMER_NAME, "agent.name" },
	{ ORDER_PHONE, "agent.phone" },
	{ ORDER_EMAIL, "agent.email" },
	{ ORDER_MANAGER_COMMENT, "description" },
	{ ORDER_DELIVERY_ON, "deliveryPlannedMoment" },
	{ ORDER_DELIVERY_COUNTRY, "shipmentAddressFull.country.name" },
	{ ORDER_DELIVERY_REGION, "shipmentAddressFull.region.name" },
	{ ORDER_DELIVERY_CITY, "shipmentAddressFull.city" },
	{ ORDER_DELIVERY_POSTCODE, "shipmentAddressFull.postalCode" },
	{ ORDER_DELIVERY_STREET, "shipmentAddressFull.street" },
	{ ORDER_DELIVERY_BUILDING, "shipmentAddressFull.house" },
	{ ORDER_DELIVERY_FLAT, "shipmentAddressFull.apartment" },
	{ ORDER_DELIVERY_ADDRESS, "shipmentAddress" },
	{ ORDER_CUSTOMER_COMMENT, "shipmentAddressFull.comment" },
	{ ORDER_SOURCE_TOTAL, "sum" },
};

/*
 * What another entity is called: by a member, when the export has the entity
 * itself (expand=...), else by the id at the end of its address.
 */
static const struct err *
moysklad_other(struct document *d, const struct json *j, const char *member,
    const char **out)
{
	const struct err *err;
	const char *slash;

	*out = NULL;
	if (j == NULL)
		return NULL;
	if ((err = document_text(d, j, member, out)) != NULL || *out != NULL)
		return err;
	if ((err = document_text(d, j, "meta.href", out)) != NULL ||
	    *out == NULL)
		return err;
	if ((slash = strrchr(*out, '/')) != NULL)
		*out = slash + 1;
	return NULL;
}

static const struct err *
moysklad_set_other(struct document *d, enum order_field field, const char *path,
    const char *member)
{
	const struct err *err;
	const char *text;

	if ((err = moysklad_other(d, document_at(d->doc, path), member,
		 &text)) != NULL ||
	    text == NULL)
		return err;
	return document_set(d, field, text);
}

/* price * quantity less a percentage, rounded once. */
static const struct err *
moysklad_sum(struct document *d, const struct document_item *it,
    const struct json *j, int64_t *sum)
{
	const struct err *err;
	int64_t percent, price;

	if ((err = document_decimal(d, j, "discount", 4, &percent)) != NULL ||
	    (err = decimal_muldiv(it->price, 1000000 - percent, 1000000,
		 &price)) != NULL)
		return err;
	return document_line(d, price, it->quantity, sum);
}

/* Delivery stands among the positions, as a service that is called so. */
static bool
moysklad_is_delivery(const struct json *goods, const char *name)
{
	const struct json *type = document_at(goods, "meta.type");
	const char *text;

	return type != NULL && name != NULL &&
	       json_text(type, "type", &text) == NULL &&
	       strcmp(text, "service") == 0 &&
	       strncmp(name, "Доставка", strlen("Доставка")) == 0;
}

static const struct err *
moysklad_item(struct document *d, const struct json *j)
{
	static const char *const skus[] = { "article", "code", NULL };
	const struct json *goods = document_at(j, "assortment");
	struct document_item it = { 0 };
	const struct err *err;

	if ((err = document_text(d, j, "id", &it.external_id)) != NULL ||
	    (err = document_decimal(d, j, "quantity", QUANTITY_PLACES,
		 &it.quantity)) != NULL ||
	    (err = document_decimal(d, j, "price", PRICE_PLACES - 2,
		 &it.price)) != NULL ||
	    (err = moysklad_sum(d, &it, j, &it.sum)) != NULL ||
	    (err = moysklad_other(d, goods, "name", &it.name)) != NULL)
		return err;
	if (goods != NULL &&
	    (err = document_first(d, goods, skus, &it.sku)) != NULL)
		return err;
	if (!moysklad_is_delivery(goods, it.name))
		return document_item(d, &it);
	document_charge(d, "delivery", it.name, it.sum, false);
	return NULL;
}

/* An export holds the positions only when it is asked for them, and 100. */
static const struct err *
moysklad_items(struct document *d)
{
	const struct json *rows = document_at(d->doc, "positions.rows"), *e;
	const struct err *err;
	int64_t size, here = 0;

	if ((err = document_decimal(d, d->doc, "positions.meta.size", 0,
		 &size)) != NULL)
		return err;
	if (rows != NULL) {
		err = document_each(d, PART_ITEM, "positions.rows",
		    moysklad_item);
		for (e = json_first(rows); e != NULL; e = json_next(e))
			here++;
		if (err == NULL && size > here)
			intake_warn(d->in, d->where,
			    "not all of its positions are in the export");
		return err;
	}
	intake_warn_once(d->in, d->where,
	    "the export has no positions: orders become one line with their "
	    "total; ask for expand=positions.assortment");
	return document_only_total(d);
}

static const struct err *
moysklad_charges(struct document *d)
{
	const struct err *err;
	int64_t vat;

	d->o->parts[PART_CHARGE].present = true;
	if (!document_is(d->doc, "vatEnabled"))
		return NULL;
	if ((err = document_money(d, d->doc, "vatSum", &vat)) != NULL)
		return err;
	document_charge(d, "tax", NULL, vat,
	    document_is(d->doc, "vatIncluded"));
	return NULL;
}

static const struct err *
moysklad_payment(struct document *d)
{
	struct document_payment p = { .status = "paid", .paid_at = WHEN_MIN };
	const struct err *err;

	if ((err = document_money(d, d->doc, "payedSum", &p.amount)) != NULL)
		return err;
	d->o->parts[PART_PAYMENT].present = true;
	if (p.amount != 0)
		document_payment(d, &p);
	return NULL;
}

static const struct err *
moysklad_build(struct document *d)
{
	const struct err *err;

	if ((err = document_text(d, d->doc, "externalCode", &d->o->our_no)) !=
		NULL ||
	    (err = moysklad_set_other(d, ORDER_STATUS, "state", "name")) !=
		NULL ||
	    (err = moysklad_set_other(d, ORDER_STORE, "store", "name")) !=
		NULL ||
	    (err = moysklad_set_other(d, ORDER_CUSTOMER_EXTERNAL_ID, "agent",
		 "id")) != NULL ||
	    (err = moysklad_items(d)) != NULL ||
	    (err = moysklad_charges(d)) != NULL)
		return err;
	return moysklad_payment(d);
}

const struct document_format moysklad_format = {
	.holders = holders,
	.telling = telling,
	.id = "id",
	.number = "name",
	.updated_at = updated_at,
	.currency = "rate.currency.isoCode",
	.country = country,
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.zone = "Europe/Moscow",
	.hundredths = true,
	.build = moysklad_build,
};
