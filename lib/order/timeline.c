/* timeline.c - how long an order stood in each status, from its past. */
#include "order/timeline.h"

#include <string.h>

struct timeline {
	struct timeline_stay *v;
	size_t len;
};

/* The order came to status; staying where it stands is no new stay. */
static void
timeline_enter(struct timeline *t, const char *status, int64_t at,
    struct arena *a)
{
	struct timeline_stay *last = t->len != 0 ? &t->v[t->len - 1] : NULL;

	if (last != NULL) {
		if (strcmp(last->status, status) == 0)
			return;
		last->left_at = at;
		last->open = false;
	}
	t->v = arena_grow(a, t->v, t->len, sizeof(*t->v));
	t->v[t->len++] = (struct timeline_stay){ .status = status,
		.entered_at = at,
		.open = true };
}

void
timeline_read(const struct order *o, int64_t now, struct arena *a,
    struct timeline_stay **out, size_t *count)
{
	struct timeline t = { 0 };
	struct timeline_stay *last;
	const struct past *p;
	int64_t at = o->status_at;
	size_t i;

	for (i = 0; i < o->past_len; i++) {
		p = &o->past[i];
		if (strcmp(p->field, "status") == 0 && p->new != NULL)
			timeline_enter(&t, p->new, p->at, a);
	}
	/*
	 * A source may tell of moves that the shop did not follow; where the
	 * order stands, the order knows itself.
	 */
	if (t.len != 0 && at < t.v[t.len - 1].entered_at)
		at = t.v[t.len - 1].entered_at;
	timeline_enter(&t, o->status, at, a);
	last = &t.v[t.len - 1];
	last->left_at = now > last->entered_at ? now : last->entered_at;
	*out = t.v;
	*count = t.len;
}
