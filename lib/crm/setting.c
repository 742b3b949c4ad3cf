/* setting.c - what changes figures or rules, kept in the database. */
#include "crm/setting.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"

const struct setting setting_list[] = {
	{ "country", "RU", "whose national phone numbers are understood" },
	{ "currency", "RUB", "of orders that name none" },
	{ "cutoff", "16:00", "orders placed later are shipped the next day" },
	{ "double_minutes", "30",
	    "orders of one customer this near look like doubles; 0: never" },
	{ "site", "main", "the site of orders that name none" },
	{ "timezone", "UTC", "where days begin and end" },
	{ NULL, NULL, NULL },
};

static const char setting_get_sql[] =
    "SELECT value FROM setting WHERE name = :name";
static const char setting_put_sql[] =
    "INSERT INTO setting VALUES (:name, :value)"
    " ON CONFLICT DO UPDATE SET value = :value";
static const char setting_site_sql[] = "SELECT 1 FROM site WHERE code = :code";

#define SETTING_MINUTES_MAX 10080 /* a week: what is older is no double */

static bool
is_country(const char *s)
{
	return strlen(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' &&
	       s[1] <= 'Z';
}

static bool
is_currency(const char *s)
{
	return money_places(s) >= 0;
}

/* "HH:MM" */
static bool
is_clock(const char *s)
{
	static const char shape[] = "##:##";
	size_t i;

	for (i = 0; i < sizeof(shape); i++)
		if (shape[i] == '#' ? s[i] < '0' || s[i] > '9' :
				      s[i] != shape[i])
			return false;
	return memcmp(s, "24", 2) < 0 && s[3] < '6';
}

static bool
is_minutes(const char *s)
{
	int64_t v;

	return decimal_parse(s, 0, &v) == NULL && v >= 0 &&
	       v <= SETTING_MINUTES_MAX;
}

static bool
is_code(const char *s)
{
	return *s != '\0';
}

/* Try it, then go back to the zone in force. */
static bool
is_zone(const char *s)
{
	struct arena a = { 0 };
	char *before = arena_strdup(&a, when_zone_name());
	bool known = when_zone(s) == NULL;

	if (when_zone(before) != NULL)
		abort(); /* it was in force a moment ago */
	arena_free(&a);
	return known;
}

/* What a value must be; in the order of setting_list. */
static const struct {
	bool (*holds)(const char *value);
	const char *rule;
} rules[] = {
	{ is_country, "two capital letters, as RU" },
	{ is_currency, "a currency of ISO 4217, as RUB" },
	{ is_clock, "a time of day, as 16:00" },
	{ is_minutes, "minutes, at most a week of them" },
	{ is_code, "a code of the reference table site" },
	{ is_zone, "a time zone, as Europe/Moscow" },
};
_Static_assert(ARRAY_LEN(rules) + 1 == ARRAY_LEN(setting_list),
    "each setting has its rule");

static const struct setting *
setting_find(const char *name)
{
	const struct setting *s;

	for (s = setting_list; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

static const struct err *
setting_unknown(const char *name)
{
	const char *names[ARRAY_LEN(setting_list)], *near;
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		names[i] = setting_list[i].name;
	if ((near = text_nearest(name, names)) != NULL)
		return err_new(ERR_INPUT,
		    "unknown setting '%s', did you mean '%s'", name, near);
	return err_new(ERR_INPUT, "unknown setting '%s'", name);
}

const struct err *
setting_check(const char *name, const char *value)
{
	const struct setting *s = setting_find(name);
	size_t i;

	if (s == NULL)
		return setting_unknown(name);
	i = (size_t)(s - setting_list);
	if (rules[i].holds(value))
		return NULL;
	return err_new(ERR_INPUT, "setting '%s' cannot be '%s'; it is %s", name,
	    value, rules[i].rule);
}

const struct err *
setting_get(struct db *db, const char *name, struct arena *a,
    const char **value, bool *is_set)
{
	const struct setting *s = setting_find(name);
	const struct err *err;
	struct db_stmt *st;

	*value = NULL;
	*is_set = false;
	if (s == NULL)
		return setting_unknown(name);
	*value = s->fallback;
	if ((err = db_stmt(db, setting_get_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", name);
	if ((err = db_step(st, is_set)) == NULL && *is_set)
		*value = db_col_text(st, 0, a);
	db_reset(st);
	return err;
}

/* Only the shop itself knows its sites. */
static const struct err *
setting_check_site(struct db *db, const char *code)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(db, setting_site_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":code", code);
	err = db_step(st, &row);
	db_reset(st);
	if (err == NULL && !row)
		return err_new(ERR_INPUT,
		    "there is no site '%s'; crm-reference --load adds new ones",
		    code);
	return err;
}

const struct err *
setting_put(struct shop *s, const char *name, const char *value)
{
	struct history_row h = { .at = s->now,
		.entity = "setting",
		.field = name,
		.new = value };
	const struct err *err;
	struct db_stmt *st;
	bool is_set;

	if ((err = setting_check(name, value)) != NULL)
		return err;
	if (strcmp(name, "site") == 0 &&
	    (err = setting_check_site(s->db, value)) != NULL)
		return err;
	if ((err = setting_get(s->db, name, &s->arena, &h.old, &is_set)) !=
	    NULL)
		return err;
	if (!is_set)
		h.old = NULL;
	else if (strcmp(h.old, value) == 0)
		return NULL;
	if ((err = db_stmt(s->db, setting_put_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":name", name);
	db_bind_text(st, ":value", value);
	if ((err = db_run(st)) != NULL)
		return err;
	return history_add(s, &h);
}
