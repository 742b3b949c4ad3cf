/* http.c - requests to other people's servers, over libcurl. */
#include "io/http.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/decimal.h"
#include "base/mem.h"
#include "base/when.h"

#define HTTP_CONNECT_S   10L
#define HTTP_TIMEOUT_S   60
#define HTTP_HEADERS_MAX ((size_t)64 << 10)
#define HTTP_NAP_MS      100

struct http {
	const struct http_options *options;
	CURL *curl;
	struct http_answer answer;
	bool too_long;
	bool not_sent; /* the last request: there was no connection */
	char error[CURL_ERROR_SIZE];
};

/* Waiting ------------------------------------------------------------------ */

static bool
http_stopped(const struct http *h)
{
	return h->options->stop != NULL && h->options->stop();
}

bool
http_wait(const struct http *h, int64_t ms)
{
	const struct timespec nap = { .tv_nsec = HTTP_NAP_MS * 1000000L };
	const int64_t end = when_ticks_ms() + ms;

	while (!http_stopped(h) && when_ticks_ms() < end)
		nanosleep(&nap, NULL);
	return !http_stopped(h);
}

/*
 * Seconds to wait before try number n+1 (n from 1): what the server asks for in
 * seconds or as a date, else 1, 2, 4.
 */
static int64_t
http_delay(const struct http_answer *answer, int n)
{
	struct arena a = { 0 };
	const char *after = http_header(answer, "Retry-After", &a);
	int64_t s = (int64_t)1 << (n - 1);
	time_t at;

	if (after != NULL && *after >= '0' && *after <= '9') {
		if (decimal_parse(after, 0, &s) != NULL)
			s = HTTP_WAIT_MAX + 1;
	} else if (after != NULL && (at = curl_getdate(after, NULL)) >= 0) {
		s = (int64_t)at - when_now();
	}
	arena_free(&a);
	return s < 0 ? 0 : s;
}

/* What comes in --------------------------------------------------------- */

static size_t
http_take(struct http *h, struct buf *b, size_t max, const char *data,
    size_t len)
{
	if (len > max - b->len) {
		h->too_long = true;
		return 0; /* libcurl gives the transfer up */
	}
	buf_add(b, data, len);
	return len;
}

static size_t
http_on_body(char *data, size_t size, size_t n, void *arg)
{
	struct http *h = arg;

	return http_take(h, &h->answer.body, HTTP_ANSWER_MAX, data, size * n);
}

static size_t
http_on_header(char *data, size_t size, size_t n, void *arg)
{
	struct http *h = arg;

	/* A proxy, or 100 Continue, sends headers of its own before. */
	if (size * n > 5 && strncasecmp(data, "HTTP/", 5) == 0)
		buf_reset(&h->answer.headers);
	return http_take(h, &h->answer.headers, HTTP_HEADERS_MAX, data,
	    size * n);
}

static int
http_on_progress(void *arg, curl_off_t down_all, curl_off_t down,
    curl_off_t up_all, curl_off_t up)
{
	(void)down_all;
	(void)down;
	(void)up_all;
	(void)up;
	return http_stopped(arg) ? 1 : 0;
}

const char *
http_header(const struct http_answer *answer, const char *name, struct arena *a)
{
	const char *p = buf_str(&answer->headers);
	const size_t n = strlen(name);
	size_t len;

	for (; *p != '\0'; p += len + (p[len] == '\n')) {
		len = strcspn(p, "\n");
		if (len <= n || p[n] != ':' || strncasecmp(p, name, n) != 0)
			continue;
		p += n + 1;
		len -= n + 1;
		for (; len != 0 && (*p == ' ' || *p == '\t'); len--)
			p++;
		while (len != 0 && strchr(" \t\r", p[len - 1]) != NULL)
			len--;
		return arena_strndup(a, p, len);
	}
	return NULL;
}

/* Addresses ---------------------------------------------------------------- */

