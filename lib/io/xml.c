/* xml.c - XML of any size, one record at a time, through expat. */
#include "io/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "io/charset.h"
#include "io/markup.h"

#define XML_DEPTH_MAX  100
#define XML_TAG_MAX    (4L << 20)
#define XML_RECORD_MAX ((size_t)8 << 20)
#define XML_ATTR_MAX   ((size_t)64 << 10)
#define XML_TEXT_KEPT \
	((size_t)64 << 10) /* memory that a record leaves behind */

/* A record; two take turns, so that the next one can be begun meanwhile. */
struct xml_record {
	struct arena arena;
	struct xml_node *root;
	size_t which;
	size_t size;     /* bytes that it takes */
	const char *bad; /* why it is refused */
	uint64_t line;
};

struct xml {
	XML_Parser parser;
	xml_read_fn read;
	void *arg;
	const struct xml_want *wants;
	struct buf path; /* "/yml_catalog/shop": where the parser stands */
	char *root;
	int depth;

	struct xml_record records[2];
	struct xml_record *now; /* being built */
	int base;               /* depth of its root; 0: between records */
	struct xml_node *open[XML_DEPTH_MAX + 1];
	struct xml_node *last[XML_DEPTH_MAX + 1]; /* child of each */
	struct buf text[XML_DEPTH_MAX + 1];
	bool ready; /* now is whole and was not handed out yet */

	bool begun;        /* something beside blanks has come */
	bool suspended;    /* the parser has bytes left */
	bool over;         /* nothing will come any more */
	const char *fatal; /* why the handlers stopped the parser */
	struct err held;   /* what xml_used_up() ran into; code 0 for nothing */
	long long fed;
	uint64_t skipped; /* lines before the document */
	uint64_t line;
};

static const char *
xml_local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

static uint64_t
xml_here(const struct xml *x)
{
	return XML_GetCurrentLineNumber(x->parser) + x->skipped;
}

static void
xml_stop(struct xml *x, const char *why)
{
	x->fatal = why;
	XML_StopParser(x->parser, XML_FALSE);
}

/* The record is handed out before anything else is parsed. */
static void
xml_pause(struct xml *x)
{
	x->ready = true;
	x->base = 0;
	XML_StopParser(x->parser, XML_TRUE);
}

/* Index of the want that this path ends with, or -1. */
static int
xml_wanted(const struct xml *x)
{
	const char *path = buf_str(&x->path), *end = path + x->path.len;
	size_t n;
	int i;

	for (i = 0; x->wants[i].path != NULL; i++) {
		n = strlen(x->wants[i].path);
		if (x->path.len > n && end[-(ptrdiff_t)n - 1] == '/' &&
		    memcmp(end - n, x->wants[i].path, n) == 0)
			return i;
	}
	return -1;
}

/* May the record take so much more? Else it is given up. */
static bool
xml_grown(struct xml_record *r, size_t size)
{
	if (r->bad == NULL && (r->size += size) > XML_RECORD_MAX)
		r->bad = "it is larger than 8 MiB";
	return r->bad == NULL;
}

static void *
xml_room(struct xml_record *r, size_t size)
{
	return xml_grown(r, size) ? arena_alloc(&r->arena, size) : NULL;
}

