/*
 * mapping.h - how a foreign table is read: the map file of order-import --map;
 * see crm-map(5).
 */
#ifndef INTAKE_MAPPING_H
#define INTAKE_MAPPING_H

#include "base/arena.h"
#include "base/err.h"
#include "io/dsv.h"

struct mapping_value {
	const char *from; /* folded */
	const char *to;
};

struct mapping_column {
	const char *name;   /* folded: how the header calls it */
	const char *field;  /* what it is; for a constant NULL name */
	const char *format; /* of a time, NULL to understand the usual ones */
	const struct mapping_value *values;
	size_t value_count;
	const char *constant; /* the value, of a constant */
};

enum mapping_lines {
	MAPPING_LINES_DETECT,
	MAPPING_LINES_ITEM,
	MAPPING_LINES_ORDER
};

struct mapping {
	struct arena arena;
	const char *path;
	const char *source;   /* NULL: as the command says */
	const char *timezone; /* NULL: the shop's */
	struct dsv_dialect dialect;
	char decimal; /* '.' or ',', 0 to understand both */
	enum mapping_lines lines;
	bool accept_returns;
	const char **key; /* field names */
	size_t key_count;
	const char **ignore; /* folded headers */
	size_t ignore_count;
	struct mapping_column *columns;
	size_t column_count;
	struct mapping_column *constants;
	size_t constant_count;
};

/*
 * Read a map file; what is wrong is ERR_CONFIG with file and line. The caller
 * frees it with mapping_free().
 */
const struct err *mapping_read(const char *path, struct mapping **out) MUST_USE;
void mapping_free(struct mapping *m);

/* The column that a header cell names, or NULL; folded is the cell, folded. */
const struct mapping_column *mapping_find(const struct mapping *m,
    const char *folded);
bool mapping_ignores(const struct mapping *m, const char *folded);

/* What a cell means: its mapped value, or itself. */
const char *mapping_value(const struct mapping_column *c, const char *cell,
    struct arena *a);

#endif
