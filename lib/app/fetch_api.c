/* fetch_api.c - what the APIs of shops want and where they differ. */
#include "app/fetch_api.h"

#include <inttypes.h>
#include <string.h>

#include "base/decimal.h"
#include "base/when.h"

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* "&name=value" */
static void
fetch_query(struct buf *url, const char *name, const char *value)
{
	const char *path = buf_str(url);

	buf_addc(url, strchr(path, '?') != NULL ? '&' : '?');
	http_escape(url, name);
	buf_addc(url, '=');
	http_escape(url, value);
}

static void
fetch_query_int(struct buf *url, const char *name, int64_t value)
{
	char text[DECIMAL_STR_MAX];

	fetch_query(url, name, decimal_format(value, 0, text));
}

/* The list and what it is always asked with. */
static void
fetch_path(struct fetch *f, struct buf *url)
{
	const char *const *q = f->list->query;

	buf_printf(url, "%s%s", f->from->url, f->list->path);
	for (; q != NULL && *q != NULL; q += 2)
		fetch_query(url, q[0], q[1]);
}

/* "2026-03-02T09:00:00", with another letter between date and time. */
static const char *
fetch_utc(int64_t t, char between, char buf[static WHEN_STR_MAX])
{
	when_format(t, buf);
	buf[strlen(buf) - 1] = '\0'; /* the Z */
	buf[strlen("YYYY-MM-DD")] = between;
	return buf;
}

/*
 * WooCommerce REST v3, documentation of the orders API: modified_after (since
 * WooCommerce 5.8; not inclusive), dates_are_gmt, orderby, offset. Times have
 * seconds. Orders of the same second have no order among themselves that would
 * hold from page to page: these are read by id. So are customers, who cannot be
 * asked for by change.
 */
static void
woocommerce_url(struct fetch *f, struct buf *url)
{
	const struct fetch_place *p = &f->place;
	const bool whole = f->list->whole;
	char t[WHEN_STR_MAX];

	fetch_path(f, url);
	fetch_query_int(url, "per_page", f->limit);
	fetch_query(url, "orderby", p->moment ? "id" : "modified");
	fetch_query(url, "order", "asc");
	if (!whole)
		fetch_query(url, "dates_are_gmt", "true");
	if (p->since != WHEN_MIN)
		fetch_query(url, "modified_after",
		    fetch_utc(p->since - (p->past ? 0 : 1), 'T', t));
	if (p->moment && !whole)
		fetch_query(url, "modified_before",
		    fetch_utc(p->since + 1, 'T', t));
	if (p->moment)
		fetch_query_int(url, "offset", p->offset);
}

static enum fetch_more
woocommerce_more(struct fetch *f, const struct http_answer *answer, int64_t n)
{
	const char *text = http_header(answer, "X-WP-Total", &f->page);
	const int64_t before = f->place.moment ? f->place.offset : 0;
	int64_t total;

	if (text == NULL || decimal_parse(text, 0, &total) != NULL)
		return FETCH_UNKNOWN;
	return total > before + n ? FETCH_MORE : FETCH_LAST;
}

/*
 * Shopify Admin REST: updated_at_min is inclusive; the address of the next page
 * stands in Link and holds nothing but limit and page_info, which is a place in
 * the list and not a number. Only page_info is taken from it: the secret goes
 * nowhere but to the address in crm.conf. A version that is no longer served is
 * answered as the oldest that is. The order of customers and checkouts is not
 * documented, but taken.
 */
#define SHOPIFY_PATH "/admin/api/2025-01"

static void
shopify_url(struct fetch *f, struct buf *url)
{
	const struct fetch_place *p = &f->place;
	char t[WHEN_STR_MAX];

	if (p->token != NULL) {
		buf_printf(url, "%s%s", f->from->url, f->list->path);
		fetch_query_int(url, "limit", f->limit);
		fetch_query(url, "page_info", p->token);
		return;
	}
	fetch_path(f, url);
	fetch_query_int(url, "limit", f->limit);
	fetch_query(url, "order", "updated_at asc");
	if (p->since != WHEN_MIN)
		fetch_query(url, "updated_at_min", when_format(p->since, t));
}

/* page_info of the link that is rel="next"; NULL when there is none. In a. */
static const char *
shopify_next(const char *link, struct arena *a)
{
	const char *end, *info;
	size_t len;

	for (; link != NULL && (link = strchr(link, '<')) != NULL; link = end) {
		end = link + strcspn(link, ",");
		len = (size_t)(end - link);
		if (memmem(link, len, "rel=\"next\"", 10) == NULL ||
		    (info = memmem(link, len, "page_info=", 10)) == NULL)
			continue;
		info += 10;
		return arena_strndup(a, info, strcspn(info, "&>;, "));
	}
	return NULL;
}

static enum fetch_more
shopify_more(struct fetch *f, const struct http_answer *answer, int64_t n)
{
	const char *link = http_header(answer, "Link", &f->page);

	(void)n;
	f->place.token = shopify_next(link, &f->arena);
	if (f->place.token != NULL)
		return FETCH_MORE;
	return link != NULL ? FETCH_LAST : FETCH_UNKNOWN;
}

/*
 * InSales: always the first page of what comes behind the time and id of the
 * last order read.
 */
