/*
 * opt.h - option tables: one table drives parsing, --help, completion and the
 * check of the manual page.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdio.h>

#include "base/err.h"

enum opt_kind {
	OPT_KIND_END = 0,
	OPT_KIND_FLAG,
	OPT_KIND_COUNT,
	OPT_KIND_SET,
	OPT_KIND_STR,
	OPT_KIND_LIST,
	OPT_KIND_INT,
	OPT_KIND_CHOICE,
	OPT_KIND_TABLE
};

#define OPT_LIST_MAX 64

/* A repeatable option's arguments, in the order given. They live in argv. */
struct opt_list {
	const char *v[OPT_LIST_MAX];
	size_t len;
};

struct opt {
	enum opt_kind kind;
	char letter;                /* 0 for none */
	const char *name;           /* long name without dashes */
	void *dest;                 /* of the type that the kind asks for */
	int64_t value;              /* for OPT_SET */
	const char *arg;            /* metavariable, NULL when it takes none */
	const char *help;           /* one line, no capital, no full stop */
	const char *const *choices; /* for OPT_CHOICE */
	const char *complete;       /* "file", "dir" or NULL */
	const struct opt
	    *table; /* for OPT_TABLE: another table, included here */
};

/* clang-format off */
#define OPT_ROW(k, l, n, d, a, h, ...) \
	{ .kind = OPT_KIND_##k, .letter = (l), .name = (n), .dest = (d), .arg = (a), .help = (h), __VA_ARGS__ }
#define OPT_IS(type, d)			(1 ? (d) : (type *)0)	/* checks the type */
#define OPT_FLAG(l, n, d, h)		OPT_ROW(FLAG, l, n, OPT_IS(bool, d), NULL, h, .value = 1)
#define OPT_COUNT(l, n, d, h)		OPT_ROW(COUNT, l, n, OPT_IS(int, d), NULL, h, .value = 1)
#define OPT_SET(l, n, d, v, h)		OPT_ROW(SET, l, n, OPT_IS(int, d), NULL, h, .value = (v))
#define OPT_STR(l, n, d, a, h)		OPT_ROW(STR, l, n, OPT_IS(const char *, d), a, h, .complete = NULL)
#define OPT_FILE(l, n, d, h)		OPT_ROW(STR, l, n, OPT_IS(const char *, d), "file", h, .complete = "file")
#define OPT_DIR(l, n, d, h)		OPT_ROW(STR, l, n, OPT_IS(const char *, d), "dir", h, .complete = "dir")
#define OPT_LIST(l, n, d, a, h)		OPT_ROW(LIST, l, n, OPT_IS(struct opt_list, d), a, h, .complete = NULL)
#define OPT_INT(l, n, d, a, h)		OPT_ROW(INT, l, n, OPT_IS(int64_t, d), a, h, .complete = NULL)
#define OPT_CHOICE(l, n, d, a, c, h)	OPT_ROW(CHOICE, l, n, OPT_IS(const char *, d), a, h, .choices = (c))
#define OPT_TABLE(t)			{ .kind = OPT_KIND_TABLE, .table = (t) }
#define OPT_END				{ .kind = OPT_KIND_END }
/* clang-format on */

/*
 * Parse argv, which loses its options: on return argv[0..*argc) are the
 * operands. Long names are never abbreviated; "--" ends the options. An unknown
 * long option names the nearest known one; a wrong choice lists the choices.
 * Text that is not UTF-8 is refused. The first error is returned, but all of
 * argv is looked at, so that --help is seen beside a mistake.
 */
const struct err *opt_parse(const struct opt *table, int *argc,
    char **argv) MUST_USE;

/*
 * *out is the one of the NULL-terminated choices that equals value; else an
 * error of that code: "WHAT cannot be 'x'; choose from a, b".
 */
const struct err *opt_choose(enum err_code code, const char *what,
    const char *const *choices, const char *value, const char **out) MUST_USE;

/*
 * What is wrong with the argument of --NAME: ERR_USAGE, whatever err was, with
 * the option in front. NULL stays NULL.
 */
const struct err *opt_wrong(const char *name, const struct err *err) MUST_USE;

/*
 * Write text that begins in column `at`, with its line end; broken before column
 * 80 at blanks outside brackets, and then going on in column `indent`.
 */
void opt_wrap(const char *text, size_t at, size_t indent, FILE *fp);

/* The "options" part of --help. */
void opt_help(const struct opt *table, FILE *fp);

/* One tab-separated line an option: letter, name, argument, completion, help. */
void opt_dump(const struct opt *table, FILE *fp);

#endif
