/* out - one description of a record, three formats. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "io/out.h"

struct page { /* an out that writes to memory */
	FILE *fp;
	char *text;
	size_t len;
	struct out *o;
};

static void
open_page(struct page *p, struct out_style style)
{
	p->fp = open_memstream(&p->text, &p->len);
	assert_non_null(p->fp);
	p->o = out_open(p->fp, &style);
}

static void
expect_page(struct page *p, const char *want)
{
	assert_null(out_close(p->o));
	fclose(p->fp);
	assert_string_equal(p->text, want);
	free(p->text);
}

static void
put_order(struct out *o, const char *no, const char *name, int64_t minor,
    const char *status, enum out_mood mood)
{
	out_text(o, "order_no", no);
	out_text(o, "name", name);
	out_money(o, "total", minor, "RUB");
	out_array(o, "items");
	out_object(o, NULL);
	out_text(o, "sku", "A-1");
	out_decimal(o, "quantity", 1500, 3);
	out_close_object(o);
	out_object(o, NULL);
	out_close_object(o);
	out_close_array(o);
	out_mood(o, "status", status, mood);
	assert_null(out_end(o));
}

static void
test_json(void **state UNUSED)
{
	struct page p;

	open_page(&p, (struct out_style){ .format = OUT_JSON });
	put_order(p.o, "1", "Чай \"Ива\"", 125050, "new", OUT_GOOD);
	put_order(p.o, "2", NULL, -5, "new", OUT_BAD);
	expect_page(&p,
	    "{\"order_no\":\"1\",\"name\":\"Чай \\\"Ива\\\"\","
	    "\"total\":1250.50,\"items\":[{\"sku\":\"A-1\",\"quantity\":1.5},"
	    "{}],\"status\":\"new\"}\n"
	    "{\"order_no\":\"2\",\"name\":null,\"total\":-0.05,"
	    "\"items\":[{\"sku\":\"A-1\",\"quantity\":1.5},{}],"
	    "\"status\":\"new\"}\n");
}

static void
test_json_scalars(void **state UNUSED)
{
	struct page p;

	open_page(&p, (struct out_style){ .format = OUT_JSON });
	out_array(p.o, "list");
	out_int(p.o, NULL, INT64_MIN);
	out_int(p.o, NULL, INT64_MAX);
	out_bool(p.o, NULL, true);
	out_null(p.o, NULL);
	out_text(p.o, NULL, "[");
	out_text(p.o, NULL, "{");
	out_close_array(p.o);
	out_object(p.o, "o{");
	out_time(p.o, "at", 1795341600);
	out_close_object(p.o);
	out_bool(p.o, "no", false);
	assert_null(out_end(p.o));
	assert_null(out_end(p.o));
	expect_page(&p,
	    "{\"list\":[-9223372036854775808,9223372036854775807,true,null,"
	    "\"[\",\"{\"],\"o{\":{\"at\":\"2026-11-22T10:00:00Z\"},"
	    "\"no\":false}\n{}\n");
}

/* What a record is stands in JSON alone; there is no row 0. */
static void
test_type_and_id(void **state UNUSED)
{
	static const struct {
		enum out_format format;
		const char *want;
	} v[] = {
		{ OUT_JSON, "{\"type\":\"order\",\"line\":7,\"of\":null}\n" },
		{ OUT_TSV, "line\tof\n7\t\n" },
	};
	struct page p;
	size_t i;

	for (i = 0; i < ARRAY_LEN(v); i++) {
		open_page(&p, (struct out_style){ .format = v[i].format });
		out_type(p.o, "order");
		out_id(p.o, "line", 7);
		out_id(p.o, "of", 0);
		assert_null(out_end(p.o));
		expect_page(&p, v[i].want);
	}
}

static void
test_tsv(void **state UNUSED)
{
	struct page p;

	open_page(&p, (struct out_style){ .format = OUT_TSV });
	put_order(p.o, "1", "a\tb\r\nc", 125050, "new", OUT_GOOD);
	put_order(p.o, "2", NULL, 0, "new", OUT_PLAIN);
	expect_page(&p, "order_no\tname\ttotal\tstatus\n"
			"1\ta b  c\t1250.50\tnew\n"
			"2\t\t0.00\tnew\n");
	open_page(&p,
	    (struct out_style){ .format = OUT_TSV, .no_header = true });
	put_order(p.o, "1", "x", 1, "new", OUT_GOOD);
	expect_page(&p, "1\tx\t0.01\tnew\n");
}

static void
test_no_records_no_header(void **state UNUSED)
{
	struct page p;

	open_page(&p, (struct out_style){ .format = OUT_TSV });
	expect_page(&p, "");
	open_page(&p, (struct out_style){ .format = OUT_TABLE });
	expect_page(&p, "");
	open_page(&p, (struct out_style){ .format = OUT_JSON });
	expect_page(&p, "");
}

static void
test_table(void **state UNUSED)
{
	struct page p;

	open_page(&p, (struct out_style){ .format = OUT_TABLE });
	put_order(p.o, "1", "Чайник", 125050, "new", OUT_GOOD);
	put_order(p.o, "1002", "日本", 5, "", OUT_PLAIN);
	put_order(p.o, "3", NULL, -100, "complete", OUT_BAD);
	expect_page(&p, "order_no  name      total  status\n"
			"1         Чайник  1250.50  new\n"
			"1002      日本       0.05\n"
			"3                   -1.00  complete\n");
}

