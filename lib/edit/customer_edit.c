/* customer_edit.c - a customer changed by assignments. */
#include "edit/customer_edit.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "crm/custom.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "customer/customer_save.h"
#include "order/order.h"

#define EDIT_NOTE   "note"
#define EDIT_SOURCE "crm" /* where a consent that is typed was given */

/* Checking ----------------------------------------------------------------- */

static const struct err *
edit_unknown(const char *field)
{
	const char *names[CUSTOMER_FIELD_COUNT + CUSTOMER_LIST_COUNT + 2];
	enum customer_list list;
	const char *near;
	size_t n;

	for (n = 0; n < CUSTOMER_FIELD_COUNT; n++)
		names[n] = customer_fields.list[n].name;
	for (list = CUSTOMER_SOURCES; list < CUSTOMER_CONSENTS; list++)
		names[n++] = customer_list_words[list];
	names[n++] = EDIT_NOTE;
	names[n] = NULL;
	if ((near = text_nearest(field, names)) != NULL)
		return err_new(ERR_USAGE,
		    "customers have no field '%.100s', did you mean '%s'",
		    field, near);
	return err_new(ERR_USAGE,
	    "customers have no field '%.100s'; customer-edit(1) lists them",
	    field);
}

static const struct err *
edit_check_one(struct shop *s, const struct assign *v)
{
	const struct err *err;
	const char *key;
	const enum customer_list list = customer_list_named(v->field, &key);
	const bool is_note = strcmp(v->field, EDIT_NOTE) == 0;

	if (!is_note && list == CUSTOMER_LIST_COUNT &&
	    field_find(&customer_fields, v->field) < 0)
		return edit_unknown(v->field);
	if (is_note && (v->op == ASSIGN_REMOVE || *v->value == '\0'))
		return err_new(ERR_USAGE,
		    "'%.100s': notes are added, never taken away", v->text);
	if (list == CUSTOMER_SOURCES && v->op == ASSIGN_SET)
		return err_new(ERR_USAGE,
		    "'%.100s': outside ids are added with += and taken out "
		    "with -=",
		    v->text);
	if (v->op != ASSIGN_SET && !is_note &&
	    (list == CUSTOMER_LIST_COUNT || customer_list_has_values(list)))
		return err_new(ERR_USAGE,
		    "'%.100s': %s is no list; write %s=", v->text, v->field,
		    v->field);
	err = list == CUSTOMER_CONSENTS ? shop_check_code(s, "channel", key) :
	      list == CUSTOMER_CUSTOM ? custom_check_name(s, "customer", key) :
					NULL;
	if (err != NULL)
		return err_new(ERR_USAGE, "'%.100s': %s", v->text, err->msg);
	return NULL;
}

const struct err *
customer_edit_check(struct shop *s, const struct assign *v, size_t count)
{
	const struct err *err = NULL;
	size_t i;

	for (i = 0; i < count && err == NULL; i++)
		err = edit_check_one(s, &v[i]);
	return err;
}

/* Lists -------------------------------------------------------------------- */

/* What is typed, in the form in which it is kept. */
static const struct err *
edit_key(struct shop *s, enum customer_list list, const char *typed,
    struct arena *a, const char **out)
{
	*out = text_trim(a, typed);
	if (list == CUSTOMER_PHONES) {
		*out = phone_normal(typed, s->country, a);
		if (!phone_is_e164(*out))
			return err_new(ERR_INPUT,
			    "'%s' is no telephone number here; write it with "
			    "its country, as +375291234567",
			    typed);
	}
	if (list == CUSTOMER_EMAILS) {
		*out = text_fold(a, *out);
		if (strchr(*out, '@') == NULL)
			return err_new(ERR_INPUT, "'%s' is no e-mail address",
			    typed);
	}
	return NULL;
}

/* A contact of somebody else is a reason to merge, not to have it twice. */
static const struct err *
edit_check_contact(struct shop *s, const struct customer *c,
    enum customer_list list, const char *key)
{
	struct customer_key k = { 0 };
	const struct err *err;
	int64_t id;

	if (list == CUSTOMER_PHONES)
		k.phone = key;
	else if (list == CUSTOMER_EMAILS)
		k.email = key;
	if ((err = customer_find(s, &k, &id)) != NULL)
		return err;
	if (id == 0 || id == c->id)
		return NULL;
	return err_new(ERR_CONFLICT,
	    "'%s' is customer %" PRId64 "'s; customer-edit %" PRId64
	    " --merge %" PRId64 " makes the two one",
	    key, id, c->id, id);
}

