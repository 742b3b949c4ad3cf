/*
 * lock.h - one instance at a time: flock on a file beside the database. The
 * lock dies with the process; the file stays and holds the pid for people.
 */
#ifndef CLI_LOCK_H
#define CLI_LOCK_H

#include "base/err.h"

/*
 * Take DIR/.shop.db.NAME.lock for the database DIR/shop.db, and keep it until
 * the process ends. Held by another for longer than wait_s seconds: ERR_BUSY
 * "another NAME is running (pid 412)".
 */
const struct err *lock_take(const char *db_path, const char *name,
    int64_t wait_s) MUST_USE;

#endif
