/* crm-rejects - show and dismiss records that were refused; see crm-rejects(1). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "crm/reject.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"

static bool dismiss, dismissed, reopen;

static const struct opt opts[] = {
	OPT_FLAG(0, "dismiss", &dismiss, "say that these are nothing"),
	OPT_FLAG(0, "dismissed", &dismissed, "show the dismissed ones instead"),
	OPT_FLAG(0, "reopen", &reopen, "take back that these are dismissed"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [--color when] [-d file] [--dismissed]"
	" [--json | --table | --tsv] [--no-header]",
	"--dismiss | --reopen [-nqv] [--as name] [-c file] [-d file]"
	" number ...",
	NULL,
};

static const char *const examples[] = {
	"crm-rejects",
	"which records wait to be mended, and why",
	"crm-rejects --dismiss 12 14",
	"these two were never orders",
	NULL,
};

static const struct err *
show(struct out *out, const struct reject *r)
{
	if (out_format(out) == OUT_JSON)
		out_text(out, "type", "reject");
	out_int(out, "reject", r->id);
	out_time(out, "at", r->at);
	out_int(out, "run", r->run_id);
	out_text(out, "entity", r->entity);
	out_text(out, "source", r->source);
	out_text(out, "external_id", r->external_id);
	out_text(out, "place", r->place);
	out_text(out, "reason", r->reason);
	if (out_format(out) == OUT_JSON)
		out_text(out, "record", r->record);
	return out_end(out);
}

static const struct err *
show_all(struct cli *cli)
{
	const struct err *err;
	struct reject *r;
	int64_t after = 0;

	for (;;) {
		arena_reset(&cli->rec);
		err =
		    reject_next(cli->db, NULL, dismissed, after, &cli->rec, &r);
		if (err != NULL || r == NULL)
			return err;
		if ((err = show(cli->out, r)) != NULL)
			return err;
		after = r->id;
	}
}

static const struct err *
parse_number(const char *s, int64_t *id)
{
	char *end;

	errno = 0;
	*id = strtoll(s, &end, 10);
	if (errno != 0 || *s < '0' || *s > '9' || *end != '\0')
		return err_new(ERR_USAGE,
		    "'%s' is no number of a reject; crm-rejects shows them", s);
	return NULL;
}

/* All of them or none. */
static const struct err *
change_all(struct cli *cli, struct shop *shop, int argc, char **argv)
{
	const char *word = dismiss ? "dismissed" : "reopened", *summary;
	const struct err *err;
	bool changed;
	int64_t id;
	int i, n = 0;

	if ((err = db_begin(cli->db)) != NULL ||
	    (err = run_begin(shop, cli_cmd.name,
		 dismiss ? "--dismiss" : "--reopen", cli->actor, false)) !=
		NULL)
		return err;
	for (i = 0; i < argc; i++) {
		if ((err = parse_number(argv[i], &id)) != NULL ||
		    (err = reject_dismiss(shop, id, dismiss, &changed)) != NULL)
			return err;
		n += changed;
	}
	summary = arena_printf(&cli->arena, "%d reject%s %s", n,
	    n == 1 ? "" : "s", word);
	if (cli->dry_run)
		cli_say("%s; dry run: nothing was changed", summary);
	if (cli->dry_run || n == 0)
		return NULL; /* closing rolls back */
	if ((err = run_end(shop, 0, summary)) != NULL ||
	    (err = db_commit(cli->db)) != NULL)
		return err;
	cli_summary("%s; run %" PRId64, summary, shop->run_id);
	return NULL;
}

static enum cli_flags
needs(void)
{
	return dismiss || reopen ? CLI_DB_WRITE : CLI_DB_READ;
}

static const struct err *
check_usage(int argc, char **argv)
{
	if (dismiss + dismissed + reopen > 1)
		return err_new(ERR_USAGE,
		    "--dismiss, --dismissed and --reopen exclude each other");
	if ((dismiss || reopen) && argc == 0)
		return err_new(ERR_USAGE, "name the rejects by their numbers");
	if (!dismiss && !reopen && argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	return NULL;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if ((err = check_usage(argc, argv)) != NULL ||
	    (err = shop_open(cli->db, NULL, &shop)) != NULL)
		return err;
	err = dismiss || reopen ? change_all(cli, shop, argc, argv) :
				  show_all(cli);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-rejects",
	.synopsis = synopsis,
	.summary = "show and dismiss records that were refused",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
