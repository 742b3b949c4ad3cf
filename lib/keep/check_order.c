/* check_order.c - all orders in one pass: what each of them must be. */
#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/pack.h"
#include "base/text.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"
#include "keep/check_find.h"
#include "order/order_save.h"

#define CHECK_ERASED "(erased)" /* what a person asked us to forget */

static const struct err *
check_tell(struct check_run *r, const struct check_order *o, bool mendable,
    const char *detail)
{
	return check_found(r, "order", o->order->id, o->order->order_no,
	    mendable, detail);
}

/* The order itself ---------------------------------------------------------- */

/* Text of a kind that has one form must have it. */
static const struct err *
check_forms(struct check_run *r, const struct check_order *o)
{
	const struct fields *t = &order_fields;
	const struct err *err = NULL, *bad;
	struct order again = { 0 };
	const char *text;
	int i;

	for (i = 0; err == NULL && i < ORDER_FIELD_COUNT; i++) {
		if (t->list[i].kind < FIELD_DATE ||
		    t->list[i].kind > FIELD_EMAIL ||
		    (text = field_text(t, &o->order->rec, i)) == NULL)
			continue;
		bad =
		    field_parse(t, &again.rec, i, text, NULL, NULL, r->record);
		if (bad != NULL)
			err = check_tell(r, o, false, bad->msg);
		else if (!field_has(&again.rec, i) ||
			 strcmp(field_text(t, &again.rec, i), text) != 0)
			err = check_tell(r, o, false,
			    arena_printf(r->record, "%s is '%s'",
				t->list[i].name, text));
	}
	return err;
}

static const struct err *
check_lines(struct check_run *r, const struct check_order *o)
{
	const struct err *err = NULL;
	enum order_part part;
	const struct part *p;

	for (part = PART_ITEM; part < PART_CUSTOM; part++) {
		const struct part_list *l = &o->order->parts[part];

		for (p = l->v; err == NULL && p != order_part_end(l); p++)
			if (p->line < 1)
				err = check_tell(r, o, false,
				    arena_printf(r->record,
					"%s: the line has number %" PRId64,
					order_part_words[part], p->line));
	}
	return err;
}

const struct err *
check_order(struct check_run *r, const struct check_order *o)
{
	struct order *order = o->order;
	struct part_list custom = order->parts[PART_CUSTOM];
	const struct err *err, *bad;

	/* Custom values are looked at by themselves, of customers too. */
	order->parts[PART_CUSTOM] = (struct part_list){ 0 };
	if ((bad = order_check_no(order->order_no)) == NULL)
		bad = order_check(r->shop, order, r->record);
	order->parts[PART_CUSTOM] = custom;
	if (bad != NULL && bad->code != ERR_INPUT)
		return bad;
	if (bad != NULL && (err = check_tell(r, o, false, bad->msg)) != NULL)
		return err;
	if (order->rev < 1 && (err = check_tell(r, o, false,
				   arena_printf(r->record, "rev is %" PRId64,
				       order->rev))) != NULL)
		return err;
	if (order->updated_at < order->created_at &&
	    (err = check_tell(r, o, false,
		 "updated_at is before created_at")) != NULL)
		return err;
	if ((err = check_lines(r, o)) != NULL)
		return err;
	return check_forms(r, o);
}

/* Sums ---------------------------------------------------------------------- */

static const struct figure {
	const char *name; /* as in a record */
	size_t at;
} figures[] = {
	{ "items_total", offsetof(struct order, items_minor) },
	{ "total", offsetof(struct order, total_minor) },
	{ "paid", offsetof(struct order, paid_minor) },
	{ "refunded", offsetof(struct order, refunded_minor) },
	{ "cost", offsetof(struct order, cost_minor) },
};

/* NULL for a cost that is not known. */
static const char *
figure_text(const struct figure *f, const struct order *o, struct arena *a)
{
	char buf[DECIMAL_STR_MAX];
	int64_t v;

	if (f->at == offsetof(struct order, cost_minor) && !o->has_cost)
		return NULL;
	memcpy(&v, (const char *)o + f->at, sizeof(v));
	return arena_strdup(a, money_format(v, o->currency, buf));
}

static const struct err *
check_wrong_sum(struct check_run *r, const struct check_order *o,
    const char *what, const char *is, const char *want)
{
	return check_tell(r, o, true,
	    arena_printf(r->record, "%s is %s, %s follows", what,
		is != NULL ? is : "not known",
		want != NULL ? want : "that it is not known"));
}

