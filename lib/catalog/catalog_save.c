/* catalog_save.c - what sources say of the catalogue, with its history. */
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "catalog/catalog_parts.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"

/* Fields ------------------------------------------------------------------- */

/* Put what `from` mentions into `to`; every difference is history. */
static const struct err *
catalog_apply(struct catalog *c, const char *entity, int64_t id,
    const struct fields *t, const struct rec *from, struct rec *to,
    bool *changed)
{
	const struct err *err;
	const char *old, *new;
	int i;

	*changed = false;
	for (i = 0; i < (int)t->count; i++) {
		if (!field_has(from, i) && !field_cleared(from, i))
			continue;
		old = field_format(t, to, i, NULL, c->a);
		new = field_format(t, from, i, NULL, c->a);
		if (text_same(old, new))
			continue;
		if (new == NULL)
			field_clear(to, i);
		else
			field_copy(t, to, from, i);
		*changed = true;
		c->changes++;
		if ((err = history_set(c->s, entity, id, t->list[i].name, old,
			 new)) != NULL)
			return err;
	}
	return NULL;
}

/* Products ----------------------------------------------------------------- */

static const char product_find_sql[] =
    "SELECT product_id, record_hash FROM product_source"
    " WHERE source = :source AND external_id = :external_id";
static const char product_read_sql[] =
    "SELECT name, brand FROM product WHERE id = :id";
static const char product_add_sql[] =
    "INSERT INTO product (name, brand) VALUES (:name, :brand)";
static const char product_set_sql[] =
    "UPDATE product SET name = :name, brand = :brand WHERE id = :id";
static const char product_source_sql[] =
    "INSERT INTO product_source VALUES"
    " (:source, :external_id, :product_id, :record_hash)"
    " ON CONFLICT DO UPDATE SET"
    " record_hash = ifnull(excluded.record_hash, record_hash)";

