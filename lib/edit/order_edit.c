/* order_edit.c - an order changed by assignments. */
#include "edit/order_edit.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "crm/shop.h"
#include "edit/order_form.h"
#include "order/order_merge.h"
#include "order/order_save.h"
#include "order/source.h"
#include "order/workflow.h"

enum {
	EDIT_PERCENT_PLACES = 4,
	EDIT_WHOLE = 1000000, /* 100% with that many places */
	EDIT_SHOWN = 200,     /* of a list of lines in a message */
};

/* The edit in hand. */
struct editing {
	struct shop *s;
	const struct order *old;
	struct order *new;
	struct arena *a;
	const char *status; /* to move to; NULL: stay */
	bool reason;        /* a reason was said */
	size_t notes;
};

/* Lines -------------------------------------------------------------------- */

/* What a person may call a line, beside its number; NULL for nothing. */
static const char *
edit_label(enum order_part part, const struct part *p)
{
	switch (part) {
	case PART_ITEM:
		return p->sku;
	case PART_CHARGE:
	case PART_PAYMENT:
		return p->kind;
	case PART_REFUND:
	case PART_CUSTOM:
	case PART_COUNT:
		break;
	}
	return NULL;
}

/* "1 BR-01, 2 SH-01": lines of this label, or with NULL of any. */
static const char *
edit_lines(const struct editing *e, enum order_part part, const char *label)
{
	const struct part_list *l = &e->new->parts[part];
	const char *text = NULL, *is;
	const struct part *p;

	for (p = l->v; p != order_part_end(l); p++) {
		if (text != NULL && strlen(text) > EDIT_SHOWN)
			break;
		is = edit_label(part, p);
		if (label != NULL && (is == NULL || strcmp(is, label) != 0))
			continue;
		text = arena_printf(e->a, "%s%s%s%s%s",
		    text != NULL ? text : "", text != NULL ? ", " : "",
		    p->line == 0 ? "new" :
				   arena_printf(e->a, "%" PRId64, p->line),
		    is != NULL ? " " : "", is != NULL ? is : "");
	}
	return text;
}

/* How many lines are called so; *out is one of them. A number goes first. */
static size_t
edit_count(const struct editing *e, enum order_part part, const char *name,
    struct part **out)
{
	const struct part_list *l = &e->new->parts[part];
	const char *label;
	struct part *p;
	int64_t line;
	size_t n = 0;

	*out = NULL;
	if (decimal_parse(name, 0, &line) == NULL && line > 0)
		for (p = l->v; p != order_part_end(l); p++)
			if (p->line == line) {
				*out = p;
				return 1;
			}
	for (p = l->v; p != order_part_end(l); p++) {
		label = edit_label(part, p);
		if (label != NULL && strcmp(label, name) == 0) {
			*out = p;
			n++;
		}
	}
	return n;
}

static const struct err *
edit_find(const struct editing *e, enum order_part part, const char *name,
    struct part **out)
{
	const char *word = order_part_words[part], *lines;
	const size_t n = edit_count(e, part, name, out);

	if (n == 1)
		return NULL;
	if (n != 0)
		return err_new(ERR_INPUT,
		    "'%.100s' may be %s %.300s; take the number", name, word,
		    edit_lines(e, part, name));
	if ((lines = edit_lines(e, part, NULL)) == NULL)
		return err_new(ERR_INPUT, "the order has no %s", word);
	return err_new(ERR_INPUT, "the order has no %s '%.100s'; it has %.300s",
	    word, name, lines);
}

static const struct err *
edit_set_line(const struct editing *e, enum order_part part, struct part *p,
    int field, const char *value)
{
	const struct fields *t = &order_part_fields[part];
	const bool was_paid =
	    p->status != NULL && shop_is_paid(p->status, e->s);
	const struct err *err;

	if ((err = field_parse(t, &p->rec, field, value, e->new->currency,
		 e->s->country, e->a)) != NULL)
		return err;
	if (part == PART_ITEM && field == ITEM_SKU)
		p->offer_id = 0;
	/* What is off is kept below zero, and nobody types it so. */
	if (part == PART_CHARGE && p->kind != NULL && p->amount > 0 &&
	    strcmp(p->kind, "discount") == 0)
		p->amount = -p->amount;
	if (part == PART_PAYMENT && field == PAYMENT_STATUS && !was_paid &&
	    p->status != NULL && shop_is_paid(p->status, e->s) &&
	    !field_has(&p->rec, PAYMENT_PAID_AT))
		field_set_int(t, &p->rec, PAYMENT_PAID_AT, e->s->now);
	return NULL;
}

