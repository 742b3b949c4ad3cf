/* order_form.c - an order taken during a telephone call. */
#include "edit/order_form.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/when.h"
#include "catalog/catalog.h"
#include "cli/cli.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "db/db.h"

#define FORM_SOURCE "crm" /* the door of orders made here */
#define FORM_METHOD "phone"

enum { FORM_CANDIDATES = 8 };

/* The caller --------------------------------------------------------------- */

const struct err *
order_form_caller(struct shop *s, const struct order_form *f, struct arena *a,
    struct customer_brief **out)
{
	const char *phone = phone_normal(f->phone, s->country, a);
	const struct err *err;
	int64_t id;

	*out = NULL;
	if (!phone_is_e164(phone))
		return err_new(ERR_INPUT,
		    "'%s' is no telephone number here; write it with its "
		    "country, as +375291234567",
		    f->phone);
	if ((err = customer_find(s, &(struct customer_key){ .phone = phone },
		 &id)) != NULL ||
	    id == 0)
		return err;
	return customer_get(s->db, id, a, out);
}

/* Items -------------------------------------------------------------------- */

/* What an operand says of a line. */
struct order_form_line {
	const char *text; /* of the offer */
	int64_t quantity;
	int64_t price;
	bool has_price;
};

bool
order_form_split(const char **text, char mark, int places, int64_t *n,
    struct arena *a)
{
	const char *at = strrchr(*text, mark);
	char *number, *comma;

	if (at == NULL || at == *text)
		return false;
	number = arena_strdup(a, at + 1);
	if ((comma = strchr(number, ',')) != NULL)
		*comma = '.';
	if (*number < '0' || *number > '9' ||
	    decimal_parse(number, places, n) != NULL)
		return false;
	*text = arena_strndup(a, *text, (size_t)(at - *text));
	return true;
}

/*
 * Look for the text as it stands, then without its price, then without its
 * quantity, until something is found.
 */
static const struct err *
order_form_search(struct shop *s, struct order_form_line *l, struct arena *a,
    struct offer **offers, size_t *count)
{
	const size_t max = FORM_CANDIDATES + 1;
	const struct err *err;

	err = catalog_search(s, l->text, max, a, offers, count);
	if (err != NULL || *count != 0)
		return err;
	if (order_form_split(&l->text, '@', PRICE_PLACES, &l->price, a)) {
		l->has_price = true;
		err = catalog_search(s, l->text, max, a, offers, count);
		if (err != NULL || *count != 0)
			return err;
	}
	if (!order_form_split(&l->text, '*', QUANTITY_PLACES, &l->quantity, a))
		return NULL;
	return catalog_search(s, l->text, max, a, offers, count);
}

static const struct err *
order_form_ambiguous(const struct order *o, const char *text,
    const struct offer *offers, size_t count)
{
	char price[DECIMAL_STR_MAX];
	const char *currency;
	int64_t minor;
	size_t i;

	for (i = 0; i < count && i < FORM_CANDIDATES; i++) {
		currency = offers[i].currency != NULL ? offers[i].currency :
							o->currency;
		/* a price too large for a sum is as good as none */
		if (!field_has(&offers[i].rec, OFFER_PRICE) ||
		    money_line(offers[i].price, 1000, currency, &minor) != NULL)
			cli_say("'%s' may be %s: %s", text, offers[i].sku,
			    offers[i].name);
		else
			cli_say("'%s' may be %s: %s, %s", text, offers[i].sku,
			    offers[i].name, money_text(minor, currency, price));
	}
	return err_new(ERR_INPUT,
	    "'%s' may be %s%zu items; give the SKU of one or more of its name",
	    text, count > FORM_CANDIDATES ? "more than " : "",
	    count > FORM_CANDIDATES ? (size_t)FORM_CANDIDATES : count);
}

