/* history.c - the append-only book of changes. */
#include "crm/history.h"

#include <stdlib.h>

#include "crm/shop.h"
#include "db/db.h"

static const char history_add_sql[] =
    "INSERT INTO history (at, recorded_at, run_id, actor, entity, entity_id,"
    " item_id, field, old, new)"
    " VALUES (:at, :recorded_at, :run_id, :actor, :entity, :entity_id,"
    " :item_id, :field, :old, :new)";

const struct err *
history_add(struct shop *s, const struct history_row *h)
{
	const struct err *err;
	struct db_stmt *st;

	if (s->run_id == 0)
		abort(); /* a change without run_begin() is a bug */
	if ((err = db_stmt(s->db, history_add_sql, &st)) != NULL)
		return err;
	db_bind_int_at(st, 1, h->at);
	db_bind_int_at(st, 2, s->now);
	db_bind_int_at(st, 3, s->run_id);
	db_bind_text_at(st, 4, h->actor != NULL ? h->actor : s->actor);
	db_bind_text_at(st, 5, h->entity);
	db_bind_int_at(st, 6, h->entity_id);
	if (h->item_id != 0)
		db_bind_int_at(st, 7, h->item_id);
	db_bind_text_at(st, 8, h->field);
	db_bind_text_at(st, 9, h->old);
	db_bind_text_at(st, 10, h->new);
	return db_run(st);
}
