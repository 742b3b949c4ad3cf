/* import.c - records into the shop: what order-import does with each. */
#include "app/import.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/money.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/cart.h"
#include "crm/cursor.h"
#include "crm/customer.h"
#include "crm/customer_merge.h"
#include "crm/merge.h"
#include "crm/reject.h"
#include "crm/shop.h"
#include "db/db.h"
#include "intake/intake.h"
#include "intake/mapping.h"

#define IMPORT_REMARKS 20 /* of one kind; then only their number */

/* Remarks ------------------------------------------------------------------ */

/* A warning of a kind that may come a million times. */
static void PRINTF(3, 4)
    import_remark(struct import *im, const char *kind, const char *fmt, ...)
{
	int64_t *n = map_get(&im->said, kind);
	char text[600];
	va_list ap;

	if (n == NULL)
		map_put(&im->said, kind, 1);
	else if (++*n > IMPORT_REMARKS)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cli_warn("%s", text);
}

static void
import_unsaid(struct import *im, const char *kind)
{
	const int64_t *n = map_get(&im->said, kind);

	if (n != NULL && *n > IMPORT_REMARKS)
		cli_warn("and %" PRId64 " more %s", *n - IMPORT_REMARKS, kind);
}

static void
import_intake_warning(void *arg, const char *where, const char *message)
{
	import_remark(arg, "unknown fields", "%s: %s", where, message);
}

