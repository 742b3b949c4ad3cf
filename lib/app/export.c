/* export.c - telling a receiver what has changed since it last confirmed. */
#include "app/export.h"

#include <inttypes.h>
#include <string.h>

#include "app/batch.h"
#include "app/export_send.h"
#include "app/export_words.h"
#include "base/map.h"
#include "cli/cli.h"
#include "cli/lock.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/follower.h"
#include "crm/history.h"
#include "db/db.h"
#include "export/codes.h"
#include "export/export.h"
#include "io/file.h"
#include "order/receiver.h"

/* The export in hand. */
struct exporting {
	struct export_job *j;
	struct export x;
	struct export_send send; /* without a document */
	const char *later;       /* why an order could not be told now */
	bool failed;             /* the last one */
	struct codes codes;
	struct map said; /* codes without a word that were warned about */
	struct receiver_span span;
	int64_t done;  /* how far the receiver will be */
	int64_t *told; /* ids of the orders in the document */
	size_t told_count;
	struct buf bytes; /* in another encoding */
};

static const char *
export_follower(const struct export_job *j, const char *suffix)
{
	return arena_printf(&j->cli->arena, "export.%s%s", j->receiver->name,
	    suffix);
}

/* Words -------------------------------------------------------------------- */

/* What no file knows goes as the kind of receiver wants it. In x->a. */
static const struct err *
export_word(struct exporting *e, const char *table, const char *code,
    const char *word, const char **out)
{
	const char *key;

	*out = word;
	if (word != NULL && *word == '\0')
		*out = NULL;
	if (word != NULL || code == NULL)
		return NULL;
	if (e->x.kind->unknown == EXPORT_NAME)
		return receiver_name(e->j->shop->db, table, code, e->x.a, out);
	if (e->x.kind->unknown == EXPORT_CODE) {
		*out = code;
		return NULL;
	}
	key = arena_printf(e->x.a, "%s %s", table, code);
	if (map_get(&e->said, key) == NULL) {
		map_put(&e->said, key, 1);
		cli_warn("%s has no word for %s; it is left out",
		    e->j->receiver->name, key);
	}
	return NULL;
}

/*
 * News of a status that its word does not tell is none: two of ours may be one
 * there.
 */
static const struct err *
export_status(struct exporting *e, const struct receiver_news *n,
    struct export_order *to)
{
	const struct shop *s = e->j->shop;
	const struct status *said =
	    n->said_status != NULL ? shop_status(s, n->said_status) : NULL;
	const char *word = export_words_status(&e->codes, to->means), *was;

	if (!e->x.kind->whole && !n->status)
		return NULL;
	if (!e->x.kind->whole && word != NULL && said != NULL &&
	    (was = export_words_status(&e->codes, said)) != NULL &&
	    strcmp(was, word) == 0)
		return NULL;
	return export_word(e, "status", to->o->status, word, &to->status);
}

static const struct err *
export_payments(struct exporting *e, struct export_order *to)
{
	const struct part_list *l = &to->o->parts[PART_PAYMENT];
	const char **types, **statuses;
	const struct err *err;
	size_t i;

	types = arena_zalloc(e->x.a, (l->len + 1) * sizeof(*types));
	statuses = arena_zalloc(e->x.a, (l->len + 1) * sizeof(*statuses));
	to->payment_types = types;
	to->payment_statuses = statuses;
	if (e->x.kind->unknown == EXPORT_SILENT)
		return NULL; /* these kinds have no place for them */
	for (i = 0; i < l->len; i++) {
		if (l->v[i].kind != NULL &&
		    (err = export_word(e, "payment_type", l->v[i].kind,
			 codes_get(&e->codes, "payment_type", l->v[i].kind),
			 &types[i])) != NULL)
			return err;
		if (l->v[i].status != NULL &&
		    e->x.kind->unknown == EXPORT_CODE &&
		    (err = export_word(e, "payment_status", l->v[i].status,
			 codes_get(&e->codes, "payment_status", l->v[i].status),
			 &statuses[i])) != NULL)
			return err;
	}
	return NULL;
}

/* Everything in the receiver's words. */
static const struct err *
export_translate(struct exporting *e, const struct receiver_news *n,
    struct export_order *to)
{
	const struct err *err;
	const char **goods;

