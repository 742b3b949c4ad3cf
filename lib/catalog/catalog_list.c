/* catalog_list.c - categories, properties and barcodes, with their history. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "catalog/catalog_parts.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"

/* Name and value are bound everywhere; where there is no name it is "". */
struct catalog_kind {
	const char *entity;
	const char *field;
	const char *read_sql;
	const char *delete_sql;
	const char *put_sql;
	bool by_source; /* each source has its own */
};

static const struct catalog_kind categories_kind = { "product", "categories",
	"SELECT '', c.external_id"
	" FROM product_category p JOIN category c ON c.id = p.category_id"
	" WHERE p.product_id = :id AND c.source = :source ORDER BY 2",
	"DELETE FROM product_category WHERE product_id = :id AND EXISTS"
	" (SELECT 1 FROM category c WHERE c.id = category_id"
	"   AND c.source = :source)",
	"INSERT INTO product_category SELECT :id, id FROM category"
	" WHERE source = :source AND external_id = :value || :name",
	true };
static const struct catalog_kind product_properties_kind = { "product",
	"properties",
	"SELECT name, value FROM product_property WHERE product_id = :id"
	" ORDER BY 1, 2",
	"DELETE FROM product_property WHERE product_id = :id",
	"INSERT INTO product_property VALUES (:id, :name, :value)", false };
static const struct catalog_kind properties_kind = { "offer", "properties",
	"SELECT name, value FROM offer_property WHERE offer_id = :id"
	" ORDER BY 1, 2",
	"DELETE FROM offer_property WHERE offer_id = :id",
	"INSERT INTO offer_property VALUES (:id, :name, :value)", false };
static const struct catalog_kind barcodes_kind = { "offer", "barcodes",
	"SELECT '', barcode FROM offer_barcode WHERE offer_id = :id ORDER BY 2",
	"DELETE FROM offer_barcode WHERE offer_id = :id",
	"INSERT INTO offer_barcode VALUES (:id, :value || :name)", false };

static int
catalog_compare(const void *a, const void *b)
{
	const struct catalog_pair *p = a, *q = b;
	int n = strcmp(p->name, q->name);

	return n != 0 ? n : strcmp(p->value, q->value);
}

/* Sorted, and nothing twice. */
static void
catalog_sort(struct catalog_list *l)
{
	size_t i, n = 0;

	if (l->len == 0)
		return;
	qsort(l->v, l->len, sizeof(*l->v), catalog_compare);
	for (i = 1; i < l->len; i++)
		if (catalog_compare(&l->v[n], &l->v[i]) != 0)
			l->v[++n] = l->v[i];
	l->len = n + 1;
}

/* As the history has it; NULL for an empty one. */
static const char *
catalog_list_text(const struct catalog_list *l, struct arena *a)
{
	struct buf b = { 0 };
	const char *text;
	size_t i;

	if (l->len == 0)
		return NULL;
	for (i = 0; i < l->len; i++)
		if (*l->v[i].name != '\0')
			pack_add(&b, l->v[i].name, l->v[i].value);
		else
			buf_printf(&b, "%s%s", i != 0 ? ", " : "",
			    l->v[i].value);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
catalog_list_stmt(struct catalog *c, const struct catalog_kind *k, int64_t id,
    const char *sql, struct db_stmt **st)
{
	const struct err *err;

	if ((err = db_stmt(c->s->db, sql, st)) != NULL)
		return err;
	db_bind_int(*st, ":id", id);
	if (k->by_source)
		db_bind_text(*st, ":source", c->r->source);
	return NULL;
}

static const struct err *
catalog_list_read(struct catalog *c, const struct catalog_kind *k, int64_t id,
    struct catalog_list *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = catalog_list_stmt(c, k, id, k->read_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row)
		catalog_list_add(out, db_col_text(st, 0, c->a),
		    db_col_text(st, 1, c->a), c->a);
	return err;
}

static const struct err *
catalog_list_put(struct catalog *c, const struct catalog_kind *k, int64_t id,
    const struct catalog_list *l)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	for (i = 0; i < l->len; i++) {
		err = catalog_list_stmt(c, k, id, k->put_sql, &st);
		if (err != NULL)
			return err;
		db_bind_text(st, ":name", l->v[i].name);
		db_bind_text(st, ":value", l->v[i].value);
		if ((err = db_run(st)) != NULL)
			return err;
	}
	return NULL;
}

/* Make the rows of a list what the record says. */
static const struct err *
catalog_list(struct catalog *c, const struct catalog_kind *k, int64_t id,
    bool is_new, struct catalog_list *l)
{
	struct catalog_list was = { 0 };
	const struct err *err;
	const char *old, *new;
	struct db_stmt *st;

	if (!l->present)
		return NULL;
	catalog_sort(l);
	if (is_new)
		return catalog_list_put(c, k, id, l);
	if ((err = catalog_list_read(c, k, id, &was)) != NULL)
		return err;
	old = catalog_list_text(&was, c->a);
	new = catalog_list_text(l, c->a);
	if (text_same(old, new))
		return NULL;
	c->changes++;
	if ((err = catalog_list_stmt(c, k, id, k->delete_sql, &st)) != NULL ||
	    (err = db_run(st)) != NULL ||
	    (err = catalog_list_put(c, k, id, l)) != NULL)
		return err;
	return history_set(c->s, k->entity, id, k->field, old, new);
}

const struct err *
catalog_product_lists(struct catalog *c, bool is_new)
{
	struct catalog_record *r = c->r;
	const struct err *err;

	if ((err = catalog_list(c, &categories_kind, c->product_id, is_new,
		 &r->categories)) != NULL)
		return err;
	return catalog_list(c, &product_properties_kind, c->product_id, is_new,
	    &r->product_properties);
}

const struct err *
catalog_offer_lists(struct catalog *c, bool is_new)
{
	struct catalog_record *r = c->r;
	const struct err *err;

	if ((err = catalog_list(c, &barcodes_kind, c->offer_id, is_new,
		 &r->barcodes)) != NULL)
		return err;
	return catalog_list(c, &properties_kind, c->offer_id, is_new,
	    &r->properties);
}
