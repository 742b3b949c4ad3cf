/* customer_erase.c - a person wishes to be forgotten. */
#include "customer/customer_erase.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "crm/shop.h"
#include "customer/customer_save.h"
#include "db/db.h"

/* The customers that are this person, and their orders. */
#define ERASE_SELVES \
	"(SELECT id FROM customer WHERE id = :id OR merged_into = :id)"
#define ERASE_ORDERS \
	"(SELECT id FROM orders WHERE customer_id IN " ERASE_SELVES ")"

/* Fields of an order that tell of the person; city and region are figures. */
#define ERASE_FIELDS                                                   \
	"'customer_external_id', 'customer_name', 'phone', 'email',"   \
	" 'customer_comment', 'manager_comment', 'delivery_postcode'," \
	" 'delivery_street', 'delivery_building', 'delivery_flat',"    \
	" 'delivery_address'"

/* Custom fields that hold free text may hold a name. */
#define ERASE_FREE_TEXT                                         \
	"(SELECT code FROM custom_field WHERE entity = 'order'" \
	" AND type IN ('string', 'text', 'email'))"

/*
 * In the history of the person's orders and of the person everything goes that
 * may tell of him, also where no name or number stands in it; a packed payment
 * may hold a comment.
 */
static const char history_order_sql[] =
    "UPDATE history SET old = iif(old IS NULL, NULL, '(erased)'),"
    " new = iif(new IS NULL, NULL, '(erased)')"
    " WHERE entity = 'order' AND entity_id IN " ERASE_ORDERS
    " AND (field IN (" ERASE_FIELDS ")"
    "  OR (field = 'payment' AND (instr(old, 'comment=') > 0"
    "   OR instr(new, 'comment=') > 0))"
    "  OR (field LIKE 'custom.%' AND substr(field, 8) IN " ERASE_FREE_TEXT
    "  ))";
static const char history_customer_sql[] =
    "UPDATE history SET old = iif(old IS NULL, NULL, '(erased)'),"
    " new = iif(new IS NULL, NULL, '(erased)')"
    " WHERE entity = 'customer' AND entity_id IN " ERASE_SELVES
    " AND field <> 'merged_into'";
static const char note_sql[] =
    "DELETE FROM note WHERE (entity = 'order' AND entity_id IN " ERASE_ORDERS
    ") OR (entity = 'customer' AND entity_id IN " ERASE_SELVES ")";
static const char order_custom_sql[] =
    "DELETE FROM custom_value WHERE entity = 'order'"
    " AND entity_id IN " ERASE_ORDERS " AND field IN " ERASE_FREE_TEXT;
static const char custom_sql[] =
    "DELETE FROM custom_value WHERE entity = 'customer'"
    " AND entity_id IN " ERASE_SELVES;
static const char payment_sql[] =
    "UPDATE payment SET comment = NULL"
    " WHERE comment IS NOT NULL AND order_id IN " ERASE_ORDERS;
static const char orders_sql[] =
    "UPDATE orders SET customer_external_id = NULL, customer_name = NULL,"
    " phone = NULL, email = NULL, customer_comment = NULL,"
    " manager_comment = NULL, delivery_postcode = NULL,"
    " delivery_street = NULL, delivery_building = NULL, delivery_flat = NULL,"
    " delivery_address = NULL, updated_at = :now, rev = rev + 1"
    " WHERE customer_id IN " ERASE_SELVES;
/* Refused records that came under the person's names, whatever they say. */
static const char reject_sql[] =
    "DELETE FROM reject WHERE (entity = 'customer'"
    "  AND (source, external_id) IN (SELECT source, external_id"
    "   FROM customer_source WHERE customer_id IN " ERASE_SELVES "))"
    " OR (entity = 'order' AND (source, external_id) IN"
    "  (SELECT source, external_id FROM order_source"
    "   WHERE order_id IN " ERASE_ORDERS "))"
    " OR (entity = 'cart' AND (source, external_id) IN"
    "  (SELECT source, external_id FROM cart"
    "   WHERE customer_id IN " ERASE_SELVES "))";
static const char source_sql[] =
    "DELETE FROM customer_source WHERE customer_id IN " ERASE_SELVES;
static const char base_sql[] =
    "DELETE FROM customer_base WHERE customer_id IN " ERASE_SELVES;