	to->external_id = n->external_id;
	if (e->x.kind->once && !n->spoke && to->external_id != NULL &&
	    strcmp(to->external_id, to->o->order_no) == 0)
		to->external_id = NULL; /* it gives a name of its own */
	to->is_new = n->is_new;
	to->tracking_no = n->tracking_no;
	to->payment = n->payment;
	to->means = shop_status(e->j->shop, to->o->status);
	if (to->means == NULL)
		return err_new(ERR_INPUT, "unknown status '%s'", to->o->status);
	if ((err = export_status(e, n, to)) != NULL ||
	    (err = export_payments(e, to)) != NULL ||
	    (err = receiver_goods(e->j->shop->db, e->j->receiver->source, to->o,
		 e->x.a, &goods)) != NULL)
		return err;
	to->goods = goods;
	if (e->x.kind->unknown != EXPORT_NAME || to->o->delivery_type == NULL)
		return NULL;
	return export_word(e, "delivery_type", to->o->delivery_type,
	    codes_get(&e->codes, "delivery_type", to->o->delivery_type),
	    &to->delivery_type);
}

/* Writing ------------------------------------------------------------------ */

/* The document so far; without a stream it is for nobody. */
static const struct err *
export_flush(struct exporting *e)
{
	struct buf *b = &e->x.markup.buf;

	if (e->x.out != NULL || e->x.stream == NULL) {
		buf_reset(b);
		return NULL;
	}
	if (strcmp(e->x.encoding, "windows-1251") == 0) {
		buf_reset(&e->bytes);
		markup_to_cp1251(buf_str(b), b->len, &e->bytes);
		buf_reset(b);
		b = &e->bytes;
	}
	if (fwrite(buf_str(b), 1, b->len, e->x.stream) != b->len)
		return err_sys("%s",
		    e->j->path != NULL ? e->j->path : "standard output");
	buf_reset(b);
	return NULL;
}

static const struct err *
export_report(struct exporting *e, const struct order *o,
    const struct receiver_news *n, const struct err *refused)
{
	struct out *out = e->j->cli->out;

	if (!e->j->report)
		return NULL;
	if (out_format(out) == OUT_JSON) {
		out_text(out, "type", "export");
		out_text(out, "receiver", e->j->receiver->name);
	}
	out_text(out, "order_no", o->order_no);
	out_text(out, "external_id", n->external_id);
	out_text(out, "status", o->status);
	out_text(out, "changed", n->fields);
	out_text(out, "refused", refused != NULL ? refused->msg : NULL);
	return out_end(out);
}

/*
 * An order that cannot be told holds the position back before its change, so
 * that it is told again; but not where the others would be done twice for it.
 */
static const struct err *
export_refuse(struct exporting *e, const struct order *o,
    const struct receiver_news *n, const struct err *err)
{
	if (!e->x.kind->once && n->first - 1 < e->done)
		e->done = n->first - 1;
	cli_reject(e->j->cli, o->order_no, err);
	return export_report(e, o, n, err);
}

/* As it is at one moment; to->o is NULL when there is nothing to tell. */
static const struct err *
export_load(struct exporting *e, int64_t id, const struct receiver_span *span,
    struct receiver_news *n, struct export_order *to)
{
	struct db *db = e->j->shop->db;
	const struct err *err;
	struct order *o = NULL;

	if ((err = receiver_news(db, e->j->receiver->source, id, span, e->x.a,
		 n)) != NULL)
		return err;
	if (n->fields == NULL ||
	    (!e->x.kind->whole &&
		(n->external_id == NULL ||
		    !(n->status || n->tracking_no || n->payment))))
		return NULL;
	if ((err = order_by_id(db, id, ORDER_LOAD_PARTS, e->x.a, &o)) != NULL ||
	    o == NULL)
		return err;
	to->o = o;
	return order_totals(o, shop_is_paid, e->j->shop);
}

/* What is now to be told of the order, as the exporter gets it. */
static const struct err *
export_look(struct exporting *e, const struct receiver_order *ro,
    struct receiver_span *span, struct receiver_news *n,
    struct export_order *to)
{
	struct db *db = e->j->shop->db;
	const struct err *err;

	*n = (struct receiver_news){ 0 };
	*to = (struct export_order){ 0 };
	*span = (struct receiver_span){ ro->after, e->span.last };
	if ((err = db_begin_read(db)) != NULL ||
	    (e->j->api != NULL &&
		(err = history_last(db, &span->last)) != NULL) ||
	    (err = export_load(e, ro->id, span, n, to)) != NULL)
		return err;
	return db_commit(db);
}

