/* crm-backup - make a backup of the shop while it works; see crm-backup(1). */
#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"
#include "keep/backup.h"

static struct backup_rule rule;

static const struct opt opts[] = {
	OPT_INT(0, "keep-days", &rule.days, "number",
	    "keep the newest backup of each of so many days"),
	OPT_INT(0, "keep-months", &rule.months, "number",
	    "keep the newest backup of each of so many months"),
	OPT_INT(0, "keep-weeks", &rule.weeks, "number",
	    "keep the newest backup of each of so many weeks"),
	OPT_TABLE(cli_opts_wait),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [-c file] [-d file] [--as name] [--json | --tsv]"
	" [--keep-days number] [--keep-months number] [--keep-weeks number]"
	" [--wait seconds] [dir]",
	NULL,
};

static const char *const examples[] = {
	"crm-backup /var/backups/crm",
	"a backup of the shop into this folder",
	"crm-backup --keep-days 7 --keep-weeks 4 --keep-months 12",
	"one into the folder of crm.conf, and the old ones thinned out",
	NULL,
};

/* Once for each megabyte: how far it is, and whether to go on. */
static bool
watch(void *arg, int64_t done, int64_t all)
{
	bool *begun = arg;

	if (!*begun)
		progress_start("pages copied", (uint64_t)all);
	*begun = true;
	progress_at((uint64_t)done);
	return !stop_asked();
}

/* For crm-status: when the last good one was made, and where. */
static const struct err *
record(struct cli *cli, const struct backup *b)
{
	const struct err *err;
	struct shop *shop = NULL;
	struct db *db;

	if ((err = db_open(db_path(cli->db), DB_WRITE, &db)) != NULL)
		return err;
	if ((err = shop_open(db, NULL, &shop)) == NULL &&
	    (err = db_begin(db)) == NULL &&
	    (err = run_begin(shop, cli_cmd.name, b->path, cli->actor, false)) ==
		NULL &&
	    (err = run_end(shop, 0,
		 arena_printf(&cli->arena, "%s, %" PRId64 " bytes", b->path,
		     b->bytes))) == NULL)
		err = db_commit(db);
	shop_close(shop);
	db_close(db);
	return err;
}

static const struct err *
thin_out(struct cli *cli, const char *dir, const struct backup *made)
{
	const struct err *err;
	struct backup *v;
	size_t i, count;

	err = backup_surplus(dir, db_path(cli->db), made, &rule, &cli->arena,
	    &v, &count);
	for (i = 0; i < count && err == NULL; i++)
		if (cli->dry_run)
			cli_say("would remove %s", v[i].path);
		else if ((err = backup_remove(&v[i], &cli->arena)) == NULL)
			cli_info("removed %s", v[i].path);
	return err;
}

static const struct err *
show(struct cli *cli, const struct backup *b)
{
	if (out_format(cli->out) != OUT_TABLE)
		return backup_show(cli->out, b);
	printf("%s\n", b->path);
	return NULL;
}

static const struct err *
back_up(struct cli *cli, const char *dir)
{
	const struct err *err, *not_noted;
	struct backup made;
	bool begun = false;

	err = backup_make(cli->db, dir, when_now(), cli->dry_run, watch, &begun,
	    &cli->arena, &made);
	if (err != NULL)
		return err;
	if (!cli->dry_run && (not_noted = record(cli, &made)) != NULL)
		cli_warn("the backup is made, but the run could not be noted: "
			 "%s",
		    not_noted->msg);
	if ((err = show(cli, &made)) != NULL)
		return err;
	return thin_out(cli, dir, &made);
}

static const struct err *
check_usage(int argc, const char *dir)
{
	if (argc > 1)
		return err_new(ERR_USAGE, "name one folder");
	if (dir == NULL)
		return err_new(ERR_CONFIG,
		    "no folder named; give one or set backup_dir in crm.conf");
	if (rule.days < 0 || rule.weeks < 0 || rule.months < 0)
		return err_new(ERR_USAGE,
		    "--keep-days, --keep-weeks and --keep-months cannot be "
		    "negative");
	return NULL;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const char *dir =
	    argc != 0 ? argv[0] : config_get(cli->config, CONFIG_BACKUP_DIR);
	const struct err *err;
	struct shop *shop;

	/* Days begin and end in the shop's time zone. */
	if ((err = check_usage(argc, dir)) != NULL ||
	    (err = shop_open(cli->db, NULL, &shop)) != NULL)
		return err;
	shop_close(shop);
	stop_install(); /* so that no half copy is left */
	return back_up(cli, dir);
}

const struct cli_cmd cli_cmd = {
	.name = "crm-backup",
	.synopsis = synopsis,
	.summary = "make a backup of the shop while it works",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ | CLI_LOCK,
	.run = run,
};
