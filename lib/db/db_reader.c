/* db_reader.c - who is reading a database at this moment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "db/db.h"

enum {
	READER_LINE = 256,
	READER_WORDS = 8, /* 1: POSIX ADVISORY READ pid dev:inode from to */
	READER_PID = 4,
	READER_FILE = 5,
	READER_FROM = 6,
	/* of the -shm file, as sqlite.org/walformat.html has them */
	READER_LOCK = 123,
	READER_LOCK_LAST = 127,
};

/* "fe:00:11576418", as /proc/locks calls the file. */
static const char *
reader_file(const char *path, struct arena *a)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return NULL;
	return arena_printf(a, "%02x:%02x:%llu", major(st.st_dev),
	    minor(st.st_dev), (unsigned long long)st.st_ino);
}

static size_t
reader_split(char *line, char *words[READER_WORDS])
{
	size_t n = 0;
	char *p = line;

	while (n < READER_WORDS && *(p += strspn(p, " \n")) != '\0') {
		words[n++] = p;
		p += strcspn(p, " \n");
		if (*p != '\0')
			*p++ = '\0';
	}
	return n;
}

void
db_readers(const char *path, struct arena *a, int64_t **out, size_t *count)
{
	const char *file = reader_file(arena_printf(a, "%s-shm", path), a);
	char line[READER_LINE], *words[READER_WORDS];
	int64_t from, pid;
	FILE *fp;

	*out = NULL;
	*count = 0;
	if (file == NULL || (fp = fopen("/proc/locks", "re")) == NULL)
		return;
	while (fgets(line, sizeof(line), fp) != NULL) {
		if (reader_split(line, words) != READER_WORDS ||
		    strcmp(words[READER_FILE], file) != 0)
			continue;
		from = strtoll(words[READER_FROM], NULL, 10);
		pid = strtoll(words[READER_PID], NULL, 10);
		if (from < READER_LOCK || from > READER_LOCK_LAST ||
		    pid == getpid())
			continue;
		*out = arena_grow(a, *out, *count, sizeof(**out));
		(*out)[(*count)++] = pid;
	}
	fclose(fp);
}
