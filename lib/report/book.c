/* book.c - the owner's workbook. */
#include "report/book.h"

#include "crm/shop.h"
#include "report/sheet.h"
#include "stats/kpi.h"
#include "stats/sales.h"

static const struct {
	const char *name;
	sheet_fn write;
} sheets_of_book[] = {
	{ "Summary", sheet_summary },
	{ "Days", sheet_days },
	{ "Statuses", sheet_statuses },
	{ "Sources", sheet_sources },
	{ "Products", sheet_products },
	{ "RFM", sheet_rfm },
};

/*
 * What the sheets have in common, and the currencies: each has its own sheets,
 * because sums across them would mean nothing.
 */
static const struct err *
book_page(const struct book *b, struct arena *a, struct page *p,
    const char ***currencies, size_t *count)
{
	const struct err *err;
	struct when_span both;
	char name[PERIOD_STR_MAX];

	*p = (struct page){ .book = b, .db = b->shop->db, .arena = a };
	p->period = arena_strdup(a, period_name(&b->period, name));
	period_spans(&b->period, b->now, &p->this, &p->before);
	both = (struct when_span){ p->before.from, p->this.to };
	if ((err = kpi_currencies(p->db, &both, a, currencies, count)) != NULL)
		return err;
	if (*count == 0) {
		*currencies = arena_alloc(a, sizeof(**currencies));
		(*currencies)[(*count)++] = b->shop->currency;
	}
	return NULL;
}

/* The sales in each of the currencies, which several sheets are about. */
static const struct err *
book_sales(const struct page *p, const char *const *currencies, size_t count,
    struct sales_tables **out)
{
	const struct err *err = NULL;
	size_t i;

	*out = arena_alloc(p->arena, count * sizeof(**out));
	for (i = 0; i < count && err == NULL; i++)
		err = sales_read(p->db, &p->this, currencies[i], p->book->lang,
		    p->arena, &(*out)[i]);
	return err;
}

const struct err *
book_write(const struct book *b, const char *path, bool dry_run, int *sheets)
{
	const struct err *err;
	struct arena a = { 0 };
	struct sales_tables *sales;
	const char **currencies;
	struct page p;
	size_t i, n, count;

	*sheets = 0;
	if ((err = book_page(b, &a, &p, &currencies, &count)) != NULL ||
	    (err = book_sales(&p, currencies, count, &sales)) != NULL ||
	    (err = xlsx_open(path, arena_printf(&a, "Report %s", p.period),
		 &p.xlsx)) != NULL)
		goto out;
	for (i = 0; i < ARRAY_LEN(sheets_of_book); i++)
		for (n = 0; n < count; n++) {
			p.currency = currencies[n];
			p.sales = &sales[n];
			p.name = sheets_of_book[i].name;
			if (count > 1)
				p.name = arena_printf(&a, "%s %s", p.name,
				    p.currency);
			if ((err = sheets_of_book[i].write(&p)) != NULL)
				goto out;
			++*sheets;
		}
	if (!dry_run) {
		err = xlsx_close(p.xlsx);
		p.xlsx = NULL;
	}
out:
	xlsx_discard(p.xlsx);
	arena_free(&a);
	return err;
}