static const struct err *
order_form_price(const struct order *o, const struct offer *offer,
    struct order_form_line *l)
{
	if (l->has_price)
		return NULL;
	if (!field_has(&offer->rec, OFFER_PRICE))
		return err_new(ERR_INPUT,
		    "%s has no price; give one, as '%s@9.90'", offer->sku,
		    offer->sku);
	if (offer->currency != NULL &&
	    strcmp(offer->currency, o->currency) != 0)
		return err_new(ERR_INPUT,
		    "%s is priced in %s; give a price in %s, as '%s@9.90'",
		    offer->sku, offer->currency, o->currency, offer->sku);
	l->price = offer->price;
	return NULL;
}

const struct err *
order_form_item(struct shop *s, struct order *o, const char *text,
    struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	struct order_form_line l = { .text = text, .quantity = 1000 };
	const struct err *err;
	struct offer *offers;
	struct part *p;
	size_t count;

	if ((err = order_form_search(s, &l, a, &offers, &count)) != NULL)
		return err;
	if (count == 0)
		return err_new(ERR_INPUT,
		    "nothing in the catalogue has '%s' as its SKU or in its "
		    "name; try a shorter part of the name",
		    l.text);
	if (count > 1)
		return order_form_ambiguous(o, l.text, offers, count);
	if ((err = order_form_price(o, &offers[0], &l)) != NULL)
		return err;
	p = order_part_add(o, PART_ITEM, a);
	field_set_text(t, &p->rec, ITEM_SKU, offers[0].sku);
	field_set_text(t, &p->rec, ITEM_NAME, offers[0].name);
	field_set_int(t, &p->rec, ITEM_QUANTITY, l.quantity);
	field_set_int(t, &p->rec, ITEM_PRICE, l.price);
	if (field_has(&offers[0].rec, OFFER_PURCHASE_PRICE))
		field_set_int(t, &p->rec, ITEM_PURCHASE_PRICE,
		    offers[0].purchase_price);
	p->offer_id = offers[0].id;
	return NULL;
}

/* The rest ----------------------------------------------------------------- */

/*
 * "P-" and the place the order will have among all: never given twice, even
 * when the last order was taken back.
 */
const struct err *
order_form_number(struct shop *s, struct order *o, struct arena *a)
{
	static const char number_sql[] =
	    "SELECT seq FROM sqlite_sequence WHERE name = 'orders'";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, number_sql, &st)) != NULL)
		return err;
	if ((err = db_step(st, &row)) != NULL)
		return err;
	o->source = FORM_SOURCE;
	o->order_no =
	    arena_printf(a, "P-%" PRId64, row ? db_col_int(st, 0) + 1 : 1);
	o->external_id = o->order_no;
	db_reset(st);
	return NULL;
}

/* A charge, or with sign -1 a discount; amount as typed, NULL for none. */
static const struct err *
order_form_charge(struct order *o, const char *kind, const char *amount,
    int sign, struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_CHARGE];
	const struct err *err;
	struct part *p;
	int64_t minor;

	if (amount == NULL)
		return NULL;
	if ((err = money_parse(amount, o->currency, &minor)) != NULL)
		return err_wrap(err, "%s", kind);
	if (minor < 0)
		return err_new(ERR_INPUT, "%s: '%s' is negative", kind, amount);
	p = order_part_add(o, PART_CHARGE, a);
	field_set_text(t, &p->rec, CHARGE_KIND, kind);
	field_set_int(t, &p->rec, CHARGE_AMOUNT, sign * minor);
	return NULL;
}

/* How the whole will be paid; it is not paid yet. */
static const struct err *
order_form_payment(struct order *o, const char *type, struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_PAYMENT];
	const struct err *err;
	struct part *p;

	if (type == NULL)
		return NULL;
	if ((err = order_totals(o, NULL, NULL)) != NULL)
		return err;
	p = order_part_add(o, PART_PAYMENT, a);
	field_set_text(t, &p->rec, PAYMENT_TYPE, type);
	field_set_int(t, &p->rec, PAYMENT_AMOUNT, o->total_minor);
	return NULL;
}

