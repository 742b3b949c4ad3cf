/*
 * mapping.h - how orders of others are read: the map file of order-import --map
 * and those that come with the formats; see crm-map(5).
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
	const char *path;   /* as written: where it is in a document */
	const char *field;  /* what it is; for a constant NULL name */
	const char *format; /* of a time, NULL to understand the usual ones */
	const struct mapping_value *values;
	size_t value_count;
	const char *constant; /* the value, of a constant */
};

/* The codes of one of our fields. */
struct mapping_codes {
	const char *field; /* status, payment_type, ... */
	const struct mapping_value *values;
	size_t value_count;
};

enum mapping_lines {
	MAPPING_LINES_DETECT,
	MAPPING_LINES_ITEM,
	MAPPING_LINES_ORDER
};

struct mapping {
	struct arena arena;
	const struct mapping *below; /* asked for what this one has not */
	const char *path;
	const char *source;   /* NULL: as the command says */
	const char *timezone; /* NULL: the shop's */
	struct dsv_dialect dialect;
	char decimal; /* '.' or ',', 0 to understand both */
	enum mapping_lines lines;
	bool accept_returns;
	bool keep_rounding; /* as a charge */
	const char **key;   /* field names */
	size_t key_count;
	const char **ignore; /* folded headers */
	size_t ignore_count;
	struct mapping_codes *codes;
	size_t code_count;
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

/*
 * A map of the user over the one that comes with the format: over's word goes
 * before, under has what over does not say. Both must outlive out, which is
 * not freed.
 */
void mapping_lay(const struct mapping *over, const struct mapping *under,
    struct mapping *out);

/*
 * What a source's code of a field means, "" for nothing; NULL when no map says
 * it. Letter case does not matter.
 */
const char *mapping_code(const struct mapping *m, const char *field,
    const char *code, struct arena *a);

/* Has the map anything to say of codes of this field (NULL: of any)? */
bool mapping_has_codes(const struct mapping *m, const char *field);

/*
 * The column that a header cell names, or NULL; folded is the cell, folded.
 * When there is none, the map may know it as not wanted.
 */
const struct mapping_column *mapping_find(const struct mapping *m,
    const char *folded);
bool mapping_ignores(const struct mapping *m, const char *folded);

/* What a cell means: its mapped value, or itself. */
const char *mapping_value(const struct mapping_column *c, const char *cell,
    struct arena *a);

#endif
