/*
 * duck.c - duck DB SCRIPT runs the SQL of a file with DuckDB. Its library comes
 * from npm without a header, so what is used of it is declared here.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
	void *internal;
} * duckdb_database, *duckdb_connection;
typedef struct {
	uint64_t column_count;
	uint64_t row_count;
	uint64_t rows_changed;
	void *columns;
	char *error_message;
	void *internal_data;
} duckdb_result;

int duckdb_open(const char *path, duckdb_database *out);
int duckdb_connect(duckdb_database database, duckdb_connection *out);
int duckdb_query(duckdb_connection c, const char *sql, duckdb_result *out);
const char *duckdb_result_error(duckdb_result *result);
void duckdb_disconnect(duckdb_connection *connection);
void duckdb_close(duckdb_database *database);

int
main(int argc, char **argv)
{
	static char sql[65536];
	duckdb_connection connection;
	duckdb_database database;
	duckdb_result result;
	FILE *f;

	if (argc != 3 || (f = fopen(argv[2], "r")) == NULL)
		errx(2, "usage: duck DB SCRIPT");
	if (fread(sql, 1, sizeof(sql) - 1, f) == 0)
		errx(1, "%s: empty", argv[2]);
	fclose(f);
	if (duckdb_open(argv[1], &database) != 0 ||
	    duckdb_connect(database, &connection) != 0)
		errx(1, "%s: cannot be opened", argv[1]);
	if (duckdb_query(connection, sql, &result) != 0)
		errx(1, "%s", duckdb_result_error(&result));
	duckdb_disconnect(&connection);
	duckdb_close(&database);
	return 0;
}
