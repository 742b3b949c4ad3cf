/*
 * shop.h - the shop at work: one database with its settings, its statuses and
 * codes in memory, and the run that changes are booked on.
 */
#ifndef CRM_SHOP_H
#define CRM_SHOP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

struct db;

/* What a status means; see the table of the same name. */
struct status {
	const char *code;
	const char *name;
	const char *group;
	bool active;
	bool is_initial;
	bool is_revenue;
	bool is_cancel;
	bool handed_over;
	bool items_locked;
	bool final;         /* its group: the order is over */
	int64_t time_limit; /* minutes, 0 for none */
};

struct shop {
	struct db *db;
	struct arena arena; /* lives as long as the shop is open */
	const char *lang;   /* of the names of reference; NULL: English */

	/* settings */
	const char *timezone;
	const char *currency; /* of the default site */
	const char *country;  /* ISO 3166 alpha-2, for phone numbers */
	const char *site;     /* default site */
	int cutoff;           /* second of the day after which nothing ships */
	int64_t double_s;     /* likely doubles lie within this many seconds */

	/* reference */
	struct status *statuses; /* in the order of groups and statuses */
	size_t status_count;
	bool statuses_only; /* see shop_open_statuses() */
	struct map codes;   /* "table code" -> 1; payment_status -> is_paid + 1,
			     delivery_type -> weekdays */
	struct arena reference_arena;

	/* caches */
	struct map offers; /* SKU -> offer id */

	/* the run; id 0 until run_begin() */
	int64_t run_id;
	const char *actor;
	int64_t now; /* recorded_at of its changes */
	bool backfill;
};

/*
 * Read settings and reference, and work in the shop's time zone. lang chooses
 * the names of reference ("ru", else English); may be NULL. The database stays
 * the caller's, lang too. The caller closes it with shop_close().
 */
const struct err *shop_open(struct db *db, const char *lang,
    struct shop **out) MUST_USE;
void shop_close(struct shop *s);

/*
 * The same without the codes, but for those of statuses: asking for another one
 * is a bug and aborts.
 */
const struct err *shop_open_statuses(struct db *db, const char *lang,
    struct shop **out) MUST_USE;

/*
 * At the start of a transaction: read reference again when somebody else has
 * changed the database meanwhile. Pointers to a status are void then.
 */
const struct err *shop_refresh(struct shop *s) MUST_USE;

/* NULL when there is no such status. */
const struct status *shop_status(const struct shop *s, const char *code);

/* The status of an order that names none; NULL when reference has no such. */
const struct status *shop_initial_status(const struct shop *s);

/*
 * Is code in the reference table? A table with several lists of codes is named
 * with the list: "custom_field order", "dictionary gifts".
 */
bool shop_has_code(const struct shop *s, const char *table, const char *code);

/* The same; ERR_INPUT names the nearest one. */
const struct err *shop_check_code(const struct shop *s, const char *table,
    const char *code) MUST_USE;

/*
 * The days of the week, 1 Monday, on which a delivery type ships, as digits:
 * 12345; 0 when nothing is shipped.
 */
int64_t shop_weekdays(const struct shop *s, const char *delivery_type);

/* Does this contact, of kind phone or email, identify nobody? */
bool shop_is_shared(const struct shop *s, const char *kind, const char *value);
/*
 * The code of the row of table "status", "delivery_type" or "payment_type" that
 * is called so, in any language and case; NULL when there is none. In a.
 */
const struct err *shop_code_named(struct shop *s, const char *table,
    const char *name, struct arena *a, const char **out) MUST_USE;

/* For order_totals(): arg is the shop. */
bool shop_is_paid(const char *payment_status, void *shop);

#endif