const struct err *
check_sums(struct check_run *r, const struct check_order *o)
{
	const struct part_list *was = &o->stored->parts[PART_ITEM];
	const struct part_list *is = &o->order->parts[PART_ITEM];
	char a[DECIMAL_STR_MAX], b[DECIMAL_STR_MAX];
	const char *currency = o->order->currency, *x, *y;
	const struct err *err;
	size_t i;

	if ((err = order_totals(o->order, shop_is_paid, r->shop)) != NULL)
		return check_tell(r, o, false, err->msg);
	for (i = 0; i < is->len; i++)
		if (was->v[i].sum != is->v[i].sum &&
		    (err = check_wrong_sum(r, o,
			 arena_printf(r->record, "item %" PRId64 ": sum",
			     is->v[i].line),
			 money_format(was->v[i].sum, currency, a),
			 money_format(is->v[i].sum, currency, b))) != NULL)
			return err;
	for (i = 0; i < ARRAY_LEN(figures); i++) {
		x = figure_text(&figures[i], o->stored, r->record);
		y = figure_text(&figures[i], o->order, r->record);
		if (!text_same(x, y) && (err = check_wrong_sum(r, o,
					     figures[i].name, x, y)) != NULL)
			return err;
	}
	return NULL;
}

/* The sums of an order and of its lines, apart from it. In a. */
static struct order *
check_keep_sums(const struct order *o, struct arena *a)
{
	const struct part_list *l = &o->parts[PART_ITEM];
	struct order *kept = arena_alloc(a, sizeof(*kept));

	*kept = *o;
	if (l->len == 0)
		return kept;
	kept->parts[PART_ITEM].v = arena_alloc(a, l->len * sizeof(*l->v));
	memcpy(kept->parts[PART_ITEM].v, l->v, l->len * sizeof(*l->v));
	return kept;
}

static const struct err *
check_put_sums(struct check_run *r, const struct order *o)
{
	static const char line_sql[] = "UPDATE order_item SET sum_minor = :sum"
				       " WHERE order_id = :id AND line = :line";
	static const char order_sql[] =
	    "UPDATE orders SET (items_minor, total_minor, paid_minor,"
	    " refunded_minor, cost_minor, customer_id, status_at, updated_at,"
	    " rev) = (:items_minor, :total_minor, :paid_minor,"
	    " :refunded_minor, :cost_minor, :customer_id, :status_at,"
	    " max(updated_at, :now), rev + 1) WHERE id = :id";
	const struct part_list *l = &o->parts[PART_ITEM];
	const struct err *err;
	const struct part *p;
	struct db_stmt *st;

	for (p = l->v; p != order_part_end(l); p++) {
		if ((err = db_stmt(r->db, line_sql, &st)) != NULL)
			return err;
		db_bind_int(st, ":sum", p->sum);
		db_bind_int(st, ":id", o->id);
		db_bind_int(st, ":line", p->line);
		if ((err = db_run(st)) != NULL)
			return err;
	}
	if ((err = db_stmt(r->db, order_sql, &st)) != NULL)
		return err;
	order_bind_sums(st, o);
	db_bind_int(st, ":now", r->shop->now);
	db_bind_int(st, ":id", o->id);
	return db_run(st);
}

static const struct err *
check_mend_order(struct check_run *r, int64_t id)
{
	struct history_row h = { .at = r->shop->now,
		.entity = "order",
		.entity_id = id };
	const struct err *err;
	struct order *o, *was;
	size_t i;

	if ((err = order_by_id(r->db, id, ORDER_LOAD_PARTS, r->record, &o)) !=
		NULL ||
	    o == NULL)
		return err;
	was = check_keep_sums(o, r->record);
	if ((err = order_totals(o, shop_is_paid, r->shop)) != NULL ||
	    (err = check_put_sums(r, o)) != NULL)
		return err;
	for (i = 0; i < ARRAY_LEN(figures); i++) {
		h.field = figures[i].name;
		h.old = figure_text(&figures[i], was, r->record);
		h.new = figure_text(&figures[i], o, r->record);
		if (!text_same(h.old, h.new) &&
		    (err = history_add(r->shop, &h)) != NULL)
			return err;
	}
	return NULL;
}

const struct err *
check_sums_mend(struct check_run *r)
{
	const struct err *err = NULL;
	size_t i;

	for (i = 0; err == NULL && i < r->id_count; i++) {
		err = check_mend_order(r, r->ids[i]);
		arena_reset(r->record);
	}
	return err;
}

/* History ------------------------------------------------------------------- */

const struct err *
check_status(struct check_run *r, const struct check_order *o)
{
	const struct order *order = o->order;
	const struct check_change *c;
	int64_t began = 0, stands = 0, moved = 0;
	const struct err *err;

	for (c = o->changes; c < o->changes + o->change_count; c++) {
		if (strcmp(c->field, "status") != 0 || c->new == NULL)
			continue;
		if (c->old == NULL)
			began = c->id;
		if (strcmp(c->new, order->status) == 0 &&
		    c->at == order->status_at)
			stands = c->id;
		if (c->own)
			moved = c->id;
	}
	if (began == 0 && (err = check_tell(r, o, false,
			       "no first status in its history")) != NULL)
		return err;
	if (stands != 0 && moved <= stands)
		return NULL;
	return check_tell(r, o, false,
	    stands == 0 ?
		arena_printf(r->record,
		    "how it came to %s is not in its history", order->status) :
		arena_printf(r->record,
		    "its history moved it on from %s, it did not go",
		    order->status));
}

