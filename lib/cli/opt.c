/* opt.c - option tables: parsing, the option part of --help, completion. */
#include "cli/opt.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define OPT_COLUMNS  80 /* --help fits a plain terminal */
#define OPT_HELP_COL 28 /* where the explanations of --help begin */
#define OPT_NAMES    64 /* most options of one command */

static const struct opt *
opt_find(const struct opt *o, char letter, const char *name, size_t len)
{
	const struct opt *sub;

	for (; o->kind != OPT_KIND_END; o++) {
		if (o->kind == OPT_KIND_TABLE) {
			if ((sub = opt_find(o->table, letter, name, len)) !=
			    NULL)
				return sub;
			continue;
		}
		if (name != NULL ? strlen(o->name) == len &&
				       memcmp(o->name, name, len) == 0 :
				   o->letter == letter)
			return o;
	}
	return NULL;
}

/* All long names of the table, added to list from n on; returns how many. */
static size_t
opt_names(const struct opt *o, const char **list, size_t n)
{
	for (; o->kind != OPT_KIND_END; o++) {
		if (o->kind == OPT_KIND_TABLE) {
			n = opt_names(o->table, list, n);
			continue;
		}
		assert(n < OPT_NAMES);
		list[n++] = o->name;
	}
	return n;
}

static const struct err *
opt_unknown(const struct opt *table, const char *name, size_t len)
{
	const char *names[OPT_NAMES + 1] = { NULL }, *nearest;
	char word[64];

	opt_names(table, names, 0);
	snprintf(word, sizeof(word), "%.*s", (int)len, name);
	if ((nearest = text_nearest(word, names)) != NULL)
		return err_new(ERR_USAGE,
		    "unknown option '--%s'; did you mean '--%s'?", word,
		    nearest);
	return err_new(ERR_USAGE, "unknown option '--%s'", word);
}

const struct err *
opt_choose(enum err_code code, const char *what, const char *const *choices,
    const char *value, const char **out)
{
	const char *const *c;
	char list[256] = "";
	size_t len = 0;
	int n;

	*out = NULL;
	for (c = choices; *c != NULL; c++) {
		if (strcmp(*c, value) == 0) {
			*out = *c;
			return NULL;
		}
		n = snprintf(list + len, sizeof(list) - len, "%s%s",
		    c == choices ? "" : ", ", *c);
		if (n > 0 && (size_t)n < sizeof(list) - len)
			len += (size_t)n;
	}
	return err_new(code, "%s cannot be '%s'; choose from %s", what, value,
	    list);
}

const struct err *
opt_wrong(const char *name, const struct err *err)
{
	if (err == NULL)
		return NULL;
	return err_new(ERR_USAGE, "option '--%s': %s", name, err->msg);
}

static const struct err *
opt_int(const char *what, const char *arg, int64_t *out)
{
	long long v;
	char *end;

	errno = 0;
	v = strtoll(arg, &end, 10);
	if (errno != 0 || end == arg || *end != '\0' ||
	    isspace((unsigned char)*arg))
		return err_new(ERR_USAGE, "%s needs a whole number, not '%s'",
		    what, arg);
	*out = v;
	return NULL;
}

/* shown is the option as it was typed, without its argument. */
static const struct err *
opt_store(const struct opt *o, const char *shown, const char *arg)
{
	struct opt_list *list;
	char what[96];

	snprintf(what, sizeof(what), "option '%s'", shown);
	switch (o->kind) {
	case OPT_KIND_FLAG:
		*(bool *)o->dest = true;
		break;
	case OPT_KIND_COUNT:
		++*(int *)o->dest;
		break;
	case OPT_KIND_SET:
		*(int *)o->dest = (int)o->value;
		break;
	case OPT_KIND_STR:
		*(const char **)o->dest = arg;
		break;
	case OPT_KIND_LIST:
		list = o->dest;
		if (list->len == OPT_LIST_MAX)
			return err_new(ERR_USAGE,
			    "%s can be given %d times and no more", what,
			    OPT_LIST_MAX);
		list->v[list->len++] = arg;
		break;
	case OPT_KIND_INT:
		return opt_int(what, arg, o->dest);
	case OPT_KIND_CHOICE:
		return opt_choose(ERR_USAGE, what, o->choices, arg, o->dest);
	case OPT_KIND_TABLE:
	case OPT_KIND_END:
		abort();
	}
	return NULL;
}

static const struct err *
opt_long(const struct opt *table, int argc, char **argv, int *i)
{
	const char *name = argv[*i] + 2, *eq = strchr(name, '=');
	const char *arg = eq != NULL ? eq + 1 : "";
	size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
	const struct opt *o = opt_find(table, 0, name, len);
	char shown[64];

	if (o == NULL)
		return opt_unknown(table, name, len);
	snprintf(shown, sizeof(shown), "--%s", o->name);
	if (o->arg == NULL && eq != NULL)
		return err_new(ERR_USAGE, "option '%s' takes no argument",
		    shown);
	if (o->arg != NULL && eq == NULL) {
		if (*i + 1 == argc)
			return err_new(ERR_USAGE,
			    "option '%s' needs an argument", shown);
		arg = argv[++*i];
	}
	return opt_store(o, shown, arg);
}

