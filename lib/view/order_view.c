/* order_view.c - one order as a person reads it. */
#include "view/order_view.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/pack.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "order/timeline.h"
#include "view/page.h"

enum {
	VIEW_PRICE = 15, /* widths of "2 x 6.90", */
	VIEW_SUM = 12,   /* "13.80" */
	VIEW_TOTAL = 18, /* and "13.80 BYN" */
	VIEW_SKU = 16,   /* widest column of SKUs */
};

struct view {
	struct shop *s;
	const struct order *o;
	int64_t now;
	struct page p;
};

static const char *
view_money(struct view *v, int64_t minor)
{
	char buf[DECIMAL_STR_MAX];

	return arena_strdup(&v->p.a, money_format(minor, v->o->currency, buf));
}

/* With the currency's decimals, or as many as the price has. */
static const char *
view_price(struct view *v, int64_t price)
{
	int places = money_places(v->o->currency);
	char buf[DECIMAL_STR_MAX];
	int64_t unit = 1; /* of the price, in one minor unit */

	for (places = places < 0 ? 2 : places; places < PRICE_PLACES; places++)
		unit *= 10;
	if (price % unit == 0)
		return view_money(v, price / unit);
	return arena_strdup(&v->p.a, decimal_short(price, PRICE_PLACES, buf));
}

/* What the order is --------------------------------------------------------- */

static void
view_status(struct view *v)
{
	const struct order *o = v->o;
	const struct status *st = shop_status(v->s, o->status);
	const int64_t stood = v->now > o->status_at ? v->now - o->status_at : 0;
	char buf[WHEN_STR_MAX];
	const char *text;

	buf_printf(&v->p.b, "Order %s: %s\n", o->order_no,
	    st != NULL ? st->name : o->status);
	text = arena_printf(&v->p.a, "%s since %s, %s", o->status,
	    page_time(&v->p, o->status_at), when_duration(stood, buf));
	if (st != NULL && st->time_limit != 0 && stood > st->time_limit * 60)
		text = page_join_as(&v->p, text, "longer than",
		    when_duration(st->time_limit * 60, buf));
	page_pair(&v->p, "status", text);
	page_pair(&v->p, "reason", o->status_reason);
}

static void
view_total(struct view *v)
{
	const struct order *o = v->o;
	const struct status *st = shop_status(v->s, o->status);
	const int64_t debt = o->total_minor - o->paid_minor;
	const bool lost = st != NULL && st->is_cancel;
	char buf[DECIMAL_STR_MAX];
	const char *text =
	    arena_strdup(&v->p.a, money_text(o->total_minor, o->currency, buf));

	if (o->paid_minor != 0)
		text = page_join_as(&v->p, text, "paid",
		    view_money(v, o->paid_minor));
	if (debt > 0 && !lost)
		text = page_join_as(&v->p, text, "to pay", view_money(v, debt));
	if (debt < 0)
		text =
		    page_join_as(&v->p, text, "overpaid", view_money(v, -debt));
	if (o->refunded_minor != 0)
		text = page_join_as(&v->p, text, "refunded",
		    view_money(v, o->refunded_minor));
	if (field_has(&o->rec, ORDER_SOURCE_TOTAL) &&
	    o->source_total != o->total_minor)
		text = page_join_as(&v->p, text, "the source says",
		    view_money(v, o->source_total));
	page_pair(&v->p, "total", text);
}

/* The source's words for which there is none of ours. */
static const char *
view_source_codes(struct view *v)
{
	struct pack_member *m;
	const char *text = NULL;
	size_t i, n;

	if (v->o->source_codes == NULL)
		return NULL;
	pack_split(&v->p.a, v->o->source_codes, &m, &n);
	for (i = 0; i < n; i++)
		text = page_join_as(&v->p, text, m[i].name, m[i].value);
	return text;
}

static void
view_origin(struct view *v)
{
	static const enum order_field utm[] = { ORDER_UTM_SOURCE,
		ORDER_UTM_MEDIUM, ORDER_UTM_CAMPAIGN, ORDER_UTM_CONTENT,
		ORDER_UTM_TERM };
	const struct order *o = v->o;
	const char *text, *tags = NULL, *tag;
	size_t i;

	text =
	    page_join(&v->p, page_time(&v->p, o->placed_at), o->order_method);
	text = page_join_as(&v->p, text, "site", o->site);
	page_pair(&v->p, "placed",
	    page_join_as(&v->p, text, "manager", o->manager));
	text = arena_printf(&v->p.a, "%s, there %s", o->source, o->external_id);
	for (i = 0; i < ARRAY_LEN(utm); i++) {
		tag = field_text(&order_fields, &o->rec, (int)utm[i]);
		if (tag != NULL)
			tags = tags == NULL ?
				   tag :
				   arena_printf(&v->p.a, "%s / %s", tags, tag);
	}
	text = page_join_as(&v->p, text, "from", tags);
	page_pair(&v->p, "source",
	    page_join_as(&v->p, text, "coupon", o->coupon));
	page_pair(&v->p, "unmapped", view_source_codes(v));
}

