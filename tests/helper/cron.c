/*
 * cron.c - cron in a simulated time: cron FROM TO MAIL CRONTAB... runs what is
 * due from the minute FROM until TO, both 2026-03-01T09:00 in the zone of TZ,
 * with the present time in CRM_NOW. What a line prints would be mailed: it goes
 * to MAIL/1 and so on, and for each a line with number, time and command to
 * standard output.
 *
 * As Debian's cron: five fields of numbers, lists, ranges and steps; lines of
 * environment; /bin/sh with an environment that has hardly anything in it; a
 * day fits when either of two restricted day fields does. Lines that are due at
 * one time run one after the other, in the order of the files. Names, @daily
 * and '%' are refused.
 */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MINUTE, HOUR, DAY, MONTH, WEEKDAY, FIELDS };
enum { LINES_MAX = 64, TEXT_MAX = 4096, VALUES_MAX = 64, ENV_MAX = 16 };

static const struct {
	long low, high;
} limits[FIELDS] = { { 0, 59 }, { 0, 23 }, { 1, 31 }, { 1, 12 }, { 0, 7 } };

/* One file's environment, which the lines of the file share. */
struct table {
	char *env[ENV_MAX + 1];
	size_t count;
};

struct line {
	bool due[FIELDS][VALUES_MAX];
	bool star[FIELDS];
	char *command;
	const struct table *table;
};

static struct line lines[LINES_MAX];
static size_t line_count;

/* A number of the field, at **s. */
static long
number(char **s, int field)
{
	char *end;
	long v = strtol(*s, &end, 10);

	if (!isdigit((unsigned char)**s) || v < limits[field].low ||
	    v > limits[field].high)
		errx(1, "field %d: bad value at '%s'", field + 1, *s);
	*s = end;
	return v;
}

/* One of a list: "*", "5" or "8-19", each perhaps with a step. */
static void
read_range(struct line *l, int field, char *s)
{
	long from = limits[field].low, to = limits[field].high, step = 1;

	if (*s == '*') {
		s++;
	} else {
		from = to = number(&s, field);
		if (*s == '-') {
			s++;
			to = number(&s, field);
		}
	}
	if (*s == '/')
		step = strtol(s + 1, &s, 10);
	if (*s != '\0' || step < 1 || from > to)
		errx(1, "field %d: bad end or range at '%s'", field + 1, s);
	for (; from <= to; from += step)
		l->due[field][field == WEEKDAY ? from % 7 : from] = true;
}

static void
read_line(char *text, const struct table *table)
{
	struct line *l = &lines[line_count++];
	char *word, *item;
	int field;

	if (line_count == LINES_MAX || strchr(text, '%') != NULL)
		errx(1, "too many lines, or a '%%': %s", text);
	for (field = 0; field < FIELDS; field++) {
		word = strsep(&text, " \t");
		if (text == NULL)
			errx(1, "a line of %d words", field + 1);
		l->star[field] = *word == '*';
		while ((item = strsep(&word, ",")) != NULL)
			read_range(l, field, item);
		text += strspn(text, " \t");
	}
	l->command = strdup(text);
	l->table = table;
}

static void
read_table(const char *path)
{
	struct table *table = calloc(1, sizeof(*table));
	FILE *fp = fopen(path, "r");
	char text[TEXT_MAX], *s;

	if (fp == NULL || table == NULL)
		err(1, "%s", path);
	while (fgets(text, sizeof(text), fp) != NULL) {
		text[strcspn(text, "\n")] = '\0';
		s = text + strspn(text, " \t");
		if (*s == '\0' || *s == '#')
			continue;
		if (!isalpha((unsigned char)*s))
			read_line(s, table);
		else if (table->count < ENV_MAX)
			table->env[table->count++] = strdup(s);
		else
			errx(1, "%s: too much environment", path);
	}
	fclose(fp);
}

static bool
is_due(const struct line *l, const struct tm *tm)
{
	bool day = l->due[DAY][tm->tm_mday];
	bool weekday = l->due[WEEKDAY][tm->tm_wday];

	if (!l->due[MINUTE][tm->tm_min] || !l->due[HOUR][tm->tm_hour] ||
	    !l->due[MONTH][tm->tm_mon + 1])
		return false;
	if (l->star[DAY] || l->star[WEEKDAY])
		return day && weekday;
	return day || weekday;
}

static void
become(const struct line *l, const char *now)
{
	size_t i;

	clearenv();
	setenv("HOME", "/nonexistent", 1);
	setenv("LOGNAME", "crm", 1);
	setenv("SHELL", "/bin/sh", 1);
	setenv("CRM_NOW", now, 1);
	for (i = 0; i < l->table->count; i++)
		putenv(l->table->env[i]);
	execl("/bin/sh", "sh", "-c", l->command, (char *)NULL);
	err(127, "/bin/sh");
}

static void
run(const struct line *l, time_t at, const char *mail)
{
	static unsigned mails;
	char now[32], path[TEXT_MAX];
	struct tm utc;
	struct stat st;
	pid_t pid;
	int fd;

	gmtime_r(&at, &utc);
	strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", &utc);
	snprintf(path, sizeof(path), "%s/%u", mail, mails + 1);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
	    0666);
	if (fd == -1)
		err(1, "%s", path);
	if ((pid = fork()) == -1)
		err(1, "fork");
	if (pid == 0) {
		if (freopen("/dev/null", "r", stdin) == NULL ||
		    dup2(fd, STDOUT_FILENO) == -1 ||
		    dup2(fd, STDERR_FILENO) == -1)
			err(127, "dup2");
		become(l, now);
	}
	if (waitpid(pid, NULL, 0) == -1 || fstat(fd, &st) == -1)
		err(1, "waitpid");
	close(fd);
	if (st.st_size == 0) {
		unlink(path);
		return;
	}
	printf("%u %s %s\n", ++mails, now, l->command);
	fflush(stdout);
}

static time_t
moment(const char *s)
{
	struct tm tm = { .tm_isdst = -1 };
	const char *end = strptime(s, "%Y-%m-%dT%H:%M", &tm);

	if (end == NULL || *end != '\0')
		errx(1, "no time: %s", s);
	return mktime(&tm);
}

int
main(int argc, char **argv)
{
	time_t at, to;
	struct tm tm;
	size_t i;
	int k;

	if (argc < 5)
		errx(1, "usage: cron from to mail crontab ...");
	to = moment(argv[2]);
	for (k = 4; k < argc; k++)
		read_table(argv[k]);
	for (at = moment(argv[1]); at < to; at += 60) {
		localtime_r(&at, &tm);
		for (i = 0; i < line_count; i++)
			if (is_due(&lines[i], &tm))
				run(&lines[i], at, argv[3]);
	}
	return 0;
}
