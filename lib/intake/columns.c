/* columns.c - what the columns of a table mean. */
#include "intake/columns.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "intake/cell.h"

/* Columns that are a charge of the order. */
static const struct column_charge {
	const char *name;
	const char *kind;
	bool included;
	bool negative; /* whatever sign the file gives */
	bool by_total; /* only the total tells whether it counts */
} column_charges[] = {
	{ "delivery_cost", "delivery", false, false, false },
	{ "discount", "discount", false, true, false },
	{ "discount_by_total", "discount", false, true, true },
	{ "tax", "tax", false, false, false },
	{ "tax_included", "tax", true, false, false },
	{ "tax_by_total", "tax", false, false, true },
	{ "fee", "fee", false, false, false },
	{ "tip", "tip", false, false, false },
};

static int
column_charge_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(column_charges); i++)
		if (strcmp(column_charges[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* "item_sku" is field "sku" of an item, "payment_type" "type" of a payment. */
static bool
column_of_part(struct column *c, const char *name, const char *prefix,
    enum order_part part, enum column_target target)
{
	size_t n = strlen(prefix);

	if (strncmp(name, prefix, n) != 0)
		return false;
	c->index = field_find(&order_part_fields[part], name + n);
	if (c->index < 0)
		return false;
	c->target = target;
	return true;
}

/* The target that our name stands for; false when it is none of ours. */
static bool
column_resolve(struct column *c, const char *name)
{
	static const struct {
		const char *name;
		enum column_target target;
		int index;
	} plain[] = {
		{ "order_no", COLUMN_ORDER_NO, 0 },
		{ "external_id", COLUMN_EXTERNAL_ID, 0 },
		{ "source", COLUMN_SOURCE, 0 },
		{ "source_updated_at", COLUMN_UPDATED_AT, 0 },
		{ "note", COLUMN_NOTE, 0 },
		{ "cancelled_at", COLUMN_CANCELLED, 0 },
		{ "refund_amount", COLUMN_REFUND, 0 },
		{ "total", COLUMN_FIELD, ORDER_SOURCE_TOTAL },
		{ "paid_at", COLUMN_PAYMENT, PAYMENT_PAID_AT },
	};
	size_t i;

	c->name = name;
	for (i = 0; i < ARRAY_LEN(plain); i++)
		if (strcmp(plain[i].name, name) == 0) {
			c->target = plain[i].target;
			c->index = plain[i].index;
			return true;
		}
	if ((c->index = field_find(&order_fields, name)) >= 0) {
		c->target = COLUMN_FIELD;
		return true;
	}
	if ((c->index = column_charge_find(name)) >= 0) {
		c->target = COLUMN_CHARGE;
		return true;
	}
	if (strncmp(name, "custom.", 7) == 0 && name[7] != '\0') {
		c->target = COLUMN_CUSTOM;
		c->name = name + 7;
		return true;
	}
	return column_of_part(c, name, "item_", PART_ITEM, COLUMN_ITEM) ||
	       column_of_part(c, name, "payment_", PART_PAYMENT,
		   COLUMN_PAYMENT);
}

static const struct err *
column_open(struct intake *in, const char *cell, const char *where,
    struct arena *a, struct column *c)
{
	const struct mapping *map = in->map;
	const char *folded = text_fold(a, cell);

	*c = (struct column){ .target = COLUMN_IGNORED, .name = cell };
	if (map != NULL && (c->map = mapping_find(map, folded)) != NULL) {
		if (column_resolve(c, c->map->field))
			return NULL;
		return err_new(ERR_CONFIG,
		    "%s: column '%s': there is no field '%s'; see crm-map(5)",
		    map->path, cell, c->map->field);
	}
	if (map != NULL && mapping_ignores(map, folded))
		return NULL;
	if (*cell != '\0' && !column_resolve(c, arena_strdup(a, cell)))
		intake_warn(in, where, "unknown column '%s' is left out", cell);
	return NULL;
}

size_t
columns_known(struct intake *in, const char *const *header, size_t count,
    struct arena *a)
{
	const struct mapping *map = in->map;
	struct column c;
	size_t i, known = 0;

	for (i = 0; i < count; i++)
		known +=
		    (map != NULL &&
			mapping_find(map, text_fold(a, header[i])) != NULL) ||
		    (*header[i] != '\0' && column_resolve(&c, header[i]));
	return known;
}

bool
columns_continues(const struct columns *c, const struct columns_row *row)
{
	bool goods = false;
	size_t i;

	if (!c->has_items || c->number < 0)
		return false;
	for (i = 0; i < c->count && i < row->count; i++) {
		if (c->v[i].target == COLUMN_IGNORED || *row->cells[i] == '\0')
			continue;
		if (c->v[i].target != COLUMN_ITEM)
			return false;
		goods = true;
	}
	return goods;
}

static const struct err *
columns_constants(struct intake *in, struct columns *c)
{
	const struct mapping *map = in->map;
	size_t i;

	for (i = 0; map != NULL && i < map->constant_count; i++) {
		struct column *k = &c->v[c->count + i];

		*k = (struct column){ .map = &map->constants[i] };
		if (!column_resolve(k, map->constants[i].field))
			return err_new(ERR_CONFIG,
			    "%s: constant '%s': there is no such field",
			    map->path, map->constants[i].field);
	}
	return NULL;
}

/*
 * Amounts need the currency, notes the time, and a cancelled order has no other
 * status: these columns are read first, wherever they stand.
 */
static bool
column_comes_first(const struct column *c)
{
	return c->target == COLUMN_CANCELLED ||
	       (c->target == COLUMN_FIELD &&
		   (c->index == ORDER_CURRENCY || c->index == ORDER_PLACED_AT));
}

static void
columns_put_in_order(struct columns *c, struct arena *a)
{
	const size_t n = c->count + c->constants;
	size_t i, at;

	c->order = arena_alloc(a, n * sizeof(*c->order));
	for (i = 0; i < n; i++)
		if (column_comes_first(&c->v[i]))
			c->order[c->first++] = i;
	for (i = 0, at = c->first; i < n; i++)
		if (!column_comes_first(&c->v[i]))
			c->order[at++] = i;
}

/* Every field of the key must be a column. */
static const struct err *
columns_check_key(struct intake *in, const struct columns *c)
{
	const struct mapping *map = in->map;
	size_t i, j;

	for (i = 0; map != NULL && i < map->key_count; i++) {
		for (j = 0; j < c->count; j++)
			if (c->v[j].target != COLUMN_IGNORED &&
			    strcmp(c->v[j].name, map->key[i]) == 0)
				break;
		if (j == c->count && strcmp(map->key[i], "total") != 0)
			return err_new(ERR_CONFIG, "%s: key: no column is '%s'",
			    map->path, map->key[i]);
	}
	return NULL;
}

const struct err *
columns_open(struct intake *in, const char *const *header, size_t count,
    const char *where, struct arena *a, struct columns *out)
{
	const struct mapping *map = in->map;
	const struct err *err;
	size_t i, known = 0;

	*out = (struct columns){ .count = count, .number = -1, .external = -1 };
	if (map != NULL)
		out->constants = map->constant_count;
	out->v = arena_zalloc(a, (count + out->constants) * sizeof(*out->v));
	for (i = 0; i < count; i++) {
		struct column *c = &out->v[i];

		if ((err = column_open(in, header[i], where, a, c)) != NULL)
			return err;
		known += c->target != COLUMN_IGNORED;
		out->has_items = out->has_items || c->target == COLUMN_ITEM;
		if (c->target == COLUMN_ORDER_NO)
			out->number = (int)i;
		else if (c->target == COLUMN_EXTERNAL_ID)
			out->external = (int)i;
	}
	if (out->number < 0)
		out->number = out->external;
	if (known == 0)
		return err_new(ERR_INPUT,
		    "no column is known: is the header line missing? "
		    "Foreign headers need --map, see crm-map(5)");
	if (out->number < 0 && (map == NULL || map->key_count == 0))
		return err_new(ERR_INPUT,
		    "there is no column order_no or external_id; "
		    "files without numbers need a map file with a key");
	if ((err = columns_check_key(in, out)) != NULL)
		return err;
	if (map != NULL && map->lines != MAPPING_LINES_DETECT)
		out->has_items = map->lines == MAPPING_LINES_ITEM;
	if ((err = columns_constants(in, out)) == NULL)
		columns_put_in_order(out, a);
	return err;
}

/* Cells -------------------------------------------------------------------- */

/* Excel would take it for a number or a formula: '+375 29 ... */
static const char *
column_unguarded(const char *cell)
{
	if (cell[0] == '\'' && cell[1] != '\0' &&
	    strchr("0123456789+=", cell[1]) != NULL)
		return cell + 1;
	return cell;
}

static const char *
column_where(const struct intake *in, struct arena *a)
{
	return intake_place(in, in->line, a);
}

/* A code of the source in our words, if a map has any for this field. */
static const char *
column_code(struct intake *in, const struct fields *t, int index,
    const char *code, struct order *o, struct arena *a)
{
	const struct field *f = &t->list[index];
	const char *name = f->name, *to;

	if (in->map == NULL)
		return code;
	if (t != &order_fields)
		name = arena_printf(a, "payment_%s", name);
	if (!mapping_has_codes(in->map, name))
		return code;
	if (f->kind == FIELD_CURRENCY) {
		to = mapping_code(in->map, name, code, a);
		return to != NULL ? to : code;
	}
	intake_code(in, column_where(in, a), o, name, f->reference, code, a,
	    &to);
	return to;
}

static const char *
column_phone(struct intake *in, const char *cell, struct arena *a)
{
	const char *to, *why = cell_phone(cell, in->options->country, a, &to);

	if (why != NULL)
		intake_warn(in, column_where(in, a), "phone '%s' %s", cell,
		    why);
	return to;
}

/*
 * What a cell says in our words: mapped, numbers and times in our form. NULL
 * when that is nothing: leave the field alone.
 */
static const struct err *
column_text(struct intake *in, const struct column *c, const struct field *f,
    const char *cell, struct arena *a, const char **out)
{
	const struct mapping *map = in->map;
	const char *format = c->map != NULL ? c->map->format : NULL;
	char buf[WHEN_STR_MAX], decimal = '\0';
	const struct err *err;
	int64_t t;

	if (map != NULL)
		decimal = map->decimal;
	*out = mapping_value(c->map, column_unguarded(cell), a);
	if (*out[0] == '\0')
		return NULL;
	if (f->kind == FIELD_MONEY || f->kind == FIELD_PRICE ||
	    f->kind == FIELD_QUANTITY)
		return cell_number(*out, decimal, a, out);
	if (f->kind == FIELD_PHONE)
		*out = column_phone(in, *out, a);
	if (f->kind != FIELD_TIME && f->kind != FIELD_DATE)
		return NULL;
	if ((err = cell_time(*out, format, &t)) == NULL)
		*out = arena_strdup(a, f->kind == FIELD_TIME ?
					   when_format(t, buf) :
					   when_day_format(when_day(t), buf));
	return err;
}

/* Set a field of r, which is the order o's own or that of a part of it. */
static const struct err *
column_set(struct intake *in, const struct column *c, const struct fields *t,
    struct rec *r, struct order *o, const char *cell, struct arena *a)
{
	const struct field *f = &t->list[c->index];
	const struct err *err;
	const char *text;

	if ((err = column_text(in, c, f, cell, a, &text)) != NULL)
		return err;
	if (text != NULL && *text != '\0' &&
	    (f->kind == FIELD_CODE || f->kind == FIELD_CURRENCY))
		text = column_code(in, t, c->index, text, o, a);
	if (text == NULL)
		return NULL;
	return field_parse(t, r, c->index, text, o->currency,
	    in->options->country, a);
}

/* Two rows of one order that disagree here are two orders with one number. */
static bool
column_must_agree(int field)
{
	switch (field) {
	case ORDER_CUSTOMER_EXTERNAL_ID:
	case ORDER_PHONE:
	case ORDER_EMAIL:
	case ORDER_CURRENCY:
	case ORDER_STATUS:
	case ORDER_SOURCE_TOTAL:
		return true;
	default:
		return false;
	}
}

/* A field of an order that has it from an earlier row. */
static const struct err *
column_again(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct arena *a)
{
	const struct fields *t = &order_fields;
	struct order seen = { 0 };
	const struct err *err;
	const char *was, *is;

	seen.currency = o->currency;
	if ((err = column_set(in, c, t, &seen.rec, &seen, cell, a)) != NULL)
		return err;
	if (c->index == ORDER_PLACED_AT && seen.placed_at < o->placed_at)
		o->placed_at = seen.placed_at;
	if (!column_must_agree(c->index))
		return NULL;
	was = field_format(t, &o->rec, c->index, o->currency, a);
	is = field_format(t, &seen.rec, c->index, o->currency, a);
	if (is == NULL || strcmp(was, is) == 0)
		return NULL;
	return err_new(ERR_INPUT,
	    "'%s' here, '%s' in an earlier line of the same order", is, was);
}

static const struct err *
column_order_field(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct arena *a)
{
	if (!field_has(&o->rec, c->index))
		return column_set(in, c, &order_fields, &o->rec, o, cell, a);
	if (*cell == '\0')
		return NULL;
	return column_again(in, c, cell, o, a);
}

static const struct err *
column_amount(struct intake *in, const struct column *c, const char *cell,
    const struct order *o, struct arena *a, int64_t *minor)
{
	static const struct field amount = { .name = "amount",
		.kind = FIELD_MONEY };
	const struct err *err;
	const char *text;

	if ((err = column_text(in, c, &amount, cell, a, &text)) != NULL)
		return err;
	return money_parse(text, o->currency, minor);
}

static const struct err *
column_charge_cell(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct arena *a)
{
	const struct column_charge *k = &column_charges[c->index];
	const struct fields *t = &order_part_fields[PART_CHARGE];
	const struct err *err;
	struct part *p;
	int64_t minor;
	size_t i;

	for (i = 0; i < o->parts[PART_CHARGE].len; i++)
		if (strcmp(o->parts[PART_CHARGE].v[i].kind, k->kind) == 0)
			return NULL; /* from an earlier row */
	if ((err = column_amount(in, c, cell, o, a, &minor)) != NULL)
		return err;
	o->parts[PART_CHARGE].present = true;
	if (minor == 0)
		return NULL;
	if (k->negative && minor > 0)
		minor = -minor;
	p = order_part_add(o, PART_CHARGE, a);
	field_set_text(t, &p->rec, CHARGE_KIND, k->kind);
	field_set_int(t, &p->rec, CHARGE_AMOUNT, minor);
	field_set_int(t, &p->rec, CHARGE_INCLUDED, k->included);
	return NULL;
}

static const struct err *
column_refund_cell(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_REFUND];
	const struct err *err;
	struct part *p;
	int64_t minor;

	if (o->parts[PART_REFUND].len != 0)
		return NULL; /* from an earlier row */
	if ((err = column_amount(in, c, cell, o, a, &minor)) != NULL)
		return err;
	o->parts[PART_REFUND].present = true;
	if (minor == 0)
		return NULL;
	p = order_part_add(o, PART_REFUND, a);
	field_set_int(t, &p->rec, REFUND_AMOUNT, minor < 0 ? -minor : minor);
	return NULL;
}

static void
column_cancelled(struct intake *in, struct order *o, struct arena *a)
{
	const char *status =
	    column_code(in, &order_fields, ORDER_STATUS, "cancelled", o, a);

	if (status != NULL)
		field_set_text(&order_fields, &o->rec, ORDER_STATUS, status);
}

static const struct err *
column_payment_cell(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct arena *a)
{
	struct part_list *l = &o->parts[PART_PAYMENT];
	struct part *p;

	p = l->len != 0 ? &l->v[0] : order_part_add(o, PART_PAYMENT, a);
	if (field_has(&p->rec, c->index))
		return NULL; /* from an earlier row */
	return column_set(in, c, &order_part_fields[PART_PAYMENT], &p->rec, o,
	    cell, a);
}

static const struct err *
column_custom_cell(const struct column *c, const char *cell, struct order *o,
    struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_CUSTOM];
	struct part_list *l = &o->parts[PART_CUSTOM];
	struct part *p;
	size_t i;

	for (i = 0; i < l->len; i++)
		if (strcmp(l->v[i].field, c->name) == 0)
			return NULL;
	p = order_part_add(o, PART_CUSTOM, a);
	l->present = false; /* others that the table has not are left alone */
	field_set_text(t, &p->rec, CUSTOM_FIELD, c->name);
	field_set_text(t, &p->rec, CUSTOM_VALUE,
	    mapping_value(c->map, arena_strdup(a, cell), a));
	return NULL;
}

static const struct err *
column_identity(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct arena *a)
{
	const char *text = mapping_value(c->map, arena_strdup(a, cell), a);
	const struct err *err;

	switch (c->target) {
	case COLUMN_ORDER_NO:
		o->order_no = text;
		break;
	case COLUMN_EXTERNAL_ID:
		o->external_id = text;
		break;
	case COLUMN_SOURCE:
		o->source = text;
		break;
	case COLUMN_UPDATED_AT:
		if ((err = cell_time(text,
			 c->map != NULL ? c->map->format : NULL,
			 &o->source_updated_at)) != NULL)
			return err;
		o->has_source_updated_at = true;
		break;
	case COLUMN_NOTE:
		if (o->note_len == 0 ||
		    strcmp(o->notes[o->note_len - 1].text, text) != 0)
			order_note_add(o,
			    &(struct note){ .at = o->placed_at, .text = text },
			    a);
		break;
	case COLUMN_IGNORED:
	case COLUMN_FIELD:
	case COLUMN_ITEM:
	case COLUMN_CHARGE:
	case COLUMN_PAYMENT:
	case COLUMN_CUSTOM:
	case COLUMN_CANCELLED:
	case COLUMN_REFUND:
		break;
	}
	(void)in;
	return NULL;
}

static const struct err *
column_cell(struct intake *in, const struct column *c, const char *cell,
    struct order *o, struct part *item, struct arena *a)
{
	if (c->target == COLUMN_FIELD)
		return column_order_field(in, c, cell, o, a);
	if (c->target == COLUMN_ITEM && item != NULL)
		return column_set(in, c, &order_part_fields[PART_ITEM],
		    &item->rec, o, cell, a);
	if (*cell == '\0')
		return NULL;
	switch (c->target) {
	case COLUMN_CHARGE:
		return column_charge_cell(in, c, cell, o, a);
	case COLUMN_PAYMENT:
		return column_payment_cell(in, c, cell, o, a);
	case COLUMN_CUSTOM:
		return column_custom_cell(c, cell, o, a);
	case COLUMN_REFUND:
		return column_refund_cell(in, c, cell, o, a);
	case COLUMN_CANCELLED:
		column_cancelled(in, o, a);
		break;
	case COLUMN_ORDER_NO:
	case COLUMN_EXTERNAL_ID:
	case COLUMN_SOURCE:
	case COLUMN_UPDATED_AT:
	case COLUMN_NOTE:
		return column_identity(in, c, cell, o, a);
	case COLUMN_IGNORED:
	case COLUMN_FIELD:
	case COLUMN_ITEM:
		break;
	}
	return NULL;
}

static const char *
column_cell_text(const struct columns *c, const struct columns_row *row,
    size_t i)
{
	return i < c->count ? row->cells[i] : c->v[i].map->constant;
}

/* Of several columns of one field, the first with text in this row counts. */
static bool
column_is_taken(const struct column *c, const char *cell, uint64_t *taken)
{
	uint64_t bit;

	if (c->target != COLUMN_FIELD && c->target != COLUMN_CANCELLED)
		return false;
	bit = (uint64_t)1 << (c->target == COLUMN_FIELD ? c->index :
							  ORDER_STATUS);
	if ((*taken & bit) != 0)
		return true;
	if (*cell != '\0')
		*taken |= bit;
	return false;
}

/* Does the row say of the order just what the one before it says? */
static bool
columns_repeat(const struct columns *c, const struct columns_row *row,
    const struct columns_row *before)
{
	size_t i;

	if (before == NULL)
		return false;
	for (i = 0; i < c->count; i++)
		if (c->v[i].target != COLUMN_ITEM &&
		    c->v[i].target != COLUMN_IGNORED &&
		    strcmp(row->cells[i], before->cells[i]) != 0)
			return false;
	return true;
}

/* After the first columns: the currency is known; the item of the row. */
static struct part *
columns_begin(const struct intake *in, const struct columns *c, struct order *o,
    struct arena *a)
{
	if (o->currency == NULL)
		field_set_text(&order_fields, &o->rec, ORDER_CURRENCY,
		    in->options->currency);
	return c->has_items ? order_part_add(o, PART_ITEM, a) : NULL;
}

const struct err *
columns_row(struct intake *in, const struct columns *c,
    const struct columns_row *row, const struct columns_row *before,
    struct order *o, struct arena *a)
{
	const bool repeat =
	    row->count == c->count && columns_repeat(c, row, before);
	size_t i, n, count = c->count + c->constants;
	struct part *item = NULL;
	const struct err *err;
	uint64_t taken = 0;
	const char *cell;

	if (row->count != c->count)
		return err_new(ERR_INPUT,
		    "the row has %zu cells, the header %zu", row->count,
		    c->count);
	in->line = row->line;
	for (n = 0;; n++) {
		if (n == c->first)
			item = columns_begin(in, c, o, a);
		if (n == count)
			return NULL;
		i = c->order[n];
		if (repeat && c->v[i].target != COLUMN_ITEM)
			continue;
		cell = column_cell_text(c, row, i);
		if (column_is_taken(&c->v[i], cell, &taken))
			continue;
		err = column_cell(in, &c->v[i], cell, o, item, a);
		if (err != NULL)
			return err_wrap(err, "column %zu", i + 1);
	}
}

/* An order of which only the total is known is one line with that price. */
static const struct err *
columns_only_total(struct order *o, struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_ITEM];
	const struct err *err;
	int64_t price, unit = 1;
	struct part *p;
	int i;

	for (i = money_places(o->currency); i < PRICE_PLACES; i++)
		unit *= 10;
	if ((err = decimal_mul(o->source_total, unit, &price)) != NULL)
		return err;
	p = order_part_add(o, PART_ITEM, a);
	field_set_text(t, &p->rec, ITEM_NAME, "total");
	field_set_int(t, &p->rec, ITEM_QUANTITY, 1000);
	field_set_int(t, &p->rec, ITEM_PRICE, price);
	return NULL;
}

