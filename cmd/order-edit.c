/* order-edit - change, combine or duplicate orders; see order-edit(1). */
#include <string.h>

#include "app/orders.h"
#include "cli/cli.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"
#include "edit/order_edit.h"
#include "order/combine.h"
#include "view/record.h"

#define COMBINED "combined" /* where what was combined with another goes */

static bool atomic, duplicate, force;
static const char *combine;
static const char *status;

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "change all orders or none"),
	OPT_STR(0, "combine", &combine, "other",
	    "all that is in the other order goes into this one"),
	OPT_FLAG(0, "duplicate", &duplicate, "make new orders like these"),
	OPT_FLAG('f', "force", &force, "whatever statuses and sums say"),
	OPT_STR('s', "status", &status, "name",
	    "with --combine: of the other order; default: combined"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-fhnqtVv] [-c file] [-d file] [--as name] [--atomic] [--color when]"
	" [--json | --table | --tsv] [--no-header] field=value ... [order ...]",
	"--combine other [-fnqtv] [-c file] [-d file] [-s name] [--as name]"
	" [--json | --table | --tsv] order",
	"--duplicate [-nqtv] [-c file] [-d file] [--as name] [--atomic]"
	" [--json | --table | --tsv] [order ...]",
	NULL,
};

static const char *const examples[] = {
	"order-edit 1042 delivery_on=+1d manager=anna 'note=called back'",
	"tomorrow, Anna looks after it, and why",
	"order-edit -n 1042 item+=SH-01*2 item.1.quantity=3 discount=10%",
	"show what one more item and a discount would change",
	"order-edit 1042 payment+=cash:57.20:paid refund+=12.50:broken",
	"what was paid and what was given back",
	"order-edit 1042 returned+=2 status=partially-completed",
	"the customer kept all but the second line",
	"order-list status=new --json | order-edit manager=anna",
	"many at once",
	"order-edit 1042 --combine 1043",
	"the customer ordered twice and gets one parcel",
	NULL,
};

struct task {
	struct order_edit edit;
	const char **made; /* --duplicate: the number of the new one */
};

/* Doing it ----------------------------------------------------------------- */

/* The order that is named, as it was when the record was written. */
static const struct err *
load(struct orders_job *j, size_t i, enum order_load what, struct order **o)
{
	const struct err *err;

	if ((err = orders_load(j->batch.cli, &j->refs[i], what, o)) != NULL)
		return err;
	return order_check_rev(*o, j->refs[i].rev);
}

static const struct err *
edit_order(struct orders_job *j, size_t i, bool *changed)
{
	const struct task *t = j->arg;
	const struct err *err;
	struct order *o;

	if ((err = load(j, i, ORDER_LOAD_PARTS, &o)) != NULL)
		return err;
	return order_edit(j->batch.shop, o, &t->edit, &j->batch.cli->rec,
	    changed);
}

static const struct err *
duplicate_order(struct orders_job *j, size_t i, bool *changed)
{
	const struct task *t = j->arg;
	struct cli *cli = j->batch.cli;
	const struct err *err;
	const char *made;
	struct order *o;

	if ((err = load(j, i, ORDER_LOAD_PARTS, &o)) != NULL ||
	    (err = order_edit_duplicate(j->batch.shop, o, &cli->rec, &made)) !=
		NULL)
		return err;
	t->made[i] = arena_strdup(&cli->arena, made);
	*changed = true;
	return NULL;
}

static const struct err *
combine_order(struct orders_job *j, size_t i, bool *changed)
{
	const struct orders_ref other = { .order_no = combine };
	const struct combine how = { .status = status, .force = force };
	struct cli *cli = j->batch.cli;
	const struct err *err;
	struct order *into, *from;

	if ((err = load(j, i, ORDER_LOAD_ALL, &into)) != NULL ||
	    (err = orders_load(cli, &other, ORDER_LOAD_ALL, &from)) != NULL)
		return err;
	return combine_orders(j->batch.shop, into, from, &how, &cli->rec,
	    changed);
}

/* What has become of it ----------------------------------------------------- */

static void
show_row(struct out *out, const struct order *o, const struct history_row *h)
{
	if (out_format(out) != OUT_JSON)
		out_text(out, "order_no", o->order_no);
	out_text(out, "field", h->field);
	out_id(out, "line", h->item_id);
	out_text(out, "old", h->old);
	out_text(out, "new", h->new);
}

