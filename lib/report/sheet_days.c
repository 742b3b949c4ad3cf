/* sheet_days.c - orders and revenue day by day. */
#include "report/sheet.h"

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat", "Sun" };

enum { DAY, WEEKDAY, ORDERS, SALES, REVENUE, AVERAGE };

static const struct sheet_column columns[] = {
	[DAY] = { "Day", 12 },
	[WEEKDAY] = { "Weekday", 10 },
	[ORDERS] = { "Orders", 10 },
	[SALES] = { "Sales", 10 },
	[REVENUE] = { "Revenue", 15 },
	[AVERAGE] = { "Average order value", 15 },
};

static void
days_sums(struct sheet *s, const struct sales *d)
{
	sheet_int(s, d->orders);
	sheet_int(s, d->sales);
	sheet_money(s, d->revenue_minor);
	sheet_average(s, d->revenue_minor, d->sales);
	sheet_row(s);
}

static void
days_charts(struct sheet *s, int first, int end)
{
	struct xlsx_chart revenue = {
		.kind = XLSX_COLUMNS,
		.title = "Revenue by day",
		.categories = DAY,
		.days = true,
		.values = { REVENUE },
		.value_count = 1,
	};
	struct xlsx_chart orders = {
		.kind = XLSX_LINE,
		.title = "Orders and sales by day",
		.categories = DAY,
		.days = true,
		.values = { ORDERS, SALES },
		.value_count = 2,
	};

	sheet_chart(s, &revenue, first, end);
	sheet_chart(s, &orders, first, end);
}

const struct err *
sheet_days(const struct page *p)
{
	const struct sales_list *days = &p->sales->days;
	const int64_t first = p->book->period.first;
	struct sheet s;
	size_t i;

	sheet_begin(&s, p, "Orders and revenue by day", columns,
	    ARRAY_LEN(columns));
	sheet_note(&s, "Average order value is revenue / sales.");
	sheet_heads(&s);
	for (i = 0; i < days->len; i++) {
		sheet_day(&s, first + (int64_t)i);
		sheet_text(&s, weekdays[when_weekday(first + (int64_t)i) - 1]);
		days_sums(&s, &days->v[i]);
	}
	sheet_filter(&s);
	days_charts(&s, s.head + 1, s.row);
	sheet_total(&s);
	sheet_text(&s, "");
	days_sums(&s, &p->sales->all);
	return sheet_end(&s);
}
