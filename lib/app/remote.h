/*
 * remote.h - the API of a shop that crm.conf names: its secret, the pace that
 * it wants, and what it means when it refuses.
 */
#ifndef APP_REMOTE_H
#define APP_REMOTE_H

#include "cli/config.h"
#include "io/http.h"

struct remote_kind;

struct remote {
	const struct config_shop *shop;
	/* its own */
	const struct remote_kind *kind;
	const char *secret, *header; /* header: the secret as the API wants */
	struct http_options options;
	struct http *http;
	bool busy;         /* after an error: it wants to be left alone */
	struct arena turn; /* what lives as long as an answer */
	struct arena arena;
};

/*
 * Read the secret and check that it may be sent to the shop; nothing is asked
 * yet. shop must outlive r. The caller closes it with remote_close(), also
 * after an error.
 */
const struct err *remote_open(struct remote *r,
    const struct config_shop *shop) MUST_USE;
void remote_close(struct remote *r);

/*
 * Ask; the request's secrets are filled in here. Success is an answer 2xx with
 * JSON, or to a PUT or POST without any. ERR_CONFIG: address or secret;
 * ERR_NOTFOUND and ERR_INPUT: the API refuses this, in its own words;
 * ERR_REMOTE: another time. The answer lives until the next call.
 */
const struct err *remote_ask(struct remote *r,
    const struct http_request *request,
    const struct http_answer **answer) MUST_USE;

/* Leave the shop alone for as long as its answer asks for. */
void remote_rest(struct remote *r, const struct http_answer *answer);

/* ": what a JSON answer says is wrong", "" when it does not. In a. */
const char *remote_words(const char *body, size_t len, struct arena *a);

#endif
