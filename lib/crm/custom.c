/* custom.c - custom fields: values checked by their field's type. */
#include "crm/custom.h"

#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/text.h"
#include "crm/field.h"
#include "crm/shop.h"
#include "db/db.h"

/* Enough decimals for any number a shop keeps; more are refused. */
#define CUSTOM_PLACES 6

static const char custom_field_sql[] =
    "SELECT type, dictionary FROM custom_field"
    " WHERE entity = :entity AND code = :code";

struct custom_def {
	const char *type; /* NULL: no such field */
	const char *dictionary;
};

static const struct err *
custom_def(struct shop *s, const char *entity, const char *field,
    struct arena *a, struct custom_def *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct custom_def){ 0 };
	if ((err = db_stmt(s->db, custom_field_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":entity", entity);
	db_bind_text(st, ":code", field);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	out->type = db_col_text(st, 0, a);
	out->dictionary = db_col_text(st, 1, a);
	db_reset(st);
	return NULL;
}

const char *
custom_type(struct shop *s, const char *entity, const char *field,
    struct arena *a)
{
	struct custom_def def;

	if (custom_def(s, entity, field, a, &def) != NULL)
		return NULL;
	return def.type;
}

/* Types that a record's own fields have too are parsed as those are. */
static const struct err *
custom_as_field(enum field_kind kind, const char *value, struct arena *a,
    const char **out)
{
	const struct field f = { "value", kind,
		field_is_text(kind) ? offsetof(struct field_value, text) :
				      offsetof(struct field_value, number),
		NULL };
	struct field_value r = { 0 };
	const struct fields t = { &f, 1 };
	const struct err *err;

	if ((err = field_parse(&t, &r.rec, 0, value, NULL, NULL, a)) == NULL)
		*out = field_format(&t, &r.rec, 0, NULL, a);
	return err;
}

static const struct err *
custom_number(const char *value, int places, struct arena *a, const char **out)
{
	char buf[DECIMAL_STR_MAX];
	const struct err *err;
	int64_t v;

	if ((err = decimal_parse(value, places, &v)) == NULL)
		*out = arena_strdup(a, decimal_short(v, places, buf));
	return err;
}

static const struct err *
custom_value(const struct shop *s, const struct custom_def *def,
    const char *value, struct arena *a, const char **out)
{
	if (strcmp(def->type, "boolean") == 0)
		return custom_as_field(FIELD_BOOL, value, a, out);
	if (strcmp(def->type, "date") == 0)
		return custom_as_field(FIELD_DATE, value, a, out);
	if (strcmp(def->type, "email") == 0)
		return custom_as_field(FIELD_EMAIL, value, a, out);
	if (strcmp(def->type, "integer") == 0)
		return custom_number(value, 0, a, out);
	if (strcmp(def->type, "numeric") == 0)
		return custom_number(value, CUSTOM_PLACES, a, out);
	if (strcmp(def->type, "text") != 0)
		value = text_line(a, value);
	*out = arena_strdup(a, value);
	if (strcmp(def->type, "dictionary") == 0)
		return shop_check_code(s,
		    arena_printf(a, "dictionary %s", def->dictionary), value);
	return NULL;
}

static const struct err *
custom_unknown(const char *field)
{
	return err_new(ERR_INPUT,
	    "unknown custom field '%.100s'; crm-reference --load "
	    "custom_field.tsv adds new ones",
	    field);
}

const struct err *
custom_check_name(const struct shop *s, const char *entity, const char *field)
{
	char table[40];

	snprintf(table, sizeof(table), "custom_field %s", entity);
	return shop_has_code(s, table, field) ? NULL : custom_unknown(field);
}

const struct err *
custom_check(struct shop *s, const char *entity, const char *field,
    const char *value, struct arena *a, const char **out)
{
	const struct err *err;
	struct custom_def def;

	*out = NULL;
	if ((err = custom_def(s, entity, field, a, &def)) != NULL)
		return err;
	if (def.type == NULL)
		return custom_unknown(field);
	return err_wrap(custom_value(s, &def, value, a, out), "custom.%s",
	    field);
}
