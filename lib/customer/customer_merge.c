/* customer_merge.c - the three-way merge of a customer that comes again. */
#include "customer/customer_merge.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "crm/shop.h"
#include "customer/customer_save.h"
#include "db/db.h"

/*
 * A customer as a flat list of members: each field under its name, "custom.x"
 * and "consent.x" under theirs, and each phone, address, tag and outside id as
 * "phone KEY". So one loop merges all of it.
 */
struct customer_members {
	struct pack_member *v;
	size_t len;
};

static void
customer_member(struct customer_members *m, const char *name, const char *value,
    struct arena *a)
{
	m->v = arena_grow(a, m->v, m->len, sizeof(*m->v));
	m->v[m->len++] = (struct pack_member){ name, value };
}

static struct customer_members
customer_members_of(const struct customer *c, struct arena *a)
{
	struct customer_members m = { 0 };
	const struct customer_entry *e;
	enum customer_list list;
	int f;

	for (f = 0; f < CUSTOMER_FIELD_COUNT; f++)
		if (field_has(&c->rec, f) || field_cleared(&c->rec, f))
			customer_member(&m, customer_fields.list[f].name,
			    field_format(&customer_fields, &c->rec, f, NULL, a),
			    a);
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		for (e = c->lists[list].v;
		     e != customer_list_end(&c->lists[list]); e++)
			if (customer_list_has_values(list))
				customer_member(&m,
				    arena_printf(a, "%s.%s",
					customer_list_words[list], e->key),
				    e->value, a);
			else
				customer_member(&m,
				    arena_printf(a, "%s %s",
					customer_list_words[list], e->key),
				    "", a);
	return m;
}

static const char *
customer_hash_of(const struct customer *c, const struct customer_members *m,
    struct arena *a)
{
	char hex[HASH_HEX_MAX];
	uint64_t h = 0;
	size_t i;

	for (i = 0; i < m->len; i++) {
		h = hash_str(m->v[i].name, h);
		h = hash_str(m->v[i].value != NULL ? m->v[i].value : "\001", h);
	}
	for (i = 0; i < c->past_len; i++) {
		h = hash_bytes(&c->past[i].at, sizeof(c->past[i].at), h);
		h = hash_str(c->past[i].field, h);
	}
	for (i = 0; i < c->note_len; i++) {
		h = hash_bytes(&c->notes[i].at, sizeof(c->notes[i].at), h);
		h = hash_str(c->notes[i].text, h);
	}
	return arena_strdup(a, hash_hex(h, hex));
}

static const char *
customer_value(const struct customer_members *m, const char *name)
{
	const struct pack_member *p = pack_find(m->v, m->len, name);

	return p != NULL ? p->value : NULL;
}

/* Finding who it is -------------------------------------------------------- */

struct customer_source {
	int64_t customer_id; /* 0: the source never spoke of this customer */
	const char *base;
	const char *record_hash;
	int64_t updated_at;
	bool has_updated_at;
};

static const char base_find_sql[] =
    "SELECT ifnull(c.merged_into, c.id), b.base, b.source_updated_at,"
    " b.record_hash FROM customer_base b JOIN customer c"
    "  ON c.id = b.customer_id WHERE b.source = :source AND b.key = :key";
static const char base_put_sql[] =
    "INSERT INTO customer_base (source, key, customer_id, source_updated_at,"
    " base, record_hash) VALUES (:source, :key, :id, :updated_at, :base,"
    " :record_hash) ON CONFLICT DO UPDATE SET customer_id = :id,"
    " source_updated_at = ifnull(:updated_at, source_updated_at),"
    " base = :base, record_hash = :record_hash";

/* The merge in hand. */
struct customer_meeting {
	struct shop *s;
	struct customer *in;
	struct customer *cur;
	struct customer *new;
	const char *key; /* of the base */
	struct customer_source src;
	struct customer_members theirs, base, ours;
	struct customer_entries
	    others[CUSTOMER_EMAILS + 1]; /* of other people */
	struct merge_result *out;
	struct arena *a;
};

static const struct err *
customer_find_base(struct customer_meeting *m)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(m->s->db, base_find_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", m->in->source);
	db_bind_text(st, ":key", m->key);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	m->src = (struct customer_source){
		.customer_id = db_col_int(st, 0),
		.base = db_col_text(st, 1, m->a),
		.updated_at = db_col_int(st, 2),
		.has_updated_at = !db_col_is_null(st, 2),
		.record_hash = db_col_text(st, 3, m->a),
	};
	db_reset(st);
	return NULL;
}

