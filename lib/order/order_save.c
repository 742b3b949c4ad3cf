/* order_save.c - the one way an order is written: diff, store, history. */
#include "order/order_save.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "db/db.h"
#include "order/delivery.h"
#include "order/order_columns.h"
#include "order/source.h"

/* Lines -------------------------------------------------------------------- */

#define ITEM_INTO                                                             \
	" INTO order_item (order_id, line, external_id, sku, name, quantity," \
	" price, discount_minor, purchase_price, offer_id, sum_minor)"        \
	" VALUES (:order_id, :line, :external_id, :sku, :name, :quantity,"    \
	" :price, :discount, :purchase_price, :offer_id, :sum_minor)"
#define CHARGE_INTO                                                   \
	" INTO charge (order_id, line, kind, name, amount_minor,"     \
	" included) VALUES (:order_id, :line, :kind, :name, :amount," \
	" :included)"
#define PAYMENT_INTO                                                 \
	" INTO payment (order_id, line, external_id, type, status,"  \
	" amount_minor, paid_at, comment) VALUES (:order_id, :line," \
	" :external_id, :type, :status, :amount, :paid_at, :comment)"
#define REFUND_INTO                                                     \
	" INTO refund (order_id, line, external_id, amount_minor,"      \
	" refunded_at, reason) VALUES (:order_id, :line, :external_id," \
	" :amount, :refunded_at, :reason)"
#define CUSTOM_INTO                                            \
	" INTO custom_value (entity, entity_id, field, value)" \
	" VALUES ('order', :order_id, :field, :value)"

static const char item_add_sql[] = "INSERT" ITEM_INTO;
static const char charge_add_sql[] = "INSERT" CHARGE_INTO;
static const char payment_add_sql[] = "INSERT" PAYMENT_INTO;
static const char refund_add_sql[] = "INSERT" REFUND_INTO;
static const char custom_add_sql[] = "INSERT" CUSTOM_INTO;

static const char item_put_sql[] = "REPLACE" ITEM_INTO;
static const char charge_put_sql[] = "REPLACE" CHARGE_INTO;
static const char payment_put_sql[] = "REPLACE" PAYMENT_INTO;
static const char refund_put_sql[] = "REPLACE" REFUND_INTO;
static const char custom_put_sql[] = "REPLACE" CUSTOM_INTO;

static const char item_drop_sql[] =
    "DELETE FROM order_item WHERE order_id = :order_id AND line = :line";
static const char charge_drop_sql[] =
    "DELETE FROM charge WHERE order_id = :order_id AND line = :line";
static const char payment_drop_sql[] =
    "DELETE FROM payment WHERE order_id = :order_id AND line = :line";
static const char refund_drop_sql[] =
    "DELETE FROM refund WHERE order_id = :order_id AND line = :line";
static const char custom_drop_sql[] =
    "DELETE FROM custom_value WHERE entity = 'order'"
    " AND entity_id = :order_id AND field = :field";

static const struct part_sql {
	const char *add; /* cheaper than put: there is nothing to replace */
	const char *put;
	const char *drop;
} part_sql[PART_COUNT] = {
	[PART_ITEM] = { item_add_sql, item_put_sql, item_drop_sql },
	[PART_CHARGE] = { charge_add_sql, charge_put_sql, charge_drop_sql },
	[PART_PAYMENT] = { payment_add_sql, payment_put_sql, payment_drop_sql },
	[PART_REFUND] = { refund_add_sql, refund_put_sql, refund_drop_sql },
	[PART_CUSTOM] = { custom_add_sql, custom_put_sql, custom_drop_sql },
};

static const struct err *
order_write_line(struct shop *s, const struct order *o, enum order_part part,
    struct part *p, const char *sql)
{
	const struct err *err;
	struct db_stmt *st;
	int first = 2; /* of the parameters that are fields */

	if (part == PART_ITEM && p->sku != NULL && p->offer_id == 0 &&
	    (err = catalog_take(s, o->source, p->sku, p->name, p->price,
		 o->currency, &p->offer_id)) != NULL)
		return err;
	if ((err = db_stmt(s->db, sql, &st)) != NULL)
		return err;
	db_bind_int_at(st, 1, o->id);
	if (part != PART_CUSTOM)
		db_bind_int_at(st, first++, p->line);
	field_bind(st, first, &order_part_fields[part], &p->rec);
	if (part == PART_ITEM) {
		if (p->offer_id != 0)
			db_bind_int(st, ":offer_id", p->offer_id);
		db_bind_int(st, ":sum_minor", p->sum);
	}
	return db_run(st);
}

