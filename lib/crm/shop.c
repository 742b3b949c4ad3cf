/* shop.c - settings, statuses and codes of one shop, in memory. */
#include "crm/shop.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/setting.h"
#include "db/db.h"

static const char status_sql[] =
    "SELECT s.code, CASE WHEN :lang = 'ru' THEN ifnull(s.name_ru, s.name)"
    "  ELSE s.name END, s.status_group, s.active, s.is_initial,"
    " s.is_revenue, s.is_cancel, s.handed_over, s.items_locked,"
    " ifnull(s.time_limit, 0), g.final"
    "  FROM status s JOIN status_group g ON g.code = s.status_group"
    " ORDER BY g.ordering, g.code, s.ordering, s.code";

/*
 * Every code that a field may hold, beside its table, and every holiday; those
 * of statuses are read with what they mean.
 */
static const char code_sql[] =
    "SELECT 'site', code, 1 FROM site"
    " UNION ALL SELECT 'order_method', code, 1 FROM order_method"
    " UNION ALL SELECT 'user', login, 1 FROM user"
    " UNION ALL SELECT 'delivery_type', code, iif(ships, weekdays, 0)"
    "  FROM delivery_type"
    " UNION ALL SELECT 'holiday', on_date, 1 FROM holiday"
    " UNION ALL SELECT 'store', code, 1 FROM store"
    " UNION ALL SELECT 'currency', code, 1 FROM currency"
    " UNION ALL SELECT 'payment_type', code, 1 FROM payment_type"
    " UNION ALL SELECT 'payment_status', code, is_paid + 1"
    "  FROM payment_status"
    " UNION ALL SELECT 'channel', code, 1 FROM channel"
    " UNION ALL SELECT 'custom_field ' || entity, code, 1 FROM custom_field"
    " UNION ALL SELECT 'shared ' || kind, value, 1 FROM shared_contact"
    " UNION ALL SELECT 'dictionary ' || dictionary, code, 1"
    "  FROM custom_dictionary";

#define SHOP_KEY_MAX 300

/* "table code", or NULL when that is longer than any code can be. */
static const char *
shop_key(const char *table, const char *code, char buf[static SHOP_KEY_MAX])
{
	size_t t = strlen(table), c = strlen(code);

	if (t + c + 2 > SHOP_KEY_MAX)
		return NULL;
	memcpy(buf, table, t);
	buf[t] = ' ';
	memcpy(buf + t + 1, code, c);
	buf[t + 1 + c] = '\0';
	return buf;
}

