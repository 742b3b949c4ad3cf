/* customer.c - who ordered: found by outside id, phone, e-mail, or made. */
#include "customer/customer.h"

#include "base/text.h"
#include "crm/history.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "db/db.h"

/* A merged customer stands for the one it was merged into, named or not. */
#define CUSTOMER_FOUND                        \
	"SELECT ifnull(c.merged_into, c.id)," \
	" c.name IS NULL OR c.merged_into IS NOT NULL"
static const char by_source_sql[] =
    CUSTOMER_FOUND " FROM customer_source s"
		   " JOIN customer c ON c.id = s.customer_id"
		   " WHERE s.source = :source AND s.external_id = :external_id";
static const char by_contact_sql[] =
    CUSTOMER_FOUND " FROM contact k"
		   " JOIN customer c ON c.id = k.customer_id"
		   " WHERE k.kind = :kind AND k.value = :value"
		   " ORDER BY k.customer_id LIMIT 1";
static const char add_customer_sql[] =
    "INSERT INTO customer (name, name_fold, created_at, updated_at)"
    " VALUES (:name, :name_fold, :at, :now)";
static const char learn_name_sql[] =
    "UPDATE customer SET name = :name, name_fold = :name_fold,"
    " updated_at = max(updated_at, :now), rev = rev + 1"
    " WHERE id = :id AND name IS NULL";
static const char add_source_sql[] =
    "INSERT INTO customer_source (source, external_id, customer_id)"
    " VALUES (:source, :external_id, :id)";
static const char add_contact_sql[] =
    "INSERT INTO contact (kind, value, customer_id, place)"
    " VALUES (:kind, :value, :id, ifnull(:place,"
    "  (SELECT ifnull(max(place), 0) + 1"
    "   FROM contact WHERE customer_id = :id AND kind = :kind)))";
static const char add_double_sql[] =
    "INSERT OR IGNORE INTO customer_double (customer_id, other_id, reason, at)"
    " VALUES (min(:a, :b), max(:a, :b), :reason, :at)";

struct customer_hit {
	int64_t id;   /* 0: nobody */
	bool unnamed; /* perhaps: an update finds out */
};

static const struct err *
customer_lookup(struct db_stmt *st, struct customer_hit *hit)
{
	const struct err *err;
	bool row;

	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	hit->id = db_col_int(st, 0);
	hit->unnamed = db_col_int(st, 1) != 0;
	db_reset(st);
	return NULL;
}

static const struct err *
customer_by_source(struct shop *s, const struct customer_key *k,
    struct customer_hit *hit)
{
	const struct err *err;
	struct db_stmt *st;

