/* catalog-import - take goods into the catalogue; see catalog-import(1). */
#include "app/catalog_import.h"
#include "cli/cli.h"

static bool atomic, complete, report;
static const char *format, *map_file, *price_type, *purchase_price_type,
    *rejects, *source;
static int64_t max_errors = -1;

static const char *const formats[] = { "xml", "table", NULL };

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "all records or none"),
	OPT_FLAG(0, "complete", &complete,
	    "what the source no longer has is no longer sold"),
	OPT_CHOICE(0, "format", &format, "name", formats,
	    "xml or table; default: by the first byte"),
	OPT_FILE(0, "map", &map_file, "how to read the columns of a table"),
	OPT_INT(0, "max-errors", &max_errors, "number",
	    "stop when more records than this are rejected"),
	OPT_STR(0, "price-type", &price_type, "name",
	    "of CommerceML's types of price, the one taken"),
	OPT_STR(0, "purchase-price-type", &purchase_price_type, "name",
	    "and the one that is the purchase price"),
	OPT_FILE(0, "rejects", &rejects, "copy the rejected records there"),
	OPT_FLAG(0, "report", &report,
	    "write a record for each offer that is new, changed or rejected"),
	OPT_STR(0, "source", &source, "name",
	    "whose catalogue it is; default: catalog"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [--as name] [--atomic] [--color when] [--complete]"
	" [-c file] [-d file] [--format name] [--json] [--map file]"
	" [--max-errors number] [--no-header] [--price-type name]"
	" [--purchase-price-type name] [--rejects file] [--report]"
	" [--source name] [--table] [file ...]",
	NULL,
};

static const char *const examples[] = {
	"catalog-import --source site feed.yml",
	"take the site's feed; twice changes nothing",
	"catalog-import --source 1c --complete import.xml offers.xml",
	"1C's catalogue; what it has no longer is no longer sold",
	"catalog-import -n --report --tsv prices.csv",
	"show what a price list would change",
	NULL,
};

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	struct catalog_import ci = {
		.job = { .batch = { .cli = cli,
			     .command = "catalog-import",
			     .whole = atomic },
		    .map_file = map_file,
		    .rejects = rejects,
		    .max_errors = max_errors,
		    .report = report },
		.options = { .source = source,
		    .format = format,
		    .price_type = price_type,
		    .purchase_price_type = purchase_price_type },
		.complete = complete,
	};

	return catalog_import_run(&ci, argc, argv);
}

const struct cli_cmd cli_cmd = {
	.name = "catalog-import",
	.synopsis = synopsis,
	.summary = "take goods into the catalogue",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_WRITE | CLI_FILTER,
	.run = run,
};
