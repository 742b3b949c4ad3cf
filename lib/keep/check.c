/* check.c - what must hold in a database: the table of it, and the run. */
#include "keep/check.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "keep/check_find.h"

static const char folds_sql[] =
    "SELECT 'customer', id, NULL, 'name_fold is ' || quote(name_fold) ||"
    "  ', of the name ' || quote(name)"
    "  FROM customer WHERE name_fold IS NOT fold(name)"
    " UNION ALL SELECT 'offer', id, NULL, 'name_fold is ' ||"
    "  quote(name_fold) || ', of the name ' || quote(name)"
    "  FROM offer WHERE name_fold IS NOT fold(name)";
static const char folds_customer_sql[] =
    "UPDATE customer SET name_fold = fold(name)"
    " WHERE name_fold IS NOT fold(name)";
static const char folds_offer_sql[] = "UPDATE offer SET name_fold = fold(name)"
				      " WHERE name_fold IS NOT fold(name)";

/* What identifies a merged customer is followed one step, no further. */
static const char customers_sql[] =
    "SELECT 'customer', c.id, NULL, 'merged into customer ' || m.id ||"
    "  ', who is merged too'"
    "  FROM customer c JOIN customer m ON m.id = c.merged_into"
    "  WHERE m.merged_into IS NOT NULL"
    " UNION ALL SELECT 'customer', c.id, NULL,"
    "  'the history does not tell how the customer came'"
    "  FROM customer c WHERE NOT EXISTS (SELECT 1 FROM history"
    "   WHERE entity = 'customer' AND entity_id = c.id)"
    " UNION ALL SELECT 'customer', id, NULL, 'rev is ' || rev"
    "  FROM customer WHERE rev < 1";

/* By its SKU, one that it had before, or what a source calls it. */
#define OFFER_IS_CALLED(offer, sku)                                       \
	"EXISTS (SELECT 1 FROM offer WHERE id = " offer " AND sku = " sku \
	") OR EXISTS (SELECT 1 FROM offer_source"                         \
	" WHERE offer_id = " offer " AND external_id = " sku ")"          \
	" OR EXISTS (SELECT 1 FROM history WHERE entity = 'offer'"        \
	" AND entity_id = " offer " AND field = 'sku' AND old = " sku ")"

static const char offers_sql[] =
    "SELECT 'order', o.id, o.order_no, 'item ' || i.line || ': sku is ' ||"
    "  quote(i.sku) || ', that of its offer ' || quote(f.sku),"
    "  i.sku IS NULL OR 1 = (SELECT count(*) FROM offer WHERE sku = i.sku)"
    "  FROM order_item i JOIN orders o ON o.id = i.order_id"
    "  JOIN offer f ON f.id = i.offer_id"
    "  WHERE i.sku IS NOT f.sku" /* nearly all are done with */
    "  AND NOT (" OFFER_IS_CALLED("f.id", "i.sku") ")";
static const char offers_mend_sql[] =
    "UPDATE order_item SET offer_id ="
    "  (SELECT id FROM offer WHERE sku = order_item.sku)"
    " WHERE offer_id IS NOT NULL"
    "  AND NOT (" OFFER_IS_CALLED("order_item.offer_id",
	"order_item.sku") ")"
			  "  AND (sku IS NULL OR 1 ="
			  "   (SELECT count(*) FROM offer WHERE sku = order_item.sku))";

static const char sources_sql[] =
    "SELECT 'order', o.id, o.order_no, 'what ' || o.source || ' calls ' ||"
    "  quote(o.external_id) || iif(s.order_id IS NULL, ' is not known',"
    "  ' is the order with the id ' || s.order_id)"
    "  FROM orders o LEFT JOIN order_source s"
    "  ON s.source = o.source AND s.external_id = o.external_id"
    "  WHERE s.order_id IS NOT o.id";

