/* unzip.c - the files in a ZIP archive. */
#include "io/unzip.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <zip.h>

#include "base/mem.h"

#define UNZIP_PIECE     65536
#define UNZIP_MAX       ((uint64_t)1 << 30)
#define UNZIP_RATIO     250
#define UNZIP_RATIO_MIN ((uint64_t)16 << 20)

struct unzip {
	zip_t *zip;
	const char *name;
};

struct unzip_entry {
	zip_file_t *file;
	uint64_t read, size; /* no more than it said */
	char piece[UNZIP_PIECE];
};

const struct err *
unzip_open(int fd, const char *name, struct unzip **out)
{
	struct unzip *z;
	zip_t *zip;
	int copy, code;

	*out = NULL;
	if ((copy = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0)
		return err_sys("%s", name);
	if ((zip = zip_fdopen(copy, 0, &code)) == NULL) {
		close(copy);
		return err_new(ERR_INPUT, "not a whole ZIP archive");
	}
	z = mem_zalloc(sizeof(*z));
	z->zip = zip;
	z->name = name;
	*out = z;
	return NULL;
}

void
unzip_close(struct unzip *z)
{
	if (z == NULL)
		return;
	zip_discard(z->zip);
	free(z);
}

const char *
unzip_name(struct unzip *z, uint64_t i)
{
	return zip_get_name(z->zip, i, 0);
}

static const struct err *
unzip_check(const char *path, const zip_stat_t *st)
{
	const zip_uint64_t need = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;

	if ((st->valid & need) != need || st->size > UNZIP_MAX ||
	    (st->size > UNZIP_RATIO_MIN &&
		st->size / UNZIP_RATIO > st->comp_size))
		return err_new(ERR_INPUT,
		    "%s in it unpacks to far too much: refused", path);
	if ((st->valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
	    st->encryption_method != ZIP_EM_NONE)
		return err_new(ERR_INPUT, "%s in it is encrypted", path);
	return NULL;
}

const struct err *
unzip_entry(struct unzip *z, const char *path, struct unzip_entry **out)
{
	const struct err *err;
	zip_int64_t at = zip_name_locate(z->zip, path, ZIP_FL_NOCASE);
	zip_file_t *file;
	zip_stat_t st;

	*out = NULL;
	if (at < 0)
		return NULL;
	if (zip_stat_index(z->zip, (zip_uint64_t)at, 0, &st) != 0)
		return err_new(ERR_INPUT, "%s in it cannot be read", path);
	if ((err = unzip_check(path, &st)) != NULL)
		return err;
	if ((file = zip_fopen_index(z->zip, (zip_uint64_t)at, 0)) == NULL)
		return err_new(ERR_INPUT, "%s in it cannot be read", path);
	*out = mem_zalloc(sizeof(**out));
	(*out)->file = file;
	(*out)->size = st.size;
	return NULL;
}

void
unzip_entry_close(struct unzip_entry *e)
{
	if (e == NULL)
		return;
	zip_fclose(e->file);
	free(e);
}

uint64_t
unzip_size(const struct unzip_entry *e)
{
	return e->size;
}

const struct err *
unzip_read(void *entry, const char **data, size_t *len)
{
	struct unzip_entry *e = entry;
	zip_int64_t n = zip_fread(e->file, e->piece, sizeof(e->piece));

	*data = e->piece;
	*len = 0;
	if (n < 0)
		return err_new(ERR_INPUT, "the archive is damaged");
	e->read += (uint64_t)n;
	if (e->read > e->size)
		return err_new(ERR_INPUT,
		    "the archive unpacks to more than it says: refused");
	*len = (size_t)n;
	return NULL;
}
