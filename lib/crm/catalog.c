/* catalog.c - offers: what can be bought, by SKU or by name. */
#include "crm/catalog.h"

#include "base/text.h"
#include "crm/shop.h"
#include "db/db.h"

static const char offer_id_sql[] = "SELECT id FROM offer WHERE sku = :sku";
static const char offer_add_sql[] =
    "INSERT INTO offer (sku, name, name_fold, price, currency, updated_at)"
    " VALUES (:sku, :name, :name_fold, :price, :currency, :updated_at)";

static const struct err *
catalog_add(struct shop *s, const char *sku, const char *name, int64_t price,
    const char *currency, int64_t *id)
{
	const struct err *err;
	struct arena a = { 0 };
	struct db_stmt *st;

	if ((err = db_stmt(s->db, offer_add_sql, &st)) != NULL)
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

const struct err *
catalog_take(struct shop *s, const char *sku, const char *name, int64_t price,
    const char *currency, int64_t *id)
{
	const int64_t *known = map_get(&s->offers, sku);
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*id = 0;
	if (known != NULL) {
		*id = *known;
		return NULL;
	}
	if ((err = db_stmt(s->db, offer_id_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":sku", sku);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	if (row) {
		*id = db_col_int(st, 0);
		db_reset(st);
		map_put(&s->offers, sku, *id);
		return NULL;
	}
	/*
	 * Not remembered: the record that brought it may yet be undone, and
	 * its offer with it. The next one finds it in the table.
	 */
	return catalog_add(s, sku, name, price, currency, id);
}

#define OFFER_COLUMNS \
	"SELECT id, sku, name, price, currency, purchase_price FROM offer "

static const char offer_by_sku_sql[] = OFFER_COLUMNS "WHERE sku = :text";
static const char offer_by_name_sql[] =
    OFFER_COLUMNS "WHERE active = 1 AND instr(name_fold, :text) > 0"
		  " ORDER BY name, sku LIMIT :max";

static const struct err *
catalog_read(struct db_stmt *st, struct arena *a, struct offer **out,
    size_t *count)
{
	const struct err *err;
	bool row;

	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct offer){
			.id = db_col_int(st, 0),
			.sku = db_col_text(st, 1, a),
			.name = db_col_text(st, 2, a),
			.has_price = !db_col_is_null(st, 3),
			.price = db_col_int(st, 3),
			.currency = db_col_text(st, 4, a),
			.has_purchase_price = !db_col_is_null(st, 5),
			.purchase_price = db_col_int(st, 5),
		};
	}
	return err;
}

const struct err *
catalog_search(struct shop *s, const char *text, size_t max, struct arena *a,
    struct offer **out, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(s->db, offer_by_sku_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":text", text);
	if ((err = catalog_read(st, a, out, count)) != NULL || *count != 0)
		return err;
	if ((err = db_stmt(s->db, offer_by_name_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":text", text_fold(a, text));
	db_bind_int(st, ":max", (int64_t)max);
	return catalog_read(st, a, out, count);
}
