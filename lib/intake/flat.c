/* flat.c - orders in tables: CSV, TSV and what Excel makes of them. */
/*
 * A table of lines is read twice. The first reading learns on which row each
 * order ends, so that the second can hand an order out as soon as it is whole,
 * however its lines are scattered, and never holds more than the orders that
 * are open. It also learns which orders have a row that cannot be read: the
 * record is the order, and one bad line refuses all of it.
 *
 * Nearly all orders stand in rows without another's between them. Where such a
 * one ends is a mark on its last row; only the scattered ones are in a map.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/set.h"
#include "base/when.h"
#include "intake/columns.h"
#include "intake/intake.h"

#define FLAT_TITLES 20 /* rows that are looked at for a header */

/* Rows of one order, kept until the last of them has come. */
struct flat_group {
	struct flat_group *next; /* of the free ones */
	struct arena arena;
	struct columns_row *rows;
	size_t len;
	struct buf raw;
	struct buf bad; /* why the order is refused, when a row is unreadable */
	uint64_t key;
};

struct flat {
	struct intake *in;
	off_t start;
	struct dsv *dsv;
	struct columns columns;
	struct buf ends; /* for each row: does the order that it is of end? */
	struct map last; /* key of a scattered one -> number of its last row */
	struct map open; /* the same -> flat_group, as a number */
	struct flat_group *group; /* of the order in hand that is not */
	struct map first;         /* key -> line where an order began */
	struct map equals; /* key -> how many orders had it, without numbers */
	struct map bad;    /* number of an unreadable row -> its order's key */
	struct flat_group *spare;
	const char *header; /* its text, for the rejects */
	int64_t row;
	uint64_t above;   /* key of the row before the one in hand */
	size_t titles;    /* rows above the header */
	const char *zone; /* the shop's, while the map has another */
};

static const struct err *
flat_rewind(struct flat *f)
{
	const struct mapping *map = f->in->map;
	struct dsv_dialect d = { 0 };

	if (f->dsv != NULL) /* what was found the first time holds */
		d = *dsv_dialect(f->dsv);
	else if (map != NULL)
		d = map->dialect;
	if (f->in->decoded)
		d.encoding = DSV_UTF8;
	if (f->in->separator != '\0') /* a title row has none to find */
		d.separator = f->in->separator;
	if (lseek(f->in->fd, f->start, SEEK_SET) < 0)
		return err_sys("%s", f->in->name);
	dsv_close(f->dsv);
	f->dsv = NULL;
	f->row = 0;
	f->above = 0;
	return dsv_open(f->in->fd, f->in->name, &d, &f->dsv);
}

/* The next row that has anything in it. */
static const struct err *
flat_row(struct flat *f, const struct dsv_row **row)
{
	const struct err *err;
	size_t i;

	while ((err = dsv_next(f->dsv, row)) == NULL && *row != NULL) {
		for (i = 0; i < (*row)->count; i++)
			if (*(*row)->fields[i] != '\0')
				return NULL;
	}
	return err;
}

static uint64_t
flat_key(struct flat *f, const struct dsv_row *row)
{
	const struct columns_row r = { row->fields, row->count, row->line };

	if (f->above == 0 || !columns_continues(&f->columns, &r))
		f->above = columns_key(f->in, &f->columns, &r);
	return f->above;
}

/*
 * Pass the header, and the first time find it: a report may have a title above
 * it. Where no row is known the first one is the header, for the message.
 */
static const struct err *
flat_header(struct flat *f, bool find, const struct dsv_row **row)
{
	const struct err *err;
	struct arena a = { 0 };
	size_t i;

	for (i = 0; find && i < FLAT_TITLES; i++) {
		if (flat_row(f, row) != NULL || *row == NULL)
			break; /* it is said when it is read again */
		if (columns_known(f->in, (*row)->fields, (*row)->count, &a) >
		    1) {
			f->titles = i;
			break;
		}
	}
	arena_free(&a);
	if (find && (err = flat_rewind(f)) != NULL)
		return err;
	for (i = 0; i <= f->titles; i++)
		if ((err = flat_row(f, row)) != NULL)
			return err_wrap(err, "%s:%" PRIu64, f->in->name,
			    dsv_line(f->dsv));
	return NULL;
}

/*
 * Whose line is the unreadable row `at`? Of the order before or behind it when
 * that order's number stands in it, or when it lies between two rows of one.
 */
