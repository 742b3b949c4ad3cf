/* catalog_category.c - the tree of categories that a source has. */
#include "base/text.h"
#include "catalog/catalog.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"

static const char category_find_sql[] =
    "SELECT c.id, c.name, p.external_id"
    "  FROM category c LEFT JOIN category p ON p.id = c.parent_id"
    " WHERE c.source = :source AND c.external_id = :external_id";
static const char category_add_sql[] =
    "INSERT INTO category (source, external_id, name)"
    " VALUES (:source, :external_id, :name)";
static const char category_set_sql[] =
    "UPDATE category SET name = :name, parent_id = :parent_id WHERE id = :id";
static const char category_circle_sql[] =
    "WITH RECURSIVE up (id) AS (SELECT :parent_id UNION"
    " SELECT c.parent_id FROM category c JOIN up ON c.id = up.id"
    "  WHERE c.parent_id IS NOT NULL)"
    " SELECT 1 FROM up WHERE id = :id";

struct catalog_node {
	int64_t id; /* 0: there is none */
	const char *name;
	const char *parent; /* external id */
};

static const struct err *
catalog_node_find(struct shop *s, const char *source, const char *external_id,
    struct arena *a, struct catalog_node *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct catalog_node){ 0 };
	if ((err = db_stmt(s->db, category_find_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	out->id = db_col_int(st, 0);
	out->name = db_col_text(st, 1, a);
	out->parent = db_col_text(st, 2, a);
	db_reset(st);
	return NULL;
}

/* Find a category, or make one whose name is yet to come. */
static const struct err *
catalog_node_take(struct shop *s, const char *source, const char *external_id,
    struct arena *a, struct catalog_node *out, bool *is_new)
{
	const struct err *err;
	struct db_stmt *st;

	*is_new = false;
	err = catalog_node_find(s, source, external_id, a, out);
	if (err != NULL || out->id != 0)
		return err;
	if ((err = db_stmt(s->db, category_add_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	db_bind_text(st, ":name", external_id);
	if ((err = db_run(st)) != NULL)
		return err;
	*is_new = true;
	*out = (struct catalog_node){ .id = db_last_id(s->db),
		.name = external_id };
	return history_set(s, "category", out->id, "name", NULL, external_id);
}

static const struct err *
catalog_circle(struct shop *s, int64_t id, int64_t parent_id)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, category_circle_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	db_bind_int(st, ":parent_id", parent_id);
	err = db_step(st, &row);
	db_reset(st);
	if (err == NULL && row)
		return err_new(ERR_INPUT, "the category is above itself");
	return err;
}

static const struct err *
catalog_node_set(struct shop *s, const struct catalog_node *n,
    int64_t parent_id, const struct catalog_category *c)
{
	const struct err *err;
	struct db_stmt *st;

	if (!text_same(n->name, c->name) &&
	    (err = history_set(s, "category", n->id, "name", n->name,
		 c->name)) != NULL)
		return err;
	if (!text_same(n->parent, c->parent_external_id) &&
	    (err = history_set(s, "category", n->id, "parent", n->parent,
		 c->parent_external_id)) != NULL)
		return err;
	if ((err = db_stmt(s->db, category_set_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", n->id);
	db_bind_text(st, ":name", c->name);
	if (parent_id != 0)
		db_bind_int(st, ":parent_id", parent_id);
	return db_run(st);
}

const struct err *
catalog_need_category(struct shop *s, const char *source,
    const char *external_id, struct arena *a)
{
	struct catalog_node n;
	bool is_new;

	return catalog_node_take(s, source, external_id, a, &n, &is_new);
}

const struct err *
catalog_save_category(struct shop *s, const struct catalog_category *c,
    struct arena *a, enum catalog_outcome *out)
{
	struct catalog_node n, parent = { 0 };
	const struct err *err;
	bool is_new, made;

	*out = CATALOG_SAME;
	if ((err = catalog_node_take(s, c->source, c->external_id, a, &n,
		 &is_new)) != NULL)
		return err;
	if (is_new)
		*out = CATALOG_NEW;
	if (text_same(n.name, c->name) &&
	    text_same(n.parent, c->parent_external_id))
		return NULL;
	if (!is_new)
		*out = CATALOG_CHANGED;
	if (c->parent_external_id != NULL &&
	    ((err = catalog_node_take(s, c->source, c->parent_external_id, a,
		  &parent, &made)) != NULL ||
		(err = catalog_circle(s, n.id, parent.id)) != NULL))
		return err;
	return catalog_node_set(s, &n, parent.id, c);
}
