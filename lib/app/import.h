/* import.h - records into the shop: what order-import does with each. */
#ifndef APP_IMPORT_H
#define APP_IMPORT_H

#include <stdio.h>

#include "app/batch.h"
#include "base/map.h"
#include "base/set.h"
#include "io/file.h"

struct import {
	struct batch batch;
	/* as the command line says */
	bool customers;       /* of customers, not of orders */
	const char *source;   /* of records that name none */
	const char *format;   /* NULL: detect */
	const char *map_file; /* NULL: none */
	const char *maps;     /* folder of the maps of the formats */
	const char *map_path; /* the same from the root, for the rejects */
	const char *rejects;  /* file to copy rejects to, NULL: none */
	int64_t max_errors;   /* -1: any number */
	bool report;          /* one output record an order */
	bool carts;           /* carts are imported, not orders */
	/* what was done */
	uint64_t seen, made, changed, same, older, conflicts, doubles, totals,
	    cursors, refused;
	uint64_t set, cleared, closed; /* carts */
	/* its own */
	struct map said; /* kinds of remarks, and how often each was made */
	struct set seen_records; /* hashes of those that came already */
	struct file_new *copy;   /* of the rejects */
	const char *copied_header, *copied_footer;
	bool open_rejects; /* there are some that an order may settle */
};

/* Read the files (none: standard input) and import every record in them. */
const struct err *import_files(struct import *im, int argc,
    char **argv) MUST_USE;

/* Try the open rejects again. */
const struct err *import_retry(struct import *im) MUST_USE;

/* "480 new, 2 changed, 12 same, 1 conflict, 3 rejected". In a. */
struct arena;
const char *import_summary(const struct import *im, struct arena *a);

void import_free(struct import *im);

#endif
