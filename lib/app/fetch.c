/* fetch.c - what is new or changed in a shop's HTTP API, as records. */
#include "app/fetch.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/fetch_api.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/cursor.h"
#include "crm/shop.h"
#include "intake/intake.h"
#include "intake/mapping.h"
#include "io/json.h"
#include "io/json_stream.h"
#include "io/out.h"
#include "view/customer_record.h"
#include "view/record.h"

#define FETCH_STALE_MAX 3 /* answers one after the other with nothing new */

/* The records of an answer, as far as paging must know them. */
struct fetch_page {
	int64_t n;        /* records in it */
	struct buf fresh; /* a JSON array of those not seen before */
	int64_t fresh_count;
	bool first_is_fresh;
	int64_t at_s;   /* of the last one; WHEN_MIN when it has none */
	const char *at; /* as written */
	const char *id;
};

const char *
fetch_name(enum fetch_what what)
{
	static const char *const names[] = { [FETCH_ORDERS] = "orders",
		[FETCH_CUSTOMERS] = "customers",
		[FETCH_CARTS] = "carts" };

	return names[what];
}

const char *
fetch_cursor_name(const struct config_shop *from, enum fetch_what what,
    struct arena *a)
{
	if (what == FETCH_ORDERS)
		return from->name;
	return arena_printf(a, "%s:%s", from->name, fetch_name(what));
}

/* Answers ------------------------------------------------------------------ */

static const struct err *
fetch_get(struct fetch *f, const char *url, const struct http_answer **answer)
{
	const struct http_request request = { .url = url };
	const struct err *err = remote_ask(&f->remote, &request, answer);

	if (err == NULL)
		f->pages++;
	if (err != NULL && err->code == ERR_NOTFOUND)
		return err_new(ERR_CONFIG, "%s; there is no %s API at %s",
		    err->msg, f->api->kind, f->from->url);
	return err;
}

/* A number or text as text; NULL when it is neither. In f->page. */
static const char *
fetch_member(struct fetch *f, const struct json *j, const char *name)
{
	const struct json *m = json_get(j, name);
	const char *text;

	if (m == NULL || json_decimal(m, name, &f->page, &text) != NULL)
		return NULL;
	return text;
}

/*
 * One record of the answer: remember where it stands. What cannot be read at all
 * is known by its bytes, and stands where the one before it does.
 */
static const struct err *
fetch_look(struct fetch *f, struct fetch_page *p, const char *raw, size_t len)
{
	const char *text = text_repair(&f->page, raw, len);
	const char *id = NULL, *at = NULL;
	const struct json *j;
	uint64_t key;
	int64_t t;

	if (json_parse(&f->page, text, len, &j) == NULL &&
	    json_kind(j) == JSON_OBJECT) {
		id = fetch_member(f, j, "id");
		if (f->api->updated != NULL && !f->list->whole)
			at = fetch_member(f, j, f->api->updated);
	}
	if (p->n == 0 && id == NULL && at == NULL)
		return err_new(ERR_REMOTE, "its answer is no list of %s%s",
		    fetch_name(f->what), remote_words(text, len, &f->page));
	key = f->list->whole && id != NULL ? hash_str(id, 0) :
					     hash_bytes(raw, len, 0);
	if (id != NULL && at != NULL &&
	    when_parse(arena_printf(&f->page, "%s%s", at, f->api->zone), &t) ==
		NULL) {
		if (t < (p->at_s != WHEN_MIN ? p->at_s : f->place.since))
			return err_new(ERR_REMOTE,
			    "its %s are out of turn at %s, changed %s: they "
			    "must come in the order of their change, or some "
			    "would be missed",
			    fetch_name(f->what), id, at);
		key = hash_str(id, hash_str(at, 0));
		p->at_s = t;
		p->at = at;
		p->id = id;
	}
	p->n++;
	if (map_get_hash(&f->seen, key) != NULL)
		return NULL;
	map_put_hash(&f->seen, key, 1);
	p->first_is_fresh = p->first_is_fresh || p->n == 1;
	buf_addc(&p->fresh, p->fresh_count == 0 ? '[' : ',');
	buf_add(&p->fresh, raw, len);
	p->fresh_count++;
	return NULL;
}