static const struct err *
export_order(struct exporting *e, const struct receiver_order *ro)
{
	struct receiver_span span;
	struct receiver_news n;
	struct export_order to;
	const struct err *err;

	if ((err = export_look(e, ro, &span, &n, &to)) != NULL || to.o == NULL)
		return err;
	if ((err = export_translate(e, &n, &to)) == NULL)
		err = e->x.kind->order(&e->x, &to);
	if (err != NULL && err->code == ERR_INPUT) {
		buf_reset(&e->x.markup.buf);
		return export_refuse(e, to.o, &n, err);
	}
	if (err != NULL || (err = export_flush(e)) != NULL)
		return err;
	e->told = arena_grow(&e->j->cli->arena, e->told, e->told_count,
	    sizeof(*e->told));
	e->told[e->told_count++] = ro->id;
	return export_report(e, to.o, &n, NULL);
}

/* Sending ------------------------------------------------------------------ */

/* The receiver has the changes of an order up to `last`, and its name of it. */
static const struct err *
export_mark(struct exporting *e, int64_t id, int64_t last, const char *name)
{
	const struct config_receiver *r = e->j->receiver;
	struct db *db = e->j->shop->db;
	const struct err *err;

	if (e->j->cli->dry_run)
		return NULL;
	if ((err = db_begin(db)) != NULL ||
	    (err = receiver_mark(db, r->name, id, last)) != NULL ||
	    (name != NULL &&
		(err = receiver_known(db, r->source, id, name)) != NULL))
		return err;
	return db_commit(db);
}

static const struct err *
export_tell(struct exporting *e, const struct receiver_news *n,
    struct export_order *to, const char **name)
{
	const struct err *err;
	const char *id;

	export_send_drop(&e->send);
	e->x.found = *name = NULL;
	if ((err = export_translate(e, n, to)) != NULL ||
	    (err = e->x.kind->order(&e->x, to)) != NULL ||
	    (err = export_send_order(&e->send, &e->x, &id)) != NULL)
		return err;
	if (to->external_id == NULL)
		*name = e->x.found != NULL ? e->x.found : id;
	return NULL;
}

/*
 * Another time. If it is the order that its server chokes on, the others need
 * not wait for it; two in a row tell that it is the server.
 */
static const struct err *
export_put_off(struct exporting *e, const struct err *err)
{
	if (err->code != ERR_REMOTE || e->failed || e->send.remote.busy ||
	    stop_asked())
		return err;
	if (e->later != NULL)
		cli_say("%s", e->later);
	e->failed = true;
	e->later = arena_strdup(&e->j->cli->arena, err->msg);
	return NULL;
}

/*
 * One order, told and marked so before the next is. One that is refused is
 * marked as not told, and tried again each time, while the others go on.
 */
static const struct err *
export_send(struct exporting *e, const struct receiver_order *ro)
{
	const struct err *err, *bad;
	struct receiver_span span;
	struct receiver_news n;
	struct export_order to;
	const char *name;

	if ((err = export_look(e, ro, &span, &n, &to)) != NULL)
		return err;
	if (to.o == NULL)
		return ro->marked ? export_mark(e, ro->id, span.last, NULL) :
				    NULL;
	bad = export_tell(e, &n, &to, &name);
	if (bad != NULL && bad->code != ERR_INPUT && bad->code != ERR_NOTFOUND)
		return export_put_off(e, err_wrap(bad, "shop %s: order %s",
					     e->j->api->name, to.o->order_no));
	e->failed = false;
	if (bad != NULL) {
		cli_reject(e->j->cli, to.o->order_no, bad);
		if ((err = export_report(e, to.o, &n, bad)) != NULL)
			return err;
		return export_mark(e, ro->id, span.after, NULL);
	}
	if ((err = export_mark(e, ro->id, span.last, name)) != NULL)
		return err;
	e->told_count++;
	return export_report(e, to.o, &n, NULL);
}

/* All were told but those that are marked: nothing else waits to be confirmed. */
static const struct err *
export_settle(struct exporting *e)
{
	const struct follower f = {
		.name = export_follower(e->j, ""),
		.history_id = e->span.last,
		.at = e->j->shop->now,
	};
	struct db *db = e->j->cli->db;
	const struct err *err;
	bool removed;

	if ((err = db_begin(db)) != NULL ||
	    (err = follower_put(db, &f)) != NULL ||
	    (err = follower_remove(db, export_follower(e->j, ".written"),
		 &removed)) != NULL ||
	    (err = receiver_settle(db, e->j->receiver->name, e->span.last)) !=
		NULL)
		return err;
	return db_commit(db);
}

/* All of them ------------------------------------------------------------- */

