/* batch.c - a batch that fails books nothing on the runs of others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/batch.h"
#include "cli/cli.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/order_save.h"

static char dir[] = "/tmp/crm-unit-batch.XXXXXX";
static char path[64];

static int
enter(void **state UNUSED)
{
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/shop.db", dir);
	return db_create(path) == NULL ? 0 : -1;
}

static int
leave(void **state UNUSED)
{
	unlink(path);
	return rmdir(dir);
}

static void
open_shop(struct db **db, struct shop **shop)
{
	assert_null(db_open(path, DB_WRITE, db));
	assert_null(shop_open(*db, NULL, shop));
}

/* How the last run ended; -1 when it has not. */
static int64_t
last_status(struct db *db)
{
	static const char sql[] =
	    "SELECT ifnull(exit_status, -1) FROM run ORDER BY id DESC LIMIT 1";
	struct db_stmt *st;
	int64_t status;
	bool row;

	assert_null(db_stmt(db, sql, &st));
	assert_null(db_step(st, &row));
	assert_true(row);
	status = db_col_int(st, 0);
	db_reset(st);
	return status;
}

/* SQLite rolls back by itself when the disk is full: the number is free then. */
static void
a_run_that_never_was_does_not_end_another(void **state UNUSED)
{
	struct cli cli = { .actor = "anna" };
	struct batch b = { .cli = &cli, .command = "order-edit" };
	struct shop *other;
	struct db *db, *other_db;
	const struct err *err;

	open_shop(&db, &b.shop);
	open_shop(&other_db, &other);
	assert_null(batch_mark(&b));
	assert_int_equal(b.shop->run_id, 1);
	db_rollback(db);
	assert_null(db_begin(other_db));
	assert_null(run_begin(other, "order-add", NULL, "boris", false));
	assert_int_equal(other->run_id, 1);
	assert_null(db_commit(other_db));

	err = batch_close(&b, err_new(ERR_IO, "disk full"), NULL);
	assert_non_null(err);
	assert_string_equal(err->msg, "disk full");
	assert_int_equal(last_status(other_db), -1);
	shop_close(b.shop);
	shop_close(other);
	db_close(db);
	db_close(other_db);
}

/* One that is on record is told how it ended, whatever was taken back. */
static void
a_run_on_record_ends_failed(void **state UNUSED)
{
	struct cli cli = { .actor = "anna" };
	struct batch b = { .cli = &cli, .command = "order-import" };
	struct db *db;

	open_shop(&db, &b.shop);
	assert_null(batch_begin(&b));
	assert_null(batch_mark(&b));
	assert_non_null(batch_close(&b, err_new(ERR_BUSY, "busy"), NULL));
	assert_int_equal(last_status(db), 75);
	shop_close(b.shop);
	db_close(db);
}

static void
write_note(struct shop *s)
{
	assert_null(order_add_note(s, 1,
	    &(struct note){ .at = 1, .text = "call again" }));
}

static int64_t
notes(struct db *db)
{
	static const char sql[] = "SELECT count(*) FROM note";
	struct db_stmt *st;
	int64_t n;
	bool row;

	assert_null(db_stmt(db, sql, &st));
	assert_null(db_step(st, &row));
	n = db_col_int(st, 0);
	db_reset(st);
	return n;
}

/* A record is taken whole or not at all, with a mark or without. */
static void
a_record_is_not_half_written(void **state UNUSED)
{
	struct cli cli = { .actor = "anna" };
	struct batch b = { .cli = &cli, .command = "order-import" };
	const struct err *err;
	struct db *db;

	open_shop(&db, &b.shop);
	assert_null(batch_mark(&b));
	write_note(b.shop);
	assert_null(db_undo(db));
	assert_int_equal(notes(db), 0);

	assert_null(batch_record(&b));
	assert_null(db_undo(db)); /* it wrote nothing */
	write_note(b.shop);
	assert_null(batch_record(&b));
	assert_null(db_undo(db)); /* nor did this one */
	assert_int_equal(notes(db), 1);
	write_note(b.shop);
	err = db_undo(db); /* this one did, without a mark */
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);

	assert_null(batch_record(&b));
	write_note(b.shop);
	assert_null(db_mark(db));
	write_note(b.shop);
	assert_null(db_undo(db)); /* to the mark, not to the record's begin */
	assert_int_equal(notes(db), 3);
	db_rollback(db);
	shop_close(b.shop);
	db_close(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_that_never_was_does_not_end_another),
		cmocka_unit_test(a_run_on_record_ends_failed),
		cmocka_unit_test(a_record_is_not_half_written),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
