/* order_merge.c - the three-way merge of an order that comes again. */
#include "order/order_merge.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/cart.h"
#include "order/double.h"
#include "order/guest.h"
#include "order/order_erase.h"
#include "order/order_save.h"
#include "order/source.h"

static uint64_t
merge_hash_text(const char *s, uint64_t seed)
{
	return hash_str(s != NULL ? s : "\001", seed);
}

static uint64_t
merge_hash_int(int64_t v, uint64_t seed)
{
	return hash_bytes(&v, sizeof(v), seed);
}

/*
 * Of all that a record says: equal when it says the same again. Only ever
 * compared; when it differs for no reason the merge finds nothing to do.
 */
static const char *
merge_record_hash(const struct order *o, struct arena *a)
{
	char hex[HASH_HEX_MAX];
	uint64_t h = field_hash(&order_fields, &o->rec, 0);
	enum order_part part;
	size_t i;

	for (part = PART_ITEM; part < PART_COUNT; part++) {
		const struct part_list *l = &o->parts[part];

		h = merge_hash_int((int64_t)l->len + l->present, h);
		for (i = 0; i < l->len; i++)
			h = field_hash(&order_part_fields[part], &l->v[i].rec,
			    h);
	}
	for (i = 0; i < o->past_len; i++) {
		h = merge_hash_int(o->past[i].at, h);
		h = hash_str(o->past[i].field, h);
		h = merge_hash_text(o->past[i].new, h);
	}
	for (i = 0; i < o->note_len; i++) {
		h = merge_hash_int(o->notes[i].at, h);
		h = hash_str(o->notes[i].text, h);
	}
	return arena_strdup(a, hash_hex(h, hex));
}

/* Which part a member is a line of, and its key; PART_COUNT for a field. */
static enum order_part
merge_part(const char *name, const char **key)
{
	enum order_part part;
	size_t n;

	for (part = PART_ITEM; part < PART_COUNT; part++) {
		n = strlen(order_part_words[part]);
		if (strncmp(name, order_part_words[part], n) == 0 &&
		    name[n] == ' ') {
			*key = name + n + 1;
			break;
		}
	}
	return part;
}

/* The merge in hand. */
struct merge {
	struct shop *s;
	struct order *in;
	struct order *cur;
	struct order *new;
	struct members theirs, base, ours;
	bool first; /* the source's first word of an order of ours */
	size_t near[PART_COUNT]; /* behind the line found last */
	struct merge_result *out;
	struct arena *a;
};

static struct part *
merge_find_line(struct merge *m, enum order_part part, const char *key)
{
	struct part_list *l = &m->new->parts[part];
	size_t i, at;

	for (i = 0; i < l->len; i++) {
		at = (m->near[part] + i) % l->len;
		if (l->v[at].key != NULL && strcmp(l->v[at].key, key) == 0) {
			m->near[part] = at + 1;
			return &l->v[at];
		}
	}
	return NULL;
}

/* Put a line's text in the place of the line with its key. */
static const struct err *
merge_apply_line(struct merge *m, enum order_part part, const char *key,
    const char *value)
{
	struct part_list *l = &m->new->parts[part];
	struct part *p = merge_find_line(m, part, key);

	if (value == NULL) {
		if (p != NULL)
			order_part_drop(l, p);
		return NULL;
	}
	if (p == NULL)
		p = order_part_add(m->new, part, m->a);
	else
		*p = (struct part){ .line = p->line, .offer_id = p->offer_id };
	p->key = key;
	if (part == PART_CUSTOM) {
		field_set_text(&order_part_fields[part], &p->rec, CUSTOM_FIELD,
		    key);
		field_set_text(&order_part_fields[part], &p->rec, CUSTOM_VALUE,
		    value);
		return NULL;
	}
	return field_unpack(&order_part_fields[part], value, m->new->currency,
	    &p->rec, m->a);
}