static const struct err *
show_rows(struct out *out, const struct order *o, const struct history_row *h,
    size_t n)
{
	const struct err *err;
	size_t i;

	for (i = 0; i < n; i++) {
		show_row(out, o, &h[i]);
		if ((err = out_end(out)) != NULL)
			return err;
	}
	return NULL;
}

/* The whole record, for the next command in a pipe, and what was changed. */
static const struct err *
show_record(struct out *out, struct shop *s, const struct order *o,
    const struct history_row *h, size_t n)
{
	size_t i;

	record_members(out, s, o);
	out_array(out, "changes");
	for (i = 0; i < n; i++) {
		out_object(out, NULL);
		show_row(out, o, &h[i]);
		out_close_object(out);
	}
	out_close_array(out);
	return out_end(out);
}

static const struct err *
show_order(struct orders_job *j, const char *order_no)
{
	const struct orders_ref ref = { .order_no = order_no };
	struct cli *cli = j->batch.cli;
	const struct err *err;
	struct history_row *h;
	struct order *o;
	size_t n;

	if ((err = orders_load(cli, &ref, ORDER_LOAD_ALL, &o)) != NULL ||
	    (err = history_of_run(cli->db, j->batch.shop->run_id, "order",
		 o->id, &cli->rec, &h, &n)) != NULL)
		return err;
	if (out_format(cli->out) == OUT_JSON)
		return show_record(cli->out, j->batch.shop, o, h, n);
	return show_rows(cli->out, o, h, n);
}

static const struct err *
show(struct orders_job *j, size_t i)
{
	const struct task *t = j->arg;
	const struct err *err;

	err = show_order(j,
	    t->made[i] != NULL ? t->made[i] : j->refs[i].order_no);
	if (err == NULL && combine != NULL)
		err = show_order(j, combine);
	return err;
}

/* -------------------------------------------------------------------------- */

static const struct err *
check_usage(int argc, size_t assigned)
{
	if (combine != NULL && duplicate)
		return err_new(ERR_USAGE,
		    "--combine and --duplicate are exclusive");
	if (combine == NULL && status != NULL)
		return err_new(ERR_USAGE,
		    "--status goes with --combine; write status=%.100s",
		    status);
	if (combine != NULL && argc != 1)
		return err_new(ERR_USAGE, "name one order beside the other");
	if ((combine != NULL || duplicate) && assigned != 0)
		return err_new(ERR_USAGE,
		    "--combine and --duplicate take no assignments");
	if (combine == NULL && !duplicate && assigned == 0)
		return err_new(ERR_USAGE,
		    "nothing to change; name fields as manager=anna");
	return NULL;
}

static const struct err *
act(struct cli *cli, struct shop *s, int argc, char **argv,
    const struct assign *said, size_t count)
{
	struct task t = { .edit.force = force };
	struct orders_job j = {
		.batch = { .cli = cli,
		    .shop = s,
		    .command = cli_cmd.name,
		    .detail = assign_fields(said, count, &cli->arena) },
		.done = "changed",
		.same = "as they were",
		.atomic = atomic,
		.arg = &t,
		.change = edit_order,
		.show = show,
	};
	const struct err *err;

	if (combine != NULL) {
		if (status == NULL)
			status = COMBINED;
		if ((err = opt_wrong("status",
			 shop_check_code(s, "status", status))) != NULL)
			return err;
		j.batch.detail =
		    arena_printf(&cli->arena, "--combine %s", combine);
		j.change = combine_order;
		j.done = "combined";
	} else if (duplicate) {
		j.batch.detail = "--duplicate";
		j.change = duplicate_order;
		j.done = "duplicated";
		j.table = true;
	}
	if ((err = order_edit_parse(s, said, count, &cli->arena, &t.edit)) !=
		NULL ||
	    (err = orders_read(cli, argc, argv, &cli->arena, &j.refs,
		 &j.count)) != NULL)
		return err;
	t.made = arena_zalloc(&cli->arena, (j.count + 1) * sizeof(*t.made));
	return orders_change(&j);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct assign *said;
	struct shop *shop;
	size_t count;

	if ((err = assign_take(&argc, argv, &cli->arena, &said, &count)) !=
		NULL ||
	    (err = check_usage(argc, count)) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = act(cli, shop, argc, argv, said, count);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-edit",
	.synopsis = synopsis,
	.summary = "change, combine or duplicate orders",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_WRITE,
	.run = run,
};
