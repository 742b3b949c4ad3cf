/* remote.c - the API of a shop that crm.conf names. */
#include "app/remote.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/decimal.h"
#include "cli/cli.h"
#include "cli/stop.h"
#include "io/file.h"
#include "io/json.h"

#define REMOTE_SECRET_MAX 4096

struct remote_kind {
	const char *name;   /* as in crm.conf */
	const char *secret; /* what stands before it in its header; or NULL */
	enum { REMOTE_USER_NO, REMOTE_USER_MAY, REMOTE_USER_MUST } user;
	/* How long to leave it alone now, in ms. NULL: not at all. */
	int64_t (*pause)(const struct http_answer *answer, struct arena *a);
};

/* "39/40": a leaking bucket, 2 requests a second. */
static int64_t
remote_shopify_pause(const struct http_answer *answer, struct arena *a)
{
	const char *text =
	    http_header(answer, "X-Shopify-Shop-Api-Call-Limit", a);
	const char *slash = text != NULL ? strchr(text, '/') : NULL;
	int64_t used, limit;

	if (slash == NULL || decimal_parse(slash + 1, 0, &limit) != NULL ||
	    decimal_parse(arena_strndup(a, text, (size_t)(slash - text)), 0,
		&used) != NULL)
		return 0;
	return used + 2 >= limit ? 1000 : 0;
}

/* 45 requests in 3 s. */
static int64_t
remote_moysklad_pause(const struct http_answer *answer, struct arena *a)
{
	const char *left = http_header(answer, "X-RateLimit-Remaining", a);
	const char *wait =
	    http_header(answer, "X-Lognex-Retry-TimeInterval", a);
	int64_t n, ms;

	if (left == NULL || decimal_parse(left, 0, &n) != NULL || n > 1)
		return 0;
	if (wait == NULL || decimal_parse(wait, 0, &ms) != NULL || ms < 0 ||
	    ms > 60000)
		return 3000;
	return ms;
}

/* InSales, 500 requests in 5 minutes, says 503 and Retry-After by itself. */
static const struct remote_kind remote_kinds[] = {
	{ .name = "insales", .user = REMOTE_USER_MUST },
	{ .name = "moysklad",
	    .secret = "Authorization: Bearer ",
	    .user = REMOTE_USER_MAY,
	    .pause = remote_moysklad_pause },
	{ .name = "retailcrm", .secret = "X-API-KEY: " },
	{ .name = "shopify",
	    .secret = "X-Shopify-Access-Token: ",
	    .pause = remote_shopify_pause },
	{ .name = "woocommerce", .user = REMOTE_USER_MUST },
};

static const struct remote_kind *
remote_kind(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(remote_kinds) - 1; i++)
		if (strcmp(remote_kinds[i].name, name) == 0)
			break;
	return &remote_kinds[i]; /* crm.conf takes no other */
}

/* Secrets ------------------------------------------------------------------ */

/* The first line of a file that only its owner can read. */
static const struct err *
remote_read_secret(struct remote *r)
{
	const char *path = r->shop->token_file, *text;
	const struct err *err;
	struct stat st;
	size_t i, len;

	if (stat(path, &st) != 0)
		return err_sys("%s", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_new(ERR_CONFIG,
		    "%s: others than its owner may read this secret; chmod 600",
		    path);
	if ((err = file_slurp(path, REMOTE_SECRET_MAX, &r->arena, &text)) !=
	    NULL)
		return err;
	len = strcspn(text, "\r\n");
	if (len == 0 || text[len + strspn(text + len, "\r\n")] != '\0')
		return err_new(ERR_CONFIG, "%s: it must be one line", path);
	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f)
			return err_new(ERR_CONFIG,
			    "%s: a blank or control character in the secret",
			    path);
	r->secret = arena_strndup(&r->arena, text, len);
	return NULL;
}

static const struct err *
remote_authorise(struct remote *r)
{
	const struct err *err;

	if (r->shop->user != NULL && r->kind->user == REMOTE_USER_NO)
		return err_new(ERR_CONFIG, "%s knows no 'user'", r->kind->name);
	if (r->shop->user == NULL && r->kind->user == REMOTE_USER_MUST)
		return err_new(ERR_CONFIG, "'user' is missing");
	if ((err = http_check_url(r->shop->url)) != NULL ||
	    (err = remote_read_secret(r)) != NULL)
		return err;
	if (r->shop->user == NULL)
		r->header =
		    arena_printf(&r->arena, "%s%s", r->kind->secret, r->secret);
	return NULL;
}

static void
remote_log(const char *line)
{
	cli_info("%s", line);
}

