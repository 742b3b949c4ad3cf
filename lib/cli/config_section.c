/* config_section.c - the named sections of crm.conf. */
#include "cli/config_section.h"

#include <string.h>

#include "base/when.h"
#include "cli/opt.h"

#define CONFIG_JOB_NAME_MAX  40
#define CONFIG_SHOP_NAME_MAX 64

static const struct conf_key config_job_keys[] = {
	{ .name = "actor", .kind = CONF_STR },
	{ .name = "command", .kind = CONF_STR },
	{ .name = "detail", .kind = CONF_STR },
	{ .name = "every", .kind = CONF_STR },
	{ .name = "file", .kind = CONF_STR },
	{ .kind = CONF_END },
};

static const struct conf_key config_receiver_keys[] = {
	{ .name = "agent", .kind = CONF_STR },
	{ .name = "codes", .kind = CONF_STR },
	{ .name = "delivery", .kind = CONF_STR },
	{ .name = "encoding", .kind = CONF_STR },
	{ .name = "kind", .kind = CONF_STR },
	{ .name = "organization", .kind = CONF_STR },
	{ .name = "shop", .kind = CONF_STR },
	{ .name = "site", .kind = CONF_STR },
	{ .name = "source", .kind = CONF_STR },
	{ .kind = CONF_END },
};

static const struct conf_key config_shop_keys[] = {
	{ .name = "kind", .kind = CONF_STR },
	{ .name = "map", .kind = CONF_STR },
	{ .name = "page_size", .kind = CONF_INT },
	{ .name = "timeout", .kind = CONF_INT },
	{ .name = "token_file", .kind = CONF_STR },
	{ .name = "url", .kind = CONF_STR },
	{ .name = "user", .kind = CONF_STR },
	{ .kind = CONF_END },
};

static const struct conf_key config_source_keys[] = {
	{ .name = "map", .kind = CONF_STR },
	{ .kind = CONF_END },
};

const struct conf_key config_sections[] = {
	{ .name = "job", .kind = CONF_SECTION, .keys = config_job_keys },
	{ .name = "receiver",
	    .kind = CONF_SECTION,
	    .keys = config_receiver_keys },
	{ .name = "shop", .kind = CONF_SECTION, .keys = config_shop_keys },
	{ .name = "source", .kind = CONF_SECTION, .keys = config_source_keys },
	{ .kind = CONF_END },
};

static const char *const config_shop_kinds[] = { "insales", "moysklad",
	"retailcrm", "shopify", "woocommerce", NULL };

const char *
config_beside(struct arena *a, const char *file, const char *path)
{
	const char *slash = strrchr(file, '/');

	if (*path == '/' || *path == '\0' || slash == NULL)
		return arena_strdup(a, path);
	return arena_printf(a, "%.*s/%s", (int)(slash - file), file, path);
}

/* A copy in a; NULL stays NULL. */
static const char *
config_text(struct arena *a, const struct conf *s, const char *key)
{
	const char *text = conf_str(s, key);

	return text != NULL ? arena_strdup(a, text) : NULL;
}

static const char *
config_path(struct arena *a, const char *file, const struct conf *s,
    const char *key)
{
	const char *path = conf_str(s, key);

	return path != NULL ? config_beside(a, file, path) : NULL;
}

static const char *
config_origin(struct arena *a, const char *file, const struct conf *s,
    const char *key)
{
	return arena_printf(a, "%s:%d", file, conf_line(s, key));
}

/* The name of the i-th section: each of their structs begins with it. */
static const char *
config_name_at(const void *list, size_t size, size_t i)
{
	const char *name;

	memcpy(&name, (const char *)list + i * size, sizeof(name));
	return name;
}

/* Where the section with that name stands; count when there is none. */
static size_t
config_find(const void *list, size_t count, size_t size, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(config_name_at(list, size, i), name) == 0)
			break;
	return i;
}

/* There is no section with that name: which are there? */
static const struct err *
config_none(const void *list, size_t count, size_t size, const char *what,
    const char *name, const char *page)
{
	struct arena a = { 0 };
	const struct err *err;
	const char *names;
	size_t i;

	if (count == 0)
		return err_new(ERR_NOTFOUND, "crm.conf has no %s; see %s", what,
		    page);
	names = config_name_at(list, size, 0);
	for (i = 1; i < count; i++)
		names = arena_printf(&a, "%s, %s", names,
		    config_name_at(list, size, i));
	err = err_new(ERR_NOTFOUND,
	    "crm.conf has no %s '%.100s'; choose from %s", what, name, names);
	arena_free(&a);
	return err;
}

