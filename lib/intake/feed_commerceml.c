/* feed_commerceml.c - 1C's import.xml and offers.xml. */
#include <string.h>

#include "base/text.h"
#include "intake/cell.h"
#include "intake/commerceml.h"
#include "intake/feed.h"

#define OFFER(field)   &catalog_offer_fields, &r->offer.rec, OFFER_##field
#define PRODUCT(field) &catalog_product_fields, &r->product.rec, PRODUCT_##field

/* Heads: does the package hold only what has changed? */
static const struct err *
cml_package(struct feed *f, const struct xml_node *n)
{
	const char *partial = xml_attr(n, "СодержитТолькоИзменения");

	if (commerceml_true(partial))
		f->partial = true;
	return NULL;
}

static const struct err *
cml_changes(struct feed *f, const struct xml_node *n)
{
	(void)n;
	f->partial = true;
	return NULL;
}

/* Classifier --------------------------------------------------------------- */

static const struct err *
cml_group_below(struct feed *f, const struct xml_node *n, const char *parent)
{
	const char *id = xml_get(n, "Ид"), *name = xml_get(n, "Наименование");
	const struct xml_node *g;
	const struct err *err;

	if (id == NULL || name == NULL)
		return err_new(ERR_INPUT,
		    "line %lu: a group without Ид or Наименование",
		    (unsigned long)n->line);
	feed_add_category(f, id, parent, name);
	for (g = xml_child(n, "Группы/Группа"); g != NULL; g = xml_again(g))
		if ((err = cml_group_below(f, g, id)) != NULL)
			return err;
	return NULL;
}

static const struct err *
cml_group(struct feed *f, const struct xml_node *n)
{
	return cml_group_below(f, n, NULL);
}

