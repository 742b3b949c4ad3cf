/* reference_file.c - reference tables as TSV files that a person can edit. */
#include "keep/reference_file.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/cli.h"
#include "io/dsv.h"
#include "io/file.h"

/* "/etc/shop/status.tsv" is about "status". */
static const char *
table_of(const char *path, struct arena *a)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	return arena_strndup(a, name, strcspn(name, "."));
}

static const struct err *
unknown_column(const struct reference *r, const char *name, struct arena *a)
{
	const char **names =
	    arena_zalloc(a, (r->column_count + 1) * sizeof(*names));
	const char *near;
	size_t i;

	for (i = 0; i < r->column_count; i++)
		names[i] = r->columns[i].name;
	if ((near = text_nearest(name, names)) != NULL)
		return err_new(ERR_INPUT,
		    "%s has no column '%s', did you mean '%s'", r->name, name,
		    near);
	return err_new(ERR_INPUT, "%s has no column '%s'", r->name, name);
}

/* The header: (*columns)[i] is the table's column of the file's cell i. */
static const struct err *
take_header(struct reference *r, const struct dsv_row *row, struct arena *a,
    size_t **columns)
{
	size_t i;
	int c;

	*columns = arena_alloc(a, row->count * sizeof(**columns));
	for (i = 0; i < row->count; i++) {
		if ((c = reference_column(r, row->fields[i])) < 0)
			return unknown_column(r, row->fields[i], a);
		if (r->columns[c].given)
			return err_new(ERR_INPUT, "column '%s' stands twice",
			    row->fields[i]);
		r->columns[c].given = true;
		(*columns)[i] = (size_t)c;
	}
	for (i = 0; i < r->key_count; i++)
		if (!r->columns[i].given)
			return err_new(ERR_INPUT, "no column '%s'",
			    r->columns[i].name);
	return NULL;
}

static const struct err *
read_rows(struct dsv *d, const char *name, struct reference *r, struct arena *a)
{
	const struct dsv_row *row;
	struct reference_row *to;
	const struct err *err;
	size_t *columns = NULL, count = 0, i;

	while ((err = dsv_next(d, &row)) == NULL && row != NULL) {
		if (columns == NULL) {
			count = row->count;
			if ((err = take_header(r, row, a, &columns)) != NULL)
				break;
			continue;
		}
		if (row->count != count) {
			err = err_new(ERR_INPUT,
			    "%zu cells under a header of %zu", row->count,
			    count);
			break;
		}
		to = reference_add(r, a);
		to->where = arena_printf(a, "%s:%" PRIu64, name, dsv_line(d));
		for (i = 0; i < count; i++)
			if (row->fields[i][0] != '\0')
				to->values[columns[i]] =
				    arena_strdup(a, row->fields[i]);
	}
	if (err != NULL)
		return err_wrap(err, "%s:%" PRIu64, name, dsv_line(d));
	if (columns == NULL)
		return err_new(ERR_INPUT,
		    "%s: empty; the first line must name the columns", name);
	return NULL;
}

const struct err *
reference_file_read(struct db *db, const char *path, const char *table,
    struct arena *a, struct reference **out)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	const struct dsv_dialect any = { 0 };
	struct reference *r;
	const struct err *err;
	struct dsv *d;
	int fd;

	*out = NULL;
	if (table == NULL)
		table = table_of(path, a);
	if ((err = reference_new(db, table, a, &r)) != NULL)
		return err_wrap(err, "%s", name);
	if ((err = file_open(path, &fd)) != NULL)
		return err;
	if ((err = dsv_open(fd, name, &any, &d)) == NULL) {
		err = read_rows(d, name, r, a);
		if (err == NULL && dsv_unended(d))
			cli_warn("%s:%" PRIu64 ": %s", name, dsv_line(d),
			    DSV_UNENDED);
		dsv_close(d);
	}
	close(fd);
	if (err == NULL)
		*out = r;
	return err;
}

const struct err *
reference_file_folder(struct db *db, const char *folder, struct arena *a,
    struct reference ***list, size_t *count)
{
	const char *const *name;
	const struct err *err;
	const char *path;

	*list = NULL;
	*count = 0;
	for (name = reference_names; *name != NULL; name++) {
		path = arena_printf(a, "%s/%s.tsv", folder, *name);
		if (access(path, F_OK) != 0)
			continue;
		*list =
		    arena_grow(a, *list, *count, sizeof(struct reference *));
		if ((err = reference_file_read(db, path, *name, a,
			 &(*list)[*count])) != NULL)
			return err;
		++*count;
	}
	if (*count == 0)
		return err_new(ERR_NOTFOUND, "%s: no reference tables there",
		    folder);
	return NULL;
}

/* A cell; quoted when it would be read otherwise than it is. */
static void
write_cell(const char *v, FILE *fp)
{
	if (v == NULL)
		return;
	if (strpbrk(v, "\t\r\n\"") == NULL) {
		fputs(v, fp);
		return;
	}
	putc('"', fp);
	for (; *v != '\0'; v++) {
		if (*v == '"')
			putc('"', fp);
		putc(*v, fp);
	}
	putc('"', fp);
}

void
reference_file_write(const struct reference *r, FILE *fp)
{
	size_t i, k;

	for (i = 0; i < r->column_count; i++)
		fprintf(fp, "%s%s", i != 0 ? "\t" : "", r->columns[i].name);
	putc('\n', fp);
	for (k = 0; k < r->row_count; k++) {
		for (i = 0; i < r->column_count; i++) {
			if (i != 0)
				putc('\t', fp);
			write_cell(r->rows[k].values[i], fp);
		}
		putc('\n', fp);
	}
}
