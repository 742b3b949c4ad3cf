/* order_view.c - one order as a person reads it. */
#include "app/order_view.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/customer.h"
#include "crm/shop.h"
#include "crm/timeline.h"

enum {
	VIEW_COLUMNS = 80,
	VIEW_LABEL = 14, /* column in which a labelled text begins */
	VIEW_INDENT = 4, /* of the lines of a list */
	VIEW_PRICE = 15, /* widths of "2 x 6.90", */
	VIEW_SUM = 12,   /* "13.80" */
	VIEW_TOTAL = 18, /* and "13.80 BYN" */
	VIEW_SKU = 16,   /* widest column of SKUs */
	VIEW_WHEN = 16,  /* "2026-11-22 10:00" */
	VIEW_ACTOR = 12,
};

struct view {
	struct shop *s;
	const struct order *o;
	int64_t now;
	struct arena a;
	struct buf b;
};

/* Laying out --------------------------------------------------------------- */

static void
view_blanks(struct view *v, size_t n)
{
	buf_printf(&v->b, "%*s", (int)n, "");
}

/* Text in a column of this width, and a blank in any case. */
static void
view_cell(struct view *v, const char *text, size_t width)
{
	const size_t w = text_width(text);

	buf_adds(&v->b, text);
	view_blanks(v, w < width ? width - w : 1);
}

static void
view_cell_right(struct view *v, const char *text, size_t width)
{
	const size_t w = text_width(text);

	view_blanks(v, w < width ? width - w : 1);
	buf_adds(&v->b, text);
}

/*
 * Text in column `indent`, where the line stands, to its end; broken at blanks
 * and at its own line ends.
 */
static void
view_wrap(struct view *v, const char *text, size_t indent)
{
	size_t at = indent, n, width;
	const char *word;

	for (; *text != '\0'; text += n + (text[n] != '\0')) {
		n = strcspn(text, " \n");
		word = arena_strndup(&v->a, text, n);
		width = text_width(word);
		if (at > indent && at + 1 + width > VIEW_COLUMNS) {
			buf_addc(&v->b, '\n');
			view_blanks(v, indent);
			at = indent;
		} else if (at > indent) {
			buf_addc(&v->b, ' ');
			at++;
		}
		buf_adds(&v->b, word);
		at += width;
		if (text[n] == '\n') {
			buf_addc(&v->b, '\n');
			view_blanks(v, indent);
			at = indent;
		}
	}
	buf_addc(&v->b, '\n');
}

/* "  label       text"; nothing without text. */
static void
view_pair(struct view *v, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	buf_adds(&v->b, "  ");
	view_cell(v, label, VIEW_LABEL - 2);
	view_wrap(v, text, VIEW_LABEL);
}

static void
view_heading(struct view *v, const char *text)
{
	buf_printf(&v->b, "\n  %s\n", text);
}

/* text and more, joined by ", "; either may be NULL. */
static const char *
view_join(struct view *v, const char *text, const char *more)
{
	if (text == NULL || more == NULL)
		return text != NULL ? text : more;
	return arena_printf(&v->a, "%s, %s", text, more);
}

/* The same with a word before what is joined: ", manager anna". */
static const char *
view_join_as(struct view *v, const char *text, const char *word,
    const char *more)
{
	if (more == NULL)
		return text;
	return view_join(v, text, arena_printf(&v->a, "%s %s", word, more));
}

static const char *
view_money(struct view *v, int64_t minor)
{
	char buf[DECIMAL_STR_MAX];

	return arena_strdup(&v->a, money_format(minor, v->o->currency, buf));
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
	return arena_strdup(&v->a, decimal_short(price, PRICE_PLACES, buf));
}

