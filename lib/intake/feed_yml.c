/* feed_yml.c - Yandex YML, and ICML, which retailCRM made of it. */
#include <string.h>

#include "base/text.h"
#include "intake/cell.h"
#include "intake/feed.h"
#include "io/xml.h"

#define OFFER(field)   &catalog_offer_fields, &r->offer.rec, OFFER_##field
#define PRODUCT(field) &catalog_product_fields, &r->product.rec, PRODUCT_##field

static const struct err *
yml_category(struct feed *f, const struct xml_node *n)
{
	const char *id = xml_attr(n, "id"), *parent = xml_attr(n, "parentId");
	const char *name = xml_get(n, "name"); /* ICML; else the text is it */

	if (name == NULL)
		name = n->text;
	if (id == NULL || *id == '\0' || *name == '\0')
		return err_new(ERR_INPUT, "a category without id or name");
	if (parent != NULL && (*parent == '\0' || strcmp(parent, "0") == 0))
		parent = NULL;
	feed_add_category(f, id, parent, name);
	return NULL;
}

/*
 * Its name, or what it is made of: type, vendor and model, artist and title.
 */
static const char *
yml_name(struct feed *f, const struct xml_node *n)
{
	static const char *const parts[] = { "typePrefix", "vendor", "model",
		"artist", "title" };
	const char *name = xml_get(n, "name"), *part;
	size_t i;

	if (name != NULL)
		return name;
	for (i = 0; i < ARRAY_LEN(parts); i++)
		if ((part = xml_get(n, parts[i])) != NULL)
			name = name != NULL ?
				   arena_printf(&f->rec, "%s %s", name, part) :
				   part;
	return name;
}

static const struct xml_node *
yml_article(const struct xml_node *n)
{
	const struct xml_node *p = xml_child(n, "param");
	const char *code;

	for (; p != NULL; p = xml_again(p)) {
		code = xml_attr(p, "code");
		if (code != NULL && strcmp(code, "article") == 0)
			return p;
	}
	return NULL;
}

static const char *
yml_sku(const struct xml_node *n)
{
	const struct xml_node *article = yml_article(n);
	const char *sku = xml_get(n, "shop-sku");

	if (sku == NULL && article != NULL && *article->text != '\0')
		sku = article->text;
	if (sku == NULL)
		sku = xml_get(n, "vendorCode");
	if (sku == NULL)
		sku = xml_get(n, "xmlId"); /* as its orders call it */
	return sku != NULL ? sku : xml_attr(n, "id");
}

static bool
yml_no(const char *s)
{
	return s != NULL && (strcmp(s, "N") == 0 || strcmp(s, "false") == 0);
}

static bool
yml_yes(const char *s)
{
	return s != NULL && (strcmp(s, "Y") == 0 || strcmp(s, "true") == 0);
}

/* Is it for sale? What only is not in stock is. */
static bool
yml_active(const struct xml_node *n)
{
	return !yml_no(xml_get(n, "activity")) &&
	       !yml_no(xml_get(n, "productActivity")) &&
	       !yml_yes(xml_get(n, "disabled")) &&
	       !yml_yes(xml_attr(n, "deleted"));
}

static const struct err *
yml_fields(struct feed *f, const struct xml_node *n, struct catalog_record *r)
{
	const struct xml_node *unit = xml_child(n, "unit");
	const char *currency = xml_get(n, "currencyId");
	const char *available = xml_attr(n, "available");
	const char *cost = xml_get(n, "purchasePrice");
	const struct err *err;

	if (cost == NULL)
		cost = xml_get(n, "purchase_price");
	if (currency == NULL)
		currency = f->options->currency;
	if ((err = feed_set(f, OFFER(SKU), yml_sku(n))) != NULL ||
	    (err = feed_set(f, OFFER(NAME), yml_name(f, n))) != NULL ||
	    (err = feed_set(f, OFFER(PRICE), xml_get(n, "price"))) != NULL ||
	    (err = feed_set(f, OFFER(PURCHASE_PRICE), cost)) != NULL ||
	    (err = feed_set(f, OFFER(CURRENCY), cell_currency(currency))) !=
		NULL ||
	    (err = feed_set(f, OFFER(WEIGHT), xml_get(n, "weight"))) != NULL ||
	    (err = feed_set(f, OFFER(AVAILABLE), available)) != NULL)
		return err;
	if (unit != NULL && (err = feed_set(f, OFFER(UNIT),
				 xml_attr(unit, "sym") != NULL ?
				     xml_attr(unit, "sym") :
				     xml_attr(unit, "name"))) != NULL)
		return err;
	field_set_int(OFFER(ACTIVE), yml_active(n));
	return NULL;
}

/* Of variants the first one's name is the product's, unless it is told. */
static const struct err *
yml_product(struct feed *f, const struct xml_node *n, struct catalog_record *r)
{
	const char *name = xml_get(n, "productName");
	const struct err *err;

	if (name == NULL && strcmp(r->product_external_id, r->external_id) == 0)
		name = yml_name(f, n);
	if ((err = feed_set(f, PRODUCT(NAME), name)) != NULL)
		return err;
	return feed_set(f, PRODUCT(BRAND), xml_get(n, "vendor"));
}

static void
yml_lists(struct feed *f, const struct xml_node *n, struct catalog_record *r)
{
	const struct xml_node *article = yml_article(n), *p;
	const char *name, *unit;

	r->properties.present = r->barcodes.present = true;
	for (p = n->first; p != NULL; p = p->next)
		if (strcmp(p->name, "categoryId") == 0)
			catalog_list_add(&r->categories, "", p->text, &f->rec);
		else if (strcmp(p->name, "barcode") == 0)
			catalog_list_add(&r->barcodes, "", p->text, &f->rec);
		else if (strcmp(p->name, "param") == 0 && p != article) {
			name = xml_attr(p, "name");
			unit = xml_attr(p, "unit");
			if (name == NULL || *name == '\0' || *p->text == '\0')
				continue;
			catalog_list_add(&r->properties, name,
			    unit != NULL ?
				arena_printf(&f->rec, "%s %s",
				    text_line(&f->rec, p->text), unit) :
				text_line(&f->rec, p->text),
			    &f->rec);
		}
}

static const struct err *
yml_offer(struct feed *f, const struct xml_node *n)
{
	const char *id = xml_attr(n, "id"), *group = xml_attr(n, "productId");
	struct catalog_record *r;
	const struct err *err;

	if (id == NULL || *id == '\0')
		return err_new(ERR_INPUT, "an offer without id");
	if (group == NULL)
		group = xml_attr(n, "group_id");
	r = feed_add_offer(f, id, group != NULL && *group != '\0' ? group : id);
	if ((err = yml_fields(f, n, r)) != NULL ||
	    (err = yml_product(f, n, r)) != NULL)
		return err;
	yml_lists(f, n, r);
	if (xml_attr(n, "quantity") != NULL || xml_child(n, "count") != NULL ||
	    xml_child(n, "outlets") != NULL)
		feed_say(f, "stock figures are left out");
	return NULL;
}

static const struct feed_element elements[] = {
	{ "categories/category", false, yml_category,
	    "<yml_catalog><shop><categories>",
	    "</categories></shop></yml_catalog>" },
	{ "offers/offer", false, yml_offer, "<yml_catalog><shop><offers>",
	    "</offers></shop></yml_catalog>" },
};

const struct feed_format feed_yml = { "yml", "yml_catalog", elements,
	ARRAY_LEN(elements) };