static void
insales_url(struct fetch *f, struct buf *url)
{
	const struct fetch_place *p = &f->place;
	char t[WHEN_STR_MAX];

	fetch_path(f, url);
	fetch_query_int(url, "per_page", f->limit);
	if (p->at != NULL)
		fetch_query(url, "updated_since", p->at);
	else if (p->since != WHEN_MIN)
		fetch_query(url, "updated_since",
		    arena_printf(&f->page, "%s +00:00",
			fetch_utc(p->since, ' ', t)));
	if (p->id != NULL)
		fetch_query(url, "from_id", p->id);
}

/*
 * MoySklad JSON API 1.2: times are Moscow's, which are UTC+3 since 2014; an
 * expand needs a limit of 100 or less. Orders of one moment are read by name.
 */
#define MOYSKLAD_ZONE_S 10800

static void
moysklad_url(struct fetch *f, struct buf *url)
{
	const struct fetch_place *p = &f->place;
	char buf[WHEN_STR_MAX];
	const char *t = p->at;
	struct buf filter = { 0 };

	fetch_path(f, url);
	fetch_query_int(url, "limit", f->limit);
	fetch_query(url, "order", p->moment ? "name,asc" : "updated,asc");
	if (p->since == WHEN_MIN)
		return;
	if (t == NULL)
		t = fetch_utc(p->since + MOYSKLAD_ZONE_S, ' ', buf);
	buf_printf(&filter, "updated>%s%s", p->past ? "" : "=", t);
	if (p->moment)
		buf_printf(&filter, ";updated<=%s", t);
	fetch_query(url, "filter", buf_str(&filter));
	buf_free(&filter);
	if (p->moment)
		fetch_query_int(url, "offset", p->offset);
}

/*
 * retailCRM v5 has no list in the order of changes. Its history has: each entry
 * names an order, and filter[sinceId] goes on behind an entry (with it no page
 * may be asked for, since May 2023). The orders themselves come by their ids.
 */
void
fetch_history_url(struct fetch *f, struct buf *url)
{
	char t[WHEN_STR_MAX];

	buf_printf(url, "%s%s/history", f->from->url, f->list->path);
	fetch_query_int(url, "limit", f->limit);
	if (f->place.entry > 0) {
		fetch_query_int(url, "filter[sinceId]", f->place.entry);
	} else if (f->place.since != WHEN_MIN) {
		when_local(f->place.since, t);
		fetch_query(url, "filter[startDate]",
		    arena_printf(&f->page, "%s:00", t));
	}
}

void
fetch_ids_url(struct fetch *f, const char *const *ids, size_t n,
    struct buf *url)
{
	size_t i;

	fetch_path(f, url);
	fetch_query_int(url, "limit", f->limit);
	for (i = 0; i < n; i++)
		fetch_query(url, "filter[ids][]", ids[i]);
}

static const struct fetch_api apis[] = {
	{ .kind = "insales",
	    .updated = "updated_at",
	    .zone = "",
	    .from_id = true,
	    .limit = 100,
	    .limit_max = 250,
	    .url = insales_url,
	    .lists = { [FETCH_ORDERS] = { .path = "/admin/orders.json",
			   .holders = LIST("orders") },
		[FETCH_CUSTOMERS] = { .path = "/admin/clients.json",
		    .holders = LIST("clients") } } },
	{ .kind = "moysklad",
	    .updated = "updated",
	    .zone = "+03:00",
	    .limit = 100,
	    .limit_max = 100,
	    .url = moysklad_url,
	    .lists = { [FETCH_ORDERS] = { .path = "/entity/customerorder",
			   .query = LIST("expand",
			       "agent,state,store,salesChannel,"
			       "rate.currency,positions.assortment"),
			   .holders = LIST("rows") },
		[FETCH_CUSTOMERS] = { .path = "/entity/counterparty",
		    .holders = LIST("rows") } } },
	{ .kind = "retailcrm",
	    .limit = 100,
	    .limit_max = 100,
	    .lists = { [FETCH_ORDERS] = { .path = "/api/v5/orders",
			   .holders = LIST("orders"),
			   .entity = "order" },
		[FETCH_CUSTOMERS] = { .path = "/api/v5/customers",
		    .holders = LIST("customers"),
		    .entity = "customer",
		    .skip = "segments" } } },
	{ .kind = "shopify",
	    .updated = "updated_at",
	    .zone = "",
	    .limit = 250,
	    .limit_max = 250,
	    .url = shopify_url,
	    .more = shopify_more,
	    .lists = { [FETCH_ORDERS] = { .path = SHOPIFY_PATH "/orders.json",
			   .query = LIST("status", "any"),
			   .holders = LIST("orders") },
		[FETCH_CUSTOMERS] = { .path = SHOPIFY_PATH "/customers.json",
		    .holders = LIST("customers") },
		[FETCH_CARTS] = { .path = SHOPIFY_PATH "/checkouts.json",
		    .query = LIST("status", "any"),
		    .holders = LIST("checkouts") } } },
	{ .kind = "woocommerce",
	    .updated = "date_modified_gmt",
	    .zone = "Z",
	    .limit = 100,
	    .limit_max = 100,
	    .url = woocommerce_url,
	    .more = woocommerce_more,
	    .lists = { [FETCH_ORDERS] = { .path = "/wp-json/wc/v3/orders",
			   .holders = LIST("orders") },
		[FETCH_CUSTOMERS] = { .path = "/wp-json/wc/v3/customers",
		    .query = LIST("role", "all"),
		    .holders = LIST("customers"),
		    .whole = true } } },
};

const struct fetch_api *
fetch_api(const char *kind)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(apis); i++)
		if (strcmp(apis[i].kind, kind) == 0)
			return &apis[i];
	return NULL;
}
