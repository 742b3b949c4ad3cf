/* import.c - orders, customers and carts into the shop. */
#include "app/import.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/export_words.h"
#include "base/hash.h"
#include "base/money.h"
#include "cli/cli.h"
#include "cli/stop.h"
#include "crm/cursor.h"
#include "crm/reject.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "customer/customer_merge.h"
#include "db/db.h"
#include "intake/intake.h"
#include "order/cart.h"
#include "order/order_merge.h"

/* Remarks ------------------------------------------------------------------ */

static void
import_intake_warning(void *arg, const char *where, const char *message)
{
	struct import *im = arg;

	import_job_remark(&im->job, IMPORT_UNKNOWN, "%s: %s", where, message);
}

static bool
import_knows(void *arg, const char *table, const char *code)
{
	const struct import *im = arg;

	return shop_has_code(im->job.batch.shop, table, code);
}

static bool
import_is_cancel(void *arg, const char *code)
{
	const struct import *im = arg;
	const struct status *status = shop_status(im->job.batch.shop, code);

	return status != NULL && status->is_cancel;
}

static const char *
import_entity(const struct import *im)
{
	return im->carts ? "cart" : im->customers ? "customer" : "order";
}

static const char *
import_shown(const char *value)
{
	return value != NULL ? value : "(none)";
}

/* What we told the source in its own words may come back as another of ours. */
static bool
import_is_echo(struct import *im, const char *source,
    const struct merge_conflict *c)
{
	return !c->taken && strcmp(c->field, "status") == 0 &&
	       c->theirs != NULL && c->ours != NULL &&
	       export_words_same(im->job.batch.cli, im->job.batch.shop, source,
		   c->theirs, c->ours);
}

static void
import_remarks(struct import *im, const struct intake_record *r,
    const struct merge_result *m)
{
	const char *where = r->where;
	char ours[DECIMAL_STR_MAX], theirs[DECIMAL_STR_MAX];
	size_t i;

	for (i = 0; i < m->conflict_count; i++) {
		const struct merge_conflict *c = &m->conflicts[i];

		if (import_is_echo(im, r->source, c))
			continue;
		im->conflicts++;
		import_job_remark(&im->job, IMPORT_CONFLICT,
		    "%s: %s %s: %.40s: the source says '%.80s', "
		    "we have '%.80s'; kept %s",
		    where, import_entity(im), m->order_no, c->field,
		    import_shown(c->theirs), import_shown(c->ours),
		    c->taken ? "the source's" : "ours");
	}
	if (m->total_differs)
		import_job_remark(&im->job, IMPORT_TOTAL,
		    "%s: order %s: the source's total is %s, its lines and "
		    "charges make %s",
		    where, m->order_no,
		    money_text(m->source_total, m->currency, theirs),
		    money_text(m->total, m->currency, ours));
	if (m->double_of != NULL && im->customers)
		import_job_remark(&im->job, IMPORT_DOUBLE,
		    "%s: a key of customer %s belongs to customer %s; "
		    "customer-list --doubles shows both",
		    where, m->order_no, m->double_of);
	else if (m->double_of != NULL)
		import_job_remark(&im->job, IMPORT_DOUBLE,
		    "%s: order %s looks like %s: the same customer and goods "
		    "through another door",
		    where, m->order_no, m->double_of);
	im->totals += m->total_differs;
	im->doubles += m->double_of != NULL;
}

static void
import_report(struct import *im, const struct intake_record *r,
    const char *order_no, const char *outcome, const char *reason)
{
	struct out *out = im->job.batch.cli->out;

	if (!im->job.report)
		return;
	out_text(out, "type", "import");
	out_text(out, "place", r->where);
	if (!im->customers)
		out_text(out, "order_no", order_no);
	else if (order_no != NULL)
		out_int(out, "customer_id", strtoll(order_no, NULL, 10));
	else
		out_null(out, "customer_id");
	out_text(out, "source", r->source);
	out_text(out, "external_id", r->external_id);
	out_text(out, "outcome", outcome);
	out_text(out, "reason", reason);
	import_job_report_end(&im->job);
}

