/* document.c - orders and more in the JSON of other shops' software. */
#include "intake/document.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/money.h"
#include "base/when.h"
#include "intake/cell.h"
#include "intake/mapping.h"
#include "io/json_stream.h"

/* Values ------------------------------------------------------------------- */

/* Does an element of a list of names and values bear this name? */
static bool
document_called(const struct json *e, const char *name, size_t len)
{
	static const char *const keys[] = { "key", "name", "code", "handle" };
	const struct json *m;
	const char *text;
	size_t i;

	for (i = 0; i < ARRAY_LEN(keys); i++)
		if ((m = json_get(e, keys[i])) != NULL &&
		    json_text(m, keys[i], &text) == NULL &&
		    strlen(text) == len && memcmp(text, name, len) == 0)
			return true;
	return false;
}

static const struct json *
document_step(const struct json *j, const char *name, size_t len)
{
	const struct json *e;
	size_t i;

	if (json_kind(j) == JSON_OBJECT) {
		for (e = json_first(j); e != NULL; e = json_next(e))
			if (strlen(json_key(e)) == len &&
			    memcmp(json_key(e), name, len) == 0)
				return e;
		return NULL;
	}
	if (json_kind(j) != JSON_ARRAY)
		return NULL;
	if (strspn(name, "0123456789") >= len) {
		i = strtoul(name, NULL, 10);
		for (e = json_first(j); e != NULL && i > 0; i--)
			e = json_next(e);
		return e;
	}
	for (e = json_first(j); e != NULL; e = json_next(e))
		if (json_kind(e) == JSON_OBJECT &&
		    document_called(e, name, len))
			return json_get(e, "value");
	return NULL;
}

const struct json *
document_at(const struct json *j, const char *path)
{
	size_t len;

	while (j != NULL && *path != '\0') {
		len = strcspn(path, ".");
		j = document_step(j, path, len);
		path += len + (path[len] == '.');
	}
	return j;
}

static const struct err *
document_scalar(struct document *d, const struct json *j, const char *what,
    const char **out)
{
	const struct err *err;
	const char *text;
	bool b;

	*out = NULL;
	switch (json_kind(j)) {
	case JSON_BOOL:
		if ((err = json_bool(j, what, &b)) == NULL)
			*out = b ? "true" : "false";
		return err;
	case JSON_NUMBER:
		return json_number(j, what, d->a, out);
	case JSON_STRING:
		if ((err = json_text(j, what, &text)) == NULL && *text != '\0')
			*out = arena_strdup(d->a, text);
		return err;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return NULL;
}

static const char *
document_add_text(struct document *d, const char *a, const char *b,
    const char *between)
{
	if (a == NULL || b == NULL)
		return a != NULL ? a : b;
	return arena_printf(d->a, "%s%s%s", a, between, b);
}

const struct err *
document_value(struct document *d, const struct json *j, const char *what,
    const char **out)
{
	const struct err *err;
	const struct json *e;
	const char *text;

	*out = NULL;
	if (j == NULL)
		return NULL;
	if (json_kind(j) != JSON_ARRAY)
		return document_scalar(d, j, what, out);
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		if ((err = document_scalar(d, e, what, &text)) != NULL)
			return err;
		*out = document_add_text(d, *out, text, ", ");
	}
	return NULL;
}

const struct err *
document_text(struct document *d, const struct json *j, const char *path,
    const char **out)
{
	return document_value(d, document_at(j, path), path, out);
}

