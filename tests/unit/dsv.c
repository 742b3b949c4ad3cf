/* dsv - tables as shops really send them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../memfd.h"
#include "base/buf.h"
#include "io/dsv.h"

static const struct dsv_dialect detect;

struct table {
	int fd;
	struct dsv *d;
};

static void
open_table(struct table *t, const char *text, size_t len,
    const struct dsv_dialect *dialect)
{
	t->fd = memfd_of(text, len);
	assert_null(dsv_open(t->fd, "test.csv", dialect, &t->d));
}

static void
close_table(struct table *t)
{
	dsv_close(t->d);
	close(t->fd);
}

/* The next row, its fields joined by "|"; "" at the end. */
static const char *
next_row(struct table *t, uint64_t line)
{
	static struct buf b;
	const struct dsv_row *row;
	const struct err *err;
	size_t i;

	buf_reset(&b);
	if ((err = dsv_next(t->d, &row)) != NULL)
		fail_msg("line %d: %s", (int)dsv_line(t->d), err->msg);
	if (row == NULL)
		return "";
	assert_int_equal(row->line, line);
	assert_int_equal(dsv_line(t->d), line);
	assert_int_equal(strlen(row->raw), row->raw_len);
	for (i = 0; i < row->count; i++) {
		buf_adds(&b, i != 0 ? "|" : "");
		buf_adds(&b, row->fields[i]);
	}
	return buf_str(&b);
}

static void
expect_bad_row(struct table *t, uint64_t line, const char *msg)
{
	const struct dsv_row *row;
	const struct err *err = dsv_next(t->d, &row);

	assert_non_null(err);
	assert_null(row);
	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg, msg);
	assert_int_equal(dsv_line(t->d), line);
}

/* All rows of text, each ended by "/", must be as wanted. */
static void
expect_table(const char *text, const struct dsv_dialect *dialect,
    const char *want)
{
	struct buf b = { 0 };
	struct table t;
	const struct dsv_row *row;
	size_t i;

	open_table(&t, text, strlen(text), dialect);
	while (dsv_next(t.d, &row) == NULL && row != NULL) {
		for (i = 0; i < row->count; i++) {
			buf_adds(&b, i != 0 ? "|" : "");
			buf_adds(&b, row->fields[i]);
		}
		buf_adds(&b, "/");
	}
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
	close_table(&t);
}

static void
test_separators(void **state UNUSED)
{
	static const struct dsv_dialect comma = { .separator = ',' };

	expect_table("a,b;c,d\n1,2;3,4\n", &detect, "a|b;c|d/1|2;3|4/");
	expect_table("a;b,c;d\n", &detect, "a|b,c|d/");
	expect_table("a\tb c\td\n1\t\t\n", &detect, "a|b c|d/1||/");
	expect_table("a|b\n", &detect, "a|b/");
	expect_table("a;b,c\n", &detect, "a|b,c/");
	expect_table("\"a,b,c,d\";e\n", &detect, "a,b,c,d|e/");
	expect_table("\"a\"\"b,c,d\";e\n", &detect, "a\"b,c,d|e/");
	expect_table("\r\n\n;a;b\n", &detect, "|a|b/");
	expect_table("name\nMinsk, Belarus\n", &detect, "name/Minsk, Belarus/");
	expect_table("a;b;c,d\n", &comma, "a;b;c|d/");
}

static void
test_sep_line(void **state UNUSED)
{
	static const struct dsv_dialect comma = { .separator = ',' };
	struct table t;

	open_table(&t, "sep=;\r\na,b,c;d\r\n1;2\r\n", 21, &detect);
	assert_int_equal(dsv_dialect(t.d)->separator, ';');
	assert_string_equal(next_row(&t, 2), "a,b,c|d");
	assert_string_equal(next_row(&t, 3), "1|2");
	close_table(&t);
	expect_table("SEP=\t\na\tb\n", &detect, "a|b/");
	expect_table("sep=;\na;b,c\n", &comma, "a;b|c/");
	expect_table("sep=x\n", &detect, "sep=x/");
	expect_table("sep=;2\n", &detect, "sep=|2/");
}

static void
test_quotes(void **state UNUSED)
{
	expect_table("a,\"b,\"\"c\"\"\",\"d\ne\"\nf\n", &detect,
	    "a|b,\"c\"|d\ne/f/");
	expect_table("\"a\" ,  \"b,c\"  ,d\n", &detect, "a|b,c|d/");
	expect_table("\"\",\"\"\"\",x\n", &detect, "|\"|x/");
	expect_table("12\" pan,5\n", &detect, "12\" pan|5/");
	expect_table("\"abc\"def,g\n", &detect, "abcdef|g/");
	expect_table("\"a\",\"b\"", &detect, "a|b/");
	expect_table("\"a\"\r\n\"b\"\r\n", &detect, "a/b/");
}