/* What "A:B:C" says of a new line, field by field; the last takes the rest. */
static const struct err *
edit_add_line(const struct editing *e, enum order_part part, const char *value)
{
	static const int said[PART_COUNT][3] = {
		[PART_CHARGE] = { CHARGE_KIND, CHARGE_AMOUNT, CHARGE_NAME },
		[PART_PAYMENT] = { PAYMENT_TYPE, PAYMENT_AMOUNT,
		    PAYMENT_STATUS },
		[PART_REFUND] = { REFUND_AMOUNT, REFUND_REASON, -1 },
	};
	const size_t max = ARRAY_LEN(said[part]);
	char *rest = arena_strdup(e->a, value), *word;
	const struct err *err;
	struct part *p;
	bool last;
	size_t i;

	if (part == PART_ITEM)
		return order_form_item(e->s, e->new, value, e->a);
	p = order_part_add(e->new, part, e->a);
	for (i = 0; i < max && said[part][i] >= 0; i++) {
		last = i + 1 == max || said[part][i + 1] < 0;
		word = last ? rest : strsep(&rest, ":");
		if (word == NULL || *word == '\0')
			continue;
		if ((err = edit_set_line(e, part, p, said[part][i], word)) !=
		    NULL)
			return err;
	}
	return NULL;
}

static const struct err *
edit_list(const struct editing *e, const struct edit *v)
{
	struct part_list *l = &e->new->parts[v->part];
	const struct err *err;
	struct part *p;

	if (v->said->op == ASSIGN_ADD)
		return edit_add_line(e, v->part, v->said->value);
	if (v->said->op == ASSIGN_SET) {
		l->len = 0;
		return NULL;
	}
	if ((err = edit_find(e, v->part, v->said->value, &p)) == NULL)
		order_part_drop(l, p);
	return err;
}

/* Percentages -------------------------------------------------------------- */

static bool
edit_is_percent(const struct edit *v)
{
	const size_t n = strlen(v->said->value);

	return n != 0 && v->said->value[n - 1] == '%' &&
	       ((v->to == EDIT_LINE && v->part == PART_ITEM &&
		    v->field == ITEM_DISCOUNT) ||
		   (v->to == EDIT_COST && strcmp(v->name, "discount") == 0));
}

/* "10%" of a sum, rounded once. */
static const struct err *
edit_percent(const char *text, int64_t of, struct arena *a, int64_t *out)
{
	const struct err *err;
	int64_t percent;

	if ((err = decimal_parse(arena_strndup(a, text, strlen(text) - 1),
		 EDIT_PERCENT_PLACES, &percent)) != NULL)
		return err;
	if (percent < 0 || percent > EDIT_WHOLE)
		return err_new(ERR_INPUT, "'%s' is not within 0%% and 100%%",
		    text);
	return decimal_muldiv(of, percent, EDIT_WHOLE, out);
}

static const struct err *
edit_line(const struct editing *e, const struct edit *v)
{
	const struct err *err;
	struct part *p;
	int64_t sum;

	if ((err = edit_find(e, v->part, v->name, &p)) != NULL)
		return err;
	if (!edit_is_percent(v))
		return edit_set_line(e, v->part, p, v->field, v->said->value);
	if ((err = money_line(p->price, p->quantity, e->new->currency, &sum)) !=
		NULL ||
	    (err = edit_percent(v->said->value, sum, e->a, &sum)) != NULL)
		return err;
	field_set_int(&order_part_fields[PART_ITEM], &p->rec, ITEM_DISCOUNT,
	    sum);
	return NULL;
}

/* The one charge of a kind: what delivery costs, what is off the whole. */
static const struct err *
edit_cost(const struct editing *e, const struct edit *v)
{
	const struct fields *t = &order_part_fields[PART_CHARGE];
	const char *value = v->said->value;
	const struct err *err;
	struct part *p;
	int64_t amount;

	if (edit_count(e, PART_CHARGE, v->name, &p) > 1)
		return edit_find(e, PART_CHARGE, v->name, &p);
	if (*value == '\0') {
		if (p != NULL)
			order_part_drop(&e->new->parts[PART_CHARGE], p);
		return NULL;
	}
	if (!edit_is_percent(v))
		err = money_parse(value, e->new->currency, &amount);
	else if ((err = order_totals(e->new, NULL, NULL)) == NULL)
		err = edit_percent(value, e->new->items_minor, e->a, &amount);
	if (err != NULL)
		return err;
	if (amount < 0)
		return err_new(ERR_INPUT, "'%s' is negative", value);
	if (p == NULL)
		p = order_part_add(e->new, PART_CHARGE, e->a);
	field_set_text(t, &p->rec, CHARGE_KIND, v->name);
	field_set_int(t, &p->rec, CHARGE_AMOUNT,
	    strcmp(v->name, "discount") == 0 ? -amount : amount);
	return NULL;
}

