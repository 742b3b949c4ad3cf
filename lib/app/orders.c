/* orders.c - the orders a command acts on, and changing them in batches. */
#include "app/orders.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/shop.h"
#include "db/db.h"
#include "io/json.h"
#include "io/lines.h"

/* Reading the list --------------------------------------------------------- */

struct orders_list {
	struct cli *cli;
	bool customers; /* of these instead */
	struct arena *a;
	struct orders_ref *v;
	size_t len;
};

/* A customer by its number, as text. */
static const struct err *
orders_customer_no(const struct json *doc, struct arena *a, const char **out)
{
	const struct err *err;
	int64_t id;

	err = json_int(json_get(doc, "customer_id"), "customer_id", &id);
	if (err == NULL)
		*out = arena_printf(a, "%" PRId64, id);
	return err;
}

static const struct err *
orders_parse_record(const struct orders_list *l, const char *line, size_t len,
    struct orders_ref *ref)
{
	const char *want = l->customers ? "customer" : "order";
	struct arena *rec = &l->cli->rec;
	const struct json *doc;
	const struct err *err;
	const char *type;

	arena_reset(rec);
	if ((err = json_parse(rec, line, len, &doc)) != NULL)
		return err;
	if ((err = json_text(json_get(doc, "type"), "type", &type)) == NULL &&
	    strcmp(type, want) != 0)
		err = err_new(ERR_INPUT, "a record of type '%s', not '%s'",
		    type, want);
	if (err == NULL && l->customers)
		err = orders_customer_no(doc, rec, &ref->order_no);
	else if (err == NULL)
		err = json_text(json_get(doc, "order_no"), "order_no",
		    &ref->order_no);
	if (err != NULL)
		return err;
	ref->order_no = arena_strdup(l->a, ref->order_no);
	if (json_get(doc, "rev") == NULL)
		return NULL;
	return json_int(json_get(doc, "rev"), "rev", &ref->rev);
}

static void
orders_add(struct orders_list *l, const struct orders_ref *ref,
    const struct err *err)
{
	if (err == NULL && !l->customers)
		err = order_check_no(ref->order_no);
	if (err != NULL) {
		cli_reject(l->cli, ref->where, err);
		return;
	}
	l->v = arena_grow(l->a, l->v, l->len, sizeof(*l->v));
	l->v[l->len++] = *ref;
}

static void
orders_read_line(struct orders_list *l, uint64_t number, const char *line,
    size_t len)
{
	struct orders_ref ref = { .where = arena_printf(l->a, "stdin:%" PRIu64,
				      number) };
	const struct err *err = NULL;

	if (text_utf8_valid(line, len) != len || strlen(line) != len)
		err = err_new(ERR_INPUT, "it is not UTF-8 text");
	else if (line[strspn(line, " \t")] == '{')
		err = orders_parse_record(l, line, len, &ref);
	else if (*(ref.order_no = text_trim(l->a, line)) == '\0')
		return;
	orders_add(l, &ref, err);
}

static const struct err *
orders_read_stdin(struct orders_list *l)
{
	const struct err *err;
	struct lines *in;
	char *line;
	size_t len;

	if ((err = cli_check_stdin()) != NULL)
		return err;
	in = lines_open(STDIN_FILENO, "stdin");
	for (;;) {
		err = lines_next(in, &line, &len);
		if (err != NULL && err->code == ERR_INPUT)
			cli_reject(l->cli,
			    arena_printf(l->a, "stdin:%" PRIu64,
				lines_number(in)),
			    err);
		else if (err != NULL || line == NULL)
			break;
		else
			orders_read_line(l, lines_number(in), line, len);
	}
	lines_close(in);
	return err;
}

static const struct err *
orders_read_list(struct orders_list *l, int argc, char **argv)
{
	const struct err *err = NULL;
	int i;

	if (argc == 0)
		err = orders_read_stdin(l);
	for (i = 0; i < argc && err == NULL; i++) {
		if (strcmp(argv[i], "-") == 0)
			err = orders_read_stdin(l);
		else
			orders_add(l,
			    &(struct orders_ref){ .order_no = argv[i],
				.where = argv[i] },
			    NULL);
	}
	return err;
}

const struct err *
orders_read(struct cli *cli, int argc, char **argv, struct arena *a,
    struct orders_ref **out, size_t *count)
{
	struct orders_list l = { .cli = cli, .a = a };
	const struct err *err = orders_read_list(&l, argc, argv);

	*out = l.v;
	*count = l.len;
	return err;
}

