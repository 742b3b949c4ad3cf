/* customer_save.c - the one way a customer is written: diff, store, history. */
#include "customer/customer_save.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "crm/custom.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "customer/customer_columns.h"
#include "db/db.h"

#define CUSTOMER_AHEAD ((int64_t)2 * 86400) /* clocks of others may be wrong */

/* Checking ----------------------------------------------------------------- */

static const struct err *
customer_check_consents(struct shop *s, struct customer *c)
{
	const struct customer_entries *l = &c->lists[CUSTOMER_CONSENTS];
	const struct err *err;
	struct customer_entry *e;

	for (e = l->v; e != customer_list_end(l); e++) {
		if ((err = shop_check_code(s, "channel", e->key)) != NULL)
			return err;
		if (e->at > s->now + CUSTOMER_AHEAD)
			return err_new(ERR_INPUT,
			    "consent.%s was given in the future", e->key);
	}
	return NULL;
}

static const struct err *
customer_check_custom(struct shop *s, struct customer *c, struct arena *a)
{
	const struct customer_entries *l = &c->lists[CUSTOMER_CUSTOM];
	const struct err *err;
	struct customer_entry *e;

	for (e = l->v; e != customer_list_end(l); e++) {
		if (e->value == NULL && custom_type(s, "customer", e->key, a))
			continue;
		if ((err = custom_check(s, "customer", e->key,
			 e->value != NULL ? e->value : "", a, &e->value)) !=
		    NULL)
			return err;
	}
	return NULL;
}

const struct err *
customer_check(struct shop *s, struct customer *c, struct arena *a)
{
	char today[WHEN_STR_MAX];
	const struct err *err;

	/* A mark that is not set is no field: see customer_load.c. */
	if (c->vip == 0 && field_has(&c->rec, CUSTOMER_VIP))
		field_clear(&c->rec, CUSTOMER_VIP);
	if (c->bad == 0 && field_has(&c->rec, CUSTOMER_BAD))
		field_clear(&c->rec, CUSTOMER_BAD);
	if (c->birthday_on != NULL &&
	    field_has(&c->rec, CUSTOMER_BIRTHDAY_ON) &&
	    strcmp(c->birthday_on, when_day_format(when_day(s->now), today)) >
		0)
		return err_new(ERR_INPUT, "birthday_on '%s' is yet to come",
		    c->birthday_on);
	if (c->created_at > s->now + CUSTOMER_AHEAD)
		return err_new(ERR_INPUT, "created_at is yet to come");
	if ((err = customer_check_consents(s, c)) != NULL)
		return err;
	return customer_check_custom(s, c, a);
}

/* Entries ------------------------------------------------------------------ */

/*
 * The same parameters for all lists; each statement names those it needs, the
 * key is what one of them is for.
 */
static const char source_put_sql[] =
    "INSERT INTO customer_source (source, external_id, customer_id)"
    " VALUES (:source, :key, :id)";
static const char source_drop_sql[] =
    "DELETE FROM customer_source WHERE source = :source"
    " AND external_id = :key";
static const char contact_put_sql[] =
    "INSERT INTO contact (kind, value, customer_id, place)"
    " VALUES (:kind, :key, :id, :place)"
    " ON CONFLICT DO UPDATE SET place = :place";
static const char contact_drop_sql[] =
    "DELETE FROM contact"
    " WHERE kind = :kind AND value = :key AND customer_id = :id";
static const char tag_put_sql[] =
    "INSERT INTO tag (customer_id, tag) VALUES (:id, :key)";
static const char tag_drop_sql[] =
    "DELETE FROM tag WHERE customer_id = :id AND tag = :key";
static const char consent_put_sql[] =
    "INSERT OR REPLACE INTO consent (customer_id, channel, given, at, source)"
    " VALUES (:id, :key, :value = 'true', :at, :source)";
static const char consent_drop_sql[] =
    "DELETE FROM consent WHERE customer_id = :id AND channel = :key";
static const char custom_put_sql[] =
    "INSERT OR REPLACE INTO custom_value (entity, entity_id, field, value)"
    " VALUES ('customer', :id, :key, :value)";
static const char custom_drop_sql[] =
    "DELETE FROM custom_value WHERE entity = 'customer' AND entity_id = :id"
    " AND field = :key";

