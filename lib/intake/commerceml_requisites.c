/* commerceml_requisites.c - where a CommerceML order stands, and if it is paid. */
#include <string.h>

#include "base/text.h"
#include "intake/cell.h"
#include "intake/columns.h"
#include "intake/commerceml.h"
#include "intake/mapping.h"

/* What they say of the whole, however often and in whatever order. */
struct commerceml_told {
	const char *status; /* as it is called; NULL: not told */
	const char *paid;   /* a payment status; NULL: not told */
	bool cancelled;
};

static struct part *
commerceml_payment(struct commerceml *c)
{
	struct part_list *l = &c->o->parts[PART_PAYMENT];

	return l->len != 0 ? &l->v[0] :
			     order_part_add(c->o, PART_PAYMENT, c->a);
}

/* The code of ours that is called so; NULL when none is. */
static const struct err *
commerceml_code(struct commerceml *c, const char *table, const char *name,
    const char **out)
{
	const struct intake_options *options = c->in->options;

	*out = NULL;
	if (options->code == NULL)
		return NULL;
	return options->code(options->arg, table, name, c->a, out);
}

/*
 * A code by the name that the source gives, "[N] New" without its own code: as
 * the map says, else the one that is called so here.
 */
static const struct err *
commerceml_named(struct commerceml *c, const char *table, const char *value,
    const char **out)
{
	const char *name = text_line(c->a, value);
	const struct err *err;

	if (*name == '[' && strchr(name, ']') != NULL)
		name = text_trim(c->a, strchr(name, ']') + 1);
	*out = NULL;
	if (mapping_code(c->in->map, table, name, c->a) == NULL &&
	    ((err = commerceml_code(c, table, name, out)) != NULL ||
		*out != NULL))
		return err;
	intake_code(c->in, c->where, c->o, table, table, name, c->a, out);
	return NULL;
}

static const struct err *
commerceml_field(struct commerceml *c, int field, const char *value)
{
	const struct err *err;
	const char *code;

	if ((err = commerceml_named(c, order_fields.list[field].reference,
		 value, &code)) == NULL &&
	    code != NULL)
		field_set_text(&order_fields, &c->o->rec, field, code);
	return err;
}

/* What was told of our status comes back by its code. */
static void
commerceml_status_code(struct commerceml *c, const char *code)
{
	const struct intake_options *options = c->in->options;

	if (options->knows != NULL &&
	    options->knows(options->arg, "status", code))
		field_set_text(&order_fields, &c->o->rec, ORDER_STATUS,
		    arena_strdup(c->a, code));
}

/* It is off, with whatever reason its status gives for that. */
static const struct err *
commerceml_cancelled(struct commerceml *c)
{
	const struct intake_options *options = c->in->options;
	const struct err *err;
	const char *code;

	if (c->o->status != NULL && options->is_cancel != NULL &&
	    options->is_cancel(options->arg, c->o->status))
		return NULL;
	if ((err = commerceml_code(c, "status", "Отменен", &code)) != NULL)
		return err;
	if (code == NULL)
		return err_new(ERR_INPUT,
		    "it is cancelled, and no status is called 'Отменен'; a "
		    "map can say which one that is");
	field_set_text(&order_fields, &c->o->rec, ORDER_STATUS, code);
	return NULL;
}

static const struct err *
commerceml_paid_how(struct commerceml *c, const char *value)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	struct part *p = commerceml_payment(c);
	const struct err *err;
	const char *code;

	if ((err = commerceml_named(c, "payment_type", value, &code)) != NULL)
		return err;
	if (code != NULL)
		field_set_text(t, &p->rec, PAYMENT_TYPE, code);
	else
		field_set_text(t, &p->rec, PAYMENT_COMMENT,
		    text_line(c->a, value));
	return NULL;
}

static const struct err *
commerceml_paid_at(struct commerceml *c, const char *value)
{
	const struct err *err;
	int64_t at;

	if ((err = cell_time(value, NULL, &at)) != NULL)
		return err;
	field_set_int(&order_part_fields[PART_PAYMENT],
	    &commerceml_payment(c)->rec, PAYMENT_PAID_AT, at);
	return NULL;
}

enum commerceml_meaning {
	MEANS_NOTHING,
	MEANS_STATUS,
	MEANS_STATUS_CODE,
	MEANS_CANCELLED,
	MEANS_PAID,
	MEANS_PAID_AT,
	MEANS_PAID_HOW,
	MEANS_PAID_NO,
	MEANS_DELIVERY,
	MEANS_TRACKING,
	MEANS_ADDRESS,
	MEANS_COMMENT,
	MEANS_UNKNOWN,
};