const struct err *
remote_open(struct remote *r, const struct config_shop *shop)
{
	const struct err *err;

	*r = (struct remote){ .shop = shop, .kind = remote_kind(shop->kind) };
	if ((err = remote_authorise(r)) != NULL)
		return err;
	r->options = (struct http_options){
		.timeout_s = shop->timeout_s,
		.stop = stop_asked,
		.log = remote_log,
	};
	return http_open(&r->options, &r->http);
}

void
remote_close(struct remote *r)
{
	http_close(r->http);
	arena_free(&r->turn);
	arena_free(&r->arena);
}

/* Answers ------------------------------------------------------------------ */

/*
 * A text, or the first there is in a list or object: ["no"], {"status": ["no"]},
 * [{"error": "no", "code": 1}].
 */
static const char *
remote_first_text(const struct json *j, struct arena *a)
{
	const struct json *m;
	const char *text;

	if (j == NULL)
		return NULL;
	if (json_kind(j) == JSON_ARRAY)
		return remote_first_text(json_first(j), a);
	if (json_kind(j) != JSON_OBJECT)
		return json_text(j, "", &text) == NULL ? text : NULL;
	if ((m = json_get(j, "error")) != NULL)
		return remote_first_text(m, a);
	m = json_first(j);
	text = remote_first_text(m, a);
	return text != NULL ? arena_printf(a, "%s: %s", json_key(m), text) :
			      NULL;
}

const char *
remote_words(const char *body, size_t len, struct arena *a)
{
	static const char *const keys[] = { "errorMsg", "message", "error" };
	const char *text = NULL, *more;
	const struct json *j;
	size_t i;

	if (json_parse(a, body, len, &j) != NULL || json_kind(j) != JSON_OBJECT)
		return "";
	for (i = 0; i < ARRAY_LEN(keys) && text == NULL; i++)
		text = remote_first_text(json_get(j, keys[i]), a);
	more = remote_first_text(json_get(j, "errors"), a);
	if (text != NULL && more != NULL)
		return arena_printf(a, ": %.100s (%.100s)", text, more);
	if (text == NULL)
		text = more;
	return text != NULL ? arena_printf(a, ": %.200s", text) : "";
}

static const struct err *
remote_refused(struct remote *r, const struct http_answer *a)
{
	const char *says =
	    remote_words(buf_str(&a->body), a->body.len, &r->turn);
	const char *to = http_header(a, "Location", &r->turn);

	if (a->status == 401 || a->status == 403)
		return err_new(ERR_CONFIG,
		    "it answers %ld: the secret in %s%s%s is not accepted%s",
		    a->status, r->shop->token_file,
		    r->shop->user != NULL ? " for user " : "",
		    r->shop->user != NULL ? r->shop->user : "", says);
	if (a->status >= 300 && a->status < 400)
		return err_new(ERR_CONFIG,
		    "it sends us to %.200s; if that is right, it belongs in "
		    "'url'",
		    to != NULL ? to : "another address");
	if (a->status == 404 && *says == '\0')
		return err_new(ERR_CONFIG,
		    "it answers 404: there is no %s API at %s", r->kind->name,
		    r->shop->url);
	return err_new(a->status == 404                     ? ERR_NOTFOUND :
		       a->status == 408 || a->status >= 500 ? ERR_REMOTE :
							      ERR_INPUT,
	    "it answers %ld%s", a->status, says);
}

const struct err *
remote_ask(struct remote *r, const struct http_request *request,
    const struct http_answer **answer)
{
	struct http_request secret = *request;
	const struct err *err;
	const char *start;

	arena_reset(&r->turn);
	secret.user = r->shop->user;
	secret.password = r->secret;
	secret.header = r->header;
	err = http_ask(r->http, &secret, answer);
	r->busy = (*answer)->status == 429 || (*answer)->status == 503;
	if (err != NULL)
		return err;
	if ((*answer)->status / 100 != 2)
		return remote_refused(r, *answer);
	if ((*answer)->body.len == 0 && request->method != NULL)
		return NULL; /* it was done, what is there to say? */
	start = buf_str(&(*answer)->body);
	start += strspn(start, " \t\r\n");
	if (*start == '<')
		return err_new(ERR_REMOTE,
		    "a web page instead of JSON: is it being maintained, or is "
		    "a login asked for?");
	if (*start != '[' && *start != '{')
		return err_new(ERR_REMOTE, "its answer is not JSON");
	return NULL;
}

void
remote_rest(struct remote *r, const struct http_answer *answer)
{
	int64_t ms = 0;

	if (r->kind->pause != NULL)
		ms = r->kind->pause(answer, &r->turn);
	if (ms == 0)
		return;
	cli_info("%s: near its limit of requests; waiting %" PRId64 " ms",
	    r->shop->name, ms);
	http_wait(r->http, ms);
}
