/* xml - records come out as trees, hostile documents end, memory is bounded. */
#include "io/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/mem.h"

/* A text handed out in pieces of a size, or made on the way. */
struct source {
	const char *text;
	size_t len, at, piece;
	uint64_t repeats; /* of `text` as one piece each, between two ends */
	const char *head, *tail;
	int stage;
};

static const struct err *
read_source(void *arg, const char **data, size_t *len)
{
	struct source *s = arg;

	if (s->head != NULL && s->stage == 0) {
		s->stage = 1;
		*data = s->head;
		*len = strlen(s->head);
		return NULL;
	}
	if (s->repeats != 0) {
		s->repeats--;
		*data = s->text;
		*len = s->len;
		return NULL;
	}
	if (s->tail != NULL) {
		*data = s->stage == 1 ? s->tail : "";
		*len = strlen(*data);
		s->stage = 2;
		return NULL;
	}
	*data = s->text + s->at;
	*len = s->len - s->at < s->piece ? s->len - s->at : s->piece;
	s->at += *len;
	return NULL;
}

static const struct xml_want wants[] = { { "list/item", false },
	{ "list", true }, { NULL, false } };

/* A document as text, read to its end: the records, as XML, and the error. */
static const char *
all_of(const char *text, size_t len, size_t piece)
{
	static char out[4000];
	struct source s = { .text = text, .len = len, .piece = piece };
	struct xml *x = xml_open(read_source, &s, wants);
	const struct err *err;
	struct buf b = { 0 };
	struct xml_node *n;
	size_t which, i;

	for (i = 0; i < 100; i++) {
		err = xml_next(x, &which, &n);
		if (err != NULL)
			buf_printf(&b, "%d: %s\n", (int)xml_line(x), err->msg);
		else if (n == NULL)
			break;
		else if (which == 1)
			buf_printf(&b, "[%s]\n", n->name);
		else {
			xml_format(n, &b);
			buf_addc(&b, '\n');
		}
	}
	assert_true(i < 100);
	xml_close(x);
	snprintf(out, sizeof(out), "%s", buf_str(&b));
	buf_free(&b);
	return out;
}

static void
check(const char *text, const char *want)
{
	assert_string_equal(all_of(text, strlen(text), 1 << 20), want);
	assert_string_equal(all_of(text, strlen(text), 1), want);
	assert_string_equal(all_of(text, strlen(text), 7), want);
}

static void
test_records(void **state UNUSED)
{
	check("<list><item a='1'> x <b/>y</item>\n<other><item/></other>"
	      "<n:item xmlns:n='u' n:k='&lt;'><![CDATA[<&]]></n:item></list>",
	    "[list]\n<item a=\"1\">x y<b></b></item>\n"
	    "<item n=\"u\" k=\"&lt;\">&lt;&amp;</item>\n");
	check("<list><item>a&#13;b</item></list>",
	    "[list]\n<item>a&#13;b</item>\n");
	check("<list/>", "[list]\n");
	check("<html><body>x</body></html>", "");
	check("\r\n \n<?xml version='1.0'?><list><item/></list>",
	    "[list]\n<item></item>\n");
}

static void
test_lookups(void **state UNUSED)
{
	static const char text[] =
	    "<item id='7'><a>1</a>\n<b><c>2</c></b><a> </a><a>3</a></item>";
	static const struct xml_want want[] = { { "item", false },
		{ NULL, false } };
	struct source s = { .text = text, .len = strlen(text), .piece = 5 };
	struct xml *x = xml_open(read_source, &s, want);
	struct xml_node *n;
	size_t which;

	assert_null(xml_root(x));
	assert_null(xml_next(x, &which, &n));
	assert_string_equal(xml_root(x), "item");
	assert_string_equal(xml_attr(n, "id"), "7");
	assert_null(xml_attr(n, "no"));
	assert_string_equal(xml_get(n, "a"), "1");
	assert_string_equal(xml_get(n, "b/c"), "2");
	assert_null(xml_get(n, "b"));
	assert_null(xml_get(n, "b/d"));
	assert_null(xml_get(n, "a/c"));
	n = xml_again(xml_again(xml_child(n, "a")));
	assert_string_equal(n->text, "3");
	assert_int_equal(n->line, 2);
	assert_null(xml_again(n));
	xml_close(x);
}

/* A source that can be asked whether anything is left to hand out. */
static void
test_used_up_looks_ahead(void **state UNUSED)
{
	static const char text[] = "<list><item>1</item><item>2</item><item>";
	struct source s = { .text = text, .len = strlen(text), .piece = 99 };
	struct xml *x = xml_open(read_source, &s, wants);
	struct xml_node *n, *kept;
	size_t which;

	assert_true(xml_used_up(x));
	assert_null(xml_next(x, &which, &n));
	assert_false(xml_used_up(x));
	assert_null(xml_next(x, &which, &kept));
	assert_false(xml_used_up(x));
	assert_string_equal(kept->text, "1"); /* in spite of looking */
	assert_null(xml_next(x, &which, &n));
	assert_string_equal(n->text, "2");
	assert_true(xml_used_up(x));
	assert_string_equal(n->text, "2");
	assert_non_null(xml_next(x, &which, &n));
	assert_false(xml_used_up(x));
	assert_null(xml_next(x, &which, &n));
	assert_null(n);
	xml_close(x);
}

