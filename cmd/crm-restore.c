/* crm-restore - put a backup back in its place; see crm-restore(1). */
#include "base/when.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/shop.h"
#include "db/db.h"
#include "keep/backup.h"

static bool force, list;

static const struct opt opts[] = {
	OPT_FLAG('f', "force", &force,
	    "though there is a database; it is put aside first"),
	OPT_FLAG(0, "list", &list, "show the backups of a folder instead"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-fnqv] [-c file] [-d file] file",
	"--list [-hqtVv] [-c file] [-d file] [--color when]"
	" [--json | --table | --tsv] [--no-header] [dir]",
	NULL,
};

static const char *const examples[] = {
	"crm-restore --list /var/backups/crm",
	"the backups there are, and whether their checksums hold",
	"crm-restore -n /var/backups/crm/shop-2026-11-22T031500Z.db",
	"look through this one and say what would be done",
	"crm-restore -f /var/backups/crm/shop-2026-11-22T031500Z.db",
	"put it back; the present database is put aside",
	NULL,
};

/* Listing ------------------------------------------------------------------ */

/* Where there is a shop that can be read, its zone; else UTC. */
static void
use_shop_zone(const char *path)
{
	struct shop *shop;
	struct db *db;

	if (db_open(path, DB_READ, &db) != NULL)
		return;
	if (shop_open(db, NULL, &shop) == NULL)
		shop_close(shop);
	db_close(db);
}

static const struct err *
list_backups(struct cli *cli, const char *db_path, const char *dir)
{
	const struct err *err;
	struct backup *v;
	size_t i, count;

	use_shop_zone(db_path);
	err = backup_list(dir, db_path, &cli->arena, &v, &count);
	for (i = 0; i < count && err == NULL; i++) {
		arena_reset(&cli->rec);
		if ((err = backup_check_sum(&v[i], &cli->rec)) == NULL)
			err = backup_show(cli->out, &v[i]);
	}
	return err;
}

/* Restoring ---------------------------------------------------------------- */

static bool
watch(void *arg, int64_t done, int64_t all)
{
	int64_t *total = arg;

	if (*total != all)
		progress_start("pages copied", (uint64_t)all);
	*total = all;
	progress_at((uint64_t)done);
	return !stop_asked();
}

static const struct err *
restore(struct cli *cli, const char *db_path, const char *file)
{
	int64_t total = 0;
	struct backup_restore r = {
		.from = file,
		.to = db_path,
		.now = when_now(),
		.force = force,
		.dry_run = cli->dry_run,
		.watch = watch,
		.watch_arg = &total,
	};
	const struct err *err;

	stop_install();
	if ((err = backup_restore(&r, &cli->arena)) != NULL)
		return err;
	if (r.sum == BACKUP_SUM_NONE)
		cli_warn("%s: no checksum beside it; it was looked through",
		    file);
	if (cli->dry_run && r.aside != NULL)
		cli_say("%s is whole; %s would be put aside as %s", file,
		    db_path, r.aside);
	else if (cli->dry_run)
		cli_say("%s is whole and would become %s", file, db_path);
	else if (r.aside != NULL)
		cli_summary("%s is restored; what it was is %s", db_path,
		    r.aside);
	else
		cli_summary("%s is restored", db_path);
	if (r.older)
		cli_warn("%s: the schema is older, version %d; run crm-migrate",
		    file, r.version);
	return NULL;
}

/* -------------------------------------------------------------------------- */

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const char *dir =
	    argc != 0 ? argv[0] : config_get(cli->config, CONFIG_BACKUP_DIR);
	const struct err *err;
	const char *path;

	if ((err = config_db(cli->config, &path)) != NULL)
		return err;
	if (!list && argc != 1)
		return err_new(ERR_USAGE, "name one backup; --list shows them");
	if (list && (argc > 1 || force))
		return err_new(ERR_USAGE,
		    "--list takes one folder and excludes --force");
	if (list && dir == NULL)
		return err_new(ERR_CONFIG,
		    "no folder named; give one or set backup_dir in crm.conf");
	return list ? list_backups(cli, path, dir) :
		      restore(cli, path, argv[0]);
}

const struct cli_cmd cli_cmd = {
	.name = "crm-restore",
	.synopsis = synopsis,
	.summary = "put a backup back in its place",
	.opts = opts,
	.examples = examples,
	.run = run,
};
