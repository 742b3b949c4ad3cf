/* config.c - promises of lib/cli/config.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/config.h"

static char dir[] = "/tmp/crm-unit-config.XXXXXX";
static char home_file[96], named_file[96];
static struct arena arena;

static void
put(const char *path, const char *text)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	assert_true(fputs(text, fp) >= 0);
	assert_int_equal(fclose(fp), 0);
}

static int
enter(void **state UNUSED)
{
	static const char *const names[] = { "CRM_DB", "CRM_SHARE", "CRM_LANG",
		"CRM_COLOR", "CRM_BACKUP_DIR", "CRM_CONFIG", "NO_COLOR",
		"XDG_CONFIG_HOME", "XDG_DATA_HOME" };
	char path[96];
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	setenv("HOME", dir, 1);
	snprintf(path, sizeof(path), "%s/.config", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/.config/crm", dir);
	mkdir(path, 0700);
	unlink(home_file);
	return 0;
}

static int
leave(void **state UNUSED)
{
	arena_free(&arena);
	return 0;
}

static int
make_dir(void **state UNUSED)
{
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(home_file, sizeof(home_file), "%s/.config/crm/crm.conf", dir);
	snprintf(named_file, sizeof(named_file), "%s/named.conf", dir);
	return 0;
}

static int
remove_dir(void **state UNUSED)
{
	static const char *const parts[] = { ".config/crm", ".config", "" };
	char path[96];
	size_t i;

	unlink(named_file);
	unlink(home_file);
	for (i = 0; i < ARRAY_LEN(parts); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, parts[i]);
		if (rmdir(path) != 0)
			return -1;
	}
	return 0;
}

/* value and origin may begin with '@' for the test's own folder. */
static void
is(const struct config *c, enum config_key key, const char *value,
    const char *origin)
{
	char v[128], o[128];

	snprintf(v, sizeof(v), "%s%s", *value == '@' ? dir : "",
	    value + (*value == '@'));
	snprintf(o, sizeof(o), "%s%s", *origin == '@' ? dir : "",
	    origin + (*origin == '@'));
	assert_string_equal(config_get(c, key), v);
	assert_string_equal(c->values[key].origin, o);
}

static void
load(const char *file, const char *db, const char *color, struct config *c)
{
	const struct err *err = config_load(&arena, file, db, color, c);

	if (err != NULL)
		fail_msg("%s", err->msg);
}

static void
refuses(const char *file, const char *message)
{
	const struct err *err;
	struct config c;

	err = config_load(&arena, file, NULL, NULL, &c);
	assert_non_null(err);
	assert_int_equal(err->code, ERR_CONFIG);
	assert_non_null(strstr(err->msg, message));
}

static void
without_anything_there_are_defaults(void **state UNUSED)
{
	struct config c;

	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "@/.local/share/crm/shop.db", "default");
	is(&c, CONFIG_LANG, "en", "default");
	is(&c, CONFIG_COLOR, "auto", "default");
	/* The program is in BUILD/unit: share stands beside that folder. */
	assert_non_null(strstr(config_get(&c, CONFIG_SHARE), "/share/crm"));
	assert_null(strstr(config_get(&c, CONFIG_SHARE), "/unit/"));

	unsetenv("HOME");
	load(NULL, NULL, NULL, &c);
	assert_null(config_get(&c, CONFIG_DB));
}

static void
xdg_folders_count_when_absolute(void **state UNUSED)
{
	struct config c;

	setenv("XDG_DATA_HOME", "/data", 1);
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "/data/crm/shop.db", "default");
	setenv("XDG_DATA_HOME", "data", 1);
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "@/.local/share/crm/shop.db", "default");
}

static void
the_higher_place_wins(void **state UNUSED)
{
	struct config c;

	put(home_file, "db = \"/home.db\"\nlang = ru\n");
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "/home.db", "@/.config/crm/crm.conf:1");
	is(&c, CONFIG_LANG, "ru", "@/.config/crm/crm.conf:2");

	/* A file that is named stands alone. */
	put(named_file, "\ndb = \"/named.db\"\n");
	load(named_file, NULL, NULL, &c);
	is(&c, CONFIG_DB, "/named.db", "@/named.conf:2");
	is(&c, CONFIG_LANG, "en", "default");
	setenv("CRM_CONFIG", named_file, 1);
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "/named.db", "@/named.conf:2");

	setenv("CRM_DB", "env.db", 1);
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "env.db", "CRM_DB");
	load(NULL, "option.db", "always", &c);
	is(&c, CONFIG_DB, "option.db", "--db");
	is(&c, CONFIG_COLOR, "always", "--color");

	setenv("CRM_DB", "", 1); /* empty is not set */
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_DB, "/named.db", "@/named.conf:2");
}