static const char doubles_sql[] =
    "SELECT 'order', id, order_no, 'double_of is ' || quote(double_of)"
    "  FROM orders o WHERE double_of = order_no"
    "  OR (double_of IS NOT NULL AND NOT EXISTS"
    "   (SELECT 1 FROM orders WHERE order_no = o.double_of)"
    "  AND double_of NOT IN (SELECT old FROM history"
    "   WHERE entity = 'order' AND field = 'removed' AND old IS NOT NULL))";

static const char carts_sql[] =
    "SELECT 'cart', id, NULL, 'it has no items and was not cleared', 0"
    "  FROM cart k WHERE cleared_at IS NULL"
    "  AND NOT EXISTS (SELECT 1 FROM cart_item WHERE cart_id = k.id)"
    " UNION ALL SELECT 'cart', k.id, o.order_no,"
    "  'its source says that it became this order', 1"
    "  FROM cart k JOIN order_source s ON s.source = k.source"
    "   AND s.external_id = k.order_external_id"
    "  JOIN orders o ON o.id = s.order_id WHERE k.order_id IS NOT s.order_id";
static const char carts_mend_sql[] =
    "UPDATE cart SET order_id = s.order_id FROM order_source s"
    " WHERE s.source = cart.source"
    "  AND s.external_id = cart.order_external_id"
    "  AND cart.order_id IS NOT s.order_id";

static const char left_sql[] =
    "SELECT v.entity, v.entity_id, NULL, 'custom.' || v.field ||"
    "  ' is left over: there is no such ' || v.entity FROM custom_value v"
    "  WHERE NOT CASE v.entity"
    "   WHEN 'order' THEN EXISTS"
    "    (SELECT 1 FROM orders WHERE id = v.entity_id)"
    "   WHEN 'customer' THEN EXISTS"
    "    (SELECT 1 FROM customer WHERE id = v.entity_id)"
    "   WHEN 'product' THEN EXISTS"
    "    (SELECT 1 FROM product WHERE id = v.entity_id)"
    "   ELSE 0 END"
    " UNION ALL SELECT n.entity, n.entity_id, NULL, 'note ' || n.id ||"
    "  ' is left over: there is no such ' || n.entity FROM note n"
    "  WHERE NOT CASE n.entity"
    "   WHEN 'order' THEN EXISTS"
    "    (SELECT 1 FROM orders WHERE id = n.entity_id)"
    "   WHEN 'customer' THEN EXISTS"
    "    (SELECT 1 FROM customer WHERE id = n.entity_id)"
    "   ELSE 0 END";

/* Not that it was before the end: a clock may be set back. */
static const char runs_sql[] =
    "SELECT 'history', h.id, NULL, 'recorded ' ||"
    "  datetime(h.recorded_at, 'unixepoch') || ' UTC, before its run ' ||"
    "  r.id || ' began'"
    "  FROM history h JOIN run r ON r.id = h.run_id"
    "  WHERE h.recorded_at < r.started_at"
    " UNION ALL SELECT 'history', h.id, NULL, 'outside the span of run ' ||"
    "  r.id || ', which began after ' || r.history_after ||"
    "  ifnull(' and ended with ' || r.history_upto, '')"
    "  FROM history h JOIN run r ON r.id = h.run_id"
    "  WHERE h.id <= r.history_after OR h.id > r.history_upto";

/* Those of the last day may be at work. */
static const char killed_sql[] =
    "SELECT 'run', id, NULL, command || ' of ' ||"
    "  datetime(started_at, 'unixepoch') || ' UTC has no end: it was killed'"
    "  FROM run WHERE ended_at IS NULL"
    "  AND started_at < (SELECT max(started_at) FROM run) - 86400";