/* What a property is called, and what the ids of its values mean. */
static const struct err *
cml_property(struct feed *f, const struct xml_node *n)
{
	const char *id = xml_get(n, "Ид"), *name = xml_get(n, "Наименование");
	const struct xml_node *v;
	const struct err *err;

	if (id == NULL || name == NULL)
		return NULL;
	if ((err = feed_word_put(f, "property", id, name)) != NULL)
		return err;
	v = xml_child(n, "ВариантыЗначений/Справочник");
	for (; v != NULL; v = xml_again(v)) {
		id = xml_get(v, "ИдЗначения");
		name = xml_get(v, "Значение");
		if (id != NULL && name != NULL &&
		    (err = feed_word_put(f, "value", id, name)) != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
cml_price_type(struct feed *f, const struct xml_node *n)
{
	const char *id = xml_get(n, "Ид"), *name = xml_get(n, "Наименование");
	struct feed_words *w = f->options->words;
	const struct err *err;

	if (id == NULL)
		return NULL;
	if ((err = feed_word_put(f, "price", id, name != NULL ? name : id)) !=
	    NULL)
		return err;
	if (w->price_type == NULL)
		w->price_type = arena_strdup(&w->arena, id);
	else if (strcmp(w->price_type, id) != 0 &&
		 f->options->price_type == NULL)
		feed_say(f,
		    "there are several types of price, '%s' is taken; "
		    "--price-type tells another",
		    feed_word(f, "price", w->price_type));
	return NULL;
}

/* Products and offers ------------------------------------------------------ */

/* The unit as text, or else by the attributes. */
static const char *
cml_unit(const struct xml_node *n)
{
	const struct xml_node *u = xml_child(n, "БазоваяЕдиница");

	if (u == NULL || *u->text != '\0')
		return u != NULL ? u->text : NULL;
	return xml_attr(u, "НаименованиеПолное");
}

static bool
cml_deleted(const struct xml_node *n)
{
	const char *status = xml_attr(n, "Статус");
	const char *mark = xml_get(n, "ПометкаУдаления");

	return (status != NULL && strcmp(status, "Удален") == 0) ||
	       commerceml_true(mark);
}

/* What both kinds of element have. */
static const struct err *
cml_common(struct feed *f, const struct xml_node *n, struct catalog_record *r)
{
	const char *weight = xml_get(n, "Вес");
	const struct xml_node *b;
	const struct err *err;

	if (weight == NULL)
		weight = commerceml_requisite(n, "Вес");
	if ((err = feed_set(f, OFFER(SKU), xml_get(n, "Артикул"))) != NULL ||
	    (err = feed_set(f, OFFER(NAME), xml_get(n, "Наименование"))) !=
		NULL ||
	    (err = feed_set(f, OFFER(UNIT), cml_unit(n))) != NULL ||
	    (err = feed_set(f, OFFER(WEIGHT), weight)) != NULL)
		return err;
	field_set_int(OFFER(ACTIVE), !cml_deleted(n));
	for (b = xml_child(n, "Штрихкод"); b != NULL; b = xml_again(b))
		catalog_list_add(&r->barcodes, "", b->text, &f->rec);
	return NULL;
}

static void
cml_properties(struct feed *f, const struct xml_node *n,
    struct catalog_list *list)
{
	const struct xml_node *p, *v;
	const char *id, *name, *word;

	p = xml_child(n, "ЗначенияСвойств/ЗначенияСвойства");
	for (; p != NULL; p = xml_again(p)) {
		if ((id = xml_get(p, "Ид")) == NULL)
			continue;
		name = feed_word(f, "property", id);
		v = xml_child(p, "Значение");
		for (; v != NULL; v = xml_again(v)) {
			word = feed_word(f, "value", v->text);
			catalog_list_add(list, name != NULL ? name : id,
			    word != NULL ? word : text_line(&f->rec, v->text),
			    &f->rec);
		}
	}
}

static const struct err *
cml_product(struct feed *f, const struct xml_node *n)
{
	const char *id = xml_get(n, "Ид");
	const char *brand = xml_get(n, "Изготовитель/Наименование");
	struct catalog_record *r;
	const struct xml_node *g;
	const struct err *err;

	if (id == NULL)
		return err_new(ERR_INPUT, "a Товар without Ид");
	r = feed_add_offer(f, NULL, id);
	if ((err = cml_common(f, n, r)) != NULL ||
	    (err = feed_set(f, PRODUCT(NAME), xml_get(n, "Наименование"))) !=
		NULL ||
	    (err = feed_set(f, PRODUCT(BRAND), brand)) != NULL)
		return err;
	r->categories.present = true;
	for (g = xml_child(n, "Группы/Ид"); g != NULL; g = xml_again(g))
		catalog_list_add(&r->categories, "", g->text, &f->rec);
	r->product_properties.present = true;
	cml_properties(f, n, &r->product_properties);
	return NULL;
}

/* Is it the type of price that is asked for, by id or by name? */
static bool
cml_is_type(const struct feed *f, const char *id, const char *want)
{
	const char *name = feed_word(f, "price", id);

	return strcmp(id, want) == 0 ||
	       (name != NULL && strcmp(name, want) == 0);
}

static const struct err *
cml_prices(struct feed *f, const struct xml_node *n, struct catalog_record *r)
{
	const struct feed_options *o = f->options;
	const char *want = o->price_type, *id, *price, *currency;
	const struct xml_node *p = xml_child(n, "Цены/Цена");
	const struct err *err;

	if (want == NULL)
		want = o->words->price_type;
	for (; p != NULL; p = xml_again(p)) {
		id = xml_get(p, "ИдТипаЦены");
		price = xml_get(p, "ЦенаЗаЕдиницу");
		currency = cell_currency(xml_get(p, "Валюта"));
		if (id == NULL || price == NULL)
			continue;
		if (o->purchase_price_type != NULL &&
		    cml_is_type(f, id, o->purchase_price_type) &&
		    (err = feed_set(f, OFFER(PURCHASE_PRICE), price)) != NULL)
			return err;
		if (want != NULL && !cml_is_type(f, id, want))
			continue;
		if ((err = feed_set(f, OFFER(PRICE), price)) != NULL ||
		    (err = feed_set(f, OFFER(CURRENCY),
			 currency != NULL ? currency : o->currency)) != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
cml_offer(struct feed *f, const struct xml_node *n)
{
	const char *id = xml_get(n, "Ид");
	struct catalog_record *r;
	const struct xml_node *p;
	const struct err *err;

	if (id == NULL)
		return err_new(ERR_INPUT, "a Предложение without Ид");
	r = feed_add_offer(f, id, arena_strndup(&f->rec, id, strcspn(id, "#")));
	if ((err = cml_common(f, n, r)) != NULL ||
	    (err = cml_prices(f, n, r)) != NULL)
		return err;
	p = xml_child(n, "ХарактеристикиТовара/ХарактеристикаТовара");
	for (; p != NULL; p = xml_again(p))
		if (xml_get(p, "Наименование") != NULL)
			catalog_list_add(&r->properties,
			    xml_get(p, "Наименование"),
			    text_line(&f->rec, xml_get(p, "Значение")),
			    &f->rec);
	cml_properties(f, n, &r->properties);
	if (xml_child(n, "Количество") != NULL || xml_child(n, "Склад") != NULL)
		feed_say(f, "stock figures are left out");
	return NULL;
}

#define CATALOG(tag)                               \
	"<" COMMERCEML_ROOT "><Каталог><" tag ">", \
	    "</" tag "></Каталог></" COMMERCEML_ROOT ">"

static const struct feed_element elements[] = {
	{ "Каталог", true, cml_package, NULL, NULL },
	{ "ПакетПредложений", true, cml_package, NULL, NULL },
	{ "ИзмененияПакетаПредложений", true, cml_changes, NULL, NULL },
	{ "Группы/Группа", false, cml_group, CATALOG("Группы") },
	{ "Свойства/Свойство", false, cml_property, CATALOG("Свойства") },
	{ "ТипыЦен/ТипЦены", false, cml_price_type, CATALOG("ТипыЦен") },
	{ "Товары/Товар", false, cml_product, CATALOG("Товары") },
	{ "Предложения/Предложение", false, cml_offer, CATALOG("Предложения") },
};

const struct feed_format feed_commerceml = { "commerceml", COMMERCEML_ROOT,
	elements, ARRAY_LEN(elements) };