/* What is known of who ordered, beside what this order says. */
static const char *
view_customer_past(struct view *v, const struct customer_brief *c)
{
	const struct status *st = shop_status(v->s, v->o->status);
	const int64_t others = c->orders - 1;
	const int64_t sales = c->sales - (st != NULL && st->is_revenue ? 1 : 0);
	const char *text = NULL;

	if (c->vip)
		text = "VIP";
	if (c->bad)
		text = page_join(&v->p, text, "marked as bad");
	if (others <= 0)
		return page_join(&v->p, text, "the first order");
	return page_join(&v->p, text,
	    arena_printf(&v->p.a,
		"%" PRId64 " other order%s (%" PRId64 " sale%s), the first"
		" on %.10s",
		others, others == 1 ? "" : "s", sales, sales == 1 ? "" : "s",
		page_time(&v->p, c->first_at)));
}

static const struct err *
view_customer(struct view *v)
{
	const struct order *o = v->o;
	const struct err *err;
	struct customer_brief *c = NULL;
	const char *text;

	text = page_join(&v->p, page_join(&v->p, o->customer_name, o->phone),
	    o->email);
	if (o->customer_id != 0 &&
	    (err = customer_get(v->s->db, o->customer_id, &v->p.a, &c)) != NULL)
		return err;
	page_pair(&v->p, "customer", text);
	if (c != NULL)
		page_pair(&v->p, text != NULL ? "" : "customer",
		    view_customer_past(v, c));
	if (o->double_of != NULL)
		page_pair(&v->p, "double",
		    arena_printf(&v->p.a, "looks like order %s", o->double_of));
	return NULL;
}

static const char *
view_address(struct view *v)
{
	static const enum order_field parts[] = { ORDER_DELIVERY_POSTCODE,
		ORDER_DELIVERY_COUNTRY, ORDER_DELIVERY_REGION,
		ORDER_DELIVERY_CITY, ORDER_DELIVERY_STREET,
		ORDER_DELIVERY_BUILDING };
	const struct order *o = v->o;
	const char *text = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(parts); i++)
		text = page_join(&v->p, text,
		    field_text(&order_fields, &o->rec, (int)parts[i]));
	text = page_join_as(&v->p, text, "flat", o->delivery_flat);
	return page_join(&v->p, text, o->delivery_address);
}

static void
view_delivery(struct view *v)
{
	const struct order *o = v->o;
	const char *text = o->delivery_type, *window = o->delivery_on;

	if (o->delivery_from != NULL || o->delivery_to != NULL)
		window = arena_printf(&v->p.a, "%s%s%s-%s",
		    window != NULL ? window : "", window != NULL ? " " : "",
		    o->delivery_from != NULL ? o->delivery_from : "",
		    o->delivery_to != NULL ? o->delivery_to : "");
	text = page_join(&v->p, text, window);
	text = page_join_as(&v->p, text, "by", o->courier);
	text = page_join_as(&v->p, text, "ships", o->ship_on);
	text = page_join_as(&v->p, text, "from", o->store);
	if (field_has(&o->rec, ORDER_DELIVERY_NET))
		text = page_join_as(&v->p, text, "costs us",
		    view_money(v, o->delivery_net));
	page_pair(&v->p, "delivery", text);
	page_pair(&v->p, text != NULL ? "" : "delivery", view_address(v));
	page_pair(&v->p, "tracking", o->tracking_no);
	if (field_has(&o->rec, ORDER_CALL_WANTED))
		page_pair(&v->p, "call wanted",
		    o->call_wanted != 0 ? "yes" : "no");
	page_pair(&v->p, "comment", o->customer_comment);
	page_pair(&v->p, "our comment", o->manager_comment);
}

/* What is in it ------------------------------------------------------------- */

