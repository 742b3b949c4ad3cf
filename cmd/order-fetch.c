/* order-fetch - what is new in a shop's API; see order-fetch(1). */
#include <inttypes.h>

#include "app/fetch.h"
#include "base/when.h"
#include "cli/cli.h"
#include "crm/shop.h"

static bool carts, customers;
static const char *since;

static const struct opt opts[] = {
	OPT_FLAG(0, "carts", &carts, "carts, for cart-import, not orders"),
	OPT_FLAG(0, "customers", &customers,
	    "customers, for customer-import, not orders"),
	OPT_STR(0, "since", &since, "time",
	    "what changed from then on, not since the last fetch"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_wait),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqVv] [--carts | --customers] [-c file] [-d file] [--since time]"
	" [--wait seconds] shop",
	NULL,
};

static const char *const examples[] = {
	"order-fetch site | order-import",
	"take what is new or changed in the shop 'site' of crm.conf",
	"order-fetch --since 2026-01-01 site | order-import --backfill",
	"begin with the orders of this year, as the past",
	"order-fetch --customers site | customer-import",
	"take the customers of that shop",
	"order-fetch -nv site",
	"ask for one page, to see whether address and secret are right",
	NULL,
};

static const struct err *
parse_since(int64_t *out)
{
	const struct err *err;
	struct when_span span;

	*out = WHEN_MIN;
	if (since == NULL)
		return NULL;
	if ((err = opt_wrong("since",
		 when_span_parse(since, when_now(), &span))) != NULL)
		return err;
	*out = span.from;
	return NULL;
}

static enum fetch_what
what(void)
{
	return carts ? FETCH_CARTS : customers ? FETCH_CUSTOMERS : FETCH_ORDERS;
}

static const struct err *
fetch(struct cli *cli, struct shop *shop, const struct config_shop *from)
{
	struct fetch f = {
		.cli = cli,
		.shop = shop,
		.from = from,
		.what = what(),
		.maps = arena_printf(&cli->arena, "%s/maps",
		    config_get(cli->config, CONFIG_SHARE)),
	};
	const struct err *err;

	if ((err = parse_since(&f.since)) == NULL)
		err = fetch_run(&f);
	if (err == NULL)
		cli_summary("%" PRIu64 " %s in %" PRIu64 " answers, %" PRIu64
			    " of them unreadable",
		    f.records, fetch_name(f.what), f.pages, f.unread);
	fetch_free(&f);
	return err;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct config_shop *from;
	const struct err *err;
	struct shop *shop;

	if (argc != 1)
		return err_new(ERR_USAGE, "name one shop of crm.conf");
	if (carts && customers)
		return err_new(ERR_USAGE,
		    "--carts and --customers exclude each other");
	if ((err = config_shop(cli->config, argv[0], &from)) != NULL ||
	    (err = cli_lock(cli,
		 arena_printf(&cli->arena, "order-fetch-%s",
		     fetch_cursor_name(from, what(), &cli->arena)))) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = fetch(cli, shop, from);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-fetch",
	.synopsis = synopsis,
	.summary = "new and changed orders, customers or carts of a shop's API",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ | CLI_NET,
	.run = run,
};
