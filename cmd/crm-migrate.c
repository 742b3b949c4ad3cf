/* crm-migrate - bring a database to this version; see crm-migrate(1). */
#include "cli/cli.h"
#include "db/db.h"

static const struct opt opts[] = {
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqVv] [-c file] [-d file]",
	NULL,
};

static const char *const examples[] = {
	"crm-migrate -n",
	"say which version the database has and would get",
	"crm-migrate -v",
	"bring it up to date and name the copy",
	NULL,
};

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	const char *path;
	int from, to;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if ((err = config_db(cli->config, &path)) != NULL ||
	    (err = db_migrate(path, cli->dry_run, &from, &to)) != NULL)
		return err;
	if (from == to && cli->dry_run)
		cli_say("%s: schema version is %d, as it should be", path, to);
	else if (from == to)
		cli_info("%s: schema version is %d, as it should be", path, to);
	else if (cli->dry_run)
		cli_say("%s: schema version is %d and would become %d, with a "
			"copy in %s.bak-%d",
		    path, from, to, path, from);
	else
		cli_summary("%s: schema version was %d and is %d; the copy is "
			    "%s.bak-%d",
		    path, from, to, path, from);
	return NULL;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-migrate",
	.synopsis = synopsis,
	.summary = "bring a database to this version",
	.opts = opts,
	.examples = examples,
	.run = run,
};
