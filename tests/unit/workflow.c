/* workflow.c - promises of lib/order/workflow.h, and of undo.h about moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "crm/run.h"
#include "crm/shop.h"
#include "db/exec.h"
#include "keep/undo.h"
#include "order/order_save.h"
#include "order/workflow.h"

/*
 * Anybody takes new orders to work, only pickers send, only the boss takes a
 * cancellation back; who cancels says why, what is sent has a number, what is
 * gift has a card.
 */
static const char *const shop_sql[] = {
	"INSERT INTO currency VALUES ('BYN', 2, 100)",
	"INSERT INTO status_group (code, name, ordering)"
	" VALUES ('new', '', 1), ('work', '', 2), ('cancel', '', 3)",
	"INSERT INTO status (code, name, status_group, ordering, active,"
	" is_initial, time_limit) VALUES ('new', '', 'new', 1, 1, 1, 60),"
	" ('packing', '', 'work', 1, 1, 0, NULL),"
	" ('sent', '', 'work', 2, 1, 0, NULL),"
	" ('gift', '', 'work', 3, 1, 0, NULL),"
	" ('old', '', 'work', 4, 0, 0, NULL),"
	" ('refused', '', 'cancel', 1, 1, 0, NULL)",
	"INSERT INTO user_group (code, name)"
	" VALUES ('picker', ''), ('boss', '')",
	"INSERT INTO user (login, name, user_group, active)"
	" VALUES ('ivan', '', 'picker', 1), ('olga', '', 'boss', 1),"
	" ('left', '', 'boss', 0)",
	"INSERT INTO transition (from_group, from_status, to_group, to_status,"
	" user_group) VALUES ('new', NULL, 'work', NULL, NULL),"
	" (NULL, 'packing', NULL, 'sent', 'picker'),"
	" ('new', NULL, 'cancel', NULL, NULL),"
	" ('cancel', NULL, NULL, 'new', 'boss')",
	"INSERT INTO custom_field (entity, code, name, type)"
	" VALUES ('order', 'card', '', 'string')",
	"INSERT INTO status_requirement VALUES ('refused', 'status_reason'),"
	" ('sent', 'items'), ('sent', 'tracking_no'), ('gift', 'custom.card')",
};

static struct {
	struct db *db;
	struct shop *s;
	struct order *o;
	struct arena a;
} f;

/* A shop with one new order, in a transaction and on a run. */
static int
enter(void **state UNUSED)
{
	size_t i;

	setenv("CRM_NOW", "100000", 1);
	assert_null(db_fresh(&f.db));
	assert_null(db_begin(f.db));
	for (i = 0; i < ARRAY_LEN(shop_sql); i++)
		assert_null(db_exec(f.db, shop_sql[i]));
	assert_null(shop_open(f.db, NULL, &f.s));
	assert_null(run_begin(f.s, "test", NULL, "vera", false));
	f.o = arena_zalloc(&f.a, sizeof(*f.o));
	f.o->order_no = f.o->external_id = "A-1";
	f.o->source = "site";
	assert_null(order_set(f.o, ORDER_CURRENCY, "BYN", NULL, &f.a));
	assert_null(order_set(f.o, ORDER_STATUS, "new", NULL, &f.a));
	field_set_int(&order_fields, &f.o->rec, ORDER_PLACED_AT, 90000);
	assert_null(order_insert(f.s, f.o, &f.a));
	return 0;
}

static int
leave(void **state UNUSED)
{
	shop_close(f.s);
	db_close(f.db);
	arena_free(&f.a);
	return 0;
}

static void
reload(void)
{
	assert_null(order_by_id(f.db, f.o->id, ORDER_LOAD_ALL, &f.a, &f.o));
	assert_non_null(f.o);
}

static const struct err *
move(const char *status, const char *actor, const char *reason)
{
	const struct workflow_move m = { .status = status,
		.actor = actor,
		.reason = reason };
	const struct err *err;
	bool changed;

	err = workflow_move(f.s, f.o, 0, &m, &f.a, &changed);
	if (err == NULL)
		reload();
	return err;
}

static void
assert_refused(const struct err *err, const char *message)
{
	assert_non_null(err);
	assert_int_equal(err->code, ERR_CONFLICT);
	assert_string_equal(err->msg, message);
}

static void
a_move_is_stored_with_who_when_and_why(void **state UNUSED)
{
	const struct past *p;

	assert_null(move("refused", "anna", "too dear"));
	assert_string_equal(f.o->status, "refused");
	assert_string_equal(f.o->status_reason, "too dear");
	assert_int_equal(f.o->status_at, 100000);
	assert_int_equal(f.o->rev, 2);
	assert_int_equal(f.o->past_len, 3);
	p = &f.o->past[1];
	assert_string_equal(p->field, "status");
	assert_string_equal(p->actor, "anna");
	assert_string_equal(p->old, "new");
	assert_int_equal(p->at, 100000);
}

