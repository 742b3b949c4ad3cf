/* customer_table.c - customers in tables: one row is one customer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/phone.h"
#include "customer/customer.h"
#include "intake/cell.h"
#include "intake/intake.h"
#include "intake/mapping.h"
#include "order/order.h"

enum customer_target {
	CUSTOMER_COLUMN_IGNORED,
	CUSTOMER_COLUMN_FIELD, /* index in customer_fields */
	CUSTOMER_COLUMN_LIST,  /* index of the list */
	CUSTOMER_COLUMN_EXTERNAL_ID,
	CUSTOMER_COLUMN_SOURCE,
	CUSTOMER_COLUMN_UPDATED_AT,
	CUSTOMER_COLUMN_CREATED_AT,
	CUSTOMER_COLUMN_NOTE,
};

struct customer_column {
	enum customer_target target;
	int index;
	const char *key; /* of a list with values: "email" of consent.email */
	const struct mapping_column *map; /* NULL: our own header */
};

struct customer_table {
	const struct intake *in;
	struct dsv *dsv;
	struct customer_column *columns; /* then the map's constants */
	size_t count;
	const char *header; /* NULL: an empty file */
	const char *zone;   /* the shop's, while the map has another */
};

/* Columns ------------------------------------------------------------------ */

/* The target that our name stands for; false when it is none of ours. */
static bool
table_resolve(struct customer_column *c, const char *name)
{
	static const struct {
		const char *name;
		enum customer_target target;
	} plain[] = {
		{ "external_id", CUSTOMER_COLUMN_EXTERNAL_ID },
		{ "source", CUSTOMER_COLUMN_SOURCE },
		{ "source_updated_at", CUSTOMER_COLUMN_UPDATED_AT },
		{ "created_at", CUSTOMER_COLUMN_CREATED_AT },
		{ "note", CUSTOMER_COLUMN_NOTE },
	};
	enum customer_list list;
	size_t i;

	for (i = 0; i < ARRAY_LEN(plain); i++)
		if (strcmp(plain[i].name, name) == 0) {
			c->target = plain[i].target;
			return true;
		}
	c->target = CUSTOMER_COLUMN_FIELD;
	if ((c->index = field_find(&customer_fields, name)) >= 0)
		return true;
	c->target = CUSTOMER_COLUMN_LIST;
	list = customer_list_named(name, &c->key);
	c->index = (int)list;
	if (list != CUSTOMER_LIST_COUNT)
		return true;
	c->target = CUSTOMER_COLUMN_IGNORED;
	return false;
}

static const struct err *
table_column(const struct intake *in, const char *cell, const char *where,
    struct arena *a, struct customer_column *c)
{
	const struct mapping *map = in->map;
	const char *folded = text_fold(a, cell);

	if (map != NULL && mapping_ignores(map, folded))
		return NULL;
	if (map != NULL && (c->map = mapping_find(map, folded)) != NULL) {
		if (table_resolve(c, c->map->field))
			return NULL;
		return err_new(ERR_CONFIG,
		    "%s: column '%s': customers have no field '%s'; see "
		    "crm-map(5)",
		    map->path, cell, c->map->field);
	}
	if (*cell != '\0' && !table_resolve(c, arena_strdup(a, cell)))
		intake_warn(in, where, "unknown column '%s' is left out", cell);
	return NULL;
}

static bool
table_identifies(const struct customer_column *c)
{
	return c->target == CUSTOMER_COLUMN_EXTERNAL_ID ||
	       (c->target == CUSTOMER_COLUMN_LIST &&
		   c->index <= CUSTOMER_EMAILS);
}

static const struct err *
table_header(struct customer_table *t, const struct dsv_row *row,
    struct arena *a)
{
	const struct mapping *map = t->in->map;
	const size_t constants = map != NULL ? map->constant_count : 0;
	const struct err *err;
	bool known = false;
	const char *where;
	size_t i;

