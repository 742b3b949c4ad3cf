/* db.c - rows given one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "db/exec.h"

static const char numbers_sql[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 5) SELECT each_row(i, nullif(i, 2), 'n' || i) FROM n"
    " WHERE i >= :from";

struct seen {
	int rows;
	int64_t sum;
	int nulls;
	char last; /* of the text */
	int64_t stop_at;
};

static const struct err *
see(void *arg, struct db_row *row)
{
	struct seen *s = arg;

	s->rows++;
	s->sum += db_row_int(row, 0);
	s->nulls += db_row_is_null(row, 1) && db_row_text(row, 1) == NULL &&
		    db_row_int(row, 1) == 0;
	s->last = db_row_text(row, 2)[1];
	if (db_row_int(row, 0) == s->stop_at)
		return err_new(ERR_INPUT, "this one");
	return NULL;
}

static const struct err *
scan(struct db *db, int64_t from, struct seen *s)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(db, numbers_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":from", from);
	return db_scan(st, see, s);
}

static void
test_scan_gives_each_row(void **state)
{
	struct seen s = { 0 }, none = { 0 };

	assert_null(scan(*state, 1, &s));
	assert_int_equal(s.rows, 5);
	assert_int_equal(s.sum, 15);
	assert_int_equal(s.nulls, 1);
	assert_int_equal(s.last, '5');
	assert_null(scan(*state, 6, &none));
	assert_int_equal(none.rows, 0);
}

static void
test_scan_ends_with_an_error(void **state)
{
	struct seen s = { .stop_at = 3 }, again = { 0 };
	const struct err *err = scan(*state, 1, &s);

	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg, "this one");
	assert_int_equal(s.rows, 3);
	/* and leaves nothing behind */
	assert_null(scan(*state, 1, &again));
	assert_int_equal(again.rows, 5);
}

static int
open_fresh(void **state)
{
	struct db *db;

	if (db_fresh(&db) != NULL)
		return -1;
	*state = db;
	return 0;
}

static int
close_fresh(void **state)
{
	db_close(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scan_gives_each_row),
		cmocka_unit_test(test_scan_ends_with_an_error),
	};

	return cmocka_run_group_tests(tests, open_fresh, close_fresh);
}
