/* retailcrm.c - news of its orders for retailCRM's API, version 5. */
#include "base/when.h"
#include "export/export.h"

/* Bodies are forms there, whose values are JSON. */
static const struct err *
retailcrm_edit(struct export *x, const struct export_order *e)
{
	export_request(x, e, "POST",
	    arena_printf(x->a, "/api/v5/orders/%s/edit",
		export_id(e->external_id, x->a)));
	out_object(x->out, "form");
	out_text(x->out, "by", "id");
	out_object(x->out, "order");
	if (e->status != NULL)
		out_text(x->out, "status", e->status);
	if (e->tracking_no) {
		out_object(x->out, "delivery");
		out_object(x->out, "data");
		out_text(x->out, "trackNumber", e->o->tracking_no);
		out_close_object(x->out);
		out_close_object(x->out);
	}
	out_close_object(x->out);
	out_close_object(x->out);
	return export_requested(x);
}

/* "2026-11-22 10:00:00", in the time zone of the account, which is ours. */
static void
retailcrm_time(struct export *x, const char *key, int64_t at)
{
	char day[WHEN_STR_MAX];
	int s = when_second_of_day(at);

	out_text(x->out, key,
	    arena_printf(x->a, "%s %02d:%02d:%02d",
		when_day_format(when_day(at), day), s / 3600, s / 60 % 60,
		s % 60));
}

/*
 * A payment with an id is retailCRM's own; one of ours is made there under a
 * name that a second attempt would meet again, and be refused.
 */
static const struct err *
retailcrm_payment(struct export *x, const struct export_order *e, size_t i)
{
	const struct part *p = &e->o->parts[PART_PAYMENT].v[i];
	const bool theirs = p->external_id != NULL;

	export_request(x, e, "POST",
	    theirs ? arena_printf(x->a, "/api/v5/orders/payments/%s/edit",
			 export_id(p->external_id, x->a)) :
		     "/api/v5/orders/payments/create");
	out_object(x->out, "form");
	if (theirs)
		out_text(x->out, "by", "id");
	out_object(x->out, "payment");
	if (!theirs) {
		out_text(x->out, "externalId",
		    arena_printf(x->a, "%s-%d", e->o->order_no, (int)p->line));
		out_object(x->out, "order");
		out_text(x->out, "id", e->external_id);
		out_close_object(x->out);
		if (e->payment_types[i] != NULL)
			out_text(x->out, "type", e->payment_types[i]);
	}
	if (e->payment_statuses[i] != NULL)
		out_text(x->out, "status", e->payment_statuses[i]);
	out_money(x->out, "amount", p->amount, e->o->currency);
	if (field_has(&p->rec, PAYMENT_PAID_AT))
		retailcrm_time(x, "paidAt", p->at);
	out_close_object(x->out);
	out_close_object(x->out);
	return export_requested(x);
}

static const struct err *
retailcrm_order(struct export *x, const struct export_order *e)
{
	const struct err *err;
	size_t i;

	if ((e->status != NULL || e->tracking_no) &&
	    (err = retailcrm_edit(x, e)) != NULL)
		return err;
	if (!e->payment)
		return NULL;
	for (i = 0; i < e->o->parts[PART_PAYMENT].len; i++)
		if ((err = retailcrm_payment(x, e, i)) != NULL)
			return err;
	return NULL;
}

const struct export_kind retailcrm_export = {
	.name = "retailcrm",
	.unknown = EXPORT_CODE,
	.order = retailcrm_order,
};