static const char *
xml_copy(struct xml_record *r, const char *s, size_t len)
{
	char *copy = xml_room(r, len + 1);

	if (copy == NULL)
		return "";
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

static void
xml_copy_attrs(struct xml_record *r, struct xml_node *n, const char **attrs)
{
	struct xml_attr *v;
	size_t i, len;

	while (attrs[2 * n->attr_count] != NULL)
		n->attr_count++;
	if (n->attr_count == 0)
		return;
	v = xml_room(r, n->attr_count * sizeof(*v));
	for (i = 0; i < n->attr_count && v != NULL; i++) {
		len = strlen(attrs[2 * i + 1]);
		if (len > XML_ATTR_MAX) {
			r->bad = "an attribute is longer than 64 KiB";
			break;
		}
		v[i].name = xml_copy(r, xml_local(attrs[2 * i]),
		    strlen(xml_local(attrs[2 * i])));
		v[i].value = xml_copy(r, attrs[2 * i + 1], len);
	}
	n->attrs = v;
	if (r->bad != NULL)
		n->attr_count = 0;
}

static void
xml_begin(struct xml *x, size_t which)
{
	struct xml_record *r = &x->records[x->now == x->records];

	arena_reset(&r->arena);
	*r = (struct xml_record){
		.arena = r->arena,
		.which = which,
		.line = xml_here(x),
	};
	x->now = r;
	x->base = x->depth;
}

static void
xml_add(struct xml *x, const char *name, const char **attrs)
{
	struct xml_node *n = xml_room(x->now, sizeof(*n));
	const int d = x->depth;

	if (n == NULL)
		return; /* the record is refused: only its end is looked for */
	*n = (struct xml_node){
		.text = "",
		.line = xml_here(x),
	};
	n->name = xml_copy(x->now, name, strlen(name));
	xml_copy_attrs(x->now, n, attrs);
	if (d == x->base)
		x->now->root = n;
	else if (x->last[d - 1] != NULL)
		x->last[d - 1]->next = n;
	else
		x->open[d - 1]->first = n;
	if (d != x->base)
		x->last[d - 1] = n;
	x->open[d] = n;
	x->last[d] = NULL;
	buf_reset(&x->text[d]);
}

static void XMLCALL
xml_on_start(void *arg, const char *name, const char **attrs)
{
	struct xml *x = arg;
	int which;

	if (x->fatal != NULL)
		return; /* expat may still call after it was stopped */
	name = xml_local(name);
	if (++x->depth > XML_DEPTH_MAX) {
		xml_stop(x, "elements are nested deeper than 100");
		return;
	}
	if (x->base != 0) {
		xml_add(x, name, attrs);
		return;
	}
	if (x->depth == 1)
		x->root = mem_strdup(name);
	buf_addc(&x->path, '/');
	buf_adds(&x->path, name);
	if ((which = xml_wanted(x)) < 0)
		return;
	xml_begin(x, (size_t)which);
	xml_add(x, name, attrs);
	if (x->wants[which].head)
		xml_pause(x);
}

static void
xml_finish(struct xml *x)
{
	struct buf *b = &x->text[x->depth];
	struct xml_node *n = x->open[x->depth];
	const char *s = buf_str(b), *space = xml_attr(n, "space");
	const bool trims = space == NULL || strcmp(space, "preserve") != 0;
	size_t len = b->len;

	while (trims && len != 0 && strchr(" \t\r\n", s[len - 1]) != NULL)
		len--;
	while (trims && len != 0 && strchr(" \t\r\n", *s) != NULL) {
		s++;
		len--;
	}
	if (len != 0 && x->now->bad == NULL)
		n->text = arena_strndup(&x->now->arena, s, len);
	if (b->cap > XML_TEXT_KEPT)
		buf_free(b);
}

static void
xml_up(struct xml *x)
{
	const char *slash = strrchr(buf_str(&x->path), '/');

	if (slash != NULL)
		x->path.len = (size_t)(slash - x->path.data);
	if (x->path.data != NULL)
		x->path.data[x->path.len] = '\0';
}

static void XMLCALL
xml_on_end(void *arg, const char *name)
{
	struct xml *x = arg;

	(void)name;
	if (x->fatal != NULL)
		return;
	if (x->base != 0)
		xml_finish(x);
	if (x->base == 0 || x->base == x->depth)
		xml_up(x);
	if (x->base != 0 && x->base == x->depth)
		xml_pause(x);
	x->depth--;
}

static void XMLCALL
xml_on_text(void *arg, const char *s, int len)
{
	struct xml *x = arg;

	if (x->base == 0 || x->now->bad != NULL)
		return;
	if (xml_grown(x->now, (size_t)len))
		buf_add(&x->text[x->depth], s, (size_t)len);
}

/*
 * An entity of a DTD that is not loaded. Shops write those of HTML; of others
 * the name is better than nothing.
 */
static void XMLCALL
xml_on_skipped(void *arg, const char *name, int is_parameter)
{
	static const char *const known[][2] = { { "nbsp", " " },
		{ "laquo", "«" }, { "raquo", "»" }, { "mdash", "—" },
		{ "ndash", "–" }, { "hellip", "…" }, { "deg", "°" },
		{ "times", "×" }, { "trade", "™" }, { "reg", "®" } };
	size_t i;

	if (is_parameter != 0)
		return;
	for (i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(known[i][0], name) == 0) {
			xml_on_text(arg, known[i][1], (int)strlen(known[i][1]));
			return;
		}
	xml_on_text(arg, "&", 1);
	xml_on_text(arg, name, (int)strlen(name));
	xml_on_text(arg, ";", 1);
}

static void XMLCALL
xml_on_entity(void *arg, const char *name, int is_parameter, const char *value,
    int value_len, const char *base, const char *system_id,
    const char *public_id, const char *notation)
{
	(void)name;
	(void)is_parameter;
	(void)value;
	(void)value_len;
	(void)base;
	(void)system_id;
	(void)public_id;
	(void)notation;
	xml_stop(arg, "it declares entities, which is not allowed");
}

static int XMLCALL
xml_on_encoding(void *arg, const char *name, XML_Encoding *info)
{
	(void)arg;
	info->data = NULL;
	info->convert = NULL;
	info->release = NULL;
	return charset_table(name, info->map) ? XML_STATUS_OK :
						XML_STATUS_ERROR;
}

struct xml *
xml_open(xml_read_fn read, void *arg, const struct xml_want *wants)
{
	struct xml *x = mem_zalloc(sizeof(*x));

	x->read = read;
	x->arg = arg;
	x->wants = wants;
	x->now = x->records;
	if ((x->parser = XML_ParserCreate(NULL)) == NULL)
		abort(); /* out of memory */
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, xml_on_start, xml_on_end);
	XML_SetCharacterDataHandler(x->parser, xml_on_text);
	XML_SetSkippedEntityHandler(x->parser, xml_on_skipped);
	XML_SetEntityDeclHandler(x->parser, xml_on_entity);
	XML_SetUnknownEncodingHandler(x->parser, xml_on_encoding, x);
	return x;
}

