/* crm-reference - write and load the lists a shop edits; see crm-reference(1). */
#include <string.h>

#include "cli/cli.h"
#include "crm/run.h"
#include "crm/shop.h"
#include "db/db.h"
#include "io/file.h"
#include "keep/reference_file.h"

static const char *folder;
static const char *table;
static bool load;

static const struct opt opts[] = {
	OPT_DIR(0, "export", &folder,
	    "write each table to a file in this folder"),
	OPT_FLAG(0, "load", &load, "make the tables hold what the files say"),
	OPT_CHOICE(0, "into", &table, "name", reference_names,
	    "the table that the file is about; default: its name"),
	OPT_TABLE(cli_opts_actor),
	OPT_TABLE(cli_opts_dry_run),
	OPT_TABLE(cli_opts_common),
	OPT_END,
};

static const char *const synopsis[] = {
	"[-hqVv] [-c file] [-d file] [table]",
	"--export dir [-qv] [-c file] [-d file] [table ...]",
	"--load [-nqv] [--as name] [-c file] [-d file] [--into name] file ...",
	NULL,
};

static const char *const examples[] = {
	"crm-reference status >status.tsv",
	"write the statuses, to be edited",
	"crm-reference --load status.tsv",
	"take them back, with history",
	"crm-reference --export reference",
	"write all tables into the folder",
	NULL,
};

static const struct err *
write_list(struct cli *cli)
{
	const char *const *name;
	struct reference *r;
	const struct err *err;

	printf("table\trows\n");
	for (name = reference_names; *name != NULL; name++) {
		if ((err = reference_read(cli->db, *name, &cli->rec, &r)) !=
		    NULL)
			return err;
		printf("%s\t%zu\n", r->name, r->row_count);
		arena_reset(&cli->rec);
	}
	return NULL;
}

static const struct err *
write_table(struct cli *cli, const char *name)
{
	const struct err *err;
	struct reference *r;

	if ((err = reference_read(cli->db, name, &cli->arena, &r)) == NULL)
		reference_file_write(r, stdout);
	return err;
}

static const struct err *
export_table(struct cli *cli, const char *name)
{
	const struct err *err;
	struct file_new *file;
	struct reference *r;

	if ((err = reference_read(cli->db, name, &cli->rec, &r)) != NULL ||
	    (err = file_new_open(arena_printf(&cli->rec, "%s/%s.tsv", folder,
				     r->name),
		 &file)) != NULL)
		return err;
	reference_file_write(r, file_new_stream(file));
	arena_reset(&cli->rec);
	return file_new_commit(file);
}

/* The tables named, or all. */
static const struct err *
export_tables(struct cli *cli, char **names, size_t count)
{
	const struct err *err = NULL;
	size_t i;

	for (i = 0; err == NULL && i < count; i++)
		err = export_table(cli, names[i]);
	for (; err == NULL && count == 0 && reference_names[i] != NULL; i++)
		err = export_table(cli, reference_names[i]);
	if (err == NULL)
		cli_summary("%zu table%s written to %s", i, i == 1 ? "" : "s",
		    folder);
	return err;
}

static void
say_changes(struct cli *cli, const struct reference *r)
{
	const char *text;

	if (r->added + r->changed + r->removed == 0)
		return;
	text =
	    arena_printf(&cli->rec, "%s: %zu added, %zu changed, %zu removed",
		r->name, r->added, r->changed, r->removed);
	if (r->orders != 0)
		text = arena_printf(&cli->rec, "%s; %zu order%s recounted",
		    text, r->orders, r->orders == 1 ? "" : "s");
	if (cli->dry_run)
		cli_say("%s", text);
	else
		cli_info("%s", text);
}

/* All files in one transaction: they may name each other's rows. */
static const struct err *
load_tables(struct cli *cli, struct shop *shop, struct reference *const *list,
    size_t count)
{
	const struct err *err;
	const char *detail = list[0]->name, *summary;
	size_t i, changes = 0;

	for (i = 1; i < count; i++)
		detail =
		    arena_printf(&cli->arena, "%s %s", detail, list[i]->name);
	if ((err = db_begin(cli->db)) != NULL ||
	    (err = run_begin(shop, "crm-reference", detail, cli->actor,
		 false)) != NULL ||
	    (err = reference_load(shop, list, count, &cli->arena)) != NULL)
		return err;
	for (i = 0; i < count; i++) {
		changes += list[i]->added + list[i]->changed + list[i]->removed;
		say_changes(cli, list[i]);
	}
	if (cli->dry_run && changes == 0)
		cli_say("nothing would change");
	if (cli->dry_run || changes == 0) {
		db_rollback(cli->db);
		return NULL;
	}
	summary = arena_printf(&cli->arena, "%zu row%s changed", changes,
	    changes == 1 ? "" : "s");
	if ((err = run_end(shop, 0, summary)) != NULL ||
	    (err = db_commit(cli->db)) != NULL)
		return err;
	cli_summary("%s", summary);
	return NULL;
}

static const struct err *
read_files(struct cli *cli, char **files, size_t count, struct reference **list)
{
	const struct err *err;
	bool from_stdin;
	size_t i, k;

	for (i = 0; i < count; i++) {
		from_stdin = strcmp(files[i], "-") == 0;
		if (from_stdin && table == NULL)
			return err_new(ERR_USAGE,
			    "standard input has no name; give --into");
		if (from_stdin && (err = cli_check_stdin()) != NULL)
			return err;
		if ((err = reference_file_read(cli->db, files[i], table,
			 &cli->arena, &list[i])) != NULL)
			return err;
		for (k = 0; k < i; k++)
			if (strcmp(list[k]->name, list[i]->name) == 0)
				return err_new(ERR_USAGE,
				    "'%s' and '%s' are about the same table",
				    files[k], files[i]);
	}
	return NULL;
}

static const struct err *
load_files(struct cli *cli, char **files, size_t count)
{
	struct reference **list =
	    arena_alloc(&cli->arena, count * sizeof(struct reference *));
	const struct err *err;
	struct shop *shop;

	if ((err = read_files(cli, files, count, list)) != NULL ||
	    (err = shop_open(cli->db, NULL, &shop)) != NULL)
		return err;
	if ((err = load_tables(cli, shop, list, count)) != NULL)
		db_rollback(cli->db);
	shop_close(shop);
	return err;
}

static void
operands(FILE *fp)
{
	const char *const *name;

	for (name = reference_names; *name != NULL; name++)
		fprintf(fp, "%s\n", *name);
}

static enum cli_flags
needs(void)
{
	return load ? CLI_DB_WRITE : CLI_DB_READ;
}

static const struct err *
run(struct cli *cli, int argc, char **argv)
{
	const size_t count = (size_t)argc;

	if (load && folder != NULL)
		return err_new(ERR_USAGE,
		    "--load and --export exclude each other");
	if (table != NULL && (!load || count != 1))
		return err_new(ERR_USAGE,
		    "--into goes with --load and one file");
	if (load && count == 0)
		return err_new(ERR_USAGE, "name the files to load");
	if (load)
		return load_files(cli, argv, count);
	if (folder != NULL)
		return export_tables(cli, argv, count);
	if (count > 1)
		return err_new(ERR_USAGE,
		    "one table at a time; --export writes several");
	return count == 0 ? write_list(cli) : write_table(cli, argv[0]);
}

const struct cli_cmd cli_cmd = {
	.name = "crm-reference",
	.synopsis = synopsis,
	.summary = "write and load the lists that a shop edits",
	.opts = opts,
	.examples = examples,
	.operands = operands,
	.needs = needs,
	.run = run,
};