static const char *
view_time(struct view *v, int64_t t)
{
	char buf[WHEN_STR_MAX];

	return arena_strdup(&v->a, when_local(t, buf));
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

	buf_printf(&v->b, "Order %s: %s\n", o->order_no,
	    st != NULL ? st->name : o->status);
	text = arena_printf(&v->a, "%s since %s, %s", o->status,
	    view_time(v, o->status_at), when_duration(stood, buf));
	if (st != NULL && st->time_limit != 0 && stood > st->time_limit * 60)
		text = view_join_as(v, text, "longer than",
		    when_duration(st->time_limit * 60, buf));
	view_pair(v, "status", text);
	view_pair(v, "reason", o->status_reason);
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
	    arena_strdup(&v->a, money_text(o->total_minor, o->currency, buf));

	if (o->paid_minor != 0)
		text =
		    view_join_as(v, text, "paid", view_money(v, o->paid_minor));
	if (debt > 0 && !lost)
		text = view_join_as(v, text, "to pay", view_money(v, debt));
	if (debt < 0)
		text = view_join_as(v, text, "overpaid", view_money(v, -debt));
	if (o->refunded_minor != 0)
		text = view_join_as(v, text, "refunded",
		    view_money(v, o->refunded_minor));
	if (field_has(&o->rec, ORDER_SOURCE_TOTAL) &&
	    o->source_total != o->total_minor)
		text = view_join_as(v, text, "the source says",
		    view_money(v, o->source_total));
	view_pair(v, "total", text);
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

	text = view_join(v, view_time(v, o->placed_at), o->order_method);
	text = view_join_as(v, text, "site", o->site);
	view_pair(v, "placed", view_join_as(v, text, "manager", o->manager));
	text = arena_printf(&v->a, "%s, there %s", o->source, o->external_id);
	for (i = 0; i < ARRAY_LEN(utm); i++) {
		tag = field_text(&order_fields, &o->rec, (int)utm[i]);
		if (tag != NULL)
			tags = tags == NULL ?
				   tag :
				   arena_printf(&v->a, "%s / %s", tags, tag);
	}
	text = view_join_as(v, text, "from", tags);
	view_pair(v, "source", view_join_as(v, text, "coupon", o->coupon));
}

/* What is known of who ordered, beside what this order says. */
static const char *
view_customer_past(struct view *v, const struct customer *c)
{
	const struct status *st = shop_status(v->s, v->o->status);
	const int64_t others = c->orders - 1;
	const int64_t sales = c->sales - (st != NULL && st->is_revenue ? 1 : 0);
	const char *text = NULL;

	if (c->vip)
		text = "VIP";
	if (c->bad)
		text = view_join(v, text, "marked as bad");
	if (others <= 0)
		return view_join(v, text, "the first order");
	return view_join(v, text,
	    arena_printf(&v->a,
		"%" PRId64 " other order%s (%" PRId64 " sale%s), the first"
		" on %.10s",
		others, others == 1 ? "" : "s", sales, sales == 1 ? "" : "s",
		view_time(v, c->first_at)));
}

static const struct err *
view_customer(struct view *v)
{
	const struct order *o = v->o;
	const struct err *err;
	struct customer *c = NULL;
	const char *text;

	text = view_join(v, view_join(v, o->customer_name, o->phone), o->email);
	if (o->customer_id != 0 &&
	    (err = customer_get(v->s->db, o->customer_id, &v->a, &c)) != NULL)
		return err;
	view_pair(v, "customer", text);
	if (c != NULL)
		view_pair(v, text != NULL ? "" : "customer",
		    view_customer_past(v, c));
	if (o->double_of != NULL)
		view_pair(v, "double",
		    arena_printf(&v->a, "looks like order %s", o->double_of));
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
		text = view_join(v, text,
		    field_text(&order_fields, &o->rec, (int)parts[i]));
	text = view_join_as(v, text, "flat", o->delivery_flat);
	return view_join(v, text, o->delivery_address);
}

