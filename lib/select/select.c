/* select.c - the selecting language: terms in, assembled SQL out. */
#include "select/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/custom.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "db/db.h"
#include "select/select_field.h"

/* SQLite takes 32766 parameters and 1000 levels of AND: stop well before. */
enum { VALUES_MAX = 30000, TERMS_MAX = 500 };

/* Terms -------------------------------------------------------------------- */

/* What is known of a term while its values are read. */
struct term {
	struct select *sel;
	struct select_field field;
	struct buf in;  /* the single values, with commas */
	struct buf any; /* conditions of which one must hold */
	bool or_empty;
};

/* One value, in the form in which the field keeps its own. */
static const struct err *
parse_value(struct term *t, const char *s, struct select_param *v)
{
	const struct select_field *f = &t->field;
	const struct shop *shop = t->sel->shop;
	const struct fields *fields = t->sel->of->fields;
	struct order o = { 0 };
	struct customer c = { 0 };
	struct rec *r = t->sel->of == &select_orders ? &o.rec : &c.rec;
	const struct err *err = NULL;
	int i = field_find(fields, f->name);

	*v = (struct select_param){ 0 };
	if (f->kind == KIND_MONEY)
		return decimal_parse(s, SELECT_MONEY_PLACES, &v->number);
	if (f->kind == KIND_INT)
		return decimal_parse(s, 0, &v->number);
	v->is_text = f->kind != KIND_BOOL;
	if (!v->is_text && i < 0) /* of a consent: as any other yes or no */
		i = field_find(fields, "vip");
	if (f->custom != NULL) {
		err = custom_check(t->sel->shop, t->sel->of->name, f->custom, s,
		    &t->sel->arena, &v->text);
		v->number = err == NULL && strcmp(v->text, "true") == 0;
	} else if (i >= 0) {
		err = field_parse(fields, r, i, s, shop->currency,
		    shop->country, &t->sel->arena);
		if (v->is_text)
			v->text = field_text(fields, r, i);
		else
			v->number = field_int(fields, r, i);
	} else if (strcmp(f->name, "phone") == 0) {
		v->text = phone_normal(s, shop->country, &t->sel->arena);
	} else if (strcmp(f->name, "email") == 0) {
		v->text =
		    text_fold(&t->sel->arena, text_trim(&t->sel->arena, s));
	} else {
		v->text = text_trim(&t->sel->arena, s);
	}
	if (err == NULL && f->reference != NULL && v->text != NULL)
		err = shop_check_code(shop, f->reference, v->text);
	return err;
}

struct range {
	struct select_param low, high;
	bool has_low, has_high;
	const char *below; /* the operator for the high end */
};

static struct select_param
day_value(struct arena *a, int64_t day)
{
	char buf[WHEN_STR_MAX];

	return (struct select_param){
		.is_text = true,
		.text = arena_strdup(a, when_day_format(day, buf)),
	};
}

/* Dates are kept as text; a moment stands for its day. */
static const struct err *
parse_days(struct term *t, const char *s, struct range *r)
{
	const int64_t now = t->sel->shop->now;
	const struct err *err;
	struct when_span span;

	err = strstr(s, "..") != NULL ? when_range_parse(s, now, &span) :
					when_span_parse(s, now, &span);
	if (err != NULL)
		return err;
	r->has_low = span.from != WHEN_MIN;
	r->has_high = span.to != WHEN_MAX;
	r->below = " <= ";
	if (r->has_low)
		r->low = day_value(&t->sel->arena, when_day(span.from));
	if (r->has_high)
		r->high = day_value(&t->sel->arena,
		    when_day(span.to > span.from ? span.to - 1 : span.to));
	return NULL;
}

static const struct err *
parse_times(struct term *t, const char *s, struct range *r)
{
	const int64_t now = t->sel->shop->now;
	const struct err *err;
	struct when_span span;

	if ((err = when_range_parse(s, now, &span)) != NULL)
		return err;
	r->has_low = span.from != WHEN_MIN;
	r->has_high = span.to != WHEN_MAX;
	r->below = " < ";
	r->low.number = span.from;
	r->high.number = span.to;
	return NULL;
}

static const struct err *
parse_ends(struct term *t, const char *s, struct range *r)
{
	const char *dots = strstr(s, "..");
	const char *low = arena_strndup(&t->sel->arena, s, (size_t)(dots - s));
	const char *high = dots + 2;
	const struct err *err;

	r->has_low = *low != '\0';
	r->has_high = *high != '\0';
	r->below = " <= ";
	if (r->has_low && (err = parse_value(t, low, &r->low)) != NULL)
		return err;
	if (r->has_high && (err = parse_value(t, high, &r->high)) != NULL)
		return err;
	if (r->has_low && r->has_high && r->low.number > r->high.number)
		return err_new(ERR_INPUT, "'%s' ends before it begins", s);
	return NULL;
}

