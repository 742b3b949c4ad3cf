/* commerceml_goods.c - the goods of a CommerceML order, and what they cost. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "intake/cell.h"
#include "intake/commerceml.h"

/* A number with more decimals than we keep is rounded. */
static const struct err *
commerceml_number(struct commerceml *c, const struct xml_node *n,
    const char *name, int places, int64_t *out)
{
	const struct err *err;
	const char *s = xml_get(n, name);

	*out = 0;
	if (s == NULL)
		return err_new(ERR_INPUT, "%s is missing", name);
	if ((err = cell_number(s, '\0', c->a, &s)) != NULL ||
	    (err = decimal_parse(s, 8, out)) != NULL)
		return err_wrap(err, "%s", name);
	*out = decimal_round(*out, 8 - places);
	return NULL;
}

static void
commerceml_charge(struct commerceml *c, const char *kind, const char *name,
    int64_t amount, bool included)
{
	const struct fields *t = &order_part_fields[PART_CHARGE];
	struct part *p = order_part_add(c->o, PART_CHARGE, c->a);

	field_set_text(t, &p->rec, CHARGE_KIND, kind);
	if (name != NULL)
		field_set_text(t, &p->rec, CHARGE_NAME, name);
	field_set_int(t, &p->rec, CHARGE_AMOUNT, amount);
	field_set_int(t, &p->rec, CHARGE_INCLUDED, included);
}

/*
 * Delivery stands among the goods, as a service, and so do the other charges of
 * ours that 1C has been told of. Their kind; NULL for goods.
 */
static const char *
commerceml_service(const struct xml_node *n)
{
	static const struct {
		const char *id;
		const char *kind;
	} known[] = {
		{ "ORDER_DELIVERY", "delivery" },
		{ "ORDER_FEE", "fee" },
		{ "ORDER_ROUNDING", "rounding" },
		{ "ORDER_TIP", "tip" },
	};
	const char *id = xml_get(n, "Ид"), *name = xml_get(n, "Наименование");
	const char *type = commerceml_requisite(n, "ТипНоменклатуры");
	size_t i;

	for (i = 0; id != NULL && i < ARRAY_LEN(known); i++)
		if (strcmp(known[i].id, id) == 0)
			return known[i].kind;
	if (type != NULL && strcmp(type, "Услуга") == 0 && name != NULL &&
	    strncmp(name, "Доставка", strlen("Доставка")) == 0)
		return "delivery";
	return NULL;
}

/* What a discount takes off: its sum, or else its part of the whole. */
static const struct err *
commerceml_discount(struct commerceml *c, const struct xml_node *n,
    int64_t whole, int64_t *minor)
{
	const struct err *err;
	int64_t percent;

	if (xml_get(n, "Сумма") != NULL || xml_get(n, "Процент") == NULL)
		return commerceml_money(c, xml_get(n, "Сумма"), minor);
	if ((err = commerceml_number(c, n, "Процент", 4, &percent)) != NULL)
		return err;
	return decimal_muldiv(whole, percent, 1000000, minor);
}

/* Discounts that the sum beside them does not contain yet. */
static const struct err *
commerceml_off(struct commerceml *c, const struct xml_node *n, int64_t whole,
    int64_t *off)
{
	const struct xml_node *d = xml_child(n, "Скидки/Скидка");
	const struct err *err;
	int64_t minor;

	*off = 0;
	for (; d != NULL; d = xml_again(d)) {
		const char *included = xml_get(d, "УчтеноВСумме");

		if (included == NULL || commerceml_true(included))
			continue;
		err = commerceml_discount(c, d, whole, &minor);
		if (err != NULL ||
		    (err = decimal_add(*off, minor, off)) != NULL)
			return err_wrap(err, "Скидка");
	}
	return NULL;
}

/*
 * The sum of a line is the source's: what price times quantity makes more than
 * it is the discount.
 */
static const struct err *
commerceml_item_sums(struct commerceml *c, const struct xml_node *n,
    struct part *p, int64_t *sum)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const struct err *err;
	int64_t quantity, price, all, off;

	if ((err = commerceml_number(c, n, "Количество", QUANTITY_PLACES,
		 &quantity)) != NULL ||
	    (err = commerceml_number(c, n, "ЦенаЗаЕдиницу", PRICE_PLACES,
		 &price)) != NULL ||
	    (err = money_line(price, quantity, c->o->currency, &all)) != NULL)
		return err;
	*sum = all;
	if (xml_get(n, "Сумма") != NULL &&
	    (err = commerceml_money(c, xml_get(n, "Сумма"), sum)) != NULL)
		return err_wrap(err, "Сумма");
	if ((err = commerceml_off(c, n, *sum, &off)) != NULL)
		return err;
	*sum -= off;
	if (p == NULL)
		return NULL;
	field_set_int(t, &p->rec, ITEM_QUANTITY, quantity);
	field_set_int(t, &p->rec, ITEM_PRICE, price);
	field_set_int(t, &p->rec, ITEM_DISCOUNT, all - *sum);
	return NULL;
}

