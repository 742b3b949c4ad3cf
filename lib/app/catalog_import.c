/* catalog_import.c - feeds into the catalogue: what catalog-import does. */
#include "app/catalog_import.h"

#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/stop.h"
#include "crm/shop.h"
#include "db/db.h"

static void
catalog_import_warn(void *arg, const char *where, const char *message)
{
	struct catalog_import *ci = arg;

	import_job_remark(&ci->job, IMPORT_REMARK, "%s: %s", where, message);
}

static void
catalog_import_report(struct catalog_import *ci, const struct feed_record *r,
    const char *outcome, const char *reason)
{
	struct out *out = ci->job.batch.cli->out;

	if (!ci->job.report)
		return;
	out_text(out, "type", "catalog_import");
	out_text(out, "place", r->where);
	out_text(out, "source", ci->options.source);
	out_text(out, "external_id", r->external_id);
	out_text(out, "sku", r->offer != NULL ? r->offer->offer.sku : NULL);
	out_text(out, "name", r->offer != NULL ? r->offer->offer.name : NULL);
	out_text(out, "outcome", outcome);
	out_text(out, "reason", reason);
	import_job_report_end(&ci->job);
}

/* f is NULL when not even the file could be understood. */
static const struct err *
catalog_import_refuse(struct catalog_import *ci, struct feed *f,
    const struct feed_record *r, const struct err *bad)
{
	struct import_refused refused = { .source = ci->options.source,
		.where = r->where,
		.format = "xml",
		.external_id = r->external_id,
		.raw = "" };
	struct arena *a = &ci->job.batch.cli->rec;

	catalog_import_report(ci, r, "rejected", bad->msg);
	if (r->external_id == NULL)
		ci->hole = arena_strdup(&ci->job.batch.cli->arena, r->where);
	if (f != NULL) {
		refused.format = feed_format(f);
		refused.raw = feed_raw(f, a, &refused.header, &refused.footer);
		refused.raw_len = strlen(refused.raw);
	}
	return import_job_refuse(&ci->job, &refused, bad);
}

/* Records ------------------------------------------------------------------ */

static const struct err *
catalog_import_take(struct catalog_import *ci, const struct feed_record *r,
    enum catalog_outcome *outcome)
{
	struct shop *s = ci->job.batch.shop;
	struct arena *a = &ci->job.batch.cli->rec;
	const struct err *err;

	if (r->type == FEED_CATEGORY)
		return catalog_save_category(s, r->category, a, outcome);
	if (r->offer->external_id != NULL)
		ci->offers = true;
	if ((err = catalog_save(s, r->offer, a, outcome)) != NULL)
		return err;
	return import_job_settle(&ci->job, ci->options.source, r->external_id);
}

/* Categories are not counted: people count what is sold. */
static void
catalog_import_count(struct catalog_import *ci, const struct feed_record *r,
    enum catalog_outcome outcome)
{
	if (r->type == FEED_CATEGORY)
		return;
	ci->made += outcome == CATALOG_NEW;
	ci->changed += outcome == CATALOG_CHANGED;
	ci->same += outcome == CATALOG_SAME;
	if (outcome != CATALOG_SAME)
		catalog_import_report(ci, r,
		    outcome == CATALOG_NEW ? "new" : "changed", NULL);
}

/* One record, or the refusal of one: in its own savepoint. */
static const struct err *
catalog_import_record(struct catalog_import *ci, struct feed *f,
    const struct feed_record *r, const struct err *bad)
{
	enum catalog_outcome outcome = CATALOG_SAME;
	const struct err *err;

	if ((err = import_job_record(&ci->job)) != NULL ||
	    (err = db_mark(ci->job.batch.shop->db)) != NULL)
		return err;
	if (bad == NULL) {
		bad = catalog_import_take(ci, r, &outcome);
		if (bad == NULL)
			catalog_import_count(ci, r, outcome);
		else if (!import_job_is_refusal(bad))
			return bad;
		else
			err = db_undo(ci->job.batch.shop->db);
	}
	if (err == NULL && bad != NULL)
		err = catalog_import_refuse(ci, f, r, bad);
	/* refused or not, it is still in the feed */
	if (err == NULL && ci->complete && r->external_id != NULL)
		err = catalog_seen(ci->job.batch.shop, ci->options.source,
		    r->external_id);
	return err;
}