	where = intake_place(t->in, row->line, a);
	t->header = arena_strndup(a, row->raw, row->raw_len);
	t->count = row->count;
	t->columns =
	    arena_zalloc(a, (row->count + constants) * sizeof(*t->columns));
	for (i = 0; i < row->count; i++) {
		if ((err = table_column(t->in, row->fields[i], where, a,
			 &t->columns[i])) != NULL)
			return err;
		known = known || table_identifies(&t->columns[i]);
	}
	for (i = 0; i < constants; i++) {
		t->columns[t->count + i].map = &map->constants[i];
		if (!table_resolve(&t->columns[t->count + i],
			map->constants[i].field))
			return err_new(ERR_CONFIG,
			    "%s: constant '%s': customers have no such field",
			    map->path, map->constants[i].field);
	}
	if (!known)
		return err_new(ERR_INPUT,
		    "line %" PRIu64 ": there is no column external_id, phone "
		    "or email; foreign headers need --map, see crm-map(5)",
		    row->line);
	return NULL;
}

/* Cells -------------------------------------------------------------------- */

static const struct err *
table_time(const struct customer_column *c, const char *cell, int64_t *out)
{
	return cell_time(cell, c->map != NULL ? c->map->format : NULL, out);
}

/* Family, given and father's name may stand in columns of their own. */
static const struct err *
table_field(const struct customer_table *t, const struct customer_column *c,
    const char *cell, struct customer *r, struct arena *a)
{
	const struct fields *f = &customer_fields;
	char day[WHEN_STR_MAX];
	const struct err *err;
	int64_t at;

	if (c->index == CUSTOMER_NAME && r->name != NULL && *cell != '\0')
		cell = arena_printf(a, "%s %s", r->name, cell);
	else if (c->index == CUSTOMER_NAME && r->name != NULL)
		return NULL;
	if (f->list[c->index].kind == FIELD_DATE && *cell != '\0') {
		if ((err = table_time(c, cell, &at)) != NULL)
			return err;
		cell = when_day_format(when_day(at), day);
	}
	return field_parse(f, &r->rec, c->index, cell, NULL,
	    t->in->options->country, a);
}

/* Phones, addresses and tags may stand several in a cell. */
static void
table_keys(const struct customer_table *t, enum customer_list list,
    const char *cell, struct customer *r, struct arena *a)
{
	char *rest = arena_strdup(a, cell), *part;

	while ((part = strsep(&rest, ",;")) != NULL) {
		struct customer_entry e = { .key = text_trim(a, part) };

		if (*e.key == '\0')
			continue;
		if (list == CUSTOMER_PHONES)
			e.key = phone_normal(e.key, t->in->options->country, a);
		if (list == CUSTOMER_EMAILS)
			e.key = text_fold(a, e.key);
		customer_list_put(&r->lists[list], &e, a);
	}
}

static const struct err *
table_list(const struct customer_table *t, const struct customer_column *c,
    const char *cell, struct customer *r, struct arena *a)
{
	static const struct field yes_or_no = { "consent", FIELD_BOOL,
		offsetof(struct customer, vip), NULL };
	static const struct fields one = { &yes_or_no, 1 };
	const enum customer_list list = (enum customer_list)c->index;
	struct customer_entry e = { .key = c->key };
	struct customer told = { 0 };
	const struct err *err;

	if (*cell == '\0')
		return NULL;
	if (!customer_list_has_values(list)) {
		table_keys(t, list, cell, r, a);
		return NULL;
	}
	e.value = arena_strdup(a, cell);
	if (list == CUSTOMER_CONSENTS) {
		if ((err = field_parse(&one, &told.rec, 0, cell, NULL, NULL,
			 a)) != NULL)
			return err;
		e.value = told.vip != 0 ? "true" : "false";
	}
	customer_list_put(&r->lists[list], &e, a);
	return NULL;
}

static const struct err *
table_cell(const struct customer_table *t, const struct customer_column *c,
    const char *cell, struct customer *r, struct arena *a)
{
	const struct err *err;

	if (c->target == CUSTOMER_COLUMN_FIELD)
		return table_field(t, c, cell, r, a);
	if (c->target == CUSTOMER_COLUMN_LIST)
		return table_list(t, c, cell, r, a);
	if (*cell == '\0')
		return NULL;
	switch (c->target) {
	case CUSTOMER_COLUMN_EXTERNAL_ID:
		r->external_id = arena_strdup(a, cell);
		break;
	case CUSTOMER_COLUMN_SOURCE:
		r->source = arena_strdup(a, cell);
		break;
	case CUSTOMER_COLUMN_UPDATED_AT:
		if ((err = table_time(c, cell, &r->source_updated_at)) != NULL)
			return err;
		r->has_source_updated_at = true;
		break;
	case CUSTOMER_COLUMN_CREATED_AT:
		return table_time(c, cell, &r->created_at);
	case CUSTOMER_COLUMN_NOTE:
		r->notes =
		    arena_grow(a, r->notes, r->note_len, sizeof(*r->notes));
		r->notes[r->note_len++] =
		    (struct note){ .text = arena_strdup(a, cell) };
		break;
	case CUSTOMER_COLUMN_IGNORED:
	case CUSTOMER_COLUMN_FIELD:
	case CUSTOMER_COLUMN_LIST:
		break;
	}
	return NULL;
}

