/* export_send.c - the requests of an exporter, sent to the API of a shop. */
#include "app/export_send.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/json.h"

/* NULL when it cannot be read. In a. */
static const struct json *
export_send_parse(const struct http_answer *answer, struct arena *a)
{
	const size_t len = answer->body.len;
	const struct json *j;

	if (json_parse(a, text_repair(a, buf_str(&answer->body), len), len,
		&j) != NULL)
		return NULL;
	return j;
}

static const struct err *
export_send_ask(struct export *x, const struct export_order *e,
    const char *path, const struct json **out)
{
	struct export_send *s = x->arg;
	const struct http_answer *answer;
	const struct err *err;

	*out = NULL;
	if (s->dry_run) {
		export_request(x, e, "GET", path);
		return export_requested(x);
	}
	if ((err = remote_ask(&s->remote,
		 &(struct http_request){
		     .url =
			 arena_printf(x->a, "%s%s", s->remote.shop->url, path),
		 },
		 &answer)) != NULL)
		return err;
	if ((*out = export_send_parse(answer, x->a)) == NULL)
		return err_new(ERR_REMOTE, "its answer is not JSON");
	remote_rest(&s->remote, answer);
	return NULL;
}

const struct err *
export_send_open(struct export_send *s, const struct config_shop *shop,
    struct export *x)
{
	static const struct out_style style = { .format = OUT_JSON };
	const struct err *err;

	if (!s->dry_run && (err = remote_open(&s->remote, shop)) != NULL)
		return err;
	if (s->dry_run)
		s->stream = stdout;
	else if ((s->stream = open_memstream(&s->text, &s->len)) == NULL)
		return err_sys("memory for requests");
	x->out = out_open(s->stream, &style);
	x->ask = export_send_ask;
	x->arg = s;
	return NULL;
}

const struct err *
export_send_close(struct export_send *s, struct export *x)
{
	const struct err *err = out_close(x->out);

	if (s->stream != NULL && s->stream != stdout)
		fclose(s->stream);
	free(s->text);
	remote_close(&s->remote);
	return err;
}

void
export_send_drop(struct export_send *s)
{
	if (!s->dry_run)
		rewind(s->stream);
}

/* "by=id&order=%7B...": objects are JSON there. */
static void
export_send_form(const struct json *form, struct buf *b)
{
	struct buf value = { 0 };
	const struct json *m;
	const char *text;

	for (m = json_first(form); m != NULL; m = json_next(m)) {
		if (b->len != 0)
			buf_addc(b, '&');
		http_escape(b, json_key(m));
		buf_addc(b, '=');
		buf_reset(&value);
		if (json_text(m, "", &text) != NULL) {
			json_write(&value, m);
			text = buf_str(&value);
		}
		http_escape(b, text);
	}
	buf_free(&value);
}

/* Some say in an answer 200 that it was not done. */
static const struct err *
export_send_check(const struct http_answer *answer, const struct json *j,
    struct arena *a)
{
	const struct json *success = NULL;
	bool done;

	if (j != NULL && json_kind(j) == JSON_OBJECT)
		success = json_get(j, "success");
	if (success == NULL || json_bool(success, "success", &done) != NULL ||
	    done)
		return NULL;
	return err_new(ERR_INPUT, "it answers %ld and that it was not done%s",
	    answer->status,
	    remote_words(buf_str(&answer->body), answer->body.len, a));
}

/* One line: {"order_no":..., "method":..., "path":..., "body" or "form"}. */
static const struct err *
export_send_line(struct export_send *s, struct export *x, const char *line,
    size_t len, const char **id)
{
	const struct json *j, *body, *form, *said;
	const struct http_answer *answer;
	const struct err *err;
	struct buf b = { 0 };

	if ((err = json_parse(x->a, line, len, &j)) != NULL)
		return err; /* an exporter's mistake */
	if ((body = json_get(j, "body")) != NULL)
		json_write(&b, body);
	else if ((form = json_get(j, "form")) != NULL)
		export_send_form(form, &b);
	err = remote_ask(&s->remote,
	    &(struct http_request){
		.method = export_member(j, "method", x->a),
		.url = arena_printf(x->a, "%s%s", s->remote.shop->url,
		    export_member(j, "path", x->a)),
		.type = body != NULL ? "application/json" :
				       "application/x-www-form-urlencoded",
		.body = buf_str(&b),
	    },
	    &answer);
	buf_free(&b);
	if (err != NULL)
		return err;
	said = export_send_parse(answer, x->a);
	if ((err = export_send_check(answer, said, x->a)) != NULL)
		return err;
	*id = said != NULL ? export_member(said, "id", x->a) : "";
	if (**id == '\0')
		*id = NULL;
	remote_rest(&s->remote, answer);
	return NULL;
}

const struct err *
export_send_order(struct export_send *s, struct export *x, const char **id)
{
	const struct err *err;
	const char *p, *end;

	*id = NULL;
	if (s->dry_run)
		return NULL;
	if ((err = out_flush(x->out)) != NULL)
		return err;
	for (p = s->text; p != s->text + s->len; p = end + 1) {
		end = memchr(p, '\n', (size_t)(s->text + s->len - p));
		if (end == NULL)
			abort(); /* every request ends its line */
		if ((err = export_send_line(s, x, p, (size_t)(end - p), id)) !=
		    NULL)
			return err;
	}
	return NULL;
}