static void
a_relative_path_counts_from_its_file(void **state UNUSED)
{
	struct config c;

	put(named_file, "db = \"shop.db\"\n");
	load(named_file, NULL, NULL, &c);
	is(&c, CONFIG_DB, "@/shop.db", "@/named.conf:1");
}

static void
no_color_yields_to_the_option_alone(void **state UNUSED)
{
	struct config c;

	setenv("NO_COLOR", "1", 1);
	setenv("CRM_COLOR", "always", 1);
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_COLOR, "never", "NO_COLOR");
	load(NULL, NULL, "always", &c);
	is(&c, CONFIG_COLOR, "always", "--color");
	setenv("NO_COLOR", "", 1);
	load(NULL, NULL, NULL, &c);
	is(&c, CONFIG_COLOR, "always", "CRM_COLOR");
}

static void
what_is_wrong_is_named_with_its_place(void **state UNUSED)
{
	put(named_file, "db = \"x\"\nlang = de\n");
	refuses(named_file,
	    "named.conf:2: 'lang' cannot be 'de'; choose from en, ru");
	put(named_file, "lagn = en\n");
	refuses(named_file, "named.conf:1: ");
	put(named_file, "db = \"\"\n");
	refuses(named_file, "named.conf:1: 'db' is empty");
	refuses("/nonexistent.conf", "/nonexistent.conf: ");
	setenv("CRM_COLOR", "blue", 1);
	refuses(NULL,
	    "CRM_COLOR: 'color' cannot be 'blue'; choose from auto, always");
}

static void
jobs_are_listed_as_they_are_written(void **state UNUSED)
{
	struct config c;

	put(named_file,
	    "job order-import { every = 15m }\n"
	    "job \"by night\" {\n\tevery = 1d\n\tfile = \"out/a\"\n}\n"
	    "job c { command = x actor = y detail = \"z\" every = 2w }\n");
	load(named_file, NULL, NULL, &c);
	assert_int_equal(c.job_count, 3);
	assert_string_equal(c.jobs[0].command, "order-import");
	assert_int_equal(c.jobs[0].every_s, 900);
	assert_null(c.jobs[0].actor);
	assert_null(c.jobs[0].detail);
	assert_string_equal(c.jobs[1].name, "by night");
	assert_null(c.jobs[1].command);
	assert_non_null(strstr(c.jobs[1].file, dir));
	assert_non_null(strstr(c.jobs[1].file, "/out/a"));
	assert_non_null(strstr(c.jobs[1].origin, "named.conf:3"));
	assert_string_equal(c.jobs[2].command, "x");
	assert_string_equal(c.jobs[2].actor, "y");
	assert_string_equal(c.jobs[2].detail, "z");

	put(named_file, "job a { every = 1d file = \"f\" actor = \"x\" }\n");
	refuses(named_file, "job 'a': 'file' stands alone with 'every'");
	put(named_file, "job a { }\n");
	refuses(named_file, "job 'a' needs a line as every = 15m");
	put(named_file, "\njob a { every = 5x }\n");
	refuses(named_file, "named.conf:2: bad length of time '5x'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    without_anything_there_are_defaults, enter, leave),
		cmocka_unit_test_setup_teardown(xdg_folders_count_when_absolute,
		    enter, leave),
		cmocka_unit_test_setup_teardown(the_higher_place_wins, enter,
		    leave),
		cmocka_unit_test_setup_teardown(
		    a_relative_path_counts_from_its_file, enter, leave),
		cmocka_unit_test_setup_teardown(
		    no_color_yields_to_the_option_alone, enter, leave),
		cmocka_unit_test_setup_teardown(
		    jobs_are_listed_as_they_are_written, enter, leave),
		cmocka_unit_test_setup_teardown(
		    what_is_wrong_is_named_with_its_place, enter, leave),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
