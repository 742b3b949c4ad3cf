/* rfm_view.c - customers, segments and scores as rfm(1) shows them. */
#include "view/rfm_view.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/money.h"
#include "base/when.h"
#include "cli/cli.h"

enum { PAGE = 256 /* customers */ };

static bool
for_people(const struct rfm_view *v)
{
	return out_format(v->cli->out) == OUT_TABLE;
}

static void
write_type(struct out *o, const char *type)
{
	if (out_format(o) == OUT_JSON)
		out_text(o, "type", type);
}

static void
write_currency(const struct rfm_view *v)
{
	if (!for_people(v))
		out_text(v->cli->out, "currency", v->data.currency);
}

/* Customers ---------------------------------------------------------------- */

/* "545", with points between them when a score may have two digits. */
static const char *
scores_together(const struct rfm_view *v, const struct rfm_customer *c)
{
	char *digits = arena_zalloc(&v->cli->rec, RFM_MEASURES + 1);
	size_t m;

	for (m = 0; m < RFM_MEASURES; m++) {
		if (v->scales[m].levels > 9)
			return arena_printf(&v->cli->rec, "%d.%d.%d",
			    c->score[RFM_RECENCY], c->score[RFM_FREQUENCY],
			    c->score[RFM_MONETARY]);
		digits[m] = (char)('0' + c->score[m]);
	}
	return digits;
}

static const struct err *
write_customer(const struct rfm_view *v, const struct rfm_customer *c,
    const struct rfm_person *person)
{
	static const char *const scores[] = { "r_score", "f_score", "m_score" };
	struct out *o = v->cli->out;
	size_t m;

	write_type(o, "customer");
	out_int(o, "customer_id", c->id);
	out_text(o, "external_id", person->external_id);
	out_text(o, "name", person->name);
	out_text(o, "phone", person->phone);
	out_text(o, "email", person->email);
	out_int(o, "recency_days", c->value[RFM_RECENCY]);
	out_int(o, "frequency", c->value[RFM_FREQUENCY]);
	out_money(o, "monetary", c->value[RFM_MONETARY], v->data.currency);
	for (m = 0; m < RFM_MEASURES; m++)
		out_int(o, scores[m], c->score[m]);
	out_text(o, "rfm_score", scores_together(v, c));
	out_text(o, "segment", v->segments->names[c->segment]);
	write_currency(v);
	return out_end(o);
}

/* The snapshot is given up between pages: whoever reads us may be slow. */
static const struct err *
write_customers(const struct rfm_view *v)
{
	const struct rfm_customer *list;
	struct rfm_person people[PAGE];
	const struct err *err;
	size_t first, n, i;

	for (first = 0; first < v->data.count; first += PAGE) {
		list = &v->data.customers[first];
		n = v->data.count - first;
		if (n > PAGE)
			n = PAGE;
		if ((err = rfm_data_people(v->cli->db, list, n, &v->cli->rec,
			 people)) != NULL)
			return err;
		for (i = 0; i < n; i++)
			if ((err = write_customer(v, &list[i], &people[i])) !=
			    NULL)
				return err;
		arena_reset(&v->cli->rec);
	}
	return NULL;
}

/* Notes -------------------------------------------------------------------- */

static const char *
describe(const struct rfm_view *v)
{
	char day[WHEN_STR_MAX];
	int64_t orders = 0;
	size_t i;

	for (i = 0; i < v->data.count; i++)
		orders += v->data.customers[i].value[RFM_FREQUENCY];
	return arena_printf(&v->cli->arena,
	    "%zu customers, %" PRId64 " orders to %s; counted: %s; method: %s",
	    v->data.count, orders, when_day_format(v->as_of, day), v->counted,
	    rfm_methods[v->method]);
}

/* "frequency  1 to 3, 2 from 4 orders, 3 from 7" */
static void
print_scale(const struct rfm_view *v, size_t m)
{
	static const char *const units[] = { " days", " orders", "" };
	const struct rfm_scale *s = &v->scales[m];
	char text[DECIMAL_STR_MAX];
	size_t i;

	printf("%-10s 1 to %zu", rfm_measures[m], s->levels);
	for (i = 0; i + 1 < s->levels; i++) {
		if (m == RFM_MONETARY)
			money_text(s->cut[i], v->data.currency, text);
		else
			decimal_format(s->cut[i], 0, text);
		if (m == RFM_RECENCY)
			printf(", %zu below ", s->levels - i);
		else
			printf(", %zu from ", i + 2);
		printf("%s%s", text, i == 0 ? units[m] : "");
	}
	printf("\n");
}

/* Under a table: what was done, and what a score means. */
static const struct err *
write_notes(const struct rfm_view *v)
{
	const struct err *err;
	size_t m;

	if (!for_people(v))
		return NULL;
	if ((err = out_flush(v->cli->out)) != NULL)
		return err;
	printf("\n%s\n", v->about);
	if (v->data.count != 0 && v->method != RFM_NTILE)
		for (m = 0; m < RFM_MEASURES; m++)
			print_scale(v, m);
	return NULL;
}

/* Segments ----------------------------------------------------------------- */

