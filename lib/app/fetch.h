/*
 * fetch.h - orders, customers or carts out of a shop's HTTP API, as records for
 * order-import, customer-import and cart-import.
 *
 * They come in the order of their last change, and each page begins where the
 * last one ended: by time, not by page number. One that changes meanwhile moves
 * behind the place that is being read; it can come twice, and none is passed
 * over. After each page a record of type "cursor" says how far it is.
 */
#ifndef APP_FETCH_H
#define APP_FETCH_H

#include "app/remote.h"
#include "base/map.h"

/*
 * A fetch begins so much before the last one ended: what was being saved then
 * got its time of change before it could be seen. History entries
 * of retailCRM are numbered instead.
 */
#define FETCH_OVERLAP_S       300
#define FETCH_OVERLAP_ENTRIES 100

struct cli;
struct out;
struct shop;
struct fetch_api;
struct fetch_list;

enum fetch_what {
	FETCH_ORDERS,
	FETCH_CUSTOMERS,
	FETCH_CARTS,
	FETCH_WHAT_COUNT,
};

/* "orders", "customers", "carts" */
const char *fetch_name(enum fetch_what what);

/*
 * What its cursor and lock are named by: the shop, and behind a colon, which no
 * name of a shop has, what it is if not orders. In a.
 */
const char *fetch_cursor_name(const struct config_shop *from,
    enum fetch_what what, struct arena *a);

/* How far the reading of the list is. */
struct fetch_place {
	int64_t since;     /* changed then or later; WHEN_MIN: all */
	const char *at;    /* since as the API wrote it; NULL: it did not */
	const char *id;    /* the last one read; NULL: none */
	const char *token; /* of the next page, where an API has such */
	bool moment;       /* only those of just that moment, by offset: */
	int64_t offset;
	bool past;     /* only those that changed later than that */
	int64_t entry; /* the last entry of a history */
};

struct fetch {
	struct cli *cli;
	struct shop *shop;
	const struct config_shop *from;
	enum fetch_what what;
	int64_t since;    /* from then on, WHEN_MIN: where the last ended */
	const char *maps; /* folder of the maps of the formats */
	/* what was done */
	uint64_t records, unread, pages;
	/* its own */
	struct out *out;
	const struct fetch_api *api;
	const struct fetch_list *list;
	const char *cursor_name;
	int64_t limit; /* records a page */
	struct fetch_place place;
	int64_t cursor; /* the furthest so far: time or entry; or WHEN_MIN */
	struct map seen;
	struct map said;
	struct remote remote;
	struct arena page; /* what lives as long as a page */
	struct arena arena;
};

/*
 * Write what is new or changed. The caller sets the first members and frees the
 * rest with fetch_free().
 */
const struct err *fetch_run(struct fetch *f) MUST_USE;
void fetch_free(struct fetch *f);

#endif
