/* ndjson_customer.c - customers as our own records; see crm-ndjson(5). */
#include <string.h>

#include "base/text.h"
#include "crm/phone.h"
#include "customer/customer.h"
#include "intake/ndjson.h"
#include "io/json.h"

/* A phone, address or tag in the form in which it is kept; "" for nothing. */
static const char *
ndjson_customer_key(struct ndjson *n, enum customer_list list, const char *s)
{
	if (list == CUSTOMER_PHONES)
		return phone_normal(s, n->in->options->country, n->a);
	s = text_trim(n->a, s);
	return list == CUSTOMER_EMAILS ? text_fold(n->a, s) : s;
}

static const struct err *
ndjson_customer_one(struct ndjson *n, struct customer *c,
    enum customer_list list, const struct json *j)
{
	struct customer_entry e = { 0 };
	const struct err *err;
	const char *text;

	if ((err = json_text(j, customer_list_words[list], &text)) != NULL)
		return err;
	e.key = ndjson_customer_key(n, list, text);
	if (*e.key == '\0')
		return err_new(ERR_INPUT, "an empty %s",
		    customer_list_words[list]);
	customer_list_put(&c->lists[list], &e, n->a);
	return NULL;
}

static const struct err *
ndjson_customer_source(struct ndjson *n, struct customer *c,
    const struct json *j)
{
	struct customer_entry e = { 0 };
	const struct err *err;

	if (json_kind(j) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not an object");
	if ((err = ndjson_text_opt(j, "source", &e.source)) != NULL ||
	    (err = ndjson_text_opt(j, "external_id", &e.value)) != NULL)
		return err;
	if (e.source == NULL || e.value == NULL || *e.source == '\0' ||
	    *e.value == '\0')
		return err_new(ERR_INPUT,
		    "'source' or 'external_id' is missing");
	e.key = customer_source_key(e.source, e.value, n->a);
	customer_list_put(&c->lists[CUSTOMER_SOURCES], &e, n->a);
	return NULL;
}

/* An array; null and an empty one mean that there is none. */
static const struct err *
ndjson_customer_array(struct ndjson *n, struct customer *c,
    enum customer_list list, const struct json *j)
{
	const struct err *err;
	const struct json *e;

	c->lists[list].present = true;
	if (json_kind(j) == JSON_NULL)
		return NULL;
	if (json_kind(j) != JSON_ARRAY)
		return err_new(ERR_INPUT, "'%s' is not an array",
		    customer_list_names[list]);
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		err = list == CUSTOMER_SOURCES ?
			  ndjson_customer_source(n, c, e) :
			  ndjson_customer_one(n, c, list, e);
		if (err != NULL)
			return err_wrap(err, "%s", customer_list_names[list]);
	}
	return NULL;
}

/* true, false, null, or an object that says when and where too. */
static const struct err *
ndjson_customer_consent(const struct json *j, struct customer_entry *e)
{
	const struct json *given = j;
	const struct err *err;
	bool b;

	if (json_kind(j) == JSON_OBJECT) {
		given = json_get(j, "given");
		if ((err = ndjson_text_opt(j, "source", &e->source)) != NULL)
			return err;
		if (json_get(j, "at") != NULL &&
		    (err = ndjson_time(j, "at", &e->at)) != NULL)
			return err;
	}
	if (given != NULL && json_kind(given) == JSON_NULL)
		return NULL;
	if ((err = json_bool(given, "given", &b)) == NULL)
		e->value = b ? "true" : "false";
	return err;
}

/* The members of "consents" and of "custom"; those not there are left alone. */
static const struct err *
ndjson_customer_values(struct ndjson *n, struct customer *c,
    enum customer_list list, const struct json *j)
{
	const struct err *err;
	const struct json *m;

	if (json_kind(j) != JSON_OBJECT)
		return err_new(ERR_INPUT, "'%s' is not an object",
		    customer_list_names[list]);
	for (m = json_first(j); m != NULL; m = json_next(m)) {
		struct customer_entry e = {
			.key = arena_strdup(n->a, json_key(m)),
		};

		err = list == CUSTOMER_CONSENTS ?
			  ndjson_customer_consent(m, &e) :
			  ndjson_custom_text(m, e.key, n->a, &e.value);
		if (err != NULL)
			return err_wrap(err, "%s.%s", customer_list_words[list],
			    e.key);
		if (e.value != NULL && *e.value == '\0')
			e.value = NULL;
		customer_list_put(&c->lists[list], &e, n->a);
	}
	return NULL;
}

