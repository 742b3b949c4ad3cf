/* reference.c - the lists that a shop edits: reading and replacing them. */
#include "keep/reference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/pack.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/history.h"
#include "crm/phone.h"
#include "crm/shop.h"
#include "customer/customer.h"
#include "db/db.h"
#include "order/order.h"

/*
 * What the schema does not say of a table: how many of its first columns are
 * the key, and its statements. A row is put by its columns in their order.
 */
static const struct table {
	size_t key_count;
	const char *read_sql;
	const char *put_sql;
	const char *delete_sql;
} tables[] = {
	{ 1, "SELECT * FROM currency ORDER BY code",
	    "INSERT INTO currency VALUES (:code, :places, :unit)"
	    " ON CONFLICT DO UPDATE SET places = :places, unit = :unit",
	    "DELETE FROM currency WHERE code = :code" },
	{ 1, "SELECT * FROM site ORDER BY ordering, code",
	    "INSERT INTO site VALUES (:code, :name, :currency, :url, :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, currency = :currency,"
	    " url = :url, ordering = :ordering",
	    "DELETE FROM site WHERE code = :code" },
	{ 1, "SELECT * FROM store ORDER BY ordering, code",
	    "INSERT INTO store VALUES (:code, :name, :name_ru, :kind, :active,"
	    " :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " kind = :kind, active = :active, ordering = :ordering",
	    "DELETE FROM store WHERE code = :code" },
	{ 1, "SELECT * FROM status_group ORDER BY ordering, code",
	    "INSERT INTO status_group VALUES (:code, :name, :name_ru,"
	    " :ordering, :in_work, :final)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " ordering = :ordering, in_work = :in_work, final = :final",
	    "DELETE FROM status_group WHERE code = :code" },
	{ 1,
	    "SELECT s.* FROM status s"
	    " LEFT JOIN status_group g ON g.code = s.status_group"
	    " ORDER BY g.ordering, g.code, s.ordering, s.code",
	    "INSERT INTO status VALUES (:code, :name, :name_ru, :status_group,"
	    " :ordering, :active, :is_initial, :is_revenue, :is_cancel,"
	    " :reserves_stock, :handed_over, :items_locked, :time_limit)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " status_group = :status_group, ordering = :ordering,"
	    " active = :active, is_initial = :is_initial,"
	    " is_revenue = :is_revenue, is_cancel = :is_cancel,"
	    " reserves_stock = :reserves_stock, handed_over = :handed_over,"
	    " items_locked = :items_locked, time_limit = :time_limit",
	    "DELETE FROM status WHERE code = :code" },
	{ 2, "SELECT * FROM status_requirement ORDER BY status, field",
	    "INSERT INTO status_requirement VALUES (:status, :field)",
	    "DELETE FROM status_requirement"
	    " WHERE status = :status AND field = :field" },
	{ 5,
	    "SELECT from_group, from_status, to_group, to_status, user_group"
	    " FROM transition"
	    " LEFT JOIN status f ON f.code = from_status"
	    " LEFT JOIN status t ON t.code = to_status"
	    " LEFT JOIN status_group g"
	    " ON g.code = ifnull(from_group, f.status_group)"
	    " LEFT JOIN status_group h"
	    " ON h.code = ifnull(to_group, t.status_group)"
	    " ORDER BY g.ordering, f.ordering, h.ordering, t.ordering, id",
	    "INSERT INTO transition (from_group, from_status, to_group,"
	    " to_status, user_group)"
	    " VALUES (:from_group, :from_status, :to_group, :to_status,"
	    " :user_group)",
	    "DELETE FROM transition WHERE from_group IS :from_group"
	    " AND from_status IS :from_status AND to_group IS :to_group"
	    " AND to_status IS :to_status AND user_group IS :user_group" },
	{ 1, "SELECT * FROM order_method ORDER BY ordering, code",
	    "INSERT INTO order_method VALUES (:code, :name, :name_ru, :active,"
	    " :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " active = :active, ordering = :ordering",
	    "DELETE FROM order_method WHERE code = :code" },
	{ 1, "SELECT * FROM delivery_type ORDER BY ordering, code",
	    "INSERT INTO delivery_type VALUES (:code, :name, :name_ru, :active,"
	    " :ordering, :ships, :weekdays)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " active = :active, ordering = :ordering, ships = :ships,"
	    " weekdays = :weekdays",
	    "DELETE FROM delivery_type WHERE code = :code" },
	{ 1, "SELECT * FROM payment_type ORDER BY ordering, code",
	    "INSERT INTO payment_type VALUES (:code, :name, :name_ru, :active,"
	    " :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " active = :active, ordering = :ordering",
	    "DELETE FROM payment_type WHERE code = :code" },
	{ 1, "SELECT * FROM payment_status ORDER BY ordering, code",
	    "INSERT INTO payment_status VALUES (:code, :name, :name_ru,"
	    " :is_paid, :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " is_paid = :is_paid, ordering = :ordering",
	    "DELETE FROM payment_status WHERE code = :code" },
	{ 1, "SELECT * FROM user_group ORDER BY code",
	    "INSERT INTO user_group VALUES (:code, :name, :name_ru)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru",
	    "DELETE FROM user_group WHERE code = :code" },
	{ 1, "SELECT * FROM user ORDER BY login",
	    "INSERT INTO user VALUES (:login, :name, :user_group, :is_manager,"
	    " :is_courier, :active)"
	    " ON CONFLICT DO UPDATE SET name = :name,"
	    " user_group = :user_group, is_manager = :is_manager,"
	    " is_courier = :is_courier, active = :active",
	    "DELETE FROM user WHERE login = :login" },
	{ 1, "SELECT * FROM field_owner ORDER BY field",
	    "INSERT INTO field_owner VALUES (:field, :owner)"
	    " ON CONFLICT DO UPDATE SET owner = :owner",
	    "DELETE FROM field_owner WHERE field = :field" },
	{ 2, "SELECT * FROM custom_field ORDER BY entity, ordering, code",
	    "INSERT INTO custom_field VALUES (:entity, :code, :name, :name_ru,"
	    " :type, :dictionary, :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " type = :type, dictionary = :dictionary, ordering = :ordering",
	    "DELETE FROM custom_field WHERE entity = :entity AND code = :code" },
	{ 2,
	    "SELECT * FROM custom_dictionary"
	    " ORDER BY dictionary, ordering, code",
	    "INSERT INTO custom_dictionary VALUES (:dictionary, :code, :name,"
	    " :name_ru, :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " ordering = :ordering",
	    "DELETE FROM custom_dictionary"
	    " WHERE dictionary = :dictionary AND code = :code" },
	{ 2, "SELECT * FROM shared_contact ORDER BY kind, value",
	    "INSERT INTO shared_contact VALUES (:kind, :value, :note)"
	    " ON CONFLICT DO UPDATE SET note = :note",
	    "DELETE FROM shared_contact WHERE kind = :kind AND value = :value" },
	{ 1, "SELECT * FROM channel ORDER BY ordering, code",
	    "INSERT INTO channel VALUES (:code, :name, :name_ru, :ordering)"
	    " ON CONFLICT DO UPDATE SET name = :name, name_ru = :name_ru,"
	    " ordering = :ordering",
	    "DELETE FROM channel WHERE code = :code" },
	{ 1, "SELECT * FROM holiday ORDER BY on_date",
	    "INSERT INTO holiday VALUES (:on_date, :name)"
	    " ON CONFLICT DO UPDATE SET name = :name",
	    "DELETE FROM holiday WHERE on_date = :on_date" },
};

