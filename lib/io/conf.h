/*
 * conf.h - configuration and map files; the only header that stands for
 * libConfuse.
 *
 *	key = "value"
 *	list = {"a", "b"}
 *	section "title" { key = value }
 *
 * Strings stand in double quotes, where ${NAME} brings the environment and a
 * backslash escapes, or in single ones; comments are as in C or begin with '#'.
 * A key set twice has its last value. An unknown key, a bad value or a syntax
 * error is ERR_CONFIG "file:line: ...", with the nearest known key when there is
 * one.
 */
#ifndef IO_CONF_H
#define IO_CONF_H

#include "base/arena.h"
#include "base/err.h"

enum conf_kind {
	CONF_END = 0,
	CONF_STR,     /* NULL until set */
	CONF_INT,     /* 0 until set */
	CONF_BOOL,    /* false until set */
	CONF_LIST,    /* of strings, empty until set */
	CONF_SECTION, /* titled, any number of them */
};

struct conf_key {
	const char *name;
	enum conf_kind kind;
	const struct conf_key *keys; /* CONF_SECTION: what may stand in it */
};

struct conf; /* a file, or a section of one; belongs to the file */

/* Read path by the table. The caller frees it with conf_free(). */
const struct err *conf_read(const char *path, const struct conf_key *keys,
    struct conf **out) MUST_USE;
void conf_free(struct conf *c);

/*
 * The line on which the key, which is no section, got its (first) value; 0 when
 * it has none.
 */
int conf_line(const struct conf *c, const char *name);

/*
 * Values belong to c. Asking for a name or kind not in the table aborts; an
 * index beyond the end is NULL.
 */
const char *conf_str(const struct conf *c, const char *name);
int64_t conf_int(const struct conf *c, const char *name);
bool conf_bool(const struct conf *c, const char *name);
size_t conf_list_len(const struct conf *c, const char *name);
const char *conf_list_at(const struct conf *c, const char *name, size_t i);
size_t conf_section_len(const struct conf *c, const char *name);
const struct conf *conf_section_at(const struct conf *c, const char *name,
    size_t i);
const char *conf_title(const struct conf *section);

#endif
