/* retailcrm_customer.c - customers of retailCRM's API, version 5. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/customer.h"
#include "crm/phone.h"
#include "intake/document.h"
#include "io/json_stream.h"

static const char *const holders[] = { "customers", "customer",
	"customersCorporate", "customerCorporate", NULL };
static const char *const telling[] = { "createdAt", "ordersCount", NULL };

/* Only to be recognised by. */
static const struct document_format customers = { .holders = holders,
	.telling = telling };

/* The first path of a field that has a value counts. */
static const struct {
	enum customer_field field;
	const char *path;
} fields[] = {
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

struct reader {
	struct document d; /* only for values at paths */
	struct customer *c;
};

static const char *
reader_country(const struct reader *r)
{
	return r->c->country != NULL && strlen(r->c->country) == 2 ?
		   r->c->country :
		   r->d.in->options->country;
}

static const struct err *
reader_set(struct reader *r, enum customer_field field, const char *text)
{
	return field_parse(&customer_fields, &r->c->rec, (int)field, text, NULL,
	    NULL, r->d.a);
}

/* One that is null or empty clears the field, one that is absent does not. */
static const struct err *
reader_fields(struct reader *r)
{
	const struct err *err;
	const char *text;
	size_t i;

	for (i = 0; i < ARRAY_LEN(fields); i++) {
		if (document_at(r->d.doc, fields[i].path) == NULL ||
		    field_has(&r->c->rec, (int)fields[i].field))
			continue;
		if ((err = document_text(&r->d, r->d.doc, fields[i].path,
			 &text)) != NULL ||
		    (err = reader_set(r, fields[i].field, text)) != NULL)
			return err_wrap(err, "%s", fields[i].path);
	}
	return NULL;
}

/* A company is called by its nickname. */
static const struct err *
reader_name(struct reader *r)
{
	static const char *const person[] = { "lastName", "firstName",
		"patronymic", NULL };
	static const char *const company[] = { "nickName", NULL };
	const struct err *err;
	const char *text;

	if ((err = document_join(&r->d, r->d.doc, person, &text)) != NULL ||
	    (text == NULL &&
		(err = document_join(&r->d, r->d.doc, company, &text)) != NULL))
		return err;
	return text != NULL ? reader_set(r, CUSTOMER_NAME, text) : NULL;
}

/* A list there is all of it; what has no text is nothing. */
static const struct err *
reader_list(struct reader *r, enum customer_list list, const char *path,
    const char *member)
{
	const struct json *j = document_at(r->d.doc, path), *e;
	struct customer_entry entry = { 0 };
	const struct err *err;
	const char *text;

	if (j == NULL)
		return NULL;
	r->c->lists[list].present = true;
	if (json_kind(j) != JSON_ARRAY && json_kind(j) != JSON_OBJECT)
		return NULL;
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		if ((err = document_text(&r->d, e,
			 json_kind(e) == JSON_OBJECT ? member : "", &text)) !=
		    NULL)
			return err_wrap(err, "%s", path);
		if (text == NULL)
			continue;
		entry.key = list == CUSTOMER_PHONES ?
				phone_normal(text, reader_country(r), r->d.a) :
				text_trim(r->d.a, text);
		if (*entry.key != '\0')
			customer_list_put(&r->c->lists[list], &entry, r->d.a);
	}
	return NULL;
}

static const struct err *
reader_email(struct reader *r)
{
	struct customer_entries *l = &r->c->lists[CUSTOMER_EMAILS];
	const struct err *err;
	const char *text;

	if (document_at(r->d.doc, "email") == NULL)
		return NULL;
	if ((err = document_text(&r->d, r->d.doc, "email", &text)) != NULL)
		return err;
	l->present = true;
	if (text != NULL)
		customer_list_put(l,
		    &(struct customer_entry){
			.key = text_fold(r->d.a, text_trim(r->d.a, text)) },
		    r->d.a);
	return NULL;
}

/* Consents ----------------------------------------------------------------- */

/* Of several subscriptions by one channel, the one that was declined counts. */
static void
reader_consent(struct reader *r, const char *channel, bool given, int64_t at)
{
	const struct intake_options *opt = r->d.in->options;
	struct customer_entries *l = &r->c->lists[CUSTOMER_CONSENTS];
	const struct customer_entry *old = customer_list_find(l, channel);

	if (opt->knows != NULL && !opt->knows(opt->arg, "channel", channel)) {
		intake_warn_once(r->d.in, r->d.where,
		    "subscriptions by '%s' are left out; crm-reference --load "
		    "channel.tsv adds the channel",
		    channel);
		return;
	}
	if (old != NULL && strcmp(old->value, "false") == 0)
		return;
	customer_list_put(l,
	    &(struct customer_entry){ .key = channel,
		.value = given ? "true" : "false",
		.at = at != WHEN_MIN ? at : 0 },
	    r->d.a);
}

/*
 * Who has unsubscribed has said so; who has not need not have said anything.
 */
