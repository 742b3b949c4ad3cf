/*
 * out.h - records to a stream as a table, tab-separated values or NDJSON.
 *
 * A command describes a record once, field by field, in the same order for
 * every record; the format decides what becomes of it. Nested parts (out_array,
 * out_object) appear in JSON only; in a table and in TSV they are left out with
 * all they contain.
 */
#ifndef IO_OUT_H
#define IO_OUT_H

#include <stdio.h>

#include "base/err.h"

enum out_format { OUT_TABLE, OUT_TSV, OUT_JSON };

struct out_style {
	enum out_format format;
	bool no_header; /* table and TSV */
	bool colour;    /* table only */
};

struct out;

/* The stream stays the caller's. The caller closes it with out_close(). */
struct out *out_open(FILE *fp, const struct out_style *style) MUST_USE;

/* What the records are written as. */
enum out_format out_format(const struct out *o);

/* Scalars. NULL text is null in JSON, empty elsewhere. Inside an array key is NULL. */
void out_text(struct out *o, const char *key, const char *v);
void out_bool(struct out *o, const char *key, bool v);
void out_int(struct out *o, const char *key, int64_t v);
void out_null(struct out *o, const char *key);
/* The number of a row or line, which begin at 1; 0 is none and as null. */
void out_id(struct out *o, const char *key, int64_t id);
/* What a record is, as its member "type"; people and columns need no such. */
void out_type(struct out *o, const char *type);
/* Major units with exactly the currency's decimals. */
void out_money(struct out *o, const char *key, int64_t minor,
    const char *currency);
/* A scaled integer without trailing zeros (quantities, prices). */
void out_decimal(struct out *o, const char *key, int64_t v, int places);
/* JSON and TSV: RFC 3339 UTC. Table: local time. */
void out_time(struct out *o, const char *key, int64_t t);
/* As out_text, but the value may be coloured on a terminal. */
enum out_mood { OUT_PLAIN, OUT_GOOD, OUT_ATTENTION, OUT_BAD };
void out_mood(struct out *o, const char *key, const char *v,
    enum out_mood mood);

/* Nested, JSON only. */
void out_object(struct out *o, const char *key);
void out_array(struct out *o, const char *key);
void out_close_object(struct out *o);
void out_close_array(struct out *o);

/* End the record; reports a write error. */
const struct err *out_end(struct out *o) MUST_USE;

/*
 * Write what a table still holds back for its column widths (the first 200
 * rows are measured) and flush; a reader that follows sees all so far.
 */
const struct err *out_flush(struct out *o) MUST_USE;

/* Flush and free. NULL is allowed. */
const struct err *out_close(struct out *o) MUST_USE;

#endif
