/*
 * export_send.h - the requests of an exporter, sent to the API of a shop.
 *
 * What a document would hold, a request a line, is kept in memory for one
 * order, and then sent line by line.
 */
#ifndef APP_EXPORT_SEND_H
#define APP_EXPORT_SEND_H

#include <stdio.h>

#include "app/remote.h"
#include "export/export.h"

struct export_send {
	bool dry_run; /* show them on standard output, and send none */
	/* its own */
	struct remote remote;
	FILE *stream;
	char *text;
	size_t len;
};

/*
 * Make x's exporter write to s, and ask the shop what it must know. The caller
 * sets dry_run and ends it with export_send_close(), also after an error.
 */
const struct err *export_send_open(struct export_send *s,
    const struct config_shop *shop, struct export *x) MUST_USE;
const struct err *export_send_close(struct export_send *s,
    struct export *x) MUST_USE;

/* Forget what was written of an order. */
void export_send_drop(struct export_send *s);

/*
 * Send what was written of an order. *id is what the last answer calls it, NULL
 * when it does not say. The errors are remote_ask()'s. In x->a.
 */
const struct err *export_send_order(struct export_send *s, struct export *x,
    const char **id) MUST_USE;

#endif
