/* feed.c - catalogues out of a file or pipe, whatever the format. */
#include "intake/feed.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/mem.h"
#include "base/text.h"
#include "intake/cell.h"
#include "io/dsv.h"
#include "io/file.h"
#include "io/lines.h"
#include "io/xml.h"

#define FEED_WORDS_MAX ((size_t)300000)
#define FEED_WORD_MAX  ((size_t)200) /* bytes of a name or value that is kept */
#define FEED_KEY_MAX   200

/* Which format it is the elements tell: no two formats share a path. */
static const struct feed_format *const formats[] = { &feed_yml,
	&feed_commerceml };

static const struct err *
feed_read(void *arg, const char **data, size_t *len)
{
	return lines_bytes(arg, data, len);
}

static const struct xml_want *
feed_wants(struct feed *f)
{
	struct xml_want *w = NULL;
	size_t i, j, n = 0;

	for (i = 0; i < ARRAY_LEN(formats); i++)
		for (j = 0; j < formats[i]->count; j++) {
			w = arena_grow(&f->arena, w, n, sizeof(*w));
			w[n++] = (struct xml_want){
				formats[i]->elements[j].path,
				formats[i]->elements[j].head,
			};
		}
	w = arena_grow(&f->arena, w, n, sizeof(*w));
	w[n] = (struct xml_want){ NULL, false };
	return w;
}

/* In any encoding: a table does not begin with '<'. */
static bool
feed_is_xml(const struct feed_options *o, const char *head, size_t len)
{
	size_t i = 0;

	if (o->format != NULL)
		return strcmp(o->format, "table") != 0;
	while (
	    i < len && strchr(" \t\r\n\xEF\xBB\xBF\xFE\xFF", head[i]) != NULL)
		i++; /* also the high halves of UTF-16 */
	return i < len && head[i] == '<';
}

/* A table is read from where the stream begins. */
static const struct err *
feed_begin_table(struct feed *f, int fd, const char *head, size_t len)
{
	const struct err *err;

	if (lseek(fd, -(off_t)len, SEEK_CUR) < 0) {
		err = file_spool(fd, f->name, head, len, &f->spool);
		if (err != NULL)
			return err;
		fd = f->spool;
	}
	return feed_table_open(f, fd);
}

const struct err *
feed_open(int fd, const char *name, const struct feed_options *options,
    struct feed **out)
{
	struct feed *f = mem_zalloc(sizeof(*f));
	const struct err *err;
	const char *head;
	size_t len;

	*out = NULL;
	f->options = options;
	f->name = f->where = name;
	f->spool = -1;
	f->lines = lines_open(fd, name);
	if ((err = lines_peek(f->lines, &head, &len)) != NULL)
		goto fail;
	if (feed_is_xml(options, head, len))
		f->xml = xml_open(feed_read, f->lines, feed_wants(f));
	else if ((err = feed_begin_table(f, fd, head, len)) != NULL)
		goto fail;
	*out = f;
	return NULL;
fail:
	feed_close(f);
	return err;
}

void
feed_close(struct feed *f)
{
	if (f == NULL)
		return;
	xml_close(f->xml);
	dsv_close(f->table);
	lines_close(f->lines);
	if (f->spool >= 0)
		close(f->spool);
	map_free(&f->said);
	map_free(&f->paths);
	arena_free(&f->rec);
	arena_free(&f->arena);
	free(f);
}

/* Reading ------------------------------------------------------------------ */

static const struct err *
feed_check_root(struct feed *f)
{
	const char *root = xml_root(f->xml);
	size_t i;

	for (i = 0; i < ARRAY_LEN(formats); i++)
		if (root != NULL && strcmp(root, formats[i]->root) == 0)
			return NULL;
	f->over = true;
	if (root == NULL)
		return NULL;
	return err_new(ERR_INPUT, "the document is '%s', which is no catalogue",
	    root);
}

static const struct err *
feed_xml_next(struct feed *f)
{
	const struct err *err;
	size_t i = 0;

	if ((err = xml_next(f->xml, &f->which, &f->node)) != NULL) {
		f->where = arena_printf(&f->rec, "%s:%" PRIu64, f->name,
		    xml_line(f->xml));
		return err;
	}
	if (f->node == NULL)
		f->over = true;
	if (f->node == NULL || f->format == NULL)
		if ((err = feed_check_root(f)) != NULL || f->node == NULL)
			return err;
	for (; i + 1 < ARRAY_LEN(formats) && f->which >= formats[i]->count; i++)
		f->which -= formats[i]->count;
	f->format = formats[i];
	f->where = arena_printf(&f->rec, "%s:%" PRIu64, f->name, f->node->line);
	return f->format->elements[f->which].take(f, f->node);
}

const struct err *
feed_next(struct feed *f, struct feed_record *r)
{
	const struct err *err;

	*r = (struct feed_record){ .where = f->name };
	while (f->given == f->queued) {
		if (f->over)
			return NULL;
		arena_reset(&f->rec);
		f->queue = NULL;
		f->queued = f->given = 0;
		err = f->xml != NULL ? feed_xml_next(f) : feed_table_next(f);
		if (err != NULL) {
			if (f->queued != 0) /* the record in the making */
				*r = f->queue[f->queued - 1];
			f->queued = f->given = 0;
			r->where = f->where;
			return err;
		}
	}
	*r = f->queue[f->given++];
	return NULL;
}