/* Rows --------------------------------------------------------------------- */

static const struct err *
table_build(const struct customer_table *t, const struct dsv_row *row,
    struct customer *r, struct arena *a)
{
	const struct mapping *map = t->in->map;
	const size_t constants = map != NULL ? map->constant_count : 0;
	const struct customer_column *c;
	const struct err *err;
	const char *cell;
	size_t i;

	if (row->count != t->count)
		return err_new(ERR_INPUT,
		    "the row has %zu cells, the header %zu", row->count,
		    t->count);
	for (i = 0; i < t->count + constants; i++) {
		c = &t->columns[i];
		cell = i < t->count ? row->fields[i] : c->map->constant;
		if (i < t->count)
			cell = mapping_value(c->map, cell, a);
		if ((err = table_cell(t, c, cell, r, a)) != NULL)
			return err_wrap(err, "column %zu", i + 1);
	}
	/* A note without a time is as old as what is known of the customer. */
	for (i = 0; i < r->note_len; i++)
		r->notes[i].at = r->created_at;
	return NULL;
}

/* Local times of the table are of its own zone, ours of the shop's. */
static const struct err *
table_build_in_zone(const struct customer_table *t, const struct dsv_row *row,
    struct customer *r, struct arena *a)
{
	const struct err *err, *back;

	if (t->zone == NULL)
		return table_build(t, row, r, a);
	if ((err = when_zone(t->in->map->timezone)) != NULL)
		return err;
	err = table_build(t, row, r, a);
	back = when_zone(t->zone);
	return err != NULL ? err : back;
}

static const struct err *
table_next(void *state, struct arena *a, struct intake_record *r)
{
	struct customer_table *t = state;
	const struct dsv_row *row;
	const struct err *err;
	struct customer *c;

	if (t->header == NULL)
		return NULL;
	err = dsv_next(t->dsv, &row);
	if (err != NULL && err->code != ERR_INPUT)
		return err;
	r->where = intake_place(t->in, dsv_line(t->dsv), a);
	if (err == NULL && row == NULL) {
		if (!t->in->decoded && dsv_unended(t->dsv))
			intake_warn(t->in, r->where, DSV_UNENDED);
		return NULL;
	}
	r->header = t->header;
	r->raw = arena_strdup(a, err != NULL ? dsv_raw(t->dsv) : row->raw);
	r->raw_len = strlen(r->raw);
	if (err != NULL)
		return err;
	c = arena_zalloc(a, sizeof(*c));
	c->source = t->in->source;
	err = table_build_in_zone(t, row, c, a);
	r->source = c->source;
	r->external_id = customer_identity(c, a);
	if (err != NULL)
		return err;
	r->type = INTAKE_CUSTOMER;
	r->customer = c;
	return NULL;
}

static void
table_close(void *state)
{
	struct customer_table *t = state;

	dsv_close(t->dsv);
	free(t);
}

static const struct err *
table_open(struct intake *in, void **state)
{
	const struct mapping *map = in->map;
	struct customer_table *t = mem_zalloc(sizeof(*t));
	struct dsv_dialect d = { 0 };
	const struct dsv_row *row;
	const struct err *err;

	t->in = in;
	if (map != NULL)
		d = map->dialect;
	if (in->decoded)
		d.encoding = DSV_UTF8;
	if (map != NULL && map->timezone != NULL)
		t->zone = arena_strdup(&in->arena, when_zone_name());
	if ((err = dsv_open(in->fd, in->name, &d, &t->dsv)) == NULL &&
	    (err = dsv_next(t->dsv, &row)) == NULL && row != NULL)
		err = table_header(t, row, &in->arena);
	if (err != NULL) {
		table_close(t);
		return err;
	}
	*state = t;
	return NULL;
}

const struct intake_adapter customer_table_adapter = {
	.open = table_open,
	.next = table_next,
	.close = table_close,
	.wants_file = true,
};