static void
test_excel_text_cells(void **state UNUSED)
{
	expect_table("=\"0123\";=\"a;b\"\n", &detect, "0123|a;b/");
	expect_table("x;\"=\"\"0123\"\"\"\n", &detect, "x|0123/");
	expect_table("x;=\"\"\n", &detect, "x|/");
	expect_table("x;'0123\n", &detect, "x|'0123/");
	expect_table("x;=A1\n", &detect, "x|=A1/");
}

static void
test_trimmed(void **state UNUSED)
{
	expect_table(" a ; \t b\v;\xC2\xA0"
		     "c d\xC2\xA0\xE2\x80\x83; \" e \"\n",
	    &detect, "a|b|c d|e/");
	expect_table("\xE2\x80\x8BЧай\xE3\x80\x80;\xC2\xAB"
		     "x\xC2\xBB;\xC2\xA0;y\n",
	    &detect, "Чай|«x»||y/");
}

static void
test_empty_rows_are_passed_over(void **state UNUSED)
{
	struct table t;

	open_table(&t, "\n\na;b\n ; \n\n1;2", 14, &detect);
	assert_string_equal(next_row(&t, 3), "a|b");
	assert_string_equal(next_row(&t, 6), "1|2");
	assert_string_equal(next_row(&t, 0), "");
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);
	expect_table("", &detect, "");
	expect_table("\n", &detect, "");
}

static void
test_lines_are_physical(void **state UNUSED)
{
	static const char text[] = "h\n\"a\nb\r\nc\"\nd\n";
	const struct dsv_row *row;
	struct table t;

	open_table(&t, text, strlen(text), &detect);
	assert_string_equal(next_row(&t, 1), "h");
	assert_null(dsv_next(t.d, &row));
	assert_string_equal(row->fields[0], "a\nb\r\nc");
	assert_string_equal(row->raw, "\"a\nb\r\nc\"");
	assert_int_equal(row->line, 2);
	assert_string_equal(next_row(&t, 5), "d");
	assert_string_equal(dsv_raw(t.d), "d");
	close_table(&t);
}

static void
test_unclosed_quote_costs_one_line(void **state UNUSED)
{
	static const char text[] = "a;b\n1;\"x\n2;y\n3;z\n";
	struct table t;

	open_table(&t, text, strlen(text), &detect);
	assert_string_equal(next_row(&t, 1), "a|b");
	expect_bad_row(&t, 2, "unclosed quote");
	assert_string_equal(dsv_raw(t.d), "1;\"x");
	assert_string_equal(next_row(&t, 3), "2|y");
	assert_string_equal(next_row(&t, 4), "3|z");
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);
}

/* What ends without a line break may have been cut anywhere in its last cell. */
static void
test_end_without_a_line_break(void **state UNUSED)
{
	struct table t;

	open_table(&t, "a;b\n1;1250\r\n", 12, &detect);
	assert_string_equal(next_row(&t, 1), "a|b");
	assert_string_equal(next_row(&t, 2), "1|1250");
	assert_string_equal(next_row(&t, 0), "");
	assert_false(dsv_unended(t.d));
	close_table(&t);
	open_table(&t, "a;b\n1;12", 8, &detect);
	assert_string_equal(next_row(&t, 1), "a|b");
	assert_string_equal(next_row(&t, 2), "1|12");
	assert_string_equal(next_row(&t, 0), "");
	assert_true(dsv_unended(t.d));
	close_table(&t);
	open_table(&t, "a;b\n1;\"1250\"", 12, &detect);
	assert_string_equal(next_row(&t, 1), "a|b");
	assert_string_equal(next_row(&t, 2), "1|1250");
	assert_string_equal(next_row(&t, 0), "");
	assert_false(dsv_unended(t.d)); /* closed, so it is whole */
	close_table(&t);
	open_table(&t, "a;b\n\"1\";24\"", 11, &detect);
	assert_string_equal(next_row(&t, 1), "a|b");
	assert_string_equal(next_row(&t, 2), "1|24\"");
	assert_string_equal(next_row(&t, 0), "");
	assert_true(dsv_unended(t.d)); /* a quote that closes nothing */
	close_table(&t);
	open_table(&t, "", 0, &detect);
	assert_string_equal(next_row(&t, 0), "");
	assert_false(dsv_unended(t.d));
	close_table(&t);
}

