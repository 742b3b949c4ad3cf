/*
 * progress.h - "12000/50000 24 %" on standard error, for people only: shown
 * when stderr is a terminal that is in the foreground and not dumb, and without
 * -q; first after a second, then at most five times a second.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/base.h"

void progress_start(const char *what, uint64_t total); /* 0: not known */
void progress_at(uint64_t done); /* cheap: call it at each record */
void progress_silence(void);     /* -q: not at all */
void progress_clear(void);       /* before any other message, and at the end */

#endif
