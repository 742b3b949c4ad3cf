/*
 * xlsxloop.c - xlsxloop CELLS WORKBOOK writes the cells of a file of lines
 * "sheet<tab>row<tab>column<tab>n or s<tab>value", in order, with libxlsxwriter
 * in its frugal mode and with one format for numbers: the least a workbook of
 * these cells can take with it.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

static char *
field(char **line)
{
	char *s = strsep(line, "\t");

	if (s == NULL)
		errx(1, "a line with too few fields");
	return s;
}

int
main(int argc, char **argv)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	lxw_worksheet *sheet = NULL;
	char last[64] = "", *line = NULL, *p, *name, *value;
	lxw_workbook *book;
	lxw_format *money;
	size_t size = 0;
	lxw_row_t row;
	lxw_col_t column;
	ssize_t len;
	FILE *f;

	if (argc != 3 || (f = fopen(argv[1], "r")) == NULL)
		errx(2, "usage: xlsxloop CELLS WORKBOOK");
	if ((book = workbook_new_opt(argv[2], &options)) == NULL)
		errx(1, "%s", argv[2]);
	money = workbook_add_format(book);
	format_set_num_format(money, "#,##0.00");
	while ((len = getline(&line, &size, f)) > 0) {
		line[len - 1] = '\0';
		p = line;
		name = field(&p);
		if (strcmp(name, last) != 0) {
			snprintf(last, sizeof(last), "%s", name);
			sheet = workbook_add_worksheet(book, NULL);
		}
		row = (lxw_row_t)strtoul(field(&p), NULL, 10);
		column = (lxw_col_t)strtoul(field(&p), NULL, 10);
		if (field(&p)[0] == 'n') {
			value = field(&p);
			worksheet_write_number(sheet, row, column,
			    strtod(value, NULL), money);
		} else {
			worksheet_write_string(sheet, row, column, field(&p),
			    NULL);
		}
	}
	if (workbook_close(book) != LXW_NO_ERROR)
		errx(1, "%s: cannot be written", argv[2]);
	return 0;
}