const struct err *
order_put_line(struct shop *s, const struct order *o, enum order_part part,
    struct part *p)
{
	return order_write_line(s, o, part, p, part_sql[part].put);
}

static const struct err *
order_drop_line(struct shop *s, const struct order *o, enum order_part part,
    const struct part *p)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, part_sql[part].drop, &st)) != NULL)
		return err;
	db_bind_int(st, ":order_id", o->id);
	if (part == PART_CUSTOM)
		db_bind_text(st, ":field", p->field);
	else
		db_bind_int(st, ":line", p->line);
	return db_run(st);
}

static int64_t
order_last_line(const struct part_list *l)
{
	int64_t last = 0;
	size_t i;

	for (i = 0; i < l->len; i++)
		if (l->v[i].line > last)
			last = l->v[i].line;
	return last;
}

/* New lines keep the numbers that a record of ours gives them. */
static const struct err *
order_number_lines(struct part_list *l, enum order_part part)
{
	int64_t next = order_last_line(l) + 1, highest = 0;
	size_t i, j;

	for (i = 0; i < l->len; i++) {
		if (l->v[i].line == 0) {
			l->v[i].line = next++;
			continue;
		}
		if (l->v[i].line > highest) { /* as nearly always */
			highest = l->v[i].line;
			continue;
		}
		for (j = 0; j < i; j++)
			if (l->v[j].line == l->v[i].line)
				break;
		if (j != i || l->v[i].line < 0)
			return err_new(ERR_INPUT,
			    "%s %zu: line %" PRId64 " cannot be, or is there "
			    "twice",
			    order_part_words[part], i + 1, l->v[i].line);
	}
	return NULL;
}