static const struct err *
commerceml_item(struct commerceml *c, const struct xml_node *n)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const char *sku = xml_get(n, "Артикул");
	const char *line = commerceml_requisite(n, "НомерПозицииКорзины");
	const char *service = commerceml_service(n);
	const struct err *err;
	struct part *p;
	int64_t sum;

	if (service != NULL) {
		if ((err = commerceml_item_sums(c, n, NULL, &sum)) == NULL)
			commerceml_charge(c, service,
			    text_line(c->a, xml_get(n, "Наименование")), sum,
			    false);
		return err;
	}
	if (sku == NULL)
		sku = xml_get(n, "Ид");
	p = order_part_add(c->o, PART_ITEM, c->a);
	if (line != NULL)
		field_set_text(t, &p->rec, ITEM_EXTERNAL_ID, line);
	if (sku != NULL)
		field_set_text(t, &p->rec, ITEM_SKU, text_line(c->a, sku));
	if (xml_get(n, "Наименование") != NULL)
		field_set_text(t, &p->rec, ITEM_NAME,
		    text_line(c->a, xml_get(n, "Наименование")));
	return commerceml_item_sums(c, n, p, &sum);
}

/* Taxes of a node become charges; those of one name are one. */
static const struct err *
commerceml_taxes(struct commerceml *c, const struct xml_node *n)
{
	const struct xml_node *t = xml_child(n, "Налоги/Налог");
	const struct part_list *l = &c->o->parts[PART_CHARGE];
	const struct err *err;
	int64_t minor;
	size_t i;

	for (; t != NULL; t = xml_again(t)) {
		const char *name = xml_get(t, "Наименование");
		const char *in = xml_get(t, "УчтеноВСумме");
		const bool included = in == NULL || commerceml_true(in);

		err = commerceml_money(c, xml_get(t, "Сумма"), &minor);
		if (err != NULL)
			return err_wrap(err, "Налог");
		if (minor == 0)
			continue;
		for (i = 0; i < l->len; i++)
			if (strcmp(l->v[i].kind, "tax") == 0 &&
			    (l->v[i].included != 0) == included &&
			    strcmp(l->v[i].name != NULL ? l->v[i].name : "",
				name != NULL ? name : "") == 0)
				break;
		if (i == l->len)
			commerceml_charge(c, "tax", name, minor, included);
		else if ((err = decimal_add(l->v[i].amount, minor,
			      &l->v[i].amount)) != NULL)
			return err;
	}
	return NULL;
}

/*
 * A discount of the whole document. Whether the lines contain it already, or
 * the total alone does, is told by arithmetic.
 */
static const struct err *
commerceml_discounts(struct commerceml *c, const struct xml_node *n)
{
	const struct xml_node *d = xml_child(n, "Скидки/Скидка");
	const struct err *err;
	int64_t minor, sum = 0;
	const char *name = NULL, *in;
	bool included = true;

	if (d != NULL && (err = order_totals(c->o, NULL, NULL)) != NULL)
		return err;
	for (; d != NULL; d = xml_again(d)) {
		err = commerceml_discount(c, d, c->o->items_minor, &minor);
		if (err != NULL ||
		    (err = decimal_add(sum, minor, &sum)) != NULL)
			return err_wrap(err, "Скидка");
		name = xml_get(d, "Наименование");
		in = xml_get(d, "УчтеноВСумме");
		included = included && (in == NULL || commerceml_true(in));
	}
	if (sum <= 0)
		return NULL;
	if (field_has(&c->o->rec, ORDER_SOURCE_TOTAL)) {
		if (c->o->total_minor - sum == c->o->source_total)
			included = false;
		else if (c->o->total_minor == c->o->source_total)
			included = true;
	}
	commerceml_charge(c, "discount", name, -sum, included);
	return NULL;
}

const struct err *
commerceml_goods(struct commerceml *c, const struct xml_node *doc)
{
	const struct xml_node *list = xml_child(doc, "Товары"), *n;
	const struct err *err;
	size_t i = 0;

	c->o->parts[PART_CHARGE].present = true;
	if (list == NULL)
		return NULL;
	c->o->parts[PART_ITEM].present = true;
	for (n = xml_child(list, "Товар"); n != NULL; n = xml_again(n)) {
		i++;
		if ((err = commerceml_item(c, n)) != NULL ||
		    (xml_child(doc, "Налоги/Налог") == NULL &&
			(err = commerceml_taxes(c, n)) != NULL))
			return err_wrap(err, "Товар %zu", i);
	}
	if ((err = commerceml_taxes(c, doc)) != NULL)
		return err;
	return commerceml_discounts(c, doc);
}
