/* insales.c - news of its orders for InSales' API. */
#include "export/export.h"

/* The number goes into a field of the order that the shop has made for it. */
static void
insales_tracking(struct out *out, const char *tracking_no)
{
	out_array(out, "fields_values_attributes");
	out_object(out, NULL);
	out_text(out, "handle", "tracking_number");
	out_text(out, "value", tracking_no != NULL ? tracking_no : "");
	out_close_object(out);
	out_close_array(out);
}

static const struct err *
insales_order(struct export *x, const struct export_order *e)
{
	if (e->status == NULL && !e->tracking_no && !e->payment)
		return NULL;
	export_request(x, e, "PUT",
	    arena_printf(x->a, "/admin/orders/%s.json",
		export_id(e->external_id, x->a)));
	out_object(x->out, "body");
	out_object(x->out, "order");
	if (e->status != NULL)
		out_text(x->out, "fulfillment_status", e->status);
	if (e->payment)
		out_text(x->out, "financial_status",
		    export_is_paid(e->o) ? "paid" : "pending");
	if (e->tracking_no)
		insales_tracking(x->out, e->o->tracking_no);
	out_close_object(x->out);
	out_close_object(x->out);
	return export_requested(x);
}

const struct export_kind insales_export = {
	.name = "insales",
	.unknown = EXPORT_SILENT,
	.order = insales_order,
};