static const struct err *
ndjson_customer_past(struct ndjson *n, struct customer *c, const struct json *j)
{
	const struct err *err;
	const struct json *e;

	if (json_kind(j) != JSON_ARRAY)
		return err_new(ERR_INPUT, "'history' is not an array");
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		c->past =
		    arena_grow(n->a, c->past, c->past_len, sizeof(*c->past));
		if ((err = ndjson_past(e, &c->past[c->past_len])) != NULL)
			return err_wrap(err, "history %zu", c->past_len + 1);
		c->past_len++;
	}
	return NULL;
}

static const struct err *
ndjson_customer_notes(struct ndjson *n, struct customer *c,
    const struct json *j)
{
	const struct err *err;
	const struct json *e;

	if (json_kind(j) != JSON_ARRAY)
		return err_new(ERR_INPUT, "'notes' is not an array");
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		c->notes =
		    arena_grow(n->a, c->notes, c->note_len, sizeof(*c->notes));
		if ((err = ndjson_note(e, &c->notes[c->note_len])) != NULL)
			return err_wrap(err, "notes %zu", c->note_len + 1);
		c->note_len++;
	}
	return NULL;
}

/* Members that are dealt with elsewhere, or only written. */
static bool
ndjson_customer_is_known(const char *key)
{
	static const char *const known[] = { "type", "customer_id", "rev",
		"source", "external_id", "source_updated_at", "created_at",
		"erased_at", "figures", "orders", "doubles" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i], key) == 0)
			return true;
	return false;
}

static const struct err *
ndjson_customer_member(struct ndjson *n, struct customer *c,
    const struct json *m)
{
	const char *key = json_key(m);
	const int f = field_find(&customer_fields, key);
	enum customer_list list;

	if (ndjson_customer_is_known(key))
		return NULL;
	if (f >= 0)
		return ndjson_field(n, &customer_fields, &c->rec, f, NULL, m);
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++) {
		if (strcmp(key, customer_list_names[list]) == 0)
			return customer_list_has_values(list) ?
				   ndjson_customer_values(n, c, list, m) :
				   ndjson_customer_array(n, c, list, m);
		/* One more, which says nothing of the others. */
		if (strcmp(key, customer_list_words[list]) == 0 &&
		    json_kind(m) == JSON_NULL)
			return NULL;
		if (strcmp(key, customer_list_words[list]) == 0)
			return ndjson_customer_one(n, c, list, m);
	}
	if (strcmp(key, "history") == 0)
		return ndjson_customer_past(n, c, m);
	if (strcmp(key, "notes") == 0)
		return ndjson_customer_notes(n, c, m);
	ndjson_unknown(n, "", key);
	return NULL;
}

static const struct err *
ndjson_customer_time(const struct json *j, const char *name, int64_t *out)
{
	const struct json *m = json_get(j, name);

	*out = 0;
	if (m == NULL || json_kind(m) == JSON_NULL)
		return NULL;
	return ndjson_time(j, name, out);
}

static const struct err *
ndjson_customer_identity(struct ndjson *n, const struct json *j,
    struct customer *c)
{
	const struct err *err;
	const struct json *m;

	if ((err = ndjson_text_opt(j, "source", &c->source)) != NULL ||
	    (err = ndjson_text_opt(j, "external_id", &c->external_id)) !=
		NULL ||
	    (err = ndjson_customer_time(j, "created_at", &c->created_at)) !=
		NULL ||
	    (err = ndjson_customer_time(j, "source_updated_at",
		 &c->source_updated_at)) != NULL)
		return err;
	if (c->source == NULL || *c->source == '\0')
		c->source = n->in->source;
	if (c->external_id != NULL && *c->external_id == '\0')
		c->external_id = NULL;
	c->has_source_updated_at = c->source_updated_at != 0;
	if ((m = json_get(j, "rev")) == NULL)
		return NULL; /* not a record of ours */
	if ((err = json_int(m, "rev", &c->rev)) != NULL || c->rev < 1)
		return err != NULL ? err : err_new(ERR_INPUT, "bad 'rev'");
	err = json_int(json_get(j, "customer_id"), "customer_id", &c->id);
	if (err != NULL || c->id < 1)
		return err != NULL ? err :
				     err_new(ERR_INPUT, "bad 'customer_id'");
	return ndjson_customer_time(j, "erased_at", &c->erased_at);
}

const struct err *
ndjson_customer(struct ndjson *n, const struct json *j, struct intake_record *r)
{
	struct customer *c = arena_zalloc(n->a, sizeof(*c));
	const struct err *err;
	const struct json *m;

	if ((err = ndjson_customer_identity(n, j, c)) != NULL)
		return err;
	r->source = c->source;
	r->external_id = c->external_id;
	for (m = json_first(j); m != NULL; m = json_next(m))
		if ((err = ndjson_customer_member(n, c, m)) != NULL)
			return err;
	r->external_id = customer_identity(c, n->a);
	r->type = INTAKE_CUSTOMER;
	r->customer = c;
	return NULL;
}
