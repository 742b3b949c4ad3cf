/* customer_record.c - what a customer is: its fields and its lists. */
#include <string.h>

#include "base/when.h"
#include "crm/phone.h"
#include "customer/customer.h"

#define AT(m) offsetof(struct customer, m)

static const struct field customer_field_list[] = {
	{ "name", FIELD_TEXT, AT(name), NULL },
	{ "birthday_on", FIELD_DATE, AT(birthday_on), NULL },
	{ "vip", FIELD_BOOL, AT(vip), NULL },
	{ "bad", FIELD_BOOL, AT(bad), NULL },
	{ "country", FIELD_TEXT, AT(country), NULL },
	{ "region", FIELD_TEXT, AT(region), NULL },
	{ "city", FIELD_TEXT, AT(city), NULL },
	{ "postcode", FIELD_TEXT, AT(postcode), NULL },
	{ "street", FIELD_TEXT, AT(street), NULL },
	{ "building", FIELD_TEXT, AT(building), NULL },
	{ "flat", FIELD_TEXT, AT(flat), NULL },
	{ "address", FIELD_LONG, AT(address), NULL },
};

const struct fields customer_fields = { customer_field_list,
	ARRAY_LEN(customer_field_list) };

const char *const customer_list_names[CUSTOMER_LIST_COUNT] = {
	[CUSTOMER_SOURCES] = "external_ids",
	[CUSTOMER_PHONES] = "phones",
	[CUSTOMER_EMAILS] = "emails",
	[CUSTOMER_TAGS] = "tags",
	[CUSTOMER_CONSENTS] = "consents",
	[CUSTOMER_CUSTOM] = "custom",
};

const char *const customer_list_words[CUSTOMER_LIST_COUNT] = {
	[CUSTOMER_SOURCES] = "external_id",
	[CUSTOMER_PHONES] = "phone",
	[CUSTOMER_EMAILS] = "email",
	[CUSTOMER_TAGS] = "tag",
	[CUSTOMER_CONSENTS] = "consent",
	[CUSTOMER_CUSTOM] = "custom",
};

bool
customer_list_has_values(enum customer_list list)
{
	return list == CUSTOMER_CONSENTS || list == CUSTOMER_CUSTOM;
}

enum customer_list
customer_list_named(const char *name, const char **key)
{
	enum customer_list list;
	size_t n;

	*key = NULL;
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++) {
		n = strlen(customer_list_words[list]);
		if (strncmp(name, customer_list_words[list], n) != 0)
			continue;
		if (!customer_list_has_values(list) && name[n] == '\0')
			break;
		if (customer_list_has_values(list) && name[n] == '.' &&
		    name[n + 1] != '\0') {
			*key = name + n + 1;
			break;
		}
	}
	return list;
}

struct customer_entry *
customer_list_find(const struct customer_entries *l, const char *key)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (strcmp(l->v[i].key, key) == 0)
			return &l->v[i];
	return NULL;
}

void
customer_list_put(struct customer_entries *l, const struct customer_entry *e,
    struct arena *a)
{
	struct customer_entry *old = customer_list_find(l, e->key);

	if (old != NULL) {
		*old = *e;
		return;
	}
	l->v = arena_grow(a, l->v, l->len, sizeof(*l->v));
	l->v[l->len++] = *e;
}

void
customer_list_drop(struct customer_entries *l, const char *key)
{
	struct customer_entry *e = customer_list_find(l, key);

	if (e == NULL)
		return;
	memmove(e, e + 1, (size_t)(l->v + l->len - (e + 1)) * sizeof(*e));
	l->len--;
}

const char *
customer_source_key(const char *source, const char *external_id,
    struct arena *a)
{
	return arena_printf(a, "%s:%s", source, external_id);
}

bool
customer_source_split(const char *key, struct arena *a, const char **source,
    const char **external_id)
{
	const char *colon = strchr(key, ':');

	if (colon == NULL || colon == key || colon[1] == '\0')
		return false;
	*source = arena_strndup(a, key, (size_t)(colon - key));
	*external_id = colon + 1;
	return true;
}

/* Consents ----------------------------------------------------------------- */

