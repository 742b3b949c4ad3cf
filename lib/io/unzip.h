/*
 * unzip.h - the files in a ZIP archive; the only header that stands for libzip.
 *
 * Input is hostile: an entry that would be larger than 1 GiB, or more than 250
 * times its packed size (from 16 MiB on), is refused, and so is one that is
 * encrypted.
 */
#ifndef IO_UNZIP_H
#define IO_UNZIP_H

#include "base/err.h"

struct unzip;
struct unzip_entry;

/*
 * Read the archive behind the descriptor, which must be a file and stays the
 * caller's; its position moves. What is no archive is ERR_INPUT. The caller
 * closes it with unzip_close().
 */
const struct err *unzip_open(int fd, const char *name,
    struct unzip **out) MUST_USE;
void unzip_close(struct unzip *z); /* NULL is allowed */

/* The path of entry i, from 0; NULL beyond the last. Belongs to z. */
const char *unzip_name(struct unzip *z, uint64_t i);

/*
 * An entry by its path, letter case aside; *out is NULL when there is none. The
 * caller closes it with unzip_entry_close() before the archive.
 */
const struct err *unzip_entry(struct unzip *z, const char *path,
    struct unzip_entry **out) MUST_USE;
void unzip_entry_close(struct unzip_entry *e); /* NULL is allowed */

/* Bytes that it says it has. */
uint64_t unzip_size(const struct unzip_entry *e);

/*
 * The next bytes, which belong to e and live until the next call; *len is 0 at
 * the end. Fits xml_open().
 */
const struct err *unzip_read(void *e, const char **data, size_t *len) MUST_USE;

#endif