bool
feed_would_wait(struct feed *f)
{
	if (f->given != f->queued || f->xml == NULL)
		return false;
	return xml_used_up(f->xml) && lines_would_wait(f->lines);
}

const char *
feed_format(const struct feed *f)
{
	return f->format != NULL ? f->format->name : "xml";
}

bool
feed_is_partial(const struct feed *f)
{
	return f->partial;
}

const char *
feed_raw(const struct feed *f, struct arena *a, const char **header,
    const char **footer)
{
	struct buf b = { 0 };
	const char *text;

	*header = f->header;
	*footer = NULL;
	if (f->xml == NULL)
		return arena_strdup(a, dsv_raw(f->table));
	if (f->node == NULL || f->format == NULL)
		return "";
	*header = f->format->elements[f->which].before;
	*footer = f->format->elements[f->which].behind;
	xml_format(f->node, &b);
	text = arena_strdup(a, buf_str(&b));
	buf_free(&b);
	return text;
}

/* For the formats ---------------------------------------------------------- */

static struct feed_record *
feed_add(struct feed *f)
{
	f->queue = arena_grow(&f->rec, f->queue, f->queued, sizeof(*f->queue));
	f->queue[f->queued] = (struct feed_record){ .where = f->where };
	return &f->queue[f->queued++];
}

struct catalog_record *
feed_add_offer(struct feed *f, const char *external_id,
    const char *product_external_id)
{
	struct catalog_record *c = arena_zalloc(&f->rec, sizeof(*c));
	struct feed_record *r = feed_add(f);

	c->source = f->options->source;
	c->external_id = external_id;
	c->product_external_id = product_external_id;
	r->type = FEED_OFFER;
	r->offer = c;
	r->external_id =
	    external_id != NULL ? external_id : product_external_id;
	return c;
}

void
feed_add_category(struct feed *f, const char *external_id,
    const char *parent_external_id, const char *name)
{
	struct catalog_category *c = arena_zalloc(&f->rec, sizeof(*c));
	struct feed_record *r = feed_add(f);

	*c = (struct catalog_category){ f->options->source, external_id,
		parent_external_id, text_line(&f->rec, name) };
	r->type = FEED_CATEGORY;
	r->category = c;
}

/* Beyond our decimals it is rounded. */
static const struct err *
feed_number(struct feed *f, const struct fields *t, struct rec *r, int field,
    const char *text)
{
	const int places =
	    t->list[field].kind == FIELD_PRICE ? PRICE_PLACES : QUANTITY_PLACES;
	const char decimal =
	    strchr(text, ',') != NULL && strchr(text, '.') == NULL ? ',' : '.';
	const struct err *err;
	int64_t v;

	if ((err = cell_number(text, decimal, &f->rec, &text)) != NULL ||
	    (err = decimal_parse(text, 8, &v)) != NULL)
		return err_wrap(err, "%s", t->list[field].name);
	field_set_int(t, r, field, decimal_round(v, 8 - places));
	return NULL;
}

const struct err *
feed_set(struct feed *f, const struct fields *t, struct rec *r, int field,
    const char *text)
{
	if (text == NULL)
		return NULL;
	if (*text != '\0' && (t->list[field].kind == FIELD_PRICE ||
				 t->list[field].kind == FIELD_QUANTITY))
		return feed_number(f, t, r, field, text);
	return field_parse(t, r, field, text, NULL, NULL, &f->rec);
}

void
feed_say(struct feed *f, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (f->options->warn == NULL || map_get(&f->said, text) != NULL)
		return;
	map_put(&f->said, text, 1);
	f->options->warn(f->options->arg, f->where, text);
}

static const char *
feed_key(const char *kind, const char *id, char buf[static FEED_KEY_MAX])
{
	int n = snprintf(buf, FEED_KEY_MAX, "%s %s", kind, id);

	return n > 0 && n < FEED_KEY_MAX ? buf : NULL;
}

const struct err *
feed_word_put(struct feed *f, const char *kind, const char *id,
    const char *text)
{
	struct feed_words *w = f->options->words;
	char buf[FEED_KEY_MAX];
	const char *key = feed_key(kind, id, buf);

	if (key == NULL || w->len == FEED_WORDS_MAX ||
	    strlen(text) > FEED_WORD_MAX)
		return err_new(ERR_INPUT,
		    "too many or too long names in the classifier");
	w->v = arena_grow(&w->arena, w->v, w->len, sizeof(*w->v));
	w->v[w->len++] = arena_strdup(&w->arena, text);
	map_put(&w->index, key, (int64_t)w->len);
	return NULL;
}

const char *
feed_word(const struct feed *f, const char *kind, const char *id)
{
	const struct feed_words *w = f->options->words;
	char buf[FEED_KEY_MAX];
	const char *key = feed_key(kind, id, buf);
	const int64_t *i = key != NULL ? map_get(&w->index, key) : NULL;

	return i != NULL ? w->v[*i - 1] : NULL;
}