const struct check check_list[] = {
	{ .name = "file",
	    .promise = "SQLite can read every page and row, and each index "
		       "has what its table has",
	    .find = check_file,
	    .mend = check_file_mend,
	    .base = true },
	{ .name = "schema",
	    .promise = "tables, indexes, triggers and views are those of this "
		       "version",
	    .find = check_schema,
	    .mend = check_schema_mend,
	    .base = true },
	{ .name = "journal",
	    .promise = "the file has a write-ahead log, so that readers and "
		       "writers do not wait for each other",
	    .find = check_journal,
	    .mend = check_journal_mend },
	{ .name = "references",
	    .promise = "every row and code that is named exists",
	    .find = check_references },
	{ .name = "settings",
	    .promise = "settings have values that crm-config would take",
	    .find = check_settings },
	{ .name = "reference",
	    .promise = "rows of reference are such as crm-reference would load",
	    .find = check_reference },
	{ .name = "currencies",
	    .promise = "currencies have the decimals of ISO 4217",
	    .find = check_currencies },
	{ .name = "folds",
	    .promise = "name_fold is the name as it is searched for",
	    .sql = folds_sql,
	    .mend_sql = { folds_customer_sql, folds_offer_sql } },
	{ .name = "customers",
	    .promise = "customers have a history, and a merged one leads to "
		       "one that is not merged",
	    .sql = customers_sql },
	{ .name = "contacts",
	    .promise =
		"phones are E.164 if they can be, e-mail addresses lower case",
	    .find = check_contacts },
	{ .name = "orders",
	    .promise = "each order is one that order-import would take: codes, "
		       "lines, quantities, times, currency of its site",
	    .find_in = check_order,
	    .shop = true },
	{ .name = "sums",
	    .promise = "sums of lines and orders follow from prices, "
		       "quantities, charges, payments and refunds",
	    .find_in = check_sums,
	    .mend = check_sums_mend,
	    .shop = true },
	{ .name = "status",
	    .promise = "the history tells how each order began and how it came "
		       "to its status, and when",
	    .find_in = check_status,
	    .changes = true,
	    .shop = true },
	{ .name = "history",
	    .promise = "changes join without a gap, and the last one is what "
		       "stands in the order",
	    .find_in = check_history,
	    .changes = true,
	    .shop = true },
	{ .name = "offers",
	    .promise = "the offer of a line has its SKU, had it, or is called "
		       "so by a source",
	    .sql = offers_sql,
	    .mend_sql = { offers_mend_sql } },
	{ .name = "sources",
	    .promise = "each order is known by the name its source has for it",
	    .sql = sources_sql },
	{ .name = "bases",
	    .promise = "what a source last said can be read again",
	    .find = check_bases },
	{ .name = "doubles",
	    .promise = "an order that looks like a double names another one",
	    .sql = doubles_sql },
	{ .name = "carts",
	    .promise = "a cart has items or was cleared, and is tied to the "
		       "order that it became",
	    .sql = carts_sql,
	    .mend_sql = { carts_mend_sql } },
	{ .name = "custom",
	    .promise = "values of custom fields are such as their types take",
	    .find = check_custom,
	    .shop = true },
	{ .name = "left-over",
	    .promise = "custom fields and notes belong to something that is "
		       "there",
	    .sql = left_sql },
	{ .name = "runs",
	    .promise = "history was written while its run was at work",
	    .sql = runs_sql },
	{ .name = "rejects",
	    .promise = "a rejected record is known again by its text",
	    .find = check_rejects,
	    .mend = check_rejects_mend },
	{ .name = "killed",
	    .promise = "runs have an end",
	    .sql = killed_sql,
	    .note = true },
	{ .name = "foreign",
	    .promise = "there is nothing in the file but what is of this "
		       "version",
	    .find = check_foreign,
	    .note = true },
	{ .name = NULL },
};

enum { CHECK_COUNT = ARRAY_LEN(check_list) - 1 };
_Static_assert(ARRAY_LEN(check_list) <= (size_t)CHECK_MAX, "raise CHECK_MAX");

