/* customer-list - the customers that fit; see customer-list(1). */
#include <stdio.h>

#include "cli/cli.h"
#include "crm/shop.h"
#include "customer/customer_doubles.h"
#include "select/select.h"
#include "view/audience.h"
#include "view/customer_record.h"
#include "view/select_view.h"

static const char *audience, *columns, *sort;
static bool doubles;
static int64_t limit;

static const char default_columns[] =
    "customer_id,name,phone,email,orders,total,last_order_at";

static const struct opt opts[] = {
	OPT_CHOICE(0, "ad-audience", &audience, "service", audience_formats,
	    "write hashed phones and addresses for an advertising service"),
	OPT_STR(0, "columns", &columns, "fields",
	    "write these fields, separated by commas"),
	OPT_FLAG(0, "doubles", &doubles,
	    "write pairs of customers that may be one person"),
	OPT_INT(0, "limit", &limit, "number",
	    "write no more than this; default: 0, all"),
	OPT_STR(0, "sort", &sort, "fields",
	    "sort by these fields, -field descending; default: customer_id"),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [-d file] [--ad-audience service | --columns fields]"
	" [--color when] [--json | --table | --tsv] [--limit number]"
	" [--no-header] [--sort fields] [term ...]",
	"--doubles [-qtv] [-c file] [-d file] [--color when]"
	" [--json | --table | --tsv] [--no-header]",
	NULL,
};

static const char *const examples[] = {
	"customer-list name~ivanov",
	"who is called so, in any letter case",
	"customer-list sales=2.. 'orders[90d]=0' consent.email=yes",
	"who bought twice, but nothing for 90 days, and may be written to",
	"customer-list consent.ads=yes --ad-audience yandex >audience.csv",
	"hashed contacts for an advertisement",
	"customer-list --doubles",
	"who may be there twice",
	NULL,
};

static const struct err *
check_usage(int argc)
{
	if (doubles && (argc != 0 || audience != NULL || columns != NULL ||
			   sort != NULL || limit != 0))
		return err_new(ERR_USAGE,
		    "--doubles takes no terms and no other choice");
	if (audience != NULL && columns != NULL)
		return err_new(ERR_USAGE,
		    "--ad-audience and --columns are exclusive");
	if (limit < 0)
		return err_new(ERR_USAGE,
		    "option '--limit' cannot be negative");
	return NULL;
}

static const struct err *
write_one(struct cli *cli, struct shop *s, int64_t id)
{
	const struct err *err;
	struct customer *c;

	if ((err = customer_by_id(cli->db, id,
		 audience != NULL ? CUSTOMER_LOAD_LISTS : CUSTOMER_LOAD_ALL,
		 &cli->rec, &c)) != NULL)
		return err;
	if (audience == NULL)
		return customer_record_write(cli->out, s, c);
	audience_write(stdout, audience, c, &cli->rec);
	return ferror(stdout) ? err_sys("standard output") : NULL;
}

static const struct err *
write_records(struct cli *cli, struct shop *s, struct select *sel)
{
	const struct err *err;
	int64_t id;

	if ((err = select_open(sel)) != NULL)
		return err;
	if (audience != NULL)
		audience_header(stdout, audience);
	while ((err = select_next(sel, &id)) == NULL && id != 0) {
		arena_reset(&cli->rec);
		if ((err = write_one(cli, s, id)) != NULL)
			return err;
	}
	return err;
}

static const struct err *
write_doubles(struct cli *cli)
{
	struct out *out = cli->out;
	const struct err *err;
	struct customer_pair *v;
	size_t i, n;

	err = customer_doubles(cli->db, &cli->arena, &v, &n);
	for (i = 0; i < n && err == NULL; i++) {
		out_type(out, "customer_double");
		out_int(out, "customer_id", v[i].id);
		out_text(out, "name", v[i].name);
		out_text(out, "phone", v[i].phone);
		out_text(out, "email", v[i].email);
		out_int(out, "other_id", v[i].other_id);
		out_text(out, "other_name", v[i].other_name);
		out_text(out, "other_phone", v[i].other_phone);
		out_text(out, "other_email", v[i].other_email);
		out_text(out, "reason", v[i].reason);
		if (v[i].at != 0)
			out_time(out, "at", v[i].at);
		else
			out_null(out, "at");
		err = out_end(out);
	}
	return err;
}

static const struct err *
write_customers(struct cli *cli, struct shop *s, struct select *sel)
{
	const struct err *err;

	if (sort != NULL && (err = select_sort(sel, sort)) != NULL)
		return err;
	if (audience != NULL ||
	    (columns == NULL && out_format(cli->out) == OUT_JSON))
		return write_records(cli, s, sel);
	return select_view_rows(cli->out, s, sel, "customer",
	    columns != NULL ? columns : default_columns, &cli->arena);
}

static const struct err *
list(struct cli *cli, struct shop *s, char **terms, size_t count)
{
	const struct err *err;
	struct select *sel;

	if (doubles)
		return write_doubles(cli);
	if ((err = select_parse_customers(s, terms, count, &sel)) != NULL)
		return err;
	select_limit(sel, limit);
	err = write_customers(cli, s, sel);
	select_free(sel);
	return err;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if ((err = check_usage(argc)) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = list(cli, shop, argv, (size_t)argc);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "customer-list",
	.synopsis = synopsis,
	.summary = "list customers, likely doubles and audiences",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ,
	.run = run,
};