const struct err *
orders_read_customers(struct cli *cli, int argc, char **argv, struct arena *a,
    struct orders_ref **out, size_t *count)
{
	struct orders_list l = { .cli = cli, .customers = true, .a = a };
	const struct err *err = orders_read_list(&l, argc, argv);

	*out = l.v;
	*count = l.len;
	return err;
}

const struct err *
orders_load(struct cli *cli, const struct orders_ref *ref, enum order_load what,
    struct order **out)
{
	const struct err *err;

	err = order_by_no(cli->db, ref->order_no, what, &cli->rec, out);
	if (err == NULL && *out == NULL)
		err = err_new(ERR_NOTFOUND, "there is no order '%s'",
		    ref->order_no);
	return err;
}

/* Changing them ------------------------------------------------------------ */

static const struct err *
orders_change_one(struct orders_job *j, size_t i, bool *changed)
{
	struct cli *cli = j->batch.cli;
	const struct err *err;

	arena_reset(&cli->rec);
	if ((err = batch_mark(&j->batch)) != NULL)
		return err;
	if ((err = j->change(j, i, changed)) == NULL) {
		if (*changed)
			j->changed++;
		else
			j->unchanged++;
		return batch_step(&j->batch, false);
	}
	*changed = false;
	if (err->code != ERR_INPUT && err->code != ERR_NOTFOUND &&
	    err->code != ERR_CONFLICT)
		return err;
	cli_reject(cli, j->where != NULL ? j->where(j, i) : j->refs[i].where,
	    err);
	if ((err = db_undo(cli->db)) != NULL)
		return err;
	return batch_step(&j->batch, false);
}

static const struct err *
orders_change_all(struct orders_job *j, bool *changed)
{
	const struct cli *cli = j->batch.cli;
	const struct err *err;
	size_t i;

	progress_start(j->what != NULL ? j->what : "orders", j->count);
	for (i = 0; i < j->count && !stop_asked(); i++) {
		progress_at(i);
		if ((err = orders_change_one(j, i, &changed[i])) != NULL)
			return err;
	}
	progress_clear();
	if (j->atomic && cli->rejected != 0)
		return err_new(ERR_CONFLICT,
		    "%" PRIu64 " of %zu rejected, so nothing was done",
		    cli->rejected, j->count);
	return NULL;
}

static const struct err *
orders_show(struct orders_job *j, const bool *changed)
{
	const struct cli *cli = j->batch.cli;
	const struct err *err = NULL;
	size_t i;

	if (!cli->dry_run && !j->table && out_format(cli->out) == OUT_TABLE)
		return NULL;
	for (i = 0; i < j->count && err == NULL; i++) {
		arena_reset(&j->batch.cli->rec);
		if (changed[i])
			err = j->show(j, i);
	}
	return err;
}

static const char *
orders_summary(const struct orders_job *j)
{
	struct cli *cli = j->batch.cli;
	const char *text =
	    arena_printf(&cli->arena, "%zu %s", j->changed, j->done);

	if (j->unchanged != 0)
		text = arena_printf(&cli->arena, "%s, %zu %s", text,
		    j->unchanged, j->same);
	if (cli->rejected != 0)
		text = arena_printf(&cli->arena, "%s, %" PRIu64 " rejected",
		    text, cli->rejected);
	return text;
}

/* What was not done is said even when nobody watches. */
static void
orders_say(const struct orders_job *j, const char *summary)
{
	struct cli *cli = j->batch.cli;
	const char *text = "";

	if (cli->dry_run)
		text = "; dry run: nothing was changed";
	else if (j->changed != 0)
		text = arena_printf(&cli->arena, "; run %" PRId64,
		    j->batch.shop->run_id);
	if (cli->rejected != 0 && !cli->quiet)
		cli_say("%s%s", summary, text);
	else
		cli_summary("%s%s", summary, text);
}

const struct err *
orders_change(struct orders_job *j)
{
	struct cli *cli = j->batch.cli;
	bool *changed = arena_zalloc(&cli->arena, j->count + 1);
	const struct err *err;
	const char *summary;

	j->batch.whole = j->atomic || cli->dry_run;
	j->changed = j->unchanged = 0;
	err = orders_change_all(j, changed);
	if (err == NULL && cli->dry_run)
		err = orders_show(j, changed);
	summary = orders_summary(j);
	err = batch_close(&j->batch, err, summary);
	if (err != NULL)
		return err;
	orders_say(j, summary);
	return cli->dry_run ? NULL : orders_show(j, changed);
}
