/* crm-init - make the database of a new shop; see crm-init(1). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/reference_file.h"
#include "cli/cli.h"
#include "crm/run.h"
#include "crm/setting.h"
#include "crm/shop.h"
#include "db/db.h"
#include "io/file.h"

#define SITE "main" /* the default one */

static struct {
	const char *timezone, *currency, *country, *folder;
} given;

static const struct opt opts[] = {
	OPT_STR(0, "country", &given.country, "code",
	    "whose national phone numbers are understood; default: RU"),
	OPT_STR(0, "currency", &given.currency, "code",
	    "the currency of the shop; default: RUB"),
	OPT_DIR(0, "reference", &given.folder,
	    "take the reference tables from this folder"),
	OPT_STR(0, "timezone", &given.timezone, "zone",
	    "where the shop's days begin and end; default: the system's"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqVv] [--as name] [-c file] [--country code] [--currency code] "
	"[-d file] [--reference dir] [--timezone zone]",
	NULL
};

static const char *const examples[] = {
	"crm-init --timezone Europe/Minsk --currency BYN --country BY",
	"a shop in Belarus, in the default place",
	"crm-init -d try.db --timezone Europe/Moscow",
	"one to try things out, here", NULL
};

/* The zone of TZ, else the one that /etc/localtime is a link to. */
static const char *
system_zone(struct arena *a)
{
	static const char folder[] = "zoneinfo/";
	const char *tz = getenv("TZ");
	char link[256], *name;
	ssize_t n;

	if (tz != NULL && *tz == ':')
		tz++;
	if (tz != NULL && *tz != '\0')
		return tz;
	if ((n = readlink("/etc/localtime", link, sizeof(link) - 1)) < 0)
		return NULL;
	link[n] = '\0';
	name = strstr(link, folder);
	return name != NULL ? arena_strdup(a, name + strlen(folder)) : NULL;
}

static const struct err *
check_given(const char *name, const char *value)
{
	const struct err *err;

	if (value == NULL || (err = setting_check(name, value)) == NULL)
		return NULL;
	return err_new(ERR_USAGE, "%s", err->msg);
}

static const struct err *
settle(struct cli *cli)
{
	const struct err *err;

	if (given.timezone == NULL)
		given.timezone = system_zone(&cli->arena);
	if (given.timezone == NULL)
		return err_new(ERR_USAGE,
		    "the system has no time zone; give --timezone");
	if (given.country == NULL)
		given.country = "RU";
	if (given.folder == NULL)
		given.folder = arena_printf(&cli->arena, "%s/reference",
		    config_get(cli->config, CONFIG_SHARE));
	if ((err = check_given("timezone", given.timezone)) != NULL ||
	    (err = check_given("currency", given.currency)) != NULL)
		return err;
	return check_given("country", given.country);
}

/* What the default site sells in, by the tables; NULL without that site. */
static const char **
site_currency(struct reference *const *list, size_t count)
{
	const struct reference *r;
	size_t i, k;
	int code;

	for (i = 0; i < count; i++) {
		r = list[i];
		if (strcmp(r->name, "site") != 0)
			continue;
		code = reference_column(r, "code");
		for (k = 0; k < r->row_count; k++)
			if (strcmp(r->rows[k].values[code], SITE) == 0)
				return &r->rows[k].values[reference_column(r,
				    "currency")];
	}
	return NULL;
}

static const struct err *
put_settings(struct shop *shop)
{
	const struct err *err;

	if ((err = setting_put(shop, "site", SITE)) != NULL ||
	    (err = setting_put(shop, "timezone", given.timezone)) != NULL ||
	    (err = setting_put(shop, "currency", given.currency)) != NULL)
		return err;
	return setting_put(shop, "country", given.country);
}

