/* config.c - the effective configuration and where each value came from. */
#include "cli/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/config_section.h"
#include "cli/opt.h"
#include "io/conf.h"

static const char *const config_langs[] = { "en", "ru", NULL };

const char *const config_colors[] = { "auto", "always", "never", NULL };

static const struct {
	const char *name; /* in crm.conf */
	const char *env;
	const char *const *choices;
	bool path; /* a relative one counts from the file's folder */
} config_keys[CONFIG_COUNT] = {
	[CONFIG_DB] = { "db", "CRM_DB", NULL, true },
	[CONFIG_SHARE] = { "share", "CRM_SHARE", NULL, true },
	[CONFIG_LANG] = { "lang", "CRM_LANG", config_langs, false },
	[CONFIG_COLOR] = { "color", "CRM_COLOR", config_colors, false },
	[CONFIG_BACKUP_DIR] = { "backup_dir", "CRM_BACKUP_DIR", NULL, true },
};

static const struct err *
config_set(struct config *c, size_t key, const char *value, const char *origin)
{
	struct config_value *v = &c->values[key];
	const struct err *err;
	char what[512];

	if (*value == '\0')
		return err_new(ERR_CONFIG, "%s: '%s' is empty", origin,
		    v->name);
	if (config_keys[key].choices != NULL) {
		snprintf(what, sizeof(what), "%s: '%s'", origin, v->name);
		if ((err = opt_choose(ERR_CONFIG, what,
			 config_keys[key].choices, value, &value)) != NULL)
			return err;
	}
	v->value = value;
	v->origin = origin;
	return NULL;
}

static const struct err *
config_read(struct arena *a, const char *file, struct config *c)
{
	struct conf_key keys[CONFIG_COUNT + ARRAY_LEN(config_sections)];
	const struct err *err;
	const char *value;
	struct conf *conf;
	size_t i;
	int line;

	for (i = 0; i < CONFIG_COUNT; i++)
		keys[i] = (struct conf_key){ .name = config_keys[i].name,
			.kind = CONF_STR };
	memcpy(&keys[i], config_sections, sizeof(config_sections));
	if ((err = conf_read(file, keys, &conf)) != NULL)
		return err;
	for (i = 0; err == NULL && i < CONFIG_COUNT; i++) {
		if ((line = conf_line(conf, keys[i].name)) == 0)
			continue;
		value = conf_str(conf, keys[i].name);
		err = config_set(c, i,
		    config_keys[i].path ? config_beside(a, file, value) :
					  arena_strdup(a, value),
		    arena_printf(a, "%s:%d", file, line));
	}
	if (err == NULL)
		err = config_read_sections(a, file, conf, c);
	conf_free(conf);
	return err;
}

/* An environment variable; one that is empty counts as not set. */
static const char *
config_env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : NULL;
}

/* The folder of an XDG variable, which must be absolute; NULL without a home. */
static const char *
config_xdg(struct arena *a, const char *var, const char *in_home)
{
	const char *dir = config_env(var), *home = config_env("HOME");

	if (dir != NULL && *dir == '/')
		return dir;
	return home != NULL ? arena_printf(a, "%s/%s", home, in_home) : NULL;
}

/* BIN/../share/crm of the running program: it may be moved as a whole. */
static const char *
config_share(struct arena *a)
{
	char exe[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	int up;

	if (n < 0)
		return NULL;
	exe[n] = '\0';
	for (up = 0; up < 2; up++)
		if ((slash = strrchr(exe, '/')) != NULL)
			*slash = '\0';
	return arena_printf(a, "%s/share/crm", exe);
}

static void
config_defaults(struct arena *a, struct config *c)
{
	const char *data = config_xdg(a, "XDG_DATA_HOME", ".local/share");
	size_t i;

	*c = (struct config){ 0 };
	for (i = 0; i < CONFIG_COUNT; i++)
		c->values[i] =
		    (struct config_value){ .name = config_keys[i].name,
			    .origin = "default" };
	if (data != NULL)
		c->values[CONFIG_DB].value =
		    arena_printf(a, "%s/crm/shop.db", data);
	c->values[CONFIG_SHARE].value = config_share(a);
	c->values[CONFIG_LANG].value = "en";
	c->values[CONFIG_COLOR].value = "auto";
}

/* The file that was named, else those of the system and the user. */
static const struct err *
config_files(struct arena *a, const char *file, struct config *c)
{
	const struct err *err;
	const char *files[2] = { "/etc/crm/crm.conf", NULL }, *dir;
	size_t i;

	if (file == NULL)
		file = config_env("CRM_CONFIG");
	if (file != NULL)
		return config_read(a, file, c);
	if ((dir = config_xdg(a, "XDG_CONFIG_HOME", ".config")) != NULL)
		files[1] = arena_printf(a, "%s/crm/crm.conf", dir);
	for (i = 0; i < ARRAY_LEN(files); i++)
		if (files[i] != NULL && access(files[i], F_OK) == 0 &&
		    (err = config_read(a, files[i], c)) != NULL)
			return err;
	return NULL;
}

const struct err *
config_load(struct arena *a, const char *file, const char *db,
    const char *color, struct config *out)
{
	const struct err *err;
	const char *v;
	size_t i;

	config_defaults(a, out);
	if ((err = config_files(a, file, out)) != NULL)
		return err;
	for (i = 0; i < CONFIG_COUNT; i++)
		if ((v = config_env(config_keys[i].env)) != NULL &&
		    (err = config_set(out, i, v, config_keys[i].env)) != NULL)
			return err;
	if (config_env("NO_COLOR") != NULL &&
	    (err = config_set(out, CONFIG_COLOR, "never", "NO_COLOR")) != NULL)
		return err;
	if (db != NULL &&
	    (err = config_set(out, CONFIG_DB, db, "--db")) != NULL)
		return err;
	if (color != NULL)
		return config_set(out, CONFIG_COLOR, color, "--color");
	return NULL;
}

const char *
config_get(const struct config *c, enum config_key key)
{
	return c->values[key].value;
}

const struct err *
config_db(const struct config *c, const char **path)
{
	*path = config_get(c, CONFIG_DB);
	if (*path == NULL)
		return err_new(ERR_CONFIG,
		    "no database named; give --db or set CRM_DB");
	return NULL;
}
