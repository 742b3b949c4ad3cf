/*
 * floor.c - the least that putting these rows into a file of SQLite can take.
 *
 * floor take SHOP EMPTY ROWS [TABLE...]: the rows that SHOP has and EMPTY has
 * not, of all tables or of these, into a file that is read without parsing,
 * mixed as an import would write them; says how many there are of each.
 * floor load ROWS DB: inserts them with prepared statements in one transaction
 * and the pragmas and configuration of order-import, but with malloc() for
 * memory: into a new file, whose tables have no keys, indexes, checks or
 * references, or into one that has the tables, with all that belongs to them.
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

/* The statements, as text, for the tables that this schema makes. */
static int
write_inserts(const char *schema, char (*inserts)[1024])
{
	sqlite3_stmt *st;
	int count = 0;

	check(sqlite3_open(":memory:", &db));
	run(schema);
	st = prepare(
	    "SELECT m.name, (SELECT count(*) FROM pragma_table_info(m.name))"
	    " FROM sqlite_master m ORDER BY rowid");
	while (sqlite3_step(st) == SQLITE_ROW) {
		char *sql = inserts[count++];
		int i, len;

		len = snprintf(sql, sizeof(*inserts), "INSERT INTO %s VALUES (",
		    sqlite3_column_text(st, 0));
		for (i = 0; i < sqlite3_column_int(st, 1); i++)
			len +=
			    snprintf(sql + len, sizeof(*inserts) - (size_t)len,
				"%s?", i == 0 ? "" : ",");
		snprintf(sql + len, sizeof(*inserts) - (size_t)len, ")");
	}
	sqlite3_finalize(st);
	check(sqlite3_close(db));
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
	static char inserts[TABLES_MAX][1024];
	sqlite3_stmt *sts[TABLES_MAX];
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
	count = write_inserts(data, inserts);
	check(sqlite3_open(path, &db));
	run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;"
	    "PRAGMA wal_autocheckpoint = 20000");
	if (number("SELECT count(*) FROM sqlite_master") == 0)
		run(data);
	for (i = 0; i < count; i++)
		sts[i] = prepare(inserts[i]);
	run("BEGIN IMMEDIATE");
	for (p = data + strlen(data) + 1; p < data + stat.st_size;)
		p = load_row(p + 1, sts[(unsigned char)*p]);
	run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
	for (i = 0; i < count; i++)
		sqlite3_finalize(sts[i]);
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