void
xml_close(struct xml *x)
{
	size_t i;

	if (x == NULL)
		return;
	XML_ParserFree(x->parser);
	for (i = 0; i < ARRAY_LEN(x->records); i++)
		arena_free(&x->records[i].arena);
	for (i = 0; i < ARRAY_LEN(x->text); i++)
		buf_free(&x->text[i]);
	buf_free(&x->path);
	free(x->root);
	free(x);
}

/* Why the parser stopped, in words that help. */
static const struct err *
xml_error(struct xml *x)
{
	enum XML_Error code = XML_GetErrorCode(x->parser);
	int at, len;
	const char *bytes;

	x->over = true;
	x->line = xml_here(x);
	if (x->fatal != NULL)
		return err_new(ERR_INPUT, "%s", x->fatal);
	if (code == XML_ERROR_NO_MEMORY)
		abort();
	if (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN)
		return err_new(ERR_INPUT, "the document breaks off");
	bytes = XML_GetInputContext(x->parser, &at, &len);
	if (code == XML_ERROR_INVALID_TOKEN && bytes != NULL && at < len &&
	    (bytes[at] & 0x80) != 0)
		return err_new(ERR_INPUT,
		    "bytes that are not in the encoding it declares");
	return err_new(ERR_INPUT, "not well-formed XML: %s",
	    XML_ErrorString(code));
}

/* What the parser made of the last bytes. */
static const struct err *
xml_parsed(struct xml *x, enum XML_Status status)
{
	x->suspended = status == XML_STATUS_SUSPENDED;
	if (status == XML_STATUS_ERROR)
		return xml_error(x);
	if (!x->suspended &&
	    x->fed - XML_GetCurrentByteIndex(x->parser) > XML_TAG_MAX) {
		x->fatal = "a tag or comment is longer than 4 MiB";
		return xml_error(x);
	}
	return NULL;
}

/*
 * Programs in other languages like to write a blank line before the document;
 * and a byte order mark knows the encoding better than a declaration does.
 */