	if (k->external_id == NULL)
		return NULL;
	if ((err = db_stmt(s->db, by_source_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", k->source);
	db_bind_text(st, ":external_id", k->external_id);
	return customer_lookup(st, hit);
}

/* value NULL: there is no such key. */
static const struct err *
customer_by_contact(struct shop *s, const char *kind, const char *value,
    struct customer_hit *hit)
{
	const struct err *err;
	struct db_stmt *st;

	if (value == NULL)
		return NULL;
	if ((err = db_stmt(s->db, by_contact_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":kind", kind);
	db_bind_text(st, ":value", value);
	return customer_lookup(st, hit);
}

static const struct err *
customer_add_source(struct shop *s, const struct customer_key *k, int64_t id)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, add_source_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", k->source);
	db_bind_text(st, ":external_id", k->external_id);
	db_bind_int(st, ":id", id);
	return db_run(st);
}

/* Behind those that there are; of one who is new there are none. */
static const struct err *
customer_add_contact(struct shop *s, const char *kind, const char *value,
    int64_t id, bool fresh)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, add_contact_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":kind", kind);
	db_bind_text(st, ":value", value);
	db_bind_int(st, ":id", id);
	if (fresh)
		db_bind_int(st, ":place", 1);
	return db_run(st);
}

static const struct err *
customer_add(struct shop *s, const struct customer_key *k, int64_t at,
    int64_t *id)
{
	const struct err *err;
	struct arena a = { 0 };
	struct db_stmt *st;

	if ((err = db_stmt(s->db, add_customer_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", k->name);
	db_bind_text(st, ":name_fold",
	    k->name != NULL ? text_fold(&a, k->name) : NULL);
	db_bind_int(st, ":at", at);
	db_bind_int(st, ":now", s->now);
	err = db_run(st);
	arena_free(&a);
	if (err != NULL)
		return err;
	*id = db_last_id(s->db);
	return history_add(s, &(struct history_row){ .at = at,
				  .entity = "customer",
				  .entity_id = *id,
				  .field = "name",
				  .new = k->name });
}

const struct err *
customer_note_double(struct shop *s, int64_t a, int64_t b, const char *reason)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, add_double_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":a", a);
	db_bind_int(st, ":b", b);
	db_bind_text(st, ":reason", reason);
	db_bind_int(st, ":at", s->now);
	return db_run(st);
}

/* What identifies: an international number, an address; never a shared one. */
static const char *
customer_usable(const struct shop *s, const char *kind, const char *value)
{
	if (value == NULL || shop_is_shared(s, kind, value))
		return NULL;
	return value;
}

struct customer_found {
	const char *phone; /* NULL when it identifies nobody */
	const char *email;
	struct customer_hit by_source;
	struct customer_hit by_phone;
	struct customer_hit by_email;
	struct customer_hit first;
};

static const struct err *
customer_look(struct shop *s, const struct customer_key *k,
    struct customer_found *f)
{
	const struct err *err;

	*f = (struct customer_found){ .email = customer_usable(s, "email",
					  k->email) };
	if (k->phone != NULL && phone_is_e164(k->phone))
		f->phone = customer_usable(s, "phone", k->phone);
	if ((err = customer_by_source(s, k, &f->by_source)) != NULL ||
	    (err = customer_by_contact(s, "phone", f->phone, &f->by_phone)) !=
		NULL ||
	    (err = customer_by_contact(s, "email", f->email, &f->by_email)) !=
		NULL)
		return err;
	f->first = f->by_source.id != 0 ? f->by_source :
		   f->by_phone.id != 0  ? f->by_phone :
					  f->by_email;
	return NULL;
}

const struct err *
customer_find(struct shop *s, const struct customer_key *k, int64_t *id)
{
	const struct err *err;
	struct customer_found f;

	*id = 0;
	if ((err = customer_look(s, k, &f)) == NULL)
		*id = f.first.id;
	return err;
}

/*
 * A contact of id: add it, or note that it points at another. What a customer
 * began with is not told twice; what is learned later goes into the history.
 */
static const struct err *
customer_tie(struct shop *s, int64_t id, const char *kind, const char *value,
    int64_t found, bool fresh)
{
	const struct err *err;

	if (value == NULL || found == id)
		return NULL;
	if (found != 0)
		return customer_note_double(s, id, found, kind);
	if ((err = customer_add_contact(s, kind, value, id, fresh)) != NULL ||
	    fresh)
		return err;
	return history_set(s, "customer", id, kind, NULL, value);
}

/* Somebody known by phone alone says a name now. */
static const struct err *
customer_learn_name(struct shop *s, int64_t id, const char *name)
{
	const struct err *err;
	struct arena a = { 0 };
	struct db_stmt *st;

	if (name == NULL)
		return NULL;
	if ((err = db_stmt(s->db, learn_name_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", name);
	db_bind_text(st, ":name_fold", text_fold(&a, name));
	db_bind_int(st, ":now", s->now);
	db_bind_int(st, ":id", id);
	err = db_run(st);
	arena_free(&a);
	if (err != NULL || db_changes(s->db) == 0)
		return err;
	return history_set(s, "customer", id, "name", NULL, name);
}

const struct err *
customer_take(struct shop *s, const struct customer_key *k, int64_t at,
    int64_t *id, bool *made)
{
	const struct err *err;
	struct customer_found f;

	*id = 0;
	*made = false;
	if ((err = customer_look(s, k, &f)) != NULL)
		return err;
	if (f.first.id == 0 && k->external_id == NULL && f.phone == NULL &&
	    f.email == NULL)
		return NULL; /* a guest */
	*id = f.first.id;
	*made = *id == 0;
	if (*made)
		err = customer_add(s, k, at, id);
	else if (f.first.unnamed)
		err = customer_learn_name(s, *id, k->name);
	if (err != NULL)
		return err;
	if (k->external_id != NULL && f.by_source.id == 0 &&
	    (err = customer_add_source(s, k, *id)) != NULL)
		return err;
	if ((err = customer_tie(s, *id, "phone", f.phone, f.by_phone.id,
		 *made)) != NULL)
		return err;
	return customer_tie(s, *id, "email", f.email, f.by_email.id, *made);
}

static const char customer_get_sql[] =
    "SELECT c.id, c.name, c.vip, c.bad,"
    " (SELECT group_concat(value, ', ') FROM contact"
    "   WHERE customer_id = c.id AND kind = 'phone'),"
    " (SELECT group_concat(value, ', ') FROM contact"
    "   WHERE customer_id = c.id AND kind = 'email'),"
    " count(o.id), ifnull(sum(s.is_revenue), 0),"
    " ifnull(min(o.placed_at), 0), ifnull(max(o.placed_at), 0)"
    "  FROM customer c LEFT JOIN orders o ON o.customer_id IN"
    "  (SELECT id FROM customer WHERE id = c.id OR merged_into = c.id)"
    "  LEFT JOIN status s ON s.code = o.status"
    " WHERE c.id = (SELECT ifnull(merged_into, id) FROM customer"
    "  WHERE id = :id) GROUP BY c.id";

const struct err *
customer_get(struct db *db, int64_t id, struct arena *a,
    struct customer_brief **out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	if ((err = db_stmt(db, customer_get_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*out = arena_alloc(a, sizeof(**out));
	**out = (struct customer_brief){
		.id = db_col_int(st, 0),
		.name = db_col_text(st, 1, a),
		.vip = db_col_int(st, 2) != 0,
		.bad = db_col_int(st, 3) != 0,
		.phones = db_col_text(st, 4, a),
		.emails = db_col_text(st, 5, a),
		.orders = db_col_int(st, 6),
		.sales = db_col_int(st, 7),
		.first_at = db_col_int(st, 8),
		.last_at = db_col_int(st, 9),
	};
	db_reset(st);
	return NULL;
}
