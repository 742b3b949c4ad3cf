/* select_view.c - what a selection's columns hold, onto an output. */
#include "app/select_view.h"

#include <string.h>

#include "app/record.h"
#include "io/out.h"

void
select_view_value(struct out *out, const char *field,
    const struct select_value *v, const char *currency)
{
	if (v->is_null) {
		out_null(out, field);
		return;
	}
	switch (v->kind) {
	case SELECT_TEXT:
		out_text(out, field, v->text);
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

const struct err *
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
