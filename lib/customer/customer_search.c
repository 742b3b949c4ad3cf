/* customer_search.c - whom a person means by a number, a phone or a name. */
#include "customer/customer_search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "db/db.h"

enum { SEARCH_DIGITS = 18, SEARCH_NAMED = 5 };

static const char by_id_sql[] = "SELECT ifnull(merged_into, id) FROM customer"
				" WHERE id = CAST(:text AS INTEGER)";
static const char by_phone_sql[] =
    "SELECT DISTINCT ifnull(c.merged_into, c.id) FROM contact k"
    " JOIN customer c ON c.id = k.customer_id"
    " WHERE k.kind = 'phone' AND k.value = :text ORDER BY 1 LIMIT 100";
static const char by_email_sql[] =
    "SELECT DISTINCT ifnull(c.merged_into, c.id) FROM contact k"
    " JOIN customer c ON c.id = k.customer_id"
    " WHERE k.kind = 'email' AND k.value = :text ORDER BY 1 LIMIT 100";
static const char by_source_sql[] =
    "SELECT DISTINCT ifnull(c.merged_into, c.id) FROM customer_source r"
    " JOIN customer c ON c.id = r.customer_id"
    " WHERE r.external_id = :text OR r.source || ':' || r.external_id = :text"
    " ORDER BY 1 LIMIT 100";
static const char by_name_sql[] =
    "SELECT id FROM customer WHERE merged_into IS NULL"
    " AND instr(name_fold, :text) > 0 ORDER BY id LIMIT 100";

/* The ids that a statement finds, unless some were found before. */
static const struct err *
search_by(struct shop *s, const char *sql, const char *text, struct arena *a,
    int64_t **ids, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if (*count != 0)
		return NULL;
	if ((err = db_stmt(s->db, sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":text", text);
	while ((err = db_step(st, &row)) == NULL && row) {
		*ids = arena_grow(a, *ids, *count, sizeof(**ids));
		(*ids)[(*count)++] = db_col_int(st, 0);
	}
	return err;
}

static const struct err *
search_ids(struct shop *s, const char *text, enum customer_search how,
    struct arena *a, int64_t **ids, size_t *count)
{
	const char *trimmed = text_trim(a, text);
	const char *phone = phone_normal(trimmed, s->country, a);
	const char *fold = text_fold(a, trimmed);
	const struct err *err = NULL;

	*ids = NULL;
	*count = 0;
	if (*trimmed == '\0')
		return NULL;
	if (trimmed[strspn(trimmed, "0123456789")] == '\0' &&
	    strlen(trimmed) <= SEARCH_DIGITS)
		err = search_by(s, by_id_sql, trimmed, a, ids, count);
	if (err == NULL && phone_is_e164(phone))
		err = search_by(s, by_phone_sql, phone, a, ids, count);
	if (err == NULL && strchr(trimmed, '@') != NULL)
		err = search_by(s, by_email_sql, fold, a, ids, count);
	if (err == NULL)
		err = search_by(s, by_source_sql, trimmed, a, ids, count);
	if (err == NULL && how == CUSTOMER_SEARCH_NAMES)
		err = search_by(s, by_name_sql, fold, a, ids, count);
	return err;
}

/* "17 Anna Ivanova, 23 Anna Petrova and others" */
static const struct err *
search_ambiguous(struct shop *s, const char *text, const int64_t *ids,
    size_t count, struct arena *a)
{
	const char *names = "";
	const struct err *err;
	struct customer *c;
	size_t i;

	for (i = 0; i < count && i < SEARCH_NAMED; i++) {
		if ((err = customer_by_id(s->db, ids[i], CUSTOMER_LOAD_LISTS, a,
			 &c)) != NULL)
			return err;
		names = arena_printf(a, "%s%s%" PRId64 " %.60s", names,
		    i != 0 ? ", " : "", ids[i],
		    c != NULL && c->name != NULL ? c->name : "(no name)");
	}
	return err_new(ERR_CONFLICT,
	    "'%.60s' may be %s%s; name one by its number", text, names,
	    count > SEARCH_NAMED ? " or others" : "");
}

const struct err *
customer_search(struct shop *s, const char *text, enum customer_search how,
    enum customer_load load, struct arena *a, struct customer **out)
{
	const struct err *err;
	int64_t *ids;
	size_t count;

	*out = NULL;
	if ((err = search_ids(s, text, how, a, &ids, &count)) != NULL)
		return err;
	if (count > 1)
		return search_ambiguous(s, text, ids, count, a);
	if (count == 1 &&
	    (err = customer_by_id(s->db, ids[0], load, a, out)) != NULL)
		return err;
	if (*out == NULL)
		return err_new(ERR_NOTFOUND, "there is no customer '%.100s'",
		    text);
	return NULL;
}