static const struct err *
fetch_memfd(const struct buf *b, int *out)
{
	size_t done = 0;
	ssize_t n;

	if ((*out = memfd_create("answer", MFD_CLOEXEC)) < 0)
		return err_sys("memory for an answer");
	while (done < b->len) {
		n = write(*out, b->data + done, b->len - done);
		if (n < 0) {
			close(*out);
			return err_sys("memory for an answer");
		}
		done += (size_t)n;
	}
	if (lseek(*out, 0, SEEK_SET) != 0) {
		close(*out);
		return err_sys("memory for an answer");
	}
	return NULL;
}

/* All records of an answer. A document that ends too early is no answer. */
static const struct err *
fetch_look_all(struct fetch *f, const struct buf *body, struct fetch_page *p)
{
	struct json_stream *s;
	const struct err *err;
	const char *raw;
	size_t len;
	int fd;

	*p = (struct fetch_page){ .at_s = WHEN_MIN };
	if ((err = fetch_memfd(body, &fd)) != NULL)
		return err;
	s = json_stream_open(fd, "answer", f->list->holders);
	while ((err = json_stream_next(s, &raw, &len)) == NULL && raw != NULL)
		if ((err = fetch_look(f, p, raw, len)) != NULL)
			break;
	if (err != NULL && err->code == ERR_INPUT)
		err = err_new(ERR_REMOTE, "its answer is cut short or not "
					  "JSON");
	json_stream_close(s);
	close(fd);
	if (p->fresh_count != 0)
		buf_addc(&p->fresh, ']');
	return err;
}

/* Records ------------------------------------------------------------------ */

static void
fetch_warn(void *arg, const char *where, const char *message)
{
	struct fetch *f = arg;

	(void)where; /* a place in an answer that is gone */
	if (map_get(&f->said, message) != NULL)
		return;
	map_put(&f->said, message, 1);
	cli_warn("%s: %s", f->from->name, message);
}

static bool
fetch_knows(void *arg, const char *table, const char *code)
{
	const struct fetch *f = arg;

	return shop_has_code(f->shop, table, code);
}

/*
 * What cannot be read: the import keeps it with the rejects, in the transaction
 * that stores the cursor behind it, and can try it again.
 */
static const struct err *
fetch_put_unread(struct fetch *f, const struct intake_record *r,
    const struct err *bad)
{
	struct out *out = f->out;
	const char *reason = arena_strdup(&f->cli->rec, bad->msg);

	f->unread++;
	out_text(out, "type", "unread");
	out_text(out, "source", f->from->name);
	out_text(out, "external_id", r->external_id);
	out_text(out, "format", f->api->kind);
	out_text(out, "reason", reason);
	out_text(out, "record", text_repair(&f->cli->rec, r->raw, r->raw_len));
	return out_end(out);
}

static const struct err *
fetch_put_record(struct fetch *f, const struct intake_record *r)
{
	switch (f->what) {
	case FETCH_CUSTOMERS:
		return customer_record_told(f->out, f->shop, r->customer);
	case FETCH_CARTS:
		return record_told_cart(f->out, r->cart);
	case FETCH_ORDERS:
	case FETCH_WHAT_COUNT:
		break;
	}
	return record_told(f->out, f->shop, r->order);
}

static const struct err *
fetch_put_all(struct fetch *f, struct intake *in)
{
	struct intake_record r;
	const struct err *err;

	for (;;) {
		arena_reset(&f->cli->rec);
		err = intake_next(in, &f->cli->rec, &r);
		if (err == NULL && r.type == INTAKE_END)
			return NULL;
		if (err == NULL)
			err = fetch_put_record(f, &r);
		else if (err->code == ERR_INPUT)
			err = fetch_put_unread(f, &r, err);
		if (err != NULL)
			return err;
		f->records++;
		progress_at(f->records);
	}
}

