/* document_customer.c - customers in the JSON of other shops' software. */
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "crm/phone.h"
#include "customer/customer.h"
#include "intake/document.h"
#include "intake/mapping.h"

#define CUSTOMER_PHONE_DIGITS 5 /* the shortest numbers of a town */

/*
 * A consent: true or false, one of Shopify's words, or only the time at which
 * it was withdrawn (given is NULL then).
 */
struct document_consent {
	const char *channel;
	const char *given;
	const char *at;
};

struct document_customer {
	/* Paths. Each list ends with NULL. */
	const char *const *names;  /* the parts of one, joined */
	const char *const *phones; /* all of them; each may be a list too */
	const char *const *emails;
	const char *const *tags;       /* or one text, with commas between */
	const char *const *created_at; /* the first there is */
	const struct document_consent *consents; /* NULL channel: the end */
	const struct document_path *paths; /* the first with a value counts */
	size_t path_count;
	/* What no table can say, or NULL. */
	const struct err *(*more)(struct document *d, struct customer *c);
};

/* Lists -------------------------------------------------------------------- */

/* What people write where a number is asked for need not be one. */
static bool
customer_is_phone(const char *text)
{
	size_t digits = 0;

	for (; *text != '\0'; text++)
		digits += *text >= '0' && *text <= '9';
	return digits >= CUSTOMER_PHONE_DIGITS;
}

/* A phone, an address or a tag into its list; what is none is left out. */
static void
customer_add(struct document *d, struct customer *c, enum customer_list list,
    const char *text)
{
	struct customer_entry e = { .key = text_trim(d->a, text) };

	if (list == CUSTOMER_PHONES)
		e.key = phone_normal(text, d->country, d->a);
	else if (list == CUSTOMER_EMAILS)
		e.key = text_fold(d->a, e.key);
	if (*e.key == '\0' ||
	    (list == CUSTOMER_PHONES && !customer_is_phone(e.key)) ||
	    (list == CUSTOMER_EMAILS && strchr(e.key, '@') == NULL))
		return;
	customer_list_put(&c->lists[list], &e, d->a);
}

/* An element of a list: text itself, or a member of an object. */
static const struct err *
customer_element(struct document *d, struct customer *c,
    enum customer_list list, const struct json *j)
{
	static const char *const members[] = { "number", "phone", "name",
		NULL };
	const struct err *err;
	const char *text;

	err = json_kind(j) == JSON_OBJECT ?
		  document_first(d, j, members, &text) :
		  document_text(d, j, "", &text);
	if (err == NULL && text != NULL)
		customer_add(d, c, list, text);
	return err;
}

static void
customer_split(struct document *d, struct customer *c, enum customer_list list,
    char *text)
{
	char *part;

	while ((part = strsep(&text, ",")) != NULL)
		customer_add(d, c, list, part);
}

/* All that the paths lead to; a list that is mentioned is complete. */
static const struct err *
customer_take_list(struct document *d, struct customer *c,
    enum customer_list list, const char *const *paths)
{
	const struct json *j, *e;
	const struct err *err;
	const char *text;

	for (; paths != NULL && *paths != NULL; paths++) {
		if ((j = document_at(d->doc, *paths)) == NULL)
			continue;
		c->lists[list].present = true;
		if (json_kind(j) == JSON_ARRAY) {
			for (e = json_first(j); e != NULL; e = json_next(e))
				if ((err = customer_element(d, c, list, e)) !=
				    NULL)
					return err;
			continue;
		}
		if ((err = document_text(d, j, "", &text)) != NULL)
			return err;
		if (text != NULL)
			customer_split(d, c, list, arena_strdup(d->a, text));
	}
	return NULL;
}

/* Consents ----------------------------------------------------------------- */

/* "true", "false" or NULL: nobody knows. */
static const char *
customer_consent_word(const char *text)
{
	if (text == NULL)
		return NULL;
	if (strcmp(text, "true") == 0 || strcmp(text, "subscribed") == 0)
		return "true";
	if (strcmp(text, "false") == 0 || strcmp(text, "unsubscribed") == 0)
		return "false";
	return NULL;
}

/* Of several that were said of a channel, the one that declines counts. */
static void
customer_put_consent(struct document *d, struct customer *c,
    const struct customer_entry *e)
{
	const struct intake_options *opt = d->in->options;
	struct customer_entries *l = &c->lists[CUSTOMER_CONSENTS];
	const struct customer_entry *old = customer_list_find(l, e->key);

	if (opt->knows != NULL && !opt->knows(opt->arg, "channel", e->key))
		intake_warn_once(d->in, d->where,
		    "subscriptions by '%s' are left out; crm-reference --load "
		    "channel.tsv adds the channel",
		    e->key);
	else if (old == NULL || old->value == NULL ||
		 strcmp(old->value, "false") != 0)
		customer_list_put(l, e, d->a);
}

