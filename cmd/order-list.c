/* order-list - the orders that fit, listed, counted or summed; see order-list(1). */
#include "base/decimal.h"
#include "base/when.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "order/asof.h"
#include "select/select.h"
#include "view/record.h"
#include "view/select_view.h"

static struct {
	const char *as_of, *columns, *count_by, *sort;
	int64_t limit;
	bool sum;
} given;

static const char default_columns[] =
    "order_no,placed_at,status,customer_name,phone,total,currency";

static const struct opt opts[] = {
	OPT_STR(0, "as-of", &given.as_of, "time",
	    "as the orders stood then; of a day, at its end"),
	OPT_STR(0, "columns", &given.columns, "fields",
	    "write these fields, separated by commas"),
	OPT_STR(0, "count-by", &given.count_by, "field",
	    "count and sum the orders by the value of a field"),
	OPT_INT(0, "limit", &given.limit, "number",
	    "write no more than this; default: 0, all"),
	OPT_STR(0, "sort", &given.sort, "fields",
	    "sort by these fields, -field descending; default: placed_at"),
	OPT_FLAG(0, "sum", &given.sum,
	    "write how many orders, their total and average"),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [-d file] [--as-of time] [--color when] "
	"[--columns fields | --count-by field | --sum] "
	"[--json | --table | --tsv] [--limit number] [--no-header] "
	"[--sort fields] [term ...]",
	NULL,
};

static const char *const examples[] = {
	"order-list group=new,approval",
	"orders that wait for somebody",
	"order-list status=no-answer status_at=..-2d --sort status_at",
	"nobody answered the phone, for two days and more",
	"order-list placed_at=yesterday --count-by utm_source",
	"yesterday's orders, their totals and average by source",
	"order-list customer~ivan placed_at=this-month --json",
	"whole records, for other commands",
	NULL,
};

static const struct err *
check_options(void)
{
	const int views =
	    (given.columns != NULL) + (given.count_by != NULL) + given.sum;

	if (views > 1)
		return err_new(ERR_USAGE,
		    "--columns, --count-by and --sum are exclusive");
	if (given.sort != NULL && (given.count_by != NULL || given.sum))
		return err_new(ERR_USAGE,
		    "--sort has no use with --count-by and --sum");
	if (given.limit < 0)
		return err_new(ERR_USAGE,
		    "option '--limit' cannot be negative");
	return NULL;
}

static const struct err *
go_back(struct shop *shop)
{
	const struct err *err;
	struct when_span span;

	if (given.as_of == NULL)
		return NULL;
	if ((err = opt_wrong("as-of",
		 when_span_parse(given.as_of, shop->now, &span))) != NULL)
		return err;
	return asof_open(shop, when_span_last(&span));
}

static const struct err *
write_groups(struct cli *cli, struct shop *shop, struct select *sel)
{
	const struct err *err;
	struct select_group g;
	int64_t average;
	bool more;

	if ((err = select_open_groups(sel, given.count_by)) != NULL)
		return err;
	while ((err = select_next_group(sel, &g, &more)) == NULL && more) {
		if ((err = decimal_muldiv(g.total_minor, 1, g.orders,
			 &average)) != NULL)
			return err;
		out_type(cli->out, "order_sum");
		if (given.count_by != NULL)
			select_view_value(cli->out, shop, given.count_by,
			    &g.value, g.currency);
		out_text(cli->out, "currency", g.currency);
		out_int(cli->out, "orders", g.orders);
		out_money(cli->out, "total", g.total_minor, g.currency);
		out_money(cli->out, "average", average, g.currency);
		if ((err = out_end(cli->out)) != NULL)
			return err;
	}
	return err;
}

static const struct err *
write_records(struct cli *cli, struct shop *shop, struct select *sel)
{
	const struct err *err;
	struct order *o;
	int64_t id;

	if ((err = select_open(sel)) != NULL)
		return err;
	while ((err = select_next(sel, &id)) == NULL && id != 0) {
		if ((err = order_by_id(cli->db, id, ORDER_LOAD_ALL, &cli->rec,
			 &o)) != NULL ||
		    (err = record_order(cli->out, shop, o)) != NULL)
			return err;
		arena_reset(&cli->rec);
	}
	return err;
}

static const struct err *
write_orders(struct cli *cli, struct shop *shop, struct select *sel)
{
	const struct err *err;

	if ((err = select_sort(sel,
		 given.sort != NULL ? given.sort : "placed_at")) != NULL)
		return err;
	if (given.columns == NULL && out_format(cli->out) == OUT_JSON)
		return write_records(cli, shop, sel);
	return select_view_rows(cli->out, shop, sel, "order",
	    given.columns != NULL ? given.columns : default_columns,
	    &cli->arena);
}

static const struct err *
list_orders(struct cli *cli, struct shop *shop, char **terms, size_t count)
{
	const struct err *err;
	struct select *sel;

	if ((err = go_back(shop)) != NULL ||
	    (err = select_parse(shop, terms, count, &sel)) != NULL)
		return err;
	select_limit(sel, given.limit);
	err = given.count_by != NULL || given.sum ?
		  write_groups(cli, shop, sel) :
		  write_orders(cli, shop, sel);
	select_free(sel);
	return err;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if ((err = check_options()) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = list_orders(cli, shop, argv, (size_t)argc);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-list",
	.synopsis = synopsis,
	.summary = "list, count and sum orders",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ,
	.run = run,
};