/* Returned at the door ------------------------------------------------------ */

static const struct err *
edit_add_note(struct editing *e, const char *text)
{
	e->notes++;
	return order_add_note(e->s, e->old->id,
	    &(struct note){ .at = e->s->now, .text = text });
}

/* "SOURCE:ID": another source has the same order under that id. */
static const struct err *
edit_known(struct editing *e, const char *text)
{
	const char *colon = strchr(text, ':'), *source, *taken;
	const struct err *err;

	if (colon == NULL || colon == text || colon[1] == '\0')
		return err_new(ERR_INPUT, "write it as SOURCE:ID");
	source = arena_strndup(e->a, text, (size_t)(colon - text));
	if ((err = source_link(e->s, e->old, source, colon + 1, e->a,
		 &taken)) != NULL)
		return err;
	if (taken != NULL && strcmp(taken, e->old->order_no) == 0)
		return NULL;
	if (taken != NULL)
		return err_new(ERR_CONFLICT,
		    "that is order %s already; --combine makes two orders one",
		    taken);
	return edit_add_note(e, arena_printf(e->a, "known as %s", text));
}

/* "LINE" wholly, "LINE*QUANTITY" in part; its discount goes with it. */
static const struct err *
edit_returned(struct editing *e, const struct edit *v)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	char buf[DECIMAL_STR_MAX];
	const char *name = v->said->value;
	const struct err *err;
	struct part *p;
	int64_t gone = 0, left, discount;

	if (edit_count(e, PART_ITEM, name, &p) == 0 &&
	    order_form_split(&name, '*', QUANTITY_PLACES, &gone, e->a) &&
	    gone <= 0)
		return err_new(ERR_INPUT, "nothing of it was returned");
	if ((err = edit_find(e, PART_ITEM, name, &p)) != NULL)
		return err;
	if (gone == 0)
		gone = p->quantity;
	left = p->quantity - gone;
	if (left < 0 || gone <= 0)
		return err_new(ERR_INPUT, "the order has only %s of it",
		    decimal_short(p->quantity, QUANTITY_PLACES, buf));
	if ((err = edit_add_note(e,
		 arena_printf(e->a, "returned: %s x %s%s%s",
		     decimal_short(gone, QUANTITY_PLACES, buf),
		     p->sku != NULL ? p->sku : "", p->sku != NULL ? " " : "",
		     p->name))) != NULL)
		return err;
	if (left == 0) {
		order_part_drop(&e->new->parts[PART_ITEM], p);
		return NULL;
	}
	if ((err = decimal_muldiv(p->amount, left, p->quantity, &discount)) !=
	    NULL)
		return err;
	field_set_int(t, &p->rec, ITEM_QUANTITY, left);
	field_set_int(t, &p->rec, ITEM_DISCOUNT, discount);
	return NULL;
}

/* Fields ------------------------------------------------------------------- */

/* The same figure in another currency would be another sum. */
static const struct err *
edit_check_currency(const struct editing *e, const char *value)
{
	const struct order *o = e->new;
	enum order_part part;
	bool sums = field_has(&o->rec, ORDER_DELIVERY_NET) ||
		    field_has(&o->rec, ORDER_SOURCE_TOTAL);

	for (part = PART_ITEM; part < PART_CUSTOM; part++)
		sums = sums || o->parts[part].len != 0;
	if (!sums || strcmp(o->currency, value) == 0)
		return NULL;
	return err_new(ERR_CONFLICT,
	    "the order has sums in %s; only one without any can change it",
	    o->currency);
}

static const struct err *
edit_field(struct editing *e, const struct edit *v)
{
	const char *value = v->said->value;
	const struct err *err = NULL;

	if (v->field == ORDER_STATUS && *value != '\0') {
		e->status = value;
		return NULL;
	}
	if (v->field == ORDER_STATUS_REASON)
		e->reason = *value != '\0';
	if (v->field == ORDER_CURRENCY)
		err = edit_check_currency(e, value);
	else if (order_fields.list[v->field].kind == FIELD_DATE &&
		 *value != '\0')
		err = order_form_day(e->s, value, e->a, &value);
	if (err != NULL)
		return err;
	return order_set(e->new, v->field, value, e->s->country, e->a);
}

