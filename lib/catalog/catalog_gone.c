/* catalog_gone.c - what is no longer sold, and can come back. */
#include "catalog/catalog_parts.h"
#include "crm/shop.h"
#include "db/db.h"

static const char forget_offer_sql[] =
    "UPDATE offer_source SET record_hash = NULL"
    " WHERE source = :source AND offer_id = :id";
static const char forget_product_sql[] =
    "UPDATE product_source SET record_hash = NULL"
    " WHERE source = :source AND product_id ="
    " (SELECT product_id FROM offer WHERE id = :id)";
static const char of_product_sql[] =
    "SELECT f.id FROM offer f JOIN offer_source o ON o.offer_id = f.id"
    " WHERE f.product_id = :product_id AND o.source = :source"
    "   AND f.active = 1";

static const struct err *
catalog_forget(struct catalog *c, const char *sql, int64_t id)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(c->s->db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", c->r->source);
	db_bind_int(st, ":id", id);
	return db_run(st);
}

/*
 * An offer is no longer sold. Its hash is forgotten, so that it comes back when
 * the source says again what it said before.
 */
static const struct err *
catalog_drop(struct catalog *c, int64_t id)
{
	struct offer gone = { 0 };
	const struct err *err;

	field_set_int(&catalog_offer_fields, &gone.rec, OFFER_ACTIVE, 0);
	if ((err = catalog_offer_change(c, id, &gone.rec)) != NULL ||
	    (err = catalog_forget(c, forget_offer_sql, id)) != NULL)
		return err;
	return catalog_forget(c, forget_product_sql, id);
}

const struct err *
catalog_drop_variants(struct catalog *c)
{
	const struct err *err;
	struct db_stmt *st;
	int64_t *ids = NULL;
	size_t i, n = 0;
	bool row;

	if ((err = db_stmt(c->s->db, of_product_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":product_id", c->product_id);
	db_bind_text(st, ":source", c->r->source);
	while ((err = db_step(st, &row)) == NULL && row) {
		ids = arena_grow(c->a, ids, n, sizeof(*ids));
		ids[n++] = db_col_int(st, 0);
	}
	for (i = 0; i < n && err == NULL; i++)
		err = catalog_drop(c, ids[i]);
	return err;
}

/* What a whole feed does not have ------------------------------------------- */

static const char seen_table_sql[] =
    "CREATE TEMP TABLE IF NOT EXISTS catalog_seen"
    " (offer_id INTEGER PRIMARY KEY)";
static const char seen_sql[] =
    "INSERT OR IGNORE INTO temp.catalog_seen SELECT offer_id FROM offer_source"
    " WHERE source = :source AND external_id = :external_id";
static const char unseen_sql[] =
    "SELECT f.id FROM offer_source o JOIN offer f ON f.id = o.offer_id"
    " WHERE o.source = :source AND f.active = 1"
    "   AND f.id NOT IN (SELECT offer_id FROM temp.catalog_seen)"
    "   AND NOT EXISTS (SELECT 1 FROM offer_source p"
    "     WHERE p.offer_id = f.id AND p.source <> :source)";

static const struct err *
catalog_seen_open(struct shop *s)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, seen_table_sql, &st)) != NULL)
		return err;
	return db_run(st);
}

const struct err *
catalog_seen(struct shop *s, const char *source, const char *external_id)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = catalog_seen_open(s)) != NULL ||
	    (err = db_stmt(s->db, seen_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	return db_run(st);
}

const struct err *
catalog_drop_unseen(struct shop *s, const char *source, struct arena *a,
    uint64_t *dropped)
{
	struct catalog_record r = { .source = source };
	struct catalog c = { .s = s, .r = &r };
	struct arena rec = { 0 };
	const struct err *err;
	struct db_stmt *st;
	int64_t *ids = NULL;
	size_t n = 0;
	bool row;

	*dropped = 0;
	if ((err = catalog_seen_open(s)) != NULL ||
	    (err = db_stmt(s->db, unseen_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	while ((err = db_step(st, &row)) == NULL && row) {
		ids = arena_grow(a, ids, n, sizeof(*ids));
		ids[n++] = db_col_int(st, 0);
	}
	c.a = &rec;
	for (; *dropped < n && err == NULL; (*dropped)++) {
		arena_reset(&rec);
		err = catalog_drop(&c, ids[*dropped]);
	}
	arena_free(&rec);
	return err;
}
