/* batch.c - many records, few commits. */
#include "app/batch.h"

#include <unistd.h>

#include "base/when.h"
#include "cli/cli.h"
#include "cli/stop.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"

enum {
	BATCH_RECORDS = 5000,
	BATCH_MS = 250,
	BATCH_NAP_US = 2000, /* without it waiting writers starve */
};

const struct err *
batch_record(struct batch *b)
{
	const struct err *err;

	if (db_in_transaction(b->shop->db))
		return db_record(b->shop->db);
	if ((err = db_begin(b->shop->db)) != NULL)
		return err;
	b->in_hand = 0;
	b->began_ms = when_ticks_ms();
	/* reference is looked up in memory, so that must be of now */
	if ((err = shop_refresh(b->shop)) != NULL)
		return err;
	if (b->shop->run_id != 0)
		return NULL;
	if ((err = run_begin(b->shop, b->command, b->detail, b->cli->actor,
		 b->backfill)) != NULL)
		return err;
	return db_record(b->shop->db);
}

const struct err *
batch_mark(struct batch *b)
{
	const struct err *err;

	if ((err = batch_record(b)) != NULL)
		return err;
	return db_mark(b->shop->db);
}

static const struct err *
batch_commit(struct batch *b)
{
	const struct err *err = db_commit(b->shop->db);

	b->kept = b->kept || err == NULL;
	return err;
}

const struct err *
batch_begin(struct batch *b)
{
	const struct err *err;

	if ((err = batch_record(b)) != NULL)
		return err;
	return batch_commit(b);
}

const struct err *
batch_step(struct batch *b, bool wait)
{
	const struct err *err;

	b->in_hand++;
	if (b->whole || !db_in_transaction(b->shop->db))
		return NULL;
	if (!wait && b->in_hand < BATCH_RECORDS &&
	    (b->in_hand % 64 != 0 || when_ticks_ms() - b->began_ms < BATCH_MS))
		return NULL;
	if ((err = batch_commit(b)) != NULL)
		return err;
	if (!wait)
		usleep(BATCH_NAP_US);
	return NULL;
}

const struct err *
batch_close(struct batch *b, const struct err *err, const char *summary)
{
	const struct err *end_err = NULL;
	struct db *db = b->shop->db;

	if (b->shop->run_id == 0)
		return err; /* there was not one record */
	if (err == NULL && b->whole && stop_asked())
		err = err_new(ERR_IO, "stopped before the end");
	if (err != NULL)
		db_rollback(db);
	if (err != NULL && !b->kept) {
		b->shop->run_id = 0; /* never was, and may be another's now */
		return err;
	}
	if (!db_in_transaction(db))
		end_err = db_begin(db);
	if (end_err == NULL)
		end_err = run_end(b->shop,
		    stop_asked() ? stop_status() : cli_status(b->cli, err),
		    err != NULL ? err->msg : summary);
	if (end_err == NULL && !b->cli->dry_run)
		end_err = db_commit(db);
	db_rollback(db);
	return err != NULL ? err : end_err;
}
