/* catalog_import.c - feeds into the catalogue: what catalog-import does. */
#include "app/catalog_import.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/reject.h"
#include "crm/shop.h"
#include "db/db.h"
#include "intake/mapping.h"

#define REMARKS_MAX 20 /* then only their number */

static const char remarks[] = "remarks";

static void
catalog_import_warn(void *arg, const char *where, const char *message)
{
	struct catalog_import *ci = arg;
	int64_t *n = map_get(&ci->said, remarks);

	if (n == NULL)
		map_put(&ci->said, remarks, 1);
	else if (++*n > REMARKS_MAX)
		return;
	cli_warn("%s: %s", where, message);
}

static const struct err *
catalog_import_report(struct catalog_import *ci, const struct feed_record *r,
    const char *outcome, const char *reason)
{
	struct out *out = ci->batch.cli->out;

	if (!ci->report)
		return NULL;
	out_text(out, "type", "catalog_import");
	out_text(out, "place", r->where);
	out_text(out, "source", ci->options.source);
	out_text(out, "external_id", r->external_id);
	out_text(out, "sku", r->offer != NULL ? r->offer->offer.sku : NULL);
	out_text(out, "name", r->offer != NULL ? r->offer->offer.name : NULL);
	out_text(out, "outcome", outcome);
	out_text(out, "reason", reason);
	return out_end(out);
}

/* Rejects ------------------------------------------------------------------ */

/* Copy it as it can be fed in again: below its header, above its footer. */
static const struct err *
catalog_import_copy(struct catalog_import *ci, const char *raw,
    const char *header, const char *footer)
{
	FILE *fp;

	if (ci->copy == NULL)
		return NULL;
	fp = file_new_stream(ci->copy);
	if (header != ci->header && ci->footer != NULL)
		fprintf(fp, "%s\n", ci->footer);
	if (header != ci->header && header != NULL)
		fprintf(fp, "%s\n", header);
	ci->header = header;
	ci->footer = footer;
	fprintf(fp, "%s\n", raw);
	if (ferror(fp))
		return err_sys("%s", ci->rejects);
	return NULL;
}

/* Refuse a record: say it, keep it, count it, and go on. */
static const struct err *
catalog_import_refuse(struct catalog_import *ci, struct feed *f,
    const struct feed_record *r, const struct err *bad)
{
	struct arena *a = &ci->batch.cli->rec;
	const char *reason = arena_strdup(a, bad->msg);
	const char *header, *footer, *raw;
	const struct err *err;

	cli_reject(ci->batch.cli, r->where, bad);
	ci->refused++;
	if (r->external_id == NULL)
		ci->hole = arena_strdup(&ci->batch.cli->arena, r->where);
	raw = f != NULL ? feed_raw(f, a, &header, &footer) : "";
	if (f == NULL)
		header = footer = NULL;
	raw = text_repair(a, raw, strlen(raw));
	if ((err = catalog_import_copy(ci, raw, header, footer)) != NULL ||
	    (err = reject_put(ci->batch.shop,
		 &(struct reject){ .entity = "offer",
		     .source = ci->options.source,
		     .place = r->where,
		     .format = f != NULL ? feed_format(f) : "xml",
		     .map_file = ci->map_file,
		     .external_id = r->external_id,
		     .record = raw,
		     .reason = reason })) != NULL ||
	    (err = catalog_import_report(ci, r, "rejected", reason)) != NULL)
		return err;
	if (ci->max_errors >= 0 && ci->refused > (uint64_t)ci->max_errors)
		return err_new(ERR_INPUT,
		    "more than %" PRId64 " records were rejected; "
		    "the last batch was taken back",
		    ci->max_errors);
	return NULL;
}

/* Records ------------------------------------------------------------------ */

static const struct err *
catalog_import_take(struct catalog_import *ci, const struct feed_record *r,
    enum catalog_outcome *outcome)
{
	struct shop *s = ci->batch.shop;
	struct arena *a = &ci->batch.cli->rec;
	const struct err *err;

	if (r->type == FEED_CATEGORY)
		return catalog_save_category(s, r->category, a, outcome);
	if (r->offer->external_id != NULL)
		ci->offers = true;
	else
		ci->products = true;
	if ((err = catalog_save(s, r->offer, a, outcome)) != NULL)
		return err;
	if (ci->open_rejects)
		return reject_settle(s, "offer", ci->options.source,
		    r->external_id);
	return NULL;
}

/* Categories are not counted: people count what is sold. */
static const struct err *
catalog_import_count(struct catalog_import *ci, const struct feed_record *r,
    enum catalog_outcome outcome)
{
	if (r->type == FEED_CATEGORY)
		return NULL;
	ci->made += outcome == CATALOG_NEW;
	ci->changed += outcome == CATALOG_CHANGED;
	ci->same += outcome == CATALOG_SAME;
	if (outcome == CATALOG_SAME)
		return NULL;
	return catalog_import_report(ci, r,
	    outcome == CATALOG_NEW ? "new" : "changed", NULL);
}

