/* crm-status - tell whether all is well; see crm-status(1). */
#include <string.h>

#include "base/when.h"
#include "cli/cli.h"
#include "keep/alarm.h"
#include "keep/health.h"

enum { REMIND_MAX = 24 * 365 };

static bool alarms;
static int64_t remind = 24;

static const struct opt opts[] = {
	OPT_FLAG(0, "alarm", &alarms,
	    "tell only what is new: what went wrong, what is well again"),
	OPT_INT(0, "remind", &remind, "hours",
	    "with --alarm: tell again what is still wrong; default: 24"),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [-d file] [--alarm] [--color when]"
	" [--json | --table | --tsv] [--no-header] [--remind hours]",
	NULL,
};

static const char *const examples[] = {
	"crm-status",
	"how the jobs, the database and its disk are",
	"crm-status --alarm",
	"from cron each minute: a mail when something goes wrong or is mended",
	NULL,
};

static enum out_mood
mood(const struct health_item *item)
{
	if (item->problem)
		return OUT_BAD;
	return strcmp(item->state, "ok") == 0 ? OUT_GOOD : OUT_ATTENTION;
}

static void
show_time(struct out *out, int64_t at, int64_t now)
{
	const int64_t age = now > at ? now - at : 0;
	char buf[WHEN_STR_MAX];

	if (at == 0) {
		out_null(out, "at");
		out_null(out, "age");
		return;
	}
	out_time(out, "at", at);
	if (out_format(out) == OUT_TABLE)
		out_text(out, "age", when_duration(age, buf));
	else
		out_int(out, "age", age);
}

static const struct err *
show(struct out *out, const struct health_item *item, int64_t now)
{
	const bool people = out_format(out) == OUT_TABLE;

	out_type(out, "status");
	if (!people)
		out_text(out, "kind", item->kind);
	out_text(out, "name", item->name);
	out_mood(out, "state", item->state, mood(item));
	if (!people)
		out_bool(out, "problem", item->problem);
	show_time(out, item->at, now);
	if (!people && item->has_value)
		out_int(out, "value", item->value);
	else if (!people)
		out_null(out, "value");
	out_text(out, "summary", item->summary);
	return out_end(out);
}

static const struct err *
show_all(struct out *out, const struct health *h)
{
	const struct err *err = NULL;
	size_t i;

	for (i = 0; i < h->count && err == NULL; i++)
		if (!alarms || h->items[i].news)
			err = show(out, &h->items[i], h->now);
	return err != NULL ? err : out_flush(out);
}

/* "order-import stale, disk low": the error that makes the exit status 1. */
static const struct err *
verdict(struct arena *a, const struct health *h)
{
	const struct health_item *item;
	const char *text = NULL;
	size_t i;

	for (i = 0; i < h->count; i++) {
		item = &h->items[i];
		if (!item->problem || (alarms && !item->news))
			continue;
		text = arena_printf(a, "%s%s%s %s", text != NULL ? text : "",
		    text != NULL ? ", " : "", item->name, item->state);
	}
	return text != NULL ? err_new(ERR_CONFLICT, "%s", text) : NULL;
}

static const struct err *
tell_news(struct cli *cli, const char *path, struct health *h)
{
	const struct err *err;
	struct alarm *al;

	err = alarm_open(path, &cli->arena, &al);
	if (err != NULL && err->code == ERR_BUSY)
		return err;
	if (err != NULL) /* better told each time than never */
		cli_say("%s; what was told cannot be kept", err->msg);
	alarm_mark(al, remind * 3600, h);
	if ((err = show_all(cli->out, h)) == NULL && al != NULL)
		err = alarm_told(al, h);
	alarm_close(al);
	return err;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err;
	struct health h;
	const char *path;

	if (argc != 0)
		return err_new(ERR_USAGE, "unexpected argument '%s'", argv[0]);
	if (remind < 1 || remind > REMIND_MAX)
		return err_new(ERR_USAGE, "option '--remind' takes 1 to %d",
		    REMIND_MAX);
	if ((err = config_db(cli->config, &path)) != NULL)
		return err;
	health_look(cli, &h);
	err = alarms ? tell_news(cli, path, &h) : show_all(cli->out, &h);
	return err != NULL ? err : verdict(&cli->arena, &h);
}

const struct cli_cmd cli_cmd = {
	.name = "crm-status",
	.synopsis = synopsis,
	.summary = "tell whether all is well",
	.opts = opts,
	.examples = examples,
	.run = run,
};