static const struct err *
reader_consents(struct reader *r)
{
	const struct json *j = document_at(r->d.doc, "customerSubscriptions");
	const struct json *e;
	const struct err *err;
	const char *channel;
	int64_t at;

	if ((err = document_time(&r->d, r->d.doc,
		 "emailMarketingUnsubscribedAt", &at)) != NULL)
		return err;
	if (at != WHEN_MIN)
		reader_consent(r, "email", false, at);
	if (j == NULL || json_kind(j) != JSON_ARRAY)
		return NULL;
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		if ((err = document_text(&r->d, e, "subscription.channel",
			 &channel)) != NULL ||
		    (err = document_time(&r->d, e, "changedAt", &at)) != NULL)
			return err;
		if (channel != NULL)
			reader_consent(r, channel, document_is(e, "subscribed"),
			    at);
	}
	return NULL;
}

static const struct err *
reader_custom(struct reader *r)
{
	const struct intake_options *opt = r->d.in->options;
	const struct json *j = document_at(r->d.doc, "customFields"), *e;
	struct customer_entry entry = { 0 };
	const struct err *err;

	if (j == NULL || json_kind(j) != JSON_OBJECT)
		return NULL; /* an empty one is an array there */
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		entry.key = arena_strdup(r->d.a, json_key(e));
		if ((err = document_text(&r->d, e, "", &entry.value)) != NULL)
			return err_wrap(err, "customFields.%s", entry.key);
		if (opt->knows == NULL ||
		    opt->knows(opt->arg, "custom_field customer", entry.key))
			customer_list_put(&r->c->lists[CUSTOMER_CUSTOM], &entry,
			    r->d.a);
		else if (entry.value != NULL)
			intake_warn_once(r->d.in, r->d.where,
			    "custom field '%s' is unknown and left out; "
			    "crm-reference --load custom_field.tsv adds it",
			    entry.key);
	}
	return NULL;
}

/* Customers ---------------------------------------------------------------- */

static const struct err *
reader_identity(struct reader *r)
{
	const struct err *err;
	const char *why;
	int64_t at;

	if (json_kind(r->d.doc) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not an object");
	if ((err = document_text(&r->d, r->d.doc, "id", &r->c->external_id)) !=
		NULL ||
	    (err = document_time(&r->d, r->d.doc, "createdAt", &at)) != NULL ||
	    (err = document_text(&r->d, r->d.doc, "errorMsg", &why)) != NULL)
		return err;
	if (r->c->external_id == NULL && why != NULL)
		return err_new(ERR_INPUT,
		    "an answer that says '%.200s' and no customer", why);
	if (r->c->external_id == NULL)
		return err_new(ERR_INPUT, "it is no customer: 'id' is missing");
	if (at != WHEN_MIN)
		r->c->created_at = at;
	return NULL;
}

static const struct err *
reader_customer(struct reader *r)
{
	const struct err *err;

	if ((err = reader_identity(r)) != NULL ||
	    (err = reader_fields(r)) != NULL ||
	    (err = reader_name(r)) != NULL ||
	    (err = reader_list(r, CUSTOMER_PHONES, "phones", "number")) !=
		NULL ||
	    (err = reader_list(r, CUSTOMER_TAGS, "tags", "name")) != NULL ||
	    (err = reader_email(r)) != NULL ||
	    (err = reader_consents(r)) != NULL)
		return err;
	return reader_custom(r);
}

static bool
reader_detect(const char *head, size_t len)
{
	return document_detect(&customers, head, len);
}

static const struct err *
reader_open(struct intake *in, void **state)
{
	struct reader *r = mem_zalloc(sizeof(*r));

	r->d.in = in;
	r->d.stream = json_stream_open(in->fd, in->name, holders);
	*state = r;
	return NULL;
}

static const struct err *
reader_next(void *state, struct arena *a, struct intake_record *rec)
{
	struct reader *r = state;
	const struct err *err;

	err = json_stream_next(r->d.stream, &rec->raw, &rec->raw_len);
	if (err == NULL && rec->raw == NULL) {
		rec->raw = "";
		return NULL;
	}
	r->d.a = a;
	rec->where = r->d.where = arena_printf(a, "%s: customer %" PRIu64,
	    r->d.in->name, json_stream_number(r->d.stream));
	if (err != NULL ||
	    (err = json_parse(a, rec->raw, rec->raw_len, &r->d.doc)) != NULL)
		return err;
	r->c = arena_zalloc(a, sizeof(*r->c));
	r->c->source = r->d.in->source;
	err = reader_customer(r);
	rec->external_id = r->c->external_id;
	if (err != NULL)
		return err;
	rec->type = INTAKE_CUSTOMER;
	rec->customer = r->c;
	return NULL;
}

static void
reader_close(void *state)
{
	struct reader *r = state;

	json_stream_close(r->d.stream);
	free(r);
}

const struct intake_adapter retailcrm_customer_adapter = {
	.detect = reader_detect,
	.open = reader_open,
	.next = reader_next,
	.close = reader_close,
	.wants_file = true,
};