static const char contact_sql[] =
    "DELETE FROM contact WHERE customer_id IN " ERASE_SELVES;
static const char consent_sql[] =
    "DELETE FROM consent WHERE customer_id IN " ERASE_SELVES;
static const char tag_sql[] =
    "DELETE FROM tag WHERE customer_id IN " ERASE_SELVES;
static const char cart_sql[] =
    "DELETE FROM cart WHERE customer_id IN " ERASE_SELVES;
static const char double_sql[] =
    "DELETE FROM customer_double WHERE customer_id IN " ERASE_SELVES
    " OR other_id IN " ERASE_SELVES;
static const char customer_sql[] =
    "UPDATE customer SET name = NULL, name_fold = NULL, birthday_on = NULL,"
    " vip = 0, bad = 0, country = NULL, region = NULL, city = NULL,"
    " postcode = NULL, street = NULL, building = NULL, flat = NULL,"
    " address = NULL, erased_at = :now, updated_at = :now, rev = rev + 1"
    " WHERE id = :id OR merged_into = :id";

static const struct err *
erase_run(struct shop *s, const char *sql, int64_t id, int64_t *changes)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if (sql == orders_sql || sql == customer_sql)
		db_bind_int(st, ":now", s->now);
	if ((err = db_run(st)) == NULL && changes != NULL)
		*changes += db_changes(s->db);
	return err;
}

/* Bases -------------------------------------------------------------------- */

/* As ERASE_FIELDS. */
static const char *const erase_fields[] = { "customer_external_id",
	"customer_name", "phone", "email", "customer_comment",
	"manager_comment", "delivery_postcode", "delivery_street",
	"delivery_building", "delivery_flat", "delivery_address" };

bool
customer_erase_is_field(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(erase_fields); i++)
		if (strcmp(erase_fields[i], name) == 0)
			return true;
	return false;
}

static bool
erase_is_personal(const char *member)
{
	if (customer_erase_is_field(member))
		return true;
	/* Free text or not: the base of a custom value is no figure. */
	return strncmp(member, "custom ", 7) == 0 ||
	       strncmp(member, "payment ", 8) == 0;
}

/* What a source said of one of the person's orders. */
struct erase_base {
	const char *source;
	const char *external_id;
	const char *base;
};

static const struct err *
erase_one_base(struct shop *s, const struct erase_base *e, struct arena *a)
{
	static const char set_sql[] =
	    "UPDATE order_source SET base = :base"
	    " WHERE source = :source AND external_id = :external_id";
	struct pack_member *m;
	struct buf b = { 0 };
	const struct err *err;
	struct db_stmt *st;
	size_t i, n;

	pack_split(a, e->base, &m, &n);
	for (i = 0; i < n; i++)
		if (!erase_is_personal(m[i].name))
			pack_add(&b, m[i].name, m[i].value);
	if ((err = db_stmt(s->db, set_sql, &st)) == NULL) {
		db_bind_text(st, ":base", buf_str(&b));
		db_bind_text(st, ":source", e->source);
		db_bind_text(st, ":external_id", e->external_id);
		err = db_run(st);
	}
	buf_free(&b);
	return err;
}

