/* ndjson.c - our own records, one JSON object a line; see crm-ndjson(5). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/money.h"
#include "base/when.h"
#include "intake/ndjson.h"
#include "io/json.h"
#include "io/lines.h"

static bool
ndjson_detect(const char *head, size_t len)
{
	size_t i = 0;

	while (i < len && strchr(" \t\r\n", head[i]) != NULL)
		i++;
	return i == len || head[i] == '{';
}

/* The same text means another thing elsewhere, and perhaps to another version. */
static uint64_t
ndjson_seed(const struct intake_options *o)
{
	uint64_t h = hash_str(when_zone_name(), hash_str(CRM_VERSION, 0));

	if (o->country != NULL)
		h = hash_str(o->country, h);
	if (o->currency != NULL)
		h = hash_str(o->currency, h);
	return h;
}

static const struct err *
ndjson_open(struct intake *in, void **state)
{
	struct ndjson *n = mem_zalloc(sizeof(*n));

	n->in = in;
	n->seed = ndjson_seed(in->options);
	*state = n;
	return NULL;
}

static void
ndjson_close(void *state)
{
	struct ndjson *n = state;

	map_free(&n->unknown);
	free(n);
}

static bool
ndjson_would_wait(void *state)
{
	const struct ndjson *n = state;

	return lines_would_wait(n->in->lines);
}

void
ndjson_unknown(struct ndjson *n, const char *in, const char *name)
{
	char *key = arena_printf(n->a, "%s%s", in, name);

	if (map_get(&n->unknown, key) != NULL)
		return;
	map_put(&n->unknown, key, 1);
	intake_warn(n->in, n->where, "unknown member '%s' is left out", key);
}

/* Any scalar as the text that field_parse() takes. */
static const struct err *
ndjson_scalar(const struct json *j, const struct field *f, struct arena *a,
    const char **out)
{
	const struct err *err;
	bool b;

	switch (f->kind) {
	case FIELD_MONEY:
	case FIELD_PRICE:
	case FIELD_QUANTITY:
		return json_decimal(j, f->name, a, out);
	case FIELD_BOOL:
		if ((err = json_bool(j, f->name, &b)) == NULL)
			*out = b ? "true" : "false";
		return err;
	case FIELD_TEXT:
	case FIELD_LONG:
	case FIELD_CODE:
	case FIELD_DATE:
	case FIELD_CLOCK:
	case FIELD_PHONE:
	case FIELD_EMAIL:
	case FIELD_CURRENCY:
	case FIELD_TIME:
		break;
	}
	return json_text(j, f->name, out);
}

const struct err *
ndjson_field(struct ndjson *n, const struct fields *t, struct rec *r, int i,
    const char *currency, const struct json *j)
{
	const struct err *err;
	const char *text = NULL;

	if (json_kind(j) != JSON_NULL &&
	    (err = ndjson_scalar(j, &t->list[i], n->a, &text)) != NULL)
		return err;
	return field_parse(t, r, i, text, currency, n->in->options->country,
	    n->a);
}

const struct err *
ndjson_array(const struct json *j, const char *name)
{
	if (json_kind(j) != JSON_ARRAY)
		return err_new(ERR_INPUT, "'%s' is not an array", name);
	return NULL;
}

/* A line's own sum, when it is told, must be what its price and quantity make. */
static const struct err *
ndjson_check_sum(struct ndjson *n, const struct part *p, const char *currency,
    const struct json *sum)
{
	char price[DECIMAL_STR_MAX], quantity[DECIMAL_STR_MAX];
	const struct err *err;
	const char *text;
	int64_t told, ours;

	if (sum == NULL || json_kind(sum) == JSON_NULL)
		return NULL;
	if ((err = json_decimal(sum, "sum", n->a, &text)) != NULL ||
	    (err = money_parse(text, currency, &told)) != NULL ||
	    (err = money_line(p->price, p->quantity, currency, &ours)) != NULL)
		return err;
	if (told == ours - p->amount)
		return NULL;
	return err_new(ERR_INPUT, "sum %s is not price %s times quantity %s%s",
	    text, decimal_short(p->price, PRICE_PLACES, price),
	    decimal_short(p->quantity, QUANTITY_PLACES, quantity),
	    p->amount != 0 ? " less the discount" : "");
}