static const struct err *
edit_custom(const struct editing *e, const struct edit *v)
{
	const struct fields *t = &order_part_fields[PART_CUSTOM];
	struct part_list *l = &e->new->parts[PART_CUSTOM];
	struct part *p;

	for (p = l->v; p != order_part_end(l); p++)
		if (strcmp(p->field, v->name) == 0)
			break;
	if (*v->said->value == '\0') {
		if (p != order_part_end(l))
			order_part_drop(l, p);
		return NULL;
	}
	if (p == order_part_end(l)) {
		p = order_part_add(e->new, PART_CUSTOM, e->a);
		field_set_text(t, &p->rec, CUSTOM_FIELD, v->name);
	}
	field_set_text(t, &p->rec, CUSTOM_VALUE, v->said->value);
	return NULL;
}

static const struct err *
edit_one(struct editing *e, const struct edit *v)
{
	switch (v->to) {
	case EDIT_FIELD:
		return edit_field(e, v);
	case EDIT_CUSTOM:
		return edit_custom(e, v);
	case EDIT_LIST:
		return edit_list(e, v);
	case EDIT_LINE:
		return edit_line(e, v);
	case EDIT_COST:
		return edit_cost(e, v);
	case EDIT_RETURNED:
		return edit_returned(e, v);
	case EDIT_KNOWN:
		return edit_known(e, v->said->value);
	case EDIT_NOTE:
		return edit_add_note(e, v->said->value);
	}
	return NULL;
}

/* What forbids it ----------------------------------------------------------- */

/* What was sold, where it went and for how much: settled when it is over. */
static bool
edit_settled(const struct edit *v)
{
	static const int settled[] = { ORDER_SITE, ORDER_PLACED_AT,
		ORDER_CURRENCY, ORDER_COUPON, ORDER_DELIVERY_TYPE,
		ORDER_DELIVERY_ON, ORDER_DELIVERY_FROM, ORDER_DELIVERY_TO,
		ORDER_SHIP_ON, ORDER_STORE, ORDER_DELIVERY_COUNTRY,
		ORDER_DELIVERY_REGION, ORDER_DELIVERY_CITY,
		ORDER_DELIVERY_POSTCODE, ORDER_DELIVERY_STREET,
		ORDER_DELIVERY_BUILDING, ORDER_DELIVERY_FLAT,
		ORDER_DELIVERY_ADDRESS };
	size_t i;

	if (v->to == EDIT_LIST || v->to == EDIT_LINE)
		return v->part == PART_ITEM || v->part == PART_CHARGE;
	if (v->to == EDIT_FIELD)
		for (i = 0; i < ARRAY_LEN(settled); i++)
			if (settled[i] == v->field)
				return true;
	return v->to == EDIT_COST || v->to == EDIT_RETURNED;
}

static const struct err *
edit_check_status(const struct editing *e, const struct order_edit *edit)
{
	const struct status *st = shop_status(e->s, e->old->status);
	size_t i;

	if (st == NULL || !st->final)
		return NULL;
	for (i = 0; i < edit->count; i++)
		if (edit_settled(&edit->v[i]))
			return err_new(ERR_CONFLICT,
			    "%.100s: the order is %s, so its items, charges "
			    "and delivery are settled; --force changes them",
			    edit->v[i].said->text, st->code);
	return NULL;
}

/* Move it as order-status does, with the fields that it has now. */
static const struct err *
edit_move(const struct editing *e, bool force)
{
	struct order *o = e->new;
	const struct workflow_move m = { .status = e->status,
		.reason = e->reason ? o->status_reason : NULL };
	const struct err *err;

	if (e->status == NULL || strcmp(e->status, o->status) == 0)
		return NULL;
	if (!force && (err = workflow_check(e->s, o, &m)) != NULL)
		return err;
	field_set_text(&order_fields, &o->rec, ORDER_STATUS, m.status);
	/* The old reason was the old status's. */
	field_set_text(&order_fields, &o->rec, ORDER_STATUS_REASON, m.reason);
	return NULL;
}

/* Did the line cost no more than that before? */
static bool
edit_stood(const struct order *old, const struct part *p)
{
	const struct part_list *l = &old->parts[PART_ITEM];
	const struct part *q;

	for (q = l->v; q != order_part_end(l); q++)
		if (q->line == p->line)
			return q->sum <= p->sum;
	return false;
}

