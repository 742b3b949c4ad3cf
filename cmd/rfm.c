/* rfm - customers by recency, frequency and money; see rfm(1). */
#include <string.h>

#include "app/segments_file.h"
#include "base/money.h"
#include "base/when.h"
#include "cli/cli.h"
#include "crm/shop.h"
#include "db/db.h"
#include "view/rfm_view.h"

enum { LEVELS_DEFAULT = 5 };

#define BINS_DEFAULT INT64_MIN /* --bins was not given */

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
	OPT_SET(0, "matrix", &given.view, RFM_VIEW_MATRIX,
	    "show how many customers have two scores together"),
	OPT_CHOICE(0, "method", &given.method, "name", rfm_methods,
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
	OPT_SET(0, "summary", &given.view, RFM_VIEW_SUMMARY,
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

/* How scores are made, as far as it can be told without the orders. */
static const struct err *
read_method(struct rfm_view *v)
{
	bool limits;
	size_t m;

	while (strcmp(rfm_methods[v->method], given.method) != 0)
		v->method++;
	limits = v->method == RFM_THRESHOLDS;
	for (m = 0; m < RFM_MEASURES; m++) {
		if ((given.limits[m] != NULL) != limits)
			return err_new(ERR_USAGE,
			    "--recency, --frequency and --monetary belong to "
			    "--method thresholds, all three");
		v->scales[m].levels = LEVELS_DEFAULT;
		if (given.bins != BINS_DEFAULT)
			v->scales[m].levels = (size_t)given.bins;
	}
	if (given.bins == BINS_DEFAULT)
		return NULL;
	if (limits)
		return err_new(ERR_USAGE,
		    "--bins does not go with --method thresholds");
	if (given.bins < RFM_LEVELS_MIN || given.bins > RFM_LEVELS_MAX)
		return err_new(ERR_USAGE, "option '--bins' takes %d to %d",
		    RFM_LEVELS_MIN, RFM_LEVELS_MAX);
	return NULL;
}

/* The cuts of --method thresholds; sums are in the currency of the orders. */
static const struct err *
read_limits(struct rfm_view *v)
{
	const int places = money_places(v->data.currency);
	struct rfm_scale *s = v->scales;
	const struct err *err;
	size_t m;

	for (m = 0; m < RFM_MEASURES; m++) {
		err = opt_wrong(rfm_measures[m],
		    rfm_scale_parse(given.limits[m],
			m == RFM_MONETARY ? places : 0, &s[m]));
		if (err != NULL)
			return err;
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
	err =
	    opt_wrong("as-of", when_span_parse(given.as_of, when_now(), &span));
	if (err != NULL)
		return err;
	*day = when_day(when_span_last(&span));
	return NULL;
}

/* Which orders count. */
static const struct err *
read_query(const struct shop *shop, struct rfm_query *q)
{
	const struct err *err;

	*q = (struct rfm_query){ .count = given.count,
		.currency = given.currency };
	if ((err = rfm_data_check_count(shop, given.count)) != NULL)
		return err_new(ERR_USAGE, "option '--count': %s", err->msg);
	if (given.currency != NULL &&
	    (err = shop_check_code(shop, "currency", given.currency)) != NULL)
		return err_new(ERR_USAGE, "option '--currency': %s", err->msg);
	return read_as_of(&q->as_of);
}

/* R's own table is used with three scores too, so this is no error. */
static void
check_levels(const struct rfm_view *v)
{
	const size_t levels = v->scales[0].levels;

	if (given.view == RFM_VIEW_MATRIX && given.segment.len == 0)
		return;
	if (levels != v->segments->highest)
		cli_warn("the segments '%s' are made for %d scores, there are "
			 "%zu",
		    given.segments, v->segments->highest, levels);
}

/* One snapshot, given up before the first line of output. */
static const struct err *
load(const struct shop *shop, const struct rfm_query *q, struct rfm_view *v)
{
	const struct err *err;

	if ((err = db_begin_read(shop->db)) != NULL ||
	    (err = rfm_data_load(shop, q, &v->cli->arena, &v->data)) != NULL ||
	    (v->method == RFM_THRESHOLDS && (err = read_limits(v)) != NULL))
		return err;
	check_levels(v);
	if ((err = rfm_data_score(shop->db, &v->data, v->method, v->scales)) !=
	    NULL)
		return err;
	rfm_segment_assign(v->segments, v->data.customers, v->data.count);
	return db_commit(shop->db);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	struct rfm_view v = { .cli = cli, .counted = given.count };
	struct rfm_query q;
	struct shop *shop;
	const struct err *err;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if ((err = read_method(&v)) != NULL ||
	    (err = segments_file_read(cli->config, given.segments, &cli->arena,
		 &v.segments)) != NULL ||
	    (err = rfm_segment_choose(v.segments, given.segment.v,
		 given.segment.len, v.wanted)) != NULL ||
	    (err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &shop)) != NULL)
		return err;
	if ((err = read_query(shop, &q)) == NULL &&
	    (err = load(shop, &q, &v)) == NULL) {
		v.as_of = q.as_of;
		err = rfm_view_write(&v, (enum rfm_view_kind)given.view);
	}
	if (err == NULL)
		cli_summary("%s", v.about);
	rfm_data_free(&v.data);
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
