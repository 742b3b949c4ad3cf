/* export.c - the kinds of receivers, and what their exporters share. */
#include "export/export.h"

#include <string.h>

static const struct export_kind *const kinds[] = {
	&commerceml_export,
	&insales_export,
	&moysklad_export,
	&retailcrm_export,
	&shopify_export,
	&woocommerce_export,
};

const struct err *
export_kind(const char *name, const struct export_kind **out)
{
	size_t i;

	*out = NULL;
	for (i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			*out = kinds[i];
	if (*out != NULL)
		return NULL;
	return err_new(ERR_CONFIG,
	    "unknown kind '%s'; choose from commerceml, insales, moysklad, "
	    "retailcrm, shopify, woocommerce",
	    name);
}

void
export_request(struct export *x, const struct export_order *e,
    const char *method, const char *path)
{
	out_text(x->out, "order_no", e->o->order_no);
	out_text(x->out, "method", method);
	out_text(x->out, "path", path);
}

const struct err *
export_requested(struct export *x)
{
	return out_end(x->out);
}

const struct err *
export_ask(struct export *x, const struct export_order *e, const char *path,
    const struct json **answer)
{
	*answer = NULL;
	return x->ask != NULL ? x->ask(x, e, path, answer) : NULL;
}

const struct json *
export_first(const struct json *answer, const char *name)
{
	const struct json *m = NULL;

	if (answer != NULL && json_kind(answer) == JSON_OBJECT)
		m = json_get(answer, name);
	if (m == NULL ||
	    (json_kind(m) != JSON_ARRAY && json_kind(m) != JSON_OBJECT))
		return NULL;
	return json_first(m);
}

const char *
export_member(const struct json *j, const char *name, struct arena *a)
{
	const struct json *m =
	    json_kind(j) == JSON_OBJECT ? json_get(j, name) : NULL;
	const char *text;

	if (m == NULL || (json_text(m, name, &text) != NULL &&
			     json_decimal(m, name, a, &text) != NULL))
		return "";
	return text;
}

const char *
export_id(const char *id, struct arena *a)
{
	struct buf b = { 0 };
	const char *s;

	for (; *id != '\0'; id++)
		if (strchr("-_.", *id) != NULL || (*id >= '0' && *id <= '9') ||
		    (*id >= 'A' && *id <= 'Z') || (*id >= 'a' && *id <= 'z'))
			buf_addc(&b, *id);
		else
			buf_printf(&b, "%%%02X", (unsigned char)*id);
	s = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return s;
}

bool
export_is_paid(const struct order *o)
{
	return o->total_minor > 0 && o->paid_minor >= o->total_minor;
}