/* "    text                         13.80" */
static void
view_amount(struct view *v, const char *text, const char *amount)
{
	page_blanks(&v->p, PAGE_INDENT);
	page_cell(&v->p, text, PAGE_COLUMNS - PAGE_INDENT - VIEW_TOTAL);
	page_cell_right(&v->p, amount, VIEW_TOTAL);
	buf_addc(&v->p.b, '\n');
}

/* Bytes of text that fit into the columns, broken at a blank if there is one. */
static size_t
view_break(const char *text, size_t columns)
{
	const size_t fits = text_prefix(text, columns);
	size_t n = fits;

	if (text[fits] == '\0' || text[fits] == ' ')
		return fits;
	while (n > 0 && text[n] != ' ')
		n--;
	return n > 0 ? n : fits;
}

static void
view_item(struct view *v, const struct part *p, size_t sku_width)
{
	char quantity[DECIMAL_STR_MAX];
	const size_t indent = PAGE_INDENT + 4 + sku_width;
	const size_t width = PAGE_COLUMNS - indent - VIEW_PRICE - VIEW_SUM;
	const char *name = p->name;
	size_t n;

	if (p->amount != 0)
		name =
		    page_join_as(&v->p, name, "less", view_money(v, p->amount));
	n = view_break(name, width);
	page_blanks(&v->p, PAGE_INDENT);
	page_cell(&v->p, arena_printf(&v->p.a, "%" PRId64, p->line), 4);
	page_cell(&v->p, p->sku != NULL ? p->sku : "", sku_width);
	page_cell(&v->p, arena_strndup(&v->p.a, name, n), width);
	page_cell_right(&v->p,
	    arena_printf(&v->p.a, "%s x %s",
		decimal_short(p->quantity, QUANTITY_PLACES, quantity),
		view_price(v, p->price)),
	    VIEW_PRICE);
	page_cell_right(&v->p, view_money(v, p->sum), VIEW_SUM);
	buf_addc(&v->p.b, '\n');
	for (name += n; *(name += strspn(name, " ")) != '\0'; name += n) {
		n = view_break(name, width);
		page_blanks(&v->p, indent);
		buf_add(&v->p.b, name, n);
		buf_addc(&v->p.b, '\n');
	}
}

static void
view_items(struct view *v)
{
	const struct part_list *items = &v->o->parts[PART_ITEM];
	const struct part_list *charges = &v->o->parts[PART_CHARGE];
	size_t i, w, sku_width = 0;
	char buf[DECIMAL_STR_MAX];
	const struct part *p;

	page_heading(&v->p, "Items");
	for (i = 0; i < items->len; i++) {
		w = items->v[i].sku != NULL ? text_width(items->v[i].sku) : 0;
		sku_width = w > sku_width ? w : sku_width;
	}
	if (sku_width != 0)
		sku_width = (sku_width < VIEW_SKU ? sku_width : VIEW_SKU) + 2;
	for (i = 0; i < items->len; i++)
		view_item(v, &items->v[i], sku_width);
	for (i = 0; i < charges->len; i++) {
		p = &charges->v[i];
		view_amount(v,
		    arena_printf(&v->p.a, "    %s%s",
			p->name != NULL ? p->name : p->kind,
			p->included != 0 ? " (in the prices)" : ""),
		    view_money(v, p->amount));
	}
	view_amount(v, "    total",
	    money_text(v->o->total_minor, v->o->currency, buf));
}

static void
view_payments(struct view *v)
{
	const struct part_list *l = &v->o->parts[PART_PAYMENT];
	const struct part *p;
	const char *text;

	if (l->len != 0)
		page_heading(&v->p, "Payments");
	for (p = l->v; p != order_part_end(l); p++) {
		text = field_has(&p->rec, PAYMENT_PAID_AT) ?
			   page_time(&v->p, p->at) :
			   NULL;
		text = page_join(&v->p, text, p->kind);
		text = page_join(&v->p, text, p->status);
		text = page_join(&v->p, text, p->text);
		view_amount(v, text != NULL ? text : "",
		    view_money(v, p->amount));
	}
	l = &v->o->parts[PART_REFUND];
	if (l->len != 0)
		page_heading(&v->p, "Refunds");
	for (p = l->v; p != order_part_end(l); p++)
		view_amount(v,
		    page_join(&v->p, page_time(&v->p, p->at), p->text),
		    view_money(v, p->amount));
}