/* A JSON array of what they hold, as records of ours. */
static const struct err *
fetch_put(struct fetch *f, const struct buf *list)
{
	struct intake_options options = {
		.source = f->from->name,
		.country = f->shop->country,
		.currency = f->shop->currency,
		.customers = f->what == FETCH_CUSTOMERS,
		.carts = f->what == FETCH_CARTS,
		.format = f->api->kind,
		.maps = f->maps,
		.warn = fetch_warn,
		.knows = fetch_knows,
		.arg = f,
	};
	struct mapping *map = NULL;
	const struct err *err;
	struct intake *in = NULL;
	int fd;

	if (f->from->map != NULL &&
	    (err = mapping_read(f->from->map, &map)) != NULL)
		return err;
	options.map = map;
	if ((err = fetch_memfd(list, &fd)) != NULL)
		goto out;
	err = intake_open(fd, f->from->name, &options, &in);
	if (err == NULL)
		err = fetch_put_all(f, in);
	intake_close(in);
	close(fd);
out:
	mapping_free(map);
	return err;
}

/*
 * What is before `to` is written. A clock that is ahead over there must not
 * take the cursor into the future, past what will change until then.
 */
static const struct err *
fetch_put_cursor(struct fetch *f, int64_t to)
{
	struct out *out = f->out;
	char text[DECIMAL_STR_MAX], time[WHEN_STR_MAX];
	const struct err *err;

	if (f->list->entity == NULL && to > when_now())
		to = when_now();
	if (to > f->cursor)
		f->cursor = to;
	if (f->cursor != WHEN_MIN && !f->cli->dry_run) {
		out_text(out, "type", "cursor");
		out_text(out, "source", f->cursor_name);
		out_text(out, "value",
		    f->list->entity != NULL ?
			decimal_format(f->cursor, 0, text) :
			when_format(f->cursor, time));
		if ((err = out_end(out)) != NULL)
			return err;
	}
	return out_flush(out);
}

/* Paging ------------------------------------------------------------------- */

/* The place behind this page; *done at the end of the list. */
static void
fetch_advance(struct fetch *f, const struct fetch_page *p, enum fetch_more more,
    bool *done)
{
	struct fetch_place *at = &f->place;
	const bool full = p->n >= f->limit || (p->n != 0 && more == FETCH_MORE);

	if (at->moment && p->first_is_fresh && at->offset > 0) {
		/* Some before it have gone, and others moved there: back. */
		at->offset -= at->offset < f->limit ? at->offset : f->limit;
	} else if (at->moment && full) {
		at->offset += p->n > 1 ? p->n - 1 : p->n; /* overlapping */
	} else if (f->list->whole) {
		*done = true;
	} else if (at->moment) {
		at->moment = false;
		at->past = true;
	} else if (p->n == 0 || (!full && more == FETCH_LAST) ||
		   (!full && p->fresh_count == 0)) {
		*done = true;
	} else if (p->at != NULL &&
		   (at->at == NULL || strcmp(at->at, p->at) != 0 ||
		       f->api->from_id)) {
		at->since = p->at_s;
		at->at = arena_strdup(&f->arena, p->at);
		at->id =
		    f->api->from_id ? arena_strdup(&f->arena, p->id) : NULL;
		at->past = false;
	} else if (at->at != NULL && at->token == NULL && !f->api->from_id) {
		at->moment = true; /* a whole page of the same moment */
		at->offset = 0;
	}
}

static const struct err *
fetch_one_page(struct fetch *f, int *stale, bool *done)
{
	enum fetch_more more = FETCH_UNKNOWN;
	const struct http_answer *answer;
	struct fetch_page p = { 0 };
	struct buf url = { 0 };
	const struct err *err;

	arena_reset(&f->page);
	f->api->url(f, &url);
	err = fetch_get(f, buf_str(&url), &answer);
	if (err == NULL &&
	    (err = fetch_look_all(f, &answer->body, &p)) == NULL) {
		if (f->api->more != NULL)
			more = f->api->more(f, answer, p.n);
		*stale = p.fresh_count != 0 ? 0 : *stale + 1;
		if (p.fresh_count != 0 &&
		    (err = fetch_put(f, &p.fresh)) == NULL)
			err = fetch_put_cursor(f, p.at_s);
	}
	if (err == NULL)
		fetch_advance(f, &p, more, done);
	if (err == NULL && !*done && *stale >= FETCH_STALE_MAX)
		err = err_new(ERR_REMOTE,
		    "it sends the same %s again and again, whatever is asked "
		    "for",
		    fetch_name(f->what));
	if (err == NULL && !*done)
		remote_rest(&f->remote, answer);
	buf_free(&p.fresh);
	buf_free(&url);
	return err;
}

