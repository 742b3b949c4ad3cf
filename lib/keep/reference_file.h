/* reference_file.h - reference tables as TSV files that a person can edit. */
#ifndef KEEP_REFERENCE_FILE_H
#define KEEP_REFERENCE_FILE_H

#include <stdio.h>

#include "keep/reference.h"

/*
 * Read the file (see io/dsv.h for what is understood), whose first line names
 * the columns; "-" is standard input. table NULL takes the file's name without
 * folder and ending. A column that the file has not is left alone. A row of
 * another length, an unknown column and a lacking key column are ERR_INPUT. In a.
 */
const struct err *reference_file_read(struct db *db, const char *path,
    const char *table, struct arena *a, struct reference **out) MUST_USE;

/*
 * Every TABLE.tsv that the folder has; one that has none is ERR_NOTFOUND. *list
 * is an array of *count. In a.
 */
const struct err *reference_file_folder(struct db *db, const char *folder,
    struct arena *a, struct reference ***list, size_t *count) MUST_USE;

/* Write the table with its header; what it writes reference_file_read() reads. */
void reference_file_write(const struct reference *r, FILE *fp);

#endif
