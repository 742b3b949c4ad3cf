/* new_shop.c - the database of a new shop: what crm-init makes. */
#include "keep/new_shop.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crm/run.h"
#include "crm/setting.h"
#include "crm/shop.h"
#include "db/db.h"
#include "io/file.h"
#include "keep/reference_file.h"

#define SITE "main" /* the default one */

/* What the default site sells in, by the tables; NULL without that site. */
static const char **
new_shop_currency(struct reference *const *list, size_t count)
{
	const struct reference *r;
	size_t i, k;
	int code;

	for (i = 0; i < count; i++) {
		r = list[i];
		if (strcmp(r->name, "site") != 0)
			continue;
		code = reference_column(r, "code");
		for (k = 0; k < r->row_count; k++)
			if (strcmp(r->rows[k].values[code], SITE) == 0)
				return &r->rows[k].values[reference_column(r,
				    "currency")];
	}
	return NULL;
}

static const struct err *
new_shop_settings(const struct new_shop *n, struct shop *shop)
{
	const struct err *err;

	if ((err = setting_put(shop, "site", SITE)) != NULL ||
	    (err = setting_put(shop, "timezone", n->timezone)) != NULL ||
	    (err = setting_put(shop, "currency", n->currency)) != NULL)
		return err;
	return setting_put(shop, "country", n->country);
}

/* All that a new shop knows, in one transaction. */
static const struct err *
new_shop_fill(struct new_shop *n, struct shop *shop, struct arena *a)
{
	struct reference **list;
	const struct err *err;
	const char **currency;
	size_t count, i;

	if ((err = reference_file_folder(shop->db, n->reference, a, &list,
		 &count)) != NULL)
		return err;
	currency = new_shop_currency(list, count);
	if (n->currency == NULL)
		n->currency =
		    currency != NULL && *currency != NULL ? *currency : "RUB";
	if (currency != NULL)
		*currency = n->currency;
	if ((err = db_begin(shop->db)) != NULL ||
	    (err = run_begin(shop, "crm-init", NULL, n->actor, false)) !=
		NULL ||
	    (err = reference_load(shop, list, count, a)) != NULL ||
	    (err = new_shop_settings(n, shop)) != NULL ||
	    (err = run_end(shop, 0, NULL)) != NULL)
		return err;
	for (i = 0; i < count; i++)
		n->rows += list[i]->added;
	return db_commit(shop->db);
}

static const struct err *
new_shop_build(struct new_shop *n, const char *path, struct arena *a)
{
	const struct err *err;
	struct shop *shop;
	struct db *db;

	if ((err = db_create(path)) != NULL ||
	    (err = db_open(path, DB_WRITE, &db)) != NULL)
		return err;
	if ((err = shop_open(db, NULL, &shop)) == NULL) {
		err = new_shop_fill(n, shop, a);
		shop_close(shop);
	}
	if (err == NULL) /* one file gets the name: nothing may be beside it */
		err = db_bulk(db, false);
	db_close(db);
	return err;
}

/* The folder of the database and those above it; it is the group's to share. */
static const struct err *
new_shop_make_folder(const char *folder, struct arena *a)
{
	char *copy = arena_strdup(a, folder), *slash;

	if (access(folder, F_OK) == 0)
		return NULL;
	for (slash = copy; (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			return err_sys("%s", copy);
		*slash = '/';
	}
	if (mkdir(folder, 0770) != 0 || chmod(folder, 02770) != 0)
		return err_sys("%s", folder);
	return NULL;
}

static const char *
new_shop_folder(const char *path, struct arena *a)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return slash == path ? "/" :
			       arena_strndup(a, path, (size_t)(slash - path));
}

/* It gets its name when it is complete, and never that of another file. */
static const struct err *
new_shop_publish(const char *made, const char *path)
{
	if (chmod(made, 0660) == 0 && link(made, path) == 0)
		return NULL;
	return err_sys("%s", path);
}

const struct err *
new_shop_make(struct new_shop *n, struct arena *a)
{
	const char *folder = new_shop_folder(n->path, a), *made;
	const struct err *err;

	if (access(n->path, F_OK) == 0)
		return err_new(ERR_CONFLICT,
		    "%s: exists already; crm-migrate brings an older database "
		    "up to date",
		    n->path);
	if (!n->make_folder && access(folder, W_OK | X_OK) != 0)
		return err_sys("%s", folder);
	if (n->dry_run)
		folder = file_tmpdir();
	else if (n->make_folder &&
		 (err = new_shop_make_folder(folder, a)) != NULL)
		return err;
	made = arena_printf(a, "%s/.crm-init-%ld", folder, (long)getpid());
	if ((err = new_shop_build(n, made, a)) == NULL && !n->dry_run)
		err = new_shop_publish(made, n->path);
	unlink(made);
	return err;
}
