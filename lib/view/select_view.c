/* select_view.c - what a selection's columns hold, onto an output. */
#include "view/select_view.h"

#include <string.h>

#include "crm/shop.h"
#include "io/out.h"
#include "view/record.h"

static enum out_mood
select_view_mood(const struct shop *s, const char *code)
{
	const struct status *status = shop_status(s, code);

	if (status == NULL || (!status->is_cancel && !status->is_revenue))
		return OUT_PLAIN;
	return status->is_cancel ? OUT_BAD : OUT_GOOD;
}

void
select_view_value(struct out *out, const struct shop *s, const char *field,
    const struct select_value *v, const char *currency)
{
	if (v->is_null) {
		out_null(out, field);
		return;
	}
	switch (v->kind) {
	case SELECT_TEXT:
		out_mood(out, field, v->text,
		    strcmp(field, "status") == 0 ?
			select_view_mood(s, v->text) :
			OUT_PLAIN);
		break;
	case SELECT_NUMBER:
		record_number(out, field, v->text);
		break;
	case SELECT_INT:
		out_int(out, field, v->number);
		break;
	case SELECT_BOOL:
		out_bool(out, field, v->number != 0);
		break;
	case SELECT_TIME:
		out_time(out, field, v->number);
		break;
	case SELECT_MONEY:
		out_money(out, field, v->number, currency);
		break;
	}
}

/* "a,b,c" as a list. In a. */
static const struct err *
select_view_columns(struct arena *a, const char *names, const char ***out,
    size_t *n)
{
	char *rest = arena_strdup(a, names), *name;
	const char **list = NULL;
	size_t i;

	*out = NULL;
	for (*n = 0; (name = strsep(&rest, ",")) != NULL; list[(*n)++] = name) {
		for (i = 0; i < *n; i++)
			if (strcmp(list[i], name) == 0)
				return err_new(ERR_USAGE,
				    "column '%.100s' is there twice", name);
		list = arena_grow(a, list, *n, sizeof(*list));
	}
	*out = list;
	return NULL;
}

const struct err *
select_view_rows(struct out *out, const struct shop *s, struct select *sel,
    const char *type, const char *columns, struct arena *a)
{
	const struct err *err;
	struct select_value v;
	const char **names;
	size_t i, n;
	int64_t id;

	if ((err = select_view_columns(a, columns, &names, &n)) != NULL ||
	    (err = select_open_columns(sel, names, n)) != NULL)
		return err;
	while ((err = select_next(sel, &id)) == NULL && id != 0) {
		out_type(out, type);
		for (i = 0; i < n; i++) {
			v = select_column(sel, i);
			select_view_value(out, s, names[i], &v,
			    select_currency(sel));
		}
		if ((err = out_end(out)) != NULL)
			return err;
	}
	return err;
}
