/*
 * workbook.h - the first sheet of an Excel workbook (.xlsx) as a table of text.
 *
 * Each row of the sheet is a line of CSV, the empty ones too, so that the lines
 * have Excel's numbers; a break inside a cell becomes a blank. Numbers are
 * written out in full, dates and times as 2026-11-20, 2026-11-20 10:15:00 and
 * 10:15. Formulas stand as the values they had when the workbook was saved.
 */
#ifndef IO_WORKBOOK_H
#define IO_WORKBOOK_H

#include "base/err.h"

struct workbook_style {
	char separator; /* between cells */
	char decimal;   /* in numbers */
};

/* Do these first bytes look like a workbook? */
bool workbook_detect(const char *head, size_t len);

/*
 * Read the workbook behind the descriptor, which must be a file and stays the
 * caller's, into an unlinked temporary file and stand at its start. What is no
 * workbook, or a hostile one, is ERR_INPUT. The caller closes *out.
 */
const struct err *workbook_csv(int fd, const char *name,
    const struct workbook_style *style, int *out) MUST_USE;

#endif
