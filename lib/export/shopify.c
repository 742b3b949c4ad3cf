/* shopify.c - news of its orders for Shopify's Admin API. */
#include <string.h>

#include "export/export.h"

#define SHOPIFY_API "/admin/api/2025-01"

/*
 * An order has no status there that could be set, and a fulfilment or a payment
 * made twice is a real one each time. So what we know becomes metafields, which
 * a second time say just the same. Where Shopify can be asked what is done
 * already, the order is fulfilled, cancelled and closed too; a payment can be
 * told to GraphQL alone.
 */
static void
shopify_metafield(struct out *out, const char *key, const char *value)
{
	out_object(out, NULL);
	out_text(out, "namespace", "crm");
	out_text(out, "key", key);
	out_text(out, "type", "single_line_text_field");
	out_text(out, "value", value);
	out_close_object(out);
}

/* Cancel or close it, unless it says by a time that it is. */
static const struct err *
shopify_end(struct export *x, const struct export_order *e, const char *id,
    const char *verb, const char *when)
{
	const struct json *answer, *order;
	const struct err *err;

	if ((err = export_ask(x, e,
		 arena_printf(x->a, SHOPIFY_API "/orders/%s.json?fields=id,%s",
		     id, when),
		 &answer)) != NULL)
		return err;
	if (answer != NULL && json_kind(answer) == JSON_OBJECT &&
	    (order = json_get(answer, "order")) != NULL &&
	    *export_member(order, when, x->a) != '\0')
		return NULL;
	export_request(x, e, "POST",
	    arena_printf(x->a, SHOPIFY_API "/orders/%s/%s.json", id, verb));
	out_object(x->out, "body");
	out_close_object(x->out);
	return export_requested(x);
}

static void
shopify_tracking(struct export *x, const struct export_order *e)
{
	out_bool(x->out, "notify_customer", false);
	if (e->o->tracking_no == NULL)
		return;
	out_object(x->out, "tracking_info");
	out_text(x->out, "number", e->o->tracking_no);
	out_close_object(x->out);
}

/* One for each place that it is sent from. */
static const struct err *
shopify_fulfil(struct export *x, const struct export_order *e,
    const struct json *f)
{
	const struct err *err;
	int64_t id;

	if ((err = json_int(json_get(f, "id"), "id", &id)) != NULL)
		return err_new(ERR_REMOTE, "fulfillment order: %s", err->msg);
	export_request(x, e, "POST", SHOPIFY_API "/fulfillments.json");
	out_object(x->out, "body");
	out_object(x->out, "fulfillment");
	out_array(x->out, "line_items_by_fulfillment_order");
	out_object(x->out, NULL);
	out_int(x->out, "fulfillment_order_id", id);
	out_close_object(x->out);
	out_close_array(x->out);
	shopify_tracking(x, e);
	out_close_object(x->out);
	out_close_object(x->out);
	return export_requested(x);
}

/*
 * It is fulfilled: should the parcel's number be another? Of several parcels we
 * do not know which.
 */
static const struct err *
shopify_renumber(struct export *x, const struct export_order *e, const char *id)
{
	const struct json *answer, *f, *only = NULL;
	const struct err *err;

	if ((err = export_ask(x, e,
		 arena_printf(x->a, SHOPIFY_API "/orders/%s/fulfillments.json",
		     id),
		 &answer)) != NULL)
		return err;
	for (f = export_first(answer, "fulfillments"); f != NULL;
	     f = json_next(f)) {
		if (strcmp(export_member(f, "status", x->a), "success") != 0)
			continue;
		if (only != NULL)
			return NULL;
		only = f;
	}
	if (only == NULL || strcmp(export_member(only, "tracking_number", x->a),
				e->o->tracking_no) == 0)
		return NULL;
	export_request(x, e, "POST",
	    arena_printf(x->a, SHOPIFY_API "/fulfillments/%s/%s.json",
		export_id(export_member(only, "id", x->a), x->a),
		"update_tracking"));
	out_object(x->out, "body");
	out_object(x->out, "fulfillment");
	shopify_tracking(x, e);
	out_close_object(x->out);
	out_close_object(x->out);
	return export_requested(x);
}

/* It was handed over: what is still to be fulfilled is. */
static const struct err *
shopify_handed_over(struct export *x, const struct export_order *e,
    const char *id)
{
	const struct json *answer, *f;
	const struct err *err;
	const char *status;
	bool any = false;

	if ((err = export_ask(x, e,
		 arena_printf(x->a,
		     SHOPIFY_API "/orders/%s/fulfillment_orders.json", id),
		 &answer)) != NULL)
		return err;
	for (f = export_first(answer, "fulfillment_orders"); f != NULL;
	     f = json_next(f)) {
		status = export_member(f, "status", x->a);
		if (strcmp(status, "open") != 0 &&
		    strcmp(status, "in_progress") != 0)
			continue;
		if ((err = shopify_fulfil(x, e, f)) != NULL)
			return err;
		any = true;
	}
	if (any || e->o->tracking_no == NULL)
		return NULL;
	return shopify_renumber(x, e, id);
}

static const struct err *
shopify_metafields(struct export *x, const struct export_order *e,
    const char *id, bool tracking_no)
{
	export_request(x, e, "PUT",
	    arena_printf(x->a, SHOPIFY_API "/orders/%s.json", id));
	out_object(x->out, "body");
	out_object(x->out, "order");
	out_text(x->out, "id", e->external_id);
	out_array(x->out, "metafields");
	if (e->status != NULL)
		shopify_metafield(x->out, "status", e->status);
	if (tracking_no)
		shopify_metafield(x->out, "tracking_number", e->o->tracking_no);
	if (e->payment)
		shopify_metafield(x->out, "payment",
		    export_is_paid(e->o) ? "paid" : "pending");
	out_close_array(x->out);
	out_close_object(x->out);
	out_close_object(x->out);
	return export_requested(x);
}

static const struct err *
shopify_order(struct export *x, const struct export_order *e)
{
	const char *id = export_id(e->external_id, x->a);
	/* It refuses a metafield without a value. */
	const bool tracking_no = e->tracking_no && e->o->tracking_no != NULL;
	const struct err *err;

	if (e->status == NULL && !tracking_no && !e->payment)
		return NULL;
	if ((err = shopify_metafields(x, e, id, tracking_no)) != NULL)
		return err;
	if (x->ask != NULL && e->means->handed_over && !e->means->is_cancel &&
	    (e->status != NULL || tracking_no) &&
	    (err = shopify_handed_over(x, e, id)) != NULL)
		return err;
	if (e->status != NULL && strcmp(e->status, "cancelled") == 0)
		return shopify_end(x, e, id, "cancel", "cancelled_at");
	if (e->status != NULL && strcmp(e->status, "closed") == 0)
		return shopify_end(x, e, id, "close", "closed_at");
	return NULL;
}

const struct export_kind shopify_export = {
	.name = "shopify",
	.unknown = EXPORT_CODE,
	.order = shopify_order,
};