static void
view_delivery(struct view *v)
{
	const struct order *o = v->o;
	const char *text = o->delivery_type, *window = o->delivery_on;

	if (o->delivery_from != NULL || o->delivery_to != NULL)
		window = arena_printf(&v->a, "%s%s%s-%s",
		    window != NULL ? window : "", window != NULL ? " " : "",
		    o->delivery_from != NULL ? o->delivery_from : "",
		    o->delivery_to != NULL ? o->delivery_to : "");
	text = view_join(v, text, window);
	text = view_join_as(v, text, "by", o->courier);
	text = view_join_as(v, text, "ships", o->ship_on);
	text = view_join_as(v, text, "from", o->store);
	if (field_has(&o->rec, ORDER_DELIVERY_NET))
		text = view_join_as(v, text, "costs us",
		    view_money(v, o->delivery_net));
	view_pair(v, "delivery", text);
	view_pair(v, text != NULL ? "" : "delivery", view_address(v));
	view_pair(v, "tracking", o->tracking_no);
	if (field_has(&o->rec, ORDER_CALL_WANTED))
		view_pair(v, "call wanted", o->call_wanted != 0 ? "yes" : "no");
	view_pair(v, "comment", o->customer_comment);
	view_pair(v, "our comment", o->manager_comment);
}

/* What is in it ------------------------------------------------------------- */