/* History ------------------------------------------------------------------ */

/* Is it in the list already? */
static bool
fetch_has(const char *const *ids, size_t n, const char *id)
{
	while (n != 0)
		if (strcmp(ids[--n], id) == 0)
			return true;
	return false;
}

/* Does the entry of a history tell of a change? */
static bool
fetch_is_change(const struct fetch *f, const struct json *entry)
{
	const struct json *field = json_get(entry, "field");
	const char *text;

	return f->list->skip == NULL || field == NULL ||
	       json_text(field, "field", &text) != NULL ||
	       strcmp(text, f->list->skip) != 0;
}

/* The ids of what an answer's history tells of, each once. In f->page. */
static const struct err *
fetch_history(struct fetch *f, const struct buf *body, const char ***ids,
    size_t *n, int64_t *entry)
{
	const char *text = text_repair(&f->page, buf_str(body), body->len);
	const struct json *j, *list, *e, *of;
	const struct err *err;
	const char *id;
	int64_t no;

	*ids = NULL;
	*n = 0;
	*entry = 0;
	if (json_parse(&f->page, text, body->len, &j) != NULL)
		return err_new(ERR_REMOTE, "its answer is cut short or not "
					   "JSON");
	list = json_kind(j) == JSON_OBJECT ? json_get(j, "history") : NULL;
	if (list == NULL || json_kind(list) != JSON_ARRAY)
		return err_new(ERR_REMOTE, "its answer is no history%s",
		    remote_words(text, body->len, &f->page));
	for (e = json_first(list); e != NULL; e = json_next(e)) {
		if ((err = json_int(json_get(e, "id"), "id", &no)) != NULL)
			return err_new(ERR_REMOTE, "history: %s", err->msg);
		if (no <= f->place.entry || no <= *entry)
			return err_new(ERR_REMOTE,
			    "entry %" PRId64 " of its history is out of turn",
			    no);
		*entry = no;
		of = json_get(e, f->list->entity);
		id = of != NULL ? fetch_member(f, of, "id") : NULL;
		if (id == NULL || !fetch_is_change(f, e) ||
		    fetch_has(*ids, *n, id))
			continue;
		*ids = arena_grow(&f->page, *ids, *n, sizeof(**ids));
		(*ids)[(*n)++] = id;
	}
	return NULL;
}

/* Does the answer say itself that there is more than is in it? */
static const struct err *
fetch_check_count(struct fetch *f, const struct buf *body, int64_t n)
{
	const char *text = text_repair(&f->page, buf_str(body), body->len);
	const struct json *j, *m;
	int64_t total;

	if (json_parse(&f->page, text, body->len, &j) == NULL &&
	    (m = json_get(j, "pagination")) != NULL &&
	    json_kind(m) == JSON_OBJECT &&
	    json_int(json_get(m, "totalCount"), "", &total) == NULL &&
	    total > n)
		return err_new(ERR_REMOTE,
		    "it sends %" PRId64 " of the %" PRId64
		    " %s it was asked for",
		    n, total, fetch_name(f->what));
	return NULL;
}

/* What became of them; one that was deleted is not in the answer. */
static const struct err *
fetch_by_ids(struct fetch *f, const char *const *ids, size_t n)
{
	const struct http_answer *answer;
	struct buf url = { 0 };
	const struct err *err;
	struct fetch_page p = { 0 };

	fetch_ids_url(f, ids, n, &url);
	if ((err = fetch_get(f, buf_str(&url), &answer)) == NULL &&
	    (err = fetch_look_all(f, &answer->body, &p)) == NULL &&
	    (err = fetch_check_count(f, &answer->body, p.n)) == NULL &&
	    p.fresh_count != 0)
		err = fetch_put(f, &p.fresh);
	buf_free(&p.fresh);
	buf_free(&url);
	return err;
}

