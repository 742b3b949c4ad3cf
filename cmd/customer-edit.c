/* customer-edit - change, merge or erase customers; see customer-edit(1). */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "app/orders.h"
#include "cli/cli.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "customer/customer_erase.h"
#include "customer/customer_save.h"
#include "customer/customer_search.h"
#include "db/db.h"
#include "edit/customer_edit.h"
#include "view/customer_record.h"

static bool atomic, erase, force;
static const char *merge;

static const struct opt opts[] = {
	OPT_FLAG(0, "atomic", &atomic, "change all customers or none"),
	OPT_FLAG(0, "erase", &erase,
	    "forget the person: figures stay, needs --force"),
	OPT_FLAG('f', "force", &force, "with --erase: really"),
	OPT_STR(0, "merge", &merge, "other",
	    "the other customer is the same person"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hnqtVv] [-c file] [-d file] [--as name] [--atomic]"
	" [--json | --table | --tsv] field=value ... [customer ...]",
	"--merge other [-nqtv] [-c file] [-d file] [--as name]"
	" [--json | --table | --tsv] customer",
	"--erase [-fnqv] [-c file] [-d file] [--as name] customer",
	NULL,
};

static const char *const examples[] = {
	"customer-edit 17 'name=Anna Ivanova' phone+=+375291234567 vip=yes",
	"set the name, add a phone, set a mark",
	"customer-edit 17 consent.email=no note='asked by phone'",
	"no more letters, and why",
	"customer-list 'orders[365d]=0' --json | customer-edit tag+=asleep",
	"mark all who ordered nothing for a year",
	"customer-edit 17 --merge 23",
	"customer 23 is customer 17",
	NULL,
};

/* Changing ----------------------------------------------------------------- */

struct task {
	const struct assign *changes;
	size_t count;
	int64_t *ids; /* who each was */
};

/* The customer that is named, in cli->rec. */
static const struct err *
load(struct cli *cli, struct shop *s, const char *text, int64_t rev,
    struct customer **out)
{
	const struct err *err;

	if ((err = customer_search(s, text, CUSTOMER_SEARCH_KEYS,
		 CUSTOMER_LOAD_LISTS, &cli->rec, out)) != NULL)
		return err;
	if (rev != 0 && rev != (*out)->rev)
		return err_new(ERR_CONFLICT,
		    "the record is stale: it is revision %" PRId64
		    ", the customer %" PRId64,
		    rev, (*out)->rev);
	return NULL;
}

static const struct err *
change(struct orders_job *j, size_t i, bool *changed)
{
	const struct task *t = j->arg;
	struct cli *cli = j->batch.cli;
	const struct err *err;
	struct customer *c;
	size_t n;

	if ((err = load(cli, j->batch.shop, j->refs[i].order_no, j->refs[i].rev,
		 &c)) != NULL)
		return err;
	t->ids[i] = c->id;
	err = customer_edit(j->batch.shop, c, t->changes, t->count, &cli->rec,
	    &n);
	*changed = n != 0;
	return err;
}

static const struct err *
show_customer(struct cli *cli, struct shop *s, int64_t id)
{
	struct out *out = cli->out;
	const struct err *err;
	struct customer *c;

	if ((err = customer_by_id(cli->db, id, CUSTOMER_LOAD_ALL, &cli->rec,
		 &c)) != NULL)
		return err;
	if (out_format(out) == OUT_JSON)
		return customer_record_write(out, s, c);
	out_int(out, "customer_id", c->id);
	out_int(out, "rev", c->rev);
	out_text(out, "name", c->name);
	return out_end(out);
}

static const struct err *
show(struct orders_job *j, size_t i)
{
	const struct task *t = j->arg;

	return show_customer(j->batch.cli, j->batch.shop, t->ids[i]);
}

static const struct err *
edit(struct cli *cli, struct shop *s, int argc, char **argv,
    const struct assign *changes, size_t count)
{
	struct task t = { .changes = changes, .count = count };
	struct orders_job j = {
		.batch = { .cli = cli,
		    .shop = s,
		    .command = cli_cmd.name,
		    .detail = assign_fields(changes, count, &cli->arena) },
		.what = "customers",
		.done = "changed",
		.same = "as they were",
		.atomic = atomic,
		.arg = &t,
		.change = change,
		.show = show,
	};
	const struct err *err;

	if (count == 0)
		return err_new(ERR_USAGE,
		    "nothing to change; name fields as name=Anna");
	if ((err = customer_edit_check(s, changes, count)) != NULL ||
	    (err = orders_read_customers(cli, argc, argv, &cli->arena, &j.refs,
		 &j.count)) != NULL)
		return err;
	t.ids = arena_zalloc(&cli->arena, (j.count + 1) * sizeof(*t.ids));
	return orders_change(&j);
}

