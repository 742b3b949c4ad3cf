/*
 * feed.h - categories and offers out of a file or pipe, whatever its format:
 * Yandex YML, retailCRM's ICML, 1C's CommerceML, tables.
 */
#ifndef INTAKE_FEED_H
#define INTAKE_FEED_H

#include "base/map.h"
#include "catalog/catalog.h"

struct lines;
struct mapping;
struct xml_node;

/* What the files of a run tell each other: names of CommerceML's ids. */
struct feed_words {
	struct arena arena;
	struct map index; /* "kind id" -> place in v, from 1 */
	const char **v;
	size_t len;
	const char *price_type; /* id of the first type of price */
};

struct feed_options {
	const char *source;
	const char *currency;            /* of offers that name none */
	const char *format;              /* "table" or "xml"; NULL to detect */
	const struct mapping *map;       /* of a table; NULL: our headers */
	const char *price_type;          /* CommerceML: name or id */
	const char *purchase_price_type; /* the same; NULL: none */
	struct feed_words *words;
	/* Said once each. */
	void (*warn)(void *arg, const char *where, const char *message);
	void *arg;
};

enum feed_type { FEED_END, FEED_CATEGORY, FEED_OFFER };

struct feed_record {
	enum feed_type type;
	const struct catalog_category *category; /* FEED_CATEGORY */
	struct catalog_record *offer;            /* FEED_OFFER */
	/* Also of a record that is refused: */
	const char *where;       /* "feed.xml:204" */
	const char *external_id; /* NULL when it could not be read */
};

struct feed;

/*
 * Read from the descriptor, which stays the caller's. name and options must
 * outlive it. The caller closes it with feed_close().
 */
const struct err *feed_open(int fd, const char *name,
    const struct feed_options *options, struct feed **out) MUST_USE;
void feed_close(struct feed *f); /* NULL is allowed */

/*
 * The next record; it belongs to f and lives until the next call. ERR_INPUT
 * refuses one: r says where it stood, and the next call goes on behind it.
 */
const struct err *feed_next(struct feed *f, struct feed_record *r) MUST_USE;

/* Would feed_next() have to wait for the other end of a pipe? */
bool feed_would_wait(struct feed *f);

/* The format in use: "yml", "commerceml" or "table". */
const char *feed_format(const struct feed *f);

/* Does the file say that it holds only what has changed? */
bool feed_is_partial(const struct feed *f);

/*
 * The record that came last as text, and what must stand before and behind it
 * in a file (NULL for nothing). In a.
 */
const char *feed_raw(const struct feed *f, struct arena *a, const char **header,
    const char **footer);

/* For the formats ---------------------------------------------------------- */

struct feed {
	const struct feed_options *options;
	const char *name;
	struct lines *lines;
	struct xml *xml;   /* NULL: a table */
	struct dsv *table; /* NULL: XML */
	int spool;         /* of a table from a pipe; -1: none */
	const struct feed_format *format;
	struct xml_node *node; /* the last one of the XML */
	size_t which;
	struct feed_column *columns; /* of the table */
	size_t cells;                /* of the header */
	size_t column_count;         /* with the constants of the map */
	const char *header;          /* of the table */
	struct arena arena;          /* as long as f */
	struct arena rec;            /* of the records in the queue */
	struct feed_record *queue;   /* made of one element or row */
	size_t queued, given;
	struct map said;
	struct map paths; /* categories of the table that were given out */
	const char *where;
	bool partial;
	bool over;
};

/* A kind of element, and what to do with it. */
struct feed_element {
	const char *path; /* see struct xml_want */
	bool head;
	const struct err *(*take)(struct feed *f, const struct xml_node *n);
	const char *before, *behind; /* NULL: it cannot be fed again alone */
};
struct feed_format {
	const char *name;
	const char *root;
	const struct feed_element *elements;
	size_t count;
};
extern const struct feed_format feed_yml;
extern const struct feed_format feed_commerceml;
extern const struct feed_format feed_table;

/* Put a record in the queue; the one returned lives in f->rec. */
struct catalog_record *feed_add_offer(struct feed *f, const char *external_id,
    const char *product_external_id);
void feed_add_category(struct feed *f, const char *external_id,
    const char *parent_external_id, const char *name);

/* Set a field from text; NULL leaves it alone. A comma is a point. */
const struct err *feed_set(struct feed *f, const struct fields *t,
    struct rec *r, int field, const char *text) MUST_USE;

/* Say a text once. */
void feed_say(struct feed *f, const char *fmt, ...) PRINTF(2, 3);

/* Remember and look up what an id means; NULL when nobody said. */
const struct err *feed_word_put(struct feed *f, const char *kind,
    const char *id, const char *text) MUST_USE;
const char *feed_word(const struct feed *f, const char *kind, const char *id);

/* For feed.c: the header and the rows of a table, from the descriptor. */
const struct err *feed_table_open(struct feed *f, int fd) MUST_USE;
const struct err *feed_table_next(struct feed *f) MUST_USE;

#endif
