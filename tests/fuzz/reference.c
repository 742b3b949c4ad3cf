/*
 * reference - a table is taken whole or refused, and what is taken is written
 * so that it reads as what is there already. The first line of the input names
 * the table, the others are the file.
 */
#include "keep/reference_file.h"

#include <stdio.h>

#include "../memfd.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/exec.h"
#include "fuzz.h"

static const char *const shop_sql[] = {
	"INSERT INTO currency VALUES ('BYN', 2, 100)",
	"INSERT INTO setting VALUES ('timezone', 'Europe/Minsk'),"
	" ('currency', 'BYN'), ('country', 'BY')",
	"INSERT INTO status_group (code, name) VALUES ('new', 'N'),"
	" ('end', 'E')",
	"INSERT INTO status (code, name, status_group, is_initial)"
	" VALUES ('new', 'N', 'new', 1), ('complete', 'C', 'end', 0)",
	"INSERT INTO delivery_type (code, name) VALUES ('courier', 'C')",
	"INSERT INTO user (login, name) VALUES ('anna', 'A')",
	"INSERT INTO orders (order_no, source, external_id, status_at,"
	" created_at, updated_at, items_minor, total_minor, status, placed_at,"
	" currency, delivery_type, manager) VALUES ('A-1', 'site', '1', 1e9,"
	" 1e9, 1e9, 0, 0, 'new', 1e9, 'BYN', 'courier', 'anna')",
};

static struct db *
open_db(void)
{
	struct db *db;
	size_t i;

	setenv("CRM_NOW", "2026-03-02T09:00:00Z", 1);
	need(db_fresh(&db) == NULL);
	need(db_begin(db) == NULL);
	for (i = 0; i < ARRAY_LEN(shop_sql); i++)
		need(db_exec(db, shop_sql[i]) == NULL);
	need(db_commit(db) == NULL);
	return db;
}

static bool
is_refused(const struct err *err)
{
	need(err == NULL ||
	     ((err->code == ERR_INPUT || err->code == ERR_NOTFOUND ||
		  err->code == ERR_CONFLICT) &&
		 is_text(err->msg)));
	return err != NULL;
}

static const struct err *
read_bytes(struct db *db, const void *data, size_t size, const char *table,
    struct arena *a, struct reference **r)
{
	int fd = memfd_of(data, size);
	const struct err *err;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = reference_file_read(db, path, table, a, r);
	close(fd);
	return err;
}

/* What is there, written and read, changes nothing. */
static void
check_again(struct shop *s, const char *table, struct arena *a)
{
	struct reference *r;
	char *text;
	size_t size;
	FILE *fp = open_memstream(&text, &size);

	need(fp != NULL);
	need(reference_read(s->db, table, a, &r) == NULL);
	reference_file_write(r, fp);
	need(fclose(fp) == 0);
	need(read_bytes(s->db, text, size, table, a, &r) == NULL);
	need(reference_load(s, &r, 1, a) == NULL);
	need(r->added == 0 && r->changed == 0 && r->removed == 0);
	free(text);
}

static void
check(struct db *db, const char *table, const void *data, size_t size,
    struct arena *a)
{
	struct reference *r;
	struct shop *s;

	if (is_refused(read_bytes(db, data, size, table, a, &r))) {
		need(r == NULL);
		return;
	}
	need(shop_open(db, NULL, &s) == NULL);
	need(db_begin(db) == NULL);
	need(run_begin(s, "crm-reference", NULL, "anna", false) == NULL);
	if (!is_refused(reference_load(s, &r, 1, a)))
		check_again(s, table, a);
	db_rollback(db);
	shop_close(s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct db *db;
	const uint8_t *eol;
	struct arena a = { 0 };
	const char *table;

	if (db == NULL)
		db = open_db();
	if (size != 0 && (eol = memchr(data, '\n', size)) != NULL) {
		table =
		    arena_strndup(&a, (const char *)data, (size_t)(eol - data));
		if (is_text(table))
			check(db, table, eol + 1,
			    size - (size_t)(eol - data) - 1, &a);
	}
	arena_free(&a);
	return 0;
}
