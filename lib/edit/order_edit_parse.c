/* order_edit_parse.c - what each assignment to an order is to. */
#include <string.h>

#include "base/text.h"
#include "crm/custom.h"
#include "crm/shop.h"
#include "edit/order_edit.h"

/* Names beside those of the fields. */
static const char *const edit_words[] = { "item", "charge", "payment", "refund",
	"discount", "delivery_cost", "returned", "known_as", "note" };

static const struct err *
edit_unknown(const struct fields *t, const char *what, const char *name,
    bool words)
{
	const char *names[64 + ARRAY_LEN(edit_words) + 1];
	const char *near;
	size_t i, n = 0;

	for (i = 0; i < t->count; i++)
		names[n++] = t->list[i].name;
	for (i = 0; words && i < ARRAY_LEN(edit_words); i++)
		names[n++] = edit_words[i];
	names[n] = NULL;
	if ((near = text_nearest(name, names)) != NULL)
		return err_new(ERR_USAGE,
		    "%s has no field '%.100s', did you mean '%s'", what, name,
		    near);
	return err_new(ERR_USAGE,
	    "%s has no field '%.100s'; order-edit(1) lists them", what, name);
}

/* What is wrong for every order is wrong usage. */
static const struct err *
edit_wrong(const struct edit *e, const struct err *err)
{
	if (err == NULL)
		return NULL;
	return err_new(ERR_USAGE, "'%.100s': %s", e->said->text, err->msg);
}

static const struct err *
edit_check_code(struct shop *s, const struct edit *e, const char *table,
    const char *code)
{
	if (table == NULL || *code == '\0')
		return NULL;
	return edit_wrong(e, shop_check_code(s, table, code));
}

static const struct err *
edit_parse_custom(struct shop *s, struct edit *e)
{
	e->to = EDIT_CUSTOM;
	e->name = strchr(e->said->field, '.') + 1;
	return edit_wrong(e, custom_check_name(s, "order", e->name));
}

/* "item.BR.01.quantity": what a line is called may have points. */
static const struct err *
edit_parse_line(struct shop *s, struct edit *e, const char *first,
    struct arena *a)
{
	const char *last = strrchr(first, '.');
	const char *word = order_part_words[e->part];
	const struct fields *t = &order_part_fields[e->part];

	e->to = EDIT_LINE;
	if (last == first || last == first + 1)
		return err_new(ERR_USAGE,
		    "'%.100s': name the line and its field, as %s.1.%s=",
		    e->said->text, word, t->list[1].name);
	e->name = arena_strndup(a, first + 1, (size_t)(last - first - 1));
	e->field = field_find(t, last + 1);
	if (e->field < 0)
		return edit_unknown(t,
		    arena_printf(a, "a line of %s", order_part_names[e->part]),
		    last + 1, false);
	return edit_check_code(s, e, t->list[e->field].reference,
	    text_trim(a, e->said->value));
}

static const struct err *
edit_parse_part(struct shop *s, struct edit *e, struct arena *a)
{
	const char *name = e->said->field;
	const char *point = strchr(name, '.');
	const size_t n = strcspn(name, ".");

	for (e->part = PART_ITEM; e->part < PART_COUNT; e->part++)
		if (strlen(order_part_words[e->part]) == n &&
		    strncmp(order_part_words[e->part], name, n) == 0)
			break;
	if (e->part == PART_COUNT || (e->part == PART_CUSTOM && point == NULL))
		return edit_unknown(&order_fields, "an order", name, true);
	if (e->part == PART_CUSTOM)
		return edit_parse_custom(s, e);
	if (point != NULL)
		return edit_parse_line(s, e, point, a);
	e->to = EDIT_LIST;
	return NULL;
}

static const struct err *
edit_check_op(const struct edit *e)
{
	const struct assign *v = e->said;
	const char *why = NULL;

	switch (e->to) {
	case EDIT_FIELD:
	case EDIT_CUSTOM:
	case EDIT_LINE:
	case EDIT_COST:
		if (v->op != ASSIGN_SET)
			why = "it is no list; write it with = alone";
		break;
	case EDIT_LIST:
		if (v->op == ASSIGN_SET && *v->value != '\0')
			why = "lines are added with += and taken out with -=";
		break;
	case EDIT_RETURNED:
		if (v->op != ASSIGN_ADD)
			why = "what was returned is said with +=";
		break;
	case EDIT_KNOWN:
		if (v->op != ASSIGN_ADD)
			why = "a name of it elsewhere is said with +=";
		break;
	case EDIT_NOTE:
		if (v->op == ASSIGN_REMOVE || *v->value == '\0')
			why = "notes are added, never taken away";
		break;
	}
	if (why == NULL)
		return NULL;
	return err_new(ERR_USAGE, "'%.100s': %s", v->text, why);
}

static const struct err *
edit_parse(struct shop *s, struct edit *e, struct arena *a)
{
	const char *name = e->said->field;

	if ((e->field = field_find(&order_fields, name)) >= 0) {
		e->to = EDIT_FIELD;
		return edit_check_code(s, e,
		    order_fields.list[e->field].reference,
		    text_trim(a, e->said->value));
	}
	if (strcmp(name, "discount") == 0) {
		e->to = EDIT_COST;
		e->name = "discount";
	} else if (strcmp(name, "delivery_cost") == 0) {
		e->to = EDIT_COST;
		e->name = "delivery";
	} else if (strcmp(name, "returned") == 0) {
		e->to = EDIT_RETURNED;
	} else if (strcmp(name, "known_as") == 0) {
		e->to = EDIT_KNOWN;
	} else if (strcmp(name, "note") == 0) {
		e->to = EDIT_NOTE;
	} else {
		return edit_parse_part(s, e, a);
	}
	return NULL;
}

const struct err *
order_edit_parse(struct shop *s, const struct assign *v, size_t count,
    struct arena *a, struct order_edit *out)
{
	const struct err *err;
	size_t i;

	out->v = arena_zalloc(a, (count + 1) * sizeof(*out->v));
	out->count = count;
	for (i = 0; i < count; i++) {
		out->v[i].said = &v[i];
		if ((err = edit_parse(s, &out->v[i], a)) != NULL ||
		    (err = edit_check_op(&out->v[i])) != NULL)
			return err;
	}
	return NULL;
}