static bool
import_knows(void *arg, const char *table, const char *code)
{
	const struct import *im = arg;

	return shop_has_code(im->batch.shop, table, code);
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

static void
import_remarks(struct import *im, const char *where,
    const struct merge_result *m)
{
	char ours[DECIMAL_STR_MAX], theirs[DECIMAL_STR_MAX];
	size_t i;

	for (i = 0; i < m->conflict_count; i++) {
		const struct merge_conflict *c = &m->conflicts[i];

		import_remark(im, "conflicts",
		    "%s: %s %s: %.40s: the source says '%.80s', "
		    "we have '%.80s'; kept %s",
		    where, import_entity(im), m->order_no, c->field,
		    import_shown(c->theirs), import_shown(c->ours),
		    c->taken ? "the source's" : "ours");
	}
	if (m->total_differs)
		import_remark(im, "totals that differ",
		    "%s: order %s: the source's total is %s, its lines and "
		    "charges make %s",
		    where, m->order_no,
		    money_text(m->source_total, m->currency, theirs),
		    money_text(m->total, m->currency, ours));
	if (m->double_of != NULL && im->customers)
		import_remark(im, "likely doubles",
		    "%s: a key of customer %s belongs to customer %s; "
		    "customer-list --doubles shows both",
		    where, m->order_no, m->double_of);
	else if (m->double_of != NULL)
		import_remark(im, "likely doubles",
		    "%s: order %s looks like %s: the same customer and goods "
		    "through another door",
		    where, m->order_no, m->double_of);
	im->conflicts += m->conflict_count;
	im->totals += m->total_differs;
	im->doubles += m->double_of != NULL;
}

/*
 * When nobody listens any more, or the disk is full, the work goes on: the
 * stream keeps its error, and the command ends with it after the last commit.
 */
static void
import_report(struct import *im, const struct intake_record *r,
    const char *order_no, const char *outcome, const char *reason)
{
	struct out *out = im->batch.cli->out;

	if (!im->report)
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
	if (out_end(out) != NULL)
		im->report = false;
}

/* Rejects ------------------------------------------------------------------ */

/* Copy the record as it came, a table's header once before its rows. */
static const struct err *
import_copy(struct import *im, const struct intake_record *r)
{
	FILE *fp;

	if (im->copy == NULL)
		return NULL;
	fp = file_new_stream(im->copy);
	if (r->header != im->copied_header && im->copied_footer != NULL)
		fprintf(fp, "%s\n", im->copied_footer);
	if (r->header != NULL && r->header != im->copied_header)
		fprintf(fp, "%s\n", r->header);
	im->copied_header = r->header;
	im->copied_footer = r->footer;
	fwrite(r->raw, 1, r->raw_len, fp);
	putc('\n', fp);
	if (ferror(fp))
		return err_sys("%s", im->rejects);
	return NULL;
}

static const struct err *
import_keep(struct import *im, const struct intake_record *r,
    const char *format, const char *reason)
{
	struct arena *a = &im->batch.cli->rec;
	const char *text = text_repair(a, r->raw, r->raw_len);

	if (r->header != NULL)
		text = arena_printf(a, "%s\n%s%s", r->header, text,
		    r->footer != NULL ? r->footer : "");
	return reject_put(im->batch.shop,
	    &(struct reject){ .entity = import_entity(im),
		.source = r->source,
		.place = r->where,
		.format = r->format != NULL ? r->format : format,
		.map_file = im->map_path,
		.external_id = r->external_id,
		.record = text,
		.reason = reason });
}

/* Refuse a record: say it, keep it, count it, and go on. */
static const struct err *
import_refuse(struct import *im, const struct intake_record *r,
    const char *format, const struct err *bad)
{
	const struct err *err;
	const char *reason = arena_strdup(&im->batch.cli->rec, bad->msg);

	cli_reject(im->batch.cli, r->where, bad);
	im->refused++;
	if ((err = import_keep(im, r, format, reason)) != NULL ||
	    (err = import_copy(im, r)) != NULL)
		return err;
	import_report(im, r, NULL, "rejected", reason);
	if (im->max_errors >= 0 && im->refused > (uint64_t)im->max_errors)
		return err_new(ERR_INPUT,
		    "more than %" PRId64 " records were rejected; "
		    "the last batch was taken back",
		    im->max_errors);
	return NULL;
}

static bool
import_is_refusal(const struct err *err)
{
	return err != NULL &&
	       (err->code == ERR_INPUT || err->code == ERR_CONFLICT);
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
	const struct err *err, *twice = import_check_twice(im, r);

	err = im->customers ?
		  customer_merge(im->batch.shop, r->customer,
		      &im->batch.cli->rec, m) :
		  merge_order(im->batch.shop, r->order, &im->batch.cli->rec, m);
	if (err != NULL)
		return err;
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
	struct shop *s = im->batch.shop;
	const struct err *err;

	if (r->type == INTAKE_CURSOR) {
		im->cursors++;
		return cursor_put(s, r->cursor_source, r->cursor_value);
	}
	if (r->type == INTAKE_CART)
		err = cart_take(s, r->cart, &im->batch.cli->rec, &res->cart,
		    &res->order.order_no);
	else
		err = import_take_order(im, r, &res->order);
	if (err != NULL)
		return err;
	if (im->open_rejects)
		return reject_settle(s, import_entity(im), r->source,
		    r->external_id);
	return NULL;
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
	import_remarks(im, r->where, m);
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

/* What a record refers to is looked up in memory, so that must be of now. */
static const struct err *
import_mark(struct import *im)
{
	struct shop *s = im->batch.shop;
	const bool begins = !db_in_transaction(s->db);
	const struct err *err = batch_mark(&im->batch);

	return err == NULL && begins ? shop_refresh(s) : err;
}

/* One record, or the refusal of one: in its own savepoint. */
static const struct err *
import_record(struct import *im, struct intake_record *r, const char *format,
    const struct err *bad)
{
	struct import_result res;
	const struct err *err;

	if ((err = import_mark(im)) != NULL)
		return err;
	im->seen++;
	progress_at(im->seen);
	if (bad == NULL) {
		bad = import_take(im, r, &res);
		if (bad != NULL && !import_is_refusal(bad))
			return bad;
		if (bad == NULL) {
			import_count(im, r, &res);
			return NULL;
		}
		if ((err = db_undo(im->batch.shop->db)) != NULL)
			return err;
	}
	return import_refuse(im, r, format, bad);
}

/* Everything in one stream. */
static const struct err *
import_stream(struct import *im, struct intake *in)
{
	struct arena *a = &im->batch.cli->rec;
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
		    (err = batch_step(&im->batch, intake_would_wait(in))) !=
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

	return shop_code_named(im->batch.shop, table, name, a, out);
}

static struct intake_options
import_options(struct import *im, const struct mapping *map)
{
	const struct shop *s = im->batch.shop;

	return (struct intake_options){
		.source = im->source,
		.country = s->country,
		.currency = s->currency,
		.carts = im->carts,
		.customers = im->customers,
		.format = im->format,
		.map = map,
		.code = import_code,
		.maps = im->maps,
		.warn = import_intake_warning,
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

	return import_record(im, &r, im->format != NULL ? im->format : "flat",
	    bad);
}

static const struct err *
import_fd(struct import *im, int fd, const char *name,
    const struct mapping *map)
{
	struct intake_options options = import_options(im, map);
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

/* With one transaction for all, a slow pipe must not hold the lock. */
static const struct err *
import_spool(const struct import *im, int *fd, const char *name)
{
	const struct err *err;
	struct stat st;
	int spool;

	if (!im->batch.whole || (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)))
		return NULL;
	if ((err = file_spool(*fd, name, NULL, 0, &spool)) != NULL)
		return err;
	if (*fd != STDIN_FILENO)
		close(*fd);
	*fd = spool;
	return NULL;
}

static const struct err *
import_file(struct import *im, const char *path, const struct mapping *map)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	const struct err *err;
	int fd;

	if ((err = file_open(path, &fd)) != NULL)
		return err;
	if ((err = import_spool(im, &fd, name)) == NULL)
		err = import_fd(im, fd, name, map);
	if (fd != STDIN_FILENO)
		close(fd);
	return err;
}

static const struct err *
import_begin(struct import *im)
{
	const struct err *err;
	int64_t open;

	if ((err = reject_count(im->batch.shop->db, import_entity(im),
		 &open)) != NULL)
		return err;
	im->open_rejects = open != 0;
	if (im->rejects != NULL &&
	    (err = file_new_open(im->rejects, &im->copy)) != NULL)
		return err;
	progress_start("records", 0);
	if ((err = db_bulk(im->batch.shop->db, true)) != NULL)
		return err;
	return im->batch.cli->dry_run ? NULL : batch_begin(&im->batch);
}

static const struct err *
import_end(struct import *im, const struct err *err)
{
	const char *summary = import_summary(im, &im->batch.cli->arena);
	const struct err *bulk_err;
	struct file_new *copy = im->copy;

	progress_clear();
	import_unsaid(im, "unknown fields");
	import_unsaid(im, "conflicts");
	import_unsaid(im, "totals that differ");
	import_unsaid(im, "likely doubles");
	err = batch_close(&im->batch, err, im->refused != 0 ? 3 : 0, summary);
	bulk_err = db_bulk(im->batch.shop->db, false);
	if (err == NULL)
		err = bulk_err;
	im->copy = NULL;
	if (err != NULL)
		file_new_discard(copy);
	else if (copy != NULL) {
		if (im->copied_footer != NULL)
			fprintf(file_new_stream(copy), "%s\n",
			    im->copied_footer);
		err = file_new_commit(copy);
	}
	return err;
}

const struct err *
import_files(struct import *im, int argc, char **argv)
{
	struct mapping *map = NULL;
	const struct err *err;
	char *path = NULL;
	int i;

	if ((err = import_begin(im)) == NULL && im->map_file != NULL) {
		err = mapping_read(im->map_file, &map);
		path = realpath(im->map_file, NULL);
		im->map_path = path != NULL ? path : im->map_file;
	}
	if (err == NULL && argc == 0)
		err = import_file(im, "-", map);
	for (i = 0; i < argc && err == NULL && !stop_asked(); i++)
		err = import_file(im, argv[i], map);
	err = import_end(im, err);
	mapping_free(map);
	free(path);
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
	struct arena *a = &im->batch.cli->rec;

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

	if ((err = import_mark(im)) != NULL ||
	    (err = import_memfd(r->record, &fd)) != NULL)
		return err;
	im->seen++;
	bad = import_retry_read(im, r, fd, &map, &in, &rec);
	if (bad == NULL)
		bad = import_take(im, &rec, &res);
	if (bad == NULL) {
		if ((err = reject_settle_id(im->batch.shop, r->id)) == NULL)
			import_count(im, &rec, &res);
	} else if (import_is_refusal(bad)) {
		cli_reject(im->batch.cli, r->place, bad);
		im->refused++;
		if ((err = db_undo(im->batch.shop->db)) == NULL)
			err = reject_renew(im->batch.shop, r->id, bad->msg);
	} else {
		err = bad;
	}
	intake_close(in);
	mapping_free(map);
	close(fd);
	return err;
}

const struct err *
import_retry(struct import *im)
{
	struct cli *cli = im->batch.cli;
	const struct err *err;
	struct reject *r;
	int64_t after = 0;

	if ((err = import_begin(im)) != NULL)
		return import_end(im, err);
	while (!stop_asked()) {
		arena_reset(&cli->rec);
		if ((err = reject_next(im->batch.shop->db, import_entity(im),
			 after, &cli->rec, &r)) != NULL ||
		    r == NULL)
			break;
		after = r->id;
		if ((err = import_retry_one(im, r)) != NULL ||
		    (err = batch_step(&im->batch, false)) != NULL)
			break;
	}
	return import_end(im, err);
}

const char *
import_summary(const struct import *im, struct arena *a)
{
	struct buf b = { 0 };
	const char *text;

	if (im->carts)
		buf_printf(&b,
		    "%" PRIu64 " set, %" PRIu64 " cleared, %" PRIu64
		    " closed, %" PRIu64 " same, %" PRIu64 " rejected",
		    im->set, im->cleared, im->closed, im->same, im->refused);
	else
		buf_printf(&b,
		    "%" PRIu64 " new, %" PRIu64 " changed, %" PRIu64
		    " same, %" PRIu64 " conflicts, %" PRIu64 " rejected",
		    im->made, im->changed, im->same, im->conflicts,
		    im->refused);
	if (im->older != 0)
		buf_printf(&b, ", %" PRIu64 " older than what we have",
		    im->older);
	if (im->doubles != 0)
		buf_printf(&b, ", %" PRIu64 " likely doubles", im->doubles);
	if (im->totals != 0)
		buf_printf(&b, ", %" PRIu64 " totals differ", im->totals);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

void
import_free(struct import *im)
{
	map_free(&im->said);
	set_free(&im->seen_records);
	file_new_discard(im->copy);
}