/* One record, or the refusal of one: in its own savepoint. */
static const struct err *
catalog_import_record(struct catalog_import *ci, struct feed *f,
    const struct feed_record *r, const struct err *bad)
{
	enum catalog_outcome outcome = CATALOG_SAME;
	const struct err *err;

	if ((err = batch_mark(&ci->batch)) != NULL)
		return err;
	progress_at(++ci->seen);
	if (bad == NULL) {
		bad = catalog_import_take(ci, r, &outcome);
		if (bad != NULL && bad->code != ERR_INPUT &&
		    bad->code != ERR_CONFLICT)
			return bad;
		err = bad == NULL ? catalog_import_count(ci, r, outcome) :
				    db_undo(ci->batch.shop->db);
	}
	if (err == NULL && bad != NULL)
		err = catalog_import_refuse(ci, f, r, bad);
	/* refused or not, it is still in the feed */
	if (err == NULL && ci->complete && r->external_id != NULL)
		err = catalog_seen(ci->batch.shop, ci->options.source,
		    r->external_id);
	return err;
}

static const struct err *
catalog_import_stream(struct catalog_import *ci, struct feed *f)
{
	struct feed_record r;
	const struct err *err;

	while (!stop_asked()) {
		arena_reset(&ci->batch.cli->rec);
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
		    (err = batch_step(&ci->batch, feed_would_wait(f))) != NULL)
			return err;
	}
	return NULL;
}

static const struct err *
catalog_import_fd(struct catalog_import *ci, int fd, const char *name)
{
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

/* With one transaction for all, a slow pipe must not hold the lock. */
static const struct err *
catalog_import_file(struct catalog_import *ci, const char *path)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	const struct err *err;
	int fd, spool = -1;
	struct stat st;

	if ((err = file_open(path, &fd)) != NULL)
		return err;
	if (ci->batch.whole && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)))
		err = file_spool(fd, name, NULL, 0, &spool);
	if (err == NULL)
		err = catalog_import_fd(ci, spool >= 0 ? spool : fd, name);
	if (spool >= 0)
		close(spool);
	if (fd != STDIN_FILENO)
		close(fd);
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
	if ((err = batch_mark(&ci->batch)) != NULL)
		return err;
	return catalog_drop_unseen(ci->batch.shop, ci->options.source,
	    &ci->batch.cli->arena, &ci->dropped);
}

static const struct err *
catalog_import_begin(struct catalog_import *ci)
{
	const struct err *err;
	int64_t open;

	if ((err = reject_count(ci->batch.shop->db, "offer", &open)) != NULL)
		return err;
	ci->open_rejects = open != 0;
	if (ci->rejects != NULL &&
	    (err = file_new_open(ci->rejects, &ci->copy)) != NULL)
		return err;
	progress_start("offers", 0);
	return db_bulk(ci->batch.shop->db, true);
}

static const struct err *
catalog_import_end(struct catalog_import *ci, const struct err *err)
{
	const int64_t *n = map_get(&ci->said, remarks);
	struct file_new *copy = ci->copy;
	const struct err *bulk_err;

	progress_clear();
	if (n != NULL && *n > REMARKS_MAX)
		cli_warn("and %" PRId64 " more remarks", *n - REMARKS_MAX);
	err = batch_close(&ci->batch, err, ci->refused != 0 ? 3 : 0,
	    catalog_import_summary(ci, &ci->batch.cli->arena));
	bulk_err = db_bulk(ci->batch.shop->db, false);
	if (err == NULL)
		err = bulk_err;
	ci->copy = NULL;
	if (err != NULL || copy == NULL) {
		file_new_discard(copy);
		return err;
	}
	if (ci->footer != NULL)
		fprintf(file_new_stream(copy), "%s\n", ci->footer);
	return file_new_commit(copy);
}

const struct err *
catalog_import_files(struct catalog_import *ci, int argc, char **argv)
{
	struct feed_options *o = &ci->options;
	struct mapping *map = NULL;
	const struct err *err = NULL;
	int i;

	if (ci->map_file != NULL &&
	    (err = mapping_read(ci->map_file, &map)) != NULL)
		return err;
	o->map = map;
	o->words = &ci->words;
	o->currency = ci->batch.shop->currency;
	o->warn = catalog_import_warn;
	o->arg = ci;
	if (o->source == NULL)
		o->source = map != NULL && map->source != NULL ? map->source :
								 "catalog";
	if ((err = catalog_import_begin(ci)) == NULL && argc == 0)
		err = catalog_import_file(ci, "-");
	for (i = 0; i < argc && err == NULL && !stop_asked(); i++)
		err = catalog_import_file(ci, argv[i]);
	if (err == NULL)
		err = catalog_import_drop(ci);
	err = catalog_import_end(ci, err);
	mapping_free(map);
	return err;
}

const char *
catalog_import_summary(const struct catalog_import *ci, struct arena *a)
{
	const char *dropped = "";

	if (ci->complete)
		dropped = arena_printf(a, "%" PRIu64 " no longer sold, ",
		    ci->dropped);
	return arena_printf(a,
	    "%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64 " same, %s%" PRIu64
	    " rejected",
	    ci->made, ci->changed, ci->same, dropped, ci->refused);
}

void
catalog_import_free(struct catalog_import *ci)
{
	map_free(&ci->said);
	map_free(&ci->words.index);
	arena_free(&ci->words.arena);
	file_new_discard(ci->copy);
}
