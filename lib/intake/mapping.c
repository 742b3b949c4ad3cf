/* mapping.c - map files: how a foreign table is read. */
#include "intake/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/conf.h"

static const struct conf_key column_keys[] = {
	{ "field", CONF_STR, NULL },
	{ "format", CONF_STR, NULL },
	{ "values", CONF_LIST, NULL },
	{ NULL, CONF_END, NULL },
};

static const struct conf_key constant_keys[] = {
	{ "value", CONF_STR, NULL },
	{ NULL, CONF_END, NULL },
};

static const struct conf_key mapping_keys[] = {
	{ "source", CONF_STR, NULL },
	{ "timezone", CONF_STR, NULL },
	{ "encoding", CONF_STR, NULL },
	{ "separator", CONF_STR, NULL },
	{ "decimal", CONF_STR, NULL },
	{ "lines", CONF_STR, NULL },
	{ "returns", CONF_STR, NULL },
	{ "key", CONF_LIST, NULL },
	{ "ignore", CONF_LIST, NULL },
	{ "column", CONF_SECTION, column_keys },
	{ "constant", CONF_SECTION, constant_keys },
	{ NULL, CONF_END, NULL },
};

/* A key whose value is one word of a list; *out is its index, 0 when unset. */
static const struct err *
mapping_word(const struct mapping *m, const struct conf *c, const char *key,
    const char *const *words, int *out)
{
	const char *v = conf_str(c, key);
	int i;

	*out = 0;
	if (v == NULL)
		return NULL;
	for (i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], v) == 0) {
			*out = i;
			return NULL;
		}
	return err_new(ERR_CONFIG, "%s:%d: %s cannot be '%s'", m->path,
	    conf_line(c, key), key, v);
}

static const struct err *
mapping_read_dialect(struct mapping *m, const struct conf *c)
{
	static const char *const encodings[] = { "detect", "utf-8", "utf-16le",
		"windows-1251", NULL };
	static const char *const decimals[] = { "detect", ".", ",", NULL };
	static const char *const lines[] = { "detect", "item", "order", NULL };
	static const char *const returns[] = { "reject", "accept", NULL };
	const char *sep = conf_str(c, "separator");
	const struct err *err;
	int v;

	if ((err = mapping_word(m, c, "encoding", encodings, &v)) != NULL)
		return err;
	m->dialect.encoding = (enum dsv_encoding)v;
	if ((err = mapping_word(m, c, "decimal", decimals, &v)) != NULL)
		return err;
	if (v != 0)
		m->decimal = decimals[v][0];
	if ((err = mapping_word(m, c, "lines", lines, &v)) != NULL)
		return err;
	m->lines = (enum mapping_lines)v;
	if ((err = mapping_word(m, c, "returns", returns, &v)) != NULL)
		return err;
	m->accept_returns = v == 1;
	if (sep == NULL)
		return NULL;
	m->dialect.separator = sep[0];
	if (strcmp(sep, "tab") == 0)
		m->dialect.separator = '\t';
	if (sep[0] == '\0' || (m->dialect.separator != '\t' && sep[1] != '\0'))
		return err_new(ERR_CONFIG,
		    "%s:%d: separator is one character, or \"tab\"", m->path,
		    conf_line(c, "separator"));
	return NULL;
}

static const char **
mapping_list(struct mapping *m, const struct conf *c, const char *key,
    bool fold, size_t *count)
{
	size_t i;
	const char **v;

	*count = conf_list_len(c, key);
	v = arena_alloc(&m->arena, (*count + 1) * sizeof(*v));
	for (i = 0; i < *count; i++)
		v[i] = fold ? text_fold(&m->arena, conf_list_at(c, key, i)) :
			      arena_strdup(&m->arena, conf_list_at(c, key, i));
	return v;
}

/* "Новый=new" is the cell "новый" in any case, meaning new. */
static const struct err *
mapping_read_values(struct mapping *m, const struct conf *c,
    struct mapping_column *col)
{
	struct mapping_value *v;
	const char *text, *eq;
	size_t i;

