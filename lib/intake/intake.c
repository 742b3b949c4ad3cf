/* intake.c - the adapters, and which one a stream needs. */
#include "intake/intake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file.h"
#include "io/lines.h"

/* The first whose detect() agrees is taken; the last agrees with anything. */
static const struct intake_adapter *const adapters[] = {
	&ndjson_adapter,
	&commerceml_adapter,
	&flat_adapter,
};

static const struct err *
intake_choose(struct intake *in, const char *head, size_t len)
{
	const char *want = in->options->format;
	size_t i;

	if (want == NULL && in->options->map != NULL &&
	    !commerceml_adapter.detect(head, len))
		want = flat_adapter.name; /* a map is of columns */
	for (i = 0; i < ARRAY_LEN(adapters); i++)
		if (want != NULL ? strcmp(adapters[i]->name, want) == 0 :
				   adapters[i]->detect(head, len)) {
			in->adapter = adapters[i];
			return NULL;
		}
	return err_new(ERR_USAGE, "unknown format '%s'", want);
}

/* A regular file can be read twice where it lies; a pipe cannot. */
static const struct err *
intake_own_file(struct intake *in, int fd, const char *head, size_t len)
{
	const struct err *err;
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    lseek(fd, -(off_t)len, SEEK_CUR) >= 0) {
		in->fd = fd;
	} else {
		err = file_spool(fd, in->name, head, len, &in->spool);
		if (err != NULL)
			return err;
		in->fd = in->spool;
	}
	lines_close(in->lines);
	in->lines = NULL;
	return NULL;
}

const struct err *
intake_open(int fd, const char *name, const struct intake_options *options,
    struct intake **out)
{
	struct intake *in = mem_zalloc(sizeof(*in));
	const struct err *err;
	const char *head;
	struct stat st;
	size_t len;

	*out = NULL;
	in->options = options;
	in->name = name;
	in->spool = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		in->size = (uint64_t)st.st_size;
	in->lines = lines_open(fd, name);
	if ((err = lines_peek(in->lines, &head, &len)) != NULL ||
	    (err = intake_choose(in, head, len)) != NULL)
		goto fail;
	if (in->adapter->wants_file &&
	    (err = intake_own_file(in, fd, head, len)) != NULL)
		goto fail;
	if ((err = in->adapter->open(in, &in->state)) != NULL)
		goto fail;
	*out = in;
	return NULL;
fail:
	intake_close(in);
	return err;
}

void
intake_close(struct intake *in)
{
	if (in == NULL)
		return;
	if (in->state != NULL)
		in->adapter->close(in->state);
	lines_close(in->lines);
	if (in->spool >= 0)
		close(in->spool);
	arena_free(&in->arena);
	free(in);
}

const char *
intake_format(const struct intake *in)
{
	return in->adapter->name;
}

const struct err *
intake_next(struct intake *in, struct arena *a, struct intake_record *r)
{
	*r = (struct intake_record){ .source = in->options->source,
		.where = in->name,
		.raw = "" };
	return in->adapter->next(in->state, a, r);
}

bool
intake_would_wait(const struct intake *in)
{
	return in->adapter->would_wait(in->state);
}

void
intake_warn(const struct intake *in, const char *where, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (in->options->warn == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	in->options->warn(in->options->arg, where, text);
}

/* A number that people can type: see order_check_no(). */
static const char *
intake_typeable(const char *no, struct arena *a)
{
	char *s = arena_strdup(a, no), *p, *to;

	for (p = to = s; *p != '\0'; p++) {
		if (strchr(" \t\r\n,", *p) != NULL ||
		    (*p == '.' && p[1] == '.'))
			*to++ = '_';
		else if (order_unseen(p) != 0)
			p += order_unseen(p) - 1;
		else
			*to++ = *p;
	}
	*to = '\0';
	if (*s == '-' || *s == '{')
		*s = '_';
	return s;
}

const struct err *
intake_identify(const struct intake *in, struct order *o, struct arena *a)
{
	if (o->source == NULL)
		o->source = in->options->source;
	if (o->external_id == NULL)
		o->external_id = o->order_no;
	if (o->external_id == NULL)
		return err_new(ERR_INPUT,
		    "it has neither 'order_no' nor 'external_id'");
	if (o->order_no == NULL)
		o->order_no = o->external_id;
	o->order_no = intake_typeable(o->order_no, a);
	return NULL;
}
