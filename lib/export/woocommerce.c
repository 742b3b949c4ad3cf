/* woocommerce.c - news of its orders for WooCommerce's REST API, version 3. */
#include "export/export.h"

/* WooCommerce has no tracking numbers; this is where most plugins look. */
static void
woocommerce_tracking(struct out *out, const char *tracking_no)
{
	out_array(out, "meta_data");
	out_object(out, NULL);
	out_text(out, "key", "_tracking_number");
	out_text(out, "value", tracking_no != NULL ? tracking_no : "");
	out_close_object(out);
	out_close_array(out);
}

static const struct err *
woocommerce_order(struct export *x, const struct export_order *e)
{
	const bool paid = e->payment && export_is_paid(e->o);

	if (e->status == NULL && !e->tracking_no && !paid)
		return NULL;
	export_request(x, e, "PUT",
	    arena_printf(x->a, "/wp-json/wc/v3/orders/%s",
		export_id(e->external_id, x->a)));
	out_object(x->out, "body");
	if (e->status != NULL)
		out_text(x->out, "status", e->status);
	if (paid)
		out_bool(x->out, "set_paid", true);
	if (e->tracking_no)
		woocommerce_tracking(x->out, e->o->tracking_no);
	out_close_object(x->out);
	return export_requested(x);
}

const struct export_kind woocommerce_export = {
	.name = "woocommerce",
	.unknown = EXPORT_SILENT,
	.order = woocommerce_order,
};