/* Say it, keep it, count it, and go on. */
static const struct err *
import_refuse(struct import *im, const struct intake_record *r,
    const char *format, const struct err *bad)
{
	import_report(im, r, NULL, "rejected", bad->msg);
	return import_job_refuse(&im->job,
	    &(struct import_refused){ .source = r->source,
		.where = r->where,
		.format = r->format != NULL ? r->format : format,
		.external_id = r->external_id,
		.raw = r->raw,
		.raw_len = r->raw_len,
		.header = r->header,
		.footer = r->footer },
	    bad);
}

/* Records ------------------------------------------------------------------ */

/*
 * The same order twice in one input: fine when it says the same or says that it
 * is newer; else one of the two is a mistake, and nobody knows which.
 */
static const struct err *
import_check_twice(struct import *im, const struct intake_record *r)
{
	const bool dated = r->type == INTAKE_ORDER ?
			       r->order->has_source_updated_at :
			       r->customer->has_source_updated_at;
	uint64_t key;

	if (r->external_id == NULL)
		return NULL; /* nothing tells which it is */
	key = hash_str(r->external_id, hash_str(r->source, 0));
	if (set_add(&im->seen_records, key) || dated)
		return NULL;
	return err_new(ERR_INPUT,
	    "%s '%s' came in this input before, with other content",
	    import_entity(im),
	    r->type == INTAKE_ORDER ? r->order->order_no : r->external_id);
}

static const struct err *
import_take_order(struct import *im, struct intake_record *r,
    struct merge_result *m)
{
	const struct err *err, *twice;

	err = im->customers ? customer_merge(im->job.batch.shop, r->customer,
				  &im->job.batch.cli->rec, m) :
			      order_merge(im->job.batch.shop, r->order,
				  &im->job.batch.cli->rec, m);
	if (err != NULL)
		return err;
	twice = import_check_twice(im, r); /* what was refused did not come */
	if (twice != NULL && m->outcome != MERGE_SAME) {
		r->external_id = NULL; /* the first of them settles nothing */
		return twice;
	}
	return NULL;
}

/* What became of a record. */
struct import_result {
	struct merge_result order;
	enum cart_outcome cart;
};

static const struct err *
import_take(struct import *im, struct intake_record *r,
    struct import_result *res)
{
	struct shop *s = im->job.batch.shop;
	const struct err *err;

	if (r->type == INTAKE_CURSOR)
		return cursor_put(s, r->cursor_source, r->cursor_value);
	if (r->type == INTAKE_CART)
		err = cart_take(s, r->cart, &im->job.batch.cli->rec, &res->cart,
		    &res->order.order_no);
	else
		err = import_take_order(im, r, &res->order);
	if (err != NULL)
		return err;
	return import_job_settle(&im->job, r->source, r->external_id);
}

static void
import_count_cart(struct import *im, const struct intake_record *r,
    const struct import_result *res)
{
	static const char *const words[] = {
		[CART_SET] = "set",
		[CART_CLEARED] = "cleared",
		[CART_CLOSED] = "closed",
		[CART_SAME] = "same",
		[CART_OLDER] = "older",
	};

	im->set += res->cart == CART_SET;
	im->cleared += res->cart == CART_CLEARED;
	im->closed += res->cart == CART_CLOSED;
	im->same += res->cart == CART_SAME;
	im->older += res->cart == CART_OLDER;
	import_report(im, r, res->order.order_no, words[res->cart], NULL);
}

static void
import_count_order(struct import *im, const struct intake_record *r,
    const struct merge_result *m)
{
	static const char *const words[] = {
		[MERGE_NEW] = "new",
		[MERGE_CHANGED] = "changed",
		[MERGE_SAME] = "same",
		[MERGE_OLDER] = "older",
	};

	switch (m->outcome) {
	case MERGE_NEW:
		im->made++;
		break;
	case MERGE_CHANGED:
		im->changed++;
		break;
	case MERGE_SAME:
		im->same++;
		break;
	case MERGE_OLDER:
		im->older++;
		break;
	}
	import_remarks(im, r, m);
	import_report(im, r, m->order_no, words[m->outcome], NULL);
}