static void
test_encodings(void **state UNUSED)
{
	static const char utf16[] = "\xFF\xFEI\0d\0\t\0\x27\x04\r\0\n\0"
				    "1\0\t\0\x30\x04\r\0\n\0";
	struct table t;

	open_table(&t, "\xEF\xBB\xBFЧ;я\n", 9, &detect);
	assert_int_equal(dsv_dialect(t.d)->encoding, DSV_UTF8);
	assert_string_equal(next_row(&t, 1), "Ч|я");
	close_table(&t);

	open_table(&t, utf16, sizeof(utf16) - 1, &detect);
	assert_int_equal(dsv_dialect(t.d)->encoding, DSV_UTF16LE);
	assert_int_equal(dsv_dialect(t.d)->separator, '\t');
	assert_string_equal(next_row(&t, 1), "Id|Ч");
	assert_string_equal(next_row(&t, 2), "1|а");
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);

	open_table(&t, "I\0d\0\n\0\x27\x04", 8, &detect);
	assert_int_equal(dsv_dialect(t.d)->encoding, DSV_UTF16LE);
	assert_string_equal(next_row(&t, 1), "Id");
	assert_string_equal(next_row(&t, 2), "Ч");
	close_table(&t);

	open_table(&t, "\xD7\xE0\xE9;\xB9\xA0\n", 7, &detect);
	assert_int_equal(dsv_dialect(t.d)->encoding, DSV_CP1251);
	assert_string_equal(next_row(&t, 1), "Чай|№");
	close_table(&t);
}

static void
test_told_encoding_wins(void **state UNUSED)
{
	static const struct dsv_dialect told = { .encoding = DSV_CP1251 };

	expect_table("\xD0\xA7\n", &told, "Р§/");
}

static void
test_utf16be_is_refused(void **state UNUSED)
{
	int fd = memfd_of("\xFE\xFF\0a", 4);
	const struct err *err;
	struct dsv *d;

	err = dsv_open(fd, "test.csv", &detect, &d);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg, "test.csv: UTF-16BE cannot be read");
	assert_null(d);
	close(fd);
}

static void
test_bad_bytes_cost_their_row(void **state UNUSED)
{
	static const struct dsv_dialect utf8 = { .encoding = DSV_UTF8 };
	static const struct dsv_dialect cp1251 = { .encoding = DSV_CP1251 };
	static const struct dsv_dialect utf16 = { .encoding = DSV_UTF16LE };
	struct table t;

	open_table(&t, "a\n\xE0\nb\n", 6, &utf8);
	assert_string_equal(next_row(&t, 1), "a");
	expect_bad_row(&t, 2,
	    "bad UTF-8; give encoding = windows-1251 in the map file when "
	    "that is what it is");
	assert_string_equal(next_row(&t, 3), "b");
	close_table(&t);

	open_table(&t, "a\nx\x98y\nb", 7, &cp1251);
	assert_string_equal(next_row(&t, 1), "a");
	expect_bad_row(&t, 2, "a byte that is not in Windows-1251");
	assert_string_equal(next_row(&t, 3), "b");
	close_table(&t);

	open_table(&t, "\x3D\xD8\n\0b\0\n\0c", 9, &utf16);
	expect_bad_row(&t, 1, "bad UTF-16");
	assert_string_equal(next_row(&t, 2), "b");
	expect_bad_row(&t, 3, "bad UTF-16");
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);

	open_table(&t, "a\nb\0c\nd\n", 8, &detect);
	assert_string_equal(next_row(&t, 1), "a");
	expect_bad_row(&t, 2, "NUL byte");
	assert_string_equal(next_row(&t, 3), "d");
	close_table(&t);
}

/* What is cut by the end of the first 64 KiB is not taken for bad UTF-8. */
static void
test_cut_character_is_still_utf8(void **state UNUSED)
{
	const size_t piece = 65536;
	char *text = malloc(piece + 8);
	struct table t;
	size_t cut;

	assert_non_null(text);
	for (cut = 1; cut <= 2; cut++) {
		memset(text, 'x', piece);
		memcpy(text + piece - cut, "\xE2\x84\x96\n", 4);
		open_table(&t, text, piece - cut + 4, &detect);
		assert_int_equal(dsv_dialect(t.d)->encoding, DSV_UTF8);
		assert_int_equal(strlen(next_row(&t, 1)), piece - cut + 3);
		close_table(&t);
	}
	/* but at the end of the file it is */
	open_table(&t, "\xE2\x84", 2, &detect);
	assert_int_equal(dsv_dialect(t.d)->encoding, DSV_CP1251);
	close_table(&t);
	free(text);
}