static const struct err *
opt_short(const struct opt *table, int argc, char **argv, int *i)
{
	const struct err *err;
	const struct opt *o;
	const char *p;
	char shown[] = "-?";

	for (p = argv[*i] + 1; *p != '\0'; p++) {
		shown[1] = *p;
		if ((o = opt_find(table, *p, NULL, 0)) == NULL)
			return err_new(ERR_USAGE, "unknown option '%s'", shown);
		if (o->arg == NULL) {
			if ((err = opt_store(o, shown, "")) != NULL)
				return err;
			continue;
		}
		if (p[1] != '\0')
			return opt_store(o, shown, p + 1);
		if (*i + 1 == argc)
			return err_new(ERR_USAGE,
			    "option '%s' needs an argument", shown);
		return opt_store(o, shown, argv[++*i]);
	}
	return NULL;
}

static const struct err *
opt_check_text(int argc, char **argv)
{
	size_t len;
	int i;

	for (i = 0; i < argc; i++) {
		len = strlen(argv[i]);
		if (text_utf8_valid(argv[i], len) != len)
			return err_new(ERR_USAGE, "'%s' is not UTF-8 text",
			    argv[i]);
	}
	return NULL;
}

const struct err *
opt_parse(const struct opt *table, int *argc, char **argv)
{
	/* A copy: the ring of errors is shorter than a long command line. */
	struct err first = { 0 };
	const struct err *err;
	int i, n = 0;

	if ((err = opt_check_text(*argc, argv)) != NULL)
		first = *err;
	for (i = 0; i < *argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[n++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--") == 0)
			break;
		if (argv[i][1] == '-')
			err = opt_long(table, *argc, argv, &i);
		else
			err = opt_short(table, *argc, argv, &i);
		if (err != NULL && first.code == 0)
			first = *err;
	}
	while (++i < *argc)
		argv[n++] = argv[i];
	*argc = n;
	return first.code != 0 ? err_new(first.code, "%s", first.msg) : NULL;
}

/* The end of the word at s: a blank that stands in no bracket, or the NUL. */
static const char *
opt_word_end(const char *s)
{
	int depth = 0;

	for (; *s != '\0' && (*s != ' ' || depth > 0); s++) {
		if (*s == '[')
			depth++;
		else if (*s == ']')
			depth--;
	}
	return s;
}

void
opt_wrap(const char *text, size_t at, size_t indent, FILE *fp)
{
	const char *word, *end;
	size_t len;

	for (word = text; *word != '\0'; word = end + strspn(end, " ")) {
		end = opt_word_end(word);
		len = (size_t)(end - word);
		if (word == text) {
			at += len;
		} else if (at + 1 + len < OPT_COLUMNS) {
			putc(' ', fp);
			at += 1 + len;
		} else {
			fprintf(fp, "\n%*s", (int)indent, "");
			at = indent + len;
		}
		fwrite(word, 1, len, fp);
	}
	putc('\n', fp);
}

void
opt_help(const struct opt *table, FILE *fp)
{
	const struct opt *o;
	int n;

	for (o = table; o->kind != OPT_KIND_END; o++) {
		if (o->kind == OPT_KIND_TABLE) {
			opt_help(o->table, fp);
			continue;
		}
		if (o->letter != 0)
			n = fprintf(fp, "  -%c, ", o->letter);
		else
			n = fprintf(fp, "      ");
		n += fprintf(fp, "--%s%s%s", o->name, o->arg ? "=" : "",
		    o->arg ? o->arg : "");
		if (n + 2 > OPT_HELP_COL) {
			putc('\n', fp);
			n = 0;
		}
		fprintf(fp, "%*s", OPT_HELP_COL - n, "");
		opt_wrap(o->help, OPT_HELP_COL, OPT_HELP_COL, fp);
	}
}

void
opt_dump(const struct opt *table, FILE *fp)
{
	const struct opt *o;
	const char *const *c;

	for (o = table; o->kind != OPT_KIND_END; o++) {
		if (o->kind == OPT_KIND_TABLE) {
			opt_dump(o->table, fp);
			continue;
		}
		if (o->letter != 0)
			putc(o->letter, fp);
		fprintf(fp, "\t%s\t%s\t", o->name, o->arg ? o->arg : "");
		if (o->choices != NULL)
			for (c = o->choices; *c != NULL; c++)
				fprintf(fp, "%s%s", c == o->choices ? "=" : ",",
				    *c);
		else
			fputs(o->complete ? o->complete : "", fp);
		fprintf(fp, "\t%s\n", o->help);
	}
}
