/* health.c - is all well? */
#include "keep/health.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/when.h"
#include "cli/cli.h"
#include "crm/follower.h"
#include "crm/history.h"
#include "crm/reject.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"
#include "io/file.h"
#include "order/workflow.h"

#define MIB ((int64_t)1 << 20)
#define GIB ((int64_t)1 << 30)

enum {
	HEALTH_LATE_MAX_S = 6 * 3600,
	HEALTH_AHEAD_S = 300, /* clocks of one machine differ by less */
	HEALTH_REJECT_S = 24 * 3600,
	HEALTH_WAL_MIB = 256, /* an import makes some 80 */
	HEALTH_COMM_MAX = 64,
};

int64_t
health_stale_s(int64_t every_s)
{
	return every_s +
	       (every_s < HEALTH_LATE_MAX_S ? every_s : HEALTH_LATE_MAX_S);
}

int64_t
health_disk_needed(int64_t database_bytes, int64_t disk_bytes)
{
	const int64_t some = disk_bytes / 20 < GIB ? disk_bytes / 20 : GIB;

	return 2 * database_bytes > some ? 2 * database_bytes : some;
}

static struct health_item *
health_add(struct health *h, const char *kind, const char *name)
{
	struct health_item *item;

	h->items = arena_grow(h->a, h->items, h->count, sizeof(*h->items));
	item = &h->items[h->count++];
	*item =
	    (struct health_item){ .kind = kind, .name = name, .state = "ok" };
	return item;
}

static void
health_problem(struct health_item *item, const char *state)
{
	item->problem = true;
	item->state = state;
}

static void
health_value(struct health_item *item, int64_t value, const char *summary)
{
	item->has_value = true;
	item->value = value;
	item->summary = summary;
}

/* "117.3 GiB" */
static const char *
health_size(const struct health *h, int64_t bytes)
{
	if (bytes >= GIB)
		return arena_printf(h->a, "%" PRId64 ".%" PRId64 " GiB",
		    bytes / GIB, bytes % GIB * 10 / GIB);
	return arena_printf(h->a, "%" PRId64 ".%" PRId64 " MiB", bytes / MIB,
	    bytes % MIB * 10 / MIB);
}

/* Jobs --------------------------------------------------------------------- */

static bool
health_is_stale(const struct health *h, int64_t at, int64_t every_s)
{
	return h->now - at > health_stale_s(every_s) ||
	       at - h->now > HEALTH_AHEAD_S; /* the clock was set back */
}

/* The jobs that are known by a file: when it was written. */
static void
health_job_files(struct health *h, const struct config *c)
{
	struct health_item *item;
	struct stat st;
	size_t i;

	for (i = 0; i < c->job_count; i++) {
		if (c->jobs[i].file == NULL)
			continue;
		item = health_add(h, "job", c->jobs[i].name);
		item->summary = c->jobs[i].file;
		if (stat(item->summary, &st) != 0) {
			health_problem(item, "never");
			item->summary = arena_printf(h->a, "%s: %s",
			    item->summary, strerror(errno));
			continue;
		}
		item->at = st.st_mtime;
		if (health_is_stale(h, item->at, c->jobs[i].every_s))
			health_problem(item, "stale");
	}
}

/* "run 12, 3m ago: 1 of 3 rejected, so nothing was done" */
static const char *
health_run(const struct health *h, const struct run_past *r)
{
	const int64_t at = r->ended_at != 0 ? r->ended_at : r->started_at;
	char ago[WHEN_STR_MAX];

	when_duration(h->now > at ? h->now - at : 0, ago);
	if (r->ended_at == 0)
		return arena_printf(h->a,
		    "run %" PRId64 ", begun %s ago, has not ended", r->id, ago);
	return arena_printf(h->a, "run %" PRId64 ", %s ago%s%s", r->id, ago,
	    r->summary != NULL ? ": " : "",
	    r->summary != NULL ? r->summary : "");
}

/*
 * A job has failed when the last run that came to an end of its own did. One
 * under way, stopped or busy decides nothing, or whoever looks each minute
 * would be told of a failing job each time that it is tried again.
 */
