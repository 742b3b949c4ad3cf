/* customer_view.c - one customer as a person reads it. */
#include "view/customer_view.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/when.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/order.h"
#include "view/page.h"

enum { VIEW_ORDER = 16, VIEW_STATUS = 26 }; /* widths in the list of orders */

struct view {
	struct shop *s;
	const struct customer *c;
	int64_t now;
	struct page p;
};

static const char *
view_money(struct view *v, int64_t minor, const char *currency)
{
	char buf[DECIMAL_STR_MAX];

	return arena_strdup(&v->p.a, money_text(minor, currency, buf));
}

/* Who it is ---------------------------------------------------------------- */

static void
view_who(struct view *v)
{
	const struct customer *c = v->c;
	const char *text = NULL;

	buf_printf(&v->p.b, "Customer %" PRId64 ": %s\n", c->id,
	    c->name != NULL ? c->name : "(no name)");
	if (c->erased_at != 0)
		page_pair(&v->p, "erased", page_time(&v->p, c->erased_at));
	if (c->vip)
		text = "VIP";
	if (c->bad)
		text = page_join(&v->p, text, "bad");
	page_pair(&v->p, "marks", text);
}

static const char *
view_keys(struct view *v, enum customer_list list)
{
	const struct customer_entries *l = &v->c->lists[list];
	const struct customer_entry *e;
	const char *text = NULL;

	for (e = l->v; e != customer_list_end(l); e++)
		text = page_join(&v->p, text, e->key);
	return text;
}

static void
view_contacts(struct view *v)
{
	static const enum customer_field address[] = { CUSTOMER_POSTCODE,
		CUSTOMER_COUNTRY, CUSTOMER_REGION, CUSTOMER_CITY,
		CUSTOMER_STREET, CUSTOMER_BUILDING };
	const char *text = NULL;
	size_t i;

	page_pair(&v->p, "phone", view_keys(v, CUSTOMER_PHONES));
	page_pair(&v->p, "e-mail", view_keys(v, CUSTOMER_EMAILS));
	for (i = 0; i < ARRAY_LEN(address); i++)
		text = page_join(&v->p, text,
		    field_text(&customer_fields, &v->c->rec, (int)address[i]));
	text = page_join_as(&v->p, text, "flat", v->c->flat);
	page_pair(&v->p, "address", page_join(&v->p, text, v->c->address));
	page_pair(&v->p, "born", v->c->birthday_on);
	page_pair(&v->p, "tags", view_keys(v, CUSTOMER_TAGS));
	page_pair(&v->p, "known as", view_keys(v, CUSTOMER_SOURCES));
	page_pair(&v->p, "since", page_time(&v->p, v->c->created_at));
}

/* "yes since 2026-03-02 12:00, from site" */
static void
view_consents(struct view *v)
{
	const struct customer_entries *l = &v->c->lists[CUSTOMER_CONSENTS];
	const struct customer_entry *e;
	const char *text;

	if (l->len != 0)
		page_heading(&v->p, "May we write or call");
	for (e = l->v; e != customer_list_end(l); e++) {
		text = arena_printf(&v->p.a, "%s since %s",
		    strcmp(e->value, "true") == 0 ? "yes" : "no",
		    page_time(&v->p, e->at));
		page_blanks(&v->p, PAGE_INDENT);
		page_cell(&v->p, e->key, PAGE_LABEL);
		page_wrap(&v->p, page_join_as(&v->p, text, "from", e->source),
		    PAGE_INDENT + PAGE_LABEL);
	}
}

static void
view_custom(struct view *v)
{
	const struct customer_entries *l = &v->c->lists[CUSTOMER_CUSTOM];
	const struct customer_entry *e;

	if (l->len != 0)
		page_heading(&v->p, "Custom fields");
	for (e = l->v; e != customer_list_end(l); e++) {
		page_blanks(&v->p, PAGE_INDENT);
		page_wrap(&v->p,
		    arena_printf(&v->p.a, "%s: %s", e->key, e->value),
		    PAGE_INDENT);
	}
}

/* What it bought ----------------------------------------------------------- */