static void
test_encodings(void **state UNUSED)
{
	static const char cp1251[] =
	    "<?xml version='1.0' encoding='Windows-1251'?>"
	    "<list><item>\xD9\xB8\xF2\xEA\xE0</item></list>";
	static const char marked[] =
	    "\xEF\xBB\xBF<?xml version='1.0' encoding='windows-1251'?>"
	    "<list><item>Щ</item></list>";
	static const char utf16[] =
	    "\xFF\xFE<\0l\0i\0s\0t\0>\0<\0i\0t\0e\0m\0>\0\x29\x04<\0/\0i\0"
	    "t\0e\0m\0>\0<\0/\0l\0i\0s\0t\0>\0";

	check(cp1251, "[list]\n<item>Щётка</item>\n");
	assert_string_equal(all_of(utf16, sizeof(utf16) - 1, 1 << 20),
	    "[list]\n<item>Щ</item>\n");
	/* the mark is right, the declaration wrong */
	assert_string_equal(all_of(marked, strlen(marked), 1 << 20),
	    "[list]\n<item>Щ</item>\n");
	check("<?xml version='1.0' encoding='UTF-8'?>\n"
	      "<list><item>\xD9</item></list>",
	    "[list]\n2: bytes that are not in the encoding it declares\n");
	check("<?xml version='1.0' encoding='utf-7'?><list/>",
	    "1: not well-formed XML: unknown encoding\n");
	check("<?xml version='1.0' encoding='../../x'?><list/>",
	    "1: not well-formed XML: XML declaration not well-formed\n");
}

static void
test_entities_are_refused(void **state UNUSED)
{
	static const char refused[] =
	    "it declares entities, which is not allowed\n";
	char want[200];

	snprintf(want, sizeof(want), "1: %s", refused);
	check("<!DOCTYPE l [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]>"
	      "<list><item>&b;</item></list>",
	    want);
	check("<!DOCTYPE l [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
	      "<list><item>&a;</item></list>",
	    want);
	check("<!DOCTYPE l [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>"
	      "<list/>",
	    want);
	/* an external DTD is neither loaded nor missed */
	check("<!DOCTYPE list SYSTEM 'file:///etc/passwd'>"
	      "<list><item>&laquo;x&raquo;&nbsp;&odd;</item></list>",
	    "[list]\n<item>«x» &amp;odd;</item>\n");
	check("<list><item>&odd;</item></list>",
	    "[list]\n1: not well-formed XML: undefined entity\n");
}

static void
test_broken_documents_end(void **state UNUSED)
{
	check("", "1: the document breaks off\n");
	check("<list><item>1</item>\n<item>",
	    "[list]\n<item>1</item>\n2: the document breaks off\n");
	check("<list><item", "[list]\n1: the document breaks off\n");
	check("<list><item>\x01</item></list>",
	    "[list]\n1: not well-formed XML: not well-formed (invalid "
	    "token)\n");
	check("<list><item>&#0;</item></list>",
	    "[list]\n1: not well-formed XML: reference to invalid character "
	    "number\n");
	check("<list><item></list>",
	    "[list]\n1: not well-formed XML: mismatched tag\n");
}

/* head, then n times piece, then tail */
static const char *
large(const char *head, const char *piece, size_t n, const char *tail)
{
	struct buf b = { 0 };
	const char *out;
	size_t i;

	buf_adds(&b, head);
	for (i = 0; i < n; i++)
		buf_adds(&b, piece);
	buf_adds(&b, tail);
	out = all_of(buf_str(&b), b.len, 1 << 16);
	buf_free(&b);
	return out;
}

static void
test_limits(void **state UNUSED)
{
	static const char after[] = "<item>2</item></list>";
	char tail[100];

	assert_string_equal(large("<list>", "<a>", 100000, ""),
	    "[list]\n1: elements are nested deeper than 100\n");
	assert_string_equal(large("<list><item>", "<a>", 100000, ""),
	    "[list]\n1: elements are nested deeper than 100\n");
	snprintf(tail, sizeof(tail), "'/>%s", after);
	assert_string_equal(large("<list><item a='", "0123456789", 300000,
				tail),
	    "[list]\n1: an attribute is longer than 64 KiB\n<item>2</item>\n");
	assert_string_equal(large("<list><item a='", "0123456789", 600000,
				tail),
	    "[list]\n1: a tag or comment is longer than 4 MiB\n");
	snprintf(tail, sizeof(tail), "</item>%s", after);
	assert_string_equal(large("<list><item>", "0123456789", 900000, tail),
	    "[list]\n1: it is larger than 8 MiB\n<item>2</item>\n");
	assert_string_equal(large("<list><item>", "<a/>", 300000, tail),
	    "[list]\n1: it is larger than 8 MiB\n<item>2</item>\n");
	assert_string_equal(large("<list><!--", "0123456789", 600000,
				"--></list>"),
	    "[list]\n1: a tag or comment is longer than 4 MiB\n");
}

static long
resident(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss; /* KiB */
}

static void
test_memory_does_not_grow_with_the_document(void **state UNUSED)
{
	static const char item[] = "<item id='1'><a>0123456789</a></item>"
				   "<other>0123456789</other>\n";
	struct buf b = { 0 };
	struct source s = { .head = "<list>", .tail = "</list>" };
	const struct err *err;
	uint64_t count = 0;
	struct xml_node *n;
	size_t which, i;
	struct xml *x;
	long before;

	for (i = 0; i < 1000; i++)
		buf_adds(&b, item);
	s.text = buf_str(&b);
	s.len = b.len;
	s.repeats = 1500; /* 90 MB */
	x = xml_open(read_source, &s, wants);
	before = resident();
	while ((err = xml_next(x, &which, &n)) == NULL && n != NULL)
		count++;
	assert_null(err);
	assert_int_equal(count, 1 + 1500 * 1000);
	assert_true(resident() - before < 10240);
	xml_close(x);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest xml[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_used_up_looks_ahead),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_entities_are_refused),
		cmocka_unit_test(test_broken_documents_end),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_memory_does_not_grow_with_the_document),
	};

	return cmocka_run_group_tests(xml, NULL, NULL);
}
