/* say.h - how the diagnostics that cli.h declares are set up; for main.c. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include "base/base.h"

/* Who speaks and how much. name must outlive the program's messages. */
void say_setup(const char *name, bool quiet, int verbose);

/* What follows a usage error: "try 'NAME --help'". */
void say_try_help(void);

/* "and 480 more like these", when cli_reject() kept some to itself. */
void say_rejects_left(uint64_t rejected);

#endif