static const struct err *
customer_put_base(struct customer_meeting *m, int64_t id,
    const struct customer_members *base, const char *hash)
{
	struct buf b = { 0 };
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	for (i = 0; i < base->len; i++)
		pack_add(&b, base->v[i].name, base->v[i].value);
	if ((err = db_stmt(m->s->db, base_put_sql, &st)) == NULL) {
		db_bind_text(st, ":source", m->in->source);
		db_bind_text(st, ":key", m->key);
		db_bind_int(st, ":id", id);
		if (m->in->has_source_updated_at)
			db_bind_int(st, ":updated_at",
			    m->in->source_updated_at);
		db_bind_text(st, ":base", buf_str(&b));
		db_bind_text(st, ":record_hash", hash);
		err = db_run(st);
	}
	buf_free(&b);
	return err;
}

/* One key of a record: the first that finds somebody decides who it is. */
static const struct err *
customer_meet(struct customer_meeting *m, enum customer_list list,
    const struct customer_entry *e, const struct customer_key *k, int64_t *id)
{
	const struct err *err;
	int64_t found;

	if ((err = customer_find(m->s, k, &found)) != NULL || found == 0 ||
	    found == *id)
		return err;
	if (*id == 0) {
		*id = found;
		return NULL;
	}
	m->out->double_of = arena_printf(m->a, "%" PRId64, found);
	customer_list_put(&m->others[list], e, m->a);
	return customer_note_double(m->s, *id, found,
	    customer_list_words[list]);
}

/*
 * A record of ours that nothing else identifies is known by its number, when
 * that customer began at the same moment. Whoever was erased here stays so.
 */
static const struct err *
customer_by_number(struct customer_meeting *m, int64_t *id)
{
	const struct customer *in = m->in;
	const struct err *err;
	struct customer *c;

	if (in->rev == 0 || *id != 0)
		return NULL;
	if ((err = customer_by_id(m->s->db, in->id, CUSTOMER_LOAD_LISTS, m->a,
		 &c)) != NULL ||
	    c == NULL || c->created_at != in->created_at)
		return err;
	if (c->erased_at != 0 && in->erased_at == 0)
		return err_new(ERR_CONFLICT,
		    "customer %" PRId64 " wished to be forgotten", c->id);
	if (strncmp(m->key, "no ", 3) == 0)
		*id = c->id;
	return NULL;
}

static const struct err *
customer_who(struct customer_meeting *m, int64_t *id)
{
	const struct customer_entries *l = m->in->lists;
	const struct customer_entry *e;
	const struct err *err;

	*id = m->src.customer_id;
	for (e = l[CUSTOMER_SOURCES].v;
	     e != customer_list_end(&l[CUSTOMER_SOURCES]); e++)
		if ((err = customer_meet(m, CUSTOMER_SOURCES, e,
			 &(struct customer_key){ .source = e->source,
			     .external_id = e->value },
			 id)) != NULL)
			return err;
	for (e = l[CUSTOMER_PHONES].v;
	     e != customer_list_end(&l[CUSTOMER_PHONES]); e++)
		if ((err = customer_meet(m, CUSTOMER_PHONES, e,
			 &(struct customer_key){ .phone = e->key }, id)) !=
		    NULL)
			return err;
	for (e = l[CUSTOMER_EMAILS].v;
	     e != customer_list_end(&l[CUSTOMER_EMAILS]); e++)
		if ((err = customer_meet(m, CUSTOMER_EMAILS, e,
			 &(struct customer_key){ .email = e->key }, id)) !=
		    NULL)
			return err;
	return customer_by_number(m, id);
}

/* Merging ------------------------------------------------------------------ */

/* "phone +375..." is the key of a list, "consent.email" an entry's name. */
static enum customer_list
customer_member_list(const char *name, const char **key, struct arena *a)
{
	const char *blank = strchr(name, ' ');
	enum customer_list list;

	if (blank == NULL)
		return customer_list_named(name, key);
	list =
	    customer_list_named(arena_strndup(a, name, (size_t)(blank - name)),
		key);
	*key = blank + 1;
	return list;
}

/* Keys that customer_who() found at others: nobody is merged by them. */
static bool
customer_is_anothers(const struct customer_meeting *m, enum customer_list list,
    const char *key)
{
	return list <= CUSTOMER_EMAILS &&
	       customer_list_find(&m->others[list], key) != NULL;
}