/* Jobs --------------------------------------------------------------------- */

/* The name stands in tables, in mails and in the file of crm-status. */
static const struct err *
config_check_job(const char *file, const struct conf *s)
{
	const char *name = conf_title(s), *p = name;

	while ((unsigned char)*p >= ' ' && *p != 0x7f)
		p++;
	if (*name == '\0' || *p != '\0' || p - name > CONFIG_JOB_NAME_MAX)
		return err_new(ERR_CONFIG,
		    "%s: the name of a job has 1 to %d bytes and no control "
		    "characters",
		    file, CONFIG_JOB_NAME_MAX);
	if (conf_str(s, "every") == NULL)
		return err_new(ERR_CONFIG,
		    "%s: job '%s' needs a line as every = 15m", file, name);
	if (conf_str(s, "file") != NULL &&
	    (conf_str(s, "command") != NULL || conf_str(s, "detail") != NULL ||
		conf_str(s, "actor") != NULL))
		return err_new(ERR_CONFIG,
		    "%s: job '%s': 'file' stands alone with 'every'", file,
		    name);
	return NULL;
}

static const struct err *
config_read_job(struct arena *a, const char *file, const struct conf *s,
    struct config *c)
{
	const struct err *err;
	struct config_job job;
	size_t i;

	if ((err = config_check_job(file, s)) != NULL)
		return err;
	job = (struct config_job){
		.name = arena_strdup(a, conf_title(s)),
		.every = config_text(a, s, "every"),
		.command = config_text(a, s, "command"),
		.detail = config_text(a, s, "detail"),
		.actor = config_text(a, s, "actor"),
		.file = config_path(a, file, s, "file"),
		.origin = config_origin(a, file, s, "every"),
	};
	if (job.file == NULL && job.command == NULL)
		job.command = job.name;
	if ((err = when_length_parse(job.every, &job.every_s)) != NULL)
		return err_new(ERR_CONFIG, "%s: %s", job.origin, err->msg);
	i = config_find(c->jobs, c->job_count, sizeof(job), job.name);
	if (i == c->job_count)
		c->jobs = arena_grow(a, c->jobs, c->job_count++, sizeof(job));
	c->jobs[i] = job;
	return NULL;
}

/* Receivers ---------------------------------------------------------------- */

static const struct err *
config_read_receiver(struct arena *a, const char *file, const struct conf *s,
    struct config *c)
{
	struct config_receiver r = {
		.name = arena_strdup(a, conf_title(s)),
		.kind = config_text(a, s, "kind"),
		.source = config_text(a, s, "source"),
		.codes = config_path(a, file, s, "codes"),
		.encoding = config_text(a, s, "encoding"),
		.organization = config_text(a, s, "organization"),
		.agent = config_text(a, s, "agent"),
		.delivery = config_text(a, s, "delivery"),
		.shop = config_text(a, s, "shop"),
		.site = config_text(a, s, "site"),
		.origin = config_origin(a, file, s, "kind"),
	};
	size_t i;

	if (r.kind == NULL)
		return err_new(ERR_CONFIG,
		    "%s: receiver '%s' needs a line as kind = commerceml", file,
		    r.name);
	if (r.source == NULL)
		r.source = r.shop != NULL ? r.shop : r.name;
	i = config_find(c->receivers, c->receiver_count, sizeof(r), r.name);
	if (i == c->receiver_count)
		c->receivers =
		    arena_grow(a, c->receivers, c->receiver_count++, sizeof(r));
	c->receivers[i] = r;
	return NULL;
}

const struct err *
config_receiver(const struct config *c, const char *name,
    const struct config_receiver **out)
{
	const size_t i =
	    config_find(c->receivers, c->receiver_count, sizeof(**out), name);

	if (i == c->receiver_count)
		return config_none(c->receivers, i, sizeof(**out), "receiver",
		    name, "order-export(1)");
	*out = &c->receivers[i];
	return NULL;
}

/* Shops -------------------------------------------------------------------- */

/* A name that can stand on a command line and in the name of a lock. */
static const struct err *
config_check_shop_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (*name == '\0' || *name == '-' ||
	    strlen(name) > CONFIG_SHOP_NAME_MAX ||
	    name[strspn(name, plain)] != '\0')
		return err_new(ERR_CONFIG,
		    "the name of a shop has 1 to %d letters, digits, '_' and "
		    "'-'",
		    CONFIG_SHOP_NAME_MAX);
	return NULL;
}