const struct check *
check_find(const char *name, const char **near)
{
	const char *names[CHECK_COUNT + 1] = { NULL };
	size_t i;

	for (i = 0; i < CHECK_COUNT; i++) {
		if (strcmp(check_list[i].name, name) == 0)
			return &check_list[i];
		names[i] = check_list[i].name;
	}
	*near = text_nearest(name, names);
	return NULL;
}

bool
check_mends(const struct check *c)
{
	return c->mend != NULL || c->mend_sql[0] != NULL;
}

const struct err *
check_found(struct check_run *r, const char *entity, int64_t id,
    const char *order_no, bool mendable, const char *detail)
{
	if (mendable) {
		r->open++;
		if (r->id_count == 0 || r->ids[r->id_count - 1] != id) {
			r->ids = arena_grow(&r->list, r->ids, r->id_count,
			    sizeof(*r->ids));
			r->ids[r->id_count++] = id;
		}
	}
	if (r->again)
		return NULL;
	if (!r->check->note)
		r->broken++;
	if (r->check->base && !mendable)
		r->stopped = true;
	r->finding = (struct check_finding){ r->check, entity, id, order_no,
		detail, mendable };
	return r->found(r->arg, &r->finding);
}

static const struct err *
check_by_sql(struct check_run *r)
{
	const bool always = r->check->mend_sql[0] != NULL;
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(r->db, r->check->sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		err = check_found(r, db_col_peek(st, 0), db_col_int(st, 1),
		    db_col_peek(st, 2),
		    db_columns(st) > 4 ? db_col_int(st, 4) != 0 : always,
		    db_col_peek(st, 3));
		if (err != NULL)
			break;
	}
	db_reset(st);
	return err;
}

static const struct err *
check_mend_sql(struct check_run *r)
{
	const struct err *err = NULL;
	struct db_stmt *st;
	size_t i;

	for (i = 0; err == NULL && i < ARRAY_LEN(r->check->mend_sql) &&
		    r->check->mend_sql[i] != NULL;
	     i++)
		if ((err = db_stmt(r->db, r->check->mend_sql[i], &st)) == NULL)
			err = db_run(st);
	return err;
}

static const struct err *
check_look(struct check_run *r)
{
	r->open = 0;
	r->id_count = 0;
	return r->check->sql != NULL ? check_by_sql(r) : r->check->find(r);
}

/* Mend what the check found, and see that it did. */
static const struct err *
check_mend(struct check_run *r)
{
	const uint64_t open = r->open;
	const struct err *err;

	if (!r->mend || open == 0)
		return NULL;
	if (r->check->mend != NULL)
		err = r->check->mend(r);
	else
		err = check_mend_sql(r);
	if (err == NULL && r->check->find_in == NULL) {
		r->again = true;
		err = check_look(r);
		r->again = false;
		if (err == NULL && r->open != 0)
			err = err_new(ERR_CONFLICT,
			    "%" PRIu64 " of %" PRIu64 " are still there",
			    r->open, open);
	}
	r->mended += open;
	return err_wrap(err, "%s: cannot be mended", r->check->name);
}

static const struct err *
check_one(struct check_run *r, const struct check *c)
{
	const struct err *err;

	r->check = c;
	if ((err = check_look(r)) != NULL)
		return err;
	arena_reset(r->record);
	return check_mend(r);
}

const struct err *
check_all(struct check_run *r, const bool *chosen)
{
	const struct err *err = NULL;
	bool walked = false;
	size_t i;

	for (i = 0; err == NULL && i < CHECK_COUNT && !r->stopped; i++) {
		const struct check *c = &check_list[i];

		if (!chosen[i] || (c->shop && r->shop == NULL))
			continue;
		if (c->find_in == NULL) {
			err = check_one(r, c);
			continue;
		}
		if (!walked)
			err = check_orders(r, chosen);
		walked = true;
		r->check = c;
		if (err == NULL && check_mends(c))
			err = check_mend(r);
	}
	arena_free(&r->list);
	r->ids = NULL;
	return err;
}
