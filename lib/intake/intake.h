/*
 * intake.h - orders, customers or carts out of a file or pipe, whatever its
 * format.
 *
 * An adapter turns bytes into `struct order`; intake.c lists them and finds out
 * which one a stream needs. To add a format is to add a file and a row there.
 */
#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "base/map.h"
#include "order/order.h"

struct cart;
struct customer;
struct mapping;
struct document_format;

struct intake_options {
	const char *source;   /* of records that name none; NULL: the map's */
	const char *country;  /* for phone numbers */
	const char *currency; /* of records that name none */
	const char
	    *external_id;   /* of the one record, when the table has none */
	bool carts;         /* carts are wanted, not orders */
	bool customers;     /* customers are wanted, not orders */
	bool decoded;       /* the text is UTF-8 now, whatever the map says */
	bool leave_rest;    /* orders may come unread: see struct order_rest */
	const char *format; /* one of intake_formats, NULL to detect */
	const struct mapping *map; /* the user's, or NULL */
	const char *maps; /* folder of those that come with the formats */
	/* The code of what people call so in a reference table, or NULL; NULL
	 * when there is no shop. See shop_code_named(). */
	const struct err *(*code)(void *arg, const char *table,
	    const char *name, struct arena *a, const char **out);
	/* Does this status of ours mean that the order is off? NULL: none does. */
	bool (*is_cancel)(void *arg, const char *status);
	/* Said once each: an unknown member, column or code. */
	void (*warn)(void *arg, const char *where, const char *message);
	struct map *said; /* what was said once; NULL: for this stream alone */
	/* Is it a code of this table of reference? NULL: all are. */
	bool (*knows)(void *arg, const char *table, const char *code);
	void *arg;
};

enum intake_type {
	INTAKE_END,
	INTAKE_ORDER,
	INTAKE_CART,
	INTAKE_CUSTOMER,
	INTAKE_CURSOR,
};

struct intake_record {
	enum intake_type type;
	struct order *order;       /* INTAKE_ORDER */
	struct cart *cart;         /* INTAKE_CART */
	struct customer *customer; /* INTAKE_CUSTOMER */
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
	const char *format;      /* of raw, when it is not that of the stream */
};

struct intake;

/* What an adapter is. */
struct intake_adapter {
	/* Do these first bytes of a stream look so? NULL: see the format. */
	bool (*detect)(const char *head, size_t len);
	const struct err *(*open)(struct intake *in, void **state);
	const struct err *(
	    *next)(void *state, struct arena *a, struct intake_record *r);
	void (*close)(void *state);
	bool wants_file; /* reads twice: a pipe is spooled first */
	bool (*would_wait)(void *state); /* NULL when it wants a file */
};

/* A format by its name, which is that of its map too: share/maps/NAME.map. */
struct intake_format {
	const char *name;
	const struct intake_adapter *adapter;
	const struct document_format *document; /* of the document adapter */
	const char *header; /* how a table begins that is known by that */
};

/* What the adapters are given. */
struct intake {
	const struct intake_options *options;
	const char *name;    /* of the stream */
	struct lines *lines; /* at its start; NULL when wants_file */
	int fd;              /* at its start, when wants_file */
	uint64_t size;       /* of the file, 0 when not known */
	const struct intake_format *format;
	const char *source;        /* of records that name none */
	const struct mapping *map; /* the user's over the format's, or NULL */
	struct mapping *shipped;   /* the format's own */
	struct map said;           /* what was warned of */
	uint64_t line;             /* of the row in hand, of a table */
	bool skip;                 /* what is in hand is no order */
	void *state;
	struct arena arena;
	int spool;      /* -1 or a descriptor to close */
	bool decoded;   /* the text is UTF-8 now, whatever the map says */
	char separator; /* of what was a workbook; 0: to be found out */
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

/* Names of the formats, NULL at the end. */
extern const char *const intake_formats[];

/* "orders.csv:204", for messages and rejects. In a. */
const char *intake_place(const struct intake *in, uint64_t line,
    struct arena *a);

/* Warn through the options, with a printf text. For adapters. */
void intake_warn(const struct intake *in, const char *where, const char *fmt,
    ...) PRINTF(3, 4);

/* The same, but each text once. */
void intake_warn_once(struct intake *in, const char *where, const char *fmt,
    ...) PRINTF(3, 4);

/*
 * A code of the source in our words: as the map says, or itself when it is
 * one of ours. For one that is neither *out is NULL: that is said once, and
 * the code is kept in o's source_codes. *out is also NULL when the map says
 * that it means nothing; a status "-" sets in->skip: the order is passed over,
 * as what is only a draft. table is the field's reference table, field its name
 * ("payment_type" for the type of a payment). In a.
 */
void intake_code(struct intake *in, const char *where, struct order *o,
    const char *field, const char *table, const char *code, struct arena *a,
    const char **out);

/*
 * Codes of the source are translated from here on: none is kept yet, and those
 * that were kept before are forgotten when none is this time.
 */
void intake_codes_begin(struct order *o);

/*
 * A source whose own rounding differs: when no more than a minor unit for each
 * line is missing to its total, a charge of kind rounding makes it up.
 */
const struct err *intake_round(struct order *o, struct arena *a) MUST_USE;

/*
 * Charges of which only the total tells whether they count: tax or the like (in
 * the prices or added; index or -1) and discount (on the order, or in the lines already;
 * index or -1). What makes the source's total is right; what does not help is
 * left as it was.
 */
const struct err *intake_fit(struct order *o, int tax, int discount) MUST_USE;

/*
 * What every adapter does with an order it has read: number and external id
 * stand for each other, the source is known, a number is made typeable.
 * ERR_INPUT when there is neither.
 */
const struct err *intake_identify(const struct intake *in, struct order *o,
    struct arena *a) MUST_USE;

extern const struct intake_adapter ndjson_adapter;
extern const struct intake_adapter flat_adapter;
extern const struct intake_adapter customer_table_adapter;
extern const struct intake_adapter commerceml_adapter;
extern const struct intake_adapter document_adapter;

extern const struct document_format retailcrm_format;
extern const struct document_format woocommerce_format;
extern const struct document_format shopify_format;
extern const struct document_format insales_format;
extern const struct document_format moysklad_format;
extern const struct document_format document_customer_insales;
extern const struct document_format document_customer_moysklad;
extern const struct document_format document_customer_retailcrm;
extern const struct document_format document_customer_shopify;
extern const struct document_format document_customer_woocommerce;
extern const struct document_format document_cart_shopify;

#endif