static void
test_table_without_header(void **state UNUSED)
{
	struct page p;

	open_page(&p,
	    (struct out_style){ .format = OUT_TABLE, .no_header = true });
	put_order(p.o, "1", "a", 1, "new", OUT_PLAIN);
	expect_page(&p, "1  a  0.01  new\n");
}

static void
test_colour_only_when_asked(void **state UNUSED)
{
	struct page p;

	open_page(&p,
	    (struct out_style){ .format = OUT_TABLE, .colour = true });
	out_mood(p.o, "state", "ok", OUT_GOOD);
	out_mood(p.o, "stock", "low", OUT_ATTENTION);
	out_mood(p.o, "paid", "no", OUT_BAD);
	out_mood(p.o, "plain", "x", OUT_PLAIN);
	assert_null(out_end(p.o));
	expect_page(&p,
	    "state  stock  paid  plain\n"
	    "\033[32mok\033[0m     \033[33mlow\033[0m    \033[31mno\033[0m"
	    "    x\n");
}

static void
test_terminal_is_safe_from_data(void **state UNUSED)
{
	struct page p;

	open_page(&p,
	    (struct out_style){ .format = OUT_TABLE, .no_header = true });
	out_text(p.o, "name",
	    "a\033[2Jb\nc\x7F\xC2\x9B"
	    "d\xC2\xA0");
	out_text(p.o, "end", "|");
	assert_null(out_end(p.o));
	expect_page(&p, "a?[2Jb?c??d\xC2\xA0  |\n");
}

/* The first 200 rows decide on the widths, later ones take what there is. */
static void
test_late_rows_are_streamed(void **state UNUSED)
{
	struct page p;
	int i;

	open_page(&p,
	    (struct out_style){ .format = OUT_TABLE, .no_header = true });
	for (i = 1; i <= 202; i++) {
		out_text(p.o, "name",
		    i == 200 ? "wide" :
		    i == 201 ? "wider" :
			       "x");
		out_int(p.o, "n", i % 10);
		assert_null(out_end(p.o));
		fflush(p.fp);
		assert_true((p.len != 0) == (i >= 200));
	}
	assert_memory_equal(p.text, "x     1\n", 8);
	assert_string_equal(p.text + strlen("x     1\n") * 199, "wide  0\n"
								"wider  1\n"
								"x     2\n");
	assert_null(out_close(p.o));
	fclose(p.fp);
	free(p.text);
}

static void
test_flush_shows_what_is_held_back(void **state UNUSED)
{
	struct page p;

	open_page(&p, (struct out_style){ .format = OUT_TABLE });
	out_text(p.o, "name", "abc");
	assert_null(out_end(p.o));
	assert_null(out_flush(p.o));
	assert_string_equal(p.text, "name\nabc\n");
	out_text(p.o, "name", "d");
	assert_null(out_end(p.o));
	expect_page(&p, "name\nabc\nd\n");
}

static void
test_unfinished_record_is_dropped(void **state UNUSED)
{
	static const enum out_format formats[] = { OUT_TABLE, OUT_TSV,
		OUT_JSON };
	struct page p;
	size_t i;

	for (i = 0; i < ARRAY_LEN(formats); i++) {
		open_page(&p, (struct out_style){ .format = formats[i] });
		out_text(p.o, "a", "1");
		out_text(p.o, "b", "2");
		expect_page(&p, "");
	}
	open_page(&p, (struct out_style){ .format = OUT_TABLE });
	out_text(p.o, "a", "1");
	out_text(p.o, "b", "2");
	assert_null(out_end(p.o));
	out_text(p.o, "a", "3");
	expect_page(&p, "a  b\n1  2\n");
}

static void
test_full_disk_is_an_error(void **state UNUSED)
{
	static const enum out_format formats[] = { OUT_TABLE, OUT_TSV,
		OUT_JSON };
	const struct err *err;
	struct out_style style = { 0 };
	struct out *o;
	FILE *fp;
	size_t i;

	for (i = 0; i < ARRAY_LEN(formats); i++) {
		fp = fopen("/dev/full", "w");
		assert_non_null(fp);
		style.format = formats[i];
		o = out_open(fp, &style);
		out_text(o, "a", "1");
		assert_null(out_end(o));
		err = out_close(o);
		assert_non_null(err);
		assert_int_equal(err->code, ERR_IO);
		assert_string_equal(err->msg,
		    "standard output: No space left on device");
		fclose(fp);
	}
}

static void
test_write_error_stays(void **state UNUSED)
{
	const struct err *err = NULL;
	FILE *fp = fopen("/dev/full", "w");
	struct out *o;
	int i;

	assert_non_null(fp);
	o = out_open(fp, &(struct out_style){ .format = OUT_JSON });
	for (i = 0; i < 10000 && err == NULL; i++) {
		out_text(o, "a", "some text that fills the buffer of stdio");
		err = out_end(o);
	}
	assert_non_null(err);
	assert_non_null(out_end(o));
	err = out_close(o);
	assert_string_equal(err->msg,
	    "standard output: No space left on device");
	fclose(fp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_scalars),
		cmocka_unit_test(test_type_and_id),
		cmocka_unit_test(test_tsv),
		cmocka_unit_test(test_no_records_no_header),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_without_header),
		cmocka_unit_test(test_colour_only_when_asked),
		cmocka_unit_test(test_terminal_is_safe_from_data),
		cmocka_unit_test(test_late_rows_are_streamed),
		cmocka_unit_test(test_flush_shows_what_is_held_back),
		cmocka_unit_test(test_unfinished_record_is_dropped),
		cmocka_unit_test(test_full_disk_is_an_error),
		cmocka_unit_test(test_write_error_stays),
	};

	return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
