/* rfm - customers by recency, frequency and money; see rfm(1). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/money.h"
#include "base/when.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "db/db.h"
#include "io/file.h"
#include "stats/rfm.h"
#include "stats/rfm_data.h"
#include "stats/rfm_segment.h"

enum { SEGMENTS_SIZE_MAX = 65536, LEVELS_DEFAULT = 5 };

#define BINS_DEFAULT INT64_MIN /* --bins was not given */

enum view { VIEW_CUSTOMERS, VIEW_SUMMARY, VIEW_MATRIX };

static struct {
	const char *as_of, *count, *currency, *method, *segments;
	const char *limits[RFM_MEASURES];
	struct opt_list segment;
	int64_t bins;
	int view;
} given = {
	.bins = BINS_DEFAULT,
	.count = "revenue",
	.method = "quantile",
	.segments = "rfm",
};

static const char *const methods[] = {
	[RFM_QUANTILE] = "quantile",
	[RFM_NTILE] = "ntile",
	[RFM_QCUT] = "qcut",
	[RFM_THRESHOLDS] = "thresholds",
	NULL,
};

static const char *const measures[] = {
	[RFM_RECENCY] = "recency",
	[RFM_FREQUENCY] = "frequency",
	[RFM_MONETARY] = "monetary",
};

static const struct opt opts[] = {
	OPT_STR(0, "as-of", &given.as_of, "date",
	    "as it stood at the end of this day; default: today"),
	OPT_INT(0, "bins", &given.bins, "number",
	    "highest score, 2 to 10; default: 5"),
	OPT_STR(0, "count", &given.count, "what",
	    "orders that count: revenue (default), all, not-cancelled or "
	    "statuses separated by commas"),
	OPT_STR(0, "currency", &given.currency, "code",
	    "count orders in this currency alone"),
	OPT_STR(0, "frequency", &given.limits[RFM_FREQUENCY], "limits",
	    "orders at which the next score begins, as 2,5"),
	OPT_SET(0, "matrix", &given.view, VIEW_MATRIX,
	    "show how many customers have two scores together"),
	OPT_CHOICE(0, "method", &given.method, "name", methods,
	    "how scores are made: quantile (default), ntile, qcut or "
	    "thresholds"),
	OPT_STR(0, "monetary", &given.limits[RFM_MONETARY], "limits",
	    "sums at which the next score begins, as 5000,20000.50"),
	OPT_STR(0, "recency", &given.limits[RFM_RECENCY], "limits",
	    "days at which the next lower score begins, as 31,91"),
	OPT_LIST(0, "segment", &given.segment, "name",
	    "only this segment; repeat for more"),
	OPT_STR(0, "segments", &given.segments, "table",
	    "rfm (default), rfgrid, levels or a file"),
	OPT_SET(0, "summary", &given.view, VIEW_SUMMARY,
	    "show what each segment amounts to"),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [-d file] [--as-of date] [--bins number] "
	"[--color when] [--count what] [--currency code] [--frequency limits] "
	"[--json | --table | --tsv] [--matrix | --summary] [--method name] "
	"[--monetary limits] [--no-header] [--recency limits] "
	"[--segment name] [--segments table]",
	NULL,
};

static const char *const examples[] = {
	"rfm --summary",
	"what each segment of customers amounts to",
	"rfm --segment champions --json | send-triggers --rule thank-you",
	"write to the best customers",
	"rfm --as-of 2025-12-31 --matrix --bins 3",
	"recency by frequency in three levels, at the end of the year",
	NULL,
};

/* What the figures are made of and by. */
struct job {
	struct cli *cli;
	enum rfm_method method;
	const char *currency;
	const char *about; /* what was counted and how, for people */
	struct rfm_query query;
	struct map statuses;
	struct rfm_data data;
	struct rfm_scale scales[RFM_MEASURES];
	struct rfm_segments *segments;
	bool wanted[RFM_SEGMENT_MAX + 1]; /* segments to be shown */
};

/* What can be told without the database. */
static const struct err *
check_options(struct job *job)
{
	size_t m;

	while (strcmp(methods[job->method], given.method) != 0)
		job->method++;
	for (m = 0; m < RFM_MEASURES; m++) {
		if ((given.limits[m] != NULL) !=
		    (job->method == RFM_THRESHOLDS))
			return err_new(ERR_USAGE,
			    "--recency, --frequency and --monetary belong to "
			    "--method thresholds, all three");
		job->scales[m].levels = given.bins == BINS_DEFAULT ?
					    LEVELS_DEFAULT :
					    (size_t)given.bins;
	}
	if (given.bins == BINS_DEFAULT)
		return NULL;
	if (job->method == RFM_THRESHOLDS)
		return err_new(ERR_USAGE,
		    "--bins does not go with --method thresholds");
	if (given.bins < RFM_LEVELS_MIN || given.bins > RFM_LEVELS_MAX)
		return err_new(ERR_USAGE, "option '--bins' takes %d to %d",
		    RFM_LEVELS_MIN, RFM_LEVELS_MAX);
	return NULL;
}

