/* crm-init - make the database of a new shop; see crm-init(1). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "crm/setting.h"
#include "keep/new_shop.h"

static struct new_shop shop = { .country = "RU" };

static const struct opt opts[] = {
	OPT_STR(0, "country", &shop.country, "code",
	    "whose national phone numbers are understood; default: RU"),
	OPT_STR(0, "currency", &shop.currency, "code",
	    "the currency of the shop; default: RUB"),
	OPT_DIR(0, "reference", &shop.reference,
	    "take the reference tables from this folder"),
	OPT_STR(0, "timezone", &shop.timezone, "zone",
	    "where the shop's days begin and end; default: the system's"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqVv] [--as name] [-c file] [--country code] [--currency code] "
	"[-d file] [--reference dir] [--timezone zone]",
	NULL,
};

static const char *const examples[] = {
	"crm-init --timezone Europe/Minsk --currency BYN --country BY",
	"a shop in Belarus, in the default place",
	"crm-init -d try.db --timezone Europe/Moscow",
	"one to try things out, here",
	NULL,
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

	if (shop.timezone == NULL)
		shop.timezone = system_zone(&cli->arena);
	if (shop.timezone == NULL)
		return err_new(ERR_USAGE,
		    "the system has no time zone; give --timezone");
	if (shop.reference == NULL)
		shop.reference = arena_printf(&cli->arena, "%s/reference",
		    config_get(cli->config, CONFIG_SHARE));
	if ((err = check_given("timezone", shop.timezone)) != NULL ||
	    (err = check_given("currency", shop.currency)) != NULL)
		return err;
	return check_given("country", shop.country);
}

static void
say_done(const struct cli *cli, const struct new_shop *n)
{
	static const char text[] = "%s %s: time zone %s, currency %s, "
				   "country %s, %zu rows of reference";

	if (cli->dry_run)
		cli_say(text, "would make", n->path, n->timezone, n->currency,
		    n->country, n->rows);
	else
		cli_summary(text, "made", n->path, n->timezone, n->currency,
		    n->country, n->rows);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct config_value *to = &cli->config->values[CONFIG_DB];
	const struct err *err;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if ((err = config_db(cli->config, &shop.path)) != NULL ||
	    (err = settle(cli)) != NULL)
		return err;
	shop.actor = cli->actor;
	shop.make_folder = strcmp(to->origin, "default") == 0;
	shop.dry_run = cli->dry_run;
	if ((err = new_shop_make(&shop, &cli->arena)) != NULL)
		return err;
	say_done(cli, &shop);
	return NULL;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-init",
	.synopsis = synopsis,
	.summary = "make the database of a new shop",
	.opts = opts,
	.examples = examples,
	.run = run,
};
