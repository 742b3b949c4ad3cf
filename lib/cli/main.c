/* main.c - main() of every command: options in, exit status out. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/lock.h"
#include "cli/progress.h"
#include "cli/say.h"
#include "cli/stop.h"
#include "db/db.h"

enum { CLI_ACTOR_MAX = 64, CLI_BUFFER = 65536 };

static struct {
	bool help, version, quiet, dry_run, no_header;
	int verbose, format;
	int64_t wait_s;
	const char *config, *db, *color, *actor;
} given = { .format = OUT_TABLE };

const struct opt cli_opts_common[] = {
	OPT_FILE('c', "config", &given.config, "read this file, not crm.conf"),
	OPT_FILE('d', "db", &given.db, "use this database file"),
	OPT_FLAG('h', "help", &given.help, "show this help and exit"),
	OPT_FLAG('q', "quiet", &given.quiet, "say nothing but errors"),
	OPT_COUNT('v', "verbose", &given.verbose,
	    "say more; repeat for still more"),
	OPT_FLAG('V', "version", &given.version, "show the version and exit"),
	OPT_END,
};

const struct opt cli_opts_output[] = {
	OPT_CHOICE(0, "color", &given.color, "when", config_colors,
	    "colour the table: auto, always or never"),
	OPT_SET(0, "json", &given.format, OUT_JSON,
	    "write one JSON object a line"),
	OPT_FLAG(0, "no-header", &given.no_header, "leave out the header line"),
	OPT_SET(0, "table", &given.format, OUT_TABLE,
	    "write a table for people (default)"),
	OPT_SET('t', "tsv", &given.format, OUT_TSV,
	    "write tab-separated values"),
	OPT_END,
};

const struct opt cli_opts_dry_run[] = {
	OPT_FLAG('n', "dry-run", &given.dry_run,
	    "change nothing, show what would be done"),
	OPT_END,
};

const struct opt cli_opts_actor[] = {
	OPT_STR(0, "as", &given.actor, "name",
	    "who does this, for the history; default: the login"),
	OPT_END,
};

const struct opt cli_opts_wait[] = {
	OPT_INT(0, "wait", &given.wait_s, "seconds",
	    "wait this long for another run to end"),
	OPT_END,
};

static void
cli_help(void)
{
	const size_t indent = strlen("usage: ") + strlen(cli_cmd.name) + 1;
	const char *const *p;

	for (p = cli_cmd.synopsis; *p != NULL; p++) {
		printf("%s %s ", p == cli_cmd.synopsis ? "usage:" : "      ",
		    cli_cmd.name);
		opt_wrap(*p, indent, indent, stdout);
	}
	printf("\n%s\n\noptions:\n", cli_cmd.summary);
	opt_help(cli_cmd.opts, stdout);
	if (cli_cmd.examples != NULL) {
		printf("\nexamples:\n");
		for (p = cli_cmd.examples; *p != NULL; p += 2)
			printf("  $ %s\n      %s\n", p[0], p[1]);
	}
	printf("\nMore in %s(1) and crm(7).\n", cli_cmd.name);
}

/* Keep 0, 1 and 2 open so that no file we open can become one of them. */
static void
cli_open_std(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

const struct err *
cli_check_stdin(void)
{
	if (!isatty(STDIN_FILENO))
		return NULL;
	return err_new(ERR_USAGE,
	    "standard input is a terminal; name a file or use a pipe");
}

/* Who stands in the history for what this run changes. */
static const struct err *
cli_find_actor(struct cli *cli)
{
	const struct passwd *pw;
	const char *p;

	if (given.actor == NULL) {
		pw = getpwuid(geteuid());
		cli->actor = pw != NULL ?
				 arena_strdup(&cli->arena, pw->pw_name) :
				 arena_printf(&cli->arena, "uid %lu",
				     (unsigned long)geteuid());
		return NULL;
	}
	cli->actor = text_trim(&cli->arena, given.actor);
	if (*cli->actor == '\0' || strlen(cli->actor) > CLI_ACTOR_MAX)
		return err_new(ERR_USAGE,
		    "option '--as' needs a name of 1 to %d bytes",
		    CLI_ACTOR_MAX);
	for (p = cli->actor; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return err_new(ERR_USAGE,
			    "control character in option '--as'");
	return NULL;
}

const struct err *
cli_lock(const struct cli *cli, const char *what)
{
	return lock_take(config_get(cli->config, CONFIG_DB), what,
	    given.wait_s);
}

static const struct err *
cli_open_db(struct cli *cli, enum cli_flags flags)
{
	const struct err *err;
	const char *path;

	if ((err = config_db(cli->config, &path)) != NULL)
		return err;
	if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_new(ERR_NOTFOUND,
		    "%s: no such database; make one with crm-init", path);
	if ((flags & CLI_LOCK) != 0 &&
	    (err = cli_lock(cli, cli_cmd.name)) != NULL)
		return err;
	err = db_open(path, (flags & CLI_DB_WRITE) != 0 ? DB_WRITE : DB_READ,
	    &cli->db);
	if (err == NULL && given.verbose > 1)
		db_trace(cli->db);
	return err;
}

static bool
cli_colour(const char *when)
{
	const char *term = getenv("TERM");

	if (strcmp(when, "auto") != 0)
		return strcmp(when, "always") == 0;
	return isatty(STDOUT_FILENO) && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

/* What the flags ask for, before the command runs. */
static const struct err *
cli_prepare(struct cli *cli, enum cli_flags flags, int argc)
{
	const struct err *err;
	struct config *config;

	cli->quiet = given.quiet;
	cli->verbose = given.verbose;
	cli->dry_run = given.dry_run;
	if (given.wait_s < 0)
		return err_new(ERR_USAGE, "option '--wait' cannot be negative");
	if ((flags & CLI_FILTER) != 0 && argc == 0 &&
	    (err = cli_check_stdin()) != NULL)
		return err;
	if ((err = cli_find_actor(cli)) != NULL)
		return err;
	config = arena_alloc(&cli->arena, sizeof(*config));
	cli->config = config;
	if ((err = config_load(&cli->arena, given.config, given.db, given.color,
		 config)) != NULL)
		return err;
	if ((flags & (CLI_DB_READ | CLI_DB_WRITE)) != 0)
		return cli_open_db(cli, flags);
	return NULL;
}

static const struct err *
cli_run(struct cli *cli, int argc, char **argv)
{
	const enum cli_flags flags =
	    cli_cmd.needs != NULL ? cli_cmd.needs() : cli_cmd.flags;
	const struct err *err, *close_err;
	struct out_style style = { .no_header = given.no_header };

	if ((err = cli_prepare(cli, flags, argc)) != NULL)
		return err;
	/* What changes things outlives its reader and ends its batch. */
	if ((flags & (CLI_DB_WRITE | CLI_NET)) != 0) {
		signal(SIGPIPE, SIG_IGN);
		stop_install();
	}
	/* Names of hosts may be Cyrillic, and cron runs us in the C locale. */
	if ((flags & CLI_NET) != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	style.format = (enum out_format)given.format;
	style.colour = cli_colour(config_get(cli->config, CONFIG_COLOR));
	cli->out = out_open(stdout, &style);
	err = cli_cmd.run(cli, argc, argv);
	progress_clear();
	close_err = out_close(cli->out);
	db_close(cli->db);
	say_rejects_left(cli->rejected);
	return err != NULL ? err : close_err;
}

/* Everything that can be asked for; --help wins over a mistake beside it. */
static const struct err *
cli_serve(struct cli *cli, int argc, char **argv)
{
	const struct err *err;

	if (argc == 1 && strcmp(argv[0], "--crm-options") == 0) {
		opt_dump(cli_cmd.opts, stdout);
		return NULL;
	}
	if (argc == 1 && strcmp(argv[0], "--crm-operands") == 0) {
		if (cli_cmd.operands != NULL)
			cli_cmd.operands(stdout);
		return NULL;
	}
	err = opt_parse(cli_cmd.opts, &argc, argv);
	say_setup(cli_cmd.name, given.quiet, given.verbose);
	if (given.quiet)
		progress_silence();
	if (given.help) {
		cli_help();
		return NULL;
	}
	if (err != NULL)
		return err;
	if (given.version) {
		printf("%s (crm) %s, SQLite %s\n", cli_cmd.name, CRM_VERSION,
		    CRM_SQLITE);
		return NULL;
	}
	return cli_run(cli, argc, argv);
}

int
main(int argc, char **argv)
{
	static char buffer[CLI_BUFFER];
	struct cli cli = { 0 };
	const struct err *err;
	int status;

	cli_open_std();
	/* Long lists in few writes; a person sees each line at once. */
	if (isatty(STDOUT_FILENO) == 0)
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	signal(SIGPIPE, SIG_DFL); /* some parents start us with it ignored */
	if (argc > 0) {
		argc--;
		argv++;
	}
	err = cli_serve(&cli, argc, argv);
	if ((fflush(stdout) != 0 || ferror(stdout)) && err == NULL)
		err = err_sys("standard output");
	/* Who stopped the run knows why it did not end well. */
	if (err != NULL && !stop_asked()) {
		cli_say("%s", err->msg);
		if (err->code == ERR_USAGE)
			say_try_help();
	}
	status = cli_status(&cli, err);
	arena_free(&cli.rec);
	arena_free(&cli.arena);
	if (stop_asked())
		stop_raise();
	return status;
}
