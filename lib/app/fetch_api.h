/* fetch_api.h - what the APIs of shops want and where they differ. */
#ifndef APP_FETCH_API_H
#define APP_FETCH_API_H

#include "app/fetch.h"
#include "base/buf.h"

enum fetch_more { FETCH_UNKNOWN, FETCH_MORE, FETCH_LAST };

struct fetch_api {
	const char *kind; /* as in crm.conf; also the format of its orders */
	const char *const *holders; /* members that hold the orders */
	const char *updated;        /* member: when it last changed */
	const char *zone;           /* added to a time that has none */
	bool from_id;               /* goes on behind an order by its id */
	int64_t limit, limit_max;   /* orders a page */
	/* The address of the page at f->place. */
	void (*url)(struct fetch *f, struct buf *url);
	/* Are there more behind these n? It may set the token. NULL: unknown. */
	enum fetch_more (*more)(struct fetch *f,
	    const struct http_answer *answer, int64_t n);
	/* By a history of changes and not by times. */
	bool history;
};

const struct fetch_api *fetch_api(const char *kind);

/* retailCRM: the entries behind f->place.entry, and orders by their ids. */
void fetch_history_url(struct fetch *f, struct buf *url);
void fetch_ids_url(struct fetch *f, const char *const *ids, size_t n,
    struct buf *url);

#endif