	col->value_count = conf_list_len(c, "values");
	v = arena_alloc(&m->arena, (col->value_count + 1) * sizeof(*v));
	for (i = 0; i < col->value_count; i++) {
		text = conf_list_at(c, "values", i);
		if ((eq = strrchr(text, '=')) == NULL)
			return err_new(ERR_CONFIG,
			    "%s:%d: column '%s': '%s' is not of the form "
			    "\"cell=code\"",
			    m->path, conf_line(c, "values"), conf_title(c),
			    text);
		v[i].from = text_fold(&m->arena,
		    arena_strndup(&m->arena, text, (size_t)(eq - text)));
		v[i].to = arena_strdup(&m->arena, eq + 1);
	}
	col->values = v;
	return NULL;
}

static const struct err *
mapping_read_columns(struct mapping *m, const struct conf *c)
{
	const struct err *err;
	const struct conf *s;
	struct mapping_column *col;
	size_t i;

	m->column_count = conf_section_len(c, "column");
	m->columns = arena_zalloc(&m->arena,
	    (m->column_count + 1) * sizeof(*m->columns));
	for (i = 0; i < m->column_count; i++) {
		s = conf_section_at(c, "column", i);
		col = &m->columns[i];
		col->name =
		    text_fold(&m->arena, text_trim(&m->arena, conf_title(s)));
		if (conf_str(s, "field") == NULL)
			return err_new(ERR_CONFIG,
			    "%s: column '%s' names no field", m->path,
			    conf_title(s));
		col->field = arena_strdup(&m->arena, conf_str(s, "field"));
		if (conf_str(s, "format") != NULL)
			col->format =
			    arena_strdup(&m->arena, conf_str(s, "format"));
		if ((err = mapping_read_values(m, s, col)) != NULL)
			return err;
	}
	m->constant_count = conf_section_len(c, "constant");
	m->constants = arena_zalloc(&m->arena,
	    (m->constant_count + 1) * sizeof(*m->constants));
	for (i = 0; i < m->constant_count; i++) {
		s = conf_section_at(c, "constant", i);
		m->constants[i].field = arena_strdup(&m->arena, conf_title(s));
		if (conf_str(s, "value") == NULL)
			return err_new(ERR_CONFIG,
			    "%s: constant '%s' has no value", m->path,
			    conf_title(s));
		m->constants[i].constant =
		    arena_strdup(&m->arena, conf_str(s, "value"));
	}
	return NULL;
}

const struct err *
mapping_read(const char *path, struct mapping **out)
{
	struct mapping *m;
	const struct err *err;
	struct conf *c;

	*out = NULL;
	if ((err = conf_read(path, mapping_keys, &c)) != NULL)
		return err;
	m = mem_zalloc(sizeof(*m));
	m->path = arena_strdup(&m->arena, path);
	if (conf_str(c, "source") != NULL)
		m->source = arena_strdup(&m->arena, conf_str(c, "source"));
	if (conf_str(c, "timezone") != NULL)
		m->timezone = arena_strdup(&m->arena, conf_str(c, "timezone"));
	m->key = mapping_list(m, c, "key", false, &m->key_count);
	m->ignore = mapping_list(m, c, "ignore", true, &m->ignore_count);
	if ((err = mapping_read_dialect(m, c)) == NULL)
		err = mapping_read_columns(m, c);
	conf_free(c);
	if (err != NULL) {
		mapping_free(m);
		m = NULL;
	}
	*out = m;
	return err;
}

void
mapping_free(struct mapping *m)
{
	if (m == NULL)
		return;
	arena_free(&m->arena);
	free(m);
}

const struct mapping_column *
mapping_find(const struct mapping *m, const char *folded)
{
	size_t i;

	for (i = 0; i < m->column_count; i++)
		if (strcmp(m->columns[i].name, folded) == 0)
			return &m->columns[i];
	return NULL;
}

bool
mapping_ignores(const struct mapping *m, const char *folded)
{
	size_t i;

	for (i = 0; i < m->ignore_count; i++)
		if (strcmp(m->ignore[i], folded) == 0)
			return true;
	return false;
}

const char *
mapping_value(const struct mapping_column *c, const char *cell, struct arena *a)
{
	const char *folded;
	size_t i;

	if (c == NULL || c->value_count == 0)
		return cell;
	folded = text_fold(a, cell);
	for (i = 0; i < c->value_count; i++)
		if (strcmp(c->values[i].from, folded) == 0)
			return c->values[i].to;
	return cell;
}
