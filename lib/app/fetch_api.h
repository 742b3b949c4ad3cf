/* fetch_api.h - what the APIs of shops want and where they differ. */
#ifndef APP_FETCH_API_H
#define APP_FETCH_API_H

#include "app/fetch.h"
#include "base/buf.h"

enum fetch_more { FETCH_UNKNOWN, FETCH_MORE, FETCH_LAST };

/* A list of an API. */
struct fetch_list {
	const char *path;           /* behind the address; NULL: no such list */
	const char *const *query;   /* further names and values, NULL: none */
	const char *const *holders; /* members that hold the records */
	/* It cannot be asked for changes: the whole of it, by offset. */
	bool whole;
	/* By a history of changes and not by times: in its entries, */
	const char *entity; /* the member that has the id; NULL: none */
	const char *skip;   /* and the field that means no change, or NULL */
};

/* An API, and how all its lists are read. */
struct fetch_api {
	const char *kind; /* as in crm.conf; also the format of its records */
	const char *updated;      /* member: when one last changed */
	const char *zone;         /* added to a time that has none */
	bool from_id;             /* goes on behind a record by its id */
	int64_t limit, limit_max; /* records a page */
	/* The address of the page at f->place. */
	void (*url)(struct fetch *f, struct buf *url);
	/* Are there more behind these n? It may set the token. NULL: unknown. */
	enum fetch_more (*more)(struct fetch *f,
	    const struct http_answer *answer, int64_t n);
	struct fetch_list lists[FETCH_WHAT_COUNT];
};

/* NULL when nothing can be fetched from shops of this kind. */
const struct fetch_api *fetch_api(const char *kind);

/* retailCRM: the entries behind f->place.entry, and records by their ids. */
void fetch_history_url(struct fetch *f, struct buf *url);
void fetch_ids_url(struct fetch *f, const char *const *ids, size_t n,
    struct buf *url);

#endif