static const struct err *
catalog_import_stream(struct catalog_import *ci, struct feed *f)
{
	struct feed_record r;
	const struct err *err;

	while (!stop_asked()) {
		arena_reset(&ci->job.batch.cli->rec);
		err = feed_next(f, &r);
		if (err != NULL && (err->code != ERR_INPUT || stop_asked()))
			return stop_asked() ? NULL : err;
		if (ci->complete && feed_is_partial(f))
			return err_new(ERR_USAGE,
			    "%s: the file holds only what has changed; "
			    "--complete is not for it",
			    r.where);
		if (err == NULL && r.type == FEED_END)
			break;
		if ((err = catalog_import_record(ci, f, &r, err)) != NULL ||
		    (err = batch_step(&ci->job.batch, feed_would_wait(f))) !=
			NULL)
			return err;
	}
	return NULL;
}

static const struct err *
catalog_import_file(struct import_job *j, int fd, const char *name)
{
	struct catalog_import *ci = j->arg;
	struct feed_record none = { .where = name };
	const struct err *err;
	struct feed *f;

	err = feed_open(fd, name, &ci->options, &f);
	if (err != NULL && err->code == ERR_INPUT)
		return catalog_import_record(ci, NULL, &none, err);
	if (err != NULL)
		return err;
	err = catalog_import_stream(ci, f);
	feed_close(f);
	return err;
}

/* What none of the files had is no longer sold, when they were read whole. */
static const struct err *
catalog_import_drop(struct catalog_import *ci)
{
	const struct err *err;

	if (!ci->complete || stop_asked())
		return NULL;
	if (ci->hole != NULL) {
		cli_warn("%s: could not be read, so nothing is taken out of "
			 "sale",
		    ci->hole);
		return NULL;
	}
	if (!ci->offers)
		return err_new(ERR_USAGE,
		    "there is no offer in it; --complete would take all out of "
		    "sale");
	if ((err = batch_record(&ci->job.batch)) != NULL)
		return err;
	return catalog_drop_unseen(ci->job.batch.shop, ci->options.source,
	    &ci->job.batch.cli->arena, &ci->dropped);
}

static const struct err *
catalog_import_work(struct import_job *j)
{
	struct catalog_import *ci = j->arg;
	struct feed_options *o = &ci->options;
	const struct err *err;

	o->map = j->map;
	o->words = &ci->words;
	o->currency = j->batch.shop->currency;
	o->warn = catalog_import_warn;
	o->arg = ci;
	if (o->source == NULL && j->map != NULL)
		o->source = j->map->source;
	if (o->source == NULL)
		o->source = "catalog";
	if ((err = import_job_files(j, catalog_import_file)) != NULL)
		return err;
	return catalog_import_drop(ci);
}

static const char *
catalog_import_summary(const struct import_job *j)
{
	const struct catalog_import *ci = j->arg;
	struct arena *a = &j->batch.cli->arena;
	const char *dropped = "";

	if (ci->complete)
		dropped = arena_printf(a, "%" PRIu64 " no longer sold, ",
		    ci->dropped);
	return arena_printf(a,
	    "%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " same, %s%" PRIu64
	    " rejected",
	    ci->made, ci->changed, ci->same, dropped, j->batch.cli->rejected);
}

const struct err *
catalog_import_run(struct catalog_import *ci, int argc, char **argv)
{
	struct import_job *j = &ci->job;
	const struct err *err;

	j->entity = "offer";
	j->plural = "offers";
	j->work = catalog_import_work;
	j->summary = catalog_import_summary;
	j->arg = ci;
	err = import_job_run(j, argc, argv);
	map_free(&ci->words.index);
	arena_free(&ci->words.arena);
	return err;
}
