/* check_rows.c - rows that need more than a query to be looked at. */
#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "base/pack.h"
#include "base/text.h"
#include "crm/custom.h"
#include "crm/phone.h"
#include "crm/reject.h"
#include "crm/setting.h"
#include "crm/shop.h"
#include "db/db.h"
#include "keep/check_find.h"
#include "keep/reference.h"

enum { CHECK_RESET = 256 }; /* rows after which memory is given back */

/* Call each() for all rows of sql. */
static const struct err *
check_each_row(struct check_run *r, const char *sql,
    const struct err *(*each)(struct check_run *r, struct db_stmt *st))
{
	const struct err *err;
	struct db_stmt *st;
	uint64_t n = 0;
	bool row;

	if ((err = db_stmt(r->db, sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		if ((err = each(r, st)) != NULL)
			break;
		if (++n % CHECK_RESET == 0)
			arena_reset(r->record);
	}
	db_reset(st);
	return err;
}

/* Settings and reference ---------------------------------------------------- */

static const struct err *
check_setting(struct check_run *r, struct db_stmt *st)
{
	const char *name = db_col_peek(st, 0), *value = db_col_peek(st, 1);
	const struct err *err;

	if ((err = setting_check(name, value)) != NULL)
		return check_found(r, "setting", 0, NULL, false, err->msg);
	if (db_col_int(st, 2) == 0)
		return NULL;
	return check_found(r, "setting", 0, NULL, false,
	    arena_printf(r->record,
		"setting 'site' is '%s'; there is no such "
		"site",
		value));
}

const struct err *
check_settings(struct check_run *r)
{
	static const char settings_sql[] =
	    "SELECT name, value,"
	    " name = 'site' AND value NOT IN (SELECT code FROM site)"
	    " FROM setting";

	return check_each_row(r, settings_sql, check_setting);
}

const struct err *
check_reference(struct check_run *r)
{
	const struct err *err = NULL, *bad;
	struct reference *ref;
	size_t t, i;

	for (t = 0; err == NULL && reference_names[t] != NULL; t++) {
		err =
		    reference_read(r->db, reference_names[t], r->record, &ref);
		for (i = 0; err == NULL && i < ref->row_count; i++) {
			bad = reference_check(ref, i, r->record);
			if (bad != NULL)
				err =
				    check_found(r, "reference", 0, NULL, false,
					arena_printf(r->record, "%s %s",
					    ref->name, bad->msg));
		}
	}
	return err;
}

static const struct err *
check_currency(struct check_run *r, struct db_stmt *st)
{
	const char *code = db_col_peek(st, 0);
	const int places = money_places(code);
	int64_t unit = 1;
	int i;

	if (places < 0)
		return NULL; /* that is for check_reference() to tell */
	for (i = 0; i < places; i++)
		unit *= 10;
	if (db_col_int(st, 1) == places && db_col_int(st, 2) == unit)
		return NULL;
	return check_found(r, "reference", 0, NULL, false,
	    arena_printf(r->record,
		"currency %s: places %" PRId64 " and unit %" PRId64
		", not %d and %" PRId64,
		code, db_col_int(st, 1), db_col_int(st, 2), places, unit));
}

const struct err *
check_currencies(struct check_run *r)
{
	static const char currencies_sql[] =
	    "SELECT code, places, unit FROM currency";

	return check_each_row(r, currencies_sql, check_currency);
}

/* Customers and values ------------------------------------------------------ */

static const struct err *
check_contact(struct check_run *r, struct db_stmt *st)
{
	const char *kind = db_col_peek(st, 0), *value = db_col_peek(st, 1);
	const char *country = r->shop != NULL ? r->shop->country : NULL;

	if (strcmp(kind, "phone") == 0 ?
		strcmp(value, phone_normal(value, country, r->record)) == 0 :
		strcmp(value, text_fold(r->record, value)) == 0)
		return NULL;
	return check_found(r, "customer", db_col_int(st, 2), NULL, false,
	    arena_printf(r->record, "%s is '%s'", kind, value));
}

const struct err *
check_contacts(struct check_run *r)
{
	static const char contacts_sql[] =
	    "SELECT kind, value, customer_id FROM contact";

	return check_each_row(r, contacts_sql, check_contact);
}

static const struct err *
check_custom_value(struct check_run *r, struct db_stmt *st)
{
	const char *entity = db_col_peek(st, 0), *value = db_col_peek(st, 3);
	const struct err *err;
	const char *want;

	err = custom_check(r->shop, entity, db_col_peek(st, 2), value,
	    r->record, &want);
	if (err != NULL && err->code != ERR_INPUT)
		return err;
	if (err == NULL && strcmp(value, want) == 0)
		return NULL;
	return check_found(r, entity, db_col_int(st, 1), db_col_peek(st, 4),
	    false,
	    err != NULL ? err->msg :
			  arena_printf(r->record, "custom.%s is '%s', not '%s'",
			      db_col_peek(st, 2), value, want));
}

const struct err *
check_custom(struct check_run *r)
{
	static const char custom_sql[] =
	    "SELECT v.entity, v.entity_id, v.field, v.value, o.order_no"
	    " FROM custom_value v LEFT JOIN orders o"
	    " ON v.entity = 'order' AND o.id = v.entity_id";

	return check_each_row(r, custom_sql, check_custom_value);
}

/* Intake -------------------------------------------------------------------- */

/* Written again, it must come out as it went in. */
static bool
check_packed(const char *text, struct arena *a)
{
	struct pack_member *m;
	struct buf b = { 0 };
	size_t i, n;
	bool same;

	pack_split(a, text, &m, &n);
	for (i = 0; i < n; i++)
		pack_add(&b, m[i].name, m[i].value);
	same = strcmp(buf_str(&b), text) == 0;
	buf_free(&b);
	return same;
}

static const struct err *
check_base(struct check_run *r, struct db_stmt *st)
{
	const char *hash = db_col_peek(st, 3), *what = NULL;

	if (strlen(hash) != HASH_HEX_MAX - 1 ||
	    hash[strspn(hash, "0123456789abcdef")] != '\0')
		what = "record_hash";
	else if (!check_packed(db_col_peek(st, 2), r->record))
		what = "base";
	if (what == NULL)
		return NULL;
	return check_found(r, "order", db_col_int(st, 0), db_col_peek(st, 1),
	    false,
	    arena_printf(r->record, "%s of source %s cannot be read", what,
		db_col_peek(st, 4)));
}

const struct err *
check_bases(struct check_run *r)
{
	static const char bases_sql[] =
	    "SELECT s.order_id, o.order_no, s.base, s.record_hash, s.source"
	    " FROM order_source s LEFT JOIN orders o ON o.id = s.order_id";

	return check_each_row(r, bases_sql, check_base);
}

static const char rejects_sql[] =
    "SELECT id, source, record, record_hash FROM reject";

static const struct err *
check_reject(struct check_run *r, struct db_stmt *st)
{
	char hex[HASH_HEX_MAX];

	reject_hash(db_col_peek(st, 1), db_col_peek(st, 2), hex);
	if (strcmp(hex, db_col_peek(st, 3)) == 0)
		return NULL;
	return check_found(r, "reject", db_col_int(st, 0), NULL, true,
	    arena_printf(r->record, "record_hash is '%s', not '%s'",
		db_col_peek(st, 3), hex));
}

const struct err *
check_rejects(struct check_run *r)
{
	return check_each_row(r, rejects_sql, check_reject);
}

static const struct err *
check_reject_mend(struct check_run *r, int64_t id)
{
	static const char get_sql[] =
	    "SELECT source, record FROM reject WHERE id = :id";
	static const char set_sql[] =
	    "UPDATE reject SET record_hash = :hash WHERE id = :id";
	char hex[HASH_HEX_MAX];
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(r->db, get_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":id", id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	reject_hash(db_col_peek(st, 0), db_col_peek(st, 1), hex);
	db_reset(st);
	if ((err = db_stmt(r->db, set_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":hash", hex);
	db_bind_int(st, ":id", id);
	return db_run(st);
}

const struct err *
check_rejects_mend(struct check_run *r)
{
	const struct err *err = NULL;
	size_t i;

	for (i = 0; err == NULL && i < r->id_count; i++)
		err = check_reject_mend(r, r->ids[i]);
	return err;
}