void
http_escape(struct buf *url, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *text != '\0'; text++)
		if (strchr(plain, *text) != NULL)
			buf_addc(url, *text);
		else
			buf_printf(url, "%%%02X", (unsigned char)*text);
}

static bool
http_is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
	       (strncmp(host, "127.", 4) == 0 &&
		   host[strspn(host, "0123456789.")] == '\0');
}

/* Scheme and host of an address, and whether it names a user. In a. */
static bool
http_split(const char *url, struct arena *a, const char **scheme,
    const char **host, bool *user)
{
	CURLU *u = curl_url();
	char *part = NULL;
	bool ok = u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == 0;

	*scheme = *host = "";
	*user = false;
	if (ok && curl_url_get(u, CURLUPART_SCHEME, &part, 0) == 0) {
		*scheme = arena_strdup(a, part);
		curl_free(part);
	}
	if (ok && curl_url_get(u, CURLUPART_HOST, &part, 0) == 0) {
		*host = arena_strdup(a, part);
		curl_free(part);
	}
	if (ok && curl_url_get(u, CURLUPART_USER, &part, 0) == 0) {
		*user = true;
		curl_free(part);
	}
	curl_url_cleanup(u);
	return ok;
}

const struct err *
http_check_url(const char *url)
{
	const struct err *err = NULL;
	const char *scheme, *host;
	struct arena a = { 0 };
	bool user;

	if (!http_split(url, &a, &scheme, &host, &user))
		err = err_new(ERR_CONFIG, "'%.200s' is no address", url);
	else if (user)
		err = err_new(ERR_CONFIG,
		    "a user or password stands in the address; secrets belong "
		    "in files");
	else if (strcmp(scheme, "https") != 0 &&
		 (strcmp(scheme, "http") != 0 || !http_is_loopback(host)))
		err = err_new(ERR_CONFIG,
		    "'%.200s' is not https://, and a secret is not sent in the "
		    "clear",
		    url);
	arena_free(&a);
	return err;
}

/* Requests ----------------------------------------------------------------- */

const struct err *
http_open(const struct http_options *options, struct http **out)
{
	struct http *h;

	*out = NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_new(ERR_IO, "libcurl does not start");
	h = mem_zalloc(sizeof(*h));
	h->options = options;
	if ((h->curl = curl_easy_init()) == NULL) {
		http_close(h);
		return err_new(ERR_IO, "libcurl does not start");
	}
	*out = h;
	return NULL;
}

void
http_close(struct http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->curl);
	buf_free(&h->answer.body);
	buf_free(&h->answer.headers);
	free(h);
	curl_global_cleanup();
}

static bool
http_is(const struct http_request *r, const char *method)
{
	return r->method != NULL && strcmp(r->method, method) == 0;
}

/*
 * What a connection that was used before swallows, libcurl sends again by
 * itself: nothing for a POST.
 */
static void
http_prepare_body(CURL *c, const struct http_request *r)
{
	if (r->body != NULL) {
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, r->body);
		curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)strlen(r->body));
	}
	if (r->method != NULL)
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
	if (http_is(r, "POST"))
		curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
}

/* The handle is used again, and with it the connection. */
static void
http_prepare(struct http *h, const struct http_request *r,
    struct curl_slist *headers)
{
	const int64_t timeout =
	    h->options->timeout_s != 0 ? h->options->timeout_s : HTTP_TIMEOUT_S;
	const char *scheme, *host;
	struct arena a = { 0 };
	CURL *c = h->curl;
	bool user;

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, r->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, HTTP_CONNECT_S);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)timeout);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(c, CURLOPT_USERAGENT, "crm/" CRM_VERSION);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->error);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, http_on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, http_on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, h);
	curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, http_on_progress);
	curl_easy_setopt(c, CURLOPT_XFERINFODATA, h);
	http_prepare_body(c, r);
	if (r->user != NULL) {
		curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(c, CURLOPT_USERNAME, r->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, r->password);
	}
	/* What is for this machine is not shown to a proxy. */
	if (http_split(r->url, &a, &scheme, &host, &user) &&
	    http_is_loopback(host))
		curl_easy_setopt(c, CURLOPT_PROXY, "");
	arena_free(&a);
}

