/* say.c - diagnostics on standard error: one line and one write each. */
#include "cli/say.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"

enum { /* exit status */
	CLI_OK = 0,
	CLI_FAILED = 1,
	CLI_MISUSED = 2,
	CLI_PARTLY = 3,
	CLI_TEMPORARY = 75
};

#define SAY_LINE_MAX 1024
#define SAY_REJECTS  20 /* so many are shown, the others counted */

static struct {
	const char *name;
	bool quiet;
	int verbose;
} say = { .name = "crm" };

void
say_setup(const char *name, bool quiet, int verbose)
{
	say.name = name;
	say.quiet = quiet;
	say.verbose = verbose;
}

/*
 * Messages quote what came from outside; none of it may move the cursor. That
 * includes the C1 controls, U+0080 to U+009F, two bytes each in UTF-8.
 */
static void
say_disarm(char *s)
{
	size_t bad, len = strlen(s);
	unsigned char *p;

	while ((bad = text_utf8_valid(s, len)) < len)
		s[bad] = '?';
	for (p = (unsigned char *)s; *p != '\0'; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
		else if (*p == 0xc2 && p[1] < 0xa0)
			*p = p[1] = '?';
	}
}

static void PRINTF(2, 0)
    say_line(const char *label, const char *fmt, va_list ap)
{
	char line[SAY_LINE_MAX];
	size_t len;

	snprintf(line, sizeof(line), "%s: %s", say.name, label);
	len = strlen(line);
	vsnprintf(line + len, sizeof(line) - len - 1, fmt, ap);
	say_disarm(line);
	len = strlen(line);
	line[len++] = '\n';
	progress_clear();
	fwrite(line, 1, len, stderr);
}

void
cli_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_line("", fmt, ap);
	va_end(ap);
}

void
cli_warn(const char *fmt, ...)
{
	va_list ap;

	if (say.quiet)
		return;
	va_start(ap, fmt);
	say_line("warning: ", fmt, ap);
	va_end(ap);
}

void
cli_info(const char *fmt, ...)
{
	va_list ap;

	if (say.verbose == 0)
		return;
	va_start(ap, fmt);
	say_line("", fmt, ap);
	va_end(ap);
}

void
cli_summary(const char *fmt, ...)
{
	va_list ap;

	if (say.quiet || (say.verbose == 0 && !isatty(STDERR_FILENO)))
		return;
	va_start(ap, fmt);
	say_line("", fmt, ap);
	va_end(ap);
}

void
cli_reject(struct cli *cli, const char *where, const struct err *err)
{
	if (++cli->rejected <= SAY_REJECTS)
		cli_say("%s: %s", where, err->msg);
}

void
say_rejects_left(uint64_t rejected)
{
	if (rejected > SAY_REJECTS)
		cli_say("and %" PRIu64 " more like these",
		    rejected - SAY_REJECTS);
}

void
say_try_help(void)
{
	fprintf(stderr, "try '%s --help'\n", say.name);
}

int
cli_status(const struct cli *cli, const struct err *err)
{
	if (err == NULL)
		return cli->rejected != 0 ? CLI_PARTLY : CLI_OK;
	switch (err->code) {
	case ERR_USAGE:
		return CLI_MISUSED;
	case ERR_BUSY:
	case ERR_REMOTE:
		return CLI_TEMPORARY;
	case ERR_PARTIAL:
		return CLI_PARTLY;
	case ERR_IO:
	case ERR_CONFIG:
	case ERR_INPUT:
	case ERR_NOTFOUND:
	case ERR_CONFLICT:
	case ERR_SCHEMA:
		return CLI_FAILED;
	}
	abort();
}