static const struct err *
customer_consent(struct document *d, struct customer *c,
    const struct document_consent *from)
{
	struct customer_entry e = { .key = from->channel };
	const struct err *err;
	const char *text;
	int64_t at = WHEN_MIN;

	if (customer_list_find(&c->lists[CUSTOMER_CONSENTS], e.key) != NULL ||
	    (from->given != NULL && document_at(d->doc, from->given) == NULL))
		return NULL;
	if (from->at != NULL &&
	    (err = document_time(d, d->doc, from->at, &at)) != NULL)
		return err;
	if (from->given == NULL && at == WHEN_MIN)
		return NULL;
	e.at = at != WHEN_MIN ? at : 0;
	e.value = "false";
	if (from->given != NULL) {
		err = document_text(d, d->doc, from->given, &text);
		if (err != NULL)
			return err;
		e.value = customer_consent_word(text);
	}
	customer_put_consent(d, c, &e);
	return NULL;
}

/* Custom fields ------------------------------------------------------------ */

static const struct err *
customer_custom(struct document *d, struct customer *c, const char *code,
    const struct json *value)
{
	struct customer_entry e = { .key = arena_strdup(d->a, code) };
	const struct err *err;

	if ((err = document_text(d, value, "", &e.value)) != NULL)
		return err_wrap(err, "%s", code);
	if (customer_list_find(&c->lists[CUSTOMER_CUSTOM], code) != NULL)
		return NULL; /* the map that counts first has told it */
	if (document_knows_custom(d, "custom_field customer", code, e.value))
		customer_list_put(&c->lists[CUSTOMER_CUSTOM], &e, d->a);
	return NULL;
}

/* The whole ---------------------------------------------------------------- */

static const struct err *
customer_name(struct document *d, struct customer *c, const char *const *paths)
{
	const struct err *err;
	const char *name;

	if ((err = document_join(d, d->doc, paths, &name)) != NULL ||
	    name == NULL || field_has(&c->rec, CUSTOMER_NAME))
		return err;
	return field_parse(&customer_fields, &c->rec, CUSTOMER_NAME, name, NULL,
	    NULL, d->a);
}

/*
 * What a map says of further members. One map of a shop serves its orders too:
 * their fields are passed over.
 */
static const struct err *
customer_mapped(struct document *d, struct customer *c,
    const struct mapping_column *m)
{
	const int f = field_find(&customer_fields, m->field);
	const struct json *v = document_at(d->doc, m->path);
	const struct err *err;
	const char *text;

	if (v != NULL && strncmp(m->field, "custom.", 7) == 0)
		return customer_custom(d, c, m->field + 7, v);
	if (v == NULL || f < 0 || field_has(&c->rec, f))
		return NULL;
	if ((err = document_text(d, v, "", &text)) != NULL)
		return err;
	if (text != NULL)
		text = mapping_value(m, text, d->a);
	return field_parse(&customer_fields, &c->rec, f, text, NULL, NULL,
	    d->a);
}

static const struct err *
customer_take_mapped(struct document *d, struct customer *c)
{
	const struct mapping *m = d->in->map;
	const struct err *err;
	size_t i;

	for (; m != NULL; m = m->below)
		for (i = 0; i < m->column_count; i++)
			if ((err = customer_mapped(d, c, &m->columns[i])) !=
			    NULL)
				return err;
	return NULL;
}

static const struct err *
customer_times(struct document *d, struct customer *c)
{
	const struct err *err;
	int64_t t;

	if ((err = document_first_time(d, d->format->updated_at, &t)) != NULL)
		return err;
	if (t != WHEN_MIN) {
		c->source_updated_at = t;
		c->has_source_updated_at = true;
	}
	err = document_first_time(d, d->format->customer->created_at, &t);
	if (err == NULL && t != WHEN_MIN)
		c->created_at = t;
	return err;
}