const struct err *
order_form_day(struct shop *s, const char *on, struct arena *a,
    const char **out)
{
	char date[WHEN_STR_MAX];
	const struct err *err;
	struct when_span span;
	int64_t day;

	*out = NULL;
	if ((err = when_span_parse(on, s->now, &span)) != NULL)
		return err;
	day = when_day(span.from);
	if (span.to > span.from && when_day(span.to - 1) != day)
		return err_new(ERR_INPUT, "'%s' is not one day", on);
	*out = arena_strdup(a, when_day_format(day, date));
	return NULL;
}

/* The day of delivery, which is still to come. */
static const struct err *
order_form_delivery(struct shop *s, struct order *o, const char *on,
    struct arena *a)
{
	char today[WHEN_STR_MAX];
	const struct err *err;
	const char *day;

	if (on == NULL)
		return NULL;
	if ((err = order_form_day(s, on, a, &day)) != NULL)
		return err;
	if (strcmp(day, when_day_format(when_day(s->now), today)) < 0)
		return err_new(ERR_INPUT, "%s is over", day);
	return order_set(o, ORDER_DELIVERY_ON, day, NULL, a);
}

static const struct err *
order_form_fields(struct shop *s, const struct order_form *f,
    const struct customer_brief *caller, struct order *o, struct arena *a)
{
	const bool is_user = shop_check_code(s, "user", s->actor) == NULL;
	const bool by_phone =
	    shop_check_code(s, "order_method", FORM_METHOD) == NULL;
	const struct {
		enum order_field field;
		const char *said;
		const char *otherwise;
	} said[] = {
		{ ORDER_CURRENCY, NULL, s->currency },
		{ ORDER_STATUS, f->status, NULL },
		{ ORDER_METHOD, f->method, by_phone ? FORM_METHOD : NULL },
		{ ORDER_MANAGER, f->manager, is_user ? s->actor : NULL },
		{ ORDER_CUSTOMER_NAME, f->name,
		    caller != NULL ? caller->name : NULL },
		{ ORDER_PHONE, f->phone, NULL },
		{ ORDER_DELIVERY_TYPE, f->delivery, NULL },
		{ ORDER_DELIVERY_CITY, f->city, NULL },
		{ ORDER_DELIVERY_ADDRESS, f->address, NULL },
		{ ORDER_DELIVERY_FROM, f->from, NULL },
		{ ORDER_DELIVERY_TO, f->to, NULL },
	};
	const struct err *err;
	const char *text;
	size_t i;

	field_set_int(&order_fields, &o->rec, ORDER_PLACED_AT, s->now);
	for (i = 0; i < ARRAY_LEN(said); i++) {
		text = said[i].said != NULL ? said[i].said : said[i].otherwise;
		if (text != NULL && (err = order_set(o, (int)said[i].field,
					 text, s->country, a)) != NULL)
			return err;
	}
	return order_form_delivery(s, o, f->on, a);
}

const struct err *
order_form_fill(struct shop *s, const struct order_form *f,
    const struct customer_brief *caller, struct arena *a, struct order **out)
{
	struct order *o = arena_zalloc(a, sizeof(*o));
	const struct err *err;
	size_t i;

	*out = o;
	if ((err = order_form_fields(s, f, caller, o, a)) != NULL)
		return err;
	for (i = 0; i < f->item_count; i++)
		if ((err = order_form_item(s, o, f->items[i], a)) != NULL)
			return err;
	if ((err = order_form_charge(o, "delivery", f->delivery_cost, 1, a)) !=
		NULL ||
	    (err = order_form_charge(o, "discount", f->discount, -1, a)) !=
		NULL ||
	    (err = order_form_payment(o, f->pay, a)) != NULL)
		return err;
	if (f->note != NULL)
		order_note_add(o,
		    &(struct note){ .at = s->now,
			.actor = s->actor,
			.text = f->note },
		    a);
	return order_form_number(s, o, a);
}
