/*
 * field.h - the fields of a record, as a table.
 *
 * An order, a line of it, a charge, a payment: each is a struct whose first
 * member is a `struct rec` and whose fields are listed in a `struct fields`.
 * The table drives what must be the same for every field: reading a record,
 * writing one, the base of the merge, the history, undo, and the names of the
 * selecting language. A field has one name everywhere.
 */
#ifndef CRM_FIELD_H
#define CRM_FIELD_H

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/pack.h"

struct db_stmt;

enum field_kind {       /* in the struct */
	FIELD_TEXT,     /* const char *: one line */
	FIELD_LONG,     /* const char *: may have several lines */
	FIELD_CODE,     /* const char *: a code of a reference table */
	FIELD_DATE,     /* const char *: YYYY-MM-DD */
	FIELD_CLOCK,    /* const char *: HH:MM */
	FIELD_PHONE,    /* const char *: E.164 when it can be understood */
	FIELD_EMAIL,    /* const char * */
	FIELD_CURRENCY, /* const char *: ISO 4217 */
	FIELD_TIME,     /* int64_t: seconds since 1970 UTC */
	FIELD_BOOL,     /* int64_t: 0 or 1 */
	FIELD_MONEY,    /* int64_t: minor units of the order's currency */
	FIELD_PRICE,    /* int64_t: 1/10000 */
	FIELD_QUANTITY, /* int64_t: 1/1000 */
};

/*
 * Which fields a record has. Bit i is field i of the table. A field in neither
 * set was not mentioned: leave it alone; a field in `clear` was null: clear it.
 * All-zero is a record without fields.
 */
struct rec {
	uint64_t has;
	uint64_t clear;
};

struct field {
	const char *name;
	enum field_kind kind;
	size_t at;             /* offset in the struct */
	const char *reference; /* FIELD_CODE: the reference table */
};

struct fields {
	const struct field *list;
	size_t count; /* at most 64 */
};

/* A record of one field, for a value by itself: one of the two, by its kind. */
struct field_value {
	struct rec rec;
	const char *text;
	int64_t number;
};

/* Is the i-th one called so? Most names differ in the first byte. */
static inline bool
field_is(const struct fields *t, size_t i, const char *name)
{
	const char *own = t->list[i].name;

	return own[0] == name[0] && strcmp(own, name) == 0;
}

/* Index of the field called name, or -1. */
int field_find(const struct fields *t, const char *name);

/*
 * The same for names that come one after the other: the search begins at *near,
 * 0 at first, which it leaves behind what it found. Records of one program keep
 * their order, so that this is nearly always the first one looked at.
 */
int field_find_near(const struct fields *t, const char *name, size_t *near);

static inline bool
field_has(const struct rec *r, int i)
{
	return (r->has >> i & 1) != 0;
}

static inline bool
field_cleared(const struct rec *r, int i)
{
	return (r->clear >> i & 1) != 0;
}

/* Raw members. Setting NULL text clears. */
const char *field_text(const struct fields *t, const struct rec *r, int i);
int64_t field_int(const struct fields *t, const struct rec *r, int i);
void field_set_text(const struct fields *t, struct rec *r, int i,
    const char *v);
void field_set_int(const struct fields *t, struct rec *r, int i, int64_t v);
void field_clear(struct rec *r, int i);

/* Is the value kept as text (else as int64_t)? */
bool field_is_text(enum field_kind kind);

/*
 * Set from text as people and files write it: a time as in when_parse(), an
 * amount in major units, a phone in any form (made E.164 for `country`, which
 * may be NULL), true/false/yes/no/1/0. NULL or "" clears. Text is put in a.
 * currency is needed by FIELD_MONEY. ERR_INPUT names the field.
 */
const struct err *field_parse(const struct fields *t, struct rec *r, int i,
    const char *text, const char *currency, const char *country,
    struct arena *a) MUST_USE;

/*
 * The field's one canonical text, NULL when there is none: RFC 3339 UTC, major
 * units with the currency's decimals, short decimals, "true". In a or borrowed.
 */
const char *field_format(const struct fields *t, const struct rec *r, int i,
    const char *currency, struct arena *a);

/* All fields the record has, packed (see base/pack.h). Cleared ones are null. */
void field_pack(const struct fields *t, const struct rec *r,
    const char *currency, struct arena *a, struct buf *b);

/* The way back; unknown names are ignored, so that old rows stay readable. */
const struct err *field_unpack(const struct fields *t, const char *text,
    const char *currency, struct rec *r, struct arena *a) MUST_USE;

/* Bind the fields that r has to parameters first.. of st, in their order. */
void field_bind(struct db_stmt *st, int first, const struct fields *t,
    const struct rec *r);

/* The way back, from columns first.. of the row; NULL is not there. Text in a. */
void field_load(struct db_stmt *st, int first, const struct fields *t,
    struct rec *r, struct arena *a);

/* Set field i, which `from` has, as it is there. Text is borrowed. */
void field_copy(const struct fields *t, struct rec *to, const struct rec *from,
    int i);

/* A hash that goes on from h: equal when r has and clears the same. */
uint64_t field_hash(const struct fields *t, const struct rec *r, uint64_t h);

#endif
