/* workflow.c - moving orders through statuses, and how many stand where. */
#include "order/workflow.h"

#include <string.h>

#include "crm/shop.h"
#include "db/db.h"
#include "order/order_save.h"

/*
 * May an order go from one status to the other? A user whom the shop does not
 * know has no group: what everybody may is allowed.
 */
static const char way_sql[] =
    "SELECT NOT EXISTS (SELECT 1 FROM transition) OR EXISTS"
    " (SELECT 1 FROM transition"
    "   WHERE (from_status = :from OR from_group = :from_group)"
    "   AND (to_status = :to OR to_group = :to_group)"
    "   AND (user_group IS NULL OR user_group ="
    "    (SELECT user_group FROM user WHERE login = :actor AND active = 1)))";
static const char requirement_sql[] =
    "SELECT field FROM status_requirement WHERE status = :status"
    " ORDER BY field";

static const struct err *
workflow_leads(struct shop *s, const struct order *o,
    const struct workflow_move *m, const struct status *to, bool *leads)
{
	const struct status *from = shop_status(s, o->status);
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*leads = false;
	if (to == NULL || !to->active || strcmp(to->code, o->status) == 0)
		return NULL;
	if ((err = db_stmt(s->db, way_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":from", o->status);
	db_bind_text(st, ":from_group", from != NULL ? from->group : NULL);
	db_bind_text(st, ":to", to->code);
	db_bind_text(st, ":to_group", to->group);
	db_bind_text(st, ":actor", m->actor != NULL ? m->actor : s->actor);
	if ((err = db_step(st, &row)) == NULL)
		*leads = db_col_int(st, 0) != 0;
	db_reset(st);
	return err;
}

/* Where it may go instead, joined by ", ". */
static const struct err *
workflow_ways(struct shop *s, const struct order *o,
    const struct workflow_move *m, struct arena *a, const char **out)
{
	const struct err *err;
	bool leads;
	size_t i;

	*out = NULL;
	for (i = 0; i < s->status_count; i++) {
		const char *code = s->statuses[i].code;

		if ((err = workflow_leads(s, o, m, &s->statuses[i], &leads)) !=
		    NULL)
			return err;
		if (leads)
			*out = *out == NULL ?
				   code :
				   arena_printf(a, "%s, %s", *out, code);
	}
	return NULL;
}

static const struct err *
workflow_check_way(struct shop *s, const struct order *o,
    const struct workflow_move *m, struct arena *a)
{
	const struct err *err;
	const char *ways;
	bool leads;

	if ((err = workflow_leads(s, o, m, shop_status(s, m->status),
		 &leads)) != NULL ||
	    leads)
		return err;
	if ((err = workflow_ways(s, o, m, a, &ways)) != NULL)
		return err;
	return err_new(ERR_CONFLICT,
	    "%s may not move it from %s to %s; from there it goes to %s",
	    m->actor != NULL ? m->actor : s->actor, o->status, m->status,
	    ways != NULL ? ways : "nowhere");
}

/* The lines of a part, which may not have been loaded with the order. */
static const struct err *
workflow_lines(struct shop *s, const struct order *o, enum order_part part,
    struct arena *a, const struct part_list **out)
{
	struct order *copy;

	*out = &o->parts[part];
	if (o->parts[part].present)
		return NULL;
	copy = order_copy(o, a);
	*out = &copy->parts[part];
	return order_load_part(s->db, copy, part, a);
}

/* Has the order something under this name: a field, a part, custom.CODE? */
static const struct err *
workflow_has(struct shop *s, const struct order *o, const char *name,
    struct arena *a, bool *has)
{
	const int field = field_find(&order_fields, name);
	const struct part_list *l;
	const struct err *err;
	enum order_part part;
	size_t i;

	*has = field >= 0 && field_has(&o->rec, field);
	for (part = PART_ITEM; part < PART_COUNT; part++)
		if (strcmp(order_part_names[part], name) == 0) {
			err = workflow_lines(s, o, part, a, &l);
			*has = l->len != 0;
			return err;
		}
	if (strncmp(name, "custom.", strlen("custom.")) != 0)
		return NULL;
	if ((err = workflow_lines(s, o, PART_CUSTOM, a, &l)) != NULL)
		return err;
	for (i = 0; i < l->len; i++)
		if (strcmp(l->v[i].field, name + strlen("custom.")) == 0)
			*has = true;
	return NULL;
}

static const struct err *
workflow_check_fields(struct shop *s, const struct order *o,
    const struct workflow_move *m, struct arena *a)
{
	const struct err *err;
	const char *missing = NULL, *field;
	struct db_stmt *st;
	bool row, has;

	if ((err = db_stmt(s->db, requirement_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":status", m->status);
	while ((err = db_step(st, &row)) == NULL && row) {
		field = db_col_peek(st, 0);
		if ((err = workflow_has(s, o, field, a, &has)) != NULL)
			break;
		if (strcmp(field, "status_reason") == 0)
			has = m->reason != NULL;
		if (has)
			continue;
		missing = missing == NULL ?
			      arena_strdup(a, field) :
			      arena_printf(a, "%s, %s", missing, field);
	}
	db_reset(st);
	if (err == NULL && missing != NULL)
		err = err_new(ERR_CONFLICT, "for %s it needs: %s", m->status,
		    missing);
	return err;
}

const struct err *
workflow_check(struct shop *s, const struct order *o,
    const struct workflow_move *m)
{
	const struct err *err;
	struct arena a = { 0 };

	if ((err = workflow_check_way(s, o, m, &a)) == NULL)
		err = workflow_check_fields(s, o, m, &a);
	arena_free(&a);
	return err;
}

/* When it happened: never before the order came to where it stands. */
static const struct err *
workflow_when(const struct shop *s, const struct order *o,
    const struct workflow_move *m, int64_t *at)
{
	*at = m->at != 0 ? m->at : s->now;
	if (*at >= o->status_at)
		return NULL;
	if (m->at != 0)
		return err_new(ERR_CONFLICT,
		    "it came to %s later than that; say another time",
		    o->status);
	*at = o->status_at; /* the clock that said so is ahead of ours */
	return NULL;
}

const struct err *
workflow_move(struct shop *s, const struct order *o, int64_t rev,
    const struct workflow_move *m, struct arena *a, bool *changed)
{
	struct order_change c = { .actor = m->actor };
	const bool moves = strcmp(o->status, m->status) != 0;
	const struct err *err;
	size_t n;

	*changed = false;
	if (!moves && (m->reason == NULL ||
			  (o->status_reason != NULL &&
			      strcmp(o->status_reason, m->reason) == 0)))
		return NULL;
	if ((err = order_check_rev(o, rev)) != NULL ||
	    (moves && !m->force && (err = workflow_check(s, o, m)) != NULL) ||
	    (err = workflow_when(s, o, m, &c.at)) != NULL)
		return err;
	/* The old reason was the old status's. */
	err = order_move(s, o, m->status, m->reason, &c, a, &n);
	*changed = err == NULL && n != 0;
	return err;
}

/* Counting ----------------------------------------------------------------- */

static const char counts_sql[] =
    "SELECT n.status, n.currency, sum(n.orders), sum(n.total),"
    " ifnull(min(n.oldest), 0), sum(n.late), sum(n.entered) FROM"
    " (SELECT o.status, o.currency, count(*) AS orders,"
    "   sum(o.total_minor) AS total, min(o.status_at) AS oldest,"
    "   ifnull(sum(:now - o.status_at > s.time_limit * 60), 0) AS late,"
    "   0 AS entered"
    "   FROM orders o JOIN status s ON s.code = o.status"
    "   GROUP BY o.status, o.currency"
    "  UNION ALL"
    "  SELECT h.new, o.currency, 0, 0, NULL, 0, count(DISTINCT h.entity_id)"
    "   FROM history h JOIN orders o ON o.id = h.entity_id"
    "   WHERE h.at >= :since AND h.at <= :now"
    "    AND h.entity = 'order' AND h.field = 'status'"
    "   GROUP BY h.new, o.currency) n"
    " JOIN status s ON s.code = n.status"
    " JOIN status_group g ON g.code = s.status_group"
    " GROUP BY n.status, n.currency"
    " ORDER BY g.ordering, g.code, s.ordering, s.code, n.currency";

const struct err *
workflow_counts(struct shop *s, int64_t since, int64_t now, struct arena *a,
    struct workflow_count **out, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(s->db, counts_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":since", since);
	db_bind_int(st, ":now", now);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = (struct workflow_count){
			.status = db_col_text(st, 0, a),
			.currency = db_col_text(st, 1, a),
			.orders = db_col_int(st, 2),
			.total_minor = db_col_int(st, 3),
			.oldest_at = db_col_int(st, 4),
			.late = db_col_int(st, 5),
			.entered = db_col_int(st, 6),
		};
	}
	return err;
}

/* CROSS JOIN: a few statuses first, then only what is late of each. */
static const char late_sql[] =
    "SELECT count(*), ifnull(min(o.status_at), 0)"
    "  FROM status s CROSS JOIN orders o ON o.status = s.code"
    "   AND o.status_at < :now - s.time_limit * 60"
    " WHERE s.time_limit IS NOT NULL";

const struct err *
workflow_late(struct db *db, int64_t now, int64_t *orders, int64_t *oldest_at)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*orders = *oldest_at = 0;
	if ((err = db_stmt(db, late_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":now", now);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	*orders = db_col_int(st, 0);
	*oldest_at = db_col_int(st, 1);
	db_reset(st);
	return NULL;
}