static void
view_sum(struct view *v, const struct customer_sum *m)
{
	page_pair(&v->p, "bought",
	    arena_printf(&v->p.a, "%s in %" PRId64 " sale%s, %s on average",
		view_money(v, m->total_minor, m->currency), m->sales,
		m->sales == 1 ? "" : "s",
		view_money(v, m->average_minor, m->currency)));
}

static const struct err *
view_figures(struct view *v)
{
	struct customer_figures f;
	const struct err *err;
	char ago[WHEN_STR_MAX];
	size_t i;

	if ((err = customer_figure(v->s->db, v->c->id, &v->p.a, &f)) != NULL)
		return err;
	if (f.orders == 0) {
		page_pair(&v->p, "orders", "none");
		return NULL;
	}
	page_pair(&v->p, "orders",
	    arena_printf(&v->p.a,
		"%" PRId64 ", the first on %.10s, the last on %.10s, %s ago",
		f.orders, page_time(&v->p, f.first_order_at),
		page_time(&v->p, f.last_order_at),
		when_duration(v->now > f.last_order_at ?
				  v->now - f.last_order_at :
				  0,
		    ago)));
	for (i = 0; i < f.sum_len; i++)
		view_sum(v, &f.sums[i]);
	return NULL;
}

static const struct err *
view_orders(struct view *v)
{
	const struct err *err;
	struct order *o;
	int64_t *ids;
	size_t i, n;

	if ((err = customer_orders(v->s->db, v->c->id, &v->p.a, &ids, &n)) !=
	    NULL)
		return err;
	if (n != 0)
		page_heading(&v->p, "Orders");
	for (i = n; i > 0; i--) { /* the newest first */
		if ((err = order_by_id(v->s->db, ids[i - 1], ORDER_LOAD_PARTS,
			 &v->p.a, &o)) != NULL)
			return err;
		if (o == NULL)
			continue;
		page_blanks(&v->p, PAGE_INDENT);
		page_cell(&v->p, page_time(&v->p, o->placed_at), PAGE_WHEN + 2);
		page_cell(&v->p, o->order_no, VIEW_ORDER);
		page_cell(&v->p, o->status, VIEW_STATUS);
		page_cell_right(&v->p,
		    view_money(v, o->total_minor, o->currency),
		    PAGE_COLUMNS - PAGE_INDENT - PAGE_WHEN - 2 - VIEW_ORDER -
			VIEW_STATUS);
		buf_addc(&v->p.b, '\n');
	}
	return NULL;
}

/* Its past ----------------------------------------------------------------- */

static void
view_notes(struct view *v)
{
	const struct note *n = v->c->notes;
	size_t i;

	if (v->c->note_len != 0)
		page_heading(&v->p, "Notes");
	for (i = 0; i < v->c->note_len; i++)
		page_event(&v->p, n[i].at, n[i].actor, n[i].text);
}

/* A value of the history: of a consent only what was said. */
static const char *
view_value(const char *field, const char *value)
{
	if (value == NULL)
		return "(none)";
	if (strncmp(field, "consent.", strlen("consent.")) == 0)
		return strncmp(value, "given=true", strlen("given=true")) == 0 ?
			   "yes" :
			   "no";
	return value;
}

static void
view_history(struct view *v)
{
	const struct past *p = v->c->past;
	const char *text;
	size_t i;

	page_heading(&v->p, "History");
	for (i = 0; i < v->c->past_len; i++) {
		text = view_value(p[i].field, p[i].new);
		if (p[i].old != NULL)
			text = arena_printf(&v->p.a, "%s -> %s",
			    view_value(p[i].field, p[i].old), text);
		page_event(&v->p, p[i].at, p[i].actor,
		    arena_printf(&v->p.a, "%s: %s", p[i].field, text));
	}
}

const struct err *
customer_view_write(FILE *fp, struct shop *s, const struct customer *c,
    int64_t now)
{
	struct view v = { .s = s, .c = c, .now = now };
	const struct err *err;

	view_who(&v);
	view_contacts(&v);
	if ((err = view_figures(&v)) == NULL) {
		view_consents(&v);
		view_custom(&v);
		view_notes(&v);
		err = view_orders(&v);
		view_history(&v);
	}
	return page_write(&v.p, fp, err);
}