static const struct err *
columns_check_returns(struct intake *in, const struct order *o)
{
	const struct part_list *l = &o->parts[PART_ITEM];
	const struct mapping *map = in->map;
	size_t i;

	if (map != NULL && map->accept_returns)
		return NULL;
	for (i = 0; i < l->len; i++)
		if (l->v[i].quantity < 0)
			break;
	if (i == l->len && o->source_total >= 0)
		return NULL;
	return err_new(ERR_INPUT, "a return: a negative quantity or sum; "
				  "returns = accept in the map file takes it");
}

/* Is there a column that only the total makes a charge of this kind? */
static int
columns_by_total(const struct columns *c, const struct order *o,
    const char *kind)
{
	const struct part_list *l = &o->parts[PART_CHARGE];
	size_t i, j;

	for (i = 0; i < c->count; i++)
		if (c->v[i].target == COLUMN_CHARGE &&
		    column_charges[c->v[i].index].by_total &&
		    strcmp(column_charges[c->v[i].index].kind, kind) == 0)
			for (j = 0; j < l->len; j++)
				if (strcmp(l->v[j].kind, kind) == 0)
					return (int)j;
	return -1;
}

/* A table does not say when: as early as can be, so that it stays. */
static void
columns_date_refund(struct order *o)
{
	const struct part_list *paid = &o->parts[PART_PAYMENT];
	struct part_list *l = &o->parts[PART_REFUND];

	if (l->len == 0 || field_has(&l->v[0].rec, REFUND_REFUNDED_AT))
		return;
	field_set_int(&order_part_fields[PART_REFUND], &l->v[0].rec,
	    REFUND_REFUNDED_AT,
	    paid->len != 0 && field_has(&paid->v[0].rec, PAYMENT_PAID_AT) ?
		paid->v[0].at :
		o->placed_at);
}

