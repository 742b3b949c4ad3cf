/* intake.c - the formats, and which one a stream has. */
#include "intake/intake.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/mem.h"
#include "base/pack.h"
#include "intake/document.h"
#include "intake/mapping.h"
#include "io/file.h"
#include "io/lines.h"
#include "io/workbook.h"

/* The first that looks right is taken; a table that none knows is the last. */
static const struct intake_format formats[] = {
	{ "commerceml", &commerceml_adapter, NULL, NULL },
	{ "insales", &document_adapter, &insales_format, NULL },
	{ "moysklad", &document_adapter, &moysklad_format, NULL },
	{ "nethouse", &flat_adapter, NULL, NULL },
	{ "opencart", &flat_adapter, NULL, "opencart_order\t" },
	{ "retailcrm", &document_adapter, &retailcrm_format, NULL },
	{ "shopify", &document_adapter, &shopify_format, NULL },
	{ "shopify-csv", &flat_adapter, NULL,
	    "Name,Email,Financial Status,Paid at" },
	{ "woocommerce", &document_adapter, &woocommerce_format, NULL },
	{ "ndjson", &ndjson_adapter, NULL, NULL },
	{ "flat", &flat_adapter, NULL, NULL },
};

/* Of customers; their table is the last here too. */
static const struct intake_format customer_formats[] = {
	{ "insales", &document_adapter, &document_customer_insales, NULL },
	{ "moysklad", &document_adapter, &document_customer_moysklad, NULL },
	{ "retailcrm", &document_adapter, &document_customer_retailcrm, NULL },
	{ "shopify", &document_adapter, &document_customer_shopify, NULL },
	{ "woocommerce", &document_adapter, &document_customer_woocommerce,
	    NULL },
	{ "ndjson", &ndjson_adapter, NULL, NULL },
	{ "flat", &customer_table_adapter, NULL, NULL },
};

/* Of carts, which have no tables: what is none of a shop's is our own. */
static const struct intake_format cart_formats[] = {
	{ "shopify", &document_adapter, &document_cart_shopify, NULL },
	{ "ndjson", &ndjson_adapter, NULL, NULL },
};

const char *const intake_formats[ARRAY_LEN(formats) + 1] = { "ndjson", "flat",
	"commerceml", "insales", "moysklad", "nethouse", "opencart",
	"retailcrm", "shopify", "shopify-csv", "woocommerce", NULL };

static bool
intake_is(const struct intake_format *f, const char *head, size_t len)
{
	if (f->adapter->detect != NULL)
		return f->adapter->detect(head, len);
	if (f->document != NULL)
		return document_detect(f->document, head, len);
	return f->header != NULL && len >= strlen(f->header) &&
	       memcmp(head, f->header, strlen(f->header)) == 0;
}

static bool
intake_is_table(const struct intake_format *f)
{
	return f->adapter == &flat_adapter ||
	       f->adapter == &customer_table_adapter;
}

static bool
intake_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The formats of what is wanted; the last is that of what none knows. */
static const struct intake_format *
intake_list(const struct intake_options *o, size_t *count)
{
	*count = o->carts     ? ARRAY_LEN(cart_formats) :
		 o->customers ? ARRAY_LEN(customer_formats) :
				ARRAY_LEN(formats);
	return o->carts     ? cart_formats :
	       o->customers ? customer_formats :
			      formats;
}

static const struct err *
intake_choose(struct intake *in, const char *head, size_t len)
{
	size_t i, count;
	const struct intake_format *list = intake_list(in->options, &count);
	const char *want = in->options->format;

	if (len >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
		head += 3;
		len -= 3;
	}
	for (i = 0; i < count; i++)
		if (want != NULL ? strcmp(list[i].name, want) == 0 :
				   intake_is(&list[i], head, len)) {
			in->format = &list[i];
			return NULL;
		}
	if (want != NULL)
		return err_new(ERR_USAGE, "unknown format '%s'", want);
	for (; len != 0 && intake_is_blank(*head); len--)
		head++;
	if (len >= 4 && memcmp(head, "\xD0\xCF\x11\xE0", 4) == 0)
		return err_new(ERR_INPUT, "an old Excel workbook (.xls): save "
					  "it as .xlsx or CSV");
	if (len != 0 && (*head == '[' || *head == '<'))
		return err_new(ERR_INPUT,
		    "%s, but of no kind that is known; --format tells which",
		    *head == '[' ? "a JSON array" : "HTML or XML");
	in->format = &list[count - 1];
	return NULL;
}