/* Merging and erasing ------------------------------------------------------- */

/* One transaction, one run; with -n it is rolled back by run(). */
static const struct err *
finish(struct cli *cli, struct shop *s, const char *summary)
{
	const struct err *err;

	if ((err = run_end(s, 0, summary)) != NULL || cli->dry_run ||
	    (err = db_commit(cli->db)) != NULL)
		return err;
	cli_summary("%s; run %" PRId64, summary, s->run_id);
	return NULL;
}

static const struct err *
begin(struct cli *cli, struct shop *s, const char *detail)
{
	const struct err *err;

	if ((err = db_begin(cli->db)) != NULL)
		return err;
	return run_begin(s, cli_cmd.name, detail, cli->actor, false);
}

static const struct err *
merge_two(struct cli *cli, struct shop *s, const char *text)
{
	struct customer_change c;
	struct customer *into, *from;
	const struct err *err;

	if ((err = begin(cli, s, "--merge")) != NULL ||
	    (err = load(cli, s, text, 0, &into)) != NULL ||
	    (err = load(cli, s, merge, 0, &from)) != NULL)
		return err;
	c = (struct customer_change){ .at = s->now };
	if ((err = customer_join(s, into, from, &c, &cli->rec)) != NULL ||
	    (err = finish(cli, s,
		 arena_printf(&cli->arena,
		     "customer %" PRId64 " merged into %" PRId64, from->id,
		     into->id))) != NULL)
		return err;
	if (cli->dry_run || out_format(cli->out) != OUT_TABLE)
		return show_customer(cli, s, into->id);
	return NULL;
}

/* Copies of the database from before, in which the person still is. */
static const struct err *
name_backups(struct cli *cli)
{
	const struct err *err;
	const char **paths;
	size_t i, n;

	if ((err = run_backups(cli->db, &cli->arena, &paths, &n)) != NULL)
		return err;
	for (i = 0; i < n; i++)
		if (access(paths[i], F_OK) == 0)
			cli_warn("the person is still in the backup %s",
			    paths[i]);
	return NULL;
}

static const struct err *
erase_one(struct cli *cli, struct shop *s, const char *text)
{
	struct customer_erased done;
	const struct err *err;
	struct customer *c;
	const char *summary;

	if ((err = begin(cli, s, "--erase")) != NULL ||
	    (err = load(cli, s, text, 0, &c)) != NULL)
		return err;
	if (!force && !cli->dry_run)
		return err_new(ERR_USAGE,
		    "this would erase customer %" PRId64 ", %s, for ever; "
		    "--force does it",
		    c->id, c->name != NULL ? c->name : "who has no name");
	if ((err = customer_erase(s, c, &cli->rec, &done)) != NULL)
		return err;
	summary = arena_printf(&cli->arena,
	    "customer %" PRId64 " erased: %" PRId64 " orders, %" PRId64
	    " rows of history and %" PRId64 " rejects without the person",
	    c->id, done.orders, done.history, done.rejects);
	if (cli->dry_run)
		cli_say("%s; dry run: nothing was changed", summary);
	if (done.left != NULL)
		cli_warn("an outside id of the person is in the rejects that "
			 "stay: %s; crm-rejects --json shows them",
		    done.left);
	if ((err = finish(cli, s, summary)) != NULL || cli->dry_run)
		return err;
	if ((err = name_backups(cli)) != NULL)
		return err;
	/* What was erased must not stay in the log or in free pages. */
	return db_forget(cli->db);
}

/* -------------------------------------------------------------------------- */

static const struct err *
check_usage(int argc, size_t changes)
{
	if (merge != NULL && erase)
		return err_new(ERR_USAGE, "--merge and --erase are exclusive");
	if (force && !erase)
		return err_new(ERR_USAGE, "--force goes with --erase");
	if ((merge != NULL || erase) && changes != 0)
		return err_new(ERR_USAGE,
		    "--merge and --erase take no assignments");
	if ((merge != NULL || erase) && argc != 1)
		return err_new(ERR_USAGE, "name one customer");
	return NULL;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct assign *changes;
	struct shop *shop;
	size_t count;

	if ((err = assign_take(&argc, argv, &cli->arena, &changes, &count)) !=
		NULL ||
	    (err = check_usage(argc, count)) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	if (merge != NULL)
		err = merge_two(cli, shop, argv[0]);
	else if (erase)
		err = erase_one(cli, shop, argv[0]);
	else
		err = edit(cli, shop, argc, argv, changes, count);
	db_rollback(cli->db); /* --dry-run, or a failure */
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "customer-edit",
	.synopsis = synopsis,
	.summary = "change, merge or erase customers",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_WRITE,
	.run = run,
};
