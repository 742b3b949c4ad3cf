/* cart-import - take the carts of a site into the shop; see cart-import(1). */
#include "app/import.h"
#include "cli/cli.h"

static bool atomic, report, retry;
static const char *rejects, *source;
static int64_t max_errors = -1;

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "all records or none"),
	OPT_INT(0, "max-errors", &max_errors, "number",
	    "stop when more records than this are rejected"),
	OPT_FILE(0, "rejects", &rejects, "copy the rejected records there"),
	OPT_FLAG(0, "report", &report,
	    "write a record for each cart: what became of it"),
	OPT_FLAG(0, "retry", &retry, "try the kept rejects again"),
	OPT_STR(0, "source", &source, "name",
	    "the door these carts come through"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [--as name] [--atomic] [--color when] [-c file] [-d file]"
	" [--json] [--max-errors number] [--no-header] [--rejects file]"
	" [--report] [--source name] [--table] [file ...]",
	"--retry [-hnqtVv] [--as name] [-c file] [-d file] [--report]",
	NULL,
};

static const char *const examples[] = {
	"cart-import --source site carts.ndjson",
	"take the site's carts; twice changes nothing",
	"cart-import -n --report --tsv carts.ndjson",
	"show what would become of each cart",
	NULL,
};

static enum cli_flags
needs(void)
{
	return retry ? CLI_DB_WRITE : CLI_DB_WRITE | CLI_FILTER;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	struct import im = {
		.job = { .batch = { .cli = cli,
			     .command = "cart-import",
			     .whole = atomic },
		    .rejects = rejects,
		    .max_errors = max_errors,
		    .report = report },
		.carts = true,
		.retry = retry,
		.source = source,
	};

	return import_run(&im, argc, argv);
}

const struct cli_cmd cli_cmd = {
	.name = "cart-import",
	.synopsis = synopsis,
	.summary = "take the carts of a site into the shop",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