/* Rows and characters that cross the pieces in which the file is read. */
static void
test_rows_across_reads(void **state UNUSED)
{
	static const struct dsv_dialect utf16 = { .encoding = DSV_UTF16LE };
	struct buf text = { 0 }, wide = { 0 };
	char want[64];
	struct table t;
	size_t i;

	for (i = 0; i < 20000; i++)
		buf_printf(&text, "%zu;\"q\"\"%zu\";\"%.*s\"\r\n", i, i,
		    (int)(i % 20), "aaaaa\naaaaaaaaaaaaaa");
	open_table(&t, text.data, text.len, &detect);
	for (i = 0; i < 20000; i++) {
		snprintf(want, sizeof(want), "%zu|q\"%zu|%.*s", i, i,
		    (int)(i % 20 == 6 ? 5 : i % 20), "aaaaa\naaaaaaaaaaaaaa");
		assert_string_equal(next_row(&t,
					i + 1 + i / 20 * 14 +
					    (i % 20 > 6 ? i % 20 - 6 : 0)),
		    want);
	}
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);

	buf_addc(&wide, 'x'); /* so that pieces end inside a character */
	buf_addc(&wide, '\0');
	for (i = 0; i < 50000; i++)
		buf_add(&wide, "\x3D\xD8\x00\xDE", 4);
	open_table(&t, wide.data, wide.len, &utf16);
	assert_int_equal(strlen(next_row(&t, 1)), 1 + 4 * 50000);
	close_table(&t);
	buf_free(&text);
	buf_free(&wide);
}

static void
test_longest_row(void **state UNUSED)
{
	const size_t max = (size_t)16 << 20;
	char *text = malloc(2 * max + 64), *end;
	struct table t;

	assert_non_null(text);
	memset(text, 'x', max);
	memcpy(text + max, "\nA\n", 3);
	memset(text + max + 3, 'y', max + 1);
	end = text + 2 * max + 4;
	memcpy(end, "\nB\n\"", 4);
	end += 4;
	open_table(&t, text, (size_t)(end - text), &detect);
	assert_int_equal(strlen(next_row(&t, 1)), max);
	assert_string_equal(next_row(&t, 2), "A");
	expect_bad_row(&t, 3, "row longer than 16 MiB");
	assert_string_equal(next_row(&t, 4), "B");
	expect_bad_row(&t, 5, "unclosed quote");
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);

	/* a quote that is closed, but too late */
	memset(text, 'x', 2 * max);
	text[0] = '"';
	text[3] = '\n';
	text[2 * max - 1] = '"';
	open_table(&t, text, 2 * max, &detect);
	expect_bad_row(&t, 1, "unclosed quote");
	assert_string_equal(dsv_raw(t.d), "\"xx");
	expect_bad_row(&t, 2, "row longer than 16 MiB");
	assert_string_equal(next_row(&t, 0), "");
	close_table(&t);
	free(text);
}

/* A line of 256 MiB through a pipe must not be held in memory. */
static void
test_endless_row_in_bounded_memory(void **state UNUSED)
{
	static char piece[1 << 16];
	struct rusage before, after;
	struct table t;
	int fds[2], i, status;
	pid_t pid;

	memset(piece, 'x', sizeof(piece));
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		for (i = 0; i < 4096; i++)
			if (write(fds[1], piece, sizeof(piece)) < 0)
				_exit(1);
		_exit(write(fds[1], "\nnext", 5) != 5);
	}
	close(fds[1]);
	t.fd = fds[0];
	getrusage(RUSAGE_SELF, &before);
	assert_null(dsv_open(t.fd, "pipe", &detect, &t.d));
	expect_bad_row(&t, 1, "row longer than 16 MiB");
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 160L * 1024);
	assert_string_equal(next_row(&t, 2), "next");
	close_table(&t);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

static void
test_read_error(void **state UNUSED)
{
	const struct err *err;
	struct dsv *d;

	err = dsv_open(-1, "orders.csv", &detect, &d);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
	assert_non_null(strstr(err->msg, "orders.csv: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_separators),
		cmocka_unit_test(test_sep_line),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_excel_text_cells),
		cmocka_unit_test(test_trimmed),
		cmocka_unit_test(test_empty_rows_are_passed_over),
		cmocka_unit_test(test_lines_are_physical),
		cmocka_unit_test(test_unclosed_quote_costs_one_line),
		cmocka_unit_test(test_end_without_a_line_break),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_told_encoding_wins),
		cmocka_unit_test(test_utf16be_is_refused),
		cmocka_unit_test(test_bad_bytes_cost_their_row),
		cmocka_unit_test(test_cut_character_is_still_utf8),
		cmocka_unit_test(test_rows_across_reads),
		cmocka_unit_test(test_longest_row),
		cmocka_unit_test(test_endless_row_in_bounded_memory),
		cmocka_unit_test(test_read_error),
	};

	return cmocka_run_group_tests_name("dsv", tests, NULL, NULL);
}
