/* crm-check - prove that the database is whole; see crm-check(1). */
#include <inttypes.h>

#include "base/when.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"
#include "keep/check.h"

enum { SHOWN = 20 };

static bool all, list, mend, quick;

static const struct opt opts[] = {
	OPT_FLAG('a', "all", &all, "show every row, not only the first 20"),
	OPT_FLAG(0, "list", &list, "show the checks and what they prove"),
	OPT_FLAG(0, "mend", &mend, "mend what follows from other rows"),
	OPT_FLAG(0, "quick", &quick,
	    "do not compare each index with its table"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-ahqtVv] [-c file] [-d file] [--color when] [--json | --table | --tsv]"
	" [--no-header] [--quick] [check ...]",
	"--mend [-anqtv] [-c file] [-d file] [--as name] [--json | --tsv]"
	" [--quick] [check ...]",
	"--list [-t] [--json]",
	NULL,
};

static const char *const examples[] = {
	"crm-check -v",
	"prove everything and say how long it took",
	"crm-check --mend --dry-run",
	"what is broken and what of it would be mended",
	"crm-check sums status history",
	"these checks alone",
	NULL,
};

/* What the checks found, on its way out. */
struct told {
	struct cli *cli;
	const struct check *last; /* the check of the last finding */
	uint64_t seen;            /* findings of it */
	size_t failed;            /* checks that found something */
};

static void
tell_rest(const struct told *t)
{
	if (!all && t->seen > SHOWN)
		cli_say("%s: and %" PRIu64 " more like it; --all shows them",
		    t->last->name, t->seen - SHOWN);
}

static const struct err *
tell(void *arg, const struct check_finding *f)
{
	struct told *t = arg;
	struct out *out = t->cli->out;

	if (f->check->note) {
		cli_info("%s: %s", f->check->name, f->detail);
		return NULL;
	}
	if (f->check != t->last) {
		tell_rest(t);
		t->last = f->check;
		t->seen = 0;
		t->failed++;
	}
	if (++t->seen > SHOWN && !all)
		return NULL;
	out_type(out, "finding");
	out_text(out, "check", f->check->name);
	out_text(out, "entity", f->entity);
	out_id(out, "id", f->id);
	out_text(out, "order_no", f->order_no);
	out_mood(out, "state",
	    !f->mendable ? "broken" :
	    mend         ? "mended" :
			   "mendable",
	    f->mendable ? OUT_ATTENTION : OUT_BAD);
	out_text(out, "detail", f->detail);
	return out_end(out);
}

static const struct err *
tick(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	if (done == 0)
		progress_start("checking", total);
	progress_at(done);
	return stop_asked() ? err_new(ERR_IO, "stopped before the end") : NULL;
}

static const struct err *
show_list(struct cli *cli)
{
	const struct err *err = NULL;
	const struct check *c;

	for (c = check_list; err == NULL && c->name != NULL; c++) {
		out_type(cli->out, "check");
		out_text(cli->out, "check", c->name);
		out_bool(cli->out, "mends", check_mends(c));
		out_text(cli->out, "promise", c->promise);
		err = out_end(cli->out);
	}
	return err;
}

static void
operands(FILE *fp)
{
	const struct check *c;

	for (c = check_list; c->name != NULL; c++)
		fprintf(fp, "%s\n", c->name);
}

/* The checks that operands name, or all. */
static const struct err *
choose(int argc, char **argv, bool chosen[static CHECK_MAX])
{
	const struct check *c;
	const char *near = NULL;
	size_t i;

	for (i = 0; check_list[i].name != NULL; i++)
		chosen[i] = argc == 0;
	for (; argc > 0; argc--, argv++) {
		if ((c = check_find(*argv, &near)) == NULL)
			return err_new(ERR_USAGE,
			    "there is no check '%s'%s%s%s; --list shows them",
			    *argv, near != NULL ? ", did you mean '" : "",
			    near != NULL ? near : "", near != NULL ? "'" : "");
		chosen[c - check_list] = true;
	}
	return NULL;
}

