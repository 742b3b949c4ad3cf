/* xlsx - the XML in a workbook holds the numbers, dates and charts we wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/when.h"
#include "io/xlsx.h"

#define SHEET "xl/worksheets/sheet1.xml"

static char folder[] = "/tmp/crm-xlsx.XXXXXX";

static int
enter_folder(void **state UNUSED)
{
	setenv("CRM_NOW", "2026-11-22T10:00:00Z", 1);
	return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int
leave_folder(void **state UNUSED)
{
	unlink("book.xlsx");
	return chdir("/") != 0 || rmdir(folder) != 0;
}

static int
count_entries(const char *path)
{
	DIR *d = opendir(path);
	int n = -2; /* . and .. */

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* One file of book.xlsx; belongs to this function until its next call. */
static const char *
part(const char *name)
{
	static struct buf b;
	char chunk[4096];
	int fds[2], status;
	ssize_t n;
	pid_t pid;

	buf_reset(&b);
	assert_int_equal(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		execlp("unzip", "unzip", "-p", "book.xlsx", name, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	while ((n = read(fds[0], chunk, sizeof(chunk))) > 0)
		buf_add(&b, chunk, (size_t)n);
	close(fds[0]);
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	return buf_str(&b);
}

static void
expect_part(const char *name, const char *want)
{
	const char *text = part(name);

	if (strstr(text, want) == NULL)
		fail_msg("%s lacks %s: %s", name, want, text);
}

static struct xlsx *
open_book(struct xlsx_sheet **sheet)
{
	struct xlsx *x;

	assert_null(xlsx_open("book.xlsx", "Week 47", &x));
	assert_null(xlsx_sheet(x, "Orders", sheet));
	return x;
}

static void
test_cells(void **state UNUSED)
{
	struct xlsx_sheet *s;
	struct xlsx *x = open_book(&s);

	assert_null(when_zone("Europe/Minsk"));
	assert_null(xlsx_text(s, 0, 0, XLSX_HEAD, "Заказ <1>"));
	assert_null(xlsx_text(s, 0, 1, XLSX_PLAIN, NULL));
	assert_null(xlsx_text(s, 1, 0, XLSX_PLAIN, "00042"));
	assert_null(xlsx_int(s, 1, 1, XLSX_PLAIN, -12345));
	assert_null(xlsx_money(s, 1, 2, XLSX_TOTAL, 125050, "RUB"));
	assert_null(xlsx_money(s, 1, 3, XLSX_PLAIN, 500, "JPY"));
	assert_null(xlsx_decimal(s, 1, 4, XLSX_PLAIN, 1500, 3));
	assert_null(xlsx_percent(s, 1, 5, XLSX_PLAIN, 1234));
	assert_null(xlsx_day(s, 1, 6, XLSX_PLAIN, 20779));
	assert_null(xlsx_time(s, 1, 7, XLSX_PLAIN, 1795370400));
	assert_null(xlsx_close(x));
	expect_part(SHEET, "<is><t>Заказ &lt;1&gt;</t></is>");
	expect_part(SHEET, "<c r=\"A2\" t=\"inlineStr\"><is><t>00042</t>");
	expect_part(SHEET, "<v>-12345</v>");
	expect_part(SHEET, "<v>1250.5</v>");
	expect_part(SHEET, "<v>500</v>");
	expect_part(SHEET, "<v>1.5</v>");
	expect_part(SHEET, "<v>0.1234</v>");
	expect_part(SHEET, "<v>46348</v>");     /* 2026-11-22 */
	expect_part(SHEET, "<v>46348.875</v>"); /* 21:00 in Minsk */
	assert_null(strstr(part(SHEET), "r=\"B1\""));
	expect_part("xl/styles.xml", "formatCode=\"#,##0.0\"");
	expect_part("xl/styles.xml", "formatCode=\"0.0%\"");
	expect_part("xl/styles.xml", "formatCode=\"yyyy-mm-dd\"");
	expect_part("xl/styles.xml", "formatCode=\"yyyy-mm-dd hh:mm\"");
	expect_part("xl/workbook.xml", "<sheet name=\"Orders\"");
	assert_null(when_zone("UTC"));
}

/* Styles are made once: a workbook of many cells must not hold many. */
static void
test_formats_are_shared(void **state UNUSED)
{
	struct xlsx_sheet *s;
	struct xlsx *x = open_book(&s);
	int row;

	for (row = 0; row < 100; row++) {
		assert_null(xlsx_money(s, row, 0, XLSX_PLAIN, row, "RUB"));
		assert_null(xlsx_day(s, row, 1, XLSX_TOTAL, row));
	}
	assert_null(xlsx_close(x));
	expect_part("xl/styles.xml", "<cellXfs count=\"3\">");
}

static void
test_refused(void **state UNUSED)
{
	const int64_t digits = INT64_C(1000000000000000);
	char *text = malloc(32769);
	const struct err *err;
	struct xlsx_sheet *s;
	struct xlsx *x = open_book(&s);

	assert_non_null(text);
	memset(text, 'x', 32768);
	text[32768] = '\0';
	err = xlsx_text(s, 0, 0, XLSX_PLAIN, text);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	assert_string_equal(err->msg,
	    "sheet 'Orders', row 1: text longer than 32767 characters");
	text[32767] = '\0';
	assert_null(xlsx_text(s, 0, 0, XLSX_PLAIN, text));
	err = xlsx_money(s, 0, 1, XLSX_PLAIN, digits, "RUB");
	assert_non_null(err);
	assert_string_equal(err->msg,
	    "sheet 'Orders', row 1: more than 15 digits");
	assert_null(xlsx_money(s, 0, 1, XLSX_PLAIN, 1 - digits, "RUB"));
	assert_non_null(xlsx_int(s, 0, 1, XLSX_PLAIN, -digits));
	assert_non_null(xlsx_money(s, 0, 1, XLSX_PLAIN, 1, "XXX"));
	assert_non_null(xlsx_day(s, 0, 1, XLSX_PLAIN, -25509));
	assert_null(xlsx_day(s, 0, 1, XLSX_PLAIN, -25508));  /* 1900-03-01 */
	assert_null(xlsx_day(s, 0, 1, XLSX_PLAIN, 2932896)); /* 9999-12-31 */
	assert_non_null(xlsx_day(s, 0, 1, XLSX_PLAIN, 2932897));
	assert_non_null(xlsx_int(s, 0, 16384, XLSX_PLAIN, 1));
	assert_null(xlsx_int(s, 1048575, 16383, XLSX_PLAIN, 1));
	err = xlsx_int(s, 1048576, 0, XLSX_PLAIN, 1);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	xlsx_discard(x);
	free(text);
}

static void
test_sheet_names(void **state UNUSED)
{
	const struct err *err;
	struct xlsx_sheet *s, *t;
	struct xlsx *x = open_book(&s);

	err = xlsx_sheet(x, "orders", &t);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_INPUT);
	assert_null(t);
	assert_non_null(xlsx_sheet(x, "a/b", &t));
	assert_non_null(xlsx_sheet(x, "12345678901234567890123456789012", &t));
	assert_null(xlsx_sheet(x, "Заказы и выручка по неделям 31.", &t));
	xlsx_discard(x);
}

static void
test_layout(void **state UNUSED)
{
	struct xlsx_sheet *s;
	struct xlsx *x = open_book(&s);

	xlsx_width(s, 0, 30);
	xlsx_freeze(s, 1, 1);
	xlsx_filter(s, 0, 0, 10, 1);
	assert_null(xlsx_text(s, 0, 0, XLSX_TITLE, "a"));
	assert_null(xlsx_text(s, 0, 1, XLSX_NOTE, "b"));
	assert_null(xlsx_close(x));
	expect_part(SHEET, "<col min=\"1\" max=\"1\" width=\"30.7");
	expect_part(SHEET, "state=\"frozen\"");
	expect_part(SHEET, "<autoFilter ref=\"A1:B11\"");
	expect_part("xl/workbook.xml", "<workbookView ");
}

static void
test_charts(void **state UNUSED)
{
	struct xlsx_chart chart = {
		.kind = XLSX_LINE,
		.title = "Revenue & orders",
		.first = 1,
		.last = 3,
		.values = { 1, 2 },
		.value_count = 2,
		.at_row = 5,
	};
	struct xlsx_sheet *s;
	struct xlsx *x = open_book(&s);

	assert_null(xlsx_chart(s, &chart));
	chart.kind = XLSX_COLUMNS;
	chart.days = true;
	assert_null(xlsx_chart(s, &chart));
	chart.last = 0;
	assert_non_null(xlsx_chart(s, &chart));
	assert_null(xlsx_close(x));
	expect_part("xl/charts/chart1.xml", "<c:lineChart>");
	expect_part("xl/charts/chart1.xml", "Revenue &amp; orders");
	expect_part("xl/charts/chart1.xml", "<c:f>Orders!$A$2:$A$4</c:f>");
	expect_part("xl/charts/chart1.xml", "<c:f>Orders!$B$2:$B$4</c:f>");
	expect_part("xl/charts/chart1.xml", "<c:f>Orders!$C$2:$C$4</c:f>");
	expect_part("xl/charts/chart1.xml", "<c:f>Orders!$C$1</c:f>");
	assert_null(strstr(part("xl/charts/chart1.xml"), "dd.mm"));
	expect_part("xl/charts/chart2.xml", "<c:barChart>");
	expect_part("xl/charts/chart2.xml", "<c:f>Orders!$B$2:$B$4</c:f>");
	expect_part("xl/charts/chart2.xml", "<c:f>Orders!$C$2:$C$4</c:f>");
	expect_part("xl/charts/chart2.xml", "formatCode=\"dd.mm\"");
}

static void
test_same_data_same_file(void **state UNUSED)
{
	struct buf first = { 0 }, second = { 0 };
	struct buf *files[] = { &first, &second };
	struct xlsx_sheet *s;
	struct xlsx *x;
	ssize_t n;
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_LEN(files); i++) {
		x = open_book(&s);
		assert_null(xlsx_int(s, 0, 0, XLSX_PLAIN, 1));
		assert_null(xlsx_close(x));
		fd = open("book.xlsx", O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		while ((n = read(fd, buf_room(files[i], 4096), 4096)) > 0)
			files[i]->len += (size_t)n;
		close(fd);
	}
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	expect_part("docProps/core.xml", "2026-11-22T10:00:00Z");
	expect_part("docProps/core.xml", "<dc:title>Week 47</dc:title>");
	buf_free(&first);
	buf_free(&second);
}

static void
test_discard_leaves_the_old_book(void **state UNUSED)
{
	int fd = open("book.xlsx", O_WRONLY | O_CREAT | O_TRUNC, 0644), fds;
	struct xlsx_sheet *s;
	struct stat st;
	struct xlsx *x;

	assert_int_equal(write(fd, "old", 3), 3);
	close(fd);
	fds = count_entries("/proc/self/fd");
	x = open_book(&s);
	assert_null(xlsx_int(s, 0, 0, XLSX_PLAIN, 1));
	xlsx_discard(x);
	xlsx_discard(NULL);
	assert_int_equal(stat("book.xlsx", &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(count_entries("."), 1);
	assert_int_equal(count_entries("/proc/self/fd"), fds);
}

static void
test_no_place(void **state UNUSED)
{
	const struct err *err;
	struct xlsx *x;

	err = xlsx_open("/nonexistent/x.xlsx", "", &x);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
	assert_null(x);
}

/* libxlsxwriter alone would make a workbook without the rows that got lost. */
static void
test_full_disk_is_an_error(void **state UNUSED)
{
	const struct err *err;
	struct xlsx_sheet *s;
	struct rlimit limit, tight;
	struct xlsx *x = open_book(&s);
	int row;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	tight = limit;
	tight.rlim_cur = 100000;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	for (row = 0; row < 10000; row++)
		assert_null(xlsx_text(s, row, 0, XLSX_PLAIN, "some text"));
	err = xlsx_close(x);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_IO);
	assert_int_equal(count_entries("."), 1);
}

/* 300 rows, closed while no file may be larger than the limit; 0: any size. */
static const struct err *
write_limited(rlim_t bytes)
{
	const struct err *err;
	struct rlimit limit, tight;
	struct xlsx_sheet *s;
	struct xlsx *x = open_book(&s);
	int row;

	for (row = 0; row < 300; row++)
		assert_null(xlsx_text(s, row, 0, XLSX_PLAIN, "some text"));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	tight = limit;
	if (bytes != 0)
		tight.rlim_cur = bytes;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	err = xlsx_close(x);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	return err;
}

/* Wherever it fails: a whole workbook or an error, and then none. */
static void
test_no_half_workbook(void **state UNUSED)
{
	const struct err *err;
	char *whole;
	size_t len;
	rlim_t bytes;
	int fails = 0;

	assert_null(write_limited(0));
	len = strlen(part(SHEET));
	whole = strdup(part(SHEET));
	for (bytes = 500; bytes < len + 1000; bytes += 97) {
		unlink("book.xlsx");
		if ((err = write_limited(bytes)) == NULL) {
			assert_string_equal(part(SHEET), whole);
			continue;
		}
		fails++;
		assert_int_equal(err->code, ERR_IO);
		assert_int_equal(count_entries("."), 0);
	}
	assert_true(fails > 0);
	assert_null(write_limited(0));
	free(whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_formats_are_shared),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_sheet_names),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_charts),
		cmocka_unit_test(test_same_data_same_file),
		cmocka_unit_test(test_discard_leaves_the_old_book),
		cmocka_unit_test(test_no_place),
		cmocka_unit_test(test_full_disk_is_an_error),
		cmocka_unit_test(test_no_half_workbook),
	};

	return cmocka_run_group_tests_name("xlsx", tests, enter_folder,
	    leave_folder);
}