static void
import_count(struct import *im, const struct intake_record *r,
    const struct import_result *res)
{
	switch (r->type) {
	case INTAKE_ORDER:
	case INTAKE_CUSTOMER:
		import_count_order(im, r, &res->order);
		break;
	case INTAKE_CART:
		import_count_cart(im, r, res);
		break;
	case INTAKE_CURSOR:
	case INTAKE_END:
		break;
	}
}

/* One record, or the refusal of one. */
static const struct err *
import_record(struct import *im, struct intake_record *r, const char *format,
    const struct err *bad)
{
	struct import_result res;
	const struct err *err;

	if ((err = import_job_record(&im->job)) != NULL)
		return err;
	if (bad == NULL) {
		bad = import_take(im, r, &res);
		if (bad == NULL) {
			import_count(im, r, &res);
			return NULL;
		}
		if (!import_job_is_refusal(bad))
			return bad;
		if ((err = db_undo(im->job.batch.shop->db)) != NULL)
			return err;
	}
	return import_refuse(im, r, format, bad);
}

/* Everything in one stream. */
static const struct err *
import_stream(struct import *im, struct intake *in)
{
	struct arena *a = &im->job.batch.cli->rec;
	struct intake_record r;
	const struct err *err;

	while (!stop_asked()) {
		arena_reset(a);
		err = intake_next(in, a, &r);
		if (err != NULL && (err->code != ERR_INPUT || stop_asked()))
			return stop_asked() ? NULL : err;
		if (err == NULL && r.type == INTAKE_END)
			break;
		if ((err = import_record(im, &r, intake_format(in), err)) !=
			NULL ||
		    (err = batch_step(&im->job.batch, intake_would_wait(in))) !=
			NULL)
			return err;
	}
	return NULL;
}

static const struct err *
import_code(void *arg, const char *table, const char *name, struct arena *a,
    const char **out)
{
	const struct import *im = arg;

	return shop_code_named(im->job.batch.shop, table, name, a, out);
}

static struct intake_options
import_options(struct import *im, const struct mapping *map)
{
	const struct shop *s = im->job.batch.shop;

	return (struct intake_options){
		.source = im->source,
		.country = s->country,
		.currency = s->currency,
		.carts = im->carts,
		.customers = im->customers,
		.leave_rest = true,
		.format = im->format,
		.map = map,
		.code = import_code,
		.is_cancel = import_is_cancel,
		.maps = im->maps,
		.warn = import_intake_warning,
		.said = &im->said_once,
		.knows = import_knows,
		.arg = im,
	};
}

/* A file whose header cannot be understood is one refused record. */
static const struct err *
import_unreadable(struct import *im, const char *name, const char *source,
    const struct err *bad)
{
	struct intake_record r = { .where = name,
		.source = source != NULL ? source : "import",
		.raw = "" };

	return import_record(im, &r,
	    im->format != NULL ? im->format :
	    im->carts          ? "ndjson" :
				 "flat",
	    bad);
}

static const struct err *
import_file(struct import_job *j, int fd, const char *name)
{
	struct import *im = j->arg;
	struct intake_options options = import_options(im, j->map);
	const struct err *err;
	struct intake *in;

	err = intake_open(fd, name, &options, &in);
	if (err != NULL && err->code == ERR_INPUT)
		return import_unreadable(im, name, options.source, err);
	if (err != NULL)
		return err;
	err = import_stream(im, in);
	intake_close(in);
	return err;
}

/* Trying again ------------------------------------------------------------- */

/* The record as a stream of its own. */
static const struct err *
import_memfd(const char *text, int *fd)
{
	size_t len = strlen(text);

	if ((*fd = memfd_create("reject", MFD_CLOEXEC)) < 0)
		return err_sys("reject");
	if (write(*fd, text, len) != (ssize_t)len ||
	    lseek(*fd, 0, SEEK_SET) < 0) {
		close(*fd);
		return err_sys("reject");
	}
	return NULL;
}

static const struct err *
import_retry_read(struct import *im, const struct reject *r, int fd,
    struct mapping **map, struct intake **in, struct intake_record *rec)
{
	const struct err *err;
	struct intake_options *options;
	struct arena *a = &im->job.batch.cli->rec;

