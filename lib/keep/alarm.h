/*
 * alarm.h - one alarm instead of one a minute: what was told of health is kept
 * in DIR/.crm-status.shop.db for the database DIR/shop.db, a file of a few
 * lines. It is written over in place, not replaced: that also works in a folder
 * one may not write and on a disk that is full. A file torn by that or damaged
 * otherwise tells nothing, and all is told again.
 */
#ifndef KEEP_ALARM_H
#define KEEP_ALARM_H

#include "keep/health.h"

struct alarm; /* in the arena it was opened with */

/*
 * ERR_BUSY when another process has it open. The caller closes it with
 * alarm_close().
 */
const struct err *alarm_open(const char *db_path, struct arena *a,
    struct alarm **out) MUST_USE;
void alarm_close(struct alarm *al); /* NULL is allowed */

/*
 * Mark as news each problem that was not told, not in this state, or not for
 * remind_s seconds, and each item that was told as a problem and is none any
 * more. al may be NULL: nothing was told.
 */
void alarm_mark(const struct alarm *al, int64_t remind_s, struct health *h);

/* The news have been told: keep that. */
const struct err *alarm_told(const struct alarm *al,
    const struct health *h) MUST_USE;

#endif
