/* codes.c - our codes in a receiver's words. */
#include "export/codes.h"

#include <string.h>

#include "io/conf.h"

static const struct conf_key codes_keys[] = {
	{ "values", CONF_LIST, NULL },
	{ NULL, CONF_END, NULL },
};
static const struct conf_key file_keys[] = {
	{ "codes", CONF_SECTION, codes_keys },
	{ NULL, CONF_END, NULL },
};

static const struct err *
codes_add(const struct conf *s, const char *path, size_t i, struct arena *a,
    struct codes *c)
{
	static const char *const tables[] = { "status", "group",
		"delivery_type", "payment_type", "payment_status" };
	const char *text = conf_list_at(s, "values", i);
	const char *eq = strchr(text, '=');
	size_t t;

	for (t = 0; t < ARRAY_LEN(tables); t++)
		if (strcmp(tables[t], conf_title(s)) == 0)
			break;
	if (t == ARRAY_LEN(tables))
		return err_new(ERR_CONFIG, "%s:%d: unknown codes '%s'", path,
		    conf_line(s, "values"), conf_title(s));
	if (eq == NULL)
		return err_new(ERR_CONFIG,
		    "%s:%d: codes '%s': '%s' is not of the form \"our=their\"",
		    path, conf_line(s, "values"), conf_title(s), text);
	c->v = arena_grow(a, c->v, c->len, sizeof(*c->v));
	c->v[c->len++] = (struct codes_word){ tables[t],
		arena_strndup(a, text, (size_t)(eq - text)),
		arena_strdup(a, eq + 1) };
	return NULL;
}

const struct err *
codes_read(const char *path, struct arena *a, struct codes *c)
{
	const struct err *err;
	const struct conf *s;
	struct conf *conf;
	size_t i, k;

	if ((err = conf_read(path, file_keys, &conf)) != NULL)
		return err;
	for (i = 0; i < conf_section_len(conf, "codes") && err == NULL; i++) {
		s = conf_section_at(conf, "codes", i);
		for (k = 0; k < conf_list_len(s, "values") && err == NULL; k++)
			err = codes_add(s, path, k, a, c);
	}
	conf_free(conf);
	return err;
}

const char *
codes_get(const struct codes *c, const char *table, const char *ours)
{
	size_t i;

	for (i = 0; i < c->len; i++)
		if (strcmp(c->v[i].table, table) == 0 &&
		    strcmp(c->v[i].ours, ours) == 0)
			return c->v[i].theirs;
	return NULL;
}
