/* retailcrm.c - orders of retailCRM's API, version 5. */
#include "base/when.h"
#include "intake/document.h"

static const char *const holders[] = { "orders", "order", NULL };
static const char *const telling[] = { "createdAt", "totalSumm", NULL };
static const char *const updated_at[] = { "statusUpdatedAt", "createdAt",
	NULL };
static const char *const country[] = { "countryIso", NULL };
static const char *const name[] = { "lastName", "firstName", "patronymic",
	NULL };

static const struct document_field fields[] = {
	{ ORDER_SITE, "site" },
	{ ORDER_METHOD, "orderMethod" },
	{ ORDER_STATUS, "status" },
	{ ORDER_STATUS_REASON, "statusComment" },
	{ ORDER_MANAGER, "managerId" },
	{ ORDER_PLACED_AT, "createdAt" },
	{ ORDER_CUSTOMER_EXTERNAL_ID, "customer.id" },
	{ ORDER_PHONE, "phone" },
	{ ORDER_PHONE, "additionalPhone" },
	{ ORDER_PHONE, "customer.phones.0.number" },
	{ ORDER_EMAIL, "email" },
	{ ORDER_EMAIL, "customer.email" },
	{ ORDER_CUSTOMER_COMMENT, "customerComment" },
	{ ORDER_MANAGER_COMMENT, "managerComment" },
	{ ORDER_CALL_WANTED, "call" },
	{ ORDER_UTM_SOURCE, "source.source" },
	{ ORDER_UTM_MEDIUM, "source.medium" },
	{ ORDER_UTM_CAMPAIGN, "source.campaign" },
	{ ORDER_UTM_TERM, "source.keyword" },
	{ ORDER_UTM_CONTENT, "source.content" },
	{ ORDER_DELIVERY_TYPE, "delivery.code" },
	{ ORDER_DELIVERY_ON, "delivery.date" },
	{ ORDER_DELIVERY_FROM, "delivery.time.from" },
	{ ORDER_DELIVERY_TO, "delivery.time.to" },
	{ ORDER_SHIP_ON, "shipmentDate" },
	{ ORDER_TRACKING_NO, "delivery.data.trackNumber" },
	{ ORDER_STORE, "shipmentStore" },
	{ ORDER_DELIVERY_NET, "delivery.netCost" },
	{ ORDER_DELIVERY_COUNTRY, "delivery.address.countryIso" },
	{ ORDER_DELIVERY_REGION, "delivery.address.region" },
	{ ORDER_DELIVERY_CITY, "delivery.address.city" },
	{ ORDER_DELIVERY_POSTCODE, "delivery.address.index" },
	{ ORDER_DELIVERY_STREET, "delivery.address.street" },
	{ ORDER_DELIVERY_BUILDING, "delivery.address.building" },
	{ ORDER_DELIVERY_FLAT, "delivery.address.flat" },
	{ ORDER_DELIVERY_ADDRESS, "delivery.address.text" },
	{ ORDER_DELIVERY_ADDRESS, "delivery.address.notes" },
	{ ORDER_SOURCE_TOTAL, "totalSumm" },
};

/*
 * What a line costs: its prices after all discounts, which may differ from
 * piece to piece; where there are none, a unit's discount.
 */
static const struct err *
retailcrm_sum(struct document *d, const struct json *j,
    const struct document_item *it, int64_t *sum)
{
	const struct json *e = document_at(j, "prices");
	int64_t price, quantity, part, off;
	const struct err *err;

	*sum = 0;
	if (e == NULL || json_first(e) == NULL) {
		if ((err = document_decimal(d, j,
			 json_get(j, "discountTotal") != NULL ?
			     "discountTotal" :
			     "discountManualAmount",
			 PRICE_PLACES, &off)) != NULL ||
		    (err = decimal_add(it->price, -off, &price)) != NULL)
			return err;
		return document_line(d, price, it->quantity, sum);
	}
	for (e = json_first(e); e != NULL; e = json_next(e))
		if ((err = document_decimal(d, e, "price", PRICE_PLACES,
			 &price)) != NULL ||
		    (err = document_decimal(d, e, "quantity", QUANTITY_PLACES,
			 &quantity)) != NULL ||
		    (err = document_line(d, price, quantity, &part)) != NULL ||
		    (err = decimal_add(*sum, part, sum)) != NULL)
			return err;
	return NULL;
}

