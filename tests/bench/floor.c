/*
 * floor.c - the least that putting these rows into a file of SQLite can take.
 *
 * floor take SHOP EMPTY ROWS [TABLE...]: the rows that SHOP has and EMPTY has
 * not, of all tables or of these, into a file that is read without parsing,
 * mixed as an import would write them; says how many there are of each.
 * floor load ROWS DB: inserts them into tables that have no keys, indexes,
 * checks or references, with prepared statements in one transaction and the
 * pragmas and configuration of order-import, but with malloc() for memory.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

enum { TABLES_MAX = 64, PARTS = 100000 };

static sqlite3 *db;

static void
check(int result)
{
	if (result != SQLITE_OK && result != SQLITE_DONE &&
	    result != SQLITE_ROW)
		errx(1, "%s", sqlite3_errmsg(db));
}

static void
run(const char *sql)
{
	check(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

static sqlite3_stmt *
prepare(const char *sql)
{
	sqlite3_stmt *st;

	check(sqlite3_prepare_v2(db, sql, -1, &st, NULL));
	return st;
}

static int64_t
number(const char *sql)
{
	sqlite3_stmt *st = prepare(sql);
	int64_t n;

	check(sqlite3_step(st));
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return n;
}

/* Taking ------------------------------------------------------------------- */

struct table {
	char *name;
	int64_t rows;
	int64_t done;
	int64_t bytes;
	sqlite3_stmt *st;
};

static void
put(FILE *f, const void *data, size_t len)
{
	if (fwrite(data, 1, len, f) != len)
		err(1, "writing");
}

/* The table's place, then of each column its type and value. */
static void
put_row(FILE *f, unsigned char place, struct table *t)
{
	int i, n = sqlite3_column_count(t->st);
	unsigned char type;
	int32_t len;
	int64_t v;

	check(sqlite3_step(t->st));
	put(f, &place, 1);
	for (i = 0; i < n; i++) {
		type = (unsigned char)sqlite3_column_type(t->st, i);
		put(f, &type, 1);
		if (type == SQLITE_INTEGER) {
			v = sqlite3_column_int64(t->st, i);
			put(f, &v, sizeof(v));
			t->bytes += 8;
		} else if (type != SQLITE_NULL) {
			len = sqlite3_column_bytes(t->st, i);
			put(f, &len, sizeof(len));
			put(f, sqlite3_column_text(t->st, i), (size_t)len);
			t->bytes += len;
		}
	}
}

static bool
is_wanted(const char *name, char **wanted)
{
	if (*wanted == NULL)
		return true;
	for (; *wanted != NULL; wanted++)
		if (strcmp(*wanted, name) == 0)
			return true;
	return false;
}

static int
find_tables(struct table *tables, char **wanted)
{
	sqlite3_stmt *st =
	    prepare("SELECT name FROM main.sqlite_master "
		    "WHERE type = 'table' "
		    "AND name NOT LIKE 'sqlite_%' ORDER BY name");
	int64_t before;
	char sql[256];
	int count = 0;

	while (sqlite3_step(st) == SQLITE_ROW && count < TABLES_MAX) {
		struct table *t = &tables[count];

		t->name = strdup((const char *)sqlite3_column_text(st, 0));
		if (!is_wanted(t->name, wanted))
			continue;
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM main.%s",
		    t->name);
		t->rows = number(sql);
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM empty.%s",
		    t->name);
		before = number(sql);
		if ((t->rows -= before) <= 0)
			continue;
		snprintf(sql, sizeof(sql),
		    "SELECT * FROM main.%s LIMIT -1 OFFSET %" PRId64, t->name,
		    before);
		t->st = prepare(sql);
		count++;
	}
	sqlite3_finalize(st);
	return count;
}

static void
put_schema(FILE *f, const struct table *tables, int count)
{
	int i, j;

	for (i = 0; i < count; i++) {
		fprintf(f, "CREATE TABLE %s(", tables[i].name);
		for (j = 0; j < sqlite3_column_count(tables[i].st); j++)
			fprintf(f, "%s%s", j == 0 ? "" : ", ",
			    sqlite3_column_name(tables[i].st, j));
		fputs(");\n", f);
	}
	putc('\0', f);
}