/* A number that no line of this part ever had, in this order. */
static const struct err *
order_next_line(struct shop *s, const struct order *old, enum order_part part,
    int64_t *next)
{
	static const char last_line_sql[] =
	    "SELECT ifnull(max(item_id), 0) FROM history"
	    " WHERE entity = 'order' AND entity_id = :id AND field = :field";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*next = order_last_line(&old->parts[part]) + 1;
	if ((err = db_stmt(s->db, last_line_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", old->id);
	db_bind_text(st, ":field", order_part_words[part]);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	if (row && db_col_int(st, 0) >= *next)
		*next = db_col_int(st, 0) + 1;
	db_reset(st);
	return NULL;
}

/* History ------------------------------------------------------------------ */

static const struct err *
order_write_past(struct shop *s, int64_t id, const struct past *p)
{
	return history_add(s, &(struct history_row){ .at = p->at,
				  .actor = p->actor,
				  .entity = "order",
				  .entity_id = id,
				  .item_id = p->line,
				  .field = p->field,
				  .old = p->old,
				  .new = p->new });
}

/*
 * An entry of the brought past that says just this change gives its time and
 * actor: it must not stand in the history twice.
 */
static const struct past *
order_told(const struct order *new, size_t from, const char *field,
    const char *value)
{
	size_t i;

	for (i = new->past_len; i > from; i--) {
		const struct past *p = &new->past[i - 1];

		if (strcmp(p->field, field) == 0 && p->new != NULL &&
		    value != NULL &&strcmp(p->new, value) == 0)
			return p;
	}
	return NULL;
}

/* What an update is doing, so that its steps need no long lists. */
struct order_diff {
	struct shop *s;
	const struct order *old;
	struct order *new;
	const struct order_change *c;
	struct arena *a;
	size_t changed;
};

static const struct err *
order_note_change(struct order_diff *d, int64_t line, const char *field,
    const char *old, const char *new)
{
	const struct past *told;

	d->changed++;
	told = order_told(d->new, d->old->past_len, field, new);
	if (strcmp(field, "status") == 0)
		d->new->status_at = told != NULL ? told->at : d->c->at;
	if (told != NULL)
		return NULL; /* written with the brought past */
	return order_write_past(d->s, d->old->id,
	    &(struct past){ .at = d->c->at,
		.actor = d->c->actor,
		.line = line,
		.field = field,
		.old = old,
		.new = new });
}

static const struct err *
order_diff_fields(struct order_diff *d)
{
	const struct order *old = d->old;
	const struct err *err;
	const char *was, *is;
	int i;

	for (i = 0; i < ORDER_FIELD_COUNT; i++) {
		was = field_format(&order_fields, &old->rec, i, old->currency,
		    d->a);
		is = field_format(&order_fields, &d->new->rec, i,
		    d->new->currency, d->a);
		if (text_same(was, is))
			continue;
		if ((err = order_note_change(d, 0, order_fields.list[i].name,
			 was, is)) != NULL)
			return err;
	}
	return NULL;
}

const char *
order_pack_line(const struct order *o, enum order_part part,
    const struct part *p, struct arena *a)
{
	struct part q = *p;
	struct buf b = { 0 };
	const char *text;

	if (part == PART_CUSTOM)
		return p->text;
	q.rec.clear = 0; /* null or not mentioned: the line has it not */
	field_pack(&order_part_fields[part], &q.rec, o->currency, a, &b);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* Search from *near on, where the one after the last one found is. */
static const struct part *
order_find_line(const struct part_list *l, enum order_part part,
    const struct part *p, size_t *near)
{
	size_t i, at;

	for (i = 0; i < l->len; i++) {
		at = (*near + i) % l->len;
		if (part == PART_CUSTOM ?
			strcmp(l->v[at].field, p->field) == 0 :
			l->v[at].line == p->line) {
			*near = at + 1;
			return &l->v[at];
		}
	}
	return NULL;
}

static const struct err *
order_note_line(struct order_diff *d, enum order_part part,
    const struct part *p, const char *was, const char *is)
{
	if (part == PART_CUSTOM)
		return order_note_change(d, 0,
		    arena_printf(d->a, "custom.%s", p->field), was, is);
	return order_note_change(d, p->line, order_part_words[part], was, is);
}

static const struct err *
order_diff_line(struct order_diff *d, enum order_part part, struct part *p,
    size_t *near)
{
	const struct part *old =
	    order_find_line(&d->old->parts[part], part, p, near);
	const struct err *err;
	const char *was = NULL, *is;

	is = order_pack_line(d->new, part, p, d->a);
	if (old != NULL) {
		was = order_pack_line(d->old, part, old, d->a);
		if (text_same(was, is))
			return NULL;
		if (!text_same(old->sku, p->sku))
			p->offer_id = 0;
	}
	if (is == NULL) /* a custom value that is cleared */
		err = order_drop_line(d->s, d->old, part, p);
	else
		err = order_put_line(d->s, d->new, part, p);
	if (err != NULL)
		return err;
	return order_note_line(d, part, p, was, is);
}

static const struct err *
order_diff_part(struct order_diff *d, enum order_part part)
{
	const struct part_list *old = &d->old->parts[part];
	struct part_list *new = &d->new->parts[part];
	const struct err *err;
	size_t near = 0;
	int64_t next = 0;
	size_t i;

	if (!new->present)
		return NULL;
	for (i = 0; i < old->len; i++) {
		const struct part *p = &old->v[i];

		if (order_find_line(new, part, p, &near) != NULL)
			continue;
		if ((err = order_drop_line(d->s, d->old, part, p)) != NULL ||
		    (err = order_note_line(d, part, p,
			 order_pack_line(d->old, part, p, d->a), NULL)) != NULL)
			return err;
	}
	near = 0;
	for (i = 0; i < new->len; i++) {
		if (new->v[i].line == 0 && part != PART_CUSTOM) {
			if (next == 0 && (err = order_next_line(d->s, d->old,
					      part, &next)) != NULL)
				return err;
			new->v[i].line = next++;
		}
		if ((err = order_diff_line(d, part, &new->v[i], &near)) != NULL)
			return err;
	}
	return NULL;
}

/* Rows --------------------------------------------------------------------- */

static const char order_insert_sql[] =
    "INSERT INTO orders (order_no, rev, source, external_id, customer_id,"
    " double_of, status_at, created_at, updated_at, items_minor, total_minor,"
    " paid_minor, refunded_minor, cost_minor," ORDER_COLUMNS ")"
    " VALUES (:order_no, :rev, :source, :external_id, :customer_id,"
    " :double_of, :status_at, :created_at, :updated_at, :items_minor,"
    " :total_minor, :paid_minor, :refunded_minor, :cost_minor," ORDER_PARAMS
    ")";
/* A clock that went back does not make an order older than it is. */
static const char order_update_sql[] =
    "UPDATE orders SET (customer_id, status_at, updated_at, items_minor,"
    " total_minor, paid_minor, refunded_minor, cost_minor, rev,"
    " " ORDER_COLUMNS ") = (:customer_id, :status_at,"
    " max(updated_at, :updated_at), :items_minor, :total_minor,"
    " :paid_minor, :refunded_minor, :cost_minor, rev + 1, " ORDER_PARAMS
    ") WHERE id = :id AND rev = :rev";
/* The most frequent change, by far the cheapest: few indexes hold a status. */
static const char order_move_sql[] =
    "UPDATE orders SET status = :status, status_reason = :status_reason,"
    " status_at = :status_at, updated_at = max(updated_at, :updated_at),"
    " rev = rev + 1 WHERE id = :id AND rev = :rev";
static const char order_delete_sql[] = "DELETE FROM orders WHERE id = :id";
static const char note_add_sql[] =
    "INSERT INTO note (entity, entity_id, at, actor, text)"
    " VALUES ('order', :id, :at, :actor, :text)";

enum { ORDER_INSERT_FIRST = 15, ORDER_UPDATE_FIRST = 9 };

void
order_bind_sums(struct db_stmt *st, const struct order *o)
{
	db_bind_int(st, ":items_minor", o->items_minor);
	db_bind_int(st, ":total_minor", o->total_minor);
	db_bind_int(st, ":paid_minor", o->paid_minor);
	db_bind_int(st, ":refunded_minor", o->refunded_minor);
	if (o->has_cost)
		db_bind_int(st, ":cost_minor", o->cost_minor);
	if (o->customer_id != 0)
		db_bind_int(st, ":customer_id", o->customer_id);
	db_bind_int(st, ":status_at", o->status_at);
}

static const struct err *
order_insert_row(struct shop *s, struct order *o)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, order_insert_sql, &st)) != NULL)
		return err;
	if (o->rev <= 0)
		o->rev = 1;
	o->created_at = o->updated_at = s->now;
	db_bind_text(st, ":order_no", o->order_no);
	db_bind_int(st, ":rev", o->rev);
	db_bind_text(st, ":source", o->source);
	db_bind_text(st, ":external_id", o->external_id);
	db_bind_text(st, ":double_of", o->double_of);
	db_bind_int(st, ":created_at", o->created_at);
	db_bind_int(st, ":updated_at", o->updated_at);
	order_bind_sums(st, o);
	field_bind(st, ORDER_INSERT_FIRST, &order_fields, &o->rec);
	if ((err = db_run(st)) == NULL)
		o->id = db_last_id(s->db);
	return err;
}