/* a / b in percent with one decimal; nothing when b is not above 0. */
static const struct err *
write_share(struct out *o, const char *key, int64_t a, int64_t b)
{
	const struct err *err;
	int64_t v;

	if (b <= 0) {
		out_null(o, key);
		return NULL;
	}
	if ((err = decimal_muldiv(a, 1000, b, &v)) == NULL)
		out_decimal(o, key, v, 1);
	return err;
}

static const struct err *
write_tally(const struct rfm_view *v, const char *name,
    const struct rfm_tally *t, const struct rfm_tally *all)
{
	struct out *o = v->cli->out;
	const struct err *err;
	int64_t average;

	err = decimal_muldiv(t->revenue, 1, t->orders, &average);
	if (err != NULL)
		return err;
	write_type(o, "rfm_segment");
	out_text(o, "segment", name);
	out_int(o, "customers", t->customers);
	out_int(o, "orders", t->orders);
	out_money(o, "revenue", t->revenue, v->data.currency);
	out_money(o, "average_order_value", average, v->data.currency);
	if ((err = write_share(o, "customers_percent", t->customers,
		 all->customers)) != NULL ||
	    (err = write_share(o, "revenue_percent", t->revenue,
		 all->revenue)) != NULL)
		return err;
	write_currency(v);
	return out_end(o);
}

static const struct err *
write_summary(const struct rfm_view *v)
{
	struct rfm_tally tallies[RFM_SEGMENT_MAX + 1], all = { 0 };
	const struct rfm_segments *s = v->segments;
	const struct err *err;
	size_t i;

	rfm_segment_tally(s, v->data.customers, v->data.count, tallies);
	for (i = 0; i < s->count; i++) {
		all.customers += tallies[i].customers;
		all.orders += tallies[i].orders;
		all.revenue += tallies[i].revenue;
	}
	for (i = 0; i < s->count; i++)
		if (v->wanted[i] && tallies[i].customers != 0 &&
		    (err = write_tally(v, s->names[i], &tallies[i], &all)) !=
			NULL)
			return err;
	if (for_people(v) && all.customers != 0 &&
	    (err = write_tally(v, "all", &all, &all)) != NULL)
		return err;
	return write_notes(v);
}

/* Matrices ----------------------------------------------------------------- */

struct matrix {
	const char *name;
	enum rfm_measure row, column;
};

/* Limits that the shop has set give all three, as in retailCRM. */
static const struct matrix matrices[] = {
	{ "M-F", RFM_MONETARY, RFM_FREQUENCY },
	{ "R-M", RFM_RECENCY, RFM_MONETARY },
	{ "R-F", RFM_RECENCY, RFM_FREQUENCY },
};

static void
draw_matrix(const struct rfm_view *v, const struct matrix *x,
    uint64_t cells[static RFM_LEVELS_MAX][RFM_LEVELS_MAX])
{
	const char row = x->name[0], column = x->name[2];
	size_t r, c;

	printf("%s", x->name);
	for (c = 0; c < v->scales[x->column].levels; c++)
		printf("%*c%zu", c < 9 ? 8 : 7, column, c + 1);
	for (r = v->scales[x->row].levels; r > 0; r--) {
		printf("\n%c%-2zu", row, r);
		for (c = 0; c < v->scales[x->column].levels; c++)
			printf("%9" PRIu64, cells[r - 1][c]);
	}
	printf("\n");
}

static const struct err *
write_matrix(const struct rfm_view *v, const struct matrix *x)
{
	uint64_t cells[RFM_LEVELS_MAX][RFM_LEVELS_MAX];
	struct out *o = v->cli->out;
	const struct err *err;
	size_t r, c;

	rfm_matrix(v->data.customers, v->data.count, x->row, x->column, cells);
	if (for_people(v)) {
		draw_matrix(v, x, cells);
		return NULL;
	}
	for (r = v->scales[x->row].levels; r > 0; r--) {
		for (c = 0; c < v->scales[x->column].levels; c++) {
			write_type(o, "rfm_cell");
			out_text(o, "matrix", x->name);
			out_int(o, "row_score", (int64_t)r);
			out_int(o, "column_score", (int64_t)c + 1);
			out_int(o, "customers", (int64_t)cells[r - 1][c]);
			if ((err = out_end(o)) != NULL)
				return err;
		}
	}
	return NULL;
}

static const struct err *
write_matrices(const struct rfm_view *v)
{
	const size_t last = ARRAY_LEN(matrices) - 1;
	const size_t first = v->method == RFM_THRESHOLDS ? 0 : last;
	const struct err *err;
	size_t i;

	for (i = first; i <= last; i++) {
		if (i != first && for_people(v))
			printf("\n");
		if ((err = write_matrix(v, &matrices[i])) != NULL)
			return err;
	}
	return write_notes(v);
}

/* The customers of the wanted segments, in their order. */
static void
keep_wanted(struct rfm_view *v)
{
	struct rfm_customer *to = v->data.customers;
	size_t i, kept = 0;

	for (i = 0; i < v->data.count; i++)
		if (v->wanted[to[i].segment])
			to[kept++] = to[i];
	v->data.count = kept;
}

const struct err *
rfm_view_write(struct rfm_view *v, enum rfm_view_kind kind)
{
	v->about = describe(v);
	if (kind == RFM_VIEW_SUMMARY)
		return write_summary(v);
	keep_wanted(v);
	return kind == RFM_VIEW_MATRIX ? write_matrices(v) : write_customers(v);
}
