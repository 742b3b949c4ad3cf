/*
 * intake.h - orders out of a file or pipe, whatever its format.
 *
 * An adapter turns bytes into `struct order`; intake.c lists them and finds out
 * which one a stream needs. To add a format is to add a file and a row there.
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "crm/order.h"

struct mapping;

struct intake_options {
	const char *source;   /* of records that name none */
	const char *country;  /* for phone numbers */
	const char *currency; /* of records that name none */
	const char
	    *external_id;   /* of the one record, when the table has none */
	bool decoded;       /* the text is UTF-8 now, whatever the map says */
	const char *format; /* an adapter's name, NULL to detect */
	const struct mapping *map; /* flat files: NULL for our own headers */
	/* The code of what people call so in a reference table, or NULL; NULL
	 * when there is no shop. See shop_code_named(). */
	const struct err *(*code)(void *arg, const char *table,
	    const char *name, struct arena *a, const char **out);
	/* Said once each: an unknown member or column. */
	void (*warn)(void *arg, const char *where, const char *message);
	void *arg;
};

enum intake_type { INTAKE_END, INTAKE_ORDER, INTAKE_CURSOR };

struct intake_record {
	enum intake_type type;
	struct order *order;       /* INTAKE_ORDER */
	const char *cursor_source; /* INTAKE_CURSOR */
	const char *cursor_value;
	/* Also of a record that is refused, for the list of rejects: */
	const char *where; /* "orders.csv:204" */
	const char *raw;   /* its bytes as they came; a table's in UTF-8.
				     * They live until the next intake_next() */
	size_t raw_len;
	const char *header; /* what stands above it in a file, or NULL */
	const char *footer; /* what closes such a file, or NULL */
	const char *source;
	const char *external_id; /* NULL when it could not be read */
};

struct intake;

/* What an adapter is. */
struct intake_adapter {
	const char *name;
	/* Do these first bytes of a stream look like the format? */
	bool (*detect)(const char *head, size_t len);
	const struct err *(*open)(struct intake *in, void **state);
	const struct err *(
	    *next)(void *state, struct arena *a, struct intake_record *r);
	bool (*would_wait)(void *state);
	void (*close)(void *state);
	bool wants_file; /* reads twice: a pipe is spooled first */
};

/* What the adapters are given. */
struct intake {
	const struct intake_options *options;
	const char *name;    /* of the stream */
	struct lines *lines; /* at its start; NULL when wants_file */
	int fd;              /* at its start, when wants_file */
	uint64_t size;       /* of the file, 0 when not known */
	const struct intake_adapter *adapter;
	void *state;
	struct arena arena;
	int spool; /* -1 or a descriptor to close */
};

/*
 * Read from the descriptor, which stays the caller's. name and options must
 * outlive it. The caller closes it with intake_close().
 */
const struct err *intake_open(int fd, const char *name,
    const struct intake_options *options, struct intake **out) MUST_USE;
void intake_close(struct intake *in);

/* The name of the format in use, for the list of rejects. */
const char *intake_format(const struct intake *in);

/*
 * Next record, in a; type INTAKE_END at the end. ERR_INPUT refuses one record:
 * r says where and what it was, and the next call goes on behind it.
 */
const struct err *intake_next(struct intake *in, struct arena *a,
    struct intake_record *r) MUST_USE;

/* Would intake_next() have to wait for the other end of a pipe? */
bool intake_would_wait(const struct intake *in);

/* Warn through the options, with a printf text. For adapters. */
void intake_warn(const struct intake *in, const char *where, const char *fmt,
    ...) PRINTF(3, 4);

/*
 * What every adapter does with an order it has read: number and external id
 * stand for each other, the source is known, a number is made typeable.
 * ERR_INPUT when there is neither.
 */
const struct err *intake_identify(const struct intake *in, struct order *o,
    struct arena *a) MUST_USE;

extern const struct intake_adapter ndjson_adapter;
extern const struct intake_adapter flat_adapter;
extern const struct intake_adapter commerceml_adapter;

#endif
