/* catalog.c - what can be bought: looking it up, and what orders add to it. */
#include "catalog/catalog.h"

#include <string.h>

#include "base/text.h"
#include "crm/shop.h"
#include "db/db.h"

#define AT(member) offsetof(struct offer, member)
static const struct field offer_field_list[] = {
	{ "sku", FIELD_TEXT, AT(sku), NULL },
	{ "name", FIELD_TEXT, AT(name), NULL },
	{ "price", FIELD_PRICE, AT(price), NULL },
	{ "purchase_price", FIELD_PRICE, AT(purchase_price), NULL },
	{ "currency", FIELD_CURRENCY, AT(currency), NULL },
	{ "unit", FIELD_TEXT, AT(unit), NULL },
	{ "weight", FIELD_QUANTITY, AT(weight), NULL },
	{ "available", FIELD_BOOL, AT(available), NULL },
	{ "active", FIELD_BOOL, AT(active), NULL },
};
static const struct field product_field_list[] = {
	{ "name", FIELD_TEXT, offsetof(struct product, name), NULL },
	{ "brand", FIELD_TEXT, offsetof(struct product, brand), NULL },
};

const struct fields catalog_offer_fields = { offer_field_list,
	ARRAY_LEN(offer_field_list) };
const struct fields catalog_product_fields = { product_field_list,
	ARRAY_LEN(product_field_list) };

void
catalog_list_add(struct catalog_list *l, const char *name, const char *value,
    struct arena *a)
{
	l->present = true;
	if (value == NULL || *value == '\0')
		return;
	l->v = arena_grow(a, l->v, l->len, sizeof(*l->v));
	l->v[l->len++] = (struct catalog_pair){ name, value };
}

/* Offers of orders --------------------------------------------------------- */

/* By SKU, of several the one with the same name first; then by external id. */
static const char take_sql[] =
    "SELECT id, name = :name, active FROM offer WHERE sku = :sku"
    " ORDER BY 2 DESC, 3 DESC LIMIT 2";
static const char take_source_sql[] =
    "SELECT offer_id FROM offer_source"
    " WHERE source = :source AND external_id = :sku";
static const char add_sql[] =
    "INSERT INTO offer (sku, name, name_fold, price, currency, updated_at)"
    " VALUES (:sku, :name, :name_fold, :price, :currency, :updated_at)";

