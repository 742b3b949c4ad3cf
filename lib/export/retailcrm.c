/* retailcrm.c - news of its orders for retailCRM's API, version 5. */
#include <string.h>

#include "base/when.h"
#include "export/export.h"

/*
 * Bodies are forms there, whose values are JSON. A key that opens several shops
 * wants to be told which.
 */
static void
retailcrm_form(struct export *x, const char *by)
{
	out_object(x->out, "form");
	if (by != NULL)
		out_text(x->out, "by", by);
	if (x->site != NULL)
		out_text(x->out, "site", x->site);
}

static const struct err *
retailcrm_edit(struct export *x, const struct export_order *e)
{
	export_request(x, e, "POST",
	    arena_printf(x->a, "/api/v5/orders/%s/edit",
		export_id(e->external_id, x->a)));
	retailcrm_form(x, "id");
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

/* The payments that the order has there; NULL: not known. */
static const struct err *
retailcrm_ask(struct export *x, const struct export_order *e,
    const struct json **payments)
{
	const struct part_list *l = &e->o->parts[PART_PAYMENT];
	const struct json *answer, *order;
	const struct err *err;
	const struct part *p;

	*payments = NULL;
	for (p = l->v; p != order_part_end(l) && p->external_id != NULL; p++)
		;
	if (p == order_part_end(l))
		return NULL;
	err = export_ask(x, e,
	    arena_printf(x->a, "/api/v5/orders/%s?by=id%s%s",
		export_id(e->external_id, x->a),
		x->site != NULL ? "&site=" : "",
		x->site != NULL ? export_id(x->site, x->a) : ""),
	    &answer);
	if (err == NULL && answer != NULL && json_kind(answer) == JSON_OBJECT &&
	    (order = json_get(answer, "order")) != NULL)
		*payments = export_first(order, "payments");
	return err;
}

static bool
retailcrm_has(const struct json *payments, const char *name, struct arena *a)
{
	for (; payments != NULL; payments = json_next(payments))
		if (strcmp(export_member(payments, "externalId", a), name) == 0)
			return true;
	return false;
}

/*
 * A payment with an id is retailCRM's own; one of ours is made there under a
 * name of ours, by which it is found when it is there already.
 */
static const struct err *
retailcrm_payment(struct export *x, const struct export_order *e, size_t i,
    const struct json *payments)
{
	const struct part *p = &e->o->parts[PART_PAYMENT].v[i];
	const char *ours =
	    arena_printf(x->a, "%s-%d", e->o->order_no, (int)p->line);
	const char *id = p->external_id;
	const bool theirs = id != NULL;
	const bool there = theirs || retailcrm_has(payments, ours, x->a);

	export_request(x, e, "POST",
	    there ? arena_printf(x->a, "/api/v5/orders/payments/%s/edit",
			export_id(theirs ? id : ours, x->a)) :
		    "/api/v5/orders/payments/create");
	retailcrm_form(x, theirs ? "id" : there ? "externalId" : NULL);
	out_object(x->out, "payment");
	if (!there) {
		out_text(x->out, "externalId", ours);
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
	const struct json *payments;
	const struct err *err;
	size_t i;

	if ((e->status != NULL || e->tracking_no) &&
	    (err = retailcrm_edit(x, e)) != NULL)
		return err;
	if (!e->payment)
		return NULL;
	if ((err = retailcrm_ask(x, e, &payments)) != NULL)
		return err;
	for (i = 0; i < e->o->parts[PART_PAYMENT].len; i++)
		if ((err = retailcrm_payment(x, e, i, payments)) != NULL)
			return err;
	return NULL;
}

const struct export_kind retailcrm_export = {
	.name = "retailcrm",
	.unknown = EXPORT_CODE,
	.order = retailcrm_order,
};
