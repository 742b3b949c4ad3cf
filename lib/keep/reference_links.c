/* reference_links.c - whether every code that is named is there. */
#include <inttypes.h>
#include <string.h>

#include "db/db.h"
#include "keep/reference_parts.h"

/* Codes of `column` in `child` that `parent` has not, most used first. */
#define UNKNOWN(child, column, parent, key)                                   \
	"SELECT " column ", count(*) FROM " child " WHERE " column            \
	" IS NOT NULL AND " column " NOT IN (SELECT " key " FROM " parent ")" \
	" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"

/*
 * Who names the rows of a table. SQLite would refuse to commit a code that
 * points nowhere just as well, but it could not say which.
 */
static const struct link {
	const char *parent;
	const char *child; /* a reference table, or one of the shop's work */
	const char *word;  /* what a row of the latter is for people */
	const char *sql;
} links[] = {
	{ "currency", "site", NULL,
	    UNKNOWN("site", "currency", "currency", "code") },
	{ "currency", "offer", "offer",
	    UNKNOWN("offer", "currency", "currency", "code") },
	{ "currency", "orders", "order",
	    UNKNOWN("orders", "currency", "currency", "code") },
	{ "currency", "cart", "cart",
	    UNKNOWN("cart", "currency", "currency", "code") },
	{ "site", "cart", "cart", UNKNOWN("cart", "site", "site", "code") },
	{ "site", "orders", "order",
	    UNKNOWN("orders", "site", "site", "code") },
	{ "site", "setting", "setting",
	    "SELECT value, 1 FROM setting WHERE name = 'site'"
	    " AND value NOT IN (SELECT code FROM site)" },
	{ "store", "orders", "order",
	    UNKNOWN("orders", "store", "store", "code") },
	{ "status_group", "status", NULL,
	    UNKNOWN("status", "status_group", "status_group", "code") },
	{ "status_group", "transition", NULL,
	    UNKNOWN("transition", "from_group", "status_group", "code") },
	{ "status_group", "transition", NULL,
	    UNKNOWN("transition", "to_group", "status_group", "code") },
	{ "status", "status_requirement", NULL,
	    UNKNOWN("status_requirement", "status", "status", "code") },
	{ "status", "transition", NULL,
	    UNKNOWN("transition", "from_status", "status", "code") },
	{ "status", "transition", NULL,
	    UNKNOWN("transition", "to_status", "status", "code") },
	{ "status", "orders", "order",
	    UNKNOWN("orders", "status", "status", "code") },
	{ "order_method", "orders", "order",
	    UNKNOWN("orders", "order_method", "order_method", "code") },
	{ "delivery_type", "orders", "order",
	    UNKNOWN("orders", "delivery_type", "delivery_type", "code") },
	{ "payment_type", "payment", "payment",
	    UNKNOWN("payment", "type", "payment_type", "code") },
	{ "payment_status", "payment", "payment",
	    UNKNOWN("payment", "status", "payment_status", "code") },
	{ "user_group", "user", NULL,
	    UNKNOWN("user", "user_group", "user_group", "code") },
	{ "user_group", "transition", NULL,
	    UNKNOWN("transition", "user_group", "user_group", "code") },
	{ "user", "orders", "order",
	    UNKNOWN("orders", "manager", "user", "login") },
	{ "user", "orders", "order",
	    UNKNOWN("orders", "courier", "user", "login") },
	{ "channel", "consent", "consent",
	    UNKNOWN("consent", "channel", "channel", "code") },
	{ "custom_field", "custom_value", "record",
	    "SELECT v.entity || ' ' || v.field, count(*) FROM custom_value v"
	    " LEFT JOIN custom_field f"
	    " ON f.entity = v.entity AND f.code = v.field"
	    " WHERE f.code IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1" },
	{ "custom_dictionary", "custom_field", NULL,
	    UNKNOWN("custom_field", "dictionary", "custom_dictionary",
		"dictionary") },
	{ "custom_dictionary", "custom_value", "record",
	    "SELECT f.dictionary || ' ' || v.value, count(*)"
	    "  FROM custom_value v"
	    "  JOIN custom_field f ON f.entity = v.entity AND f.code = v.field"
	    "  LEFT JOIN custom_dictionary d"
	    "  ON d.dictionary = f.dictionary AND d.code = v.value"
	    " WHERE f.dictionary IS NOT NULL AND d.code IS NULL"
	    " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1" },
};

/* Is there a code that points nowhere? */
static const struct err *
check_link(struct db *db, const struct link *l)
{
	const struct err *err;
	struct arena a = { 0 };
	struct reference *parent;
	struct db_stmt *st;
	const char *code = NULL;
	int64_t count = 0;
	bool row;

	if ((err = db_stmt(db, l->sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL || !row)
		return err;
	code = db_col_text(st, 0, &a);
	count = db_col_int(st, 1);
	db_reset(st);
	if (l->word == NULL)
		err = err_new(ERR_CONFLICT,
		    "there is no %s '%s', which %" PRId64 " row%s of %s name%s",
		    l->parent, code, count, count == 1 ? "" : "s", l->child,
		    count == 1 ? "s" : "");
	else if ((err = reference_new(db, l->parent, &a, &parent)) == NULL)
		err = err_new(ERR_CONFLICT,
		    "%s '%s' is used by %" PRId64 " %s%s; keep it in the "
		    "file%s",
		    l->parent, code, count, l->word, count == 1 ? "" : "s",
		    reference_column(parent, "active") >= 0 ?
			" or set active to 0" :
			"");
	arena_free(&a);
	return err;
}

/* Could this load have broken the link? Looking costs reading all orders. */
static bool
may_break(const struct reference *r, const struct link *l)
{
	return (r->removed != 0 && strcmp(r->name, l->parent) == 0) ||
	       (r->added + r->changed != 0 && strcmp(r->name, l->child) == 0);
}

const struct err *
reference_check_links(struct db *db, struct reference *const *list,
    size_t count)
{
	const struct err *err;
	size_t i, k;

	for (k = 0; k < ARRAY_LEN(links); k++)
		for (i = 0; i < count; i++)
			if (may_break(list[i], &links[k])) {
				if ((err = check_link(db, &links[k])) != NULL)
					return err;
				break;
			}
	return NULL;
}
