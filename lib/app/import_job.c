/* import_job.c - what all imports have in common. */
#include "app/import_job.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "crm/reject.h"
#include "crm/shop.h"
#include "db/db.h"
#include "order/order_erase.h"

enum { REMARKS_MAX = 20 };

/* Remarks ------------------------------------------------------------------ */

void
import_job_remark(struct import_job *j, enum import_remark kind,
    const char *fmt, ...)
{
	char text[600];
	va_list ap;

	if (++j->remarks[kind] > REMARKS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	cli_warn("%s", text);
}

static void
import_job_remarks_left(const struct import_job *j)
{
	static const char *const kinds[] = {
		[IMPORT_REMARK] = "remarks",
		[IMPORT_UNKNOWN] = "unknown fields",
		[IMPORT_CONFLICT] = "conflicts",
		[IMPORT_TOTAL] = "totals that differ",
		[IMPORT_DOUBLE] = "likely doubles",
	};
	size_t i;

	for (i = 0; i < IMPORT_REMARK_COUNT; i++)
		if (j->remarks[i] > REMARKS_MAX)
			cli_warn("and %" PRIu64 " more %s",
			    j->remarks[i] - REMARKS_MAX, kinds[i]);
}

void
import_job_report_end(struct import_job *j)
{
	if (out_end(j->batch.cli->out) != NULL)
		j->report = false;
}

/* Rejects ------------------------------------------------------------------ */

static const char *
import_job_dup(struct arena *a, const char *text)
{
	return text != NULL ? arena_strdup(a, text) : NULL;
}

/* Into a file that can be imported again: headers once above their records. */
static const struct err *
import_job_copy(struct import_job *j, const struct import_refused *r)
{
	struct arena *a = &j->batch.cli->arena;
	FILE *fp;

	if (j->copy == NULL)
		return NULL;
	fp = file_new_stream(j->copy);
	if (!text_same(r->header, j->header)) {
		if (j->footer != NULL)
			fprintf(fp, "%s\n", j->footer);
		if (r->header != NULL)
			fprintf(fp, "%s\n", r->header);
		j->header = import_job_dup(a, r->header);
		j->footer = import_job_dup(a, r->footer);
	}
	fwrite(r->raw, 1, r->raw_len, fp);
	putc('\n', fp);
	if (ferror(fp))
		return err_sys("%s", j->rejects);
	return NULL;
}

static const struct err *
import_job_copy_end(struct import_job *j, const struct err *err)
{
	struct file_new *copy = j->copy;

	j->copy = NULL;
	if (err != NULL || copy == NULL) {
		file_new_discard(copy);
		return err;
	}
	if (j->footer != NULL)
		fprintf(file_new_stream(copy), "%s\n", j->footer);
	return file_new_commit(copy);
}

static const struct err *
import_job_keep(struct import_job *j, const struct import_refused *r,
    const char *reason)
{
	struct arena *a = &j->batch.cli->rec;
	const char *text = text_repair(a, r->raw, r->raw_len);
	const struct err *err;
	bool erased = false;

	if (r->external_id != NULL && strcmp(j->entity, "order") == 0 &&
	    (err = order_is_erased(j->batch.shop, r->source, r->external_id,
		 &erased)) != NULL)
		return err;
	if (erased) {
		import_job_remark(j, IMPORT_REMARK,
		    "%s: the customer was erased, so the record is not kept",
		    r->where);
		return NULL;
	}
	if (r->header != NULL)
		text = arena_printf(a, "%s\n%s%s", r->header, text,
		    r->footer != NULL ? r->footer : "");
	return reject_put(j->batch.shop, &(struct reject){ .entity = j->entity,
					     .source = r->source,
					     .place = r->where,
					     .format = r->format,
					     .map_file = j->map_path,
					     .external_id = r->external_id,
					     .record = text,
					     .reason = reason });
}

const struct err *
import_job_refuse(struct import_job *j, const struct import_refused *r,
    const struct err *why)
{
	struct cli *cli = j->batch.cli;
	const struct err *err;

	cli_reject(cli, r->where, why);
	if ((err = import_job_keep(j, r, why->msg)) != NULL ||
	    (err = import_job_copy(j, r)) != NULL)
		return err;
	if (j->max_errors >= 0 && cli->rejected > (uint64_t)j->max_errors)
		return err_new(ERR_INPUT,
		    "more than %" PRId64 " records were rejected; "
		    "the last batch was taken back",
		    j->max_errors);
	return NULL;
}

bool
import_job_is_refusal(const struct err *err)
{
	return err->code == ERR_INPUT || err->code == ERR_CONFLICT;
}

const struct err *
import_job_settle(struct import_job *j, const char *source,
    const char *external_id)
{
	if (!j->open_rejects)
		return NULL;
	return reject_settle(j->batch.shop, j->entity, source, external_id);
}

/* Records ------------------------------------------------------------------ */

const struct err *
import_job_record(struct import_job *j)
{
	progress_at(++j->seen);
	return batch_record(&j->batch);
}

/* With one transaction for all, a slow pipe must not hold the lock. */
static const struct err *
import_job_spool(const struct import_job *j, int *fd, const char *name)
{
	const struct err *err;
	struct stat st;
	int spool;

	if (!j->batch.whole || (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)))
		return NULL;
	if ((err = file_spool(*fd, name, NULL, 0, &spool)) != NULL)
		return err;
	if (*fd != STDIN_FILENO)
		close(*fd);
	*fd = spool;
	return NULL;
}