static void
flat_blame(struct flat *f, int64_t at, const char *raw, const char *before,
    uint64_t key_before, const char *after, uint64_t key_after)
{
	uint64_t key;

	if (before != NULL &&
	    (key_before == key_after ||
		(*before != '\0' && strstr(raw, before) != NULL)))
		key = key_before;
	else if (after != NULL && *after != '\0' && strstr(raw, after) != NULL)
		key = key_after;
	else
		return;
	map_put_hash(&f->bad, (uint64_t)at, (int64_t)key);
	map_put_hash(&f->last, key, at);
}

static const char *
flat_number(const struct flat *f, const struct dsv_row *row)
{
	if (f->columns.number < 0 || (size_t)f->columns.number >= row->count)
		return "";
	return row->fields[f->columns.number];
}

/*
 * Row `at` is of the order with this key, the row before it too when the order
 * goes on. seen are the orders that have begun.
 */
static void
flat_mark(struct flat *f, int64_t at, uint64_t key, bool goes_on,
    struct set *seen)
{
	bool scattered = !goes_on && !set_add(seen, key);

	if (goes_on)
		f->ends.data[at - 2] = 0;
	if (scattered || map_get_hash(&f->last, key) != NULL)
		map_put_hash(&f->last, key, at);
}

/* The first reading: where each order ends. */
static const struct err *
flat_survey(struct flat *f)
{
	struct buf raw = { 0 }, number = { 0 };
	struct set seen = { 0 };
	uint64_t key = 0, key_before = 0;
	const struct err *err;
	const struct dsv_row *row;
	int64_t at = 0, bad = 0;

	for (;;) {
		err = flat_row(f, &row);
		if (err != NULL && err->code != ERR_INPUT)
			break;
		if (err == NULL && row == NULL) {
			if (bad != 0)
				flat_blame(f, bad, buf_str(&raw),
				    bad > 1 ? buf_str(&number) : NULL,
				    key_before, NULL, 0);
			break;
		}
		at++;
		buf_addc(&f->ends, 1);
		if (err != NULL) { /* the latest one is asked about */
			bad = at;
			buf_reset(&raw);
			buf_adds(&raw, dsv_raw(f->dsv));
			continue;
		}
		key = flat_key(f, row);
		if (bad != 0)
			flat_blame(f, bad, buf_str(&raw),
			    bad > 1 ? buf_str(&number) : NULL, key_before,
			    flat_number(f, row), key);
		flat_mark(f, at, key, at > 1 && bad == 0 && key == key_before,
		    &seen);
		bad = 0;
		key_before = key;
		buf_reset(&number);
		buf_adds(&number, flat_number(f, row));
	}
	buf_free(&raw);
	buf_free(&number);
	set_free(&seen);
	return err;
}

static struct flat_group *
flat_group_new(struct flat *f, uint64_t key)
{
	struct flat_group *g = f->spare;

	if (g != NULL)
		f->spare = g->next;
	else
		g = mem_zalloc(sizeof(*g));
	g->next = NULL;
	g->key = key;
	return g;
}

static void
flat_group_drop(struct flat *f, struct flat_group *g)
{
	if (g == f->group)
		f->group = NULL;
	else
		map_put_hash(&f->open, g->key, 0);
	arena_reset(&g->arena);
	buf_reset(&g->raw);
	buf_reset(&g->bad);
	g->rows = NULL;
	g->len = 0;
	g->next = f->spare;
	f->spare = g;
}

static void
flat_close(void *state)
{
	struct flat *f = state;
	struct flat_group *g;

	if (f->group != NULL)
		flat_group_drop(f, f->group);
	while ((g = f->spare) != NULL) {
		f->spare = g->next;
		arena_free(&g->arena);
		buf_free(&g->raw);
		buf_free(&g->bad);
		free(g);
	}
	dsv_close(f->dsv);
	buf_free(&f->ends);
	map_free(&f->last);
	map_free(&f->open);
	map_free(&f->first);
	map_free(&f->equals);
	map_free(&f->bad);
	free(f);
}

