/* sheet_statuses.c - where the orders of the period stand now. */
#include "report/sheet.h"

enum { GROUP, STATUS, ORDERS, SUM, SHARE };

static const struct sheet_column columns[] = {
	[GROUP] = { "Group", 22 },
	[STATUS] = { "Status", 32 },
	[ORDERS] = { "Orders", 10 },
	[SUM] = { "Sum", 15 },
	[SHARE] = { "Share of orders", 12 },
};

const struct err *
sheet_statuses(const struct page *p)
{
	struct xlsx_chart chart = {
		.kind = XLSX_BARS,
		.title = "Orders by status",
		.categories = STATUS,
		.values = { ORDERS },
		.value_count = 1,
	};
	const struct sales_list *list = &p->sales->statuses;
	const struct sales *all = &p->sales->all;
	struct sheet s;
	size_t i;

	sheet_begin(&s, p, "Orders by status", columns, ARRAY_LEN(columns));
	sheet_note(&s, "Orders placed in the period, by their status now.");
	sheet_heads(&s);
	for (i = 0; i < list->len; i++) {
		sheet_text(&s, list->v[i].within);
		sheet_text(&s, list->v[i].name);
		sheet_int(&s, list->v[i].orders);
		sheet_money(&s, list->v[i].total_minor);
		sheet_share(&s, list->v[i].orders, all->orders);
		sheet_row(&s);
	}
	sheet_filter(&s);
	sheet_chart(&s, &chart, s.head + 1, s.row);
	sheet_total(&s);
	sheet_text(&s, "");
	sheet_int(&s, all->orders);
	sheet_money(&s, all->total_minor);
	sheet_share(&s, all->orders, all->orders);
	return sheet_end(&s);
}
