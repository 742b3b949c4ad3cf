/* order-export - tell others of our orders; see order-export(1). */
#include "app/export.h"
#include "cli/cli.h"
#include "crm/shop.h"

static const char *confirm, *output;
static bool to_shop;

static const struct opt opts[] = {
	OPT_STR(0, "confirm", &confirm, "position",
	    "the receiver has all up to there: written, last or a number"),
	OPT_FILE('o', "output", &output, "write there, not to standard output"),
	OPT_FLAG(0, "send", &to_shop, "send it to the receiver's shop"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [--as name] [--color when] [-c file] [-d file]"
	" [--json | --table | --tsv] [--no-header] [-o file] receiver",
	"--send [-hnqtVv] [--as name] [--color when] [-c file] [-d file]"
	" [--json | --table | --tsv] [--no-header] receiver",
	"--confirm position [-nqv] [-c file] [-d file] receiver",
	NULL,
};

static const char *const examples[] = {
	"order-export 1c -o orders.xml",
	"the orders that 1C has not been told of, or not as they are now",
	"order-export 1c --confirm written",
	"1C has taken the file",
	"order-export site --dry-run",
	"what the site would be told",
	"order-export --send site",
	"send the site what it has not been told of",
	NULL,
};

/* A table beside the document is for people who ask for it by --dry-run. */
static const struct err *
write_orders(struct export_job *j)
{
	const bool programs = out_format(j->cli->out) != OUT_TABLE;

	j->report = j->cli->dry_run || programs;
	if (programs && output == NULL && !j->cli->dry_run)
		return err_new(ERR_USAGE,
		    "--json and --tsv tell what was written; the document "
		    "needs --output then");
	return export_write(j);
}

/* What shows the requests cannot show records as well. */
static const struct err *
send_orders(struct export_job *j)
{
	const struct err *err;

	j->report = out_format(j->cli->out) != OUT_TABLE;
	if (output != NULL)
		return err_new(ERR_USAGE,
		    "--send and --output exclude each other");
	if (j->report && j->cli->dry_run)
		return err_new(ERR_USAGE,
		    "--json and --tsv tell what was sent; --dry-run shows the "
		    "requests");
	if (j->receiver->shop == NULL)
		return err_new(ERR_CONFIG, "%s: receiver '%s' has no 'shop'",
		    j->receiver->origin, j->receiver->name);
	if ((err = config_shop(j->cli->config, j->receiver->shop, &j->api)) !=
	    NULL)
		return err;
	return export_write(j);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	struct export_job j = { .cli = cli, .path = output };
	const struct err *err;

	if (argc != 1)
		return err_new(ERR_USAGE, "name one receiver of crm.conf");
	if (confirm != NULL && (output != NULL || to_shop))
		return err_new(ERR_USAGE, "--confirm writes nothing");
	if ((err = config_receiver(cli->config, argv[0], &j.receiver)) !=
		NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &j.shop)) != NULL)
		return err;
	if (confirm != NULL)
		err = export_confirm(&j, confirm);
	else
		err = to_shop ? send_orders(&j) : write_orders(&j);
	shop_close(j.shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-export",
	.synopsis = synopsis,
	.summary = "tell others of our orders",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_WRITE | CLI_NET,
	.run = run,
};
