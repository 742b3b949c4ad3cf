/* members.c - an order as a flat list of names and values. */
#include "order/members.h"

#include <string.h>

#include "base/text.h"
#include "order/order_save.h"

void
members_add(struct members *m, const char *name, const char *value,
    struct arena *a)
{
	m->v = arena_grow(a, m->v, m->len, sizeof(*m->v));
	m->v[m->len++] = (struct pack_member){ name, value };
}

struct members
members_of(const struct order *o, struct arena *a)
{
	struct members m = { 0 };
	enum order_part part;
	size_t i;
	int f;

	for (f = 0; f < ORDER_FIELD_COUNT; f++)
		if (field_has(&o->rec, f) || field_cleared(&o->rec, f))
			members_add(&m, order_fields.list[f].name,
			    field_format(&order_fields, &o->rec, f, o->currency,
				a),
			    a);
	for (part = PART_ITEM; part < PART_COUNT; part++)
		for (i = 0; i < o->parts[part].len; i++) {
			const struct part *p = &o->parts[part].v[i];

			members_add(&m,
			    arena_join(a, order_part_words[part], ' ', p->key),
			    order_pack_line(o, part, p, a), a);
		}
	return m;
}

const struct pack_member *
members_find(struct members *m, const char *name)
{
	size_t i, at;

	for (i = 0; i < m->len; i++) {
		at = (m->near + i) % m->len;
		if (strcmp(m->v[at].name, name) == 0) {
			m->near = at + 1;
			return &m->v[at];
		}
	}
	return NULL;
}

const char *
members_value(struct members *m, const char *name)
{
	const struct pack_member *p = members_find(m, name);

	return p != NULL ? p->value : NULL;
}

struct members
members_split(const char *packed, struct arena *a)
{
	struct members m = { 0 };

	pack_split(a, packed, &m.v, &m.len);
	return m;
}

const char *
members_pack(const struct members *m, struct arena *a)
{
	struct buf b = { 0 };
	const char *text;
	size_t i;

	for (i = 0; i < m->len; i++)
		pack_add(&b, m->v[i].name, m->v[i].value);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

struct members
members_differ(struct members *x, struct members *y, struct arena *a)
{
	struct members out = { 0 };
	size_t i;

	for (i = 0; i < x->len; i++)
		if (!text_same(x->v[i].value, members_value(y, x->v[i].name)))
			members_add(&out, x->v[i].name, x->v[i].value, a);
	for (i = 0; i < y->len; i++)
		if (y->v[i].value != NULL &&
		    members_find(x, y->v[i].name) == NULL)
			members_add(&out, y->v[i].name, NULL, a);
	return out;
}
