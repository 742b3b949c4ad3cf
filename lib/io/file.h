/* file.h - files made with care: whole or not at all, and readable by few. */
#ifndef IO_FILE_H
#define IO_FILE_H

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

/* Where half-made parts lie: $TMPDIR, else /tmp. */
const char *file_tmpdir(void);

/* Open for reading; "-" is standard input. The caller closes it with close(). */
const struct err *file_open(const char *path, int *fd) MUST_USE;

/*
 * A file that appears under its name only when it is complete: written beside
 * its place under a temporary name, then fsync and rename. Mode 0666 less the
 * umask, or as the file it replaces. What is no regular file is not replaced: a
 * rename would turn /dev/null into a file.
 */
struct file_new;
const struct err *file_new_open(const char *path,
    struct file_new **out) MUST_USE;
FILE *file_new_stream(struct file_new *f);
const char *file_new_path(struct file_new *f); /* of the temporary file */
const struct err *file_new_commit(struct file_new *f) MUST_USE; /* and frees */
void file_new_discard(struct file_new *f); /* and frees; NULL is allowed */

/* An empty file without a name, in $TMPDIR or /tmp. The caller closes it. */
const struct err *file_temp(int *out) MUST_USE;

/*
 * Put the folder that holds path on disk: a new name, or one less, lasts only
 * then.
 */
const struct err *file_sync_folder(const char *path) MUST_USE;

/*
 * Copy the head_len bytes that were read already and then the rest of a
 * descriptor into an unlinked temporary file (in $TMPDIR or /tmp) and stand at
 * its start: to read a pipe twice. The caller closes it.
 */
const struct err *file_spool(int fd, const char *name, const char *head,
    size_t head_len, int *out) MUST_USE;

/* The whole of a small file (at most max bytes) as a string. In a. */
const struct err *file_slurp(const char *path, size_t max, struct arena *a,
    const char **out) MUST_USE;

#endif
