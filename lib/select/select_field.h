/*
 * select_field.h - what select.c and select_field.c share: a selection under
 * way, and the fields that it may ask for. For these two alone.
 */
#ifndef SELECT_SELECT_FIELD_H
#define SELECT_SELECT_FIELD_H

#include "base/buf.h"
#include "order/order.h"
#include "select/select.h"

struct db_stmt;

enum select_field_kind {
	KIND_TEXT,
	KIND_CLOCK,
	KIND_DATE,
	KIND_TIME,
	KIND_MONEY,
	KIND_INT,
	KIND_NUMBER, /* text of a decimal number */
	KIND_BOOL,
	KIND_GROUP, /* of statuses */
};

/* By kind. */
extern const struct select_kind_facts {
	enum select_kind shown;
	bool ordered; /* so that low..high has a sense */
	const char *example;
} select_kinds[];

/* A field as SQL, in which o is the order or customer. */
struct select_field {
	const char *name;
	enum select_field_kind kind;
	const char *value;    /* as it is shown */
	const char *compared; /* as terms look at it; NULL: as it is shown */
	const char *lines;    /* the table p that it is in; NULL: the order's */
	const char *own_lines; /* which of its rows are of the order */
	const char *reference; /* whose codes it holds */
	const char *custom;    /* what follows "custom." */
	bool windowed;         /* may be asked of the last days: orders[90d] */
};

/* What can be selected. */
extern const struct select_entity {
	const char *name; /* as in custom_field */
	const char *table;
	const char *only;     /* which rows of it; NULL: all */
	const char *currency; /* its own; NULL: the shop's */
	const struct fields *fields;
	const struct select_field *more;
	size_t more_count;
} select_orders, select_customers;

/* Decimals of compared amounts: they are thousandths of their currency. */
enum { SELECT_MONEY_PLACES = 3 };

struct select_param {
	bool is_text;
	const char *text;
	int64_t number;
};

struct select {
	struct shop *shop;
	const struct select_entity *of;
	struct arena arena;
	struct buf where; /* the terms, each after its WHERE or AND */
	struct buf order; /* what to sort by, each with its comma */
	int64_t limit;
	struct select_param *values; /* of the parameters ?1, ?2, ... */
	size_t value_count;
	struct select_field *columns;
	struct buf sql;
	struct db_stmt *st;
};

/* Write a parameter with this value. */
void select_add_param(struct select *sel, struct buf *b,
    const struct select_param *v);

/* The currency of its amounts, as SQL. */
void select_add_currency(struct select *sel, struct buf *b);

/*
 * The field that a term, --sort or --columns names, in the selection's arena.
 * ERR_USAGE names the nearest one when there is no such field.
 */
const struct err *select_field_find(struct select *sel, const char *name,
    struct select_field *out) MUST_USE;

#endif
