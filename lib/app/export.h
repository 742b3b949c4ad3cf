/*
 * export.h - telling a receiver what has changed since it last confirmed.
 *
 * Its position in the history is kept as two followers: export.NAME, what it
 * has confirmed, and export.NAME.written, how far the document went that was
 * written last. Orders that were sent are marked one by one until all are; see
 * order/receiver.h.
 */
#ifndef APP_EXPORT_H
#define APP_EXPORT_H

#include "base/err.h"
#include "cli/config.h"

struct cli;
struct shop;

struct export_job {
	struct cli *cli;
	struct shop *shop;
	const struct config_receiver *receiver;
	const char *path; /* NULL: standard output */
	bool report;      /* a record for each order, on standard output */
	const struct config_shop *api; /* send it there; or NULL */
};

/*
 * Write or send what there is to tell. Orders that are refused are told again
 * later. What was sent needs no confirmation: each order counts as told with
 * the shop's answer, in a transaction of its own.
 */
const struct err *export_write(struct export_job *j) MUST_USE;

/* The receiver has all up to the change "4711", the "last" or "written" one. */
const struct err *export_confirm(struct export_job *j,
    const char *value) MUST_USE;

#endif