/* The map that comes with the format, below the one of the user. */
static const struct err *
intake_read_maps(struct intake *in)
{
	const struct intake_options *o = in->options;
	const struct err *err;
	struct mapping *both;
	const char *path;

	in->map = o->map;
	if (o->maps != NULL) {
		path = arena_printf(&in->arena, "%s/%s.map", o->maps,
		    in->format->name);
		if (access(path, F_OK) == 0) {
			if ((err = mapping_read(path, &in->shipped)) != NULL)
				return err;
			in->map = in->shipped;
		}
	}
	if (in->shipped != NULL && o->map != NULL) {
		both = arena_alloc(&in->arena, sizeof(*both));
		mapping_lay(o->map, in->shipped, both);
		in->map = both;
	}
	in->source = o->source;
	if (in->source == NULL && in->map != NULL)
		in->source = in->map->source;
	if (in->source == NULL)
		in->source = "import";
	return NULL;
}

/* A workbook is read as the table on its first sheet. */
static const struct err *
intake_own_workbook(struct intake *in)
{
	struct workbook_style style = { ',', '.' };
	const struct mapping *map = in->map;
	const struct err *err;
	int csv;

	if (map != NULL && map->dialect.separator != '\0')
		style.separator = map->dialect.separator;
	if (map != NULL && map->decimal != '\0')
		style.decimal = map->decimal;
	if ((err = workbook_csv(in->fd, in->name, &style, &csv)) != NULL)
		return err;
	if (in->spool >= 0)
		close(in->spool);
	in->fd = in->spool = csv;
	in->decoded = true;
	in->separator = style.separator;
	return NULL;
}

/* A regular file can be read twice where it lies; a pipe cannot. */
static const struct err *
intake_own_file(struct intake *in, int fd, const char *head, size_t len)
{
	const struct err *err;
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    lseek(fd, -(off_t)len, SEEK_CUR) >= 0) {
		in->fd = fd;
	} else {
		err = file_spool(fd, in->name, head, len, &in->spool);
		if (err != NULL)
			return err;
		in->fd = in->spool;
	}
	lines_close(in->lines);
	in->lines = NULL;
	return NULL;
}

const struct err *
intake_open(int fd, const char *name, const struct intake_options *options,
    struct intake **out)
{
	struct intake *in = mem_zalloc(sizeof(*in));
	const struct err *err;
	const char *head;
	bool is_workbook;
	struct stat st;
	size_t len;

	*out = NULL;
	in->options = options;
	in->name = name;
	in->spool = -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		in->size = (uint64_t)st.st_size;
	in->lines = lines_open(fd, name);
	if ((err = lines_peek(in->lines, &head, &len)) != NULL ||
	    (err = intake_choose(in, head, len)) != NULL ||
	    (err = intake_read_maps(in)) != NULL)
		goto fail;
	in->decoded = options->decoded;
	is_workbook = intake_is_table(in->format) && workbook_detect(head, len);
	if (in->format->adapter->wants_file &&
	    (err = intake_own_file(in, fd, head, len)) != NULL)
		goto fail;
	if (is_workbook && (err = intake_own_workbook(in)) != NULL)
		goto fail;
	if ((err = in->format->adapter->open(in, &in->state)) != NULL)
		goto fail;
	*out = in;
	return NULL;
fail:
	intake_close(in);
	return err;
}

void
intake_close(struct intake *in)
{
	if (in == NULL)
		return;
	if (in->state != NULL)
		in->format->adapter->close(in->state);
	lines_close(in->lines);
	if (in->spool >= 0)
		close(in->spool);
	mapping_free(in->shipped);
	map_free(&in->said);
	arena_free(&in->arena);
	free(in);
}

const char *
intake_format(const struct intake *in)
{
	return in->format->name;
}

const struct err *
intake_next(struct intake *in, struct arena *a, struct intake_record *r)
{
	*r = (struct intake_record){ .source = in->source,
		.where = in->name,
		.raw = "" };
	return in->format->adapter->next(in->state, a, r);
}

bool
intake_would_wait(const struct intake *in)
{
	const struct intake_adapter *adapter = in->format->adapter;

	/* a file never makes wait */
	return !adapter->wants_file && adapter->would_wait(in->state);
}

const char *
intake_place(const struct intake *in, uint64_t line, struct arena *a)
{
	char number[DECIMAL_STR_MAX];

	/* not by printf: every record has one */
	return arena_join(a, in->name, ':',
	    decimal_format((int64_t)line, 0, number));
}