/*
 * Complete the past: how the order began, when the record does not tell, and
 * how it came to its present status, when the past stops before that.
 */
static void
order_complete_past(struct order *o, struct arena *a)
{
	struct past *told = o->past;
	const char *status = NULL;
	size_t i, told_len = o->past_len;

	o->past = NULL;
	o->past_len = 0;
	o->status_at = o->placed_at;
	for (i = 0; i < told_len; i++)
		if (strcmp(told[i].field, "status") == 0)
			break;
	if (i == told_len || told[i].old != NULL) {
		status = i == told_len ? o->status : told[i].old;
		order_past_add(o,
		    &(struct past){ .at = o->placed_at,
			.field = "status",
			.new = status },
		    a);
	}
	for (i = 0; i < told_len; i++) {
		order_past_add(o, &told[i], a);
		if (strcmp(told[i].field, "status") == 0) {
			status = told[i].new;
			o->status_at = told[i].at;
		}
	}
	if (text_same(status, o->status))
		return;
	if (o->has_source_updated_at && o->source_updated_at > o->status_at)
		o->status_at = o->source_updated_at;
	order_past_add(o,
	    &(struct past){ .at = o->status_at,
		.field = "status",
		.old = status,
		.new = o->status },
	    a);
}

static void
order_set_ship_day(const struct shop *s, struct order *o, struct arena *a)
{
	char date[WHEN_STR_MAX];
	int64_t day;

	/* The past is not shipped again; a whole record of ours tells itself. */
	if (s->backfill || o->rev != 0 || o->delivery_type == NULL ||
	    o->ship_on != NULL)
		return;
	if (delivery_ship_day(s, o->delivery_type, o->placed_at, &day))
		field_set_text(&order_fields, &o->rec, ORDER_SHIP_ON,
		    arena_strdup(a, when_day_format(day, date)));
}