/* Round decimal text to so many places. */
static const struct err *
document_round(struct document *d, const char *text, int places, int64_t *out)
{
	const char *point = strchr(text, '.');
	const struct err *err;
	size_t keep;
	char *cut;

	if (point == NULL || strlen(point + 1) <= (size_t)places)
		return decimal_parse(text, places, out);
	keep = (size_t)(point - text) + (size_t)places + 1;
	if (strspn(point + 1, "0123456789") != strlen(point + 1))
		return err_new(ERR_INPUT, "'%s' is not a number", text);
	cut = arena_strndup(d->a, text, keep);
	if (places == 0)
		cut[keep - 1] = '\0';
	if ((err = decimal_parse(cut, places, out)) != NULL)
		return err;
	if (text[keep] < '5')
		return NULL;
	return decimal_add(*out, *text == '-' ? -1 : 1, out);
}

const struct err *
document_decimal(struct document *d, const struct json *j, const char *path,
    int places, int64_t *out)
{
	const struct json *v = document_at(j, path);
	const struct err *err;
	const char *text;

	*out = 0;
	if (v == NULL || json_kind(v) == JSON_NULL)
		return NULL;
	if ((err = json_number(v, path, d->a, &text)) != NULL || *text == '\0')
		return err;
	return err_wrap(document_round(d, text, places, out), "%s", path);
}

const struct err *
document_money(struct document *d, const struct json *j, const char *path,
    int64_t *minor)
{
	int places = money_places(d->o->currency);
	const struct err *err;

	if (!d->format->hundredths)
		return document_decimal(d, j, path, places, minor);
	if ((err = document_decimal(d, j, path, 0, minor)) != NULL)
		return err;
	if (places < 2)
		*minor = decimal_round(*minor, 2 - places);
	return places == 3 ? decimal_mul(*minor, 10, minor) : NULL;
}

/* WooCommerce tells times twice, and does not write that the one is UTC. */
static const char *
document_zoned(struct document *d, const char *path, const char *time)
{
	size_t len = strlen(path);

	if (len < 4 || strcmp(path + len - 4, "_gmt") != 0)
		return time;
	return arena_printf(d->a, "%sZ", time);
}

const struct err *
document_time(struct document *d, const struct json *j, const char *path,
    int64_t *out)
{
	const struct err *err;
	const char *text;

	*out = WHEN_MIN;
	if ((err = document_text(d, j, path, &text)) != NULL || text == NULL)
		return err;
	text = document_zoned(d, path, text);
	return err_wrap(when_parse(text, out), "%s", path);
}

bool
document_is(const struct json *j, const char *path)
{
	const struct json *v = document_at(j, path);
	const char *text;
	int64_t n;
	bool b;

	if (v == NULL)
		return false;
	switch (json_kind(v)) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return json_bool(v, path, &b) == NULL && b;
	case JSON_NUMBER:
		return json_int(v, path, &n) != NULL || n != 0;
	case JSON_STRING:
		return json_text(v, path, &text) == NULL && *text != '\0';
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return json_first(v) != NULL;
}

const struct err *
document_first(struct document *d, const struct json *j,
    const char *const *paths, const char **out)
{
	const struct err *err;

	for (*out = NULL; *paths != NULL && *out == NULL; paths++)
		if ((err = document_text(d, j, *paths, out)) != NULL)
			return err;
	return NULL;
}

const struct err *
document_join(struct document *d, const struct json *j,
    const char *const *paths, const char **out)
{
	const struct err *err;
	const char *text;

	for (*out = NULL; *paths != NULL; paths++) {
		if ((err = document_text(d, j, *paths, &text)) != NULL)
			return err;
		*out = document_add_text(d, *out, text, " ");
	}
	return NULL;
}

/* Fields ------------------------------------------------------------------- */

const struct err *
document_set(struct document *d, enum order_field field, const char *text)
{
	const struct field *f = &order_fields.list[field];
	char buf[WHEN_STR_MAX], money[DECIMAL_STR_MAX];
	const struct err *err;
	int64_t v;

	if (f->kind == FIELD_CODE) {
		intake_code(d->in, d->where, d->o, f->name, f->reference, text,
		    d->a, &text);
		if (text == NULL)
			return NULL;
	} else if (f->kind == FIELD_DATE) {
		if ((err = cell_time(text, NULL, &v)) != NULL)
			return err_wrap(err, "%s", f->name);
		text = when_day_format(when_day(v), buf);
	} else if (f->kind == FIELD_MONEY) {
		if ((err = document_round(d, text, money_places(d->o->currency),
			 &v)) != NULL)
			return err_wrap(err, "%s", f->name);
		text = money_format(v, d->o->currency, money);
	}
	return field_parse(&order_fields, &d->o->rec, (int)field, text,
	    d->o->currency, d->country, d->a);
}

