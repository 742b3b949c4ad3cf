/* insales.c - orders of InSales' API. */
#include "base/when.h"
#include "intake/document.h"
#include "intake/mapping.h"

static const char *const holders[] = { "orders", "order", NULL };
static const char *const telling[] = { "order_lines", "fulfillment_status",
	NULL };
static const char *const updated_at[] = { "updated_at", NULL };
static const char *const country[] = { "shipping_address.country", NULL };
static const char *const name[] = { "client.surname", "client.name",
	"client.middlename", NULL };

static const struct document_field fields[] = {
	{ ORDER_MANAGER, "responsible_user_id" },
	{ ORDER_PLACED_AT, "created_at" },
	{ ORDER_CUSTOMER_EXTERNAL_ID, "client.id" },
	{ ORDER_PHONE, "client.phone" },
	{ ORDER_PHONE, "shipping_address.phone" },
	{ ORDER_EMAIL, "client.email" },
	{ ORDER_CUSTOMER_COMMENT, "comment" },
	{ ORDER_MANAGER_COMMENT, "manager_comment" },
	{ ORDER_COUPON, "coupon" },
	{ ORDER_UTM_SOURCE, "source" },
	{ ORDER_UTM_TERM, "query" },
	{ ORDER_DELIVERY_TYPE, "delivery_title" },
	{ ORDER_DELIVERY_ON, "delivery_date" },
	{ ORDER_DELIVERY_FROM, "delivery_from_hour" },
	{ ORDER_DELIVERY_TO, "delivery_to_hour" },
	{ ORDER_TRACKING_NO, "delivery_info.tracking_number" },
	{ ORDER_STORE, "warehouse_id" },
	{ ORDER_DELIVERY_COUNTRY, "shipping_address.country" },
	{ ORDER_DELIVERY_REGION, "shipping_address.state" },
	{ ORDER_DELIVERY_CITY, "shipping_address.city" },
	{ ORDER_DELIVERY_POSTCODE, "shipping_address.zip" },
	{ ORDER_DELIVERY_STREET, "shipping_address.street" },
	{ ORDER_DELIVERY_STREET, "shipping_address.address" },
	{ ORDER_DELIVERY_BUILDING, "shipping_address.house" },
	{ ORDER_DELIVERY_FLAT, "shipping_address.flat" },
	{ ORDER_DELIVERY_ADDRESS, "shipping_address.full_delivery_address" },
	{ ORDER_SOURCE_TOTAL, "total_price" },
};

/* A shop's own statuses count when a map knows them, else the system's. */
static const struct err *
insales_status(struct document *d)
{
	const struct err *err;
	const char *own, *system;

	if ((err = document_text(d, d->doc, "custom_status.permalink", &own)) !=
		NULL ||
	    (err = document_text(d, d->doc, "fulfillment_status", &system)) !=
		NULL)
		return err;
	if (own != NULL && (system == NULL || mapping_code(d->in->map, "status",
						  own, d->a) != NULL))
		system = own;
	return system != NULL ? document_set(d, ORDER_STATUS, system) : NULL;
}

static const struct err *
insales_name(struct document *d)
{
	const struct err *err;
	const char *text;

	if ((err = document_join(d, d->doc, name, &text)) != NULL ||
	    (text == NULL &&
		(err = document_text(d, d->doc, "shipping_address.full_name",
		     &text)) != NULL))
		return err;
	return document_set(d, ORDER_CUSTOMER_NAME, text);
}

static const struct err *
insales_item(struct document *d, const struct json *j)
{
	struct document_item it = { 0 };
	const struct err *err;

	if ((err = document_text(d, j, "id", &it.external_id)) != NULL ||
	    (err = document_text(d, j, "sku", &it.sku)) != NULL ||
	    (err = document_text(d, j, "title", &it.name)) != NULL ||
	    (err = document_decimal(d, j, "quantity", QUANTITY_PLACES,
		 &it.quantity)) != NULL ||
	    (err = document_decimal(d, j,
		 document_is(j, "full_sale_price") ? "full_sale_price" :
						     "sale_price",
		 PRICE_PLACES, &it.price)) != NULL)
		return err;
	if (document_at(j, "total_price") != NULL)
		err = document_money(d, j, "total_price", &it.sum);
	else
		err = document_line(d, it.price, it.quantity, &it.sum);
	return err != NULL ? err : document_item(d, &it);
}

/* Discounts on the whole order stand here, in the lines, or in both. */
static const struct err *
insales_charges(struct document *d)
{
	const struct json *list = document_at(d->doc, "discounts"), *e;
	int64_t delivery, amount, off = 0;
	const struct err *err;
	const char *title;

	d->o->parts[PART_CHARGE].present = true;
	if ((err = document_text(d, d->doc, "delivery_title", &title)) !=
		NULL ||
	    (err = document_money(d, d->doc,
		 document_at(d->doc, "full_delivery_price") != NULL ?
		     "full_delivery_price" :
		     "delivery_price",
		 &delivery)) != NULL)
		return err;
	document_charge(d, "delivery", title, delivery, false);
	if (list == NULL || json_kind(list) != JSON_ARRAY)
		return NULL;
	for (e = json_first(list); e != NULL; e = json_next(e))
		if ((err = document_money(d, e, "amount", &amount)) != NULL ||
		    (err = decimal_add(off, amount, &off)) != NULL)
			return err;
	return intake_fit(d->o, -1,
	    document_charge(d, "discount", NULL, -off, false));
}

static const struct err *
insales_payment(struct document *d)
{
	struct document_payment p = { .amount = d->o->source_total };
	const struct err *err;

	if ((err = document_text(d, d->doc, "payment_title", &p.type)) !=
		NULL ||
	    (err = document_text(d, d->doc, "financial_status", &p.status)) !=
		NULL ||
	    (err = document_time(d, d->doc, "paid_at", &p.paid_at)) != NULL)
		return err;
	d->o->parts[PART_PAYMENT].present = true;
	p.comment = p.type;
	if (p.type != NULL || p.status != NULL)
		document_payment(d, &p);
	return NULL;
}

static const struct err *
insales_build(struct document *d)
{
	const struct err *err;

	if ((err = insales_status(d)) != NULL ||
	    (err = insales_name(d)) != NULL ||
	    (err = document_each(d, PART_ITEM, "order_lines", insales_item)) !=
		NULL ||
	    (err = insales_charges(d)) != NULL)
		return err;
	return insales_payment(d);
}

const struct document_format insales_format = {
	.holders = holders,
	.telling = telling,
	.id = "id",
	.number = "number",
	.updated_at = updated_at,
	.currency = "currency_code",
	.country = country,
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.build = insales_build,
};
