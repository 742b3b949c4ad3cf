/*
 * export_words.h - what receivers call our codes. Who only needs the words has
 * nothing to do with the sending, and is not linked with it.
 */
#ifndef APP_EXPORT_WORDS_H
#define APP_EXPORT_WORDS_H

#include "base/err.h"

struct cli;
struct codes;
struct config_receiver;
struct shop;
struct status;

/* The words of a receiver, added to out. They live as long as cli. */
const struct err *export_words_read(struct cli *cli,
    const struct config_receiver *r, struct codes *out) MUST_USE;

/* The status's own word, else that of its group; NULL without either. */
const char *export_words_status(const struct codes *c, const struct status *st);

/*
 * Have two of our statuses one word for a receiver that is this source? Then it
 * means the other when it says the one.
 */
bool export_words_same(struct cli *cli, const struct shop *s,
    const char *source, const char *x, const char *y);

#endif
