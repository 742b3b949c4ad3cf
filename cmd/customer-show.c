/* customer-show - show all there is to know of a customer; see customer-show(1). */
#include <stdio.h>

#include "app/orders.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "customer/customer_search.h"
#include "view/customer_record.h"
#include "view/customer_view.h"
#include "view/record.h"

static bool all;

static const struct opt opts[] = {
	OPT_FLAG('a', "all", &all,
	    "with --json: the orders too, all that is kept of the person"),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-ahqVv] [-c file] [-d file] [--json | --table] [customer ...]",
	NULL,
};

static const char *const examples[] = {
	"customer-show 17",
	"contacts, consents, figures, orders and history",
	"customer-show '8 029 123-45-67'",
	"whoever is calling",
	"customer-show --all --json anna@example.by >anna.json",
	"all that is kept of a person who asks for it",
	NULL,
};

/* Whole orders, as order-show --json has them. */
static const struct err *
write_orders(struct cli *cli, struct shop *s, int64_t id)
{
	const struct err *err;
	struct order *o;
	int64_t *ids;
	size_t i, n;

	if ((err = customer_orders(cli->db, id, &cli->rec, &ids, &n)) != NULL)
		return err;
	out_array(cli->out, "orders");
	for (i = 0; i < n; i++) {
		if ((err = order_by_id(cli->db, ids[i], ORDER_LOAD_ALL,
			 &cli->rec, &o)) != NULL)
			return err;
		if (o == NULL)
			continue;
		out_object(cli->out, NULL);
		record_members(cli->out, s, o);
		out_close_object(cli->out);
	}
	out_close_array(cli->out);
	return NULL;
}

/* The record, and behind its members what it has not. */
static const struct err *
write_customer(struct cli *cli, struct shop *s, const struct customer *c)
{
	struct customer_figures f;
	const struct err *err;

	if ((err = customer_figure(cli->db, c->id, &cli->rec, &f)) != NULL)
		return err;
	customer_record_members(cli->out, s, c);
	customer_record_figures(cli->out, &f);
	if (all && (err = write_orders(cli, s, c->id)) != NULL)
		return err;
	return out_end(cli->out);
}

static const struct err *
show(struct cli *cli, struct shop *s, const char *text, bool first)
{
	const struct err *err;
	struct customer *c;

	if ((err = customer_search(s, text, CUSTOMER_SEARCH_NAMES,
		 CUSTOMER_LOAD_ALL, &cli->rec, &c)) != NULL)
		return err;
	if (out_format(cli->out) == OUT_JSON)
		return write_customer(cli, s, c);
	if (!first)
		putchar('\n');
	return customer_view_write(stdout, s, c, s->now);
}

/* All that are found; that there are none at all is a failure. */
static const struct err *
show_all(struct cli *cli, struct shop *s, const struct orders_ref *refs,
    size_t count)
{
	const struct err *err;
	size_t i, shown = 0;

	for (i = 0; i < count; i++) {
		arena_reset(&cli->rec);
		err = show(cli, s, refs[i].order_no, shown == 0);
		if (err == NULL)
			shown++;
		else if ((err->code != ERR_NOTFOUND &&
			     err->code != ERR_CONFLICT) ||
			 count == 1)
			return err;
		else
			cli_reject(cli, refs[i].where, err);
	}
	if (shown == 0 && cli->rejected != 0)
		return err_new(ERR_NOTFOUND, "none of these was found");
	return NULL;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct orders_ref *refs;
	struct shop *shop;
	size_t count;

	if (out_format(cli->out) == OUT_TSV)
		return err_new(ERR_USAGE,
		    "a customer is no line of columns; customer-list --tsv has "
		    "them, or take --json");
	if (all && out_format(cli->out) != OUT_JSON)
		return err_new(ERR_USAGE, "--all goes with --json");
	if ((err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err =
	    orders_read_customers(cli, argc, argv, &cli->arena, &refs, &count);
	if (err == NULL)
		err = show_all(cli, shop, refs, count);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "customer-show",
	.synopsis = synopsis,
	.summary = "show all there is to know of a customer",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ,
	.run = run,
};