static void
health_judge(const struct health *h, struct health_item *item,
    const struct run_past *last, const struct run_past *decided)
{
	if (decided != NULL && decided->exit_status != 0 &&
	    decided->exit_status != 3) {
		health_problem(item, "failed");
		item->summary = health_run(h, decided);
	} else if (last != NULL &&
		   (decided == NULL || last->id != decided->id)) {
		item->state = last->ended_at != 0 ? "stopped" : "running";
		item->summary = health_run(h, last);
	} else if (last != NULL) {
		item->summary = last->summary;
	}
}

/* every_s 0: nobody has said how often it should run. */
static const struct err *
health_job(struct health *h, struct db *db, const char *name,
    const struct run_match *m, int64_t every_s)
{
	struct run_past *last, *decided = NULL, *done = NULL;
	struct health_item *item;
	const struct err *err;

	if ((err = run_last(db, m, RUN_ANY, h->a, &last)) != NULL ||
	    (last != NULL &&
		((err = run_last(db, m, RUN_DECIDED, h->a, &decided)) != NULL ||
		    (err = run_last(db, m, RUN_DONE, h->a, &done)) != NULL)))
		return err;
	item = health_add(h, "job", name);
	health_judge(h, item, last, decided);
	if (done != NULL)
		item->at = done->ended_at;
	if (every_s == 0 || item->problem)
		return NULL;
	if (last == NULL) {
		health_problem(item, "never");
		item->summary = "there is no such run";
	} else if (done == NULL || health_is_stale(h, item->at, every_s)) {
		health_problem(item, "stale");
	}
	return NULL;
}

static const struct err *
health_jobs(struct health *h, struct db *db, const struct config *c)
{
	const struct err *err = NULL;
	const struct config_job *j;
	size_t i;

	for (i = 0; i < c->job_count && err == NULL; i++) {
		j = &c->jobs[i];
		if (j->file == NULL)
			err = health_job(h, db, j->name,
			    &(struct run_match){ j->command, j->detail,
				j->actor },
			    j->every_s);
	}
	return err;
}

static const struct err *
health_commands(struct health *h, struct db *db)
{
	const struct err *err;
	const char **names;
	size_t i, n;

	err = run_commands(db, h->a, &names, &n);
	for (i = 0; i < n && err == NULL; i++)
		err = health_job(h, db, names[i],
		    &(struct run_match){ .command = names[i] }, 0);
	return err;
}

/* What waits --------------------------------------------------------------- */

static const struct err *
health_followers(struct health *h, struct db *db)
{
	const struct err *err;
	struct health_item *item;
	struct follower *v;
	size_t i, n;
	int64_t last, behind;

	if ((err = follower_list(db, h->a, &v, &n)) != NULL ||
	    (err = history_last(db, &last)) != NULL)
		return err;
	for (i = 0; i < n; i++) {
		item = health_add(h, "follower", v[i].name);
		behind = last - v[i].history_id;
		item->at = v[i].at;
		if (behind < 0)
			health_problem(item, "ahead");
		health_value(item, behind,
		    behind < 0 ?
			"it has seen changes that are no more" :
			arena_printf(h->a,
			    "reads the history, %" PRId64 " changes behind",
			    behind));
	}
	return NULL;
}

static const struct err *
health_waiting(struct health *h, struct db *db)
{
	const struct err *err;
	struct health_item *item;
	int64_t rejects, since, orders, late_since;

	if ((err = reject_count(db, NULL, &rejects)) != NULL ||
	    (err = reject_oldest(db, &since)) != NULL ||
	    (err = workflow_late(db, h->now, &orders, &late_since)) != NULL)
		return err;
	item = health_add(h, "shop", "rejects");
	item->at = since;
	health_value(item, rejects,
	    arena_printf(h->a, "%" PRId64 " open", rejects));
	if (rejects != 0 && h->now - since > HEALTH_REJECT_S) {
		health_problem(item, "old");
		item->summary = arena_printf(h->a, "%s; crm-rejects shows them",
		    item->summary);
	}

	/* The managers' affair, and so no problem of the machine's. */
	item = health_add(h, "shop", "late-orders");
	item->at = late_since;
	health_value(item, orders,
	    arena_printf(h->a,
		"%" PRId64 " over the time limit of their status", orders));
	if (orders != 0)
		item->state = "late";
	return NULL;
}

