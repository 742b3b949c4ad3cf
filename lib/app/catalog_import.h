/* catalog_import.h - feeds into the catalogue: what catalog-import does. */
#ifndef APP_CATALOG_IMPORT_H
#define APP_CATALOG_IMPORT_H

#include "app/batch.h"
#include "base/map.h"
#include "intake/feed.h"
#include "io/file.h"

struct catalog_import {
	struct batch batch;
	/* as the command line says */
	struct feed_options
	    options;          /* source NULL: the map's, else "catalog" */
	const char *map_file; /* NULL: none */
	const char *rejects;  /* file to copy rejects to, NULL: none */
	int64_t max_errors;   /* -1: any number */
	bool complete;        /* what is not in it is no longer sold */
	bool report;          /* one output record a change */
	/* what was done */
	uint64_t seen, made, changed, same, refused, dropped;
	/* its own */
	struct feed_words words;
	struct map said; /* kinds of remarks, and how often each was made */
	struct file_new *copy;
	const char *header, *footer; /* in the copy */
	const char *hole; /* a record whose name is not known: not complete */
	bool offers, products;
	bool open_rejects;
};

/* Read the files (none: standard input) into the catalogue. */
const struct err *catalog_import_files(struct catalog_import *ci, int argc,
    char **argv) MUST_USE;

/* "480 new, 2 changed, 12 same, 3 rejected". In a. */
const char *catalog_import_summary(const struct catalog_import *ci,
    struct arena *a);

void catalog_import_free(struct catalog_import *ci);

#endif