static void
take(const char *shop, const char *empty, const char *rows, char **wanted)
{
	static struct table tables[TABLES_MAX];
	FILE *f = fopen(rows, "w");
	char sql[4096];
	int i, part, count;

	if (f == NULL)
		err(1, "%s", rows);
	check(sqlite3_open_v2(shop, &db, SQLITE_OPEN_READONLY, NULL));
	snprintf(sql, sizeof(sql), "ATTACH '%s' AS empty", empty);
	run(sql);
	count = find_tables(tables, wanted);
	put_schema(f, tables, count);
	for (part = 1; part <= PARTS; part++)
		for (i = 0; i < count; i++)
			for (; tables[i].done < tables[i].rows * part / PARTS;
			     tables[i].done++)
				put_row(f, (unsigned char)i, &tables[i]);
	if (fclose(f) != 0)
		err(1, "%s", rows);
	for (i = 0; i < count; i++)
		printf("%-20s %10" PRId64 " rows %8.1f MB\n", tables[i].name,
		    tables[i].rows, (double)tables[i].bytes / 1e6);
}

/* Loading ------------------------------------------------------------------ */

static int
prepare_inserts(sqlite3_stmt **inserts)
{
	sqlite3_stmt *st = prepare(
	    "SELECT m.name, (SELECT count(*) FROM pragma_table_info(m.name))"
	    " FROM sqlite_master m ORDER BY rowid");
	int count = 0;

	while (sqlite3_step(st) == SQLITE_ROW) {
		char sql[1024];
		int i, len;

		len = snprintf(sql, sizeof(sql), "INSERT INTO %s VALUES (",
		    sqlite3_column_text(st, 0));
		for (i = 0; i < sqlite3_column_int(st, 1); i++)
			len += snprintf(sql + len, sizeof(sql) - (size_t)len,
			    "%s?", i == 0 ? "" : ",");
		snprintf(sql + len, sizeof(sql) - (size_t)len, ")");
		inserts[count++] = prepare(sql);
	}
	sqlite3_finalize(st);
	return count;
}

static const char *
load_row(const char *p, sqlite3_stmt *st)
{
	int i, n = sqlite3_bind_parameter_count(st);
	int32_t len;
	int64_t v;

	sqlite3_clear_bindings(st);
	for (i = 1; i <= n; i++) {
		int type = *p++;

		if (type == SQLITE_INTEGER) {
			memcpy(&v, p, sizeof(v));
			p += sizeof(v);
			sqlite3_bind_int64(st, i, v);
		} else if (type != SQLITE_NULL) {
			memcpy(&len, p, sizeof(len));
			p += sizeof(len);
			sqlite3_bind_text(st, i, p, len, SQLITE_STATIC);
			p += len;
		}
	}
	check(sqlite3_step(st));
	check(sqlite3_reset(st));
	return p;
}

static void
load(const char *rows, const char *path)
{
	sqlite3_stmt *inserts[TABLES_MAX];
	int i, count, fd = open(rows, O_RDONLY);
	const char *data, *p;
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat) != 0)
		err(1, "%s", rows);
	data = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		err(1, "%s", rows);
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	check(sqlite3_open(path, &db));
	run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;"
	    "PRAGMA wal_autocheckpoint = 20000");
	run(data);
	count = prepare_inserts(inserts);
	run("BEGIN IMMEDIATE");
	for (p = data + strlen(data) + 1; p < data + stat.st_size;)
		p = load_row(p + 1, inserts[(unsigned char)*p]);
	run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	for (i = 0; i < count; i++)
		sqlite3_finalize(inserts[i]);
}

int
main(int argc, char **argv)
{
	if (argc >= 5 && strcmp(argv[1], "take") == 0)
		take(argv[2], argv[3], argv[4], argv + 5);
	else if (argc == 4 && strcmp(argv[1], "load") == 0)
		load(argv[2], argv[3]);
	else
		errx(2, "usage: floor take SHOP EMPTY ROWS [TABLE...] | "
			"floor load ROWS DB");
	sqlite3_close(db);
	return 0;
}