/* The database and its disk ------------------------------------------------ */

/* Bytes of a file, 0 when there is none. */
static int64_t
health_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : 0;
}

static const char *
health_folder(const struct health *h, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return slash == path ?
		   "/" :
		   arena_strndup(h->a, path, (size_t)(slash - path));
}

static void
health_disk(struct health *h, const char *path, int64_t database_bytes)
{
	struct health_item *item = health_add(h, "shop", "disk");
	const char *folder = health_folder(h, path);
	struct statvfs v;
	int64_t bytes, needed;

	if (statvfs(folder, &v) != 0) {
		health_problem(item, "failed");
		item->summary =
		    arena_printf(h->a, "%s: %s", folder, strerror(errno));
		return;
	}
	bytes = (int64_t)(v.f_bavail * v.f_frsize);
	needed = health_disk_needed(database_bytes,
	    (int64_t)(v.f_blocks * v.f_frsize));
	health_value(item, bytes,
	    arena_printf(h->a, "%s free", health_size(h, bytes)));
	if (bytes < needed) {
		health_problem(item, "low");
		item->summary = arena_printf(h->a, "%s, should be %s",
		    item->summary, health_size(h, needed));
	}
}

/* ": order-list (process 412), sqlite3 (process 518)"; "" when none is known. */
static const char *
health_readers(const struct health *h, const char *path)
{
	const char *text = "", *name;
	const struct err *err;
	int64_t *pids;
	size_t i, n;

	db_readers(path, h->a, &pids, &n);
	for (i = 0; i < n; i++) {
		err = file_slurp(arena_printf(h->a, "/proc/%" PRId64 "/comm",
				     pids[i]),
		    HEALTH_COMM_MAX, h->a, &name);
		if (err != NULL)
			name = "a program";
		text = arena_printf(h->a, "%s%s %.*s (process %" PRId64 ")",
		    text, i == 0 ? ":" : ",", (int)strcspn(name, "\n"), name,
		    pids[i]);
	}
	return text;
}

static void
health_shop(struct health *h, const char *path, const struct err *bad)
{
	const int64_t bytes = health_bytes(path);
	const int64_t wal = health_bytes(arena_printf(h->a, "%s-wal", path));
	struct health_item *item = health_add(h, "shop", "database");

	health_value(item, bytes, health_size(h, bytes));
	if (bad != NULL) {
		health_problem(item, "failed");
		item->summary = arena_strdup(h->a, bad->msg);
	}
	item = health_add(h, "shop", "wal");
	health_value(item, wal, health_size(h, wal));
	if (wal > HEALTH_WAL_MIB * MIB) {
		health_problem(item, "large");
		item->summary =
		    arena_printf(h->a, "%s; some reader does not end%s",
			item->summary, health_readers(h, path));
	}
	health_disk(h, path, bytes + wal);
}

/* -------------------------------------------------------------------------- */

static const struct err *
health_ask(struct health *h, struct cli *cli)
{
	const struct err *err;
	struct shop *shop;

	/* for the shop's time zone */
	if ((err = shop_open(cli->db, NULL, &shop)) != NULL)
		return err;
	shop_close(shop);
	err = cli->config->job_count != 0 ?
		  health_jobs(h, cli->db, cli->config) :
		  health_commands(h, cli->db);
	if (err == NULL && (err = health_followers(h, cli->db)) == NULL)
		err = health_waiting(h, cli->db);
	return err;
}

void
health_look(struct cli *cli, struct health *out)
{
	const char *path = config_get(cli->config, CONFIG_DB);
	const struct err *err;

	size_t sure;

	*out = (struct health){ .a = &cli->arena, .now = when_now() };
	health_job_files(out, cli->config);
	sure = out->count;
	if ((err = db_open(path, DB_READ, &cli->db)) == NULL)
		err = health_ask(out, cli);
	if (err != NULL) {
		out->blind = true;
		out->count = sure; /* half of the truth would be a lie */
	}
	health_shop(out, path, err);
}
