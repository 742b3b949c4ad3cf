/* sheet_summary.c - the key figures, this period and the one before. */
#include "report/sheet.h"
#include "stats/kpi.h"

static const struct sheet_column columns[] = {
	{ "Figure", 26 },
	{ "This period", 16 },
	{ "Before", 16 },
	{ "Change", 10 },
	{ "How it is counted", 56 },
};

static void
summary_days(struct sheet *s, const char *what, const struct period *p)
{
	sheet_text(s, what);
	sheet_day(s, p->first);
	sheet_day(s, p->end - 1);
	sheet_row(s);
}

/* What the figures are about. */
static void
summary_top(struct sheet *s, const struct page *p)
{
	const struct book *b = p->book;
	struct period before = period_before(&b->period);

	summary_days(s, "First and last day", &b->period);
	summary_days(s, "Compared with", &before);
	if (p->this.to < when_day_start(b->period.end)) {
		sheet_text(s, "Not over yet: both until");
		sheet_time(s, p->this.to);
		sheet_time(s, p->before.to);
		sheet_row(s);
	}
	sheet_text(s, "Time zone of the days");
	sheet_text(s, when_zone_name());
	sheet_row(s);
	sheet_text(s, "Currency");
	sheet_text(s, p->currency);
	sheet_row(s);
	sheet_text(s, "Written");
	sheet_time(s, b->now);
	sheet_row(s);
	sheet_row(s);
}

static void
summary_value(struct sheet *s, const struct kpi *k, const struct kpi_figure *f)
{
	int64_t v = 0;
	bool known = false;

	if (s->err == NULL)
		s->err = kpi_value(k, f, &known, &v);
	if (!known) {
		sheet_text(s, NULL);
		return;
	}
	switch (f->kind) {
	case KPI_COUNT:
		sheet_int(s, v);
		break;
	case KPI_DECIMAL:
		sheet_quantity(s, v);
		break;
	case KPI_MONEY:
	case KPI_AVERAGE:
		sheet_money(s, v);
		break;
	case KPI_SHARE:
		sheet_percent(s, v);
		break;
	}
}

static void
summary_figure(struct sheet *s, const struct kpi *this,
    const struct kpi *before, const struct kpi_figure *f)
{
	bool known = false;
	int64_t bp = 0;

	sheet_text(s, f->title);
	summary_value(s, this, f);
	summary_value(s, before, f);
	if (s->err == NULL)
		s->err = kpi_change(this, before, f, &known, &bp);
	if (known)
		sheet_percent(s, bp);
	else
		sheet_text(s, NULL);
	s->format = XLSX_NOTE;
	sheet_text(s, f->how);
	sheet_row(s);
}

const struct err *
sheet_summary(const struct page *p)
{
	const struct kpi_figure *f;
	const struct err *err;
	struct kpi this, before;
	struct sheet s;

	if ((err = kpi_read(p->db, &p->this, p->currency, &this)) != NULL ||
	    (err = kpi_read(p->db, &p->before, p->currency, &before)) != NULL)
		return err;
	sheet_begin(&s, p, "Key figures", columns, ARRAY_LEN(columns));
	summary_top(&s, p);
	sheet_heads(&s);
	for (f = kpi_figures; f->name != NULL; f++)
		summary_figure(&s, &this, &before, f);
	return sheet_end(&s);
}