/* The custom field that a change is of, or NULL. */
static const char *
check_custom_name(const char *field)
{
	return strchr(field, '.') + 1;
}

static const struct part *
check_find_line(const struct order *o, enum order_part part,
    const struct check_change *c)
{
	const struct part_list *l = &o->parts[part];
	const struct part *p;

	for (p = l->v; p != order_part_end(l); p++)
		if (part == PART_CUSTOM ?
			strcmp(p->field, check_custom_name(c->field)) == 0 :
			p->line == c->line)
			return p;
	return NULL;
}

/* What the history says of a line; it may know less of it than we do now. */
static bool
check_line_stands(const struct order *o, enum order_part part,
    const struct check_change *c, struct arena *a)
{
	const struct fields *t = &order_part_fields[part];
	const struct part *p = check_find_line(o, part, c);
	struct pack_member *m;
	size_t i, n;
	int f;

	if (p == NULL || c->new == NULL)
		return p == NULL && c->new == NULL;
	if (part == PART_CUSTOM)
		return text_same(p->text, c->new);
	pack_split(a, c->new, &m, &n);
	for (i = 0; i < n; i++)
		if ((f = field_find(t, m[i].name)) >= 0 &&
		    !text_same(m[i].value,
			field_format(t, &p->rec, f, o->currency, a)))
			return false;
	return true;
}

/* Does what the change made of the order stand in it? */
static bool
check_stands(const struct order *o, const struct check_change *c,
    struct arena *a)
{
	const enum order_part part = order_part_named(c->field);
	const int f = field_find(&order_fields, c->field);

	if (f >= 0)
		return text_same(c->new,
		    field_format(&order_fields, &o->rec, f, o->currency, a));
	if (part != PART_COUNT)
		return check_line_stands(o, part, c, a);
	return strcmp(c->field, "customer_id") != 0 ||
	       text_same(c->new,
		   o->customer_id == 0 ?
		       NULL :
		       arena_printf(a, "%" PRId64, o->customer_id));
}

/* Is it something whose every change is written? */
static bool
check_is_kept(const char *field)
{
	return field_find(&order_fields, field) >= 0 ||
	       order_part_named(field) != PART_COUNT ||
	       strcmp(field, "customer_id") == 0;
}

/* The next change of the same thing, or NULL. */
static const struct check_change *
check_next_change(const struct check_order *o, const struct check_change *c)
{
	const struct check_change *n;

	for (n = c + 1; n < o->changes + o->change_count; n++)
		if (n->line == c->line && strcmp(n->field, c->field) == 0)
			return n;
	return NULL;
}

const struct err *
check_history(struct check_run *r, const struct check_order *o)
{
	const struct check_change *c, *next;
	const struct err *err = NULL;
	const char *what;

	for (c = o->changes; err == NULL && c < o->changes + o->change_count;
	     c++) {
		if (!c->own || !check_is_kept(c->field) ||
		    text_same(c->new, CHECK_ERASED))
			continue;
		next = check_next_change(o, c);
		what = next == NULL ? "the order" : "the next change";
		if (next == NULL ?
			check_stands(o->order, c, r->record) :
			!next->own || text_same(next->old, CHECK_ERASED) ||
			    text_same(c->new, next->old))
			continue;
		err = check_tell(r, o, false,
		    arena_printf(r->record,
			"history %" PRId64 " made %s '%s'; %s knows another "
			"value",
			c->id, c->field, c->new != NULL ? c->new : "", what));
	}
	return err;
}

/* The pass ------------------------------------------------------------------ */

/* Telling a source's past is order-import's work; see check_find.h. */
static const char changes_sql[] =
    "SELECT h.entity_id, h.id, h.at, h.item_id, h.field, h.old, h.new,"
    " r.command <> 'order-import'"
    " FROM history h LEFT JOIN run r ON r.id = h.run_id"
    " WHERE h.entity = 'order' ORDER BY h.entity_id, h.id";
static const char count_sql[] = "SELECT (SELECT count(*) FROM orders),"
				" (SELECT ifnull(max(started_at), 0) FROM run)";

struct pass {
	struct check_run *r;
	const struct check *checks[CHECK_MAX];
	size_t check_count;
	struct order_walk *walk;
	struct db_stmt *changes; /* NULL when no check asks for them */
	bool more;               /* it stands on a row */
	uint64_t total;
};