/* Look alone, all of it at one moment. */
static const struct err *
look(struct check_run *r, const bool *chosen)
{
	const struct err *err;

	if ((err = db_begin_read(r->db)) == NULL)
		err = check_all(r, chosen);
	db_rollback(r->db);
	return err;
}

/* Look and mend, all or nothing; without a change no trace is left. */
static const struct err *
look_and_mend(struct cli *cli, struct check_run *r, const bool *chosen)
{
	const struct err *err;

	if ((err = db_begin(r->db)) != NULL ||
	    (err = run_begin(r->shop, cli_cmd.name, "--mend", cli->actor,
		 true)) != NULL ||
	    (err = check_all(r, chosen)) != NULL)
		return err;
	if (cli->dry_run || r->stopped || r->mended == 0) {
		db_rollback(r->db);
		return NULL;
	}
	if ((err = run_end(r->shop, r->mended < r->broken ? 3 : 0,
		 arena_printf(&cli->arena, "%" PRIu64 " mended", r->mended))) !=
		NULL ||
	    (err = db_commit(r->db)) != NULL)
		return err;
	return r->journal ? db_set_wal(r->db) : NULL;
}

/* What it comes to; the exit status tells whether all is well now. */
static const struct err *
conclude(const struct check_run *r, const struct told *t)
{
	const uint64_t left = r->broken - r->mended;
	const char *path = db_path(r->db);

	if (r->stopped)
		return err_new(ERR_IO,
		    "%s: that is damage which nothing here mends, and the "
		    "other checks were not made; crm-restore puts a good copy "
		    "in its place",
		    path);
	if (left != 0)
		return err_new(ERR_PARTIAL,
		    "%s: %" PRIu64 " row%s broken, by %zu check%s; see "
		    "crm-check(1)",
		    path, left, left == 1 ? " is" : "s are", t->failed,
		    t->failed == 1 ? "" : "s");
	return NULL;
}

static const struct err *
check(struct cli *cli, struct shop *shop, const bool *chosen)
{
	const int64_t began = when_ticks_ms();
	struct told t = { .cli = cli };
	struct check_run r = { .db = cli->db,
		.shop = shop,
		.record = &cli->rec,
		.quick = quick,
		.mend = mend,
		.arg = &t,
		.found = tell,
		.tick = tick };
	const struct err *err;

	err = mend ? look_and_mend(cli, &r, chosen) : look(&r, chosen);
	if (err != NULL)
		return err;
	if ((err = out_flush(cli->out)) != NULL)
		return err;
	tell_rest(&t);
	cli_summary("orders: %" PRIu64 ", broken rows: %" PRIu64
		    ", %smended: %" PRIu64 ", in %.1f s",
	    r.orders, r.broken, cli->dry_run ? "would be " : "", r.mended,
	    (double)(when_ticks_ms() - began) / 1000);
	return conclude(&r, &t);
}

static enum cli_flags
needs(void)
{
	if (list)
		return 0;
	return mend ? CLI_DB_WRITE : CLI_DB_READ;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	bool chosen[CHECK_MAX] = { false };
	const struct err *err, *shop_err;
	struct shop *shop;

	if (list && argc != 0)
		return err_new(ERR_USAGE, "--list takes no operand");
	if (list)
		return show_list(cli);
	if ((err = choose(argc, argv, chosen)) != NULL)
		return err;
	shop_err = shop_open(cli->db, NULL, &shop);
	if (shop == NULL && mend)
		return shop_err;
	err = check(cli, shop, chosen);
	if (shop == NULL && (err == NULL || err->code == ERR_PARTIAL)) {
		cli_say("orders and custom fields were not checked");
		err = shop_open(cli->db, NULL, &shop); /* says why */
	}
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-check",
	.synopsis = synopsis,
	.summary = "prove that the database is whole, and mend what can be",
	.opts = opts,
	.examples = examples,
	.operands = operands,
	.needs = needs,
	.run = run,
};
