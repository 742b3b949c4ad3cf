/* catalog-import - take goods into the catalogue; see catalog-import(1). */
#include <inttypes.h>

#include "app/catalog_import.h"
#include "cli/cli.h"
#include "crm/shop.h"

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
import(struct cli *cli, struct shop *shop, int argc, char **argv)
{
	struct catalog_import ci = {
		.batch = { .cli = cli,
		    .shop = shop,
		    .command = "catalog-import",
		    .detail = argc != 0 ? argv[0] : "stdin",
		    .whole = atomic || cli->dry_run },
		.options = { .source = source,
		    .format = format,
		    .price_type = price_type,
		    .purchase_price_type = purchase_price_type },
		.map_file = map_file,
		.rejects = rejects,
		.max_errors = atomic && max_errors < 0 ? 0 : max_errors,
		.complete = complete,
		.report = report,
	};
	const struct err *err;

	err = catalog_import_files(&ci, argc, argv);
	if (err == NULL && ci.refused != 0)
		cli_say("%" PRIu64 " of %" PRIu64 " records rejected",
		    ci.refused, ci.seen);
	if (err == NULL && cli->dry_run && !report && !cli->quiet)
		cli_say("%s; dry run: nothing was changed",
		    catalog_import_summary(&ci, &cli->arena));
	else if (err == NULL)
		cli_summary("%s; run %" PRId64,
		    catalog_import_summary(&ci, &cli->arena), shop->run_id);
	catalog_import_free(&ci);
	return err;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if ((err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = import(cli, shop, argc, argv);
	shop_close(shop);
	return err;
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
