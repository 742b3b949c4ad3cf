/*
 * http.h - requests to other people's servers; the only header that stands for
 * libcurl.
 *
 * What every request keeps to: 10 s to connect, a limit for the whole of it and
 * for the size of the answer, certificates are verified, no redirect is
 * followed (it would carry a secret elsewhere), http:// only to this machine.
 * HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment count.
 */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define HTTP_ANSWER_MAX ((size_t)64 << 20)
#define HTTP_TRIES      3
#define HTTP_WAIT_MAX   300 /* seconds; who asks for more is left alone */

struct http_options {
	int64_t timeout_s; /* of a whole request; 0: 60 */
	/* Is it time to give up? Asked while waiting; NULL: never. */
	bool (*stop)(void);
	/* A line for whoever wants to follow; without secrets. NULL: nobody. */
	void (*log)(const char *line);
};

struct http_request {
	const char *method;   /* GET, PUT or POST; NULL: GET */
	const char *url;      /* whole, already encoded */
	const char *user;     /* with password: basic authentication; or NULL */
	const char *password; /* a secret */
	const char *header;   /* "Name: value", a secret; or NULL */
	const char *type;     /* of the body, as application/json */
	const char *body;     /* NULL: none */
};

struct http_answer {
	long status;
	struct buf body;    /* decoded */
	struct buf headers; /* as they came */
};

struct http;

/* options must outlive it. The caller closes it with http_close(). */
const struct err *http_open(const struct http_options *options,
    struct http **out) MUST_USE;
void http_close(struct http *h);

/*
 * May a secret be sent there? ERR_CONFIG for what is no plain https:// address
 * (http:// will do for this machine).
 */
const struct err *http_check_url(const char *url) MUST_USE;

/*
 * Ask, and ask again for what may pass (no connection, a cut-off answer, 429,
 * 500, 502, 503, 504): HTTP_TRIES times in all, after 1 and 2 s or as
 * Retry-After says; then ERR_REMOTE. A POST, which might be done twice, is
 * repeated only where it was not done: without a connection and after 429 and
 * 503. Any other status is success here: see answer, which after an error is
 * the last there was, if only a status 0. It belongs to h and lives until the
 * next call.
 */
const struct err *http_ask(struct http *h, const struct http_request *request,
    const struct http_answer **answer) MUST_USE;

/* The value of a header, without regard to case; NULL when absent. In a. */
const char *http_header(const struct http_answer *answer, const char *name,
    struct arena *a);

/* Sleep; false when it was time to give up. */
bool http_wait(const struct http *h, int64_t ms);

/* Add text to a query, percent-encoded. */
void http_escape(struct buf *url, const char *text);

#endif