static const struct err *
catalog_add(struct shop *s, const char *sku, const char *name, int64_t price,
    const char *currency, int64_t *id)
{
	const struct err *err;
	struct arena a = { 0 };
	struct db_stmt *st;

	if ((err = db_stmt(s->db, add_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":sku", sku);
	db_bind_text(st, ":name", name);
	db_bind_text(st, ":name_fold", text_fold(&a, name));
	db_bind_int(st, ":price", price);
	db_bind_text(st, ":currency", currency);
	db_bind_int(st, ":updated_at", s->now);
	if ((err = db_run(st)) == NULL)
		*id = db_last_id(s->db);
	arena_free(&a);
	return err;
}

/* *id is 0 when there is none, or the SKU and name do not tell which it is. */
static const struct err *
catalog_by_sku(struct shop *s, const char *sku, const char *name, int64_t *id,
    size_t *count)
{
	bool row, named[2] = { false, false };
	const struct err *err;
	struct db_stmt *st;

	*id = 0;
	*count = 0;
	if ((err = db_stmt(s->db, take_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":sku", sku);
	db_bind_text(st, ":name", name);
	while ((err = db_step(st, &row)) == NULL && row) {
		if (*count == 0)
			*id = db_col_int(st, 0);
		named[(*count)++] = db_col_int(st, 1) != 0;
	}
	if (*count == 2 && named[0] == named[1])
		*id = 0;
	return err;
}

static const struct err *
catalog_by_source(struct shop *s, const char *source, const char *sku,
    int64_t *id)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, take_source_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":sku", sku);
	if ((err = db_step(st, &row)) == NULL && row)
		*id = db_col_int(st, 0);
	db_reset(st);
	return err;
}

const struct err *
catalog_look(struct shop *s, const char *source, const char *sku,
    const char *name, int64_t *id, bool *many)
{
	const int64_t *known = map_get(&s->offers, sku);
	const struct err *err;
	size_t count;

	*many = false;
	if (known != NULL) {
		*id = *known;
		return NULL;
	}
	if ((err = catalog_by_sku(s, sku, name, id, &count)) != NULL)
		return err;
	if (count == 1)
		map_put(&s->offers, sku, *id);
	*many = count != 0 && *id == 0;
	return count != 0 ? NULL : catalog_by_source(s, source, sku, id);
}

const struct err *
catalog_take(struct shop *s, const char *source, const char *sku,
    const char *name, int64_t price, const char *currency, int64_t *id)
{
	const struct err *err;
	bool many;

	if ((err = catalog_look(s, source, sku, name, id, &many)) != NULL ||
	    *id != 0 || many)
		return err;
	/*
	 * Not remembered: the record that brought it may yet be undone, and
	 * its offer with it. The next one finds it in the table.
	 */
	return catalog_add(s, sku, name, price, currency, id);
}

/* Searching ---------------------------------------------------------------- */

#define OFFER_COLUMNS \
	"SELECT id, sku, name, price, purchase_price, currency FROM offer "

static const char search_sku_sql[] = OFFER_COLUMNS
    "WHERE sku = :text AND (active = 1 OR NOT EXISTS"
    " (SELECT 1 FROM offer o WHERE o.sku = :text AND o.active = 1))"
    " ORDER BY name LIMIT :max";
static const char search_barcode_sql[] = OFFER_COLUMNS
    "WHERE active = 1"
    " AND id IN (SELECT offer_id FROM offer_barcode WHERE barcode = :text)"
    " ORDER BY name LIMIT :max";
static const char search_name_sql[] =
    OFFER_COLUMNS "WHERE active = 1 AND instr(name_fold, :text) > 0"
		  " ORDER BY name, sku LIMIT :max";

static const struct err *
catalog_find(struct shop *s, const char *sql, const char *text, size_t max,
    struct arena *a, struct offer **out, size_t *count)
{
	const struct fields *t = &catalog_offer_fields;
	const struct err *err;
	struct db_stmt *st;
	struct offer *f;
	bool row;

	if ((err = db_stmt(s->db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":text", text);
	db_bind_int(st, ":max", (int64_t)max);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		f = &(*out)[(*count)++];
		*f = (struct offer){ .id = db_col_int(st, 0) };
		field_set_text(t, &f->rec, OFFER_SKU, db_col_text(st, 1, a));
		field_set_text(t, &f->rec, OFFER_NAME, db_col_text(st, 2, a));
		if (!db_col_is_null(st, 3))
			field_set_int(t, &f->rec, OFFER_PRICE,
			    db_col_int(st, 3));
		if (!db_col_is_null(st, 4))
			field_set_int(t, &f->rec, OFFER_PURCHASE_PRICE,
			    db_col_int(st, 4));
		field_set_text(t, &f->rec, OFFER_CURRENCY,
		    db_col_text(st, 5, a));
	}
	return err;
}

const struct err *
catalog_search(struct shop *s, const char *text, size_t max, struct arena *a,
    struct offer **out, size_t *count)
{
	const struct err *err;

	*out = NULL;
	*count = 0;
	err = catalog_find(s, search_sku_sql, text, max, a, out, count);
	if (err != NULL || *count != 0)
		return err;
	err = catalog_find(s, search_barcode_sql, text, max, a, out, count);
	if (err != NULL || *count != 0)
		return err;
	return catalog_find(s, search_name_sql, text_fold(a, text), max, a, out,
	    count);
}