static const struct err *
export_orders(struct exporting *e)
{
	struct cli *cli = e->j->cli;
	const struct err *err;
	struct receiver_order *v;
	size_t i, count;

	if ((err = receiver_orders(cli->db, e->j->receiver->name, &e->span,
		 &cli->arena, &v, &count)) != NULL)
		return err;
	progress_start("orders", count);
	if (e->x.kind->begin != NULL)
		e->x.kind->begin(&e->x, e->j->shop->now);
	err = export_flush(e);
	for (i = 0; i < count && err == NULL; i++) {
		arena_reset(&cli->rec);
		if (stop_asked())
			return err_new(ERR_IO, "stopped before the end");
		err = e->j->api != NULL ? export_send(e, &v[i]) :
					  export_order(e, &v[i]);
		progress_at(i + 1);
	}
	if (err == NULL && e->later != NULL)
		err = err_new(ERR_REMOTE, "%s", e->later);
	if (err != NULL)
		return err;
	if (e->x.kind->end != NULL)
		e->x.kind->end(&e->x);
	return export_flush(e);
}

static const struct err *
export_requests(struct exporting *e)
{
	const struct err *err, *close_err;

	e->send.dry_run = e->j->cli->dry_run;
	err = export_send_open(&e->send, e->j->api, &e->x);
	if (err != NULL)
		err = err_wrap(err, "shop %s", e->j->api->name);
	else
		err = export_orders(e);
	close_err = export_send_close(&e->send, &e->x);
	return err != NULL ? err : close_err;
}

/* To the file, whole or not at all, or to standard output. */
static const struct err *
export_document(struct exporting *e)
{
	static const struct out_style style = { .format = OUT_JSON };
	const char *path = e->j->cli->dry_run ? NULL : e->j->path;
	const struct err *err, *close_err = NULL;
	struct file_new *file = NULL;
	FILE *none = NULL;

	if (path != NULL) {
		if ((err = file_new_open(path, &file)) != NULL)
			return err;
		e->x.stream = file_new_stream(file);
	} else if (!e->j->cli->dry_run)
		e->x.stream = stdout;
	if (e->x.kind->begin == NULL) {
		if (e->x.stream == NULL &&
		    (none = fopen("/dev/null", "w")) == NULL)
			return err_sys("/dev/null");
		e->x.out = out_open(none != NULL ? none : e->x.stream, &style);
	}
	err = export_orders(e);
	if (e->x.out != NULL)
		close_err = out_close(e->x.out);
	if (none != NULL)
		fclose(none);
	if (err == NULL)
		err = close_err;
	if (file == NULL) {
		if (err == NULL && e->x.stream != NULL && fflush(stdout) != 0)
			err = err_sys("standard output");
		return err;
	}
	if (err == NULL)
		return file_new_commit(file);
	file_new_discard(file);
	return err;
}

/* The position that the receiver will have: behind all, for programs. */
static const struct err *
export_tell_position(struct exporting *e)
{
	struct out *out = e->j->cli->out;

	if (!e->j->report || out_format(out) != OUT_JSON)
		return NULL;
	out_text(out, "type", "cursor");
	out_text(out, "source", e->j->receiver->name);
	out_text(out, "value",
	    arena_printf(&e->j->cli->arena, "%" PRId64, e->done));
	return out_end(out);
}

static const struct err *
export_prepare(struct exporting *e)
{
	const struct config_receiver *r = e->j->receiver;
	struct cli *cli = e->j->cli;
	const struct err *err;

	if ((err = export_kind(r->kind, &e->x.kind)) != NULL)
		return err_wrap(err, "%s", r->origin);
	e->x.encoding = r->encoding != NULL ? r->encoding : "utf-8";
	if (strcmp(e->x.encoding, "utf-8") != 0 &&
	    strcmp(e->x.encoding, "windows-1251") != 0)
		return err_new(ERR_CONFIG,
		    "%s: encoding cannot be '%s'; choose from utf-8, "
		    "windows-1251",
		    r->origin, e->x.encoding);
	if (e->j->api != NULL && strcmp(e->j->api->kind, r->kind) != 0)
		return err_new(ERR_CONFIG,
		    "%s: the receiver is of kind %s and its shop '%s' of kind "
		    "%s",
		    r->origin, r->kind, e->j->api->name, e->j->api->kind);
	e->x.organization = r->organization;
	e->x.site = r->site;
	e->x.agent = r->agent;
	e->x.delivery = r->delivery;
	e->x.a = &cli->rec;
	if ((err = export_words_read(cli, r, &e->codes)) != NULL ||
	    (err = follower_get(cli->db, export_follower(e->j, ""),
		 &e->span.after)) != NULL ||
	    (err = history_last(cli->db, &e->span.last)) != NULL)
		return err;
	e->done = e->span.last;
	return NULL;
}