static const struct err *
order_set_customer(struct shop *s, struct order *o)
{
	return customer_take(s,
	    &(struct customer_key){ .source = o->source,
		.external_id = o->customer_external_id,
		.phone = o->phone,
		.email = o->email,
		.name = o->customer_name },
	    o->placed_at, &o->customer_id, &o->customer_is_new);
}

const struct err *
order_add_note(struct shop *s, int64_t order_id, const struct note *n)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, note_add_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", order_id);
	db_bind_int(st, ":at", n->at);
	db_bind_text(st, ":actor", n->actor != NULL ? n->actor : s->actor);
	db_bind_text(st, ":text", n->text);
	return db_run(st);
}

const struct err *
order_insert(struct shop *s, struct order *o, struct arena *a)
{
	const struct err *err;
	enum order_part part;
	size_t i;

	if (o->site == NULL && strcmp(o->currency, s->currency) == 0)
		field_set_text(&order_fields, &o->rec, ORDER_SITE, s->site);
	if ((err = order_check(s, o, a)) != NULL)
		return err;
	order_set_ship_day(s, o, a);
	for (part = PART_ITEM; part < PART_COUNT; part++)
		if ((err = order_number_lines(&o->parts[part], part)) != NULL)
			return err;
	/* Nothing refuses the order from here on: see db_mark(). */
	if (o->customer_id == 0 && (err = order_set_customer(s, o)) != NULL)
		return err;
	order_complete_past(o, a);
	if ((err = order_insert_row(s, o)) != NULL)
		return err;
	for (part = PART_ITEM; part < PART_COUNT; part++) {
		for (i = 0; i < o->parts[part].len; i++) {
			struct part *p = &o->parts[part].v[i];

			if (part == PART_CUSTOM && p->text == NULL)
				continue;
			if ((err = order_write_line(s, o, part, p,
				 part_sql[part].add)) != NULL)
				return err;
		}
	}
	for (i = 0; i < o->past_len; i++)
		if ((err = order_write_past(s, o->id, &o->past[i])) != NULL)
			return err;
	for (i = 0; i < o->note_len; i++)
		if ((err = order_add_note(s, o->id, &o->notes[i])) != NULL)
			return err;
	return NULL;
}

/* Are its status and the reason all that has changed? */
static bool
order_only_moves(const struct order_diff *d)
{
	const struct order *old = d->old, *new = d->new;
	size_t moves = 0;

	if (!text_same(old->status, new->status))
		moves++;
	if (!text_same(old->status_reason, new->status_reason))
		moves++;
	return moves == d->changed;
}

static const struct err *
order_update_row(struct order_diff *d)
{
	const bool moves = order_only_moves(d);
	const struct order *old = d->old;
	struct order *new = d->new;
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(d->s->db, moves ? order_move_sql : order_update_sql,
		 &st)) != NULL)
		return err;
	db_bind_int(st, ":updated_at", d->s->now);
	db_bind_int(st, ":id", old->id);
	db_bind_int(st, ":rev", old->rev);
	if (moves) {
		db_bind_text(st, ":status", new->status);
		db_bind_text(st, ":status_reason", new->status_reason);
		db_bind_int(st, ":status_at", new->status_at);
	} else {
		order_bind_sums(st, new);
		field_bind(st, ORDER_UPDATE_FIRST, &order_fields, &new->rec);
	}
	if ((err = db_run(st)) != NULL)
		return err;
	if (db_changes(d->s->db) != 1)
		return err_new(ERR_CONFLICT,
		    "order %s was changed by somebody else meanwhile",
		    old->order_no);
	new->rev = old->rev + 1;
	return NULL;
}