static const struct err *
flat_open(struct intake *in, void **state)
{
	const struct mapping *map = in->map;
	struct flat *f = mem_zalloc(sizeof(*f));
	const struct dsv_row *row;
	const struct err *err;

	f->in = in;
	f->start = lseek(in->fd, 0, SEEK_CUR);
	if (map != NULL && map->timezone != NULL)
		f->zone = arena_strdup(&in->arena, when_zone_name());
	if ((err = flat_rewind(f)) != NULL ||
	    (err = flat_header(f, true, &row)) != NULL)
		goto fail;
	if (row == NULL) {
		*state = f; /* an empty file: nothing to import */
		return NULL;
	}
	f->header = arena_strndup(&in->arena, row->raw, row->raw_len);
	if ((err = columns_open(in, row->fields, row->count,
		 intake_place(in, row->line, &in->arena), &in->arena,
		 &f->columns)) != NULL) {
		if (err->code == ERR_INPUT) /* else it is the map's fault */
			err = err_wrap(err, "line %" PRIu64, row->line);
		goto fail;
	}
	if (f->columns.has_items &&
	    ((err = flat_survey(f)) != NULL || (err = flat_rewind(f)) != NULL ||
		(err = flat_header(f, false, &row)) != NULL))
		goto fail;
	*state = f;
	return NULL;
fail:
	flat_close(f);
	return err;
}

/* Groups ------------------------------------------------------------------- */

static struct flat_group *
flat_group_of(struct flat *f, uint64_t key)
{
	struct flat_group *g;
	int64_t *kept;

	if (map_get_hash(&f->last, key) == NULL) {
		/* another is open only if the file has changed meanwhile */
		if (f->group != NULL && f->group->key != key)
			flat_group_drop(f, f->group);
		if (f->group == NULL)
			f->group = flat_group_new(f, key);
		return f->group;
	}
	kept = map_get_hash(&f->open, key);
	if (kept != NULL && *kept != 0)
		return (struct flat_group *)(intptr_t)*kept;
	g = flat_group_new(f, key);
	map_put_hash(&f->open, key, (int64_t)(intptr_t)g);
	return g;
}

static void
flat_group_raw(struct flat_group *g, const char *raw)
{
	if (g->raw.len != 0)
		buf_addc(&g->raw, '\n');
	buf_adds(&g->raw, raw);
}

static void
flat_group_add(struct flat_group *g, const struct dsv_row *row)
{
	const char **cells =
	    arena_alloc(&g->arena, row->count * sizeof(*cells));
	char *text = arena_alloc(&g->arena, row->fields_len);
	size_t i;

	memcpy(text, row->fields[0], row->fields_len);
	for (i = 0; i < row->count; i++)
		cells[i] = text + (row->fields[i] - row->fields[0]);
	g->rows = arena_grow(&g->arena, g->rows, g->len, sizeof(*g->rows));
	g->rows[g->len++] =
	    (struct columns_row){ cells, row->count, row->line };
	flat_group_raw(g, row->raw);
}

/* Orders ------------------------------------------------------------------- */

/* A cell of the first row; NULL when it is empty. */
static const char *
flat_cell(const struct flat_group *g, int column)
{
	const struct columns_row *row = g->rows;

	if (column < 0 || g->len == 0 || (size_t)column >= row->count ||
	    *row->cells[column] == '\0')
		return NULL;
	return row->cells[column];
}

/*
 * The outside name: the number, or for a file without numbers the hash of the
 * key and an ordinal among equals. Rows that are refused count too, so that
 * the ordinals of the others stay when these are mended.
 */
static const char *
flat_name(struct flat *f, const struct flat_group *g, struct arena *a)
{
	char hex[HASH_HEX_MAX];
	const char *name;
	int64_t *seen, n = 1;

	if (f->columns.number >= 0) {
		if ((name = flat_cell(g, f->columns.external)) == NULL)
			name = flat_cell(g, f->columns.number);
		return name != NULL ? arena_strdup(a, name) : NULL;
	}
	if (f->in->options->external_id != NULL)
		return f->in->options->external_id;
	seen = map_get_hash(&f->equals, g->key);
	if (seen != NULL && !f->columns.has_items)
		n = *seen + 1;
	map_put_hash(&f->equals, g->key, n);
	return arena_printf(a, "%s-%" PRId64, hash_hex(g->key, hex), n);
}

static const struct err *
flat_build(struct flat *f, const struct flat_group *g, struct arena *a,
    struct order *o, uint64_t *line)
{
	const struct err *err;
	size_t i;

	if (mapping_has_codes(f->in->map, NULL))
		intake_codes_begin(o);
	f->in->skip = false;
	for (i = 0; i < g->len; i++) {
		*line = g->rows[i].line;
		if ((err = columns_row(f->in, &f->columns, &g->rows[i],
			 i != 0 ? &g->rows[i - 1] : NULL, o, a)) != NULL)
			return err;
	}
	if (g->len != 0)
		*line = g->rows[0].line;
	return columns_finish(f->in, &f->columns, o, a);
}

