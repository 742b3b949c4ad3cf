/* catalog_import.h - feeds into the catalogue: what catalog-import does. */
#ifndef APP_CATALOG_IMPORT_H
#define APP_CATALOG_IMPORT_H

#include "app/import_job.h"
#include "intake/feed.h"

struct catalog_import {
	struct import_job job;
	/* as the command line says */
	struct feed_options
	    options;   /* source NULL: the map's, else "catalog" */
	bool complete; /* what is not in it is no longer sold */
	/* what was done */
	uint64_t made, changed, same, dropped;
	/* its own */
	struct feed_words words;
	const char *hole; /* a record whose name is not known: not complete */
	bool offers;      /* there were some, not only products */
};

/*
 * Take what is in the files (none: on standard input) into the catalogue, and
 * say what was done.
 */
const struct err *catalog_import_run(struct catalog_import *ci, int argc,
    char **argv) MUST_USE;

#endif
