/* conf.c - configuration and map files, read by libConfuse. */
#include "io/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include "base/decimal.h"
#include "base/mem.h"
#include "base/text.h"
#include "io/file.h"

#define CONF_MAX ((size_t)1 << 20) /* bytes of a file */

/*
 * libConfuse keeps no lines and knows int only as long, so each value is one
 * of these, which it carries as a pointer.
 */
struct conf_value {
	int line;
	int64_t number; /* CONF_INT and CONF_BOOL */
	char text[];
};

/*
 * libConfuse reports errors to a function it gives no pointer of ours, and its
 * scanner is one for the process anyway.
 */
static struct {
	const char *path;
	const struct err *err; /* the first */
} conf_reading;

/* struct conf is never defined: it is libConfuse's section under another name. */
static const cfg_t *
conf_cfg(const struct conf *c)
{
	return (const cfg_t *)c;
}

/* The text while it is made fit for libConfuse; all below stand at p. */
struct conf_text {
	const char *path;
	char *p;
	int line;
};

static const struct err *
conf_fault(const struct conf_text *t, const char *what)
{
	return err_new(ERR_CONFIG, "%s:%d: %s", t->path, t->line, what);
}

/* Go on to end; what is passed becomes blanks if it is a comment. */
static void
conf_pass(struct conf_text *t, const char *end, bool comment)
{
	for (; t->p < end; t->p++) {
		if (*t->p == '\n')
			t->line++;
		else if (comment)
			*t->p = ' ';
	}
}

/* At a quote. */
static const struct err *
conf_pass_string(struct conf_text *t)
{
	const char quote = *t->p;
	const char *p, *brace;

	for (p = t->p + 1; *p != quote; p++) {
		if (*p == '\0')
			return conf_fault(t, "quote without its end");
		if (quote == '"' && p[0] == '$' && p[1] == '{' &&
		    (brace = strchr(p, '}')) != NULL)
			p = brace; /* quotes inside are part of the name */
		if (p[0] != '\\' || p[1] == '\0')
			continue;
		p++;
		if (quote == '"' && strchr("0123456789x", *p) != NULL)
			return conf_fault(t, "a character is written as "
					     "itself, not by its number");
	}
	conf_pass(t, p + 1, false);
	return NULL;
}

/* At a '#' or '/': a comment, or one more character of a word. */
static const struct err *
conf_pass_comment(struct conf_text *t, bool in_word)
{
	const char *end = t->p + 1;
	bool comment = true;

	if (strncmp(t->p, "/*", 2) == 0) {
		if ((end = strstr(t->p + 2, "*/")) == NULL)
			return conf_fault(t, "comment without its end");
		end += 2;
	} else if (*t->p == '#' || (t->p[1] == '/' && !in_word)) {
		end = t->p + strcspn(t->p, "\n");
	} else {
		comment = false;
	}
	conf_pass(t, end, comment);
	return NULL;
}

/*
 * libConfuse 3.3 counts the lines of comments wrongly, takes none inside a list
 * and accepts a section without its end; after a string without its end its
 * scanner begins the next file in the middle of a string. So comments are
 * blanked, and what must have an end is seen to have one.
 */
static const struct err *
conf_prepare(const char *path, char *text)
{
	static const char word_ends[] = " \t\r\n\"'{}()=+,";
	struct conf_text t = { .path = path, .p = text, .line = 1 };
	const struct err *err = NULL;
	int depth = 0, opened = 0;
	bool in_word;

	conf_pass(&t, text + text_utf8_valid(text, strlen(text)), false);
	if (*t.p != '\0')
		return conf_fault(&t, "bad UTF-8");
	t = (struct conf_text){ .path = path, .p = text, .line = 1 };
	if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
		conf_pass(&t, text + 3, true);
	while (*t.p != '\0' && err == NULL) {
		in_word = t.p != text && strchr(word_ends, t.p[-1]) == NULL;
		if (*t.p == '"' || *t.p == '\'') {
			err = conf_pass_string(&t);
			continue;
		}
		if (*t.p == '#' || *t.p == '/') {
			err = conf_pass_comment(&t, in_word);
			continue;
		}
		if (t.p[0] == '$' && t.p[1] == '{')
			return conf_fault(&t, "${...} needs double quotes");
		if (*t.p == '{' && depth++ == 0)
			opened = t.line;
		if (*t.p == '}')
			depth--;
		conf_pass(&t, t.p + 1, false);
	}
	t.line = opened;
	return err == NULL && depth > 0 ?
		   conf_fault(&t, "'{' without its end") :
		   err;
}

