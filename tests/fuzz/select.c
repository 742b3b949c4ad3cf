/*
 * select - terms are wrong usage or a statement that runs, and each order is
 * picked by a term or by its contrary. Each line of the input is a term;
 * lines that start with '>', ':' and '#' say what to sort by, to show and to
 * group by.
 */
#include "select/select.h"

#include "crm/shop.h"
#include "db/exec.h"
#include "fuzz.h"

enum { TERMS_MAX = 16, COLUMNS_MAX = 16, ORDERS = 3 };

static const char *const shop_sql[] = {
	"INSERT INTO currency VALUES ('BYN', 2, 100), ('JPY', 0, 1)",
	"INSERT INTO setting VALUES ('timezone', 'Europe/Minsk'),"
	" ('currency', 'BYN'), ('country', 'BY')",
	"INSERT INTO status_group (code, name) VALUES ('new', ''), ('end', '')",
	"INSERT INTO status (code, name, status_group, is_initial)"
	" VALUES ('new', '', 'new', 1), ('complete', '', 'end', 0)",
	"INSERT INTO delivery_type (code, name) VALUES ('courier', '')",
	"INSERT INTO payment_type (code, name) VALUES ('cash', '')",
	"INSERT INTO user (login, name) VALUES ('anna', '')",
	"INSERT INTO custom_dictionary (dictionary, code, name)"
	" VALUES ('hall', 'main', '')",
	"INSERT INTO custom_field (entity, code, name, type, dictionary)"
	" VALUES ('order', 'gift', '', 'boolean', NULL),"
	" ('order', 'weight', '', 'numeric', NULL),"
	" ('order', 'visit', '', 'date', NULL),"
	" ('order', 'hall', '', 'dictionary', 'hall'),"
	" ('order', 'wish', '', 'string', NULL)",
	"INSERT INTO orders (order_no, source, external_id, status_at,"
	" created_at, updated_at, items_minor, total_minor, status, placed_at,"
	" currency, customer_name, phone, delivery_on, delivery_from,"
	" call_wanted, manager) VALUES"
	" ('A-1', 'site', '1', 1e9, 1e9, 1e9, 100, 150, 'new', 1e9, 'BYN',"
	"  'Иван', '+375291112233', '2026-03-01', '09:00', 1, 'anna'),"
	" ('A-2', 'site', '2', 2e9, 2e9, 2e9, 7, 7, 'complete', 2e9, 'JPY',"
	"  NULL, NULL, NULL, NULL, NULL, NULL),"
	" ('A-3', 'phone', '3', 0, 0, 0, -5, -5, 'new', 0, 'BYN', '', '', '',"
	"  '', 0, NULL)",
	"INSERT INTO order_item (order_id, line, sku, name, quantity, price,"
	" sum_minor) VALUES (1, 1, 'S-1', 'Мыло', 1000, 10000, 100),"
	" (1, 2, NULL, 'Soap', 1, 1, 0)",
	"INSERT INTO payment (order_id, line, type, amount_minor)"
	" VALUES (2, 1, 'cash', 7)",
	"INSERT INTO note (entity, entity_id, at, actor, text)"
	" VALUES ('order', 1, 0, 'anna', 'ring twice')",
	"INSERT INTO custom_value VALUES ('order', 1, 'gift', 'true'),"
	" ('order', 1, 'weight', '1.5'), ('order', 2, 'visit', '2026-03-01')",
};

/* What an input asks for. */
struct query {
	char *terms[TERMS_MAX];
	size_t term_count;
	const char *sort;
	const char *by;
	const char *columns[COLUMNS_MAX];
	size_t column_count;
};

static struct shop *
open_shop(void)
{
	struct shop *s;
	struct db *db;
	size_t i;

	setenv("CRM_NOW", "2026-03-02T09:00:00Z", 1);
	need(db_fresh(&db) == NULL);
	need(db_begin(db) == NULL);
	for (i = 0; i < ARRAY_LEN(shop_sql); i++)
		need(db_exec(db, shop_sql[i]) == NULL);
	need(db_commit(db) == NULL);
	need(shop_open(db, NULL, &s) == NULL);
	return s;
}