static const struct err *
edit_put(struct shop *s, struct customer *c, enum customer_list list,
    const char *typed, struct arena *a)
{
	struct customer_entry e = { 0 };
	const struct err *err;

	if ((err = edit_key(s, list, typed, a, &e.key)) != NULL)
		return err;
	if (*e.key == '\0' || customer_list_find(&c->lists[list], e.key))
		return NULL;
	if ((err = edit_check_contact(s, c, list, e.key)) != NULL)
		return err;
	customer_list_put(&c->lists[list], &e, a);
	return NULL;
}

/* Set a list: exactly these, in this order. */
static const struct err *
edit_set_list(struct shop *s, struct customer *c, enum customer_list list,
    const char *values, struct arena *a)
{
	char *rest = arena_strdup(a, values), *typed;
	const struct err *err;

	c->lists[list].len = 0;
	c->lists[list].v = NULL;
	while ((typed = strsep(&rest, ",")) != NULL)
		if (*text_trim(a, typed) != '\0' &&
		    (err = edit_put(s, c, list, typed, a)) != NULL)
			return err;
	return NULL;
}

static const struct err *
edit_list(struct shop *s, struct customer *c, enum customer_list list,
    const struct assign *v, struct arena *a)
{
	const struct err *err;
	const char *key;

	if (v->op == ASSIGN_SET)
		return edit_set_list(s, c, list, v->value, a);
	if (v->op == ASSIGN_ADD)
		return edit_put(s, c, list, v->value, a);
	key = text_trim(a, v->value);
	if (customer_list_find(&c->lists[list], key) == NULL &&
	    (err = edit_key(s, list, v->value, a, &key)) != NULL)
		return err;
	customer_list_drop(&c->lists[list], key);
	return NULL;
}

static const struct err *
edit_consent(struct shop *s, struct customer *c, const char *channel,
    const char *value, struct arena *a)
{
	struct customer_entries *l = &c->lists[CUSTOMER_CONSENTS];
	struct customer_entry e = { .key = channel,
		.source = EDIT_SOURCE,
		.at = s->now };
	const struct customer_entry *old = customer_list_find(l, channel);
	struct customer told = { 0 };

	if (*value == '\0') {
		customer_list_drop(l, channel);
		return NULL;
	}
	/* Read as any yes or no. */
	if (field_parse(&customer_fields, &told.rec, CUSTOMER_VIP, value, NULL,
		NULL, a) != NULL)
		return err_new(ERR_INPUT,
		    "consent.%s: '%s' is neither yes nor "
		    "no",
		    channel, value);
	e.value = told.vip != 0 ? "true" : "false";
	if (old == NULL || strcmp(old->value, e.value) != 0)
		customer_list_put(l, &e, a);
	return NULL;
}

/* -------------------------------------------------------------------------- */

static const struct err *
edit_one(struct shop *s, struct customer *c, const struct assign *v,
    struct arena *a)
{
	const int f = field_find(&customer_fields, v->field);
	const char *key;
	const enum customer_list list = customer_list_named(v->field, &key);

	if (f >= 0)
		return field_parse(&customer_fields, &c->rec, f, v->value, NULL,
		    s->country, a);
	if (list == CUSTOMER_CONSENTS)
		return edit_consent(s, c, key, v->value, a);
	if (list != CUSTOMER_CUSTOM)
		return edit_list(s, c, list, v, a);
	if (*v->value == '\0')
		customer_list_drop(&c->lists[list], key);
	else
		customer_list_put(&c->lists[list],
		    &(struct customer_entry){ .key = key, .value = v->value },
		    a);
	return NULL;
}

const struct err *
customer_edit(struct shop *s, const struct customer *c, const struct assign *v,
    size_t count, struct arena *a, size_t *changed)
{
	struct customer *new = customer_copy(c, a);
	struct customer_change change = { .at = s->now };
	const struct err *err;
	size_t i, notes = 0;

	*changed = 0;
	if (c->erased_at != 0)
		return err_new(ERR_CONFLICT, "it was erased");
	for (i = 0; i < count; i++) {
		if (strcmp(v[i].field, EDIT_NOTE) != 0) {
			err = edit_one(s, new, &v[i], a);
		} else {
			err = customer_add_note(s, c->id,
			    &(struct note){ .text = v[i].value });
			notes++;
		}
		if (err != NULL)
			return err_wrap(err, "%.100s", v[i].text);
	}
	err = customer_update(s, c, new, &change, a, changed);
	*changed += notes;
	return err;
}
