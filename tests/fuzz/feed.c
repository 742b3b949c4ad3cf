/* feed - categories and offers are clean text or refused, and the end comes. */
#include "intake/feed.h"

#include "../memfd.h"
#include "fuzz.h"

static void
check_warning(void *arg, const char *where, const char *message)
{
	(void)arg;
	need(is_text(where) && *message != '\0');
}

static void
check_list(const struct catalog_list *l)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		need(is_text(l->v[i].name) && is_text(l->v[i].value) &&
		     *l->v[i].value != '\0');
}

static void
check_fields(const struct fields *t, const struct rec *r, struct arena *a)
{
	const char *s;
	int i;

	for (i = 0; i < (int)t->count; i++)
		if (field_has(r, i)) {
			s = field_format(t, r, i, NULL, a);
			need(s != NULL && is_text(s));
		}
}

static void
check_record(const struct feed_record *r, struct arena *a)
{
	if (r->type == FEED_CATEGORY) {
		need(is_text(r->category->external_id));
		need(is_text(r->category->name));
		return;
	}
	need(is_text(r->offer->product_external_id));
	need(is_text(r->external_id));
	check_fields(&catalog_offer_fields, &r->offer->offer.rec, a);
	check_fields(&catalog_product_fields, &r->offer->product.rec, a);
	check_list(&r->offer->categories);
	check_list(&r->offer->product_properties);
	check_list(&r->offer->barcodes);
	check_list(&r->offer->properties);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feed_words words = { 0 };
	const struct feed_options options = { .source = "fuzz",
		.currency = "RUB",
		.words = &words,
		.warn = check_warning };
	int fd = memfd_of(data, size);
	const char *header, *footer;
	struct arena a = { 0 };
	const struct err *err;
	struct feed_record r;
	struct feed *f;
	size_t n = 0;

	err = feed_open(fd, "fuzz", &options, &f);
	need((err == NULL) == (f != NULL));
	while (f != NULL) {
		err = feed_next(f, &r);
		need(err == NULL || err->code == ERR_INPUT);
		if (err == NULL && r.type == FEED_END)
			break;
		need(is_text(r.where) && ++n <= size + 1);
		if (err == NULL)
			check_record(&r, &a);
		(void)feed_raw(f, &a, &header, &footer);
		arena_reset(&a);
	}
	feed_close(f);
	map_free(&words.index);
	arena_free(&words.arena);
	arena_free(&a);
	close(fd);
	return 0;
}
