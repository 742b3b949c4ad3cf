/* sheet_sources.c - where the orders of the period came from. */
#include "report/sheet.h"

enum { CHARTED = 15 }; /* of the sources, those with the most revenue */

enum {
	SOURCE,
	DOOR,
	ORDERS,
	SALES,
	REVENUE,
	AVERAGE,
	CONVERSION,
	CANCELLED,
	CANCELLED_SHARE,
};

static const struct sheet_column columns[] = {
	[SOURCE] = { "utm_source / utm_medium", 32 },
	[DOOR] = { "Door", 14 },
	[ORDERS] = { "Orders", 10 },
	[SALES] = { "Sales", 10 },
	[REVENUE] = { "Revenue", 15 },
	[AVERAGE] = { "Average order value", 15 },
	[CONVERSION] = { "Conversion into sales", 12 },
	[CANCELLED] = { "Cancelled", 11 },
	[CANCELLED_SHARE] = { "Cancelled, share", 11 },
};

static void
sources_sums(struct sheet *s, const struct sales *d)
{
	sheet_int(s, d->orders);
	sheet_int(s, d->sales);
	sheet_money(s, d->revenue_minor);
	sheet_average(s, d->revenue_minor, d->sales);
	sheet_share(s, d->sales, d->orders);
	sheet_int(s, d->cancelled);
	sheet_share(s, d->cancelled, d->orders);
	sheet_row(s);
}

const struct err *
sheet_sources(const struct page *p)
{
	struct xlsx_chart chart = {
		.kind = XLSX_BARS,
		.title = "Revenue by source",
		.categories = SOURCE,
		.values = { REVENUE },
		.value_count = 1,
	};
	const struct sales_list *list = &p->sales->sources;
	struct sheet s;
	size_t i;

	sheet_begin(&s, p, "Orders by source", columns, ARRAY_LEN(columns));
	sheet_note(&s,
	    "The door is how an order came in: the site, a file, the phone.");
	sheet_heads(&s);
	for (i = 0; i < list->len; i++) {
		sheet_text(&s, list->v[i].name);
		sheet_text(&s, list->v[i].within);
		sources_sums(&s, &list->v[i]);
	}
	sheet_filter(&s);
	sheet_chart(&s, &chart, s.head + 1,
	    s.head + 1 + (int)(list->len < CHARTED ? list->len : CHARTED));
	sheet_total(&s);
	sheet_text(&s, "");
	sources_sums(&s, &p->sales->all);
	return sheet_end(&s);
}
