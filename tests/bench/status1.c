/*
 * status1.c - status1 [-t] DB STATUS ORDER changes the status of one order as
 * order-status --set does: the same rows in one transaction, and nothing else.
 * With -t SQLite's own way of waiting for other writers, 30 seconds, in place
 * of the short sleeps of the commands.
 */
#include <err.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

static sqlite3 *db;

static int
wait_shortly(void *arg, int calls)
{
	static unsigned dice;

	(void)arg;
	if (calls == 0)
		dice = (unsigned)getpid();
	dice = dice * 1103515245u + 12345u;
	usleep(100 + (dice >> 16) % 400);
	return calls < 100000;
}

static void
check(int result)
{
	if (result != SQLITE_OK)
		errx(1, "%s", sqlite3_errmsg(db));
}

static void
run(const char *sql)
{
	check(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/* One statement with texts as :a, :b and :c and the time as :at. */
static sqlite3_stmt *
step(const char *sql, const char *a, const char *b, const char *c)
{
	static const char *const names[] = { ":a", ":b", ":c" };
	const char *texts[] = { a, b, c };
	sqlite3_stmt *st;
	int i, result;

	check(sqlite3_prepare_v2(db, sql, -1, &st, NULL));
	for (i = 0; i < 3; i++)
		sqlite3_bind_text(st,
		    sqlite3_bind_parameter_index(st, names[i]), texts[i], -1,
		    SQLITE_STATIC);
	sqlite3_bind_int64(st, sqlite3_bind_parameter_index(st, ":at"),
	    time(NULL));
	result = sqlite3_step(st);
	if (result != SQLITE_ROW && result != SQLITE_DONE)
		errx(1, "%s", sqlite3_errmsg(db));
	return st;
}

static void
change(const char *status, const char *order)
{
	sqlite3_stmt *st;
	const char *id, *old;

	sqlite3_finalize(step("INSERT INTO run (command, actor, detail,"
			      " started_at) VALUES ('order-status', 'bench',"
			      " :a, :at)",
	    status, NULL, NULL));
	st = step("SELECT id, status, * FROM orders WHERE order_no = :a", order,
	    NULL, NULL);
	if (sqlite3_data_count(st) == 0)
		errx(1, "no order %s", order);
	id = (const char *)sqlite3_column_text(st, 0);
	old = (const char *)sqlite3_column_text(st, 1);
	sqlite3_finalize(step("INSERT INTO history (at, recorded_at, run_id,"
			      " actor, entity, entity_id, field, old, new)"
			      " VALUES (:at, :at, (SELECT max(id) FROM run),"
			      " 'bench', 'order', CAST(:a AS INTEGER),"
			      " 'status', :b, :c)",
	    id, old, status));
	sqlite3_finalize(step("UPDATE orders SET status = :b, rev = rev + 1,"
			      " status_at = :at, updated_at = :at"
			      " WHERE id = CAST(:a AS INTEGER)",
	    id, status, NULL));
	sqlite3_finalize(st);
	sqlite3_finalize(step("UPDATE run SET ended_at = :at, exit_status = 0,"
			      " summary = '1 moved'"
			      " WHERE id = (SELECT max(id) FROM run)",
	    NULL, NULL, NULL));
}

int
main(int argc, char **argv)
{
	int patient = argc > 1 && strcmp(argv[1], "-t") == 0;

	argv += patient;
	if (argc - patient != 4)
		errx(2, "usage: status1 [-t] DB STATUS ORDER");
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	check(sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL));
	if (patient)
		sqlite3_busy_timeout(db, 30000);
	else
		sqlite3_busy_handler(db, wait_shortly, NULL);
	run("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
	    "BEGIN IMMEDIATE");
	change(argv[2], argv[3]);
	run("COMMIT");
	sqlite3_close(db);
	return 0;
}