static const struct err *
customer_apply(struct customer_meeting *m, const char *name, const char *value)
{
	const int f = field_find(&customer_fields, name);
	const struct customer_entry *told;
	struct customer_entry e = { 0 };
	enum customer_list list;

	if (f >= 0)
		return field_parse(&customer_fields, &m->new->rec, f, value,
		    NULL, NULL, m->a);
	list = customer_member_list(name, &e.key, m->a);
	if (list == CUSTOMER_LIST_COUNT ||
	    (value != NULL && customer_is_anothers(m, list, e.key)))
		return NULL; /* of another version's base; of another */
	if (value == NULL) {
		customer_list_drop(&m->new->lists[list], e.key);
		return NULL;
	}
	if ((told = customer_list_find(&m->in->lists[list], e.key)) != NULL)
		e = *told;
	if (list == CUSTOMER_CONSENTS) {
		if (e.source == NULL)
			e.source = m->in->source;
		if (e.at == 0 && m->in->has_source_updated_at)
			e.at = m->in->source_updated_at;
	}
	customer_list_put(&m->new->lists[list], &e, m->a);
	return NULL;
}

static const struct err *
customer_shop_owns(struct customer_meeting *m, const char *name, bool *shop)
{
	static const char owner_sql[] =
	    "SELECT owner = 'shop' FROM field_owner WHERE field = :field";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*shop = false;
	if ((err = db_stmt(m->s->db, owner_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":field",
	    arena_printf(m->a, "customer.%.*s", (int)strcspn(name, " "), name));
	if ((err = db_step(st, &row)) == NULL && row)
		*shop = db_col_int(st, 0) != 0;
	db_reset(st);
	return err;
}

static const struct err *
customer_conflict(struct customer_meeting *m, const char *name,
    const char *theirs, const char *ours)
{
	struct merge_result *out = m->out;
	const struct err *err;
	bool keep;

	if ((err = customer_shop_owns(m, name, &keep)) != NULL)
		return err;
	keep = keep || m->src.base == NULL;
	out->conflicts = arena_grow(m->a, out->conflicts, out->conflict_count,
	    sizeof(*out->conflicts));
	out->conflicts[out->conflict_count++] =
	    (struct merge_conflict){ name, theirs, ours, !keep };
	return keep ? NULL : customer_apply(m, name, theirs);
}

static const struct err *
customer_merge_one(struct customer_meeting *m, const char *name,
    const char *theirs)
{
	const char *base = customer_value(&m->base, name);
	const char *ours = customer_value(&m->ours, name);

	if (text_same(theirs, base) || text_same(theirs, ours))
		return NULL;
	if (text_same(ours, base))
		return customer_apply(m, name, theirs);
	return customer_conflict(m, name, theirs, ours);
}

/* Was it in a list that the source now tells without it? */
static bool
customer_has_gone(struct customer_meeting *m, const char *name)
{
	const char *key;
	enum customer_list list = customer_member_list(name, &key, m->a);

	return list != CUSTOMER_LIST_COUNT && m->in->lists[list].present &&
	       pack_find(m->theirs.v, m->theirs.len, name) == NULL;
}

static const struct err *
customer_merge_all(struct customer_meeting *m)
{
	const struct err *err;
	size_t i;

	for (i = 0; i < m->theirs.len; i++)
		if ((err = customer_merge_one(m, m->theirs.v[i].name,
			 m->theirs.v[i].value)) != NULL)
			return err;
	for (i = 0; i < m->base.len; i++)
		if (customer_has_gone(m, m->base.v[i].name) &&
		    (err = customer_merge_one(m, m->base.v[i].name, NULL)) !=
			NULL)
			return err;
	return NULL;
}

/* What the source said before and does not mention now still stands. */
static struct customer_members
customer_new_base(struct customer_meeting *m)
{
	struct customer_members all = { 0 };
	size_t i;

	for (i = 0; i < m->theirs.len; i++)
		customer_member(&all, m->theirs.v[i].name, m->theirs.v[i].value,
		    m->a);
	for (i = 0; i < m->base.len; i++)
		if (!customer_has_gone(m, m->base.v[i].name) &&
		    pack_find(all.v, all.len, m->base.v[i].name) == NULL)
			customer_member(&all, m->base.v[i].name,
			    m->base.v[i].value, m->a);
	return all;
}

/* Entries of the past and notes that we do not have yet. */
static const struct err *
customer_merge_past(struct customer_meeting *m, size_t *added)
{
	const struct customer *in = m->in, *cur = m->cur;
	const struct err *err;
	size_t i, j;

	for (i = 0; in->rev != 0 && i < in->past_len; i++) {
		const struct past *p = &in->past[i];

		for (j = 0; j < cur->past_len; j++)
			if (cur->past[j].at == p->at &&
			    strcmp(cur->past[j].field, p->field) == 0 &&
			    text_same(cur->past[j].new, p->new))
				break;
		if (j < cur->past_len)
			continue;
		if ((err = customer_add_past(m->s, cur->id, p)) != NULL)
			return err;
		++*added;
	}
	for (i = 0; i < in->note_len; i++) {
		for (j = 0; j < cur->note_len; j++)
			if ((in->notes[i].at == 0 ||
				cur->notes[j].at == in->notes[i].at) &&
			    strcmp(cur->notes[j].text, in->notes[i].text) == 0)
				break;
		if (j < cur->note_len)
			continue;
		if ((err = customer_add_note(m->s, cur->id, &in->notes[i])) !=
		    NULL)
			return err;
		++*added;
	}
	return NULL;
}

static const struct err *
customer_merge_into(struct customer_meeting *m, int64_t id, const char *hash)
{
	struct customer_change c = { .at = m->s->now };
	struct customer_members base;
	const struct err *err;
	size_t changed, added = 0;

	if ((err = customer_by_id(m->s->db, id, CUSTOMER_LOAD_ALL, m->a,
		 &m->cur)) != NULL)
		return err;
	if (m->in->has_source_updated_at &&
	    m->in->source_updated_at < m->s->now)
		c.at = m->in->source_updated_at;
	if (m->src.base != NULL)
		pack_split(m->a, m->src.base, &m->base.v, &m->base.len);
	m->ours = customer_members_of(m->cur, m->a);
	m->new = customer_copy(m->cur, m->a);
	if ((err = customer_merge_all(m)) != NULL ||
	    (err = customer_merge_past(m, &added)) != NULL ||
	    (err = customer_update(m->s, m->cur, m->new, &c, m->a, &changed)) !=
		NULL)
		return err;
	m->out->outcome = changed + added != 0 ? MERGE_CHANGED : MERGE_SAME;
	base = customer_new_base(m);
	return customer_put_base(m, id, &base, hash);
}

static const struct err *
customer_merge_new(struct customer_meeting *m, const char *hash)
{
	struct customer *c = customer_copy(m->in, m->a);
	struct customer_entries *consents = &c->lists[CUSTOMER_CONSENTS];
	const struct err *err;
	struct customer_entry *e;

	if (c->rev == 0)
		c->id = 0;
	if (c->created_at == 0 && c->has_source_updated_at)
		c->created_at = c->source_updated_at;
	for (e = consents->v; e != customer_list_end(consents); e++) {
		if (c->rev == 0 && e->source == NULL)
			e->source = c->source;
		if (e->at == 0 && c->has_source_updated_at)
			e->at = c->source_updated_at;
	}
	if ((err = customer_insert(m->s, c, m->a)) != NULL)
		return err;
	m->out->outcome = MERGE_NEW;
	m->out->order_no = arena_printf(m->a, "%" PRId64, c->id);
	return customer_put_base(m, c->id, &m->theirs, hash);
}

/* The outside id that the record came under is one of its ids. */
static void
customer_own_id(struct customer *in, struct arena *a)
{
	struct customer_entry e = { .value = in->external_id,
		.source = in->source };

	if (in->external_id == NULL)
		return;
	e.key = customer_source_key(in->source, in->external_id, a);
	customer_list_put(&in->lists[CUSTOMER_SOURCES], &e, a);
}

const struct err *
customer_merge(struct shop *s, struct customer *in, struct arena *a,
    struct merge_result *out)
{
	struct customer_meeting m = { .s = s, .in = in, .out = out, .a = a };
	const struct err *err;
	const char *hash;
	int64_t id;

	*out = (struct merge_result){ 0 };
	if ((m.key = customer_identity(in, a)) == NULL && in->rev != 0)
		m.key = arena_printf(a, "no %" PRId64, in->id);
	if (m.key == NULL)
		return err_new(ERR_INPUT, "nothing tells who it is: no outside "
					  "id, no phone, no e-mail address");
	customer_own_id(in, a);
	if ((err = customer_check(s, in, a)) != NULL ||
	    (err = customer_find_base(&m)) != NULL)
		return err;
	m.theirs = customer_members_of(in, a);
	hash = customer_hash_of(in, &m.theirs, a);
	out->outcome = MERGE_SAME;
	out->order_no = arena_printf(a, "%" PRId64, m.src.customer_id);
	if (m.src.customer_id != 0 && strcmp(hash, m.src.record_hash) == 0)
		return NULL;
	if (in->has_source_updated_at && m.src.has_updated_at &&
	    in->source_updated_at < m.src.updated_at) {
		out->outcome = MERGE_OLDER;
		return NULL;
	}
	if ((err = db_mark(s->db)) != NULL ||
	    (err = customer_who(&m, &id)) != NULL)
		return err;
	if (id == 0)
		return customer_merge_new(&m, hash);
	out->order_no = arena_printf(a, "%" PRId64, id);
	return customer_merge_into(&m, id, hash);
}