static const struct err *
config_check_shop(const struct config_shop *s)
{
	const char *kind, *missing = s->kind == NULL       ? "kind" :
				     s->url == NULL        ? "url" :
				     s->token_file == NULL ? "token_file" :
							     NULL;
	const struct err *err;

	if ((err = config_check_shop_name(s->name)) != NULL)
		return err;
	if (missing != NULL)
		return err_new(ERR_CONFIG, "'%s' is missing", missing);
	if ((err = opt_choose(ERR_CONFIG, "'kind'", config_shop_kinds, s->kind,
		 &kind)) != NULL)
		return err;
	if (s->page_size < 0 || s->page_size > 1000)
		return err_new(ERR_CONFIG, "'page_size' is not 1 to 1000");
	if (s->timeout_s < 0 || s->timeout_s > 3600)
		return err_new(ERR_CONFIG, "'timeout' is not 1 to 3600");
	return NULL;
}

/* Paths are put behind it: it ends without a '/'. */
static const char *
config_url(struct arena *a, const struct conf *s)
{
	const char *url = conf_str(s, "url");
	size_t len = url != NULL ? strlen(url) : 0;

	while (len != 0 && url[len - 1] == '/')
		len--;
	return url != NULL ? arena_strndup(a, url, len) : NULL;
}

static const struct err *
config_read_shop(struct arena *a, const char *file, const struct conf *s,
    struct config *c)
{
	struct config_shop shop = {
		.name = arena_strdup(a, conf_title(s)),
		.kind = config_text(a, s, "kind"),
		.url = config_url(a, s),
		.user = config_text(a, s, "user"),
		.token_file = config_path(a, file, s, "token_file"),
		.map = config_path(a, file, s, "map"),
		.page_size = conf_int(s, "page_size"),
		.timeout_s = conf_int(s, "timeout"),
		.origin = config_origin(a, file, s, "kind"),
	};
	const struct err *err;
	size_t i;

	if ((err = config_check_shop(&shop)) != NULL)
		return err_wrap(err, "%s: shop '%.100s'", file, shop.name);
	i = config_find(c->shops, c->shop_count, sizeof(shop), shop.name);
	if (i == c->shop_count)
		c->shops =
		    arena_grow(a, c->shops, c->shop_count++, sizeof(shop));
	c->shops[i] = shop;
	return NULL;
}

const struct err *
config_shop(const struct config *c, const char *name,
    const struct config_shop **out)
{
	const size_t i =
	    config_find(c->shops, c->shop_count, sizeof(**out), name);

	if (i == c->shop_count)
		return config_none(c->shops, i, sizeof(**out), "shop", name,
		    "order-fetch(1)");
	*out = &c->shops[i];
	return NULL;
}

/* Sources ------------------------------------------------------------------ */

static const struct err *
config_read_source(struct arena *a, const char *file, const struct conf *s,
    struct config *c)
{
	struct config_source source = {
		.name = arena_strdup(a, conf_title(s)),
		.map = config_path(a, file, s, "map"),
		.origin = config_origin(a, file, s, "map"),
	};
	size_t i;

	if (source.map == NULL)
		return err_new(ERR_CONFIG,
		    "%s: source '%s' needs a line as map = site.map", file,
		    source.name);
	i = config_find(c->sources, c->source_count, sizeof(source),
	    source.name);
	if (i == c->source_count)
		c->sources = arena_grow(a, c->sources, c->source_count++,
		    sizeof(source));
	c->sources[i] = source;
	return NULL;
}

const char *
config_source_map(const struct config *c, const char *source)
{
	size_t i;

	if (source == NULL)
		return NULL;
	i = config_find(c->sources, c->source_count, sizeof(*c->sources),
	    source);
	return i < c->source_count ? c->sources[i].map : NULL;
}

const struct err *
config_read_sections(struct arena *a, const char *file, const struct conf *conf,
    struct config *c)
{
	static const struct err *(*const read[])(struct arena * a,
	    const char *file, const struct conf *s,
	    struct config *c) = { config_read_job, config_read_receiver,
		config_read_shop, config_read_source };
	const struct err *err = NULL;
	const char *name;
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(read); i++) {
		name = config_sections[i].name;
		for (k = 0; err == NULL && k < conf_section_len(conf, name);
		     k++)
			err =
			    read[i](a, file, conf_section_at(conf, name, k), c);
	}
	return err;
}
