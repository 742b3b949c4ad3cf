/* audience.c - customers as lists that advertising services match by. */
#include "view/audience.h"

#include <string.h>

#include "base/md5.h"
#include "base/sha256.h"
#include "crm/phone.h"

/* What each service wants, as its own guidelines say. */
static const struct audience {
	const char *name;
	const char *header; /* NULL: none */
	bool phone, email;  /* the columns, */
	bool phone_first;   /* and which comes first */
	bool plus;          /* phones with their "+" */
	bool gmail;         /* dots and "+tag" of Gmail mean nothing */
	bool md5;           /* else SHA-256 */
} audiences[] = {
	{ "google", "Email,Phone", true, true, false, true, true, false },
	{ "meta", "email,phone", true, true, false, false, false, false },
	{ "yandex", "phone,email", true, true, true, false, false, true },
	{ "vk-email", NULL, false, true, false, false, false, true },
	{ "vk-phone", NULL, true, false, true, false, false, true },
};

const char *const audience_formats[] = { "google", "meta", "yandex", "vk-email",
	"vk-phone", NULL };
_Static_assert(ARRAY_LEN(audience_formats) == ARRAY_LEN(audiences) + 1,
    "each service has its name");

static const struct audience *
audience_of(const char *format)
{
	size_t i = 0;

	while (strcmp(audiences[i].name, format) != 0)
		i++; /* the option let no other through */
	return &audiences[i];
}

void
audience_header(FILE *fp, const char *format)
{
	const struct audience *f = audience_of(format);

	if (f->header != NULL)
		fprintf(fp, "%s\n", f->header);
}

/* An address without what Gmail does not look at. */
static const char *
audience_gmail(const char *email, struct arena *a)
{
	const char *at = strrchr(email, '@'), *p;
	char *s = arena_strdup(a, email), *to = s;

	if (at == NULL || (strcmp(at, "@gmail.com") != 0 &&
			      strcmp(at, "@googlemail.com") != 0))
		return email;
	for (p = email; p < at && *p != '+'; p++)
		if (*p != '.')
			*to++ = *p;
	memcpy(to, at, strlen(at) + 1);
	return s;
}

static void
audience_hash(FILE *fp, const struct audience *f, const char *text)
{
	char md5[MD5_STR_MAX], sha[SHA256_STR_MAX];
	struct sha256 h;

	if (f->md5) {
		fputs(md5_text(text, md5), fp);
		return;
	}
	sha256_start(&h);
	sha256_add(&h, text, strlen(text));
	fputs(sha256_end(&h, sha), fp);
}

/* The next entry from *i on that can be matched; NULL at the end. */
static const char *
audience_next(const struct customer_entries *l, bool phones, size_t *i)
{
	const char *key;

	while (*i < l->len) {
		key = l->v[(*i)++].key;
		if (phones ? phone_is_e164(key) : strchr(key, '@') != NULL)
			return key;
	}
	return NULL;
}

static void
audience_cell(FILE *fp, const struct audience *f, bool phone, const char *key,
    struct arena *a)
{
	if (key == NULL)
		return;
	if (phone)
		audience_hash(fp, f, f->plus ? key : key + 1);
	else
		audience_hash(fp, f, f->gmail ? audience_gmail(key, a) : key);
}

void
audience_write(FILE *fp, const char *format, const struct customer *c,
    struct arena *a)
{
	const struct audience *f = audience_of(format);
	const char *phone = NULL, *email = NULL;
	size_t p = 0, e = 0;

	for (;;) {
		if (f->phone)
			phone =
			    audience_next(&c->lists[CUSTOMER_PHONES], true, &p);
		if (f->email)
			email = audience_next(&c->lists[CUSTOMER_EMAILS], false,
			    &e);
		if (phone == NULL && email == NULL)
			return;
		audience_cell(fp, f, f->phone_first,
		    f->phone_first ? phone : email, a);
		if (f->phone && f->email) {
			putc(',', fp);
			audience_cell(fp, f, !f->phone_first,
			    f->phone_first ? email : phone, a);
		}
		putc('\n', fp);
	}
}
