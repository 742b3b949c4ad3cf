/* order-import - take orders into the shop; see order-import(1). */
#include "app/import.h"
#include "cli/cli.h"
#include "intake/intake.h"

static bool atomic, backfill, report, retry;
static const char *format, *map_file, *rejects, *source;
static int64_t max_errors = -1;

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "all records or none"),
	OPT_FLAG(0, "backfill", &backfill,
	    "these orders are the past: start nothing for them"),
	OPT_CHOICE(0, "format", &format, "name", intake_formats,
	    "whose orders these are; default: as they look"),
	OPT_FILE(0, "map", &map_file, "how to read the orders of others"),
	OPT_INT(0, "max-errors", &max_errors, "number",
	    "stop when more records than this are rejected"),
	OPT_FILE(0, "rejects", &rejects, "copy the rejected records there"),
	OPT_FLAG(0, "report", &report,
	    "write a record for each order: what became of it"),
	OPT_FLAG(0, "retry", &retry, "try the kept rejects again"),
	OPT_STR(0, "source", &source, "name",
	    "the door these orders come through"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [--as name] [--atomic] [--backfill] [--color when]"
	" [-c file] [-d file] [--format name] [--json] [--map file]"
	" [--max-errors number] [--no-header] [--rejects file] [--report]"
	" [--source name] [--table] [file ...]",
	"--retry [-hnqtVv] [--as name] [-c file] [-d file] [--report]",
	NULL,
};

static const char *const examples[] = {
	"order-import --source site orders.ndjson",
	"take the site's orders; twice changes nothing",
	"order-import --map excel.map --rejects bad.csv orders.csv",
	"take a table with foreign headers, and keep what is wrong in it",
	"order-import -n --report --tsv orders.ndjson",
	"show what would become of each order",
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
			     .command = "order-import",
			     .backfill = backfill,
			     .whole = atomic },
		    .map_file = map_file != NULL ?
				    map_file :
				    config_source_map(cli->config, source),
		    .rejects = rejects,
		    .max_errors = max_errors,
		    .report = report },
		.retry = retry,
		.source = source,
		.format = format,
	};

	return import_run(&im, argc, argv);
}

const struct cli_cmd cli_cmd = {
	.name = "order-import",
	.synopsis = synopsis,
	.summary = "take orders into the shop",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