static void
read_query(char **lines, size_t count, struct query *q)
{
	size_t i;

	*q = (struct query){ 0 };
	for (i = 0; i < count; i++) {
		if (lines[i][0] == '>')
			q->sort = lines[i] + 1;
		else if (lines[i][0] == '#')
			q->by = lines[i] + 1;
		else if (lines[i][0] == ':')
			q->columns[q->column_count++] = lines[i] + 1;
		else
			q->terms[q->term_count++] = lines[i];
	}
}

/* What is wrong is said; everything else runs. */
static bool
is_usage(const struct err *err)
{
	need(err == NULL || (err->code == ERR_USAGE && is_text(err->msg)));
	return err != NULL;
}

static int64_t
count_orders(struct shop *s, char *const *terms, size_t count, const char *sort)
{
	struct select *sel;
	int64_t id, n = -1;

	if (is_usage(select_parse(s, terms, count, &sel))) {
		need(sel == NULL);
		return -1;
	}
	if (sort == NULL || !is_usage(select_sort(sel, sort))) {
		need(select_open(sel) == NULL);
		do {
			n++;
			need(select_next(sel, &id) == NULL);
		} while (id != 0);
	}
	select_free(sel);
	return n;
}

static void
check_columns(struct shop *s, const struct query *q, int64_t orders)
{
	struct select *sel;
	struct select_value v;
	int64_t id, n = -1;
	size_t i;

	need(select_parse(s, q->terms, q->term_count, &sel) == NULL);
	if (!is_usage(select_open_columns(sel, q->columns, q->column_count)))
		for (id = 1; id != 0; n++) {
			need(select_next(sel, &id) == NULL);
			for (i = 0; id != 0 && i < q->column_count; i++) {
				v = select_column(sel, i);
				need(v.is_null || v.text != NULL ||
				     (v.kind != SELECT_TEXT &&
					 v.kind != SELECT_NUMBER));
			}
		}
	need(n == -1 || n == orders);
	select_free(sel);
}

/* Every order is in a group, in several perhaps. */
static void
check_groups(struct shop *s, const struct query *q, int64_t orders)
{
	struct select *sel;
	struct select_group g;
	int64_t n = 0;
	bool more = true;

	need(select_parse(s, q->terms, q->term_count, &sel) == NULL);
	if (!is_usage(select_open_groups(sel, q->by))) {
		while (more) {
			need(select_next_group(sel, &g, &more) == NULL);
			n += g.orders;
		}
		need(n >= orders);
	}
	select_free(sel);
}

/* An order is picked by "field=x" or by "field!=x". */
static void
check_contrary(struct shop *s, struct arena *a, const char *term)
{
	const size_t len = strcspn(term, "=~!");
	char *both[2];
	int64_t n;

	if (term[len] != '=')
		return;
	both[0] = arena_strdup(a, term);
	both[1] = arena_printf(a, "%.*s!%s", (int)len, term, term + len);
	n = count_orders(s, &both[0], 1, NULL);
	need(n < 0 || n + count_orders(s, &both[1], 1, NULL) == ORDERS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct shop *s;
	struct arena a = { 0 };
	struct query q;
	char **lines;
	size_t count, i;
	int64_t n;

	if (s == NULL)
		s = open_shop();
	if (fuzz_lines(&a, data, size, TERMS_MAX, &lines, &count)) {
		read_query(lines, count, &q);
		n = count_orders(s, q.terms, q.term_count, q.sort);
		if (n >= 0) {
			check_columns(s, &q, n);
			check_groups(s, &q, n);
		}
		for (i = 0; i < q.term_count; i++)
			check_contrary(s, &a, q.terms[i]);
	}
	arena_free(&a);
	return 0;
}