void
intake_warn(const struct intake *in, const char *where, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (in->options->warn == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	in->options->warn(in->options->arg, where, text);
}

void
intake_warn_once(struct intake *in, const char *where, const char *fmt, ...)
{
	struct map *said =
	    in->options->said != NULL ? in->options->said : &in->said;
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (map_get(said, text) != NULL)
		return;
	map_put(said, text, 1);
	intake_warn(in, where, "%s", text);
}

/* Codes -------------------------------------------------------------------- */

void
intake_codes_begin(struct order *o)
{
	field_clear(&o->rec, ORDER_SOURCE_CODES);
}

/* Keep what nobody can translate: once each, as packed text. */
static void
intake_keep_code(struct order *o, const char *field, const char *code,
    struct arena *a)
{
	const char *kept =
	    field_text(&order_fields, &o->rec, ORDER_SOURCE_CODES);
	struct pack_member *m;
	struct buf b = { 0 };
	size_t n, i;

	if (kept != NULL) {
		pack_split(a, kept, &m, &n);
		for (i = 0; i < n; i++)
			if (strcmp(m[i].name, field) == 0)
				return;
		buf_printf(&b, "%s", kept);
	}
	pack_add(&b, field, code);
	field_set_text(&order_fields, &o->rec, ORDER_SOURCE_CODES,
	    arena_strdup(a, buf_str(&b)));
	buf_free(&b);
}

void
intake_code(struct intake *in, const char *where, struct order *o,
    const char *field, const char *table, const char *code, struct arena *a,
    const char **out)
{
	const struct intake_options *opt = in->options;

	*out = mapping_code(in->map, field, code, a);
	if (*out != NULL) {
		if (strcmp(*out, "-") == 0 && strcmp(field, "status") == 0)
			in->skip = true;
		if (**out == '\0')
			*out = NULL;
		return;
	}
	if (opt->knows == NULL || opt->knows(opt->arg, table, code)) {
		*out = arena_strdup(a, code);
		return;
	}
	intake_warn_once(in, where,
	    "the source's %s '%s' has no counterpart here; a map can name one, "
	    "see crm-map(5)",
	    field, code);
	intake_keep_code(o, field, code, a);
}

/* Totals ------------------------------------------------------------------- */

const struct err *
intake_round(struct order *o, struct arena *a)
{
	const struct fields *t = &order_part_fields[PART_CHARGE];
	const struct err *err;
	struct part *p;
	int64_t missing, most;

	if (!field_has(&o->rec, ORDER_SOURCE_TOTAL))
		return NULL;
	if ((err = order_totals(o, NULL, NULL)) != NULL ||
	    (err = decimal_add(o->source_total, -o->total_minor, &missing)) !=
		NULL)
		return err;
	most = (int64_t)(o->parts[PART_ITEM].len + o->parts[PART_CHARGE].len);
	if (missing == 0 || missing > most || missing < -most)
		return NULL;
	p = order_part_add(o, PART_CHARGE, a);
	field_set_text(t, &p->rec, CHARGE_KIND, "rounding");
	field_set_int(t, &p->rec, CHARGE_AMOUNT, missing);
	field_set_int(t, &p->rec, CHARGE_INCLUDED, 0);
	return NULL;
}

const struct err *
intake_fit(struct order *o, int tax, int discount)
{
	struct part_list *l = &o->parts[PART_CHARGE];
	const struct err *err;
	int64_t missing, taxed = 0, off = 0;

	if (!field_has(&o->rec, ORDER_SOURCE_TOTAL))
		return NULL;
	if ((err = order_totals(o, NULL, NULL)) != NULL ||
	    (err = decimal_add(o->source_total, -o->total_minor, &missing)) !=
		NULL)
		return err;
	if (tax >= 0 && l->v[tax].included == 0)
		taxed = l->v[tax].amount;
	if (discount >= 0)
		off = l->v[discount].amount;
	if (missing == 0)
		return NULL;
	if (taxed != 0 && (missing == -taxed || missing == -taxed - off))
		field_set_int(&order_part_fields[PART_CHARGE], &l->v[tax].rec,
		    CHARGE_INCLUDED, 1);
	if (off != 0 && (missing == -off || missing == -taxed - off))
		order_part_drop(l, &l->v[discount]);
	return NULL;
}

/*
 * A number that people can type: see order_check_no(). A shell would take the
 * rest of the line behind a '#' for a comment.
 */
static const char *
intake_typeable(const char *no, struct arena *a)
{
	char *s = arena_strdup(a, no + (*no == '#')), *p, *to;

	for (p = to = s; *p != '\0'; p++) {
		if (strchr(" \t\r\n,", *p) != NULL ||
		    (*p == '.' && p[1] == '.'))
			*to++ = '_';
		else if (order_unseen(p) != 0)
			p += order_unseen(p) - 1;
		else
			*to++ = *p;
	}
	*to = '\0';
	if (*s == '-' || *s == '{')
		*s = '_';
	return s;
}

const struct err *
intake_identify(const struct intake *in, struct order *o, struct arena *a)
{
	if (o->source == NULL)
		o->source = in->source;
	if (o->external_id == NULL)
		o->external_id = o->order_no;
	if (o->external_id == NULL)
		return err_new(ERR_INPUT,
		    "it has neither 'order_no' nor 'external_id'");
	if (o->order_no == NULL)
		o->order_no = o->external_id;
	o->order_no = intake_typeable(o->order_no, a);
	return NULL;
}