static const struct err *
ndjson_line(struct ndjson *n, struct order *o, enum order_part part,
    const struct json *j)
{
	const struct fields *t = &order_part_fields[part];
	struct part *p = order_part_add(o, part, n->a);
	const struct err *err;
	const struct json *m;
	const char *key;
	size_t near = 0;
	int i;

	if (json_kind(j) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not an object");
	for (m = json_first(j); m != NULL; m = json_next(m)) {
		key = json_key(m);
		if ((i = field_find_near(t, key, &near)) >= 0) {
			err = ndjson_field(n, t, &p->rec, i, o->currency, m);
			if (err != NULL)
				return err;
		} else if (strcmp(key, "line") == 0) {
			if ((err = json_int(m, key, &p->line)) != NULL)
				return err;
		} else if (part != PART_ITEM || strcmp(key, "sum") != 0) {
			ndjson_unknown(n,
			    arena_printf(n->a, "%s.", order_part_names[part]),
			    key);
		}
	}
	if (part == PART_ITEM)
		return ndjson_check_sum(n, p, o->currency, json_get(j, "sum"));
	return NULL;
}

static const struct err *
ndjson_lines(struct ndjson *n, struct order *o, enum order_part part,
    const struct json *j)
{
	const struct err *err;
	const struct json *e;
	size_t i = 0;

	o->parts[part].present = true;
	if (json_kind(j) == JSON_NULL)
		return NULL; /* cleared: no lines */
	if ((err = ndjson_array(j, order_part_names[part])) != NULL)
		return err;
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		i++;
		if ((err = ndjson_line(n, o, part, e)) != NULL)
			return err_wrap(err, "%s %zu", order_part_words[part],
			    i);
	}
	return NULL;
}

