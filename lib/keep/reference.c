/* reference.c - the lists that a shop edits: reading and checking them. */
#include "keep/reference.h"

#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "crm/phone.h"
#include "customer/customer.h"
#include "db/db.h"
#include "keep/reference_parts.h"
#include "order/order.h"

static const struct reference_table tables[] = {
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

static const char columns_sql[] =
    "SELECT name, dflt_value, type = 'INTEGER', \"notnull\""
    "  FROM pragma_table_info(:table) WHERE name <> 'id' ORDER BY cid";

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

const struct reference_table *
reference_table(const struct reference *r)
{
	return &tables[table_index(r->name)];
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
	    (err = db_stmt(db, reference_table(r)->read_sql, &st)) != NULL)
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

const char *
reference_key(const struct reference *r, const struct reference_row *row,
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

const struct err *
reference_complete(const struct reference *r, const struct reference_row *old,
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
	struct reference_row row = { NULL, reference_key(r, &r->rows[i], a) };
	size_t c;

	row.values = arena_alloc(a, r->column_count * sizeof(*row.values));
	for (c = 0; c < r->column_count; c++)
		row.values[c] = r->rows[i].values[c];
	return reference_complete(r, NULL, &row, a);
}
