/* history-follow - changes, one after the other; see history-follow(1). */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/when.h"
#include "cli/cli.h"
#include "cli/lock.h"
#include "cli/stop.h"
#include "crm/follower.h"
#include "crm/history.h"
#include "crm/shop.h"
#include "db/db.h"

enum { FOLLOW_POLL_MS = 200 };

static bool follow, forget;
static const char *ack, *after, *cursor, *entity;
static struct opt_list fields;

static const char *const entities[] = { "order", "customer", "offer", "product",
	"category", "reject", "setting", "reference", NULL };

static const struct opt opts[] = {
	OPT_STR(0, "ack", &ack, "id",
	    "with --cursor: all up to this change is dealt with"),
	OPT_STR(0, "after", &after, "id",
	    "begin after this change; last: only what is still to come"),
	OPT_STR(0, "cursor", &cursor, "name",
	    "begin after what this reader has dealt with"),
	OPT_CHOICE(0, "entity", &entity, "name", entities,
	    "only changes of orders, customers, settings and the like"),
	OPT_LIST(0, "field", &fields, "name",
	    "only changes of this field; repeat for more"),
	OPT_FLAG(0, "follow", &follow, "at the end wait for more"),
	OPT_FLAG(0, "forget", &forget,
	    "with --cursor: there is no such reader any more"),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [-d file] [--after id | --cursor name] "
	"[--color when] [--entity name] [--field name] [--follow] "
	"[--json | --table | --tsv] [--no-header]",
	"--cursor name --ack id [-nqv] [-c file] [-d file]",
	"--cursor name --forget [-nqv] [-c file] [-d file]",
	NULL,
};

static const char *const examples[] = {
	"history-follow --follow --after last --field status",
	"watch orders move",
	"history-follow --json --cursor stock >changes.ndjson",
	"what the reader 'stock' has not dealt with",
	"history-follow --cursor stock --ack 4711",
	"now it has, up to change 4711",
	NULL,
};

/* What is written ---------------------------------------------------------- */

static bool
is_wanted(const struct history_change *c)
{
	size_t i;

	if (entity != NULL && strcmp(entity, c->entity) != 0)
		return false;
	for (i = 0; i < fields.len; i++)
		if (strcmp(fields.v[i], c->field) == 0)
			return true;
	return fields.len == 0;
}

/* People want to see who did what; programs everything. */
static const struct err *
show(struct out *out, const struct history_change *c)
{
	const bool people = out_format(out) == OUT_TABLE;

	out_type(out, "change");
	out_int(out, "id", c->id);
	out_time(out, "at", c->at);
	if (!people) {
		out_time(out, "recorded_at", c->recorded_at);
		out_int(out, "run_id", c->run_id);
	}
	out_text(out, "command", c->command);
	if (!people)
		out_bool(out, "backfill", c->backfill);
	out_text(out, "actor", c->actor);
	out_text(out, "entity", c->entity);
	if (!people)
		out_int(out, "entity_id", c->entity_id);
	out_text(out, "order_no", c->order_no);
	out_id(out, "item_id", c->item_id);
	out_text(out, "field", c->field);
	out_text(out, "old", c->old);
	out_text(out, "new", c->new);
	return out_end(out);
}

/* Behind the changes: how far one has come, past those not wanted too. */
static const struct err *
show_cursor(struct cli *cli, int64_t id)
{
	if (out_format(cli->out) != OUT_JSON)
		return NULL;
	out_text(cli->out, "type", "cursor");
	out_text(cli->out, "source", cursor != NULL ? cursor : "history");
	out_text(cli->out, "value", arena_printf(&cli->rec, "%" PRId64, id));
	return out_end(cli->out);
}

/* Following ---------------------------------------------------------------- */

/* The file that the name stands for, to see that it is replaced. */
static const struct err *
look_at_file(const struct cli *cli, struct stat *st)
{
	if (stat(db_path(cli->db), st) != 0)
		return err_sys("%s", db_path(cli->db));
	return NULL;
}

/*
 * At the end of the history. That it ends before the change we have seen means
 * an older copy of the database: what comes would have numbers of old.
 */
static const struct err *
check_end(struct cli *cli, const struct stat *opened, int64_t id)
{
	const struct err *err;
	struct stat now;
	int64_t last;

	if ((err = look_at_file(cli, &now)) != NULL ||
	    (err = history_last(cli->db, &last)) != NULL)
		return err;
	if (now.st_ino != opened->st_ino || now.st_dev != opened->st_dev)
		return err_new(ERR_CONFLICT,
		    "%s: it was replaced by another file; begin again",
		    db_path(cli->db));
	if (last < id)
		return err_new(ERR_CONFLICT,
		    "change %" PRId64 " is no more, the last one is %" PRId64
		    "; was an older copy of the database put back?",
		    id, last);
	return NULL;
}

/* A pause that ends when there is nobody left to read what we write. */
static void
pause_or_end(void)
{
	struct pollfd fd = { .fd = STDOUT_FILENO };

	if (poll(&fd, 1, FOLLOW_POLL_MS) == 1 &&
	    (fd.revents & (POLLERR | POLLHUP)) != 0)
		raise(SIGPIPE);
}