static void PRINTF(2, 3) http_log(const struct http *h, const char *fmt, ...)
{
	char line[600];
	va_list ap;

	if (h->options->log == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	h->options->log(line);
}

static struct curl_slist *
http_headers(const struct http_request *r)
{
	struct curl_slist *l =
	    curl_slist_append(NULL, "Accept: application/json");
	struct buf type = { 0 };

	if (r->header != NULL)
		l = curl_slist_append(l, r->header);
	if (r->body != NULL) {
		buf_printf(&type, "Content-Type: %s", r->type);
		l = curl_slist_append(l, buf_str(&type));
		l = curl_slist_append(l, "Expect:"); /* no 100 Continue */
		buf_free(&type);
	}
	return l;
}

/* Nothing of the request can have come through. */
static bool
http_no_connection(CURLcode code)
{
	return code == CURLE_COULDNT_CONNECT ||
	       code == CURLE_COULDNT_RESOLVE_HOST ||
	       code == CURLE_COULDNT_RESOLVE_PROXY ||
	       code == CURLE_SSL_CONNECT_ERROR;
}

/* One try. ERR_REMOTE: another may do better. */
static const struct err *
http_try(struct http *h, const struct http_request *r)
{
	struct curl_slist *headers = http_headers(r);
	CURLcode code;

	buf_reset(&h->answer.body);
	buf_reset(&h->answer.headers);
	h->answer.status = 0;
	h->too_long = false;
	*h->error = '\0';
	http_prepare(h, r, headers);
	code = curl_easy_perform(h->curl);
	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &h->answer.status);
	curl_slist_free_all(headers);
	http_log(h, "%s %s: %ld, %zu bytes",
	    r->method != NULL ? r->method : "GET", r->url, h->answer.status,
	    h->answer.body.len);
	h->not_sent = http_no_connection(code);
	if (h->too_long)
		return err_new(ERR_INPUT, "the answer is longer than %zu MiB",
		    HTTP_ANSWER_MAX >> 20);
	if (code == CURLE_OK)
		return NULL;
	return err_new(ERR_REMOTE, "%s",
	    *h->error != '\0' ? h->error : curl_easy_strerror(code));
}

static bool
http_may_pass(long status)
{
	return status == 429 || status == 500 || status == 502 ||
	       status == 503 || status == 504;
}

/* Is it certain that a request which failed was not done? */
static bool
http_not_done(const struct http *h)
{
	return h->not_sent || h->answer.status == 429 ||
	       h->answer.status == 503;
}

const struct err *
http_ask(struct http *h, const struct http_request *r,
    const struct http_answer **answer)
{
	const struct err *err;
	int64_t s;
	int n;

	*answer = &h->answer;
	for (n = 1;; n++) {
		err = http_try(h, r);
		if (err == NULL && !http_may_pass(h->answer.status))
			return NULL;
		if (err == NULL)
			err = err_new(ERR_REMOTE, "it answers %ld%s",
			    h->answer.status,
			    h->answer.status == 429 ? ": too many requests" :
						      "");
		if (err->code != ERR_REMOTE || n == HTTP_TRIES ||
		    http_stopped(h) ||
		    (http_is(r, "POST") && !http_not_done(h)))
			return err;
		if ((s = http_delay(&h->answer, n)) > HTTP_WAIT_MAX)
			return err_wrap(err,
			    "it wants to be left alone for %" PRId64 " s", s);
		http_log(h, "%s; again in %" PRId64 " s", err->msg, s);
		if (!http_wait(h, s * 1000))
			return err;
	}
}
