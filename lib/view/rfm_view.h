/* rfm_view.h - customers, segments and scores as rfm(1) shows them. */
#ifndef VIEW_RFM_VIEW_H
#define VIEW_RFM_VIEW_H

#include "stats/rfm.h"
#include "stats/rfm_data.h"
#include "stats/rfm_segment.h"

struct cli;

enum rfm_view_kind {
	RFM_VIEW_CUSTOMERS, /* one by one */
	RFM_VIEW_SUMMARY,   /* what each segment amounts to */
	RFM_VIEW_MATRIX,    /* how many have two scores together */
};

/* What is to be shown: customers with their scores and segments. */
struct rfm_view {
	struct cli *cli; /* whose out takes the records */
	struct rfm_data data;
	enum rfm_method method;
	struct rfm_scale scales[RFM_MEASURES];
	const struct rfm_segments *segments;
	bool wanted[RFM_SEGMENT_MAX + 1]; /* segments to be shown */
	const char *counted;              /* as in struct rfm_query */
	int64_t as_of;                    /* the last day that counted */
	/* set by rfm_view_write(): what was counted and how, for people */
	const char *about;
};

/*
 * Write them. For people the segments and the matrices, which are drawn, are
 * followed by what the scores mean. Shares are of all customers, wanted or not;
 * the other views leave nobody in v but who is wanted.
 */
const struct err *rfm_view_write(struct rfm_view *v,
    enum rfm_view_kind kind) MUST_USE;

#endif