/* An absent value may not unset what every order has. */
static bool
document_may_clear(enum order_field field)
{
	return field != ORDER_STATUS && field != ORDER_PLACED_AT &&
	       field != ORDER_CURRENCY;
}

static const struct err *
document_take(struct document *d, const struct json *j, enum order_field field,
    const char *path)
{
	const struct json *v = document_at(j, path);
	const struct err *err;
	const char *text;
	char money[DECIMAL_STR_MAX];
	int64_t minor;

	if (v == NULL || field_has(&d->o->rec, (int)field))
		return NULL;
	if ((err = document_value(d, v, path, &text)) != NULL)
		return err;
	if (text == NULL) {
		if (document_may_clear(field))
			field_clear(&d->o->rec, (int)field);
		return NULL;
	}
	if (order_fields.list[field].kind == FIELD_MONEY &&
	    d->format->hundredths) {
		if ((err = document_money(d, j, path, &minor)) != NULL)
			return err;
		text = money_format(minor, d->o->currency, money);
	}
	if (order_fields.list[field].kind == FIELD_TIME)
		text = document_zoned(d, path, text);
	return err_wrap(document_set(d, field, text), "%s", path);
}

/* What the user's map, or the one of the format, says of further members. */
static const struct err *
document_mapped(struct document *d, const struct mapping_column *c,
    const struct json *v)
{
	const struct err *err;
	const char *text = c->constant;
	char buf[WHEN_STR_MAX];
	int64_t t;
	int i;

	if (strncmp(c->field, "custom.", 7) == 0 && v != NULL)
		return document_custom(d, c->field + 7, v);
	if ((i = field_find(&order_fields, c->field)) < 0)
		return err_new(ERR_CONFIG,
		    "%s: '%s' is no field of an order; a document's lines and "
		    "payments need no map",
		    d->in->map->path, c->field);
	if (text == NULL &&
	    (err = document_value(d, v, c->path, &text)) != NULL)
		return err;
	if (text == NULL || field_has(&d->o->rec, i))
		return NULL;
	text = mapping_value(c, text, d->a);
	if (c->format != NULL) {
		if ((err = when_parse_as(text, c->format, &t)) != NULL)
			return err_wrap(err, "%s", c->path);
		text = arena_strdup(d->a, when_format(t, buf));
	}
	return document_set(d, (enum order_field)i, text);
}

static const struct err *
document_take_mapped(struct document *d)
{
	const struct mapping *m = d->in->map;
	const struct err *err;
	size_t i;

	for (i = 0; m != NULL && i < m->constant_count; i++)
		if ((err = document_mapped(d, &m->constants[i], NULL)) != NULL)
			return err;
	for (; m != NULL; m = m->below)
		for (i = 0; i < m->column_count; i++)
			if ((err = document_mapped(d, &m->columns[i],
				 document_at(d->doc, m->columns[i].path))) !=
			    NULL)
				return err;
	return NULL;
}

const struct err *
document_fields(struct document *d, const struct json *j,
    const struct document_field *fields, size_t count)
{
	const struct err *err;
	size_t i;

	for (i = 0; i < count; i++)
		if ((err = document_take(d, j, fields[i].field,
			 fields[i].path)) != NULL)
			return err;
	return NULL;
}