static const char *
customer_consent_text(const struct customer_entry *e, struct arena *a)
{
	struct buf b = { 0 };
	char when[WHEN_STR_MAX];
	const char *text;

	pack_add(&b, "given", e->value);
	if (e->at != 0)
		pack_add(&b, "at", when_format(e->at, when));
	if (e->source != NULL)
		pack_add(&b, "source", e->source);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
customer_consent_parse(const char *text, struct arena *a,
    struct customer_entry *e)
{
	const struct pack_member *m;
	struct pack_member *list;
	size_t n;

	pack_split(a, text, &list, &n);
	if ((m = pack_find(list, n, "given")) != NULL)
		e->value = m->value;
	if ((m = pack_find(list, n, "source")) != NULL)
		e->source = m->value;
	if ((m = pack_find(list, n, "at")) == NULL || m->value == NULL)
		return NULL;
	return when_parse(m->value, &e->at);
}

const char *
customer_entry_text(enum customer_list list, const struct customer_entry *e,
    struct arena *a)
{
	if (e == NULL)
		return NULL;
	if (list == CUSTOMER_CUSTOM)
		return e->value;
	if (list == CUSTOMER_CONSENTS)
		return e->value != NULL ? customer_consent_text(e, a) : NULL;
	return e->key;
}

/* Going back --------------------------------------------------------------- */

/* The keys of a list, in another order. */
static void
customer_reorder(struct customer_entries *l, const char *keys, struct arena *a)
{
	char *rest = arena_strdup(a, keys), *key, *end;
	struct customer_entries new = { .present = true };
	const struct customer_entry *e;
	size_t i;

	for (key = rest; key != NULL; key = end) {
		if ((end = strstr(key, ", ")) != NULL) {
			*end = '\0';
			end += 2;
		}
		if ((e = customer_list_find(l, key)) != NULL)
			customer_list_put(&new, e, a);
	}
	for (i = 0; i < l->len; i++)
		customer_list_put(&new, &l->v[i], a);
	*l = new;
}

static const struct err *
customer_restore_entry(struct customer_entries *l, enum customer_list list,
    const char *key, const char *was, const char *is, struct arena *a)
{
	struct customer_entry e = { .key = key, .value = was };
	const struct err *err;

	if (key == NULL) { /* the value is the key */
		if (is != NULL)
			customer_list_drop(l, is);
		if (was == NULL)
			return NULL;
		e = (struct customer_entry){ .key = was };
	} else if (was == NULL) {
		customer_list_drop(l, key);
		return NULL;
	}
	if (list == CUSTOMER_CONSENTS &&
	    (err = customer_consent_parse(was, a, &e)) != NULL)
		return err;
	customer_list_put(l, &e, a);
	return NULL;
}

const struct err *
customer_restore(struct customer *c, const char *field, const char *was,
    const char *is, struct arena *a)
{
	const int f = field_find(&customer_fields, field);
	enum customer_list list;
	const char *key;

	if (f >= 0)
		return field_parse(&customer_fields, &c->rec, f, was, NULL,
		    NULL, a);
	list = customer_list_named(field, &key);
	if (list != CUSTOMER_LIST_COUNT)
		return customer_restore_entry(&c->lists[list], list, key, was,
		    is, a);
	for (list = CUSTOMER_PHONES; list <= CUSTOMER_EMAILS; list++)
		if (strcmp(field, customer_list_names[list]) == 0 &&
		    was != NULL)
			customer_reorder(&c->lists[list], was, a);
	return NULL;
}

/* -------------------------------------------------------------------------- */

const char *
customer_identity(const struct customer *c, struct arena *a)
{
	const struct customer_entries *l = &c->lists[CUSTOMER_PHONES];
	size_t i;

	if (c->external_id != NULL)
		return c->external_id;
	for (i = 0; i < l->len; i++)
		if (phone_is_e164(l->v[i].key))
			return arena_printf(a, "phone %s", l->v[i].key);
	l = &c->lists[CUSTOMER_EMAILS];
	if (l->len != 0)
		return arena_printf(a, "email %s", l->v[0].key);
	l = &c->lists[CUSTOMER_SOURCES];
	if (l->len != 0)
		return arena_printf(a, "id %s", l->v[0].key);
	return NULL;
}

struct customer *
customer_copy(const struct customer *c, struct arena *a)
{
	struct customer *copy = arena_alloc(a, sizeof(*copy));
	enum customer_list list;
	size_t i;

	*copy = *c;
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_LIST_COUNT; list++) {
		copy->lists[list] =
		    (struct customer_entries){ .present = true };
		for (i = 0; i < c->lists[list].len; i++)
			customer_list_put(&copy->lists[list],
			    &c->lists[list].v[i], a);
	}
	return copy;
}
