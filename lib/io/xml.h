/*
 * xml.h - XML of any size, one record at a time.
 *
 * A document is a long list of records, such as <offer>. The reader is told
 * which elements are records and hands each out as a small tree, so that memory
 * does not grow with the file. What stands between them is passed over.
 *
 * Input is hostile: a declared entity, nesting deeper than 100, a tag longer
 * than 4 MiB end the document with an error; a record larger than 8 MiB or with
 * an attribute longer than 64 KiB is refused alone. A DTD is never loaded.
 *
 * Understood are UTF-8, UTF-16 and what charset_table() knows, as the document
 * declares; a byte order mark goes before that. Names are local ones: prefixes
 * of namespaces are dropped.
 */
#ifndef IO_XML_H
#define IO_XML_H

#include "base/buf.h"
#include "base/err.h"

struct xml;

struct xml_attr {
	const char *name;
	const char *value;
};

/*
 * An element. Its own text is "" or, unless it has xml:space="preserve",
 * trimmed; all of it is valid UTF-8.
 */
struct xml_node {
	const char *name;
	const char *text;
	const struct xml_attr *attrs;
	size_t attr_count;
	struct xml_node *first; /* child */
	struct xml_node *next;  /* sibling */
	uint64_t line;
};

/*
 * A kind of record: the end of its path, "offers/offer". Of a head only the
 * start tag is handed out, and what is inside goes on being looked at.
 */
struct xml_want {
	const char *path;
	bool head;
};

/* The next bytes of a document; *len is 0 at the end. */
typedef const struct err *(
    *xml_read_fn)(void *arg, const char **data, size_t *len);

/*
 * Read from a source; the list of wants ends with a NULL path. Both must
 * outlive the reader. The caller closes it with xml_close().
 */
struct xml *xml_open(xml_read_fn read, void *arg,
    const struct xml_want *wants) MUST_USE;
void xml_close(struct xml *x); /* NULL is allowed */

/*
 * The next record; *out is NULL at the end. *which is its index in the list.
 * It belongs to x; lives until the next call. ERR_INPUT refuses a record, or
 * what is left of a document that cannot be read on: then the end is next. An
 * error of the source is passed on.
 */
const struct err *xml_next(struct xml *x, size_t *which,
    struct xml_node **out) MUST_USE;

/* The line of the record, or of the error, that came last. */
uint64_t xml_line(const struct xml *x);

/*
 * True when all the bytes at hand are used up and no record came of them: the
 * next xml_next() asks the source.
 */
bool xml_used_up(struct xml *x);

/* The outermost element; NULL before it was read. Belongs to x. */
const char *xml_root(const struct xml *x);

/* By name; NULL when there is none. A path "a/b" goes down. */
struct xml_node *xml_child(const struct xml_node *n, const char *path);
struct xml_node *xml_again(const struct xml_node *n); /* a like sibling */
const char *xml_attr(const struct xml_node *n, const char *name);

/* Text of a child; NULL when there is none or it is empty. */
const char *xml_get(const struct xml_node *n, const char *path);

/* The element as XML again, in UTF-8. */
void xml_format(const struct xml_node *n, struct buf *b);

#endif