/* Behind the document, so that a confirmation never means one that is not. */
static const struct err *
export_note_written(struct exporting *e, struct batch *b)
{
	const struct follower f = {
		.name = export_follower(e->j, ".written"),
		.history_id = e->done,
		.at = e->j->shop->now,
	};
	const struct err *err;
	size_t i;

	if ((err = batch_record(b)) != NULL)
		return err;
	for (i = 0; e->x.kind->named && i < e->told_count; i++)
		if ((err = receiver_named(e->j->cli->db, e->j->receiver->source,
			 e->told[i], e->span.last)) != NULL)
			return err;
	return follower_put(e->j->cli->db, &f);
}

static const struct err *
export_lock(const struct export_job *j)
{
	if (follower_check_name(export_follower(j, ".written")) != NULL)
		return err_new(ERR_CONFIG,
		    "%s: '%s' is no name of a receiver; it has letters, "
		    "digits, dots and dashes, 25 at most",
		    j->receiver->origin, j->receiver->name);
	return lock_take(db_path(j->cli->db),
	    arena_printf(&j->cli->arena, "order-export-%s", j->receiver->name),
	    0);
}

const struct err *
export_write(struct export_job *j)
{
	struct exporting e = { .j = j };
	struct batch b = { .cli = j->cli,
		.shop = j->shop,
		.command = "order-export",
		.detail = j->receiver->name };
	const struct err *err;
	const char *summary;

	if ((err = export_lock(j)) != NULL ||
	    (err = export_prepare(&e)) != NULL)
		return err;
	if (!j->cli->dry_run && (err = batch_begin(&b)) != NULL)
		return err;
	err = j->api != NULL ? export_requests(&e) : export_document(&e);
	if (err == NULL)
		err = export_tell_position(&e);
	if (!j->cli->dry_run) {
		if (err == NULL)
			err = j->api != NULL ? export_settle(&e) :
					       export_note_written(&e, &b);
		summary = arena_printf(&j->cli->arena,
		    "%zu orders up to change %" PRId64, e.told_count, e.done);
		err = batch_close(&b, err, summary);
		if (err == NULL)
			cli_summary("%s", summary);
	}
	map_free(&e.said);
	buf_free(&e.bytes);
	buf_free(&e.x.markup.buf);
	return err;
}

/* Confirming --------------------------------------------------------------- */

static const struct err *
export_parse_position(struct export_job *j, const char *value, int64_t *id)
{
	const struct err *err;

	if (strcmp(value, "written") == 0) {
		if ((err = follower_get(j->cli->db,
			 export_follower(j, ".written"), id)) != NULL)
			return err;
		return *id != 0 ? NULL :
				  err_new(ERR_NOTFOUND,
				      "nothing was written for '%s' that is "
				      "not confirmed",
				      j->receiver->name);
	}
	err = history_named(j->cli->db, value, id);
	if (err != NULL && err->code == ERR_USAGE)
		err = err_new(ERR_USAGE,
		    "'%s' is neither 'written', 'last' nor the number of a "
		    "change",
		    value);
	return err_wrap(err, "option '--confirm'");
}

const struct err *
export_confirm(struct export_job *j, const char *value)
{
	struct follower f = { .name = export_follower(j, ""),
		.at = j->shop->now };
	const struct export_kind *kind;
	const struct err *err;
	int64_t before;
	bool removed;

	if ((err = export_kind(j->receiver->kind, &kind)) != NULL)
		return err_wrap(err, "%s", j->receiver->origin);
	if ((err = export_lock(j)) != NULL ||
	    (err = db_begin(j->cli->db)) != NULL ||
	    (err = export_parse_position(j, value, &f.history_id)) != NULL ||
	    (err = follower_get(j->cli->db, f.name, &before)) != NULL)
		return err;
	if (j->cli->dry_run) {
		cli_say("'%s' would be after change %" PRId64
			", is after %" PRId64,
		    j->receiver->name, f.history_id, before);
		return NULL;
	}
	if ((err = follower_put(j->cli->db, &f)) != NULL ||
	    (err = follower_remove(j->cli->db, export_follower(j, ".written"),
		 &removed)) != NULL ||
	    (err = receiver_forget(j->cli->db, j->receiver->name)) != NULL)
		return err;
	return db_commit(j->cli->db);
}
