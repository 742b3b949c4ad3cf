/* book.h - the owner's workbook: a period on a few sheets with charts. */
#ifndef REPORT_BOOK_H
#define REPORT_BOOK_H

#include "base/err.h"
#include "stats/period.h"
#include "stats/rfm_segment.h"

struct shop;

struct book {
	const struct shop *shop; /* its database in one snapshot */
	const char *lang;        /* of the names of statuses */
	const struct rfm_segments *segments;
	struct period period;
	int64_t now;
};

/*
 * Write the workbook; it replaces path when it is complete. With dry_run all
 * is done but that. *sheets counts the sheets.
 */
const struct err *book_write(const struct book *b, const char *path,
    bool dry_run, int *sheets) MUST_USE;

#endif
