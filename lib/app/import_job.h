/*
 * import_job.h - what all imports have in common: a run over some files, whose
 * records are taken or refused one by one, and what is said of it at the end.
 */
#ifndef APP_IMPORT_JOB_H
#define APP_IMPORT_JOB_H

#include "app/batch.h"
#include "intake/mapping.h"
#include "io/file.h"

/* Kinds of remarks that may come a million times. */
enum import_remark {
	IMPORT_REMARK,
	IMPORT_UNKNOWN,
	IMPORT_CONFLICT,
	IMPORT_TOTAL,
	IMPORT_DOUBLE,
	IMPORT_REMARK_COUNT,
};

struct import_job {
	/* set by the command: in the batch cli, command, backfill and whole */
	struct batch batch;
	const char *map_file; /* NULL: none */
	const char *rejects;  /* file to copy rejects to, NULL: none */
	int64_t max_errors;   /* one more ends the run; -1: any number */
	bool report;          /* an output record for each that came */

	/* set by the kind of import */
	const char *entity; /* what the records are, as in table reject */
	const char *plural; /* for the progress: "records" */
	const struct err *(*work)(struct import_job *j);
	/* "480 new, 12 same, 3 rejected"; in the arena of the run */
	const char *(*summary)(const struct import_job *j);
	void *arg; /* of these functions */

	/* its own */
	int argc; /* the files */
	char **argv;
	uint64_t seen;        /* records */
	struct mapping *map;  /* of map_file */
	const char *map_path; /* the same from the root, for the rejects */
	uint64_t remarks[IMPORT_REMARK_COUNT];
	bool open_rejects; /* some are kept that a record may settle */
	struct file_new *copy;
	const char *header, *footer; /* of the records at the copy's end */
};

/*
 * Open the shop, do the work as one run, commit it and say the summary; with an
 * error or --dry-run nothing stays that is not committed yet.
 */
const struct err *import_job_run(struct import_job *j, int argc,
    char **argv) MUST_USE;

/* For the work ------------------------------------------------------------- */

/*
 * Do `one` with each of the files in turn, without any with standard input,
 * until an error or a stop. name is for messages.
 */
const struct err *import_job_files(struct import_job *j,
    const struct err *(
	*one)(struct import_job *j, int fd, const char *name)) MUST_USE;

/* Before each record; who writes before it is sure marks it, see db_record(). */
const struct err *import_job_record(struct import_job *j) MUST_USE;

/* Does this error, which is not NULL, refuse one record and not end the run? */
bool import_job_is_refusal(const struct err *err);

/* A record that is refused: as it came, and where. */
struct import_refused {
	const char *source;
	const char *where;
	const char *format;
	const char *external_id; /* NULL: not known */
	const char *raw;
	size_t raw_len;
	const char *header; /* what stands before such records, or NULL */
	const char *footer; /* and behind them */
};

/*
 * Say why it is refused, keep it with the rejects and copy it to their file.
 * ERR_INPUT when that is one too many.
 */
const struct err *import_job_refuse(struct import_job *j,
    const struct import_refused *r, const struct err *why) MUST_USE;

/* A record was taken: rejects of the same are settled. */
const struct err *import_job_settle(struct import_job *j, const char *source,
    const char *external_id) MUST_USE;

/*
 * The end of a record of --report. When nobody listens any more, or the disk is
 * full, no more are written and the work goes on: the stream keeps its error,
 * and the command ends with it after the last commit.
 */
void import_job_report_end(struct import_job *j);

/* A warning; of each kind 20 are shown, and at the end how many more came. */
void import_job_remark(struct import_job *j, enum import_remark kind,
    const char *fmt, ...) PRINTF(3, 4);

#endif
