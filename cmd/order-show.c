/* order-show - show all there is to know of an order; see order-show(1). */
#include <inttypes.h>
#include <stdio.h>

#include "app/orders.h"
#include "base/when.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "order/asof.h"
#include "order/timeline.h"
#include "view/order_view.h"
#include "view/record.h"

static const char *as_of;

static const struct opt opts[] = {
	OPT_STR(0, "as-of", &as_of, "time",
	    "as it stood then; a day or longer span: at its end"),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqVv] [-c file] [-d file] [--as-of time] [--json | --table]"
	" [order ...]",
	NULL,
};

static const char *const examples[] = {
	"order-show 1001",
	"customer, goods, money, comments, statuses and history",
	"order-show --as-of yesterday 1001",
	"the same as it stood last night",
	"order-list placed_at=last-month --json | order-show --json",
	"whole records with the time spent in each status",
	NULL,
};

static const struct err *
write_customer(struct cli *cli, const struct order *o)
{
	struct out *out = cli->out;
	const struct err *err;
	struct customer_brief *c = NULL;

	if (o->customer_id != 0 && (err = customer_get(cli->db, o->customer_id,
					&cli->rec, &c)) != NULL)
		return err;
	if (c == NULL) {
		out_null(out, "customer");
		return NULL;
	}
	out_object(out, "customer");
	out_int(out, "customer_id", c->id);
	out_text(out, "name", c->name);
	out_text(out, "phones", c->phones);
	out_text(out, "emails", c->emails);
	out_bool(out, "vip", c->vip);
	out_bool(out, "bad", c->bad);
	out_int(out, "orders", c->orders);
	out_int(out, "sales", c->sales);
	out_time(out, "first_at", c->first_at);
	out_time(out, "last_at", c->last_at);
	out_close_object(out);
	return NULL;
}

static void
write_timeline(struct cli *cli, const struct order *o, int64_t now)
{
	struct out *out = cli->out;
	struct timeline_stay *stays;
	size_t i, count;

	timeline_read(o, now, &cli->rec, &stays, &count);
	out_array(out, "timeline");
	for (i = 0; i < count; i++) {
		const struct timeline_stay *t = &stays[i];

		out_object(out, NULL);
		out_text(out, "status", t->status);
		out_time(out, "entered_at", t->entered_at);
		if (t->open)
			out_null(out, "left_at");
		else
			out_time(out, "left_at", t->left_at);
		out_int(out, "seconds", t->left_at - t->entered_at);
		out_bool(out, "open", t->open);
		out_close_object(out);
	}
	out_close_array(out);
}

/* The record, and behind its members what it has not. */
static const struct err *
write_order(struct cli *cli, struct shop *s, const struct order *o, int64_t now)
{
	const struct err *err;

	record_members(cli->out, s, o);
	write_timeline(cli, o, now);
	if ((err = write_customer(cli, o)) != NULL)
		return err;
	return out_end(cli->out);
}

static const struct err *
show(struct cli *cli, struct shop *s, const struct orders_ref *ref, int64_t now,
    bool first)
{
	const struct err *err;
	struct order *o;

	if ((err = orders_load(cli, ref, ORDER_LOAD_ALL, &o)) != NULL)
		return err;
	if (out_format(cli->out) == OUT_JSON)
		return write_order(cli, s, o, now);
	if (!first)
		putchar('\n');
	return order_view_write(stdout, s, o, ORDER_VIEW_WHOLE, now);
}

/* All that exist; that there are none at all is a failure. */
static const struct err *
show_all(struct cli *cli, struct shop *s, const struct orders_ref *refs,
    size_t count, int64_t now)
{
	const struct err *err;
	size_t i, shown = 0;

	for (i = 0; i < count; i++) {
		arena_reset(&cli->rec);
		err = show(cli, s, &refs[i], now, shown == 0);
		if (err == NULL)
			shown++;
		else if (err->code != ERR_NOTFOUND || count == 1)
			return err;
		else
			cli_reject(cli, refs[i].where, err);
	}
	if (shown == 0 && cli->rejected != 0)
		return err_new(ERR_NOTFOUND, "none of these orders exists");
	return NULL;
}

/* The moment that --as-of means; of a span its last second, if it is over. */
static const struct err *
parse_as_of(int64_t now, int64_t *at)
{
	const struct err *err;
	struct when_span span;

	*at = now;
	if ((err = opt_wrong("as-of", when_span_parse(as_of, now, &span))) !=
	    NULL)
		return err;
	if (when_span_last(&span) < now)
		*at = when_span_last(&span);
	return NULL;
}

static const struct err *
act(struct cli *cli, struct shop *s, int argc, char **argv)
{
	const struct err *err;
	struct orders_ref *refs;
	int64_t now = s->now;
	size_t count;

	if (out_format(cli->out) == OUT_TSV)
		return err_new(ERR_USAGE,
		    "an order is no line of columns; order-list --tsv has "
		    "them, or take --json");
	if (as_of != NULL && (err = parse_as_of(s->now, &now)) != NULL)
		return err;
	if ((err = orders_read(cli, argc, argv, &cli->arena, &refs, &count)) !=
	    NULL)
		return err;
	if (as_of != NULL && (err = asof_open(s, now)) != NULL)
		return err;
	return show_all(cli, s, refs, count, now);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if ((err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = act(cli, shop, argc, argv);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-show",
	.synopsis = synopsis,
	.summary = "show all there is to know of an order",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ,
	.run = run,
};
