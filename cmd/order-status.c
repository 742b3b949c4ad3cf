/* order-status - show and change where orders stand; see order-status(1). */
#include <string.h>

#include "app/orders.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/workflow.h"
#include "view/record.h"

static bool counts;
static bool force;
static const char *at;
static const char *reason;
static const char *set;

static const struct opt opts[] = {
	OPT_STR(0, "at", &at, "time",
	    "with --set: when it happened; default: now"),
	OPT_FLAG(0, "counts", &counts, "show how many orders stand where"),
	OPT_FLAG('f', "force", &force,
	    "with --set: whatever the transitions and requirements say"),
	OPT_STR(0, "reason", &reason, "text",
	    "with --set: why, kept as the status reason"),
	OPT_STR(0, "set", &set, "status", "move the orders to this status"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [-d file] [--color when] [--json | --table | --tsv]"
	" [--no-header] [order ...]",
	"--counts [-qtv] [-c file] [-d file] [--color when]"
	" [--json | --table | --tsv] [--no-header]",
	"--set status [-fnqtv] [-c file] [-d file] [--as name] [--at time]"
	" [--json | --tsv] [--reason text] [order ...]",
	NULL,
};

static const char *const examples[] = {
	"order-status 1001 1002",
	"where two orders stand and since when",
	"order-status --set assembling 1001 1002",
	"move them on",
	"order-list status=no-answer --json | order-status --set no-call",
	"give up on all who could not be reached",
	"order-status --counts",
	"the day's overview",
	NULL,
};

/* Showing ------------------------------------------------------------------ */

/* How long it stands there; beyond the status's limit is not well. */
static void
show_duration(struct out *out, const struct order *o, const struct status *st,
    int64_t now)
{
	const int64_t stood = now > o->status_at ? now - o->status_at : 0;
	const bool late =
	    st != NULL && st->time_limit != 0 && stood > st->time_limit * 60;
	char buf[WHEN_STR_MAX];

	if (out_format(out) == OUT_TABLE) {
		out_mood(out, "for", when_duration(stood, buf),
		    late ? OUT_BAD : OUT_PLAIN);
		out_text(out, "late", late ? "late" : "");
		return;
	}
	out_int(out, "seconds", stood);
	out_bool(out, "late", late);
}

static const struct err *
show_status(struct out *out, const struct shop *s, const struct order *o)
{
	const struct status *st = shop_status(s, o->status);

	out_type(out, "order_status");
	out_text(out, "order_no", o->order_no);
	if (out_format(out) != OUT_TABLE)
		out_int(out, "rev", o->rev);
	out_text(out, "status", o->status);
	out_text(out, "status_name", st != NULL ? st->name : NULL);
	out_time(out, "status_at", o->status_at);
	show_duration(out, o, st, s->now);
	out_text(out, "manager", o->manager);
	out_text(out, "status_reason", o->status_reason);
	return out_end(out);
}

static const struct err *
show_orders(struct cli *cli, struct shop *s, const struct orders_ref *refs,
    size_t count)
{
	const struct err *err;
	struct order *o;
	size_t i;

	for (i = 0; i < count; i++) {
		arena_reset(&cli->rec);
		err = orders_load(cli, &refs[i], ORDER_LOAD_ROW, &o);
		if (err == NULL)
			err = show_status(cli->out, s, o);
		else if (err->code == ERR_NOTFOUND) {
			cli_reject(cli, refs[i].where, err);
			continue;
		}
		if (err != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
show_count(struct out *out, const struct shop *s,
    const struct workflow_count *c)
{
	const struct status *st = shop_status(s, c->status);

	out_type(out, "status_count");
	out_text(out, "group", st != NULL ? st->group : NULL);
	out_text(out, "status", c->status);
	out_text(out, "status_name", st != NULL ? st->name : NULL);
	out_int(out, "orders", c->orders);
	out_money(out, "total", c->total_minor, c->currency);
	out_text(out, "currency", c->currency);
	if (c->orders != 0)
		out_time(out, "oldest_at", c->oldest_at);
	else
		out_null(out, "oldest_at");
	out_int(out, "late", c->late);
	out_int(out, "entered_today", c->entered);
	return out_end(out);
}

static const struct err *
show_counts(struct cli *cli, struct shop *s)
{
	const struct err *err;
	struct workflow_count *v;
	size_t i, n;

	err = workflow_counts(s, when_day_start(when_day(s->now)), s->now,
	    &cli->arena, &v, &n);
	for (i = 0; i < n && err == NULL; i++)
		err = show_count(cli->out, s, &v[i]);
	return err;
}

/* Moving ------------------------------------------------------------------- */

static const struct err *
move_order(struct orders_job *j, size_t i, bool *changed)
{
	const struct err *err;
	struct order *o;

	err = orders_load(j->batch.cli, &j->refs[i], ORDER_LOAD_ROW, &o);
	if (err != NULL)
		return err;
	return workflow_move(j->batch.shop, o, j->refs[i].rev, j->arg,
	    &j->batch.cli->rec, changed);
}

static const struct err *
show_moved(struct orders_job *j, size_t i)
{
	struct out *out = j->batch.cli->out;
	const struct err *err;
	struct order *o;

	err = orders_load(j->batch.cli, &j->refs[i], ORDER_LOAD_ALL, &o);
	if (err != NULL)
		return err;
	if (out_format(out) == OUT_JSON)
		return record_order(out, j->batch.shop, o);
	return show_status(out, j->batch.shop, o);
}

static const struct err *
parse_at(const struct shop *s, int64_t *out)
{
	const struct err *err;
	struct when_span span;

	*out = 0;
	if (at == NULL)
		return NULL;
	if ((err = opt_wrong("at", when_span_parse(at, s->now, &span))) != NULL)
		return err;
	if (span.from > s->now)
		return err_new(ERR_USAGE, "option '--at': that is yet to come");
	*out = span.from;
	return NULL;
}

static const struct err *
move_orders(struct cli *cli, struct shop *s, struct orders_ref *refs,
    size_t count)
{
	struct workflow_move move = {
		.status = set,
		.reason = text_line(&cli->arena, reason),
		.force = force,
	};
	struct orders_job j = {
		.batch = { .cli = cli,
		    .shop = s,
		    .command = cli_cmd.name,
		    .detail = set },
		.done = "moved",
		.same = "already there",
		.refs = refs,
		.count = count,
		.arg = &move,
		.change = move_order,
		.show = show_moved,
	};
	const struct err *err;

	if ((err = parse_at(s, &move.at)) != NULL)
		return err;
	return orders_change(&j);
}

/* -------------------------------------------------------------------------- */

static const struct err *
check_usage(int argc)
{
	if (set == NULL && (at != NULL || force || reason != NULL))
		return err_new(ERR_USAGE,
		    "--at, --force and --reason go with --set");
	if (counts && (set != NULL || argc != 0))
		return err_new(ERR_USAGE,
		    "--counts takes no orders and excludes --set");
	return NULL;
}

static const struct err *
act(struct cli *cli, struct shop *s, int argc, char **argv)
{
	const struct err *err;
	struct orders_ref *refs;
	size_t count;

	if (counts)
		return show_counts(cli, s);
	if (set != NULL &&
	    (err = opt_wrong("set", shop_check_code(s, "status", set))) != NULL)
		return err;
	if ((err = orders_read(cli, argc, argv, &cli->arena, &refs, &count)) !=
	    NULL)
		return err;
	if (set != NULL)
		return move_orders(cli, s, refs, count);
	return show_orders(cli, s, refs, count);
}

static enum cli_flags
needs(void)
{
	return set != NULL ? CLI_DB_WRITE : CLI_DB_READ;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;

	if ((err = check_usage(argc)) != NULL ||
	    (err = shop_open_statuses(cli->db,
		 config_get(cli->config, CONFIG_LANG), &shop)) != NULL)
		return err;
	err = act(cli, shop, argc, argv);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "order-status",
	.synopsis = synopsis,
	.summary = "show and change where orders stand",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
