/* sheet_products.c - what sells best. */
#include "report/sheet.h"

enum { LISTED = 50, CHARTED = 15 };

enum { SKU, NAME, QUANTITY, REVENUE, ORDERS, COST, PROFIT };

static const struct sheet_column columns[] = {
	[SKU] = { "SKU", 16 },
	[NAME] = { "Product", 44 },
	[QUANTITY] = { "Quantity", 11 },
	[REVENUE] = { "Revenue", 15 },
	[ORDERS] = { "Orders", 10 },
	[COST] = { "Cost", 15 },
	[PROFIT] = { "Gross profit", 15 },
};

const struct err *
sheet_products(const struct page *p)
{
	struct xlsx_chart chart = {
		.kind = XLSX_BARS,
		.title = "Revenue by product",
		.categories = NAME,
		.values = { REVENUE },
		.value_count = 1,
	};
	const struct product_sales *v;
	const struct err *err;
	struct product_list list;
	struct sheet s;
	size_t i;

	if ((err = sales_by_product(p->db, &p->this, p->currency, LISTED,
		 p->arena, &list)) != NULL)
		return err;
	sheet_begin(&s, p, "Products with the most revenue", columns,
	    ARRAY_LEN(columns));
	sheet_note(&s,
	    "Lines of sales, less their own discounts, without delivery and "
	    "discounts of the whole order. Cost only where the purchase price "
	    "of every line is known.");
	sheet_heads(&s);
	for (i = 0; i < list.len; i++) {
		v = &list.v[i];
		sheet_text(&s, v->sku);
		sheet_text(&s, v->name);
		sheet_quantity(&s, v->quantity);
		sheet_money(&s, v->revenue_minor);
		sheet_int(&s, v->orders);
		if (v->has_cost) {
			sheet_money(&s, v->cost_minor);
			sheet_money(&s, v->revenue_minor - v->cost_minor);
		}
		sheet_row(&s);
	}
	sheet_filter(&s);
	sheet_chart(&s, &chart, s.head + 1,
	    s.head + 1 + (int)(list.len < CHARTED ? list.len : CHARTED));
	return sheet_end(&s);
}