static const struct err *
import_job_file(struct import_job *j, const char *path,
    const struct err *(*one)(struct import_job *j, int fd, const char *name))
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	const struct err *err;
	int fd;

	if ((err = file_open(path, &fd)) != NULL)
		return err;
	if ((err = import_job_spool(j, &fd, name)) == NULL)
		err = one(j, fd, name);
	if (fd != STDIN_FILENO)
		close(fd);
	return err;
}

const struct err *
import_job_files(struct import_job *j,
    const struct err *(*one)(struct import_job *j, int fd, const char *name))
{
	const struct err *err = NULL;
	int i;

	if (j->argc == 0)
		return import_job_file(j, "-", one);
	for (i = 0; i < j->argc && err == NULL && !stop_asked(); i++)
		err = import_job_file(j, j->argv[i], one);
	return err;
}

/* The run ------------------------------------------------------------------ */

static const struct err *
import_job_read_map(struct import_job *j)
{
	const struct err *err;
	char *path;

	if (j->map_file == NULL)
		return NULL;
	if ((err = mapping_read(j->map_file, &j->map)) != NULL)
		return err;
	path = realpath(j->map_file, NULL);
	j->map_path = arena_strdup(&j->batch.cli->arena,
	    path != NULL ? path : j->map_file);
	free(path);
	return NULL;
}

static const struct err *
import_job_begin(struct import_job *j)
{
	struct db *db = j->batch.cli->db;
	const struct err *err;
	int64_t open;

	if ((err = reject_count(db, j->entity, &open)) != NULL)
		return err;
	j->open_rejects = open != 0;
	progress_start(j->plural, 0);
	if ((err = db_bulk(db, true)) != NULL ||
	    (!j->batch.cli->dry_run && (err = batch_begin(&j->batch)) != NULL))
		return err;
	if (j->rejects != NULL &&
	    (err = file_new_open(j->rejects, &j->copy)) != NULL)
		return err;
	return import_job_read_map(j);
}

static const struct err *
import_job_end(struct import_job *j, const struct err *err, const char *summary)
{
	const struct cli *cli = j->batch.cli;
	const struct err *bulk_err;

	progress_clear();
	import_job_remarks_left(j);
	err = batch_close(&j->batch, err, summary);
	bulk_err = db_bulk(cli->db, false);
	return import_job_copy_end(j, err != NULL ? err : bulk_err);
}

static void
import_job_say(const struct import_job *j, const char *summary)
{
	const struct cli *cli = j->batch.cli;

	if (cli->rejected != 0)
		cli_say("%" PRIu64 " of %" PRIu64 " records rejected",
		    cli->rejected, j->seen);
	if (cli->dry_run && !j->report && !cli->quiet)
		cli_say("%s; dry run: nothing was changed", summary);
	else
		cli_summary("%s; run %" PRId64, summary, j->batch.shop->run_id);
}

const struct err *
import_job_run(struct import_job *j, int argc, char **argv)
{
	struct cli *cli = j->batch.cli;
	const struct err *err;
	const char *summary;

	j->argc = argc;
	j->argv = argv;
	if (j->batch.detail == NULL)
		j->batch.detail = argc != 0 ? argv[0] : "stdin";
	if (j->batch.whole && j->max_errors < 0) /* --atomic */
		j->max_errors = 0;
	j->batch.whole |= cli->dry_run;
	if ((err = shop_open(cli->db, config_get(cli->config, CONFIG_LANG),
		 &j->batch.shop)) != NULL)
		return err;
	if ((err = import_job_begin(j)) == NULL)
		err = j->work(j);
	summary = j->summary(j);
	if ((err = import_job_end(j, err, summary)) == NULL)
		import_job_say(j, summary);
	mapping_free(j->map);
	shop_close(j->batch.shop);
	return err;
}