static enum commerceml_meaning
commerceml_means(const char *name)
{
	static const struct {
		const char *name;
		enum commerceml_meaning means;
	} known[] = {
		{ "Статус заказа", MEANS_STATUS },
		{ "Статуса заказа ИД", MEANS_STATUS_CODE },
		{ "Отменен", MEANS_CANCELLED },
		{ "Заказ оплачен", MEANS_PAID },
		{ "Дата оплаты", MEANS_PAID_AT },
		{ "Метод оплаты", MEANS_PAID_HOW },
		{ "Номер платежного документа", MEANS_PAID_NO },
		{ "Способ доставки", MEANS_DELIVERY },
		{ "Номер отправления", MEANS_TRACKING },
		{ "Адрес доставки", MEANS_ADDRESS },
		{ "Комментарии покупателя", MEANS_COMMENT },
		{ "Дата изменения статуса", MEANS_NOTHING },
		{ "Финальный статус", MEANS_NOTHING },
		{ "Доставка разрешена", MEANS_NOTHING },
		{ "Дата разрешения доставки", MEANS_NOTHING },
		{ "Метод оплаты ИД", MEANS_NOTHING },
		{ "Метод доставки ИД", MEANS_NOTHING },
		{ "Сайт", MEANS_NOTHING },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].means;
	return MEANS_UNKNOWN;
}

static const struct err *
commerceml_take(struct commerceml *c, struct commerceml_told *told,
    const char *name, const char *value)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];

	switch (commerceml_means(name)) {
	case MEANS_NOTHING:
		break;
	case MEANS_STATUS:
		told->status = value;
		break;
	case MEANS_STATUS_CODE:
		commerceml_status_code(c, value);
		break;
	case MEANS_CANCELLED:
		told->cancelled = told->cancelled || commerceml_true(value);
		break;
	case MEANS_PAID:
		told->paid = commerceml_true(value) ? "paid" : "not-paid";
		break;
	case MEANS_PAID_AT:
		return commerceml_paid_at(c, value);
	case MEANS_PAID_HOW:
		return commerceml_paid_how(c, value);
	case MEANS_PAID_NO:
		field_set_text(t, &commerceml_payment(c)->rec,
		    PAYMENT_EXTERNAL_ID, text_line(c->a, value));
		break;
	case MEANS_DELIVERY:
		return commerceml_field(c, ORDER_DELIVERY_TYPE, value);
	case MEANS_TRACKING:
		return commerceml_set(c, ORDER_TRACKING_NO, value);
	case MEANS_ADDRESS:
		return commerceml_set(c, ORDER_DELIVERY_ADDRESS, value);
	case MEANS_COMMENT:
		return field_parse(&order_fields, &c->o->rec,
		    ORDER_CUSTOMER_COMMENT, value, NULL, NULL, c->a);
	case MEANS_UNKNOWN:
		intake_warn_once(c->in, c->where,
		    "unknown requisite '%s' is left out", name);
		break;
	}
	return NULL;
}

/*
 * What is paid is the whole order, unless the source said how much. That it is
 * not paid, and nothing else, is no payment.
 */
static const struct err *
commerceml_settle(struct commerceml *c, const char *paid)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	const struct part_list *l = &c->o->parts[PART_PAYMENT];
	const struct err *err;
	struct part *p;

	if (l->len == 0 && (paid == NULL || strcmp(paid, "paid") != 0))
		return NULL;
	p = commerceml_payment(c);
	if (paid != NULL)
		field_set_text(t, &p->rec, PAYMENT_STATUS, paid);
	if (field_has(&p->rec, PAYMENT_AMOUNT))
		return NULL;
	if ((err = order_totals(c->o, NULL, NULL)) != NULL)
		return err;
	field_set_int(t, &p->rec, PAYMENT_AMOUNT, c->o->total_minor);
	return NULL;
}

const struct err *
commerceml_requisites(struct commerceml *c, const struct xml_node *doc)
{
	struct commerceml_told told = { 0 };
	const struct xml_node *r;
	const struct err *err;
	const char *name, *value;
	bool known;

	told.cancelled = commerceml_true(xml_get(doc, "ПометкаУдаления"));
	r = xml_child(doc, "ЗначенияРеквизитов/ЗначениеРеквизита");
	for (; r != NULL; r = xml_again(r)) {
		name = xml_get(r, "Наименование");
		value = xml_get(r, "Значение");
		if (name == NULL || value == NULL)
			continue;
		if ((err = columns_value(c->in, name, value, c->o, c->a,
			 &known)) != NULL ||
		    (!known &&
			(err = commerceml_take(c, &told, name, value)) != NULL))
			return err;
	}
	if (told.status != NULL && c->o->status == NULL &&
	    (err = commerceml_field(c, ORDER_STATUS, told.status)) != NULL)
		return err;
	if (told.cancelled && (err = commerceml_cancelled(c)) != NULL)
		return err;
	return commerceml_settle(c, told.paid);
}
