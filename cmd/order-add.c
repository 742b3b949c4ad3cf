/* order-add - take an order during a telephone call; see order-add(1). */
#include <inttypes.h>
#include <stdio.h>

#include "base/when.h"
#include "cli/cli.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"
#include "edit/order_form.h"
#include "order/order_merge.h"
#include "view/order_view.h"
#include "view/record.h"

static struct order_form form;

static const struct opt opts[] = {
	OPT_STR(0, "address", &form.address, "text", "where it is delivered"),
	OPT_STR(0, "city", &form.city, "name", "the city it is delivered in"),
	OPT_STR(0, "delivery", &form.delivery, "type", "how it is delivered"),
	OPT_STR(0, "delivery-cost", &form.delivery_cost, "amount",
	    "what the customer pays for delivery"),
	OPT_STR(0, "discount", &form.discount, "amount", "off the whole order"),
	OPT_STR(0, "from", &form.from, "hh:mm", "delivered not before"),
	OPT_STR(0, "manager", &form.manager, "login",
	    "who looks after it; default: you"),
	OPT_STR(0, "method", &form.method, "code",
	    "how it was ordered; default: phone"),
	OPT_STR(0, "name", &form.name, "name", "the customer's name"),
	OPT_STR(0, "note", &form.note, "text", "a note, for us"),
	OPT_STR(0, "on", &form.on, "date",
	    "the day of delivery, as 2026-11-23 or +1d"),
	OPT_STR(0, "pay", &form.pay, "type", "how it will be paid"),
	OPT_STR('s', "status", &form.status, "name",
	    "its status; default: that of new orders"),
	OPT_STR(0, "to", &form.to, "hh:mm", "delivered not after"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqVv] [-c file] [-d file] [-s name] [--address text] [--as name]"
	" [--city name] [--delivery type] [--delivery-cost amount]"
	" [--discount amount] [--from hh:mm] [--json | --table]"
	" [--manager login] [--method code] [--name name] [--note text]"
	" [--on date] [--pay type] [--to hh:mm] phone item ...",
	NULL,
};

static const char *const examples[] = {
	"order-add '8 029 123-45-67' BR-01*2",
	"two of an item, for whoever has this number",
	"order-add -n 80291234567 шампунь 'гречка*0,5@8.95'",
	"by name, half a kilogram, at a price; only show it",
	"order-add --on +1d --from 18:00 --city Минск 80291234567 SH-01",
	"to be delivered tomorrow evening",
	NULL,
};

/* Who calls, for the person at the telephone. */
static void
say_caller(const struct customer_brief *c)
{
	char when[WHEN_STR_MAX];

	if (c == NULL)
		cli_summary("a new customer");
	else if (c->orders == 0)
		cli_summary("%s, no orders yet",
		    c->name != NULL ? c->name : "no name");
	else
		cli_summary("%s, %" PRId64 " order%s, last %.10s",
		    c->name != NULL ? c->name : "no name", c->orders,
		    c->orders == 1 ? "" : "s", when_local(c->last_at, when));
	if (c != NULL && c->bad)
		cli_warn("this customer is marked as bad");
}

static const struct err *
show(struct cli *cli, struct shop *s, const char *order_no)
{
	const struct err *err;
	struct order *o;

	if ((err = order_by_no(cli->db, order_no, ORDER_LOAD_ALL, &cli->arena,
		 &o)) != NULL)
		return err;
	if (o == NULL)
		return err_new(ERR_NOTFOUND, "order %s has gone", order_no);
	if (out_format(cli->out) == OUT_JSON)
		return record_order(cli->out, s, o);
	return order_view_write(stdout, s, o, ORDER_VIEW_RECEIPT, s->now);
}

/* All in one transaction; what it wrote is shown when it is safe. */
static const struct err *
add(struct cli *cli, struct shop *s)
{
	const struct err *err;
	struct customer_brief *caller;
	struct merge_result result;
	struct order *o;

	if ((err = db_begin(cli->db)) != NULL ||
	    (err = run_begin(s, cli_cmd.name, NULL, cli->actor, false)) !=
		NULL ||
	    (err = order_form_caller(s, &form, &cli->arena, &caller)) != NULL)
		return err;
	say_caller(caller);
	if ((err = order_form_fill(s, &form, caller, &cli->arena, &o)) !=
		NULL ||
	    (err = order_merge(s, o, &cli->arena, &result)) != NULL)
		return err;
	if (result.double_of != NULL)
		cli_warn("looks like order %s: the same customer and goods",
		    result.double_of);
	if (cli->dry_run)
		return show(cli, s, result.order_no);
	if ((err = run_end(s, 0,
		 arena_printf(&cli->arena, "order %s", result.order_no))) !=
		NULL ||
	    (err = db_commit(cli->db)) != NULL)
		return err;
	cli_summary("order %s taken; run %" PRId64, result.order_no, s->run_id);
	return show(cli, s, result.order_no);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if (argc < 2)
		return err_new(ERR_USAGE,
		    "name the telephone number and at least one item");
	if (out_format(cli->out) == OUT_TSV)
		return err_new(ERR_USAGE,
		    "an order is no line of columns; take --json");
	form.phone = argv[0];
	form.items = argv + 1;
	form.item_count = (size_t)argc - 1;
	if ((err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = add(cli, shop);
	db_rollback(cli->db); /* --dry-run, or a failure */
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-add",
	.synopsis = synopsis,
	.summary = "take an order during a telephone call",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_WRITE,
	.run = run,
};