static const struct err *
erase_bases(struct shop *s, int64_t id, struct arena *a)
{
	static const char bases_sql[] =
	    "SELECT source, external_id, base FROM order_source"
	    " WHERE base <> '' AND order_id IN " ERASE_ORDERS;
	struct erase_base *v = NULL;
	const struct err *err;
	struct db_stmt *st;
	size_t i, n = 0;
	bool row;

	if ((err = db_stmt(s->db, bases_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	while ((err = db_step(st, &row)) == NULL && row) {
		v = arena_grow(a, v, n, sizeof(*v));
		v[n++] = (struct erase_base){ db_col_text(st, 0, a),
			db_col_text(st, 1, a), db_col_text(st, 2, a) };
	}
	for (i = 0; i < n && err == NULL; i++)
		err = erase_one_base(s, &v[i], a);
	return err;
}

/* Text that is kept as it came --------------------------------------------- */

/*
 * What tells of the person, folded: addresses, names of more than one word, and
 * phones as the digits that all forms of a number have. A mere "Anna" may be
 * anybody.
 */
struct erase_words {
	const char **v;
	size_t len;
	const char **digits;
	size_t digit_len;
};

enum { ERASE_DIGITS = 9 };

static void
erase_add_word(struct erase_words *w, const char *text, struct arena *a)
{
	w->v = arena_grow(a, w->v, w->len, sizeof(*w->v));
	w->v[w->len++] = text_fold(a, text);
}

static void
erase_add_digits(struct erase_words *w, const char *phone, struct arena *a)
{
	char *digits = arena_strdup(a, phone), *to = digits;
	const char *p;

	for (p = phone; *p != '\0'; p++)
		if (*p >= '0' && *p <= '9')
			*to++ = *p;
	*to = '\0';
	if (to - digits < ERASE_DIGITS)
		return;
	w->digits = arena_grow(a, w->digits, w->digit_len, sizeof(*w->digits));
	w->digits[w->digit_len++] = to - ERASE_DIGITS;
}

static const struct err *
erase_words_of(struct shop *s, int64_t id, struct arena *a,
    struct erase_words *w)
{
	static const char known_sql[] =
	    "SELECT 'name', name FROM customer WHERE instr(name, ' ') > 0"
	    "  AND id IN " ERASE_SELVES " UNION SELECT kind, value FROM contact"
	    "  WHERE customer_id IN " ERASE_SELVES
	    " UNION SELECT 'name', customer_name FROM orders"
	    "  WHERE instr(customer_name, ' ') > 0 AND id IN " ERASE_ORDERS
	    " UNION SELECT 'phone', phone FROM orders"
	    "  WHERE phone IS NOT NULL AND id IN " ERASE_ORDERS
	    " UNION SELECT 'email', email FROM orders"
	    "  WHERE email IS NOT NULL AND id IN " ERASE_ORDERS;
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*w = (struct erase_words){ 0 };
	if ((err = db_stmt(s->db, known_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	while ((err = db_step(st, &row)) == NULL && row) {
		if (strcmp(db_col_peek(st, 0), "phone") == 0)
			erase_add_digits(w, db_col_peek(st, 1), a);
		else
			erase_add_word(w, db_col_peek(st, 1), a);
	}
	return err;
}

static bool
erase_has_words(const struct erase_words *w, const char *text, struct arena *a)
{
	char *digits = arena_strdup(a, text), *to = digits;
	const char *fold = text_fold(a, text), *p;
	size_t i;

	for (i = 0; i < w->len; i++)
		if (strstr(fold, w->v[i]) != NULL)
			return true;
	/* "8 (029) 123-45-67": what stands between the digits is no matter. */
	for (p = text; *p != '\0'; p++)
		if (*p >= '0' && *p <= '9')
			*to++ = *p;
		else if (strchr(" -()+.\t", *p) == NULL)
			*to++ = '|';
	*to = '\0';
	for (i = 0; i < w->digit_len; i++)
		if (strstr(digits, w->digits[i]) != NULL)
			return true;
	return false;
}

/* Rows of a table whose text may tell of the person. */
static const struct err *
erase_texts(struct shop *s, const struct erase_words *w, const char *next_sql,
    const char *clear_sql, int64_t *count)
{
	const struct err *err = NULL;
	struct arena a = { 0 };
	struct db_stmt *st;
	int64_t after = 0;
	bool row, has;

	for (;;) {
		arena_reset(&a);
		if ((err = db_stmt(s->db, next_sql, &st)) != NULL)
			break;
		db_bind_int(st, ":after", after);
		if ((err = db_step(st, &row)) != NULL || !row)
			break;
		after = db_col_int(st, 0);
		has = erase_has_words(w, db_col_peek(st, 1), &a);
		db_reset(st);
		if (!has)
			continue;
		if ((err = db_stmt(s->db, clear_sql, &st)) != NULL)
			break;
		db_bind_int(st, ":id", after);
		if ((err = db_run(st)) != NULL)
			break;
		++*count;
	}
	arena_free(&a);
	return err;
}

static const struct err *
erase_kept_texts(struct shop *s, int64_t id, struct arena *a,
    struct customer_erased *out)
{
	static const char reject_next_sql[] =
	    "SELECT id, ifnull(external_id, '') || ' ' || record || ' '"
	    " || reason FROM reject WHERE id > :after ORDER BY id LIMIT 1";
	static const char reject_clear_sql[] = "DELETE FROM reject"
					       " WHERE id = :id";
	static const char history_next_sql[] =
	    "SELECT id, ifnull(old, '') || ' ' || ifnull(new, '') FROM history"
	    " WHERE id > :after AND (old IS NOT NULL OR new IS NOT NULL)"
	    " ORDER BY id LIMIT 1";
	static const char history_clear_sql[] =
	    "UPDATE history SET old = iif(old IS NULL, NULL, '(erased)'),"
	    " new = iif(new IS NULL, NULL, '(erased)') WHERE id = :id";
	static const char run_next_sql[] =
	    "SELECT id, ifnull(detail, '') || ' ' || ifnull(summary, '')"
	    " FROM run WHERE id > :after AND (detail IS NOT NULL"
	    "  OR summary IS NOT NULL) ORDER BY id LIMIT 1";
	static const char run_clear_sql[] =
	    "UPDATE run SET detail = '(erased)', summary = '(erased)'"
	    " WHERE id = :id";
	const struct err *err;
	struct erase_words w;
	int64_t runs = 0;

	if ((err = erase_words_of(s, id, a, &w)) != NULL ||
	    (err = erase_texts(s, &w, reject_next_sql, reject_clear_sql,
		 &out->rejects)) != NULL ||
	    (err = erase_texts(s, &w, history_next_sql, history_clear_sql,
		 &out->history)) != NULL)
		return err;
	return erase_texts(s, &w, run_next_sql, run_clear_sql, &runs);
}

/* An id such as 77 may be anything in a record: a person must look. */
static const struct err *
erase_left(struct shop *s, int64_t id, struct arena *a,
    struct customer_erased *out)
{
	static const char left_sql[] =
	    "SELECT group_concat(id, ', ') FROM (SELECT DISTINCT r.id"
	    "  FROM reject r JOIN customer_source c ON c.source = r.source"
	    "  WHERE c.customer_id IN " ERASE_SELVES
	    "  AND ' ' || r.record || ' ' GLOB '*[^0-9A-Za-z]'"
	    "   || c.external_id || '[^0-9A-Za-z]*' ORDER BY 1 LIMIT 20)";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, left_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) == NULL && row)
		out->left = db_col_text(st, 0, a);
	db_reset(st);
	return err;
}

/* -------------------------------------------------------------------------- */

const struct err *
customer_erase(struct shop *s, const struct customer *c, struct arena *a,
    struct customer_erased *out)
{
	static const char *const sql[] = { note_sql, order_custom_sql,
		custom_sql, payment_sql, source_sql, base_sql, contact_sql,
		consent_sql, tag_sql, cart_sql, double_sql };
	const struct err *err;
	size_t i;

	*out = (struct customer_erased){ 0 };
	if (c->erased_at != 0)
		return err_new(ERR_CONFLICT, "it was erased before");
	if ((err = erase_run(s, history_order_sql, c->id, &out->history)) !=
		NULL ||
	    (err = erase_run(s, history_customer_sql, c->id, &out->history)) !=
		NULL ||
	    (err = erase_run(s, reject_sql, c->id, &out->rejects)) != NULL ||
	    (err = erase_kept_texts(s, c->id, a, out)) != NULL ||
	    (err = erase_left(s, c->id, a, out)) != NULL ||
	    (err = erase_bases(s, c->id, a)) != NULL)
		return err;
	for (i = 0; i < ARRAY_LEN(sql); i++)
		if ((err = erase_run(s, sql[i], c->id, NULL)) != NULL)
			return err;
	if ((err = erase_run(s, orders_sql, c->id, &out->orders)) != NULL ||
	    (err = erase_run(s, customer_sql, c->id, &out->customers)) != NULL)
		return err;
	return customer_add_past(s, c->id,
	    &(struct past){ .at = s->now, .field = "erased" });
}

const struct err *
customer_erase_is_free_text(struct shop *s, const char *custom, bool *is)
{
	static const char free_sql[] = "SELECT :field IN " ERASE_FREE_TEXT;
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*is = false;
	if ((err = db_stmt(s->db, free_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":field", custom);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	*is = db_col_int(st, 0) != 0;
	db_reset(st);
	return NULL;
}
