/* crm-undo - take back what a run changed; see crm-undo(1). */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "app/orders.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "keep/undo.h"

static bool atomic;
static bool list;
static int64_t limit = 20;

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "take back all orders or none"),
	OPT_INT(0, "limit", &limit, "number",
	    "with --list: so many runs; default: 20"),
	OPT_FLAG(0, "list", &list, "show the last runs instead"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-nqtv] [-c file] [-d file] [--as name] [--atomic] [--json | --tsv] run",
	"--list [-hqtVv] [-c file] [-d file] [--color when]"
	" [--json | --table | --tsv] [--limit number] [--no-header]",
	NULL,
};

static const char *const examples[] = {
	"crm-undo --list",
	"the last runs, with their numbers",
	"crm-undo -n 41",
	"what would be taken back of run 41",
	"crm-undo 41",
	"take it back, but for what was changed since",
	NULL,
};

/* The run to take back, and what became of each order. */
struct task {
	int64_t run_id;
	enum undo_subject what;
	int64_t *ids;
	struct undo_result *results;
};

static const struct err *
take_back(struct orders_job *j, size_t i, bool *changed)
{
	const struct task *t = j->arg;
	struct undo_result *r = &t->results[i];
	const struct err *err;

	err = t->what == UNDO_ORDERS ? undo_order(j->batch.shop, t->run_id,
					   t->ids[i], &j->batch.cli->rec, r) :
				       undo_customer(j->batch.shop, t->run_id,
					   t->ids[i], &j->batch.cli->rec, r);
	if (r->order_no != NULL) /* it outlives this record */
		r->order_no = arena_strdup(&j->batch.cli->arena, r->order_no);
	*changed = r->changes != 0;
	return err;
}

static const char *
where(struct orders_job *j, size_t i)
{
	const struct task *t = j->arg;

	if (t->what == UNDO_CUSTOMERS)
		return arena_printf(&j->batch.cli->rec, "customer %" PRId64,
		    t->ids[i]);
	if (t->results[i].order_no != NULL)
		return t->results[i].order_no;
	return arena_printf(&j->batch.cli->rec, "order id %" PRId64, t->ids[i]);
}

static const struct err *
show(struct orders_job *j, size_t i)
{
	const struct task *t = j->arg;
	const struct undo_result *r = &t->results[i];
	struct out *out = j->batch.cli->out;

	out_type(out, "undo");
	if (t->what == UNDO_CUSTOMERS)
		out_int(out, "customer_id", t->ids[i]);
	else
		out_text(out, "order_no", r->order_no);
	out_int(out, "changes", (int64_t)r->changes);
	out_bool(out, "removed", r->removed);
	return out_end(out);
}

static const struct err *
take_back_run(struct cli *cli, struct shop *shop, int64_t run_id)
{
	struct task t = { .run_id = run_id };
	struct orders_job j = {
		.batch = { .cli = cli,
		    .shop = shop,
		    .command = cli_cmd.name,
		    .detail = arena_printf(&cli->arena, "%" PRId64, run_id),
		    .backfill = true }, /* nobody is told of it */
		.done = "taken back",
		.same = "already taken back",
		.atomic = atomic,
		.arg = &t,
		.change = take_back,
		.where = where,
		.show = show,
	};
	const struct err *err;
	const char *rest;

	if ((err = undo_subjects(cli->db, run_id, &cli->arena, &t.what, &t.ids,
		 &j.count)) != NULL ||
	    (err = undo_rest(cli->db, run_id, t.what, &cli->arena, &rest)) !=
		NULL)
		return err;
	if (rest != NULL)
		cli_warn("only %s are taken back; of run %" PRId64 " stays: %s",
		    t.what == UNDO_ORDERS ? "orders" : "customers", run_id,
		    rest);
	t.results =
	    arena_zalloc(&cli->arena, (j.count + 1) * sizeof(*t.results));
	return orders_change(&j);
}

static const struct err *
list_run(struct out *out, const struct undo_run *r)
{
	out_type(out, "run");
	out_int(out, "run", r->id);
	out_time(out, "started_at", r->started_at);
	out_text(out, "actor", r->actor);
	out_text(out, "command", r->command);
	out_text(out, "detail", r->detail);
	out_int(out, "orders", r->orders);
	out_int(out, "customers", r->customers);
	out_int(out, "changes", r->changes);
	out_text(out, "summary", r->summary);
	out_id(out, "undone_by", r->undone_by);
	return out_end(out);
}

static const struct err *
list_runs(struct cli *cli)
{
	const struct err *err;
	struct undo_run *runs;
	size_t i, count;

	if (limit < 1)
		return err_new(ERR_USAGE, "option '--limit' must be positive");
	err = undo_runs(cli->db, (size_t)limit, &cli->arena, &runs, &count);
	for (i = 0; i < count && err == NULL; i++)
		err = list_run(cli->out, &runs[i]);
	return err;
}

static const struct err *
parse_run(const char *s, int64_t *id)
{
	char *end;

	errno = 0;
	*id = strtoll(s, &end, 10);
	if (errno != 0 || *s < '0' || *s > '9' || *end != '\0')
		return err_new(ERR_USAGE,
		    "'%s' is no run; --list shows their numbers", s);
	return NULL;
}

static enum cli_flags
needs(void)
{
	return list ? CLI_DB_READ : CLI_DB_WRITE;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct shop *shop;
	int64_t run_id = 0;

	if (list && argc != 0)
		return err_new(ERR_USAGE, "--list takes no operand");
	if (!list && argc != 1)
		return err_new(ERR_USAGE, "name one run; --list shows them");
	if (!list && (err = parse_run(argv[0], &run_id)) != NULL)
		return err;
	if ((err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	err = list ? list_runs(cli) : take_back_run(cli, shop, run_id);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-undo",
	.synopsis = synopsis,
	.summary = "take back what a run changed",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
