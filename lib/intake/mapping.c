/* mapping.c - map files: how orders of others are read. */
#include "intake/mapping.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/conf.h"
#include "order/order.h"

static const struct conf_key column_keys[] = {
	{ "field", CONF_STR, NULL },
	{ "format", CONF_STR, NULL },
	{ "values", CONF_LIST, NULL },
	{ NULL, CONF_END, NULL },
};

static const struct conf_key codes_keys[] = {
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
	{ "rounding", CONF_STR, NULL },
	{ "quotes", CONF_STR, NULL },
	{ "key", CONF_LIST, NULL },
	{ "ignore", CONF_LIST, NULL },
	{ "codes", CONF_SECTION, codes_keys },
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
	static const char *const rounding[] = { "say", "keep", NULL };
	static const char *const quotes[] = { "excel", "mysql", NULL };
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
	if ((err = mapping_word(m, c, "rounding", rounding, &v)) != NULL)
		return err;
	m->keep_rounding = v == 1;
	if ((err = mapping_word(m, c, "quotes", quotes, &v)) != NULL)
		return err;
	m->dialect.mysql = v == 1;
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

/* Fields whose values are codes: of the order, and of its payments. */
static bool
mapping_is_coded(const char *field)
{
	int i = field_find(&order_fields, field);

	if (i >= 0)
		return order_fields.list[i].kind == FIELD_CODE ||
		       order_fields.list[i].kind == FIELD_CURRENCY;
	return strcmp(field, "payment_type") == 0 ||
	       strcmp(field, "payment_status") == 0;
}

/* "Новый=new" is the cell "новый" in any case, meaning new. */
static const struct err *
mapping_read_values(struct mapping *m, const struct conf *c, const char *what,
    const struct mapping_value **out, size_t *count)
{
	struct mapping_value *v;
	const char *text, *eq;
	size_t i;

	*count = conf_list_len(c, "values");
	v = arena_alloc(&m->arena, (*count + 1) * sizeof(*v));
	for (i = 0; i < *count; i++) {
		text = conf_list_at(c, "values", i);
		if ((eq = strrchr(text, '=')) == NULL)
			return err_new(ERR_CONFIG,
			    "%s:%d: %s '%s': '%s' is not of the form "
			    "\"cell=code\"",
			    m->path, conf_line(c, "values"), what,
			    conf_title(c), text);
		v[i].from = text_fold(&m->arena,
		    arena_strndup(&m->arena, text, (size_t)(eq - text)));
		v[i].to = arena_strdup(&m->arena, eq + 1);
	}
	*out = v;
	return NULL;
}

static const struct err *
mapping_read_codes(struct mapping *m, const struct conf *c)
{
	const struct err *err;
	const struct conf *s;
	struct mapping_codes *codes;
	size_t i;

	m->code_count = conf_section_len(c, "codes");
	m->codes =
	    arena_zalloc(&m->arena, (m->code_count + 1) * sizeof(*m->codes));
	for (i = 0; i < m->code_count; i++) {
		s = conf_section_at(c, "codes", i);
		codes = &m->codes[i];
		codes->field = arena_strdup(&m->arena, conf_title(s));
		if (!mapping_is_coded(codes->field))
			return err_new(ERR_CONFIG,
			    "%s: codes '%s': there is no such field with codes",
			    m->path, codes->field);
		if ((err = mapping_read_values(m, s, "codes", &codes->values,
			 &codes->value_count)) != NULL)
			return err;
	}
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
		col->path = text_trim(&m->arena, conf_title(s));
		col->name = text_fold(&m->arena, col->path);
		if (conf_str(s, "field") == NULL)
			return err_new(ERR_CONFIG,
			    "%s: column '%s' names no field", m->path,
			    conf_title(s));
		col->field = arena_strdup(&m->arena, conf_str(s, "field"));
		if (conf_str(s, "format") != NULL)
			col->format =
			    arena_strdup(&m->arena, conf_str(s, "format"));
		if ((err = mapping_read_values(m, s, "column", &col->values,
			 &col->value_count)) != NULL)
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
	if ((err = mapping_read_dialect(m, c)) == NULL &&
	    (err = mapping_read_codes(m, c)) == NULL)
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

void
mapping_lay(const struct mapping *over, const struct mapping *under,
    struct mapping *out)
{
	*out = *over;
	out->below = under;
	if (out->source == NULL)
		out->source = under->source;
	if (out->timezone == NULL)
		out->timezone = under->timezone;
	if (out->dialect.encoding == DSV_DETECT)
		out->dialect.encoding = under->dialect.encoding;
	if (out->dialect.separator == '\0')
		out->dialect.separator = under->dialect.separator;
	out->dialect.mysql = over->dialect.mysql || under->dialect.mysql;
	if (out->decimal == '\0')
		out->decimal = under->decimal;
	if (out->lines == MAPPING_LINES_DETECT)
		out->lines = under->lines;
	out->accept_returns = over->accept_returns || under->accept_returns;
	out->keep_rounding = over->keep_rounding || under->keep_rounding;
	if (out->key_count == 0) {
		out->key = under->key;
		out->key_count = under->key_count;
	}
	if (out->constant_count == 0) {
		out->constants = under->constants;
		out->constant_count = under->constant_count;
	}
}

static bool
mapping_ignores_itself(const struct mapping *m, const char *folded)
{
	size_t i;

	for (i = 0; i < m->ignore_count; i++)
		if (strcmp(m->ignore[i], folded) == 0)
			return true;
	return false;
}

const struct mapping_column *
mapping_find(const struct mapping *m, const char *folded)
{
	size_t i;

	for (; m != NULL && !mapping_ignores_itself(m, folded); m = m->below)
		for (i = 0; i < m->column_count; i++)
			if (strcmp(m->columns[i].name, folded) == 0)
				return &m->columns[i];
	return NULL;
}

bool
mapping_ignores(const struct mapping *m, const char *folded)
{
	for (; m != NULL; m = m->below)
		if (mapping_ignores_itself(m, folded))
			return true;
	return false;
}

static const char *
mapping_look_up(const struct mapping_value *v, size_t count, const char *folded)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(v[i].from, folded) == 0)
			return v[i].to;
	return NULL;
}

const char *
mapping_value(const struct mapping_column *c, const char *cell, struct arena *a)
{
	const char *to = NULL;

	if (c != NULL && c->value_count != 0)
		to = mapping_look_up(c->values, c->value_count,
		    text_fold(a, cell));
	return to != NULL ? to : cell;
}

const char *
mapping_code(const struct mapping *m, const char *field, const char *code,
    struct arena *a)
{
	const char *folded = text_fold(a, code), *to;
	size_t i;

	for (; m != NULL; m = m->below)
		for (i = 0; i < m->code_count; i++)
			if (strcmp(m->codes[i].field, field) == 0 &&
			    (to = mapping_look_up(m->codes[i].values,
				 m->codes[i].value_count, folded)) != NULL)
				return to;
	return NULL;
}

bool
mapping_has_codes(const struct mapping *m, const char *field)
{
	size_t i;

	for (; m != NULL; m = m->below)
		for (i = 0; i < m->code_count; i++)
			if (field == NULL ||
			    strcmp(m->codes[i].field, field) == 0)
				return true;
	return false;
}