/* Local times of the table are of its own zone, ours of the shop's. */
static const struct err *
flat_build_in_zone(struct flat *f, const struct flat_group *g, struct arena *a,
    struct order *o, uint64_t *line)
{
	const struct err *err, *back;

	if (f->zone == NULL)
		return flat_build(f, g, a, o, line);
	if ((err = when_zone(f->in->map->timezone)) != NULL)
		return err;
	err = flat_build(f, g, a, o, line);
	back = when_zone(f->zone);
	return err != NULL ? err : back;
}

static const struct err *
flat_check_twice(struct flat *f, const struct flat_group *g)
{
	int64_t *first;

	if (f->columns.number < 0 || f->columns.has_items)
		return NULL;
	first = map_get_hash(&f->first, g->key);
	if (first != NULL)
		return err_new(ERR_INPUT,
		    "its number stands in this file already, on line %" PRId64,
		    *first);
	map_put_hash(&f->first, g->key, (int64_t)g->rows[0].line);
	return NULL;
}

/* Hand out the order that these rows are. */
static const struct err *
flat_order(struct flat *f, const struct flat_group *g, struct arena *a,
    struct intake_record *r)
{
	struct order *o = arena_zalloc(a, sizeof(*o));
	uint64_t line = g->len != 0 ? g->rows[0].line : dsv_line(f->dsv);
	const struct err *err;

	r->external_id = flat_name(f, g, a);
	if (g->bad.len != 0)
		err = err_new(ERR_INPUT, "%s", buf_str(&g->bad));
	else if ((err = flat_check_twice(f, g)) == NULL &&
		 (err = flat_build_in_zone(f, g, a, o, &line)) == NULL) {
		if (f->columns.number < 0)
			o->external_id = r->external_id;
		err = intake_identify(f->in, o, a);
	}
	r->where = intake_place(f->in, line, a);
	r->raw = arena_strdup(a, buf_str(&g->raw));
	r->raw_len = g->raw.len;
	if (err != NULL)
		return err;
	r->type = INTAKE_ORDER;
	r->order = o;
	r->source = o->source;
	r->external_id = o->external_id;
	return NULL;
}

/* An unreadable row: of an order that is refused with it, or alone. */
static const struct err *
flat_bad_row(struct flat *f, const struct err *bad, struct arena *a,
    struct intake_record *r, struct flat_group **group)
{
	const int64_t *key = map_get_hash(&f->bad, (uint64_t)f->row);
	struct flat_group *g;

	*group = NULL;
	if (key == NULL) {
		r->where = intake_place(f->in, dsv_line(f->dsv), a);
		r->raw = arena_strdup(a, dsv_raw(f->dsv));
		r->raw_len = strlen(r->raw);
		return bad;
	}
	g = flat_group_of(f, (uint64_t)*key);
	buf_reset(&g->bad);
	buf_printf(&g->bad, "line %" PRIu64 ": %s", dsv_line(f->dsv), bad->msg);
	flat_group_raw(g, dsv_raw(f->dsv));
	*group = g;
	return NULL;
}

static bool
flat_is_whole(const struct flat *f, uint64_t key)
{
	const int64_t *last;

	if ((last = map_get_hash(&f->last, key)) != NULL)
		return *last <= f->row;
	return (size_t)f->row > f->ends.len || f->ends.data[f->row - 1] != 0;
}

static const struct err *
flat_next(void *state, struct arena *a, struct intake_record *r)
{
	struct flat *f = state;
	const struct dsv_row *row;
	const struct err *err;
	struct flat_group *g;

	while (f->header != NULL) {
		err = flat_row(f, &row);
		if (err != NULL && err->code != ERR_INPUT)
			return err;
		if (err == NULL && row == NULL)
			break;
		f->row++;
		r->header = f->header;
		if (err != NULL) {
			if ((err = flat_bad_row(f, err, a, r, &g)) != NULL)
				return err;
		} else {
			g = flat_group_of(f, flat_key(f, row));
			flat_group_add(g, row);
		}
		if (!flat_is_whole(f, g->key))
			continue;
		err = flat_order(f, g, a, r);
		flat_group_drop(f, g);
		if (err != NULL || !f->in->skip)
			return err;
		r->type = INTAKE_END; /* unless another one follows */
	}
	if (f->header != NULL && !f->in->decoded && dsv_unended(f->dsv))
		intake_warn(f->in, intake_place(f->in, dsv_line(f->dsv), a),
		    DSV_UNENDED);
	return NULL;
}

const struct intake_adapter flat_adapter = {
	.open = flat_open,
	.next = flat_next,
	.close = flat_close,
	.wants_file = true,
};
