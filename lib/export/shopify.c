/* shopify.c - news of its orders for Shopify's Admin API. */
#include <string.h>

#include "export/export.h"

#define SHOPIFY_API "/admin/api/2024-01/orders"

/*
 * An order has no status there that could be set, and a fulfilment or a payment
 * made twice is a real one each time. So what we know becomes metafields, which
 * a second time say just the same; only a cancellation is done.
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

static const struct err *
shopify_cancel(struct export *x, const struct export_order *e, const char *id)
{
	export_request(x, e, "POST",
	    arena_printf(x->a, SHOPIFY_API "/%s/cancel.json", id));
	out_object(x->out, "body");
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
	export_request(x, e, "PUT",
	    arena_printf(x->a, SHOPIFY_API "/%s.json", id));
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
	if ((err = export_requested(x)) != NULL || e->status == NULL ||
	    strcmp(e->status, "cancelled") != 0)
		return err;
	return shopify_cancel(x, e, id);
}

const struct export_kind shopify_export = {
	.name = "shopify",
	.unknown = EXPORT_CODE,
	.order = shopify_order,
};