const struct err *
columns_finish(struct intake *in, const struct columns *c, struct order *o,
    struct arena *a)
{
	struct part_list *paid = &o->parts[PART_PAYMENT];
	const struct err *err;

	if (!c->has_items && field_has(&o->rec, ORDER_SOURCE_TOTAL) &&
	    (err = columns_only_total(o, a)) != NULL)
		return err;
	if ((err = columns_check_returns(in, o)) != NULL ||
	    (err = intake_fit(o, columns_by_total(c, o, "tax"),
		 columns_by_total(c, o, "discount"))) != NULL)
		return err;
	if (in->map != NULL && in->map->keep_rounding &&
	    (err = intake_round(o, a)) != NULL)
		return err;
	columns_date_refund(o);
	if (paid->len != 0 && !field_has(&paid->v[0].rec, PAYMENT_AMOUNT)) {
		if ((err = order_totals(o, NULL, NULL)) != NULL)
			return err;
		field_set_int(&order_part_fields[PART_PAYMENT], &paid->v[0].rec,
		    PAYMENT_AMOUNT, o->total_minor);
	}
	return NULL;
}

uint64_t
columns_key(struct intake *in, const struct columns *c,
    const struct columns_row *row)
{
	const struct mapping *map = in->map;
	uint64_t h = 0;
	size_t i, j;

	if (c->number >= 0)
		return hash_str((size_t)c->number < row->count ?
				    row->cells[c->number] :
				    "",
		    0);
	for (i = 0; i < map->key_count; i++)
		for (j = 0; j < c->count && j < row->count; j++)
			if (c->v[j].target != COLUMN_IGNORED &&
			    strcmp(c->v[j].name, map->key[i]) == 0)
				h = hash_str(row->cells[j], h);
	return h;
}

const struct err *
columns_value(struct intake *in, const char *name, const char *value,
    struct order *o, struct arena *a, bool *known)
{
	const struct mapping *map = in->map;
	struct column c = { 0 };

	*known = false;
	if (map == NULL)
		return NULL;
	if (mapping_ignores(map, text_fold(a, name))) {
		*known = true;
		return NULL;
	}
	c.map = mapping_find(map, text_fold(a, name));
	if (c.map == NULL || (c.map->value_count != 0 &&
				 mapping_value(c.map, value, a) == value))
		return NULL;
	if (!column_resolve(&c, c.map->field) || c.target == COLUMN_ITEM)
		return err_new(ERR_CONFIG,
		    "%s: column '%s': '%s' is no field of an order; "
		    "see crm-map(5)",
		    map->path, name, c.map->field);
	*known = true;
	return err_wrap(column_cell(in, &c, value, o, NULL, a), "%s", name);
}
