/* sheet.c - a sheet of the workbook, cell after cell. */
#include "report/sheet.h"

#include "base/decimal.h"

enum { BP = 10000 };

enum { CHART_ROWS = 17, CHART_GAP = 1 /* columns */ };

void
sheet_begin(struct sheet *s, const struct page *p, const char *title,
    const struct sheet_column *columns, size_t column_count)
{
	int i;

	*s = (struct sheet){ .currency = p->currency,
		.columns = columns,
		.column_count = (int)column_count };
	s->err = xlsx_sheet(p->xlsx, p->name, &s->xs);
	if (s->err != NULL)
		return;
	for (i = 0; i < s->column_count; i++)
		xlsx_width(s->xs, i, columns[i].width);
	s->format = XLSX_TITLE;
	sheet_text(s, arena_printf(p->arena, "%s, %s", title, p->period));
	sheet_row(s);
}

void
sheet_note(struct sheet *s, const char *note)
{
	s->format = XLSX_NOTE;
	sheet_text(s, note);
	sheet_row(s);
}

void
sheet_heads(struct sheet *s)
{
	int i;

	s->head = s->chart = s->row;
	s->format = XLSX_HEAD;
	if (s->err == NULL)
		xlsx_height(s->xs, s->row, 32); /* two lines of text */
	for (i = 0; i < s->column_count; i++)
		sheet_text(s, s->columns[i].head);
	sheet_row(s);
	if (s->err == NULL)
		xlsx_freeze(s->xs, s->row, 1);
}

void
sheet_text(struct sheet *s, const char *v)
{
	if (s->err == NULL && v != NULL)
		s->err = xlsx_text(s->xs, s->row, s->column, s->format, v);
	s->column++;
}

void
sheet_int(struct sheet *s, int64_t v)
{
	if (s->err == NULL)
		s->err = xlsx_int(s->xs, s->row, s->column, s->format, v);
	s->column++;
}

void
sheet_money(struct sheet *s, int64_t minor)
{
	if (s->err == NULL)
		s->err = xlsx_money(s->xs, s->row, s->column, s->format, minor,
		    s->currency);
	s->column++;
}

void
sheet_quantity(struct sheet *s, int64_t v)
{
	if (s->err == NULL)
		s->err = xlsx_decimal(s->xs, s->row, s->column, s->format, v,
		    QUANTITY_PLACES);
	s->column++;
}

void
sheet_percent(struct sheet *s, int64_t bp)
{
	if (s->err == NULL)
		s->err = xlsx_percent(s->xs, s->row, s->column, s->format, bp);
	s->column++;
}

void
sheet_day(struct sheet *s, int64_t day)
{
	if (s->err == NULL)
		s->err = xlsx_day(s->xs, s->row, s->column, s->format, day);
	s->column++;
}

void
sheet_time(struct sheet *s, int64_t t)
{
	if (s->err == NULL)
		s->err = xlsx_time(s->xs, s->row, s->column, s->format, t);
	s->column++;
}

void
sheet_share(struct sheet *s, int64_t part, int64_t whole)
{
	int64_t bp = 0;

	if (whole == 0) {
		sheet_text(s, "");
		return;
	}
	if (s->err == NULL)
		s->err = decimal_muldiv(part, BP, whole, &bp);
	sheet_percent(s, bp);
}

void
sheet_average(struct sheet *s, int64_t sum, int64_t count)
{
	int64_t mean = 0;

	if (count == 0) {
		sheet_text(s, "");
		return;
	}
	if (s->err == NULL)
		s->err = decimal_muldiv(sum, 1, count, &mean);
	sheet_money(s, mean);
}

void
sheet_row(struct sheet *s)
{
	s->row++;
	s->column = 0;
	s->format = XLSX_PLAIN;
}

void
sheet_total(struct sheet *s)
{
	s->format = XLSX_TOTAL;
	sheet_text(s, "Total");
}

void
sheet_filter(struct sheet *s)
{
	if (s->err == NULL && s->row > s->head + 1)
		xlsx_filter(s->xs, s->head, 0, s->row - 1, s->column_count - 1);
}

void
sheet_chart(struct sheet *s, struct xlsx_chart *c, int first, int end)
{
	if (s->err != NULL || first >= end)
		return;
	c->first = first;
	c->last = end - 1;
	c->head = s->head;
	c->at_row = s->chart;
	c->at_column = s->column_count + CHART_GAP;
	s->chart += CHART_ROWS;
	s->err = xlsx_chart(s->xs, c);
}

const struct err *
sheet_end(struct sheet *s)
{
	return s->err;
}
