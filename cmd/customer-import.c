/* customer-import - take customers into the shop; see customer-import(1). */
#include "app/import.h"
#include "cli/cli.h"

static bool atomic, report, retry;
static const char *format, *map_file, *rejects, *source;
static int64_t max_errors = -1;

static const char *const formats[] = { "ndjson", "flat", "insales", "moysklad",
	"retailcrm", "shopify", "woocommerce", NULL };

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "all records or none"),
	OPT_CHOICE(0, "format", &format, "name", formats,
	    "whose customers these are; default: as they look"),
	OPT_FILE(0, "map", &map_file, "how to read the columns of a table"),
	OPT_INT(0, "max-errors", &max_errors, "number",
	    "stop when more records than this are rejected"),
	OPT_FILE(0, "rejects", &rejects, "copy the rejected records there"),
	OPT_FLAG(0, "report", &report,
	    "write a record for each customer: what became of it"),
	OPT_FLAG(0, "retry", &retry, "try the kept rejects again"),
	OPT_STR(0, "source", &source, "name",
	    "the source these customers come from"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [--as name] [--atomic] [--color when] [-c file] [-d file]"
	" [--format name] [--json] [--map file] [--max-errors number]"
	" [--no-header] [--rejects file] [--report] [--source name] [--table]"
	" [file ...]",
	"--retry [-hnqtVv] [--as name] [-c file] [-d file] [--report]",
	NULL,
};

static const char *const examples[] = {
	"customer-import --source site customers.ndjson",
	"take the site's customers; twice changes nothing",
	"customer-import --map cards.map --rejects bad.csv cards.csv",
	"take a table with foreign headers, and keep what is wrong in it",
	"customer-import -n --report --tsv customers.csv",
	"show what would become of each customer",
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
			     .command = "customer-import",
			     .whole = atomic },
		    .map_file = map_file,
		    .rejects = rejects,
		    .max_errors = max_errors,
		    .report = report },
		.customers = true,
		.retry = retry,
		.source = source,
		.format = format,
	};

	return import_run(&im, argc, argv);
}

const struct cli_cmd cli_cmd = {
	.name = "customer-import",
	.synopsis = synopsis,
	.summary = "take customers into the shop",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
