/* err.c - the one error type. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static struct err *
err_slot(void)
{
	static struct err ring[ERR_RING];
	static unsigned next;

	return &ring[next++ % ERR_RING];
}

/* A character that was cut is text no more: a '?' stands for each byte. */
static const struct err *
err_tidy(struct err *err)
{
	size_t len = strlen(err->msg), i = 0;

	while ((i += text_utf8_valid(err->msg + i, len - i)) < len)
		err->msg[i++] = '?';
	return err;
}

const struct err *
err_make(enum err_code code, const char *fmt, ...)
{
	struct err *err = err_slot();
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return err_tidy(err);
}

const struct err *
err_make_sys(const char *fmt, ...)
{
	int saved = errno;
	struct err *err = err_slot();
	va_list ap;
	size_t len;

	err->code = ERR_IO;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s",
	    strerror(saved));
	return err_tidy(err);
}

const struct err *
err_wrap(const struct err *err, const char *fmt, ...)
{
	struct err *out;
	va_list ap;
	size_t len;

	if (err == NULL)
		return NULL;
	out = err_slot();
	out->code = err->code;
	va_start(ap, fmt);
	vsnprintf(out->msg, sizeof(out->msg), fmt, ap);
	va_end(ap);
	len = strlen(out->msg);
	snprintf(out->msg + len, sizeof(out->msg) - len, ": %s", err->msg);
	return err_tidy(out);
}
