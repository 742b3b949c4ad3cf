/*
 * cli.h - what a command is. Each file in cmd/ defines one `struct cli_cmd
 * cli_cmd`; main() is in lib/cli/main.c and is the only one.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/config.h"
#include "cli/opt.h"
#include "io/out.h"

struct db;

enum cli_flags {
	CLI_DB_READ = 1 << 0,  /* open the database, writes refused */
	CLI_DB_WRITE = 1 << 1, /* open it for writing */
	CLI_LOCK = 1 << 2,     /* one instance at a time for this database */
	CLI_FILTER = 1 << 3,   /* reads records: files named, else stdin */
	CLI_NET = 1 << 4,      /* talks to others */
};

struct cli {
	struct db *db;      /* as the flags ask; NULL without */
	struct out *out;    /* records on standard output */
	struct arena arena; /* lives as long as the run */
	struct arena rec;   /* reset by the command after each record */
	const struct config *config;
	const char *actor; /* the login, or --as */
	bool dry_run;
	bool quiet;
	int verbose;
	uint64_t rejected; /* records refused; makes the exit status 3 */
};

struct cli_cmd {
	const char *name;
	const char *const
	    *synopsis;       /* NULL-terminated, as in the manual page */
	const char *summary; /* as .Nd in the manual page */
	const struct opt *opts;
	const char *const
	    *examples; /* NULL-terminated pairs: command, what it does */
	/* For completion: the words operands can be, one a line. May be NULL. */
	void (*operands)(FILE *fp);
	enum cli_flags flags;
	/* When what is needed depends on the options: flags after parsing. */
	enum cli_flags (*needs)(void);
	const struct err *(*run)(struct cli *cli, int argc, char **argv);
};

extern const struct cli_cmd cli_cmd;

/* Tables a command includes with OPT_TABLE. */
extern const struct opt cli_opts_common[];  /* -c -d -h -q -v -V */
extern const struct opt cli_opts_output[];  /* --json --tsv --table ... */
extern const struct opt cli_opts_dry_run[]; /* -n */
extern const struct opt cli_opts_actor[];   /* --as */
extern const struct opt cli_opts_wait[];    /* --wait, with CLI_LOCK */

/*
 * Say what is wrong with a record and count it; the run goes on and ends 3.
 * After 20 like it only the count goes on; main says how many were not shown.
 */
void cli_reject(struct cli *cli, const char *where, const struct err *err);

/* The exit status of a command that ends with err, which may be NULL. */
int cli_status(const struct cli *cli, const struct err *err);

/* Diagnostics on standard error: "name: message". Data never goes there. */
void cli_say(const char *fmt, ...) PRINTF(1, 2);  /* always */
void cli_warn(const char *fmt, ...) PRINTF(1, 2); /* "warning: "; not with -q */
void cli_info(const char *fmt, ...) PRINTF(1, 2); /* only with -v */
/* What was done: shown when standard error is a terminal or with -v, not with -q. */
void cli_summary(const char *fmt, ...) PRINTF(1, 2);

/*
 * A lock finer than CLI_LOCK, as "order-fetch-site": one instance at a time for
 * this database and what; --wait counts.
 */
const struct err *cli_lock(const struct cli *cli, const char *what) MUST_USE;

/*
 * ERR_USAGE when a filter would read standard input and that is a terminal.
 */
const struct err *cli_check_stdin(void) MUST_USE;

#endif
