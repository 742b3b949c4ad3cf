/* field.c - records as tables of fields: parse, format, pack. */
#include "crm/field.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/phone.h"
#include "db/db.h"

int
field_find_near(const struct fields *t, const char *name, size_t *near)
{
	size_t i, at = *near;

	for (i = 0; i < t->count; i++) {
		if (field_is(t, at, name)) {
			*near = at + 1 < t->count ? at + 1 : 0;
			return (int)at;
		}
		at = at + 1 < t->count ? at + 1 : 0;
	}
	return -1;
}

int
field_find(const struct fields *t, const char *name)
{
	size_t near = 0;

	return field_find_near(t, name, &near);
}

bool
field_is_text(enum field_kind kind)
{
	return kind < FIELD_TIME;
}

static void *
field_at(const struct fields *t, struct rec *r, int i)
{
	return (char *)r + t->list[i].at;
}

const char *
field_text(const struct fields *t, const struct rec *r, int i)
{
	const char *v = NULL;

	if (field_has(r, i))
		memcpy(&v, (const char *)r + t->list[i].at, sizeof(v));
	return v;
}

int64_t
field_int(const struct fields *t, const struct rec *r, int i)
{
	int64_t v = 0;

	if (field_has(r, i))
		memcpy(&v, (const char *)r + t->list[i].at, sizeof(v));
	return v;
}

void
field_clear(struct rec *r, int i)
{
	r->has &= ~((uint64_t)1 << i);
	r->clear |= (uint64_t)1 << i;
}

static void
field_mark(struct rec *r, int i)
{
	r->has |= (uint64_t)1 << i;
	r->clear &= ~((uint64_t)1 << i);
}

void
field_set_text(const struct fields *t, struct rec *r, int i, const char *v)
{
	memcpy(field_at(t, r, i), &v, sizeof(v));
	if (v != NULL)
		field_mark(r, i);
	else
		field_clear(r, i);
}

void
field_set_int(const struct fields *t, struct rec *r, int i, int64_t v)
{
	memcpy(field_at(t, r, i), &v, sizeof(v));
	field_mark(r, i);
}

static const struct err *
field_parse_bool(const char *s, int64_t *v)
{
	static const char *const yes[] = { "true", "yes", "1", "y", "да" };
	static const char *const no[] = { "false", "no", "0", "n", "нет" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(yes); i++) {
		*v = strcasecmp(s, yes[i]) == 0;
		if (*v != 0 || strcasecmp(s, no[i]) == 0)
			return NULL;
	}
	return err_new(ERR_INPUT, "'%s' is neither true nor false", s);
}

static const struct err *
field_parse_clock(const char *s, const char **v, struct arena *a)
{
	unsigned h = 99, m = 0;
	const char *p = s;

	if (*p >= '0' && *p <= '9') {
		h = (unsigned)(*p++ - '0');
		if (*p >= '0' && *p <= '9')
			h = h * 10 + (unsigned)(*p++ - '0');
	}
	if (*p == ':' && p[1] >= '0' && p[1] <= '5' && p[2] >= '0' &&
	    p[2] <= '9') {
		m = (unsigned)(p[1] - '0') * 10 + (unsigned)(p[2] - '0');
		p += 3;
		if (strncmp(p, ":00", 3) == 0)
			p += 3;
	}
	if (h > 24 || (h == 24 && m > 0) || *p != '\0')
		return err_new(ERR_INPUT, "'%s' is not a time of day HH:MM", s);
	*v = arena_printf(a, "%02u:%02u", h, m);
	return NULL;
}

static const struct err *
field_parse_date(const char *s, const char **v, struct arena *a)
{
	const struct err *err;
	char buf[WHEN_STR_MAX];
	int64_t day;

	if ((err = when_day_parse(s, &day)) != NULL)
		return err;
	*v = arena_strdup(a, when_day_format(day, buf));
	return NULL;
}

static const struct err *
field_parse_text(const struct field *f, const char *s, const char *country,
    const char **v, struct arena *a)
{
	if (f->kind != FIELD_LONG)
		s = text_line(a, s);
	switch (f->kind) {
	case FIELD_TEXT:
	case FIELD_LONG:
	case FIELD_CODE:
		*v = text_trim(a, s);
		if (**v == '\0')
			*v = NULL;
		break;
	case FIELD_EMAIL:
		*v = text_fold(a, text_trim(a, s));
		break;
	case FIELD_PHONE:
		*v = phone_normal(s, country, a);
		break;
	case FIELD_DATE:
		return field_parse_date(s, v, a);
	case FIELD_CLOCK:
		return field_parse_clock(s, v, a);
	case FIELD_CURRENCY:
		if (money_places(s) < 0)
			return err_new(ERR_INPUT, "unknown currency '%s'", s);
		*v = arena_strdup(a, s);
		break;
	case FIELD_TIME:
	case FIELD_BOOL:
	case FIELD_MONEY:
	case FIELD_PRICE:
	case FIELD_QUANTITY:
		abort(); /* not text */
	}
	return NULL;
}