static void
add_or(struct term *t)
{
	if (t->any.len != 0)
		buf_adds(&t->any, " OR ");
}

static const struct err *
add_range(struct term *t, const char *s)
{
	const char *field = t->field.compared;
	const struct err *err;
	struct range r = { 0 };

	if (t->field.kind == KIND_TIME)
		err = parse_times(t, s, &r);
	else if (t->field.kind == KIND_DATE)
		err = parse_days(t, s, &r);
	else
		err = parse_ends(t, s, &r);
	if (err != NULL)
		return err;
	add_or(t);
	if (!r.has_low && !r.has_high)
		buf_printf(&t->any, "%s IS NOT NULL", field);
	if (r.has_low) {
		buf_printf(&t->any, "%s >= ", field);
		select_add_param(t->sel, &t->any, &r.low);
	}
	if (r.has_high) {
		buf_printf(&t->any, "%s%s%s", r.has_low ? " AND " : "", field,
		    r.below);
		select_add_param(t->sel, &t->any, &r.high);
	}
	return NULL;
}

static void
add_single(struct term *t, const struct select_param *v)
{
	if (t->in.len != 0)
		buf_adds(&t->in, ", ");
	select_add_param(t->sel, &t->in, v);
}

/* A group stands for its statuses, which are indexed. */
static const struct err *
add_group(struct term *t, const char *group)
{
	const struct shop *s = t->sel->shop;
	const char **names, *near;
	bool found = false;
	size_t i;

	names = arena_zalloc(&t->sel->arena,
	    (s->status_count + 1) * sizeof(*names));
	for (i = 0; i < s->status_count; i++) {
		names[i] = s->statuses[i].group;
		if (strcmp(names[i], group) != 0)
			continue;
		found = true;
		add_single(t, &(struct select_param){ .is_text = true,
				  .text = s->statuses[i].code });
	}
	if (found)
		return NULL;
	if ((near = text_nearest(group, names)) == NULL)
		return err_new(ERR_INPUT, "unknown group '%.100s'", group);
	return err_new(ERR_INPUT, "unknown group '%.100s', did you mean '%s'",
	    group, near);
}

/* One of the comma-separated values. */
static const struct err *
add_element(struct term *t, const char *s)
{
	const enum select_field_kind kind = t->field.kind;
	const struct err *err;
	struct select_param v;

	if (t->sel->value_count >= VALUES_MAX)
		return err_new(ERR_INPUT, "more than %d values", VALUES_MAX);
	if (*s == '\0') {
		t->or_empty = true;
		return NULL;
	}
	if (kind == KIND_GROUP)
		return add_group(t, s);
	if (kind == KIND_TIME || kind == KIND_DATE ||
	    (select_kinds[kind].ordered && strstr(s, "..") != NULL))
		return add_range(t, s);
	if ((err = parse_value(t, s, &v)) == NULL)
		add_single(t, &v);
	return err;
}

static const struct err *
add_elements(struct term *t, const char *values)
{
	const struct err *err;
	char *rest = arena_strdup(&t->sel->arena, values), *s;

	while ((s = strsep(&rest, ",")) != NULL)
		if ((err = add_element(t, s)) != NULL)
			return err;
	if (t->in.len != 0) {
		add_or(t);
		/*
		 * SQLite takes any equality to be rare. That of a status is
		 * not: beside a date the index of the date is the better one.
		 */
		buf_printf(&t->any,
		    strcmp(t->field.compared, "o.status") == 0 ?
			"likelihood(%s IN (%s), 0.05)" :
			"%s IN (%s)",
		    t->field.compared, buf_str(&t->in));
	}
	return NULL;
}

static const struct err *
add_contains(struct term *t, const char *text)
{
	const struct select_field *f = &t->field;
	const struct select_param v = {
		.is_text = true,
		.text = text_fold(&t->sel->arena, text),
	};

	if (f->kind != KIND_TEXT)
		return err_new(ERR_INPUT, "'%s' is no text; write %s=%s",
		    f->name, f->name, select_kinds[f->kind].example);
	if (*text == '\0')
		return err_new(ERR_INPUT,
		    "no text to look for; write %s= for "
		    "%ss without it",
		    f->name, t->sel->of->name);
	buf_printf(&t->any, "instr(fold(%s), ", f->compared);
	select_add_param(t->sel, &t->any, &v);
	buf_adds(&t->any, ") > 0");
	return NULL;
}