static void
only_the_ways_of_the_shop_are_open(void **state UNUSED)
{
	assert_null(move("packing", NULL, NULL));
	assert_refused(move("new", "ivan", NULL),
	    "ivan may not move it from packing to new; from there it goes to "
	    "sent");
	assert_refused(move("sent", NULL, NULL),
	    "vera may not move it from packing to sent; from there it goes "
	    "to nowhere");
}

static void
a_way_may_belong_to_a_group_of_users(void **state UNUSED)
{
	assert_null(move("refused", NULL, "no"));
	assert_non_null(move("new", "ivan", NULL));
	assert_non_null(move("new", "left", NULL)); /* no longer with us */
	assert_null(move("new", "olga", NULL));
}

static void
what_is_required_must_be_there(void **state UNUSED)
{
	assert_refused(move("refused", NULL, NULL),
	    "for refused it needs: status_reason");
	assert_refused(move("gift", NULL, NULL),
	    "for gift it needs: custom.card");
	assert_refused(move("sent", NULL, NULL),
	    "for sent it needs: items, tracking_no");
	assert_null(db_exec(f.db, "UPDATE orders SET tracking_no = 'BY1'"));
	assert_null(db_exec(f.db,
	    "INSERT INTO custom_value VALUES ('order', 1, 'card', 'red')"));
	reload();
	assert_refused(move("sent", NULL, NULL), "for sent it needs: items");
	assert_null(move("gift", NULL, NULL));
}

static void
the_row_of_an_order_is_enough(void **state UNUSED)
{
	assert_null(order_by_id(f.db, f.o->id, ORDER_LOAD_ROW, &f.a, &f.o));
	assert_refused(move("gift", NULL, NULL),
	    "for gift it needs: custom.card");
	assert_refused(move("sent", NULL, NULL),
	    "for sent it needs: items, tracking_no");
	assert_null(db_exec(f.db,
	    "INSERT INTO order_item (order_id, line, name, quantity, price,"
	    " discount_minor, sum_minor) VALUES (1, 1, 'Tea', 1, 0, 0, 0)"));
	assert_refused(move("sent", NULL, NULL),
	    "for sent it needs: tracking_no");
	assert_null(db_exec(f.db,
	    "INSERT INTO custom_value VALUES ('order', 1, 'card', 'red')"));
	assert_null(move("gift", NULL, NULL));
	assert_int_equal(f.o->parts[PART_ITEM].len, 1);
	assert_int_equal(f.o->parts[PART_CUSTOM].len, 1);
}

static void
a_status_that_is_given_up_takes_no_more(void **state UNUSED)
{
	assert_refused(move("old", NULL, NULL),
	    "vera may not move it from new to old; from there it goes to "
	    "packing, sent, gift, refused");
}

static void
without_transitions_everything_is_allowed(void **state UNUSED)
{
	assert_null(db_exec(f.db, "DELETE FROM transition"));
	assert_null(move("packing", NULL, NULL));
	assert_null(move("new", NULL, NULL));
}

static void
force_asks_nothing(void **state UNUSED)
{
	const struct workflow_move m = { .status = "sent", .force = true };
	bool changed;

	assert_null(workflow_move(f.s, f.o, 0, &m, &f.a, &changed));
	assert_true(changed);
}

static void
standing_there_already_is_no_change(void **state UNUSED)
{
	const struct workflow_move m = { .status = "new" };
	bool changed = true;

	assert_null(workflow_move(f.s, f.o, 7, &m, &f.a, &changed));
	assert_false(changed);
}

static void
a_stale_record_is_a_conflict(void **state UNUSED)
{
	const struct workflow_move m = { .status = "packing" };
	bool changed;

	assert_refused(workflow_move(f.s, f.o, 7, &m, &f.a, &changed),
	    "it was changed meanwhile: the record has revision 7, the order "
	    "1");
	assert_false(changed);
	assert_null(workflow_move(f.s, f.o, 1, &m, &f.a, &changed));
	assert_true(changed);
}

static void
a_move_may_lie_in_the_past_but_not_before_the_last(void **state UNUSED)
{
	struct workflow_move m = { .status = "packing", .at = 89999 };
	bool changed;

	assert_refused(workflow_move(f.s, f.o, 0, &m, &f.a, &changed),
	    "it came to new later than that; say another time");
	m.at = 95000;
	assert_null(workflow_move(f.s, f.o, 0, &m, &f.a, &changed));
	reload();
	assert_int_equal(f.o->status_at, 95000);
}