static const struct err *
shop_load_statuses(struct shop *s)
{
	struct arena *a = &s->reference_arena;
	char buf[SHOP_KEY_MAX];
	const struct err *err;
	struct db_stmt *st;
	const char *key;
	bool row;

	if ((err = db_stmt(s->db, status_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":lang", s->lang);
	while ((err = db_step(st, &row)) == NULL && row) {
		s->statuses = arena_grow(a, s->statuses, s->status_count,
		    sizeof(*s->statuses));
		s->statuses[s->status_count++] = (struct status){
			.code = db_col_text(st, 0, a),
			.name = db_col_text(st, 1, a),
			.group = db_col_text(st, 2, a),
			.active = db_col_int(st, 3) != 0,
			.is_initial = db_col_int(st, 4) != 0,
			.is_revenue = db_col_int(st, 5) != 0,
			.is_cancel = db_col_int(st, 6) != 0,
			.handed_over = db_col_int(st, 7) != 0,
			.items_locked = db_col_int(st, 8) != 0,
			.time_limit = db_col_int(st, 9),
			.final = db_col_int(st, 10) != 0,
		};
		key = shop_key("status", db_col_peek(st, 0), buf);
		if (key != NULL)
			map_put(&s->codes, key, 1);
	}
	return err;
}

static const struct err *
shop_load_codes(struct shop *s)
{
	char buf[SHOP_KEY_MAX];
	const struct err *err;
	struct db_stmt *st;
	const char *key;
	bool row;

	if ((err = db_stmt(s->db, code_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		key = shop_key(db_col_peek(st, 0), db_col_peek(st, 1), buf);
		if (key != NULL)
			map_put(&s->codes, key, db_col_int(st, 2));
	}
	return err;
}

/* Somebody may have edited the database, or the system lost a time zone. */
static const struct err *
shop_setting(struct shop *s, const char *name, const char **value)
{
	const struct err *err;
	bool is_set;

	if ((err = setting_get(s->db, name, &s->arena, value, &is_set)) != NULL)
		return err;
	err = strcmp(name, "timezone") == 0 ? when_zone(*value) :
					      setting_check(name, *value);
	if (err != NULL)
		err = err_new(ERR_CONFIG, "%s; crm-config sets another",
		    err->msg);
	return err;
}

static const struct err *
shop_load_settings(struct shop *s)
{
	const struct err *err;
	const char *cutoff, *minutes;

	if ((err = shop_setting(s, "timezone", &s->timezone)) != NULL ||
	    (err = shop_setting(s, "currency", &s->currency)) != NULL ||
	    (err = shop_setting(s, "country", &s->country)) != NULL ||
	    (err = shop_setting(s, "site", &s->site)) != NULL ||
	    (err = shop_setting(s, "cutoff", &cutoff)) != NULL ||
	    (err = shop_setting(s, "double_minutes", &minutes)) != NULL)
		return err;
	s->cutoff = (int)strtol(cutoff, NULL, 10) * 3600 +
		    (int)strtol(cutoff + 3, NULL, 10) * 60;
	s->double_s = strtol(minutes, NULL, 10) * 60;
	return NULL;
}

const struct err *
shop_refresh(struct shop *s)
{
	const struct err *err;
	bool changed;

	if ((err = db_changed_elsewhere(s->db, &changed)) != NULL || !changed)
		return err;
	map_reset(&s->codes);
	arena_reset(&s->reference_arena);
	s->statuses = NULL;
	s->status_count = 0;
	if ((err = shop_load_statuses(s)) != NULL || s->statuses_only)
		return err;
	return shop_load_codes(s);
}

/* In one transaction: one state of the shop, and locked once. */
static const struct err *
shop_load(struct shop *s)
{
	const bool within = db_in_transaction(s->db);
	const struct err *err;

	if (!within && (err = db_begin_read(s->db)) != NULL)
		return err;
	if ((err = shop_load_settings(s)) == NULL)
		err = shop_refresh(s);
	if (!within && err == NULL)
		err = db_commit(s->db);
	if (!within)
		db_rollback(s->db);
	return err;
}

static const struct err *
shop_open_with(struct db *db, const char *lang, bool statuses_only,
    struct shop **out)
{
	const struct err *err;
	struct shop *s = mem_zalloc(sizeof(*s));

	*out = NULL;
	s->db = db;
	s->now = when_now();
	s->actor = "";
	s->lang = lang;
	s->statuses_only = statuses_only;
	if ((err = shop_load(s)) != NULL) {
		shop_close(s);
		return err;
	}
	*out = s;
	return NULL;
}

const struct err *
shop_open(struct db *db, const char *lang, struct shop **out)
{
	return shop_open_with(db, lang, false, out);
}

const struct err *
shop_open_statuses(struct db *db, const char *lang, struct shop **out)
{
	return shop_open_with(db, lang, true, out);
}

void
shop_close(struct shop *s)
{
	if (s == NULL)
		return;
	map_free(&s->codes);
	map_free(&s->offers);
	arena_free(&s->reference_arena);
	arena_free(&s->arena);
	free(s);
}

const struct status *
shop_status(const struct shop *s, const char *code)
{
	size_t i;

	for (i = 0; i < s->status_count; i++)
		if (strcmp(s->statuses[i].code, code) == 0)
			return &s->statuses[i];
	return NULL;
}

const struct status *
shop_initial_status(const struct shop *s)
{
	size_t i;

	for (i = 0; i < s->status_count; i++)
		if (s->statuses[i].is_initial)
			return &s->statuses[i];
	return NULL;
}

/* ", did you mean 'complete'" or nothing. */
static const char *
shop_near(const struct shop *s, const char *table, const char *code,
    struct arena *a)
{
	static const char sql[] =
	    "SELECT code FROM status WHERE :t = 'status'"
	    " UNION ALL SELECT code FROM order_method WHERE :t = 'order_method'"
	    " UNION ALL SELECT code FROM delivery_type"
	    "  WHERE :t = 'delivery_type'"
	    " UNION ALL SELECT code FROM payment_type WHERE :t = 'payment_type'"
	    " UNION ALL SELECT code FROM payment_status"
	    "  WHERE :t = 'payment_status'"
	    " UNION ALL SELECT code FROM site WHERE :t = 'site'"
	    " UNION ALL SELECT code FROM store WHERE :t = 'store'"
	    " UNION ALL SELECT login FROM user WHERE :t = 'user'"
	    " UNION ALL SELECT code FROM channel WHERE :t = 'channel'";
	const char **list = NULL, *near;
	struct db_stmt *st;
	size_t n = 0;
	bool row;

	if (db_stmt(s->db, sql, &st) != NULL)
		return "";
	db_bind_text(st, ":t", table);
	while (db_step(st, &row) == NULL && row) {
		list = arena_grow(a, list, n, sizeof(*list));
		list[n++] = db_col_text(st, 0, a);
	}
	list = arena_grow(a, list, n, sizeof(*list));
	list[n] = NULL;
	near = text_nearest(code, list);
	if (near == NULL)
		return "";
	return arena_printf(a, ", did you mean '%s'", near);
}

static const int64_t *
shop_code(const struct shop *s, const char *table, const char *code)
{
	char buf[SHOP_KEY_MAX];
	const char *key = shop_key(table, code, buf);

	if (s->statuses_only && strcmp(table, "status") != 0)
		abort();
	return key != NULL ? map_get(&s->codes, key) : NULL;
}

bool
shop_has_code(const struct shop *s, const char *table, const char *code)
{
	return shop_code(s, table, code) != NULL;
}

const struct err *
shop_check_code(const struct shop *s, const char *table, const char *code)
{
	const struct err *err;
	struct arena a = { 0 };

	if (shop_code(s, table, code) != NULL)
		return NULL;
	err = err_new(ERR_INPUT,
	    "unknown %s '%.100s'%s; crm-reference --load adds new ones", table,
	    code, shop_near(s, table, code, &a));
	arena_free(&a);
	return err;
}

const struct err *
shop_code_named(struct shop *s, const char *table, const char *name,
    struct arena *a, const char **out)
{
	static const char sql[] =
	    "SELECT code FROM (SELECT 'status' AS t, code, name, name_ru, active"
	    "  FROM status UNION ALL"
	    " SELECT 'delivery_type', code, name, name_ru, active"
	    "  FROM delivery_type UNION ALL"
	    " SELECT 'payment_type', code, name, name_ru, active"
	    "  FROM payment_type)"
	    " WHERE t = :t AND (fold(name) = :name OR fold(name_ru) = :name)"
	    " ORDER BY active DESC, code LIMIT 1";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	if ((err = db_stmt(s->db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":t", table);
	db_bind_text(st, ":name", text_fold(a, name));
	if ((err = db_step(st, &row)) == NULL && row)
		*out = db_col_text(st, 0, a);
	db_reset(st);
	return err;
}

int64_t
shop_weekdays(const struct shop *s, const char *delivery_type)
{
	const int64_t *v = shop_code(s, "delivery_type", delivery_type);

	return v != NULL ? *v : 0;
}

bool
shop_is_shared(const struct shop *s, const char *kind, const char *value)
{
	return shop_code(s,
		   strcmp(kind, "phone") == 0 ? "shared phone" : "shared email",
		   value) != NULL;
}

bool
shop_is_paid(const char *payment_status, void *shop)
{
	const int64_t *v = shop_code(shop, "payment_status", payment_status);

	return v != NULL && *v == 2;
}