static const struct err *
customer_take_document(struct document *d, struct intake_record *r)
{
	const struct document_customer *f = d->format->customer;
	struct customer *c = arena_zalloc(d->a, sizeof(*c));
	const struct document_consent *consent;
	const struct err *err;

	c->source = d->in->source;
	if ((err = document_id(d, &c->external_id)) != NULL)
		return err;
	r->external_id = c->external_id;
	if ((err = customer_times(d, c)) != NULL ||
	    (err = document_country(d, d->format->country)) != NULL ||
	    (err = customer_take_mapped(d, c)) != NULL ||
	    (err = customer_name(d, c, f->names)) != NULL ||
	    (err = document_paths(d, d->doc, &customer_fields, &c->rec,
		 f->paths, f->path_count)) != NULL ||
	    (err = customer_take_list(d, c, CUSTOMER_PHONES, f->phones)) !=
		NULL ||
	    (err = customer_take_list(d, c, CUSTOMER_EMAILS, f->emails)) !=
		NULL ||
	    (err = customer_take_list(d, c, CUSTOMER_TAGS, f->tags)) != NULL)
		return err;
	for (consent = f->consents; consent != NULL && consent->channel != NULL;
	     consent++)
		if ((err = customer_consent(d, c, consent)) != NULL)
			return err;
	if (f->more != NULL && (err = f->more(d, c)) != NULL)
		return err;
	r->type = INTAKE_CUSTOMER;
	r->customer = c;
	return NULL;
}

/* Formats ------------------------------------------------------------------ */

#define PATHS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const char *const none[] = { NULL };

static const struct document_path retailcrm_paths[] = {
	{ CUSTOMER_BIRTHDAY_ON, "birthday" },
	{ CUSTOMER_VIP, "vip" },
	{ CUSTOMER_BAD, "bad" },
	{ CUSTOMER_COUNTRY, "address.countryIso" },
	{ CUSTOMER_REGION, "address.region" },
	{ CUSTOMER_CITY, "address.city" },
	{ CUSTOMER_POSTCODE, "address.index" },
	{ CUSTOMER_STREET, "address.street" },
	{ CUSTOMER_BUILDING, "address.building" },
	{ CUSTOMER_BUILDING, "address.house" },
	{ CUSTOMER_FLAT, "address.flat" },
	{ CUSTOMER_ADDRESS, "address.text" },
	{ CUSTOMER_ADDRESS, "address.notes" },
};
static const struct document_consent retailcrm_consents[] = {
	{ "email", NULL, "emailMarketingUnsubscribedAt" },
	{ NULL, NULL, NULL },
};

/* Who has not subscribed need not have said anything; who changed it has. */
static const struct err *
retailcrm_subscriptions(struct document *d, struct customer *c)
{
	const struct json *j = document_at(d->doc, "customerSubscriptions");
	const struct json *e;
	const struct err *err;
	int64_t at;

	if (j == NULL || json_kind(j) != JSON_ARRAY)
		return NULL;
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		struct customer_entry one = {
			.value = document_is(e, "subscribed") ? "true" : "false"
		};

		if ((err = document_text(d, e, "subscription.channel",
			 &one.key)) != NULL ||
		    (err = document_time(d, e, "changedAt", &at)) != NULL)
			return err;
		one.at = at != WHEN_MIN ? at : 0;
		if (one.key != NULL)
			customer_put_consent(d, c, &one);
	}
	return NULL;
}

static const struct err *
retailcrm_more(struct document *d, struct customer *c)
{
	const struct json *j = document_at(d->doc, "customFields"), *e;
	const struct err *err;

	if ((err = retailcrm_subscriptions(d, c)) != NULL || j == NULL ||
	    json_kind(j) != JSON_OBJECT)
		return err; /* none are an empty array */
	for (e = json_first(j); e != NULL; e = json_next(e))
		if ((err = customer_custom(d, c, json_key(e), e)) != NULL)
			return err;
	return NULL;
}

/* A company has a nickname, and none of the others. */
static const struct document_customer retailcrm_customer = {
	.names = PATHS("lastName", "firstName", "patronymic", "nickName"),
	.phones = PATHS("phones"),
	.emails = PATHS("email"),
	.tags = PATHS("tags"),
	.created_at = PATHS("createdAt"),
	.consents = retailcrm_consents,
	.paths = retailcrm_paths,
	.path_count = ARRAY_LEN(retailcrm_paths),
	.more = retailcrm_more,
};
/* It says nowhere when a customer last changed: its history does. */
const struct document_format document_customer_retailcrm = {
	.word = "customer",
	.take = customer_take_document,
	.customer = &retailcrm_customer,
	.holders = PATHS("customers", "customer", "customersCorporate",
	    "customerCorporate"),
	.telling = PATHS("createdAt", "ordersCount"),
	.id = "id",
	.updated_at = PATHS("createdAt"),
	.country = PATHS("address.countryIso"),
};