const struct err *
ndjson_custom_text(const struct json *j, const char *name, struct arena *a,
    const char **out)
{
	const struct err *err;
	bool b;

	*out = NULL;
	switch (json_kind(j)) {
	case JSON_NULL:
		return NULL;
	case JSON_BOOL:
		if ((err = json_bool(j, name, &b)) == NULL)
			*out = b ? "true" : "false";
		return err;
	case JSON_NUMBER:
		return json_decimal(j, name, a, out);
	case JSON_STRING:
		return json_text(j, name, out);
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return err_new(ERR_INPUT, "'%s' is neither text nor a number", name);
}

static const struct err *
ndjson_custom(struct ndjson *n, struct order *o, const struct json *j)
{
	const struct fields *t = &order_part_fields[PART_CUSTOM];
	const struct err *err;
	const struct json *m;
	const char *text;
	struct part *p;

	if (json_kind(j) != JSON_OBJECT)
		return err_new(ERR_INPUT, "'custom' is not an object");
	for (m = json_first(j); m != NULL; m = json_next(m)) {
		if ((err = ndjson_custom_text(m, json_key(m), n->a, &text)) !=
		    NULL)
			return err;
		p = order_part_add(o, PART_CUSTOM, n->a);
		field_set_text(t, &p->rec, CUSTOM_FIELD, json_key(m));
		field_set_text(t, &p->rec, CUSTOM_VALUE,
		    text != NULL && *text != '\0' ? text : NULL);
	}
	/*
	 * A field that is not mentioned is left alone, as everywhere: the list
	 * is not "present", so that nothing is taken away for its absence.
	 */
	o->parts[PART_CUSTOM].present = false;
	return NULL;
}

const struct err *
ndjson_text_opt(const struct json *j, const char *name, const char **out)
{
	const struct json *m = json_get(j, name);

	*out = NULL;
	if (m == NULL || json_kind(m) == JSON_NULL)
		return NULL;
	return json_text(m, name, out);
}

const struct err *
ndjson_time(const struct json *j, const char *name, int64_t *out)
{
	const struct err *err;
	const char *text;

	if ((err = json_text(json_get(j, name), name, &text)) != NULL)
		return err;
	return err_wrap(when_parse(text, out), "%s", name);
}

const struct err *
ndjson_past(const struct json *j, struct past *out)
{
	const struct err *err;

	*out = (struct past){ 0 };
	if (json_kind(j) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not an object");
	if ((err = ndjson_time(j, "at", &out->at)) != NULL ||
	    (err = ndjson_text_opt(j, "actor", &out->actor)) != NULL ||
	    (err = ndjson_text_opt(j, "field", &out->field)) != NULL ||
	    (err = ndjson_text_opt(j, "old", &out->old)) != NULL ||
	    (err = ndjson_text_opt(j, "new", &out->new)) != NULL)
		return err;
	if (json_get(j, "line") != NULL &&
	    (err = json_int(json_get(j, "line"), "line", &out->line)) != NULL)
		return err;
	if (out->field == NULL)
		return err_new(ERR_INPUT, "'field' is missing");
	return NULL;
}

static const struct err *
ndjson_past_one(struct ndjson *n, struct order *o, const struct json *j)
{
	const struct err *err;
	struct past p;

	if ((err = ndjson_past(j, &p)) == NULL)
		order_past_add(o, &p, n->a);
	return err;
}

const struct err *
ndjson_note(const struct json *j, struct note *out)
{
	const struct err *err;

	*out = (struct note){ 0 };
	if (json_kind(j) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not an object");
	if ((err = ndjson_time(j, "at", &out->at)) != NULL ||
	    (err = ndjson_text_opt(j, "actor", &out->actor)) != NULL ||
	    (err = ndjson_text_opt(j, "text", &out->text)) != NULL)
		return err;
	if (out->text == NULL)
		return err_new(ERR_INPUT, "'text' is missing");
	return NULL;
}

static const struct err *
ndjson_note_one(struct ndjson *n, struct order *o, const struct json *j)
{
	const struct err *err;
	struct note note;

	if ((err = ndjson_note(j, &note)) == NULL)
		order_note_add(o, &note, n->a);
	return err;
}

static const struct err *
ndjson_each(struct ndjson *n, struct order *o, const struct json *j,
    const char *name,
    const struct err *(
	*one)(struct ndjson *, struct order *, const struct json *))
{
	const struct err *err;
	const struct json *e;
	size_t i = 0;

	if (json_kind(j) == JSON_NULL)
		return NULL;
	if ((err = ndjson_array(j, name)) != NULL)
		return err;
	for (e = json_first(j); e != NULL; e = json_next(e)) {
		i++;
		if ((err = one(n, o, e)) != NULL)
			return err_wrap(err, "%s %zu", name, i);
	}
	return NULL;
}

/* What a member of an order is: the index of a field, or one of these. */
enum ndjson_what {
	WHAT_LINES = ORDER_FIELD_COUNT, /* and the part that they are of */
	WHAT_CUSTOM = WHAT_LINES + PART_CUSTOM,
	WHAT_HISTORY = WHAT_LINES + PART_COUNT,
	WHAT_NOTES,
	WHAT_TOTAL,
	WHAT_KNOWN, /* of the identity, or only written */
	WHAT_UNKNOWN,
};

static int
ndjson_other(const char *key)
{
	static const struct {
		const char *name;
		int what;
	} others[] = {
		{ "type", WHAT_KNOWN },
		{ "order_no", WHAT_KNOWN },
		{ "rev", WHAT_KNOWN },
		{ "source", WHAT_KNOWN },
		{ "external_id", WHAT_KNOWN },
		{ "our_no", WHAT_KNOWN },
		{ "source_updated_at", WHAT_KNOWN },
		{ "double_of", WHAT_KNOWN },
		{ "total", WHAT_TOTAL },
		{ "group", WHAT_KNOWN },
		{ "items_total", WHAT_KNOWN },
		{ "paid", WHAT_KNOWN },
		{ "refunded", WHAT_KNOWN },
		{ "timeline", WHAT_KNOWN },
		{ "customer", WHAT_KNOWN },
		{ "items", WHAT_LINES + PART_ITEM },
		{ "charges", WHAT_LINES + PART_CHARGE },
		{ "payments", WHAT_LINES + PART_PAYMENT },
		{ "refunds", WHAT_LINES + PART_REFUND },
		{ "custom", WHAT_CUSTOM },
		{ "history", WHAT_HISTORY },
		{ "notes", WHAT_NOTES },
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(others); i++)
		if (others[i].name[0] == key[0] &&
		    strcmp(others[i].name, key) == 0)
			return others[i].what;
	return WHAT_UNKNOWN;
}

/*
 * The next field in the table is the likeliest; what is none is found among the
 * others sooner than the whole table is searched for it.
 */
static int
ndjson_what(const char *key, size_t *near)
{
	int what;

	if (!field_is(&order_fields, *near, key) &&
	    (what = ndjson_other(key)) != WHAT_UNKNOWN)
		return what;
	what = field_find_near(&order_fields, key, near);
	return what >= 0 ? what : WHAT_UNKNOWN;
}

/* What each member of the record is. */
static const int *
ndjson_whats(struct ndjson *n, const struct json *j)
{
	const struct json *m;
	size_t count = 0, near = 0;
	int *whats, *what;

	for (m = json_first(j); m != NULL; m = json_next(m))
		count++;
	what = whats = arena_alloc(n->a, count * sizeof(*whats));
	for (m = json_first(j); m != NULL; m = json_next(m)) {
		*what = ndjson_what(json_key(m), &near);
		if (*what++ == WHAT_UNKNOWN)
			ndjson_unknown(n, "", json_key(m));
	}
	return whats;
}

static const struct err *
ndjson_member(struct ndjson *n, struct order *o, int what, const struct json *m)
{
	switch (what) {
	case ORDER_CURRENCY: /* was taken first */
	case WHAT_TOTAL:     /* is taken last */
	case WHAT_KNOWN:
	case WHAT_UNKNOWN:
		return NULL;
	case WHAT_CUSTOM:
		return ndjson_custom(n, o, m);
	case WHAT_HISTORY:
		return ndjson_each(n, o, m, "history", ndjson_past_one);
	case WHAT_NOTES:
		return ndjson_each(n, o, m, "notes", ndjson_note_one);
	default:
		break;
	}
	if (what >= WHAT_LINES)
		return ndjson_lines(n, o, (enum order_part)(what - WHAT_LINES),
		    m);
	return ndjson_field(n, &order_fields, &o->rec, what, o->currency, m);
}

/* What the other members need to be known first. */
static const struct err *
ndjson_identity(struct ndjson *n, const struct json *j, struct order *o,
    struct intake_record *r)
{
	const struct json *m;
	const struct err *err;

	if ((err = ndjson_text_opt(j, "source", &o->source)) != NULL ||
	    (err = ndjson_text_opt(j, "order_no", &o->order_no)) != NULL ||
	    (err = ndjson_text_opt(j, "external_id", &o->external_id)) !=
		NULL ||
	    (err = ndjson_text_opt(j, "our_no", &o->our_no)) != NULL ||
	    (err = ndjson_text_opt(j, "double_of", &o->double_of)) != NULL ||
	    (err = intake_identify(n->in, o, n->a)) != NULL)
		return err;
	r->source = o->source;
	r->external_id = o->external_id;
	if (json_get(j, "rev") == NULL)
		o->double_of = NULL; /* not a record of ours */
	if ((m = json_get(j, "rev")) != NULL &&
	    ((err = json_int(m, "rev", &o->rev)) != NULL || o->rev < 1))
		return err != NULL ? err : err_new(ERR_INPUT, "bad 'rev'");
	m = json_get(j, "source_updated_at");
	if (m != NULL && json_kind(m) != JSON_NULL) {
		if ((err = ndjson_time(j, "source_updated_at",
			 &o->source_updated_at)) != NULL)
			return err;
		o->has_source_updated_at = true;
	}
	if ((m = json_get(j, "currency")) != NULL)
		return ndjson_field(n, &order_fields, &o->rec, ORDER_CURRENCY,
		    NULL, m);
	return NULL;
}

/*
 * Equal when a record says the same of its order again, as it is written there;
 * members that nobody takes do not count. Only ever compared.
 */
static const char *
ndjson_hash(struct ndjson *n, const struct json *j, const int *whats)
{
	char hex[HASH_HEX_MAX];
	const struct json *m;
	const char *raw;
	uint64_t h = n->seed;
	size_t len;

	for (m = json_first(j); m != NULL; m = json_next(m), whats++) {
		if (*whats == WHAT_KNOWN || *whats == WHAT_UNKNOWN)
			continue;
		raw = json_raw(m, &len);
		h = hash_bytes(raw, len, h + (uint64_t)*whats);
	}
	return arena_strdup(n->a, hash_hex(h, hex));
}

/* An order of which only the identity has been read. */
struct ndjson_rest {
	struct order_rest rest;
	struct ndjson *n;
	const struct json *j;
	const int *whats;
};

/* The other members, in the order that they stand in. */
static const struct err *
ndjson_read_rest(const struct order_rest *rest, struct order *o)
{
	const struct ndjson_rest *r = (const struct ndjson_rest *)rest;
	const int *what = r->whats;
	const struct err *err;
	const struct json *m;

	for (m = json_first(r->j); m != NULL; m = json_next(m))
		if ((err = ndjson_member(r->n, o, *what++, m)) != NULL)
			return err;
	/* A source that knows nothing of us calls its own total "total". */
	if (json_get(r->j, "source_total") != NULL ||
	    (m = json_get(r->j, "total")) == NULL)
		return NULL;
	return ndjson_field(r->n, &order_fields, &o->rec, ORDER_SOURCE_TOTAL,
	    o->currency, m);
}

static const struct err *
ndjson_order(struct ndjson *n, const struct json *j, struct intake_record *r)
{
	struct order *o = arena_zalloc(n->a, sizeof(*o));
	struct ndjson_rest *rest = arena_zalloc(n->a, sizeof(*rest));
	const struct err *err;

	if ((err = ndjson_identity(n, j, o, r)) != NULL)
		return err;
	if (o->currency == NULL)
		field_set_text(&order_fields, &o->rec, ORDER_CURRENCY,
		    n->in->options->currency);
	*rest = (struct ndjson_rest){ .rest = { .read = ndjson_read_rest },
		.n = n,
		.j = j,
		.whats = ndjson_whats(n, j) };
	if (n->in->options->leave_rest) {
		rest->rest.hash = ndjson_hash(n, j, rest->whats);
		o->rest = &rest->rest;
	} else if ((err = ndjson_read_rest(&rest->rest, o)) != NULL) {
		return err;
	}
	r->type = INTAKE_ORDER;
	r->order = o;
	return NULL;
}

static const struct err *
ndjson_cursor(const struct json *j, struct intake_record *r)
{
	const struct err *err;

	if ((err = ndjson_text_opt(j, "source", &r->cursor_source)) != NULL ||
	    (err = ndjson_text_opt(j, "value", &r->cursor_value)) != NULL)
		return err;
	if (r->cursor_source == NULL || r->cursor_value == NULL)
		return err_new(ERR_INPUT,
		    "a cursor needs 'source' and 'value'");
	r->type = INTAKE_CURSOR;
	return NULL;
}

/*
 * What order-fetch got and could not read as an order: refused, and kept as it
 * came, so that it can be tried again in its own format.
 */
static const struct err *
ndjson_unread(const struct json *j, struct intake_record *r)
{
	const char *source, *external_id, *format, *reason, *raw;
	const char *const *known = intake_formats;
	const struct err *err;

	if ((err = json_text(json_get(j, "source"), "source", &source)) !=
		NULL ||
	    (err = ndjson_text_opt(j, "external_id", &external_id)) != NULL ||
	    (err = json_text(json_get(j, "format"), "format", &format)) !=
		NULL ||
	    (err = json_text(json_get(j, "reason"), "reason", &reason)) !=
		NULL ||
	    (err = json_text(json_get(j, "record"), "record", &raw)) != NULL)
		return err;
	while (*known != NULL && strcmp(*known, format) != 0)
		known++;
	if (*known == NULL)
		return err_new(ERR_INPUT, "unknown format '%.100s'", format);
	r->source = source;
	r->external_id = external_id;
	r->format = *known;
	r->raw = raw;
	r->raw_len = strlen(raw);
	return err_new(ERR_INPUT, "%s", reason);
}

static const struct err *
ndjson_record(struct ndjson *n, const char *line, size_t len,
    struct intake_record *r)
{
	const struct intake_options *want = n->in->options;
	const char *type, *wanted = want->carts     ? "cart" :
				    want->customers ? "customer" :
						      "order";
	const struct json *doc;
	const struct err *err;

	if ((err = json_parse(n->a, line, len, &doc)) != NULL)
		return err;
	if (json_kind(doc) != JSON_OBJECT)
		return err_new(ERR_INPUT, "it is not a JSON object");
	if (want->carts && json_get(doc, "type") == NULL)
		return ndjson_cart_retailcrm(n, doc, r);
	if ((err = json_text(json_get(doc, "type"), "type", &type)) != NULL)
		return err;
	if (strcmp(type, "cursor") == 0)
		return ndjson_cursor(doc, r);
	if (strcmp(type, "unread") == 0)
		return ndjson_unread(doc, r);
	if (strcmp(type, wanted) == 0)
		return want->carts     ? ndjson_cart(n, doc, r) :
		       want->customers ? ndjson_customer(n, doc, r) :
					 ndjson_order(n, doc, r);
	return err_new(ERR_INPUT,
	    "records of type '%s' are not taken here, only %s and cursor", type,
	    wanted);
}

static const struct err *
ndjson_next(void *state, struct arena *a, struct intake_record *r)
{
	struct ndjson *n = state;
	const struct err *err;
	char *line;
	size_t len;

	n->a = a;
	do {
		err = lines_next(n->in->lines, &line, &len);
		if (err == NULL && line == NULL)
			return NULL; /* the end */
	} while (err == NULL && line[strspn(line, " \t")] == '\0' &&
		 strlen(line) == len);
	r->where = n->where =
	    intake_place(n->in, lines_number(n->in->lines), a);
	if (err != NULL)
		return err;
	r->raw = line;
	r->raw_len = len;
	return ndjson_record(n, line, len, r);
}

const struct intake_adapter ndjson_adapter = {
	.detect = ndjson_detect,
	.open = ndjson_open,
	.next = ndjson_next,
	.would_wait = ndjson_would_wait,
	.close = ndjson_close,
};
