/* feed_table.c - offers in a table: one row, one offer. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "intake/cell.h"
#include "intake/feed.h"
#include "intake/mapping.h"
#include "io/dsv.h"

enum feed_target {
	FEED_IGNORED,
	FEED_EXTERNAL_ID,
	FEED_PRODUCT_ID,
	FEED_OFFER_FIELD,
	FEED_PRODUCT_FIELD,
	FEED_CATEGORY_PATH,
	FEED_BARCODE,
	FEED_PROPERTY,
};

struct feed_column {
	enum feed_target target;
	int field;
	const char *name;                 /* of a property */
	const struct mapping_column *map; /* NULL: our own header */
	const char *constant;             /* NULL: a cell */
};

/* The target that our name stands for; false when it is none of ours. */
static bool
feed_resolve(struct feed_column *c, const char *name)
{
	static const struct {
		const char *name;
		enum feed_target target;
	} plain[] = {
		{ "external_id", FEED_EXTERNAL_ID },
		{ "product_external_id", FEED_PRODUCT_ID },
		{ "category", FEED_CATEGORY_PATH },
		{ "barcode", FEED_BARCODE },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(plain); i++)
		if (strcmp(plain[i].name, name) == 0) {
			c->target = plain[i].target;
			return true;
		}
	if (strncmp(name, "property.", 9) == 0 && name[9] != '\0') {
		c->target = FEED_PROPERTY;
		c->name = name + 9;
		return true;
	}
	c->target = FEED_PRODUCT_FIELD;
	c->field = strcmp(name, "product_name") == 0 ? PRODUCT_NAME :
		   strcmp(name, "brand") == 0        ? PRODUCT_BRAND :
						       -1;
	if (c->field >= 0)
		return true;
	c->target = FEED_OFFER_FIELD;
	c->field = field_find(&catalog_offer_fields, name);
	if (c->field < 0)
		c->target = FEED_IGNORED;
	return c->field >= 0;
}

static const struct err *
feed_column_open(struct feed *f, const char *cell, struct feed_column *c)
{
	const struct mapping *map = f->options->map;
	const char *folded = text_fold(&f->arena, cell);

	*c = (struct feed_column){ .target = FEED_IGNORED };
	if (map != NULL && mapping_ignores(map, folded))
		return NULL;
	if (map != NULL && (c->map = mapping_find(map, folded)) != NULL) {
		if (feed_resolve(c, c->map->field))
			return NULL;
		return err_new(ERR_CONFIG,
		    "%s: column '%s': there is no field '%s'; see "
		    "catalog-import(1)",
		    map->path, cell, c->map->field);
	}
	if (*cell != '\0' && !feed_resolve(c, arena_strdup(&f->arena, cell)))
		feed_say(f, "unknown column '%s' is left out", cell);
	return NULL;
}

/* A column for each constant of the map, behind those of the header. */
static const struct err *
feed_constants(struct feed *f, const struct mapping *map)
{
	size_t i;

	for (i = 0; i < map->constant_count; i++) {
		struct feed_column *c = &f->columns[f->cells + i];

		c->constant = map->constants[i].constant;
		if (!feed_resolve(c, map->constants[i].field))
			return err_new(ERR_CONFIG,
			    "%s: constant '%s': there is no such field",
			    map->path, map->constants[i].field);
	}
	f->column_count += map->constant_count;
	return NULL;
}

/* Without one of these nobody could tell the offers apart. */
static bool
feed_has_name(const struct feed *f)
{
	size_t i;

	for (i = 0; i < f->cells; i++)
		if (f->columns[i].target == FEED_EXTERNAL_ID ||
		    (f->columns[i].target == FEED_OFFER_FIELD &&
			f->columns[i].field == OFFER_SKU))
			return true;
	return false;
}

static const struct err *
feed_columns_open(struct feed *f, const struct dsv_row *row)
{
	const struct mapping *map = f->options->map;
	const struct err *err;
	size_t i;

	f->cells = f->column_count = row->count;
	f->columns = arena_zalloc(&f->arena,
	    (row->count + (map != NULL ? map->constant_count : 0)) *
		sizeof(*f->columns));
	for (i = 0; i < f->cells; i++) {
		err = feed_column_open(f, row->fields[i], &f->columns[i]);
		if (err != NULL)
			return err;
	}
	if (!feed_has_name(f))
		return err_new(ERR_INPUT,
		    "there is no column sku or external_id: is the header line "
		    "missing? Foreign headers need --map, see "
		    "catalog-import(1)");
	return map != NULL ? feed_constants(f, map) : NULL;
}

const struct err *
feed_table_open(struct feed *f, int fd)
{
	const struct mapping *map = f->options->map;
	const struct dsv_row *row;
	const struct err *err;

	f->format = &feed_table;
	if ((err = dsv_open(fd, f->name,
		 map != NULL ? &map->dialect : &(struct dsv_dialect){ 0 },
		 &f->table)) != NULL)
		return err;
	if ((err = dsv_next(f->table, &row)) != NULL)
		return err_wrap(err, "line %" PRIu64, dsv_line(f->table));
	if (row == NULL) {
		f->over = true; /* an empty file: nothing to import */
		return NULL;
	}
	f->header = arena_strndup(&f->arena, row->raw, row->raw_len);
	return feed_columns_open(f, row);
}

