/* source.c - what each source last said of an order. */
#include "order/source.h"

#include <string.h>

#include "base/text.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/members.h"
#include "order/order_save.h"

static const char source_find_sql[] =
    "SELECT order_id, record_hash, base, source_updated_at"
    "  FROM order_source"
    " WHERE source = :source AND external_id = :external_id";
static const char source_of_order_sql[] =
    "SELECT source, external_id, base FROM order_source"
    " WHERE order_id = :order_id";
static const char source_add_sql[] =
    "INSERT INTO order_source (order_id, source, external_id,"
    " source_updated_at, base, record_hash) VALUES (:order_id, :source,"
    " :external_id, :updated_at, '', :record_hash)";
static const char source_set_sql[] =
    "UPDATE order_source SET base = :base, record_hash = :record_hash,"
    " source_updated_at = ifnull(:updated_at, source_updated_at)"
    " WHERE source = :source AND external_id = :external_id";
static const char source_rebase_sql[] =
    "UPDATE order_source SET base = :base"
    " WHERE source = :source AND external_id = :external_id";

static const char source_rename_sql[] =
    "UPDATE order_source SET external_id = :external_id"
    " WHERE source = :source AND external_id = :our_no"
    " AND record_hash = '" SOURCE_SILENT "'";
static const char source_taken_sql[] =
    "SELECT o.order_no FROM order_source s JOIN orders o ON o.id = s.order_id"
    " WHERE s.source = :source AND s.external_id = :external_id";
static const char source_link_sql[] =
    "INSERT INTO order_source (order_id, source, external_id, base,"
    " record_hash) VALUES (:order_id, :source, :external_id, '',"
    " '" SOURCE_SILENT "')";