/* In the order of the tables above. */
const char *const reference_names[] = { "currency", "site", "store",
	"status_group", "status", "status_requirement", "transition",
	"order_method", "delivery_type", "payment_type", "payment_status",
	"user_group", "user", "field_owner", "custom_field",
	"custom_dictionary", "shared_contact", "channel", "holiday", NULL };
_Static_assert(ARRAY_LEN(reference_names) == ARRAY_LEN(tables) + 1,
    "each table has its name");

/* Codes of `column` in `child` that `parent` has not, most used first. */
#define UNKNOWN(child, column, parent, key)                                   \
	"SELECT " column ", count(*) FROM " child " WHERE " column            \
	" IS NOT NULL AND " column " NOT IN (SELECT " key " FROM " parent ")" \
	" GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"

/*
 * Who names the rows of a table. SQLite would refuse to commit a code that
 * points nowhere just as well, but it could not say which.
 */
static const struct link {
	const char *parent;
	const char *child; /* a reference table, or one of the shop's work */
	const char *word;  /* what a row of the latter is for people */
	const char *sql;
} links[] = {
	{ "currency", "site", NULL,
	    UNKNOWN("site", "currency", "currency", "code") },
	{ "currency", "offer", "offer",
	    UNKNOWN("offer", "currency", "currency", "code") },
	{ "currency", "orders", "order",
	    UNKNOWN("orders", "currency", "currency", "code") },
	{ "currency", "cart", "cart",
	    UNKNOWN("cart", "currency", "currency", "code") },
	{ "site", "cart", "cart", UNKNOWN("cart", "site", "site", "code") },
	{ "site", "orders", "order",
	    UNKNOWN("orders", "site", "site", "code") },
	{ "site", "setting", "setting",
	    "SELECT value, 1 FROM setting WHERE name = 'site'"
	    " AND value NOT IN (SELECT code FROM site)" },
	{ "store", "orders", "order",
	    UNKNOWN("orders", "store", "store", "code") },
	{ "status_group", "status", NULL,
	    UNKNOWN("status", "status_group", "status_group", "code") },
	{ "status_group", "transition", NULL,
	    UNKNOWN("transition", "from_group", "status_group", "code") },
	{ "status_group", "transition", NULL,
	    UNKNOWN("transition", "to_group", "status_group", "code") },
	{ "status", "status_requirement", NULL,
	    UNKNOWN("status_requirement", "status", "status", "code") },
	{ "status", "transition", NULL,
	    UNKNOWN("transition", "from_status", "status", "code") },
	{ "status", "transition", NULL,
	    UNKNOWN("transition", "to_status", "status", "code") },
	{ "status", "orders", "order",
	    UNKNOWN("orders", "status", "status", "code") },
	{ "order_method", "orders", "order",
	    UNKNOWN("orders", "order_method", "order_method", "code") },
	{ "delivery_type", "orders", "order",
	    UNKNOWN("orders", "delivery_type", "delivery_type", "code") },
	{ "payment_type", "payment", "payment",
	    UNKNOWN("payment", "type", "payment_type", "code") },
	{ "payment_status", "payment", "payment",
	    UNKNOWN("payment", "status", "payment_status", "code") },
	{ "user_group", "user", NULL,
	    UNKNOWN("user", "user_group", "user_group", "code") },
	{ "user_group", "transition", NULL,
	    UNKNOWN("transition", "user_group", "user_group", "code") },
	{ "user", "orders", "order",
	    UNKNOWN("orders", "manager", "user", "login") },
	{ "user", "orders", "order",
	    UNKNOWN("orders", "courier", "user", "login") },
	{ "channel", "consent", "consent",
	    UNKNOWN("consent", "channel", "channel", "code") },
	{ "custom_field", "custom_value", "record",
	    "SELECT v.entity || ' ' || v.field, count(*) FROM custom_value v"
	    " LEFT JOIN custom_field f"
	    " ON f.entity = v.entity AND f.code = v.field"
	    " WHERE f.code IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1" },
	{ "custom_dictionary", "custom_field", NULL,
	    UNKNOWN("custom_field", "dictionary", "custom_dictionary",
		"dictionary") },
	{ "custom_dictionary", "custom_value", "record",
	    "SELECT f.dictionary || ' ' || v.value, count(*)"
	    "  FROM custom_value v"
	    "  JOIN custom_field f ON f.entity = v.entity AND f.code = v.field"
	    "  LEFT JOIN custom_dictionary d"
	    "  ON d.dictionary = f.dictionary AND d.code = v.value"
	    " WHERE f.dictionary IS NOT NULL AND d.code IS NULL"
	    " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1" },
};