/* All that a new shop knows, in one transaction. */
static const struct err *
fill(struct cli *cli, struct shop *shop, size_t *rows)
{
	struct reference **list;
	const struct err *err;
	const char **currency;
	size_t count, i;

	if ((err = reference_file_folder(shop->db, given.folder, &cli->arena,
		 &list, &count)) != NULL)
		return err;
	currency = site_currency(list, count);
	if (given.currency == NULL)
		given.currency =
		    currency != NULL && *currency != NULL ? *currency : "RUB";
	if (currency != NULL)
		*currency = given.currency;
	if ((err = db_begin(shop->db)) != NULL ||
	    (err = run_begin(shop, "crm-init", NULL, cli->actor, false)) !=
		NULL ||
	    (err = reference_load(shop, list, count, &cli->arena)) != NULL ||
	    (err = put_settings(shop)) != NULL ||
	    (err = run_end(shop, 0, NULL)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		*rows += list[i]->added;
	return db_commit(shop->db);
}

static const struct err *
make(struct cli *cli, const char *path, size_t *rows)
{
	const struct err *err;
	struct shop *shop;
	struct db *db;

	*rows = 0;
	if ((err = db_create(path)) != NULL ||
	    (err = db_open(path, DB_WRITE, &db)) != NULL)
		return err;
	if ((err = shop_open(db, NULL, &shop)) == NULL) {
		err = fill(cli, shop, rows);
		shop_close(shop);
	}
	if (err == NULL) /* one file gets the name: nothing may be beside it */
		err = db_bulk(db, false);
	db_close(db);
	return err;
}

/* The folder of the database and those above it; it is the group's to share. */
static const struct err *
make_folder(const char *folder, struct arena *a)
{
	char *copy = arena_strdup(a, folder), *slash;

	if (access(folder, F_OK) == 0)
		return NULL;
	for (slash = copy; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			return err_sys("%s", copy);
		*slash = '/';
	}
	if (mkdir(folder, 0770) != 0 || chmod(folder, 02770) != 0)
		return err_sys("%s", folder);
	return NULL;
}

static const char *
folder_of(const char *path, struct arena *a)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return slash == path ? "/" :
			       arena_strndup(a, path, (size_t)(slash - path));
}

/* It gets its name when it is complete, and never that of another file. */
static const struct err *
publish(const char *made, const char *path)
{
	if (chmod(made, 0660) == 0 && link(made, path) == 0)
		return NULL;
	return err_sys("%s", path);
}

static void
say_done(const struct cli *cli, const char *path, size_t rows)
{
	static const char text[] = "%s %s: time zone %s, currency %s, "
				   "country %s, %zu rows of reference";

	if (cli->dry_run)
		cli_say(text, "would make", path, given.timezone,
		    given.currency, given.country, rows);
	else
		cli_summary(text, "made", path, given.timezone, given.currency,
		    given.country, rows);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct config_value *to = &cli->config->values[CONFIG_DB];
	const bool at_home = strcmp(to->origin, "default") == 0;
	const char *path, *folder, *made;
	const struct err *err;
	size_t rows;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if ((err = config_db(cli->config, &path)) != NULL ||
	    (err = settle(cli)) != NULL)
		return err;
	if (access(path, F_OK) == 0)
		return err_new(ERR_CONFLICT,
		    "%s: exists already; crm-migrate brings an older database "
		    "up to date",
		    path);
	folder = folder_of(path, &cli->arena);
	if (!at_home && access(folder, W_OK | X_OK) != 0)
		return err_sys("%s", folder);
	if (cli->dry_run)
		folder = file_tmpdir();
	else if (at_home && (err = make_folder(folder, &cli->arena)) != NULL)
		return err;
	made = arena_printf(&cli->arena, "%s/.crm-init-%ld", folder,
	    (long)getpid());
	if ((err = make(cli, made, &rows)) == NULL && !cli->dry_run)
		err = publish(made, path);
	unlink(made);
	if (err == NULL)
		say_done(cli, path, rows);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-init",
	.synopsis = synopsis,
	.summary = "make the database of a new shop",
	.opts = opts,
	.examples = examples,
	.run = run,
};