static const char source_owner_sql[] =
    "SELECT customer_id FROM customer_source"
    " WHERE source = :source AND external_id = :external_id";

/* An outside id is of one customer at a time. */
static const struct err *
customer_check_source(struct shop *s, int64_t id,
    const struct customer_entry *e)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, source_owner_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", e->source);
	db_bind_text(st, ":external_id", e->value);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	err =
	    err_new(ERR_CONFLICT, "'%s' is customer %" PRId64 ", not %" PRId64,
		e->key, db_col_int(st, 0), id);
	db_reset(st);
	return err;
}

static const struct err *
customer_put_source(struct shop *s, int64_t id, struct customer_entry *e,
    struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;

	if (e->source == NULL &&
	    !customer_source_split(e->key, a, &e->source, &e->value))
		return err_new(ERR_INPUT,
		    "'%s' is no outside id such as site:1001", e->key);
	if ((err = customer_check_source(s, id, e)) != NULL ||
	    (err = db_stmt(s->db, source_put_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", e->source);
	db_bind_text(st, ":key", e->value);
	db_bind_int(st, ":id", id);
	return db_run(st);
}

static const struct err *
customer_put_contact(struct shop *s, int64_t id, const char *kind,
    const char *value, size_t place)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, contact_put_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":kind", kind);
	db_bind_text(st, ":key", value);
	db_bind_int(st, ":id", id);
	db_bind_int(st, ":place", (int64_t)place);
	return db_run(st);
}

static const struct err *
customer_put_consent(struct shop *s, int64_t id, struct customer_entry *e)
{
	const struct err *err;
	struct db_stmt *st;

	if (e->at == 0)
		e->at = s->now;
	if ((err = db_stmt(s->db, consent_put_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	db_bind_text(st, ":key", e->key);
	db_bind_text(st, ":value", e->value);
	db_bind_int(st, ":at", e->at);
	db_bind_text(st, ":source", e->source);
	return db_run(st);
}

/* Entry i of the list as it shall be. */
static const struct err *
customer_put_entry(struct shop *s, const struct customer *c,
    enum customer_list list, size_t i, struct arena *a)
{
	struct customer_entry *e = &c->lists[list].v[i];
	const struct err *err;
	struct db_stmt *st;

	switch (list) {
	case CUSTOMER_SOURCES:
		return customer_put_source(s, c->id, e, a);
	case CUSTOMER_PHONES:
	case CUSTOMER_EMAILS:
		return customer_put_contact(s, c->id, customer_list_words[list],
		    e->key, i + 1);
	case CUSTOMER_CONSENTS:
		return customer_put_consent(s, c->id, e);
	case CUSTOMER_TAGS:
	case CUSTOMER_CUSTOM:
	case CUSTOMER_LIST_COUNT:
		break;
	}
	if ((err = db_stmt(s->db,
		 list == CUSTOMER_TAGS ? tag_put_sql : custom_put_sql, &st)) !=
	    NULL)
		return err;
	db_bind_int(st, ":id", c->id);
	db_bind_text(st, ":key", e->key);
	if (list == CUSTOMER_CUSTOM)
		db_bind_text(st, ":value", e->value);
	return db_run(st);
}

static const struct err *
customer_drop_entry(struct shop *s, int64_t id, enum customer_list list,
    const struct customer_entry *e)
{
	static const char *const sql[CUSTOMER_LIST_COUNT] = {
		[CUSTOMER_SOURCES] = source_drop_sql,
		[CUSTOMER_PHONES] = contact_drop_sql,
		[CUSTOMER_EMAILS] = contact_drop_sql,
		[CUSTOMER_TAGS] = tag_drop_sql,
		[CUSTOMER_CONSENTS] = consent_drop_sql,
		[CUSTOMER_CUSTOM] = custom_drop_sql,
	};
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, sql[list], &st)) != NULL)
		return err;
	if (list == CUSTOMER_SOURCES) {
		db_bind_text(st, ":source", e->source);
		db_bind_text(st, ":key", e->value);
		return db_run(st);
	}
	db_bind_int(st, ":id", id);
	db_bind_text(st, ":key", e->key);
	if (list == CUSTOMER_PHONES || list == CUSTOMER_EMAILS)
		db_bind_text(st, ":kind", customer_list_words[list]);
	return db_run(st);
}

/* History ------------------------------------------------------------------ */

const struct err *
customer_add_past(struct shop *s, int64_t id, const struct past *p)
{
	return history_add(s, &(struct history_row){ .at = p->at,
				  .actor = p->actor,
				  .entity = "customer",
				  .entity_id = id,
				  .field = p->field,
				  .old = p->old,
				  .new = p->new });
}

const struct err *
customer_add_note(struct shop *s, int64_t id, const struct note *n)
{
	static const char note_sql[] =
	    "INSERT INTO note (entity, entity_id, at, actor, text)"
	    " VALUES ('customer', :id, :at, :actor, :text)";
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, note_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	db_bind_int(st, ":at", n->at != 0 ? n->at : s->now);
	db_bind_text(st, ":actor", n->actor != NULL ? n->actor : s->actor);
	db_bind_text(st, ":text", n->text);
	return db_run(st);
}

/* What an update is doing, so that its steps need no long lists. */
struct customer_diff {
	struct shop *s;
	const struct customer *old;
	struct customer *new;
	const struct customer_change *c;
	struct arena *a;
	size_t changed;
};

static const struct err *
customer_note_change(struct customer_diff *d, const char *field,
    const char *old, const char *new)
{
	d->changed++;
	return customer_add_past(d->s, d->old->id,
	    &(struct past){ .at = d->c->at,
		.actor = d->c->actor,
		.field = field,
		.old = old,
		.new = new });
}

static const struct err *
customer_diff_fields(struct customer_diff *d)
{
	const struct err *err;
	const char *was, *is;
	int i;

	for (i = 0; i < CUSTOMER_FIELD_COUNT; i++) {
		was =
		    field_format(&customer_fields, &d->old->rec, i, NULL, d->a);
		is =
		    field_format(&customer_fields, &d->new->rec, i, NULL, d->a);
		if (text_same(was, is))
			continue;
		if ((err = customer_note_change(d, customer_fields.list[i].name,
			 was, is)) != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
customer_diff_entry(struct customer_diff *d, enum customer_list list,
    const char *key, const struct customer_entry *old,
    const struct customer_entry *new)
{
	const char *field = customer_list_words[list];

	if (customer_list_has_values(list))
		field = arena_printf(d->a, "%s.%s", field, key);
	return customer_note_change(d, field,
	    customer_entry_text(list, old, d->a),
	    customer_entry_text(list, new, d->a));
}

static const struct err *
customer_diff_new(struct customer_diff *d, enum customer_list list, size_t i)
{
	struct customer_entry *e = &d->new->lists[list].v[i];
	const struct customer_entry *old =
	    customer_list_find(&d->old->lists[list], e->key);
	const struct err *err;

	if (text_same(customer_entry_text(list, old, d->a),
		customer_entry_text(list, e, d->a)))
		return NULL;
	if (customer_list_has_values(list) && e->value == NULL)
		err = customer_drop_entry(d->s, d->old->id, list, e);
	else
		err = customer_put_entry(d->s, d->new, list, i, d->a);
	if (err != NULL)
		return err;
	return customer_diff_entry(d, list, e->key, old, e);
}

static const char *
customer_keys_text(const struct customer_entries *l, struct arena *a)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < l->len; i++)
		text = arena_printf(a, "%s%s%s", text, i != 0 ? ", " : "",
		    l->v[i].key);
	return text;
}

/* Which phone comes first is a change of its own. */
static const struct err *
customer_diff_order(struct customer_diff *d, enum customer_list list)
{
	const struct customer_entries *old = &d->old->lists[list];
	const struct customer_entries *new = &d->new->lists[list];
	struct customer_entries kept = { 0 };
	const struct err *err = NULL;
	const char *was, *is;
	size_t i;

	for (i = 0; i < old->len; i++)
		if (customer_list_find(new, old->v[i].key) != NULL)
			customer_list_put(&kept, &old->v[i], d->a);
	for (i = 0; i < new->len; i++)
		if (customer_list_find(old, new->v[i].key) == NULL)
			customer_list_put(&kept, &new->v[i], d->a);
	was = customer_keys_text(&kept, d->a);
	is = customer_keys_text(new, d->a);
	if (strcmp(was, is) != 0)
		err =
		    customer_note_change(d, customer_list_names[list], was, is);
	for (i = 0; i < new->len &&err == NULL; i++)
		err = customer_put_contact(d->s, d->old->id,
		    customer_list_words[list], new->v[i].key, i + 1);
	return err;
}

static const struct err *
customer_diff_list(struct customer_diff *d, enum customer_list list)
{
	const struct customer_entries *old = &d->old->lists[list];
	const struct customer_entries *new = &d->new->lists[list];
	const size_t before = d->changed;
	const struct customer_entry *e;
	const struct err *err;
	size_t i;

	for (e = old->v; new->present &&e != customer_list_end(old); e++) {
		if (customer_list_find(new, e->key) != NULL)
			continue;
		if ((err = customer_drop_entry(d->s, d->old->id, list, e)) !=
			NULL ||
		    (err = customer_diff_entry(d, list, e->key, e, NULL)) !=
			NULL)
			return err;
	}
	for (i = 0; i < new->len; i++)
		if ((err = customer_diff_new(d, list, i)) != NULL)
			return err;
	if (list != CUSTOMER_PHONES && list != CUSTOMER_EMAILS)
		return NULL;
	if (d->changed == before && strcmp(customer_keys_text(old, d->a),
					customer_keys_text(new, d->a)) == 0)
		return NULL;
	return customer_diff_order(d, list);
}

/* Rows --------------------------------------------------------------------- */

static const char customer_insert_sql[] =
    "INSERT INTO customer (id, rev, name_fold, created_at, updated_at,"
    " erased_at," CUSTOMER_COLUMNS ") VALUES (:id, :rev, :name_fold,"
    " :created_at, :updated_at, :erased_at," CUSTOMER_PARAMS ")";
static const char customer_update_sql[] =
    "UPDATE customer SET (name_fold, updated_at, rev," CUSTOMER_COLUMNS ") ="
    " (:name_fold, :updated_at, rev + 1," CUSTOMER_PARAMS ")"
    " WHERE id = :id AND rev = :rev";
static const char id_used_sql[] =
    "SELECT 1 FROM customer WHERE id = :id UNION ALL"
    " SELECT 1 FROM history WHERE entity = 'customer' AND entity_id = :id";

enum { CUSTOMER_INSERT_FIRST = 7, CUSTOMER_UPDATE_FIRST = 3 };

static void
customer_bind(struct db_stmt *st, int first, const struct customer *c,
    struct arena *a)
{
	if (c->name != NULL && field_has(&c->rec, CUSTOMER_NAME))
		db_bind_text(st, ":name_fold", text_fold(a, c->name));
	field_bind(st, first, &customer_fields, &c->rec);
	db_bind_int(st, ":vip",
	    field_int(&customer_fields, &c->rec, CUSTOMER_VIP));
	db_bind_int(st, ":bad",
	    field_int(&customer_fields, &c->rec, CUSTOMER_BAD));
}

/* The id of our own record, when nobody ever had it. */
static const struct err *
customer_wish(struct shop *s, struct customer *c)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if (c->id == 0)
		return NULL;
	if ((err = db_stmt(s->db, id_used_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", c->id);
	if ((err = db_step(st, &row)) == NULL && row)
		c->id = 0;
	db_reset(st);
	return err;
}

static const struct err *
customer_insert_row(struct shop *s, struct customer *c, struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = customer_wish(s, c)) != NULL ||
	    (err = db_stmt(s->db, customer_insert_sql, &st)) != NULL)
		return err;
	if (c->rev <= 0)
		c->rev = 1;
	if (c->created_at == 0)
		c->created_at = s->now;
	c->updated_at = s->now;
	if (c->id != 0)
		db_bind_int(st, ":id", c->id);
	db_bind_int(st, ":rev", c->rev);
	db_bind_int(st, ":created_at", c->created_at);
	db_bind_int(st, ":updated_at", c->updated_at);
	if (c->erased_at != 0)
		db_bind_int(st, ":erased_at", c->erased_at);
	customer_bind(st, CUSTOMER_INSERT_FIRST, c, a);
	if ((err = db_run(st)) == NULL)
		c->id = db_last_id(s->db);
	return err;
}

static const struct err *
customer_insert_past(struct shop *s, const struct customer *c)
{
	const struct err *err;
	size_t i;

	if (c->past_len == 0)
		return customer_add_past(s, c->id,
		    &(struct past){ .at = c->created_at,
			.field = "name",
			.new = c->name });
	for (i = 0; i < c->past_len; i++)
		if ((err = customer_add_past(s, c->id, &c->past[i])) != NULL)
			return err;
	return NULL;
}

const struct err *
customer_insert(struct shop *s, struct customer *c, struct arena *a)
{
	const struct err *err;
	enum customer_list list;
	size_t i;

	if ((err = customer_check(s, c, a)) != NULL ||
	    (err = customer_insert_row(s, c, a)) != NULL)
		return err;
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		for (i = 0; i < c->lists[list].len; i++) {
			if (customer_list_has_values(list) &&
			    c->lists[list].v[i].value == NULL)
				continue;
			if ((err = customer_put_entry(s, c, list, i, a)) !=
			    NULL)
				return err;
		}
	for (i = 0; i < c->note_len; i++)
		if ((err = customer_add_note(s, c->id, &c->notes[i])) != NULL)
			return err;
	return customer_insert_past(s, c);
}

static const struct err *
customer_update_row(struct shop *s, const struct customer *old,
    struct customer *new, struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, customer_update_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":updated_at", s->now);
	db_bind_int(st, ":id", old->id);
	db_bind_int(st, ":rev", old->rev);
	customer_bind(st, CUSTOMER_UPDATE_FIRST, new, a);
	if ((err = db_run(st)) != NULL)
		return err;
	if (db_changes(s->db) != 1)
		return err_new(ERR_CONFLICT,
		    "customer %" PRId64 " was changed by somebody else "
		    "meanwhile",
		    old->id);
	new->rev = old->rev + 1;
	return NULL;
}

const struct err *
customer_update(struct shop *s, const struct customer *old,
    struct customer *new, const struct customer_change *c, struct arena *a,
    size_t *changed)
{
	struct customer_diff d = { s, old, new, c, a, 0 };
	const struct err *err;
	enum customer_list list;

	*changed = 0;
	if ((err = customer_check(s, new, a)) != NULL ||
	    (err = customer_diff_fields(&d)) != NULL)
		return err;
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++)
		if ((err = customer_diff_list(&d, list)) != NULL)
			return err;
	*changed = d.changed;
	return d.changed != 0 ? customer_update_row(s, old, new, a) : NULL;
}