static void
xml_take_start(struct xml *x, const char **data, size_t *len)
{
	while (
	    *len != 0 && strchr(" \t\r\n", **data) != NULL && **data != '\0') {
		x->skipped += **data == '\n';
		(*data)++;
		(*len)--;
	}
	if (*len == 0)
		return;
	x->begun = true;
	if (*len >= 3 && memcmp(*data, "\xEF\xBB\xBF", 3) == 0)
		XML_SetEncoding(x->parser, "UTF-8");
	else if (*len >= 2 && (memcmp(*data, "\xFF\xFE", 2) == 0 ||
				  memcmp(*data, "\xFE\xFF", 2) == 0))
		XML_SetEncoding(x->parser, "UTF-16");
}

/* Parse until there is a record or nothing is left at hand. */
static const struct err *
xml_advance(struct xml *x, bool ask)
{
	const struct err *err = NULL;
	const char *data;
	size_t len, n;

	if (x->suspended && !x->ready)
		err = xml_parsed(x, XML_ResumeParser(x->parser));
	while (err == NULL && ask && !x->ready && !x->over) {
		if ((err = x->read(x->arg, &data, &len)) != NULL) {
			x->over = true;
			break;
		}
		n = len;
		if (!x->begun)
			xml_take_start(x, &data, &len);
		if (n != 0 && len == 0)
			continue;
		x->fed += (long long)len;
		x->over = n == 0;
		err =
		    xml_parsed(x, XML_Parse(x->parser, data, (int)len, n == 0));
	}
	return err;
}

const struct err *
xml_next(struct xml *x, size_t *which, struct xml_node **out)
{
	const struct err *err;

	*out = NULL;
	*which = 0;
	if (x->held.code != 0) {
		err = err_new(x->held.code, "%s", x->held.msg);
		x->held.code = 0;
		return err;
	}
	if ((err = xml_advance(x, true)) != NULL || !x->ready)
		return err;
	x->ready = false;
	x->line = x->now->line;
	*which = x->now->which;
	if (x->now->bad != NULL)
		return err_new(ERR_INPUT, "%s", x->now->bad);
	*out = x->now->root;
	return NULL;
}

bool
xml_used_up(struct xml *x)
{
	const struct err *err;

	if (!x->ready && x->held.code == 0 &&
	    (err = xml_advance(x, false)) != NULL)
		x->held = *err;
	return !x->ready && !x->over && x->held.code == 0;
}

uint64_t
xml_line(const struct xml *x)
{
	return x->line;
}

const char *
xml_root(const struct xml *x)
{
	return x->root;
}

/* Trees -------------------------------------------------------------------- */

static struct xml_node *
xml_find(struct xml_node *n, const char *name, size_t len)
{
	for (; n != NULL; n = n->next)
		if (strncmp(n->name, name, len) == 0 && n->name[len] == '\0')
			break;
	return n;
}

struct xml_node *
xml_child(const struct xml_node *n, const char *path)
{
	struct xml_node *c;
	size_t len = strcspn(path, "/");

	c = xml_find(n->first, path, len);
	if (c != NULL && path[len] == '/')
		return xml_child(c, path + len + 1);
	return c;
}

struct xml_node *
xml_again(const struct xml_node *n)
{
	return xml_find(n->next, n->name, strlen(n->name));
}

const char *
xml_attr(const struct xml_node *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->attr_count; i++)
		if (strcmp(n->attrs[i].name, name) == 0)
			return n->attrs[i].value;
	return NULL;
}

const char *
xml_get(const struct xml_node *n, const char *path)
{
	const struct xml_node *c = xml_child(n, path);

	return c != NULL && *c->text != '\0' ? c->text : NULL;
}

void
xml_format(const struct xml_node *n, struct buf *b)
{
	const struct xml_node *c;
	size_t i;

	buf_printf(b, "<%s", n->name);
	for (i = 0; i < n->attr_count; i++) {
		buf_printf(b, " %s=\"", n->attrs[i].name);
		markup_escape(b, n->attrs[i].value);
		buf_addc(b, '"');
	}
	buf_addc(b, '>');
	markup_escape(b, n->text);
	for (c = n->first; c != NULL; c = c->next)
		xml_format(c, b);
	buf_printf(b, "</%s>", n->name);
}
