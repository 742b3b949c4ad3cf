/*
 * stop.h - SIGINT and SIGTERM as a flag looked at between records. A second
 * signal kills at once.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include "base/base.h"

void stop_install(void);
bool stop_asked(void);

/* What the shell will see of it: 143 or 130; 0 when nobody asked. */
int stop_status(void);

/* End by the signal that asked, as if it had not been caught. */
void stop_raise(void);

#endif