static const struct err *
fetch_one_history(struct fetch *f, bool *done)
{
	const struct http_answer *answer;
	struct buf url = { 0 };
	const struct err *err;
	const char **ids;
	int64_t entry;
	size_t n;

	arena_reset(&f->page);
	fetch_history_url(f, &url);
	err = fetch_get(f, buf_str(&url), &answer);
	buf_free(&url);
	if (err != NULL ||
	    (err = fetch_history(f, &answer->body, &ids, &n, &entry)) != NULL)
		return err;
	if (entry == 0) {
		*done = true;
		return NULL;
	}
	if (n != 0 && (err = fetch_by_ids(f, ids, n)) != NULL)
		return err;
	f->place.entry = entry;
	return fetch_put_cursor(f, entry);
}

/* The whole ---------------------------------------------------------------- */

/* Where the last fetch ended, and where this one begins. */
static const struct err *
fetch_begin(struct fetch *f)
{
	struct fetch_place *p = &f->place;
	const struct err *err = NULL;
	const char *value;

	p->since = f->since;
	f->cursor = WHEN_MIN;
	if (f->list->whole) {
		p->moment = true;
		if (f->since == WHEN_MIN)
			return NULL;
		return err_new(ERR_USAGE,
		    "--since: %s cannot be asked for changed %s; all of them "
		    "come each time",
		    f->api->kind, fetch_name(f->what));
	}
	if ((err = cursor_get(f->cli->db, f->cursor_name, &f->arena, &value)) !=
		NULL ||
	    value == NULL)
		return err;
	err = f->list->entity != NULL ? decimal_parse(value, 0, &f->cursor) :
					when_parse(value, &f->cursor);
	if (err != NULL)
		return err_new(ERR_CONFLICT,
		    "its stored cursor '%.100s' is not one of %s; begin again "
		    "with --since",
		    value, f->api->kind);
	if (f->since != WHEN_MIN) {
		if (f->list->entity != NULL || f->since <= f->cursor)
			return NULL;
		return err_new(ERR_USAGE,
		    "--since is later than the last fetch: what changed "
		    "between would be missed");
	}
	if (f->list->entity != NULL && f->cursor > FETCH_OVERLAP_ENTRIES)
		p->entry = f->cursor - FETCH_OVERLAP_ENTRIES;
	if (f->list->entity == NULL)
		p->since = f->cursor - FETCH_OVERLAP_S;
	return NULL;
}

static const struct err *
fetch_set_up(struct fetch *f)
{
	const struct err *err;

	f->api = fetch_api(f->from->kind);
	f->list = f->api != NULL ? &f->api->lists[f->what] : NULL;
	if (f->list == NULL || f->list->path == NULL)
		return err_new(ERR_USAGE, "the API of %s has no list of %s",
		    f->from->kind, fetch_name(f->what));
	f->cursor_name = fetch_cursor_name(f->from, f->what, &f->arena);
	f->limit = f->from->page_size != 0 ? f->from->page_size : f->api->limit;
	if (f->limit > f->api->limit_max)
		return err_new(ERR_CONFIG,
		    "'page_size' of %s is at most %" PRId64, f->api->kind,
		    f->api->limit_max);
	if (f->list->entity != NULL && f->limit != 20 && f->limit != 50 &&
	    f->limit != 100)
		return err_new(ERR_CONFIG, "'page_size' of %s is 20, 50 or 100",
		    f->api->kind);
	if ((err = remote_open(&f->remote, f->from)) != NULL)
		return err;
	return fetch_begin(f);
}

const struct err *
fetch_run(struct fetch *f)
{
	const struct err *err, *out_err;
	bool done = false;
	int stale = 0;

	f->out = out_open(stdout, &(struct out_style){ .format = OUT_JSON });
	err = fetch_set_up(f);
	progress_start(fetch_name(f->what), 0);
	while (err == NULL && !done && !stop_asked()) {
		err = f->list->entity != NULL ?
			  fetch_one_history(f, &done) :
			  fetch_one_page(f, &stale, &done);
		done = done || f->cli->dry_run;
	}
	out_err = out_close(f->out);
	f->out = NULL;
	return err_wrap(err != NULL ? err : out_err, "shop %s", f->from->name);
}

void
fetch_free(struct fetch *f)
{
	remote_close(&f->remote);
	map_free(&f->seen);
	map_free(&f->said);
	arena_free(&f->page);
	arena_free(&f->arena);
}