/* "    text                         13.80" */
static void
view_amount(struct view *v, const char *text, const char *amount)
{
	view_blanks(v, VIEW_INDENT);
	view_cell(v, text, VIEW_COLUMNS - VIEW_INDENT - VIEW_TOTAL);
	view_cell_right(v, amount, VIEW_TOTAL);
	buf_addc(&v->b, '\n');
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
	const size_t indent = VIEW_INDENT + 4 + sku_width;
	const size_t width = VIEW_COLUMNS - indent - VIEW_PRICE - VIEW_SUM;
	const char *name = p->name;
	size_t n;

	if (p->amount != 0)
		name = view_join_as(v, name, "less", view_money(v, p->amount));
	n = view_break(name, width);
	view_blanks(v, VIEW_INDENT);
	view_cell(v, arena_printf(&v->a, "%" PRId64, p->line), 4);
	view_cell(v, p->sku != NULL ? p->sku : "", sku_width);
	view_cell(v, arena_strndup(&v->a, name, n), width);
	view_cell_right(v,
	    arena_printf(&v->a, "%s x %s",
		decimal_short(p->quantity, QUANTITY_PLACES, quantity),
		view_price(v, p->price)),
	    VIEW_PRICE);
	view_cell_right(v, view_money(v, p->sum), VIEW_SUM);
	buf_addc(&v->b, '\n');
	for (name += n; *(name += strspn(name, " ")) != '\0'; name += n) {
		n = view_break(name, width);
		view_blanks(v, indent);
		buf_add(&v->b, name, n);
		buf_addc(&v->b, '\n');
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

	view_heading(v, "Items");
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
		    arena_printf(&v->a, "    %s%s",
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
		view_heading(v, "Payments");
	for (p = l->v; p != order_part_end(l); p++) {
		text = field_has(&p->rec, PAYMENT_PAID_AT) ?
			   view_time(v, p->at) :
			   NULL;
		text = view_join(v, text, p->kind);
		text = view_join(v, text, p->status);
		text = view_join(v, text, p->text);
		view_amount(v, text != NULL ? text : "",
		    view_money(v, p->amount));
	}
	l = &v->o->parts[PART_REFUND];
	if (l->len != 0)
		view_heading(v, "Refunds");
	for (p = l->v; p != order_part_end(l); p++)
		view_amount(v, view_join(v, view_time(v, p->at), p->text),
		    view_money(v, p->amount));
}

static void
view_custom(struct view *v)
{
	const struct part_list *l = &v->o->parts[PART_CUSTOM];
	const struct part *p;

	if (l->len != 0)
		view_heading(v, "Custom fields");
	for (p = l->v; p != order_part_end(l); p++) {
		view_blanks(v, VIEW_INDENT);
		view_wrap(v, arena_printf(&v->a, "%s: %s", p->field, p->text),
		    VIEW_INDENT);
	}
}

/* What became of it --------------------------------------------------------- */

/* "    2026-11-22 10:00  anna        text", the text wrapped. */
static void
view_event(struct view *v, int64_t at, const char *actor, const char *text)
{
	size_t indent = VIEW_INDENT + VIEW_WHEN + 2 + VIEW_ACTOR;

	view_blanks(v, VIEW_INDENT);
	view_cell(v, view_time(v, at), VIEW_WHEN + 2);
	view_cell(v, actor, VIEW_ACTOR);
	if (text_width(actor) >= VIEW_ACTOR) { /* a long name pushes it */
		buf_addc(&v->b, '\n');
		view_blanks(v, indent);
	}
	view_wrap(v, text, indent);
}

static void
view_notes(struct view *v)
{
	const struct order_note *n = v->o->notes;

	if (v->o->note_len != 0)
		view_heading(v, "Notes");
	for (; n < v->o->notes + v->o->note_len; n++)
		view_event(v, n->at, n->actor, n->text);
}

static void
view_timeline(struct view *v)
{
	struct timeline_stay *stays;
	char buf[WHEN_STR_MAX];
	size_t i, count;

	timeline_read(v->o, v->now, &v->a, &stays, &count);
	view_heading(v, "Time in statuses");
	for (i = 0; i < count; i++) {
		const struct timeline_stay *t = &stays[i];

		view_blanks(v, VIEW_INDENT);
		view_cell(v, view_time(v, t->entered_at), VIEW_WHEN + 2);
		view_cell(v, t->status, VIEW_COLUMNS / 2 - VIEW_WHEN);
		view_cell_right(v,
		    when_duration(t->left_at - t->entered_at, buf),
		    strlen("364d 23h"));
		buf_adds(&v->b, t->open ? "  so far\n" : "\n");
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

	pack_split(&v->a, old, &was, &was_len);
	pack_split(&v->a, new, &is, &is_len);
	for (i = 0; i < is_len; i++) {
		w = pack_find(was, was_len, is[i].name);
		before = w != NULL && w->value != NULL ? w->value : "";
		after = is[i].value != NULL ? is[i].value : "";
		if (strcmp(before, after) != 0)
			text = view_join(v, text,
			    arena_printf(&v->a, "%s %s -> %s", is[i].name,
				before, after));
	}
	for (i = 0; i < was_len; i++)
		if (pack_find(is, is_len, was[i].name) == NULL)
			text = view_join_as(v, text, "no", was[i].name);
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
		return view_time(v, t);
	return value;
}

static const char *
view_change(struct view *v, const struct order_past *p)
{
	const char *name = p->field;

	if (p->line != 0)
		name = arena_printf(&v->a, "%s %" PRId64, p->field, p->line);
	if (p->old != NULL && p->new != NULL && p->line != 0)
		return arena_printf(&v->a, "%s: %s", name,
		    view_packed_change(v, p->old, p->new));
	if (p->old == NULL)
		return arena_printf(&v->a, "%s: %s", name,
		    view_value(v, p->field, p->new));
	return arena_printf(&v->a, "%s: %s -> %s", name,
	    view_value(v, p->field, p->old), view_value(v, p->field, p->new));
}

static void
view_history(struct view *v)
{
	const struct order_past *p = v->o->past;

	view_heading(v, "History");
	for (; p < v->o->past + v->o->past_len; p++)
		view_event(v, p->at, p->actor, view_change(v, p));
}

/* -------------------------------------------------------------------------- */

/*
 * No text from outside may move the cursor. Among the controls are the C1 ones,
 * two bytes each in UTF-8.
 */
static void
view_disarm(struct buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++) {
		unsigned char *c = (unsigned char *)b->data + i;

		if ((c[0] < 0x20 && c[0] != '\n') || c[0] == 0x7f)
			c[0] = '?';
		else if (c[0] == 0xc2 && c[1] < 0xa0)
			c[0] = c[1] = '?';
	}
}

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
	view_disarm(&v.b);
	if (err == NULL && fwrite(v.b.data, 1, v.b.len, fp) != v.b.len)
		err = err_sys("standard output");
	buf_free(&v.b);
	arena_free(&v.a);
	return err;
}
