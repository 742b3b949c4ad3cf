/* customer.c - the table of fields against the schema, lists, going back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "customer/customer.h"
#include "customer/customer_columns.h"
#include "db/exec.h"

static void
test_columns_are_fields(void **state UNUSED)
{
	struct db_stmt *st;
	struct db *db;
	bool row;
	int i;

	assert_null(db_fresh(&db));
	assert_null(db_prepare(db,
	    "SELECT name FROM pragma_table_info('customer')"
	    " WHERE name NOT IN ('id', 'rev', 'name_fold', 'created_at',"
	    " 'updated_at', 'merged_into', 'erased_at') ORDER BY cid",
	    &st));
	for (i = 0; db_step(st, &row) == NULL && row; i++)
		assert_string_equal(db_col_peek(st, 0),
		    customer_fields.list[i].name);
	assert_int_equal(i, CUSTOMER_FIELD_COUNT);
	assert_int_equal(i, (int)customer_fields.count);
	db_finish(st);
	assert_null(
	    db_prepare(db, "SELECT " CUSTOMER_COLUMNS " FROM customer", &st));
	assert_int_equal(db_columns(st), CUSTOMER_FIELD_COUNT);
	db_finish(st);
	db_close(db);
}

static void
test_names_of_lists(void **state UNUSED)
{
	static const struct {
		const char *name;
		enum customer_list list;
		const char *key;
	} of[] = {
		{ "phone", CUSTOMER_PHONES, NULL },
		{ "external_id", CUSTOMER_SOURCES, NULL },
		{ "tag", CUSTOMER_TAGS, NULL },
		{ "consent.email", CUSTOMER_CONSENTS, "email" },
		{ "custom.a.b", CUSTOMER_CUSTOM, "a.b" },
		{ "custom", CUSTOMER_LIST_COUNT, NULL },
		{ "custom.", CUSTOMER_LIST_COUNT, NULL },
		{ "phone.x", CUSTOMER_LIST_COUNT, NULL },
		{ "phones", CUSTOMER_LIST_COUNT, NULL },
		{ "", CUSTOMER_LIST_COUNT, NULL },
	};
	const char *key;
	size_t i;

	for (i = 0; i < ARRAY_LEN(of); i++) {
		assert_int_equal(customer_list_named(of[i].name, &key),
		    of[i].list);
		if (of[i].key == NULL)
			assert_null(key);
		else
			assert_string_equal(key, of[i].key);
	}
}

/* What the history says of a change leads back to what was before. */
static void
test_going_back(void **state UNUSED)
{
	struct arena a = { 0 };
	struct customer c = { 0 };
	const struct customer_entry *e;

	assert_null(customer_restore(&c, "phone", "+1", NULL, &a));
	assert_null(customer_restore(&c, "phone", "+2", NULL, &a));
	assert_null(customer_restore(&c, "phones", "+2, +1", "+1, +2", &a));
	assert_string_equal(c.lists[CUSTOMER_PHONES].v[0].key, "+2");
	assert_null(customer_restore(&c, "phone", NULL, "+2", &a));
	assert_int_equal(c.lists[CUSTOMER_PHONES].len, 1);
	assert_null(customer_restore(&c, "name", "Anna", "Zoe", &a));
	assert_string_equal(c.name, "Anna");
	assert_null(customer_restore(&c, "consent.sms",
	    "given=false; at=2026-01-05T10:00:00Z; source=form", NULL, &a));
	e = customer_list_find(&c.lists[CUSTOMER_CONSENTS], "sms");
	assert_non_null(e);
	assert_string_equal(e->value, "false");
	assert_string_equal(e->source, "form");
	assert_true(e->at == 1767607200);
	assert_string_equal(customer_entry_text(CUSTOMER_CONSENTS, e, &a),
	    "given=false; at=2026-01-05T10:00:00Z; source=form");
	assert_null(customer_restore(&c, "consent.sms", NULL, "x", &a));
	assert_int_equal(c.lists[CUSTOMER_CONSENTS].len, 0);
	assert_null(customer_restore(&c, "nothing", "x", "y", &a));
	arena_free(&a);
}

/* The first key that can tell who it is. */
static void
test_identity(void **state UNUSED)
{
	struct arena a = { 0 };
	struct customer c = { 0 };
	struct customer_entry e = { .key = "x@y.z" };

	assert_null(customer_identity(&c, &a));
	customer_list_put(&c.lists[CUSTOMER_EMAILS], &e, &a);
	assert_string_equal(customer_identity(&c, &a), "email x@y.z");
	e.key = "12";
	customer_list_put(&c.lists[CUSTOMER_PHONES], &e, &a);
	assert_string_equal(customer_identity(&c, &a), "email x@y.z");
	e.key = "+375291234567";
	customer_list_put(&c.lists[CUSTOMER_PHONES], &e, &a);
	assert_string_equal(customer_identity(&c, &a), "phone +375291234567");
	c.external_id = "c1";
	assert_string_equal(customer_identity(&c, &a), "c1");
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_are_fields),
		cmocka_unit_test(test_names_of_lists),
		cmocka_unit_test(test_going_back),
		cmocka_unit_test(test_identity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
