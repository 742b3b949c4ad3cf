/*
 * codes.h - our codes in a receiver's words: the file of crm.conf's receiver,
 * over the one that comes with its kind; see crm.conf(5).
 */
#ifndef EXPORT_CODES_H
#define EXPORT_CODES_H

#include "base/arena.h"
#include "base/err.h"

struct codes_word {
	const char *table; /* status, group, ... */
	const char *ours;
	const char *theirs; /* "": nothing is said of it */
};

struct codes {
	struct codes_word *v;
	size_t len;
};

/*
 * Add the words of a file; those that are there already go before. What is
 * wrong is ERR_CONFIG with file and line. In a.
 */
const struct err *codes_read(const char *path, struct arena *a,
    struct codes *c) MUST_USE;

/* NULL when no file has a word for it. */
const char *codes_get(const struct codes *c, const char *table,
    const char *ours);

#endif