static const char columns_sql[] =
    "SELECT name, dflt_value, type = 'INTEGER', \"notnull\""
    "  FROM pragma_table_info(:table) WHERE name <> 'id' ORDER BY cid";
static const char defer_sql[] = "PRAGMA defer_foreign_keys = ON";

static size_t
table_index(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(tables); i++)
		if (strcmp(reference_names[i], name) == 0)
			break;
	return i;
}

static const struct err *
unknown_table(const char *name)
{
	const char *near = text_nearest(name, reference_names);

	if (near != NULL)
		return err_new(ERR_NOTFOUND,
		    "no reference table '%s', did you mean '%s'", name, near);
	return err_new(ERR_NOTFOUND,
	    "no reference table '%s'; crm-reference lists them", name);
}

/* A default as the schema writes it: 1 or 'warehouse'. */
static const char *
unquote(const char *literal, struct arena *a)
{
	if (literal == NULL || *literal != '\'')
		return literal;
	return arena_strndup(a, literal + 1, strlen(literal) - 2);
}

const struct err *
reference_new(struct db *db, const char *name, struct arena *a,
    struct reference **out)
{
	const size_t t = table_index(name);
	struct reference_column c = { 0 };
	const struct err *err;
	struct reference *r;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	if (t == ARRAY_LEN(tables))
		return err_some(unknown_table(name));
	r = arena_zalloc(a, sizeof(*r));
	r->name = reference_names[t];
	r->key_count = tables[t].key_count;
	if ((err = db_stmt(db, columns_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":table", r->name);
	while ((err = db_step(st, &row)) == NULL && row) {
		c.name = db_col_text(st, 0, a);
		c.fallback = unquote(db_col_text(st, 1, a), a);
		c.integer = db_col_int(st, 2) != 0;
		c.required = db_col_int(st, 3) != 0 && c.fallback == NULL;
		r->columns = arena_grow(a, r->columns, r->column_count,
		    sizeof(*r->columns));
		r->columns[r->column_count++] = c;
	}
	if (err == NULL)
		*out = r;
	return err;
}

struct reference_row *
reference_add(struct reference *r, struct arena *a)
{
	struct reference_row *row;

	r->rows = arena_grow(a, r->rows, r->row_count, sizeof(*r->rows));
	row = &r->rows[r->row_count++];
	row->values = arena_zalloc(a, r->column_count * sizeof(*row->values));
	row->where = r->name;
	return row;
}

int
reference_column(const struct reference *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->column_count; i++)
		if (strcmp(r->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

const struct err *
reference_read(struct db *db, const char *name, struct arena *a,
    struct reference **out)
{
	struct reference_row *values;
	const struct err *err;
	struct reference *r;
	struct db_stmt *st;
	size_t i;
	bool row;

	*out = NULL;
	if ((err = reference_new(db, name, a, &r)) != NULL ||
	    (err = db_stmt(db, tables[table_index(name)].read_sql, &st)) !=
		NULL)
		return err;
	for (i = 0; i < r->column_count; i++)
		r->columns[i].given = true;
	while ((err = db_step(st, &row)) == NULL && row) {
		values = reference_add(r, a);
		for (i = 0; i < r->column_count; i++)
			values->values[i] = db_col_text(st, (int)i, a);
	}
	if (err == NULL)
		*out = r;
	return err;
}

/* The key for people and the history: "new", "order colour", "new - cancel - -". */
static const char *
row_key(const struct reference *r, const struct reference_row *row,
    struct arena *a)
{
	struct buf b = { 0 };
	const char *key;
	size_t i;

	for (i = 0; i < r->key_count; i++) {
		if (i != 0)
			buf_addc(&b, ' ');
		buf_adds(&b, row->values[i] != NULL ? row->values[i] : "-");
	}
	key = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return key;
}

static int
compare_keys(const void *a, const void *b, void *reference)
{
	const struct reference_row *x = a, *y = b;
	const struct reference *r = reference;
	const char *v, *w;
	int order = 0;
	size_t i;

	for (i = 0; order == 0 && i < r->key_count; i++) {
		v = x->values[i] != NULL ? x->values[i] : "";
		w = y->values[i] != NULL ? y->values[i] : "";
		order = strcmp(v, w);
	}
	return order;
}

/* Order the rows by key; a key given twice is refused. */
static const struct err *
sort_rows(struct reference *r, struct arena *a)
{
	size_t i;

	if (r->row_count == 0)
		return NULL;
	qsort_r(r->rows, r->row_count, sizeof(*r->rows), compare_keys, r);
	for (i = 1; i < r->row_count; i++)
		if (compare_keys(&r->rows[i - 1], &r->rows[i], r) == 0)
			return err_new(ERR_INPUT,
			    "%s: %s '%s' stands at %s too", r->rows[i].where,
			    r->name, row_key(r, &r->rows[i], a),
			    r->rows[i - 1].where);
	return NULL;
}

static bool
is_field(const char *table, const char *name)
{
	const char *key;
	int part;

	for (part = 0; part < PART_COUNT; part++)
		if (strcmp(order_part_names[part], name) == 0)
			return true;
	if (strcmp(table, "field_owner") == 0 &&
	    strncmp(name, "customer.", 9) == 0)
		return field_find(&customer_fields, name + 9) >= 0 ||
		       customer_list_named(name + 9, &key) !=
			   CUSTOMER_LIST_COUNT;
	return field_find(&order_fields, name) >= 0;
}

/* What the schema cannot know of a value. */
static const struct err *
check_value(const struct reference *r, const char *column, const char *v,
    struct arena *a)
{
	int64_t day;

	/* Codes are typed as "status=new,complete". */
	if (strcmp(column, "code") == 0 && strpbrk(v, " \t\r\n,=") != NULL)
		return err_new(ERR_INPUT,
		    "'%s' has a blank, a comma or '=' in it", v);
	if (strcmp(column, "login") == 0 && strpbrk(v, "\t\r\n,") != NULL)
		return err_new(ERR_INPUT, "'%s' has a comma or tab in it", v);
	if (strcmp(column, "on_date") == 0)
		return when_day_parse(v, &day);
	if (strcmp(column, "field") == 0 && !is_field(r->name, v))
		return err_new(ERR_INPUT, "'%s' is no field of an order", v);
	if (strcmp(r->name, "currency") == 0 && strcmp(column, "code") == 0 &&
	    money_places(v) < 0)
		return err_new(ERR_INPUT, "'%s' is no currency of ISO 4217", v);
	if (strcmp(r->name, "shared_contact") == 0 &&
	    strcmp(column, "value") == 0 &&
	    (strchr(v, '@') == NULL ? !phone_is_e164(v) :
				      strcmp(text_fold(a, v), v) != 0))
		return err_new(ERR_INPUT,
		    "'%s' is neither a phone number as +79161234567 nor an "
		    "e-mail address in lower case",
		    v);
	return NULL;
}

/* Bring a value to the form that the database keeps; *v may be NULL. */
static const struct err *
check_cell(const struct reference *r, const struct reference_column *c,
    const char **v, struct arena *a)
{
	char buf[DECIMAL_STR_MAX];
	const struct err *err;
	int64_t number;

	if (*v == NULL)
		*v = c->fallback;
	if (*v == NULL)
		return c->required ? err_new(ERR_INPUT, "missing") : NULL;
	if (c->integer) {
		if ((err = decimal_parse(*v, 0, &number)) != NULL)
			return err;
		*v = arena_strdup(a, decimal_format(number, 0, buf));
	}
	return check_value(r, c->name, *v, a);
}

/* Complete a row from the one it replaces, which may be NULL, and check it. */
static const struct err *
complete_row(const struct reference *r, const struct reference_row *old,
    struct reference_row *new, struct arena *a)
{
	const struct reference_column *c;
	const struct err *err;
	size_t i;

	for (i = 0; i < r->column_count; i++) {
		c = &r->columns[i];
		if (!c->given && old != NULL)
			new->values[i] = old->values[i];
		if ((err = check_cell(r, c, &new->values[i], a)) != NULL)
			return err_wrap(err, "%s: %s", new->where, c->name);
	}
	return NULL;
}

const struct err *
reference_check(const struct reference *r, size_t i, struct arena *a)
{
	struct reference_row row = { NULL, row_key(r, &r->rows[i], a) };
	size_t c;

	row.values = arena_alloc(a, r->column_count * sizeof(*row.values));
	for (c = 0; c < r->column_count; c++)
		row.values[c] = r->rows[i].values[c];
	return complete_row(r, NULL, &row, a);
}

static const char *
pack_row(const struct reference *r, const struct reference_row *row,
    struct arena *a)
{
	struct buf b = { 0 };
	const char *text;
	size_t i;

	if (row == NULL)
		return NULL;
	for (i = 0; i < r->column_count; i++)
		pack_add(&b, r->columns[i].name, row->values[i]);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static const struct err *
add_history(struct shop *s, const struct reference *r,
    const struct reference_row *old, const struct reference_row *new,
    struct arena *a)
{
	const struct history_row h = {
		.at = s->now,
		.entity = "reference",
		.field = arena_printf(a, "%s %s", r->name,
		    row_key(r, new != NULL ? new : old, a)),
		.old = pack_row(r, old, a),
		.new = pack_row(r, new, a),
	};

	return history_add(s, &h);
}

static const struct err *
run_row(struct db *db, const char *sql, const struct reference_row *row,
    size_t count)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i;

	if ((err = db_stmt(db, sql, &st)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		db_bind_text_at(st, (int)i + 1, row->values[i]);
	return err_wrap(db_run(st), "%s", row->where);
}

static const struct err *
delete_row(struct shop *s, struct reference *r, const struct reference_row *old,
    struct arena *a)
{
	const struct table *t = &tables[table_index(r->name)];
	const struct err *err;

	if ((err = run_row(s->db, t->delete_sql, old, r->key_count)) != NULL)
		return err;
	r->removed++;
	return add_history(s, r, old, NULL, a);
}

/*
 * Amounts are stored in the minor units that the program knows the currency
 * by: other decimals would falsify every sum that a view shows.
 */
static const struct err *
check_currency(const char *const *values)
{
	static const char *const units[] = { "1", "10", "100", "1000" };
	const int places = money_places(values[0]);
	const char *unit = units[places];

	if (values[1][0] == '0' + places && values[1][1] == '\0' &&
	    strcmp(values[2], unit) == 0)
		return NULL;
	return err_new(ERR_INPUT,
	    "%s has %d decimals, so places must be %d and unit %s; amounts are "
	    "kept that way",
	    values[0], places, places, unit);
}

/* Add a row or change the one of its key; old is NULL when there is none. */
static const struct err *
put_row(struct shop *s, struct reference *r, const struct reference_row *old,
    struct reference_row *new, struct arena *a)
{
	const struct table *t = &tables[table_index(r->name)];
	const struct err *err;
	size_t i = 0;

	if ((err = complete_row(r, old, new, a)) != NULL)
		return err;
	if (strcmp(r->name, "currency") == 0 &&
	    (err = check_currency(new->values)) != NULL)
		return err_wrap(err, "%s", new->where);
	if (old != NULL)
		while (i < r->column_count &&
		       text_same(old->values[i], new->values[i]))
			i++;
	if (i == r->column_count)
		return NULL;
	if ((err = run_row(s->db, t->put_sql, new, r->column_count)) != NULL)
		return err;
	if (old != NULL)
		r->changed++;
	else
		r->added++;
	return add_history(s, r, old, new, a);
}

/* Walk the old and the new rows together, both in the order of their keys. */
static const struct err *
replace_rows(struct shop *s, struct reference *r, struct arena *a)
{
	struct reference_row *new;
	const struct err *err;
	struct reference *old;
	size_t i = 0, j;
	bool known;

	if ((err = reference_read(s->db, r->name, a, &old)) != NULL ||
	    (err = sort_rows(old, a)) != NULL ||
	    (err = sort_rows(r, a)) != NULL)
		return err;
	for (j = 0; err == NULL && j < r->row_count; j++) {
		new = &r->rows[j];
		while (i < old->row_count &&
		       compare_keys(&old->rows[i], new, r) < 0)
			if ((err = delete_row(s, r, &old->rows[i++], a)) !=
			    NULL)
				return err;
		known = i < old->row_count &&
			compare_keys(&old->rows[i], new, r) == 0;
		err = put_row(s, r, known ? &old->rows[i++] : NULL, new, a);
	}
	while (err == NULL && i < old->row_count)
		err = delete_row(s, r, &old->rows[i++], a);
	return err;
}

/* Is there a code that points nowhere? */
static const struct err *
check_link(struct db *db, const struct link *l)
{
	const struct err *err;
	struct arena a = { 0 };
	struct reference *parent;
	struct db_stmt *st;
	const char *code = NULL;
	int64_t count = 0;
	bool row;

	if ((err = db_stmt(db, l->sql, &st)) != NULL ||
	    (err = db_step(st, &row)) != NULL || !row)
		return err;
	code = db_col_text(st, 0, &a);
	count = db_col_int(st, 1);
	db_reset(st);
	if (l->word == NULL)
		err = err_new(ERR_CONFLICT,
		    "there is no %s '%s', which %" PRId64 " row%s of %s name%s",
		    l->parent, code, count, count == 1 ? "" : "s", l->child,
		    count == 1 ? "s" : "");
	else if ((err = reference_new(db, l->parent, &a, &parent)) == NULL)
		err = err_new(ERR_CONFLICT,
		    "%s '%s' is used by %" PRId64 " %s%s; keep it in the "
		    "file%s",
		    l->parent, code, count, l->word, count == 1 ? "" : "s",
		    reference_column(parent, "active") >= 0 ?
			" or set active to 0" :
			"");
	arena_free(&a);
	return err;
}

/* Could this load have broken the link? Looking costs reading all orders. */
static bool
may_break(const struct reference *r, const struct link *l)
{
	return (r->removed != 0 && strcmp(r->name, l->parent) == 0) ||
	       (r->added + r->changed != 0 && strcmp(r->name, l->child) == 0);
}

static const struct err *
put_paid(struct shop *s, int64_t id, const char *currency, int64_t old,
    int64_t new)
{
	static const char paid_sql[] =
	    "UPDATE orders SET paid_minor = :paid, rev = rev + 1,"
	    " updated_at = max(updated_at, :now) WHERE id = :id";
	char was[DECIMAL_STR_MAX], is[DECIMAL_STR_MAX];
	const struct history_row h = { .at = s->now,
		.entity = "order",
		.entity_id = id,
		.field = "paid",
		.old = money_format(old, currency, was),
		.new = money_format(new, currency, is) };
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, paid_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":paid", new);
	db_bind_int(st, ":now", s->now);
	db_bind_int(st, ":id", id);
	if ((err = db_run(st)) != NULL)
		return err;
	return history_add(s, &h);
}

/* What is paid of an order hangs on what the statuses of its payments mean. */
static const struct err *
recount_paid(struct shop *s, size_t *orders)
{
	static const char wrong_sql[] =
	    "SELECT id, currency, paid_minor, paid FROM (SELECT o.id,"
	    "  o.currency, o.paid_minor, (SELECT ifnull(sum(p.amount_minor), 0)"
	    "   FROM payment p JOIN payment_status t ON t.code = p.status"
	    "   WHERE p.order_id = o.id AND t.is_paid = 1) AS paid"
	    "  FROM orders o)"
	    " WHERE paid <> paid_minor";
	const struct err *err;
	struct db_stmt *st;
	bool row;

	if ((err = db_stmt(s->db, wrong_sql, &st)) != NULL)
		return err;
	while ((err = db_step(st, &row)) == NULL && row) {
		err = put_paid(s, db_col_int(st, 0), db_col_peek(st, 1),
		    db_col_int(st, 2), db_col_int(st, 3));
		if (err != NULL) {
			db_reset(st);
			return err;
		}
		++*orders;
	}
	return err;
}

const struct err *
reference_load(struct shop *s, struct reference *const *list, size_t count,
    struct arena *a)
{
	const struct err *err;
	struct db_stmt *st;
	size_t i, k;

	/* Tables name each other: only the end of the load must hold. */
	if ((err = db_stmt(s->db, defer_sql, &st)) != NULL ||
	    (err = db_run(st)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		if ((err = replace_rows(s, list[i], a)) != NULL)
			return err;
	for (k = 0; k < ARRAY_LEN(links); k++)
		for (i = 0; i < count; i++)
			if (may_break(list[i], &links[k])) {
				err = check_link(s->db, &links[k]);
				if (err != NULL)
					return err;
				break;
			}
	for (i = 0; i < count; i++)
		if (list[i]->changed != 0 &&
		    strcmp(list[i]->name, "payment_status") == 0)
			return recount_paid(s, &list[i]->orders);
	return NULL;
}