/* The known name nearest to one that is not, or NULL. */
static const char *
conf_nearest(const cfg_t *cfg, const char *name)
{
	const char **names, *nearest;
	size_t n = 0, i;

	while (cfg->opts[n].name != NULL)
		n++;
	names = mem_zalloc((n + 1) * sizeof(*names));
	for (i = 0; i < n; i++)
		names[i] = cfg->opts[i].name;
	nearest = text_nearest(name, names);
	free(names);
	return nearest;
}

static const struct err *
conf_unknown(const cfg_t *cfg, const char *name)
{
	const char *nearest = conf_nearest(cfg, name);

	if (nearest == NULL)
		return err_new(ERR_CONFIG, "%s:%d: unknown key '%s'",
		    conf_reading.path, cfg->line, name);
	return err_new(ERR_CONFIG,
	    "%s:%d: unknown key '%s', did you mean '%s'?", conf_reading.path,
	    cfg->line, name, nearest);
}

static void PRINTF(2, 0) conf_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char what[300];

	if (conf_reading.err != NULL)
		return;
	if (strcmp(fmt, "no such option '%s'") == 0) {
		conf_reading.err = conf_unknown(cfg, va_arg(ap, const char *));
		return;
	}
	vsnprintf(what, sizeof(what), fmt, ap);
	conf_reading.err = err_new(ERR_CONFIG, "%s:%d: %s", conf_reading.path,
	    cfg->line, what);
}

/* Hand a value to libConfuse, which frees it with the rest. */
static int
conf_take(const cfg_t *cfg, const char *text, int64_t number, void *result)
{
	size_t size = strlen(text) + 1;
	struct conf_value *v = mem_alloc(sizeof(*v) + size);

	v->line = cfg->line;
	v->number = number;
	memcpy(v->text, text, size);
	*(void **)result = v;
	return CFG_SUCCESS;
}

/* The environment can bring anything into a string. */
static int
conf_check_utf8(cfg_t *cfg, const cfg_opt_t *opt, const char *text)
{
	if (text_utf8_valid(text, strlen(text)) == strlen(text))
		return CFG_SUCCESS;
	cfg_error(cfg, "bad UTF-8 in '%s'", opt->name);
	return CFG_FAIL;
}

static int
conf_take_str(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	if (conf_check_utf8(cfg, opt, value) != CFG_SUCCESS)
		return CFG_FAIL;
	return conf_take(cfg, value, 0, result);
}

static int
conf_take_int(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	int64_t v;

	if (decimal_parse(value, 0, &v) != NULL) {
		cfg_error(cfg, "'%s' is not a whole number", opt->name);
		return CFG_FAIL;
	}
	return conf_take(cfg, "", v, result);
}

static int
conf_take_bool(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	int v = cfg_parse_boolean(value);

	if (v < 0) {
		cfg_error(cfg, "'%s' is neither true nor false", opt->name);
		return CFG_FAIL;
	}
	return conf_take(cfg, "", v, result);
}

static int
conf_check_title(cfg_t *cfg, cfg_opt_t *opt)
{
	return conf_check_utf8(cfg, opt,
	    opt->values[opt->nvalues - 1]->section->title);
}

/* Our table as libConfuse's, which copies it. In a. */
static cfg_opt_t *
conf_options(struct arena *a, const struct conf_key *keys)
{
	size_t n = 0, i;
	cfg_opt_t *opts, *o;

	while (keys[n].kind != CONF_END)
		n++;
	opts = arena_alloc(a, (n + 1) * sizeof(*opts));
	opts[n] = (cfg_opt_t)CFG_END();
	for (i = 0; i < n; i++) {
		o = &opts[i];
		*o = (cfg_opt_t){
			.name = keys[i].name,
			.type = CFGT_PTR,
			.flags = CFGF_NODEFAULT,
			.parsecb = conf_take_str,
			.freecb = free,
		};
		if (keys[i].kind == CONF_LIST) {
			o->flags |= CFGF_LIST;
		} else if (keys[i].kind == CONF_INT) {
			o->parsecb = conf_take_int;
		} else if (keys[i].kind == CONF_BOOL) {
			o->parsecb = conf_take_bool;
		} else if (keys[i].kind == CONF_SECTION) {
			o->type = CFGT_SEC;
			o->flags =
			    CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
			o->subopts = conf_options(a, keys[i].keys);
			o->validcb = conf_check_title;
		}
	}
	return opts;
}

