/* xml - records are clean trees, they can be written and read again. */
#include "io/xml.h"

#include "fuzz.h"

struct source {
	const char *text;
	size_t left, piece;
};

static const struct err *
read_source(void *arg, const char **data, size_t *len)
{
	struct source *s = arg;

	*data = s->text;
	*len = s->left < s->piece ? s->left : s->piece;
	s->text += *len;
	s->left -= *len;
	return NULL;
}

static const struct xml_want wants[] = { { "a/b", false }, { "c", true },
	{ NULL, false } };

static void
check_node(const struct xml_node *n, int depth)
{
	const struct xml_node *c;
	size_t i;

	need(depth <= 100 && is_text(n->name) && is_text(n->text));
	for (i = 0; i < n->attr_count; i++)
		need(is_text(n->attrs[i].name) && is_text(n->attrs[i].value));
	for (c = n->first; c != NULL; c = c->next)
		check_node(c, depth + 1);
}

static bool
same_tree(const struct xml_node *a, const struct xml_node *b)
{
	const struct xml_node *c = a->first, *d = b->first;

	for (; c != NULL && d != NULL; c = c->next, d = d->next)
		if (!same_tree(c, d))
			return false;
	return c == d && strcmp(a->name, b->name) == 0 &&
	       a->attr_count == b->attr_count;
}

/*
 * What xml_format() wrote says the same. Two attributes that only prefixes told
 * apart are one name too many; then it may be refused.
 */
static void
check_again(const struct xml_node *n)
{
	static const struct xml_want all[] = { { "b", false }, { "c", false },
		{ NULL, false } };
	struct source s = { .piece = 1 << 20 };
	struct buf b = { 0 };
	struct xml_node *again;
	size_t which;
	struct xml *x;

	xml_format(n, &b);
	s.text = buf_str(&b);
	s.left = b.len;
	x = xml_open(read_source, &s, all);
	if (xml_next(x, &which, &again) == NULL)
		need(again != NULL && same_tree(n, again));
	xml_close(x);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source s = { (const char *)data + 1, size - 1, 1 };
	const struct err *err;
	struct xml_node *n;
	struct xml *x;
	size_t which, records = 0;

	if (size == 0)
		return 0;
	if (data[0] % 4 != 0)
		s.piece = (size_t)data[0] * 16;
	x = xml_open(read_source, &s, wants);
	for (;;) {
		if (data[0] % 2 != 0)
			(void)xml_used_up(x);
		err = xml_next(x, &which, &n);
		need(err == NULL || (err->code == ERR_INPUT && n == NULL));
		if (err == NULL && n == NULL)
			break;
		need(++records <= size);
		if (n != NULL) {
			check_node(n, 1);
			check_again(n);
		}
	}
	need(xml_next(x, &which, &n) == NULL && n == NULL);
	xml_close(x);
	return 0;
}