static const struct err *
pass_next_change(struct pass *p)
{
	return db_step(p->changes, &p->more);
}

static const struct err *
pass_add_change(struct pass *p, struct check_order *o,
    struct check_change **list)
{
	struct arena *a = p->r->record;
	struct db_stmt *st = p->changes;

	*list = arena_grow(a, *list, o->change_count, sizeof(**list));
	(*list)[o->change_count++] = (struct check_change){
		.id = db_col_int(st, 1),
		.at = db_col_int(st, 2),
		.line = db_col_int(st, 3),
		.field = db_col_text(st, 4, a),
		.old = db_col_text(st, 5, a),
		.new = db_col_text(st, 6, a),
		.own = db_col_int(st, 7) != 0,
	};
	return pass_next_change(p);
}

/* Its order is not there: the last word must be that it was removed. */
static const struct err *
pass_gone(struct pass *p)
{
	const int64_t id = db_col_int(p->changes, 0);
	const struct err *err = NULL;
	bool removed = false;
	size_t i;

	while (err == NULL && p->more && db_col_int(p->changes, 0) == id) {
		removed = strcmp(db_col_peek(p->changes, 4), "removed") == 0;
		err = pass_next_change(p);
	}
	if (err != NULL || removed)
		return err;
	for (i = 0; err == NULL && i < p->check_count; i++) {
		if (p->checks[i]->find_in != check_history)
			continue;
		p->r->check = p->checks[i];
		err = check_found(p->r, "order", id, NULL, false,
		    "it has a history, but is not there and was not removed");
	}
	return err;
}

/* The changes of o, or with NULL those behind the last order. */
static const struct err *
pass_changes(struct pass *p, struct check_order *o)
{
	struct check_change *list = NULL;
	const struct err *err = NULL;
	int64_t id;

	while (err == NULL && p->changes != NULL && p->more) {
		id = db_col_int(p->changes, 0);
		if (o == NULL || id < o->order->id)
			err = pass_gone(p);
		else if (id == o->order->id)
			err = pass_add_change(p, o, &list);
		else
			break;
	}
	if (o != NULL)
		o->changes = list;
	return err;
}

static const struct err *
pass_order(struct pass *p, struct order *order)
{
	struct check_order o = { .order = order };
	const struct err *err;
	size_t i;

	o.stored = check_keep_sums(order, p->r->record);
	err = pass_changes(p, &o);
	for (i = 0; err == NULL && i < p->check_count; i++) {
		p->r->check = p->checks[i];
		err = p->checks[i]->find_in(p->r, &o);
	}
	p->r->orders++;
	if (err == NULL && p->r->orders % 256 == 0)
		err = p->r->tick(p->r->arg, p->r->orders, p->total);
	return err;
}

static const struct err *
pass_orders(struct pass *p)
{
	const struct err *err;
	struct order *order;

	do {
		arena_reset(p->r->record);
		err = order_walk_next(p->walk, p->r->record, &order);
		if (err == NULL && order != NULL)
			err = pass_order(p, order);
	} while (err == NULL && order != NULL);
	return err != NULL ? err : pass_changes(p, NULL);
}

/* How many there are, and the clock of the last run, which may be ahead. */
static const struct err *
pass_begin(struct pass *p)
{
	struct shop *s = p->r->shop;
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(p->r->db, count_sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL)
		return err;
	p->total = (uint64_t)db_col_int(st, 0);
	if (s->now < db_col_int(st, 1))
		s->now = db_col_int(st, 1);
	db_reset(st);
	return p->r->tick(p->r->arg, 0, p->total);
}

static const struct err *
pass_run(struct pass *p)
{
	const struct err *err;

	if (p->changes != NULL && (err = pass_next_change(p)) != NULL)
		return err;
	if ((err = order_walk_open(p->r->db, &p->walk)) != NULL)
		return err;
	err = pass_orders(p);
	order_walk_close(p->walk);
	return err;
}

const struct err *
check_orders(struct check_run *r, const bool *chosen)
{
	const int64_t now = r->shop->now;
	struct pass p = { .r = r };
	const struct err *err = NULL;
	bool changes = false;
	size_t i;

	r->open = 0;
	r->id_count = 0;
	for (i = 0; check_list[i].name != NULL; i++) {
		if (!chosen[i] || check_list[i].find_in == NULL)
			continue;
		p.checks[p.check_count++] = &check_list[i];
		changes = changes || check_list[i].changes;
	}
	if (changes)
		err = db_stmt(r->db, changes_sql, &p.changes);
	if (err == NULL && (err = pass_begin(&p)) == NULL)
		err = pass_run(&p);
	if (p.changes != NULL)
		db_reset(p.changes);
	r->shop->now = now;
	return err;
}
