/* report-xlsx - the owner's workbook of a period; see report-xlsx(1). */
#include <stdio.h>
#include <string.h>

#include "app/segments_file.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "db/db.h"
#include "report/book.h"

static const char *output, *range, *week;

static const struct opt opts[] = {
	OPT_FILE('o', "output", &output,
	    "write this workbook; default: report-PERIOD.xlsx"),
	OPT_STR(0, "period", &range, "range",
	    "a month, a day or first..last; default: the last whole week"),
	OPT_STR(0, "week", &week, "week",
	    "an ISO week such as 2026-W47, or this-week"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqVv] [-c file] [-d file] [-o file] "
	"[--period range | --week week]",
	NULL,
};

static const char *const examples[] = {
	"report-xlsx",
	"the last whole week, into report-2026-W47.xlsx or the like",
	"report-xlsx --period last-month -o /srv/reports/month.xlsx",
	"the month before this one, against the month before that",
	NULL,
};

static const struct err *
read_period(int64_t now, struct period *out)
{
	const char *name = week != NULL ? "week" : "period";
	const char *text = week != NULL ? week : range;
	const struct err *err;

	if (week != NULL && range != NULL)
		return err_new(ERR_USAGE, "--week and --period are exclusive");
	if (text == NULL)
		text = "last-week";
	if ((err = opt_wrong(name, period_parse(text, now, out))) != NULL)
		return err;
	if (week != NULL && !period_is_week(out))
		return err_new(ERR_USAGE,
		    "option '--week': '%s' is not a week such as 2026-W47",
		    week);
	return NULL;
}

/* All sheets from one snapshot, so that they agree. */
static const struct err *
write_book(struct cli *cli, const struct book *b)
{
	const struct err *err;
	char name[PERIOD_STR_MAX];
	const char *path = output;
	int sheets;

	period_name(&b->period, name);
	if (path == NULL)
		path = arena_printf(&cli->arena, "report-%s.xlsx", name);
	if ((err = db_begin_read(cli->db)) != NULL ||
	    (err = book_write(b, path, cli->dry_run, &sheets)) != NULL ||
	    (err = db_commit(cli->db)) != NULL)
		return err;
	printf("%s\n", path);
	cli_summary("%s%s: %d sheets", cli->dry_run ? "would write " : "", name,
	    sheets);
	return NULL;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	struct book b = { .now = when_now() };
	const struct err *err;
	struct shop *shop;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if (output != NULL && strcmp(output, "-") == 0)
		return err_new(ERR_USAGE,
		    "a workbook needs a file, not standard output");
	b.lang = config_get(cli->config, CONFIG_LANG);
	if ((err = shop_open(cli->db, b.lang, &shop)) != NULL)
		return err;
	b.shop = shop;
	if ((err = read_period(b.now, &b.period)) == NULL &&
	    (err = segments_file_read(cli->config, "rfm", &cli->arena,
		 &b.segments)) == NULL)
		err = write_book(cli, &b);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "report-xlsx",
	.synopsis = synopsis,
	.summary = "write the owner's workbook of a week or another period",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ,
	.run = run,
};
