/*
 * conf - a file is taken or refused with its line, and leaves nothing behind
 * that changes how the next one is read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../memfd.h"
#include "base/text.h"
#include "io/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct conf_key inner_keys[] = {
	{ .name = "s", .kind = CONF_STR },
	{ .name = "n", .kind = CONF_INT },
	{ .kind = CONF_END },
};

static const struct conf_key keys[] = {
	{ .name = "s", .kind = CONF_STR },
	{ .name = "n", .kind = CONF_INT },
	{ .name = "b", .kind = CONF_BOOL },
	{ .name = "l", .kind = CONF_LIST },
	{ .name = "t", .kind = CONF_SECTION, .keys = inner_keys },
	{ .kind = CONF_END },
};

static void
need(bool promise)
{
	if (!promise)
		abort();
}

static struct conf *
read_bytes(const void *data, size_t size)
{
	int fd = memfd_of(data, size);
	const struct err *err;
	char path[32];
	struct conf *c;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = conf_read(path, keys, &c);
	close(fd);
	need((err == NULL) == (c != NULL));
	need(err == NULL || (err->code == ERR_CONFIG &&
				strncmp(err->msg, path, strlen(path)) == 0));
	return c;
}

static void
check_text(const char *s)
{
	need(s == NULL || text_utf8_valid(s, strlen(s)) == strlen(s));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char plain[] = "s = 'x'\nt 'y' { n = 7 }\n";
	const struct conf *section;
	struct conf *c;
	size_t i;

	if ((c = read_bytes(data, size)) != NULL) {
		check_text(conf_str(c, "s"));
		need((conf_str(c, "s") != NULL) == (conf_line(c, "s") > 0));
		for (i = 0; i < conf_list_len(c, "l"); i++)
			check_text(conf_list_at(c, "l", i));
		for (i = 0; i < conf_section_len(c, "t"); i++) {
			section = conf_section_at(c, "t", i);
			check_text(conf_title(section));
			check_text(conf_str(section, "s"));
		}
		conf_free(c);
	}
	c = read_bytes(plain, strlen(plain));
	need(c != NULL);
	section = conf_section_at(c, "t", 0);
	need(section != NULL && conf_int(section, "n") == 7);
	need(strcmp(conf_title(section), "y") == 0 && conf_line(c, "s") == 1);
	conf_free(c);
	return 0;
}
