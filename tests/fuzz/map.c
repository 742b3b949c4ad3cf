/* map - a map file is taken whole, or refused with its name. */
#include "intake/mapping.h"

#include <stdio.h>

#include "../memfd.h"
#include "fuzz.h"

static void
check_list(const char *const *v, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		need(is_text(v[i]));
}

static void
check(const struct mapping *m)
{
	const struct mapping_column *c;
	struct arena a = { 0 };
	size_t i;

	check_list(m->key, m->key_count);
	check_list(m->ignore, m->ignore_count);
	for (i = 0; i < m->ignore_count; i++)
		need(mapping_ignores(m, m->ignore[i]));
	need(m->decimal == '\0' || m->decimal == '.' || m->decimal == ',');
	for (c = m->columns; c < m->columns + m->column_count; c++) {
		need(is_text(c->name) && is_text(c->field));
		need(strcmp(c->name, text_fold(&a, c->name)) == 0);
		need(strcmp(mapping_find(m, c->name)->name, c->name) == 0);
		for (i = 0; i < c->value_count; i++)
			need(is_text(mapping_value(c, c->values[i].from, &a)));
	}
	for (c = m->constants; c < m->constants + m->constant_count; c++)
		need(is_text(c->field) && is_text(c->constant));
	arena_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_of(data, size);
	const struct err *err;
	struct mapping *m;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	err = mapping_read(path, &m);
	close(fd);
	need((err == NULL) == (m != NULL));
	need(err == NULL || (err->code == ERR_CONFIG &&
				strncmp(err->msg, path, strlen(path)) == 0));
	if (m != NULL)
		check(m);
	mapping_free(m);
	return 0;
}