/* Of a field of lines, one line must fit; empty is to have it on no line. */
static void
add_condition(struct term *t, bool negate)
{
	const struct select_field *f = &t->field;
	struct buf *w = &t->sel->where;

	buf_adds(w, w->len == 0 ? " WHERE (" : " AND (");
	if (t->any.len != 0 && f->lines != NULL)
		buf_printf(w, "EXISTS (SELECT 1 FROM %s WHERE %s AND (%s))",
		    f->lines, f->own_lines, buf_str(&t->any));
	else
		buf_adds(w, buf_str(&t->any));
	if (t->or_empty && t->any.len != 0)
		buf_adds(w, " OR ");
	if (t->or_empty && f->lines != NULL)
		buf_printf(w,
		    "NOT EXISTS (SELECT 1 FROM %s WHERE %s"
		    " AND ifnull(%s, '') <> '')",
		    f->lines, f->own_lines, f->compared);
	else if (t->or_empty)
		buf_printf(w, "ifnull(%s, '') = ''", f->compared);
	buf_adds(w, negate ? ") IS NOT TRUE" : ")"); /* NULL is none of them */
}

static const struct err *
parse_term(struct select *sel, const char *s)
{
	struct term t = { .sel = sel };
	const size_t len = strcspn(s, "=~!");
	const bool negate = s[len] == '!';
	const char *values = s + len + 1 + negate;
	const struct err *err;

	if (len == 0 || s[len] == '\0' || (negate && s[len + 1] != '='))
		return err_new(ERR_USAGE,
		    "'%.100s' is no term such as status=new; see crm-select(7)",
		    s);
	err = select_field_find(sel, arena_strndup(&sel->arena, s, len),
	    &t.field);
	if (err != NULL)
		return err;
	err =
	    s[len] == '~' ? add_contains(&t, values) : add_elements(&t, values);
	if (err == NULL)
		add_condition(&t, negate);
	else if (err->code == ERR_INPUT)
		err = err_new(ERR_USAGE, "'%.100s': %s", s, err->msg);
	buf_free(&t.in);
	buf_free(&t.any);
	return err;
}

static const struct err *
parse(struct shop *s, const struct select_entity *of, char *const *terms,
    size_t count, struct select **out)
{
	struct select *sel = mem_zalloc(sizeof(*sel));
	const struct err *err = NULL;
	size_t i;

	*out = NULL;
	sel->shop = s;
	sel->of = of;
	if (of->only != NULL)
		buf_printf(&sel->where, " WHERE %s", of->only);
	if (count > TERMS_MAX)
		err = err_new(ERR_USAGE, "more than %d terms", TERMS_MAX);
	for (i = 0; err == NULL && i < count; i++)
		err = parse_term(sel, terms[i]);
	if (err != NULL) {
		select_free(sel);
		return err;
	}
	*out = sel;
	return NULL;
}

const struct err *
select_parse(struct shop *s, char *const *terms, size_t count,
    struct select **out)
{
	return parse(s, &select_orders, terms, count, out);
}

const struct err *
select_parse_customers(struct shop *s, char *const *terms, size_t count,
    struct select **out)
{
	return parse(s, &select_customers, terms, count, out);
}

void
select_free(struct select *sel)
{
	if (sel == NULL)
		return;
	db_finish(sel->st);
	buf_free(&sel->sql);
	buf_free(&sel->where);
	buf_free(&sel->order);
	arena_free(&sel->arena);
	free(sel);
}

/* Order and limit ---------------------------------------------------------- */

const struct err *
select_sort(struct select *sel, const char *spec)
{
	char *rest = arena_strdup(&sel->arena, spec), *name;
	const struct err *err;
	struct select_field f;
	bool down;

	while ((name = strsep(&rest, ",")) != NULL) {
		down = *name == '-';
		if ((err = select_field_find(sel, name + down, &f)) != NULL)
			return err;
		if (f.lines != NULL)
			return err_new(ERR_USAGE,
			    "cannot sort by '%s': %s has several", f.name,
			    sel->of == &select_orders ? "an order" :
							"a customer");
		buf_adds(&sel->order,
		    f.kind == KIND_GROUP ? f.value : f.compared);
		buf_adds(&sel->order, down ? " DESC, " : ", ");
	}
	return NULL;
}

void
select_limit(struct select *sel, int64_t limit)
{
	sel->limit = limit;
}

/* Reading ------------------------------------------------------------------ */

/* Complete the statement with its limit and start it. */
static const struct err *
start(struct select *sel)
{
	const struct err *err;
	size_t i;

	if (sel->limit != 0) {
		buf_adds(&sel->sql, " LIMIT ");
		select_add_param(sel, &sel->sql,
		    &(struct select_param){ .number = sel->limit });
	}
	if ((err = db_prepare(sel->shop->db, buf_str(&sel->sql), &sel->st)) !=
	    NULL)
		return err;
	for (i = 0; i < sel->value_count; i++)
		if (sel->values[i].is_text)
			db_bind_text_at(sel->st, (int)i + 1,
			    sel->values[i].text);
		else
			db_bind_int_at(sel->st, (int)i + 1,
			    sel->values[i].number);
	return NULL;
}

