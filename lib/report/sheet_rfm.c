/* sheet_rfm.c - customers by recency, frequency and money. */
#include "report/sheet.h"
#include "stats/rfm_data.h"

enum { LEVELS = 5, GAP = 2 /* rows */ };

enum { SEGMENT, CUSTOMERS, SHARE, ORDERS, REVENUE, AVERAGE };

static const struct sheet_column columns[] = {
	[SEGMENT] = { "Segment", 24 },
	[CUSTOMERS] = { "Customers", 11 },
	[SHARE] = { "Share of customers", 11 },
	[ORDERS] = { "Orders", 11 },
	[REVENUE] = { "Revenue", 15 },
	[AVERAGE] = { "Average order value", 15 },
};

/*
 * The customers up to the last day, scored and in segments. The caller frees
 * *out, also after an error.
 */
static const struct err *
rfm_customers(const struct page *p, int64_t as_of, struct rfm_data *out)
{
	const struct book *b = p->book;
	struct rfm_scale scales[RFM_MEASURES];
	const struct rfm_query q = { .count = "revenue",
		.currency = p->currency,
		.as_of = as_of };
	const struct err *err;
	size_t m;

	*out = (struct rfm_data){ 0 };
	for (m = 0; m < RFM_MEASURES; m++)
		scales[m].levels = LEVELS;
	if ((err = rfm_data_load(b->shop, &q, p->arena, out)) == NULL &&
	    (err = rfm_data_score(p->db, out, RFM_QUANTILE, scales)) == NULL)
		rfm_segment_assign(b->segments, out->customers, out->count);
	return err;
}

static void
rfm_sums(struct sheet *s, const struct rfm_tally *t, int64_t customers)
{
	sheet_int(s, t->customers);
	sheet_share(s, t->customers, customers);
	sheet_int(s, t->orders);
	sheet_money(s, t->revenue);
	sheet_average(s, t->revenue, t->orders);
	sheet_row(s);
}

static void
rfm_table(struct sheet *s, const struct rfm_segments *segments,
    const struct rfm_data *data)
{
	struct rfm_tally tallies[RFM_SEGMENT_MAX + 1];
	struct rfm_tally all = { .customers = (int64_t)data->count };
	struct xlsx_chart chart = {
		.kind = XLSX_BARS,
		.title = "Customers by segment",
		.categories = SEGMENT,
		.values = { CUSTOMERS },
		.value_count = 1,
	};
	size_t i;

	rfm_segment_tally(segments, data->customers, data->count, tallies);
	for (i = 0; i < segments->count; i++) {
		if (tallies[i].customers == 0)
			continue;
		sheet_text(s, segments->names[i]);
		rfm_sums(s, &tallies[i], all.customers);
		all.orders += tallies[i].orders;
		all.revenue += tallies[i].revenue;
	}
	sheet_filter(s);
	sheet_chart(s, &chart, s->head + 1, s->row);
	sheet_total(s);
	rfm_sums(s, &all, all.customers);
}

/* Recency downwards and frequency to the right, the best first. */
static void
rfm_grid(struct sheet *s, const struct rfm_data *data)
{
	uint64_t cells[RFM_LEVELS_MAX][RFM_LEVELS_MAX];
	int r, f;

	rfm_matrix(data->customers, data->count, RFM_RECENCY, RFM_FREQUENCY,
	    cells);
	s->row += GAP;
	sheet_note(s,
	    "Customers by recency (down) and frequency (to the right): 5 "
	    "bought most recently, 5 bought most often.");
	s->format = XLSX_HEAD;
	sheet_text(s, "Recency / frequency");
	for (f = LEVELS; f > 0; f--)
		sheet_int(s, f);
	sheet_row(s);
	for (r = LEVELS; r > 0; r--) {
		s->format = XLSX_HEAD;
		sheet_int(s, r);
		s->format = XLSX_PLAIN;
		for (f = LEVELS; f > 0; f--)
			sheet_int(s, (int64_t)cells[r - 1][f - 1]);
		sheet_row(s);
	}
}

const struct err *
sheet_rfm(const struct page *p)
{
	const int64_t as_of = when_day(p->this.to - 1);
	const struct err *err;
	char day[WHEN_STR_MAX];
	struct rfm_data data;
	struct sheet s;

	if ((err = rfm_customers(p, as_of, &data)) == NULL) {
		sheet_begin(&s, p, "Customers by segment", columns,
		    ARRAY_LEN(columns));
		sheet_note(&s,
		    arena_printf(p->arena,
			"All sales until %s, in fifths: recency, frequency "
			"and money of a customer are scored 1 to 5, 5 is best.",
			when_day_format(as_of, day)));
		sheet_heads(&s);
		rfm_table(&s, p->book->segments, &data);
		rfm_grid(&s, &data);
		err = sheet_end(&s);
	}
	rfm_data_free(&data);
	return err;
}
