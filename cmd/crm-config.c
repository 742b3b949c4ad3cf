/* crm-config - show and change what commands go by; see crm-config(1). */
#include <string.h>

#include "cli/cli.h"
#include "crm/run.h"
#include "crm/setting.h"
#include "crm/shop.h"
#include "db/db.h"

static const struct opt opts[] = {
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_output),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqtVv] [-c file] [--color when] [-d file] [--json | --table | --tsv] "
	"[--no-header] [name ...]",
	"[-nqv] [--as name] [-c file] [-d file] name=value ...",
	NULL,
};

static const char *const examples[] = {
	"crm-config",
	"every value and where it comes from",
	"crm-config cutoff=15:00",
	"ship the same day until three o'clock",
	NULL,
};

static const struct err *
emit(struct cli *cli, const char *name, const char *value, const char *origin)
{
	out_type(cli->out, "config");
	out_text(cli->out, "name", name);
	out_text(cli->out, "value", value);
	out_text(cli->out, "origin", origin);
	return out_end(cli->out);
}

static const struct config_value *
find_config(const struct cli *cli, const char *name)
{
	size_t i;

	for (i = 0; i < CONFIG_COUNT; i++)
		if (strcmp(cli->config->values[i].name, name) == 0)
			return &cli->config->values[i];
	return NULL;
}

static const struct err *
open_db(struct cli *cli, enum db_mode mode)
{
	const struct err *err;
	const char *path;

	if ((err = config_db(cli->config, &path)) != NULL)
		return err;
	return db_open(path, mode, &cli->db); /* main closes it */
}

static const struct err *
show_setting(struct cli *cli, const char *name)
{
	const struct err *err;
	const char *value;
	bool is_set;

	if ((err = setting_get(cli->db, name, &cli->arena, &value, &is_set)) !=
	    NULL)
		return err;
	return emit(cli, name, value, is_set ? "setting" : "default");
}

static const struct err *
emit_section(struct cli *cli, const char *kind, const char *name,
    const char *value, const char *origin)
{
	return emit(cli, arena_printf(&cli->arena, "%s %s", kind, name), value,
	    origin);
}

/* The configuration can be looked at before there is a database. */
static const struct err *
show_all(struct cli *cli)
{
	const struct config_value *v = cli->config->values;
	const struct config_receiver *r;
	const struct config_source *source;
	const struct config_shop *from;
	const struct config_job *j;
	const struct setting *s;
	const struct err *err;
	size_t i;

	for (; v < cli->config->values + CONFIG_COUNT; v++)
		if ((err = emit(cli, v->name, v->value, v->origin)) != NULL)
			return err;
	for (i = 0; i < cli->config->job_count; i++) {
		j = &cli->config->jobs[i];
		if ((err = emit_section(cli, "job", j->name, j->every,
			 j->origin)) != NULL)
			return err;
	}
	for (i = 0; i < cli->config->receiver_count; i++) {
		r = &cli->config->receivers[i];
		if ((err = emit_section(cli, "receiver", r->name, r->kind,
			 r->origin)) != NULL)
			return err;
	}
	for (i = 0; i < cli->config->shop_count; i++) {
		from = &cli->config->shops[i];
		if ((err = emit_section(cli, "shop", from->name, from->url,
			 from->origin)) != NULL)
			return err;
	}
	for (i = 0; i < cli->config->source_count; i++) {
		source = &cli->config->sources[i];
		if ((err = emit_section(cli, "source", source->name,
			 source->map, source->origin)) != NULL)
			return err;
	}
	err = open_db(cli, DB_READ);
	if (err != NULL &&
	    (err->code == ERR_CONFIG || err->code == ERR_NOTFOUND)) {
		cli_warn("%s; the settings are kept there", err->msg);
		return NULL;
	}
	for (s = setting_list; err == NULL && s->name != NULL; s++)
		err = show_setting(cli, s->name);
	return err;
}

static const struct err *
show(struct cli *cli, const char *name)
{
	const struct config_value *v = find_config(cli, name);
	const struct err *err;

	if (v != NULL)
		return emit(cli, v->name, v->value, v->origin);
	if (cli->db == NULL && (err = open_db(cli, DB_READ)) != NULL)
		return err;
	return show_setting(cli, name);
}

/* "NAME=VALUE"; what stands in crm.conf is not ours to set. */
static const struct err *
put(struct cli *cli, struct shop *shop, const char *operand, int *changed)
{
	const char *equals = strchr(operand, '='), *name, *old;
	const struct config_value *v;
	const struct err *err;
	bool is_set;

	if (equals == NULL)
		return err_new(ERR_USAGE,
		    "'%s' has no value; show and set one after the other",
		    operand);
	name = arena_strndup(&cli->arena, operand, (size_t)(equals - operand));
	if ((v = find_config(cli, name)) != NULL)
		return err_new(ERR_USAGE,
		    "'%s' is no setting; change it in /etc/crm/crm.conf or "
		    "~/.config/crm/crm.conf (it comes from %s)",
		    name, v->origin);
	if ((err = setting_get(cli->db, name, &cli->arena, &old, &is_set)) !=
		NULL ||
	    (err = setting_put(shop, name, equals + 1)) != NULL)
		return err;
	if (is_set && strcmp(old, equals + 1) == 0)
		return NULL;
	++*changed;
	if (cli->dry_run)
		cli_say("%s would be '%s', is '%s'", name, equals + 1, old);
	return NULL;
}

static const struct err *
put_all(struct cli *cli, struct shop *shop, int argc, char **argv)
{
	const struct err *err;
	int i, changed = 0;

	if ((err = db_begin(cli->db)) != NULL ||
	    (err = run_begin(shop, "crm-config", NULL, cli->actor, false)) !=
		NULL)
		return err;
	for (i = 0; i < argc; i++)
		if ((err = put(cli, shop, argv[i], &changed)) != NULL)
			return err;
	if (cli->dry_run || changed == 0)
		return NULL; /* closing rolls back */
	if ((err = run_end(shop, 0, NULL)) != NULL ||
	    (err = db_commit(cli->db)) != NULL)
		return err;
	cli_summary("%d setting%s changed", changed, changed == 1 ? "" : "s");
	return NULL;
}

static const struct err *
change(struct cli *cli, int argc, char **argv)
{
	struct shop shop = { 0 };
	const struct err *err;

	if ((err = open_db(cli, DB_WRITE)) != NULL)
		return err;
	/* Not opened, or a bad setting would keep us from mending it. */
	shop.db = cli->db;
	err = put_all(cli, &shop, argc, argv);
	arena_free(&shop.arena);
	return err;
}

static void
operands(FILE *fp)
{
	const struct setting *s;

	for (s = setting_list; s->name != NULL; s++)
		fprintf(fp, "%s\n", s->name);
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const struct err *err = NULL;
	bool changes = false;
	int i;

	for (i = 0; i < argc; i++)
		changes = changes || strchr(argv[i], '=') != NULL;
	if (changes)
		err = change(cli, argc, argv);
	else if (argc == 0)
		err = show_all(cli);
	for (i = 0; !changes && err == NULL && i < argc; i++)
		err = show(cli, argv[i]);
	/* What is wrong with a name or value was typed on the command line. */
	if (err != NULL && err->code == ERR_INPUT)
		return err_new(ERR_USAGE, "%s", err->msg);
	return err;
}

const struct cli_cmd cli_cmd = {
	.name = "crm-config",
	.synopsis = synopsis,
	.summary = "show and change what commands go by",
	.opts = opts,
	.examples = examples,
	.operands = operands,
	.run = run,
};