static const struct err *
field_parse_int(const struct field *f, const char *s, const char *currency,
    int64_t *v)
{
	switch (f->kind) {
	case FIELD_TIME:
		return when_parse(s, v);
	case FIELD_BOOL:
		return field_parse_bool(s, v);
	case FIELD_MONEY:
		return money_parse(s, currency, v);
	case FIELD_PRICE:
		return decimal_parse(s, PRICE_PLACES, v);
	case FIELD_QUANTITY:
		return decimal_parse(s, QUANTITY_PLACES, v);
	case FIELD_TEXT:
	case FIELD_LONG:
	case FIELD_CODE:
	case FIELD_DATE:
	case FIELD_CLOCK:
	case FIELD_PHONE:
	case FIELD_EMAIL:
	case FIELD_CURRENCY:
		abort(); /* text */
	}
	return NULL;
}

const struct err *
field_parse(const struct fields *t, struct rec *r, int i, const char *text,
    const char *currency, const char *country, struct arena *a)
{
	const struct field *f = &t->list[i];
	const struct err *err;
	const char *s = NULL;
	int64_t v = 0;

	if (text == NULL || *text == '\0') {
		/* Who reads the member itself must not find the old value. */
		if (field_is_text(f->kind))
			field_set_text(t, r, i, NULL);
		else
			field_set_int(t, r, i, 0);
		field_clear(r, i);
		return NULL;
	}
	if (field_is_text(f->kind)) {
		err = field_parse_text(f, text, country, &s, a);
		if (err == NULL)
			field_set_text(t, r, i, s);
	} else {
		err = field_parse_int(f, text, currency, &v);
		if (err == NULL)
			field_set_int(t, r, i, v);
	}
	return err != NULL ? err_wrap(err, "%s", f->name) : NULL;
}

const char *
field_format(const struct fields *t, const struct rec *r, int i,
    const char *currency, struct arena *a)
{
	const struct field *f = &t->list[i];
	char buf[DECIMAL_STR_MAX], when[WHEN_STR_MAX];
	int64_t v = field_int(t, r, i);

	if (!field_has(r, i))
		return NULL;
	switch (f->kind) {
	case FIELD_TIME:
		return arena_strdup(a, when_format(v, when));
	case FIELD_BOOL:
		return v != 0 ? "true" : "false";
	case FIELD_MONEY:
		return arena_strdup(a, money_format(v, currency, buf));
	case FIELD_PRICE:
		return arena_strdup(a, decimal_short(v, PRICE_PLACES, buf));
	case FIELD_QUANTITY:
		return arena_strdup(a, decimal_short(v, QUANTITY_PLACES, buf));
	case FIELD_TEXT:
	case FIELD_LONG:
	case FIELD_CODE:
	case FIELD_DATE:
	case FIELD_CLOCK:
	case FIELD_PHONE:
	case FIELD_EMAIL:
	case FIELD_CURRENCY:
		break;
	}
	return field_text(t, r, i);
}

void
field_pack(const struct fields *t, const struct rec *r, const char *currency,
    struct arena *a, struct buf *b)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		if (field_has(r, (int)i) || field_cleared(r, (int)i))
			pack_add(b, t->list[i].name,
			    field_format(t, r, (int)i, currency, a));
}

const struct err *
field_unpack(const struct fields *t, const char *text, const char *currency,
    struct rec *r, struct arena *a)
{
	const struct err *err;
	struct pack_member *m;
	size_t i, n;
	int at;

	pack_split(a, text, &m, &n);
	for (i = 0; i < n; i++) {
		if ((at = field_find(t, m[i].name)) < 0)
			continue;
		if ((err = field_parse(t, r, at, m[i].value, currency, NULL,
			 a)) != NULL)
			return err;
	}
	return NULL;
}

void
field_bind(struct db_stmt *st, int first, const struct fields *t,
    const struct rec *r)
{
	int i, n = (int)t->count;

	for (i = 0; i < n; i++) {
		if (!field_has(r, i))
			continue;
		if (field_is_text(t->list[i].kind))
			db_bind_text_at(st, first + i, field_text(t, r, i));
		else
			db_bind_int_at(st, first + i, field_int(t, r, i));
	}
}

void
field_load(struct db_stmt *st, int first, const struct fields *t, struct rec *r,
    struct arena *a)
{
	int i, n = (int)t->count;

	for (i = 0; i < n; i++) {
		if (db_col_is_null(st, first + i))
			continue;
		if (field_is_text(t->list[i].kind))
			field_set_text(t, r, i, db_col_text(st, first + i, a));
		else
			field_set_int(t, r, i, db_col_int(st, first + i));
	}
}

void
field_copy(const struct fields *t, struct rec *to, const struct rec *from,
    int i)
{
	if (field_is_text(t->list[i].kind))
		field_set_text(t, to, i, field_text(t, from, i));
	else
		field_set_int(t, to, i, field_int(t, from, i));
}

uint64_t
field_hash(const struct fields *t, const struct rec *r, uint64_t h)
{
	int i, n = (int)t->count;
	int64_t v;

	h = hash_bytes(r, sizeof(*r), h);
	for (i = 0; i < n; i++) {
		if (!field_has(r, i))
			continue;
		if (field_is_text(t->list[i].kind)) {
			h = hash_str(field_text(t, r, i), h);
		} else {
			v = field_int(t, r, i);
			h = hash_bytes(&v, sizeof(v), h);
		}
	}
	return h;
}