static const struct err *
start_list(struct select *sel)
{
	buf_printf(&sel->sql, " FROM %s", sel->of->table);
	buf_adds(&sel->sql, buf_str(&sel->where));
	buf_adds(&sel->sql, " ORDER BY ");
	buf_adds(&sel->sql, buf_str(&sel->order));
	buf_adds(&sel->sql, "o.id");
	return start(sel);
}

const struct err *
select_open(struct select *sel)
{
	buf_adds(&sel->sql, "SELECT o.id");
	return start_list(sel);
}

const struct err *
select_next(struct select *sel, int64_t *id)
{
	const struct err *err;
	bool row;

	*id = 0;
	if ((err = db_step(sel->st, &row)) == NULL && row)
		*id = db_col_int(sel->st, 0);
	return err;
}

/* Columns of the statement before those that were asked for. */
enum { COLUMN_ID, COLUMN_CURRENCY, COLUMN_FIRST };

const struct err *
select_open_columns(struct select *sel, const char *const *names, size_t count)
{
	const struct err *err;
	struct select_field *f;
	size_t i;

	sel->columns = arena_alloc(&sel->arena, count * sizeof(*f));
	buf_adds(&sel->sql, "SELECT o.id, ");
	select_add_currency(sel, &sel->sql);
	for (i = 0; i < count; i++) {
		f = &sel->columns[i];
		if ((err = select_field_find(sel, names[i], f)) != NULL)
			return err;
		if (f->lines == NULL)
			buf_printf(&sel->sql, ", %s", f->value);
		else
			buf_printf(&sel->sql,
			    ", (SELECT group_concat(%s, ', ') FROM %s WHERE %s)",
			    f->value, f->lines, f->own_lines);
	}
	return start_list(sel);
}

/* Column `at` of the statement, which holds the field's value. */
static struct select_value
read_value(const struct select *sel, size_t field, int at)
{
	struct select_value v = {
		.kind = select_kinds[sel->columns[field].kind].shown,
		.is_null = db_col_is_null(sel->st, at),
	};

	if (v.kind == SELECT_TEXT || v.kind == SELECT_NUMBER)
		v.text = db_col_peek(sel->st, at);
	else
		v.number = db_col_int(sel->st, at);
	return v;
}

struct select_value
select_column(const struct select *sel, size_t i)
{
	return read_value(sel, i, COLUMN_FIRST + (int)i);
}

const char *
select_currency(const struct select *sel)
{
	return db_col_peek(sel->st, COLUMN_CURRENCY);
}

/* What groups are sorted by before their value. */
static const char *
group_order(const struct select_field *f)
{
	if (f->kind == KIND_NUMBER)
		return " CAST(v AS NUMERIC),";
	return select_kinds[f->kind].ordered ? "" : " count(*) DESC,";
}

/* An order counts once at each of its values: DISTINCT, when it has several. */
const struct err *
select_open_groups(struct select *sel, const char *by)
{
	const struct err *err;
	struct select_field *f;

	sel->columns = f = arena_zalloc(&sel->arena, sizeof(*f));
	f->value = "NULL";
	if (by != NULL && (err = select_field_find(sel, by, f)) != NULL)
		return err;
	if (f->kind == KIND_TIME) {
		f->kind = KIND_DATE;
		f->value = arena_printf(&sel->arena,
		    "date(%s, 'unixepoch', 'localtime')", f->value);
	}
	buf_printf(&sel->sql,
	    "SELECT v, currency, count(*), sum(total_minor) FROM"
	    " (SELECT %s o.id, %s AS v, o.currency, o.total_minor"
	    " FROM orders o",
	    f->lines != NULL ? "DISTINCT" : "", f->value);
	if (f->lines != NULL)
		buf_printf(&sel->sql, " LEFT JOIN %s ON %s", f->lines,
		    f->own_lines);
	buf_printf(&sel->sql, "%s) GROUP BY v, currency ORDER BY%s v, currency",
	    buf_str(&sel->where), group_order(f));
	return start(sel);
}

const struct err *
select_next_group(struct select *sel, struct select_group *g, bool *more)
{
	const struct err *err;
	struct db_stmt *st = sel->st;

	*g = (struct select_group){ 0 };
	if ((err = db_step(st, more)) != NULL || !*more)
		return err;
	g->value = read_value(sel, 0, 0);
	g->currency = db_col_peek(st, 1);
	g->orders = db_col_int(st, 2);
	g->total_minor = db_col_int(st, 3);
	return NULL;
}