static void
a_clock_ahead_of_ours_does_not_stop_us(void **state UNUSED)
{
	f.o->status_at = 100060;
	assert_null(move("packing", NULL, NULL));
	assert_int_equal(f.o->status_at, 100060);
}

static void
counts_tell_what_stands_where_and_what_came(void **state UNUSED)
{
	struct workflow_count *v;
	size_t n;

	assert_null(workflow_counts(f.s, 90000, 100000, &f.a, &v, &n));
	assert_int_equal(n, 1);
	assert_string_equal(v[0].status, "new");
	assert_int_equal(v[0].orders, 1);
	assert_int_equal(v[0].oldest_at, 90000);
	assert_int_equal(v[0].late, 1);
	assert_int_equal(v[0].entered, 1);
	assert_null(move("packing", NULL, NULL));
	assert_null(workflow_counts(f.s, 90001, 100000, &f.a, &v, &n));
	assert_int_equal(n, 1); /* it came to new before */
	assert_string_equal(v[0].status, "packing");
	assert_int_equal(v[0].late, 0);
	assert_int_equal(v[0].entered, 1);
	assert_null(workflow_counts(f.s, 90000, 100000, &f.a, &v, &n));
	assert_int_equal(n, 2);
	assert_string_equal(v[0].status, "new");
	assert_int_equal(v[0].orders, 0);
	assert_int_equal(v[0].entered, 1);
}

/* A second run, which takes back the first. */
static const struct err *
undo(int64_t run_id, struct undo_result *r)
{
	assert_null(run_begin(f.s, "undo", NULL, "olga", true));
	return undo_order(f.s, run_id, f.o->id, &f.a, r);
}

static void
a_move_is_taken_back_until_somebody_moved_on(void **state UNUSED)
{
	const int64_t made = f.s->run_id;
	struct undo_result r;
	int64_t moved;

	assert_null(run_begin(f.s, "test", NULL, "anna", false));
	moved = f.s->run_id;
	assert_null(move("refused", NULL, "too dear"));
	assert_refused(undo(made, &r),
	    "status_reason was changed since, by anna on 1970-01-02 03:46 in "
	    "run 2");
	assert_null(undo(moved, &r));
	assert_int_equal(r.changes, 2);
	reload();
	assert_string_equal(f.o->status, "new");
	assert_null(f.o->status_reason);
	assert_null(undo(moved, &r)); /* again: it was done before */
	assert_int_equal(r.changes, 0);
	assert_null(undo(made, &r)); /* nothing stands in the way any more */
	assert_true(r.removed);
}

static void
an_order_that_the_run_made_is_removed(void **state UNUSED)
{
	const int64_t made = f.s->run_id;
	const int64_t id = f.o->id;
	struct undo_result r;

	assert_null(undo(made, &r));
	assert_true(r.removed);
	assert_null(order_by_id(f.db, id, ORDER_LOAD_PARTS, &f.a, &f.o));
	assert_null(f.o);
	f.o = arena_zalloc(&f.a, sizeof(*f.o));
	f.o->id = id;
	assert_refused(undo(f.s->run_id, &r),
	    "it was removed and cannot be put back; import it again");
	assert_string_equal(r.order_no, "A-1");
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, enter, leave)

/* Else a long import with custom fields would grow without bound. */
static void
checking_orders_leaves_nothing_with_the_shop(void **state UNUSED)
{
	const struct arena before = f.s->arena;
	struct arena rec = { 0 };
	struct part *p;
	int i;

	for (i = 0; i < 100; i++) {
		arena_reset(&rec);
		reload();
		p = order_part_add(f.o, PART_CUSTOM, &rec);
		p->field = "card";
		p->text = "to somebody";
		assert_null(order_check(f.s, f.o, &rec));
	}
	assert_ptr_equal(f.s->arena.head, before.head);
	assert_ptr_equal(f.s->arena.at, before.at);
	arena_free(&rec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(checking_orders_leaves_nothing_with_the_shop),
		TEST(a_move_is_stored_with_who_when_and_why),
		TEST(only_the_ways_of_the_shop_are_open),
		TEST(a_way_may_belong_to_a_group_of_users),
		TEST(what_is_required_must_be_there),
		TEST(the_row_of_an_order_is_enough),
		TEST(a_status_that_is_given_up_takes_no_more),
		TEST(without_transitions_everything_is_allowed),
		TEST(force_asks_nothing),
		TEST(standing_there_already_is_no_change),
		TEST(a_stale_record_is_a_conflict),
		TEST(a_move_may_lie_in_the_past_but_not_before_the_last),
		TEST(a_clock_ahead_of_ours_does_not_stop_us),
		TEST(counts_tell_what_stands_where_and_what_came),
		TEST(a_move_is_taken_back_until_somebody_moved_on),
		TEST(an_order_that_the_run_made_is_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