static const struct err *
merge_apply(struct merge *m, const char *name, const char *value)
{
	const char *key;
	enum order_part part = merge_part(name, &key);
	int f;

	if (part != PART_COUNT)
		return merge_apply_line(m, part, key, value);
	if ((f = field_find(&order_fields, name)) < 0)
		return NULL; /* of an older version's base */
	return order_set(m->new, f, value, NULL, m->a);
}

static const char owner_sql[] =
    "SELECT owner FROM field_owner WHERE field = :field";

static const struct err *
merge_shop_owns(struct merge *m, const char *name, bool *shop)
{
	const struct err *err;
	struct db_stmt *st;
	const char *key;
	enum order_part part = merge_part(name, &key);
	bool row;

	*shop = false;
	if ((err = db_stmt(m->s->db, owner_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":field",
	    part != PART_COUNT ? order_part_names[part] : name);
	if ((err = db_step(st, &row)) == NULL && row)
		*shop = strcmp(db_col_peek(st, 0), "shop") == 0;
	db_reset(st);
	return err;
}

/* Assembling has begun: what is in the order is the shop's from now on. */
static bool
merge_locked(const struct merge *m, const char *name)
{
	const struct status *status = shop_status(m->s, m->cur->status);
	const char *key;
	enum order_part part = merge_part(name, &key);

	return status != NULL && status->items_locked &&
	       (part == PART_ITEM || part == PART_CHARGE);
}

static const struct err *
merge_conflict(struct merge *m, const char *name, const char *theirs,
    const char *ours)
{
	struct merge_result *out = m->out;
	const struct err *err;
	bool shop;

	if ((err = merge_shop_owns(m, name, &shop)) != NULL)
		return err;
	shop = shop || merge_locked(m, name);
	out->conflicts = arena_grow(m->a, out->conflicts, out->conflict_count,
	    sizeof(*out->conflicts));
	out->conflicts[out->conflict_count++] =
	    (struct merge_conflict){ name, theirs, ours, !shop };
	return shop ? NULL : merge_apply(m, name, theirs);
}

/* The source says `theirs` now: did it change its mind, and did we? */
static const struct err *
merge_one(struct merge *m, const char *name, const char *theirs)
{
	const char *base = members_value(&m->base, name);
	const char *ours = members_value(&m->ours, name);

	if (text_same(theirs, base) || text_same(theirs, ours))
		return NULL;
	if (text_same(ours, base) && !merge_locked(m, name))
		return merge_apply(m, name, theirs);
	return merge_conflict(m, name, theirs, ours);
}

static const struct err *
merge_all(struct merge *m)
{
	const struct err *err;
	const char *name, *key;
	enum order_part part;
	size_t i;

	for (i = 0; i < m->theirs.len; i++) {
		name = m->theirs.v[i].name;
		if ((err = merge_one(m, name, m->theirs.v[i].value)) != NULL)
			return err;
	}
	/* Lines that the source no longer has, of parts that it mentions. */
	for (i = 0; i < m->base.len; i++) {
		name = m->base.v[i].name;
		part = merge_part(name, &key);
		if (part == PART_COUNT || !m->in->parts[part].present ||
		    members_find(&m->theirs, name) != NULL)
			continue;
		if (m->first && part != PART_ITEM)
			continue; /* it may have no place for it */
		if ((err = merge_one(m, name, NULL)) != NULL)
			return err;
	}
	return NULL;
}

/* What the source said before and does not mention now still stands. */
static struct members
merge_new_base(struct merge *m)
{
	struct members all = { 0 };
	const char *key;
	enum order_part part;
	size_t i;

	for (i = 0; i < m->theirs.len; i++)
		members_add(&all, m->theirs.v[i].name, m->theirs.v[i].value,
		    m->a);
	for (i = 0; i < m->base.len; i++) {
		part = merge_part(m->base.v[i].name, &key);
		if (part != PART_COUNT && m->in->parts[part].present)
			continue;
		if (members_find(&m->theirs, m->base.v[i].name) == NULL)
			members_add(&all, m->base.v[i].name, m->base.v[i].value,
			    m->a);
	}
	return all;
}

/* Entries of the past and notes that we do not have yet. */
static const struct err *
merge_past(struct merge *m)
{
	const struct err *err;
	size_t i, j;

	for (i = 0; i < m->in->past_len; i++) {
		const struct past *p = &m->in->past[i], *q;

		for (j = 0; j < m->cur->past_len; j++) {
			q = &m->cur->past[j];
			if (q->at == p->at && q->line == p->line &&
			    strcmp(q->field, p->field) == 0 &&
			    text_same(q->new, p->new))
				break;
		}
		if (j == m->cur->past_len)
			order_past_add(m->new, p, m->a);
	}
	for (i = 0; i < m->in->note_len; i++) {
		const struct note *n = &m->in->notes[i];

		for (j = 0; j < m->cur->note_len; j++)
			if (m->cur->notes[j].at == n->at &&
			    strcmp(m->cur->notes[j].text, n->text) == 0)
				break;
		if (j == m->cur->note_len &&
		    (err = order_add_note(m->s, m->cur->id, n)) != NULL)
			return err;
	}
	return NULL;
}

/* New orders --------------------------------------------------------------- */

static const struct err *
merge_taken(struct shop *s, const char *order_no, bool *taken)
{
	static const char taken_sql[] =
	    "SELECT 1 FROM orders WHERE order_no = :order_no";
	const struct err *err;
	struct db_stmt *st;

	*taken = false;
	if ((err = db_stmt(s->db, taken_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":order_no", order_no);
	err = db_step(st, taken);
	db_reset(st);
	return err;
}

/* Another source's order has the number: put this source's name before it. */
static const struct err *
merge_number(struct shop *s, struct order *in, struct arena *a)
{
	const struct err *err;
	bool taken;

	if ((err = order_check_no(in->order_no)) != NULL ||
	    (err = merge_taken(s, in->order_no, &taken)) != NULL || !taken)
		return err;
	in->order_no = arena_printf(a, "%s-%s", in->source, in->order_no);
	if ((err = order_check_no(in->order_no)) != NULL ||
	    (err = merge_taken(s, in->order_no, &taken)) != NULL || !taken)
		return err;
	return err_new(ERR_CONFLICT,
	    "the numbers '%s' and '%s' are both taken by other orders",
	    in->order_no + strlen(in->source) + 1, in->order_no);
}

static const struct err *
merge_insert(struct shop *s, struct order *in, const char *record_hash,
    struct arena *a, struct merge_result *out)
{
	const struct status *initial = shop_initial_status(s);
	const bool from_us = in->rev != 0;
	const struct err *err;

	if (in->status == NULL && initial != NULL)
		field_set_text(&order_fields, &in->rec, ORDER_STATUS,
		    initial->code);
	if ((err = merge_number(s, in, a)) != NULL ||
	    (err = order_insert(s, in, a)) != NULL)
		return err;
	/*
	 * The base is the order as it was made, our defaults with it: when the
	 * source later speaks of a field that it left to us, that is its word
	 * against nobody's.
	 */
	if ((err = source_add(s, in, record_hash)) != NULL ||
	    (err = cart_close(s, in, a)) != NULL)
		return err;
	out->outcome = MERGE_NEW;
	out->order_no = in->order_no;
	/* A whole record of ours tells itself which order it looks like. */
	if (from_us || (err = double_find(s, in, a)) != NULL)
		return err;
	out->double_of = in->double_of;
	return NULL;
}

/* One line that stands for lines which were not told; see crm-map(5). */
static bool
merge_only_total(const struct order *o)
{
	const struct part_list *l = &o->parts[PART_ITEM];

	return l->len == 1 && l->v[0].sku == NULL &&
	       l->v[0].external_id == NULL && l->v[0].name != NULL &&
	       strcmp(l->v[0].name, "total") == 0;
}

/* What is not to be taken at its word. */
static const struct err *
merge_hear(struct merge *m, bool first)
{
	if (merge_only_total(m->in) && !merge_only_total(m->cur))
		m->in->parts[PART_ITEM] = (struct part_list){ 0 };
	m->first = first;
	if (text_same(m->in->source, m->cur->source))
		return NULL;
	return guest_words(&(struct guest){ m->s, first, &m->base, m->a },
	    m->in, m->cur);
}

static const struct err *
merge_update(struct merge *m, const struct source *src, const char *record_hash)
{
	struct order_change c = { .at = m->s->now };
	const struct err *err;
	struct members base;
	size_t changed;

	if (m->in->has_source_updated_at)
		c.at = m->in->source_updated_at;
	order_keys(m->cur, m->a);
	m->ours = members_of(m->cur, m->a);
	m->base = source_base(src, &m->ours, m->a);
	if ((err = merge_hear(m, src->silent)) != NULL)
		return err;
	m->theirs = members_of(m->in, m->a);
	m->new = order_copy(m->cur, m->a);
	if ((err = merge_all(m)) != NULL || (err = merge_past(m)) != NULL ||
	    (err = order_update(m->s, m->cur, m->new, &c, m->a, &changed)) !=
		NULL)
		return err;
	m->out->outcome = changed != 0 ? MERGE_CHANGED : MERGE_SAME;
	base = merge_new_base(m);
	order_keys(m->new, m->a);
	m->ours = members_of(m->new, m->a);
	return source_set(m->s, m->in, &base, &m->ours, record_hash, m->a);
}

static void
merge_totals(struct merge_result *out, const struct order *o)
{
	out->order_no = o->order_no;
	out->currency = o->currency;
	out->total = o->total_minor;
	out->source_total = o->source_total;
	out->total_differs = field_has(&o->rec, ORDER_SOURCE_TOTAL) &&
			     o->source_total != o->total_minor;
}

const struct err *
order_merge(struct shop *s, struct order *in, struct arena *a,
    struct merge_result *out)
{
	struct merge m = { .s = s, .in = in, .out = out, .a = a };
	const struct err *err;
	struct source src;
	const char *hash;

	*out = (struct merge_result){ .order_no = in->order_no };
	if (in->currency == NULL)
		field_set_text(&order_fields, &in->rec, ORDER_CURRENCY,
		    s->currency);
	/* before defaults are filled in */
	hash = in->rest != NULL ? in->rest->hash : merge_record_hash(in, a);
	if ((err = source_find(s, in, hash, a, &src)) != NULL)
		return err;
	out->outcome = MERGE_SAME;
	if (src.same)
		return NULL;
	if (in->rest != NULL && (err = in->rest->read(in->rest, in)) != NULL)
		return err;
	if (src.order_id == 0) {
		if ((err = merge_insert(s, in, hash, a, out)) == NULL)
			merge_totals(out, in);
		return err;
	}
	if ((err = order_normalise(s, in, a)) != NULL)
		return err;
	order_keys(in, a);
	if (in->has_source_updated_at && src.has_updated_at &&
	    in->source_updated_at < src.updated_at) {
		out->outcome = MERGE_OLDER;
		return NULL;
	}
	if ((err = order_by_id(s->db, src.order_id, ORDER_LOAD_ALL, a,
		 &m.cur)) != NULL)
		return err;
	if (m.cur == NULL)
		return err_new(ERR_CONFLICT, "its order has gone");
	if ((err = db_mark(s->db)) != NULL ||
	    (err = order_erase(s, m.cur->customer_id, in)) != NULL)
		return err;
	if ((err = merge_update(&m, &src, hash)) == NULL)
		merge_totals(out, m.new);
	return err;
}