/* The cuts of --method thresholds; sums are in the currency of the orders. */
static const struct err *
read_limits(struct job *job)
{
	struct rfm_scale *s = job->scales;
	const struct err *err;
	size_t m;

	for (m = 0; m < RFM_MEASURES; m++) {
		err = rfm_scale_parse(given.limits[m],
		    m == RFM_MONETARY ? money_places(job->currency) : 0, &s[m]);
		if (err != NULL)
			return err_new(ERR_USAGE, "option '--%s': %s",
			    measures[m], err->msg);
		if (s[m].levels != s[0].levels)
			return err_new(ERR_USAGE,
			    "--recency, --frequency and --monetary need the "
			    "same number of limits");
	}
	return NULL;
}

/* The day at whose end the figures stand: the last one of what is named. */
static const struct err *
read_as_of(int64_t *day)
{
	const struct err *err;
	struct when_span span;

	*day = when_day(when_now());
	if (given.as_of == NULL)
		return NULL;
	err = when_span_parse(given.as_of, when_now(), &span);
	if (err != NULL)
		return err_new(ERR_USAGE, "option '--as-of': %s", err->msg);
	*day = when_day(span.to > span.from ? span.to - 1 : span.to);
	return NULL;
}

/* A table of ours by its name, or any file. */
static const struct err *
read_segments(struct job *job)
{
	const char *share = config_get(job->cli->config, CONFIG_SHARE);
	struct arena *a = &job->cli->arena;
	const struct err *err;
	const char *path, *text;

	path = arena_printf(a, "%s/segments/%s.tsv", share, given.segments);
	if (strchr(given.segments, '/') != NULL || access(path, R_OK) != 0)
		path = given.segments;
	if ((err = file_slurp(path, SEGMENTS_SIZE_MAX, a, &text)) != NULL)
		return err;
	return rfm_segment_parse(text, path, a, &job->segments);
}

static const struct err *
read_wanted(struct job *job)
{
	const struct err *err;
	size_t i, segment;

	for (i = 0; i < given.segment.len; i++) {
		err = rfm_segment_find(job->segments, given.segment.v[i],
		    &segment);
		if (err != NULL)
			return err;
		job->wanted[segment] = true;
	}
	if (given.segment.len == 0)
		memset(job->wanted, true, sizeof(job->wanted));
	return NULL;
}

/* What counted and by which rule, for the summary and under tables. */
static const char *
describe(const struct job *job)
{
	char day[WHEN_STR_MAX];
	int64_t orders = 0;
	size_t i;

	for (i = 0; i < job->data.count; i++)
		orders += job->data.customers[i].value[RFM_FREQUENCY];
	return arena_printf(&job->cli->arena,
	    "%zu customers, %" PRId64 " orders to %s; counted: %s; method: %s",
	    job->data.count, orders, when_day_format(job->query.as_of, day),
	    given.count, given.method);
}

