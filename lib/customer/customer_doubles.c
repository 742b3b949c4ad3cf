/* customer_doubles.c - pairs of customers that may be one person. */
#include "customer/customer_doubles.h"

#include "db/db.h"

#define DOUBLES_CONTACT(id, kind)                            \
	"(SELECT value FROM contact WHERE customer_id = " id \
	" AND kind = '" kind "' ORDER BY place, value LIMIT 1)"

/*
 * A name of one word is no sign, and a name that is in use more than five times
 * is that of many people.
 */
static const char doubles_sql[] =
    "WITH name AS MATERIALIZED (SELECT name_fold FROM customer"
    "  WHERE merged_into IS NULL AND instr(name_fold, ' ') > 0"
    "  GROUP BY name_fold HAVING count(*) BETWEEN 2 AND 5),"
    " noticed AS (SELECT DISTINCT min(ifnull(c.merged_into, c.id),"
    "  ifnull(k.merged_into, k.id)) AS a, max(ifnull(c.merged_into, c.id),"
    "  ifnull(k.merged_into, k.id)) AS b, d.reason AS reason, d.at AS at"
    "  FROM customer_double d JOIN customer c ON c.id = d.customer_id"
    "  JOIN customer k ON k.id = d.other_id),"
    " pair AS (SELECT a, b, reason, at FROM noticed WHERE a <> b"
    " UNION ALL SELECT c.id, k.id, 'name', 0 FROM name n"
    "  JOIN customer c ON c.name_fold = n.name_fold"
    "   AND c.merged_into IS NULL"
    "  JOIN customer k ON k.name_fold = n.name_fold"
    "   AND k.merged_into IS NULL AND k.id > c.id"
    "  WHERE NOT EXISTS (SELECT 1 FROM noticed t"
    "   WHERE t.a = c.id AND t.b = k.id))"
    " SELECT p.a, p.b, p.reason, p.at, c.name,"
    " " DOUBLES_CONTACT("p.a", "phone") "," DOUBLES_CONTACT("p.a",
	"email") ", k.name," DOUBLES_CONTACT("p.b",
	"phone") "," DOUBLES_CONTACT("p.b",
	"email") " FROM pair p JOIN customer c ON c.id = p.a JOIN customer k ON k.id = p.b"
		 " WHERE c.erased_at IS NULL AND k.erased_at IS NULL"
		 " ORDER BY p.reason = 'name', p.a, p.b, p.reason";

const struct err *
customer_doubles(struct db *db, struct arena *a, struct customer_pair **out,
    size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(db, doubles_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct customer_pair){
			.id = db_col_int(st, 0),
			.other_id = db_col_int(st, 1),
			.reason = db_col_text(st, 2, a),
			.at = db_col_int(st, 3),
			.name = db_col_text(st, 4, a),
			.phone = db_col_text(st, 5, a),
			.email = db_col_text(st, 6, a),
			.other_name = db_col_text(st, 7, a),
			.other_phone = db_col_text(st, 8, a),
			.other_email = db_col_text(st, 9, a),
		};
	}
	return err;
}