/* Rows --------------------------------------------------------------------- */

/* "Care > Brushes": a category each, known by its path. */
static void
feed_path(struct feed *f, struct catalog_list *categories, const char *cell)
{
	const char *parent = NULL, *path, *name;
	size_t len;

	categories->present = true;
	while (*cell != '\0') {
		len = strcspn(cell, ">");
		name = text_trim(&f->rec, arena_strndup(&f->rec, cell, len));
		cell += len + (cell[len] != '\0');
		if (*name == '\0')
			continue;
		path = parent != NULL ?
			   arena_printf(&f->rec, "%s > %s", parent, name) :
			   name;
		if (map_get(&f->paths, path) == NULL) {
			map_put(&f->paths, path, 1);
			feed_add_category(f, path, parent, name);
		}
		parent = path;
	}
	if (parent != NULL)
		catalog_list_add(categories, "", parent, &f->rec);
}

static void
feed_barcodes(struct feed *f, struct catalog_list *l, const char *cell)
{
	size_t len;

	l->present = true;
	for (; *cell != '\0'; cell += len) {
		cell += strspn(cell, " ,;");
		len = strcspn(cell, " ,;");
		catalog_list_add(l, "", arena_strndup(&f->rec, cell, len),
		    &f->rec);
	}
}

/* A number in our form, as the map's decimal mark says. */
static const struct err *
feed_cell(struct feed *f, const struct fields *t, struct rec *r, int field,
    const char *cell)
{
	const struct mapping *map = f->options->map;
	const enum field_kind kind = t->list[field].kind;
	const struct err *err;
	char decimal = '\0';

	if (map != NULL)
		decimal = map->decimal;
	if (*cell != '\0' && (kind == FIELD_PRICE || kind == FIELD_QUANTITY) &&
	    (err = cell_number(cell, decimal, &f->rec, &cell)) != NULL)
		return err;
	if (kind == FIELD_CURRENCY)
		cell = cell_currency(cell);
	return feed_set(f, t, r, field, cell);
}

static const struct err *
feed_take_cell(struct feed *f, const struct feed_column *c, const char *cell,
    struct catalog_record *r)
{
	if (c->map != NULL)
		cell = mapping_value(c->map, cell, &f->rec);
	switch (c->target) {
	case FEED_IGNORED:
		break;
	case FEED_EXTERNAL_ID:
		r->external_id = *cell != '\0' ? cell : NULL;
		break;
	case FEED_PRODUCT_ID:
		r->product_external_id = *cell != '\0' ? cell : NULL;
		break;
	case FEED_OFFER_FIELD:
		return feed_cell(f, &catalog_offer_fields, &r->offer.rec,
		    c->field, cell);
	case FEED_PRODUCT_FIELD:
		return feed_cell(f, &catalog_product_fields, &r->product.rec,
		    c->field, cell);
	case FEED_CATEGORY_PATH:
		feed_path(f, &r->categories, cell);
		break;
	case FEED_BARCODE:
		feed_barcodes(f, &r->barcodes, cell);
		break;
	case FEED_PROPERTY:
		catalog_list_add(&r->properties, c->name, cell, &f->rec);
		break;
	}
	return NULL;
}

/* What one column says, another does not repeat. */
static const struct err *
feed_complete(struct feed *f, struct catalog_record *r)
{
	if (r->external_id == NULL)
		r->external_id = r->offer.sku;
	if (r->external_id == NULL)
		return err_new(ERR_INPUT, "it has neither sku nor external_id");
	if (r->product_external_id == NULL) {
		r->product_external_id = r->external_id;
		if (r->product.name == NULL && r->offer.name != NULL)
			field_set_text(&catalog_product_fields, &r->product.rec,
			    PRODUCT_NAME, r->offer.name);
	}
	if (field_has(&r->offer.rec, OFFER_PRICE) && r->offer.currency == NULL)
		field_set_text(&catalog_offer_fields, &r->offer.rec,
		    OFFER_CURRENCY, f->options->currency);
	return NULL;
}

static const struct err *
feed_row(struct feed *f, const struct dsv_row *row)
{
	struct catalog_record r = { .source = f->options->source };
	const struct err *err;
	size_t i;

	if (row->count != f->cells)
		return err_new(ERR_INPUT,
		    "the row has %zu cells, the header %zu", row->count,
		    f->cells);
	for (i = 0; i < f->column_count; i++) {
		const struct feed_column *c = &f->columns[i];

		err = feed_take_cell(f, c,
		    c->constant != NULL ? c->constant : row->fields[i], &r);
		if (err != NULL)
			return err_wrap(err, "column %zu", i + 1);
	}
	if ((err = feed_complete(f, &r)) == NULL)
		*feed_add_offer(f, r.external_id, r.product_external_id) = r;
	return err;
}

const struct err *
feed_table_next(struct feed *f)
{
	const struct dsv_row *row;
	const struct err *err;

	err = dsv_next(f->table, &row);
	f->where =
	    arena_printf(&f->rec, "%s:%" PRIu64, f->name, dsv_line(f->table));
	if (err != NULL)
		return err;
	if (row == NULL) {
		if (dsv_unended(f->table))
			feed_say(f, "%s", DSV_UNENDED);
		f->over = true;
		return NULL;
	}
	return feed_row(f, row);
}

const struct feed_format feed_table = { "table", NULL, NULL, 0 };
