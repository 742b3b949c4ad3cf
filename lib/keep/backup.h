/*
 * backup.h - backups of the shop: files of a folder whose names tell the
 * database and the time, shop-2026-11-22T031500Z.db, each with a checksum beside
 * it, shop-2026-11-22T031500Z.db.sha256, that sha256sum -c reads.
 */
#ifndef KEEP_BACKUP_H
#define KEEP_BACKUP_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

struct out;

enum backup_sum {
	BACKUP_SUM_NONE, /* there is no checksum beside the file */
	BACKUP_SUM_HOLDS,
	BACKUP_SUM_WRONG,
};

struct backup {
	const char *path;
	int64_t made_at;
	int64_t bytes;
	enum backup_sum sum;
	bool keep;
};

/* How many days, weeks and months keep their newest backup. */
struct backup_rule {
	int64_t days;
	int64_t weeks;
	int64_t months;
};

/*
 * The backups of the database at db_path that lie in dir, newest first; sum and
 * keep are not filled in. Other files are not seen. In a.
 */
const struct err *backup_list(const char *dir, const char *db_path,
    struct arena *a, struct backup **out, size_t *count) MUST_USE;

/*
 * Set keep of those that stay, of a list with the newest first: the newest of
 * all, and the newest of each of the last `days` days, `weeks` ISO weeks and
 * `months` months that have any. A rule of zeros keeps all. What has keep set
 * already stays. Days are those of the zone in force.
 */
void backup_retain(struct backup *v, size_t count,
    const struct backup_rule *rule);

/*
 * The backups in dir, newest first, that the rule lets go when `made` is there;
 * that one itself always stays. In a.
 */
const struct err *backup_surplus(const char *dir, const char *db_path,
    const struct backup *made, const struct backup_rule *rule, struct arena *a,
    struct backup **out, size_t *count) MUST_USE;

/* Fill in sum, by reading the whole file. */
const struct err *backup_check_sum(struct backup *b, struct arena *a) MUST_USE;

/*
 * Make a backup of db in dir. It gets its name when the copy is on disk, was
 * opened and looked through. What a killed run had begun is removed first. With
 * dry_run it is only told what would be made. In a.
 */
const struct err *backup_make(struct db *db, const char *dir, int64_t now,
    bool dry_run, db_watch_fn watch, void *arg, struct arena *a,
    struct backup *out) MUST_USE;

/* Remove a backup and its checksum. */
const struct err *backup_remove(const struct backup *b,
    struct arena *a) MUST_USE;

/* What is put back where, and what became of it. */
struct backup_restore {
	const char *from;
	const char *to;
	int64_t now;
	bool force; /* though there is a database; it is put aside first */
	bool dry_run;
	db_watch_fn watch;
	void *watch_arg;

	/* Results. */
	enum backup_sum sum;
	int version;       /* of the schema, */
	bool older;        /* which crm-migrate must bring up to date */
	const char *aside; /* where the present one is now; NULL: none was */
};

/* Look through a backup and put it back. Results in a. */
const struct err *backup_restore(struct backup_restore *r,
    struct arena *a) MUST_USE;

/* A time in the name of a file: no colons. In a. */
const char *backup_stamp(struct arena *a, int64_t t);

/* Remove a copy that was not finished, and what it has beside it. */
void backup_discard(const char *path, struct arena *a);

/* One record of type backup. */
const struct err *backup_show(struct out *out, const struct backup *b) MUST_USE;

#endif
