/*
 * config.h - crm.conf and where each value came from.
 *
 * Highest first: option, environment CRM_NAME, the file of --config or
 * CRM_CONFIG (alone), else $XDG_CONFIG_HOME/crm/crm.conf, then
 * /etc/crm/crm.conf, then the built-in default. What changes figures or rules
 * is not here but in the database (see crm/setting.h).
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "base/arena.h"
#include "base/err.h"

enum config_key {
	CONFIG_DB,         /* the database file */
	CONFIG_SHARE,      /* folder of reference, templates and examples */
	CONFIG_LANG,       /* language of reference names: en or ru */
	CONFIG_COLOR,      /* auto, always or never */
	CONFIG_BACKUP_DIR, /* folder of the backups; none by default */
	CONFIG_COUNT,
};

struct config_value {
	const char *name;
	const char *value; /* NULL when there is none */
	const char
	    *origin; /* "default", "CRM_DB", "/etc/crm/crm.conf:3", "--db" */
};

/* A job that somebody wants to be watched: its runs, or the file it writes. */
struct config_job {
	const char *name;
	int64_t every_s;
	const char *every;   /* as it is written */
	const char *command; /* NULL with a file */
	const char *detail;  /* NULL: any */
	const char *actor;   /* NULL: any */
	const char *file;    /* NULL: runs */
	const char *origin;  /* "/etc/crm/crm.conf:8" */
};

/* Somebody who is told of our orders; see order-export(1). NULL: not given. */
struct config_receiver {
	const char *name;
	const char *kind;   /* never NULL */
	const char *source; /* as a source; by default shop, else the name */
	const char *shop;   /* whose API it has */
	const char *site;
	const char *codes; /* a file */
	const char *encoding;
	const char *organization;
	const char *agent;
	const char *delivery;
	const char *origin; /* "/etc/crm/crm.conf:12", where its kind stands */
};

/* A shop with an API that orders come from and go to: section `shop`. */
struct config_shop {
	const char *name;       /* also the source of its orders */
	const char *kind;       /* whose API it has */
	const char *url;        /* without a '/' at its end */
	const char *user;       /* NULL when there is none */
	const char *token_file; /* holds the secret */
	const char *map;        /* NULL when there is none */
	int64_t page_size;      /* 0: as the API likes it */
	int64_t timeout_s;      /* 0: the usual */
	const char *origin;
};

/* A door that orders come through; see order-import(1). */
struct config_source {
	const char *name;
	const char *map;    /* a file */
	const char *origin; /* "/etc/crm/crm.conf:14" */
};

/* What 'color' may be, for the option. */
extern const char *const config_colors[];

struct config {
	struct config_value values[CONFIG_COUNT];
	struct config_job *jobs; /* in the order of the files */
	size_t job_count;
	struct config_receiver *receivers;
	size_t receiver_count;
	struct config_shop *shops;
	size_t shop_count;
	struct config_source *sources;
	size_t source_count;
};

/*
 * Work out every value. file is the argument of --config or NULL; db and color
 * those of their options or NULL. In a.
 */
const struct err *config_load(struct arena *a, const char *file, const char *db,
    const char *color, struct config *out) MUST_USE;

const char *config_get(const struct config *c, enum config_key key);

/* The database file; ERR_CONFIG when none is named. */
const struct err *config_db(const struct config *c, const char **path) MUST_USE;

/* The map of a source's orders; NULL for one that has none, or no name. */
const char *config_source_map(const struct config *c, const char *source);

/* The section of that name; ERR_NOTFOUND lists those that there are. */
const struct err *config_receiver(const struct config *c, const char *name,
    const struct config_receiver **out) MUST_USE;
const struct err *config_shop(const struct config *c, const char *name,
    const struct config_shop **out) MUST_USE;

#endif
