/*
 * json_stream.h - the records of a JSON document of any size, one at a time.
 *
 * A document is an array of records, an object that holds one (an answer of an
 * API: {"orders": [...], "pagination": {...}}, {"order": {...}}), a record
 * alone, or several such documents one behind the other (a record a line). Only
 * strings and brackets are looked at here: whether a record is JSON is said by
 * json_parse(). No more than one record is in memory.
 */
#ifndef IO_JSON_STREAM_H
#define IO_JSON_STREAM_H

#include "base/err.h"

#define JSON_STREAM_MAX ((size_t)16 << 20) /* longest record taken */

struct json_stream;

/*
 * Read from the descriptor, which stays the caller's. names, which ends with
 * NULL, are the members that hold the records when the document is an object.
 * Both it and name must outlive the stream. The caller closes it with
 * json_stream_close().
 */
struct json_stream *json_stream_open(int fd, const char *name,
    const char *const *names) MUST_USE;
void json_stream_close(struct json_stream *s);

/*
 * Next record as it stands there, NUL-terminated; *text is NULL at the end. It
 * belongs to s; lives until the next call. ERR_INPUT, with what there is of
 * the record in *text ("" for nothing): one that is too long, after which the
 * stream goes on; a document that is none or is cut short, after which comes
 * the end.
 */
const struct err *json_stream_next(struct json_stream *s, const char **text,
    size_t *len) MUST_USE;

/* Number of the record returned or refused last, from 1. */
uint64_t json_stream_number(const struct json_stream *s);

#endif
