/*
 * config - a crm.conf with its jobs is taken whole or refused with its name.
 */
#include "cli/config.h"

#include <stdio.h>

#include "../memfd.h"
#include "base/when.h"
#include "fuzz.h"

static void
check_job(const struct config_job *j)
{
	int64_t s;

	need(j->name[0] != '\0' && is_text(j->name));
	need((j->command == NULL) != (j->file == NULL));
	need(j->file == NULL || j->detail == NULL);
	need(j->every_s > 0);
	need(when_length_parse(j->every, &s) == NULL && s == j->every_s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_of(data, size);
	struct arena a = { 0 };
	const struct err *err;
	struct config c;
	char path[32];
	size_t i, k;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = config_load(&a, path, NULL, NULL, &c);
	close(fd);
	need(err == NULL || (err->code == ERR_CONFIG && is_text(err->msg) &&
				strncmp(err->msg, path, strlen(path)) == 0));
	for (i = 0; err == NULL && i < c.job_count; i++) {
		check_job(&c.jobs[i]);
		for (k = 0; k < i; k++)
			need(strcmp(c.jobs[k].name, c.jobs[i].name) != 0);
	}
	arena_free(&a);
	return 0;
}