/* Removing and merging ------------------------------------------------------ */

static const char in_use_sql[] =
    "SELECT (SELECT count(*) FROM orders WHERE customer_id = :id),"
    " (SELECT count(*) FROM customer WHERE merged_into = :id)";

static const struct err *
customer_check_unused(struct shop *s, int64_t id)
{
	const struct err *err;
	struct db_stmt *st;
	int64_t orders, merged;
	bool row;

	if ((err = db_stmt(s->db, in_use_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	orders = db_col_int(st, 0);
	merged = db_col_int(st, 1);
	db_reset(st);
	if (orders != 0)
		return err_new(ERR_CONFLICT, "it has orders (%" PRId64 ")",
		    orders);
	if (merged != 0)
		return err_new(ERR_CONFLICT,
		    "others were merged into it (%" PRId64 ")", merged);
	return NULL;
}

const struct err *
customer_remove(struct shop *s, const struct customer *c,
    const struct customer_change *change)
{
	static const char source_sql[] =
	    "DELETE FROM customer_source WHERE customer_id = :id";
	static const char base_sql[] =
	    "DELETE FROM customer_base WHERE customer_id = :id";
	static const char contact_sql[] =
	    "DELETE FROM contact WHERE customer_id = :id";
	static const char consent_sql[] =
	    "DELETE FROM consent WHERE customer_id = :id";
	static const char tag_sql[] = "DELETE FROM tag WHERE customer_id = :id";
	static const char double_sql[] =
	    "DELETE FROM customer_double"
	    " WHERE customer_id = :id OR other_id = :id";
	static const char custom_sql[] =
	    "DELETE FROM custom_value WHERE entity = 'customer'"
	    " AND entity_id = :id";
	static const char note_sql[] =
	    "DELETE FROM note WHERE entity = 'customer' AND entity_id = :id";
	static const char row_sql[] = "DELETE FROM customer WHERE id = :id";
	static const char *const sql[] = { source_sql, base_sql, contact_sql,
		consent_sql, tag_sql, double_sql, custom_sql, note_sql,
		row_sql };
	const struct err *err;

	if ((err = customer_check_unused(s, c->id)) != NULL ||
	    (err = db_run_each(s->db, sql, ARRAY_LEN(sql), c->id)) != NULL)
		return err;
	return customer_add_past(s, c->id,
	    &(struct past){ .at = change->at,
		.actor = change->actor,
		.field = "removed",
		.old = c->name });
}

const struct err *
customer_set_merged(struct shop *s, const struct customer *c, int64_t into,
    const struct customer_change *change)
{
	static const char merged_sql[] =
	    "UPDATE customer SET merged_into = :into, updated_at = :now,"
	    " rev = rev + 1 WHERE id = :id";
	const struct err *err;
	struct db_stmt *st;
	char old[24], new[24];

	if ((err = db_stmt(s->db, merged_sql, &st)) != NULL)
		return err;
	if (into != 0)
		db_bind_int(st, ":into", into);
	db_bind_int(st, ":now", s->now);
	db_bind_int(st, ":id", c->id);
	if ((err = db_run(st)) != NULL)
		return err;
	snprintf(old, sizeof(old), "%" PRId64, c->merged_into);
	snprintf(new, sizeof(new), "%" PRId64, into);
	return customer_add_past(s, c->id,
	    &(struct past){ .at = change->at,
		.actor = change->actor,
		.field = "merged_into",
		.old = c->merged_into != 0 ? old : NULL,
		.new = into != 0 ? new : NULL });
}

/* What the other knew and this one did not; of consents the later word. */
static void
customer_learn(struct customer *into, const struct customer *from,
    struct arena *a)
{
	const struct fields *t = &customer_fields;
	const struct customer_entry *e, *own;
	enum customer_list list;
	int i;

	for (i = 0; i < CUSTOMER_FIELD_COUNT; i++)
		if (!field_has(&into->rec, i) && field_has(&from->rec, i))
			field_copy(t, &into->rec, &from->rec, i);
	for (list = CUSTOMER_PHONES; list < CUSTOMER_LIST_COUNT; list++) {
		const struct customer_entries *l = &from->lists[list];

		for (e = l->v; e != customer_list_end(l); e++) {
			own = customer_list_find(&into->lists[list], e->key);
			if (own == NULL ||
			    (list == CUSTOMER_CONSENTS && e->at > own->at))
				customer_list_put(&into->lists[list], e, a);
		}
	}
}

static const struct err *
customer_move_merged(struct shop *s, int64_t from, int64_t into,
    const struct customer_change *c, struct arena *a)
{
	static const char merged_sql[] =
	    "SELECT id FROM customer WHERE merged_into = :id ORDER BY id";
	const struct err *err;
	struct customer *m;
	struct db_stmt *st;
	int64_t *ids = NULL;
	size_t i, n = 0;
	bool row;

	if ((err = db_stmt(s->db, merged_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", from);
	while ((err = db_step(st, &row)) == NULL && row) {
		ids = arena_grow(a, ids, n, sizeof(*ids));
		ids[n++] = db_col_int(st, 0);
	}
	for (i = 0; i < n && err == NULL; i++) {
		err = customer_by_id(s->db, ids[i], CUSTOMER_LOAD_LISTS, a, &m);
		if (err == NULL)
			err = customer_set_merged(s, m, into, c);
	}
	return err;
}

const struct err *
customer_join(struct shop *s, const struct customer *into,
    const struct customer *from, const struct customer_change *c,
    struct arena *a)
{
	struct customer *new = customer_copy(into, a);
	const struct err *err;
	size_t changed;

	if (into->id == from->id)
		return err_new(ERR_INPUT,
		    "customer %" PRId64 " cannot be merged into itself",
		    into->id);
	customer_learn(new, from, a);
	if ((err = customer_update(s, into, new, c, a, &changed)) != NULL ||
	    (err = customer_move_merged(s, from->id, into->id, c, a)) != NULL)
		return err;
	return customer_set_merged(s, from, into->id, c);
}