static const struct err *
document_path(struct document *d, const struct json *j, const struct fields *t,
    struct rec *rec, const struct document_path *p)
{
	const enum field_kind kind = t->list[p->field].kind;
	const struct err *err;
	char buf[WHEN_STR_MAX];
	const char *text;
	int64_t v;

	if ((err = document_text(d, j, p->path, &text)) != NULL)
		return err;
	if (text == NULL) {
		field_clear(rec, p->field);
		return NULL;
	}
	if (kind == FIELD_TIME)
		err = document_time(d, j, p->path, &v);
	else if (kind == FIELD_QUANTITY || kind == FIELD_PRICE)
		err = document_decimal(d, j, p->path,
		    kind == FIELD_PRICE ? PRICE_PLACES : QUANTITY_PLACES, &v);
	else if (kind == FIELD_DATE)
		err = err_wrap(cell_time(text, NULL, &v), "%s", p->path);
	else
		return field_parse(t, rec, p->field, text, NULL, d->country,
		    d->a);
	if (err != NULL)
		return err;
	if (kind == FIELD_DATE)
		field_set_text(t, rec, p->field,
		    arena_strdup(d->a, when_day_format(when_day(v), buf)));
	else
		field_set_int(t, rec, p->field, v);
	return NULL;
}

const struct err *
document_paths(struct document *d, const struct json *j, const struct fields *t,
    struct rec *rec, const struct document_path *paths, size_t count)
{
	const struct err *err;
	size_t i;

	for (i = 0; i < count; i++) {
		if (field_has(rec, paths[i].field) ||
		    document_at(j, paths[i].path) == NULL)
			continue;
		if ((err = document_path(d, j, t, rec, &paths[i])) != NULL)
			return err;
	}
	return NULL;
}

/* Orders ------------------------------------------------------------------- */

static const char *
document_word(const struct document *d)
{
	return d->format->word != NULL ? d->format->word : "order";
}

/* It has no id: perhaps an answer that says why there are no orders. */
static const struct err *
document_no_record(struct document *d)
{
	static const char *const paths[] = { "errorMsg", "message", "error",
		"errors", "errors.0.error" };
	const char *text = NULL;
	size_t i;

	for (i = 0; i < ARRAY_LEN(paths); i++)
		if (document_text(d, d->doc, paths[i], &text) == NULL &&
		    text != NULL)
			return err_new(ERR_INPUT,
			    "an answer that says '%.200s' and no %s", text,
			    document_word(d));
	return err_new(ERR_INPUT, "it is no %s: '%s' is missing",
	    document_word(d), d->format->id);
}

const struct err *
document_id(struct document *d, const char **id)
{
	const struct err *err;

	if ((err = document_text(d, d->doc, d->format->id, id)) != NULL)
		return err;
	return *id != NULL ? NULL : document_no_record(d);
}

const struct err *
document_first_time(struct document *d, const char *const *paths, int64_t *out)
{
	const struct err *err;

	for (*out = WHEN_MIN; *paths != NULL && *out == WHEN_MIN; paths++)
		if ((err = document_time(d, d->doc, *paths, out)) != NULL)
			return err;
	return NULL;
}

/* The currency, which a map may translate: RUR was renamed in 1998. */
static const struct err *
document_currency(struct document *d)
{
	const struct err *err;
	const char *code = NULL, *to;

	if (d->format->currency != NULL &&
	    (err = document_text(d, d->doc, d->format->currency, &code)) !=
		NULL)
		return err;
	if (code == NULL)
		code = d->in->options->currency;
	else if ((to = mapping_code(d->in->map, "currency", code, d->a)) !=
		 NULL)
		code = to;
	return field_parse(&order_fields, &d->o->rec, ORDER_CURRENCY, code,
	    NULL, NULL, d->a);
}