/* *id and *hash of what the source calls so; 0 and NULL when there is none. */
static const struct err *
catalog_known(struct catalog *c, const char *sql, const char *external_id,
    int64_t *id, const char **hash)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*id = 0;
	*hash = NULL;
	if ((err = db_stmt(c->s->db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", c->r->source);
	db_bind_text(st, ":external_id", external_id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*id = db_col_int(st, 0);
	*hash = db_col_text(st, 1, c->a);
	db_reset(st);
	return NULL;
}

static const struct err *
catalog_remember(struct catalog *c, const char *sql, const char *owner,
    int64_t id, const char *external_id, const char *hash)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(c->s->db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", c->r->source);
	db_bind_text(st, ":external_id", external_id);
	db_bind_int(st, owner, id);
	db_bind_text(st, ":record_hash", hash);
	return db_run(st);
}

static const struct err *
catalog_product_add(struct catalog *c)
{
	struct product *p = &c->r->product;
	const struct err *err;
	struct db_stmt *st;

	if (p->name == NULL)
		field_set_text(&catalog_product_fields, &p->rec, PRODUCT_NAME,
		    c->r->offer.name);
	if (p->name == NULL)
		return err_new(ERR_INPUT, "it has no name");
	if ((err = db_stmt(c->s->db, product_add_sql, &st)) != NULL)
		return err;
	field_bind(st, 1, &catalog_product_fields, &p->rec);
	if ((err = db_run(st)) != NULL)
		return err;
	c->product_id = db_last_id(c->s->db);
	c->changes++;
	return NULL;
}

static const struct err *
catalog_product_change(struct catalog *c)
{
	struct product was = { 0 };
	const struct err *err;
	struct db_stmt *st;
	bool row, changed;

	if ((err = db_stmt(c->s->db, product_read_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", c->product_id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	field_load(st, 0, &catalog_product_fields, &was.rec, c->a);
	db_reset(st);
	if ((err = catalog_apply(c, "product", c->product_id,
		 &catalog_product_fields, &c->r->product.rec, &was.rec,
		 &changed)) != NULL ||
	    !changed)
		return err;
	if (was.name == NULL)
		return err_new(ERR_INPUT, "it has no name");
	if ((err = db_stmt(c->s->db, product_set_sql, &st)) != NULL)
		return err;
	field_bind(st, 1, &catalog_product_fields, &was.rec);
	db_bind_int(st, ":id", c->product_id);
	return db_run(st);
}

static const struct err *
catalog_product(struct catalog *c)
{
	struct catalog_record *r = c->r;
	const bool is_new = c->product_id == 0;
	const struct err *err;
	size_t i;

	err = is_new ? catalog_product_add(c) : catalog_product_change(c);
	for (i = 0; i < r->categories.len && err == NULL; i++)
		err = catalog_need_category(c->s, r->source,
		    r->categories.v[i].value, c->a);
	return err != NULL ? err : catalog_product_lists(c, is_new);
}

/* Offers ------------------------------------------------------------------- */

#define OFFER_FIELDS                                                \
	"sku, name, price, purchase_price, currency, unit, weight," \
	" available, active"

static const char offer_find_sql[] =
    "SELECT offer_id, record_hash FROM offer_source"
    " WHERE source = :source AND external_id = :external_id";
static const char offer_by_sku_sql[] =
    "SELECT id, name FROM offer f WHERE sku = :sku AND NOT EXISTS"
    " (SELECT 1 FROM offer_source o"
    "   WHERE o.offer_id = f.id AND o.source = :source) LIMIT 2";
static const char offer_read_sql[] =
    "SELECT ifnull(product_id, 0), " OFFER_FIELDS " FROM offer WHERE id = :id";
static const char offer_add_sql[] =
    "INSERT INTO offer (" OFFER_FIELDS ", product_id, name_fold, updated_at)"
    " VALUES (:sku, :name, :price, :purchase_price, :currency, :unit,"
    " :weight, :available, :active, :product_id, :name_fold, :updated_at)";
static const char offer_set_sql[] =
    "UPDATE offer SET sku = :sku, name = :name, price = :price,"
    " purchase_price = :purchase_price, currency = :currency, unit = :unit,"
    " weight = :weight, available = :available, active = :active,"
    " product_id = :product_id, name_fold = :name_fold,"
    " updated_at = :updated_at WHERE id = :id";
static const char offer_source_sql[] =
    "INSERT INTO offer_source VALUES"
    " (:source, :external_id, :offer_id, :record_hash)"
    " ON CONFLICT DO UPDATE SET"
    " record_hash = ifnull(excluded.record_hash, record_hash)";
static const char variants_sql[] =
    "SELECT 1 FROM offer f JOIN offer_source o ON o.offer_id = f.id"
    " WHERE f.product_id = :product_id AND o.source = :source"
    "   AND o.external_id <> :external_id LIMIT 1";

static const struct err *
catalog_offer_read(struct catalog *c, int64_t id, struct offer *out,
    int64_t *product_id)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct offer){ .id = id };
	*product_id = 0;
	if ((err = db_stmt(c->s->db, offer_read_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	*product_id = db_col_int(st, 0);
	field_load(st, 1, &catalog_offer_fields, &out->rec, c->a);
	db_reset(st);
	return NULL;
}

static const struct err *
catalog_offer_check(struct catalog *c, const struct offer *f)
{
	if (f->sku == NULL || f->name == NULL)
		return err_new(ERR_INPUT, "it has no name");
	if (f->price < 0 || f->purchase_price < 0 || f->weight < 0)
		return err_new(ERR_INPUT, "a price or weight is negative");
	if (f->currency == NULL)
		return NULL;
	return shop_check_code(c->s, "currency", f->currency);
}

static const struct err *
catalog_offer_write(struct catalog *c, const char *sql, const struct offer *f,
    int64_t product_id)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = catalog_offer_check(c, f)) != NULL ||
	    (err = db_stmt(c->s->db, sql, &st)) != NULL)
		return err;
	field_bind(st, 1, &catalog_offer_fields, &f->rec);
	if (product_id != 0)
		db_bind_int(st, ":product_id", product_id);
	db_bind_text(st, ":name_fold", text_fold(c->a, f->name));
	db_bind_int(st, ":updated_at", c->s->now);
	if (f->id != 0)
		db_bind_int(st, ":id", f->id);
	return db_run(st);
}

const struct err *
catalog_offer_change(struct catalog *c, int64_t id, const struct rec *to)
{
	const struct err *err;
	struct offer was;
	int64_t product_id;
	bool changed;

	if ((err = catalog_offer_read(c, id, &was, &product_id)) != NULL ||
	    (err = catalog_apply(c, "offer", id, &catalog_offer_fields, to,
		 &was.rec, &changed)) != NULL)
		return err;
	if (!changed && (product_id != 0 || c->product_id == 0))
		return NULL;
	return catalog_offer_write(c, offer_set_sql, &was,
	    product_id != 0 ? product_id : c->product_id);
}

static const struct err *
catalog_offer_add(struct catalog *c)
{
	struct offer *f = &c->r->offer;
	const struct err *err;

	if (!field_has(&f->rec, OFFER_ACTIVE))
		field_set_int(&catalog_offer_fields, &f->rec, OFFER_ACTIVE, 1);
	if ((err = catalog_offer_write(c, offer_add_sql, f, c->product_id)) !=
	    NULL)
		return err;
	c->offer_id = db_last_id(c->s->db);
	c->changes++;
	return history_set(c->s, "offer", c->offer_id, "sku", NULL, f->sku);
}

/*
 * An offer that came another way has this SKU. Variants often share theirs, so
 * for one of them the name must be the same too.
 */
static const struct err *
catalog_offer_by_sku(struct catalog *c)
{
	const struct catalog_record *r = c->r;
	const bool variant =
	    r->external_id != NULL &&
	    strcmp(r->external_id, r->product_external_id) != 0;
	const struct err *err;
	struct db_stmt *st;
	int64_t id = 0;
	bool row;

	if ((err = db_stmt(c->s->db, offer_by_sku_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":sku", r->offer.sku);
	db_bind_text(st, ":source", r->source);
	if ((err = db_step(st, &row)) == NULL && row &&
	    (!variant || (r->offer.name != NULL &&
			     strcmp(db_col_peek(st, 1), r->offer.name) == 0))) {
		id = db_col_int(st, 0);
		if ((err = db_step(st, &row)) == NULL && row)
			id = 0;
	}
	db_reset(st);
	c->offer_id = id;
	return err;
}

/* A variant that is new begins with what is known of its product. */
static const struct err *
catalog_inherit(struct catalog *c, int64_t base)
{
	const struct fields *t = &catalog_offer_fields;
	struct rec *to = &c->r->offer.rec;
	const struct err *err;
	struct offer from;
	int64_t product_id;
	int i;

	if ((err = catalog_offer_read(c, base, &from, &product_id)) != NULL)
		return err;
	for (i = 0; i < OFFER_AVAILABLE; i++)
		if (!field_has(to, i) && field_has(&from.rec, i))
			field_copy(t, to, &from.rec, i);
	return NULL;
}

/* The product itself is not for sale beside its variants. */
static const struct err *
catalog_variant(struct catalog *c, bool is_new, int64_t base)
{
	struct offer gone = { 0 };
	const struct err *err;

	if (is_new && (err = catalog_inherit(c, base)) != NULL)
		return err;
	field_set_int(&catalog_offer_fields, &gone.rec, OFFER_ACTIVE, 0);
	return catalog_offer_change(c, base, &gone.rec);
}

static const struct err *
catalog_offer(struct catalog *c)
{
	const bool is_new = c->offer_id == 0;
	struct catalog_record *r = c->r;
	const struct err *err;

	if (is_new && r->offer.sku == NULL)
		field_set_text(&catalog_offer_fields, &r->offer.rec, OFFER_SKU,
		    r->external_id != NULL ? r->external_id :
					     r->product_external_id);
	err = is_new ? catalog_offer_add(c) :
		       catalog_offer_change(c, c->offer_id, &r->offer.rec);
	return err != NULL ? err : catalog_offer_lists(c, is_new);
}

/* Records ------------------------------------------------------------------ */

static uint64_t
catalog_hash_list(const struct catalog_list *l, uint64_t h)
{
	size_t i;

	h = hash_bytes(&l->len, sizeof(l->len), h);
	for (i = 0; i < l->len; i++)
		h = hash_str(l->v[i].value, hash_str(l->v[i].name, h));
	return h;
}

/* Of all that a record says: equal when it says the same again. */
static uint64_t
catalog_hash(const struct catalog_record *r)
{
	uint64_t h = hash_str(r->product_external_id, 0);

	h = field_hash(&catalog_product_fields, &r->product.rec, h);
	h = field_hash(&catalog_offer_fields, &r->offer.rec, h);
	h = catalog_hash_list(&r->categories, h);
	h = catalog_hash_list(&r->product_properties, h);
	h = catalog_hash_list(&r->barcodes, h);
	return catalog_hash_list(&r->properties, h);
}

static const struct err *
catalog_has_variants(struct catalog *c, bool *out)
{
	const struct err *err;
	struct db_stmt *st;

	*out = false;
	if (c->product_id == 0)
		return NULL;
	if ((err = db_stmt(c->s->db, variants_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":product_id", c->product_id);
	db_bind_text(st, ":source", c->r->source);
	db_bind_text(st, ":external_id", c->r->product_external_id);
	err = db_step(st, out);
	db_reset(st);
	return err;
}

/* Find the offer and, unless its source calls it by name, its product. */
static const struct err *
catalog_find_both(struct catalog *c, const char *external_id,
    const char **offer_hash, const char **product_hash)
{
	const struct err *err;
	struct offer f;

	if ((err = catalog_known(c, offer_find_sql, external_id, &c->offer_id,
		 offer_hash)) != NULL ||
	    (err = catalog_known(c, product_find_sql, c->r->product_external_id,
		 &c->product_id, product_hash)) != NULL)
		return err;
	if (c->offer_id == 0 && c->r->offer.sku != NULL &&
	    (err = catalog_offer_by_sku(c)) != NULL)
		return err;
	if (c->offer_id == 0 || c->product_id != 0)
		return NULL;
	return catalog_offer_read(c, c->offer_id, &f, &c->product_id);
}

/* Product and offer, and under which names the source knows them. */
static const struct err *
catalog_store(struct catalog *c, const char *external_id, const char *hash)
{
	const bool is_product = c->r->external_id == NULL;
	const bool variant =
	    strcmp(external_id, c->r->product_external_id) != 0;
	const bool is_new = c->offer_id == 0;
	const struct err *err;
	const char *unused;
	int64_t base = 0;
	bool variants = false;

	if (variant && (err = catalog_known(c, offer_find_sql,
			    c->r->product_external_id, &base, &unused)) != NULL)
		return err;
	if (base != 0 && (err = catalog_variant(c, is_new, base)) != NULL)
		return err;
	if ((err = catalog_product(c)) != NULL ||
	    (err = catalog_remember(c, product_source_sql, ":product_id",
		 c->product_id, c->r->product_external_id,
		 is_product ? hash : NULL)) != NULL ||
	    (is_product && (err = catalog_has_variants(c, &variants)) != NULL))
		return err;
	if (variants)
		return c->r->offer.active == 0 &&
			       field_has(&c->r->offer.rec, OFFER_ACTIVE) ?
			   catalog_drop_variants(c) :
			   NULL;
	if ((err = catalog_offer(c)) != NULL)
		return err;
	return catalog_remember(c, offer_source_sql, ":offer_id", c->offer_id,
	    external_id, is_product ? NULL : hash);
}

const struct err *
catalog_save(struct shop *s, struct catalog_record *r, struct arena *a,
    enum catalog_outcome *out)
{
	const char *external_id =
	    r->external_id != NULL ? r->external_id : r->product_external_id;
	struct catalog c = { .s = s, .r = r, .a = a };
	const char *offer_hash, *product_hash;
	char hash[HASH_HEX_MAX];
	const struct err *err;
	bool is_new;

	*out = CATALOG_SAME;
	hash_hex(catalog_hash(r), hash);
	if ((err = catalog_find_both(&c, external_id, &offer_hash,
		 &product_hash)) != NULL)
		return err;
	if (text_same(r->external_id != NULL ? offer_hash : product_hash, hash))
		return NULL;
	is_new =
	    c.offer_id == 0 && (r->external_id != NULL || c.product_id == 0);
	if ((err = catalog_store(&c, external_id, hash)) != NULL)
		return err;
	if (is_new)
		*out = CATALOG_NEW;
	else if (c.changes != 0)
		*out = CATALOG_CHANGED;
	return NULL;
}