static const struct err *
write_page(struct cli *cli, const struct history_change *v, size_t count)
{
	const struct err *err;
	size_t i;

	for (i = 0; i < count; i++)
		if (is_wanted(&v[i]) && (err = show(cli->out, &v[i])) != NULL)
			return err;
	if (!follow)
		return NULL;
	if ((err = show_cursor(cli, v[count - 1].id)) != NULL)
		return err;
	return out_flush(cli->out);
}

/*
 * Nothing is held in the database while we write or wait, so that neither a
 * reader who stalls nor a quiet night keeps the write-ahead log from ending.
 */
static const struct err *
read_on(struct cli *cli, int64_t id)
{
	struct history_change *v;
	const struct err *err;
	struct stat opened;
	size_t count;

	if ((err = look_at_file(cli, &opened)) != NULL)
		return err;
	while (!stop_asked()) {
		arena_reset(&cli->rec);
		if ((err = history_page(cli->db, id, &cli->rec, &v, &count)) !=
		    NULL)
			return err;
		if (count != 0) {
			if ((err = write_page(cli, v, count)) != NULL)
				return err;
			id = v[count - 1].id;
			continue;
		}
		if ((err = check_end(cli, &opened, id)) != NULL)
			return err;
		if (!follow)
			return show_cursor(cli, id);
		pause_or_end();
	}
	return NULL;
}

/* -------------------------------------------------------------------------- */

static const struct err *
read_changes(struct cli *cli)
{
	const struct err *err;
	struct shop *shop;
	int64_t id = 0;

	/* for the shop's time zone */
	if ((err = shop_open(cli->db, NULL, &shop)) != NULL)
		return err;
	shop_close(shop);
	if (cursor != NULL &&
	    ((err = lock_take(db_path(cli->db),
		  arena_printf(&cli->arena, "history-follow-%s", cursor), 0)) !=
		    NULL ||
		(err = follower_get(cli->db, cursor, &id)) != NULL))
		return err;
	if (after != NULL && (err = err_wrap(history_named(cli->db, after, &id),
				  "option '--after'")) != NULL)
		return err;
	stop_install();
	return read_on(cli, id);
}

static const struct err *
acknowledge(struct cli *cli)
{
	struct follower f = { .name = cursor, .at = when_now() };
	const struct err *err;
	int64_t before;

	if ((err = err_wrap(history_named(cli->db, ack, &f.history_id),
		 "option '--ack'")) != NULL ||
	    (err = follower_get(cli->db, cursor, &before)) != NULL)
		return err;
	if (f.history_id < before)
		return err_new(ERR_CONFLICT,
		    "'%s' has dealt with change %" PRId64
		    " already; --after reads again",
		    cursor, before);
	if (cli->dry_run) {
		cli_say("'%s' would be after change %" PRId64
			", is after %" PRId64,
		    cursor, f.history_id, before);
		return NULL;
	}
	return follower_put(cli->db, &f);
}

static const struct err *
forget_reader(struct cli *cli)
{
	const struct err *err;
	bool removed;

	if ((err = follower_remove(cli->db, cursor, &removed)) != NULL)
		return err;
	if (!removed)
		return err_new(ERR_NOTFOUND, "there is no cursor '%s'", cursor);
	if (cli->dry_run)
		cli_say("'%s' would be forgotten", cursor);
	return NULL;
}

static const struct err *
change(struct cli *cli)
{
	const struct err *err;

	if ((err = db_begin(cli->db)) != NULL ||
	    (err = ack != NULL ? acknowledge(cli) : forget_reader(cli)) != NULL)
		return err;
	return cli->dry_run ? NULL : db_commit(cli->db);
}

static bool
changes(void)
{
	return ack != NULL || forget;
}

static const struct err *
check_usage(const struct cli *cli, int argc, char **argv)
{
	const struct err *err;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if (changes() && (cursor == NULL || (ack != NULL && forget)))
		return err_new(ERR_USAGE,
		    "--ack and --forget go with --cursor, one of them");
	if (cursor != NULL && after != NULL)
		return err_new(ERR_USAGE,
		    "--cursor and --after exclude each other");
	if (changes() && (follow || entity != NULL || fields.len != 0))
		return err_new(ERR_USAGE, "--ack and --forget read nothing");
	if (!changes() && cli->dry_run)
		return err_new(ERR_USAGE,
		    "--dry-run goes with --ack and --forget");
	if (cursor != NULL && (err = follower_check_name(cursor)) != NULL)
		return err_new(ERR_USAGE, "%s", err->msg);
	return NULL;
}

static enum cli_flags
needs(void)
{
	return changes() ? CLI_DB_WRITE : CLI_DB_READ;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;

	if ((err = check_usage(cli, argc, argv)) != NULL)
		return err;
	return changes() ? change(cli) : read_changes(cli);
}

const struct cli_cmd cli_cmd = {
	.name = "history-follow",
	.synopsis = synopsis,
	.summary = "write what has changed, and wait for more",
	.opts = opts,
	.examples = examples,
	.needs = needs,
	.run = run,
};