	*in = NULL;
	if (r->map_file != NULL &&
	    (err = mapping_read(r->map_file, map)) != NULL)
		return err_new(ERR_INPUT, "%s", err->msg);
	options = arena_alloc(a, sizeof(*options));
	*options = import_options(im, *map);
	options->source = r->source;
	options->format = r->format;
	options->external_id = r->external_id;
	options->decoded = true;
	err = intake_open(fd, arena_printf(a, "reject %" PRId64, r->id),
	    options, in);
	if (err == NULL)
		err = intake_next(*in, a, rec);
	if (err == NULL && rec->type == INTAKE_END)
		err = err_new(ERR_INPUT, "there is no record in it any more");
	return err;
}

static const struct err *
import_retry_one(struct import *im, const struct reject *r)
{
	struct intake_record rec = { 0 };
	struct import_result res;
	const struct err *err, *bad;
	struct intake *in = NULL;
	struct mapping *map = NULL; /* what is read may point into it */
	int fd;

	if ((err = import_job_record(&im->job)) != NULL ||
	    (err = import_memfd(r->record, &fd)) != NULL)
		return err;
	bad = import_retry_read(im, r, fd, &map, &in, &rec);
	if (bad == NULL)
		bad = import_take(im, &rec, &res);
	if (bad == NULL) {
		if ((err = reject_settle_id(im->job.batch.shop, r->id)) == NULL)
			import_count(im, &rec, &res);
	} else if (import_job_is_refusal(bad)) {
		cli_reject(im->job.batch.cli, r->place, bad);
		if ((err = db_undo(im->job.batch.shop->db)) == NULL)
			err = reject_renew(im->job.batch.shop, r->id, bad->msg);
	} else {
		err = bad;
	}
	intake_close(in);
	mapping_free(map);
	close(fd);
	return err;
}

static const struct err *
import_retry(struct import *im)
{
	struct cli *cli = im->job.batch.cli;
	const struct err *err;
	struct reject *r;
	int64_t after = 0;

	while (!stop_asked()) {
		arena_reset(&cli->rec);
		if ((err = reject_next(cli->db, import_entity(im), false, after,
			 &cli->rec, &r)) != NULL ||
		    r == NULL)
			return err;
		after = r->id;
		if ((err = import_retry_one(im, r)) != NULL ||
		    (err = batch_step(&im->job.batch, false)) != NULL)
			return err;
	}
	return NULL;
}

/* -------------------------------------------------------------------------- */

static const char *
import_summary(const struct import_job *j)
{
	const struct import *im = j->arg;
	const uint64_t refused = j->batch.cli->rejected;
	struct buf b = { 0 };
	const char *text;

	if (im->carts)
		buf_printf(&b,
		    "%" PRIu64 " set, %" PRIu64 " cleared, %" PRIu64
		    " closed, %" PRIu64 " same, %" PRIu64 " rejected",
		    im->set, im->cleared, im->closed, im->same, refused);
	else
		buf_printf(&b,
		    "%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64
		    " same, %" PRIu64 " conflicts, %" PRIu64 " rejected",
		    im->made, im->changed, im->same, im->conflicts, refused);
	if (im->older != 0)
		buf_printf(&b, ", %" PRIu64 " older than what we have",
		    im->older);
	if (im->doubles != 0)
		buf_printf(&b, ", %" PRIu64 " likely doubles", im->doubles);
	if (im->totals != 0)
		buf_printf(&b, ", %" PRIu64 " totals differ", im->totals);
	text = arena_strdup(&j->batch.cli->arena, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
import_work(struct import_job *j)
{
	return ((struct import *)j->arg)->retry ?
		   import_retry(j->arg) :
		   import_job_files(j, import_file);
}

const struct err *
import_run(struct import *im, int argc, char **argv)
{
	struct import_job *j = &im->job;
	const struct err *err;

	if (im->retry && argc != 0)
		return err_new(ERR_USAGE, "--retry takes no files");
	j->batch.detail = im->retry ? "--retry" : NULL;
	im->maps = arena_printf(&j->batch.cli->arena, "%s/maps",
	    config_get(j->batch.cli->config, CONFIG_SHARE));
	j->entity = import_entity(im);
	j->plural = "records";
	j->work = import_work;
	j->summary = import_summary;
	j->arg = im;
	err = import_job_run(j, argc, argv);
	map_free(&im->said_once);
	set_free(&im->seen_records);
	return err;
}