/* Sums that a slip of the finger makes; those that stood before may stand. */
static const struct err *
edit_check_sums(const struct editing *e)
{
	const struct order *old = e->old, *new = e->new;
	const struct part_list *l = &new->parts[PART_ITEM];
	char sum[DECIMAL_STR_MAX], paid[DECIMAL_STR_MAX];
	const struct part *p;

	for (p = l->v; p != order_part_end(l); p++)
		if (p->sum < 0 && p->price >= 0 && p->quantity > 0 &&
		    !edit_stood(old, p))
			return err_new(ERR_CONFLICT,
			    "item %" PRId64 " would cost %s; --force does it",
			    p->line, money_text(p->sum, new->currency, sum));
	if (new->total_minor < 0 && new->total_minor < old->total_minor)
		return err_new(ERR_CONFLICT,
		    "the total would be %s; --force does it",
		    money_text(new->total_minor, new->currency, sum));
	if (new->refunded_minor > old->refunded_minor &&new->refunded_minor >
	    new->paid_minor)
		return err_new(ERR_CONFLICT,
		    "%s would be refunded of the %s that was paid; record the "
		    "payment, or --force",
		    money_format(new->refunded_minor, new->currency, sum),
		    money_text(new->paid_minor, new->currency, paid));
	return NULL;
}

/* -------------------------------------------------------------------------- */

/* Percentages come last, of what the others made: first those of lines. */
static int
edit_rank(const struct edit *v)
{
	if (!edit_is_percent(v))
		return 0;
	return v->to == EDIT_LINE ? 1 : 2;
}

static const struct err *
edit_all(struct editing *e, const struct order_edit *edit)
{
	const struct err *err;
	size_t i;
	int rank;

	for (rank = 0; rank <= 2; rank++)
		for (i = 0; i < edit->count; i++)
			if (edit_rank(&edit->v[i]) == rank &&
			    (err = edit_one(e, &edit->v[i])) != NULL)
				return err_wrap(err, "%.100s",
				    edit->v[i].said->text);
	return NULL;
}

const struct err *
order_edit(struct shop *s, const struct order *o, const struct order_edit *edit,
    struct arena *a, bool *changed)
{
	struct editing e = { .s = s,
		.old = o,
		.new = order_copy(o, a),
		.a = a };
	struct order_change c = { .at = s->now };
	const struct err *err;
	size_t n;

	*changed = false;
	if (c.at < o->status_at)
		c.at = o->status_at; /* a clock ahead of ours said so */
	if ((!edit->force && (err = edit_check_status(&e, edit)) != NULL) ||
	    (err = edit_all(&e, edit)) != NULL ||
	    (err = edit_move(&e, edit->force)) != NULL ||
	    (err = order_update(s, o, e.new, &c, a, &n)) != NULL ||
	    (!edit->force && (err = edit_check_sums(&e)) != NULL))
		return err;
	*changed = n != 0 || e.notes != 0;
	return NULL;
}

/* Once more ----------------------------------------------------------------- */

const struct err *
order_edit_duplicate(struct shop *s, const struct order *o, struct arena *a,
    const char **order_no)
{
	/* What belongs to the first alone. */
	static const int own[] = { ORDER_STATUS, ORDER_STATUS_REASON,
		ORDER_CUSTOMER_EXTERNAL_ID, ORDER_UTM_SOURCE, ORDER_UTM_MEDIUM,
		ORDER_UTM_CAMPAIGN, ORDER_UTM_CONTENT, ORDER_UTM_TERM,
		ORDER_DELIVERY_ON, ORDER_SHIP_ON, ORDER_TRACKING_NO,
		ORDER_DELIVERY_NET, ORDER_SOURCE_TOTAL };
	struct order *new = order_copy(o, a);
	struct merge_result result;
	const struct err *err;
	enum order_part part;
	struct part *p;
	size_t i;

	*order_no = NULL;
	for (i = 0; i < ARRAY_LEN(own); i++)
		if ((err = order_set(new, own[i], NULL, NULL, a)) != NULL)
			return err;
	field_set_int(&order_fields, &new->rec, ORDER_PLACED_AT, s->now);
	new->id = new->rev = 0;
	new->has_source_updated_at = false;
	new->double_of = NULL;
	new->past = NULL;
	new->notes = NULL;
	new->past_len = new->note_len = 0;
	new->parts[PART_PAYMENT] = (struct part_list){ 0 };
	new->parts[PART_REFUND] = (struct part_list){ 0 };
	for (part = PART_ITEM; part < PART_CUSTOM; part++)
		for (i = 0; i < new->parts[part].len; i++) {
			p = &new->parts[part].v[i];
			p->line = 0;
			if (part == PART_ITEM)
				field_set_text(&order_part_fields[part],
				    &p->rec, ITEM_EXTERNAL_ID, NULL);
		}
	if ((err = order_form_number(s, new, a)) != NULL ||
	    (err = order_merge(s, new, a, &result)) != NULL)
		return err;
	*order_no = result.order_no;
	return NULL;
}