static void
view_custom(struct view *v)
{
	const struct part_list *l = &v->o->parts[PART_CUSTOM];
	const struct part *p;

	if (l->len != 0)
		page_heading(&v->p, "Custom fields");
	for (p = l->v; p != order_part_end(l); p++) {
		page_blanks(&v->p, PAGE_INDENT);
		page_wrap(&v->p,
		    arena_printf(&v->p.a, "%s: %s", p->field, p->text),
		    PAGE_INDENT);
	}
}

/* What became of it --------------------------------------------------------- */

static void
view_notes(struct view *v)
{
	const struct note *n = v->o->notes;

	if (v->o->note_len != 0)
		page_heading(&v->p, "Notes");
	for (; n < v->o->notes + v->o->note_len; n++)
		page_event(&v->p, n->at, n->actor, n->text);
}

static void
view_timeline(struct view *v)
{
	struct timeline_stay *stays;
	char buf[WHEN_STR_MAX];
	size_t i, count;

	timeline_read(v->o, v->now, &v->p.a, &stays, &count);
	page_heading(&v->p, "Time in statuses");
	for (i = 0; i < count; i++) {
		const struct timeline_stay *t = &stays[i];

		page_blanks(&v->p, PAGE_INDENT);
		page_cell(&v->p, page_time(&v->p, t->entered_at),
		    PAGE_WHEN + 2);
		page_cell(&v->p, t->status, PAGE_COLUMNS / 2 - PAGE_WHEN);
		page_cell_right(&v->p,
		    when_duration(t->left_at - t->entered_at, buf),
		    strlen("364d 23h"));
		buf_adds(&v->p.b, t->open ? "  so far\n" : "\n");
	}
}

/* Of a line that was changed, only the members that differ. */
static const char *
view_packed_change(struct view *v, const char *old, const char *new)
{
	struct pack_member *was, *is;
	const struct pack_member *w;
	const char *text = NULL, *before, *after;
	size_t i, was_len, is_len;

	pack_split(&v->p.a, old, &was, &was_len);
	pack_split(&v->p.a, new, &is, &is_len);
	for (i = 0; i < is_len; i++) {
		w = pack_find(was, was_len, is[i].name);
		before = w != NULL && w->value != NULL ? w->value : "";
		after = is[i].value != NULL ? is[i].value : "";
		if (strcmp(before, after) != 0)
			text = page_join(&v->p, text,
			    arena_printf(&v->p.a, "%s %s -> %s", is[i].name,
				before, after));
	}
	for (i = 0; i < was_len; i++)
		if (pack_find(is, is_len, was[i].name) == NULL)
			text = page_join_as(&v->p, text, "no", was[i].name);
	return text != NULL ? text : "";
}

/* A value of the history; times stand there in UTC. */
static const char *
view_value(struct view *v, const char *field, const char *value)
{
	const int i = field_find(&order_fields, field);
	int64_t t;

	if (value == NULL)
		return "(none)";
	if (i >= 0 && order_fields.list[i].kind == FIELD_TIME &&
	    when_parse(value, &t) == NULL)
		return page_time(&v->p, t);
	return value;
}

static const char *
view_change(struct view *v, const struct past *p)
{
	const char *name = p->field;

	if (p->line != 0)
		name = arena_printf(&v->p.a, "%s %" PRId64, p->field, p->line);
	if (p->old != NULL && p->new != NULL && p->line != 0)
		return arena_printf(&v->p.a, "%s: %s", name,
		    view_packed_change(v, p->old, p->new));
	if (p->old == NULL)
		return arena_printf(&v->p.a, "%s: %s", name,
		    view_value(v, p->field, p->new));
	return arena_printf(&v->p.a, "%s: %s -> %s", name,
	    view_value(v, p->field, p->old), view_value(v, p->field, p->new));
}

static void
view_history(struct view *v)
{
	const struct past *p = v->o->past;

	page_heading(&v->p, "History");
	for (; p < v->o->past + v->o->past_len; p++)
		page_event(&v->p, p->at, p->actor, view_change(v, p));
}

/* -------------------------------------------------------------------------- */

const struct err *
order_view_write(FILE *fp, struct shop *s, const struct order *o,
    enum order_view what, int64_t now)
{
	struct view v = { .s = s, .o = o, .now = now };
	const struct err *err;

	view_status(&v);
	view_total(&v);
	view_origin(&v);
	err = view_customer(&v);
	view_delivery(&v);
	view_items(&v);
	view_payments(&v);
	view_custom(&v);
	view_notes(&v);
	if (what == ORDER_VIEW_WHOLE) {
		view_timeline(&v);
		view_history(&v);
	}
	return page_write(&v.p, fp, err);
}