static const struct err *
document_identity(struct document *d, struct intake_record *r)
{
	const struct err *err;
	struct order *o = d->o;
	int64_t t;

	if ((err = document_id(d, &o->external_id)) != NULL ||
	    (err = document_text(d, d->doc, d->format->number, &o->order_no)) !=
		NULL ||
	    (err = intake_identify(d->in, o, d->a)) != NULL)
		return err;
	r->external_id = o->external_id;
	if ((err = document_first_time(d, d->format->updated_at, &t)) != NULL ||
	    t == WHEN_MIN)
		return err;
	o->source_updated_at = t;
	o->has_source_updated_at = true;
	return NULL;
}

const struct err *
document_country(struct document *d, const char *const *paths)
{
	const struct err *err;
	const char *text;

	d->country = d->in->options->country;
	for (; *paths != NULL; paths++) {
		if ((err = document_text(d, d->doc, *paths, &text)) != NULL)
			return err;
		if (text != NULL && strlen(text) == 2) {
			d->country = text;
			return NULL;
		}
	}
	return NULL;
}

static const struct err *
document_order(struct document *d, struct intake_record *r)
{
	const struct err *err;

	d->o = arena_zalloc(d->a, sizeof(*d->o));
	intake_codes_begin(d->o);
	if ((err = document_identity(d, r)) != NULL ||
	    (err = document_currency(d)) != NULL ||
	    (err = document_country(d, d->format->country)) != NULL ||
	    (err = document_take_mapped(d)) != NULL ||
	    (err = document_fields(d, d->doc, d->format->fields,
		 d->format->field_count)) != NULL ||
	    (err = d->format->build(d)) != NULL ||
	    (err = intake_round(d->o, d->a)) != NULL)
		return err;
	r->type = INTAKE_ORDER;
	r->order = d->o;
	return NULL;
}

static const struct err *
document_record(struct document *d, struct intake_record *r)
{
	d->in->skip = false;
	if (json_kind(d->doc) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not an object");
	return d->format->take != NULL ? d->format->take(d, r) :
					 document_order(d, r);
}

/* Local times of the document are of its own zone, ours of the shop's. */
static const struct err *
document_record_in_zone(struct document *d, struct intake_record *r)
{
	const struct mapping *map = d->in->map;
	const struct err *err, *back;
	const char *zone = d->format->zone;

	if (map != NULL && map->timezone != NULL)
		zone = map->timezone;
	if (zone == NULL)
		return document_record(d, r);
	if ((err = when_zone(zone)) != NULL)
		return err;
	err = document_record(d, r);
	back = when_zone(d->shop_zone);
	return err != NULL ? err : back;
}

static const struct err *
document_open(struct intake *in, void **state)
{
	struct document *d = mem_zalloc(sizeof(*d));

	d->in = in;
	d->format = in->format->document;
	d->shop_zone = arena_strdup(&in->arena, when_zone_name());
	d->stream = json_stream_open(in->fd, in->name, d->format->holders);
	*state = d;
	return NULL;
}

static void
document_close(void *state)
{
	struct document *d = state;

	json_stream_close(d->stream);
	free(d);
}

static const struct err *
document_next(void *state, struct arena *a, struct intake_record *r)
{
	struct document *d = state;
	const struct err *err;

	do {
		err = json_stream_next(d->stream, &r->raw, &r->raw_len);
		if (err == NULL && r->raw == NULL) {
			r->raw = "";
			r->type = INTAKE_END;
			return NULL;
		}
		d->a = a;
		r->where = d->where =
		    arena_printf(a, "%s: %s %" PRIu64, d->in->name,
			document_word(d), json_stream_number(d->stream));
		if (err != NULL)
			return err;
		if ((err = json_parse(a, r->raw, r->raw_len, &d->doc)) !=
			NULL ||
		    (err = document_record_in_zone(d, r)) != NULL)
			return err;
	} while (d->in->skip);
	return NULL;
}

const struct intake_adapter document_adapter = {
	.open = document_open,
	.next = document_next,
	.close = document_close,
	.wants_file = true,
};