static const struct err *
conf_parse(const char *path, const struct conf_key *keys, struct arena *a,
    const char *text, struct conf **out)
{
	cfg_t *cfg = cfg_init(conf_options(a, keys), CFGF_NONE);

	conf_reading.path = path;
	conf_reading.err = NULL;
	cfg_set_error_function(cfg, conf_error);
	if (cfg_parse_buf(cfg, text) == CFG_SUCCESS) {
		*out = (struct conf *)cfg;
		return NULL;
	}
	cfg_free(cfg);
	if (conf_reading.err != NULL)
		return conf_reading.err;
	return err_new(ERR_CONFIG, "%s: syntax error", path);
}

const struct err *
conf_read(const char *path, const struct conf_key *keys, struct conf **out)
{
	const struct err *err;
	struct arena a = { 0 };
	const char *text;
	char *copy;

	*out = NULL;
	if ((err = file_slurp(path, CONF_MAX, &a, &text)) != NULL) {
		err = err_new(ERR_CONFIG, "%s", err->msg);
	} else {
		copy = arena_strdup(&a, text);
		if ((err = conf_prepare(path, copy)) == NULL)
			err = conf_parse(path, keys, &a, copy, out);
	}
	arena_free(&a);
	return err;
}

void
conf_free(struct conf *c)
{
	if (c != NULL)
		cfg_free((cfg_t *)c);
}

static enum conf_kind
conf_kind(const cfg_opt_t *opt)
{
	if (opt->type == CFGT_SEC)
		return CONF_SECTION;
	if ((opt->flags & CFGF_LIST) != 0)
		return CONF_LIST;
	if (opt->parsecb == conf_take_int)
		return CONF_INT;
	return opt->parsecb == conf_take_bool ? CONF_BOOL : CONF_STR;
}

static const cfg_opt_t *
conf_opt(const struct conf *c, const char *name)
{
	const cfg_opt_t *opt = conf_cfg(c)->opts;

	while (opt->name != NULL && strcmp(opt->name, name) != 0)
		opt++;
	if (opt->name == NULL)
		abort(); /* not in the table */
	return opt;
}

/* How many values a key has. */
static size_t
conf_len(const struct conf *c, const char *name, enum conf_kind kind)
{
	const cfg_opt_t *opt = conf_opt(c, name);

	if (conf_kind(opt) != kind)
		abort();
	return opt->nvalues;
}

/* The i-th value of a key that is no section, or NULL when there is none. */
static const struct conf_value *
conf_value(const struct conf *c, const char *name, enum conf_kind kind,
    size_t i)
{
	if (i >= conf_len(c, name, kind))
		return NULL;
	return conf_opt(c, name)->values[i]->ptr;
}

int
conf_line(const struct conf *c, const char *name)
{
	enum conf_kind kind = conf_kind(conf_opt(c, name));
	const struct conf_value *v;

	if (kind == CONF_SECTION)
		abort();
	v = conf_value(c, name, kind, 0);
	return v != NULL ? v->line : 0;
}

const char *
conf_str(const struct conf *c, const char *name)
{
	const struct conf_value *v = conf_value(c, name, CONF_STR, 0);

	return v != NULL ? v->text : NULL;
}

int64_t
conf_int(const struct conf *c, const char *name)
{
	const struct conf_value *v = conf_value(c, name, CONF_INT, 0);

	return v != NULL ? v->number : 0;
}

bool
conf_bool(const struct conf *c, const char *name)
{
	const struct conf_value *v = conf_value(c, name, CONF_BOOL, 0);

	return v != NULL && v->number != 0;
}

size_t
conf_list_len(const struct conf *c, const char *name)
{
	return conf_len(c, name, CONF_LIST);
}

const char *
conf_list_at(const struct conf *c, const char *name, size_t i)
{
	const struct conf_value *v = conf_value(c, name, CONF_LIST, i);

	return v != NULL ? v->text : NULL;
}

size_t
conf_section_len(const struct conf *c, const char *name)
{
	return conf_len(c, name, CONF_SECTION);
}

const struct conf *
conf_section_at(const struct conf *c, const char *name, size_t i)
{
	if (i >= conf_section_len(c, name))
		return NULL;
	return (const struct conf *)conf_opt(c, name)->values[i]->section;
}

const char *
conf_title(const struct conf *section)
{
	return conf_cfg(section)->title;
}