static const struct err *
source_read(struct shop *s, const struct order *o, const char *hash,
    struct arena *a, struct source *out)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = (struct source){ 0 };
	if ((err = db_stmt(s->db, source_find_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", o->source);
	db_bind_text(st, ":external_id", o->external_id);
	if ((err = db_step(st, &row)) != NULL || !row)
		return err;
	out->order_id = db_col_int(st, 0);
	out->same = strcmp(hash, db_col_peek(st, 1)) == 0;
	if (!out->same) {
		out->silent = strcmp(db_col_peek(st, 1), SOURCE_SILENT) == 0;
		out->differs = db_col_text(st, 2, a);
		out->has_updated_at = !db_col_is_null(st, 3);
		out->updated_at = db_col_int(st, 3);
	}
	db_reset(st);
	return NULL;
}

const struct err *
source_find(struct shop *s, const struct order *o, const char *hash,
    struct arena *a, struct source *out)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = source_read(s, o, hash, a, out)) != NULL ||
	    out->order_id != 0 || o->our_no == NULL)
		return err;
	if ((err = db_mark(s->db)) != NULL ||
	    (err = db_stmt(s->db, source_rename_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", o->source);
	db_bind_text(st, ":external_id", o->external_id);
	db_bind_text(st, ":our_no", o->our_no);
	if ((err = db_run(st)) != NULL)
		return err;
	return source_read(s, o, hash, a, out);
}

const struct err *
source_link(struct shop *s, const struct order *o, const char *source,
    const char *external_id, struct arena *a, const char **taken)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*taken = NULL;
	if ((err = db_stmt(s->db, source_taken_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	if ((err = db_step(st, &row)) != NULL)
		return err;
	if (row)
		*taken = db_col_text(st, 0, a);
	db_reset(st);
	if (*taken != NULL ||
	    (err = db_stmt(s->db, source_link_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":order_id", o->id);
	db_bind_text(st, ":source", source);
	db_bind_text(st, ":external_id", external_id);
	return db_run(st);
}

struct members
source_base(const struct source *src, struct members *ours, struct arena *a)
{
	struct members differs = members_split(src->differs, a);
	struct members base = { 0 };
	const struct pack_member *said;
	size_t i;

	for (i = 0; i < ours->len; i++) {
		said = members_find(&differs, ours->v[i].name);
		members_add(&base, ours->v[i].name,
		    said != NULL ? said->value : ours->v[i].value, a);
	}
	for (i = 0; i < differs.len; i++)
		if (members_find(ours, differs.v[i].name) == NULL)
			members_add(&base, differs.v[i].name,
			    differs.v[i].value, a);
	return base;
}

const struct err *
source_add(struct shop *s, const struct order *o, const char *hash)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, source_add_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":order_id", o->id);
	db_bind_text(st, ":source", o->source);
	db_bind_text(st, ":external_id", o->external_id);
	if (o->has_source_updated_at)
		db_bind_int(st, ":updated_at", o->source_updated_at);
	db_bind_text(st, ":record_hash", hash);
	return db_run(st);
}

const struct err *
source_set(struct shop *s, const struct order *in, struct members *base,
    struct members *ours, const char *hash, struct arena *a)
{
	struct members differs = members_differ(base, ours, a);
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, source_set_sql, &st)) != NULL)
		return err;
	if (in->has_source_updated_at)
		db_bind_int(st, ":updated_at", in->source_updated_at);
	db_bind_text(st, ":base", members_pack(&differs, a));
	db_bind_text(st, ":record_hash", hash);
	db_bind_text(st, ":source", in->source);
	db_bind_text(st, ":external_id", in->external_id);
	return db_run(st);
}

/*
 * The differences after the order went from old to new, given those before: for
 * each member that changed, what the source said of it is compared anew. Those
 * that did not change (and parts that were not even loaded) stay as they are.
 */
static struct members
source_carry(struct members *differs, struct members *changed,
    struct members *old, struct members *new, struct arena *a)
{
	struct members out = { 0 };
	const struct pack_member *said;
	const char *name, *value;
	size_t i;

	for (i = 0; i < differs->len; i++)
		if (members_find(changed, differs->v[i].name) == NULL)
			members_add(&out, differs->v[i].name,
			    differs->v[i].value, a);
	for (i = 0; i < changed->len; i++) {
		name = changed->v[i].name;
		said = members_find(differs, name);
		value = said != NULL ? said->value : members_value(old, name);
		if (!text_same(value, members_value(new, name)))
			members_add(&out, name, value, a);
	}
	return out;
}

/* What one of an order's sources last said. */
struct source_said {
	const char *source;
	const char *external_id;
	const char *differs;
};

static const struct err *
source_list(struct shop *s, int64_t order_id, struct arena *a,
    struct source_said **out, size_t *count)
{
	const struct err *err;
	struct db_stmt *st;
	bool row;

	*out = NULL;
	*count = 0;
	if ((err = db_stmt(s->db, source_of_order_sql, &st)) != NULL)
		return err;
	db_bind_int(st, ":order_id", order_id);
	while ((err = db_step(st, &row)) == NULL && row) {
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] =
		    (struct source_said){ db_col_text(st, 0, a),
			    db_col_text(st, 1, a), db_col_text(st, 2, a) };
	}
	return err;
}

static const struct err *
source_put_base(struct shop *s, const struct source_said *said,
    const char *base)
{
	const struct err *err;
	struct db_stmt *st;

	if ((err = db_stmt(s->db, source_rebase_sql, &st)) != NULL)
		return err;
	db_bind_text(st, ":base", base);
	db_bind_text(st, ":source", said->source);
	db_bind_text(st, ":external_id", said->external_id);
	return db_run(st);
}

static struct members
source_members(const struct order *o, struct arena *a)
{
	struct order *copy = order_copy(o, a);

	order_keys(copy, a);
	return members_of(copy, a);
}

const struct err *
source_rebase(struct shop *s, const struct order *old, const struct order *new,
    struct arena *a)
{
	struct members was = source_members(old, a);
	struct members is = source_members(new, a);
	struct members changed = members_differ(&was, &is, a);
	struct members differs, carried;
	struct source_said *said;
	const struct err *err;
	size_t i, count;

	err = source_list(s, old->id, a, &said, &count);
	for (i = 0; i < count && err == NULL; i++) {
		differs = members_split(said[i].differs, a);
		carried = source_carry(&differs, &changed, &was, &is, a);
		err = source_put_base(s, &said[i], members_pack(&carried, a));
	}
	return err;
}