static const char *
order_customer_text(const struct order *o, struct arena *a)
{
	if (o->customer_id == 0)
		return NULL;
	return arena_printf(a, "%" PRId64, o->customer_id);
}

/* Who ordered may have become known, or another. */
static const struct err *
order_update_customer(struct order_diff *d)
{
	const struct order *old = d->old;
	struct order *new = d->new;
	const struct err *err;

	if (text_same(old->customer_external_id, new->customer_external_id) &&
	    text_same(old->phone, new->phone) &&
	    text_same(old->email, new->email))
		return NULL;
	if ((err = order_set_customer(d->s, new)) != NULL ||
	    new->customer_id == old->customer_id)
		return err;
	return order_note_change(d, 0, "customer_id",
	    order_customer_text(old, d->a), order_customer_text(new, d->a));
}

const struct err *
order_update(struct shop *s, const struct order *old, struct order *new,
    const struct order_change *c, struct arena *a, size_t *changed)
{
	struct order_diff d = { s, old, new, c, a, 0 };
	const struct err *err;
	enum order_part part;
	size_t i;

	*changed = 0;
	if ((err = order_check(s, new, a)) != NULL)
		return err;
	for (i = old->past_len; i < new->past_len; i++)
		if ((err = order_write_past(s, old->id, &new->past[i])) != NULL)
			return err;
	if ((err = order_diff_fields(&d)) != NULL)
		return err;
	for (part = PART_ITEM; part < PART_COUNT; part++)
		if ((err = order_diff_part(&d, part)) != NULL)
			return err;
	*changed = d.changed;
	if (d.changed == 0)
		return NULL;
	if ((err = order_update_customer(&d)) != NULL ||
	    (err = source_rebase(s, old, new, a)) != NULL)
		return err;
	return order_update_row(&d);
}

const struct err *
order_move(struct shop *s, const struct order *old, const char *status,
    const char *reason, const struct order_change *c, struct arena *a,
    size_t *changed)
{
	struct order new = *old;
	struct order_diff d = { s, old, &new, c, a, 0 };
	const struct err *err;

	*changed = 0;
	if ((err = shop_check_code(s, "status", status)) != NULL)
		return err;
	field_set_text(&order_fields, &new.rec, ORDER_STATUS, status);
	field_set_text(&order_fields, &new.rec, ORDER_STATUS_REASON, reason);
	if ((err = order_diff_fields(&d)) != NULL)
		return err;
	*changed = d.changed;
	if (d.changed == 0)
		return NULL;
	if ((err = source_rebase(s, old, &new, a)) != NULL)
		return err;
	return order_update_row(&d);
}

const struct err *
order_remove(struct shop *s, const struct order *o,
    const struct order_change *c)
{
	static const char custom_clear_sql[] =
	    "DELETE FROM custom_value WHERE entity = 'order'"
	    " AND entity_id = :id";
	static const char note_clear_sql[] =
	    "DELETE FROM note WHERE entity = 'order' AND entity_id = :id";
	static const char *const sql[] = { custom_clear_sql, note_clear_sql,
		order_delete_sql };
	const struct err *err;

	if ((err = db_run_each(s->db, sql, ARRAY_LEN(sql), o->id)) != NULL)
		return err;
	return order_write_past(s, o->id,
	    &(struct past){ .at = c->at,
		.actor = c->actor,
		.field = "removed",
		.old = o->order_no });
}

struct order *
order_copy(const struct order *o, struct arena *a)
{
	struct order *copy = arena_alloc(a, sizeof(*copy));
	enum order_part part;
	size_t i;

	*copy = *o;
	for (part = PART_ITEM; part < PART_COUNT; part++) {
		copy->parts[part].v = NULL;
		copy->parts[part].len = 0;
		for (i = 0; i < o->parts[part].len; i++)
			*order_part_add(copy, part, a) = o->parts[part].v[i];
		copy->parts[part].present = true;
	}
	copy->past = NULL;
	for (copy->past_len = 0; copy->past_len < o->past_len;)
		order_past_add(copy, &o->past[copy->past_len], a);
	return copy;
}
