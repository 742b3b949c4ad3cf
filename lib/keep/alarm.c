/* alarm.c - one alarm instead of one a minute. */
#include "keep/alarm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"

#define ALARM_HEAD "crm-status 1\n"
#define ALARM_END  "end\n" /* a file without it is torn */

enum { ALARM_MAX = 1 << 16 };

/* A line of the file: "TOLD_AT TAB STATE TAB KIND TAB NAME". */
struct alarm_entry {
	int64_t told_at;
	const char *state;
	const char *kind;
	const char *name;
};

struct alarm {
	int fd;
	const char *path;
	struct arena *a;
	const char *text; /* the file as it is */
	struct alarm_entry *entries;
	size_t count;
};

/* What was told of the item; NULL when nothing. */
static const struct alarm_entry *
alarm_find(const struct alarm *al, const struct health_item *item)
{
	size_t i;

	for (i = 0; i < al->count; i++)
		if (strcmp(al->entries[i].kind, item->kind) == 0 &&
		    strcmp(al->entries[i].name, item->name) == 0)
			return &al->entries[i];
	return NULL;
}

/* The line is taken apart. */
static bool
alarm_parse_line(struct alarm *al, char *line)
{
	struct alarm_entry e = { 0 };
	const char **parts[] = { &e.state, &e.kind, &e.name };
	char *end;
	size_t i;

	errno = 0;
	e.told_at = strtoll(line, &end, 10);
	if (errno != 0 || end == line)
		return false;
	for (i = 0; i < ARRAY_LEN(parts); i++) {
		if (*end != '\t')
			return false;
		*end++ = '\0';
		*parts[i] = end;
		end += strcspn(end, "\t");
	}
	if (*end != '\0')
		return false;
	al->entries =
	    arena_grow(al->a, al->entries, al->count, sizeof(*al->entries));
	al->entries[al->count++] = e;
	return true;
}

static void
alarm_parse(struct alarm *al, char *text, size_t len)
{
	const size_t head = strlen(ALARM_HEAD), tail = strlen(ALARM_END);
	char *p, *end;

	if (len < head + tail || strncmp(text, ALARM_HEAD, head) != 0 ||
	    strcmp(text + len - tail, ALARM_END) != 0 ||
	    text_utf8_valid(text, len) != len)
		return;
	for (p = text + head; p < text + len - tail; p = end + 1) {
		end = p + strcspn(p, "\n");
		*end = '\0';
		if (!alarm_parse_line(al, p)) {
			al->count = 0;
			return;
		}
	}
}

static const struct err *
alarm_read(struct alarm *al)
{
	char *text = arena_alloc(al->a, ALARM_MAX + 1);
	ssize_t n = pread(al->fd, text, ALARM_MAX, 0);

	if (n < 0)
		return err_sys("%s", al->path);
	text[n] = '\0';
	al->text = arena_strdup(al->a, text);
	if (strlen(text) == (size_t)n)
		alarm_parse(al, text, (size_t)n);
	return NULL;
}

static const struct err *
alarm_take(struct alarm *al)
{
	struct stat st;

	if (fstat(al->fd, &st) != 0)
		return err_sys("%s", al->path);
	if (!S_ISREG(st.st_mode))
		return err_new(ERR_IO, "%s: not a regular file", al->path);
	if (flock(al->fd, LOCK_EX | LOCK_NB) == 0)
		return alarm_read(al);
	if (errno == EWOULDBLOCK)
		return err_new(ERR_BUSY, "another crm-status is running");
	return err_sys("%s", al->path);
}

const struct err *
alarm_open(const char *db_path, struct arena *a, struct alarm **out)
{
	const char *slash = strrchr(db_path, '/');
	const char *base = slash != NULL ? slash + 1 : db_path;
	struct alarm *al = arena_zalloc(a, sizeof(*al));
	const struct err *err;
	struct stat db;

	*out = NULL;
	al->a = a;
	al->path = arena_printf(a, "%.*s.crm-status.%s", (int)(base - db_path),
	    db_path, base);
	al->fd = open(al->path,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0660);
	if (al->fd < 0)
		return err_sys("%s", al->path);
	if ((err = alarm_take(al)) != NULL) {
		alarm_close(al);
		return err;
	}
	/* Whoever may write the database may write this, whatever our umask. */
	if (stat(db_path, &db) == 0 && S_ISREG(db.st_mode))
		fchmod(al->fd, db.st_mode & 0666);
	*out = al;
	return NULL;
}

void
alarm_close(struct alarm *al)
{
	if (al != NULL)
		close(al->fd);
}

void
alarm_mark(const struct alarm *al, int64_t remind_s, struct health *h)
{
	const struct alarm_entry *e;
	struct health_item *item;
	size_t i;

	for (i = 0; i < h->count; i++) {
		item = &h->items[i];
		e = al != NULL ? alarm_find(al, item) : NULL;
		item->news = item->problem;
		if (e != NULL)
			item->news = !item->problem ||
				     strcmp(e->state, item->state) != 0 ||
				     h->now - e->told_at >= remind_s ||
				     e->told_at > h->now;
	}
}

static void
alarm_add(struct buf *b, const struct alarm_entry *e)
{
	buf_printf(b, "%" PRId64 "\t%s\t%s\t%s\n", e->told_at, e->state,
	    e->kind, e->name);
}

/* Does h tell anything of what the entry is about? */
static bool
alarm_seen(const struct health *h, const struct alarm_entry *e)
{
	size_t i;

	for (i = 0; i < h->count; i++)
		if (strcmp(h->items[i].kind, e->kind) == 0 &&
		    strcmp(h->items[i].name, e->name) == 0)
			return true;
	return false;
}

/* What the file shall say now. */
static void
alarm_format(const struct alarm *al, const struct health *h, struct buf *b)
{
	const struct health_item *item;
	const struct alarm_entry *e;
	size_t i;

	buf_adds(b, ALARM_HEAD);
	for (i = 0; i < h->count; i++) {
		item = &h->items[i];
		if (!item->problem)
			continue;
		e = item->news ? NULL : alarm_find(al, item);
		alarm_add(b,
		    &(struct alarm_entry){ e != NULL ? e->told_at : h->now,
			item->state, item->kind, item->name });
	}
	/* What cannot be seen just now is no better for it. */
	for (i = 0; h->blind && i < al->count; i++)
		if (!alarm_seen(h, &al->entries[i]))
			alarm_add(b, &al->entries[i]);
	buf_adds(b, ALARM_END);
}

static const struct err *
alarm_write(const struct alarm *al, const struct buf *b)
{
	if (b->len > ALARM_MAX)
		return err_new(ERR_IO, "%s: too many problems", al->path);
	if (pwrite(al->fd, b->data, b->len, 0) != (ssize_t)b->len ||
	    ftruncate(al->fd, (off_t)b->len) != 0 || fsync(al->fd) != 0)
		return err_sys("%s", al->path);
	return NULL;
}

const struct err *
alarm_told(const struct alarm *al, const struct health *h)
{
	const struct err *err = NULL;
	struct buf b = { 0 };

	alarm_format(al, h, &b);
	if (strcmp(buf_str(&b), al->text) != 0) /* most minutes it is */
		err = alarm_write(al, &b);
	buf_free(&b);
	return err;
}