static const struct document_path shopify_paths[] = {
	{ CUSTOMER_COUNTRY, "default_address.country_code" },
	{ CUSTOMER_REGION, "default_address.province" },
	{ CUSTOMER_CITY, "default_address.city" },
	{ CUSTOMER_POSTCODE, "default_address.zip" },
	{ CUSTOMER_STREET, "default_address.address1" },
	{ CUSTOMER_FLAT, "default_address.address2" },
};
static const struct document_consent shopify_consents[] = {
	{ "email", "email_marketing_consent.state",
	    "email_marketing_consent.consent_updated_at" },
	{ "email", "accepts_marketing", "accepts_marketing_updated_at" },
	{ "sms", "sms_marketing_consent.state",
	    "sms_marketing_consent.consent_updated_at" },
	{ NULL, NULL, NULL },
};
static const struct document_customer shopify_customer = {
	.names = PATHS("first_name", "last_name"),
	.phones = PATHS("phone", "default_address.phone", "addresses"),
	.emails = PATHS("email"),
	.tags = PATHS("tags"),
	.created_at = PATHS("created_at"),
	.consents = shopify_consents,
	.paths = shopify_paths,
	.path_count = ARRAY_LEN(shopify_paths),
};
const struct document_format document_customer_shopify = {
	.word = "customer",
	.take = customer_take_document,
	.customer = &shopify_customer,
	.holders = PATHS("customers", "customer"),
	.telling = PATHS("verified_email", "created_at"),
	.id = "id",
	.updated_at = PATHS("updated_at"),
	.country = PATHS("default_address.country_code"),
};

static const struct document_path woocommerce_paths[] = {
	{ CUSTOMER_COUNTRY, "billing.country" },
	{ CUSTOMER_COUNTRY, "shipping.country" },
	{ CUSTOMER_REGION, "billing.state" },
	{ CUSTOMER_REGION, "shipping.state" },
	{ CUSTOMER_CITY, "billing.city" },
	{ CUSTOMER_CITY, "shipping.city" },
	{ CUSTOMER_POSTCODE, "billing.postcode" },
	{ CUSTOMER_POSTCODE, "shipping.postcode" },
	{ CUSTOMER_STREET, "billing.address_1" },
	{ CUSTOMER_STREET, "shipping.address_1" },
	{ CUSTOMER_FLAT, "billing.address_2" },
	{ CUSTOMER_FLAT, "shipping.address_2" },
};
static const struct document_customer woocommerce_customer = {
	.names = PATHS("first_name", "last_name"),
	.phones = PATHS("billing.phone", "shipping.phone"),
	.emails = PATHS("email", "billing.email"),
	.created_at = PATHS("date_created_gmt", "date_created"),
	.paths = woocommerce_paths,
	.path_count = ARRAY_LEN(woocommerce_paths),
};
const struct document_format document_customer_woocommerce = {
	.word = "customer",
	.take = customer_take_document,
	.customer = &woocommerce_customer,
	.holders = PATHS("customers", "customer"),
	.telling = PATHS("is_paying_customer", "billing"),
	.id = "id",
	.updated_at =
	    PATHS("date_modified_gmt", "date_modified", "date_created_gmt"),
	.country = PATHS("billing.country", "shipping.country"),
};

static const struct document_consent insales_consents[] = {
	{ "email", "subscribe", NULL },
	{ NULL, NULL, NULL },
};
static const struct document_customer insales_customer = {
	.names = PATHS("surname", "name", "middlename"),
	.phones = PATHS("phone"),
	.emails = PATHS("email"),
	.created_at = PATHS("created_at"),
	.consents = insales_consents,
};
const struct document_format document_customer_insales = {
	.word = "customer",
	.take = customer_take_document,
	.customer = &insales_customer,
	.holders = PATHS("clients", "client"),
	.telling = PATHS("surname", "middlename"),
	.id = "id",
	.updated_at = PATHS("updated_at"),
	.country = none,
};

static const struct document_path moysklad_paths[] = {
	{ CUSTOMER_BIRTHDAY_ON, "birthDate" },
	{ CUSTOMER_CITY, "actualAddressFull.city" },
	{ CUSTOMER_POSTCODE, "actualAddressFull.postalCode" },
	{ CUSTOMER_STREET, "actualAddressFull.street" },
	{ CUSTOMER_BUILDING, "actualAddressFull.house" },
	{ CUSTOMER_FLAT, "actualAddressFull.apartment" },
	{ CUSTOMER_ADDRESS, "actualAddress" },
};
static const struct document_customer moysklad_customer = {
	.names = PATHS("name"),
	.phones = PATHS("phone"),
	.emails = PATHS("email"),
	.tags = PATHS("tags"),
	.created_at = PATHS("created"),
	.paths = moysklad_paths,
	.path_count = ARRAY_LEN(moysklad_paths),
};
const struct document_format document_customer_moysklad = {
	.word = "customer",
	.take = customer_take_document,
	.customer = &moysklad_customer,
	.holders = PATHS("rows"),
	.telling = PATHS("companyType", "externalCode"),
	.id = "id",
	.updated_at = PATHS("updated"),
	.country = none,
	.zone = "Europe/Moscow",
};