/* "frequency  1 to 3, 2 from 4 orders, 3 from 7" */
static void
print_scale(const struct job *job, size_t m)
{
	static const char *const units[] = { " days", " orders", "" };
	const struct rfm_scale *s = &job->scales[m];
	char text[DECIMAL_STR_MAX];
	size_t i;

	printf("%-10s 1 to %zu", measures[m], s->levels);
	for (i = 0; i + 1 < s->levels; i++) {
		if (m == RFM_MONETARY)
			money_text(s->cut[i], job->currency, text);
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
write_notes(const struct job *job)
{
	const struct err *err;
	size_t m;

	if (out_format(job->cli->out) != OUT_TABLE)
		return NULL;
	if ((err = out_flush(job->cli->out)) != NULL)
		return err;
	printf("\n%s\n", job->about);
	if (job->data.count != 0 && job->method != RFM_NTILE)
		for (m = 0; m < RFM_MEASURES; m++)
			print_scale(job, m);
	return NULL;
}

static void
write_type(struct out *o, const char *type)
{
	if (out_format(o) == OUT_JSON)
		out_text(o, "type", type);
}

static void
write_currency(const struct job *job)
{
	if (out_format(job->cli->out) != OUT_TABLE)
		out_text(job->cli->out, "currency", job->currency);
}

static const struct err *
write_customer(struct job *job, const struct rfm_customer *c)
{
	static const char *const scores[] = { "r_score", "f_score", "m_score" };
	struct out *o = job->cli->out;
	const struct err *err;
	struct rfm_person person;
	const char *dot = "";
	size_t m;

	for (m = 0; m < RFM_MEASURES; m++)
		if (job->scales[m].levels > 9)
			dot = ".";
	err = rfm_data_person(job->cli->db, c->id, &job->cli->rec, &person);
	if (err != NULL)
		return err;
	write_type(o, "customer");
	out_int(o, "customer_id", c->id);
	out_text(o, "external_id", person.external_id);
	out_text(o, "name", person.name);
	out_text(o, "phone", person.phone);
	out_text(o, "email", person.email);
	out_int(o, "recency_days", c->value[RFM_RECENCY]);
	out_int(o, "frequency", c->value[RFM_FREQUENCY]);
	out_money(o, "monetary", c->value[RFM_MONETARY], job->currency);
	for (m = 0; m < RFM_MEASURES; m++)
		out_int(o, scores[m], c->score[m]);
	out_text(o, "rfm_score",
	    arena_printf(&job->cli->rec, "%d%s%d%s%d", c->score[RFM_RECENCY],
		dot, c->score[RFM_FREQUENCY], dot, c->score[RFM_MONETARY]));
	out_text(o, "segment", job->segments->names[c->segment]);
	write_currency(job);
	return out_end(o);
}

static const struct err *
write_customers(struct job *job)
{
	const struct err *err = NULL;
	size_t i;

	for (i = 0; err == NULL && i < job->data.count; i++) {
		err = write_customer(job, &job->data.customers[i]);
		arena_reset(&job->cli->rec);
	}
	return err;
}

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
write_tally(struct job *job, const char *name, const struct rfm_tally *t,
    const struct rfm_tally *all)
{
	struct out *o = job->cli->out;
	const struct err *err;
	int64_t average;

	err = decimal_muldiv(t->revenue, 1, t->orders, &average);
	if (err != NULL)
		return err;
	write_type(o, "rfm_segment");
	out_text(o, "segment", name);
	out_int(o, "customers", t->customers);
	out_int(o, "orders", t->orders);
	out_money(o, "revenue", t->revenue, job->currency);
	out_money(o, "average_order_value", average, job->currency);
	if ((err = write_share(o, "customers_percent", t->customers,
		 all->customers)) != NULL ||
	    (err = write_share(o, "revenue_percent", t->revenue,
		 all->revenue)) != NULL)
		return err;
	write_currency(job);
	return out_end(o);
}

static const struct err *
write_summary(struct job *job)
{
	struct rfm_tally tallies[RFM_SEGMENT_MAX + 1], all = { 0 };
	const struct rfm_segments *s = job->segments;
	const struct err *err;
	size_t i;

	rfm_segment_tally(s, job->data.customers, job->data.count, tallies);
	for (i = 0; i < s->count; i++) {
		all.customers += tallies[i].customers;
		all.orders += tallies[i].orders;
		all.revenue += tallies[i].revenue;
	}
	for (i = 0; i < s->count; i++)
		if (job->wanted[i] && tallies[i].customers != 0 &&
		    (err = write_tally(job, s->names[i], &tallies[i], &all)) !=
			NULL)
			return err;
	if (out_format(job->cli->out) == OUT_TABLE && all.customers != 0 &&
	    (err = write_tally(job, "all", &all, &all)) != NULL)
		return err;
	return write_notes(job);
}

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
draw_matrix(const struct job *job, const struct matrix *x,
    uint64_t cells[static RFM_LEVELS_MAX][RFM_LEVELS_MAX])
{
	const char row = x->name[0], column = x->name[2];
	size_t r, c;

	printf("%s", x->name);
	for (c = 0; c < job->scales[x->column].levels; c++)
		printf("%*c%zu", c < 9 ? 8 : 7, column, c + 1);
	for (r = job->scales[x->row].levels; r > 0; r--) {
		printf("\n%c%-2zu", row, r);
		for (c = 0; c < job->scales[x->column].levels; c++)
			printf("%9" PRIu64, cells[r - 1][c]);
	}
	printf("\n");
}

static const struct err *
write_matrix(struct job *job, const struct matrix *x)
{
	uint64_t cells[RFM_LEVELS_MAX][RFM_LEVELS_MAX];
	struct out *o = job->cli->out;
	const struct err *err;
	size_t r, c;

	rfm_matrix(job->data.customers, job->data.count, x->row, x->column,
	    cells);
	if (out_format(o) == OUT_TABLE) {
		draw_matrix(job, x, cells);
		return NULL;
	}
	for (r = job->scales[x->row].levels; r > 0; r--) {
		for (c = 0; c < job->scales[x->column].levels; c++) {
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
write_matrices(struct job *job)
{
	const size_t last = ARRAY_LEN(matrices) - 1;
	const size_t first = job->method == RFM_THRESHOLDS ? 0 : last;
	const struct err *err;
	size_t i;

	for (i = first; i <= last; i++) {
		if (i != first && out_format(job->cli->out) == OUT_TABLE)
			printf("\n");
		if ((err = write_matrix(job, &matrices[i])) != NULL)
			return err;
	}
	return write_notes(job);
}

/* The customers of the wanted segments, in their order. */
static void
keep_wanted(struct job *job)
{
	struct rfm_customer *to = job->data.customers;
	size_t i, kept = 0;

	for (i = 0; i < job->data.count; i++)
		if (job->wanted[to[i].segment])
			to[kept++] = to[i];
	job->data.count = kept;
}

/* What the options say that depends on the shop. */
static const struct err *
read_rules(struct job *job, struct shop *shop)
{
	const struct err *err;
	bool only;

	err = rfm_data_statuses(shop, given.count, &job->statuses);
	if (err != NULL)
		return err_new(ERR_USAGE, "option '--count': %s", err->msg);
	if (given.currency != NULL &&
	    (err = shop_check_code(shop, "currency", given.currency)) != NULL)
		return err_new(ERR_USAGE, "option '--currency': %s", err->msg);
	if ((err = rfm_data_currency(shop, given.currency, &job->cli->arena,
		 &job->currency, &only)) != NULL)
		return err;
	job->query.statuses = &job->statuses;
	job->query.currency = only ? NULL : job->currency;
	if (job->method == RFM_THRESHOLDS && (err = read_limits(job)) != NULL)
		return err;
	return read_as_of(&job->query.as_of);
}

/* One snapshot, given up before the first line of output. */
static const struct err *
load(struct job *job, struct shop *shop)
{
	const struct err *err;

	if ((err = db_begin_read(shop->db)) != NULL ||
	    (err = read_rules(job, shop)) != NULL ||
	    (err = rfm_data_load(shop->db, &job->query, &job->data)) != NULL)
		return err;
	if (job->method == RFM_NTILE &&
	    (err = rfm_data_tie(shop->db, &job->data)) != NULL)
		return err;
	return db_commit(shop->db);
}

/* R's own table is used with three scores too, so this is no error. */
static void
check_levels(const struct job *job)
{
	const size_t levels = job->scales[0].levels;

	if (given.view == VIEW_MATRIX && given.segment.len == 0)
		return;
	if (levels != job->segments->highest)
		cli_warn("the segments '%s' are made for %d scores, there are "
			 "%zu",
		    given.segments, job->segments->highest, levels);
}

static const struct err *
score(struct job *job)
{
	const struct err *err;
	int64_t major;

	if ((err = money_parse("1", job->currency, &major)) != NULL)
		return err;
	rfm_score(job->data.customers, job->data.count, job->method, major,
	    job->scales);
	rfm_segment_assign(job->segments, job->data.customers, job->data.count);
	return NULL;
}

static const struct err *
show(struct job *job)
{
	if (given.view == VIEW_SUMMARY)
		return write_summary(job);
	keep_wanted(job);
	return given.view == VIEW_MATRIX ? write_matrices(job) :
					   write_customers(job);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	struct job job = { .cli = cli };
	struct shop *shop = NULL;
	const struct err *err;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if ((err = check_options(&job)) != NULL ||
	    (err = read_segments(&job)) != NULL ||
	    (err = read_wanted(&job)) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	if ((err = load(&job, shop)) != NULL)
		goto out;
	check_levels(&job);
	job.about = describe(&job);
	if ((err = score(&job)) == NULL && (err = show(&job)) == NULL)
		cli_summary("%s", job.about);
out:
	rfm_data_free(&job.data);
	map_free(&job.statuses);
	shop_close(shop);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "rfm",
	.synopsis = synopsis,
	.summary = "sort customers by recency, frequency and money spent",
	.opts = opts,
	.examples = examples,
	.flags = CLI_DB_READ,
	.run = run,
};