static const struct err *
retailcrm_item(struct document *d, const struct json *j)
{
	static const char *const skus[] = { "offer.article", "offer.xmlId",
		"offer.externalId", NULL };
	static const char *const names[] = { "offer.displayName", "offer.name",
		"productName", NULL };
	struct document_item it = { 0 };
	const struct err *err;

	if (document_is(j, "isCanceled"))
		return NULL;
	if ((err = document_text(d, j, "id", &it.external_id)) != NULL ||
	    (err = document_first(d, j, skus, &it.sku)) != NULL ||
	    (err = document_first(d, j, names, &it.name)) != NULL ||
	    (err = document_decimal(d, j, "quantity", QUANTITY_PLACES,
		 &it.quantity)) != NULL ||
	    (err = document_decimal(d, j, "initialPrice", PRICE_PLACES,
		 &it.price)) != NULL ||
	    (err = document_decimal(d, j, "purchasePrice", PRICE_PLACES,
		 &it.cost)) != NULL ||
	    (err = retailcrm_sum(d, j, &it, &it.sum)) != NULL)
		return err;
	it.has_cost = json_get(j, "purchasePrice") != NULL;
	return document_item(d, &it);
}

static const struct err *
retailcrm_payment(struct document *d, const struct json *j)
{
	static const char *const ids[] = { "externalId", "id", NULL };
	struct document_payment p = { 0 };
	const struct err *err;

	if ((err = document_first(d, j, ids, &p.external_id)) != NULL ||
	    (err = document_text(d, j, "type", &p.type)) != NULL ||
	    (err = document_text(d, j, "status", &p.status)) != NULL ||
	    (err = document_money(d, j, "amount", &p.amount)) != NULL ||
	    (err = document_time(d, j, "paidAt", &p.paid_at)) != NULL ||
	    (err = document_text(d, j, "comment", &p.comment)) != NULL)
		return err;
	document_payment(d, &p);
	return NULL;
}

static const struct err *
retailcrm_custom(struct document *d, const struct json *j)
{
	return document_custom(d, json_key(j), j);
}

/* A discount on the whole order, which answers spread over the lines. */
static const struct err *
retailcrm_charges(struct document *d)
{
	const struct err *err;
	int64_t delivery, off;

	d->o->parts[PART_CHARGE].present = true;
	if ((err = document_money(d, d->doc, "delivery.cost", &delivery)) !=
		NULL ||
	    (err = document_money(d, d->doc, "discountManualAmount", &off)) !=
		NULL)
		return err;
	document_charge(d, "delivery", NULL, delivery, false);
	return intake_fit(d->o, -1,
	    document_charge(d, "discount", NULL, -off, false));
}

static const struct err *
retailcrm_build(struct document *d)
{
	const struct err *err;
	const char *text;

	if ((err = document_join(d, d->doc, name, &text)) != NULL ||
	    (err = document_set(d, ORDER_CUSTOMER_NAME, text)) != NULL ||
	    (err = document_each(d, PART_ITEM, "items", retailcrm_item)) !=
		NULL ||
	    (err = retailcrm_charges(d)) != NULL ||
	    (err = document_each(d, PART_PAYMENT, "payments",
		 retailcrm_payment)) != NULL)
		return err;
	return document_each(d, PART_CUSTOM, "customFields", retailcrm_custom);
}

const struct document_format retailcrm_format = {
	.holders = holders,
	.telling = telling,
	.id = "id",
	.number = "number",
	.updated_at = updated_at,
	.currency = "currency",
	.country = country,
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.build = retailcrm_build,
};
